#!/usr/bin/env bash
# The protocols of EHMI against the reference vendor: it passes, and a sample of its defects is caught by the step and the
# rule that are meant to.
. "$(dirname "$0")/lib.sh"
EHMI=$TEST_ROOT/protocols/ehmi/1.0

# run NAME VENDOR SCALE [ARGUMENT...]
run() {
  local name=$1 vendor=$2 scale=$3
  shift 3
  "$T" run "$EHMI/$name.yaml" --vendor "$VENDORS/$vendor.yaml" --store "$work/s.sqlite" --report "$work/reports" --clock-scale "$scale" "$@"
}

# caught PROTOCOL VENDOR SCALE DEFECT CASE STEP RULE
caught() {
  local launch
  launch=$(launch_of "$VENDORS/$2.yaml")
  exits 1 "$4 fails $1" run "$1" "$2" "$3" --case "$5" --launch "$launch --late-ms 8000 --defect $4"
  ok "$4 is seen at $6 by $7" fails_by "$6" "$7"
}

exits 0 "the sending MSH" run msh-send refvendor-ehmi 300
exits 0 "the receiving MSH" run msh-receive refvendor-ehmi 300
exits 0 "the delivery status" run delivery-status-send refvendor-ehmi-eds 60

while read -r row; do
  case $row in '' | '#'*) continue ;; esac
  # shellcheck disable=SC2086
  caught $row
done <<'ROWS'
msh-send refvendor-ehmi 60 sbdh-scope-twice 1 1.1+2 sbdh.scope.repeated
msh-send refvendor-ehmi 60 sbdh-copies-early 2 2.2 expect-none.arrived
msh-send refvendor-ehmi 600 sbdh-no-copy 2 2.4 expect.deadline
msh-send refvendor-ehmi 60 sbdh-copies-twice 2 2.5+3 expect-none.arrived
msh-send refvendor-ehmi 60 sbdh-resends-refused 3 3.2#1+1 expect-none.arrived
msh-send refvendor-ehmi 60 sbdh-copies-refused 3 3.2#1+2 expect-none.arrived
msh-send refvendor-ehmi 600 sbdh-same-envelope-on-resend 4 4.3+1 sbdh.envelope-id.new
msh-send refvendor-ehmi 600 sbdh-takes-any-receipt 4 4.3 expect.deadline
msh-send refvendor-ehmi 300 sbdh-new-message-on-resend 4 4.3+2 sbdh.message-id.same
msh-receive refvendor-ehmi 120 sbdh-copies-acks 1 1.4+2 expect-none.arrived
msh-receive refvendor-ehmi 600 sbdh-receipt-late 1 1.2 expect.deadline
msh-receive refvendor-ehmi 600 sbdh-no-receipt 1 1.2 expect.deadline
msh-receive refvendor-ehmi 60 sbdh-receipt-twice 1 1.2+2 expect-none.arrived
msh-receive refvendor-ehmi 60 sbdh-receipts-receipts 1 1.4+1 expect-none.arrived
msh-receive refvendor-ehmi 60 sbdh-delivers-duplicates 2 2.3+3 expect-none.arrived
msh-receive refvendor-ehmi 600 sbdh-forgets-duplicates 2 2.3 expect.deadline
msh-receive refvendor-ehmi 60 sbdh-wrong-exception 3 3.4+1 sbdh.exception
delivery-status-send refvendor-ehmi-eds 60 eds-wrong-subtype 1 1.4+1 eds.chain.missing
delivery-status-send refvendor-ehmi-eds 60 eds-wrong-original 1 1.4+1 eds.chain.id
delivery-status-send refvendor-ehmi-eds 60 eds-always-success 2 2.3+1 eds.chain.failure
delivery-status-send refvendor-ehmi-eds 60 eds-drops 3 3.5+1 eds.chain.missing
delivery-status-send refvendor-ehmi-eds 60 token-scope-without-sor 1 1.2 expect.deadline
ROWS
finish
