#!/usr/bin/env bash
# The simulated FHIR server: a system creates, reads, searches, updates and deletes there, is judged by it, and finds
# after a kill what it had put there.
. "$(dirname "$0")/lib.sh"
store=$work/s.sqlite
head() {
  cat <<'Y'
protocol: fhir-server
title: {en: A FHIR server, da: En FHIR-server}
standard: {name: CareCommunication, danish: Korrespondancemeddelelse, version: "5.0", type: HL7 FHIR}
version: 0.1.0
role: receiver
sections:
Y
}
# ask METHOD PATH [BODY]: a step in which the system asks the server.
ask() {
  printf '      - instruct: {do: {en: Ask, da: Spørg}, trigger: {action: rest, method: %s, path: "%s"%s}}\n' \
    "$1" "$2" "${3:+, body: '$3'}"
}
{
  head
  cat <<'Y'
  - id: "1"
    title: {en: A message lies there and is acknowledged, da: En meddelelse ligger der og kvitteres}
    status: mandatory
    steps:
      - remove: {type: Bundle, search: {type: message}}
      - preload: {fixture: carecommunication/new.json, id: "${uuid:lies-there}", as: letter}
      - instruct: {do: {en: Fetch it, da: Hent den}, trigger: {action: fetch, id: "${letter.rest.id}"}}
      - expect: {rest: read, type: Bundle, of: letter, within: 20 s, as: read}
      - assert: {on: read, fhirpath: "Bundle.entry[0].resource.id", equals: "${letter.header.id}"}
      - assert: {on: read, fhirpath: "Bundle.meta.versionId", equals: "1"}
      - expect: {rest: create, type: Bundle, within: 20 s, as: receipt}
      - assert: {on: receipt, fhirpath: "Bundle.entry[0].resource.response.code", equals: ok}
      - assert: {on: receipt, fact: http.status, equals: "201"}
      - validate: {on: receipt, level: profile}
  - id: "1a"
    title: {en: What lies there is found, da: Det der ligger der findes}
    status: mandatory
    steps:
      - remove: {type: Bundle, search: {"message.event": care-communication-message}}
      - preload: {fixture: carecommunication/new-nursing.json, as: nursing, form: xml}
      - instruct: {do: {en: Look, da: Se efter}, trigger: {action: fetch-all}}
      - expect: {rest: search, type: Bundle, within: 20 s, as: lying}
      - assert: {on: lying, fhirpath: "Bundle.entry.resource.entry.resource.ofType(MessageHeader).id", equals: "${nursing.header.id}"}
      - expect-ack: {to: nursing, code: ok, within: 20 s}
  - id: "2"
    title: {en: A message is posted, da: En meddelelse sendes}
    status: mandatory
    steps:
      - instruct: {do: {en: Write, da: Skriv}, trigger: {action: new}}
      - expect: {event: care-communication-message, within: 20 s, as: written}
      - validate: {on: written, level: profile}
      - assert: {on: written, fact: envelope, equals: none}
  - id: "3"
    title: {en: All interactions, da: Alle interaktioner}
    status: mandatory
    steps:
Y
  ask POST /Patient '{"resourceType":"Patient","name":[{"family":"Prøveborg"}]}'
  echo '      - expect: {rest: create, type: Patient, within: 20 s, as: patient}'
  echo '      - validate: {on: patient, level: profile, profile: "http://hl7.org/fhir/StructureDefinition/Patient"}'
  ask GET '/Patient?name=pr%C3%B8ve'
  echo '      - expect: {rest: search, type: Patient, within: 20 s, as: found}'
  echo '      - validate: {on: found, level: profile, profile: "http://hl7.org/fhir/StructureDefinition/Bundle"}'
  echo '      - assert: {on: found, fhirpath: "Bundle.entry.resource.id", equals: "${patient.rest.id}"}'
  ask PUT '/Patient/${patient.rest.id}' '{"resourceType":"Patient","id":"${patient.rest.id}","active":true}'
  echo '      - expect: {rest: update, of: patient, within: 20 s, as: updated}'
  echo '      - assert: {on: updated, fact: rest.version, equals: "2"}'
  ask GET '/Patient/${patient.rest.id}'
  echo '      - expect: {rest: read, of: patient, within: 20 s, as: again}'
  echo '      - assert: {on: again, fhirpath: "Patient.active and Patient.name.empty()"}'
  ask DELETE '/Patient/${patient.rest.id}'
  echo '      - expect: {rest: delete, of: patient, within: 20 s}'
  ask GET '/Patient/${patient.rest.id}'
  echo '      - expect: {rest: read, of: patient, where: {http.status: "410"}, within: 20 s}'
  ask GET /metadata
  echo '      - expect: {rest: capabilities, within: 20 s, as: can}'
  echo '      - validate: {on: can, level: profile, profile: "http://hl7.org/fhir/StructureDefinition/CapabilityStatement"}'
  echo '      - assert: {on: can, fhirpath: "CapabilityStatement.rest.resource.type", count: "12"}'
} >"$work/all.yaml"
exits 0 "lint is silent" "$T" lint "$work/all.yaml"
exits 0 "all interactions" "$T" run "$work/all.yaml" --vendor "$VENDORS/refvendor-rest.yaml" --store "$store" \
  --report "$work/reports" --seed 5
says "result: pass" "passed"

# The same seed makes the same run, though ports differ: searches name addresses.
exits 0 "once more" "$T" run "$work/all.yaml" --vendor "$VENDORS/refvendor-rest.yaml" --store "$work/s2.sqlite" \
  --report "$work/reports2" --seed 5
ok "byte for byte" sh -c "cd '$work' && diff -r reports reports2"

run=$(last_run "$work/s2.sqlite")
exits 0 "played again, the same bytes create another one" "$T" repeat "$run" 3+2 --store "$work/s2.sqlite" \
  --report "$work/reports2" --by AB --why "once more"
exits 0 "judged again it is the same" "$T" rejudge "$run" --store "$work/s2.sqlite"

# What the server refuses fails the step that waits for it, and says why.
{
  head
  printf '  - id: "1"\n    title: {en: Wrong, da: Forkert}\n    status: mandatory\n    steps:\n'
  ask POST /Patient '[{"resourceType":"Patient"},{"resourceType":"Patient"}]'
  echo '      - expect: {rest: create, within: 20 s}'
} >"$work/wrong.yaml"
exits 1 "a refused create" "$T" run "$work/wrong.yaml" --vendor "$VENDORS/refvendor-rest.yaml" --store "$store" \
  --report "$work/reports"
says 'rest.refused.*|refused with status 400: The body holds more than one resource' "and why"

exits 1 "a message that is not acknowledged" "$T" run "$work/all.yaml" --vendor "$VENDORS/refvendor-rest.yaml" --case 1 \
  --clock-scale 20 --store "$store" --report "$work/reports" \
  --launch 'refvendor --rest ${harness.address} --seed ${seed} --defect no-ack'
says 'create of Bundle did not come within 20 s' "by the deadline of its step"

exits 2 "a system that uses no FHIR server is told so beforehand" "$T" run "$work/all.yaml" \
  --vendor "$VENDORS/refvendor.yaml" --store "$store" --report "$work/reports"
says 'exchange: \{kind: fhir-rest\}' "with what it lacks"

# Killed while it waits: what was there is there again.
{
  head
  cat <<'Y'
  - id: "1"
    title: {en: Kept, da: Bevaret}
    status: mandatory
    steps:
      - preload: {fixture: carecommunication/new.json, id: kept, as: letter}
Y
  ask POST /Patient '{"resourceType":"Patient","active":true}'
  echo '      - expect: {rest: create, type: Patient, within: 20 s, as: patient}'
  echo '      - manual: {ask: {en: Go on, da: Videre}}'
  ask GET '/Patient/${patient.rest.id}'
  echo '      - expect: {rest: read, of: patient, within: 20 s, as: read}'
  echo '      - assert: {on: read, fhirpath: Patient.active}'
  ask GET '/Bundle/kept'
  echo '      - expect: {rest: read, of: letter, within: 20 s}'
} >"$work/kept.yaml"
rm -rf "$store"*
exits 3 "it waits for a person" "$T" run "$work/kept.yaml" --vendor "$VENDORS/refvendor-rest.yaml" --store "$store" \
  --report "$work/reports"
printf 'by: XX\nanswers:\n  "1+4": {answer: ok, text: on}\n' >"$work/answers.yaml"
exits 0 "and goes on with what the server held" "$T" resume "$(last_run "$store")" --store "$store" \
  --report "$work/reports" --answers "$work/answers.yaml"
# Killed over and over, while the system stays: what it did is there once, and the run passes.
{
  head
  printf '  - id: "1"\n    title: {en: Kept, da: Bevaret}\n    status: mandatory\n    steps:\n'
  for i in 1 2 3 4 5 6; do
    ask POST /Patient '{"resourceType":"Patient","name":[{"family":"N'$i'"}]}'
    echo "      - expect: {rest: create, type: Patient, within: 40 s, as: p$i}"
    ask PUT "/Patient/\${p$i.rest.id}" "{\"resourceType\":\"Patient\",\"id\":\"\${p$i.rest.id}\",\"name\":[{\"family\":\"M$i\"}]}"
    echo "      - expect: {rest: update, of: p$i, within: 40 s}"
    echo '      - wait: {for: 20 ms}'
  done
  ask GET /Patient
  echo '      - expect: {rest: search, type: Patient, within: 40 s, as: found}'
  echo '      - assert: {on: found, fhirpath: "Bundle.total", equals: "6"}'
} >"$work/killed.yaml"
port=$(free_port)
stays "$VENDORS/refvendor-rest.yaml" stays --rest "http://127.0.0.1:$port/reference-vendor/receiver"
listens stays "$port"
# life MS: one life of the harness, which begins the run or goes on with it.
life() {
  local run
  run=$(last_run "$work/k.sqlite" 2>/dev/null)
  if [ -n "$run" ]; then
    set -- "$1" resume "$run"
  else
    set -- "$1" run "$work/killed.yaml" --vendor "$work/stays.yaml"
  fi
  lives "$1" "$T" "${@:2}" --store "$work/k.sqlite" --report "$work/reports" >"$work/out" 2>&1
}
# How long it takes until a life can do anything at all, in ms; every second life is long enough for a client that tries again.
from=$(date +%s%N)
"$T" run "$work/killed.yaml" --vendor "$work/stays.yaml" --dry-run >/dev/null 2>&1
up=$((($(date +%s%N) - from) / 1000000))
killed=0
for n in $(seq 1 24); do
  ms=$((up + 4 * n + (n % 2 ? 0 : 400 + up)))
  life "$(printf '%d.%03d' $((ms / 1000)) $((ms % 1000)))"
  code=$?
  [ $code = 137 ] || break
  killed=$((killed + 1))
done 2>/dev/null
[ $code != 137 ] || { life 60; code=$?; }
[ $code = 0 ] || cat "$work/out"
ok "killed $killed times, it came to an end ($code)" test "$killed" -ge 1 -a "$code" = 0
finish
