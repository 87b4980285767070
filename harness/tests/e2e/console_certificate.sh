#!/usr/bin/env bash
# The certificate that a system shows, handed in by its vendor in the console: what is refused, who sees it, and that the
# runs of the system hear that one and no other, also after a restart and out of a bundle.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/console_lib.sh"
command -v curl >/dev/null || { echo "curl is not there"; exit 77; }
cd "$work" || exit 1

exits 0 "certificates of two systems" "$T" certs "$work/tls" --client mine --client other --client third --faults
exits 0 "and of another authority" "$T" certs "$work/tls2" --client mine
tls=$work/tls
ok "MedCom" account mia medcom
ok "a vendor" account vic vendor "Acme A/S"
ok "another" account otto vendor "Other ApS"
# Nobody is trusted: the authority is no matter of serve's.
serve_tls() { console --certificate "$tls/server-localhost.pem" --key "$tls/server-localhost.key"; }
serve_tls || finish
login mia; login vic; login otto
file() {
  sed -e 's/^  name: Example Vendor/  name: Acme A\/S/' -e '/^  listen:/d' "$TEST_ROOT/vendors/example/example.yaml"
}
post vic /systems "file=$(file)"
answers 303 "a system"

# refused TEXT PATTERN FILE: that file is not taken, for that reason.
refused() {
  upload vic /systems/1/certificates "file=@$3" replaces=0
  answers 303 "$1"
  get vic /systems/1
  shows "$2" "$1, and why"
  hides 'certificates/[0-9]+/remove' "$1: nothing was kept"
}
refused "a private key" 'private key' "$tls/client-mine.key"
cat "$tls/client-mine.pem" "$tls/client-mine.key" >both.pem
refused "a certificate with its key" 'private key' both.pem
ok "no key lies anywhere beside the store" bash -c "! grep -rqs 'PRIVATE KEY' $store*"
cat "$tls/client-mine.pem" "$tls/client-other.pem" >two.pem
refused "two systems" 'several systems' two.pem
refused "a server's" 'may not be used as a client' "$tls/server-localhost.pem"
refused "an authority's" 'authority' "$tls/ca.pem"
head -c 3000 /dev/urandom >rubbish
refused "rubbish" 'no certificate in PEM or DER' rubbish
head -c 70000 "$T" >large
refused "too large" 'too large' large
: >empty
refused "nothing" 'Nothing was handed in' empty
post vic /systems "file=$(file; echo 'certificates: ["-----BEGIN CERTIFICATE-----\nx"]')"
answers 400 "in the file itself"
shows 'hand them in on the page' "they do not stand"

upload vic /systems/1/certificates "file=@$tls/client-other.pem" replaces=0
answers 303 "a certificate"
get vic /systems/1
shows 'CN=other' "is kept, and its subject shown"
shows "$(openssl x509 -in "$tls/client-other.pem" -noout -fingerprint -sha256 | cut -d= -f2)" "with its thumbprint"
upload vic /systems/1/certificates "file=@$tls/client-other.pem" replaces=0
get vic /systems/1
shows 'that certificate already' "not twice"
upload vic /systems/1/certificates "pem=$(cat "$tls/client-mine.pem")" replaces=1
get vic /systems/1
shows 'CN=mine' "another in its place"
hides 'CN=other,' "the first is gone"
upload vic /systems/1/certificates "file=@$tls/client-third.pem" replaces=1
get vic /systems/1
shows 'not there any more' "who replaces what is gone is told"
hides 'CN=third' "and nothing is changed"

get otto /systems/1
hides 'CN=mine' "another vendor does not see it"
upload otto /systems/1/certificates "file=@$tls/client-other.pem" replaces=0
answers 404 "nor adds to it"
post otto /systems/1/certificates/2/remove
answers 404 "nor removes it"
post otto /systems "file=$(file | sed 's/Acme A.S/Other ApS/; s/5790009999/5790009999/')"
post otto /systems/2/certificates/2/remove
get vic /systems/1
shows 'CN=mine' "not by way of a system of its own either"

# start PROTOCOL SYSTEM: a run of the system; its number in $run.
start() {
  post vic /start "protocol=$1" "system=system:$2" mode=self-test do=start
  answers 303 "a run is started"
  run=$(sed -n 's#^[Ll]ocation: /runs/\([^[:space:]]*\).*#\1#p' "$work/head")
}
# comes STATUS TEXT CURL-OPTION...: what a message by that certificate is answered.
comes() {
  local want=$1 text=$2
  shift 2
  ok "$text" test "$(curl -sk -m 20 -o "$work/answer" -w '%{http_code}' "$@" --data-binary 'no message' "https://127.0.0.1:$vendors_port/example-journal/receiver")" = "$want"
}
by() { echo --cert "$1.pem" --key "$1.key"; }
start "$(sed -n 's/^protocol: *//p' "$PROTOCOLS/receive.yaml")" 1
first=$run
comes 202 "the system is heard" $(by "$tls/client-mine")
comes 403 "another of the same authority is not" $(by "$tls/client-other")
ok "and is told why" grep -q 'not one that the system is known by' "$work/answer"
comes 403 "nor one of the same name" $(by "$work/tls2/client-mine")
comes 403 "nor one that shows none"
get vic "/runs/$run/messages/m2"
shows 'tls.client' "the run tells by which certificate a message came"
# Two runs share the address: what nobody waits for is kept for both, and has to be the system's all the same.
start "$(sed -n 's/^protocol: *//p' "$PROTOCOLS/receive.yaml")" 1
comes 202 "of two runs, too" $(by "$tls/client-mine")
comes 403 "and another is heard by neither" $(by "$tls/client-other")
ok "nor at the address of one" test "$(curl -sk -m 20 -o /dev/null -w '%{http_code}' $(by "$tls/client-other") -d x "https://127.0.0.1:$vendors_port/example-journal/receiver/$run")" = 403
ok "nor are messages given to it" test "$(curl -sk -m 20 -o /dev/null -w '%{http_code}' $(by "$tls/client-other") "https://127.0.0.1:$vendors_port/example-journal/receiver/$run/inbox")" = 403
post vic /systems/1/certificates/2/remove
answers 303 "it is removed"
get vic /systems/1
hides 'CN=mine,' "and gone"
console_stop
serve_tls || finish
login vic
comes 202 "the run goes on with what it began with" $(by "$tls/client-mine")
comes 403 "after a restart, too" $(by "$tls/client-other")

# A client of the authorization server is enrolled in the file itself, by the subject of its certificate.
dn=$("$T" certs --check "$tls/client-third.pem" | sed -n 's/^ *subject *//p')
enrollment=$(tr -d '\n' <"$VENDORS/refvendor-client.json" | sed "s/\"tls_client_auth_subject_dn\": \"[^\"]*\"/\"tls_client_auth_subject_dn\": \"$dn\"/")
ehmi() {
  sed -e 's/^  name: testcamp/  name: Acme A\/S/' -e 's/Reference vendor on EHMI/Tokens/' -e 's/mutual-tls: false/mutual-tls: true/' -e '/^launch:/,/^$/d' \
    -e '/^trigger:/,/^$/d' -e '/^rest:/,/^$/d' -e '/^clock:/,/^$/d' -e '/^  address:/d' -e "s%\\[refvendor-client.json\\]%['$enrollment']%" "$VENDORS/refvendor-ehmi-eds.yaml"
}
post vic /systems "file=$(ehmi)"
answers 303 "a system with an enrollment"
tokens=$(sed -n 's#^[Ll]ocation: /systems/\([0-9]*\).*#\1#p' "$work/head")
upload vic "/systems/$tokens/certificates" "file=@$tls/client-third.pem"
start ehmi-1.0-token-client "$tokens"
# token STATUS TEXT CURL-OPTION...: what a request for a token is answered.
token_is() {
  local want=$1 text=$2
  shift 2
  ok "$text" test "$(curl -sk -m 20 -o "$work/answer" -w '%{http_code}' "$@" -d grant_type=client_credentials -d client_id=refvendor -d 'scope=EDS system/AuditEvent.crs' \
    "https://127.0.0.1:$vendors_port/tokens/as/mtls/token")" = "$want" || cat "$work/answer"
}
token_is 401 "another certificate gets no token" $(by "$tls/client-mine")
token_is 401 "nor who shows none"
token_is 200 "its own certificate gets one" $(by "$tls/client-third")
ok "it is one" grep -q access_token "$work/answer"
console_stop

exits 0 "the first run as a bundle" "$T" report "$first" --format bundle --output b.tar.gz --store "$store"
mkdir bundle && tar xzf b.tar.gz -C bundle
ok "holds the certificate" grep -rq 'Uploaded in the console' bundle
ok "and who was turned away" grep -rq 'not one that the system is known by' bundle

# One that has expired since it was handed in.
ok "time passes" python3 - "$store.console" "$tls/server-localhost-expired.pem" <<'P'
import sqlite3, sys
d = sqlite3.connect(sys.argv[1])
d.execute("UPDATE system_certificates SET pem = ?", [open(sys.argv[2]).read()])
d.commit()
P
serve_tls || finish
login vic
get vic "/systems/$tokens"
shows 'badge fail">expired' "is marked"
post vic /start protocol=ehmi-1.0-token-client "system=system:$tokens" mode=self-test do=start
answers 400 "no run begins with it"
shows 'has expired; replace or remove it' "which is told"
finish
