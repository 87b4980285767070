#!/usr/bin/env bash
# The same bytes by other rules, with no vendor online: another package, another protocol, known issues; runs, bundles and
# messages in a folder.
. "$(dirname "$0")/lib.sh"
export XDG_DATA_HOME=$work/share XDG_CACHE_HOME=$work/cache TMPDIR=$work
store=$work/s.sqlite

exits 1 "a run with a fault" "$T" run "$PROTOCOLS/send.yaml" --vendor "$VENDORS/refvendor.yaml" --case 3.3.4 --store "$store" \
  --report "$work/reports" --launch "refvendor --to \${harness.address} --seed \${seed} --defect new-thread-on-reply"
run=$(last_run "$store")
before=$(sha256sum "$store" | cut -d' ' -f1)

exits 0 "by the same rules" "$T" rejudge "$run" --store "$store"
says '^  the run: fail -> fail; 0 steps have another verdict, 0 a worse one$' "nothing changed"
exits 0 "in Danish" "$T" rejudge "$run" --store "$store" --lang da
says '^  hele testforløbet: FEJL -> FEJL; 0 teststep' "verdicts are Danish too"
exits 0 "all runs" "$T" rejudge --all --store "$store"
says "^$run +Reference vendor 0.1.0 \(testcamp\)" "each with its vendor"

exits 1 "by another version of the package" "$T" rejudge "$run" --store "$store" --use medcom.fhir.dk.carecommunication@3.0.0
says 'validate +pass -> inconclusive  \(worse\)' "a step that got worse"
says '\+ undecided profile\.' "and the finding that is new"
mkdir -p "$XDG_DATA_HOME/testcamp/packages"
exits 1 "with a folder for packages that has none yet" "$T" rejudge "$run" --store "$store" --use medcom.fhir.dk.carecommunication@3.0.0
says '\+ undecided profile\.' "it is judged the same"
exits 2 "a package that is not there" "$T" rejudge "$run" --store "$store" --use medcom.fhir.dk.carecommunication@9.9.9
exits 2 "a run that is not there" "$T" rejudge 1999 --store "$store"

# Another protocol: an assertion that is gone, one that is new, one that asks for something else.
sed 's/rule: cc.thread.same/rule: cc.thread.other/; s/^version: 0.1.0/version: 0.2.0/' "$PROTOCOLS/send.yaml" >"$work/other.yaml"
exits 0 "another rule id" "$T" rejudge "$run" --store "$store" --protocol "$work/other.yaml"
says '0\.1\.0 -> carecommunication-5\.0-send 0\.2\.0' "which protocol became which"
says '^      - error cc.thread.same' "a finding that went"
says '^      \+ error cc.thread.other' "a finding that came"
awk '/^  - id: "3.3.5"/ { print "      - {step: \"3.3.99\", assert: {on: reply, fact: event, equals: nothing, rule: new.rule}}" } { print }' \
  "$PROTOCOLS/send.yaml" >"$work/more.yaml"
exits 0 "one assertion more" "$T" rejudge "$run" --store "$store" --protocol "$work/more.yaml"
says '^  3.3.99 +assert +none -> fail' "is judged on the same bytes"
exits 0 "a run without a fault" "$T" run "$PROTOCOLS/send.yaml" --vendor "$VENDORS/refvendor.yaml" --case 3.3.4 --store "$work/g.sqlite" \
  --report "$work/reports" --launch "refvendor --to \${harness.address} --seed \${seed}"
exits 1 "which a new assertion fails" "$T" rejudge "$(last_run "$work/g.sqlite")" --store "$work/g.sqlite" --protocol "$work/more.yaml"
says 'the run: pass -> fail; 1 steps have another verdict, 0 a worse one$' "is worse as a run"

# A known issue.
printf 'issues:\n  - {id: KI-1, rule: cc.thread.same, effect: ignore, reason: agreed, by: EE, expires: 2999-01-01}\n' >"$work/known.yaml"
exits 0 "with a known issue" "$T" rejudge "$run" --store "$store" --known-issues "$work/known.yaml"
says 'fail -> pass' "the step passes"
says '\+ info cc.thread.same .*known issue KI-1' "and says why"
ok "the store is as it was" test "$(sha256sum "$store" | cut -d' ' -f1)" = "$before"

# A person's answer counts only for the same words.
printf 'report\n' >"$work/report.txt"
printf 'by: EE\nanswers: {"3.2.1": {answer: ok, text: seen, evidence: [report.txt]}}\n' >"$work/answers.yaml"
sed 's/user-interface: false/user-interface: true/' "$VENDORS/refvendor-upload.yaml" >"$work/vendor.yaml"
exits 0 "a run with an answer" "$T" run "$PROTOCOLS/send.yaml" --vendor "$work/vendor.yaml" --case 3.2 --answers "$work/answers.yaml" \
  --store "$work/a.sqlite" --report "$work/reports"
answered=$(last_run "$work/a.sqlite")
exits 0 "the same words" "$T" rejudge "$answered" --store "$work/a.sqlite"
sed 's/Hand in$/Send us/; s/The report shows no failure/The report shows that nothing failed/' "$PROTOCOLS/send.yaml" >"$work/words.yaml"
exits 1 "other words" "$T" rejudge "$answered" --store "$work/a.sqlite" --protocol "$work/words.yaml"
says '3.2.1 +manual +pass -> inconclusive' "the answer does not count"
says 'rejudge.answer' "and why"
sed '/by: EE/d; s/^answers.*/answers: {}/' "$work/answers.yaml" >"$work/none.yaml"
exits 3 "a run without its answer" "$T" run "$PROTOCOLS/send.yaml" --vendor "$work/vendor.yaml" --case 3.2 --answers "$work/none.yaml" \
  --store "$work/n.sqlite" --report "$work/reports"
exits 3 "is as little shown when judged again" "$T" rejudge "$(last_run "$work/n.sqlite")" --store "$work/n.sqlite"

# Bundles.
mkdir "$work/bundles"
exits 0 "a bundle" "$T" report "$run" --store "$store" --format bundle --output "$work/bundles/a.tar.gz"
exits 1 "a folder of bundles" "$T" rejudge "$work/bundles" --use medcom.fhir.dk.carecommunication@3.0.0
says "^$run " "names the run"
says '\(worse\)' "and what got worse"
ok "nothing is left behind" test -z "$(find "$work" -maxdepth 1 -name 'testcamp-*')"
printf 'x' >"$work/bundles/b.tar.gz"
exits 3 "one that is none" "$T" rejudge "$work/bundles"
says 'b.tar.gz' "is named"

# Messages.
mkdir "$work/messages"
cp "$(find "$work/reports" -path "*$run*" -path '*exchanges*' -name '*.xml' | sort | tail -n 1)" "$work/messages/m.xml"
exits 0 "messages in a folder" "$T" rejudge "$work/messages" --use medcom.fhir.dk.carecommunication@5.0.2
says 'm.xml: (valid -> valid|invalid -> invalid)' "what became of each"
exits 2 "known issues for messages of no run" "$T" rejudge "$work/messages" --use medcom.fhir.dk.carecommunication@5.0.2 \
  --known-issues "$work/known.yaml"
says 'known-issues: the messages of a folder belong to no run' "are not passed over"
exits 2 "messages without a package" "$T" rejudge "$work/messages"
finish
