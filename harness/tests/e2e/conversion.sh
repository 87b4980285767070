#!/usr/bin/env bash
# The conversion service: the reference converter passes the protocol, which has just the steps of MedCom's table, and each of
# its defects is caught by the step and rule meant for it (conversion.tsv).
. "$(dirname "$0")/lib.sh"
protocol=$TEST_ROOT/protocols/conversion/1.4/conversion-service.yaml
vendor=$VENDORS/converter.yaml
table=$(dirname "$0")/conversion.tsv
scale=900 # 60 minutes are four seconds

run() {
  local store=$1
  shift
  "$T" run "$protocol" --vendor "$vendor" --seed 5 --clock-scale "$scale" --store "$work/$store.sqlite" --report "$work/reports" "$@"
}
rows() { awk -F '\t' -v run="$1" '$2 == run' "$table"; }

# start RUN: the rows of that number are one run, with all their defects.
start() {
  local cases defect launch
  cases=$(rows "$1" | awk -F '\t' '{print $3; exit}')
  launch=$(launch_of "$vendor")
  for defect in $(rows "$1" | cut -f 1 | sort -u); do launch+=" --defect $defect"; done
  # shellcheck disable=SC2086
  run "$1" --case ${cases//,/ --case } --launch "$launch" >"$work/$1.out" 2>"$work/$1.err" </dev/null
  echo $? >"$work/$1.code"
}

caught() {
  local defect number cases step rule
  ok "run $1 fails" test "$(cat "$work/$1.code")" = 1
  cp "$work/$1.err" "$work/err"
  while IFS=$'\t' read -r defect number cases step rule; do
    ok "$defect is caught by $step, $rule" fails_by "$step" "$rule" || grep -E "FAIL|error " "$work/err"
  done < <(rows "$1")
}

exits 0 "the protocol is without mistakes" "$T" lint "$protocol" --vendor "$vendor"
says 'no mistakes' "and lint says so"

# They wait more than they work: several at a time, beside the one without a defect.
numbers=$(awk -F '\t' '$1 !~ /^#/ {print $2}' "$table" | sort -nu)
run reference >"$work/reference.out" 2>"$work/reference.err" </dev/null &
reference=$!
batch=()
for number in $numbers; do
  start "$number" &
  batch+=($!)
  [ $((number % 5)) = 0 ] || continue
  wait "${batch[@]}"
  batch=()
done
exits 0 "the reference converter passes" wait "$reference"
cp "$work/reference.err" "$work/err"
cp "$work/reference.out" "$work/out"
says 'result: pass' "and the summary says so"
says '3\.2\.4\.2 +pass' "a letter whose attachment does not come is converted all the same"
wait
for number in $numbers; do caught "$number"; done

# MedCom's own table: every step number once.
shared=${TESTCAMP_SHARED:-$TEST_ROOT/../shared}
if [ -f "$shared/medcom-protocols/CONV_20260120.json" ] && command -v python3 >/dev/null; then
  sed -n 's/^ *- step: "\([0-9.]*\)".*/\1/p' "$protocol" | sort >"$work/have"
  python3 -c 'import json,sys; print("\n".join(r[2] for r in json.load(open(sys.argv[1])) if r[2][:1].isdigit()))' \
    "$shared/medcom-protocols/CONV_20260120.json" | sort >"$work/want"
  ok "the 185 step numbers of MedCom's table, each once" diff "$work/want" "$work/have"
  ok "which are 185" test "$(wc -l <"$work/have")" = 185
else
  echo "SKIPPED: the step numbers of MedCom's table are not at hand ($shared/medcom-protocols)"
fi
finish
