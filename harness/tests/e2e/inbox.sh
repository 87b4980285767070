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
awaits serves "$store" "$port"
start() {
  exits 0 "a run of $1" "$T" run "$1" --vendor fetches.yaml --store "$store"
  run=$(sed -n 's/^\([0-9]\{8\}-[0-9a-f]*\)  .*/\1/p' "$work/out" | head -n 1)
}
fetch() { curl -s -o "$work/out" -w '%{http_code}' "$url$1" >"$work/status"; }
# inbox_has PATTERN: it is fetched, and one of its lines matches.
inbox_has() { fetch /inbox; [ "$(cat "$work/status")" = 200 ] && has "$1" "$work/out"; }

start "$PROTOCOLS/../../test-message/test-message.yaml"
first=$run
url=$(sed -n "s#.* \(http://127.0.0.1:$port/[^ ]*\).*#\1#p" "$work/out" | head -n 1)
awaits inbox_has '^m1	'
says '^m1	' "what a run sent lies ready"
start "$PROTOCOLS/receive.yaml"
awaits inbox_has "/m1|^m1"
ok "two runs share the address, and it answers" test "$(cat "$work/status")" = 200
says '^(20[0-9a-f-]*/)?m1	' "with what lies ready"
fetch "/inbox/$(head -n 1 "$work/out" | cut -f1)"
ok "each line names what is fetched" test "$(cat "$work/status")" = 200
fetch "/inbox/$first/m1"
ok "that of the run that is over too" test "$(cat "$work/status")" = 200
start "$PROTOCOLS/receive.yaml"
awaits inbox_has "^$run/m1	"
says "^$run/m1	" "with several that are open each number has its run in front"
says "^$first/m1	" "all of them"
fetch "/inbox/$run/m1"
says 'VANSEnvelope' "and is fetched by it"
fetch /inbox/m1
ok "a number alone could be of any" test "$(cat "$work/status")" = 300
kill -TERM $server
wait $server
finish
