#!/usr/bin/env bash
# The register: look-ups on the command line, in a protocol, and that it knows the organisations of the reference vendor's files.
. "$(dirname "$0")/lib.sh"
exits 0 "the register is listed" "$T" register
says '^8888141000016007  5790008888032\^ +Medicinsk Ambulatorium' "a unit with the number of the one above"
exits 0 "a unit by its SOR id" "$T" register 8888141000016007
says '^GLN +5790008888032 \(inherited from Medicinsk Afdeling' "whose number it is"
says '^receives +FDIS91 5.0, FCTL 2.0.0$' "what can be received there"
exits 0 "in Danish" "$T" register --lang da lukket-laegehus
says '^modtager +intet$' "a closed unit receives nothing"
exits 0 "what EER knows of a unit" "$T" register 888801
says '^endpoint +EerMessagingEdeliveryFhir, active, from 2024-01-01$' "its endpoint, by its ydernummer"
says '^  MSH +Reference vendor MSH \(refvendor-msh\)$' "the device that takes its messages"
exits 0 "a device and a patient" "$T" register refvendor-ap 2103009996
says '^type +AP$' "its type"
says '^practice +none \(group 2\)$' "a patient without a practice"
exits 1 "nobody" "$T" register 5790009999997
says 'no unit .*5790009999997' "and it is said"

# Every organisation of the reference vendor's files: same GLN, SOR id and name.
for file in "$VENDORS"/*.yaml; do
  sed -n 's/^ *-* *gln: "\([0-9]*\)".*/\1/p' "$file" | while read -r gln; do
    grep -A2 "gln: \"$gln\"" "$file" | sed -n 's/^ *sor: "\([0-9]*\)".*/SOR \1/p; s/^ *name: \(.*\)/organisation \1/p' | head -n 2 >"$work/wanted"
    "$T" register "$gln" | sed 's/  */ /g' >"$work/unit"
    grep -Fxc -f "$work/wanted" "$work/unit" | grep -qx 2 || echo "$file: $gln"
  done
done >"$work/unknown"
ok "the register knows the organisations of the vendor files: $(cat "$work/unknown")" test ! -s "$work/unknown"

# A mistake in it is told with its place, by the command and by lint.
mkdir -p "$work/data/fixtures/standards"
printf 'units:\n  a: {name: A, unit: clinic, sor: "1234"}\n' >"$work/data/fixtures/standards/register.yaml"
TESTCAMP_DATA=$work/data exits 2 "a broken register" "$T" register
says 'register.yaml:2:35: 1234 is no SOR id' "file, line and column"
finish
