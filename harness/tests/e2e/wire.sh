#!/usr/bin/env bash
# From the wire nothing is an exit: rubbish is stored and shown as unmatched, what is too large is refused, nothing is lost.
. "$(dirname "$0")/lib.sh"
store=$work/s.sqlite
cat >"$work/wait.yaml" <<'Y'
protocol: waiting
title: {en: Waiting, da: Venter}
standard: {name: CareCommunication, danish: Korrespondancemeddelelse, version: "5.0", type: HL7 FHIR}
version: 0.1.0
role: sender
sections:
  - id: "1"
    title: {en: Wait for a message, da: Vent på en meddelelse}
    status: mandatory
    steps:
      - expect: {event: care-communication-message, as: message, within: 6 s}
Y
sed -e '/^launch/,/^[a-z]/{/^launch/d;/^ /d}' -e 's/address: .*/address: ""/' "$VENDORS/refvendor.yaml" >"$work/vendor.yaml"
command -v curl >/dev/null || { echo "curl is not there"; exit 77; }
"$T" run "$work/wait.yaml" --vendor "$work/vendor.yaml" --store "$store" --report "$work/reports" >"$work/run.out" 2>"$work/run.err" </dev/null &
pid=$!
awaits url_in "$work/run.err"
head -c 3000000 /dev/urandom >"$work/noise"
post() { curl -s -o /dev/null -w '%{http_code}' --data-binary "@$1" "$url"; }
printf '<VANSEnvelope' >"$work/cut"
: >"$work/empty"
printf '{"resourceType":"Bundle"}' >"$work/bare"
ok "noise is stored" test "$(post "$work/noise")" = 202
ok "a cut envelope is stored" test "$(post "$work/cut")" = 202
ok "an empty body is stored" test "$(post "$work/empty")" = 202
ok "a Bundle of nothing is stored" test "$(post "$work/bare")" = 202
ok "who has no address is told where to fetch" grep -qF "the system fetches from  $url/inbox" "$work/run.err"
ok "too large is refused" test "$(curl -s -o /dev/null -w '%{http_code}' -H 'Content-Length: 300000000' --data-binary x -m 5 "$url")" = 413
ok "and told by how much" sh -c "curl -s -H 'Content-Length: 160000000' --data-binary x -m 5 '$url' | grep -q 'larger than 144 MB.*100 MB'"
ok "what goes nowhere is not read first" test "$(curl -s -o /dev/null -w '%{http_code}' -H 'Content-Length: 3000000' --data-binary x -m 5 "${url%/*/*}/elsewhere")" = 404
ok "an unknown path is 404" test "$(curl -s -o /dev/null -w '%{http_code}' "${url%/*/*}/elsewhere")" = 404
ok "the inbox answers" curl -sf "$url/inbox"
wait $pid
code=$?
ok "the run failed by its deadline" test "$code" = 1
ok "by rule" grep -q 'expect.deadline' "$work/run.err"
exits 0 "unmatched are listed" "$T" list unmatched --store "$store"
ok "all four" test "$(wc -l <"$work/out")" = 4
says 'nothing but blanks' "with what is wrong with each"
says '25 bytes.*no step has waited for one like it' "or that nothing waited"
ok "what cannot be understood is told when it comes" test "$(grep -c '<- m[0-9]* cannot be understood' "$work/run.err")" = 3
run=$(last_run "$store")
dir=$(dirname "$(find "$work/reports" -path "*$run*" -name record.json)")
ok "no byte is lost" sh -c "for f in '$dir'/exchanges/*; do cmp -s \"\$f\" '$work/noise' && exit 0; done; exit 1"

# A full disk: the vendor gets a 5xx, never a false 2xx; the harness says so, and the run can be resumed.
rm -rf "$store"*
(trap '' XFSZ; ulimit -f 1500; exec "$T" run "$work/wait.yaml" --vendor "$work/vendor.yaml" --store "$store" --report "$work/reports" \
  >"$work/full.out" 2>"$work/full.err" </dev/null) &
pid=$!
url=
awaits url_in "$work/full.err"
code=$(post "$work/noise")
ok "a message that cannot be stored gets a 5xx, not $code" test "${code:0:1}" = 5
wait $pid
ended=$?
ok "the harness could not go on (exit $ended)" test "$ended" = 3
ok "and says why" grep -Eqi "no room|disk|full" "$work/full.err"
exits 1 "the run can be resumed where there is room" "$T" resume "$(last_run "$store")" --store "$store" --report "$work/reports"
finish
