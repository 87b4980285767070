#!/usr/bin/env bash
# Each defect of the wire makes the steps that are meant to catch it fail, by rule id (defects.tsv). Defects of content are
# declared changes, judged on a recorded run by mutations.sh; a few of them are here too.
. "$(dirname "$0")/lib.sh"
table=$(dirname "$0")/defects.tsv

# The finding lines of a step in the step list.
rules_of_step() {
  awk -v step="$1" '$1 == step { on = 1; next } /^  [^ ]/ { on = 0 } on && ($1 == "error") { print $2 }' "$work/err"
}

# Columns: defect, protocol, case, step, rule, how much faster the clock runs. Rows that follow each other and differ in
# step and rule alone share one run.
last= ran=1
while IFS=$'\t' read -r defect protocol case step rule scale; do
  case $defect in '' | '#'*) continue ;; esac
  [ "$scale" = - ] && continue
  if [ "$last" != "$defect $protocol $case $scale" ]; then
    last="$defect $protocol $case $scale" ran=1
    store=$work/$defect-$protocol-$case.sqlite
    exits 1 "$defect fails $protocol $case" "$T" run "$PROTOCOLS/$protocol.yaml" --vendor "$VENDORS/refvendor.yaml" --case "$case" \
      --store "$store" --report "$work/reports" --clock-scale "$scale" \
      --launch "refvendor --to \${harness.address} --seed \${seed} --late-ms 8000 --defect $defect" || ran=0
    rm -rf "$store"*
  fi
  [ "$ran" = 1 ] || continue
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
