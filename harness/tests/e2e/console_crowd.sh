#!/usr/bin/env bash
# The console when somebody takes all there is of it: connections that say nothing, bodies of strangers, streams of events
# without number. Everybody else goes on working.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/console_lib.sh"
ulimit -n 3000 2>/dev/null || { echo "skipped: no 3000 descriptors"; exit 77; }
cd "$work" || exit 1
ok "medcom" account anna medcom
ok "an onlooker" account viggo viewer
ok "a vendor" account vic vendor "Acme A/S"
sed -e "s/kind: http$/kind: person/" -e "/^  url:/d" "$VENDORS/refvendor.yaml" >person.yaml
"$T" run "$PROTOCOLS/send.yaml" --vendor person.yaml --case 3.3.1 --store "$store" --report reports >out 2>err
run=$(last_run "$store")
"$T" abort "$run" --by ANN --why over --store "$store" >out 2>err
ok "a run that has ended" test -n "$run"
console || exit 1
login anna
login viggo
login vic
ask_seconds=20

# opens N TEXT: so many connections that say that much; closes: all of them.
opens() {
  local i fd
  for ((i = 0; i < $1; i++)); do
    exec {fd}<>"/dev/tcp/127.0.0.1/$console_port" || return 1
    printf '%b' "$2" >&"$fd" 2>/dev/null
    fds+=("$fd")
  done
}
closes() {
  local fd
  for fd in "${fds[@]}"; do exec {fd}>&-; done
  fds=()
}

# ---- connections ----
for says in '' 'GET / HT' 'POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nx'; do
  ok "1100 connections that say '${says%%\\r*}'" opens 1100 "$says"
  get anna /systems
  answers 200 "keep nobody out"
  closes
done

# ---- bodies of strangers ----
head -c 2000000 /dev/zero | tr '\0' x >much
ask nobody --data-binary @much /login
answers 413 "2 MB of who is not logged in"
shows 'nobody is logged in' "and why"
opens 1 'POST /login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n'
for _ in $(seq 30); do { printf '186a0\r\n'; head -c 100000 much; printf '\r\n'; } 2>/dev/null >&"${fds[0]}" || break; done
ok "nothing of it lies on the disk" test -d "$store.spool" -a -z "$(find "$store.spool" -type f)"
closes
head -c 200000 much >little
ask nobody --data-binary @little /check
answers 401 "a form of who was logged in"
shows "what you wrote is still there" "is told of by a page"
ask anna --data-binary @much /check
answers 400 "2 MB of who is logged in are read"

# ---- streams ----
cookie=$(sed -n 's/.*\ttestcamp\t\([0-9a-f]*\)$/\1/p' viggo.jar)
get viggo "/runs/20990101-00000000/events"
answers 404 "events of a run that is not there"
ask_seconds=1
get viggo "/runs/$run/events"
answers 000 "those of one that has ended are waited for"
ask_seconds=20
ok "400 streams of one account" opens 400 "GET /runs/$run/events HTTP/1.1\r\nHost: x\r\nCookie: testcamp=$cookie\r\n\r\n"
read -r -t 60 line <&"${fds[0]}"
ok "the oldest is answered" test "${line%$'\r'}" = 'HTTP/1.1 200 OK'
ok "and told to come back later" timeout 60 grep -q '^retry: 15000' <&"${fds[0]}"
timeout 1 head -c 1 <&"${fds[399]}" >newest
ok "the newest is held" test $? = 124 -a ! -s newest
get anna /systems
answers 200 "and others go on"
closes

# ---- runs of one organisation ----
ask_seconds=20
post vic /systems "file=$(sed -e 's/^  name: Example Vendor/  name: Acme A\/S/' -e '/^  listen:/d' "$TEST_ROOT/vendors/example/example.yaml")"
answers 303 "its system"
csrf=$(token vic)
begin() { ask vic --data-urlencode "csrf=$csrf" -d protocol=carecommunication-5.0-receive -d system=system:1 -d mode=self-test -d do=start /start; }
for i in $(seq 100); do begin; [ "$status" = 303 ] || break; done
answers 303 "a hundred tests"
begin
answers 429 "one more has to wait"
shows '100 tests under way' "and why"
post anna /start protocol=test-message system=file:vendors/reference/refvendor.yaml mode=self-test do=start
answers 303 "others begin theirs"
console_stop
finish
