#!/usr/bin/env bash
# EHMI's addressing service and its endpoint register, as a system uses them in a run: who takes a message is told from
# the register, and what is asked wrongly is refused with the reason.
. "$(dirname "$0")/lib.sh"
store=$work/s.sqlite
HCO='urn:dk:healthcare:medcom:messaging:fhir:structuredefinition::homecareobservation-message##urn:dk:medcom:fhir:homecareobservation-message::'
HCO_ID='urn:dk:healthcare:medcom:messaging:fhir:structuredefinition:homecareobservation:'
for kind in eas eer; do
  sed "s/kind: fhir-rest/kind: $kind/" "$VENDORS/refvendor-rest.yaml" >"$work/$kind-vendor.yaml"
done
# preamble NAME PACKAGE
preamble() {
  cat <<Y
protocol: $1
title: {en: $1, da: $1}
standard: {name: CareCommunication, danish: Korrespondancemeddelelse, version: "5.0", type: HL7 FHIR}
version: 0.1.0
role: receiver
packages: [$2]
sections:
  - id: "1"
    title: {en: Asked, da: Spurgt}
    status: mandatory
    steps:
Y
}
# asks METHOD PATH [BODY]: a step in which the system asks the server.
asks() {
  printf '      - instruct: {do: {en: Ask, da: Spørg}, trigger: {action: rest, method: %s, path: "%s"%s}}\n' \
    "$1" "$2" "${3:+, body: '$3'}"
}
# operation NAME PARAMETER VALUE [TYPE]
operation() {
  asks POST "/Organization/\$$1" "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"$2\",\"valueString\":\"$3\"}${4:+,{\"name\":\"messageType\",\"valueString\":\"$4\"\}}]}"
}
# patient CPR [PROFILE]
patient() {
  local profile=${2-http://medcomehmi.dk/ig/eas/StructureDefinition/EasCorePatient}
  asks POST '/Organization/$getReceivingOrganizationByPatientId' \
    "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"easCorePatient\",\"resource\":{\"resourceType\":\"Patient\",\"meta\":{\"profile\":[\"$profile\"]},\"identifier\":[{\"system\":\"urn:oid:1.2.208.176.1.2\",\"value\":\"$1\"}]}}]}"
}
# gives NAME WHERE
gives() {
  echo "      - expect: {rest: operation, type: Organization, within: 20 s, as: $1, where: {$2}}"
}
{
  preamble eas dk.ehmi.eas@2.0.0
  patient 2512489996
  gives gp 'eas.result: bundle, eas.cpr: "2512489996", eas.gln: "5790008888018", eas.sor: "8888011000016005"'
  echo '      - assert: {on: gp, fact: http.status, equals: "200"}'
  echo '      - assert: {on: gp, fact: eas.gln, equals: "${register.laegehus.gln}"}'
  echo '      - validate: {on: gp, level: profile, profile: "http://hl7.org/fhir/StructureDefinition/Parameters"}'
  operation getReceivingOrganizationByGPId gpId 888801 "${HCO}1.2"
  gives practice 'eas.result: bundle, eas.gp: "888801"'
  operation getReceivingOrganizationBySORId sorId 8888021000016001 "${HCO_ID}1.1"
  gives unit 'eas.result: bundle, eas.noted: eas.message-type.spelling'
  operation getListOfGpByPostalCode postalCode 9995
  gives list 'eas.result: bundle, eas.organisation: "Lægerne på Eksempelvej, Lægerne ved Havnen"'
  # Nobody is refused for asking after someone who is not there.
  patient 0106059890
  gives unknown 'eas.result: failure, eas.rule: eas.patient.unknown'
  patient 2103009996
  gives group2 'eas.result: note, eas.rule: eas.patient.group-2'
  operation getReceivingOrganizationByGPId gpId 888807
  gives none 'eas.result: failure, eas.rule: eas.eer.none'
  operation getReceivingOrganizationByGPId gpId 888818 "${HCO}1.2"
  gives unsupported 'eas.result: failure, eas.rule: eas.message-type.unsupported'
  asks GET /metadata
  echo '      - expect: {rest: capabilities, within: 20 s, as: can}'
  echo '      - validate: {on: can, level: profile, profile: "http://hl7.org/fhir/StructureDefinition/CapabilityStatement"}'
  echo '      - assert: {on: can, fhirpath: "CapabilityStatement.rest.resource.operation.name", count: "4"}'
} >"$work/eas.yaml"
exits 0 "lint is silent" "$T" lint "$work/eas.yaml"
exits 0 "four operations" "$T" run "$work/eas.yaml" --vendor "$work/eas-vendor.yaml" --store "$store" \
  --report "$work/reports" --seed 5
says "result: pass" "passed"

# refused STEP TEXT PATTERN: what is asked is judged as the system's mistake.
refused() {
  {
    preamble eas dk.ehmi.eas@2.0.0
    echo "$1"
    echo '      - expect: {rest: operation, within: 20 s}'
  } >"$work/wrong.yaml"
  exits 1 "$2" "$T" run "$work/wrong.yaml" --vendor "$work/eas-vendor.yaml" --store "$store" --report "$work/reports"
  says "refused with status 4[0-9]*: .*$3" "with its reason"
}
refused "$(operation getReceivingOrganizationByGPId gp 888801)" "a parameter by another name" 'no parameter .*gp'
refused "$(operation getReceivingOrganizationByDoctor gpId 888801)" "an operation that there is not" 'no operation'
refused "$(patient 2512489996 http://hl7.dk/fhir/core/StructureDefinition/dk-core-patient)" "another profile" 'EasCorePatient'
exits 0 "a rule explained" "$T" explain eas.message-type.unsupported
says 'dk.ehmi.eas 2.0.0' "with its source"

# The register over REST: found, changed, deleted; what the run did counts, the register stays.
device() { echo "{\"resourceType\":\"Device\",\"id\":\"$1\",\"meta\":{\"profile\":[\"http://medcomehmi.dk/ig/eer/StructureDefinition/EerDevice\"]},\"identifier\":[{\"value\":\"$1\"}],\"status\":\"$2\",\"manufacturer\":\"M\",\"deviceName\":[{\"name\":\"N\",\"type\":\"manufacturer-name\"}],\"type\":{\"coding\":[{\"system\":\"http://medcomehmi.dk/ig/terminology/CodeSystem/eer-device-type\",\"code\":\"MSH\"}]}}"; }
# does INTERACTION TYPE NAME STATUS
does() {
  echo "      - expect: {rest: $1, type: $2, within: 20 s, as: $3, where: {http.status: \"$4\"}}"
}
{
  preamble eer dk.ehmi.eer@2.0.1-draft
  asks GET '/Device?identifier=${register.laegehus.msh}'
  does search Device found 200
  echo '      - assert: {on: found, fhirpath: "Bundle.entry.resource.identifier.value", equals: refvendor-msh}'
  asks GET '/Organization?identifier=8888011000016005&_include=Organization:endpoint'
  does search Organization unit 200
  echo '      - assert: {on: unit, fhirpath: "Bundle.entry.resource.ofType(Endpoint).identifier.value", equals: "${register.laegehus.gln}"}'
  asks GET '/Device/nobody'
  does read Device nobody 404
  asks PUT /Device/refvendor-msh "$(device refvendor-msh inactive)"
  does update Device changed 200
  echo '      - assert: {on: changed, fact: rest.version, equals: "2"}'
  asks GET '/Device?status=inactive'
  does search Device inactive 200
  echo '      - assert: {on: inactive, fhirpath: "Bundle.total", equals: "2"}'
  asks DELETE '/Device?identifier=refvendor-msh'
  does delete Device deleted 200
  asks GET /Device/refvendor-msh
  does read Device gone 404
  asks GET '/Device?identifier=refvendor-msh'
  does search Device away 404
  asks POST /Device "$(device refvendor-msh active)"
  does create Device made 201
  echo '      - validate: {on: made, level: profile}'
  asks DELETE '/Device/gammel-msh'
  does delete Device old 200
  asks GET /Device/gammel-msh
  does read Device old-gone 404
  asks POST /Device "$(device other retired)"
  does create Device wrong 422
} >"$work/eer.yaml"
exits 0 "lint is silent" "$T" lint "$work/eer.yaml"
exits 0 "the endpoint register" "$T" run "$work/eer.yaml" --vendor "$work/eer-vendor.yaml" --store "$store" \
  --report "$work/reports" --seed 5
says "result: pass" "passed"

# Beside the wire for messages: who is told by EAS to take the message is who it goes to.
command -v curl >/dev/null || { echo "curl is not there"; finish; }
exits 0 "a letter to send" "$T" run "$PROTOCOLS/send.yaml" --vendor "$VENDORS/refvendor.yaml" --store "$work/l.sqlite" \
  --report "$work/letters" --clock-scale 60 --case 3.3.1
cp "$(find "$work/letters" -path '*exchanges*' -name 'm1-in.xml')" "$work/letter.xml"
cat >"$work/system.sh" <<'S'
#!/usr/bin/env bash
dir=$1 letters=$2 eas=$3 eer=$4
ask='{"resourceType":"Parameters","parameter":[{"name":"sorId","valueString":"8888021000016001"}]}'
curl -s -o "$dir/told" -H 'Content-Type: application/fhir+json' -d "$ask" "$eas/Organization/\$getReceivingOrganizationBySORId"
curl -s -o "$dir/device" "$eer/Device?identifier=refvendor-msh"
curl -s -o /dev/null --data-binary "@$dir/letter.xml" "$letters"
S
chmod +x "$work/system.sh"
sed -e '/^trigger/,$d' "$VENDORS/refvendor.yaml" | sed -e '/^exchange/,$d' >"$work/both.yaml"
cat >>"$work/both.yaml" <<V
exchange: {kind: vans-http, form: json}
trigger: {kind: command, command: ["$work/system.sh", "$work", "\${harness.address}", "\${service.eas.address}", "\${service.eer.address}"]}
test-persons-only: true
V
cat >"$work/both-protocol.yaml" <<'P'
protocol: addressed
title: {en: A letter that is addressed, da: Et adresseret brev}
standard: {name: CareCommunication, danish: Korrespondancemeddelelse, version: "5.0", type: HL7 FHIR}
version: 0.1.0
role: sender
packages: [dk.ehmi.eas@2.0.0]
services: {eas: {kind: eas}, eer: {kind: eer}}
sections:
  - id: "1"
    title: {en: Looked up and sent, da: Slået op og sendt}
    status: mandatory
    steps:
      - instruct: {do: {en: Look up and send, da: Slå op og send}, trigger: {action: send}}
      - party: eas
        expect: {rest: operation, within: 30 s, as: told, where: {eas.result: bundle}}
      - party: eer
        expect: {rest: search, type: Device, within: 30 s, as: device}
      - expect: {event: care-communication-message, within: 30 s, as: letter}
      - assert: {on: letter, fact: envelope.receiver, equals: "${told.eas.gln}"}
P
exits 0 "lint is silent" "$T" lint "$work/both-protocol.yaml" --vendor "$work/both.yaml"
exits 0 "services beside the messages" "$T" run "$work/both-protocol.yaml" --vendor "$work/both.yaml" --store "$store" \
  --report "$work/reports" --seed 5
says "result: pass" "passed"
ok "the system was told an organisation and its endpoint" grep -q '"resourceType": "Endpoint"' "$work/told"
finish
