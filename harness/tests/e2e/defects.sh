#!/usr/bin/env bash
# Each defect of the wire makes the steps that are meant to catch it fail, by rule id (defects/<standard>.tsv). Defects of
# content are declared changes, judged on a recorded run by mutations.sh; a few of them are here too.
# usage: defects.sh [STANDARD...]    without a name: all of them
. "$(dirname "$0")/lib.sh"
tables=$(cd "$(dirname "$0")/defects" && pwd)
mutations=$TEST_ROOT/harness/tests/mutations

# wire STANDARD: columns of its rows: defect, protocol, case (several with commas), step, rule, how much faster the clock
# runs. Rows that follow each other and differ in step and rule alone share one run.
wire() {
  local standard=$1 last= ran=1 defect protocol case step rule scale path vendor cases
  while IFS=$'\t' read -r defect protocol case step rule scale; do
    case $defect in '' | '#'*) continue ;; esac
    [ "$scale" = - ] && continue
    if [ "$last" != "$defect $protocol $case $scale" ]; then
      last="$defect $protocol $case $scale" ran=1
      IFS=$'\t' read -r path vendor < <(awk -F '\t' -v standard="$standard" -v file="/$protocol.yaml" \
        '$1 == standard && substr($2, length($2) - length(file) + 1) == file {print $2 "\t" $3}' "$mutations/standards.tsv")
      IFS=, read -ra cases <<<"${case//,/,--case,}"
      store=$work/$standard-$defect-$protocol-$case.sqlite
      exits 1 "$defect fails $standard $protocol $case" "$T" run "$TEST_ROOT/protocols/$path" \
        --vendor "$TEST_ROOT/vendors/$vendor" --case "${cases[@]}" --store "$store" --report "$work/reports" --clock-scale "$scale" \
        --launch "$(launch_of "$TEST_ROOT/vendors/$vendor") --late-ms 8000 --defect $defect" || ran=0
      rm -rf "$store"*
    fi
    [ "$ran" = 1 ] || continue
    checks=$((checks + 1))
    if ! fails_by "$step" "$rule"; then
      failures=$((failures + 1))
      echo "FAIL: $defect: step $step of $standard $protocol has no finding $rule"
      sed 's/^/    /' "$work/err"
    fi
  done <"$tables/$standard.tsv"
}

[ $# -gt 0 ] || set -- $("$mutations/run" standards)
for standard; do
  ok "$standard has rows" test -f "$tables/$standard.tsv" && wire "$standard"
done

# Nothing is forgotten: every defect of the reference vendor stands in a table, here or beside, or in a script about EHMI's wire.
# Not caught, and why: EDS has to live with the same event twice, and no order of arrival is published; a second token is
# for a second organisation, of which a run knows nothing; what a second receipt does is seen on a screen alone. MedCom's protocol of
# the conversion service sends no letter twice and restarts no operator: refvendor/converter_test.c has these two.
uncaught=' eds-twice eds-out-of-order token-one-for-all sbdh-obeys-later-receipts convert-twice convert-forgets-on-restart '
for defect in $("$R" --list-defects | awk '{print $1}'); do
  [[ $uncaught != *" $defect "* ]] || continue
  ok "$defect stands in e2e/defects/ or in e2e/ehmi*.sh" grep -qwh -- "$defect" "$tables"/*.tsv "$tables"/../*.tsv "$tables"/../ehmi*.sh
done
finish
