#!/usr/bin/env bash
# Test camps and campaigns by their pages: days as people write them, what was refused is not lost, late changes of what is
# frozen, slots, and the board of a camp.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/console_lib.sh"
cd "$work" || exit 1
mkdir -p data/protocols
for f in "$TEST_ROOT"/*; do [ "${f##*/}" = protocols ] || ln -s "$f" data/; done
cp -r "$TEST_ROOT/protocols/test-message" data/protocols/
export TESTCAMP_DATA=$work/data
today=$(TZ=Europe/Copenhagen date +%F)
ok "MedCom" account mia medcom
ok "a vendor" account vic vendor "Acme A/S"
ok "another" account otto vendor "Other ApS"
console || finish
login mia; login vic; login otto

# ---- days ----
post mia /camps "name=Spring" starts=28.11.2026 ends=31.11.2026 place=Odense
get mia /camps
shows 'That is no day; write it as 28-11-2026 or 2026-11-28: 31.11.2026' "a day that is none is told"
shows '<details class="form panel" open="">' "the form is open again"
shows 'name="name" value="Spring"' "with its name"
shows 'name="starts" value="2026-11-28"' "its day, as a browser takes it"
shows 'name="place" value="Odense"' "and its place"
get mia /camps
hides 'value="Spring"' "once"
post mia /camps "name=Spring" starts=2026-11-28 ends=27-11-2026 place=Odense
get mia /camps
shows 'The last day is before the first one' "days in the wrong order"
post mia /camps name= starts=2026-11-28 ends=2026-11-28
get mia /camps
shows 'A test camp has a name' "no name"
post mia /camps name=x starts= ends=2026-11-28
get mia /camps
shows 'A date is missing' "no day"
post mia /camps "name=Spring" "starts=$today" "ends=$today" place=Odense
camp=$(sed -n 's#^[Ll]ocation: /camps/\([0-9]*\).*#\1#p' "$work/head")
ok "a camp" test -n "$camp"
post mia /camps "name=Spring" starts=28.11.2026 ends=29-11-2026 place=Aarhus
get mia /camps
shows 'notice error[^>]*>There is a test camp of that name already' "a name that is taken is refused"
hides 's.sqlite|constraint' "in words, not in those of a database"
shows 'name="place" value="Aarhus"' "and nothing is lost"
post mia "/camps/$camp/change" "name=Spring camp" "starts=$(date -d "$today" +%d.%m.%Y)" "ends=$today" place=Vejle
post mia /language lang=da back=/camps
get mia "/camps/$camp"
shows "$(date -d "$today" +%d-%m-%Y) – $(date -d "$today" +%d-%m-%Y) · Vejle" "it is changed, and its days are as Danes write them"
get mia /camps
shows "<td class=\"day\">$(date -d "$today" +%d-%m-%Y)</td>" "in the list, too"
post mia /language lang=en back=/camps

# ---- who takes part, and what is tested ----
sed -e 's/^  name: Example Vendor/  name: Acme A\/S/' -e '/^  listen:/d' "$TEST_ROOT/vendors/example/example.yaml" >v.yaml
post mia /systems owner=1 "file=$(cat v.yaml)" do=save
system=$(sqlite3 "$store.console" 'SELECT id FROM systems' | head -n 1)
ok "a system" test -n "$system" || { sed 's/<[^>]*>/ /g' page | tr -s ' \n' ' ' | cut -c1-600; finish; }
post mia "/camps/$camp/members" system=99
get mia "/camps/$camp"
shows 'notice error[^>]*>There is no such system' "nobody takes part with a system that is none"
post mia "/camps/$camp/slots" day="$today" time=09:30 place=1 "system=$system" protocol=test-message
get mia "/camps/$camp"
shows 'of a system that takes part' "a slot is of what is there"
post mia "/camps/$camp/tasks" protocol=test-message
post mia "/camps/$camp/members" "system=$system"
get otto "/camps/$camp"
answers 404 "who takes no part sees nothing"
get vic "/camps/$camp"
answers 200 "who does sees the camp"
hides 'Change name' "and changes nothing"
post vic "/camps/$camp/change" name=Mine starts="$today" ends="$today"
answers 404 "by no way"
post mia "/camps/$camp/slots" day="$(date -d "$today + 3 days" +%F)" time=09:30 place=1 "system=$system" protocol=test-message tester=MIA
get mia "/camps/$camp"
shows 'not one of the camp' "a day that is not the camp's"
shows 'name="tester" value="MIA"' "and nothing is lost"
post mia "/camps/$camp/slots" day="$today" time=25:30 place=1 "system=$system" protocol=test-message
get mia "/camps/$camp"
shows 'such as 09:30' "a time that is none"
post mia "/camps/$camp/slots" "day=$(date -d "$today" +%d.%m.%Y)" time=9.30 place=1 "system=$system" protocol=test-message tester=MIA
get mia "/camps/$camp"
shows "<td class=\"day\">$today 09:30</td>" "a slot"
shows "/start\?protocol=test-message&amp;system=system:$system" "from which the test is begun"
post mia "/camps/$camp/slots" day="$today" time=09:30 place=2 "system=$system" protocol=test-message
get mia "/camps/$camp"
shows 'That time is taken' "nobody is at two tables"
post mia "/camps/$camp/remove" what=member "key=$system"
get mia "/camps/$camp"
shows 'remove these first' "who is in the plan is not removed"

# ---- frozen ----
get mia "/board?camp=$camp"
shows 'not begun' "the board has who has not begun"
shows 'Receiver|Sender' "and the role"
shows "/start\?protocol=test-message&amp;system=system:$system" "and lets it be begun"
shows '<h1>Board: Spring camp' "under the name of the camp"
get otto "/board?camp=$camp"
hides 'Spring camp' "which who takes no part is not told"
post mia "/camps/$camp/freeze"
get mia "/camps/$camp"
hides 'badge fail' "frozen"
post mia /start protocol=test-message "system=system:$system" mode=self-test do=start
run=$(sed -n 's#^[Ll]ocation: /runs/\([^[:space:]]*\).*#\1#p' "$work/head")
get mia "/board?camp=$camp"
shows "/runs/$run" "a run is on the board"
hides 'not the frozen version' "of the frozen version"
for f in data/protocols/test-message/*.yaml; do printf '# later\n' >>"$f"; done
sleep 1.2
get mia "/camps/$camp"
shows 'changed since it was frozen' "a late change is flagged"
post mia "/camps/$camp/freeze"
get mia "/camps/$camp"
hides 'changed since it was frozen' "frozen anew"
shows 'frozen anew after the camp had begun' "which is flagged as well"
shows 'before: ' "with what was frozen before"
get mia "/board?camp=$camp"
shows 'frozen anew after the camp had begun' "on the board, too"
shows 'not the frozen version' "and the run that was made by the other version"

# ---- campaigns ----
post mia /campaigns name=Anew standard=RPT01 protocol=test-message due=soon
get mia /campaigns
shows 'That is no day; write it as' "a campaign has a day"
shows 'name="standard" value="RPT01"' "and nothing is lost"
post mia /campaigns name=Anew standard=RPT01 protocol=test-message due=31.12.2026
cp "$work/head" "$work/anew"
post mia /campaigns name=Anew standard=RPT02 protocol=test-message due=31.12.2026
get mia /campaigns
shows 'notice error[^>]*>There is a campaign of that name already' "its name is its own"
post mia /language lang=da back=/campaigns
campaign=$(sed -n 's#^[Ll]ocation: \(/campaigns/[0-9]*\).*#\1#p' "$work/anew")
get mia /campaigns
shows '31-12-2026' "which is shown as Danes write it"
get mia "$campaign"
shows 'Ingen systemer er godkendt' "nobody is approved"
printf '%s\n' 'System;Leverandør;Systemtype/Oversigt;Standard;Standard ID (Version);Kanal;Teststatus' \
  'Gammel;Huset;EPJ;Laboratoriesvar;RPT01 (R0130K);Modtage;Godkendt' 'Anden;Huset;EPJ;Laboratoriesvar;RPT01F (R01);Sende;Godkendt' \
  'Tredje;Huset;EPJ;Laboratoriesvar;RPT01 (R0130K);Sende;Tester' >list.csv
exits 0 "an older list is read in" "$T" approvals list.csv --as-of 2026-01-02 --by MIA --store "$store"
get mia "$campaign"
shows '<td>Huset</td><td>Gammel' "an older approval counts"
shows '2026-01-02' "and the list that says so"
hides 'Anden|Tredje' "not that of another standard, nor one without an approval"
finish
