# What the end-to-end tests share. Each test is a script of its own, run by ctest as e2e_<name> with
# TEST_BIN (folder of testcamp and refvendor) and TEST_ROOT (the checkout) set.
set -uo pipefail
T=$TEST_BIN/testcamp
R=$TEST_BIN/refvendor
export TESTCAMP_DATA=$TEST_ROOT NO_COLOR=1
PROTOCOLS=$TEST_ROOT/protocols/carecommunication/5.0
VENDORS=$TEST_ROOT/vendors/reference
work=$(mktemp -d) || exit 1
failures=0
checks=0

cleanup() {
  local pids
  pids=$(jobs -p)
  [ -n "$pids" ] && kill $pids 2>/dev/null
  wait 2>/dev/null
  rm -rf "$work"
}
trap cleanup EXIT

# ok TEXT COMMAND...: the command must succeed.
ok() {
  local text=$1
  shift
  checks=$((checks + 1))
  if "$@" >"$work/last.out" 2>&1; then return 0; fi
  failures=$((failures + 1))
  echo "FAIL: $text"
  sed 's/^/    /' "$work/last.out" | tail -n 40
  return 1
}

# exits CODE TEXT COMMAND...: the command must end with just this code; its output is left in $work/out and $work/err.
exits() {
  local want=$1 text=$2 code
  shift 2
  checks=$((checks + 1))
  "$@" >"$work/out" 2>"$work/err" </dev/null
  code=$?
  if [ "$code" = "$want" ]; then return 0; fi
  failures=$((failures + 1))
  echo "FAIL: $text: exit $code, expected $want"
  grep -hE -A4 '^ +[0-9.+]+ +(FAIL|error|inconclusive) ' "$work/err" "$work/out" | head -n 20 | sed 's/^/    /'
  tail -n 30 "$work/err" | sed 's/^/    /'
  tail -n 10 "$work/out" | sed 's/^/    /'
  return 1
}

# lives SECONDS COMMAND...: the command, killed after that time unless it ended before; gives its exit code, 137 if it was
# killed. Not by `timeout -s KILL`, which kills itself with it and is gone before the command is: the next one would find
# its files still locked.
lives() {
  local pid killer code
  "${@:2}" &
  pid=$!
  { sleep "$1" && kill -KILL "$pid"; } 2>/dev/null &
  killer=$!
  wait "$pid"
  code=$?
  kill "$killer" 2>/dev/null
  wait "$killer" 2>/dev/null
  return "$code"
}

# says PATTERN TEXT: the last command's output or errors must match.
says() {
  checks=$((checks + 1))
  if grep -Eq -- "$1" "$work/out" "$work/err"; then return 0; fi
  failures=$((failures + 1))
  echo "FAIL: $2: nothing matches $1"
  tail -n 20 "$work/err" "$work/out" | sed 's/^/    /'
  return 1
}

# launch_of FILE: the command by which a vendor file starts its system.
launch_of() {
  sed -n 's/^  command: \[\(.*\)\]$/\1/p' "$1" | tr -d ',"'
}

# fails_by STEP RULE: in the last run that step has an error of that rule.
fails_by() {
  awk -v step="$1" -v rule="$2" \
    '$1 == step { on = 1; next } /^  [^ ]/ { on = 0 } on && $1 == "error" && $2 == rule { seen = 1 } END { exit !seen }' "$work/err"
}

# over_tls NAME [OPTION...]: certificates in $work/tls (options of `testcamp certs`), and $work/NAME.yaml, the reference vendor on EHMI's
# services with them, whose client is enrolled by its own.
over_tls() {
  local name=$1 tls=$work/tls dn
  shift
  exits 0 "certificates" "$T" certs "$tls" --client mine "$@"
  dn=$("$T" certs --check "$tls/client-mine.pem" | sed -n 's/^ *subject *//p')
  sed "s/\"tls_client_auth_subject_dn\": \"[^\"]*\"/\"tls_client_auth_subject_dn\": \"$dn\"/" "$VENDORS/refvendor-client.json" >"$work/refvendor-client.json"
  ok "the client is enrolled by its certificate" grep -q "$dn" "$work/refvendor-client.json"
  sed -e "s#--clock-scale#--client-cert, $tls/client-mine.pem, --client-key, $tls/client-mine.key, --trust, $tls/ca.pem, &#" \
    -e 's/mutual-tls: false/mutual-tls: true/' "$VENDORS/refvendor-ehmi-eds.yaml" >"$work/$name.yaml"
  echo "tls: {certificate: $tls/server-localhost.pem, key: $tls/server-localhost.key, trust: $tls/ca.pem}" >>"$work/$name.yaml"
}

# envelopes_of STEPS: the ehmiSBDHs that these steps of a protocol send from the vendor's side, as files $work/box/mN-*.
envelopes_of() {
  cat >"$work/make.yaml" <<P
protocol: make
title: {en: Make, da: Lav}
standard: {name: HomeCareObservation, version: "1.2"}
version: 0.1.0
role: receiver
sections:
  - id: "1"
    title: {en: Make, da: Lav}
    status: mandatory
    steps:
$1
P
  sed -e 's/^  kind: upload/&\n  envelope: sbdh/' -e 's/^exchange: {kind: upload/&, envelope: sbdh/' "$VENDORS/refvendor-upload.yaml" >"$work/hand.yaml"
  exits 0 "envelopes are made" "$T" run "$work/make.yaml" --vendor "$work/hand.yaml" --store "$work/m.sqlite" --report "$work/made"
  exits 0 "and fetched" "$T" get "$(last_run "$work/m.sqlite")" --store "$work/m.sqlite" --to "$work/box"
}

# The id of the newest run in a store.
last_run() {
  "$T" list runs --store "$1" | tail -n 1 | awk '{print $1}'
}

# A port that nobody listens on, and the three behind it.
free_port() { "$TEST_ROOT/harness/tests/e2e/free_port"; }

# awaits COMMAND...: as soon as the command succeeds, however busy the machine is; fails after a minute.
awaits() {
  local end=$((SECONDS + 60))
  until "$@"; do
    [ "$SECONDS" -lt "$end" ] || { echo "after a minute still not: $*" >&2; return 1; }
    sleep "${pause:-0.05}"
  done
}

# has PATTERN FILE: the file is there, and a line of it matches.
has() { grep -Eqs -- "$1" "$2"; }

# has_answered FOLDER: $files are the files in it, if there are any. url_in FILE: $url is the first one in it, if there is one.
has_answered() {
  files=$(find "$1" -maxdepth 1 -type f ! -name '.*' ! -name '*.tmp')
  [ -n "$files" ]
}
url_in() {
  url=$(grep -oE 'http://127[^ ]+' "$1" | head -n 1)
  [ -n "$url" ]
}

# hears PORT: somebody listens there. serves STORE PORT: that is a server which also takes commands.
hears() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
serves() { [ -S "$1.control" ] && hears "$2"; }

# stays VENDOR-FILE NAME OPTION...: starts the reference vendor for the length of the test, and leaves that vendor file, with
# its address and without its launch, in $work/NAME.yaml.
stays() {
  local from=$1 name=$2
  shift 2
  "$R" "$@" >"$work/$name.log" 2>&1 &
  awaits has listening "$work/$name.log"
  sed -e "s#\${launch.address}#$(sed -n 's#listening ##p' "$work/$name.log")#" -e '/^launch/,/^$/d' "$from" >"$work/$name.yaml"
}

# The harness listens there for it.
listens() { sed -i "s#^  form: .*#&\n  listen: 127.0.0.1:$2#" "$work/$1.yaml"; }

finish() {
  echo "$checks checks, $failures failed"
  [ "$failures" = 0 ]
  exit
}
