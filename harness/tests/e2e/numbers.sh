#!/usr/bin/env bash
# Every step number of MedCom's tables stands in its protocol once, in the order of the table, and no other does
# (numbers.tsv). The tables are not part of the project: without them there is nothing to see.
. "$(dirname "$0")/lib.sh"
tables=${TESTCAMP_SHARED:-$TEST_ROOT/../shared}/medcom-protocols
[ -d "$tables" ] || { echo "SKIP: $tables is not there"; exit 77; }

# same PROTOCOL TABLE: what is a number and nothing else is one of a step, or of its section.
same() {
  sed -nE 's/^ *-? *id: "([0-9.]+)".*/\1/p' "$1" >"$work/sections"
  test -s "$work/sections" || return 1
  diff <(grep -oE '"[0-9]+(\.[0-9]+)+"' "$2" | tr -d '"' | grep -Fxv -f "$work/sections") \
    <(sed -nE 's/^ +(- )?step: "?([0-9]+(\.[0-9]+)+)"?$/\2/p' "$1")
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
