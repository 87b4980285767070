#!/usr/bin/env bash
# What the end-to-end tests of the console share; no test itself. `console_up` starts serve with the store $store and a
# console; `page` and `post` are a browser without scripts, with a cookie jar for each person ($jar).
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
if [ "${BASH_SOURCE[0]}" = "$0" ]; then exit 77; fi
store=$work/s.sqlite
port=$(free_port)
console_port=$(free_port)
console=http://127.0.0.1:$console_port
jar=$work/jar

# The console of $store comes up, and $server is its process.
console_up() {
  "$T" serve --store "$store" --listen "127.0.0.1:$port" --console "127.0.0.1:$console_port" --report "$work/reports" >>"$work/serve.out" 2>&1 &
  server=$!
  for _ in $(seq 100); do (exec 3<>"/dev/tcp/127.0.0.1/$console_port") 2>/dev/null && return; sleep 0.05; done
  echo "the console does not come up"
  cat "$work/serve.out"
}

# page PATH: the page in $work/out, its status in $status.
page() {
  status=$(curl -s -o "$work/out" -w '%{http_code}' -b "$jar" -c "$jar" "$console$1")
  : >"$work/err"
}

# says PATTERN TEXT: as in lib.sh, but a page is long: only the words of it that matter are told.
says() {
  checks=$((checks + 1))
  if grep -Eq -- "$1" "$work/out" "$work/err"; then return 0; fi
  failures=$((failures + 1))
  echo "FAIL: $2: nothing matches $1"
  sed 's/<[^>]*>/ /g;s/  */ /g' "$work/out" "$work/err" | cut -c1-600 | head -n 5
  return 1
}

# token: what a form of this jar's person brings along, from the page seen last.
token() { grep -o 'name="csrf" value="[0-9a-f]*"' "$work/out" | head -n 1 | grep -o '[0-9a-f]\{20,\}'; }

# hidden NAME: the value of a hidden field in the page seen last, its first.
hidden() { grep -o "name=\"$1\" value=\"[^\"]*\"" "$work/out" | head -n 1 | sed 's/.*value="//;s/"$//'; }

# post PATH FIELD=VALUE...: the form, then the page that it leads to in $work/out. A value "@file" is a file.
post() {
  local path=$1 t fields=()
  t=$(token)
  shift
  for f in "$@"; do fields+=(-F "$f"); done
  status=$(curl -s -o "$work/out" -w '%{http_code}' -b "$jar" -c "$jar" -F "csrf=$t" "${fields[@]}" "$console$path")
  : >"$work/err"
}

# follow: the page that a form led to.
goes() {
  local path=$1
  shift
  checks=$((checks + 1))
  post "$path" "$@"
  if [ "$status" = 303 ]; then page "/runs/$run"; return 0; fi
  failures=$((failures + 1))
  echo "FAIL: POST $path gave $status"
  sed -n 's/.*class="notice error"[^>]*>//p' "$work/out" | cut -c1-300
  return 1
}

# gives STATUS TEXT PATH
gives() {
  checks=$((checks + 1))
  page "$3"
  if [ "$status" = "$1" ]; then return 0; fi
  failures=$((failures + 1))
  echo "FAIL: $2: $3 gave $status, expected $1"
  return 1
}

# waits_for PATTERN TEXT: the page of $run shows it within ten seconds.
waits_for() {
  checks=$((checks + 1))
  for _ in $(seq 100); do
    page "/runs/$run"
    grep -Eq -- "$1" "$work/out" && return 0
    sleep 0.1
  done
  failures=$((failures + 1))
  echo "FAIL: $2: nothing matches $1"
  return 1
}
