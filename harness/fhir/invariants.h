/* invariants: what the constraints of the shipped definitions say, in plain words of ours, English and Danish.
 *
 * Read from fixtures/standards/invariants.tsv (its form stands in fixtures/standards/README.md), only when a constraint
 * is to be explained. A text belongs to a key together with an expression: definitions of other packages use the same
 * key for something else, and then nothing is found rather than a wrong text. All strings live in the arena given to
 * invariants_read, or are parts of its source, which must live as long. */
#ifndef FHIR_INVARIANTS_H
#define FHIR_INVARIANTS_H

#include "base/error.h"
#include "base/finding.h"
#include "base/map.h"
#include "formats/node.h"

#define INVARIANTS_FILE "fixtures/standards/invariants.tsv" /* below file_data_dir */
#define INVARIANTS_FILE_MAX ((size_t)4 << 20)
#define INVARIANTS_MAX 20000    /* pairs of a key and an expression */
#define INVARIANT_TEXT_MAX 1000 /* bytes of one text */

struct invariant {
  struct str key, expression;
  struct said text;
};

struct invariants {
  struct invariant *v; /* in the order of the file; a row with several keys or expressions is several of them */
  size_t n, cap;
  struct map by_both;
};

/* -1 with file and line for a row without a key, a text or an expression, for one that is there twice, and at a
 * limit. */
MUST_CHECK int invariants_read(struct invariants **out, struct arena *a, struct source text, struct error *e);
/* Reads the file below the folder of data. */
MUST_CHECK int invariants_open(struct invariants **out, struct arena *a, const char *data, struct error *e);
/* NULL if there is none. */
const struct invariant *invariants_find(const struct invariants *list, struct str key, struct str expression);

#endif
