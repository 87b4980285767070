#!/usr/bin/env bash
# HomeCareObservation 1.2: both protocols pass against the reference vendor, on just the steps of MedCom's tables.
. "$(dirname "$0")/lib.sh"
protocols=$TEST_ROOT/protocols/homecareobservation/1.2
vendor=$VENDORS/refvendor.yaml

# run ROLE [OPTION...]
run() {
  local role=$1
  shift
  "$T" run "$protocols/$role.yaml" --vendor "$vendor" --seed 5 --clock-scale 60 --store "$work/$role.sqlite" \
    --report "$work/reports" "$@"
}

for role in send receive; do
  exits 0 "$role is without mistakes" "$T" lint "$protocols/$role.yaml" --vendor "$vendor"
  says 'no mistakes' "and lint says so"
  exits 0 "$role passes" run $role
  says 'result: pass' "and the summary says so"
  rm -rf "$work/$role.sqlite"*
done
exits 0 "what a system without screens is not asked" run send
says '3\.3\.1\.3 +pass +assert' "the comparator is read from the message"
says '3\.4\.2\+1 +pass +expect-none' "a result of 13 characters does not come"

# All that went over the wire is valid, what the fixtures became among it: by the built-in facts, and as published.
shared=${TESTCAMP_SHARED:-$TEST_ROOT/../shared}
exits 0 "what was exchanged" "$T" validate "$work"/reports/*/*/exchanges/*.xml
ok "are twenty messages or more" test "$(grep -c ': valid at level profile$' "$work/out")" -ge 20
if [ -d "$shared/packages" ]; then
  exits 0 "what was exchanged, by the published packages" "$T" validate --packages "$shared/packages" \
    --use medcom.fhir.dk.homecareobservation@1.2.1 $(grep -l 'MCM:homecareobservation-message' "$work"/reports/*/*/exchanges/*.xml)
else
  echo "SKIPPED: the published packages are not at hand ($shared/packages)"
fi

# A comment that the system says cannot be written is not asked for.
sed 's/analysis-comment: true/analysis-comment: false/' "$vendor" >"$work/denies.yaml"
exits 0 "a case that a capability excuses" "$T" run "$protocols/send.yaml" --vendor "$work/denies.yaml" --seed 5 \
  --clock-scale 60 --store "$work/denies.sqlite" --report "$work/reports"
ok "is not run" bash -c '! grep -qE "3\.3\.3\.[0-9]+ +pass" "$1"' _ "$work/err"

# A vendor file without a ydernummer is told so beforehand.
sed '/yder:/d' "$vendor" >"$work/noyder.yaml"
exits 2 "a protocol that needs a ydernummer" "$T" lint "$protocols/send.yaml" --vendor "$work/noyder.yaml"
says 'counterpart\.yder' "names what is missing"
exits 2 "a run of it does not begin" "$T" run "$protocols/receive.yaml" --vendor "$work/noyder.yaml" \
  --store "$work/no.sqlite" --report "$work/reports"
says 'receive\.yaml:[0-9]+:[0-9]+: step 3\.2\.1\.1 needs \$\{vendor\.yder\}, which .*noyder\.yaml does not give' "and says where"
sed 's/yder: "099018"/yder: "99018"/' "$vendor" >"$work/badyder.yaml"
exits 2 "a ydernummer of five digits" "$T" run "$protocols/send.yaml" --vendor "$work/badyder.yaml" --store "$work/bad.sqlite"
says 'badyder\.yaml:[0-9]+:[0-9]+: .*ydernummer: six digits' "is shown where it stands"

# MedCom's own tables: every step number once, in order.
steps() {
  sed -n 's/^ *- step: "\([0-9.]*\)".*/\1/p' "$1"
}
numbers() {
  python3 - "$1" <<'PY'
import json, sys
print("\n".join(row[2] for row in json.load(open(sys.argv[1])) if row[2][:1].isdigit()))
PY
}
if [ -d "$shared/medcom-protocols" ] && command -v python3 >/dev/null; then
  for pair in send:HCO_send_20260209 receive:HCO_recv_20260209; do
    steps "$protocols/${pair%%:*}.yaml" >"$work/have"
    numbers "$shared/medcom-protocols/${pair##*:}.json" >"$work/want"
    ok "${pair%%:*}: the step numbers of MedCom's table, in its order" diff "$work/want" "$work/have"
  done
else
  echo "SKIPPED: the step numbers of MedCom's tables are not at hand ($shared/medcom-protocols)"
fi
finish
