#!/usr/bin/env bash
# Letters in EDIFACT and OIOXML: the reference vendor, as sender and as receiver, passes the protocol of every type; and the
# answers that follow from a letter are caught when they are wrong. The other defects: defects.sh edi, mutations.sh edi.
. "$(dirname "$0")/lib.sh"
vendor=$VENDORS/refvendor-edi.yaml
# MedCom's schemas, where they are; else OIOXML is judged by the shipped structures alone.
schemas=${TESTCAMP_SHARED:-$TEST_ROOT/../shared}/legacy/edi-oioxml/data/xml/Schemas
by=()
[ ! -d "$schemas" ] || by=(--schemas "$schemas")

# run PROTOCOL [OPTION...]: its output in $work/PROTOCOL.out, its exit code behind it.
run() {
  local name=$1
  shift
  "$T" run "$TEST_ROOT/protocols/edi/1.0/$name.yaml" --vendor "$vendor" --store "$work/$name.sqlite" --report "$work/reports/$name" --seed 5 \
    --clock-scale 200 "${by[@]}" "$@" >"$work/$name.out" 2>&1 </dev/null
  echo "exit $?" >>"$work/$name.out"
}

# Two at a time, as there are processors.
names=()
for file in "$TEST_ROOT"/protocols/edi/1.0/*.yaml; do names+=("$(basename "$file" .yaml)"); done
for ((i = 0; i < ${#names[@]}; i += 2)); do
  run "${names[i]}" &
  first=$!
  [ -z "${names[i + 1]:-}" ] || run "${names[i + 1]}"
  wait "$first"
done
ok "there are protocols" test "${#names[@]}" -ge 34
for name in "${names[@]}"; do
  ok "$name passes, every step of it" grep -q '^exit 0$' "$work/$name.out" || tail -n 20 "$work/$name.out"
done

# An advice of admission is answered with the report that it asks for, about the same stay.
while read -r defect step rule; do
  rm -rf "$work/dis20-receive.sqlite"*
  run dis20-receive --case 2.3 --launch "$(launch_of "$vendor") --defect $defect"
  cp "$work/dis20-receive.out" "$work/err"
  ok "$defect fails $step of dis20-receive by $rule" fails_by "$step" "$rule"
done <<'ROWS'
letter-other-referral 2.3.3+3 edi.answer.reference
answer-wrong-code 2.3.3+1 skeleton.element.fixed
ROWS

# VANSEnvelope carries letters as well as FHIR: the protocols of DIS91, with every letter in one instead of bare.
carried=$work/carried
mkdir -p "$carried"
for entry in "$TEST_ROOT"/*; do
  [ "$(basename "$entry")" = protocols ] || ln -s "$entry" "$carried/"
done
cp -r "$TEST_ROOT/protocols" "$carried/protocols"
chmod -R u+w "$carried/protocols"
sed -i 's/envelope: none/envelope: vans/; s/^\( *\)standard: edi$/&\n\1envelope: vans/' \
  "$carried/protocols/edi/fragments.yaml" "$carried"/protocols/edi/1.0/dis91-{send,receive}.yaml
for name in dis91-send dis91-receive; do
  exits 0 "$name passes with its letters in VANSEnvelopes" env TESTCAMP_DATA="$carried" "$T" run "$carried/protocols/edi/1.0/$name.yaml" \
    --vendor "$vendor" --store "$work/carried-$name.sqlite" --report "$work/reports/carried-$name" --seed 5 --clock-scale 200 "${by[@]}"
  ok "$name: everything that came was in one" test "$(grep -ao '"fact.envelope":"[a-z]*"' "$work/carried-$name.sqlite" | sort -u)" = '"fact.envelope":"vans"'
done
finish
