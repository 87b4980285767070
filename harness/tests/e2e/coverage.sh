#!/usr/bin/env bash
# docs/coverage.md is what the command prints, and the command counts right.
. "$(dirname "$0")/lib.sh"
exits 0 "the page" "$T" coverage --format markdown
cp "$work/out" "$work/coverage.md"
ok "docs/coverage.md is as the command prints it; testcamp coverage --format markdown makes it anew" \
  diff -u "$TEST_ROOT/docs/coverage.md" "$work/coverage.md"

# MedCom's tables have so many numbers, whatever the protocols add under them.
exits 0 "the counts" "$T" coverage "$PROTOCOLS/send.yaml" "$PROTOCOLS/receive.yaml"
says '^  total +133 ' "133 numbers to send"
says '^  total +56 ' "56 numbers to receive"
exits 0 "as lines" "$T" coverage --format tsv "$PROTOCOLS/send.yaml"
ok "133 different numbers" test "$(awk -F'\t' '$1 == "step" && $4 != "" { print $4 }' "$work/out" | sort -u | wc -l)" = 133
says $'^requirement\tCareCommunication\tS1\tcarecommunication-5.0-send\t3.3.1.12\tmachine$' "a requirement and its step"

# Bad input.
sed 's/status: mandatory/status: mandatroy/' "$PROTOCOLS/send.yaml" >"$work/bad.yaml"
exits 2 "a protocol with mistakes" "$T" coverage "$work/bad.yaml"
says 'bad.yaml:[0-9]+:[0-9]+: error: .*mandat' "what is wrong, and where"
ok "nothing is counted" test ! -s "$work/out"
exits 2 "no such file" "$T" coverage "$work/nowhere.yaml"
exits 2 "no such format" "$T" coverage --format html
says 'there is text, markdown, tsv' "the formats there are"
finish
