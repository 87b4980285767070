#!/usr/bin/env bash
# Each defect of the reference vendor makes the step that is meant to catch it fail, by rule id (defects.tsv).
. "$(dirname "$0")/lib.sh"
table=$(dirname "$0")/defects.tsv

# The finding lines of a step in the step list.
rules_of_step() {
  awk -v step="$1" '$1 == step { on = 1; next } /^  [^ ]/ { on = 0 } on && ($1 == "error") { print $2 }' "$work/err"
}

# Columns: defect, protocol, case, step, rule, how much faster the clock runs (more for those that are seen by a deadline).
while IFS=$'\t' read -r defect protocol case step rule scale; do
  case $defect in '' | '#'*) continue ;; esac
  exits 1 "$defect fails $protocol $case" "$T" run "$PROTOCOLS/$protocol.yaml" --vendor "$VENDORS/refvendor.yaml" --case "$case" \
    --store "$work/$defect-$protocol.sqlite" --report "$work/reports" --clock-scale "$scale" \
    --launch "refvendor --to \${harness.address} --seed \${seed} --late-ms 8000 --defect $defect" || continue
  checks=$((checks + 1))
  if ! rules_of_step "$step" | grep -Fxq "$rule"; then
    failures=$((failures + 1))
    echo "FAIL: $defect: step $step has no finding $rule"
    sed 's/^/    /' "$work/err"
  fi
done <"$table"

# The table is whole: every defect of the reference vendor stands in it.
for defect in $("$R" --list-defects | awk '{print $1}'); do
  ok "$defect stands in defects.tsv" grep -q "^$defect	" "$table"
done
finish
