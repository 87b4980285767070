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
exits 1 "it can be repeated" "$T" repeat "$run" 3.2.5.2+M2 --launch "$launch" "${common[@]}"
record "$run"
is "it has attempts" 3.2.5.2+M2 '[a["verdict"] for a in s["attempts"]]' "['pass', 'pass']"
exits 1 "once more" "$T" insert "$run" --after 3.2.5.2 --file "$work/own2.yaml" --by MC --why again --launch "$launch" "${common[@]}"
record "$run"
is "the numbers go on" 3.2.5.2+M4 's["verdict"]' pass
"$T" report "$run" --store "$store" --format html --lang da >"$work/da.html"
ok "the report says whose it is" grep -q 'MedComs eget teststep' "$work/da.html"
finish
