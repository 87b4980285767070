/* regress: what becomes different when messages are judged by other definitions: X before, Y after.
 *
 * Each side has a book of its own, in which its package is pinned (regress_side_open). Inputs are judged under both by
 * the same program (regress_judge), and each difference is a row of one table: a rule, a profile, an element and a
 * constraint, with the inputs that show it, the protocol steps that judge by that profile, and the systems whose
 * recorded messages are among the inputs. regress_definitions adds what the definitions themselves say otherwise, also
 * where no input shows it; regress_unverified lists the constraints of Y that no step of a protocol can catch.
 *
 * Rows stand in the order in which they were met, so the same sides and inputs give the same table. Everything lives in
 * the arena given to regress_init; books and protocols must live as long. */
#ifndef LINT_REGRESS_H
#define LINT_REGRESS_H

#include "protocol/protocol.h"
#include "validate/validate.h"

#define REGRESS_INPUTS_MAX 20000               /* messages judged in one comparison */
#define REGRESS_INPUT_BYTES ((size_t)64 << 20) /* of one of them */
#define REGRESS_FILES_MAX 20000                /* files of a folder of resources */
#define REGRESS_ROWS_MAX 20000
#define REGRESS_FAULTED_MAX 20 /* messages that faults are made in */

struct regress_side {
  struct str name;         /* NAME@VERSION */
  struct package *package; /* in book */
  struct book *book;
  struct profile_cache *profiles;
};

/* Puts the package that what stands for into b, before any other is added: a .tgz file, a package folder, or a folder
 * of resources (output/ or fsh-generated/ of an IG build), of which a package is made: name, version and dependencies
 * come from its ImplementationGuide. For NAME@VERSION there is nothing to put. *spec becomes NAME@VERSION. */
MUST_CHECK int regress_side_put(struct str *spec, struct book *b, struct arena *a, const char *what, struct error *e);
/* Pins spec in b, to which all packages were added meanwhile. */
MUST_CHECK int regress_side_open(struct regress_side *out, struct arena *a, struct book *b, struct str spec,
                                 const struct shapes *shapes, struct error *e);

enum regress_kind { REGRESS_EXAMPLE, REGRESS_FIXTURE, REGRESS_FAULT, REGRESS_RECORDED };

struct regress_input {
  enum regress_kind kind;
  struct str name;
  struct str system; /* of a recorded message: whose it is; else empty */
  struct str bytes;
  int before, after; /* worst severity under X and Y, -1: nothing found */
};

enum regress_change {
  REGRESS_FAILS,     /* an error under Y that was none under X, or more of them */
  REGRESS_PASSES,    /* an error under X that is none under Y, or fewer of them */
  REGRESS_OTHERWISE, /* a warning or undecided finding more or less */
  REGRESS_DEFINITION,
  REGRESS_CHANGES_N
};

/* A row of --accept: what has been agreed. Empty members fit everything; a "*" at the end fits any rest. */
struct regress_accept {
  struct str change, rule, profile, element, constraint;
  struct str reason, by;
  int line;
  size_t used;
};

struct regress_row {
  enum regress_change change;
  struct str rule;                /* of a definition: "definition.minimum" */
  struct strs profiles;           /* canonicals without version; several where those that build on one inherit it */
  struct str element, constraint; /* may be empty */
  struct str before, after;       /* severities, or whole values of the definition; empty: nothing */
  struct strs inputs, steps, systems;
  const struct regress_accept *accepted; /* NULL: not agreed */
};

/* A constraint of Y that no step verifies. */
struct regress_gap {
  struct str profile, element, key, expression;
  enum constraint_severity severity;
};

struct regress_step {
  const struct protocol *protocol;
  const struct step *step;
  struct map *reach; /* profiles that it judges by, with those they lead to */
};

struct regress {
  struct arena *arena;
  struct regress_side x, y;
  VEC(struct regress_input *) inputs;
  VEC(struct regress_row *) rows;
  VEC(struct regress_gap) gaps;
  VEC(struct regress_accept) accepts;
  VEC(struct regress_step) steps;
  struct map by_key; /* of rows */
  struct map seen;   /* digests of inputs */
  struct map reached;
  bool full; /* something was left out: there are more inputs or rows than REGRESS_INPUTS_MAX, REGRESS_ROWS_MAX */
};

void regress_init(struct regress *r, struct arena *a, struct regress_side x, struct regress_side y);
/* Adds a message; the same bytes are judged once, but for recorded ones. Strings and bytes are copied. NULL when it was
 * there, or there are too many (r->full). */
struct regress_input *regress_add(struct regress *r, enum regress_kind kind, struct str name, struct str system,
                                  struct str bytes);
/* The examples that a side came with (package/example, or what is no definition in a folder of resources). */
MUST_CHECK int regress_add_examples(struct regress *r, const struct regress_side *side, struct error *e);
/* Every .json and .xml file in and below a folder. */
MUST_CHECK int regress_add_folder(struct regress *r, const char *dir, struct error *e);
/* The steps of a protocol that judge by profiles, and the fixtures that it sends, with values of the vendor file and
 * made ones for what only a run knows. */
MUST_CHECK int regress_add_protocol(struct regress *r, const struct protocol *p, const struct facts *variables,
                                    const char *data_dir, struct error *e);
/* Judges one input under both sides. */
void regress_judge(struct regress *r, struct regress_input *in);
/* Seeded faults: the changes to content that files declare, in the form of fixtures/refvendor/defects/, made one at a
 * time to messages that were judged and are right under a side; each is added and judged. Names of a file hold in those
 * behind it. -1 for a file with a mistake. */
MUST_CHECK int regress_add_faults(struct regress *r, const struct source *srcs, size_t n, const struct shapes *shapes,
                                  struct error *e);
/* The differences between the definitions that the two packages lead to. */
void regress_definitions(struct regress *r);
void regress_unverified(struct regress *r);
/* Reads the agreed changes. */
MUST_CHECK int regress_accept_read(struct regress *r, struct source src, struct error *e);
/* Names the steps and systems of every row, and which rows are agreed; call it last. */
void regress_finish(struct regress *r);

/* "newly-failing", "no-longer-failing", "changed", "definition". */
const char *regress_change_name(enum regress_change c);
/* Rows that are not agreed. */
size_t regress_open_rows(const struct regress *r);

#endif
