#!/usr/bin/env bash
# A damaged store: which run, which event, which blob is said, and what is whole can still be listed, reported and saved.
. "$(dirname "$0")/lib.sh"
whole=$work/whole
mkdir "$whole"
run_case() {
  "$T" run "$PROTOCOLS/receive.yaml" --case "$1" --vendor "$VENDORS/refvendor.yaml" --store "$whole/s.sqlite" \
    --report "$work/reports" --clock-scale 200 >"$work/out" 2>"$work/err" </dev/null
}
run_case 3.2.5
first=$(last_run "$whole/s.sqlite")
run_case 3.2.8
second=$(last_run "$whole/s.sqlite")

# fresh: a copy of the whole store to damage, in $store.
fresh() {
  rm -rf "$work/s"
  cp -r "$whole" "$work/s"
  store=$work/s/s.sqlite
}
# flip FILE TEXT: changes the last byte of the first such text in a file; at least so long that it is not found twice.
flip() {
  local at
  at=$(grep -abo -- "$2" "$1" | head -n 1 | cut -d: -f1)
  [ -n "$at" ] && printf '~' | dd of="$1" bs=1 seek=$((at + ${#2} - 1)) conv=notrunc 2>/dev/null
}

fresh
exits 0 "a store that is whole" "$T" check --store "$store"
says '2 runs, [0-9]+ events, [0-9]+ blobs are whole' "how much there is"

# An event that was changed after it was written: up to it the run can be reported, with a mark; it cannot go on.
fresh
ok "there is an event to change" flip "$store" '"kind":"send-result","case":"3.2.5"'
exits 1 "a changed event" "$T" check --store "$store"
says "^$first: .*run $first, event [0-9]+: it was changed" "which run and event"
exits 2 "the list goes on" "$T" list runs --store "$store"
says "^$second .* pass" "the other run is listed"
says "^$first " "the damaged one is listed as far as it goes"
says "run $first, event [0-9]+: it was changed" "and what is wrong with it"
exits 0 "the other run is reported" "$T" report "$second" --store "$store" --format json
exits 0 "so is the damaged one" "$T" report "$first" --store "$store" --format json
says '"damage": *"store .* is damaged' "with a mark"
exits 0 "also for people" "$T" report "$first" --store "$store" --lang da
says 'Protokollen er ikke hel' "in Danish"
exits 2 "it cannot go on" "$T" resume "$first" --store "$store" --report "$work/reports"
says "event [0-9]+: it was changed" "and why"
exits 1 "what is whole is saved" "$T" check --store "$store" --copy-to "$work/s/saved.sqlite"
exits 0 "the copy is whole" "$T" check --store "$work/s/saved.sqlite"
exits 2 "and can be listed, saying what it lost" "$T" list runs --store "$work/s/saved.sqlite"
says "^$second .* pass" "with the other run"
exits 0 "a run that lost its end says so" "$T" report "$first" --store "$work/s/saved.sqlite" --format json
says '"damage": *"store .* is damaged' "there too"
exits 2 "nothing is overwritten" "$T" check --store "$store" --copy-to "$work/s/saved.sqlite"

# A file that was cut off.
fresh
truncate -s "$(($(stat -c %s "$store") / 2))" "$store"
exits 1 "a cut file" "$T" check --store "$store"
says 'malformed|damaged' "is told of"
exits 2 "and has nothing to go on with" "$T" resume "$first" --store "$store"
fresh
truncate -s 100 "$store"
exits 1 "hardly anything left" "$T" check --store "$store"
says 'damaged' "is told of"

# Bytes of a page that is no event.
fresh
dd if=/dev/urandom of="$store" bs=4096 seek=2 count=1 conv=notrunc 2>/dev/null
exits 1 "a page of noise" "$T" check --store "$store"
says 'malformed|damaged|page|tree' "is told of"

# The log with what was written last is gone after a kill.
fresh
printf '4711\nwritten\n' >"$store.lock"
rm -f "$store-wal" "$store-shm"
exits 1 "a log that is gone" "$T" check --store "$store"
says 'did not end in order.*is gone' "is told of"
exits 2 "nobody writes on without knowing" "$T" resume "$first" --store "$store"
says 'is gone; bring it back' "but what to do is said"
exits 0 "the runs can be read" "$T" list runs --store "$store"
fresh
mv "$store" "$work/s/elsewhere"
printf 'x' >"$store-wal"
exits 2 "a log without its store" "$T" run "$PROTOCOLS/receive.yaml" --case 3.2.5 --vendor "$VENDORS/refvendor.yaml" --store "$store"
says 'is gone, but .*-wal is there' "is not taken for another's"

# A blob that is a file: gone, altered.
fresh
big=$(find "$work/s" -path '*.blobs/*' -type f | head -n 1)
if [ -z "$big" ]; then # none of these messages is that large: hand one in
  head -c 1500000 /dev/zero >"$work/large.txt"
  exits 3 "a large message is put" "$T" put "$second" "$work/large.txt" --store "$whole/s.sqlite"
  fresh
  big=$(find "$work/s" -path '*.blobs/*' -type f | head -n 1)
fi
digest=$(basename "$big")
printf '~' | dd of="$big" bs=1 seek=1000 conv=notrunc 2>/dev/null
exits 1 "an altered blob" "$T" check --store "$store"
says "^$second: event [0-9]+: the blob $digest was altered" "which run, event and blob"
rm "$big"
exits 1 "a blob that is gone" "$T" check --store "$store"
says "^$second: event [0-9]+: the blob $digest is not in the store" "which run, event and blob"
exits 0 "the run can be reported" "$T" report "$second" --store "$store" --format json
says "\"damage\": *\"m[0-9]+: the blob $digest" "with a mark"
exits 0 "and listed" "$T" list runs --store "$store"
finish
