#!/usr/bin/env bash
# A system that fetches: it looks into one inbox, however many runs it has.
. "$(dirname "$0")/lib.sh"
store=$work/s.sqlite
port=$(free_port)
cd "$work" || exit 1
sed -e 's#^  address: .*/vans"#  address: ""#' -e '/^launch/,/^$/d' -e '/^rest/,/^$/d' -e '/^trigger/,/^$/d' "$VENDORS/refvendor.yaml" >fetches.yaml
echo 'trigger: {kind: person}' >>fetches.yaml
"$T" serve --store "$store" --listen "127.0.0.1:$port" --console none --report reports >serve.out 2>&1 &
server=$!
for _ in $(seq 100); do [ -S "$store.control" ] && (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break; sleep 0.1; done
start() {
  exits 0 "a run of $1" "$T" run "$1" --vendor fetches.yaml --store "$store"
  run=$(sed -n 's/^\([0-9]\{8\}-[0-9a-f]*\)  .*/\1/p' "$work/out" | head -n 1)
}
fetch() { curl -s -o "$work/out" -w '%{http_code}' "$url$1" >"$work/status"; }

start "$PROTOCOLS/../../test-message/test-message.yaml"
first=$run
url=$(sed -n "s#.* \(http://127.0.0.1:$port/[^ ]*\).*#\1#p" "$work/out" | head -n 1)
for _ in $(seq 50); do fetch /inbox; [ -s "$work/out" ] && break; sleep 0.1; done
says '^m1	' "what a run sent lies ready"
sleep 0.5
start "$PROTOCOLS/receive.yaml"
for _ in $(seq 50); do fetch /inbox; grep -q "/m1\|^m1" "$work/out" && [ "$(cat "$work/status")" = 200 ] && break; sleep 0.1; done
ok "two runs share the address, and it answers" test "$(cat "$work/status")" = 200
says '^(20[0-9a-f-]*/)?m1	' "with what lies ready"
fetch "/inbox/$(head -n 1 "$work/out" | cut -f1)"
ok "each line names what is fetched" test "$(cat "$work/status")" = 200
fetch "/inbox/$first/m1"
ok "that of the run that is over too" test "$(cat "$work/status")" = 200
start "$PROTOCOLS/receive.yaml"
sleep 0.5
fetch /inbox
says "^$run/m1	" "with several that are open each number has its run in front"
says "^$first/m1	" "all of them"
fetch "/inbox/$run/m1"
says 'VANSEnvelope' "and is fetched by it"
fetch /inbox/m1
ok "a number alone could be of any" test "$(cat "$work/status")" = 300
kill -TERM $server
wait $server
finish
