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

# says PATTERN TEXT: the last command's output or errors must match.
says() {
  checks=$((checks + 1))
  if grep -Eq -- "$1" "$work/out" "$work/err"; then return 0; fi
  failures=$((failures + 1))
  echo "FAIL: $2: nothing matches $1"
  tail -n 20 "$work/err" "$work/out" | sed 's/^/    /'
  return 1
}

# The id of the newest run in a store.
last_run() {
  "$T" list runs --store "$1" | tail -n 1 | awk '{print $1}'
}

# A port that nobody listens on.
free_port() {
  local port=$((20000 + RANDOM % 10000))
  while (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((20000 + RANDOM % 10000)); done
  echo $port
}

# stays VENDOR-FILE NAME OPTION...: starts the reference vendor for the length of the test, and leaves that vendor file, with
# its address and without its launch, in $work/NAME.yaml.
stays() {
  local from=$1 name=$2
  shift 2
  "$R" "$@" >"$work/$name.log" 2>&1 &
  for _ in $(seq 50); do grep -qs listening "$work/$name.log" && break; sleep 0.1; done
  sed -e "s#\${launch.address}#$(sed -n 's#listening ##p' "$work/$name.log")#" -e '/^launch/,/^$/d' "$from" >"$work/$name.yaml"
}

# The harness listens there for it.
listens() { sed -i "s#^  form: .*#&\n  listen: 127.0.0.1:$2#" "$work/$1.yaml"; }

finish() {
  echo "$checks checks, $failures failed"
  [ "$failures" = 0 ]
  exit
}
