#!/usr/bin/env bash
# MedCom's TestScripts for the EHMI Endpoint Register, where they are at hand, against the one that testcamp plays.
. "$(dirname "$0")/lib.sh"
scripts=${TESTCAMP_SHARED:-$TEST_ROOT/../shared}/examples/dk-ehmi-eer-testscripts/fsh
if [ ! -d "$scripts" ]; then
  echo "skipped: MedCom's TestScripts for EER are not here"
  exit 77
fi
cat >"$work/server.yaml" <<'Y'
protocol: server
standard: {name: FHIR, version: "4.0.1"}
version: 0.1.0
role: receiver
packages: [dk.ehmi.eer@2.0.1-draft]
sections:
  - id: "1"
    title: {en: Somebody asks, da: Nogen spørger}
    status: mandatory
    steps:
      - expect: {rest: capabilities, within: 100 s}
Y
sed '/^launch:/,/^$/d; /^trigger:/,/^$/d; s/kind: fhir-rest/kind: eer/' "$VENDORS/refvendor-rest.yaml" >"$work/idle.yaml"
"$T" run "$work/server.yaml" --vendor "$work/idle.yaml" --store "$work/server.sqlite" --report "$work/reports" \
  >"$work/server.out" 2>"$work/server.err" &
server=$!
awaits url_in "$work/server.err"
{
  cat "$work/idle.yaml"
  printf 'rest:\n  address: "%s"\n' "$url"
} >"$work/asked.yaml"
exits 3 "the scripts run to their end" "$T" run "$scripts" --system server --vendor "$work/asked.yaml" \
  --store "$work/c.sqlite" --report "$work/reports" --use dk.ehmi.eer@2.0.1-draft --quiet
for script in AEER1CrudOrgTests-json AEER1CrudOrgTests-xml; do
  says "^$script +pass" "$script passes"
done
# Whose profile the standard has no more; all else of them passes.
for script in AEER2CrudEndpointTests-json AEER2CrudEndpointTests-xml; do
  says "^$script +inconclusive .*eer.dk.messaging.edelivery.fhir is not known" "$script: a profile that there is not"
done
# It begins with a DeviceDefinition, and its fixtures are not with it.
says '^AEER4CrudDeviceTests-json +inconclusive' "AEER4CrudDeviceTests-json cannot run"
says '^  [0-9]+ pass  [0-9]+ inconclusive *$' "nothing fails"
curl -fs "$url/metadata" >/dev/null
ok "and the server saw it all" wait "$server"
finish
