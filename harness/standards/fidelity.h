/* fidelity: what testcamp does of each standard as it is published, and what in another way or not at all
 * (fixtures/standards/fidelity.yaml).
 *
 * For the report of every run, so that nobody takes a test for more than it is. A note belongs to standards ("*": all),
 * to single protocols, or to both, and names a file where what it says is to be seen. Lives in its arena. */
#ifndef STANDARDS_FIDELITY_H
#define STANDARDS_FIDELITY_H

#include "base/error.h"
#include "base/vec.h"
#include "formats/node.h"

#define FIDELITY_FILE "standards/fidelity.yaml"
#define FIDELITY_BYTES_MAX ((size_t)256 << 10)
#define FIDELITY_NOTES_MAX 500

enum fidelity { FIDELITY_AS_PUBLISHED, FIDELITY_SIMPLIFIED, FIDELITY_DIFFERS, FIDELITY_NOT_SHOWN, FIDELITIES };

struct fidelity_names {
  VEC(struct str) list;
};

struct fidelity_note {
  enum fidelity is;
  struct fidelity_names standards, protocols; /* names; ids */
  struct str en, da;
  struct str see; /* a file, from the folder of data */
};

struct fidelity_notes {
  VEC(struct fidelity_note) list;
};

/* "as-published", "simplified", "differs", "not-shown". */
const char *fidelity_name(enum fidelity f);
/* Mistakes are errors with line and column: keys, words, a note that is about nothing. */
MUST_CHECK int fidelity_read(struct fidelity_notes **out, struct arena *a, struct source src, struct error *e);
/* The same from <data>/fixtures/standards/fidelity.yaml; no notes where there is no such file. */
MUST_CHECK int fidelity_load(struct fidelity_notes **out, struct arena *a, const char *data, struct error *e);
/* Is it about that protocol of that standard? */
bool fidelity_concerns(const struct fidelity_note *n, struct str standard, struct str protocol);

#endif
