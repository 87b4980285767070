/* start_int: the page of a new test: the form and what comes of it (start.c), and the look at what it will test, from
 * which single cases are chosen (start_preview.c). */
#ifndef CONSOLE_START_INT_H
#define CONSOLE_START_INT_H

#include "console/offers.h"
#include "formats/node.h"

#define START_PARTIES_MAX 6
#define START_CASES_MAX 200

/* What was chosen so far: of a query or of a form, read the same way. */
struct start_chosen {
  struct str protocol, system, mode;
  struct str parties[START_PARTIES_MAX];
  bool picked;           /* it came from a list of cases */
  bool whole;            /* all of the protocol, as without such a list */
  VEC(struct str) cases; /* that were ticked in it */
};

/* What `run --dry-run --format json` said, with a form to start some of it. */
void start_preview(struct visit *v, const struct start_chosen *c, const struct offer *p, const struct node *root);
/* What it said in place of that. */
void start_trouble(struct visit *v, struct str text);

#endif
