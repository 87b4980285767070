#!/usr/bin/env bash
# The protocols whose system under test is EDS or EER, against the servers that testcamp plays itself in another run: they
# pass, and each check fails once, where the reference vendor in front of the server makes it wrong.
. "$(dirname "$0")/lib.sh"
EHMI=$TEST_ROOT/protocols/ehmi/1.0

# serve KIND PACKAGE: starts a server of that kind for the length of the test; $url is where it is.
serve() {
  sed "/^launch:/,/^\$/d; /^trigger:/,/^\$/d; s/kind: fhir-rest/kind: $1/" "$VENDORS/refvendor-rest.yaml" >"$work/$1.yaml"
  cat >"$work/serve-$1.yaml" <<Y
protocol: serve-$1
title: {en: Somebody asks, da: Nogen spørger}
standard: {name: FHIR, version: "4.0.1"}
version: 0.1.0
role: receiver
packages: [$2]
sections:
  - id: "1"
    title: {en: Somebody asks, da: Nogen spørger}
    status: mandatory
    steps:
      - expect: {rest: read, type: Nothing, within: 30 min}
Y
  "$T" run "$work/serve-$1.yaml" --vendor "$work/$1.yaml" --store "$work/$1.sqlite" --report "$work/served" \
    >"$work/$1.out" 2>"$work/$1.err" &
  url=
  for _ in $(seq 100); do
    url=$(grep -oE 'http://127[^ ]+' "$work/$1.err" | head -n 1)
    [ -n "$url" ] && return
    sleep 0.1
  done
  cat "$work/$1.err"
}

# run KIND SPOIL [ARGUMENT...]: the protocol of that server; SPOIL: what is wrong with it, or nothing.
run() {
  local kind=$1 spoil=$2
  shift 2
  sed "s#\"http://127.0.0.1:8090\"#\"$url\"${spoil:+, --spoil, \"$spoil\"}#" "$VENDORS/refvendor-server.yaml" >"$work/vendor.yaml"
  timeout 120 "$T" run "$EHMI/$kind-server.yaml" --vendor "$work/vendor.yaml" --store "$work/s.sqlite" --report "$work/reports" "$@"
}

# caught KIND CASE[,CASE] STEP RULE SPOIL...
caught() {
  local kind=$1 cases=$2 step=$3 rule=$4
  shift 4
  exits 1 "$* fails $kind" run "$kind" "$*" --case ${cases//,/ --case }
  ok "$* is seen at $step by $rule" awk -v step="$step" -v rule="$rule" \
    '$1 == step { on = 1; next } /^  [^ ]/ { on = 0 } on && $1 == "error" && $2 == rule { seen = 1 } END { exit !seen }' "$work/err"
}

# all KIND: the rows of standard input.
all() {
  local row
  while read -r row; do
    case $row in '' | '#'*) continue ;; esac
    # shellcheck disable=SC2086
    set -f && caught "$1" $row && set +f
  done
}

serve eds dk.ehmi.eds@1.0.2
exits 0 "a right EDS" run eds ""
finish
