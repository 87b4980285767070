#!/usr/bin/env bash
# Redaction: the bytes go for good, digest and tombstone stay, and verify says redacted, not altered.
. "$(dirname "$0")/lib.sh"
store=$work/s.sqlite
exits 0 "a run" "$T" run "$PROTOCOLS/receive.yaml" --vendor "$VENDORS/refvendor.yaml" --case 3.2.5 --seed 42 --clock-scale 20 \
  --store "$store" --report "$work/reports"
run=$(last_run "$store")
cd "$work" || exit 1
cpr=2512489996

exits 0 "the record of the run" "$T" report "$run" --format json --store "$store"
ok "has the number before" grep -q "$cpr" out
exits 2 "who must be told" "$T" redact "$run" m1 --why test --erase --store "$store"
exits 2 "why must be told" "$T" redact "$run" m1 --by JD --erase --store "$store"
exits 2 "and what is done" "$T" redact "$run" m1 --by JD --why test --store "$store"
exits 2 "one of both" "$T" redact "$run" m1 --by JD --why test --erase --black-out x --store "$store"
exits 2 "a message that is not there" "$T" redact "$run" m99 --by JD --why test --erase --store "$store"
exits 2 "a pattern that is none" "$T" redact "$run" m1 --by JD --why test --black-out '(' --store "$store"
exits 2 "a pattern that finds nothing" "$T" redact "$run" m1 --by JD --why test --black-out 'nowhere-to-be-found' --store "$store"
says 'nothing was changed' "and says so"
protocol=$(sha256sum "$PROTOCOLS/receive.yaml" | cut -c1-16)
exits 2 "the protocol stays" "$T" redact "$run" "$protocol" --by JD --why test --erase --store "$store"
exits 0 "after all that the run is intact" "$T" verify "$run" --store "$store"

# What stands in the envelope alone is blacked out there; the bare message beside it stays.
cp "$store" envelope.sqlite
exits 0 "a bundle" "$T" report "$run" --format bundle --output before.tar.gz --store envelope.sqlite
stamp=$(tar xzOf before.tar.gz exchanges/CareCommunication_3.2.5.1_A_R.xml | grep -o 'EnvelopeIdentifier>[^<]*' | head -n 1 | cut -d'>' -f2)
exits 0 "a word of the envelope is blacked out" "$T" redact "$run" m1 --by JD --why test --black-out "$stamp" --store envelope.sqlite
ok "in one blob only" test "$(grep -c blacked-out out)" = 1
exits 0 "a bundle" "$T" report "$run" --format bundle --output after.tar.gz --store envelope.sqlite
ok "has the bare message still" diff <(tar tzf before.tar.gz | grep ^blobs/) <(tar tzf after.tar.gz | grep ^blobs/ | grep -v "$(tar xzOf after.tar.gz events.jsonl | grep -o '"copy":"[0-9a-f]*' | cut -d'"' -f4)")

# m1 goes to the system: an envelope, in which the message is base64, and the bare message.
exits 0 "blacked out" "$T" redact "$run" m1 --by JD --why "not a test person" --black-out "$cpr" --store "$store"
says 'what was written before still has it' "and says where it is left"
exits 0 "the run is still intact" "$T" verify "$run" --store "$store"
says 'redacted +message m1: blacked-out by JD, .*: not a test person' "and says what was redacted, by whom and why"
exits 0 "a report of it" "$T" report "$run" --format html --store "$store"
says 'Blacked out by JD: not a test person' "says so"
says 'XXXXXXXXXX' "and shows the copy"
exits 0 "a bundle of it" "$T" report "$run" --format bundle --output black.tar.gz --store "$store"
exits 0 "is intact" "$T" verify black.tar.gz
says 'redacted +message m1' "with what was redacted"
ok "and has no original" test -z "$(tar xzOf black.tar.gz manifest.json | grep -o 'exchanges/CareCommunication_3.2.5.1_A_R.xml')"

# What the pattern left there is blacked out afterwards, and then all of it goes: the copies are what there is to go.
cp "$store" twice.sqlite
exits 0 "blacked out once more" "$T" redact "$run" m1 --by MM --why "the code too" --black-out "$stamp" --store twice.sqlite
ok "which is told" grep -q 'blacked-out copy  blacked-out' out
exits 0 "a bundle" "$T" report "$run" --format bundle --output twice.tar.gz --store twice.sqlite
ok "has neither in its blobs" test -z "$(tar xzOf twice.tar.gz --wildcards 'blobs/*' | grep -a "$cpr\|EnvelopeIdentifier>$stamp")"
ok "which are those of both" test -n "$(tar xzOf twice.tar.gz --wildcards 'blobs/*' | grep -a 'EnvelopeIdentifier>XXX')"
exits 0 "a report" "$T" report "$run" --format json --store twice.sqlite
says '"withheld_by": "MM"' "and says who was the last"
exits 0 "then it is erased" "$T" redact "$run" m1 --by MM --why "all of it" --erase --store twice.sqlite
ok "with both copies" test "$(grep -c erased out)" = 2
exits 0 "a report" "$T" report "$run" --format html --store twice.sqlite
says 'Erased by MM: all of it' "says so"
ok "and no message is missing" test ! -s err
exits 0 "the run is intact" "$T" verify "$run" --store twice.sqlite
exits 0 "and the store" "$T" check --store twice.sqlite

# m2 comes from the system. A marker in the bytes as they lie on the disk, and a large blob in a file of its own.
mark() { cat "$store" "$store-wal" 2>/dev/null | grep -c "$1"; }
envelope=$(tar xzOf black.tar.gz exchanges/CareCommunication_3.2.5.2_A_R.xml | grep -o 'EnvelopeIdentifier>[^<]*' | head -n 1)
ok "its bytes are in the store" test "$(mark "$envelope")" != 0
exits 0 "erased" "$T" redact "$run" m2 --by JD --why "a real person" --erase --store "$store"
ok "no byte of it is left in the store" test "$(mark "$envelope")" = 0
exits 0 "the run is still intact" "$T" verify "$run" --store "$store"
says 'redacted +message m2: erased by JD' "and says what was erased"
exits 0 "reports can still be made" "$T" report "$run" --format html --store "$store"
says 'Erased by JD: a real person' "and say so"
exits 0 "a bundle of it" "$T" report "$run" --format bundle --output gone.tar.gz --store "$store"
exits 0 "is intact" "$T" verify gone.tar.gz --lang da
says '^intakt' "in Danish too"
says 'fjernet +message m2: erased af JD, 20.*: a real person' "with the tombstone"
exits 0 "redacting again does nothing more" "$T" redact "$run" m2 --by JD --why "again" --erase --store "$store"
exits 0 "the run is listed as before" "$T" list runs --store "$store"
says "$run .*pass" "with its verdict"

# A bundle that lacks what only a forged tombstone would excuse.
rm -rf x && mkdir x && tar xzf gone.tar.gz -C x
sed -i '$d' x/events.jsonl && (cd x && tar czf ../forged.tar.gz -- *)
exits 1 "without its tombstone" "$T" verify forged.tar.gz
says 'message m2 .*missing, and no event says that it was redacted' "a missing message is missing"

# What a person handed in goes by the beginning of its digest.
sed -e 's/kind: http$/kind: person/' -e '/^  url:/d' "$VENDORS/refvendor.yaml" >person.yaml
exits 3 "a run that waits for a person" "$T" run "$PROTOCOLS/send.yaml" --vendor person.yaml --case 3.3.1 --store "$store" --report "$work/reports"
asked=$(last_run "$store")
echo "a screen with a name on it" >shot.png
exits 3 "an answer with a file" "$T" answer "$asked" 3.3.1.11 ok seen shot.png --store "$store" --report "$work/reports"
exits 0 "a bundle" "$T" report "$asked" --format bundle --output asked.tar.gz --store "$store"
ok "has the file by MedCom's name" grep -qx 'evidence/CareCommunication_3.3.1.11_A_S.png' <(tar tzf asked.tar.gz)
exits 0 "erased" "$T" redact "$asked" "$(sha256sum shot.png | cut -c1-12)" --by JD --why "a name on it" --erase --store "$store"
exits 0 "the run is intact" "$T" verify "$asked" --store "$store"
says 'redacted +shot.png of step 3.3.1.11: erased by JD' "and says what is gone"
exits 0 "a bundle" "$T" report "$asked" --format bundle --output asked.tar.gz --store "$store"
ok "has the file no more" test -z "$(tar tzf asked.tar.gz | grep evidence)"
exits 0 "a report can still be made" "$T" report "$asked" --format html --store "$store"

# Two runs that share a blob: both get the tombstone.
exits 0 "the same once more" "$T" run "$PROTOCOLS/receive.yaml" --vendor "$VENDORS/refvendor.yaml" --case 3.2.7 --seed 42 --clock-scale 20 \
  --store "$store" --report "$work/reports"
second=$(last_run "$store")
exits 0 "and again" "$T" run "$PROTOCOLS/receive.yaml" --vendor "$VENDORS/refvendor.yaml" --case 3.2.7 --seed 42 --clock-scale 20 \
  --store "$store" --report "$work/reports"
third=$(last_run "$store")
exits 0 "a blob of two runs" "$T" redact "$second" m1 --by JD --why shared --erase --store "$store"
exits 0 "is redacted in one" "$T" verify "$second" --store "$store"
exits 0 "and in the other" "$T" verify "$third" --store "$store"
says 'redacted +message m1' "with a tombstone of its own"
exits 0 "the store as a whole is intact" "$T" check --store "$store"
finish
