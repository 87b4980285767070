#!/usr/bin/env bash
# What lists show of runs is there at once after a start; and a run that was damaged meanwhile is known to be before long.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/console_lib.sh"
exits 0 "a run" "$T" run "$PROTOCOLS/receive.yaml" --vendor "$VENDORS/refvendor.yaml" --case 3.2.5 --clock-scale 100 --quiet --store "$store" \
  --report "$work/reports"
run=$(last_run "$store")

# until PATTERN: the list of runs has it before long.
until_list_has() { awaits page_has local / "$1"; }

console
ok "the run is listed" until_list_has "badge pass"
console_stop
ok "its card is kept" test "$(sqlite3 "$store.console" 'SELECT count(*) FROM cards')" = 1
# It is shown before it has been read: what was kept is what the page says.
sqlite3 "$store.console" "UPDATE cards SET system = 'As it was kept'"
console
get local /
answers 200 "the first page after a start"
shows 'As it was kept' "has what was kept"
ok "and reads the run again" until_list_has 'Reference vendor 0'
console_stop
sqlite3 "$store" "UPDATE events SET json = replace(json, '\"at\":', '\"at\":1') WHERE run = '$run' AND seq = 5"
console
ok "damage is shown, though there was a card" until_list_has 'is damaged'
console_stop
console
ok "and after the next start too" until_list_has 'is damaged'
console_stop
finish
