#!/usr/bin/env bash
# Systems that are known by the certificates of their vendor file alone, where no authority is trusted.
. "$(dirname "$0")/lib.sh"
cd "$work" || exit 1
store=$work/s.sqlite tls=$work/tls
over_tls v --client other
# known NAME: the vendor file without `trust`, and with the certificate of that client.
known() { sed 's/, trust: [^}]*}/}/' "$work/v.yaml"; echo "certificates: [\"$(awk '{ printf "%s\\n", $0 }' "$tls/client-$1.pem")\"]"; }
known mine >"$work/mine.yaml"
known other >"$work/other.yaml"
run() { "$T" run "$TEST_ROOT/protocols/ehmi/1.0/delivery-status-send.yaml" --vendor "$1" --store "$store" --clock-scale 60 --case 1; }
ok "nobody is trusted" test -z "$(grep '^tls:.*trust' "$work/mine.yaml")"
exits 0 "the system is heard, and gets its tokens" run "$work/mine.yaml"
exits 1 "known by another certificate it is not" run "$work/other.yaml"
exits 0 "its record" "$T" report "$(last_run "$store")" --format json --store "$store"
says 'oauth.certificate.untrusted' "tells by which rule it was refused a token"
sed 's/key: .*/&, clients: any}/; s/}, clients/, clients/' "$work/mine.yaml" >"$work/any.yaml"
exits 2 "certificates that nobody asks for" run "$work/any.yaml"
says 'cannot be shown where "clients" is any' "are told"
finish
