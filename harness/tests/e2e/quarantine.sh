#!/usr/bin/env bash
# A message with a CPR number of nobody on the list of test persons is kept and shown to be there, but goes nowhere until it is
# released; and files are handed in only with the declaration that test persons alone are in them.
. "$(dirname "$0")/lib.sh"
store=$work/s.sqlite
stranger=0109871234 # has the form of a CPR number, and is on no list
cd "$work" || exit 1
grep -v test-persons-only "$VENDORS/refvendor-upload.yaml" >vendor.yaml
mkdir -p in out-files
"$R" --folder-in in --folder-out out-files >refvendor.log 2>&1 &

# The system's own answer, and the same with the stranger's number behind it.
begin() {
  "$T" run "$PROTOCOLS/receive.yaml" --vendor vendor.yaml --case 3.2.5 --store "$store" --report "$work/reports" "$@" >/dev/null 2>&1
  run=$(last_run "$store")
  rm -rf got out-files/*.xml
  "$T" get "$run" --to got --store "$store" >/dev/null
  for f in got/*; do cp "$f" in/.tmp && mv in/.tmp "in/$(basename "$f")"; done
  awaits has_answered out-files
  cp "$(head -n 1 <<<"$files")" own.xml
  cp own.xml "named-$stranger.xml" && printf '<!-- %s -->\n' "${stranger:0:6}-${stranger:6}" >>"named-$stranger.xml"
}

begin
exits 2 "without the declaration nothing is taken" "$T" put "$run" "named-$stranger.xml" --store "$store" --report "$work/reports"
says 'test-persons-only' "and says what to do"
exits 3 "with it, the file is taken" "$T" put "$run" "named-$stranger.xml" --test-persons-only --store "$store" --report "$work/reports"
says 'is in quarantine' "but goes into quarantine"
exits 0 "it is listed" "$T" list quarantined --store "$store"
says "$run  m2 " "as such"
exits 0 "and among the unmatched" "$T" list unmatched --store "$store"
says 'in quarantine|i karant' "with the reason"
exits 2 "it cannot be attached" "$T" attach "$run" m2 3.2.5.2 --why test --store "$store"
exits 0 "a report" "$T" report "$run" --format html --store "$store"
says 'In quarantine: it has a CPR number' "says so"
exits 0 "a report for programs" "$T" report "$run" --format json --store "$store"
for report in out $(find reports -type f); do
  ok "$report does not spread the number" test -z "$(grep -lE "${stranger:0:6}-?${stranger:6}" "$report")"
done
exits 0 "a bundle" "$T" report "$run" --format bundle --output q.tar.gz --store "$store"
exits 0 "is intact" "$T" verify q.tar.gz
says 'quarantined +message m2' "and says what is withheld"
ok "it does not spread the number" test -z "$(tar xzOf q.tar.gz | grep -aoE "${stranger:0:6}-?${stranger:6}")"

exits 0 "a lab receives it" "$T" receive q.tar.gz --store lab.sqlite
exits 0 "and can report it" "$T" report "$run" --format html --store lab.sqlite
says 'In quarantine: it has a CPR number' "with what is withheld"

exits 0 "its store is whole" "$T" check --store lab.sqlite

exits 2 "who releases must be told" "$T" release "$run" m2 --why test --store "$store"
exits 2 "and why" "$T" release "$run" m2 --by JD --store "$store"
exits 0 "released, it is matched" "$T" release "$run" m2 --by JD --why "a test person of ours" --store "$store" --report "$work/reports"
exits 2 "and not held any more" "$T" release "$run" m2 --by JD --why again --store "$store"
exits 0 "nothing is in quarantine now" "$T" list quarantined --store "$store"
ok "the list is empty" test ! -s out
exits 0 "the record" "$T" report "$run" --format json --store "$store"
says '"masked_cprs": [1-9]' "counts what is masked still"
exits 0 "the report for build servers" "$T" report "$run" --format junit --store "$store"
says 'name="masked.cpr-numbers" value="[1-9]' "counts it as well"
exits 0 "the report" "$T" report "$run" --format html --lang da --store "$store"
says 'er skjult her' "tells it in Danish"
ok "the declaration is noted once" test "$(tar xzOf <("$T" report "$run" --format bundle --output r.tar.gz --store "$store" >/dev/null; cat r.tar.gz) events.jsonl | grep -c '"declared"')" = 1

# A number on the operator's own list is no stranger's.
printf '%s\tour own\n' "${stranger:0:6}-${stranger:6}" >persons.tsv
begin --persons "$work/persons.tsv"
exits 0 "a listed person passes" "$T" put "$run" "named-$stranger.xml" --test-persons-only --store "$store" --report "$work/reports"
echo "not a number" >bad.tsv
exits 2 "a list that is none" "$T" run "$PROTOCOLS/receive.yaml" --vendor vendor.yaml --case 3.2.5 --persons bad.tsv --store "$store"
says 'bad.tsv:1' "is told by its line"
finish
