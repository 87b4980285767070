/* regress_print: the table of a comparison, in one of three formats.
 *
 *   text      for people at a terminal, with what is agreed counted only
 *   markdown  for the comment of a pull request
 *   junit     a test case a row: one that is not agreed is a failure, an agreed one is skipped with its reason.
 *             A message that shows no change is one too: passed, or skipped where it could not be judged */
#ifndef CLI_REGRESS_PRINT_H
#define CLI_REGRESS_PRINT_H

#include "cli/cli.h"
#include "lint/regress.h"

#define REGRESS_REPORT_MAX ((size_t)256 << 20)
#define REGRESS_NAMES_SHOWN 5             /* of a list in a row */
#define REGRESS_VALUE_SHOWN ((size_t)160) /* bytes of a value or expression in a row */
#define REGRESS_VALUE_LEAD ((size_t)40)   /* of them before the first difference, where that is further behind */

struct regress_format {
  const char *name;
  void (*write)(struct buf *b, struct cli *c, const struct regress *r, bool all);
};

/* NULL if there is no such format. */
const struct regress_format *regress_format_named(const char *name);
/* "medcom-messaging-message" of a canonical: what stands behind the last "/". */
struct str regress_short(struct str canonical);
/* Inputs, seeded faults aside, with that worst severity under a side (0: X, 1: Y). */
size_t regress_count(const struct regress *r, int side, int severity);

#endif
