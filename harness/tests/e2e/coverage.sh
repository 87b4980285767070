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

# numbers_of FILE: the step numbers of one of MedCom's tables, [section, title, number, ...] a row.
numbers_of() {
  grep -oE '\["([^"\]|\\.)*", "([^"\]|\\.)*", "[0-9]+(\.[0-9]+)+"' "$1" | sed -E 's/.*"([0-9.]+)"$/\1/' | sort -u
}

# Where MedCom's tables are at hand: each shipped protocol has their numbers, all of them and no others.
shared=${TESTCAMP_SHARED:-$TEST_ROOT/../shared}
"$T" coverage --format tsv >"$work/all.tsv"
while read -r table protocol; do
  file=$(find "$shared/medcom-protocols" -name "${table}_*.json" 2>/dev/null | head -n 1)
  awk -F'\t' -v p="$protocol" '$1 == "step" && $2 == p && $4 != "" { print $4 }' "$work/all.tsv" | sort -u >"$work/ours"
  if [ ! -f "$file" ] || [ ! -s "$work/ours" ]; then echo "not compared with MedCom's table: $protocol"; continue; fi
  numbers_of "$file" >"$work/theirs"
  ok "$protocol has the numbers of MedCom's table" diff "$work/theirs" "$work/ours"
done <<'TABLES'
CC_send carecommunication-5.0-send
CC_recv carecommunication-5.0-receive
HN_send hospitalnotification-3.0-send
HN_recv hospitalnotification-3.0-receive
ACK_send acknowledgement-2.0-send
ACK_recv acknowledgement-2.0-receive
HCO_send homecareobservation-1.2-send
HCO_recv homecareobservation-1.2-receive
CL_send conditionlist-1.0-send
CL_recv conditionlist-1.0-receive
TABLES

# Bad input.
sed 's/status: mandatory/status: mandatroy/' "$PROTOCOLS/send.yaml" >"$work/bad.yaml"
exits 2 "a protocol with mistakes" "$T" coverage "$work/bad.yaml"
says 'bad.yaml:[0-9]+:[0-9]+: error: .*mandat' "what is wrong, and where"
ok "nothing is counted" test ! -s "$work/out"
exits 2 "no such file" "$T" coverage "$work/nowhere.yaml"
exits 2 "no such format" "$T" coverage --format html
says 'there is text, markdown, tsv' "the formats there are"
finish
