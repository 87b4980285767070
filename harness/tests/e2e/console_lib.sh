# What the tests of the console share, after lib.sh: a console of its own store, people with cookies of their own, and
# what a browser does: get a page, take its token, post a form.
#   account NAME ROLE [ORGANISATION]   its password is "$(password_of NAME)"
#   console [OPTION...]                serve, with $url; console_stop ends it
#   login NAME, get NAME PATH, post NAME PATH FIELD=VALUE..., upload NAME PATH FIELD=VALUE|FIELD=@FILE...
# console_scheme=https and console_at=0.0.0.0 before console: by TLS, for which others have to be able to reach it.
# NAME "nobody" has a cookie jar and no account. Each leaves $status, $work/page (body) and $work/head (header fields).
store=$work/s.sqlite
status=000

password_of() { echo "the password of $1"; }

account() {
  local name=$1 role=$2
  shift 2
  "$T" account add "$name" --role "$role" --initials "$(echo "$name" | tr -dc 'a-zA-Z' | cut -c1-3 | tr a-z A-Z)" \
    ${1:+--organisation "$1"} --store "$store" >"$work/account.out" 2>&1 &&
    password_of "$name" | "$T" account password "$name" --store "$store" >>"$work/account.out" 2>&1 && return
  cat "$work/account.out"
  return 1
}

# The work folder is where it stands, so that nothing lands in the checkout.
console() {
  vendors_port=$(free_port)
  console_port=$(free_port)
  url=${console_scheme:-http}://127.0.0.1:$console_port
  (cd "$work" && exec "$T" serve --store "$store" --listen "127.0.0.1:$vendors_port" --console "${console_at:-127.0.0.1}:$console_port" \
    --report "$work/reports" --lang en "$@" >>"$work/serve.out" 2>&1) &
  console_pid=$!
  awaits serves "$store" "$console_port" && return
  echo "the console does not come up"
  cat "$work/serve.out"
  return 1
}

console_stop() {
  kill -TERM "$console_pid" && wait "$console_pid"
}

# ask NAME CURL-OPTION... PATH: with the cookies of that person.
ask() {
  local name=$1
  shift
  local path=${*: -1}
  set -- "${@:1:$#-1}"
  : >"$work/page" >"$work/head"
  status=$(curl -sk --path-as-is --max-time "${ask_seconds:-120}" -b "$work/$name.jar" -c "$work/$name.jar" -o "$work/page" -D "$work/head" \
    -w '%{http_code}' "$@" "$url$path")
}

get() { ask "$1" "$2"; }

# page_has NAME PATH PATTERN: gets it, and it has that.
page_has() { get "$1" "$2" && grep -Eq -- "$3" "$work/page"; }

# token NAME: of the forms of the pages that this person gets; who is logged in is sent on from the login.
token() {
  ask "$1" /login
  [ "$status" = 303 ] && ask "$1" /
  sed -n 's/.*name="csrf" value="\([0-9a-f]*\)".*/\1/p' "$work/page" | head -n 1
}

# post NAME PATH FIELD=VALUE...: the form of a page of ours.
post() {
  local name=$1 path=$2 csrf fields=()
  shift 2
  csrf=$(token "$name")
  for f in "$@"; do fields+=(--data-urlencode "$f"); done
  ask "$name" --data-urlencode "csrf=$csrf" "${fields[@]}" "$path"
}

# upload NAME PATH FIELD=VALUE|FIELD=@FILE...: the same as multipart/form-data.
upload() {
  local name=$1 path=$2 csrf fields=()
  shift 2
  csrf=$(token "$name")
  for f in "$@"; do fields+=(-F "$f"); done
  ask "$name" -F "csrf=$csrf" "${fields[@]}" "$path"
}

login() { post "$1" /login "name=$1" "password=$(password_of "$1")"; }

# follows: where the last page asks for events, as a script of it does. changed NAME ADDRESS: something has happened since
# that page.
follows() { sed -n 's/.*data-live="\([^"]*\)".*/\1/p' "$work/page" | head -n 1; }
changed() { ask_seconds=3 get "$1" "$2" && grep -q '^data: changed' "$work/page"; }

# answers STATUS TEXT: the last answer had that status.
answers() {
  checks=$((checks + 1))
  if [ "$status" = "$1" ]; then return 0; fi
  failures=$((failures + 1))
  echo "FAIL: $2: $status, expected $1"
  sed 's/<[^>]*>/ /g' "$work/page" | tr -s ' \n' ' ' | cut -c1-400 | sed 's/^/    /'
  return 1
}

# shows PATTERN TEXT, hides PATTERN TEXT: the last page has that, or has it not.
shows() {
  checks=$((checks + 1))
  if grep -Eq -- "$1" "$work/page"; then return 0; fi
  failures=$((failures + 1))
  echo "FAIL: $2: the page has no $1"
  sed 's/<[^>]*>/ /g' "$work/page" | tr -s ' \n' ' ' | cut -c1-400 | sed 's/^/    /'
  return 1
}

hides() {
  checks=$((checks + 1))
  if [ -s "$work/page" ] && ! grep -Eq -- "$1" "$work/page"; then return 0; fi
  failures=$((failures + 1))
  [ -s "$work/page" ] && echo "FAIL: $2: the page has $1" || echo "FAIL: $2: there is no page"
  return 1
}

# field NAME PATTERN TEXT: a header field of the last answer.
field() {
  checks=$((checks + 1))
  if grep -Eiq -- "^$1: *$2" "$work/head"; then return 0; fi
  failures=$((failures + 1))
  echo "FAIL: $3: no $1: $2 in"
  sed 's/^/    /' "$work/head"
  return 1
}
