#!/usr/bin/env bash
# The manual page is the one that the option tables make, and every command explains itself by them.
. "$(dirname "$0")/lib.sh"
exits 0 "the manual page" "$T" man "$TEST_ROOT/docs/testcamp.1.in"
ok "docs/testcamp.1 is up to date (make it: testcamp man docs/testcamp.1.in >docs/testcamp.1)" cmp "$work/out" "$TEST_ROOT/docs/testcamp.1"
if command -v groff >/dev/null; then ok "troff has nothing to say" test -z "$(groff -man -ww -Wbreak -Tutf8 -z "$work/out" 2>&1)"; fi
exits 0 "without prose" "$T" man
says '^\.SS testcamp approvals$' "the commands are there"
exits 2 "prose that is not there" "$T" man "$work/none"
"$T" --help | sed -n 's/^  \([a-z][a-z-]*\) .*/\1/p' >"$work/commands"
ok "commands are found" test "$(wc -l <"$work/commands")" -gt 35
while read -r command; do
  exits 0 "$command --help" "$T" "$command" --help
  says "^usage: testcamp $command " "$command: usage"
  says "^  testcamp $command" "$command: an example"
  says '^  2  ' "$command: exit codes"
  # What an example names has to be an option of the command.
  for option in $(grep "^  testcamp $command" "$work/out" | grep -oE -- ' --[a-z-]+' | sort -u); do
    says "^  $option( |\$)" "$command: $option of the example"
  done
done <"$work/commands"
finish
