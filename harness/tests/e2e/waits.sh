#!/usr/bin/env bash
# Waits have an owner and a time: a long one keeps nobody, the clock is scaled only where that is declared, and what fits
# no step is explained and can be given to one by a person.
. "$(dirname "$0")/lib.sh"
store=$work/s.sqlite
protocol() { # FILE ID SECTIONS: a protocol of these sections
  printf 'protocol: %s\ntitle: {en: Waits, da: Ventetider}\nstandard: {name: CareCommunication, version: "5.0"}\n' "$2" >"$1"
  printf 'version: 0.1.0\nrole: receiver\nsections:\n%s' "$3" >>"$1"
}
protocol "$work/long.yaml" long '  - id: "1"
    title: {en: Half an hour, da: En halv time}
    status: mandatory
    steps:
      - step: "1.1"
        wait: {for: 30 min}
      - step: "1.2"
        send: {fixture: carecommunication/new.json, as: later}
  - id: "2"
    title: {en: Meanwhile, da: Imens}
    status: mandatory
    steps:
      - step: "2.1"
        send: {fixture: carecommunication/new.json, as: meanwhile}
      - step: "2.2"
        expect-ack: {to: meanwhile, code: ok, within: 30 min, as: ack}
'
run() { "$T" run "$@" --store "$store" --report "$work/reports"; }

exits 3 "a long wait keeps nobody" run "$work/long.yaml" --vendor "$VENDORS/refvendor.yaml"
says '2\.2 +pass' "the next case is done meanwhile"
says '1\.1 .*harness.*goes on 20[0-9-]*T' "the run says when it goes on"
exits 0 "list waits" "$T" list waits --store "$store"
says "^$(last_run "$store")  1\.1 +harness +wait +since 20.*goes on 20.*Wait 30 min" "run, step, owner, since, when, what"
exits 0 "list waits in Danish" "$T" list waits --lang da --store "$store"
says 'testværktøj +wait +siden 20.*fortsætter 20.*Vent 30 min' "in Danish"
exits 3 "too early it waits on" "$T" resume "$(last_run "$store")" --store "$store" --report "$work/reports"
says 'goes on 20' "and says so again"

# Scaled, the half hour is there at once; where the vendor file does not say that its intervals can be set, it is not.
exits 0 "scaled" run "$work/long.yaml" --vendor "$VENDORS/refvendor.yaml" --clock-scale 10000
report=$(find "$work/reports" -path "*$(last_run "$store")*" -name report.en.html)
ok "the report says by how much" grep -q 10000 "$report"
sed 's/scalable: true/scalable: false/' "$VENDORS/refvendor.yaml" >"$work/real.yaml"
exits 2 "a clock that is not declared" run "$work/long.yaml" --vendor "$work/real.yaml" --clock-scale 10
says 'does not declare .clock: \{scalable: true\}' "says what is missing"
exits 2 "a scaled certification" run "$work/long.yaml" --vendor "$VENDORS/refvendor.yaml" --clock-scale 10 --mode certify
says 'refused in mode certify: deadlines are real ones there' "says why"

# Nobody sits at a terminal: what keeps the run is told as it goes, once, and by standard error.
protocol "$work/told.yaml" told '  - id: "1"
    title: {en: An answer, da: Et svar}
    status: mandatory
    steps:
      - step: "1.1"
        send: {fixture: carecommunication/new.json, as: asked}
      - step: "1.2"
        expect-ack: {to: asked, code: ok, within: 8 s, as: ack}
'
silent=$work/silent.yaml
sed -e '/--seed/s/\[refvendor,/[refvendor, --defect, no-ack,/' "$VENDORS/refvendor.yaml" >"$silent"
exits 1 "a system that never answers" run "$work/told.yaml" --vendor "$silent"
says '^1\.2 +vendor +expect-ack +since 20.* [0-9]+ s left  An acknowledgement ok within 8 s' "who, which step, how long, what"
ok "once" test "$(grep -c '^1\.2 .*expect-ack' "$work/err")" = 1
ok "with a word in front" grep -q '^Waiting for:$' "$work/err"
exits 1 "quietly" "$T" run "$work/told.yaml" --vendor "$silent" --store "$store" --report "$work/reports" --quiet
ok "nothing" sh -c "! grep -q 'Waiting for' '$work/err'"
exits 0 "one that answers at once" run "$work/told.yaml" --vendor "$VENDORS/refvendor.yaml"
ok "is not told of" sh -c "! grep -q 'Waiting for' '$work/err'"

# Two systems of one GLN in one run.
sed 's/name: Reference vendor/name: Another one/' "$VENDORS/refvendor.yaml" >"$work/twin.yaml"
exits 2 "two systems with one GLN" run "$work/long.yaml" --vendor "sender=$VENDORS/refvendor.yaml" --vendor "receiver=$work/twin.yaml"
says 'both have the GLN 5790008888018' "names it"

# Two parked cases want the same message: nobody gets it, a person says which, and why.
rm -rf "$store"*
protocol "$work/two.yaml" two "$(for n in 1 2; do printf '  - id: "%s"
    title: {en: Case, da: Sag}
    status: mandatory
    steps:
      - step: "%s.1"
        expect: {event: care-communication-message, as: message-%s, within: 30 min}
' $n $n $n; done)"
exits 3 "by hand" run "$work/two.yaml" --vendor "$VENDORS/refvendor-upload.yaml" --by-hand
run=$(last_run "$store")
sed -e 's/\${uuid:[a-z-]*}/0b6dbd4e-4a5e-4f0e-8e2a-1f5c7b1d2a03/g' "$TEST_ROOT/fixtures/carecommunication/new.json" >"$work/message.json"
exits 3 "put" "$T" put "$run" "$work/message.json" --store "$store" --report "$work/reports"
exits 0 "unmatched" "$T" list unmatched --store "$store"
says "^$run  m1 .*fits step 1\.1, 2\.1; give it to one with: testcamp attach" "with the reason"
exits 2 "attach without a reason" "$T" attach "$run" m1 2.1 --store "$store" --report "$work/reports"
says 'needs --why' "says so"
exits 2 "attach to a step that waits for nothing" "$T" attach "$run" m1 9.9 --why x --store "$store" --report "$work/reports"
"$T" attach "$run" m1 2.1 --why "seen in their log" --store "$store" --report "$work/reports" >"$work/out" 2>"$work/err" </dev/null
says '2\.1 ' "it is judged there"
ok "and the record says why" grep -rq 'attached by hand: seen in their log' "$work/reports"
exits 0 "unmatched no more" "$T" list unmatched --store "$store"
ok "nothing is left" test ! -s "$work/out"
exits 0 "waits" "$T" list waits --store "$store"
says "^$run  1\.1 +vendor +expect .*no deadline" "the other case waits still, by hand for as long as it takes"
finish
