#!/usr/bin/env bash
# Notices: when a run comes to wait for somebody else, a webhook and a command for mail are told, again if they fail.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || { echo "skipped: python3 is not there"; exit 77; }
store=$work/s.sqlite
port=$(free_port)
hook=$(free_port)
cat >"$work/asked.yaml" <<'P'
protocol: asked
title: {en: Asked, da: Spurgt}
standard: {name: CareCommunication, version: "5.0"}
version: 0.1.0
role: receiver
sections:
  - id: "1"
    title: {en: A screen, da: En skærm}
    status: mandatory
    steps:
      - step: "1.1"
        manual: {who: vendor, ask: {en: SECRET to be shown, da: HEMMELIGT at vise}}
      - step: "1.2"
        manual: {who: medcom, ask: {en: SECRET to be seen, da: HEMMELIGT at se}}
P
# The receiver refuses the first one, and keeps each body that it takes as a line.
cat >"$work/receiver.py" <<'P'
import http.server, json, sys
class H(http.server.BaseHTTPRequestHandler):
    first = True
    def do_POST(self):
        body = self.rfile.read(int(self.headers['Content-Length'])).decode()
        code, H.first = (503, False) if H.first else (200, False)
        if code == 200: open(sys.argv[2], 'a').write(json.dumps(json.loads(body), ensure_ascii=False) + '\n')
        self.send_response(code); self.send_header('Content-Length', '0'); self.end_headers()
    def log_message(self, *a): pass
http.server.HTTPServer(('127.0.0.1', int(sys.argv[1])), H).serve_forever()
P
python3 "$work/receiver.py" "$hook" "$work/told" &
cat >"$work/mailer" <<P
#!/bin/sh
cat >>"$work/mails"
P
chmod +x "$work/mailer"
cat >"$work/notices.yaml" <<P
after: 200 ms
retry: 200 ms
tries: 3
webhook: http://127.0.0.1:$hook/
link: https://testcamp.example/runs/{run}
mail:
  command: [$work/mailer, -t]
  from: testcamp@example.org
  owners:
    medcom: [tester@example.org, other@example.org]
    testcamp: [vendor@example.org]
    Somebody else: [nosy@example.org]
P
# comes FILE N: that many lines of a file, or messages, are there before long.
counts() { [ "$(grep -cE '^(\{|From: )' "$1" 2>/dev/null)" = "$2" ]; }
comes() { awaits counts "$@" || { cat "$1" "$work/serve.out"; return 1; }; }
serve() {
  "$T" serve --store "$store" --listen "127.0.0.1:$port" --report "$work/reports" --notify "$1" >>"$work/serve.out" 2>&1 &
  server=$!
  awaits serves "$store" "$port" && return
}
stays "$VENDORS/refvendor.yaml" vendor --to "http://127.0.0.1:$port/reference-vendor/receiver"

serve "$work/notices.yaml"
exits 0 "a run" "$T" run "$work/asked.yaml" --vendor "$work/vendor.yaml" --store "$store"
run=$(last_run "$store")
ok "the vendor is waited for: the webhook is told, at the second try" comes "$work/told" 1
ok "the first one is said to have failed" grep -q "by webhook: HTTP 503; again in" "$work/serve.out"
ok "run, step, owner and link are told" python3 -c 'import json, sys
n = json.loads(open(sys.argv[1]).readline())
assert (n["run"], n["step"], n["owner"], n["vendor"]) == (sys.argv[2], "1.1", "vendor", "testcamp"), n
assert n["link"].endswith("/runs/" + sys.argv[2]) and "venter på" in n["text"]["da"] and "waits for" in n["text"]["en"], n' "$work/told" "$run"
ok "and the vendor by mail" comes "$work/mails" 1
ok "only he" grep -qx 'To: vendor@example.org' "$work/mails"
exits 3 "the vendor answers, and the run waits on" "$T" answer "$run" 1.1 ok --store "$store"
ok "MedCom is waited for" comes "$work/told" 2
ok "and told" grep -q '"owner": "medcom"' "$work/told"
ok "by mail too" comes "$work/mails" 2
ok "all of them" grep -qx ' other@example.org' "$work/mails"
ok "nobody else" sh -c "! grep -q nosy '$work/mails'"
ok "nothing of what is in the steps" sh -c "! grep -qiE 'secret|hemmelig' '$work/told' '$work/mails'"
kill "$server"; wait "$server" 2>/dev/null

serve "$work/notices.yaml"
sleep 1
ok "after a restart nobody is told twice" comes "$work/told" 2
kill "$server"; wait "$server" 2>/dev/null

sed "s/webhook:.*/webhook: http:\/\/127.0.0.1:1\//; s/^  command:.*/  command: [false]/" "$work/notices.yaml" >"$work/away.yaml"
serve "$work/away.yaml"
exits 0 "a run whose notices arrive nowhere" "$T" run "$work/asked.yaml" --vendor "$work/vendor.yaml" --store "$store"
ok "is told of the webhook" awaits has "was not delivered by webhook after 3 tries" "$work/serve.out"
ok "and of mail" awaits has "was not delivered by mail after 3 tries: the command ended with 1" "$work/serve.out"
exits 3 "and goes on" "$T" answer "$(last_run "$store")" 1.1 ok --store "$store"
kill "$server"; wait "$server" 2>/dev/null

# What is wrong in the file is told with its place.
refused() { # TEXT LINE PATTERN
  printf '%s\n' "$2" >"$work/bad.yaml"
  exits 2 "$1" "$T" serve --store "$store" --listen "127.0.0.1:$port" --notify "$work/bad.yaml"
  says "bad.yaml:[0-9]+:[0-9]+: .*$3" "$1"
}
refused "an unknown key" 'webhok: http://a/' 'unknown key "webhok"'
refused "no address" 'webhook: localhost' 'begins with http'
refused "nobody" 'after: 1 s' 'neither webhook nor mail'
refused "a header in an address" 'mail: {command: [x], from: "a@b\nBcc: c@d", owners: {medcom: [a@b]}}' 'name@host'
refused "half a mail" 'mail: {command: [x]}' 'needs command, from and owners'
refused "a list that is none" 'mail: {command: x}' 'a list is expected'
refused "too many tries" 'tries: 100' 'from 1 to 20'
refused "no duration" 'after: soon' '10 s'
finish
