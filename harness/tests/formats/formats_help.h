/* formats_help: what the tests of the readers share. */
#ifndef TESTS_FORMATS_HELP_H
#define TESTS_FORMATS_HELP_H

#include "formats/node.h"

typedef int reader_fn(struct node **out, struct arena *a, struct source src, struct findings *f);

struct reading {
  struct arena *arena;
  struct findings findings;
  struct node *root;
  int rc;
};

/* Reads bytes; reading_release frees what it made. */
void reading_of(struct reading *r, reader_fn *read, struct str bytes);
void reading_release(struct reading *r);
/* "ok", or "bad", then " rule@line:col" for each finding. */
struct str reading_outcome(struct reading *r);
/* The tree, a line a node. */
struct str tree_dump(struct arena *a, const struct node *n);
/* A data file; ends the test when it is not there. */
struct str data_file(struct arena *a, const char *name);
/* Undoes %HH. */
struct str percent_decode(struct arena *a, struct str s);
/* Runs every "name<TAB>outcome<TAB>bytes" line of a data file; gives their number. */
size_t run_cases(const char *file, reader_fn *read);

#endif
