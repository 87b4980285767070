#!/usr/bin/env bash
# What a finding of a run says of itself: the command that finds it again does, the one that explains it does, and both
# stand on the terminal, in the record and in the report.
. "$(dirname "$0")/lib.sh"
store=$work/s.sqlite
vendor=$VENDORS/refvendor.yaml

defect=payload-not-base64 case=3.3.1 rule=vans.base64 clock=20 # of e2e/defects/carecommunication.tsv
exits 1 "a run with a fault ($defect)" "$T" run "$PROTOCOLS/send.yaml" --vendor "$vendor" --case "$case" --store "$store" \
  --report "$work/reports" --clock-scale "$clock" --launch "$(launch_of "$vendor") --defect $defect"
command=$(grep -oE 'testcamp validate --run [0-9a-f-]+ m[0-9]+$' "$work/err" | head -n 1)
ok "it names the command that finds it again" [ -n "$command" ]
says "\\$ testcamp explain " "and the one that explains it"
page=$(find "$work/reports" -name 'report.en.html' | head -n 1)
record=$(find "$work/reports" -name 'record.json' | head -n 1)
ok "the report names it too" grep -Fq "<code>$command</code>" "$page"
ok "and the record" grep -Fq "\"again\": \"$command\"" "$record"

# The requirement that the step stands for is not shown; no other of a step that failed is either.
ok "requirements are counted" grep -Eq '>[0-9]+ of [0-9]+ requirements that the test steps stand for were shown' "$page"
ok "those of the step that failed are not shown" sh -c "tr -d '\n' <'$page' | grep -oE '<section id=\"requirements\".*<section id=\"limits\"' |
  grep -Eq 'v-fail'"

read -r _ words <<<"$command"
# shellcheck disable=SC2086
exits 1 "that command" "$T" $words --store "$store"
says "error $rule " "finds it again"
message=${words##* }
exits 2 "a message that is not there" "$T" validate --run "$(awk '{print $3}' <<<"$words")" "${message}999" --store "$store"
says "the run has no message \"${message}999\"" "is refused"
exits 2 "a run that is not there" "$T" validate --run nope m1 --store "$store"

# Machine formats have the same commands, and one of a file is a line that a shell takes.
run=$(awk '{print $3}' <<<"$words")
for format in junit testreport; do
  exits 0 "the run as $format" "$T" report "$run" --store "$store" --format "$format"
  for line in "$command" "testcamp explain $rule" "testcamp repeat $run $case."; do says "$line" "$format has it"; done
done
exits 1 "a message of the run as SARIF" "$T" validate --run "$run" --store "$store" --format sarif "$message"
says "\"again\": \"testcamp validate --run=$run --store=$store $message\"" "with the command"
says "\"explain\": \"testcamp explain $rule\"" "both of them"
echo '{"resourceType": "Bundle", "type": "message", "a": }' >"$work/a file, it's.json"
exits 1 "a file of an odd name" "$T" validate --level envelope --format json --lang da "$work/a file, it's.json"
line=$(sed -nE 's/^ *"again": "(.*)",?$/\1/p' "$work/out" | head -n 1)
line=${line//\\\\/\\} # as JSON writes it
exits 1 "the command that it names: $line" bash -c "'$T' ${line#testcamp }"
says "error json\\." "finds it again"
finish
