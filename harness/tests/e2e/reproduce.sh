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
finish
