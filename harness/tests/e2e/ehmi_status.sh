#!/usr/bin/env bash
# EHMI's delivery status, of a sender and of a receiver, against the reference vendor: it passes as each of the stations
# that it can be, and each of its defects is caught by the step and the rule that are meant to.
. "$(dirname "$0")/lib.sh"
EHMI=$TEST_ROOT/protocols/ehmi/1.0
VENDOR=$VENDORS/refvendor-ehmi-eds.yaml

# station LIST: the same vendor as these stations, in $work/LIST.yaml; its one device is that of each of them.
station() {
  local devices=refvendor-msh
  case $1 in *,*) devices=$devices,$devices ;; esac
  cp "$VENDORS/refvendor-client.json" "$work/"
  sed -e "s/^  stations: .*/  stations: $1/" -e "s/^  device: .*/  device: $devices/" \
    -e "s/--device, /--station, \"$1\", --device, /" "$VENDOR" >"$work/$1.yaml"
}

# run NAME VENDOR SCALE [ARGUMENT...]
run() {
  local name=$1 vendor=$2 scale=$3
  shift 3
  "$T" run "$EHMI/delivery-status-$name.yaml" --vendor "$vendor" --store "$work/s.sqlite" --report "$work/reports" \
    --clock-scale "$scale" "$@"
}

# caught PROTOCOL SCALE DEFECT CASE STEP RULE
caught() {
  local launch
  launch=$(launch_of "$VENDOR")
  exits 1 "$3 fails $1" run "$1" "$VENDOR" "$2" --case "$4" --launch "$launch --defect $3"
  ok "$3 is seen at $5 by $6" fails_by "$5" "$6"
}

exits 0 "a sender" run send "$VENDOR" 120
exits 0 "a receiver" run receive "$VENDOR" 120
for stations in EUA MSH AP-MSH EUA,MSH; do
  station $stations
  exits 0 "a sender that is $stations" run send "$work/$stations.yaml" 300
  exits 0 "a receiver that is $stations" run receive "$work/$stations.yaml" 300
done

while read -r row; do
  case $row in '' | '#'*) continue ;; esac
  # shellcheck disable=SC2086
  caught $row
done <<'ROWS'
send 300 eds-no-ack-event 4 4.4+1 eds.chain.missing
send 300 eds-no-receipt-event 4 4.4+1 eds.chain.missing
send 300 eds-loops 5 5.1+11 reported.again
send 300 eds-stops 5 5.1+8 expect.deadline
send 300 eds-stops 6 6.1+11 eds.chain.missing
send 300 eds-loops 6 6.1+11 reported.again
send 300 eds-recorded-late 7 7.7+1 eds.chain.retry
send 300 eds-drops 7 7.5 expect.deadline
send 300 eds-no-receipt-event 8 8.5+1 eds.chain.missing
receive 300 eds-nothing 1 1.2 expect.deadline
receive 300 eds-wrong-subtype 1 1.4+1 eds.chain.missing
receive 300 eds-no-receipt-event 1 1.4+1 eds.chain.missing
receive 300 eds-no-ack-event 1 1.4+1 eds.chain.missing
receive 300 eds-wrong-original 1 1.4+1 eds.chain.id
receive 300 eds-no-duplicates 2 2.5+1 eds.chain.missing
receive 300 eds-always-success 3 3.3+1 eds.chain.failure
receive 300 eds-always-success 4 4.3+1 eds.chain.failure
receive 300 eds-drops 5 5.5+1 eds.chain.missing
receive 300 token-scope-without-sor 1 1.2 expect.deadline
ROWS
finish
