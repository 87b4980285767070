/* html_check: a strict reader of the HTML that we write, for tests. */
#ifndef TESTS_REPORT_HTML_CHECK_H
#define TESTS_REPORT_HTML_CHECK_H

#include "base/map.h"
#include "base/vec.h"

struct html_check {
  struct arena *a;
  struct str problem;  /* the first one; empty if the page is well-formed */
  struct map ids;      /* id -> itself */
  struct map elements; /* name -> size_t count */
  VEC(struct str) links;
  VEC(struct str) sources; /* of img */
  VEC(struct str) attrs;   /* all attribute names */
};

void html_check(struct html_check *c, struct arena *a, struct str page);
size_t html_check_count(const struct html_check *c, const char *element);

#endif
