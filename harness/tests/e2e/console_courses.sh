#!/usr/bin/env bash
# A course from its self-test to a published approval, by pages alone; what is too early is refused, two at once are told.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/console_lib.sh"
cd "$work" || exit 1
ok "MedCom" account mia medcom
ok "a vendor" account vic vendor "Acme A/S"
console || finish
login mia; login vic
system=file:vendors/reference/refvendor.yaml

get vic /courses
answers 404 "courses are MedCom's"
get mia /courses
answers 200 "MedCom has them"
post mia /courses protocol=test-message "system=$system"
answers 303 "one is started"
get mia /courses
course=$(grep -o 'course-[0-9a-f-]*' "$work/page" | head -n 1)
shows "/courses/$course" "and listed"
seen() { get mia "/courses/$course"; grep -o 'name="seen" value="[0-9]*"' "$work/page" | head -n 1 | tr -dc 0-9; }
# run MODE: gives the run, when it has ended.
play() {
  post mia /start protocol=test-message "system=$system" "mode=$1" do=start
  run=$(sed -n 's#^[Ll]ocation: /runs/\([^[:space:]]*\).*#\1#p' "$work/head")
  awaits page_has mia "/runs/$run" Ended
}

post mia /start protocol=test-message "system=$system" mode=certify do=start
answers 400 "a live test before the self-test is refused"
shows 'notice error"[^<]*the self-test has to be submitted' "and why"
play self-test
old=$(seen)
post mia "/courses/$course" verb=submit "seen=$old" "run=$run"
get mia "/courses/$course"
shows 'Accept the self-test' "the self-test is submitted"
post mia "/courses/$course" verb=accept "seen=$old"
get mia "/courses/$course"
shows 'somebody else has gone on' "who saw an older stage is told"
post mia "/courses/$course" verb=return "seen=$(seen)" "why=<b>once more</b>"
get mia "/courses/$course"
shows '&lt;b&gt;once more|&lt;b>once more' "returned, with the reason as text"
post mia "/courses/$course" verb=submit "seen=$(seen)" "run=$run"
post mia "/courses/$course" verb=accept "seen=$(seen)"
play certify
post mia "/courses/$course" verb=decide "seen=$(seen)" approved=yes date=2026-11-29 place=Odense
get mia "/courses/$course"
shows 'notice error"[^<]*1.1: not assessed by MedCom' "no decision before the assessment"
shows 'name="date" value="2026-11-29"' "the date is in the form still"
shows 'name="place" value="Odense"' "and the place"
shows '<option value="yes" selected="">' "and the result"
post mia "/courses/$course" verb=decide "seen=$(seen)" approved=yes "date=31.11.2026" place=Odense
get mia "/courses/$course"
shows 'That is no day; write it as 28-11-2026 or 2026-11-28: 31.11.2026' "a day that is none is told"
shows 'name="place" value="Odense"' "and the place kept"
post mia "/courses/$course" verb=decide "seen=$(seen)" approved=yes date= place=Odense
get mia "/courses/$course"
shows 'A date is missing' "one that is missing, too"
post mia "/runs/$run/accept"
get mia "/runs/$run"
shows 'ready for approval' "all is assessed"
post mia "/courses/$course" verb=decide "seen=$(seen)" approved=yes date=29.11.2026 place=Odense
exits 0 "the decision" "$T" course show "$course" --store "$store"
says '2026-11-29' "has the day that a person wrote in Danish"
post mia "/courses/$course" verb=publish "seen=$(seen)"
exits 0 "what is approved" "$T" list approvals --store "$store"
says 'Reference vendor' "has it"
get mia /board
shows '<b>approved<' "and so has the board"
get mia "/runs/$run/report/certificate"
answers 200 "a certificate"
shows 'Reference vendor' "with the system"
if [ -x "$TEST_BIN/testcamp-pdf" ]; then
  get mia "/runs/$run/report/certificate.pdf"
  answers 200 "a certificate to sign"
  ok "it is a PDF" grep -q '^%PDF' "$work/page"
fi
post mia "/courses/$course" verb=nonsense seen=1
answers 400 "an act that is none"
get mia /courses/course-nothing
answers 404 "a course that is none"
finish
