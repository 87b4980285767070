#!/usr/bin/env bash
# A testcamp on EHMI: serve speaks TLS at its one address, a system shows its certificate there, and gets tokens that are
# bound to it.
. "$(dirname "$0")/lib.sh"
command -v curl >/dev/null || { echo "curl is not there"; exit 77; }
store=$work/s.sqlite tls=$work/tls port=$(free_port)
over_tls v

serve() {
  "$T" serve --store "$store" --listen "127.0.0.1:$port" --report "$work/reports" "$@" >>"$work/serve.out" 2>&1 &
  server=$!
  awaits serves "$store" "$port" && return
  echo "the server does not come up"; cat "$work/serve.out"
}
run() { "$T" run "$TEST_ROOT/protocols/ehmi/1.0/delivery-status-send.yaml" --vendor "$1" --store "$store" --clock-scale 60 --case 1; }

exits 2 "a certificate without its key" "$T" serve --store "$store" --certificate "$tls/server-localhost.pem"
says 'go together' "is told"
exits 2 "certificates of clients, and nobody to believe" "$T" serve --store "$store" --certificate "$tls/server-localhost.pem" --key "$tls/server-localhost.key" --clients required
says 'needs --trust' "is told"

serve
exits 2 "a system that wants TLS, where serve speaks none" run "$work/v.yaml"
says 'start serve with --certificate' "is told what to do"
kill -TERM $server
wait $server

serve --certificate "$tls/server-localhost.pem" --key "$tls/server-localhost.key" --trust "$tls/ca.pem"
exits 0 "a run is started beside it" run "$work/v.yaml"
says 'https://127.0.0.1:.*/eds' "with its addresses"
awaits has '  pass  |  fail  |  inconclusive  |  error  ' "$work/serve.out"
ok "the system gets its tokens, and its events are taken" grep -q '  pass  ' "$work/serve.out" || cat "$work/serve.out"
ok "in the clear nobody is heard" test "$(curl -s -m 5 -o /dev/null -w '%{http_code}' "http://127.0.0.1:$port/")" = 000
kill -TERM $server
wait $server
ok "it ends in order" test $? = 0
finish
