#!/usr/bin/env bash
# kill -9 in the middle of a run, then resume: same run, nothing twice, and it passes.
. "$(dirname "$0")/lib.sh"
store=$work/s.sqlite
for delay in 0.05 0.1 0.2 0.4 0.7; do
  rm -f "$store"*
  "$T" run "$PROTOCOLS/receive.yaml" --vendor "$VENDORS/refvendor.yaml" --store "$store" --report "$work/reports" --clock-scale 20 \
    >"$work/first.out" 2>&1 </dev/null &
  pid=$!
  sleep "$delay"
  kill -9 $pid 2>/dev/null
  wait $pid 2>/dev/null
  run=$(last_run "$store" 2>/dev/null)
  [ -n "$run" ] || continue # killed before the run began
  exits 0 "resumed after $delay s" "$T" resume "$run" --store "$store" --report "$work/reports"
  ok "there is one run" test "$("$T" list runs --store "$store" | wc -l)" = 1
done
finish
