#!/usr/bin/env bash
# The console as somebody meets it who wants more than is theirs: every route with every role and for another vendor's
# things (data/console/routes.tsv), forged cookies, other sites' forms, tricks in addresses, broken uploads, script in
# whatever a vendor writes.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/console_lib.sh"
command -v sqlite3 >/dev/null || { echo "skipped: sqlite3 is not there"; exit 77; }
cd "$work" || exit 1
evil='<script>alert(1)</script>&"'"'"'x'
escaped='&lt;script&gt;alert\(1\)&lt;/script&gt;&amp;&quot;'

# ---- who is there: two vendors, and a run of the first with a message, evidence and a report ----
exits 2 "at an address that others reach, without TLS" timeout 20 "$T" serve --store "$store" --listen 127.0.0.1:0 --console "0.0.0.0:$(free_port)"
says 'wants TLS' "is refused"
exits 0 "certificates" "$T" certs "$work/tls"
certificate=$work/tls/server-localhost.pem
exits 2 "nor with TLS, as long as nobody has an account" timeout 20 "$T" serve --store "$store" --listen 127.0.0.1:0 \
  --console "0.0.0.0:$(free_port)" --certificate "$certificate" --key "${certificate%.pem}.key"
says 'nobody has an account' "and that is said"
ok "medcom" account anna medcom
ok "an onlooker" account viggo viewer
ok "the first vendor" account vera vendor "Vendor $evil"
ok "the second vendor" account bodil vendor "Other vendor"
sed -e 's/kind: http$/kind: person/' -e '/^  url:/d' -e "s/name: Reference vendor/name: 'Vendor <script>alert(1)<\/script>\&\"x'/" "$VENDORS/refvendor.yaml" >person.yaml
"$T" run "$PROTOCOLS/send.yaml" --vendor person.yaml --case 3.3.1 --store "$store" --report reports >out 2>err
run=$(last_run "$store")
echo 'a screen with <script>alert(2)</script>' >'shot<b>.png'
exits 3 "evidence" "$T" answer "$run" 3.3.1.11 ok '<script>alert(3)</script>' 'shot<b>.png' --store "$store" --report reports
console || exit 1
ok "the database is closed to others" test "$(stat -c %a "$store.console")" = 600
sqlite3 "$store.console" "INSERT INTO run_owners (run, organisation) SELECT '$run', id FROM organisations WHERE name LIKE 'Vendor%';
  INSERT INTO systems (organisation, name, version, file, at) SELECT id, 'S', '1', 'x', 1 FROM organisations WHERE name LIKE 'Vendor%'"
for who in anna viggo vera bodil; do
  login $who
  answers 303 "$who logs in"
done
get vera "/runs/$run"
answers 200 "a vendor sees its own run"
shows '<dt>Send to</dt>' "and where it sends"
get viggo "/runs/$run"
answers 200 "an onlooker sees how far it is"
hides '<dt>Send to</dt>' "and not where to send"
hides '[?]case=' "nor a way to its steps"
first_organisation=$(sqlite3 "$store.console" "SELECT id FROM organisations WHERE name LIKE 'Vendor%'")
get vera "/runs/$run?case=3.3.1"
evidence=$(sed -n 's#.*/evidence/\([^"]*\)".*#\1#p' page | head -n 1)
message=$(sed -n 's#.*/messages/\(m[0-9]*\)".*#\1#p' page | head -n 1)
ok "with evidence" test -n "$evidence"

# ---- every route, by everybody ----
declare -A token_of
for who in nobody anna viggo vera bodil; do token_of[$who]=$(token $who); done

# try WHO METHOD PATH WANTS: an event stream that this person may have is let go of after a moment.
try() {
  ask_seconds=20
  case $4:$3 in allowed:*/events) ask_seconds=0.5 ;; esac
  if [ "$2" = POST ]; then ask "$1" -d "csrf=${token_of[$1]}" "$3"; else ask "$1" "$3"; fi
  ask_seconds=20
}

# wrong TEXT: the answer is one that this person must never get.
wrong() {
  failures=$((failures + 1))
  echo "FAIL: $1: $status"
}

# One route: $of is what its first part is of, $last what stands for its last.
one_route() {
  local method=$1 path=$2 who=$3 of=$4 last=$5 mine=$2 person role wants
  case $of in
    run) mine=${path/\*/$run} ;;
    system) mine=${path/\*/1} ;;
    organisation) mine=${path/\*/$first_organisation} ;;
  esac
  [ "$last" = EVIDENCE ] && last=$evidence
  [ "$last" = RUN ] && last=$run
  [ "$last" = m1 ] && last=${message:-m1}
  [ "$last" = - ] && last=1
  mine=${mine/\*/$last}
  # Out of the way: these end a session, or one's own way in.
  case "$method $path" in "POST /logout" | "POST /login" | "POST /invitation/*" | "POST /language") return ;; esac
  for person in nobody:nobody viggo:viewer bodil:vendor vera:vendor anna:medcom; do
    role=${person#*:} person=${person%:*}
    checks=$((checks + 1))
    wants=allowed
    case " $who " in *" anyone "* | *" $role "*) ;; *) wants=refused ;; esac
    [ "$person" = bodil ] && case $of in run | system) wants=refused ;; esac
    [ "$who" != anyone ] && [ "$person" = nobody ] && wants=stranger
    try "$person" "$method" "$mine" "$wants"
    case $wants:$method:$status in
      stranger:GET:303) grep -qi '^location: /login' head || wrong "$method $mine by nobody leads elsewhere" ;;
      stranger:POST:401) ;;
      stranger:*) wrong "$method $mine by nobody" ;;
      # The address that was asked for comes back in the form of the language, and nothing else does.
      refused:*:404) sed 's/name="back" value="[^"]*"//' page | grep -q "$run" && wrong "$method $mine by $person names the run" ;;
      refused:*) wrong "$method $mine by $person, who may not" ;;
      allowed:GET:000) [[ $path == */events ]] || wrong "$method $mine by $person, who may" ;;
      allowed:*:401 | allowed:*:403 | allowed:*:405 | allowed:*:5* | allowed:*:000) wrong "$method $mine by $person, who may" ;;
      # What is not there at all (an invitation, a test camp) is not there for those who may see it either.
      allowed:GET:404) [ "$last" = 1 ] && [ "$of" = plain ] || [ "$last" = 0000 ] || [ -z "$message" ] || wrong "$method $mine by $person, who may" ;;
    esac
    if grep -qi '^content-type: text/html' head; then
      grep -q '<script>alert' page && wrong "$method $mine by $person has script of a vendor's"
      grep -qi "^content-security-policy: .*default-src 'none'" head || wrong "$method $mine has no policy"
      grep -qi "^content-security-policy: sandbox\|^content-security-policy: .*script-src 'self'" head || wrong "$method $mine lets script in"
    fi
    [ "$status" = 000 ] || case $path in
      /static/*) ;;
      *) grep -qi '^cache-control: no-store\|^content-type: text/event-stream' head || wrong "$method $mine may be kept by a proxy" ;;
    esac
    [ "$status" = 000 ] || grep -qi '^x-content-type-options: nosniff' head || grep -qi '^content-type: text/event-stream' head || wrong "$method $mine lets types be guessed"
  done
}
while IFS=$'\t' read -r method path who of last; do
  case $method in GET) one_route "$method" "$path" "$who" "$of" "$last" ;; esac
done < <(grep -v '^#' "$TEST_ROOT/harness/tests/data/console/routes.tsv")
while IFS=$'\t' read -r method path who of last; do
  case $method in POST) one_route "$method" "$path" "$who" "$of" "$last" ;; esac
done < <(grep -v '^#' "$TEST_ROOT/harness/tests/data/console/routes.tsv")
for format in html pdf junit json testreport csv xlsx bundle; do
  get bodil "/runs/$run/report/$format"
  answers 404 "the report of another vendor as $format"
done
for page in / /board /camps; do
  get bodil "$page"
  answers 200 "$page by another vendor"
  hides "$run|Vendor &lt;script" "$page shows another vendor nothing of the first"
done
get bodil "/runs/20990101-00000000"
cp page none
get bodil "/runs/$run"
ok "what is another's looks like what is not there" sh -c "sed 's/[0-9a-f]\{64\}//g; s#/runs/[0-9a-f-]*##g' none >a; sed 's/[0-9a-f]\{64\}//g; s#/runs/[0-9a-f-]*##g' page >b; cmp a b"

# ---- script in what a vendor writes ----
get anna "/runs/$run"
shows '&lt;script&gt;alert\(1\)' "the name of a system is escaped"
get anna "/people/$first_organisation"
shows "$escaped" "the name of an organisation is escaped"
printf '<Message>%s</Message>' '<script>alert(4)</script>' >'m<script>.xml'
upload vera /check 'file=@m<script>.xml' level=profile
answers 200 "a message with script is checked"
hides '<script>alert' "and its script is text"
post anna /people "name=<img src=x onerror=alert(5)>" "contact=\"><script>alert(6)</script>" email=x
get anna /people
hides '<img src=x|<script>alert' "nor is an organisation's name markup"
post nobody /login 'name="><script>alert(7)</script>' password=x
answers 403 "nor the name of a login"
hides '<script>alert' "that failed"
get vera "/runs/$run/evidence/$evidence"
answers 200 "evidence"
field content-type application/octet-stream "is never a page"
field content-security-policy sandbox "and can do nothing"

# ---- cookies ----
field_cookie=$(grep -o 'testcamp[[:space:]][0-9a-f]*$' vera.jar | cut -f2)
for forged in 0000000000000000000000000000000000000000000000000000000000000000 "$(echo "$field_cookie" | tr 0123 1230)" "${field_cookie}0" "' OR 1=1 --" ''; do
  status=$(curl -s -o page -D head -w '%{http_code}' -H "Cookie: testcamp=$forged" "$url/runs/$run")
  answers 303 "the cookie $forged"
done
status=$(curl -s -o page -D head -w '%{http_code}' -H "Cookie: testcamp=$field_cookie" "$url/runs/$run")
answers 200 "that cookie as it is"
get nobody /login
cp nobody.jar before.jar
get fresh /login
field set-cookie 'testcamp=[0-9a-f]{64}; Path=/; Max-Age=[0-9]+; HttpOnly; SameSite=Strict' "a cookie is out of reach of script and of other sites"
before=$(grep -o '[0-9a-f]\{64\}$' fresh.jar)
cp fresh.jar viggo2.jar
csrf=$(token viggo2)
ask viggo2 -d "csrf=$csrf" --data-urlencode "name=viggo" --data-urlencode "password=$(password_of viggo)" /login
answers 303 "a login"
ok "gives another cookie than was there before it" test "$(grep -o '[0-9a-f]\{64\}$' viggo2.jar)" != "$before"
get viggo2 /
answers 200 "which is a session"
cp viggo2.jar stolen.jar
post viggo2 /logout
answers 303 "a logout"
get stolen /
answers 303 "ends the session, for whoever has a copy of the cookie"
cp vera.jar old.jar
get old /
answers 200 "a session"
sqlite3 "$store.console" "UPDATE sessions SET seen = 1 WHERE account = (SELECT id FROM accounts WHERE name = 'vera')"
get old /
answers 303 "that is too old is none"
login vera

# ---- forms of other pages and other sites ----
refused_form() {
  local text=$1
  shift
  ask "$@"
  answers 403 "$text"
}
refused_form "a form without a token" vera -d x=1 /check
refused_form "with a wrong one" vera -d csrf=00 /check
refused_form "with somebody else's" vera -d "csrf=$(token bodil)" /check
refused_form "with half of it" vera -d "csrf=$(token vera | cut -c1-32)" /check
good=$(token vera)
refused_form "from another site" vera -H 'Origin: https://evil.example' -d "csrf=$good" /check
refused_form "from a site whose name begins with ours" vera -H "Origin: $url.evil.example" -d "csrf=$good" /check
refused_form "from another port" vera -H 'Origin: http://127.0.0.1:1' -d "csrf=$good" /check
refused_form "from a sandbox" vera -H 'Origin: null' -d "csrf=$good" /check
ask vera -H "Origin: $url" -d "csrf=$good" /check
answers 400 "from our own page it is read"
ask vera -X PUT -d x /check
answers 405 "a method that there is not"
ask vera -X DELETE "/runs/$run"
answers 405 "nor this"
for back in //evil.example 'https://evil.example' '/\evil.example' '/%0d%0aX: y' $'/\r\nX-Evil: y' 'javascript:alert(1)' "/	/evil.example" ''; do
  post vera /language lang=da "back=$back"
  answers 303 "the language, with a way back to '$back'"
  field location "/" "leads to a page of ours"
  ok "and to no other" sh -c "! grep -Eqi '^location: *(//|/\\\\|[a-z]+:)|^x-evil' head"
done
post vera /language lang=en back=/

# ---- tricks in addresses ----
while read -r want path; do
  get vera "$path"
  checks=$((checks + 1))
  case $status in $want) ;; *) wrong "$path" ;; esac
  grep -q 'root:' page && wrong "$path shows a file"
done <<PATHS
40[04] /static/../../../etc/passwd
40[04] /static/%2e%2e%2f%2e%2e%2fetc%2fpasswd
40[04] /static/..%2f..%2fetc%2fpasswd
40[04] /static/style.css%00.html
40[04] /static/%00
40[04] //etc/passwd
40[04] /runs/..%2f$run
40[04] /runs/%2e%2e/people
40[04] /runs/$run%00
40[04] /runs/$run%2f..%2fx
40[04] /runs//$run
40[04] /runs/$run/messages/%2e%2e%2fm1/raw
40[04] /runs/$run/messages/m1%00/raw
40[04] /runs/$run/messages/%ff
40[04] /runs/$run/evidence/%2e%2e%2f%2e%2e%2fs.sqlite.console
40[04] /runs/$run/evidence/0000000000000000000000000000000000000000000000000000000000000000
40[04] /runs/$run/report/..%2fhtml
40[04] /runs/--help
40[04] /runs/%2d%2dstore=x
40[04] /protocols/..%2f..%2f..%2fetc%2fpasswd
40[04] /protocols/%2fetc%2fpasswd
40[04] /explain/--help
40[04] /explain/%2e%2e%2f%2e%2e%2fetc%2fpasswd
40[04] /explain/%0a
40[04] /people
40[04] /runs/$run%G1
PATHS
# Longer ones are spoiled by curl, which leaves the cookie out and its line open.
long=$(printf 'x%.0s' $(seq 7000))
get vera "/runs/$long"
checks=$((checks + 1))
case $status in 404 | 414 | 431 | 400) ;; *) wrong "a very long address" ;; esac
ask vera -H 'Host: evil.example' /
checks=$((checks + 1))
case $status in 200 | 303 | 421) grep -q evil.example page head && wrong "a wrong Host is repeated" ;; *) wrong "a wrong Host" ;; esac

# ---- uploads that are none ----
printf '\xff\xfe\x00\x01 rubbish \x80' >rubbish.bin
upload vera /check file=@rubbish.bin level=profile
answers 200 "bytes that are no message are told of"
ok "and the page is UTF-8" iconv -f utf-8 -t utf-8 page -o /dev/null
ask vera -H 'Content-Type: application/x-www-form-urlencoded' --data-binary "csrf=$good&text=%ff%fe" /check
answers 400 "a text that is no UTF-8"
ask vera -H 'Content-Type: application/json' --data-binary '{}' /check
answers 400 "a form of another type"
printf -- '--X\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n%s\r\n--X\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nhalf' "$good" >half
ask vera -H 'Content-Type: multipart/form-data; boundary=X' --data-binary @half /check
answers 400 "a form that was cut off"
shows 'not sent as a whole' "and why"
{ printf 'csrf=%s' "$good"; for i in $(seq 3000); do printf '&f%d=1' "$i"; done; } >many
ask vera --data-binary @many /check
answers 400 "a form of 3000 fields"
head -c 70000000 /dev/zero >large
ask vera -F "csrf=$good" -F file=@large /check
answers 413 "70 MB"
head -c 100000 /dev/zero | tr '\0' x >medium
ask nobody --data-binary @medium /login
answers 413 "a login of 100 KB"
rm -f large
get vera /
answers 200 "and it works on"
ok "no upload is kept" test -z "$(find "$store.console-files" -type f 2>/dev/null)"

# ---- much at once ----
for i in $(seq 24); do echo "url = \"$url/protocols/carecommunication-5.0-receive?pdf=1&n=$i\""; echo 'output = "/dev/null"'; done >urls
curl -s --parallel --parallel-immediate --parallel-max 24 -b vera.jar -w '%{http_code}\n' --config urls >many.out 2>/dev/null
ok "who asks for 24 documents at once gets some" grep -q 200 many.out
ok "and is told to come again for others" grep -q 503 many.out
ok "with no other answer" test "$(grep -vc '200\|503' many.out)" = 0
get vera '/protocols/carecommunication-5.0-receive?pdf=1'
answers 200 "then it works on"

# ---- test camps of others ----
for mine in 'Camp of vera' 'Camp of bodil'; do post anna /camps "name=$mine" starts=2027-01-04 ends=2027-01-05 place=x; done
camp=$(sqlite3 "$store.console" "SELECT id FROM camps WHERE name = 'Camp of vera'")
ok "a test camp" test -n "$camp"
post anna "/camps/$camp/members" system=1
post anna "/camps/$camp/slots" starts=2027-01-04T09:00 place=Room system=1 protocol=carecommunication-5.0-receive tester=ANN
get vera "/camps/$camp"
answers 200 "a vendor sees the camp that its system is in"
get bodil "/camps/$camp"
answers 404 "and another vendor does not"
get bodil /camps
hides 'Camp of vera' "nor in the list"

# ---- when others are busy ----
for who in vera bodil anna; do
  curl -sN --max-time 60 -b $who.jar "$url/events" >"busy.$who" &
  busy+=($!)
done
# Nothing says that a stream has begun, so something happens until both are told; and then once more, for who is not to hear.
both_told() { grep -q '^data: changed' busy.vera && grep -q '^data: changed' busy.anna; }
happens() {
  both_told && return
  post vera "/runs/$run/$1" why=lunch
  sleep 1
}
for _ in $(seq 15); do happens pause && happens resume; done
post vera "/runs/$run/pause" why=lunch
sleep 1
kill "${busy[@]}" 2>/dev/null
ok "who owns a run is told that something happened" grep -q '^data: changed' busy.vera
ok "and so is MedCom" grep -q '^data: changed' busy.anna
ok "another vendor is not" sh -c "! grep -q ^data: busy.bodil"

# ---- passwords ----
# Many at once are no way round: each counts from its beginning, and no more than four are hashed at a time.
good=$(token nobody)
guesses=()
for i in $(seq 16); do
  curl -s -o /dev/null -w '%{http_code}\n' -b nobody.jar -d "csrf=$good" -d name=anna -d "password=wrong guess $i" "$url/login" >"guess$i" &
  guesses+=($!)
done
wait "${guesses[@]}"
ok "of 16 guesses at once at most 10 are tried" test "$(cat guess* | grep -c 403)" -le 10
ok "and some are told to come again" grep -q 503 guess*
for i in $(seq 12); do post nobody /login name=anna "password=wrong guess $i"; done
answers 429 "too many guesses"
post nobody /login name=anna "password=$(password_of anna)"
answers 429 "then the right one is not tried either"
rm -f bodil.jar
login bodil
answers 303 "others at that address get in"
get anna /
answers 200 "who is logged in stays so"

# ---- what was noted ----
console_stop
sqlite3 "$store" "SELECT json FROM events WHERE json LIKE '%\"console\"%' OR json LIKE '%login%'" >noted 2>/dev/null
for what in '"login"' '"login-failed"' '"login-held"' '"sent"'; do
  ok "the log has $what" grep -q "$what" noted
done
ok "held logins are noted once, not each" test "$(grep -c '"login-held"' noted)" -le 2
ok "passwords are nowhere" sh -c "! grep -q 'wrong guess\|the password of' noted && ! grep -aq 'wrong guess\|the password of' '$store.console' serve.out"
exits 0 "the log is whole" "$T" check --store "$store"

# ---- with TLS ----
console_scheme=https console_at=0.0.0.0
console --certificate "$certificate" --key "${certificate%.pem}.key" || exit 1
rm -f ./*.jar
login anna
answers 303 "a login by TLS"
field set-cookie '__Host-testcamp=[0-9a-f]{64}; .*HttpOnly; SameSite=Strict; Secure' "with a cookie for TLS alone"
get anna /
field strict-transport-security 'max-age' "and TLS from now on"
post anna /language lang=da back=/
field set-cookie 'lang=da; .*Secure' "the language too"
console_stop

# Who gives serve one file for both does not give the key away.
cat "$certificate" "${certificate%.pem}.key" >both.pem
console --certificate both.pem --key both.pem || exit 1
rm -f ./*.jar
login anna
get anna /systems/1/certificate
answers 200 "the certificate can be had"
shows 'BEGIN CERTIFICATE' "as PEM"
hides 'PRIVATE KEY' "and the key cannot"
console_stop
finish
