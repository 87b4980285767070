#!/usr/bin/env bash
# PDF: pages that lose nothing, repeat the heads of their tables, and are the same bytes each time.
. "$(dirname "$0")/lib.sh"
small=$TEST_ROOT/harness/tests/e2e/print/small.yaml

# The program itself links no cairo, and says what to install where its helper is not there.
ok "testcamp does not link cairo" test -z "$(ldd "$T" | grep -E 'cairo|pango')"
if [ -x "$TEST_BIN/testcamp-pdf" ] && [ -f "$TEST_BIN/build.ninja" ]; then
  ok "who builds testcamp alone, as ./bootstrap demo does, gets the helper" grep -q testcamp-pdf <(ninja -C "$TEST_BIN" -t query testcamp)
fi
mkdir "$work/alone"
ln "$T" "$work/alone/testcamp" 2>/dev/null || cp "$T" "$work/alone/testcamp"
exits 2 "without the helper" "$work/alone/testcamp" print "$small" --format pdf
says 'libpango1.0-dev' "what to install"
ok "nothing is written" test ! -s "$work/out"
for tool in "$TEST_BIN/testcamp-pdf" pdftotext pdfinfo pdftohtml; do
  command -v "$tool" >/dev/null || { echo "skipped: $tool is not there"; exit 77; }
done

exits 0 "the longest protocol" "$T" print "$PROTOCOLS/send.yaml" --lang da --format pdf --output "$work/a.pdf"
exits 0 "again" "$T" print "$PROTOCOLS/send.yaml" --lang da --format pdf --output "$work/b.pdf"
ok "the same bytes" cmp "$work/a.pdf" "$work/b.pdf"
exits 0 "what it is" pdfinfo "$work/a.pdf"
says '^Title: +Afsendelse af korrespondancemeddelelser' "its title"
says '^Page size: .*A4' "its paper"
pages=$(awk '/^Pages:/ { print $2 }' "$work/out")
ok "many pages: $pages" test "$pages" -gt 15

# No step is lost and none is there twice; their numbers are in the first column.
"$T" coverage --format tsv "$PROTOCOLS/send.yaml" | awk -F'\t' '$1 == "step" { print $5 }' | sort >"$work/steps"
pdftotext -layout "$work/a.pdf" "$work/a.txt"
tr -d '\f' <"$work/a.txt" | sed -nE 's/^ *(3\.[0-9.]+(#[0-9]+)?(\+[0-9]+)?) .*/\1/p' | sort >"$work/numbers"
ok "each step stands in the PDF" test -z "$(comm -23 "$work/steps" "$work/numbers")"
ok "and in a table once" test -z "$(comm -12 <(uniq -d "$work/numbers") <(grep -F + "$work/steps"))"

# Each page has its number, and one that begins within a table begins with its heads.
missing=''
for page in $(seq "$pages"); do
  text=$(pdftotext -f "$page" -l "$page" -layout "$work/a.pdf" -)
  grep -q "Side $page / $pages" <<<"$text" || missing+=" $page (number)"
  grep -qE '^ *3\.[0-9]+\.[0-9]+(\.| )' <<<"$text" || continue
  grep -qE 'Teststep # +Handling +Testdata +Forventet resultat|Use case +M/O' <<<"$text" || missing+=" $page (heads)"
done
ok "numbers and heads of tables, not on:$missing" test -z "$missing"
ok "Danish letters" grep -q 'Åbn listen med kategorier. Vælg "Andet".' "$work/a.txt"
page=$(sed -nE 's/^ *3\.4\.2 .* Side ([0-9]+) +Obligatorisk.*/\1/p' "$work/a.txt")
ok "the list of use cases tells where 3.4.2 begins: page $page" test "${page:-0}" -gt 5
ok "which it does" grep -qE '^ *3\.4\.2 ' <(pdftotext -f "${page:-1}" -l "${page:-1}" -layout "$work/a.pdf" -)
ok "bookmarks: one a use case, and more" test "$(pdftohtml -i -xml -stdout "$work/a.pdf" | grep -c '<item page=')" -gt 20

# A step that is higher than a page goes on on the next ones, to its last word.
words=$(seq -f 'ord%.0f' 3000 | tr '\n' ' ')
sed "s/da: Teksten vises\./da: $words/" "$small" >"$work/long.yaml"
exits 0 "a very long step" "$T" print "$work/long.yaml" --lang da --format pdf --output "$work/long.pdf"
pdftotext "$work/long.pdf" - | grep -oE '^ord[0-9]+|ord[0-9]+' | sort -u >"$work/words"
ok "all of its words, each once" test "$(wc -l <"$work/words")" = 3000
ok "the step after it too" grep -q 'Hvilken mappe ligger den i?' <(pdftotext "$work/long.pdf" -)

# Nor is a paragraph too long, or a word.
{
  printf '<!DOCTYPE html><html><body><p>'
  seq -f 'w%.0f' 70000 | tr '\n' ' '
  printf '</p><p>%s</p><p>the end</p></body></html>' "$(seq -f '%.0fæ' 30000 | tr -d '\n')"
} >"$work/long.html"
exits 0 "a paragraph of 70,000 words" sh -c "'$TEST_BIN/testcamp-pdf' <'$work/long.html' >'$work/long.pdf'"
pdftotext "$work/long.pdf" "$work/long.txt"
ok "all of its words" test "$(grep -oE 'w[0-9]+' "$work/long.txt" | sort -u | wc -l)" = 70000
ok "and a word of 198,894 characters" test "$(tr -dc æ <"$work/long.txt" | wc -m)" = 30000
ok "what comes after it" grep -q 'the end' "$work/long.txt"

# A report, from the same page as its HTML.
exits 0 "a run" "$T" run "$PROTOCOLS/receive.yaml" --vendor "$VENDORS/refvendor.yaml" --case 3.1.1 --seed 5 \
  --clock-scale 60 --store "$work/s.sqlite"
run=$(last_run "$work/s.sqlite")
exits 0 "its report" "$T" report "$run" --store "$work/s.sqlite" --format pdf --lang da --output "$work/r.pdf"
exits 0 "again" "$T" report "$run" --store "$work/s.sqlite" --format pdf --lang da --output "$work/r2.pdf"
ok "the same bytes again" cmp "$work/r.pdf" "$work/r2.pdf"
exits 0 "its text" pdftotext -layout "$work/r.pdf" -
says "$run" "the run is named"
says '^ *3\.1\.1\.1 .*OK' "a step and its verdict"
says 'Sekvensdiagram, meddelelser: [1-9]' "a sequence diagram"
says 'systemet, der testes' "with its lifelines"
ok "drawn, not written: its arrows lead to the messages" sh -c "pdftohtml -i -xml -stdout '$work/r.pdf' | grep -c 'href=' | grep -qv '^0\$'"
exits 0 "its date" pdfinfo "$work/r.pdf"
says '^CreationDate: .*Jan +5 ' "the time of the run, not of printing"

# A certificate is upright, and goes on on a next page where names and remarks are long: no word is lost, each line is one.
ok "a report lies across" sh -c "pdfinfo '$work/r.pdf' | grep -qE '^Page size: +842 x 595 pts'"
for lang in da en; do
  sed -e "s/{{system}}/$(seq -f 'navn%.0f' 60 | tr '\n' ' ') $(printf 'x%.0s' $(seq 300))/" \
    -e "s/{{remarks}}/$(seq -f 'Forbehold%.0f er taget.\' 120)
/" -e 's/{{[a-z-]*}}/y/g' "$TEST_ROOT/fixtures/certificate/certificate.$lang.html" >"$work/certificate.html"
  exits 0 "a long certificate" sh -c "'$TEST_BIN/testcamp-pdf' <'$work/certificate.html' >'$work/certificate.pdf'"
  ok "upright" sh -c "pdfinfo '$work/certificate.pdf' | grep -qE '^Page size: +595 x 842 pts'"
  pdftotext -layout "$work/certificate.pdf" "$work/certificate.txt"
  ok "its remarks, a line each" test "$(grep -cE '(^|  )Forbehold[0-9]+ er taget\.$' "$work/certificate.txt")" = 120
  ok "all of the name" test "$(grep -oE 'navn[0-9]+' "$work/certificate.txt" | sort -u | wc -l)" = 60
  ok "and of a word in it" test "$(tr -dc x <"$work/certificate.txt" | wc -c)" -ge 300
  pdftotext -bbox "$work/certificate.pdf" - | sed -nE 's/.*<word xMin="([0-9]+).*xMax="([0-9]+).*/\1 \2/p' >"$work/words"
  ok "nothing stands outside of its margins" awk '$1 < 70 || $2 > 525 { bad++ } END { exit NR < 400 || bad }' "$work/words"
done

sed -e 's/{{remarks}}//' -e 's/{{[a-z-]*}}/y/g' "$TEST_ROOT/fixtures/certificate/certificate.da.html" >"$work/certificate.html"
exits 0 "a certificate without remarks" sh -c "'$TEST_BIN/testcamp-pdf' <'$work/certificate.html' | pdftotext -layout - -"
says '^ *Bemærkninger +–$' "says that there are none"
exits 0 "a form" sh -c "'$T' print '$small' --lang da --format pdf --output '$work/form.pdf' && pdftotext -layout '$work/form.pdf' -"
ok "has nothing in its places" sh -c "! grep -qE '(Leverandør|E-mail|Systemversion) +–' '$work/out'"

# Pictures of the evidence, as large as the page lets them be, with what tells whose they are; what is none is only named.
printf 'iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAADUlEQVR4nGMQSFgARAAGVwIhYMpLfAAAAABJRU5ErkJggg==' | base64 -d >"$work/screen.png"
head -c 40 "$work/screen.png" >"$work/broken.png"
echo text >"$work/log.txt"
cat >"$work/seen.yaml" <<'P'
protocol: seen
title: {en: Looked at, da: Set på}
standard: {name: CareCommunication, danish: Korrespondancemeddelelse, version: "5.0", type: HL7 FHIR}
version: 0.1.0
role: receiver
sections:
  - id: "1"
    title: {en: Look, da: Se}
    status: mandatory
    steps:
      - step: "1.1"
        manual: {ask: {en: Look., da: Se.}}
P
printf 'by: vendor\ntest-persons-only: true\nanswers:\n  "1.1": {answer: ok, evidence: [screen.png, broken.png, log.txt]}\n' >"$work/seen.answers"
exits 0 "a run with evidence" "$T" run "$work/seen.yaml" --vendor "$VENDORS/refvendor.yaml" --answers "$work/seen.answers" --store "$work/e.sqlite" --report "$work/reports"
seen=$(last_run "$work/e.sqlite")
exits 0 "its page" "$T" report "$seen" --store "$work/e.sqlite" --format html
ok "shows what has the head of a picture" test "$(grep -o '<img src="data:image/png;base64,' "$work/out" | wc -l)" = 2
says 'log\.txt' "and names the rest"
exits 0 "its PDF" "$T" report "$seen" --store "$work/e.sqlite" --format pdf --output "$work/seen.pdf"
if command -v pdfimages >/dev/null; then
  exits 0 "the pictures in it" pdfimages -list "$work/seen.pdf"
  ok "the one that is whole" test "$(grep -cE '^ +[0-9]+ +[0-9]+ +image +2 +1 ' "$work/out")" = 1
fi
ok "both are told of, and the log" test "$(pdftotext "$work/seen.pdf" - | grep -oE '(screen|broken)\.png|log\.txt' | sort | uniq -c | wc -l)" = 3
exits 0 "one is erased" "$T" redact "$seen" "$(sha256sum "$work/screen.png" | cut -c1-64)" --erase --by AB --why "a real person" --store "$work/e.sqlite"
exits 0 "the page after that" "$T" report "$seen" --store "$work/e.sqlite" --format html
ok "does not show it" test "$(grep -o '<img src="data:image/png;base64,' "$work/out" | wc -l)" = 1

# A drawing that is none of ours is left out, in parts or whole, and harms nothing.
printf '<html><body><p>before</p>%s<p>after</p></body></html>' "<svg width=\"9\"></svg><svg width=\"99\" height=\"9999\"><path d=\"\"></path>\
<path d=\"Q1 2L\"></path><path d=\"M1 2LL3\"></path><path class=\"sq-wire\"></path><rect></rect><text></text><text x=\"a\">drawn</text></svg>" >"$work/drawing.html"
exits 0 "odd drawings" sh -c "'$TEST_BIN/testcamp-pdf' <'$work/drawing.html' >'$work/drawing.pdf'"
ok "what is around them is there, and one text" test "$(pdftotext "$work/drawing.pdf" - | tr -s '[:space:]' ' ' | grep -oE 'before|drawn|after' | tr '\n' ' ')" = "before drawn after "

# Bad input to the helper: no document of ours.
exits 1 "something else" sh -c "printf '<p>x' | '$TEST_BIN/testcamp-pdf'"
says 'not a document of testcamp' "why"
exits 2 "an output that cannot be written" "$T" print "$small" --format pdf --output "$work/nowhere/x.pdf"
finish
