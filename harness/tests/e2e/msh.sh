#!/usr/bin/env bash
# EHMI's envelopes on the wire: a system sends them over HTTP and in folders, and the simulated MSH answers each as the
# standard says, by steps or by itself; killed in the middle too. The system is a script: what it sends was made before.
. "$(dirname "$0")/lib.sh"
command -v curl >/dev/null || { echo "curl is not there"; exit 77; }
store=$work/s.sqlite

# The envelopes: a message, the same again in a new envelope, and the old envelope with another message.
envelopes_of '      - step: "1.1"
        send: {fixture: homecareobservation/new.json, as: first, from: "${vendor.gln}", to: "${counterpart.gln}", with: {yder: "081299", initials: XX}}
      - step: "1.2"
        send: {again: first, as: again}
      - step: "1.3"
        send: {again: first, as: other, renew: [message]}'
first=$(echo "$work"/box/m1-*) again=$(echo "$work"/box/m2-*) other=$(echo "$work"/box/m3-*)
exits 0 "what we make is faultless" "$T" validate --level envelope "$first"
ok "it is an ehmiSBDH" grep -q StandardBusinessDocument "$first"

# A system that posts these files, and takes what comes back out of its inbox.
sed -e '/^exchange/,$d' "$VENDORS/refvendor.yaml" >"$work/head.yaml"
vendor() { # FILE EXCHANGE COMMAND...
  local file=$1 exchange=$2
  shift 2
  { cat "$work/head.yaml"; printf 'exchange: %s\ntrigger: {kind: command, command: [%s]}\ntest-persons-only: true\n' "$exchange" "$*"; } >"$work/$file"
}
cat >"$work/post.sh" <<S
#!/usr/bin/env bash
for f in "$first" "$first" "$again" "$other"; do curl -s -o /dev/null --data-binary "@\$f" "\$1"; done
S
cat >"$work/drop.sh" <<S
#!/usr/bin/env bash
n=0
for f in "$first" "$again"; do n=\$((n + 1)); cp "\$f" "$work/from/.\$n" && mv "$work/from/.\$n" "$work/from/\$n.xml"; done
S
chmod +x "$work"/*.sh
vendor http.yaml '{kind: sbdh-http}' "$work/post.sh, \"\${harness.address}\""
vendor folder.yaml "{kind: sbdh-folder, to: \"$work/to\", from: \"$work/from\"}" "$work/drop.sh"

cat >"$work/p.yaml" <<'P'
protocol: msh
title: {en: Sending MSH, da: Afsendende MSH}
standard: {name: HomeCareObservation, version: "1.2"}
version: 0.1.0
role: sender
receipts: automatic
sections:
  - id: "1"
    title: {en: Send, da: Send}
    status: mandatory
    steps:
      - step: "1.1"
        instruct: {do: {en: Send, da: Send}, trigger: {action: send}}
      - step: "1.2"
        expect: {event: homecareobservation-message, as: sent, within: 30 s}
      - step: "1.3"
        validate: {on: sent, level: envelope}
      - step: "1.4"
        wait: {for: 1 s}
P
# Kinds of the receipts that a run sent, in order.
receipts() { # RUN
  rm -rf "$work/got"
  "$T" get "$1" --store "$store" --to "$work/got" >/dev/null 2>&1
  for f in $(ls "$work/got" | sort -V); do
    grep -o '<\([a-z]*:\)\?Type>Receipt[A-Za-z]*' "$work/got/$f" | sed 's/.*>//'
  done | tr '\n' ' '
}
run() { "$T" run "$work/$1.yaml" --vendor "$work/$2.yaml" --store "$store" --report "$work/reports"; }

exits 0 "over HTTP" run p http
id=$(last_run "$store")
ok "each is answered as the matrix of duplicates says" \
  test "$(receipts "$id")" = "ReceiptAcknowledgement ReceiptAcknowledgement ReceiptAcknowledgement ReceiptException "
exits 0 "every receipt is faultless" "$T" validate --level envelope "$work"/got/*
exits 0 "judged again" "$T" rejudge "$id" --store "$store"
says 'the run: pass -> pass' "it comes to the same"
exits 0 "as a bundle" "$T" report "$id" --store "$store" --format bundle --output "$work/b.tar.gz"
exits 0 "which is intact" "$T" verify "$work/b.tar.gz"

rm -rf "$store"*
exits 0 "in folders" run p folder
ok "the receipts lie there, a file each" test "$(ls "$work/to" | grep -c receipt)" = 2
ok "and no unfinished file" test -z "$(ls -A "$work/to" | grep -v '\.xml$')"

# By steps: an exception.
sed -e '/^receipts/d' -e 's/^      - step: "1.4"/      - step: "1.5"\n        send-ack: {to: sent, receipt: Authorization, as: refusal}\n&/' "$work/p.yaml" >"$work/steps.yaml"
rm -rf "$store"*
exits 0 "a step answers" run steps http
id=$(last_run "$store")
ok "with just its exception" test "$(receipts "$id")" = "ReceiptException "
ok "of that name" sh -c "grep -ho '[A-Za-z0-9+/=]\{200,\}' '$work'/got/* | base64 -d 2>/dev/null | grep -q Authorization"

# A receipt that the network loses.
sed -e 's/^      - step: "1.1"/      - fault: {kind: drop-receipt}\n&/' "$work/p.yaml" >"$work/lost.yaml"
rm -rf "$store"*
exits 0 "a receipt is lost" run lost http

# Killed: nothing is lost, and no message is answered twice.
port=$(free_port)
for delay in 0.2 0.4 0.8; do
  rm -rf "$store"*
  "$T" run "$work/p.yaml" --vendor "$work/http.yaml" --store "$store" --listen "127.0.0.1:$port" >"$work/first.out" 2>&1 </dev/null &
  pid=$!
  sleep "$delay"
  kill -9 $pid 2>/dev/null
  wait $pid 2>/dev/null
  id=$(last_run "$store" 2>/dev/null)
  [ -n "$id" ] || continue # it was killed before it began
  exits 0 "resumed after $delay s" "$T" resume "$id" --listen "127.0.0.1:$port" --store "$store" --report "$work/reports"
  ok "the message has a receipt" sh -c "case '$(receipts "$id")' in 'ReceiptAcknowledgement '*) true;; *) echo '$(receipts "$id")'; false;; esac"
done
finish
