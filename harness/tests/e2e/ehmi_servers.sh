#!/usr/bin/env bash
# The protocols whose system under test is EDS or EER, against the servers that testcamp plays itself in another run: they
# pass, and each check fails once, where the reference vendor in front of the server makes it wrong.
. "$(dirname "$0")/lib.sh"
EHMI=$TEST_ROOT/protocols/ehmi/1.0

# serve KIND PACKAGE: starts a server of that kind for the length of the test; $url is where it is.
serve() {
  sed "/^launch:/,/^\$/d; /^trigger:/,/^\$/d; s/kind: fhir-rest/kind: $1/" "$VENDORS/refvendor-rest.yaml" >"$work/$1.yaml"
  cat >"$work/serve-$1.yaml" <<Y
protocol: serve-$1
title: {en: Somebody asks, da: Nogen spørger}
standard: {name: FHIR, version: "4.0.1"}
version: 0.1.0
role: receiver
packages: [$2]
sections:
  - id: "1"
    title: {en: Somebody asks, da: Nogen spørger}
    status: mandatory
    steps:
      - expect: {rest: read, type: Nothing, within: 30 min}
Y
  "$T" run "$work/serve-$1.yaml" --vendor "$work/$1.yaml" --store "$work/$1.sqlite" --report "$work/served" \
    >"$work/$1.out" 2>"$work/$1.err" &
  awaits url_in "$work/$1.err" && return
  cat "$work/$1.err"
}

# run KIND SPOIL [ARGUMENT...]: the protocol of that server; SPOIL: what is wrong with it, or nothing.
run() {
  local kind=$1 spoil=$2
  shift 2
  sed "s#\"http://127.0.0.1:8090\"#\"$url\"${spoil:+, --spoil, \"$spoil\"}#" "$VENDORS/refvendor-server.yaml" >"$work/vendor.yaml"
  timeout 120 "$T" run "$EHMI/$kind-server.yaml" --vendor "$work/vendor.yaml" --store "$work/s.sqlite" --report "$work/reports" "$@"
}

# caught KIND CASE[,CASE] STEP[,STEP] RULE SPOIL...
caught() {
  local kind=$1 cases=$2 steps=$3 rule=$4 step
  shift 4
  exits 1 "$* fails $kind" run "$kind" "$*" --case ${cases//,/ --case }
  for step in ${steps//,/ }; do
    ok "$* is seen at $step by $rule" fails_by "$step" "$rule"
  done
}

# all KIND: the rows of standard input.
all() {
  local row
  while read -r row; do
    case $row in '' | '#'*) continue ;; esac
    # shellcheck disable=SC2086
    set -f && caught "$1" $row && set +f
  done
}

serve eds dk.ehmi.eds@1.0.2
exits 0 "a right EDS" run eds ""
all eds <<'ROWS'
1 1.1#1 http.status GET metadata status 404
1 1.1#2 http.header GET metadata answer json
1 1.1#1+1 profile.minimum GET metadata remove CapabilityStatement.status
1 1.1#1+2 eds.server.unchanged GET metadata set CapabilityStatement.rest.resource.interaction.first().code update
1 1.1#2+2 eds.server.unchanged GET metadata set CapabilityStatement.rest.resource.interaction.first().code delete
2 2.1#1 http.status POST AuditEvent status 200
2 2.2#2 http.status POST AuditEvent status 200
2 2.1#1+1 fhir.create.location POST AuditEvent hide Location
2,3 3.1#1+1 eds.server.search GET AuditEvent remove Bundle.entry
2,3 3.2#2+1 eds.server.search GET AuditEvent forget date
2,4 4.1#1 http.header GET AuditEvent answer xml
2,4 4.1#2+1 eds.server.search GET AuditEvent miss ehmiMessageType
2,4 4.2#1+1 eds.server.search GET AuditEvent forget ehmiMessageType
2,5 5.1#1+1 eds.server.search GET AuditEvent miss cpr
2,5 5.2#2+1 eds.server.search GET AuditEvent forget cpr
2,6 6.1#1+1,6.2#1+1,6.3#1+1 eds.server.search GET AuditEvent miss receiverOrg
2,6 6.4#1+1 eds.server.search GET AuditEvent forget receiverOrg
2,6 6.5#2+1,6.6#2+1,6.7#2+1 eds.server.search GET AuditEvent miss senderOrg
2,6 6.8#2+1 eds.server.search GET AuditEvent forget senderOrg
2,7 7.1#1+1 eds.server.search GET AuditEvent miss outcome
2,7 7.2#1+1 eds.server.search GET AuditEvent forget outcome
8 8.1#1+1,8.2#1+1,8.3#1+1,8.4#2+1,8.5#2+1 eds.server.search GET AuditEvent miss entityIdentifier
8 8.6#1+1 eds.server.search GET AuditEvent forget entityIdentifier
9 9.1#1 http.status POST AuditEvent status 201
9 9.1#1+1 eds.server.outcome POST AuditEvent set OperationOutcome.issue.severity warning
9 9.4#1 http.status DELETE AuditEvent status 204
9 9.4#2+1 http.status GET AuditEvent status 410
ROWS

serve eer dk.ehmi.eer@2.0.1-draft
exits 0 "a right EER" run eer ""
all eer <<'ROWS'
1 1.1#1 http.status DELETE Organization status 500
1 1.2#2 http.status POST Organization status 200
1 1.2#1+1 fhir.create.location POST Organization hide Location
1 1.3#1 http.status GET Organization status 404
1 1.3#2 http.header GET Organization answer json
1 1.3#1+1 capture.none GET Organization miss identifier
1 1.3#1+3 profile.minimum GET Organization remove Organization.identifier
1 1.4#1 http.status PUT Organization status 201
1 1.5#2+2 eer.server.updated PUT Organization skip
1 1.5#1+1 profile.minimum GET Organization remove Organization.identifier
1 1.6#1 http.status DELETE Organization/ status 405
1 1.6#2+1 http.status DELETE Organization/ skip
2 2.1#1 http.status DELETE Endpoint status 500
2 2.3#2 http.status POST Endpoint status 200
2 2.3#1+1 fhir.create.location POST Endpoint hide Location
2 2.4#1 http.status GET Endpoint status 404
2 2.4#2 http.header GET Endpoint answer json
2 2.4#1+1 capture.none GET Endpoint miss identifier
2 2.4#1+3 profile.minimum GET Endpoint remove Endpoint.payloadType
2 2.5#1 http.status PUT Endpoint status 201
2 2.6#2+2 eer.server.updated PUT Endpoint skip
2 2.6#1+1 profile.minimum GET Endpoint remove Endpoint.payloadType
2 2.7#1 http.status DELETE Endpoint/ status 405
2 2.7#2+1 http.status DELETE Endpoint/ skip
3 3.1#1 http.status DELETE Device status 500
3 3.2#2 http.status POST Device status 200
3 3.2#1+1 fhir.create.location POST Device hide Location
3 3.3#1 http.status GET Device status 404
3 3.3#2 http.header GET Device answer json
3 3.3#1+1 capture.none GET Device miss identifier
3 3.3#1+3 profile.minimum GET Device remove Device.identifier
3 3.4#1 http.status PUT Device status 201
3 3.5#2+2 eer.server.updated PUT Device skip
3 3.5#1+1 profile.minimum GET Device remove Device.identifier
3 3.6#1 http.status DELETE Device/ status 405
3 3.6#2+1 http.status DELETE Device/ skip
2 2.1#1+1 http.status DELETE Organization status 500
2 2.2#1 http.status POST Organization status 200
2 2.7#1+2 http.status DELETE Organization/ status 405
2 2.7#1+3 http.status DELETE Organization/ skip
ROWS
finish
