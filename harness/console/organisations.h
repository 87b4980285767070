/* organisations: the vendors that have accounts and systems in the console. */
#ifndef CONSOLE_ORGANISATIONS_H
#define CONSOLE_ORGANISATIONS_H

#include "console/db.h"

#define ORGANISATION_NAME_MAX 120

struct organisation {
  int64_t id;
  struct str name, contact, email;
  int64_t accounts, systems, runs; /* how many */
};

/* Adds one; the name is 1 to ORGANISATION_NAME_MAX bytes without control characters, and not taken. */
MUST_CHECK int organisation_add(struct db *d, struct organisation *o, int64_t now, struct error *e);
/* All, by name; id > 0: that one alone. */
MUST_CHECK int organisations_get(struct db *d, struct arena *a, int64_t id, struct organisation **out, size_t *n,
                                 struct error *e);
/* The number of the one with that name; 0 if there is none. */
MUST_CHECK int organisation_named(struct db *d, struct str name, int64_t *id, struct error *e);

#endif
