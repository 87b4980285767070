#!/usr/bin/env bash
# What a run judges by: the built-in standards with the packages of its protocol, noted in the record by digest.
. "$(dirname "$0")/lib.sh"
export XDG_DATA_HOME=$work/share XDG_CACHE_HOME=$work/cache
store=$work/s.sqlite

# stand DATA_FOLDER: a run by hand that stands at once, with the data of that folder.
stand() {
  TESTCAMP_DATA=$1 exits 3 "a run stands, with the data in ${1##*/}" "$T" run "$PROTOCOLS/receive.yaml" \
    --vendor "$VENDORS/refvendor-upload.yaml" --case 3.2.5 --store "$store" --report "$work/reports"
  run=$(last_run "$store")
  record=$(find "$work/reports" -path "*$run*" -name record.json)
}

# digests RECORD: the digests of the definitions judged by, a line each.
digests() {
  tr -d ' \n' <"$1" | sed 's/.*"standards":\[\([^]]*\)\].*/\1/' | grep -o '"digest":"[0-9a-f]*"' | cut -d'"' -f4
}

mkdir "$work/data" "$work/moved"
cp -R "$TEST_ROOT/fixtures" "$TEST_ROOT/protocols" "$work/data"
cp -R "$TEST_ROOT/fixtures" "$TEST_ROOT/protocols" "$work/moved"

stand "$work/data"
first=$(digests "$record")
ok "one digest of 64 figures" test "${#first}" = 64
ok "the packages of the protocol" grep -q '"medcom.fhir.dk.carecommunication@5.0.2"' "$record"
ok "the report shows the digest" grep -q "$first" "$(dirname "$record")/report.da.html"

stand "$work/moved"
ok "the same definitions elsewhere give the same digest" test "$(digests "$record")" = "$first"

# Other bytes, if only a comment.
facts=$work/moved/fixtures/standards/packages/medcom.fhir.dk.acknowledgement@2.0.3.facts
printf '# one line more\n' >>"$facts"
TESTCAMP_DATA=$work/moved exits 3 "the run goes on" "$T" resume "$run" --store "$store" --report "$work/reports"
ok "both digests stand in the record" test "$(digests "$record" | sort -u | wc -l)" = 2
ok "the first one first" test "$(digests "$record" | head -n 1)" = "$first"

# A protocol whose package is not built in.
sed 's/medcom.fhir.dk.carecommunication@5.0.2/own.package@1.0.0/' "$PROTOCOLS/receive.yaml" >"$work/own.yaml"
own() {
  "$T" run "$work/own.yaml" --vendor "$VENDORS/refvendor-upload.yaml" --case 3.2.5 --store "$store" --report "$work/reports"
}
exits 2 "a package that is nowhere" own
says 'own.package@1.0.0.*neither built in nor added.*testcamp package get own.package@1.0.0' "what to do"
mkdir -p "$work/own/package"
printf '{"name":"own.package","version":"1.0.0","dependencies":{}}' >"$work/own/package/package.json"
printf '{"resourceType":"ValueSet","url":"http://own.example/v"}' >"$work/own/package/v.json"
exits 0 "add it" "$T" package add "$work/own"
exits 3 "now it is used" own
run=$(last_run "$store")
record=$(find "$work/reports" -path "*$run*" -name record.json)
ok "and counts in the digest" test "$(digests "$record")" != "$first"

# Damaged facts.
printf 'nonsense\tx\n' >>"$facts"
TESTCAMP_DATA=$work/moved exits 2 "damaged facts" "$T" run "$PROTOCOLS/receive.yaml" --vendor "$VENDORS/refvendor-upload.yaml" \
  --store "$store" --report "$work/reports"
says 'acknowledgement@2.0.3.facts:[0-9]+' "file and line"
finish
