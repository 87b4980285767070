#!/usr/bin/env bash
# The printed protocol: word for word as text, well-formed as HTML, and what makes it refuse.
# REGENERATE=1 writes the expected texts anew.
. "$(dirname "$0")/lib.sh"
data=$TEST_ROOT/harness/tests/e2e/print
small=$data/small.yaml

# as_expected NAME ARGUMENT...: the text of the protocol, but for its digest and the version of the program.
as_expected() {
  local name=$1
  shift
  exits 0 "print $name" "$T" print "$small" --format text "$@"
  sed -E 's/[0-9a-f]{64}/DIGEST/; s/(testcamp[- ](version +)?)[0-9]+\.[0-9]+\.[0-9]+/\1VERSION/' "$work/out" >"$work/$name"
  [ -z "${REGENERATE:-}" ] || cp "$work/$name" "$data/$name"
  ok "$name is as expected" diff -u "$data/$name" "$work/$name"
}
as_expected small.en.txt --lang en
as_expected small.da.txt --lang da --vendor "$data/vendor.yaml" --against "$data/older.yaml"

# HTML is what the others are made from; the same input gives the same bytes, and nothing of a protocol gets out of its quotes.
exits 0 "html to standard output" "$T" print "$small" --lang da
says '<html lang="da">' "the language of the page"
says 'Vises &lt;meddelelsen&gt;, og kan den læses\? Æøå\.' "texts are quoted"
cp "$work/out" "$work/one.html"
exits 0 "html to a file" "$T" print "$small" --lang da --output "$work/two.html"
ok "the same bytes again" cmp "$work/one.html" "$work/two.html"

# Each link leads somewhere, and to one place only.
exits 0 "html of a shipped protocol" "$T" print "$PROTOCOLS/send.yaml" --against "$PROTOCOLS/send.yaml"
grep -oE ' id="[^"]*"' "$work/out" | sed 's/.*="//; s/"//' | sort >"$work/ids"
grep -oE 'href="#[^"]*"' "$work/out" | sed 's/.*="#//; s/"//' | sort -u >"$work/links"
ok "there are links" test "$(wc -l <"$work/links")" -gt 400
ok "no id is there twice" test -z "$(uniq -d "$work/ids")"
ok "no link leads nowhere" test -z "$(comm -23 "$work/links" "$work/ids")"
says 'No test step has changed' "nothing changed against itself"

# Every shipped protocol prints, with all of its step numbers.
while IFS= read -r protocol; do
  exits 0 "$protocol prints" "$T" print "$protocol" --format text
  steps=$(grep -E '^ +- step:|^ +step:' "$protocol" | sed -E 's/.*step: *"?([^" ]+)"?.*/\1/' | sort -u)
  missing=$(comm -23 <(printf '%s\n' "$steps") <(sed -nE 's/^([0-9][^ #]*).*/\1/p' "$work/out" | sort -u))
  ok "$protocol: every number is there, not: $missing" test -z "$missing"
done < <(find "$TEST_ROOT/protocols" -name '*.yaml' -exec grep -lE '^protocol:' {} + | sort)

# Steps that are about another system say so, and are not excused by the vendor file at hand.
exits 0 "two systems" "$T" print "$PROTOCOLS/two-systems.yaml" --lang da --format text --vendor "$VENDORS/refvendor.yaml"
says '^1\.4 \[Det modtagende system\]' "whose step it is"
says '\[kun med kapabiliteten user-interface\]' "what the other vendor may have declared"
says '\[Det modtagende system: Organisation\]' "addresses of the other system in words"

# A vendor file that is not ready yet: the document says what is missing.
sed '/^  oioxml:/d' "$VENDORS/refvendor.yaml" >"$work/unready.yaml"
exits 0 "a capability not declared" "$T" print "$PROTOCOLS/send.yaml" --lang en --format text --vendor "$work/unready.yaml"
says '^oioxml +not declared$' "in the table of capabilities"
says 'only with capability oioxml' "at its use case"

# Since a run: the protocol as it was then is in the log of the run.
exits 0 "a run of the older version" "$T" run "$data/older.yaml" --vendor "$VENDORS/refvendor.yaml" --case 3.1 --seed 5 \
  --clock-scale 60 --answers "$data/answers.yaml" --store "$work/s.sqlite"
exits 0 "print since a run" "$T" print "$small" --since "$(last_run "$work/s.sqlite")" --store "$work/s.sqlite" --format text
says '^Since run .*, of version 1\.0\.0 of the test protocol:$' "the run is named"
says '^3 of 5 test steps have changed\.$' "how many have changed"

# The numbers are those of the report, in its order.
"$T" report "$(last_run "$work/s.sqlite")" --store "$work/s.sqlite" --format json |
  awk -F'"' '$2 == "id" && $4 ~ /^3\.[12]\.[0-9+]+$/ { print $4 }' | uniq >"$work/report.ids"
"$T" print "$data/older.yaml" --format text | sed -nE 's/^(3\.[12]\.[0-9+]+).*/\1/p' >"$work/print.ids"
ok "there are some" test -s "$work/print.ids"
ok "the same numbers in report and print" diff "$work/report.ids" "$work/print.ids"

# Bad input.
exits 2 "no such run" "$T" print "$small" --since nope --store "$work/s.sqlite"
says 'no run in .* begins with "nope"' "that there is none"
exits 2 "no such vendor file" "$T" print "$small" --vendor "$work/nobody.yaml"
says 'nobody.yaml' "the file is named"
sed 's/expect-ack:/expect-akc:/' "$small" >"$work/bad.yaml"
exits 2 "a protocol with mistakes" "$T" print "$work/bad.yaml"
says 'bad.yaml:19:9: error: .*expect-ack' "what lint says of it"
says 'has mistakes, so there is nothing to print' "that there is no document"
ok "no document" test ! -s "$work/out"
sed 's/new.json/nowhere.json/' "$small" >"$work/bad.yaml"
exits 2 "a fixture that is not there" "$T" print "$work/bad.yaml"
says 'nowhere.json' "the fixture is named"
exits 2 "no such file" "$T" print "$work/nowhere.yaml"
exits 2 "no such format" "$T" print "$small" --format docx
says '^testcamp: --format docx: there is html, pdf, text$' "the formats there are"
exits 2 "no such language" "$T" print "$small" --lang sv
says 'there is da and en' "the languages there are"
exits 2 "an output that cannot be written" "$T" print "$small" --output "$work/nowhere/x.html"
says 'nowhere/x.html' "the output is named"
exits 2 "two older versions" "$T" print "$small" --since x --against "$data/older.yaml"
exits 2 "another standard" "$T" print "$small" --against "$PROTOCOLS/send.yaml"
says 'cannot be compared' "why not"
exits 2 "two protocols" "$T" print "$small" "$small"
finish
