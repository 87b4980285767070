#!/usr/bin/env bash
# The same system over watched folders.
. "$(dirname "$0")/lib.sh"
mkdir -p "$work/to" "$work/from"
sed -e "s#to: .*#to: $work/to#" -e "s#from: .*#from: $work/from#" "$VENDORS/refvendor-folder.yaml" >"$work/vendor.yaml"
"$R" --folder-in "$work/to" --folder-out "$work/from" >"$work/refvendor.log" 2>&1 &
exits 0 "receive over folders" "$T" run "$PROTOCOLS/receive.yaml" --vendor "$work/vendor.yaml" --case 3.2.5 --case 3.2.7 \
  --store "$work/s.sqlite" --report "$work/reports"
ok "what was read is kept" test "$(find "$work/from/received" -type f | wc -l)" -gt 2
ok "nothing unread is left" test "$(find "$work/from" -maxdepth 1 -type f | wc -l)" = 0
finish
