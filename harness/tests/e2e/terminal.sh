#!/usr/bin/env bash
# The live step list on a terminal: how far the run is, in colours unless NO_COLOR says otherwise; a log has neither.
. "$(dirname "$0")/lib.sh"
command -v script >/dev/null || { echo "skipped: script(1) is not there"; exit 77; }
play="'$T' run '$PROTOCOLS/receive.yaml' --vendor '$VENDORS/refvendor.yaml' --clock-scale 50 --store '$work/s' --report '$work/r'"
ok "on a terminal" env -u NO_COLOR script -qec "$play" "$work/seen"
ok "colours" grep -q $'\033\[32mpass' "$work/seen"
ok "and progress" grep -qE '^.*3\.1\.1 .*  .*1/[0-9]+' "$work/seen"
ok "without colours" env NO_COLOR=1 script -qec "$play" "$work/plain"
ok "there are none" sh -c "! grep -q '$(printf '\033')' '$work/plain'"
ok "progress is there" grep -qE '^3\.1\.1 .*  1/[0-9]+' "$work/plain"
exits 0 "into a file" sh -c "$play"
ok "no progress" sh -c "! grep -qE '^3\.1\.1 .*  1/[0-9]+' '$work/err'"
ok "no colours" sh -c "! grep -q '$(printf '\033')' '$work/err'"
finish
