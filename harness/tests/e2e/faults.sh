#!/usr/bin/env bash
# Each fault of the network against the reference vendor, which copes with it; and twice with the same seed: the same log.
. "$(dirname "$0")/lib.sh"
cat >"$work/common.yaml" <<'Y'
fragments:
  written:
    parameters: [as]
    steps:
      - instruct: {do: {en: Send a message, da: Send en meddelelse}, trigger: {action: new}}
      - expect: {event: care-communication-message, as: "${as}", within: 30 min}
Y
cat >"$work/faults.yaml" <<'Y'
protocol: faults
title: {en: Faults, da: Fejl}
standard: {name: CareCommunication, danish: Korrespondancemeddelelse, version: "5.0", type: HL7 FHIR}
version: 0.1.0
role: sender
sections:
  - id: "1"
    title: {en: What the system sends is not taken, da: Det systemet sender modtages ikke}
    status: mandatory
    steps:
      - repeat:
          for: [unavailable, cut]
          as: kind
          steps:
            - fault: {kind: "${kind}", count: 2, as: "lost-${kind}"}
            - call: {fragment: "common.yaml#written", with: {as: "m-${kind}"}}
            - assert: {on: "m-${kind}", fact: header.id, equals: "${lost-${kind}.header.id}"}
            - assert: {on: "m-${kind}", fact: envelope.id, equals: "${lost-${kind}.envelope.id}"}
      - fault: {kind: time-out, ms: 600, as: lost-time-out}
      - call: {fragment: "common.yaml#written", with: {as: m-time-out}}
      - assert: {on: m-time-out, fact: header.id, equals: "${lost-time-out.header.id}"}
      - fault: {kind: unavailable, event: acknowledgement-message, as: lost-ack}
      - send: {fixture: carecommunication/new.json, as: letter}
      - expect-ack: {to: letter, code: ok, as: ack}
      - assert: {on: ack, fact: bundle.id, equals: "${lost-ack.bundle.id}"}
  - id: "2"
    title: {en: The port is closed, da: Porten er lukket}
    status: mandatory
    steps:
      - fault: {kind: refuse, ms: 700}
      - call: {fragment: "common.yaml#written", with: {as: m-refuse}}
      - fault: {kind: reset, count: 2}
      - call: {fragment: "common.yaml#written", with: {as: m-reset-1}}
      - call: {fragment: "common.yaml#written", with: {as: m-reset-2}}
      - fault: {kind: delay, on: received, ms: 300}
      - call: {fragment: "common.yaml#written", with: {as: m-delay}}
  - id: "3"
    title: {en: Receipts go astray, da: Kvitteringer går tabt}
    status: mandatory
    steps:
      - fault: {kind: drop-receipt}
      - call: {fragment: "common.yaml#written", with: {as: unreceipted}}
      - send-ack: {to: unreceipted, code: ok}
      - http: {method: GET, path: /state, expect: {headers: {Content-Type: application/json}}, as: state-dropped}
      - instruct:
          do: {en: Send it again, da: Send den igen}
          trigger: {action: resend, message: "${unreceipted.header.id}"}
      - expect: {event: care-communication-message, where: {header.id: "${unreceipted.header.id}"}, as: resent, within: 30 min}
      - send-ack: {to: resent, code: ok}
      - fault: {kind: wrong-receipt}
      - call: {fragment: "common.yaml#written", with: {as: misnamed}}
      - send-ack: {to: misnamed, code: ok, as: wrong}
      - http: {method: GET, path: /state, expect: {status: 200}, as: state-wrong}
  - id: "4"
    title: {en: What we send goes astray, da: Det vi sender går galt}
    status: mandatory
    steps:
      - fault: {kind: duplicate}
      - send: {fixture: carecommunication/new.json, as: twice}
      - expect-ack: {to: twice, code: ok, as: ack-1}
      - expect-ack: {to: twice, code: ok, as: ack-2}
      - http: {method: GET, path: /state, as: state-twice}
  - id: "5"
    title: {en: Late, da: Sent}
    status: mandatory
    steps:
      - fault: {kind: delay, ms: 400}
      - send: {fixture: carecommunication/new.json, as: late}
      - expect-ack: {to: late, code: ok}
  - id: "6"
    title: {en: Wrong order, da: Forkert rækkefølge}
    status: mandatory
    steps:
      - fault: {kind: reorder}
      - send: {fixture: carecommunication/new.json, as: before, change: [{set: "Bundle.entry.resource.ofType(MessageHeader).id", value: "9f0c8a11-2a75-4b21-8d0c-6b1f0f3f7a01"}]}
      - send: {fixture: carecommunication/new.json, as: after}
      - expect-ack: {to: after, code: ok}
  - id: "7"
    title: {en: Spoilt envelopes, da: Ødelagte kuverter}
    status: mandatory
    steps:
      - repeat:
          for: [cut, tag, base64, content]
          as: how
          steps:
            - fault: {kind: corrupt-envelope, how: "${how}"}
            - send: {fixture: carecommunication/new.json, as: "spoilt-${how}"}
      - expect: {receipt: NegativeMessage, to: spoilt-content, within: 30 min}
      - fault: {kind: corrupt-envelope}
      - send: {fixture: carecommunication/new.json, as: spoilt-by-chance}
Y
exits 0 "lint" "$T" lint "$work/faults.yaml" --vendor "$VENDORS/refvendor.yaml"
for n in 1 2; do
  exits 0 "faults, run $n" "$T" run "$work/faults.yaml" --vendor "$VENDORS/refvendor.yaml" --seed 42 --clock-scale 60 \
    --store "$work/$n.sqlite" --report "$work/reports-$n"
done
a=$(find "$work/reports-1" -name record.json)
ok "the records are the same" cmp "$a" "${a/reports-1/reports-2}"
if command -v sqlite3 >/dev/null; then
  for n in 1 2; do sqlite3 "$work/$n.sqlite" 'SELECT json FROM events ORDER BY seq' >"$work/$n.log"; done
  ok "the logs are the same" cmp "$work/1.log" "$work/2.log"
  ok "they hold something" test "$(grep -c '"kind":"fault-applied"' "$work/1.log")" -ge 18
  for kind in refuse reset unavailable time-out cut drop-receipt duplicate delay reorder wrong-receipt corrupt-envelope; do
    ok "$kind was applied" grep -q "\"kind\":\"fault-applied\".*\"fault\":\"$kind\"" "$work/1.log"
  done
fi

# What the vendor made of it, by its own account (GET /state), in order.
states=$(grep -l '"acknowledgements"' "$(dirname "$a")"/exchanges/* | sort -V)
set -- $states
ok "three states" test $# = 3
acknowledged() { tr -d '\n' <"$1" | grep -o '"own": true[^}]*"ack": "ok"' | wc -l; }
ok "a receipt that was dropped acknowledges nothing" test "$(acknowledged "$1")" = 0
ok "nor does one that names another message; the one sent again was acknowledged" test "$(acknowledged "$2")" = 1
ok "which the vendor never had" grep -q '"to": "[0-9a-f-]*"' "$2"
ok "a message that came twice is shown once" sh -c "tr -d '\n' <'$3' | grep -q '\"times\": 2, *\"shown\": true'"

# Beside other systems at one address no port can be closed: the run stops before it starts.
"$T" serve --store "$work/serve.sqlite" --listen 127.0.0.1:0 --report "$work/reports" >"$work/serve.out" 2>&1 &
awaits test -S "$work/serve.sqlite.control"
exits 2 "a port that is shared" "$T" run "$work/faults.yaml" --vendor "$VENDORS/refvendor.yaml" --store "$work/serve.sqlite"
says 'step 2\+1: the fault refuse cannot be made over a port that is shared with other systems' "and says which step"
exits 2 "nor over folders" "$T" run "$work/faults.yaml" --vendor "$VENDORS/refvendor-folder.yaml" --store "$work/f.sqlite"
says 'fault unavailable cannot be made over .*exchange vans-folder' "that a message is refused"
finish
