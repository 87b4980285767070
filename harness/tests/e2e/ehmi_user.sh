#!/usr/bin/env bash
# EHMI's protocols for systems with a user: the reference vendor logs its user in and shows what EDS knows; each of its defects
# is caught by the step and the rule that are meant to.
. "$(dirname "$0")/lib.sh"
EHMI=$TEST_ROOT/protocols/ehmi/1.0
VENDOR=$VENDORS/refvendor-ehmi-user.yaml
launch=$(launch_of "$VENDOR")

# run PROTOCOL SCALE [ARGUMENT...]
run() {
  "$T" run "$EHMI/$1.yaml" --vendor "$VENDOR" --store "$work/s.sqlite" --report "$work/reports" --clock-scale "$2" "${@:3}"
}

# caught PROTOCOL SCALE DEFECT CASES STEP RULE: cases have commas between them, and may need those before them.
caught() {
  local cases=()
  for one in ${4//,/ }; do cases+=(--case "$one"); done
  exits 1 "$3 fails $1" run "$1" "$2" "${cases[@]}" --launch "$launch --defect $3"
  ok "$3 is seen at $5 by $6, and nowhere before" awk -v step="$5" -v rule="$6" \
    '/^  [0-9]/ { at = $1; early += $2 == "FAIL" && at != step && !seen }
     $1 == "error" && at == step && $2 == rule { seen = 1 }
     END { exit !seen || early }' "$work/err"
}

for p in delivery-status-show user-log-in; do
  exits 0 "$p has no mistakes" "$T" lint "$EHMI/$p.yaml" --vendor "$VENDOR"
  exits 0 "$p" run "$p" 120
done

while read -r row; do
  case $row in '' | '#'*) continue ;; esac
  # shellcheck disable=SC2086
  caught $row
done <<'ROWS'
delivery-status-show 900 status-all 1 1.3 expect.deadline
delivery-status-show 900 status-no-zone 1 1.3 expect.deadline
delivery-status-show 900 status-type-parameter 2 2.3 expect.deadline
delivery-status-show 900 status-cpr-hyphen 3 3.3 expect.deadline
delivery-status-show 900 status-patient-parameter 3 3.3 expect.deadline
delivery-status-show 900 status-sides-swapped 4 4.3 expect.deadline
delivery-status-show 900 status-sides-swapped 5 5.3 expect.deadline
delivery-status-show 900 status-outcome-inverted 6 6.3 expect.deadline
delivery-status-show 900 status-urn 7 7.3 expect.deadline
delivery-status-show 900 status-all 8 8.3 expect.deadline
user-log-in 900 user-no-par 1 1.2 expect.deadline
user-log-in 900 user-plain-challenge 1 1.2 oauth.pkce.method
user-log-in 900 user-other-verifier 1 1.4 oauth.pkce.verifier
user-log-in 120 user-code-twice 1 1.6 expect-none.arrived
user-log-in 120 user-same-state 2 2.6 assert
user-log-in 120 user-same-verifier 2 2.7 assert
user-log-in 120 user-no-state-check 3 3.2+2 expect-none.arrived
user-log-in 120 user-no-iss-check 4 4.2+2 expect-none.arrived
user-log-in 120 user-iss-optional 5 5.2+2 expect-none.arrived
user-log-in 120 user-keeps-token 1,6 6.4 expect-none.arrived
ROWS

# Over TLS: the client is known by its certificate, the browser has none, and the token is bound.
tls=$work/tls
exits 0 "certificates" "$T" certs "$tls" --client mine
dn=$("$T" certs --check "$tls/client-mine.pem" | sed -n 's/^ *subject *//p')
sed "s/\"tls_client_auth_subject_dn\": \"[^\"]*\"/\"tls_client_auth_subject_dn\": \"$dn\"/" "$VENDORS/refvendor-user-client.json" \
  >"$work/refvendor-user-client.json"
{ cat "$VENDOR"; echo "tls: {certificate: $tls/server-localhost.pem, key: $tls/server-localhost.key, trust: $tls/ca.pem}"; } >"$work/v.yaml"
secret="--client-cert $tls/client-mine.pem --client-key $tls/client-mine.key --trust $tls/ca.pem"
VENDOR=$work/v.yaml launch="$launch $secret"
exits 0 "a log-in over TLS" run user-log-in 120 --case 1 --launch "$launch"
caught user-log-in 900 token-other-certificate 1 1.5 rest.refused
VENDOR=$VENDORS/refvendor-ehmi-user.yaml

# What only a person sees: somebody looks at the screen of the system, and answers by what stands there.
command -v curl >/dev/null || finish
printf '\211PNG\r\n\032\n' >"$work/shot.png"
# looks PROTOCOL STEP: what stands on the screen, last of all, is what that step asks about.
looks() {
  local last
  last=$(curl -s "$address/state" | sed -n '/"screen"/,/\]/p' | grep '^    "' | tail -n 1)
  case $1-$2 in
    delivery-status-show-8.4) [[ $last == *'status: nothing was found'* ]] ;;
    delivery-status-show-*) [[ $last == *'status: 2'*' msg-sent of message '*', '* ]] ;;
    user-log-in-*) [[ $last == *'nobody is logged in'* ]] ;;
  esac
}
# seen CODE PROTOCOL DEFECT CASE: that case with a person ends with that code.
seen() {
  local want=$1 protocol=$2 defect=() port code run step verdict
  [ "$3" = none ] || defect=(--defect "$3")
  port=$(free_port)
  local base=http://127.0.0.1 name=reference-vendor-s-delivery-status
  stays "$VENDOR" seen --to "$base:$port/$name/receiver" --envelope sbdh --client-id refvendor-user --clock-scale 120 \
    --auth "$base:$((port + 1))/$name/as" --eds "$base:$((port + 2))/$name/eds" "${defect[@]}"
  cp "$VENDORS/refvendor-user-client.json" "$work"
  sed -i 's/user-interface: false/user-interface: true/' "$work/seen.yaml"
  address=$(sed -n 's#listening ##p' "$work/seen.log")
  local there=(--store "$work/seen.sqlite" --report "$work/reports" --listen "127.0.0.1:$port")
  "$T" run "$EHMI/$protocol.yaml" --vendor "$work/seen.yaml" --clock-scale 120 "${there[@]}" --case "$4" \
    >"$work/out" 2>"$work/err" </dev/null
  code=$?
  while [ "$code" = 3 ]; do
    run=$(last_run "$work/seen.sqlite")
    step=$("$T" list waits --store "$work/seen.sqlite" | awk -v run="$run" '$1 == run { print $2; exit }')
    looks "$protocol" "$step" && verdict=ok || verdict=fail
    "$T" answer "$run" "$step" $verdict "what the screen says" "$work/shot.png" --store "$work/seen.sqlite" >"$work/last.out" 2>&1
    "$T" resume "$run" "${there[@]}" >"$work/out" 2>"$work/err" </dev/null
    code=$?
  done
  kill %% 2>/dev/null
  ok "$protocol, case $4, with a person and the defect $3: $code" test "$code" = "$want"
}
seen 0 delivery-status-show none 3
seen 0 delivery-status-show none 8
seen 1 delivery-status-show status-silent 8
ok "status-silent is seen at 8.4" grep -Eq '^  8.4 +FAIL +manual' "$work/err"
seen 0 user-log-in none 3
finish
