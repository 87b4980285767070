#!/usr/bin/env bash
# What validate judges when it is not told: any resource by form and profiles, MedCom's messages by their rules too.
. "$(dirname "$0")/lib.sh"
data=$TEST_ROOT/harness/tests/data

printf '{"resourceType":"Patient","active":true}' >"$work/patient.json"
printf '{"resourceType":"Patient","active":"yes"}' >"$work/wrong.json"
exits 0 "a resource by itself" "$T" validate "$work/patient.json"
says 'level profile' "what it was judged by"
exits 0 "with empty options, as suites give them" "$T" validate --profile "" --with "" "$work/patient.json"
exits 1 "a wrong type" "$T" validate --format tsv "$work/wrong.json"
says '^error.*profile\.' "found by profile"
exits 1 "as SARIF" "$T" validate --format sarif --lang da "$work/wrong.json" "$work/patient.json"
says '"version": "2.1.0"' "its version"
says '"ruleId": "profile\.' "a result"
says '"startColumn": [0-9]+' "where it is"
says '"fullyQualifiedName": "Patient.active"' "the path"
exits 2 "as SARIF, a file that is not there" "$T" validate --format sarif "$work/none.json" "$work/patient.json"
says '"executionSuccessful": false' "what went wrong"
says '"exitCode": 2' "with the exit code"
exits 2 "a format that is none" "$T" validate --format csv "$work/patient.json"
exits 1 "a resource as a message" "$T" validate --level bundle "$work/patient.json"
says 'bundle.kind' "when the level is said"
exits 1 "a message without Provenance" "$T" validate "$data/validate/provenance-missing.in"
says 'provenance.missing' "by MedCom's rules"
exits 1 "a profile that the resource breaks" "$T" validate --profile http://hl7.org/fhir/StructureDefinition/Observation "$work/patient.json"
letter="UNA:+.? '\nUNB+UNOC:3+1:14+2:14+261129:0930+K1'\nUNH+B1+MEDDIS:D:93A:UN:D9134L+DIS91'\nS01+01'\n"
printf '%b' "${letter}NAD+SSP+K\xc3\xb8ge'\nUNT+5+B1'\nUNZ+1+K2'\n" >"$work/letter.edi"
exits 1 "an interchange with faults" "$T" validate --level envelope "$work/letter.edi"
says 'edifact.utf8 +.*letter.edi:5:10 +S01/NAD\+SSP/2' "the place and path of a character"
says 'edifact.unt-count +.*letter.edi:6:5 +UNT/1' "of a count"
says 'edifact.unz-reference +.*letter.edi:7:7 +UNZ/2' "of a reference"
exits 1 "on its characters alone" "$T" validate --level wellformed --format tsv "$work/letter.edi"
ok "counts are of the envelope" sh -c "! grep -q unt-count '$work/out'"
python3 - "$data/validate/category.in" "$work/unclaimed.json" <<'P'
import json, sys
bundle = json.load(open(sys.argv[1]))
for r in [bundle] + [e["resource"] for e in bundle["entry"]]: r.pop("meta", None)
json.dump(bundle, open(sys.argv[2], "w"))
P
exits 1 "a message that names no profile" "$T" validate "$work/unclaimed.json"
says 'demanded by .*/medcom-careCommunication-message' "is judged by the one of its event"
sed 's/Definition|5\.0"/Definition|9.9"/; s/"resourceType": "Patient",/& "birthDate": "1948-02-30",/' "$data/validate/category.in" >"$work/newer.json"
exits 1 "a message of a version that is not here" "$T" validate --format tsv "$work/newer.json"
says 'profile\.version-other' "is undecided by its profiles"
says '^error.*birthDate.*profile\.format' "but a day that there is not is wrong in R4, whatever the version"
exits 2 "a level that is none" "$T" validate --level best "$work/patient.json"
finish
