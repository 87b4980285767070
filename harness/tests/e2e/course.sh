#!/usr/bin/env bash
# The whole course of a certification with the reference vendor, from the self-test to the published approval, and what
# is refused on the way.
. "$(dirname "$0")/lib.sh"
store=$work/s.sqlite
vendor=$VENDORS/refvendor.yaml

# A protocol of a few seconds: a live test runs on the real clock.
protocol() {
  cat <<EOF
protocol: $1
title: {en: A short protocol, da: En kort protokol}
standard: {name: $2, danish: $2, version: "$3", type: HL7 FHIR}
version: 0.1.0
role: receiver
requires: [$4]
sections:
  - id: "3.1"
    title: {en: Receive and acknowledge, da: Modtag og kvittér}
    status: mandatory
    steps:
      - step: 3.1.1
        send: {fixture: carecommunication/new.json, as: first}
      - step: 3.1.2
        expect-ack: {to: first, code: ok, within: 30 min, as: receipt}
      - assert: {on: receipt, fhirpath: "Bundle.type", equals: message}
      - step: 3.1.3
        severity: F3
        manual: {ask: {en: Look at the screen., da: Se på skærmen.}, who: medcom}
  - id: "3.2"
    title: {en: Show it, da: Vis det}
    status: mandatory
    steps:
      - step: 3.2.1
        optional: true
        manual: {ask: {en: Show more., da: Vis mere.}}
EOF
}
protocol ack-receive Acknowledgement "2.0" "" >"$work/ack.yaml"
protocol cc-receive CareCommunication "5.0" "Acknowledgement 2.0 receive, VANS operator test" >"$work/cc.yaml"
answers() {
  cat <<EOF
by: vendor
answers:
  "3.1.3": {answer: $1, text: seen}
  "3.2.1": {answer: not-relevant}
EOF
}
answers ok >"$work/ok.yaml"
answers fail >"$work/fail.yaml"

t() { "$T" "$@" --store "$store"; }
course() { t course "$@"; }
run() { t run "$@" --report "$work/reports" --vendor "$vendor"; }
# the id of the newest course
last_course() { course list | tail -n 1 | awk '{print $1}'; }

# Nothing goes before its time.
exits 2 "no live test without a course" run "$work/cc.yaml" --mode certify
says 'there is no course for Reference vendor 0.1.0 \(testcamp\), CareCommunication 5.0 receive' "says for what"
exits 0 "a course begins" course start "$work/cc.yaml" --vendor "$vendor"
says 'next: the self-test has to be submitted' "and says what comes next"
cc=$(last_course)
exits 2 "one at a time" course start "$work/cc.yaml" --vendor "$vendor"
says 'has to be decided first' "says why"
exits 2 "two standards are two courses" course start "$work/cc.yaml" "$work/ack.yaml" --vendor "$vendor"
says 'one standard, in one version and role' "says why"
exits 2 "no live test before the self-test" run "$work/cc.yaml" --mode certify
says 'stands at "self-test"; the self-test has to be submitted' "says what is missing"
for act in "accept $cc" "return $cc --why x" "publish $cc" "decide $cc --approved no --date 2026-05-04 --place X --why x" \
  "approval $cc COURSE --why x"; do
  exits 2 "not yet: $act" course $act --by JD
done

# A self-test that waits is not complete.
exits 3 "a self-test that waits" run "$work/cc.yaml" </dev/null
exits 2 "is not submitted" course submit "$cc" "$(last_run "$store")"
says 'step 3.1.3 is not done' "says which step"
exits 0 "a part passes" run "$work/cc.yaml" --case 3.1 --answers "$work/ok.yaml"
exits 2 "but is no self-test" course submit "$cc" "$(last_run "$store")"
says 'case 3.2 was not chosen' "says why"
exits 0 "a whole self-test" run "$work/cc.yaml" --answers "$work/ok.yaml"
self=$(last_run "$store")
exits 0 "of another standard" run "$work/ack.yaml" --answers "$work/ok.yaml"
ack_self=$(last_run "$store")
exits 2 "does not belong there" course submit "$cc" "$ack_self"
says 'is about Reference vendor 0.1.0' "says what the course is about"
exits 2 "a self-test is not assessed" t assess "$self" 3.1.1 --as OK --by JD
says 'is a self-test' "says why"
exits 0 "a verdict of it is revised" t revise "$self" 3.1.1 --verdict fail --by JD --why 'not on the screen'
exits 0 "and once more" t revise "$self" 3.1.1 --verdict pass --by JD --why 'it is'
exits 0 "it has no assessment" t report "$self" --format json
says '"why": "not on the screen"' "both revisions, with their reasons"
ok "its column stays empty" sh -c "! grep -q '\"assessment\"' '$work/out'"
says '"why": "self-test"' "and it certifies nothing"
exits 0 "it is submitted" course submit "$cc" "$self"
exits 0 "what waits is listed" t list waits
says "^$cc +medcom +submitted +since 20.* MedCom has to accept" "and MedCom has it to do"
exits 2 "no live test before MedCom accepts it" run "$work/cc.yaml" --mode certify
says 'MedCom has to accept or return' "says what is missing"
exits 2 "a return needs its reason" course return "$cc" --by JD
exits 0 "it is returned" course return "$cc" --by JD --why "the screen dump is missing"
exits 0 "what waits is listed in Danish" t list waits --lang da
says "^$cc +leverandør +returned +siden 20.* ny egentest" "and the vendor has it to do"
exits 2 "no live test after a return" run "$work/cc.yaml" --mode certify
exits 0 "it is submitted again" course submit "$cc" "$self"
exits 2 "initials are needed" course accept "$cc"
exits 2 "and are initials" course accept "$cc" --by "Jane Doe"
exits 0 "it is accepted" course accept "$cc" --by JD

# The live test: same version, whole, in real time.
sed 's/version: "0.1.0"/version: "0.2.0"/' "$vendor" >"$work/newer.yaml"
exits 2 "another system version" t run "$work/cc.yaml" --mode certify --vendor "$work/newer.yaml" --report "$work/reports"
says 'about version 0.1.0, this is Reference vendor 0.2.0' "says so"
exits 2 "a scaled clock" run "$work/cc.yaml" --mode certify --clock-scale 20
exits 2 "a logical clock" run "$work/cc.yaml" --mode certify --seed 7
exits 2 "a part" run "$work/cc.yaml" --mode certify --case 3.1
says 'a live test is of the whole protocol' "says why"
exits 2 "what a self-test showed" run "$work/cc.yaml" --mode certify --since "$self"
says 'is a self-test; a live test takes over only' "is not taken over"
exits 1 "the live test fails at the screen" run "$work/cc.yaml" --mode certify --answers "$work/fail.yaml"
live=$(last_run "$store")
ok "the course is told" sh -c "'$T' course show '$cc' --store '$store' | grep -q 'live test begun ($live)'"
exits 2 "not approved unassessed" course decide "$cc" --approved yes --by JD --date 2026-05-04 --place Odense
says 'is not certifiable' "says why"

# Assessments.
exits 0 "what is not assessed is listed" t list waits
says "^$live  - +medcom +assess +3 steps; testcamp assess $live" "as MedCom's to do"
exits 2 "not executed" t assess "$live" 3.2.1 --as OK --by JD
says 'was not executed' "says why"
exits 2 "no such assessment" t assess "$live" 3.1.1 --as F5 --by JD
exits 2 "no such step" t assess "$live" 3.1.1 9.9 --as OK --by JD
exits 2 "nobody's assessment" t assess "$live" 3.1.1 --as OK
exits 0 "what passed is accepted at once" t assess "$live" --accept-passed --by JD
says '^2 machine-passed steps' "says how many"
says '3.1.3: not assessed by MedCom  \(fail, suggests F3\)' "and which are left, with the suggestion"
exits 0 "the failure is assessed" t assess "$live" 3.1.3 --as F3 --by JD
says '3.1.3: assessed F3' "and blocks"
exits 2 "not approved with F3" course decide "$cc" --approved yes --by JD --date 2026-05-04 --place Odense
says '3.1.3: assessed F3' "says which step"
exits 2 "another assessment needs a reason" t assess "$live" 3.1.3 --as F4 --by EE
exits 0 "and has one" t assess "$live" 3.1.3 --as F4 --by EE --why "only the colour is wrong"
says 'certifiable: yes' "certifiable"
exits 2 "a revision needs a reason" t revise "$live" 3.1.3 --verdict pass --by JD
exits 0 "the verdict is revised" t revise "$live" 3.1.3 --verdict pass --by JD --why "seen on another screen"
exits 0 "the record keeps it all" t report "$live" --format json
for text in '"assessment": "F4"' '"assessment": "F3"' '"was": "fail"' 'only the colour is wrong' '"certifiable": true'; do
  says "$text" "the record has $text"
done
exits 0 "the report in Danish" t report "$live" --lang da
says 'Opfylder reglen for Godkendt' "certifiable in Danish"
says 'Vurderet: F3' "the history in Danish"

# Played again in the live test: what was said of the attempt before is not said of the new one.
exits 2 "a live test is of one version" t repeat "$live" 3.1.3 --system-version 9.9 --report "$work/reports"
says 'needs a course of its own' "says why"
exits 0 "repeated" t repeat "$live" 3.1.3 --why "shown once more" --answers "$work/ok.yaml" --report "$work/reports"
exits 0 "what is new is not assessed" t assess "$live"
says 'certifiable: no' "so it is not certifiable"
exits 0 "MedCom lets the first one stand" t stand "$live" 3.1.3 1 --by JD --why "that was the agreed one" --together
exits 0 "with what was said of it" t assess "$live"
says 'certifiable: yes' "it is certifiable again"

# MedCom's own step, put in behind a line that was assessed before: what was said then was not said of it.
cat >"$work/own.yaml" <<'Y'
- action: {en: Another type., da: En anden type.}
  assert: {on: receipt, fhirpath: "Bundle.type", equals: collection}
Y
exits 1 "put in, and fails" t insert "$live" --after 3.1.2 --file "$work/own.yaml" --by JD --why "any type" --report "$work/reports"
exits 0 "it is not assessed with the line" t assess "$live"
says 'certifiable: no' "so it is not certifiable"
says '3\.1\.2\+M1: not assessed by MedCom' "and what lacks is named"
exits 0 "it is looked at" t assess "$live" 3.1.2+M1 --as F4 --by JD --why "of no weight"
says 'certifiable: yes' "and does not hinder"
exits 2 "no certificate before MedCom decides" t report "$live" --format certificate
says 'no certificate: MedCom has not approved it' "says why"
exits 2 "no certificate of a self-test" t report "$self" --format certificate
says 'no certificate: the run is not certifiable: ' "says why"

# Other approvals: one by a course of its own, one noted, the VANS operator's last.
exits 2 "not approved without the others" course decide "$cc" --approved yes --by JD --date 2026-05-04 --place Odense
says '"Acknowledgement 2.0 receive" is missing' "says which"
exits 2 "the VANS operator comes last" course approval "$cc" "VANS operator test" --by JD --why x
says 'it comes last' "says why"
exits 2 "what is not required is not noted" course approval "$cc" "HospitalNotification 3.0 send" --by JD --why x
says 'it requires: "Acknowledgement 2.0 receive", "VANS operator test"' "says what is"
exits 0 "the other course" course start "$work/ack.yaml" --vendor "$vendor"
ack=$(last_course)
exits 0 "submitted" course submit "$ack" "$ack_self"
exits 0 "accepted" course accept "$ack" --by JD
exits 1 "live, and fails" run "$work/ack.yaml" --mode certify --answers "$work/fail.yaml"
ack_failed=$(last_run "$store")
exits 0 "live" run "$work/ack.yaml" --mode certify --answers "$work/ok.yaml"
ack_live=$(last_run "$store")
exits 0 "assessed" t assess "$ack_live" --accept-passed --by JD
exits 0 "approved" course decide "$ack" --approved yes --by JD --date 2026-05-04 --place Odense
exits 0 "the certificate" t report "$ack_live" --format certificate --lang da
says '<h2[^>]*>Godkendt</h2>' "says so"
says '<dd>04-05-2026, Odense</dd>' "when and where"
ok "no place is left" sh -c "! grep -q '{{' '$work/out'"
echo '<p>{{system}} &amp; {{ run }}</p>' >"$work/own.html"
exits 0 "by a template of one's own" t report "$ack_live" --format certificate --template "$work/own.html"
says "<p>.* &amp; $ack_live</p>" "the rest of which stays"
printf 'a\n<p>{{sytsem}}</p>\n' >"$work/wrong.html"
exits 2 "a place that there is not" t report "$ack_live" --format certificate --template "$work/wrong.html"
says 'wrong.html:2: .*there is no place "sytsem"' "is told with its line"
if command -v pdftotext >/dev/null && [ -x "$TEST_BIN/testcamp-pdf" ]; then
  exits 0 "on paper" t report "$ack_live" --format certificate --lang da --output "$work/certificate.pdf"
  ok "one page" sh -c "pdfinfo '$work/certificate.pdf' | grep -qE '^Pages: +1$'"
  ok "upright" sh -c "pdfinfo '$work/certificate.pdf' | grep -qE '^Page size: +595 x 842 pts'"
  ok "that says so" sh -c "pdftotext -layout '$work/certificate.pdf' - | grep -q '^ *Godkendt'"
fi
exits 0 "the report of the live test that was decided on" t report "$ack_live" --lang da
says '☑ Ja' "has the decision"
exits 0 "its row of the list of approved systems" t report "$ack_live" --format csv
says '"Acknowledgement \(2\.0\)";"Modtage";"Godkendt"' "in the list's words"
exits 0 "the same as a workbook" t report "$ack_live" --format xlsx --output "$work/row.xlsx"
# Python's own readers of ZIP and XML, where it is there: neither is ours.
if command -v python3 >/dev/null; then
  exits 0 "a workbook that others can read" python3 -c '
import sys, zipfile, xml.etree.ElementTree as E
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
for n in z.namelist(): E.fromstring(z.read(n))
print("|".join(t.text or "" for t in E.fromstring(z.read("xl/worksheets/sheet1.xml")).iter() if t.tag.endswith("}t")))
' "$work/row.xlsx"
  says 'Kanal\|Teststatus\|.*\|Acknowledgement \(2\.0\)\|Modtage\|Godkendt$' "has the row"
  exits 0 "a protocol in Word" python3 -c '
import sys, zipfile
cell = "<w:tc><w:p><w:r><w:t>%s</w:t></w:r></w:p></w:tc>"
row = lambda *texts: "<w:tr>" + "".join(cell % t for t in texts) + "</w:tr>"
with zipfile.ZipFile(sys.argv[1], "w") as z:
    z.writestr("[Content_Types].xml", "<Types/>")
    z.writestr("word/document.xml", "<w:document xmlns:w=\"urn:w\"><w:body><w:tbl>" + row("Trin", "Testdata", "Aktuelt resultat", "MedCom vurdering")
        + row("3.1.1", "", "", "") + row("3.9.9", "", "", "") + "</w:tbl></w:body></w:document>")
' "$work/form.docx"
  exits 0 "is filled in" t report "$ack_live" --format docx --template "$work/form.docx" --lang da --output "$work/filled.docx"
  says 'rows of the document that no step of the run has: 3\.9\.9$' "says what does not fit"
  exits 0 "as others read it" python3 -c '
import sys, zipfile
print(zipfile.ZipFile(sys.argv[1]).read("word/document.xml").decode())' "$work/filled.docx"
  says '>OK JD<' "has the assessment"
  exits 2 "what is no document" t report "$ack_live" --format docx --template "$work/cc.yaml"
else
  echo "skipped: the workbook is not read by another program: there is no python3"
fi
exits 1 "two live tests beside each other" t report "$ack_failed" "$ack_live" --format diff
says '^  3\.1\.3: Fail -> OK' "has the step that changed"
says '^[1-9][0-9]* steps changed, [1-9][0-9]* are the same' "and the sum"
exits 0 "one beside itself" t report "$ack_live" "$ack_live" --format diff
exits 2 "a comparison needs two" t report "$ack_live" --format diff
exits 2 "a Word document needs one to fill" t report "$ack_live" --format docx
exits 0 "the report of the one before" t report "$ack_failed" --lang da
ok "has none" sh -c "! grep -q '☑' '$work/out'"
exits 0 "no claim before it is published" t list approvals
ok "nothing yet" sh -c "! grep -q Godkendt '$work/out'"
exits 0 "published" course publish "$ack" --by JD
exits 0 "now the other one counts" course approval "$cc" "VANS operator test" --by JD --why "with the operator, 2026-05-05"
says 'nothing' "nothing is missing any more"

# The decision.
exits 2 "a day that does not exist" course decide "$cc" --approved yes --by JD --date 2026-02-30 --place Odense
exits 2 "a place is needed" course decide "$cc" --approved yes --by JD --date 2026-05-04
exits 0 "decided" course decide "$cc" --approved yes --by JD --date 2026-05-04 --place Odense --why "keep an eye on colours"
says 'approved: 2026-05-04, Odense, JD' "with day, place and initials"
exits 0 "the report of the live test" t report "$live" --lang da
says '☑ Ja' "has the decision"
says 'keep an eye on colours' "and the remarks"
exits 2 "what it rests on stands" t assess "$live" 3.1.3 --as F1 --by JD --why "changed my mind"
says 'is decided' "says why"
exits 2 "nothing is played again" t repeat "$live" 3.1.3 --report "$work/reports"
says 'is decided' "says why"
exits 2 "no other attempt stands" t stand "$live" 3.1.3 2 --by JD --why "changed my mind"
says 'is decided' "says why"
exits 2 "decided once" course decide "$cc" --approved no --by JD --date 2026-05-04 --place Odense --why x
exits 0 "published" course publish "$cc" --by JD
exits 2 "published once" course publish "$cc" --by JD
exits 0 "the claims" t list approvals
says "^Reference vendor	testcamp	GP system	CareCommunication	CareCommunication \(5.0\)	Modtage	Godkendt	0.1.0	2026-05-04	JD	$cc" "a line as in MedCom's list"
ok "two of them" test "$(wc -l <"$work/out")" = 2
exits 0 "the course in Danish" course show "$cc" --lang da
says 'offentliggjort, JD' "the last act in Danish"
exits 0 "courses are listed" course list
ok "two of them" test "$(grep -c '^course-.* published ' "$work/out")" = 2
exits 0 "runs are listed" t list runs
ok "without courses" sh -c "! grep -q course- '$work/out'"
exits 2 "a course is no run" t report "$cc"
exits 2 "a run is no course" course show "$live"

# Certified again: what the earlier live test showed is taken over, and counts with MedCom's word.
exits 0 "a new course" course start "$work/cc.yaml" --vendor "$vendor"
anew=$(last_course)
exits 0 "submitted" course submit "$anew" "$self"
exits 0 "accepted" course accept "$anew" --by JD
exits 3 "a live test since the earlier one" run "$work/cc.yaml" --mode certify --since "$live"
says ': 0 steps are played' "takes all over"
since=$(last_run "$store")
exits 2 "what is not confirmed is no verdict" t revise "$since" 3.1.1 --verdict fail --by JD --why x
says 'has no verdict yet' "that could be revised"
exits 2 "nor assessed" t assess "$since" 3.1.1 --as OK --by JD
exits 0 "so it is not certifiable" t assess "$since"
says 'certifiable: no' "and says so"
exits 0 "confirmed" t confirm "$since" --by JD
exits 0 "what was said then is said again" t assess "$since"
says 'certifiable: yes' "and it is certifiable"

# A role with two protocols needs both.
protocol cc-more CareCommunication "5.1" "" >"$work/more.yaml"
protocol cc-auto CareCommunication "5.1" "" >"$work/auto.yaml"
exits 0 "by two protocols" course start "$work/more.yaml" "$work/auto.yaml" --vendor "$vendor"
two=$(last_course)
exits 0 "two self-tests" run "$work/more.yaml" "$work/auto.yaml" --answers "$work/ok.yaml"
auto=$(last_run "$store")
more=$("$T" list runs --store "$store" | tail -n 2 | awk 'NR == 1 {print $1}')
exits 2 "one is not enough" course submit "$two" "$auto"
says 'the self-test of protocol cc-more is missing' "says which is missing"
exits 2 "two of one are too many" course submit "$two" "$auto" "$auto"
exits 0 "both" course submit "$two" "$auto" "$more"
exits 0 "accepted" course accept "$two" --by JD
exits 0 "one live test" run "$work/auto.yaml" --mode certify --answers "$work/ok.yaml"
two_live=$(last_run "$store")
exits 0 "accepted whole" t assess "$two_live" --accept-passed --by JD
exits 2 "not approved by one" course decide "$two" --approved yes --by JD --date 2026-05-04 --place Odense
says 'the live test of cc-more is not certifiable: nothing was assessed' "says which lacks"

# A refusal is published as well, and claims nothing.
exits 0 "a new version" course start "$work/cc.yaml" --vendor "$work/newer.yaml"
new=$(last_course)
exits 0 "its self-test" t run "$work/cc.yaml" --answers "$work/ok.yaml" --vendor "$work/newer.yaml" --report "$work/reports"
exits 0 "submitted" course submit "$new" "$(last_run "$store")"
exits 0 "accepted" course accept "$new" --by JD
exits 2 "not decided without a live test" course decide "$new" --approved no --by JD --date 2026-06-01 --place Odense --why x
exits 1 "live" t run "$work/cc.yaml" --mode certify --answers "$work/fail.yaml" --vendor "$work/newer.yaml" --report "$work/reports"
exits 2 "a refusal needs its remarks" course decide "$new" --approved no --by JD --date 2026-06-01 --place Odense
exits 0 "refused" course decide "$new" --approved no --by JD --date 2026-06-01 --place Odense --why "nothing is shown"
exits 0 "published" course publish "$new" --by JD
exits 0 "claims nothing" t list approvals
ok "still two" test "$(wc -l <"$work/out")" = 2

# While a server has the store, it does the acts.
sed 's/version: "0.1.0"/version: "0.3.0"/' "$vendor" >"$work/newest.yaml"
exits 0 "a self-test of the newest" t run "$work/ack.yaml" --answers "$work/ok.yaml" --vendor "$work/newest.yaml" --report "$work/reports"
newest_self=$(last_run "$store")
"$T" serve --store "$store" --listen 127.0.0.1:0 --report "$work/reports" >"$work/serve.out" 2>&1 &
server=$!
awaits has '^serving' "$work/serve.out"
exits 0 "a course begins beside a server" course start "$work/ack.yaml" --vendor "$work/newest.yaml"
newest=$(last_course)
exits 0 "is submitted" course submit "$newest" "$newest_self"
exits 0 "and accepted" course accept --by EE "$newest"
exits 2 "half an assessment is none" t assess "$two_live" 3.1.1 3.2.1 --as F4 --by EE --why "seen again"
says 'step 3.2.1 was not executed' "says why"
exits 0 "an assessment" t assess --as F4 --by EE --why "seen again" "$two_live" 3.1.2
exits 0 "a revision" t revise --by EE --why "seen again" "$two_live" 3.1.2 --verdict inconclusive
kill -TERM $server
wait $server
exits 0 "all of it stands" t report "$two_live" --format json
ok "and nothing by halves" test "$(grep -c '"by": "EE"' "$work/out")" = 2
finish
