#!/usr/bin/env bash
# Signed bundles: by whom, trusted or not, expired, and of other bytes.
. "$(dirname "$0")/lib.sh"
command -v openssl >/dev/null || { echo "SKIP: no openssl to make certificates with"; exit 77; }
store=$work/s.sqlite
cd "$work" || exit 1
exits 0 "a run" "$T" run "$PROTOCOLS/receive.yaml" --vendor "$VENDORS/refvendor.yaml" --case 3.2.5 --seed 42 --clock-scale 20 \
  --store "$store" --report "$work/reports"
run=$(last_run "$store")

# ca NAME: a certificate authority; issue CA NAME DAYS: a certificate of it.
ca() {
  openssl req -x509 -newkey rsa:2048 -nodes -keyout "$1.key" -out "$1.pem" -days 30 -subj "/O=Test/CN=$1" \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign 2>/dev/null
}
issue() {
  openssl req -newkey rsa:2048 -nodes -keyout "$2.key" -out "$2.csr" -subj "/O=Vendor/CN=$2" 2>/dev/null
  printf 'keyUsage=critical,digitalSignature\nbasicConstraints=CA:FALSE\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n' >ext
  openssl x509 -req -in "$2.csr" -CA "$1.pem" -CAkey "$1.key" -CAcreateserial -days "$3" -out "$2.pem" -extfile ext 2>/dev/null
}
ca root && ca other && issue root jane 10 && issue root late -1

exits 0 "a signed bundle" "$T" report "$run" --format bundle --output b.tar.gz --sign jane.key --cert jane.pem --store "$store"
ok "has its signature beside it" test -s b.tar.gz.p7s
ok "openssl agrees" openssl cms -verify -binary -inform DER -in b.tar.gz.p7s -content b.tar.gz -CAfile root.pem -purpose any -out /dev/null
exits 0 "verified by its authority" "$T" verify b.tar.gz --ca root.pem
says 'signed by O = Vendor, CN = jane \(certificate from O = Test, CN = root' "says by whom"
says '^  trusted$' "and that it is trusted"
exits 0 "without an authority" "$T" verify b.tar.gz
says 'nobody vouches for the certificate' "says that nobody vouches for it"
exits 1 "by another authority" "$T" verify b.tar.gz --ca other.pem
says 'not trusted: unable to get local issuer certificate' "it is not trusted"
exits 1 "when it has expired" "$T" verify b.tar.gz --ca root.pem --at 2099-01-01
says 'not trusted: certificate has expired' "that is said"
exits 1 "before it was valid" "$T" verify b.tar.gz --ca root.pem --at 2001-01-01
says 'not trusted: certificate is not yet valid' "that too"
exits 2 "a time that is none" "$T" verify b.tar.gz --ca root.pem --at tomorrow

exits 0 "another run" "$T" report "$run" --format bundle --output plain.tar.gz --store "$store"
exits 1 "unsigned where a signature is asked for" "$T" verify plain.tar.gz --ca root.pem
says unsigned "says so"
rm -rf x && mkdir x && tar xzf b.tar.gz -C x && (cd x && tar czf ../same.tar.gz -- *)
exits 1 "a signature of another file" "$T" verify same.tar.gz --signature b.tar.gz.p7s --ca root.pem
says 'intact' "the bundle is intact"
says 'the signature is not of this bundle' "but the signature is not its own"
: >empty.pem
exits 2 "an empty file of those that are trusted vouches for nobody" "$T" verify b.tar.gz --ca empty.pem
exits 2 "a run in the event log is not signed" "$T" verify "$run" --ca root.pem --store "$store"
exits 2 "what is no signature" "$T" verify b.tar.gz --signature jane.pem

exits 2 "a key that is not the certificate's" "$T" report "$run" --format bundle --output c.tar.gz --sign root.key --cert jane.pem --store "$store"
says 'does not belong to' "is refused"
ok "and nothing is written" test ! -e c.tar.gz
exits 2 "an expired certificate" "$T" report "$run" --format bundle --output c.tar.gz --sign late.key --cert late.pem --store "$store"
says 'expired' "is refused"
openssl rsa -in jane.key -aes128 -passout pass:secret -out locked.key 2>/dev/null
exits 2 "a locked key" "$T" report "$run" --format bundle --output c.tar.gz --sign locked.key --cert jane.pem --store "$store"
exits 0 "and its passphrase" env TESTCAMP_PASSPHRASE=secret "$T" report "$run" --format bundle --output c.tar.gz --sign locked.key --cert jane.pem --store "$store"

exits 1 "the lab does not receive what is signed by strangers" "$T" receive b.tar.gz --ca other.pem --store lab.sqlite
says 'not received' "and says so"
exits 0 "it receives what is signed by one it trusts" "$T" receive b.tar.gz --ca root.pem --store lab.sqlite
exits 0 "the queue" "$T" list received --store lab.sqlite
says 'CN = jane$' "says who signed"
exits 0 "it receives what is signed by whoever says so" "$T" receive b.tar.gz --store other.sqlite
exits 0 "the queue" "$T" list received --store other.sqlite
says 'CN = jane \(nobody vouches for it\)' "says that this is only a name"
finish
