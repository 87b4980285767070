#!/usr/bin/env bash
# The reference vendor with all services of EHMI that testcamp plays: it asks EAS who receives, gets tokens for that and for
# EDS, sends in an ehmiSBDH where EAS said, and reports it. Where EAS names nobody, nothing goes out.
. "$(dirname "$0")/lib.sh"
store=$work/s.sqlite
cat >"$work/client.json" <<'J'
{"token_endpoint_auth_method": "tls_client_auth", "grant_types": ["client_credentials"], "client_id": "refvendor",
 "client_name": "Reference", "scope": "EDS system/AuditEvent.crs EAS system/Organization.rs", "contacts": ["test@example.invalid"],
 "tls_client_auth_subject_dn": "CN=Reference,organizationIdentifier=NTRDK-12345678,O=Region Test,C=DK",
 "ehmi:eer:device_id": "refvendor-msh",
 "ehmi:org_context": [{"name": "Lægehuset", "sor": "8888011000016005", "gln": "5790008888018"}]}
J
sed -e 's/^test-persons-only/authorization: {enrollments: [client.json]}\n&/' "$VENDORS/refvendor-ehmi.yaml" >"$work/v.yaml"
launch='refvendor --to ${harness.address} --envelope sbdh --seed ${seed} --clock-scale ${clock.scale} --device refvendor-msh'
launch+=' --partner 5790008888063,8888061000016007,Afdelingen' # the first of its address book is not whom EAS names
launch+=' --eds ${service.eds.address} --auth ${service.as.address} --eas ${service.eas.address}'
cat >"$work/p.yaml" <<'P'
protocol: ehmi-vendor
title: {en: A vendor on EHMI, da: En leverandør på EHMI}
standard: {name: EHMI, danish: EHMI, version: "1.0", type: SBDH}
version: 0.1.0
role: sender
packages: [medcom.fhir.dk.homecareobservation@1.2.1, dk.ehmi.eds@1.0.2, dk.ehmi.eas@2.0.0]
services:
  as: {kind: authorization}
  eds: {kind: eds}
  eas: {kind: eas}
sections:
  - id: "1"
    title: {en: A message whose receiver EAS knows, da: "En meddelelse, hvis modtager EAS kender"}
    status: mandatory
    steps:
      - step: "1.1"
        instruct:
          do: {en: Send a report., da: Send et prøvesvar.}
          trigger:
            action: new
            standard: homecareobservation
            lookup: sor
            receiver: {sor: "8888021000016001", yder: "099025", initials: LGE}
            observations: [{code: MCS88122, value: "18"}]
      - step: "1.2"
        party: eas
        expect: {rest: operation, type: Organization, as: found, within: 30 s, where: {http.status: "200"}}
      - step: "1.3"
        expect: {event: homecareobservation-message, as: message, within: 30 s}
      - assert: {on: message, fact: envelope.receiver, equals: "${found.eas.gln}"}
      - validate: {on: message, level: envelope}
      - step: "1.4"
        party: eds
        expect: {rest: create, type: AuditEvent, as: event, within: 5 min, where: {http.status: "201"}}
      - validate: {on: event, level: profile}
  - id: "2"
    title: {en: EAS names nobody, da: EAS nævner ingen}
    status: mandatory
    steps:
      - step: "2.1"
        instruct:
          do: {en: Send a report., da: Send et prøvesvar.}
          trigger:
            action: new
            standard: homecareobservation
            lookup: gp
            receiver: {yder: "888807", initials: LGE}
            observations: [{code: MCS88122, value: "18"}]
      - step: "2.2"
        party: eas
        expect: {rest: operation, type: Organization, as: nobody, within: 30 s, where: {eas.result: failure}}
      - step: "2.3"
        expect-none: {event: homecareobservation-message, for: 10 s}
P
run() { "$T" run "$work/p.yaml" --vendor "$work/v.yaml" --store "$store" --report "$work/reports" --seed 5 --clock-scale 60 "$@"; }
exits 0 "a vendor that does as it should" run --launch "$launch"
says 'result: pass' "passes"

# defect DEFECT CASE: the run does not pass.
defect() {
  exits 1 "$1 is noticed" run --case "$2" --launch "$launch --defect $1"
}
defect token-scope-without-gln 1
defect eas-ignores-answer 1
defect eas-sends-anyway 2
defect eds-wrong-device 1
defect eds-outcome-text 1
finish
