#!/usr/bin/env bash
# EHMI's protocols for systems with a user: the reference vendor logs its user in and shows what EDS knows; each of its defects
# is caught by the step and the rule that are meant to.
. "$(dirname "$0")/lib.sh"
EHMI=$TEST_ROOT/protocols/ehmi/1.0
VENDOR=$VENDORS/refvendor-ehmi-user.yaml
launch=$(sed -n 's/^  command: \[\(.*\)\]$/\1/p' "$VENDOR" | tr -d ',"')

# run PROTOCOL SCALE [ARGUMENT...]
run() {
  "$T" run "$EHMI/$1.yaml" --vendor "$VENDOR" --store "$work/s.sqlite" --report "$work/reports" --clock-scale "$2" "${@:3}"
}

# caught PROTOCOL SCALE DEFECT CASES STEP RULE: cases have commas between them, and may need those before them.
caught() {
  local cases=()
  for one in ${4//,/ }; do cases+=(--case "$one"); done
  exits 1 "$3 fails $1" run "$1" "$2" "${cases[@]}" --launch "$launch --defect $3"
  ok "$3 is seen at $5 by $6, and nowhere before" awk -v step="$5" -v rule="$6" \
    '/^  [0-9]/ { at = $1; early += $2 == "FAIL" && at != step && !seen }
     $1 == "error" && at == step && $2 == rule { seen = 1 }
     END { exit !seen || early }' "$work/err"
}

for p in delivery-status-show user-log-in; do
  exits 0 "$p has no mistakes" "$T" lint "$EHMI/$p.yaml" --vendor "$VENDOR"
  exits 0 "$p" run "$p" 120
done

while read -r row; do
  case $row in '' | '#'*) continue ;; esac
  # shellcheck disable=SC2086
  caught $row
done <<'ROWS'
delivery-status-show 900 status-all 1 1.3 expect.deadline
delivery-status-show 900 status-no-zone 1 1.3 expect.deadline
delivery-status-show 900 status-type-parameter 2 2.3 expect.deadline
delivery-status-show 900 status-cpr-hyphen 3 3.3 expect.deadline
delivery-status-show 900 status-patient-parameter 3 3.3 expect.deadline
delivery-status-show 900 status-sides-swapped 4 4.3 expect.deadline
delivery-status-show 900 status-sides-swapped 5 5.3 expect.deadline
delivery-status-show 900 status-outcome-inverted 6 6.3 expect.deadline
delivery-status-show 900 status-urn 7 7.3 expect.deadline
delivery-status-show 900 status-all 8 8.3 expect.deadline
user-log-in 900 user-no-par 1 1.2 expect.deadline
user-log-in 900 user-plain-challenge 1 1.2 oauth.pkce.method
user-log-in 900 user-other-verifier 1 1.4 oauth.pkce.verifier
user-log-in 120 user-code-twice 1 1.6 expect-none.arrived
user-log-in 120 user-same-state 2 2.6 assert
user-log-in 120 user-same-verifier 2 2.7 assert
user-log-in 120 user-no-state-check 3 3.2+2 expect-none.arrived
user-log-in 120 user-no-iss-check 4 4.2+2 expect-none.arrived
user-log-in 120 user-iss-optional 5 5.2+2 expect-none.arrived
user-log-in 120 user-keeps-token 1,6 6.4 expect-none.arrived
ROWS
finish
