#!/usr/bin/env bash
# The protocol of servers that cannot be trusted, against the reference vendor over TLS: it passes, each of its defects is
# caught at both servers by the step and the rule that are meant to, and no other step fails for it.
. "$(dirname "$0")/lib.sh"
P=$TEST_ROOT/protocols/ehmi/1.0/tls-client.yaml
tls=$work/tls
command -v curl >/dev/null || { echo "curl is not there"; exit 77; }

over_tls v --faults
launch=$(launch_of "$work/v.yaml")

run() {
  local vendor=$1
  shift
  "$T" run "$P" --vendor "$vendor" --store "$work/s.sqlite" --report "$work/reports" --clock-scale 60 "$@"
}

exits 0 "the reference vendor" run "$work/v.yaml"
says 'result: pass' "passes"
for why in unknown_ca certificate_expired bad_certificate protocol_version; do
  ok "the report tells of the alert $why" grep -rqs --include=report.en.html "alert $why" "$work/reports"
done

# caught DEFECT CASE: at the authorization server and at EDS, and nowhere else.
caught() {
  exits 1 "$1 fails" run "$work/v.yaml" --case "$2" --launch "$launch --defect $1"
  ok "$1 is seen at both servers, by the rule" awk -v c="$2" '$2 == "FAIL" || $2 == "ERROR" { step = $1; bad = bad " " $1 }
    step != "" && $1 == "error" { rules = rules " " step ":" $2; step = "" }
    END { exit rules != " " c ".1+5:tls.server.refused " c ".2+4:tls.server.refused" || bad != " " c ".1+5 " c ".2+4" }' "$work/err"
}
caught tls-trusts-anybody 1
caught tls-trusts-anybody 2
caught tls-ignores-time 2
caught tls-trusts-anybody 3
caught tls-ignores-name 3
caught tls-old 4
exits 0 "who overlooks the time" run "$work/v.yaml" --case 3 --launch "$launch --defect tls-ignores-time"
says 'result: pass' "sees the name all the same"

# A fault that was armed before a crash is there after it, has hit once when it has hit, and then all is in order.
cat >"$work/p.yaml" <<'Y'
protocol: crash
title: {en: A crash, da: Et nedbrud}
standard: {name: EHMI, danish: EHMI, version: "1.0", type: TLS}
version: 0.1.0
role: sender
services:
  as: {kind: authorization}
sections:
  - id: "1"
    title: {en: One connection, da: "Én forbindelse"}
    status: mandatory
    steps:
      - step: "1.1"
        party: as
        fault: {kind: bad-tls, how: wrong-name}
      - step: "1.2"
        party: as
        expect: {oauth: connection, within: 60 s, as: first}
      - assert: {on: first, fact: tls.outcome, equals: refused}
      - step: "1.3"
        party: as
        expect: {oauth: discovery, within: 60 s, as: next}
      - assert: {on: next, fact: tls.fault, exists: false}
Y
port=$(free_port)
sed -e '/^launch/,/^$/d' -e '/^trigger/,/^$/d' -e '/^rest/,/^$/d' -e 's#${launch.address}#http://127.0.0.1:1#' "$work/v.yaml" >"$work/mine.yaml"
"$T" run "$work/p.yaml" --vendor "$work/mine.yaml" --listen "127.0.0.1:$port" --store "$work/c.sqlite" --report "$work/reports" >"$work/first.out" 2>&1 </dev/null &
pid=$!
awaits has 'fault  ' "$work/first.out"
kill -9 $pid
wait $pid 2>/dev/null
"$T" resume "$(last_run "$work/c.sqlite")" --listen "127.0.0.1:$port" --store "$work/c.sqlite" --report "$work/reports" >"$work/second.out" 2>&1 </dev/null &
pid=$!
as=$(sed -n 's/^  as .*\(https:.*\)$/\1/p' "$work/first.out")
ask() { curl -sS --noproxy '*' --max-time 20 --cacert "$tls/ca.pem" -o /dev/null -w '%{http_code}' "$as/.well-known/openid-configuration"; }
awaits hears "$((port + 1))"
ok "after the crash curl refuses the server" test "$(ask 2>>"$work/second.out")" = 000
is_well() { [ "$(ask 2>>"$work/second.out")" = 200 ]; }
awaits is_well
wait $pid
ok "and the run goes on to its end" test $? = 0 || cat "$work/second.out"

exits 2 "in the clear" run "$VENDORS/refvendor-ehmi-eds.yaml"
says 'the fault bad-tls needs "tls" in the vendor file' "it cannot be shown"
rm "$tls/server-localhost-expired.pem"
exits 3 "without the certificate that is wrong" run "$work/v.yaml" --case 2
says 'testcamp certs --faults makes them' "it is told how to come by it"
finish
