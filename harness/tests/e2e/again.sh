#!/usr/bin/env bash
# Played again: a step that failed is repeated with a newer version of the system and only what depends on it; both attempts
# are kept, MedCom says which stands; MedCom puts a step of its own in; a later run plays only what a protocol changed.
. "$(dirname "$0")/lib.sh"
store=$work/s.sqlite
launch='refvendor --to ${harness.address} --seed ${seed}'
common=(--store "$store" --report "$work/reports")

# The record of a run as JSON, and one step of it.
record() { "$T" report "$1" --store "$store" --format json >"$work/record.json"; }
step() { python3 - "$work/record.json" "$1" "$2" <<'P'
import json, sys
r = json.load(open(sys.argv[1]))
s = [s for c in r["cases"] for s in c["steps"] if s["id"] == sys.argv[2]]
print(eval(sys.argv[3], {"s": s[0] if s else None, "r": r}))
P
}
is() { ok "$1 (is: $(step "$2" "$3"))" test "$(step "$2" "$3")" = "$4"; }
sent() { "$T" report "$1" --store "$store" --format json | grep -c '"outbound": true'; }
command -v python3 >/dev/null || { echo "python3 is not there"; exit 77; }

# A defect makes 3.2.5.2 fail.
exits 1 "with the defect it fails" "$T" run "$PROTOCOLS/receive.yaml" --vendor "$VENDORS/refvendor.yaml" --case 3.2.5 --case 3.2.6 \
  --clock-scale 20 --launch "$launch --defect wrong-ack-code" "${common[@]}"
run=$(last_run "$store")
before=$(sent "$run")
exits 2 "a step that is none" "$T" repeat "$run" 9.9.9 "${common[@]}"
says 'no step "9.9.9"' "is told"

exits 1 "repeated, the case passes; the other one still fails" "$T" repeat "$run" 3.2.5.2 --system-version 0.2.0 --why "mended" \
  --launch "$launch" "${common[@]}"
says '6 steps are played again|[0-9]+ steps are played again' "the set is told"
says '3\.2\.5\.1 +needed by 3\.2\.5\.2' "with why"
record "$run"
is "the newest attempt counts" 3.2.5.2 's["verdict"]' pass
is "both are kept" 3.2.5.2 '[a["verdict"] for a in s["attempts"]]' "['fail', 'pass']"
is "with the version of the system" 3.2.5.2 '[a["system_version"] for a in s["attempts"]]' "['0.1.0', '0.2.0']"
is "and the reason" 3.2.5.2 's["attempts"][1]["why"]' mended
is "which stands" 3.2.5.2 '[a.get("stands", False) for a in s["attempts"]]' "[False, True]"
is "the old findings are kept" 3.2.5.2 's["attempts"][0]["findings"][0]["rule"]' ack.code
is "and the old message" 3.2.5.2 'len(s["attempts"][0]["exchanges"])' 1
is "what does not depend on it stays" 3.2.6.1 '"attempts" in s' False
ok "one message was sent again" test "$(($(sent "$run") - before))" = 1
ids() { python3 -c '
import json, sys
r = json.load(open(sys.argv[1]))
ids = [x["facts"].get("header.id") for x in r["exchanges"] if x.get("outbound") and x["name"] == "g"]
print(len(ids), len(set(ids)))' "$work/record.json"; }
ok "with identifiers of its own" test "$(ids)" = "2 2"
"$T" report "$run" --store "$store" --format html --lang da >"$work/da.html"
"$T" report "$run" --store "$store" --format html --lang en >"$work/en.html"
ok "the report shows both" grep -q 'Forsøg' "$work/da.html"
ok "in both languages" grep -q 'Attempts' "$work/en.html"

# MedCom lets the first one stand, and the newest again.
exits 2 "an attempt that is none" "$T" stand "$run" 3.2.5.2 3 --by MC --why "no" --store "$store"
exits 2 "without a reason" "$T" stand "$run" 3.2.5.2 1 --by MC --store "$store"
exits 0 "the first stands" "$T" stand "$run" 3.2.5.2 1 --by MC --why "the version was not agreed" --store "$store"
record "$run"
is "it counts" 3.2.5.2 's["verdict"]' fail
is "by whose word" 3.2.5.2 's["stands_by"]' MC
is "its follower counts as it was" 3.2.5.2+1 's["verdict"]' pass
exits 0 "the newest stands" "$T" stand "$run" 3.2.5.2 2 --by MC --why "agreed afterwards" --store "$store" --together
record "$run"
is "it counts again" 3.2.5.2 's["verdict"]' pass

# MedCom's own step.
cat >"$work/own.yaml" <<'Y'
- action: {en: The same with another type., da: Det samme med en anden type.}
  send: {fixture: carecommunication/new-nursing.json, as: own, form: json}
- expect-ack: {to: own, code: ok, within: "${ack_within}", as: own_ack}
  severity: F1
Y
sed 's/to: own,/to: onw,/' "$work/own.yaml" >"$work/bad.yaml"
sed 's/own/own2/g' "$work/own.yaml" >"$work/own2.yaml"
sed 's/  send:/  sent:/' "$work/own.yaml" >"$work/worse.yaml"
"$T" report "$run" --store "$store" --format json >"$work/before.json"
exits 2 "a name that nobody gave" "$T" insert "$run" --after 3.2.5.2 --file "$work/bad.yaml" --by MC --why "any type" "${common[@]}"
says 'bad.yaml:3:[0-9]+: error' "has a place"
exits 2 "a word that is none" "$T" insert "$run" --after 3.2.5.2 --file "$work/worse.yaml" --by MC --why "any type" "${common[@]}"
says 'worse.yaml:2:[0-9]+: error' "has a place"
exits 2 "behind a step that is none" "$T" insert "$run" --after 9.9 --file "$work/own.yaml" --by MC --why "any type" "${common[@]}"
exits 2 "without initials" "$T" insert "$run" --after 3.2.5.2 --file "$work/own.yaml" --why "any type" "${common[@]}"
"$T" report "$run" --store "$store" --format json >"$work/after.json"
ok "nothing was changed" cmp "$work/before.json" "$work/after.json"
exits 1 "it is played" "$T" insert "$run" --after 3.2.5.2 --file "$work/own.yaml" --by MC --why "any type" --launch "$launch" "${common[@]}"
record "$run"
is "it is judged" 3.2.5.2+M2 's["verdict"]' pass
is "and marked" 3.2.5.2+M2 's["inserted_by"], s["inserted_why"]' "('MC', 'any type')"
exits 1 "it stays over a restart" "$T" resume "$run" --launch "$launch" "${common[@]}"
sed 's/^version: 0.1.0/version: 0.2.0/' "$PROTOCOLS/receive.yaml" >"$work/next.yaml"
exits 0 "by another protocol it is judged with the rest" "$T" rejudge "$run" --protocol "$work/next.yaml" --store "$store"
says '0 steps have another verdict, 0 a worse one' "and so is the rest"
exits 1 "it can be repeated" "$T" repeat "$run" 3.2.5.2+M2 --launch "$launch" "${common[@]}"
record "$run"
is "it has attempts" 3.2.5.2+M2 '[a["verdict"] for a in s["attempts"]]' "['pass', 'pass']"
exits 1 "once more" "$T" insert "$run" --after 3.2.5.2 --file "$work/own2.yaml" --by MC --why again --launch "$launch" "${common[@]}"
record "$run"
is "the numbers go on" 3.2.5.2+M4 's["verdict"]' pass
"$T" report "$run" --store "$store" --format html --lang da >"$work/da.html"
ok "the report says whose it is" grep -q 'MedComs eget teststep' "$work/da.html"

# Since: a run that passed, and a protocol with one expected result and one assertion changed, and one step more.
clean=$work/clean.sqlite
common=(--store "$clean" --report "$work/reports")
given=(--vendor "$VENDORS/refvendor.yaml" --clock-scale 20)
cases=(--case 3.2.5 --case 3.2.6 --case 3.2.8)
exits 0 "the earlier run passes" "$T" run "$PROTOCOLS/receive.yaml" "${given[@]}" "${cases[@]}" "${common[@]}"
old=$(last_run "$clean")
python3 - "$PROTOCOLS/receive.yaml" "$work/newer.yaml" <<'P'
import sys
s = open(sys.argv[1]).read()
text = "en: An Acknowledgement with code ok for exactly this message comes back to its sender."
assert s.count(text) == 1
open(sys.argv[2], "w").write(s.replace(text, text.replace("exactly ", "")).replace("version: 0.1.0", "version: 0.2.0", 1))
P
exits 3 "nothing has changed, so all carries over" "$T" run "$PROTOCOLS/receive.yaml" "${given[@]}" "${cases[@]}" --since "$old" "${common[@]}"
says ': 0 steps are played' "is told"
ok "nothing was sent" test "$("$T" report "$(last_run "$clean")" --store "$clean" --format json | grep -c '"outbound": true')" = 0
exits 3 "since" "$T" run "$work/newer.yaml" "${given[@]}" "${cases[@]}" --since "$old" "${common[@]}"
says '3\.2\.5\.2 +has changed: expected' "what has changed"
says '3\.2\.5\.1 +is needed by 3\.2\.5\.2' "what is needed"
says 'version of the protocol: 0\.1\.0 -> 0\.2\.0' "and the versions are told"
says 'wait for MedCom: testcamp confirm' "what MedCom has to do is told"
new=$(last_run "$clean")
"$T" report "$new" --store "$clean" --format json >"$work/record.json"
is "what has changed was played" 3.2.5.2 's["verdict"], "carried_from" in s' "('pass', False)"
is "the rest carries over" 3.2.6.1 's["verdict"], s["carried_from"], s["owner"]' "('waiting', '$old', 'medcom')"
is "only that was sent" 3.2.5.1 'len([x for x in r["exchanges"] if x.get("outbound")])' 1
exits 0 "and is listed among the waits" "$T" list waits --store "$clean"
says "^$new  - +medcom +confirm +[0-9]+ steps; testcamp confirm $new" "as MedCom's to do"
exits 2 "without initials" "$T" confirm "$new" --store "$clean"
exits 0 "one is confirmed" "$T" confirm "$new" 3.2.6.1 --by MC --store "$clean"
exits 2 "a step that was played" "$T" confirm "$new" 3.2.5.2 --by MC --store "$clean"
exits 0 "the others too" "$T" confirm "$new" --by MC --store "$clean"
exits 2 "not twice" "$T" confirm "$new" --by MC --store "$clean"
"$T" report "$new" --store "$clean" --format json >"$work/record.json"
is "then it is passed" 3.2.6.1 's["verdict"], s["confirmed_by"], r["verdict"]' "('pass', 'MC', 'pass')"
exits 3 "carried over once more" "$T" run "$work/newer.yaml" "${given[@]}" "${cases[@]}" --since "$new" "${common[@]}"
"$T" report "$(last_run "$clean")" --store "$clean" --format json >"$work/record.json"
is "it is from the run that played it" 3.2.6.1 's["carried_from"]' "$old"
is "and the other one too" 3.2.5.2 's["carried_from"]' "$new"
sed 's/name: Reference vendor/name: Another system/' "$VENDORS/refvendor.yaml" >"$work/other.yaml"
exits 2 "another system" "$T" run "$work/newer.yaml" --vendor "$work/other.yaml" --since "$old" "${common[@]}"
says 'of the system "Reference vendor", not of "Another system"' "is refused"
exits 2 "another role" "$T" run "$PROTOCOLS/send.yaml" "${given[@]}" --since "$old" "${common[@]}"
exits 2 "no such run" "$T" run "$work/newer.yaml" "${given[@]}" --since nothing "${common[@]}"

# What failed is played again although nothing has changed; a parameter that has another value counts as a change.
exits 0 "since, with a parameter that all of them use" "$T" run "$work/newer.yaml" "${given[@]}" "${cases[@]}" --since "$new" --set quiet=1s "${common[@]}"
says 'uses the changed parameter quiet' "is told"
exits 1 "a failed run" "$T" run "$PROTOCOLS/receive.yaml" "${given[@]}" "${cases[@]}" --launch "$launch --defect missing-outcome" "${common[@]}"
exits 3 "since that" "$T" run "$PROTOCOLS/receive.yaml" "${given[@]}" "${cases[@]}" --since "$(last_run "$clean")" "${common[@]}"
says '3\.2\.8\.1\+1 +had not passed: fail' "what failed is played"

# Killed while it repeats: resume plays what is left, and nothing is set back twice. The system is a process of its own and
# lives on, as a real one does: so it need not be sent what it has already.
port=$(free_port)
stays "$VENDORS/refvendor.yaml" own.vendor --to "http://127.0.0.1:$port/reference-vendor/receiver"
common+=(--listen "127.0.0.1:$port")
exits 0 "a run with a system of its own" "$T" run "$PROTOCOLS/receive.yaml" --vendor "$work/own.vendor.yaml" --clock-scale 60 --case 3.2.4 "${common[@]}"
own=$(last_run "$clean")
exits 0 "the reply is repeated without the question" "$T" repeat "$own" 3.2.4.1+5 "${common[@]}"
says '3\.2\.4\.1\+4 +needed by 3\.2\.4\.1\+5' "its cause is"
ok "the question is not" sh -c "! grep -q '^  3\.2\.4\.1 ' '$work/out'"
times=1
for delay in 0.02 0.05 0.1 0.2 0.3; do
  "$T" repeat "$own" 3.2.4.1+5 "${common[@]}" >"$work/killed.out" 2>&1 </dev/null &
  pid=$!
  sleep "$delay"
  kill -9 $pid 2>/dev/null
  wait $pid 2>/dev/null
  grep -q 'played again' "$work/killed.out" && times=$((times + 1))
  exits 0 "resumed after $delay s" "$T" resume "$own" "${common[@]}"
done
"$T" report "$own" --store "$clean" --format json >"$work/record.json"
# One that was killed before it could tell of it may have been kept as well.
is "no attempt that was told of is lost, none is made twice" 3.2.4.1+5 "$times <= len(s['attempts']) - 1 <= 6" True
is "each of them passed" 3.2.4.1+5 'set(a["verdict"] for a in s["attempts"])' "{'pass'}"
is "the question was sent once" 3.2.4.1 '"attempts" in s' False

# The same beside a server: it has the run open, takes the repetition and MedCom's step in, and plays them.
"$T" serve --store "$clean" --listen "127.0.0.1:$port" --report "$work/reports" >"$work/serve.out" 2>&1 &
server=$!
awaits test -S "$clean.control"
attempted() {
  "$T" report "$own" --store "$clean" --format json >"$work/record.json"
  [ "$(step "$1" "s and s['verdict'] not in ('waiting', 'none') and len(s.get('attempts', [1]))")" = "$2" ]
}
# The verdict of the last attempt of a step, as soon as there is that number of attempts.
served() {
  awaits attempted "$@"
  is "$1 is played by the server" "$1" 's["verdict"]' pass
}
record_of_own() { "$T" report "$own" --store "$clean" --format json >"$work/record.json"; }
record_of_own
n=$(step 3.2.4.1+5 'len(s["attempts"])')
exits 0 "a repetition beside the server" "$T" repeat "$own" 3.2.4.1+5 --store "$clean"
says 'steps are played again' "is told"
served 3.2.4.1+5 $((n + 1))
exits 0 "a step of MedCom's own" "$T" insert "$own" --after 3.2.4.1 --file "$work/own.yaml" --by MC --why "any type" --store "$clean"
served 3.2.4.1+M2 1
exits 0 "which is repeated" "$T" repeat "$own" 3.2.4.1+M2 --store "$clean"
served 3.2.4.1+M2 2
exits 0 "and the first one stands" "$T" stand "$own" 3.2.4.1+M2 1 --by MC --why "was enough" --store "$clean"
kill -TERM $server
wait $server
"$T" serve --store "$clean" --listen "127.0.0.1:$port" --report "$work/reports" >"$work/serve.out" 2>&1 &
server=$!
awaits test -S "$clean.control"
exits 0 "a run since an earlier one" "$T" run "$PROTOCOLS/receive.yaml" --vendor "$work/own.vendor.yaml" --case 3.2.4 --since "$own" --store "$clean"
says ': 0 steps are played' "all of it carries over"
exits 0 "and is confirmed" "$T" confirm "$(last_run "$clean")" --by MC --store "$clean"
exits 0 "after a restart of the server too" "$T" repeat "$own" 3.2.4.1+M2 --store "$clean"
served 3.2.4.1+M2 3
kill -TERM $server
wait $server
ok "the server complained of nothing" sh -c "! grep -q 'cannot be read\|was stopped\|does not fit' '$work/serve.out'"
# A run that no server can play is left as it was.
"$T" run "$PROTOCOLS/receive.yaml" --vendor "$VENDORS/refvendor.yaml" --case 3.2.5 --seed 7 --launch "$launch" \
  --store "$work/alone.sqlite" --report "$work/reports" >/dev/null 2>&1
alone=$(last_run "$work/alone.sqlite")
events() { "$T" check --store "$work/alone.sqlite" | grep -oE "[0-9]+ events"; }
kept=$(events)
"$T" serve --store "$work/alone.sqlite" --listen "127.0.0.1:$port" --report "$work/reports" >"$work/serve.out" 2>&1 &
server=$!
awaits test -S "$work/alone.sqlite.control"
exits 2 "a repetition that the server cannot play" "$T" repeat "$alone" 3.2.5.2 --store "$work/alone.sqlite"
says 'is alone' "is refused"
exits 2 "and a step of MedCom's own" "$T" insert "$alone" --after 3.2.5.1 --file "$work/own.yaml" --by MC --why "why" --store "$work/alone.sqlite"
says 'is alone' "is refused"
kill -TERM $server
wait $server
ok "and nothing was written" test -n "$kept" -a "$(events)" = "$kept"
finish
