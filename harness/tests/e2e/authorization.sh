#!/usr/bin/env bash
# An authorization server beside EHMI Delivery Status: a system finds it by its metadata, gets a token, and registers an
# event with it. Without a token, with a token for another organisation, or with one from nowhere, nothing is registered.
. "$(dirname "$0")/lib.sh"
command -v curl >/dev/null || { echo "curl is not there"; exit 77; }
data=$TEST_ROOT/harness/tests/data/eds
store=$work/s.sqlite

# The system under test: it is told where the two are, and uses what it finds there.
cat >"$work/system.sh" <<'S'
#!/usr/bin/env bash
dir=$1 as=$2 eds=$3 event=$4
form=$dir/event.json
of() { sed -n "s/.*\"$1\": *\"\\([^\"]*\\)\".*/\\1/p" "$2" | head -n 1; }
who=()
[ ! -f "$dir/mine.curl" ] || who=(-K "$dir/mine.curl")
curl -s "${who[@]}" "$as/.well-known/openid-configuration" >"$dir/metadata"
[ "$(of issuer "$dir/metadata")" = "$as" ] || exit 3
tokens=$(sed -n '/mtls_endpoint_aliases/,/}/p' "$dir/metadata" | sed -n 's/.*"token_endpoint": *"\([^"]*\)".*/\1/p')
token() {
  curl -s "${who[@]}" -o "$dir/token" -w '%{http_code}\n' --data-urlencode grant_type=client_credentials --data-urlencode client_id=ehr \
    --data-urlencode "scope=EDS system/AuditEvent.crs $1" "$tokens" >>"$dir/codes"
  of access_token "$dir/token"
}
register() { curl -s "${who[@]}" -o "$dir/answer" -D - -H 'Content-Type: application/fhir+json' "$@" -d "@$event" "$eds/AuditEvent" >>"$dir/heads"; }
# A token that ended is replaced, and the same event sent again.
if [[ $5 == *again* ]]; then
  for i in 1 2; do register -H "Authorization: Bearer $(token 'SOR:8888021000016001 GLN:5790008888025')"; done
  exit 0
fi
if [[ $5 == *certificates* ]]; then
  mine=$(token 'SOR:8888021000016001 GLN:5790008888025') who=(-K "$dir/other.curl")
  token 'SOR:8888021000016001 GLN:5790008888025' >/dev/null
  register -H "Authorization: Bearer $mine"
  who=(-K "$dir/mine.curl")
  register -H "Authorization: Bearer $mine"
  exit 0
fi
register
register -H "Authorization: Bearer $(token '')"
token 'SOR:1 GLN:2' >/dev/null
register -H "Authorization: Bearer e30.e30.e30"
good=$(token 'SOR:8888021000016001 GLN:5790008888025')
register -H "Authorization: Bearer $good"
printf '%s' "$good" >"$dir/good"
S
chmod +x "$work/system.sh"
cat >"$work/client.json" <<'J'
{"token_endpoint_auth_method": "tls_client_auth", "grant_types": ["client_credentials"], "client_id": "ehr",
 "client_name": "Reference", "scope": "EDS system/AuditEvent.crs", "contacts": ["test@example.invalid"],
 "tls_client_auth_subject_dn": "CN=Reference,organizationIdentifier=NTRDK-12345678,O=Region Test,C=DK",
 "ehmi:eer:device_id": "refvendor-msh",
 "ehmi:org_context": [{"name": "Hjemmeplejen", "sor": "8888021000016001", "gln": "5790008888025"}]}
J
sed -e '/^trigger/,$d' "$VENDORS/refvendor.yaml" | sed -e '/^exchange/,$d' >"$work/v.yaml"
cat >>"$work/v.yaml" <<V
exchange: {kind: vans-http, form: json}
trigger: {kind: command, command: ["$work/system.sh", "$work", "\${service.as.address}", "\${service.eds.address}",
    "$data/patient.json"]}
authorization: {enrollments: [client.json]}
test-persons-only: true
V
# The first section up to where the system is told what to do: its title in two languages, and what.
section() {
  cat <<P
sections:
  - id: "1"
    title: {en: $1, da: $2}
    status: mandatory
    steps:
      - step: "1.1"
        instruct:
          do: {en: "Register an event at \${service.eds.address}", da: "Registrér en hændelse på \${service.eds.address}"}
          trigger: {action: $3, as: "\${service.as.address}"}
P
}
cat >"$work/p.yaml" <<'P'
protocol: tokens
title: {en: Tokens, da: Tokens}
standard: {name: CareCommunication, version: "5.0"}
version: 0.1.0
role: sender
packages: [dk.ehmi.eds@1.0.2]
services:
  as: {kind: authorization}
  eds: {kind: eds}
P
section "An event with a token" "En hændelse med token" send >>"$work/p.yaml"
cat >>"$work/p.yaml" <<'P'
      - step: "1.2"
        party: eds
        expect: {rest: create, type: AuditEvent, as: bare, within: 30 s, where: {http.status: "401", guard.rule: guard.missing}}
      - step: "1.3"
        party: eds
        expect: {rest: create, type: AuditEvent, as: nobodys, within: 30 s, where: {http.status: "403",
            guard.rule: guard.org-context.missing}}
      - step: "1.4"
        party: eds
        expect: {rest: create, type: AuditEvent, as: forged, within: 30 s, where: {http.status: "401"}}
      - step: "1.5"
        party: eds
        expect: {rest: create, type: AuditEvent, as: event, within: 30 s, where: {http.status: "201"}}
      - step: "1.6"
        assert: {on: event, fact: oauth.client, equals: ehr}
  - id: "2"
    title: {en: A token that has ended, da: Et udløbet token}
    status: mandatory
    steps:
      - step: "2.1"
        party: as
        fault: {kind: wrong-answer, how: expired-token, count: 1}
      - step: "2.2"
        instruct:
          do: {en: "Register an event at ${service.eds.address}", da: "Registrér en hændelse på ${service.eds.address}"}
          trigger: {action: again, as: "${service.as.address}"}
      - step: "2.3"
        party: eds
        expect: {rest: create, type: AuditEvent, as: late, within: 30 s, where: {http.status: "401", guard.rule: guard.expired}}
      - step: "2.4"
        party: eds
        expect: {rest: create, type: AuditEvent, as: renewed, within: 30 s, where: {http.status: "201"}}
P
run() { "$T" run "$work/p.yaml" --vendor "$work/v.yaml" --store "$1" --report "$2" "${@:3}"; }

exits 0 "the protocol has no mistakes" "$T" lint "$work/p.yaml" --vendor "$work/v.yaml"
exits 0 "a token opens the door, nothing else does" run "$store" "$work/reports" --seed 5
says "result: pass" "passed"
ok "an organisation that is not registered gets no token" test "$(tr '\n' ' ' <"$work/codes")" = "200 400 200 200 200 "
ok "who comes without is told what to bring" grep -qi '^WWW-Authenticate: Bearer realm="testcamp"' "$work/heads"
json=$(find "$work/reports" -name record.json)
ok "the record knows who asked" grep -q '"oauth.client": *"ehr"' "$json"
ok "and which token was wrong on purpose" grep -q '"oauth.wrong": *"expired-token"' "$json"
ok "and why one was refused" grep -q 'oauth.org-context' "$json"
signature=$(sed 's/.*\.//' "$work/good")
ok "there was a token" test -n "$signature"
not_in() { ! grep -rqF -- "$signature" "$@"; }
ok "no token is kept in a report" not_in "$work/reports"
ok "nor in the store" not_in "$store"*

mkdir "$work/again"
exits 0 "the same seed" run "$work/again/s.sqlite" "$work/again/reports" --seed 5
ok "gives the same record" cmp "$json" "$(find "$work/again/reports" -name record.json)"

# The same over TLS: the client is who its certificate says, and its token is of no use with another certificate.
tls=$work/tls
exits 0 "certificates" "$T" certs "$tls" --client mine --client other
for who in mine other; do
  printf 'cacert = "%s"\ncert = "%s"\nkey = "%s"\n' "$tls/ca.pem" "$tls/client-$who.pem" "$tls/client-$who.key" >"$work/$who.curl"
done
dn=$("$T" certs --check "$tls/client-mine.pem" | sed -n 's/^ *subject *//p')
cp "$work/client.json" "$work/plain.json"
sed -i "s/CN=Reference,[^\"]*/$dn/" "$work/client.json"
echo "tls: {certificate: $tls/server-localhost.pem, key: $tls/server-localhost.key, trust: $tls/ca.pem}" >>"$work/v.yaml"
{
  sed '/^sections/,$d' "$work/p.yaml"
  section "With certificates" "Med certifikater" certificates
  cat <<'P'
      - step: "1.2"
        party: eds
        expect: {rest: create, type: AuditEvent, as: stolen, within: 30 s, where: {http.status: "401", guard.rule: guard.certificate}}
      - step: "1.3"
        party: eds
        expect: {rest: create, type: AuditEvent, as: event, within: 30 s, where: {http.status: "201", guard.bound: "yes"}}
P
} >"$work/x" && mv "$work/x" "$work/p.yaml"
rm "$work/codes"
exits 0 "certificates are asked for, and compared" run "$work/t.sqlite" "$work/t" --seed 5
ok "another certificate gets no token" test "$(tr '\n' ' ' <"$work/codes")" = "200 401 "
cp "$work/plain.json" "$work/client.json"

sed 's/CN=Reference/CN=Another/' "$work/client.json" >"$work/twin.json"
sed 's/\[client.json\]/[client.json, twin.json]/' "$work/v.yaml" >"$work/x" && cp "$work/v.yaml" "$work/one.yaml" && mv "$work/x" "$work/v.yaml"
exits 2 "two clients with one id" run "$work/w.sqlite" "$work/w"
says "two enrollments have the client_id ehr and certificates of their own" "says which"
mv "$work/one.yaml" "$work/v.yaml"

sed 's/"EDS system/"FDS system/' "$work/client.json" >"$work/x" && mv "$work/x" "$work/client.json"
exits 2 "an enrollment with a mistake" run "$work/m.sqlite" "$work/m"
says "client.json:2:[0-9]+: 'FDS' is no scope" "says where it is"
finish
