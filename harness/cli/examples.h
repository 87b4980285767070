/* examples: a message that passes and one that fails, for a rule; or how the rule is judged where no message shows it.
 *
 * Data, in fixtures/examples/: examples.tsv has a row a rule: a message that passes (a file of that folder, with the
 * line ends it has), the level it is judged at ("-": as `testcamp validate` judges a file of which nothing is said;
 * "+FILE": likewise, with the definitions in that file of the folder besides the built-in ones, as by --with), and one
 * change, text for text, that makes it fail. judged.tsv tells of all other rules, by the beginning of their
 * ids, how they are judged. A struct examples lives in its arena; the definitions are read when the first example needs
 * them. */
#ifndef CLI_EXAMPLES_H
#define CLI_EXAMPLES_H

#include "cli/cli.h"
#include "validate/letter_shelf.h"
#include "validate/validate.h"

struct example {
  struct str rule, base;
  struct str level, with;   /* "-" or a level; a file of definitions, or empty */
  struct str find, replace; /* what stands in the base just once, and what stands there instead in the one that fails */
};

struct judged {
  struct str begins; /* ids that begin so; the longest counts */
  struct said how;
};

/* What a message is judged by: the built-in definitions and those of a file of the folder (empty: none). */
struct examples_book {
  struct str with;
  struct profile_cache *cache;
};

struct examples {
  struct cli *cli;
  char *data, *folder;
  struct letter_shelf letters;
  VEC(struct examples_book) books; /* those that were needed so far */
  VEC(struct example) list;
  VEC(struct judged) judged;
};

/* The two messages of an example, and where the change begins. */
struct example_pair {
  struct str passing, failing;
  size_t at;
};

MUST_CHECK int examples_open(struct examples *x, struct cli *c, struct error *e);
/* The example of a rule, or NULL. */
const struct example *examples_of(const struct examples *x, struct str rule);
/* How rules of that id are judged, or NULL. */
const struct said *examples_judged(const struct examples *x, struct str rule);
/* Both messages, in the arena; ERR_SYNTAX if the change does not fit the base. */
MUST_CHECK int example_make(struct example_pair *out, const struct examples *x, const struct example *ex,
                            struct error *e);
/* Judges a message as the example says; its findings are in the arena. */
MUST_CHECK int example_judge(struct findings *out, struct examples *x, const struct example *ex, struct str bytes,
                             struct error *e);
/* The lines that differ, as they pass and as they fail, and the finding. */
MUST_CHECK int example_print(struct examples *x, const struct example *ex, struct error *e);

#endif
