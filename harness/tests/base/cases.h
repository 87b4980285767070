/* cases: rows of a table in the data folder, for tests.
 *
 * A file has a case a line, columns parted by tabs, comments behind '#' at the
 * start of a line. \n, \r, \t and \xHH are read as those bytes. */
#ifndef TESTS_BASE_CASES_H
#define TESTS_BASE_CASES_H

#include "base/vec.h"

#define CASE_COLUMNS 4

struct test_case {
  int line;
  struct str col[CASE_COLUMNS];
};

struct cases {
  struct arena *arena; /* of the rows; use it for the test's own needs too */
  VEC(struct test_case) list;
};

/* The rows of TEST_DATA/name; the test fails when there are none. */
struct cases cases_open(const char *name);
void cases_close(struct cases *c);
/* The bytes of "c3 a6". */
struct str cases_hex(struct arena *a, struct str hex);

/* What a failed assertion says first: the file's line. */
#define CASE_F "line %d: "

#endif
