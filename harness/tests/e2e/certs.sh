#!/usr/bin/env bash
# Certificates for a test: made, added to, never replaced, checked; and two programs that others wrote speak TLS with them.
. "$(dirname "$0")/lib.sh"
cd "$work" || exit 1
mode() { stat -c %a "$1"; }

exits 0 "a new folder" "$T" certs pki --client "Journal Øst" --client other --days 30
says '^test authority$' "the authority is named"
says 'CN=Journal Øst,O=Testorganisation,organizationIdentifier=NTRDK-88888888,C=DK' "a system has the subject of one"
says 'x5t#S256 +[A-Za-z0-9_-]{43}$' "and its thumbprint stands there"
says '^  tls: \{certificate: server-localhost.pem, key: server-localhost.key, trust: ca.pem, clients: required\}$' "and how a vendor file has them"
for f in ca server-localhost client-journal-st client-other; do
  ok "$f.pem is there" test -s pki/$f.pem
  ok "the key of $f is its owner's alone" test "$(mode pki/$f.key)" = 600
done
ca=$(sha256sum pki/ca.pem pki/ca.key)
exits 2 "once more" "$T" certs pki
says 'is kept: say by --name or --client what to add' "the authority is not replaced"
exits 2 "a client that is there" "$T" certs pki --client third --client other
says 'client-other.pem is there already' "nothing is replaced"
ok "and nothing else was made" test ! -e pki/client-third.pem
exits 2 "two of one name" "$T" certs pki --client "A b" --client "a B"
says 'choose other names' "are told apart beforehand"
exits 0 "one more of each" "$T" certs pki --name eds.test --name 10.0.0.1 --client third --lang da
says 'system \(klient\)' "in Danish"
ok "by the same authority" test "$ca" = "$(sha256sum pki/ca.pem pki/ca.key)"
exits 2 "a name that is none" "$T" certs pki --name "a b"
says 'neither a host name nor an IP address' "is refused"
for days in 0 3651 x; do exits 2 "--days $days" "$T" certs pki --client x --days $days; done
mkdir half && cp pki/ca.pem half/
exits 2 "half an authority" "$T" certs half --client x
says 'ca.key is not' "is not gone on with"
cp pki/client-other.key half/ca.key
exits 2 "an authority with another key" "$T" certs half --client x
says 'does not belong' "neither"
exits 2 "a folder that cannot be" "$T" certs /dev/null/x
exits 2 "no folder" "$T" certs
exits 2 "making and checking at once" "$T" certs pki --check pki/ca.pem
exits 2 "questions without --check" "$T" certs pki --ca pki/ca.pem

exits 0 "RSA keys" "$T" certs pki --name rsa.test --rsa
says 'RSA, 2048 bit' "are made"
check() { "$T" certs --check "$@" --ca pki/ca.pem; }
exits 0 "faults on purpose" "$T" certs pki --name localhost.test --faults
exits 0 "a sound one" check pki/server-localhost.test.pem --host localhost.test --use server --key pki/server-localhost.test.key
while read -r fault rule; do
  exits 1 "$fault" check "pki/server-localhost.test-$fault.pem" --host localhost.test --use server
  says "\\[certificate\\.$rule\\]" "by its rule"
done <<'END'
expired expired
not-yet-valid not-yet-valid
wrong-name name-other
unknown-authority untrusted
weak-key key-weak
END
exits 1 "in Danish" check pki/server-localhost.test-expired.pem --lang da
says 'udløb den' "says so"
exits 1 "a client as a server" check pki/client-other.pem --use server
says 'certificate.purpose' "by its rule"
exits 1 "another's key" check pki/client-other.pem --key pki/client-third.key
says 'certificate.key-other' "by its rule"
exits 0 "soon over" check pki/client-other.pem --use client --at "$(date -u -d '+29 days' +%F)"
says 'certificate.expires-soon' "is worth a line"
exits 1 "over" check pki/client-other.pem --use client --at 2099-01-01
exits 2 "a time that is none" check pki/client-other.pem --at tomorrow
exits 2 "a use that is none" check pki/client-other.pem --use both
exits 2 "what is no certificate" check pki/client-other.key
says 'client-other.key: no certificate is in the file' "names the file"
exits 2 "what is not there" check nowhere.pem
for rule in expired purpose untrusted key-weak; do exits 0 "explain" "$T" explain certificate.$rule; done
says 'elliptic curves 224' "the rule is explained"

command -v openssl >/dev/null || finish
ok "openssl agrees on the server" openssl verify -CAfile pki/ca.pem -purpose sslserver -verify_hostname eds.test pki/server-eds.test.pem
ok "and on its address" openssl verify -CAfile pki/ca.pem -purpose sslserver -verify_ip 10.0.0.1 pki/server-eds.test.pem
ok "and on the client" openssl verify -CAfile pki/ca.pem -purpose sslclient pki/client-third.pem
ok "but not on what is wrong on purpose" sh -c '! openssl verify -CAfile pki/ca.pem pki/server-localhost.test-expired.pem'
print=$(openssl x509 -in pki/client-third.pem -outform DER | openssl dgst -sha256 -binary | openssl base64 -A | tr '+/' '-_' | tr -d =)
exits 0 "the thumbprint" "$T" certs --check pki/client-third.pem
says "x5t#S256 +$print\$" "is what openssl and RFC 8705 make of it"
dn=$(openssl x509 -in pki/client-third.pem -noout -subject -nameopt RFC2253 | sed 's/^subject=//')
says "$(printf '%s' "$dn" | sed 's/[.+]/\\&/g')" "the subject is what openssl writes"
openssl x509 -in pki/client-third.pem -outform DER -out third.der
exits 0 "DER is read too" "$T" certs --check third.der
says "$print" "with the same thumbprint"

command -v curl >/dev/null || finish
port=$(free_port)
openssl s_server -accept "127.0.0.1:$port" -www -cert pki/server-localhost.pem -key pki/server-localhost.key -CAfile pki/ca.pem -Verify 1 \
  -verify_return_error >s_server.log 2>&1 &
awaits hears "$port"
try() { curl -sS --noproxy '*' --max-time 20 --cacert pki/ca.pem "$@" "https://127.0.0.1:$port/"; }
ok "openssl and curl speak with them" try --cert pki/client-third.pem --key pki/client-third.key
ok "not without" sh -c "! curl -sS --noproxy '*' --max-time 20 --cacert pki/ca.pem https://127.0.0.1:$port/"
finish
