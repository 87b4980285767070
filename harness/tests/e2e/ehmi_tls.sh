#!/usr/bin/env bash
# The protocol of servers that cannot be trusted, against the reference vendor over TLS: it passes, each of its defects is
# caught at both servers by the step and the rule that are meant to, and no other step fails for it.
. "$(dirname "$0")/lib.sh"
P=$TEST_ROOT/protocols/ehmi/1.0/tls-client.yaml
tls=$work/tls

exits 0 "certificates, and some that are wrong" "$T" certs "$tls" --client mine --faults
dn=$("$T" certs --check "$tls/client-mine.pem" | sed -n 's/^ *subject *//p')
sed "s/\"tls_client_auth_subject_dn\": \"[^\"]*\"/\"tls_client_auth_subject_dn\": \"$dn\"/" "$VENDORS/refvendor-client.json" >"$work/refvendor-client.json"
sed -e "s#--clock-scale#--client-cert, $tls/client-mine.pem, --client-key, $tls/client-mine.key, --trust, $tls/ca.pem, &#" \
  -e 's/mutual-tls: false/mutual-tls: true/' "$VENDORS/refvendor-ehmi-eds.yaml" >"$work/v.yaml"
echo "tls: {certificate: $tls/server-localhost.pem, key: $tls/server-localhost.key, trust: $tls/ca.pem}" >>"$work/v.yaml"
launch=$(sed -n 's/^  command: \[\(.*\)\]$/\1/p' "$work/v.yaml" | tr -d ',"')

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

exits 2 "in the clear" run "$VENDORS/refvendor-ehmi-eds.yaml"
says 'the fault bad-tls needs "tls" in the vendor file' "it cannot be shown"
rm "$tls/server-localhost-expired.pem"
exits 3 "without the certificate that is wrong" run "$work/v.yaml" --case 2
says 'testcamp certs --faults makes them' "it is told how to come by it"
finish
