#!/usr/bin/env bash
# A seeded run can be repeated byte for byte.
. "$(dirname "$0")/lib.sh"
for n in 1 2; do
  exits 0 "seeded run $n" "$T" run "$PROTOCOLS/receive.yaml" --vendor "$VENDORS/refvendor.yaml" --case 3.2.5 --case 3.2.7 --seed 42 \
    --clock-scale 20 --store "$work/$n.sqlite" --report "$work/reports-$n"
done
a=$(find "$work/reports-1" -name record.json)
ok "the records are the same" cmp "$a" "${a/reports-1/reports-2}"
finish
