/* severities: how severe a broken rule is, where it is not to be as its table says.
 *
 * A mapping of rules and severities: `{identifier.gln: error, "flow.wish.*": off}`; "*" at the end of a rule is any
 * rest. It stands in a protocol (`severities`) or in a file of its own (`testcamp validate --severities FILE`). Of the
 * entries that fit a finding the last one counts. Everything lives in the arena; strings borrow from the tree. */
#ifndef STANDARDS_SEVERITIES_H
#define STANDARDS_SEVERITIES_H

#include "formats/node.h"

#define SEVERITIES_BYTES_MAX ((size_t)1 << 20)
#define SEVERITIES_MAX 1000

struct severity_of {
  struct str rule;
  enum severity severity;
  bool off; /* it is not told at all */
  const struct node *node;
};

struct severities {
  VEC(struct severity_of) list;
};

/* Reads a mapping; a mistake is an error with line and column in the file called name. NULL: none. */
MUST_CHECK int severities_read(struct severities *out, struct arena *a, const struct node *mapping, struct str name,
                               struct error *e);
/* The same of a file that is nothing but the mapping. */
MUST_CHECK int severities_read_file(struct severities *out, struct arena *a, struct source src, struct error *e);
/* True if an entry is about the rule of that id. */
bool severity_is_of(const struct severity_of *s, struct str rule);
/* The findings from that one on take these severities; what is off is taken out. */
void severities_apply(const struct severities *s, struct findings *f, size_t from);

#endif
