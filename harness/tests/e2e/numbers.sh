#!/usr/bin/env bash
# Every step number of MedCom's tables stands in the protocol once, in the order of the table, and no other does
# (numbers.tsv). The tables are not ours to ship: without them there is nothing to see.
. "$(dirname "$0")/lib.sh"
tables=$TEST_ROOT/../shared/medcom-protocols
[ -d "$tables" ] || { echo "the tables are not there"; exit 77; }
command -v jq >/dev/null || { echo "jq is not there"; exit 77; }

# numbers FILE: those of a protocol, in order; a repeat has its number once.
numbers() {
  sed -nE 's/^ +(- )?step: "?([0-9]+(\.[0-9]+)+)"?$/\2/p' "$1"
}

# same PROTOCOL TABLE
same() {
  diff <(jq -r '.[] | .[2] | select(test("^[0-9]"))' "$2") <(numbers "$1")
}

while IFS=$'\t' read -r protocol table; do
  case $protocol in '' | '#'*) continue ;; esac
  file=$TEST_ROOT/protocols/$protocol
  if [ -e "$file" ]; then
    ok "the numbers of $protocol are those of $table" same "$file" "$tables/$table"
  else
    echo "$protocol is not there"
  fi
done <"$(dirname "$0")/numbers.tsv"

# It can fail: a number twice, and one that is missing.
sed -E 's/step: "3\.3\.1\.2"/step: "3.3.1.1"/' "$PROTOCOLS/send.yaml" >"$work/twice.yaml"
exits 1 "a number twice instead of another" same "$work/twice.yaml" "$tables/CC_send_20260421.json"
says '^< 3\.3\.1\.2$' "is told"
finish
