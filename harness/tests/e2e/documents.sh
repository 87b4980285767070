#!/usr/bin/env bash
# Documents: ConditionList in both roles, over HTTP, over folders and by hand. They travel as they are, and what is sent fits
# its profiles.
. "$(dirname "$0")/lib.sh"
protocols=$TEST_ROOT/protocols/conditionlist/1.0
shared=${TESTCAMP_SHARED:-$TEST_ROOT/../shared}
cd "$work" || exit 1
run() {
  local role=$1 vendor=$2 store=$3
  shift 3
  "$T" run "$protocols/$role.yaml" --vendor "$vendor" --store "$store" --report "$work/reports" --seed 7 "$@"
}

for role in send receive; do
  exits 0 "lint of $role" "$T" lint "$protocols/$role.yaml"
  says 'no mistakes' "is silent"
  exits 0 "$role over HTTP" run $role "$VENDORS/refvendor.yaml" $role.sqlite --clock-scale 60
  says 'result: pass' "passes"
done

# What a system gets is valid, by what is built in and by what was published; only the one made invalid is not.
exits 0 "what was sent" "$T" get "$(last_run receive.sqlite)" --to sent --store receive.sqlite
ok "nine documents" test "$(find sent -name '*.json' | wc -l)" = 9
ok "without an envelope" test -z "$(grep -L '"resourceType": "Bundle"' sent/*)"
mv sent/*invalid* invalid.json
exits 0 "the valid ones" "$T" validate --use medcom.fhir.dk.conditionlist@1.0.1 sent/*.json
exits 1 "the invalid one" "$T" validate --use medcom.fhir.dk.conditionlist@1.0.1 invalid.json
says 'profile.slice-minimum|category' "lacks its status"
if [ -d "$shared/packages" ]; then
  exits 0 "the valid ones by the published packages" "$T" validate --packages "$shared/packages" \
    --use medcom.fhir.dk.conditionlist@1.0.1 sent/*.json
fi

# The same over folders, where a document is a .json file.
mkdir -p to from
"$R" --folder-in to --folder-out from --seed 7 >url 2>refvendor.log &
awaits has listening url
url=$(sed -n 's/^listening //p' url)
sed -e "s#to: exchange/in#to: $work/to#" -e "s#from: exchange/out#from: $work/from#" \
  -e "s#kind: person#kind: http\n  url: \"$url/trigger\"#" "$VENDORS/refvendor-folder.yaml" >folder.yaml
exits 0 "sent over folders" run send folder.yaml folder.sqlite --case 3.3.1 --clock-scale 60
ok "as files of JSON" test "$(find from/received -name '*.json' | wc -l)" = 2
exits 0 "received over folders" run receive folder.yaml folder2.sqlite --case 3.2.1 --case 3.2.5 --clock-scale 60
ok "and taken" test -z "$(find to -type f)"
exits 0 "what the system shows" curl -sS "$url/state"
says 'Astma UNS' "is the newest list"
ok "and no longer what was deleted" test -z "$(grep 'Pneumoni UNS' out)"

# By hand: a document is handed in as a file and chosen by what its Composition says.
printf 'by: Eva Eksempel\nanswers:\n  "3.3.1.2": {answer: done}\n  "3.3.1.3": {answer: done}\n' >answers.yaml
exits 3 "a run by hand waits for a document" run send "$VENDORS/refvendor-upload.yaml" hand.sqlite --case 3.3.1 --answers answers.yaml
hand=$(last_run hand.sqlite)
"$T" put "$hand" "$(find sent -name '*3.2.1.1*one.json')" --store hand.sqlite --report "$work/reports" >out 2>err </dev/null
exits 0 "what is waited for now" "$T" list waits --store hand.sqlite
says '3\.3\.1\.4' "is the next thing to do: the document was the one"
finish
