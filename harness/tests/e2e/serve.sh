#!/usr/bin/env bash
# One process for several systems at once: runs are started beside it, each system has its own address, the server is killed
# in the middle and started again, and a command that writes is done by the server.
. "$(dirname "$0")/lib.sh"
store=$work/s.sqlite
elsewhere=$work/elsewhere
mkdir "$elsewhere"
port=$(free_port)

serve() {
  cd "$work" || exit 1
  "$T" serve --store s.sqlite --listen "127.0.0.1:$port" --report reports >>"$work/serve.out" 2>&1 &
  server=$!
  cd "$elsewhere" || exit 1
  awaits serves "$store" "$port" && return
  echo "the server does not come up"; cat "$work/serve.out"
}

# A system of its own name, GLN and process.
vendor() {
  local i=$1 gln=$2
  stays "$VENDORS/refvendor.yaml" "vendor$i" --gln "$gln" --to "http://127.0.0.1:$port/reference-$i/receiver"
  sed -i -e "s/name: Reference vendor/name: Reference $i/" -e "s/5790008888018/$gln/" "$work/vendor$i.yaml"
}

ended() { grep -c -E '^[0-9]{8}-[^ ]+  (pass|fail|inconclusive|error)  ' "$work/serve.out"; }

serve
exits 2 "another process cannot have the store" "$T" serve --store "$store" --listen 127.0.0.1:0
yes 2512489996 | head -n 100000 >"$work/persons" # too large for a row of the store
glns=(- 5790008888018 5790008888049 5790008888056)
for i in 1 2 3; do
  vendor $i "${glns[$i]}"
  exits 0 "a run is started beside the server" "$T" run "$PROTOCOLS/receive.yaml" --vendor "$work/vendor$i.yaml" --store "$store" --clock-scale 20 --persons "$work/persons"
  says "/reference-$i/receiver" "it tells the address of system $i"
done
vendor 4 5790008888018
exits 0 "a system with the GLN of another" "$T" run "$PROTOCOLS/receive.yaml" --vendor "$work/vendor4.yaml" --store "$store" --clock-scale 20
says "Reference 4 has the GLN 5790008888018, and so has Reference 1" "is reported"
exits 2 "a seeded run, which would wait for ever" "$T" run "$PROTOCOLS/receive.yaml" --vendor "$work/vendor1.yaml" --store "$store" --seed 1
says "is alone" "is refused"
ok "a large file is kept beside the store, not where the command was given" \
  test -d "$store.blobs" -a ! -e "$elsewhere/s.sqlite.blobs"
sleep 0.5
kill -9 $server
wait $server 2>/dev/null
serve
have_ended() { [ "$(ended)" -ge 4 ]; }
awaits have_ended
ok "all four runs ended" test "$(ended)" = 4
ok "and passed" test "$(grep -c '  pass  ' "$work/serve.out")" = 4
"$T" list runs --store "$store" >"$work/runs"
ok "the store has four runs" test "$(wc -l <"$work/runs")" = 4
exits 2 "a mistake is told by the server" "$T" answer 2099 1.1 ok --store "$store"
says "no run|begins with" "which run there is not"
curl -s -o /dev/null -w '%{http_code}\n' --data-binary 'rubbish' "http://127.0.0.1:$port/nobody/receiver" >"$work/out"
says 404 "an address of nobody"
kill -TERM $server
wait $server
ok "the server ends in order" test $? = 0
ok "the socket is gone" test ! -e "$store.control"
serve
curl -s -w '%{http_code}\n' --data-binary 'rubbish' "http://127.0.0.1:$port/reference-1/receiver" >"$work/out"
says 'no run is open for this system now; try again' "a new server knows the systems of runs that are over or paused"
says 503 "and does not tell them that they are nobody"
curl -s -o /dev/null -w '%{http_code}\n' --data-binary 'rubbish' "http://127.0.0.1:$port/nobody/receiver" >"$work/out"
says 404 "nobody stays nobody"
early() { curl -s -o /dev/null -w '%{http_code}\n' -m 5 -H 'Content-Length: 3000000' --data-binary x "http://127.0.0.1:$port/$1" >"$work/out"; }
early nobody/receiver
says 404 "nobody is told so before three million bytes are read"
early reference-1/receiver
says 503 "and so is who comes when no run is open"
sed -e '/^launch/,/^[a-z]/{/^launch/d;/^ /d}' -e 's/address: .*/address: ""/' "$VENDORS/refvendor.yaml" >"$work/vendor5.yaml"
exits 0 "a run of a system that is not started" "$T" run "$PROTOCOLS/send.yaml" --vendor "$work/vendor5.yaml" --store "$store"
large() { curl -s -o /dev/null -w '%{http_code}\n' -m 5 -H 'Content-Length: 160000000' --data-binary x "http://127.0.0.1:$port/reference-vendor/sender"; }
ok "a message that is too large is refused" test "$(large)" = 413
ok "and told in the run that it was meant for" grep -q 'refused from 127[^ ]*: HTTP 413, the message is larger than 144 MB' "$work/serve.out"
kill -TERM $server
wait $server
finish
