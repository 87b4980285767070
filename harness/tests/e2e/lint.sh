#!/usr/bin/env bash
# Lint finds nothing in what is shipped, and something as soon as a protocol says something in vain.
. "$(dirname "$0")/lib.sh"
# Those about ehmiSBDHs with a system that exchanges them; those about wrong certificates with one that is spoken to over TLS.
exits 0 "certificates" "$T" certs "$work/tls"
cp "$VENDORS"/*.yaml "$VENDORS"/*.json "$work"
{
  cat "$VENDORS/refvendor-ehmi-eds.yaml"
  echo "tls: {certificate: tls/server-localhost.pem, key: tls/server-localhost.key, trust: tls/ca.pem}"
} >"$work/over-tls.yaml"
grep -L 'kind: bad-tls' "$TEST_ROOT"/protocols/*/*/*.yaml >"$work/in-the-clear"
xargs grep -LE 'sbdh\.|envelope: sbdh|receipt: Receipt' <"$work/in-the-clear" >"$work/plain"
xargs grep -lE 'sbdh\.|envelope: sbdh|receipt: Receipt' <"$work/in-the-clear" >"$work/sbdh"
grep -l 'kind: bad-tls' "$TEST_ROOT"/protocols/*/*/*.yaml >"$work/tls.list"
while read -r vendor list; do
  # shellcheck disable=SC2046
  exits 0 "the shipped protocols, $list" "$T" lint --format tsv $(cat "$work/$list") --vendor "$work/$vendor.yaml"
  ok "not even a warning: $(head -n 5 "$work/out")" test ! -s "$work/out"
done <<'WITH'
refvendor plain
refvendor-ehmi-eds sbdh
over-tls tls.list
WITH

exits 0 "fragments by themselves" "$T" lint "$TEST_ROOT/protocols/common/ids.yaml"
says 'ids.yaml: fragments alone' "are no protocol with mistakes"

exits 0 "a folder" "$T" lint --format tsv "$TEST_ROOT/protocols"
ok "all of them: nothing but fragments aside: $(grep -v 'fragments alone' "$work/err" | head -n 3)" \
  sh -c "! grep -v 'fragments alone' '$work/err'"
ok "no warning, and so the example vendor declares each capability asked for: $(head -n 3 "$work/out")" test ! -s "$work/out"
mkdir -p "$work/folder/below" "$work/empty"
exits 2 "a folder of nothing" "$T" lint "$work/empty"
says 'empty holds no protocol \(\*.yaml\) and no TestScript' "says so"
sed 's/^parameters:$/&\n  nobody_asks: {value: "1", source: nowhere}/' "$PROTOCOLS/receive.yaml" >"$work/folder/below/one.yaml"
sed 's/when: user-interface/when: user-interfce/' "$PROTOCOLS/receive.yaml" >"$work/folder/two.yaml"
echo 'answers: {}' >"$work/folder/answers.yaml"
exits 0 "warnings are no mistakes" "$T" lint "$work/folder"
says 'below/one.yaml:[0-9]+:[0-9]+: warning: the parameter' "below"
says 'answers.yaml: no "protocol:" and no "fragments:"; passed over' "what is no protocol"
says 'two.yaml:[0-9]+:[0-9]+: warning: no known capability is called "user-interfce"; did you mean "user-interface"\?' "a misspelt capability"
sed 's/fhirpath: Bundle.timestamp,/fhirpath: Bundle.timestampp,/' "$PROTOCOLS/receive.yaml" >"$work/folder/below/three.yaml"
exits 2 "a mistake below" "$T" lint "$work/folder"
echo '{"resourceType": "TestScript"}' >"$work/empty/script.json"
exits 2 "a TestScript in a folder is still read" "$T" lint "$work/empty"
says 'script.json' "with its name"

sed 's/^parameters:$/&\n  nobody_asks: {value: "1", source: nowhere}/' "$PROTOCOLS/receive.yaml" >"$work/unused.yaml"
exits 0 "a warning is no mistake" "$T" lint "$work/unused.yaml"
says 'unused.yaml:[0-9]+:[0-9]+: warning: the parameter "nobody_asks" is used nowhere \[lint.unused\]' "with its place"
sed 's/fhirpath: Bundle.timestamp,/fhirpath: Bundle.timestampp,/' "$PROTOCOLS/receive.yaml" >"$work/impossible.yaml"
exits 2 "an element that no message has" "$T" lint "$work/impossible.yaml"
says 'impossible.yaml:[0-9]+:[0-9]+: error: no message can hold this: Bundle has no element timestampp \[lint.impossible\]' "is named"
finish
