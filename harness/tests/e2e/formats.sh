#!/usr/bin/env bash
# Each machine format read by a reader that is not ours (formats/check.py): of a run that failed in several ways, of one
# that passed, and of MedCom's list with hostile names.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || { echo "skipped: python3 is not there"; exit 77; }
store=$work/s.sqlite
vendor=$VENDORS/refvendor.yaml
check() { python3 "$(dirname "$0")/formats/check.py" "$@"; }
t() { "$T" "$@" --store "$store"; }

exits 1 "a run that fails" "$T" run "$PROTOCOLS/receive.yaml" --vendor "$vendor" --case 3.1.1 --case 3.2.5 --store "$store" \
  --report "$work/reports" --seed 5 --clock-scale 60 --launch "$(launch_of "$vendor") --defect wrong-ack-code"
failed=$(last_run "$store")
sed 's/name: Reference vendor/name: "=1+1 <\&> \\"x; y\\" Æøå\\u2028\\u202e"/' "$vendor" >"$work/odd.yaml"
exits 0 "a run of a system of an odd name" "$T" run "$TEST_ROOT/protocols/test-message/test-message.yaml" --vendor "$work/odd.yaml" --store "$store" --report "$work/reports"
passed=$(last_run "$store")

exits 0 "the schema of the record" "$T" schema record
cp "$work/out" "$work/schema.json"
for run in "$failed" "$passed"; do
  for format in json junit testreport csv xlsx; do
    exits 0 "$run as $format" t report "$run" --format "$format" --output "$work/$run.$format"
  done
  exits 0 "its JUnit XML" check junit "$work/$run.junit"
  exits 0 "its TestReport" check testreport "$work/$run.testreport"
  exits 0 "a FHIR resource by the validator, too" "$T" validate --undecided list "$work/$run.testreport"
  exits 0 "its record, by the schema" check schema "$work/schema.json" "$work/$run.json"
  grep -h '^skipped' "$work/err"
  exits 0 "its row as CSV" check csv "$work/$run.csv"
  cp "$work/out" "$work/row"
  exits 0 "its row as a workbook" check xlsx "$work/$run.xlsx"
  ok "the same row" cmp <(sed "s/^'//" "$work/row") "$work/out"
done
sed 's/"run": /"runs": /' "$work/$failed.json" >"$work/wrong.json"
exits 1 "what is no record" check schema "$work/schema.json" "$work/wrong.json"
says 'runs' "is found by the schema"

# MedCom's list, read in, with these runs over it.
printf '%s\r\n' 'System;Leverandør;Systemtype/Oversigt;Standard;Standard ID (Version);Kanal;Teststatus' \
  '"=cmd|x";"Hu;set ""x"" <&> æøå";EPJ;Korrespondancemeddelelse;CareCommunication (4.0);Sende;Godkendt' \
  '@sum;"two
lines";EPJ;Diagnoseoversigt;ConditionList (1.0);Modtage;Tester' >"$work/list.csv"
exits 0 "a list with names from strangers" "$T" approvals "$work/list.csv" --as-of 2026-01-02 --by AB --store "$store"
for lang in da en; do
  exits 0 "all as CSV" t report --all --format csv --lang $lang --output "$work/all.csv"
  exits 0 "all as a workbook" t report --all --format xlsx --lang $lang --output "$work/all.xlsx"
  exits 0 "the CSV" check csv "$work/all.csv"
  cp "$work/out" "$work/rows"
  says "^'=cmd\\|x	Hu;set \"x\" <&> æøå	EPJ" "keeps a text from being a formula"
  exits 0 "the workbook" check xlsx "$work/all.xlsx"
  grep -h '^skipped' "$work/err"
  says '^=cmd\|x	' "where nothing is a formula, it stands as it is"
  ok "the same rows" cmp <(sed "s/^'//" "$work/rows") "$work/out"
  ok "heads, two of the list, two of runs" test "$(wc -l <"$work/out")" = 5
done
head -c 700 "$work/all.xlsx" >"$work/cut.xlsx"
exits 1 "half a workbook" check xlsx "$work/cut.xlsx"

# MedCom's protocol in Word: all parts stay, all but the cells of the document.
python3 - "$work/form.docx" <<'P'
import sys, zipfile
ns = "http://schemas.openxmlformats.org/"
cell = '<w:tc><w:tcPr><w:tcW w:w="2000" w:type="dxa"/></w:tcPr><w:p><w:pPr><w:jc w:val="left"/></w:pPr><w:r><w:rPr><w:b/></w:rPr><w:t>%s</w:t></w:r></w:p></w:tc>'
row = lambda *texts: "<w:tr>" + "".join(cell % t for t in texts) + "</w:tr>"
with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as z:
    z.writestr("[Content_Types].xml", f'<Types xmlns="{ns}package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="png" ContentType="image/png"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>')
    z.writestr("_rels/.rels", f'<Relationships xmlns="{ns}package/2006/relationships"><Relationship Id="r1" Type="{ns}officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>')
    z.writestr("word/_rels/document.xml.rels", f'<Relationships xmlns="{ns}package/2006/relationships"><Relationship Id="r1" Type="{ns}officeDocument/2006/relationships/image" Target="media/a.png"/></Relationships>')
    z.writestr("word/media/a.png", bytes(range(256)))
    z.writestr("word/document.xml", f'<w:document xmlns:w="{ns}wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>Before &amp; \u00e6</w:t></w:r></w:p><w:tbl>'
        + row("Teststep #", "Handling", "Testdata", "Forventet resultat", "Aktuelt resultat", "MedCom vurdering")
        + row("3.2.5.1", "x", "", "y", "", "") + row("3.9.9", "x", "", "y", "", "") + '</w:tbl><w:p><w:r><w:t>After</w:t></w:r></w:p></w:body></w:document>')
P
exits 0 "a document that is filled in" t report "$failed" --format docx --template "$work/form.docx" --lang da --output "$work/filled.docx"
exits 0 "as others read it" check docx "$work/form.docx" "$work/filled.docx"
says '^3\.2\.5\.1	x	[^	]*	y	[^	]+	' "has the actual result"
says '^3\.9\.9	x		y		' "and no other"

# SARIF of messages: sound, wrong, and none at all.
printf '{"resourceType": "Bundle", "type": "message", "entry": [{"resource": {"resourceType": "Patient", "birthDate": "x"}}]}' >"$work/a b%ø.json"
echo '<Emessage' >"$work/broken.xml"
exits 2 "files as SARIF" "$T" validate --format sarif --lang da "$work/a b%ø.json" "$work/broken.xml" "$work/none.json" "$TEST_ROOT/fixtures/carecommunication/new.json"
cp "$work/out" "$work/a.sarif"
exits 0 "as others read it" check sarif "$work/a.sarif"
says '^[1-9][0-9]* results' "with results"
printf 'protocol: x\ntitel: y\n' >"$work/wrong protocol.yaml"
exits 2 "mistakes of a protocol as SARIF" "$T" lint --format sarif --vendor "$vendor" "$work/wrong protocol.yaml"
cp "$work/out" "$work/a.sarif"
exits 0 "as others read it" check sarif "$work/a.sarif"
says '^[1-9][0-9]* results' "with results"
ok "found again by the same command" grep -q "testcamp lint --vendor=$vendor '$work/wrong protocol.yaml'" "$work/a.sarif"
finish
