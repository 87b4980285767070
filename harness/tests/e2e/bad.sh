#!/usr/bin/env bash
# Wrong use and bad input: one clear message with position or address, and the right exit code.
. "$(dirname "$0")/lib.sh"
data=$(dirname "$0")/bad
store=$work/s.sqlite
run() {
  "$T" run "$@" --store "$store" --report "$work/reports"
}
clean=$VENDORS/refvendor.yaml

for file in "$data"/*.yaml; do
  want=$(sed -n 's/^# expect: //p' "$file")
  exits 2 "$(basename "$file") by lint" "$T" lint "$file"
  says "$want" "$(basename "$file") by lint"
  exits 2 "$(basename "$file") by run" run "$file" --vendor "$clean"
done

exits 2 "no arguments" "$T"
exits 2 "unknown command" "$T" rum
says 'did you mean "run"' "offers the nearest command"
exits 2 "a word that is no command at all" "$T" foo
ok "offers nothing far away" sh -c "! grep -q 'did you mean' '$work/err'"
exits 2 "unknown option" "$T" run --vendr x
says 'did you mean --vendor' "offers the nearest option"
exits 0 "help on a command" "$T" help lint
says 'usage: testcamp lint' "is that of the command"
exits 2 "help on none" "$T" help lnt
says 'did you mean "lint"' "offers the nearest command"
exits 2 "no vendor file named" run "$PROTOCOLS/receive.yaml"
says '[-][-]vendor FILE is missing' "says so"
exits 2 "a parameter that is no duration" run "$PROTOCOLS/receive.yaml" --vendor "$clean" --set ack_within=5xx
says 'ack_within=5xx: that is no duration, such as 30 min' "is refused before the run"
exits 2 "a console that is no address" "$T" serve --console foo --listen 127.0.0.1:0 --store "$work/c.sqlite"
says 'foo is no HOST:PORT' "says so"
exits 2 "missing protocol" run "$work/none.yaml" --vendor "$clean"
says 'none.yaml' "names the file"
exits 2 "missing vendor file" run "$PROTOCOLS/receive.yaml" --vendor "$work/none.yaml"
exits 2 "unknown case" run "$PROTOCOLS/receive.yaml" --vendor "$clean" --case 9.9.9
says '3\.2\.5' "lists the cases"
touch "$work/file"
exits 2 "report folder is a file" "$T" run "$PROTOCOLS/receive.yaml" --vendor "$clean" --store "$store" --report "$work/file/x"
says "$work/file" "names the folder"
exits 2 "scaled clock in certify" run "$PROTOCOLS/receive.yaml" --vendor "$clean" --mode certify --clock-scale 10
exits 2 "unknown answers" run "$PROTOCOLS/receive.yaml" --vendor "$clean" --answers "$data/answers.txt"
says 'answers.txt:3:' "gives the position"
exits 2 "unknown run" "$T" resume nothing --store "$store"

# A capability that the protocol asks for and the vendor file is silent about.
grep -v 'user-interface' "$clean" >"$work/silent.yaml"
exits 2 "undeclared capability" run "$PROTOCOLS/receive.yaml" --vendor "$work/silent.yaml"
says 'receive.yaml:[0-9]+:[0-9]+.*user-interface|user-interface' "names it"

# Two vendor files with one address.
sed 's/name: Reference vendor/name: Another system/' "$clean" >"$work/twin.yaml"
exits 2 "two vendors on one address" run "$PROTOCOLS/receive.yaml" "$PROTOCOLS/send.yaml" --vendor "receiver=$clean" --vendor "sender=$work/twin.yaml"
says 'twin.yaml' "names the files"
says '5790008888018' "names the address"

# A port in use.
"$R" --listen 127.0.0.1:0 >"$work/port.log" 2>&1 &
awaits has listening "$work/port.log"
busy=$(sed -n 's#listening http://##p' "$work/port.log")
exits 2 "port in use" run "$PROTOCOLS/receive.yaml" --vendor "$clean" --listen "$busy"
says "$busy" "names the address"

# Broken base64, and other rubbish in files.
printf 'not a message' >"$work/rubbish"
exits 1 "rubbish is invalid" "$T" validate "$work/rubbish"
exits 0 "explain lists rules" "$T" explain vans.
exits 2 "a rule that only a protocol has" "$T" explain cc.thread.same
says 'because' "where it is explained"
sed "s/name: Reference vendor/name: $(printf 'Langt%.0s' $(seq 100))/" "$VENDORS/refvendor-upload.yaml" >"$work/long.yaml"
exits 3 "a very long name of a system" "$T" run "$PROTOCOLS/receive.yaml" --vendor "$work/long.yaml" --case 3.2.5 \
  --store "$work/long.sqlite" --report "$work/long-reports"
ok "has a report" sh -c "ls '$work'/long-reports/*/*/report.en.html"
finish
