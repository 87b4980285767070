#!/usr/bin/env bash
# kill -9 in the middle of a run, then resume: same run, nothing lost, nothing twice, and it passes. The vendor's system is a
# process of its own and lives on, as a real one does.
. "$(dirname "$0")/lib.sh"
store=$work/s.sqlite
# A port that the system gives nobody by itself; the harness takes it again after each kill.
port=$(free_port)

for delay in 0.03 0.06 0.1 0.15 0.2 0.3 0.4 0.5 0.7; do
  # The log of the vendor before goes too: its address must not be taken for that of the new one.
  rm -rf "$store"* "$work/vendor.log"
  "$R" --to "http://127.0.0.1:$port/reference-vendor/receiver" >"$work/vendor.log" 2>"$work/vendor.err" &
  vendor=$!
  awaits has listening "$work/vendor.log"
  address=$(sed -n 's#listening ##p' "$work/vendor.log")
  sed -e "s#\${launch.address}#$address#" -e '/^launch/,/^$/d' "$VENDORS/refvendor.yaml" >"$work/vendor.yaml"
  "$T" run "$PROTOCOLS/receive.yaml" --vendor "$work/vendor.yaml" --listen "127.0.0.1:$port" --store "$store" \
    --report "$work/reports" --clock-scale 20 >"$work/first.out" 2>&1 </dev/null &
  pid=$!
  sleep "$delay"
  kill -9 $pid 2>/dev/null
  wait $pid 2>/dev/null
  run=$(last_run "$store" 2>/dev/null)
  if [ -n "$run" ]; then # else it was killed before it began
    exits 0 "resumed after $delay s" "$T" resume "$run" --listen "127.0.0.1:$port" --store "$store" --report "$work/reports"
    ok "there is one run" test "$("$T" list runs --store "$store" | wc -l)" = 1
  fi
  kill $vendor
  wait $vendor 2>/dev/null
done
finish
