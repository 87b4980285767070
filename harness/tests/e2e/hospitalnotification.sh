#!/usr/bin/env bash
# HospitalNotification 3.0: both protocols pass against the reference vendor, what the harness sends is valid, and every
# step number of MedCom's tables stands once.
. "$(dirname "$0")/lib.sh"
PROTOCOLS=$TEST_ROOT/protocols/hospitalnotification/3.0
store=$work/s.sqlite

# play PROTOCOL [OPTION...]: a seeded run, its report in $work/PROTOCOL.
play() {
  local protocol=$1
  shift
  "$T" run "$PROTOCOLS/$protocol.yaml" --vendor "$VENDORS/refvendor.yaml" --seed 5 --clock-scale 60 --store "$store" \
    --report "$work/$protocol" "$@"
}

exits 0 "lint is silent" "$T" lint "$PROTOCOLS/send.yaml" "$PROTOCOLS/receive.yaml"
for protocol in send receive; do
  exits 0 "$protocol passes" play "$protocol"
  rm -rf "$store"*
done

# What the harness sent. One message is wrong on purpose: TEK_FCC of 3.4.6.1, by its Encounter.class.
sent=$work/sent
mkdir "$sent"
find "$work/receive" -name '*-out.xml' -exec cp {} "$sent" \;
"$T" validate --use medcom.fhir.dk.hospitalnotification@3.0.2 --use medcom.fhir.dk.acknowledgement@2.0.3 --format tsv "$sent"/* \
  >"$work/findings.tsv" 2>&1
checks=$((checks + 2))
wrong=$(awk -F '\t' '$1 == "error" { sub(/#?[^#]*$/, "", $2); print $2 }' "$work/findings.tsv" | sort -u | grep -c .)
[ "$wrong" = 1 ] || { failures=$((failures + 1)); echo "FAIL: $wrong files with errors, expected 1"; cat "$work/findings.tsv"; }
grep -q 'resource.class.*profile.binding' "$work/findings.tsv" ||
  { failures=$((failures + 1)); echo "FAIL: the one that is wrong is not the one that is meant"; cat "$work/findings.tsv"; }

# A letter goes where the notification says, and nowhere else (step word expect with letter).
exits 1 "no report of admission" play receive --case 3.3.1 --clock-scale 600 \
  --launch "refvendor --to \${harness.address} --seed \${seed} --defect no-letter"
says '^ +3.3.1.2 +FAIL ' "the step that waits for it"
rm -rf "$store"*

# MedCom's tables are not part of the project.
tables=${TESTCAMP_SHARED:-$TEST_ROOT/../shared}/medcom-protocols
if [ -e "$tables/HN_send_20240612.json" ]; then
  while read -r protocol table; do
    numbers=$(tr -d '\n' <"$tables/$table" | grep -oE '\["[^"]*", "([^"\\]|\\.)*", "3[0-9.]*"' | sed 's/.*"\(.*\)"$/\1/' | sort)
    ok "the step numbers of $protocol" diff <(echo "$numbers") \
      <(sed -n 's/^ *- step: "\(.*\)"$/\1/p' "$PROTOCOLS/$protocol.yaml" | sort)
  done <<'TABLES'
send HN_send_20240612.json
receive HN_recv_20231214.json
TABLES
else
  echo "skipped: MedCom's tables are not at $tables"
fi
finish
