#!/usr/bin/env bash
# A service beside the wire for messages: a system that sends a letter, and tells a FHIR server that testcamp plays for it.
# Each has its own address and mailbox; a kill, a resume and `serve` change nothing of that.
. "$(dirname "$0")/lib.sh"
command -v curl >/dev/null || { echo "curl is not there"; exit 77; }
store=$work/s.sqlite
exits 0 "a letter to send" "$T" run "$PROTOCOLS/send.yaml" --vendor "$VENDORS/refvendor.yaml" --store "$work/l.sqlite" \
  --report "$work/letters" --clock-scale 60 --case 3.3.1
cp "$(find "$work/letters" -path '*exchanges*' -name 'm1-in.xml')" "$work/letter.xml"

# The system under test: what it is asked to do is its last argument.
cat >"$work/system.sh" <<'S'
#!/usr/bin/env bash
dir=$1 letters=$2 eds=$3 asked=$4
echo "$asked" >>"$dir/asked"
[ "$(printf '%s' "$asked" | grep -o '"eds":"[^"]*"')" = "\"eds\":\"$eds\"" ] || exit 3
curl -s -o /dev/null --data-binary "@$dir/letter.xml" "$letters"
event='{"resourceType":"AuditEvent","type":{"code":"x"},"recorded":"2026-01-01T10:00:00Z","agent":[{"requestor":true}],"source":{"observer":{"display":"x"}}}'
for i in 1 2 3 4 5; do
  code=$(curl -s -o "$dir/answer" -D "$dir/head" -w '%{http_code}' -H 'Content-Type: application/fhir+json' -d "$event" "$eds/AuditEvent")
  [ "$code" = 201 ] && break
  echo "$code" >>"$dir/codes"
  sleep 0.2
done
curl -s -o /dev/null "$(sed -n 's/^Location: //p' "$dir/head" | tr -d '\r')"
S
chmod +x "$work/system.sh"
sed -e '/^trigger/,$d' "$VENDORS/refvendor.yaml" | sed -e '/^exchange/,$d' >"$work/v.yaml"
cat >>"$work/v.yaml" <<V
exchange: {kind: vans-http, form: json}
trigger: {kind: command, command: ["$work/system.sh", "$work", "\${harness.address}", "\${service.eds.address}"]}
test-persons-only: true
V
cat >"$work/p.yaml" <<'P'
protocol: services
title: {en: Two wires, da: To ledninger}
standard: {name: CareCommunication, version: "5.0"}
version: 0.1.0
role: sender
services:
  eds: {kind: fhir-rest}
sections:
  - id: "1"
    title: {en: A letter and its status, da: Et brev og dets status}
    status: mandatory
    steps:
      - step: "1.0"
        party: eds
        fault: {kind: unavailable, status: 503, count: 1}
      - step: "1.1"
        instruct:
          do: {en: "Send a letter, and tell ${service.eds.address}", da: "Send et brev, og fortæl det til ${service.eds.address}"}
          trigger: {action: send, eds: "${service.eds.address}"}
      - step: "1.2"
        expect: {event: care-communication-message, as: letter, within: 30 s}
      - step: "1.3"
        party: eds
        expect: {rest: create, type: AuditEvent, as: event, within: 30 s}
      - step: "1.4"
        assert: {on: event, fhirpath: "AuditEvent.recorded.exists()", equals: "true"}
      - step: "1.5"
        party: eds
        expect: {rest: read, of: event, as: read, within: 30 s}
P
run() { "$T" run "$work/p.yaml" --vendor "$work/v.yaml" --store "$store" --report "$work/reports" "$@"; }
report() { find "$work/reports" -path "*$(last_run "$store")*" -name "$1" | head -n 1; }

exits 0 "the protocol has no mistakes" "$T" lint "$work/p.yaml" --vendor "$work/v.yaml"
exits 0 "what will be tested" run --dry-run
says 'service eds: FHIR server eds' "names the service"
exits 0 "two wires" run --seed 5
says 'eds  FHIR server eds  http://127.0.0.1:[0-9]+/reference-vendor/eds$' "the address is told at the start"
ok "the system met the fault on the wire of the service" grep -qx 503 "$work/codes"
json=$(report record.json) html=$(report report.da.html)
ok "the record knows the service" grep -q '"kind": *"fhir-rest"' "$json"
ok "a seeded run has its address as a symbol" grep -q '"address": *"http://testcamp.invalid/reference-vendor/eds"' "$json"
ok "and what came to it" grep -q '"party": *"eds"' "$json"
ok "the report names it in words" grep -q 'Services, som testcamp spiller' "$html"
ok "and whose step it is" grep -q 'FHIR-server eds' "$html"
ok "the instruction has the address" grep -q 'fortæl det til http://testcamp.invalid/reference-vendor/eds' "$html"
id=$(last_run "$store")
cp "$json" "$work/first.json"
exits 0 "judged again" "$T" rejudge "$id" --store "$store"
says 'the run: pass -> pass; 0 steps have another verdict' "it comes to the same"
exits 0 "printed" "$T" print "$work/p.yaml" --lang da --format text
says 'Services, som testcamp spiller' "the printed protocol knows the service"
says 'FHIR-server eds: adresse' "and names its address in words"
exits 0 "as a bundle" "$T" report "$id" --store "$store" --format bundle --output "$work/b.tar.gz"
exits 0 "received elsewhere" "$T" receive "$work/b.tar.gz" --store "$work/lab.sqlite"
says 'judged again: theirs pass, here pass' "it comes to the same"

# A service of another system that takes part: that one is asked, and has the address.
cat >"$work/other.sh" <<'S'
#!/usr/bin/env bash
curl -s -o /dev/null -H 'Content-Type: application/fhir+json' -d '{"resourceType":"Basic","code":{"text":"x"}}' "$1/Basic"
S
chmod +x "$work/other.sh"
sed -e '/^exchange/,$d' "$VENDORS/refvendor-second.yaml" >"$work/other.yaml"
cat >>"$work/other.yaml" <<V
exchange: {kind: vans-http}
trigger: {kind: command, command: ["$work/other.sh", "\${service.lab.address}"]}
test-persons-only: true
V
cat >"$work/two.yaml" <<'P'
protocol: two
title: {en: Two, da: To}
standard: {name: CareCommunication, version: "5.0"}
version: 0.1.0
role: sender
parties:
  receiver: {en: The receiving system, da: Det modtagende system}
services:
  lab: {kind: fhir-rest, of: receiver}
sections:
  - id: "1"
    title: {en: Two, da: To}
    status: mandatory
    steps:
      - step: "1.1"
        party: lab
        instruct: {do: {en: Report, da: Meld}, trigger: {action: report}}
      - step: "1.2"
        party: lab
        expect: {rest: create, type: Basic, within: 30 s}
P
exits 0 "a service of another system" "$T" run "$work/two.yaml" --vendor "$work/v.yaml" --vendor "receiver=$work/other.yaml" \
  --store "$store" --report "$work/reports"
says 'lab  FHIR server lab \(The receiving system\)  http://127.0.0.1:[0-9]+/second-reference-vendor/lab$' "has an address at that system"
exits 2 "whose system is missing" "$T" run "$work/two.yaml" --vendor "$work/v.yaml" --store "$store"
says 'needs another system, "receiver"' "is told"

# What comes to the service is not for the steps of the letters, nor the other way round.
sed -e '/step: "1.3"/{n;d}' "$work/p.yaml" >"$work/wrong.yaml"
exits 2 "a step that needs a FHIR server, at the letters" "$T" run "$work/wrong.yaml" --vendor "$work/v.yaml" --store "$store"
says 'exchanges messages by vans-http' "is refused before the run"
sed -e 's/eds: {kind: fhir-rest}/eds: {kind: telefax}/' "$work/p.yaml" >"$work/unknown.yaml"
exits 2 "a service that this version does not play" "$T" run "$work/unknown.yaml" --vendor "$work/v.yaml" --store "$store"
says 'protocol.service.*telefax|plays no service "telefax"; it plays: .*fhir-rest' "is refused when the protocol is read"

# Killed, and resumed: the ports are fixed, the service has the one behind the system's.
port=$(free_port)
for delay in 0.1 0.3 0.6 1; do
  rm -rf "$store"*
  "$T" run "$work/p.yaml" --vendor "$work/v.yaml" --store "$store" --listen "127.0.0.1:$port" >"$work/first.out" 2>&1 </dev/null &
  pid=$!
  sleep "$delay"
  kill -9 $pid 2>/dev/null
  wait $pid 2>/dev/null
  id=$(last_run "$store" 2>/dev/null)
  [ -n "$id" ] || continue # it was killed before it began
  exits 0 "resumed after $delay s" "$T" resume "$id" --listen "127.0.0.1:$port" --store "$store" --report "$work/reports"
  says "127.0.0.1:$((port + 1))/reference-vendor/eds" "the port behind that of the system"
done

# One address for all.
rm -rf "$store"*
port=$(free_port)
(cd "$work" && exec "$T" serve --store s.sqlite --listen "127.0.0.1:$port" --report served) >"$work/serve.out" 2>&1 &
server=$!
awaits test -S "$store.control"
sed -i 's/count: 1}/count: 1, nth: 2}/; /fault:/d; /step: "1.0"/,+1d' "$work/p.yaml"
exits 0 "a run beside the server" "$T" run "$work/p.yaml" --vendor "$work/v.yaml" --store "$store"
says "eds  FHIR server eds  http://127.0.0.1:$port/reference-vendor/eds\$" "the service is at the one address"
awaits has '  pass  ' "$work/serve.out"
ok "it passes" grep -q '  pass  ' "$work/serve.out"
{ cat "$work/v.yaml"; echo 'tls: {certificate: a.pem, key: a.key}'; } >"$work/tls.yaml"
exits 2 "a system that wants TLS of us" "$T" run "$work/p.yaml" --vendor "$work/tls.yaml" --store "$store"
says 'over TLS' "is told to be tested in a process of its own"
kill -TERM $server
wait $server
finish
