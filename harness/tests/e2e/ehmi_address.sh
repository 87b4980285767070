#!/usr/bin/env bash
# The protocols of looking up receivers in EAS and devices in EER against the reference vendor: it passes, and each defect
# is caught by the step and the rule that are meant to.
. "$(dirname "$0")/lib.sh"
EHMI=$TEST_ROOT/protocols/ehmi/1.0
cp "$VENDORS"/*-client.json "$work"

# with NAME [DEFECT[,DEFECT]]: the vendor file of that protocol, with these defects, in $work.
with() {
  sed "s#^  command: \\[\\(.*\\)\\]#  command: [\\1${2:+, --defect, ${2//,/, --defect, }}]#" "$VENDORS/refvendor-ehmi-$1.yaml" >"$work/vendor.yaml"
}

# run NAME SCALE [ARGUMENT...]
run() {
  local name=$1 scale=$2
  shift 2
  timeout 120 "$T" run "$EHMI/$name-lookup.yaml" --vendor "$work/vendor.yaml" --store "$work/s.sqlite" \
    --report "$work/reports" --clock-scale "$scale" "$@"
}

# caught PROTOCOL SCALE DEFECT[,DEFECT] CASE[,CASE] STEP RULE
caught() {
  with "$1" "$3"
  exits 1 "$3 fails $1" run "$1" "$2" --case ${4//,/ --case }
  ok "$3 is seen at $5 by $6" fails_by "$5" "$6"
}

with address
exits 0 "looking up receivers" run address 300
with device
exits 0 "looking up the own device" run device 60
# Who tells no types reads in the answer what the receiver takes.
with address eas-no-message-type
exits 0 "without telling the type" run address 300 --case 2

while read -r row; do
  case $row in '' | '#'*) continue ;; esac
  # shellcheck disable=SC2086
  caught $row
done <<'ROWS'
device 600 eer-never-asks 1 1.3 expect.deadline
device 60 eer-asks-by-name 1 1.3+1 eer.asked.device
device 60 eer-ignores-answer 1 1.4+3 eer.answer.device
device 600 eer-asks-by-name 2 2.3 expect.deadline
device 600 eer-stops 2 2.4+1 expect.deadline
device 60 eer-invents-device 2 2.5 expect-none.arrived
device 600 eer-stops 3 3.3+1 expect.deadline
device 60 eds-wrong-device 3 3.3+3 eer.answer.device
address 600 eas-no-profile 1 1.2 rest.refused
address 600 eas-wrong-parameter 1 1.2 rest.refused
address 600 eas-no-cpr 1 1.2 rest.refused
address 600 eas-wrong-message-type 1 1.2+2 eas.asked.type
address 600 eas-ignores-answer 1 1.2+4 eas.answer.gln
address 600 eas-ignores-sor 1 1.2+5 eas.answer.sor
address 600 eas-asks-otherwise 1 1.3 eas.asked
address 300 eas-sends-anyway 2 2.3+2 expect-none.arrived
address 300 eas-sends-anyway 2 2.4+2 expect-none.arrived
address 600 eas-no-message-type,eas-ignores-type 2 2.5+2 expect-none.arrived
address 600 eas-ignores-period 2 2.6+2 expect-none.arrived
address 600 eas-asks-otherwise 3 3.2+7 eas.asked
address 300 eas-sends-anyway 3 3.3+2 expect-none.arrived
address 600 eas-no-message-type,eas-ignores-type 3 3.4+2 expect-none.arrived
address 600 eas-asks-otherwise 4 4.2 expect.deadline
address 300 eas-sends-anyway 4 4.4+2 expect-none.arrived
address 300 eas-sends-anyway 5 5.1+2 expect-none.arrived
address 300 eas-sends-anyway 5 5.2+2 expect-none.arrived
address 300 eas-sends-anyway 5 5.3+2 expect-none.arrived
address 300 eas-sends-anyway 6 6.3 expect-none.arrived
ROWS
with device eer-never-asks
exits 3 "a system that does not look up its device while EER is away" run device 60 --case 3
says '3\.4 +inconclusive' "has not shown what it does then"
with address eas-asks-once
exits 3 "a system that did not ask while EAS was away" run address 600 --case 1 --case 6
says '6\.4 +inconclusive' "has not shown what it does then"

# Where the system has screens, a person says what they show: a silent one fails there alone.
with address eas-silent
sed -i 's/user-interface: false/user-interface: true/' "$work/vendor.yaml"
cat >"$work/answers.yaml" <<'Y'
by: XX
answers:
  "5.1+3": {answer: ok, text: The patient is not known}
  "5.2+3": {answer: fail, text: Nothing is shown}
  "5.3+3": {answer: ok, text: The practice has no address}
Y
exits 1 "a user who is told nothing" run address 600 --case 5 --answers "$work/answers.yaml"
ok "is the only thing wrong" test "$(grep -c FAIL "$work/err")" = 1
finish
