#!/usr/bin/env bash
# Findings explain themselves on the command line: in text, tsv and JSON; and explain tells rules and constraints.
. "$(dirname "$0")/lib.sh"

exits 0 "a rule" "$T" explain profile.fixed
says 'FHIR R4 4\.0\.1, 5\.1' "with its source"
examples=fixtures/examples
says "^  example  $examples/observation\.json, with $examples/definitions\.json\$" "and the definitions that its example is judged by"
exits 0 "by which the message that passes does" "$T" validate --with "$TEST_ROOT/$examples/definitions.json" \
  "$TEST_ROOT/$examples/observation.json"
exits 0 "a rule of messages" "$T" explain header.party.gln
says '^  passes$' "an example that passes"
says '^  >   54 +"value": "x"$' "one that fails, its line marked"
says '^ +54:16 error header\.party\.gln: ' "and what is found there"
exits 0 "a rule of two messages" "$T" explain vans.receipt.parties
says '^  example  fixtures/examples/vans-refusal\.xml, answers fixtures/examples/vans\.xml$' "names both"
exits 0 "a rule whose change is in the original" "$T" explain sbdh.receipt.envelope
says '^        ehmi-receipt\.xml:31:1 error sbdh\.receipt\.envelope: ' "and the finding in the receipt, which is named"
exits 0 "a rule of what an envelope holds" "$T" explain sbdh.signal.exception
says '^  >    9 .*<ReceiptException>Spelling<' "the line that fails is readable"
exits 0 "a rule of a clock" "$T" explain receipt.late
says '^  judged$' "without an example it is told how it is judged"
exits 0 "a constraint" "$T" explain medcom-careCommunication-6
says '^medcom-careCommunication-6  error$' "with its severity"
says '^  en  With the category' "in English"
says '^  da  Med kategorien' "in Danish"
says "FHIRPath  iif\\(category" "with its expression"
says 'medcom-careCommunication-communication\|5\.0\.2  Communication$' "where it stands"
exits 0 "in any case of letters" "$T" explain MEDCOM-carecommunication-6
exits 0 "a key with several meanings" "$T" explain inv-1
ok "tells all of them" sh -c "[ \$(grep -c '^inv-1  ' '$work/out') -ge 3 ]"
exits 0 "a key that stands everywhere" "$T" explain ele-1
exits 0 "everything" "$T" explain
says '^profile\.slice-minimum  ' "rules"
says '^medcom-uuidv4  ' "and constraints"
ok "only names of rules stand at the margin" sh -c "! grep -v '^ ' '$work/out' | grep -Eqv '^[A-Za-z0-9][A-Za-z0-9._-]*  (error|warning|undecided|info)$'"
ok "constraints all have a text" sh -c "! grep -Eq '^  (en|da)  \$' '$work/out'"
exits 2 "a wrong key" "$T" explain medcom-carComunication-6
says 'like it: medcom-careCommunication-6' "offers the nearest"
exits 2 "a word that is nothing" "$T" explain qqqqqqqqqqqqqqqq
ok "offers nothing far away" sh -c "! grep -q 'like it' '$work/err'"

cat >"$work/c.json" <<'JSON'
{"resourceType": "Communication",
 "meta": {"profile": ["http://medcomfhir.dk/ig/carecommunication/StructureDefinition/medcom-careCommunication-communication"]},
 "identifier": [{"value": "urn:uuid:0b5c2b1e-27a5-4f8b-9a3d-6f0d3f4a1c11"}],
 "status": "unknown",
 "category": [{"coding": [{"system": "http://medcomfhir.dk/ig/terminology/CodeSystem/medcom-careCommunication-categoryCodes",
  "code": "other"}]}],
 "subject": {"reference": "Patient/1"},
 "payload": [{"contentAttachment": {"contentType": "application/pdf", "title": "x", "data": "aGVq"}}]}
JSON
judge() {
  "$T" validate --level profile --undecided list "$@" "$work/c.json"
}
exits 1 "a message with faults" judge
says 'demanded by http://.*\|5\.0\.2  Communication\.payload:string$' "what demands it"
says '^    - 8:[0-9]+ payload\[0\]: not the slice .string.: content has the type Attachment; the type must be string$' "why not"
says 'FHIRPath: iif\(' "the expression"
exits 1 "in Danish" judge --lang da
says 'kræves af http://' "what demands it, in Danish"
says '^    - 8:[0-9]+ payload\[0\]: ikke slicen .string.: content har typen Attachment; typen skal være string$' "why not, in Danish"
says 'Med kategorien .other. skal der være et emne' "what must hold, in Danish"
exits 1 "as tsv" judge --format tsv
ok "a line a finding, five fields" awk -F'\t' 'NF != 5 {exit 1}' "$work/out"
exits 1 "as JSON" judge --format json
says '"element": "Communication\.payload:string"' "the element is a field"
says '"found": "none"' "and what was found"
says '"depth": 0' "and each reason"

# Without the texts the verdict is the same, and it is said why they are missing.
mkdir -p "$work/data/fixtures"
cp -r "$TEST_ROOT/fixtures/standards" "$work/data/fixtures/"
ln -s "$TEST_ROOT/protocols" "$work/data/protocols"
printf 'key without more\n' >"$work/data/fixtures/standards/invariants.tsv"
export TESTCAMP_DATA=$work/data
exits 1 "with a broken file of texts" judge
says 'info profile\.invariant-texts' "says so"
says 'This must be true: iif' "and shows the expression"
exits 2 "explain with it" "$T" explain ele-1
says 'invariants\.tsv:1:1' "names file and line"
finish
