#!/usr/bin/env bash
# docs/console.md, walked: by pages alone a vendor without network comes from its invitation to a self-test that is handed in, at
# night, and MedCom from there to a certificate, the day after. The reference vendor on folders stands for the vendor's system,
# and this script for the person who carries the files.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/console_lib.sh"
cd "$work" || exit 1

# The shipped data, and a protocol that is short.
mkdir -p data/protocols/short
for f in "$TEST_ROOT"/*; do [ "$(basename "$f")" = protocols ] || ln -s "$f" data/; done
for f in "$TEST_ROOT"/protocols/*; do ln -s "$f" data/protocols/; done
cat >data/protocols/short/short.yaml <<P
protocol: short
title: {en: A short protocol, da: En kort protokol}
standard: {name: CareCommunication, danish: Korrespondancemeddelelse, version: "5.0", type: HL7 FHIR}
version: 0.1.0
role: receiver
sections:
  - id: "3.1"
    title: {en: Receive and show, da: Modtag og vis}
    status: mandatory
    steps:
      - step: 3.1.1
        send: {fixture: carecommunication/new.json, as: first}
      - step: 3.1.2
        expect-ack: {to: first, code: ok, within: 30 min}
      - step: 3.1.3
        manual: {ask: {en: Look at the screen., da: Se på skærmen.}}
P
export TESTCAMP_DATA=$work/data

# ---- the set-up ----
# opens CODE TEXT: serve, open to other machines; ended when it has stood for a while.
exits 0 "certificates" "$T" certs tls
opens() { exits "$1" "$2" timeout 60 "$T" serve --store "$store" --listen 127.0.0.1:0 --console "0.0.0.0:$(free_port)" --certificate tls/server-localhost.pem --key tls/server-localhost.key; }
opens 2 "nobody has an account"
exits 0 "one is added" "$T" account add eva --role medcom --initials EV --store "$store"
opens 2 "that has no password"
says 'testcamp account password' "and what to do is said"
ok "one account is made on the command line" account mia medcom
opens 124 "then it serves"
says 'console at https' "with TLS"
console || finish
login mia
post mia /people "name=Acme A/S"
post mia /accounts organisation=1 role=vendor name=vera full-name=Vera initials=VV
link=$(grep -o '/invitation/[0-9a-f]*' page | head -n 1)

# ---- the night ----
get vera "$link"
shows 'vera' "the invitation says for whom it is"
post vera "$link" "password=$(password_of vera)" "again=$(password_of vera)"
login vera
get vera /
shows '/help#first' "who has nothing yet is led to the help"
post vera /systems/form system=Journal version=1.0 type=EPJ gln=5790008888018 sor=8888011000016005 organisation=Clinic kind=upload capability=reply "claim=CareCommunication|5.0|receiver"
answers 200 "the form writes the file"
sed -n '/<textarea class="code" name="file"/,/<\/textarea>/p' page | sed '1d; s/<\/textarea>.*//; s/&quot;/"/g; s/&amp;/\&/g; s/&#39;/'"'"'/g' >system.yaml
csrf=$(token vera)
ask vera --data-urlencode "csrf=$csrf" --data-urlencode "file@system.yaml" /systems
answers 303 "which is saved as it is"
post vera /start protocol=short system=system:1 mode=self-test do=look
answers 200 "what will be tested is shown"
shows 'by machine' "step by step"
post vera /start protocol=short system=system:1 mode=certify do=start
answers 400 "a live test is not a vendor's to begin"
# run_of PERSON MODE: begins one, and leaves its id in $run.
run_of() {
  post "$1" /start protocol=short system=system:1 "mode=$2" do=start
  run=$(sed -n 's#^[Ll]ocation: /runs/\([^[:space:]]*\).*#\1#p' head)
  ok "a run begins ($2)" test -n "$run"
}
# waits PATTERN TEXT: the run's page has it before long.
waits() {
  awaits page_has vera "/runs/$run?case=3.1" "$1"
  shows "$1" "$2"
}
# carry: what testcamp sends goes into the system (one of its own for each run), and what that answers comes back.
carry() {
  local files in=$work/in-$run outbox=$work/outbox-$run
  mkdir "$in" "$outbox"
  "$R" --folder-in "$in" --folder-out "$outbox" >refvendor.log 2>&1 &
  waits 'messages/m1' "testcamp has sent a message"
  shows 'no deadline' "and nobody is late"
  shows 'this page, as files' "where to is said"
  post vera "/runs/$run/messages/m1/fetch"
  answers 200 "the vendor fetches it"
  cp page "$in/.tmp" && mv "$in/.tmp" "$in/$run.xml"
  awaits has_answered "$outbox"
  for f in $files; do
    upload vera "/runs/$run/put" test-persons=yes "file=@$f"
    answers 303 "and hands in what the system answered"
  done
}
# shown: the question that is left is answered by the vendor, with a screenshot.
printf '\x89PNG\r\n\x1a\nnot much of a picture' >screen.png
shown() {
  waits 'Look at the screen' "testcamp found the step of it, and asks the next"
  upload vera "/runs/$run/answer" step=3.1.3 "seen=$(grep -o 'name="seen" value="[0-9]*"' page | head -n 1 | tr -dc 0-9)" answer=ok text=seen evidence=@screen.png
  waits '<dt>Ended' "the run has ended"
}
run_of vera self-test
carry
shown
self=$run
post vera "/runs/$self/submit" "text=Ready"
get vera "/runs/$self/handover"
shows 'handed in for review' "it is handed in"

# ---- the day ----
get mia /review
shows "/review/$self" "MedCom has it in the queue"
get mia "/review/$self"
post mia "/review/$self/decide" do=signed "seen=$(grep -o 'name="seen" value="[0-9]*\.[0-9]*\.[0-9]*"' page | grep -o '[0-9][0-9.]*')" text=Fine
get vera "/runs/$self/handover"
shows 'signed off' "and signs it off"
post mia /courses protocol=short system=system:1
get mia /courses
course=$(grep -o 'course-[0-9a-f-]*' page | head -n 1)
# act VERB FIELD=VALUE...: an act of the course, on what stands there now.
act() {
  get mia "/courses/$course"
  post mia "/courses/$course" "verb=$1" "seen=$(grep -o 'name="seen" value="[0-9]*"' page | head -n 1 | tr -dc 0-9)" "${@:2}"
}
post mia /start protocol=short system=system:1 mode=certify do=start
answers 400 "no live test before the self-test is accepted"
act submit "run=$self"
act accept
run_of mia certify
post vera "/runs/$run/pause" why=x
answers 403 "in a live test the vendor does not steer"
post mia "/runs/$run/owner" organisation=1
carry
shown
get mia "/runs/$run/report/certificate"
answers 409 "there is no certificate yet"
post mia "/runs/$run/accept"
get mia "/runs/$run"
shows 'ready for approval' "all is assessed"
act decide approved=yes date=2026-11-29 place=Odense
act publish
get mia "/runs/$run/report/certificate"
answers 200 "the certificate"
shows 'Journal' "of that system"
get mia /board
shows '<b>approved<' "the board says so"

# ---- backup, as the guide has it ----
if command -v sqlite3 >/dev/null; then
  mkdir copy
  ok "a copy while it serves" sqlite3 "$store" ".backup copy/s.sqlite"
  ok "and of the console" sqlite3 "$store.console" ".backup copy/s.sqlite.console"
  [ ! -d "$store.blobs" ] || cp -a "$store.blobs" copy/
  exits 0 "is whole" "$T" check --store copy/s.sqlite
fi
console_stop
if [ -d copy ]; then
  store=$work/copy/s.sqlite
  console || finish
  get vera "/runs/$self"
  answers 200 "the copy is served, and who was logged in still is"
  console_stop
fi
finish
