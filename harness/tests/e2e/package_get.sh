#!/usr/bin/env bash
# package get against a registry of the test's own, over HTTPS: what it gets, what it refuses, what it says.
. "$(dirname "$0")/lib.sh"
command -v openssl >/dev/null || { echo "skipped: there is no openssl"; exit 77; }
unset https_proxy HTTPS_PROXY all_proxy ALL_PROXY TESTCAMP_REGISTRY
export XDG_DATA_HOME=$work/data XDG_CACHE_HOME=$work/cache
kept=$XDG_DATA_HOME/testcamp/packages
served=$work/served
mkdir "$served"

# --- the server and its certificate ---

certificate() { # NAME: $work/NAME.pem and .key, for localhost
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "/CN=$1" \
    -addext subjectAltName=DNS:localhost -keyout "$work/$1.key" -out "$work/$1.pem" 2>/dev/null
}
certificate good && certificate other || { echo "FAIL: no certificate"; exit 1; }
"$TEST_BIN/harness/tests/registry" "$work/good.pem" "$work/good.key" "$work/port" "$served" >"$work/server.log" 2>&1 &
awaits test -s "$work/port"
registry=https://localhost:$(cat "$work/port")

# --- packages and listings ---

# pack NAME VERSION DEPENDENCIES [NAME-INSIDE]: served/NAME/VERSION, the archive.
pack() {
  local dir=$work/made/$1-$2
  mkdir -p "$dir/package" "$served/$1"
  printf '{"name":"%s","version":"%s","dependencies":{%s}}' "${4:-$1}" "$2" "$3" >"$dir/package/package.json"
  printf '{"resourceType":"ValueSet","url":"http://%s/v"}' "$1" >"$dir/package/v.json"
  tar -C "$dir" -czf "$served/$1/$2" package
}
sha1() { sha1sum "$1" | cut -d' ' -f1; }
sri() { printf '%s-%s' "$1" "$(openssl dgst -"$1" -binary "$2" | base64 -w0)"; }
# list NAME LATEST VERSION...: the listing, with both digests of each archive.
list() {
  local name=$1 latest=$2 sep='' v file
  shift 2
  {
    printf '{"name":"%s","dist-tags":{"latest":"%s"},"versions":{' "$name" "$latest"
    for v; do
      file=$served/$name/$v
      printf '%s"%s":{"dist":{"tarball":"%s/%s/%s","shasum":"%s","integrity":"%s"}}' "$sep" "$v" "$registry" "$name" \
        "$v" "$(sha1 "$file")" "$(sri sha512 "$file")"
      sep=,
    done
    printf '}}'
  } >"$served/$name/index"
}
# one NAME DIST: the listing of 1.0.0 alone, with this as its dist.
one() { printf '{"versions":{"1.0.0":{"dist":{%s}}}}' "$2" >"$served/$1/index"; }
get() { "$T" package get --registry "$registry" --ca "$work/good.pem" --timeout 5 "$@"; }
# refused CODE NAME WHY TEXT [OPTION...]: asking for NAME ends so, says why, and keeps nothing.
refused() {
  local code=$1 name=$2 why=$3 text=$4
  shift 4
  exits "$code" "$text" get "$@" "$name"
  says "$why" "$text: why"
  says "^lacks  ${name%%@*}@" "$text: that it is lacking"
  ok "$text: nothing is kept" test -z "$(ls -A "$kept" | grep -F "${name%%@*}-")"
}

# --- what works ---

for v in 1.0.0 1.2.0 1.10.0 1.11.0-ballot 2.0.0; do pack base.one "$v" ''; done
list base.one 1.10.0 1.0.0 1.2.0 1.10.0 1.11.0-ballot 2.0.0
pack top 1.0.0 '"base.one":"1.x","middle":"1.0.0"'
list top 1.0.0 1.0.0
pack middle 1.0.0 '"top":"1.0.0","base.one":"1.2.0"'
list middle 1.0.0 1.0.0

exits 0 "a version" get --no-dependencies top@1.0.0
says '^added  top@1.0.0$' "what was added"
ok "the archive as it was sent" cmp "$kept/top-1.0.0.tgz" "$served/top/1.0.0"
ok "nothing beside it" test "$(ls -A "$kept")" = top-1.0.0.tgz
: >"$served/asked"
exits 0 "again, with what it depends on, in a circle" get top@1.0.0
says '^there already  top@1.0.0$' "that it is there"
says '^added  base.one@1.10.0  for 1.x  needed by top@1.0.0$' "the newest that fits, no pre-release"
says '^added  middle@1.0.0  needed by top@1.0.0$' "a dependency"
says '^added  base.one@1.2.0  needed by middle@1.0.0$' "another version of the same package, beside the first"
ok "what is there is not asked for" test "$(grep -c '^top' "$served/asked")" = 0
ok "a listing is asked for once" test "$(grep -c '^base.one$' "$served/asked")" = 1
ok "no progress where there is no terminal" test ! -s "$work/err"
exits 0 "the packages can be used" "$T" package show top@1.0.0
says '^needs.base.one@1.10.0$' "the version that fits"

exits 0 "without a version" get base.one
says '^there already  base.one@1.10.0  for latest$' "what the registry calls latest"
exits 0 "by a hash sign" get 'base.one#2.0.0'
says '^added  base.one@2.0.0$' "added"
rm "$kept/base.one-2.0.0.tgz"
export TESTCAMP_REGISTRY=$registry/
exits 0 "the registry from the environment" "$T" package get --ca "$work/good.pem" 'base.one@*'
says '^added  base.one@2.0.0  for \*$' "the newest of all"
unset TESTCAMP_REGISTRY

if command -v script >/dev/null; then
  mkdir -p "$work/made/big-1.0.0/package"
  head -c 3000000 /dev/urandom >"$work/made/big-1.0.0/package/noise"
  pack big 1.0.0 ''
  list big 1.0.0 1.0.0
  exits 0 "on a terminal" script -qefc "'$T' package get --registry $registry --ca '$work/good.pem' big@1.0.0" /dev/null
  says 'big@1.0.0  [12] of 2 MiB' "progress"
fi

pack moved 1.0.0 ''
one moved "\"tarball\":\"$registry/moved/here\",\"integrity\":\"$(sri sha256 "$served/moved/1.0.0")?x $(sri sha384 "$served/moved/1.0.0")\""
echo "redirect $registry/moved/1.0.0" >"$served/moved/here.how"
exits 0 "a redirect to https" get moved@1.0.0
says '^added  moved@1.0.0$' "followed"
pack plainlist 1.0.0 ''
one plainlist "\"tarball\":\"http://localhost:${registry##*:}/plainlist/1.0.0\",\"shasum\":\"$(sha1 "$served/plainlist/1.0.0")\""
exits 0 "an http address in the list is asked by https" get plainlist@1.0.0

# --- digests ---

pack wrong 1.0.0 ''
one wrong '"shasum":"0123456789012345678901234567890123456789"'
refused 2 wrong@1.0.0 'another SHA-1 checksum' "a wrong shasum"
refused 2 wrong@1.0.0 'another SHA-1 checksum' "a wrong shasum is never taken" --unverified
one wrong "\"shasum\":\"$(sha1 "$served/wrong/1.0.0")\",\"integrity\":\"$(sri sha512 "$served/top/1.0.0")\""
refused 2 wrong@1.0.0 'another sha512 checksum' "a right shasum with a wrong integrity"
one wrong "\"integrity\":\"$(sri sha512 "$served/wrong/1.0.0") $(sri sha256 "$served/top/1.0.0")\""
refused 2 wrong@1.0.0 'another sha256 checksum' "one wrong of two"
pack bare 1.0.0 ''
one bare '"integrity":"crc-AAAA"'
refused 2 bare@1.0.0 'no checksum that is known' "only an unknown function"
one bare ''
refused 2 bare@1.0.0 '--unverified' "no digest at all"
exits 0 "no digest, and taken all the same" get --unverified bare@1.0.0
says 'added  bare@1.0.0  NOT VERIFIED' "that it is not verified"

# --- wrong packages ---

pack alias 1.0.0 '' another
list alias 1.0.0 1.0.0
refused 2 alias@1.0.0 'calls itself another@1.0.0' "another name inside"
mkdir "$served/hostile"
mkdir -p "$work/x/package"
cp "$work/made/top-1.0.0/package/package.json" "$work/x/package"
sed -i 's/"top"/"hostile"/' "$work/x/package/package.json"
ln -s /etc/passwd "$work/x/package/y.json"
tar -C "$work/x" -czf "$served/hostile/1.0.0" package/package.json package/y.json
list hostile 1.0.0 1.0.0
refused 2 hostile@1.0.0 'link' "a link in the archive"
mkdir "$served/nozip"
echo "this is no archive" >"$served/nozip/1.0.0"
list nozip 1.0.0 1.0.0
refused 2 nozip@1.0.0 'archive' "no archive"

# --- wrong answers ---

pack local 1.0.0 ''
one local "\"tarball\":\"file://$served/local/1.0.0\",\"shasum\":\"$(sha1 "$served/local/1.0.0")\""
refused 3 local@1.0.0 'file' "an archive by another scheme"
refused 2 nobody@1.0.0 'knows no package nobody' "an unknown package"
exits 2 "an unknown version" get base.one@1.2.1
says 'no version 1.2.1; the nearest is 1.2.0, the newest 2.0.0' "which versions there are"
pack gone 1.0.0 ''
list gone 1.0.0 1.0.0
rm "$served/gone/1.0.0"
refused 3 gone@1.0.0 'status 404' "listed and not there"
mkdir "$served/page" "$served/half" "$served/odd" "$served/sick"
echo '<!DOCTYPE html><html></html>' >"$served/page/index"
refused 3 page@1.0.0 'web page, not JSON' "a web page"
printf '{"versions":\n{"1.0.0":' >"$served/half/index"
refused 3 half@1.0.0 'half:2:[0-9]+: .*JSON' "half a listing"
echo '{"message":"hello"}' >"$served/odd/index"
refused 3 odd@1.0.0 'no "versions"' "other JSON"
echo 'status 503 Busy' >"$served/sick.how"
refused 3 sick@1.0.0 'status 503' "a server that is ill"
pack cut 1.0.0 ''
list cut 1.0.0 1.0.0
echo cut >"$served/cut/1.0.0.how"
refused 3 cut@1.0.0 "$registry/cut/1.0.0: " "an archive that breaks off"
pack plain 1.0.0 ''
list plain 1.0.0 1.0.0
echo "redirect http://localhost:${registry##*:}/top/1.0.0" >"$served/plain/1.0.0.how"
refused 3 plain@1.0.0 'redirected to http:.*only https' "a redirect to http"
echo "redirect $registry/round" >"$served/round.how"
refused 3 round@1.0.0 'redirects' "redirects in a circle"
pack large 1.0.0 ''
list large 1.0.0 1.0.0
echo "large 536870913" >"$served/large/1.0.0.how"
refused 3 large@1.0.0 'larger than 536870912' "an archive that is too large"
echo endless >"$served/endless.how"
refused 3 endless@1.0.0 'larger than 16777216' "a listing without end"
echo slow >"$served/slow.how"
refused 3 slow@1.0.0 'no answer within 1000 ms' "a server that does not answer" --timeout 1

# A shell without job control lets its background programs ignore SIGINT; env takes that back.
stopped() { # SIGNAL: ends a get that waits for its server
  : >"$served/asked"
  env --default-signal=INT "$T" package get --registry "$registry" --ca "$work/good.pem" slow &
  local pid=$!
  awaits has slow "$served/asked"
  kill -"$1" $pid
  wait $pid
  [ $? = $((128 + $(kill -l "$1"))) ]
}
for signal in INT TERM; do
  before=$(ls -A "$kept")
  ok "stopped by SIG$signal while it waits" stopped $signal
  ok "nothing is left of it" test "$(ls -A "$kept")" = "$before"
done

# --- one bad among good ones ---

pack needy 1.0.0 '"nobody":"1.0.0","base.one":"1.0.0","no/name":"1.0.0","\u001b[2J":"1.0.0"'
list needy 1.0.0 1.0.0
exits 2 "a dependency that is not there" get needy@1.0.0
says '^added  needy@1.0.0$' "the package is kept"
says '^added  base.one@1.0.0  needed by needy@1.0.0$' "the others too"
says '^lacks  nobody@1.0.0  needed by needy@1.0.0$' "what could not be had"
says '^lacks  \?\[2J@1.0.0' "a name that would clear the terminal"
says '"no/name@1.0.0" is no NAME@VERSION' "a name that none can have"

# --- trust and wrong use ---

exits 3 "an unknown authority" "$T" package get --registry "$registry" top@1.0.0 --replace
says 'certificate of the server is not trusted' "why"
exits 3 "another authority" get --ca "$work/other.pem" --replace top@1.0.0
exits 3 "another name than the certificate's" get --registry "https://127.0.0.1:${registry##*:}" --replace top@1.0.0
says '127.0.0.1' "which server"
exits 3 "no server" get --registry https://localhost:1 --replace top@1.0.0
says 'could not connect' "why"
exits 3 "no such host" get --registry https://no-such-host.invalid --replace top@1.0.0
says 'host was not found' "why"
exits 2 "a registry by http" get --registry "http://localhost" top@1.0.0
says 'begins with https' "why"
exits 2 "no file of authorities" get --ca "$work/none.pem" top@1.0.0
exits 2 "a time-out that is none" get --timeout soon top@1.0.0
exits 2 "no package" get
exits 2 "no name" get ../top@1.0.0
printf 'x' >"$kept/top-1.0.0.tgz"
exits 2 "a kept file that is broken" get top@1.0.0
exits 0 "fetched anew" get --replace --no-dependencies top@1.0.0
ok "the archive as it was sent" cmp "$kept/top-1.0.0.tgz" "$served/top/1.0.0"

finish
