#!/usr/bin/env bash
# Several systems in one case: each with its vendor file and address; what one sends to another is passed on unchanged, is an
# exchange of the run both times.
. "$(dirname "$0")/lib.sh"
store=$work/s.sqlite
two=$PROTOCOLS/two-systems.yaml
own=$VENDORS/refvendor.yaml other=$VENDORS/refvendor-second.yaml
run() { "$T" run "$@" --store "$store" --report "$work/reports" --clock-scale "${scale:-60}"; }
report() { find "$work/reports" -path "*$(last_run "$store")*" -name "$1" | head -n 1; }

exits 2 "the other system is missing" run "$two" --vendor "$own"
says 'two-systems.yaml:[0-9]+:[0-9]+: step 1\.3 needs another system, "receiver", .*--vendor receiver=FILE' "says what to add"
exits 2 "both are one" run "$two" --vendor "$own" --vendor "receiver=$own"
says 'GLN' "cannot be told apart"
exits 0 "what will be tested" "$T" run "$two" --vendor "$own" --vendor "receiver=$other" --dry-run
exits 0 "two systems" run "$two" --vendor "$own" --vendor "receiver=$other" --seed 7
json=$(report record.json)
ok "the record names the other system" grep -q '"name": *"receiver"' "$json"
ok "and what went from one to the other" grep -q '"relays": *"m1"' "$json"
html=$(report report.da.html)
ok "the report too" grep -q 'm1 sendt videre til: Det modtagende system' "$html"
ok "with its version" grep -q 'Second reference vendor 0.1.0, testcamp' "$html"
ok "and draws it" grep -q '<title>m2 .*m1 sendt videre' "$(report report.da.svg)"
run_id=$(last_run "$store")
exits 0 "judged again" "$T" rejudge "$run_id" --store "$store"
says 'the run: pass -> pass; 0 steps have another verdict' "it comes to the same"
exits 0 "as a bundle" "$T" report "$run_id" --store "$store" --format bundle --output "$work/b.tar.gz"
exits 0 "which is intact" "$T" verify "$work/b.tar.gz"
ok "what was passed on is evidence of the step of the message" sh -c "tar tzf '$work/b.tar.gz' >'$work/names' && ! grep unmatched '$work/names'"
exits 0 "received elsewhere" "$T" receive "$work/b.tar.gz" --store "$work/lab.sqlite"
says 'judged again: theirs pass, here pass' "it comes to the same with the vendor files in it"

# By hand: what is brought of one system lies there to be fetched for the other, after a stop as well.
letter=$(find "$work/reports" -path '*exchanges*' -name 'm1-in.xml' | head -n 1)
exits 3 "by hand" run "$two" --vendor "$own" --vendor "receiver=$other" --by-hand --case 1 </dev/null
hand=$(last_run "$store")
exits 3 "a message is brought" "$T" put "$hand" "$letter" --store "$store" --report "$work/reports" --test-persons-only
exits 0 "what there is to fetch" "$T" get "$hand" --store "$store" --to "$work/got"
ok "it is there for the other, as it came" sh -c "cmp '$letter' '$work/got/receiver/'*relayed*"

# Who is to blame: a step about the other system fails where that one is wrong.
silent="refvendor --to \${harness.address} --seed \${seed} --gln 5790008888049 --sor 8888041000016006 --name Sygeplejen --defect no-ack"
sed "s|command: \[refvendor.*|command: [$(printf '%s' "$silent" | sed 's/ /, /g; s/\${[^}]*}/"&"/g; s/5790008888049/"&"/; s/8888041000016006/"&"/')]|; /--name, Sygeplejen i/d" \
  "$other" >"$work/silent.yaml"
scale=1000
exits 1 "a receiver that does not acknowledge" run "$two" --vendor "$own" --vendor "receiver=$work/silent.yaml" --case 1
says '1\.3' "fails the step about it"
sed 's|address: "${launch.address}/vans"|address: "http://127.0.0.1:9/vans"|' "$other" >"$work/away.yaml"
exits 3 "one that cannot be reached" run "$two" --vendor "$own" --vendor "receiver=$work/away.yaml" --case 1
says 'send.unreachable' "is no fault of anybody's that could be shown"
scale=60

# A message that passes through a third party: a VANS operator.
cat >"$work/operator.yaml" <<'P'
protocol: through-an-operator
title: {en: Through an operator, da: Gennem en operatør}
standard: {name: CareCommunication, version: "5.0"}
version: 0.1.0
role: sender
parties:
  operator: {en: The VANS operator, da: VANS-operatøren, carries: true}
sections:
  - id: "1"
    title: {en: In and out, da: Ind og ud}
    status: mandatory
    steps:
      - step: "1.1"
        instruct:
          do: {en: Send, da: Send}
          trigger: {action: new, category: other, topic: x, text: y, receiver: "${counterpart.gln}"}
      - step: "1.2"
        expect: {event: care-communication-message, as: letter, within: 5 min}
      - step: "1.3"
        party: operator
        send: {pass: letter, as: passed}
      - step: "1.4"
        party: operator
        expect-ack: {to: passed, code: ok, within: 5 min, as: taken}
      - step: "1.5"
        assert: {on: taken, fact: envelope.receiver, equals: "${vendor.gln}"}
P
exits 0 "through an operator" run "$work/operator.yaml" --vendor "$own" --vendor "operator=$other" --seed 8
ok "what it delivers goes on to the system" grep -q '"relays": *"m3"' "$(report record.json)"
# Killed: what was to be passed on goes on, and each message goes on once.
here=$(free_port)
there=$(free_port)
stays "$own" here --to "http://127.0.0.1:$here/reference-vendor/sender"
stays "$other" there --to "http://127.0.0.1:$there/second-reference-vendor/receiver" \
  --gln 5790008888049 --sor 8888041000016006 --name Sygeplejen
listens here "$here"
listens there "$there"
has_messages() { [ "$(grep -c -- '<- m' "$work/k.out")" -ge "$1" ]; }
# It is killed as soon as that many messages are in its log.
for messages in 1 2 3 4; do
  rm -rf "$work"/k.sqlite*
  "$T" run "$two" --vendor "$work/here.yaml" --vendor "receiver=$work/there.yaml" --store "$work/k.sqlite" --report "$work/reports" \
    --clock-scale 60 --verbose >"$work/k.out" 2>&1 &
  harness=$!
  pause=0.005 awaits has_messages "$messages"
  kill -9 $harness
  wait $harness 2>/dev/null
  k=$(last_run "$work/k.sqlite")
  exits 0 "killed at message $messages" "$T" resume "$k" --store "$work/k.sqlite" --report "$work/reports"
  exits 0 "its record" "$T" report "$k" --store "$work/k.sqlite" --format json --output "$work/k.json"
  # What was on its way at a kill goes out again, and its receiver may well acknowledge it again: that is passed on too.
  grep -o '"relays": *"[^"]*"' "$work/k.json" | sort >"$work/relays"
  ok "all was passed on" test "$(wc -l <"$work/relays")" -ge 4
  ok "and nothing twice" test -z "$(uniq -d "$work/relays")"
done

# Beside a server each of the two has its own prefix there.
port=$(free_port)
"$T" serve --store "$work/v.sqlite" --listen "127.0.0.1:$port" --report "$work/served" >"$work/serve.out" 2>&1 &
server=$!
awaits test -S "$work/v.sqlite.control"
exits 0 "beside a server" "$T" run "$two" --vendor "$own" --vendor "receiver=$other" --store "$work/v.sqlite" --clock-scale 60
awaits has '  pass  ' "$work/serve.out"
ok "they pass there too" grep -q '  pass  ' "$work/serve.out"
kill -TERM $server
wait $server

exits 2 "a party that is not there" sh -c "sed 's/party: operator/party: opperator/' '$work/operator.yaml' >'$work/wrong.yaml'; '$T' lint '$work/wrong.yaml'"
says 'protocol.party' "is told"
finish
