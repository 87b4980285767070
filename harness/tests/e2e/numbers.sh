#!/usr/bin/env bash
# Every step number of MedCom's tables stands in its protocol once, and no other does. The tables are not part of the project.
. "$(dirname "$0")/lib.sh"
tables=${TESTCAMP_SHARED:-$TEST_ROOT/../shared}/medcom-protocols
[ -d "$tables" ] || { echo "SKIP: $tables is not there"; exit 77; }

# numbers FILE: what is a number and nothing else; sections too.
numbers() {
  grep -oE '"[0-9]+(\.[0-9]+)+"' "$1" | tr -d '"' | sort -u
}

while read -r table protocol; do
  file=$TEST_ROOT/protocols/$protocol
  sed -nE 's/^ *-? *id: "([0-9.]+)".*/\1/p' "$file" | sort -u >"$work/sections"
  sed -nE 's/^ *-? *step: "([0-9.]+)".*/\1/p' "$file" | sort >"$work/steps"
  numbers "$tables/$table.json" | grep -Fxv -f "$work/sections" >"$work/wanted"
  ok "$protocol has its sections from $table" test -s "$work/sections"
  ok "$protocol has the steps of $table, each once" diff "$work/wanted" "$work/steps"
done <<'MAP'
ACK_send_20241205 acknowledgement/2.0/send.yaml
ACK_recv_20241205 acknowledgement/2.0/receive.yaml
CC_send_20260421 carecommunication/5.0/send.yaml
CC_recv_20251103 carecommunication/5.0/receive.yaml
MAP
finish
