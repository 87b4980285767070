/* examples: a message that passes and one that fails, for a rule; or how the rule is judged where no message shows it.
 *
 * Data, in fixtures/examples/: examples.tsv has a row a rule: a message that passes (a file of that folder, with the
 * line ends it has; "#payload" behind it: what that envelope holds), how it is judged, and one change, text for text,
 * that makes it fail. It is judged alone, at a level ("-": as `testcamp validate` judges a file of which nothing is
 * said), or, a receipt, together with another file of the folder, as a run holds them against each other: the message
 * that it answers, or a receipt that came before; or by the definitions in another file of the folder besides the
 * built-in ones. judged.tsv tells of all other rules, by the beginning of their ids,
 * how they are judged. A struct examples lives in its arena; the definitions are read when the first example needs
 * them. */
#ifndef CLI_EXAMPLES_H
#define CLI_EXAMPLES_H

#include "cli/cli.h"
#include "validate/letter_shelf.h"
#include "validate/validate.h"

enum example_how {
  EXAMPLE_ALONE,
  EXAMPLE_ANSWERS,  /* the base is a receipt, and is held against the file beside it, which it answers */
  EXAMPLE_ANSWERED, /* the file beside it is the receipt, and is held against the base; only the receipt is judged */
  EXAMPLE_AFTER,    /* the base is a receipt that came after the one beside it */
  EXAMPLE_WITH      /* judged alone, by the definitions in the file beside it too, as by `testcamp validate --with` */
};

struct example {
  struct str rule;
  struct str base; /* as findings name it: the file, perhaps with "#payload" behind */
  struct str file;
  enum example_how how;
  struct str level, beside; /* what is judged by itself; the other file, of one that is not judged alone */
  struct str find, replace; /* what stands in the base just once, and what stands there instead in the one that fails */
};

struct judged {
  struct str begins; /* ids that begin so; the longest counts */
  struct said how;
};

/* What messages are judged by: the built-in definitions and those of a file of the folder (empty: none). */
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

/* The two messages of an example; the two texts of them that differ, which are the messages or what they hold, and
 * where the change begins in these. */
struct example_pair {
  struct str passing, failing;
  struct str shown_passing, shown_failing;
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
/* A file of the folder, in the arena. */
MUST_CHECK int examples_read(struct str *out, const struct examples *x, struct str file, struct error *e);
/* "answers", "answered by", "after", "with"; empty of one that is judged alone. */
const char *example_how_word(enum example_how how);
/* Judges a message as the example says, beside the other file where it names one; its findings are in the arena. */
MUST_CHECK int example_judge(struct findings *out, struct examples *x, const struct example *ex, struct str bytes,
                             struct error *e);
/* The lines that differ, as they pass and as they fail, and the finding. */
MUST_CHECK int example_print(struct examples *x, const struct example *ex, struct error *e);

#endif
