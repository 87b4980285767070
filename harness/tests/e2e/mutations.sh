#!/usr/bin/env bash
# Every declared defect is caught by the protocols, judged again as over the wire, and docs/mutations.md says so.
. "$(dirname "$0")/lib.sh"
run=$TEST_ROOT/harness/tests/mutations/run
rows=$TEST_ROOT/harness/tests/e2e/defects.tsv
ok "the table of defects" "$run" all "$TEST_BIN"
cat "$work/last.out"

# The check can fail: a row that does not hold, one of a defect that is none, and a defect without a row.
{
  grep -v '^two-patients	' "$rows"
  printf 'lost-segments\tsend\t3.3.4\t3.3.4.11\tcc.thread.same\t-\n'
  printf 'no-such-thing\tsend\t3.3.4\t3.3.4.11\tcc.thread.same\t-\n'
} >"$work/rows.tsv"
ROWS=$work/rows.tsv exits 1 "rows that do not hold" "$run" check "$TEST_BIN"
says '^FAIL: two-patients does not stand in defects.tsv$' "a defect without a row"
says '^FAIL: lost-segments: step 3.3.4.11 of send has no finding cc.thread.same$' "a row that does not hold"
says '^FAIL: defects.tsv: there is no defect no-such-thing$' "a row of no defect"
finish
