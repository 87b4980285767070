#!/usr/bin/env bash
# A vendor's self-run at the lab: checked, kept as it is, judged again; what a forger made of it is seen by the verdicts.
. "$(dirname "$0")/lib.sh"
vendor=$work/vendor.sqlite lab=$work/lab.sqlite
cd "$work" || exit 1
exits 0 "the vendor's self-run" "$T" run "$PROTOCOLS/receive.yaml" --vendor "$VENDORS/refvendor.yaml" --case 3.2.5 --case 3.2.7 \
  --seed 42 --clock-scale 20 --store "$vendor" --report "$work/reports"
run=$(last_run "$vendor")
exits 0 "its bundle" "$T" report "$run" --format bundle --output self.tar.gz --store "$vendor"
ok "the lab has runs of its own" "$T" run "$PROTOCOLS/receive.yaml" --vendor "$VENDORS/refvendor.yaml" --case 3.2.5 --store "$lab" \
  --clock-scale 20 --report "$work/reports"
own=$(last_run "$lab")

exits 0 "received" "$T" receive self.tar.gz --store "$lab"
says 'received as a self-run, queued for review' "and queued"
says 'judged again: theirs pass, here pass; 0 of [0-9]+ steps have another verdict' "every verdict is the same"
ok "and so is the protocol, with its files of fragments" test -z "$(grep 'theirs .* here' out | grep -v judged)"
exits 0 "the queue" "$T" list received --store "$lab"
says "^$run .*queued" "has it"
ok "and not the lab's own run" test -z "$(grep "$own" out)"
exits 0 "its report" "$T" report "$run" --format html --store "$lab"
exits 0 "a bundle of it" "$T" report "$run" --format bundle --output again.tar.gz --store "$lab"
ok "is the one that came, byte for byte" cmp self.tar.gz again.tar.gz
mkdir -p data/protocols/carecommunication/5.0
for f in "$TEST_ROOT"/*; do [ "$(basename "$f")" = protocols ] || ln -s "$f" data/; done
ln -s "$TEST_ROOT/protocols/common" data/protocols/
sed 's/^version: .*/version: 9.9.9/' "$PROTOCOLS/receive.yaml" >data/protocols/carecommunication/5.0/receive.yaml
exits 0 "received by a lab with a later protocol" env TESTCAMP_DATA="$work/data" "$T" receive self.tar.gz --store later.sqlite
says 'protocol: theirs 0\.1\.0 [0-9a-f]{12}, here 9\.9\.9' "which is told"
exits 0 "received again" "$T" receive self.tar.gz --store "$lab" --lang da
says 'lageret har kørslen i forvejen; intet er ændret' "it changes nothing"
ok "and is there once" test "$("$T" list received --store "$lab" | wc -l)" = 1
exits 2 "it is not gone on with" "$T" resume "$run" --store "$lab"
says 'came as a bundle' "and that is said"
exits 2 "nor put to" "$T" put "$run" self.tar.gz --test-persons-only --store "$lab"
for act in "repeat $run 3.2.5.2" "stand $run 3.2.5.2 1 --by JD --why x" "confirm $run --by JD" "assess $run --accept-passed --by JD" \
  "contest $run 3.2.5.2 1 --by JD --why x"; do
  exits 2 "nothing is added to it: $act" "$T" $act --store "$lab"
  says 'came as a bundle' "says why"
done
printf 'manual: {ask: {en: Look, da: Se}}\n' >"$work/step.yaml"
exits 2 "nothing is put into it" "$T" insert "$run" --after 3.2.5.2 --file "$work/step.yaml" --by JD --why x --store "$lab"
says 'came as a bundle' "says why"
exits 2 "nor carried over from it" "$T" run "$PROTOCOLS/receive.yaml" --vendor "$VENDORS/refvendor.yaml" --since "$run" --store "$lab"
says 'came as a bundle' "says why"
exits 2 "nor fetched from" "$T" get "$run" --store "$lab"
printf -- '- explain: {en: More., da: Mere.}\n' >more.yaml
for act in "repeat $run 3.2.5.2" "insert $run --after 3.2.5.2 --file more.yaml --by JD --why x" "confirm $run --by JD" \
  "assess $run --accept-passed --by JD" "stand $run 3.2.5.2 1 --by JD --why x"; do
  exits 2 "no ${act%% *}" "$T" $act --store "$lab"
  says 'came as a bundle' "and that is said"
done
exits 0 "how it stands can be seen" "$T" assess "$run" --store "$lab"
exits 0 "at the vendor's own store it is nothing new" "$T" receive self.tar.gz --store "$vendor"

# MedCom's own verdict stands beside it: in what is shown and reported here, and not in the evidence.
exits 0 "MedCom revises a step" "$T" revise "$run" 3.2.5.2 --verdict fail --by JD --why 'not on the screenshot' --store "$lab"
exits 0 "a report" "$T" report "$run" --format html --lang da --output report.html --store "$lab"
ok "has it with its reason" grep -q 'Ændret fra .* til .*not on the screenshot' <(tr -d '\n' <report.html)
exits 0 "a bundle of it" "$T" report "$run" --format bundle --output revised.tar.gz --store "$lab"
ok "is still the one that came, byte for byte" cmp self.tar.gz revised.tar.gz
exits 0 "and verifies" "$T" verify revised.tar.gz
ok "saying nothing of it" sh -c '! grep -q "not on the screenshot" out'
exits 0 "MedCom's own bundle" "$T" report "$run" --format bundle --review --output medcom.tar.gz --store "$lab"
ok "has the revision beside the log" grep -q '"revised"' <(tar -xzOf medcom.tar.gz review.jsonl)
ok "and the log as it came" cmp <(tar -xzOf self.tar.gz events.jsonl) <(tar -xzOf medcom.tar.gz events.jsonl)
exits 0 "it verifies" "$T" verify medcom.tar.gz
says 'review +revised 3\.2\.5\.2 fail by JD.*not on the screenshot' "and tells the revision"
mkdir forged && tar -xzf medcom.tar.gz -C forged
sed -i 's/not on the screenshot/looked fine to me/' forged/review.jsonl
(cd forged && tar -czf ../forged.tar.gz manifest.json $(tar -tzf ../medcom.tar.gz | grep -v '^manifest.json$'))
exits 1 "a revision that was altered" "$T" verify forged.tar.gz
says "MedCom's review: event 1 .*altered" "is told, with its event"
rm forged/review.jsonl
(cd forged && tar -czf ../forged.tar.gz manifest.json $(tar -tzf ../medcom.tar.gz | grep -v '^manifest.json$\|^review.jsonl$'))
exits 1 "one that was taken out" "$T" verify forged.tar.gz
says 'review.jsonl.*missing' "is missed"
exits 2 "it belongs in a bundle alone" "$T" report "$run" --review --store "$lab"
exits 0 "judged again" "$T" rejudge "$run" --store "$lab"
exits 0 "the store is whole" "$T" check --store "$lab"
exits 0 "a copy of what is intact" "$T" check --store "$lab" --copy-to copy.sqlite
exits 0 "has the run" "$T" report "$run" --format json --store copy.sqlite
says '"why": "not on the screenshot"' "with its revision"
exits 0 "and lists no run more" "$T" list runs --store "$lab"
ok "than there are" test "$(grep -c '^20' out)" = 2

# The vendor goes on and redacts: the later bundle of the same run adds to the first.
exits 0 "the vendor erases a message" "$T" redact "$run" m2 --by JD --why "a real person" --erase --store "$vendor"
exits 0 "and sends its bundle again" "$T" report "$run" --format bundle --output later.tar.gz --store "$vendor"
exits 1 "received" "$T" receive later.tar.gz --store "$lab"
says 'step 3.2.5.2: theirs pass, here inconclusive' "what is not there cannot be judged"
says 'rejudge.withheld' "and the finding says why"
exits 0 "the lab has the tombstone" "$T" verify "$run" --store "$lab"
says 'redacted +message m2: erased by JD' "and the bytes no more"
exits 1 "the first bundle is now the older one" "$T" receive self.tar.gz --store "$lab"
says 'nothing was changed' "and changes nothing"

# A run that is not at its end: neither a server nor anybody else goes on with it, for its vendor file names a command.
sed -e "s#command: \\[.*#command: [touch, $work/launched]#" -e 's/kind: http$/kind: person/' -e '/^  url:/d' "$VENDORS/refvendor.yaml" >open.yaml
exits 3 "a run that waits" "$T" run "$PROTOCOLS/send.yaml" --vendor open.yaml --case 3.3.1 --store "$vendor" --report "$work/reports" \
  --launch "refvendor --to \${harness.address} --seed \${seed}" --clock-scale 20
waiting=$(last_run "$vendor")
exits 0 "its bundle" "$T" report "$waiting" --format bundle --output open.tar.gz --store "$vendor"
ok "is received" "$T" receive open.tar.gz --store served.sqlite
"$T" serve --store served.sqlite --listen 127.0.0.1:0 --report "$work/reports" >serve.log 2>&1 &
server=$!
awaits has 'serving' serve.log
ok "a server does not take it up" grep -q 'serving 0 runs' serve.log
exits 0 "in what the server has open one can be received" "$T" receive self.tar.gz --store served.sqlite
exits 0 "and redacted" "$T" redact "$run" m1 --by JD --why test --erase --store served.sqlite
kill "$server" && wait "$server" 2>/dev/null
exits 0 "and it is what it should be" "$T" verify "$run" --store served.sqlite
says 'redacted' "with its tombstone"
exits 2 "nor is anything of it played again" "$T" repeat "$waiting" 3.3.1.1 --store served.sqlite </dev/null
says 'came as a bundle' "and that is said"
ok "no command of the vendor file was run" test ! -e "$work/launched"

# Altered, incomplete, unreadable: not received.
rm -rf x && mkdir x && tar xzf self.tar.gz -C x
sed -i '5s/"at":/"at":9/' x/events.jsonl && (cd x && tar czf ../altered.tar.gz -- *)
exits 1 "an altered one" "$T" receive altered.tar.gz --store "$work/other.sqlite"
says 'not received' "is not received"
ok "nothing was made of it" test ! -e "$work/other.sqlite"
exits 2 "what is no bundle" "$T" receive "$PROTOCOLS/receive.yaml" --store "$work/other.sqlite"

# The forger: a run that failed, every pass put in its place, every hash made anew.
exits 1 "a run that fails" "$T" run "$PROTOCOLS/receive.yaml" --vendor "$VENDORS/refvendor.yaml" --case 3.2.5 --store "$vendor" \
  --clock-scale 20 --launch "refvendor --to \${harness.address} --seed \${seed} --defect wrong-ack-code" --report "$work/reports"
run=$("$T" list runs --store "$vendor" | tail -n 1 | awk '{print $1}')
exits 0 "its bundle" "$T" report "$run" --format bundle --output fail.tar.gz --store "$vendor"
exits 0 "is received as it is" "$T" receive fail.tar.gz --store "$lab"
says 'judged again: theirs fail, here fail; 0 of' "with its verdict"
rm -rf x && mkdir x && tar xzf fail.tar.gz -C x
sum() { sha256sum "$1" | cut -d' ' -f1; }
for f in events.jsonl chain.txt record.json; do eval "old_${f%.*}=$(sum "x/$f")"; done
old_head=$(tail -n 1 x/chain.txt)
sed -i 's/"verdict":"fail"/"verdict":"pass"/' x/events.jsonl
sed -i 's/"verdict": "fail"/"verdict": "pass"/' x/record.json
previous=
while IFS= read -r line; do
  previous=$(printf '%s\n%s' "$previous" "$line" | sha256sum | cut -d' ' -f1)
  echo "$previous"
done <x/events.jsonl >x/chain.new
mv x/chain.new x/chain.txt
for f in events.jsonl chain.txt record.json; do
  old=old_${f%.*}
  sed -i "s/${!old}/$(sum "x/$f")/" x/manifest.json
done
sed -i "s/$old_head/$previous/" x/manifest.json
(cd x && tar czf ../forged.tar.gz -- *)
exits 0 "whole and unaltered, but unsigned" "$T" verify forged.tar.gz
says unsigned "and that is said"
exits 2 "it is not taken for the run it was made of" "$T" receive forged.tar.gz --store "$lab"
says 'other content from event [0-9]+ on; nothing was changed' "which stays as it is"
exits 1 "at another lab it is received" "$T" receive forged.tar.gz --store "$work/second.sqlite"
says 'step 3.2.5.2: theirs pass, here fail' "and the bytes tell the verdict"
says 'ack.code' "with the finding that the forger left out"
finish
