#!/usr/bin/env bash
# MedCom's list of approved systems in the browser: read in, searched, taken out again; a campaign counts it beside the
# courses of the store.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/console_lib.sh"
cd "$work" || exit 1
ok "MedCom" account mia medcom
ok "a vendor" account vic vendor "Acme A/S"
console || finish
login mia; login vic
HEAD='System;Leverandør;Systemtype/Oversigt;Standard;Standard ID (Version);Kanal;Teststatus'
printf '%s\n' "$HEAD" 'Old <b>journal;House;EPJ;Korrespondancemeddelelse;CareCommunication (4.0);Sende;Godkendt' \
  'reference VENDOR;Testcamp;EPJ;Korrespondancemeddelelse;CareCommunication (4.0);Modtage;Godkendt' \
  'Newer;House;EPJ;Korrespondancemeddelelse;CareCommunication (5.0);Sende;Godkendt' \
  'Trying;House;EPJ;Korrespondancemeddelelse;CareCommunication (4.0);Sende;Tester' \
  'Wrong;House;EPJ;Korrespondancemeddelelse;CareCommunication (4.0);Modtager;Godkendt' >"$work/list.csv"

echo rubbish >"$work/rubbish"

get vic /approved
answers 404 "the list is MedCom's: it names others' tests"
upload mia /approved "as-of="
answers 400 "no file"
upload mia /approved "as-of=2026-02-30" "file=@$work/list.csv"
answers 400 "a day that is none is refused"
shows 'no day' "and told"
upload mia /approved "as-of=2026-01-02" "file=@$work/rubbish;filename=../../list.csv"
get mia /approved
shows 'notice error' "a file that is no list is refused"
hides 'Old' "and nothing was read"
upload mia /approved "as-of=02-01-2026" "file=@$work/list.csv"
answers 303 "a list is read in"
get mia /approved
shows 'list.csv:6:[0-9]*: error' "a row that is left out is told with its line"
shows '4 rows read, 1 kept out' "and counted"
shows 'Old &lt;b(&gt;|>)journal' "names are text"
get mia '/approved?q=reference'
shows 'reference VENDOR' "a search finds"
hides 'journal' "what it asks for"
get mia /approved/csv
answers 200 "it is taken out as CSV"
shows '"Newer";"House"' "with its rows"
get mia /approved/xlsx
ok "and as a workbook" test "$(head -c 2 "$work/page")" = PK
get mia /approved/pdf
answers 404 "in no other form"

post mia /campaigns name=again standard=korrespondanceMEDDELELSE protocol=test-message due=2026-01-01
campaign=$(sed -n 's#^[Ll]ocation: \(/campaigns/[0-9]*\).*#\1#p' "$work/head")
get mia "$campaign"
shows 'Old ' "a campaign counts who the list says is approved"
shows 'Newer' "by any version where none is named"
hides 'Trying' "and nobody else"
shows 'list.csv' "and says by what"
post mia /campaigns name=4.0 'standard=CareCommunication 4.0' protocol=test-message due=2026-01-01
campaign=$(sed -n 's#^[Ll]ocation: \(/campaigns/[0-9]*\).*#\1#p' "$work/head")
get mia "$campaign"
shows 'Old ' "by its version"
hides 'Newer' "not by another"
post mia /start protocol=test-message system=file:vendors/reference/refvendor.yaml mode=self-test do=start
awaits page_has mia "$campaign" 'self-test OK'
shows 'self-test OK' "a run of the system counts, however the list writes its name"

# ---- a course that was decided against it, after the list ----
system=file:vendors/reference/refvendor.yaml
post mia /courses protocol=test-message "system=$system"
get mia /courses
course=$(grep -o 'course-[0-9a-f-]*' "$work/page" | head -n 1)
act() {
  get mia "/courses/$course"
  local seen=$(grep -o 'name="seen" value="[0-9]*"' "$work/page" | head -n 1 | tr -dc 0-9)
  post mia "/courses/$course" "seen=$seen" "$@"
}
play() {
  post mia /start protocol=test-message "system=$system" "mode=$1" do=start
  run=$(sed -n 's#^[Ll]ocation: /runs/\([^[:space:]]*\).*#\1#p' "$work/head")
  awaits page_has mia "/runs/$run" Ended
}
play self-test
act verb=submit "run=$run"
act verb=accept
play certify
post mia "/runs/$run/accept"
post mia /campaigns name=wide standard=Korrespondancemeddelelse protocol=test-message due=2026-01-01
campaign=$(sed -n 's#^[Ll]ocation: \(/campaigns/[0-9]*\).*#\1#p' "$work/head")
get mia "$campaign"
shows 'reference VENDOR' "the list says that it is approved"
act verb=decide approved=no date=2026-11-29 place=Odense why=later
get mia "$campaign"
hides 'reference VENDOR' "what was decided later counts"
shows 'Newer' "of that system alone"
console_stop
finish
