#!/usr/bin/env bash
# Evidence bundles: made, checked offline, and every sort of change to one told for what it is.
. "$(dirname "$0")/lib.sh"
store=$work/s.sqlite
exits 0 "a run" "$T" run "$PROTOCOLS/receive.yaml" --vendor "$VENDORS/refvendor.yaml" --case 3.2.5 --seed 42 --clock-scale 20 \
  --store "$store" --report "$work/reports"
run=$(last_run "$store")
cd "$work" || exit 1

exits 0 "a bundle is made" "$T" report "$run" --format bundle --output b.tar.gz --store "$store"
exits 0 "and once more" "$T" report "$run" --format bundle --output again.tar.gz --store "$store"
ok "a bundle of the same run is the same bytes" cmp b.tar.gz again.tar.gz
exits 0 "it is intact" "$T" verify b.tar.gz
says '^intact' "says so"
says unsigned "and that nobody signed it"
exits 0 "so is the run in the store" "$T" verify "$run" --store "$store"
ok "exchanges have MedCom's names" grep -qx 'exchanges/CareCommunication_3.2.5.1_A_R.xml' <(tar tzf b.tar.gz)

# repack NAME: what is in x/ as NAME.tar.gz
unpack() { rm -rf x && mkdir x && tar xzf b.tar.gz -C x; }
repack() { (cd x && tar czf "../$1.tar.gz" -- *); }

unpack
repack same
exits 0 "packed by another program it is the same bundle" "$T" verify same.tar.gz

unpack
sed -i '7s/"at":\([0-9]\)/"at":9\1/' x/events.jsonl
repack event
exits 1 "an altered event" "$T" verify event.tar.gz
says '^altered' "is told"
says 'event 7 .*altered: its hash is [0-9a-f]{64}, the chain has [0-9a-f]{64}' "by its number, with both hashes"
checks=$((checks + 1))
grep -q 'event 8' out && { failures=$((failures + 1)); echo "FAIL: the event behind it is suspected"; }

unpack
sed -i '9d' x/events.jsonl
repack gone
exits 1 "an event that was taken out" "$T" verify gone.tar.gz
says '^incomplete|^altered' "is told"
says 'event 9: missing' "by its number"

unpack
name=CareCommunication_3.2.5.1_A_R.xml
printf ' ' >>"x/exchanges/$name"
repack message
exits 1 "an altered message" "$T" verify message.tar.gz
says "exchanges/$name .*altered: its SHA-256 is [0-9a-f]{64}, it should be [0-9a-f]{64}" "is told, with both digests"

unpack
blob=$(cd x/blobs && ls | head -n 1)
printf ' ' >>"x/blobs/$blob"
repack blob
exits 1 "an altered blob" "$T" verify blob.tar.gz
says "blobs/$blob .*altered" "is told"

unpack
sed -i 's/"verdict": "pass"/"verdict": "fail"/' x/record.json
repack record
exits 1 "an altered record" "$T" verify record.tar.gz
says 'record.json.*altered: its SHA-256' "is told by its digest"
says 'record.json: verdict of step 3.2.5.1: altered: it is "fail", the events say "pass"' "and by what the events say"
# The same with the digest in the manifest put right: the events still say otherwise.
old=$(sha256sum <(tar xzOf b.tar.gz record.json) | cut -d' ' -f1)
sed -i "s/$old/$(sha256sum x/record.json | cut -d' ' -f1)/" x/manifest.json
repack record2
exits 1 "an altered record with its digest" "$T" verify record2.tar.gz
says 'verdict of step 3.2.5.1: altered' "is told by what the events say"

for file in "exchanges/$name" record.json events.jsonl chain.txt "blobs/$blob" protocol/receive.yaml; do
  unpack
  rm "x/$file"
  repack lacks
  exits 1 "a bundle without $file" "$T" verify lacks.tar.gz
  says '^incomplete' "is incomplete"
  says "$file.*: missing" "and says what is missing"
done

unpack
echo hello >x/stranger.txt
repack stranger
exits 1 "a file that does not belong there" "$T" verify stranger.tar.gz
says 'stranger.txt: it is not a file of the bundle' "is told"

unpack
rm x/manifest.json
repack headless
exits 2 "without its manifest it is no bundle" "$T" verify headless.tar.gz
head -c 500 b.tar.gz >cut.tar.gz
exits 2 "half a file is unreadable" "$T" verify cut.tar.gz
exits 2 "a text is unreadable" "$T" verify "$PROTOCOLS/receive.yaml"

# Hostile archives.
unpack
sed -i '3s/"kind":"[^"]*"/"kind":"\\u001b[2Jx"/' x/events.jsonl
repack escape
exits 1 "an escape sequence" "$T" verify escape.tar.gz
ok "does not reach the terminal" test -z "$(grep -aP '\x1b' out)"
unpack
ln -s /etc/passwd x/exchanges/link
repack link
exits 2 "a link is refused" "$T" verify link.tar.gz
says 'links are refused' "and says why"
unpack
(cd x && tar czf ../up.tar.gz --transform 's,^record,../../record,' -- *)
exits 2 "a name that leads out is refused" "$T" verify up.tar.gz
says 'leads out of the archive' "and says why"
unpack
mkdir x/many && (cd x/many && seq 20001 | xargs touch)
repack many
exits 2 "too many files are refused" "$T" verify many.tar.gz
says 'one file too many; at most 20000' "and names the limit"
unpack
truncate -s 600M x/exchanges/bomb
repack bomb
exits 2 "a file that unpacks to too much is refused" "$T" verify bomb.tar.gz
says 'is too large; at most 536870912' "and names the limit"
rm -rf x

exits 2 "a key without its certificate" "$T" report "$run" --format bundle --sign k.pem --store "$store"
finish
