#!/usr/bin/env bash
# EHMI Delivery Status: a system registers AuditEvents, which are judged by the profile that they declare, kept, found
# by every parameter, and never changed.
. "$(dirname "$0")/lib.sh"
data=$TEST_ROOT/harness/tests/data/eds
store=$work/s.sqlite
sed 's/kind: fhir-rest/kind: eds/' "$VENDORS/refvendor-rest.yaml" >"$work/vendor.yaml"
head() {
  cat <<'Y'
protocol: eds
title: {en: EHMI Delivery Status, da: EHMI Delivery Status}
standard: {name: CareCommunication, danish: Korrespondancemeddelelse, version: "5.0", type: HL7 FHIR}
version: 0.1.0
role: receiver
packages: [dk.ehmi.eds@1.0.2]
sections:
Y
}
# one line of YAML from a JSON file, changed by sed.
body() { sed -z 's/\n *//g' "$1" | sed "${2:-}"; }
# ask METHOD PATH [BODY]: a step in which the system asks the server.
ask() {
  printf '      - instruct: {do: {en: Ask, da: Spørg}, trigger: {action: rest, method: %s, path: "%s"%s}}\n' \
    "$1" "$2" "${3:+, body: '$3'}"
}
# finds QUERY N: a search and how many it finds.
finds() {
  ask GET "/AuditEvent?$1"
  echo "      - expect: {rest: search, type: AuditEvent, within: 20 s, as: found$((++searches))}"
  echo "      - assert: {on: found$searches, fhirpath: \"Bundle.total\", equals: \"$2\"}"
}
searches=0
{
  head
  cat <<'Y'
  - id: "1"
    title: {en: Registered, da: Registreret}
    status: mandatory
    steps:
Y
  ask POST /AuditEvent "$(body "$data/patient.json")"
  cat <<'Y'
      - expect: {rest: create, type: AuditEvent, within: 20 s, as: sent, where: {eds.subtype: msg-sent, eds.station: MSH,
          eds.profile: patient, eds.device: refvendor-msh, eds.sender.gln: "5790008888025", eds.receiver.sor: "8888011000016005",
          eds.message.type: homecareobservation-message, eds.patient: "2512489996"}}
      - assert: {on: sent, fact: http.status, equals: "201"}
      - assert: {on: sent, fact: eds.transport, equals: "4f0a3c1e-0d35-4f7b-9c55-21b7a1d2c003"}
      - validate: {on: sent, level: profile}
Y
  ask POST /AuditEvent "$(body "$data/basic.json" 's/msg-received-and-finalized/msg-received/; s/and finalized/only/')"
  echo '      - expect: {rest: create, type: AuditEvent, within: 20 s, as: received, where: {eds.profile: basic}}'
  echo '      - assert: {on: received, fact: eds.orig-transport, equals: "${sent.eds.transport}"}'
  ask GET '/AuditEvent/${sent.rest.id}'
  echo '      - expect: {rest: read, of: sent, within: 20 s, as: read}'
  echo '      - assert: {on: read, fhirpath: "AuditEvent.outcome", equals: "0"}'
  cat <<'Y'
  - id: "2"
    title: {en: Found, da: Fundet}
    status: mandatory
    steps:
Y
  finds '' 2
  finds 'date=ge2026-01-05T10:00:01%2B01:00&date=le2026-01-05T10:00:03%2B01:00' 1
  finds 'date=ge2026-01-05T10:00:10%2B01:00' 0
  finds 'outcome=0' 2
  finds 'outcome=8' 0
  finds 'ehmiMessageType=ehmisbdh-acknowledgement' 1
  finds 'ehmiMessageType=invalid' 0
  finds 'cpr=2512489996' 1
  finds 'receiverOrg=8888011000016005' 1
  finds 'receiverOrg=5790008888018' 1
  finds 'receiverOrg=0088:5790008888018' 1
  finds 'receiverOrg=L%C3%A6gehuset' 1
  finds 'senderOrg=invalid' 0
  finds 'senderOrg=Hjemmeplejen' 1
  finds 'sender-sor=8888021000016001' 1
  finds 'sender-gln=5790008888025' 1
  finds 'sender-name=hjemme' 1
  finds 'receiver-sor=8888021000016001' 1
  finds 'receiver-gln=5790008888018' 1
  finds 'receiver-name:exact=Hjemmeplejen' 0
  finds 'participant-sor=8888021000016001' 2
  finds 'message-id=4f0a3c1e-0d35-4f7b-9c55-21b7a1d2c001' 1
  finds 'orig-message-id=4f0a3c1e-0d35-4f7b-9c55-21b7a1d2c001' 1
  finds 'entityIdentifier=4f0a3c1e-0d35-4f7b-9c55-21b7a1d2c003' 2
  finds 'entityIdentifier=2512489996' 0
  finds 'entityIdentifier=4f0a3c1e-0d35-4f7b-9c55-21b7a1d2c001&subtype=msg-sent' 1
  cat <<'Y'
  - id: "3"
    title: {en: Never changed, da: Aldrig ændret}
    status: mandatory
    steps:
Y
  ask PUT '/AuditEvent/x' "$(body "$data/patient.json")"
  echo '      - expect: {rest: update, where: {http.status: "405"}, within: 20 s}'
  ask DELETE '/AuditEvent/x'
  echo '      - expect: {rest: delete, where: {http.status: "405"}, within: 20 s}'
  ask POST '/Patient' '{"resourceType":"Patient"}'
  echo '      - expect: {rest: create, type: Patient, where: {http.status: "404"}, within: 20 s}'
  ask GET /metadata
  cat <<'Y'
      - expect: {rest: capabilities, within: 20 s, as: can}
      - validate: {on: can, level: profile, profile: "http://hl7.org/fhir/StructureDefinition/CapabilityStatement"}
      - assert: {on: can, fhirpath: "CapabilityStatement.rest.resource.type", equals: AuditEvent}
      - assert: {on: can, fhirpath: "CapabilityStatement.rest.resource.interaction.where(code = 'update' or code = 'patch' or code = 'delete')", count: "0"}
      - assert: {on: can, fhirpath: "CapabilityStatement.rest.resource.interaction.where(code = 'create' or code = 'search-type').count()", equals: "2"}
Y
} >"$work/all.yaml"
exits 0 "lint is silent" "$T" lint "$work/all.yaml"
exits 0 "register, find, keep" "$T" run "$work/all.yaml" --vendor "$work/vendor.yaml" --store "$store" \
  --report "$work/reports" --seed 5
says "result: pass" "passed"

# What does not fit its profile is refused, with the reason and its place; what declares none, too.
refused() {
  local text=$1
  {
    head
    printf '  - id: "1"\n    title: {en: Wrong, da: Forkert}\n    status: mandatory\n    steps:\n'
    ask POST /AuditEvent "$2"
    echo '      - expect: {rest: create, type: AuditEvent, within: 20 s}'
  } >"$work/wrong.yaml"
  exits 1 "$text" "$T" run "$work/wrong.yaml" --vendor "$work/vendor.yaml" --store "$store" --report "$work/reports"
  says "refused with status 422: .*($3)" "with its reason"
}
refused "an outcome that EHMI does not have" "$(body "$data/patient.json" 's/"outcome": "0"/"outcome": "4"/')" "outcome|'4'"
refused "a patient's event without a patient" "$(body "$data/patient.json" 's/ehmiPatient/ehmiOther/')" 'ehmiPatient|value set|Patient'
refused "no profile" "$(body "$data/patient.json" 's/"profile": \[[^]]*\]/"source": "x"/')" 'declares neither'
refused "a purpose" "$(body "$data/patient.json" 's/"outcome": "0"/"outcome": "0","outcomeDesc": "fine"/')" 'outcomeDesc'

# EDS refuses, is away, or loses its answer, on purpose: what the system sends again is there, with its own time.
{
  head
  for fault in unfit forbidden unavailable time-out; do
    printf '  - id: "%s"\n    title: {en: %s, da: %s}\n    status: mandatory\n    steps:\n' $fault $fault $fault
    echo "      - fault: {kind: $fault, as: lost-$fault}" | sed 's/time-out,/time-out, ms: 50,/'
    ask POST /AuditEvent "$(body "$data/patient.json" "s/d2c001/$fault/")"
    ask POST /AuditEvent "$(body "$data/patient.json" "s/d2c001/$fault/")"
    echo "      - expect: {rest: create, type: AuditEvent, within: 20 s, as: kept-$fault, where: {http.status: \"201\"}}"
    echo "      - assert: {on: kept-$fault, fact: eds.recorded, equals: \"\${lost-$fault.eds.recorded}\"}"
    finds "message-id:contains=$fault" 1
  done
  printf '  - id: "lost"\n    title: {en: Lost, da: Tabt}\n    status: mandatory\n    steps:\n'
  echo '      - fault: {kind: lost-answer}'
  ask POST /AuditEvent "$(body "$data/basic.json")"
  ask POST /AuditEvent "$(body "$data/basic.json")"
  echo '      - expect: {rest: create, type: AuditEvent, within: 20 s, as: first, where: {eds.profile: basic}}'
  echo '      - expect: {rest: create, type: AuditEvent, within: 20 s, as: second, where: {eds.profile: basic}}'
  echo '      - assert: {on: second, fact: eds.message, equals: "${first.eds.message}"}'
} >"$work/faults.yaml"
exits 0 "lint of the faults is silent" "$T" lint "$work/faults.yaml"
exits 0 "faults on purpose" "$T" run "$work/faults.yaml" --vendor "$work/vendor.yaml" --store "$store" \
  --report "$work/reports" --seed 5

# MedCom's own TestScripts, where they are at hand: the table in the docs is what comes of them.
"$TEST_ROOT/harness/tests/testscripts/eds" "$TEST_BIN" >"$work/eds.md" 2>"$work/err"
case $? in
  77) echo "skipped: MedCom's TestScripts of EDS are not here" ;;
  0) ok "MedCom's scripts come to what docs/testscripts/eds.md says" diff "$TEST_ROOT/docs/testscripts/eds.md" "$work/eds.md" ;;
  *) ok "MedCom's scripts run" cat "$work/err" && ok "to their end" false ;;
esac
finish
