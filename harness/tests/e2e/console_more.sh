#!/usr/bin/env bash
# The rest of what the command line does to a run, in the browser: which attempt counts, a step of MedCom's own, what was
# carried over, what is blacked out or erased, the run by other rules, beside another run, and whether it is unaltered.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/console_lib.sh"
export XDG_DATA_HOME=$work/share TMPDIR=$work
me=nobody # at this machine, without accounts: MedCom
cpr=2512489996
cd "$work" || exit 1

token() {
  ask "$1" "/runs/$run"
  hidden csrf
}
hidden() { grep -o "name=\"$1\" value=\"[^\"]*\"" page | head -n 1 | sed 's/.*value="//;s/"$//'; }
gives() { get "$me" "$3" && answers "$1" "$2"; }
# goes PATH FIELD=VALUE...: a form of $run, and then where it leads.
goes() {
  local path=$1
  shift
  upload "$me" "/runs/$run/$path" "$@"
  answers 303 "the form $path"
  get "$me" "$(sed -n 's/^location: *//Ip' head | tr -d '\r' | sed 's/#.*//')"
}
# says_back STATUS TEXT PATH FIELD=VALUE...: a form that comes back as it was sent.
says_back() {
  local wanted=$1 text=$2
  shift 2
  upload "$me" "/runs/$run/$1" "${@:2}"
  answers "$wanted" "$text"
}

# ---- before the console is opened: a step that was played twice, a run that passed, one since that one, and evidence ----
common=(--store "$store" --report "$work/reports")
given=(--vendor "$VENDORS/refvendor.yaml" --clock-scale 20 --case 3.2.5 --case 3.2.6)
launch='refvendor --to ${harness.address} --seed ${seed}'
exits 1 "a run with a fault" "$T" run "$PROTOCOLS/receive.yaml" "${given[@]}" --launch "$launch --defect wrong-ack-code" "${common[@]}"
twice=$(last_run "$store")
exits 1 "a step of it is played again" "$T" repeat "$twice" 3.2.5.2 --system-version 0.2.0 --why "mended <b>now</b>" --by AB --launch "$launch" "${common[@]}"
exits 0 "a run that passed" "$T" run "$PROTOCOLS/receive.yaml" "${given[@]}" "${common[@]}"
passed=$(last_run "$store")
exits 3 "and one in which nothing has changed since" "$T" run "$PROTOCOLS/receive.yaml" "${given[@]}" --since "$passed" "${common[@]}"
since=$(last_run "$store")
sed -e 's/kind: http$/kind: person/' -e '/^  url:/d' "$VENDORS/refvendor.yaml" >person.yaml
"$T" run "$PROTOCOLS/send.yaml" --vendor person.yaml --case 3.3.1 "${common[@]}" >/dev/null 2>&1
asked=$(last_run "$store")
echo "a screen with a name on it" >shot.txt
exits 3 "evidence" "$T" answer "$asked" 3.3.1.11 ok seen shot.txt "${common[@]}"
console || exit 1

# ---- which attempt counts ----
run=$twice
gives 200 "the run" "/runs/$run?case=3.2.5"
shows "attempts/3.2.5.2\"[^>]*>2 attempts" "a step that was played twice leads to its attempts"
gives 404 "a step that was played once" "/runs/$run/attempts/3.2.6.1"
gives 404 "a step that is none" "/runs/$run/attempts/9.9"
gives 200 "the attempts" "/runs/$run/attempts/3.2.5.2"
shows 'ack.code' "have the findings of the first"
shows 'mended &lt;b&gt;now' "and why there is a second"
shows 'newest attempt counts' "which counts"
ok "only the other one can be chosen" test "$(grep -o 'name="attempt" value="[0-9]*"' page | sort -u)" = 'name="attempt" value="1"'
seen=$(hidden seen)
goes stand step=3.2.5.2 attempt=1 seen="$seen" why="not agreed"
shows 'initials first' "nobody says it nameless"
goes stand step=3.2.5.2 attempt=1 seen="$seen" by=JD
shows 'notice error' "nor without a reason"
goes stand step=3.2.5.2 attempt=9 seen="$seen" by=JD why=x
shows 'has no attempt 9' "an attempt that is none"
goes stand step=3.2.5.2 attempt=1 seen="$seen" by=JD why="not agreed"
shows 'JD · not agreed' "by whose word the first counts"
goes stand step=3.2.5.2 attempt=1 seen="$seen" by=MM why="mine, unseen"
shows 'JD not agreed' "the later one is told who did what"
shows 'You wrote: mine, unseen' "and keeps the text"
goes stand step=3.2.5.2 attempt=2 seen=2/1 by=JD why="agreed now" together=yes
shows 'JD · agreed now' "then the second"
exits 0 "the record" "$T" report "$run" --format json --store "$store"
says '"stands_why": "agreed now"' "has it"
upload "$me" "/runs/$run/stand" step=9.9 attempt=1 seen=2/0 by=JD why=x
answers 400 "a step that is none"

# ---- a step of MedCom's own ----
gives 200 "the form" "/runs/$run/insert?after=3.2.5.2"
shows '<option value="3.2.5.2" selected' "stands behind the step it was opened at"
seen=$(hidden seen)
printf -- '- manual: {ask: {en: Show <i>it</i>., da: Vis det.}}\n  sed: {fixture: x}\n' >bad.yaml
says_back 400 "a mistake" insert after=3.2.5.2 seen="$seen" by=JD why="any type" "text=<bad.yaml"
shows 'step.yaml:2:[0-9]+: error' "is told with its line"
hides "$work" "and no folder of the machine"
shows 'data-line="2"' "which is chosen"
shows 'Show &lt;i&gt;it&lt;/i&gt;' "nothing that was written is lost"
shows 'value="any type"' "nor the reason"
says_back 400 "behind no step" insert after=9.9 seen="$seen" by=JD why="any type" "text=<bad.yaml"
says_back 400 "no step at all" insert after=3.2.5.2 seen="$seen" by=JD why="any type" text=
printf -- '- manual: {ask: {en: Show the letter., da: Vis brevet.}}\n' >own.yaml
says_back 400 "without a reason" insert after=3.2.5.2 seen="$seen" by=JD "text=<own.yaml"
get "$me" "/runs/$run?case=3.2.5"
hides "MedCom's own step" "nothing was changed"
goes insert after=3.2.5.2 seen="$seen" by=JD why="any <u>type</u>" "file=@own.yaml"
get "$me" "/runs/$run?case=3.2.5&every=1"
shows "MedCom's own step" "it is put in, and marked"
shows 'any &lt;u&gt;type' "with its reason"
shows 'name="answer" value="ok"' "and the run goes on with it"
says_back 409 "a colleague who did not see it" insert after=3.2.5.2 seen="$seen" by=MM why=too "text=<own.yaml"
shows '3.2.5.2\+M1 JD · any' "is told whose is there"
shows 'Show the letter' "and keeps what was written"

# ---- what was carried over ----
run=$since
gives 200 "a run since another" "/runs/$run?case=3.2.6"
shows 'were carried over from another run and wait for MedCom' "says that MedCom is waited for"
shows "carried over from run <a href=\"/runs/$passed\"" "and each step where it comes from"
gives 200 "what waits" "/runs/$run/carried"
seen=$(hidden seen)
goes confirm which=chosen seen="$seen" by=JD
shows 'Tick the steps first' "no step is not all of them"
goes confirm which=chosen seen="$seen" by=JD step=9.9
shows 'nothing that waits' "a step that is none"
goes confirm which=chosen seen="$seen" by=JD step=3.2.6.1 step=3.2.5.1
ok "two wait no more" test "$(hidden seen)" = $((seen - 2))
goes confirm which=all seen="$seen" by=MM
shows 'somebody else confirmed some of it: JD' "the later one is told"
goes confirm which=all seen=$((seen - 2)) by=JD
shows 'Nothing waits to be confirmed' "then all of them"
get "$me" "/runs/$run?case=3.2.6"
hides 'wait for MedCom' "and the run says so no more"
shows 'confirmed by JD' "but by whom"

# ---- what should never have come in ----
run=$passed
kept() { "$T" report "$run" --format json --store "$store" | grep -c "$cpr"; }
gives 200 "a message" "/runs/$run/messages/m1"
shows 'redact/m1' "can be redacted"
shows "$cpr" "it has the number"
gives 200 "the form" "/runs/$run/redact/m1"
shows 'for good' "says what it comes to"
gives 404 "a message that is none" "/runs/$run/redact/m99"
gives 404 "a blob that is no evidence" "/runs/$run/redact/$(sha256sum "$PROTOCOLS/receive.yaml" | cut -c1-64)"
says_back 400 "without a text" redact/m1 how=black-out by=JD why="a real person"
says_back 400 "without a reason" redact/m1 how=black-out by=JD text=$cpr
shows ">$cpr</textarea>" "what was written stays"
me=stranger # another browser: nobody's initials are known there
says_back 400 "without initials" redact/m1 how=erase why="a real person"
me=nobody
says_back 400 "a text that is not there" redact/m1 how=black-out by=JD why=x text='nowhere (to be) found'
shows 'found nowhere' "is told"
says_back 400 "a pattern that is none" redact/m1 how=black-out by=JD why=x text='(' patterns=yes
says_back 400 "and a text is no pattern" redact/m1 how=black-out by=JD why=x text='25124899.6'
says_back 200 "a text" redact/m1 how=black-out by=JD why="a <b>real</b> person" text=$cpr
shows 'Nothing has been done yet' "is asked for once more"
shows 'places: [1-9]' "with how much goes"
shows 'XXXXXXXXXX' "and how it will look"
shows 'a &lt;b&gt;real' "and why"
ok "nothing is done yet" test "$(kept)" != 0
seen=$(hidden seen)
goes redact/m1 how=black-out by=JD why="a real person" text="$cpr" seen="$seen" sure=yes
shows 'blacked out, for good' "then it is done"
shows 'Blacked out by JD' "by whom"
hides "$cpr" "and the message has the number no more"
exits 0 "the run is whole" "$T" verify "$run" --store "$store"
says 'redacted +message m1: blacked-out by JD' "with the tombstone"
gives 404 "the bytes as they came" "/runs/$run/messages/m1/raw"
goes redact/m1 how=erase by=MM why="all of it" seen="$seen" sure=yes
shows 'somebody else did this: JD a real person' "a colleague who did not see it is told"
shows 'You wrote: all of it' "and keeps the text"
says_back 200 "what is left" redact/m1 how=erase by=MM why="all of it"
shows 'all of it' "can be erased"
goes redact/m1 how=erase by=MM why="all of it" seen="$(hidden seen)" sure=yes
shows 'Erased by MM' "and is"
hides 'XXXXXXXXXX' "with the copy"
gives 200 "and again" "/runs/$run/redact/m1"
shows 'Clean the store' "there is nothing left to choose"
goes redact/m1 how=erase by=JD why=x seen= sure=yes

# Somebody reads the store meanwhile: its bytes are still on the disk, which is told, and made up for.
if command -v sqlite3 >/dev/null; then
  says_back 200 "another message" redact/m2 how=erase by=JD why="a real person"
  seen=$(hidden seen)
  mkfifo "$work/hold"
  sqlite3 "$store" <"$work/hold" >/dev/null &
  reader=$!
  exec 8>"$work/hold"
  printf 'BEGIN;\nSELECT count(*) FROM events;\n.system touch "%s/reads"\n' "$work" >&8
  awaits test -e "$work/reads"
  goes redact/m2 how=erase by=JD why="a real person" seen="$seen" sure=yes
  shows 'notice error' "it is told that the store could not be cleaned"
  shows 'Clean the store' "and how that is made up for"
  exec 8>&-
  wait $reader
  goes redact/m2 how=erase by=JD why="a real person" seen= sure=yes
  shows 'erased, for good' "then it is"
fi
exits 0 "the store is whole" "$T" check --store "$store"

run=$asked
get "$me" "/runs/$run?case=3.3.1"
digest=$(grep -o 'redact/[0-9a-f]\{64\}' page | head -n 1 | cut -d/ -f2)
gives 200 "evidence can go too" "/runs/$run/redact/$digest"
shows 'shot.txt' "by its name"
says_back 200 "which is asked for" "redact/$digest" how=erase by=JD why="a name on it"
goes "redact/$digest" how=erase by=JD why="a name on it" seen="$(hidden seen)" sure=yes
gives 404 "then it is not there" "/runs/$run/evidence/$digest"
gives 200 "the step" "/runs/$run?case=3.3.1"
shows 'Erased by JD.*a name on it' "says so"

# What is in quarantine can go, too, and is shown to nobody on the way there.
stranger=0109871234
printf 'a letter about %s, who is no test person' $stranger >held.txt
goes put test-persons=yes by=JD file=@held.txt
held=$(sed -n 's#.*class="unmatched"><td><a href="/runs/[^"]*/messages/\(m[0-9]*\)".*#\1#p' page | head -n 1)
ok "a message comes that the store has" test "$(cat "$store" "$store-wal" | grep -ac 'a letter about')" != 0
gives 200 "a message in quarantine" "/runs/$run/messages/$held"
shows 'In quarantine' "is told"
shows "redact/$held" "and can be redacted"
says_back 200 "with a text" "redact/$held" how=black-out by=JD why="a real person" text=$stranger
shows 'places: 1<' "it is found"
hides 'a letter about' "and not shown"
says_back 200 "as a whole" "redact/$held" how=erase by=JD why="a real person"
hides 'a letter about' "neither"
goes "redact/$held" how=erase by=JD why="a real person" seen="$(hidden seen)" sure=yes
shows 'Erased by JD' "it is erased"
hides 'a letter about' "for good"
ok "the store has it no more" test "$(cat "$store" "$store-wal" | grep -ac 'a letter about')" = 0

# A step that is put in although the run cannot go on here: what was done is told, and the form does not ask for it again.
upload "$me" "/runs/$run/insert" after=3.3.1.11 seen=0 by=JD why="more" "text=<own.yaml"
answers 303 "a step in a run that the server cannot play"
get "$me" "/runs/$run"
shows 'Put in: 3.3.1.11\+M1' "is put in"

# ---- by other rules ----
run=$twice
gives 200 "judging again" "/runs/$run/rejudge"
shows '<option value="carecommunication-5.0-receive"' "by a protocol of the same standard and role"
hides '<option value="carecommunication-5.0-send"' "and of no other"
says_back 200 "by the same rules" rejudge
shows 'Nothing gets worse' "nothing does"
says_back 200 "by a package that is not there" rejudge use=no.such.package@9.9.9
shows 'could not be done' "is told"
says_back 200 "by another package" rejudge "use=medcom.fhir.dk.carecommunication@3.0.0  medcom.fhir.dk.acknowledgement@2.0.3"
shows '(Nothing|Something) gets worse|neither passed nor failed' "it is judged"
sed 's/code: ok, within/code: transient-error, within/; s/^version: 0.1.0/version: 0.2.0/' "$PROTOCOLS/receive.yaml" >other.yaml
says_back 200 "by another protocol" rejudge "file=@other.yaml"
shows 'Something gets worse' "what got worse"
shows 'receive 0\.1\.0 -&gt; carecommunication-5.0-receive 0\.2\.0' "by which"
says_back 200 "by rubbish" rejudge "file=@shot.txt"
shows 'could not be done' "is told"
hides "$work" "without a folder of the machine"
says_back 200 "by a list of known findings that is none" rejudge "known=@shot.txt"
shows 'could not be done' "is told"
says_back 400 "by a protocol that is not there" rejudge protocol=../../etc/passwd
says_back 200 "by an option" rejudge "use=--help"
shows 'could not be done' "is none"

# ---- beside another run ----
gives 200 "the other runs" "/runs/$run/compare"
shows "/runs/$run/compare/$passed" "of the same protocol are offered"
hides "/runs/$run/compare/$run" "not itself"
gives 200 "two runs" "/runs/$run/compare/$passed"
shows "$run.*$passed.* 3\.2\.6\.1\+1: Fail -&gt; OK|3\.2\.6\.1\+1: Fail -&gt; OK" "what became of a step"
shows '<del class="gone">.*ack.code' "and of its findings"
gives 200 "the other way round" "/runs/$passed/compare/$run"
shows '3\.2\.6\.1\+1: Fail -&gt; OK' "is the same: the earlier comes first"
gives 404 "a run that is none" "/runs/$run/compare/20200101-00000000"
gives 404 "the beginning of an id" "/runs/$run/compare/${passed%-*}"
gives 404 "an option" "/runs/$run/compare/--help"

# ---- as it is kept ----
gives 200 "is it unaltered" "/runs/$run/verify"
shows 'Whole and unaltered' "it is"
shows '/check/bundle' "and a bundle of it is checked elsewhere"
console_stop
exits 0 "a copy of the store" cp "$store" whole.sqlite
if command -v sqlite3 >/dev/null; then
  sqlite3 "$store" "UPDATE events SET json = replace(json, '\"ok\"', '\"OK\"') WHERE run = '$passed' AND json LIKE '%\"ok\"%'"
  console
  gives 200 "of a run that somebody wrote into" "/runs/$passed/verify"
  shows 'Not whole, or not as it was made' "it is told"
  console_stop
  cp whole.sqlite "$store" && rm -f "$store-wal" "$store-shm"
fi
console

# ---- with accounts: a vendor looks at its own, and at nothing of another's ----
if command -v sqlite3 >/dev/null; then
  ok "two vendors" account vera vendor "Vendor A" && account bodil vendor "Vendor B" && account anna medcom
  own() { sqlite3 "$store.console" "INSERT INTO run_owners (run, organisation) SELECT '$1', id FROM organisations WHERE name = '$2'"; }
  own "$twice" "Vendor A" && own "$since" "Vendor A" && own "$passed" "Vendor B"
  token() {
    ask "$1" /check
    [ "$status" = 303 ] && ask "$1" /login
    hidden csrf
  }
  for who in vera bodil anna; do login $who; done
  me=vera
  gives 200 "a vendor's other runs" "/runs/$twice/compare"
  shows "$since" "are offered"
  hides "$passed|$asked" "those of others are not"
  gives 200 "two of its own" "/runs/$twice/compare/$since"
  gives 404 "its own and another vendor's" "/runs/$twice/compare/$passed"
  gives 404 "its own and MedCom's" "/runs/$twice/compare/$asked"
  gives 404 "the beginning of the id of one" "/runs/$twice/compare/${passed%-*}"
  gives 404 "another vendor's and its own" "/runs/$passed/compare/$twice"
  gives 200 "it may look whether it is unaltered" "/runs/$twice/verify"
  gives 200 "and at its attempts" "/runs/$twice/attempts/3.2.5.2"
  hides '/stand"' "without saying which counts"
  gives 200 "and at what was carried over" "/runs/$since/carried"
  hides '/confirm"' "without confirming it"
  get vera "/runs/$twice?case=3.2.5"
  hides '/insert|/redact/' "it puts nothing in and takes nothing out"
  run=$twice
  says_back 200 "it may judge again" rejudge
  hides 'type="file"' "by no file of its own"
  says_back 200 "which is not looked at" rejudge "file=@other.yaml" "known=@shot.txt"
  shows 'Nothing gets worse' "it is judged as it was"
  for deed in stand insert confirm "redact/m1"; do
    upload vera "/runs/$twice/$deed" step=3.2.5.2 attempt=1 how=erase sure=yes why=so by=VER
    answers 404 "$deed is MedCom's"
  done
  me=anna
  gives 200 "MedCom compares any two" "/runs/$twice/compare/$passed"
else
  echo "sqlite3 is not there: what a vendor may see is not tried here"
fi

# ---- a child that dies, as of what it costs ----
# Killed before it has said all: what it wrote until then is no report.
kill_a_child() {
  local child
  for _ in $(seq 20); do
    get "$me" "/runs/$twice/report/html" &
    for _ in $(seq 200); do
      child=$(pgrep -P "$console_pid" | head -n 1)
      [ -n "$child" ] && break
    done
    [ -n "$child" ] && kill -9 "$child" 2>/dev/null
    wait $!
    grep -q '^HTTP/[0-9.]* 500' "$work/head" && return
  done
  return 1
}
ok "a report whose child was killed is none" kill_a_child
shows 'it was stopped \(signal 9\)' "and says why"
gives 200 "the next one is there" "/runs/$twice/report/html"
console_stop
finish
