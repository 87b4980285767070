#!/usr/bin/env bash
# Known issues in a run, what a protocol tolerates, disputes, and that each stands in every report; dry runs.
. "$(dirname "$0")/lib.sh"
export XDG_DATA_HOME=$work/share XDG_CACHE_HOME=$work/cache
store=$work/s.sqlite

cat >"$work/known.yaml" <<'Y'
issues:
  - id: KI-7
    rule: cc.thread.same
    effect: warn
    reason: {en: The working group looks at it., da: Arbejdsgruppen ser på det.}
    by: EE
  - {id: KI-8, rule: cc.thread.same, effect: ignore, reason: Long ago, by: EE, expires: 2020-01-01}
Y

# run ARGUMENTS...: case 3.3.4 against a reference vendor whose replies begin a new thread.
run_defect() {
  "$T" run "$1" --vendor "$VENDORS/refvendor.yaml" --case 3.3.4 --store "$store" --report "$work/reports" \
    --launch "refvendor --to \${harness.address} --seed \${seed} --defect new-thread-on-reply" "${@:2}"
}

exits 1 "the fault fails the run" run_defect "$PROTOCOLS/send.yaml"
failed=$(last_run "$store")

# The vendor contests, MedCom stands by it.
exits 2 "no reason" "$T" contest "$failed" 3.3.4.11 1 --by AB --store "$store"
says 'needs --by and --why' "is told"
exits 2 "a finding that is not there" "$T" contest "$failed" 3.3.4.11 9 --by AB --why x --store "$store"
exits 2 "uphold what nobody contests" "$T" uphold "$failed" 3.3.4.11 1 --by EE --why x --store "$store"
exits 0 "contest" "$T" contest "$failed" 3.3.4.11 cc.thread.same --by AB --why "our thread is right" --store "$store"
exits 2 "twice" "$T" contest "$failed" 3.3.4.11 1 --by AB --why "again" --store "$store"
exits 0 "a report" "$T" report "$failed" --store "$store" --format html --lang da
says 'Indsigelse:.*our thread is right' "shows the dispute"
says 'MedCom har ikke svaret' "and that it is open"
exits 0 "uphold" "$T" uphold "$failed" 3.3.4.11 1 --by EE --why "the use case says so" --store "$store"
exits 0 "the record" "$T" report "$failed" --store "$store" --format json
says '"answer": "the use case says so"' "has the answer"
exits 0 "JUnit" "$T" report "$failed" --store "$store" --format junit
says 'upheld by EE: the use case says so' "has it too"

# MedCom agrees: a known issue.
exits 0 "the fault is agreed upon" run_defect "$PROTOCOLS/send.yaml" --known-issues "$work/known.yaml"
says 'KI-8 expired on 2020-01-01 and is not applied' "an expired issue is told"
says 'known issue KI-7: 1 findings changed to warn' "how often it was applied"
agreed=$(last_run "$store")
exits 0 "its report" "$T" report "$agreed" --store "$store" --format html
says 'known issue KI-7, else error: The working group looks at it' "the finding says so"
says 'id="issues"' "the list of issues"
says 'expired, not applied' "the expired one too"
exits 0 "its record" "$T" report "$agreed" --store "$store" --format json
says '"issue": "KI-7"' "names it at the finding"
exits 0 "its JUnit report" "$T" report "$agreed" --store "$store" --format junit
says 'name="known-issue" value="KI-7: 1 findings changed to warn' "has it as a property"

# A protocol that tolerates an issue: known by the file, else an error with its place.
sed 's/^role: sender/role: sender\ntolerate: [KI-7]/' "$PROTOCOLS/send.yaml" >"$work/send.yaml"
exits 0 "a tolerated issue that a file has" run_defect "$work/send.yaml" --known-issues "$work/known.yaml"
exits 2 "a tolerated issue that nobody lists" run_defect "$work/send.yaml"
says 'send.yaml:[0-9]+:[0-9]+: .*tolerates "KI-7"' "has its place"
cp -R "$TEST_ROOT/fixtures" "$TEST_ROOT/protocols" "$TEST_ROOT/vendors" "$work" 2>/dev/null
cp "$work/known.yaml" "$work/fixtures/standards/known-issues.yaml"
TESTCAMP_DATA=$work exits 0 "a tolerated issue that is shipped" run_defect "$work/send.yaml"
TESTCAMP_DATA=$work exits 1 "a shipped one that the protocol does not tolerate" run_defect "$work/protocols/carecommunication/5.0/send.yaml"

# A mistake in the file.
sed 's/effect: warn/effekt: warn/' "$work/known.yaml" >"$work/bad.yaml"
exits 2 "a wrong key" run_defect "$PROTOCOLS/send.yaml" --known-issues "$work/bad.yaml"
says 'bad.yaml:4:5: .*did you mean "effect"' "is told with its place"

# validate: the same.
cat >"$work/patient.json" <<'J'
{"resourceType": "Patient", "gender": "none"}
J
exits 1 "invalid" "$T" validate "$work/patient.json"
printf 'issues:\n  - {id: X, rule: profile.binding, effect: ignore, reason: r, by: EE}\n  - {id: Y, rule: profile.code-unknown, effect: ignore, reason: r, by: EE}\n' >"$work/v.yaml"
exits 0 "agreed upon" "$T" validate "$work/patient.json" --known-issues "$work/v.yaml" --format json
says '"issue": ?"X"' "and said"

# Dry runs: no store, no wire.
exits 0 "a dry run" "$T" run "$PROTOCOLS/send.yaml" --vendor "$VENDORS/../example/example.yaml" --dry-run --store "$work/none/s.sqlite"
says '3\.3\.8 .*not tested: the vendor file declares forward: false' "what is not tested, and why"
says '3\.3\.1\.11\+3 +test +validate' "what is tested"
ok "no store was made" test ! -e "$work/none"
exits 0 "as JSON, in part" "$T" run "$PROTOCOLS/send.yaml" --vendor "$VENDORS/../example/example.yaml" --dry-run --format json --case 3.3.1
says '"the case was not chosen' "what was not chosen"
sed '/  forward:/d; /  oioxml:/d' "$VENDORS/../example/example.yaml" >"$work/less.yaml"
exits 2 "capabilities that are not declared" "$T" run "$PROTOCOLS/send.yaml" --vendor "$work/less.yaml" --dry-run
says 'send.yaml:[0-9]+:[0-9]+: .*does not declare "oioxml" \(line [0-9]+\), "forward"' "are told all at once"
printf 'fragments:\n  one:\n    steps:\n      - wait: {for: 1 s}\n        when: braille\n' >"$work/parts.yaml"
awk '/^  - id: "3.3.5"/ { print "      - call: {fragment: parts.yaml#one}" } { print }' "$PROTOCOLS/send.yaml" >"$work/calls.yaml"
exits 2 "one that a file of fragments asks for" "$T" run "$work/calls.yaml" --vendor "$VENDORS/../example/example.yaml" --dry-run
says 'parts.yaml:5:15: .*does not declare "braille"' "has its place in that file"
finish
