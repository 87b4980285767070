#!/usr/bin/env bash
# The protocol of a system's tokens against the reference vendor, in the clear and over TLS with certificates: it passes,
# and each of its defects is caught by the step and the rule that are meant to.
. "$(dirname "$0")/lib.sh"
P=$TEST_ROOT/protocols/ehmi/1.0/token-client.yaml

# run VENDOR SCALE [ARGUMENT...]
run() {
  local vendor=$1 scale=$2
  shift 2
  "$T" run "$P" --vendor "$vendor" --store "$work/s.sqlite" --report "$work/reports" --clock-scale "$scale" "$@"
}

# caught VENDOR SCALE DEFECT CASE STEP RULE
caught() {
  local launch
  launch=$(launch_of "$1")
  exits 1 "$3 fails" run "$1" "$2" --case "$4" --launch "$launch --defect $3"
  ok "$3 is seen at $5 by $6" fails_by "$5" "$6"
}

over_tls tls --client other

exits 0 "in the clear" run "$VENDORS/refvendor-ehmi-eds.yaml" 60
says 'not applicable' "what needs certificates is left out"
exits 0 "with certificates" run "$work/tls.yaml" 60

plain=$VENDORS/refvendor-ehmi-eds.yaml
hasty=$(launch_of "$plain" | sed 's/--clock-scale [^ ]*/--clock-scale 600/')
exits 0 "a system that asks for metadata again at once passes" run "$plain" 2 --case 1 --launch "$hasty"
caught "$plain" 60 token-no-issuer-check 1 1.4 expect-none.arrived
caught "$plain" 600 token-ignores-alias 2 2.2 oauth.alias
caught "$plain" 600 token-scope-without-sor 2 2.2 oauth.org-context.half
caught "$plain" 600 token-scope-without-gln 2 2.2 oauth.org-context.half
caught "$plain" 600 token-client-secret 2 2.2 oauth.secret
caught "$plain" 60 token-each-time 2 2.5+1 oauth.token.reused
caught "$plain" 600 token-in-query 2 2.3 expect.deadline
caught "$plain" 600 token-no-second-try 2 2.8 expect.deadline
caught "$plain" 60 token-ignores-scope 4 4.4 expect-none.arrived
caught "$plain" 10 token-tries-forever 5 5.4 expect-none.arrived
caught "$work/tls.yaml" 600 token-other-certificate 2 2.3 expect.deadline
finish
