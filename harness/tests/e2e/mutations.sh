#!/usr/bin/env bash
# Every declared defect is caught by the protocols, judged again as over the wire, and docs/mutations/ says so.
# usage: mutations.sh [STANDARD|index...]    without a name: all standards, and the index of their pages
. "$(dirname "$0")/lib.sh"
run=$TEST_ROOT/harness/tests/mutations/run

index() {
  "$run" index >"$work/index.md"
  ok "docs/mutations.md is what harness/tests/mutations/run index prints" diff "$TEST_ROOT/docs/mutations.md" "$work/index.md"
}

table() {
  local standard=$1
  mkdir -p "$work/$standard"
  export RECORDED=$work/$standard
  ok "the table of defects of $standard" "$run" all "$standard" "$TEST_BIN"
  cat "$work/last.out"
}

# The check can fail: a row that does not hold, one of a defect that is none, a defect without a row, and a step without a defect.
wrong_rows() {
  local rows=$TEST_ROOT/harness/tests/e2e/defects/carecommunication.tsv
  {
    grep -v -e '^two-patients	' -e '^resends-after-ok	' "$rows"
    printf 'lost-segments\tsend\t3.3.4\t3.3.4.11\tcc.thread.same\t-\n'
    printf 'no-such-thing\tsend\t3.3.4\t3.3.4.11\tcc.thread.same\t-\n'
  } >"$work/rows.tsv"
  ROWS=$work/rows.tsv exits 1 "rows that do not hold" "$run" check carecommunication "$TEST_BIN"
  says '^FAIL: two-patients does not stand in defects/carecommunication.tsv$' "a defect without a row"
  says '^FAIL: send, step 3.4.4.3.16: no defect makes it fail$' "a step without a defect"
  says '^FAIL: lost-segments: step 3.3.4.11 of send has no finding cc.thread.same$' "a row that does not hold"
  says '^FAIL: defects/carecommunication.tsv: there is no defect no-such-thing for it$' "a row of no defect"
}

[ $# -gt 0 ] || set -- $("$run" standards) index
for standard; do
  case $standard in
  index) index ;;
  carecommunication) table "$standard" && wrong_rows ;;
  *) table "$standard" ;;
  esac
done
exits 2 "a standard that is none" "$run" check no-such-standard "$TEST_BIN"
finish
