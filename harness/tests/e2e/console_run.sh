#!/usr/bin/env bash
# The pages of a run, as testers use them: started, answered with evidence, killed in the middle, paused, repeated,
# messages handed in, ended, and assessed in a live test.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/console_lib.sh"
me=nobody # at this machine, without accounts: MedCom

# Who sits at the machine is never asked to log in: the token is that of the page of the run.
token() {
  ask "$1" "/runs/$run"
  hidden csrf
}
page() { get "$me" "$1"; }
gives() { get "$me" "$3" && answers "$1" "$2"; }
# goes PATH FIELD=VALUE...: a form of $run, and then its page.
goes() {
  local path=$1
  shift
  upload "$me" "/runs/$run/$path" "$@"
  answers 303 "the form $path"
  cp "$work/head" "$work/went"
  page "/runs/$run"
}
hidden() { grep -o "name=\"$1\" value=\"[^\"]*\"" "$work/page" | head -n 1 | sed 's/.*value="//;s/"$//'; }
repeated_from() { grep -q "/repeat\">.*name=\"step\" value=\"$1\"><input type=\"hidden\" name=\"seen\" value=\"$2\"" "$work/page"; }
# waits_for PATTERN TEXT: the page of $run has it before long.
waits_for() {
  awaits page_has $me "/runs/$run" "$1"
  shows "$1" "$2"
}
killed() {
  kill -9 $console_pid
  wait $console_pid 2>/dev/null
  console
}
cat >"$work/short.yaml" <<'P'
protocol: short
title: {en: A short protocol, da: En kort protokol}
standard: {name: CareCommunication, danish: Korrespondancemeddelelse, version: "5.0", type: HL7 FHIR}
version: 0.1.0
role: receiver
fixtures:
  expected: |
    {"resourceType": "Bundle", "type": "document",
     "identifier": {"value": "${vendor.gln} ${uuid:one}"}}
sections:
  - id: "3.1"
    title: {en: Receive and show, da: Modtag og vis}
    status: mandatory
    steps:
      - step: 3.1.1
        send: {fixture: carecommunication/new.json, as: first}
      - step: 3.1.2
        expect-ack: {to: first, code: ok, within: 30 min, as: receipt}
      - step: 3.1.3
        severity: F3
        manual: {ask: {en: Look at the screen., da: Se på skærmen.}}
      - step: 3.1.4
        manual: {ask: {en: Close it., da: Luk den.}, who: medcom}
  - id: "3.2"
    title: {en: Compare, da: Sammenlign}
    status: mandatory
    steps:
      - send: {fixture: carecommunication/new-priority.json, as: second}
      - expect-ack: {to: second, code: ok, within: 30 min}
      - step: 3.2.1
        diff: {on: second, expected: first}
      - step: 3.2.1.1
        diff: {on: second, expected: "#expected"}
      - step: 3.2.2
        manual: {ask: {en: Show more., da: Vis mere.}}
        evidence: [screenshot]
P
start() { "$T" run "$work/short.yaml" --vendor "$VENDORS/refvendor.yaml" --store "$store" "$@" | awk 'NR == 1 { print $1 }'; }
printf '\x89PNG\r\n\x1a\nnot much of a picture' >"$work/screen.png"
printf 'rubbish \xff\x00 <script>alert(1)</script>' >"$work/rubbish.bin"

# A live test, held before the console is opened.
printf 'by: vendor\nanswers:\n  "3.1.3": {answer: ok, text: seen}\n  "3.1.4": {answer: ok}\n  "3.2.2": {answer: ok, evidence: [screen.png]}\n' >"$work/ok.yaml"
whole() { "$T" run "$work/short.yaml" --vendor "$VENDORS/refvendor.yaml" --store "$store" --report "$work/reports" --answers "$work/ok.yaml" "$@"; }
exits 0 "a course" "$T" course start "$work/short.yaml" --vendor "$VENDORS/refvendor.yaml" --store "$store"
course=$("$T" course list --store "$store" | tail -n 1 | awk '{ print $1 }')
whole >"$work/self.out" 2>&1 # the comparison fails
exits 0 "its self-test" "$T" course submit "$course" "$(last_run "$store")" --store "$store"
exits 0 "is accepted" "$T" course accept "$course" --by JD --store "$store"
whole --mode certify >"$work/live.out" 2>&1
live=$(last_run "$store")

console
run=$(start)
waits_for 'Look at the screen' "the prompt"
shows 'name="answer" value="ok"' "can be answered"
shows "messages/m1" "messages are listed"

# Killed in the middle of an answer: it stands where it stood.
seen=$(hidden seen)
killed 2>/dev/null
waits_for 'Look at the screen' "after a kill the same question"
many=()
for _ in $(seq 13); do many+=("evidence=@$work/screen.png"); done
goes answer step=3.1.3 seen="$seen" answer=ok by=AB text="all of them" "${many[@]}"
shows 'Nothing was answered: at most 12 files' "more files than an answer takes are not left out unsaid"
shows 'You wrote: all of them' "and what was written is not lost"
goes answer step=3.1.3 seen="$seen" answer=ok by=AB text="seen on <b>screen</b>" "evidence=@$work/screen.png"
ok "the next question is what comes after an answer" grep -iq "^location: /runs/$run?case=3.1#now" "$work/went"
waits_for 'Close it' "the next question"
shows 'seen on &lt;b&gt;screen' "what was written is text"
page "/runs/$run?case=3.1"
shows "evidence/[0-9a-f]{64}" "evidence is linked"
digest=$(grep -o 'evidence/[0-9a-f]*' "$work/page" | head -n 1)
gives 200 "evidence" "/runs/$run/$digest"
ok "is what was handed in" cmp -s "$work/page" "$work/screen.png"
gives 404 "a digest of nothing" "/runs/$run/evidence/$(printf '0%.0s' $(seq 64))"
page "/runs/$run"
goes answer step=3.1.3 seen="$seen" answer=fail by=CD text="no, it is not"
page "/runs/$run?case=3.1"
hides 'no, it is not' "the later answer changed nothing"
shows "name=\"back\" value=\"/runs/$run\?case=3.1\"" "another language leads back to the same case"
hides 'Fetch from' "a system with an address fetches nothing"

# Paused: it answers nothing, and stands through a restart; resumed it goes on.
page "/runs/$run"
# A report is under way when the run is let go of: it comes all the same.
csrf=$(token $me)
curl -s --max-time 60 -o "$work/paper" -D "$work/paper.head" "$url/runs/$run/report/json" &
reader=$!
sleep 0.02
ask $me -F "csrf=$csrf" -F by=AB -F "why=lunch & talk" "/runs/$run/pause"
answers 303 "the form pause"
wait $reader
ok "a report that was being made meanwhile comes" grep -q "filename.*$run.json" "$work/paper.head"
page "/runs/$run"
shows 'paused|på pause' "it says so"
shows 'lunch &amp; talk' "and why"
hides 'name="answer"' "no prompt meanwhile"
exits 2 "an answer beside it" "$T" answer "$run" 3.1.4 ok --store "$store"
says 'is paused' "is refused"
killed 2>/dev/null
page "/runs/$run"
shows 'lunch &amp; talk' "it is still paused after a restart"
goes "resume"
waits_for 'name="answer"' "it goes on"

# Without a login, no other site's name leads here (DNS rebinding): not one that looks like an address, either.
for host in evil.example cafe.de abc.be 1.2.3.4.de; do
  ask $me -H "Host: $host:$console_port" "/runs/$run"
  answers 421 "by the name $host"
done
for host in localhost 127.0.0.1 '[::1]'; do
  ask $me -H "Host: $host:$console_port" "/runs/$run"
  answers 200 "by $host"
done

# Messages: a wrong one is kept, shown, and given to nobody.
goes "put" test-persons=yes "file=@$work/rubbish.bin"
page "/runs/$run"
shows 'class="notice wait">No test step wanted' "a message that no step wants is told of above"
shows 'no step wanted it' "and listed"
page "/runs/$run?beside=1"
shows "href=\"/runs/$run\">The run alone<" "a run beside its protocol has a way back"
shows "href=\"/runs/$run\?beside=1&amp;case=" "and its cases stay beside it"
page "/runs/$run"
shows '<td[^>]*>HTTP 202</td><td[^>]*>[0-9-]* [0-9]{2}:[0-9]{2}:[0-9]{2}</td>' "what became of a message, and when to the second"
unmatched=$(grep -o 'class="unmatched"><td><a href="[^"]*"' "$work/page" | head -n 1 | grep -o 'm[0-9]*"' | tr -d '"')
gives 200 "its page" "/runs/$run/messages/$unmatched"
hides '<script>alert' "nothing in it is markup"
gives 200 "its bytes" "/runs/$run/messages/$unmatched/raw"
ok "come back" cmp -s "$work/page" "$work/rubbish.bin"
gives 200 "what was sent" "/runs/$run/messages/m1"
shows '/messages/m1/raw[?]payload=1' "can be had without its envelope"
gives 200 "its payload" "/runs/$run/messages/m1/raw?payload=1"
ok "is FHIR alone" sh -c "head -c 200 '$work/page' | grep -q '\"resourceType\": *\"Bundle\"\|<Bundle'"
gives 404 "of what has none" "/runs/$run/messages/$unmatched/raw?payload=1"
gives 200 "the protocol as it was played" "/runs/$run/protocol"
shows 'A short protocol' "is printed from the run itself"
shows 'Reference vendor' "with the system of the run"
gives 404 "a message that is not there" "/runs/$run/messages/m999"

# On to the comparison.
page "/runs/$run"
goes answer step=3.1.4 seen="$(hidden seen)" answer=ok by=AB
waits_for 'Show more' "the last question"
shows 'Demanded here:</strong><span> screenshot' "demands a screenshot"
goes answer step=3.2.2 seen="$(hidden seen)" answer=ok by=AB text="it is <there>"
shows 'notice error[^>]*>Nothing was answered: the step demands evidence' "an OK without one is refused"
shows 'You wrote: it is &lt;there&gt;' "with nothing lost"
ok "the question is what it leads back to" grep -iq "^location: /runs/$run?case=3.2#answer-3.2.2" "$work/went"
gives 200 "the comparison beside each other" "/runs/$run/diff/3.2.1"
shows 'Expected' "what was expected"
shows 'class="line marked"' "with the differences marked"
gives 200 "the comparison with a fixture" "/runs/$run/diff/3.2.1.1"
shows '5790008888018 [0-9a-f-]{36}' "has the values of this run put in"
hides '\$\{' "none as it is written"
gives 404 "a step that compares nothing" "/runs/$run/diff/3.1.1"

# A step once more, and the end by a person.
page "/runs/$run?case=3.1"
goes "repeat" step=3.1.3 seen=1 by=AB why="once more" system-version=0.1.1
waits_for 'Look at the screen' "the step is played again"
goes "repeat" step=3.1.3 seen=1 by=CD why="me too"
shows 'notice error[^>]*>Nothing was changed: while you looked at it, somebody else did this step: AB once more' "who comes later is told who was first"
shows 'You wrote: me too' "with nothing lost"
shows '0\.1\.1' "with the new version"
goes "abort" by=AB
shows 'notice error[^>]*>Nothing was changed: write the reason first' "an end wants a reason"
goes "abort" by=AB why="the vendor went home"
shows 'the vendor went home' "the reason stands on the page"
shows 'Inconclusive' "what was not judged is inconclusive"
exits 0 "the record" "$T" report "$run" --format json --store "$store"
says "run.aborted" "tells why each step is not judged"
ok "and it is no pass" sh -c "! '$T' list runs --store '$store' | grep -Eq ' pass '"
exits 2 "an ended run" "$T" pause "$run" --by AB --store "$store"
says 'has ended' "is not paused"
page "/runs/$run?case=3.1"
ok "which attempt is repeated stands in the form" repeated_from 3.1.3 2
goes repeat step=3.1.3 seen=2 by=AB why="they came back"
waits_for 'id="answer-3.1.3"' "but a step of it can be played again"
killed 2>/dev/null
waits_for 'id="answer-3.1.3"' "and is asked for after a restart too"
goes repeat step=3.2.2 seen=1 by=AB why="without a picture"
waits_for 'id="answer-3.2.2"' "the one that demands a screenshot too"
seen=$(grep -o 'value="3.2.2"><input type="hidden" name="seen" value="[0-9]*' "$work/page" | sed 's/.*"//')
goes answer step=3.2.2 seen="$seen" answer=ok by=AB without=yes
page "/runs/$run?case=3.2"
shows 'step.evidence' "knowingly without one it is answered, and undecided"

# A message that no step wanted is given to one that waits for it.
run=$(start --launch "refvendor --to \${harness.address} --defect no-ack")
waits_for '3\.1\.2' "a step waits for a receipt"
goes put test-persons=yes "file=@$work/rubbish.bin"
unmatched=$(grep -o 'class="unmatched"><td><a href="[^"]*"' "$work/page" | head -n 1 | grep -o 'm[0-9]*"' | tr -d '"')
gives 200 "the message" "/runs/$run/messages/$unmatched"
shows '<option value="3.1.2"' "can be given to the step that waits"
goes attach message="$unmatched" step=3.1.2 by=AB
shows 'notice error[^>]*>Nothing was changed: write the reason first' "not without a reason"
goes attach message="$unmatched" step=3.1.2 by=AB why="it is the receipt"
waits_for 'badge fail' "the step judges it"
upload "$me" "/runs/$run/attach" message=m99 step=3.1.2 by=AB why=x
answers 400 "a message that is not there"

# MedCom's assessments: who was first is not overwritten unseen.
run=$live
me=tester # another browser: nobody's initials are known there
page "/runs/$run?case=3.1"
shows 'data-key="5 o"' "steps are assessed by keys"
goes assess step=3.1.1 seen=0 as=OK
shows 'initials first' "nobody assesses nameless"
goes assess step=3.1.1 seen=0 as=OK by=JD
goes assess step=3.1.1 seen=0 as=F2 by=MM why="mine, unseen"
shows 'JD OK' "the later one is told who did what"
shows 'You wrote: mine, unseen' "and keeps the text"
goes assess step=3.1.1 seen=1 as=F2
shows 'why' "another assessment wants a reason"
goes assess step=3.1.1 seen=1 as=F2 why="looked again"
page "/runs/$run?case=3.1"
shows 'F2 · JD · [^<]*looked again' "initials are kept by the browser"
goes accept
shows '5/7 assessed by MedCom' "what the machine passed is accepted"
upload "$me" "/runs/$run/assess" step=3.1.1 seen=2 as=F9
answers 400 "no such assessment"

# The board stands still: what began last is not put first.
"$T" run "$PROTOCOLS/receive.yaml" --vendor "$VENDORS/refvendor.yaml" --case 3.2.5 --store "$store" --quiet >"$work/other.out" 2>&1
awaits page_has $me /board 'Receiving CareCommunication'
shows 'A short protocol.*Receiving CareCommunication' "protocols are in the order of their titles"

# Runs are found by words, and followed live as they were found.
page "/?q=SHORT+$live"
shows "<a href=\"/runs/$live\"" "a run is found by its title and its id"
ok "and no other" test "$(grep -o '<a href="/runs/' "$work/page" | wc -l)" = 1
shows "data-part=\"/[?]part=1&amp;q=SHORT" "and followed so"
page "/?q=%3Cscript%3E"
hides '<a href="/runs/|<script>' "words that nothing has"

# A vendor sees its live test, and MedCom alone decides how that goes on.
if command -v sqlite3 >/dev/null; then
  account vic vendor "Vendor A/S"
  sqlite3 "$store.console" "INSERT INTO run_owners (run, organisation) SELECT '$live', id FROM organisations"
  me=vic
  token() {
    ask "$1" /check
    [ "$status" = 303 ] && ask "$1" /login
    hidden csrf
  }
  login vic
  gives 200 "its live test" "/runs/$live?case=3.1"
  hides 'data-key="5 o"|/repeat"|/abort"|/pause"' "without what MedCom does"
  for deed in repeat pause abort resume; do
    upload vic "/runs/$live/$deed" step=3.1.1 why=so
    answers 403 "$deed is MedCom's in a live test"
  done
  for deed in assess accept revise release; do
    upload vic "/runs/$live/$deed" step=3.1.1 seen=2 as=OK message=m1 why=so
    answers 404 "$deed is MedCom's"
  done
  get vic "/runs/$(last_run "$store")/diff/3.2.1"
  answers 404 "a run of others"
fi
console_stop
finish
