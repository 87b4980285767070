#!/usr/bin/env bash
# The fhirpath command: answers by the built-in definitions, exit codes, and where in the expression an error is.
. "$(dirname "$0")/lib.sh"
data=$TEST_ROOT/harness/tests/data/fhir/resources
patient=$data/patient.json
base=http://hl7.org/fhir/StructureDefinition

exits 0 "a value" "$T" fhirpath '1 + 1'
says '^2$' "is printed"
exits 0 "of a file" "$T" fhirpath --format tsv name.family "$patient"
says '^string:Berggren$' "with its type"
printf '{"resourceType":"Patient","active":true}' >"$work/plain.json"
exits 0 "conformsTo" "$T" fhirpath "conformsTo('$base/Patient')" "$work/plain.json"
says '^true$' "its own type"
exits 0 "conformsTo what it breaks" "$T" fhirpath "conformsTo('$base/Patient')" "$patient"
says '^false$' "by an extension that is not known"
exits 0 "conformsTo another type" "$T" fhirpath "conformsTo('$base/Person')" "$patient"
says '^false$' "is not"
exits 3 "conformsTo a profile that is not there" "$T" fhirpath "conformsTo('http://example.org/trash')" "$patient"
exits 0 "memberOf" "$T" fhirpath "status.memberOf('http://hl7.org/fhir/ValueSet/observation-status')" "$data/observation.json"
says '^true$' "by the built-in value sets"
exits 0 "htmlChecks" "$T" fhirpath 'text.`div`.htmlChecks()' "$patient"
says '^true$' "of a sound narrative"
printf '{"resourceType":"Patient","text":{"status":"generated","div":"<div xmlns=\\"http://www.w3.org/1999/xhtml\\"><script>x</script></div>"}}' >"$work/script.json"
exits 0 "htmlChecks of a script" "$T" fhirpath 'text.`div`.htmlChecks()' "$work/script.json"
says '^false$' "is not sound"
exits 2 "a name that is none" "$T" fhirpath 'Patient.nam' "$patient"
says 'FHIRPath:1:9:' "at its place"
exits 2 "an expression of two lines" "$T" fhirpath "$(printf '1 +\n  2 + )')"
says 'FHIRPath:2:7:' "counted by lines"
ok "no mark where there is no terminal" sh -c "! grep -q '\^' '$work/err'"
if command -v script >/dev/null; then
  NO_COLOR= TERM=xterm script -qec "env -u NO_COLOR '$T' fhirpath 'Patient.nam' '$patient'" /dev/null </dev/null >"$work/out" 2>&1
  says 'Patient\.nam' "the expression on a terminal"
  ok "a mark below" grep -q '^ \{10\}.*\^' "$work/out"
fi
finish
