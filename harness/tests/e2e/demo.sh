#!/usr/bin/env bash
# The clean reference vendor passes every shipped case, in both forms, and leaves its reports.
. "$(dirname "$0")/lib.sh"
store=$work/s.sqlite
for form in json xml; do
  sed "s/form: json/form: $form/" "$VENDORS/refvendor.yaml" >"$work/vendor-$form.yaml"
  exits 0 "send and receive, $form" "$T" run "$PROTOCOLS/send.yaml" "$PROTOCOLS/receive.yaml" --vendor "$work/vendor-$form.yaml" \
    --report "$work/reports" --store "$store" --clock-scale 20
done
run=$(last_run "$store")
dir=$(dirname "$(find "$work/reports" -path "*$run*" -name record.json)")
for file in report.en.html report.da.html junit.xml record.json; do
  ok "$file is there" test -s "$dir/$file"
done
ok "every exchange is a file" test "$(ls "$dir/exchanges" | wc -l)" -gt 10
exits 0 "the report can be made again" "$T" report "$run" --store "$store" --format json
ok "byte for byte" cmp "$work/out" "$dir/record.json"
ok "no step failed" sh -c "! grep -q '\"verdict\": *\"fail\"' '$dir/record.json'"
finish
