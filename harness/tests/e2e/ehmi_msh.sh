#!/usr/bin/env bash
# The rows of EHMI's MSH that e2e/ehmi.sh has not: the reference vendor passes, also where it does otherwise what it may do
# otherwise, and each negative row has a defect that is caught by the step and the rule that are meant to.
. "$(dirname "$0")/lib.sh"
EHMI=$TEST_ROOT/protocols/ehmi/1.0
OWN=$VENDORS/refvendor-ehmi.yaml
LAUNCH=$(launch_of "$OWN")

# run NAME VENDOR-FILE SCALE [ARGUMENT...]
run() {
  local name=$1 vendor=$2 scale=$3
  shift 3
  "$T" run "$EHMI/$name.yaml" --vendor "$vendor" --store "$work/s.sqlite" --report "$work/reports" --clock-scale "$scale" "$@"
}

# caught PROTOCOL SCALE DEFECT CASE STEP RULE [STEP RULE]...
caught() {
  local protocol=$1 scale=$2 defect=$3 case=$4
  shift 4
  exits 1 "$defect fails $protocol" run "$protocol" "$OWN" "$scale" --case "$case" --launch "$LAUNCH --defect $defect"
  while [ $# -gt 0 ]; do
    ok "$defect is seen at $1 by $2" fails_by "$1" "$2"
    shift 2
  done
}

# declares NAME CAPABILITY VALUE...: a vendor file like that of the reference vendor that declares otherwise.
declares() {
  local to=$work/$1.yaml
  shift
  cp "$OWN" "$to"
  while [ $# -gt 0 ]; do
    sed -i "s/^  $1: [a-z]*/  $1: $2/" "$to"
    shift 2
  done
}

# answers NAME STEP ANSWER...: what a person says.
answers() {
  local to=$work/$1.answers
  shift
  printf 'by: Eva Eksempel\ntest-persons-only: true\nanswers:\n' >"$to"
  while [ $# -gt 0 ]; do
    printf '  "%s": {answer: %s, text: seen, evidence: [screen.png]}\n' "$1" "$2" >>"$to"
    shift 2
  done
}
printf '\211PNG\r\n\032\n' >"$work/screen.png"

# ---- the reference vendor passes ----

exits 0 "the sending MSH" run msh-send "$OWN" 300 --case 5 --case 6 --case 7
exits 0 "the receiving MSH" run msh-receive "$OWN" 60 --case 3 --case 5 --case 6 --case 7 --case 8 --case 9
# Sent again in three seconds: the system has to be there again before.
exits 0 "the sender goes down and comes back" run msh-send "$OWN" 200 --case 8
exits 0 "so does the receiver" run msh-receive "$OWN" 200 --case 11

# ---- so does one that does otherwise what it may ----

# Resends are made by hand.
declares by-hand automatic-resend false
exits 0 "a person sends again" run msh-send "$work/by-hand.yaml" 600 --case 4 --case 6 --launch "$LAUNCH --defect sbdh-no-resend"
says '^  4\.5 +pass' "that is asked for"
exits 1 "a stray receipt is no receipt" run msh-send "$work/by-hand.yaml" 200 --case 4 --launch "$LAUNCH --defect sbdh-takes-any-receipt"
says '^  4\.2\+2 +FAIL' "the stray receipt was obeyed"
# An MSH in front of the end-user system of another product.
declares apart end-user-system false
exits 0 "an MSH alone sends" run msh-send "$work/apart.yaml" 60 --case 5 --case 7
exits 0 "an MSH alone receives" run msh-receive "$work/apart.yaml" 60 --case 1 --case 4

# ---- what a person says counts ----

declares shown user-interface true signature true
answers no 7.4 ok 7.7 fail
exits 1 "no alarm" run msh-send "$work/shown.yaml" 600 --case 7 --answers "$work/no.answers"
says '^  7\.4 +pass' "the refusal is shown"
says '^  7\.7 +FAIL' "the alarm is missing"
answers unsigned 10.1 fail
exits 1 "no signature is verified" run msh-receive "$work/shown.yaml" 60 --case 10 --answers "$work/unsigned.answers"
says '^  10\.1 +FAIL' "what is unsigned was taken"

# ---- another envelope ----

sed 's/^  automatic-resend: .*/&\n  end-user-system: true\n  restart: false/' "$VENDORS/refvendor.yaml" >"$work/vans.yaml"
exits 2 "a system without ehmiSBDHs" run msh-send "$work/vans.yaml" 60
says 'exchange: \{kind: sbdh-http' "what its vendor file has to say"

# ---- defects ----

while read -r row; do
  case $row in '' | '#'*) continue ;; esac
  # shellcheck disable=SC2086
  caught $row
done <<'ROWS'
msh-send 60 sbdh-takes-any-receipt 5 5.3 expect-none.arrived
msh-send 1000 sbdh-resends-hastily 6 6.2 expect-none.arrived
msh-send 600 sbdh-resends-forever 6 6.5 expect-none.arrived
msh-send 60 resends-refused 7 7.3 expect-none.arrived
msh-send 600 sbdh-forgets-on-restart 8 8.4+1 expect.deadline 8.5 expect.deadline
msh-receive 60 sbdh-contradicts 1 1.2+2 expect-none.arrived
msh-receive 600 sbdh-refuses-duplicates 2 2.3 expect.deadline 2.5 expect.deadline
msh-receive 600 sbdh-takes-strangers 3 3.6 expect.deadline 3.8 expect.deadline
msh-receive 60 sbdh-takes-used-envelope 5 5.3 expect-none.arrived 5.4 expect-none.arrived
msh-receive 600 sbdh-takes-invalid 6 6.2 expect.deadline 6.4 expect.deadline
msh-receive 600 sbdh-takes-tampered 7 7.2+2 expect-none.arrived 7.4+2 expect-none.arrived 7.6+2 expect-none.arrived
msh-receive 600 sbdh-takes-any-type 8 8.2 expect.deadline 8.4 expect.deadline
msh-receive 600 sbdh-demands-request 9 9.2 expect.deadline
msh-receive 300 sbdh-forgets-on-restart 11 11.5+3 expect-none.arrived 11.6 expect.deadline
ROWS
finish
