#!/usr/bin/env bash
# The business rules of protocols/common: each is called by a shipped protocol, where the table of defects shows that it can
# fail (docs/mutations.md), or is broken here.
. "$(dirname "$0")/lib.sh"

# uses FRAGMENT: a shipped protocol or another fragment calls it, or one of the protocols below.
uses() {
  grep -rqE "fragment: common/$1([,}]|\$)" "$TEST_ROOT/protocols" --include=*.yaml || grep -q "common/$1" "$0"
}

# demands FILE: a line with severity has one of verifies behind it.
demands() {
  awk '/^        severity: / { open = FNR } open && FNR == open + 1 { if (!/^        (evidence|verifies): /) exit bad = 1 }
    END { exit bad }' "$1" && grep -q '^        verifies: ' "$1"
}

for file in "$TEST_ROOT"/protocols/common/*.yaml; do
  for name in $(sed -n 's/^  \([a-z-]*\):$/\1/p' "$file"); do
    ok "$(basename "$file")#$name is called" uses "$(basename "$file")#$name"
  done
  ok "$(basename "$file"): each step that suggests an F says what it verifies" demands "$file"
done

# size MAX: a message, and a limit of so many bytes.
size() {
  cat >"$work/size.yaml" <<YAML
protocol: size
title: {en: Size, da: Størrelse}
standard: {name: CareCommunication, danish: Korrespondancemeddelelse, version: "5.0", type: HL7 FHIR}
version: 0.1.0
role: sender
sections:
  - id: "1"
    title: {en: A message, da: En meddelelse}
    status: mandatory
    steps:
      - step: "1.1"
        instruct:
          do: {en: Send a message., da: Send en meddelelse.}
          trigger: {action: new, attachment: pdf}
      - expect: {event: care-communication-message, within: 5 min, as: new}
      - step: "1.2"
        call: {fragment: common/messages.yaml#size, with: {on: new, max: "$1"}}
YAML
  "$T" run "$work/size.yaml" --vendor "$VENDORS/refvendor.yaml" --seed 1 --clock-scale 60 --store "$work/$1.sqlite" --report "$work/reports"
}
exits 0 "a message within 100 MB" size 104857600
exits 1 "a message over the limit" size 1000
says '^ +error +vans.size.max ' "is told by its rule"
finish
