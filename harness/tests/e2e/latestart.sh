#!/usr/bin/env bash
# The vendor's system is started after the harness: what could not be delivered is sent again, and the run passes.
. "$(dirname "$0")/lib.sh"
theirs=$(free_port)
ours=$(free_port)
sed -e "s#\${launch.address}#http://127.0.0.1:$theirs#" -e '/^launch/,/^$/d' "$VENDORS/refvendor.yaml" >"$work/vendor.yaml"
(
  sleep 1.5
  exec "$R" --listen "127.0.0.1:$theirs" --to "http://127.0.0.1:$ours/reference-vendor/receiver" >/dev/null 2>&1
) &
exits 0 "a system that comes up late" "$T" run "$PROTOCOLS/receive.yaml" --case 3.2.5 --vendor "$work/vendor.yaml" \
  --listen "127.0.0.1:$ours" --store "$work/s.sqlite" --report "$work/reports" --clock-scale 20
says 'trying again' "says that it tries again"

# Nobody ever comes: an error of the harness, never a failure of the vendor.
kill %1 2>/dev/null
wait 2>/dev/null
exits 3 "nobody is there" "$T" run "$PROTOCOLS/receive.yaml" --case 3.2.8 --vendor "$work/vendor.yaml" \
  --listen "127.0.0.1:$ours" --store "$work/n.sqlite" --report "$work/reports" --clock-scale 600
says 'send.unreachable' "by rule"
finish
