#!/usr/bin/env bash
# What changes when messages are judged by other definitions: three formats, agreed changes, systems, exit codes.
. "$(dirname "$0")/lib.sh"
export XDG_DATA_HOME=$work/share XDG_CACHE_HOME=$work/cache
data=$TEST_ROOT/harness/tests/data/lint/regress
# The shipped faults are seeded further below: they take their time.
sides=(--from "$data/x" --to "$data/y" --examples "$data/examples" --faults none)

exits 1 "changes that nobody agreed to" "$T" regress "${sides[@]}"
says '^newly-failing: 3$' "how many fail that did not"
says 'profile.minimum +example-patient +Patient.name' "the rule, the profile and the element"
says 'in: nameless.json' "the example that shows it"
says 'definition.codes' "what no example shows"
says '^  ex-3 +example-patient Patient$' "a constraint that no step verifies"

exits 1 "the same as Markdown" "$T" regress "${sides[@]}" --format markdown --output "$work/r.md"
ok "a table row" grep -q '^| profile.minimum | example-patient | Patient.name | - | error | nameless.json |' "$work/r.md"
exits 1 "the same as JUnit" "$T" regress "${sides[@]}" --format junit --output "$work/r.xml"
ok "it counts what is not agreed" grep -Eq '<testsuite name="regress [^"]*" tests="[0-9]+" failures="12" errors="0" skipped="0">' "$work/r.xml"

exits 1 "some are agreed" "$T" regress "${sides[@]}" --accept "$data/accept.yaml"
says 'newly-failing: 2 \(and 1 agreed\)' "the agreed one is counted apart"
says 'line 9: ex-9' "an agreement that is of no use is told"
{
  echo 'accept:'
  for rule in profile.minimum profile.maximum 'profile.invariant*' 'profile.binding*' profile.code-unknown 'definition.*'; do
    echo "  - {rule: \"$rule\", reason: agreed}"
  done
} >"$work/all.yaml"
exits 0 "all are agreed" "$T" regress "${sides[@]}" --accept "$work/all.yaml"
exits 0 "nothing changes" "$T" regress --from "$data/y" --to "$data/y" --examples "$data/examples" --faults none
exits 1 "a long expression that differs at its end" "$T" regress --from "$data/long_x" --to "$data/long_y" --examples "$data/examples" --faults none
says '^      \.\.\..*gender.exists\(\) -> \.\.\..*active.exists\(\)$' "is shown where it differs"
mkdir "$work/empty"
exits 2 "a folder of no messages" "$T" regress --from "$data/x" --to "$data/y" --examples "$work/empty" --faults none
says 'empty holds no messages' "is told"
exits 2 "a definition that is no JSON" "$T" regress --from "$data/x" --to "$data/broken"
says 'example-patient.json:4:1: ' "has its place"
printf '{"resourceType": "Patient", "meta": {"profile": ["http://example.org/none"]}}' >"$work/empty/unknown.json"
exits 3 "a message that cannot be judged" "$T" regress --from "$data/y" --to "$data/y" --examples "$work/empty" --faults none --format junit
says 'name="unknown.json"><skipped message="could not be judged"/>' "is no test that passed"
exits 2 "a mistake in the file of agreements" "$T" regress "${sides[@]}" --accept "$data/accept_bad.yaml"
says 'accept_bad.yaml:2:5: ' "has its place"
exits 2 "a side that is none" "$T" regress --from nothing --to "$data/y"
exits 2 "a package that is not there" "$T" regress --from medcom.fhir.dk.carecommunication@9.9.9 --to "$data/y"
says 'is not there; there is' "and what there is instead"

printf 'defects:\n  - {id: x, change: [{drop: Bundle.id}]}\n' >"$work/faults.yaml"
exits 2 "a mistake in the file of faults" "$T" regress "${sides[@]}" --faults "$work/faults.yaml"
says 'faults.yaml:2:[0-9]+: ' "has its place"

# A hostile definition puts nothing on the terminal.
cp -R "$data/y" "$work/hostile"
sed -i 's/"ex-3"/"ex-3\\u001b[2J"/' "$work/hostile/StructureDefinition-example-patient.json"
exits 1 "a constraint whose key clears the screen" "$T" regress --from "$data/x" --to "$work/hostile" --examples "$data/examples" --faults none
ok "does not" test "$(tr -d -c '\033' <"$work/out" | wc -c)" = 0
says 'ex-3\?\[2J' "but is shown"

# What a system sent is judged by both too, and the system named.
store=$work/s.sqlite
exits 0 "a run" "$T" run "$PROTOCOLS/send.yaml" --vendor "$VENDORS/refvendor.yaml" \
  --case 3.3.1 --seed 7 --store "$store" --report "$work/reports" --quiet
exits 1 "what systems sent is judged too" "$T" regress --from medcom.fhir.dk.carecommunication@3.0.0 \
  --to medcom.fhir.dk.carecommunication@5.0.2 --examples "$data/examples" --store "$store" --undecided list --all
says 'systems: Reference vendor 0\.1\.0' "and the system is named"
says '; [0-9]+ with a seeded fault$' "faults are seeded into what is right"
says 'json \([0-9.+]+\) \+ [a-z-]+' "and one of them shows a difference"
says 'steps: .*carecommunication-5\.0-' "with the steps that judge by that profile"

# The published packages, where they are.
shared=${TESTCAMP_SHARED:-$TEST_ROOT/../shared}
if [ -d "$shared/packages" ]; then
  exits 1 "4.0.3 against 5.0.2" "$T" regress --packages "$shared/packages" \
    --from medcom.fhir.dk.carecommunication@4.0.3 --to medcom.fhir.dk.carecommunication@5.0.2 --faults none
  says 'MessageHeader.definition \[medcom-carecommunication-definition-url\]' "a new constraint that old examples break"
  says 'definition.codes .*' "codes that came"
else
  echo "skipped: 4.0.3 against 5.0.2, for $shared is not there"
fi
finish
