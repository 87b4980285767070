#!/usr/bin/env bash
# The receive protocol by put and get alone: a vendor without network. A reference vendor on folders stands for the person who
# carries the files.
. "$(dirname "$0")/lib.sh"
store=$work/s.sqlite
mkdir -p "$work/in" "$work/out-files"
"$R" --folder-in "$work/in" --folder-out "$work/out-files" >"$work/refvendor.log" 2>&1 &
exits 3 "the run stands and waits" "$T" run "$PROTOCOLS/receive.yaml" --vendor "$VENDORS/refvendor-upload.yaml" --case 3.2.5 \
  --store "$store" --report "$work/reports"
says 'testcamp resume' "says how to go on"
says 'testcamp get' "where the messages for the system are"
says 'testcamp put' "and how those of the system are handed in"
says 'only a part of the protocol: 10 of 11 cases' "and that the rest was not chosen"
run=$(last_run "$store")
exits 0 "its report" "$T" report "$run" --format json --store "$store"
says '; ready to be fetched"' "tells that a message lies ready"
says '; klar til afhentning"' "in Danish too"
exits 2 "no name is no run" "$T" resume "" --store "$store"
exits 0 "it is paused" "$T" pause "$run" --by AB --store "$store"
echo '{}' >"$work/any.json"
exits 2 "a message for a paused run" "$T" put "$run" "$work/any.json" --store "$store" --report "$work/reports"
says 'is paused' "does not set it going"
exits 2 "it is still paused" "$T" pause "$run" --by AB --store "$store"
says 'paused already' "as a person left it"
exits 3 "a person goes on with it" "$T" resume "$run" --store "$store" --report "$work/reports"
code=3
for _ in 1 2 3 4 5 6; do
  [ $code = 3 ] || break
  "$T" get "$run" --to "$work/got" --store "$store" >/dev/null || break
  for f in "$work"/got/*; do
    [ -e "$work/carried-$(basename "$f")" ] && continue
    touch "$work/carried-$(basename "$f")"
    cp "$f" "$work/in/.tmp-$$" && mv "$work/in/.tmp-$$" "$work/in/$(basename "$f")"
  done
  awaits has_answered "$work/out-files" || break
  "$T" put "$run" $files --store "$store" --report "$work/reports" >"$work/put.out" 2>&1
  code=$?
  rm -f $files
done
ok "the run by hand passes" test "$code" = 0
[ "$code" = 0 ] || sed 's/^/    /' "$work/put.out"

# A bare payload is judged as it is; an envelope step is then inconclusive, never passed.
"$T" get "$run" --payload --to "$work/bare" --store "$store" >/dev/null
file=$(find "$work/bare" -type f | head -n 1)
exits 0 "a bare payload is judged" "$T" validate --level bundle "$file"
exits 3 "without an envelope, the level envelope is undecided" "$T" validate --level envelope "$file"
says validate.no-envelope "and says why"
finish
