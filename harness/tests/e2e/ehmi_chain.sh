#!/usr/bin/env bash
# The whole chain of EHMI between two reference vendors: it passes, is drawn, and a defect of either is found at the step
# that is about it, while the other one stays right.
. "$(dirname "$0")/lib.sh"
store=$work/s.sqlite
chain=$TEST_ROOT/protocols/ehmi/1.0/full-chain.yaml
cp "$VENDORS"/refvendor-*client.json "$work"
report() { find "$work/reports" -path "*$(last_run "$store")*" -name "$1" | head -n 1; }
run() {
  local sender=$1 receiver=$2 scale=$3
  shift 3
  "$T" run "$chain" --vendor "$sender" --vendor "receiver=$receiver" --store "$store" --report "$work/reports" --clock-scale "$scale" "$@"
}
home=$VENDORS/refvendor-ehmi-home.yaml clinic=$VENDORS/refvendor-ehmi-clinic.yaml

exits 0 "the whole chain" run "$home" "$clinic" 60
says '30 pass' "all of it"
folder=$(dirname "$(report record.json)")
messages=$(find "$folder/exchanges" -name 'm*-*.*' ! -name '*payload*' | wc -l)

# The picture: an arrow for each message, each a link to its bytes.
for lang in da en; do
  svg=$folder/report.$lang.svg
  # The key below a diagram has arrows too, which are no links.
  ok "an arrow for each of $messages messages ($lang)" test "$(grep -o '<a class="sq-arrow' "$svg" | wc -l)" = "$messages"
  grep -o 'href="[^"]*"' "$svg" | cut -d'"' -f2 | sort >"$work/links"
  ok "each to another one" test "$(uniq "$work/links" | wc -l)" = "$messages"
  sed "s/.*#\(.*\)/ id=\"\1\"/" "$work/links" >"$work/ids"
  grep -o ' id="[^"]*"' "$folder/report.$lang.html" | sort -u >"$work/there"
  ok "each target is in the report" sh -c "sort '$work/ids' | comm -23 - '$work/there' >'$work/gone'; ! test -s '$work/gone'"
done
for lane in 'Reference care record' 'Reference clinic' adgangspunkter EMR 'EHMI forsendelsesstatus (EDS)' 'Autorisationsserver as'; do
  ok "a lifeline: $lane" grep -qF ">$lane</text>" "$folder/report.da.svg"
done
ok "who tells EDS is drawn" grep -q 'fra Reference clinic til EHMI forsendelsesstatus (EDS): MSH: msg-created-and-sent' "$folder/report.da.svg"
ok "by stations apart too" grep -q 'fra Reference care record til EHMI forsendelsesstatus (EDS): EUA: msg-received-and-finalized' "$folder/report.da.svg"
ok "and that it failed" grep -q 'MSH: msg-received, fejlet' "$folder/report.da.svg"
ok "the copy goes to EMR" grep -q 'fra Reference care record til EMR: homecareobservation-message: kopi' "$folder/report.da.svg"
ok "which acknowledges it" grep -q 'fra EMR til Reference care record' "$folder/report.da.svg"
ok "what EDS was told is of the step that looked at it" test "$(grep -c 'passer til intet teststep' "$folder/report.da.svg")" = 0

# What was passed on is what came, byte for byte: five envelopes; the spoilt one and the receipt of EMR are no others'.
(cd "$folder/exchanges" && sha256sum m*-in.xml | cut -c1-64 | sort -u) >"$work/in"
(cd "$folder/exchanges" && sha256sum m*-out.xml | cut -c1-64 | sort) >"$work/out"
ok "what went on is what came" test "$(comm -12 "$work/out" "$work/in" | wc -l)" = 5
ok "and two are testcamp's" test "$(comm -23 "$work/out" "$work/in" | wc -l)" = 2
id=$(last_run "$store")
exits 0 "judged again" "$T" rejudge "$id" --store "$store"
says 'the run: pass -> pass; 0 steps have another verdict' "it comes to the same"
exits 0 "as a bundle" "$T" report "$id" --store "$store" --format bundle --output "$work/b.tar.gz"
exits 0 "which is intact" "$T" verify "$work/b.tar.gz"

# Other topologies: an MSH that is its own access point tells of what access points see, from both ends of AS4.
sed 's/EUA,MSH/EUA,AP-MSH/' "$home" >"$work/home.yaml"
sed 's/EUA,MSH/EUA,AP-MSH/' "$clinic" >"$work/clinic.yaml"
exits 0 "MSHs that are access points" run "$work/home.yaml" "$work/clinic.yaml" 60
ok "what they see is told" grep -q 'fra Reference clinic til EHMI forsendelsesstatus (EDS): AP-MSH: msg-received' "$(report report.da.svg)"
exits 0 "a receiver that is one station" run "$home" "$VENDORS/refvendor-ehmi-eds.yaml" 60
sed 's/stations: EUA,AP-MSH/stations: EUA,MSH/' "$work/home.yaml" >"$work/other.yaml"
exits 1 "a system that is not what its vendor file says" run "$work/other.yaml" "$work/clinic.yaml" 60 --case 1
says '1\.7\+1 +FAIL' "is told at its step"

# caught SIDE DEFECT SCALE CASE STEP RULE [STEP]: the defect of that side fails that step by that rule; the last step passes.
caught() {
  local side=$1 defect=$2 vendor=$home sender=$home receiver=$clinic
  [ "$side" = receiver ] && vendor=$clinic
  sed "s/^  command: \[refvendor,/& --defect, $defect,/" "$vendor" >"$work/$side.yaml"
  [ "$side" = receiver ] && receiver=$work/receiver.yaml || sender=$work/sender.yaml
  exits 1 "$defect of the $side" run "$sender" "$receiver" "$3" --case "$4"
  ok "$defect of the $side is seen at $5 by $6" fails_by "$5" "$6"
  [ -z "${7:-}" ] || ok "and the other system is right" grep -Eq "^  ${7//+/\\+} +pass " "$work/err"
}
while read -r row; do
  case $row in '' | '#'*) continue ;; esac
  # shellcheck disable=SC2086
  caught $row
done <<'ROWS'
receiver sbdh-no-receipt 600 1 1.2 expect.deadline
receiver no-ack 1800 1 1.4 expect.deadline
receiver eds-wrong-original 60 1 1.7+2 eds.chain.id 1.7+1
receiver token-scope-without-sor 60 1 1.7+2 eds.chain.missing 1.7+1
receiver sbdh-wrong-exception 60 2 2.3+2 sbdh.exception
receiver eds-always-success 60 2 2.7+2 eds.chain.failure 2.7+1
sender sbdh-scope-twice 1800 1 1.1+2 sbdh.scope.repeated
sender sbdh-no-copy 600 1 1.3 expect.deadline 1.2
sender sbdh-no-receipt 600 1 1.5 expect.deadline 1.4
sender eds-wrong-subtype 60 1 1.7+1 eds.chain.subtype 1.7+2
sender eds-no-receipt-event 60 1 1.7+1 eds.chain.missing 1.7+2
sender sbdh-resends-refused 60 2 2.5 expect-none.arrived 2.3
sender sbdh-copies-refused 60 2 2.5+1 expect-none.arrived 2.3
sender eds-always-success 60 2 2.7+1 eds.chain.failure 2.7+2
ROWS

# Killed and resumed: what was on its way goes on, each once; EDS still takes the tokens of before, and knows whose they are.
here=$(free_port)
there=$(free_port)
services=(--envelope sbdh --emr same --clock-scale 60 --eds "http://127.0.0.1:$((here + 2))/reference-care-record/eds"
  --auth "http://127.0.0.1:$((here + 1))/reference-care-record/as")
stays "$home" here --to "http://127.0.0.1:$here/reference-care-record/sender" "${services[@]}" --gln 5790008888025 \
  --sor 8888021000016001 --name Hjemmeplejen --station EUA,MSH --device reference-care,reference-care --client-id refvendor-home
stays "$clinic" there --to "http://127.0.0.1:$there/reference-clinic/receiver" "${services[@]}" --station EUA,MSH \
  --device refvendor-msh,refvendor-msh
listens here "$here"
listens there "$there"
has_messages() { [ "$(grep -c -- '<- m' "$work/k.out")" -ge "$1" ]; }
for messages in 3 8 14; do
  rm -rf "$work"/k.sqlite*
  "$T" run "$chain" --vendor "$work/here.yaml" --vendor "receiver=$work/there.yaml" --store "$work/k.sqlite" --report "$work/killed" \
    --clock-scale 60 --case 1 --verbose >"$work/k.out" 2>&1 &
  harness=$!
  pause=0.005 awaits has_messages "$messages"
  kill -9 $harness
  wait $harness 2>/dev/null
  k=$(last_run "$work/k.sqlite")
  exits 0 "killed at message $messages" "$T" resume "$k" --store "$work/k.sqlite" --report "$work/killed"
  exits 0 "its record" "$T" report "$k" --store "$work/k.sqlite" --format json --output "$work/k.json"
  grep -o '"relays": *"[^"]*"' "$work/k.json" | sort >"$work/relays"
  ok "all four envelopes went on" test "$(wc -l <"$work/relays")" -ge 4
  ok "and none twice" test -z "$(uniq -d "$work/relays")"
done

# What a protocol may say of services that are shared.
sed 's/service: eds, stations: "${vendor/service: fax, stations: "${vendor/' "$chain" >"$work/wrong.yaml"
exits 2 "a service that is not there" "$T" lint "$work/wrong.yaml"
says 'wrong.yaml:[0-9]+:[0-9]+: error: .*"fax".* \[protocol.party\]' "is told where"
sed 's/service: eds, stations: "${vendor/service: as, stations: "${vendor/' "$chain" >"$work/wrong.yaml"
exits 2 "a service that keeps no AuditEvents" "$T" lint "$work/wrong.yaml"
says 'is about a service of kind eds' "is told"
finish
