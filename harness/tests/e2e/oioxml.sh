#!/usr/bin/env bash
# OIOXML letters from the command line and in a run by hand: by what is shipped, and by a folder of schemas.
. "$(dirname "$0")/lib.sh"
store=$work/s.sqlite
data=$TEST_ROOT/harness/tests/data/validate
ns=http://rep.oio.dk/sundcom.dk/medcom.dk/xml/schemas/2006/07/01/

exits 0 "the letters that are known" "$T" list letters XDIS91 RUC05
says 'XDIS91 +XD9134L +approved full +2006-07-01' "version, currency, fidelity, date"
says 'RUC05 +U0531U +approved none' "what is not public is listed too"
exits 2 "a type that there is not" "$T" list letters XYZ

sed -e 's/5790008888025/5790008888018/' -e 's/5790008888049/5790008888025/' "$data/oioxml-sound.in" >"$work/sound.xml"
cp "$data/oioxml-code.in" "$work/code.xml"
exits 0 "a sound letter" "$T" validate --level bundle "$work/sound.xml"
says 'judged by the structure of XD9134L, as of 2006-07-01' "by what it was judged"
exits 1 "a wrong code" "$T" validate --level bundle --lang da "$work/code.xml"
says "'kommunenumer' er ikke en kode i IdentifierCode" "is told in Danish"
exits 3 "an undecided one" "$T" validate --level bundle "$data/oioxml-none.in"
exits 0 "its rules are explained" "$T" explain oioxml.code oioxml.schema oioxml.reference.size

# A schema of our own, which wants another thing than what is shipped.
mkdir -p "$work/schemas/2006/07/01"
cat >"$work/schemas/2006/07/01/EMessage.xsd" <<END
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="$ns" elementFormDefault="qualified">
  <xs:element name="Emessage"><xs:complexType><xs:sequence><xs:element name="Envelope" type="xs:anyType"/></xs:sequence></xs:complexType></xs:element>
</xs:schema>
END
exits 1 "a schema is asked instead" "$T" validate --level bundle --schemas "$work/schemas" "$work/sound.xml"
says 'oioxml.schema .*sound.xml:8:3' "and told where"
exits 2 "no folder of schemas" "$T" validate --schemas "$work/nowhere" "$work/sound.xml"
mkdir "$work/empty"
exits 2 "an empty one" "$T" validate --schemas "$work/empty" "$work/sound.xml"
says 'YYYY/MM/DD/EMessage.xsd' "says what should be in it"

# In a run the step validate judges by the same.
cat >"$work/letter.yaml" <<'END'
protocol: letter
title: {en: A letter, da: Et brev}
standard: {name: HospitalNotification, danish: Advis om sygehusophold, version: "3.0", type: HL7 FHIR}
version: "1.0"
role: receiver
sections:
  - id: "1"
    title: {en: Letter, da: Brev}
    status: mandatory
    steps:
      - step: "1.1"
        expect: {letter: XDIS91, within: 15 min, as: letter}
      - step: "1.2"
        validate: {on: letter, level: bundle}
END
run_with() {
  local code=$1 text=$2
  shift 2
  exits 3 "a run waits for a letter" "$T" run "$work/letter.yaml" --vendor "$VENDORS/refvendor-upload.yaml" --store "$store" \
    --report "$work/reports"
  run=$(last_run "$store")
  exits "$code" "$text" "$T" put "$run" "$work/sound.xml" --store "$store" --report "$work/reports" "$@"
}
run_with 0 "the letter passes by what is shipped"
run_with 1 "and fails by the schema" --schemas "$work/schemas"
exits 1 "judged again by the schema, so does the first" "$T" rejudge --all --store "$store" --schemas "$work/schemas"
says 'oioxml.schema' "for that reason"
says 'Schemas of letters .SHA-256.: none -> [0-9a-f]{64}' "and it is said which schemas are others"
exits 3 "a run by a schema" "$T" run "$work/letter.yaml" --vendor "$VENDORS/refvendor-upload.yaml" --store "$store" \
  --report "$work/reports" --schemas "$work/schemas"
run=$(last_run "$store")
cp -r "$work/schemas" "$work/others"
echo >>"$work/others/2006/07/01/EMessage.xsd"
exits 2 "does not go on without" "$T" put "$run" "$work/sound.xml" --store "$store" --report "$work/reports"
says 'give their folder with --schemas' "and says what is missing"
exits 2 "nor by another" "$T" put "$run" "$work/sound.xml" --store "$store" --report "$work/reports" --schemas "$work/others"
says 'other schemas' "and says so"
mv "$work/schemas" "$work/elsewhere"
exits 1 "but by the same elsewhere" "$T" put "$run" "$work/sound.xml" --store "$store" --report "$work/reports" \
  --schemas "$work/elsewhere"
exits 0 "judged again without" "$T" rejudge "$run" --store "$store"
says 'Schemas of letters .SHA-256.: [0-9a-f]{64} -> none' "is told"
mv "$work/elsewhere" "$work/schemas"
finish
