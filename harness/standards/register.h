/* register: the organisations of the test world, as a look-up in SOR would tell of them.
 *
 * A file (fixtures/standards/register.yaml) has them by a name of our own, which protocols use: ${register.NAME.gln}.
 * Each has a name, a kind of unit, a SOR id, and perhaps a unit above it. A unit without a location number (GLN) of its
 * own inherits that of the nearest unit above, and with it the message types that can be received there: SOR keeps
 * types by location number. Everything lives in the arena that it was read into; strings borrow from the file's bytes.
 */
#ifndef STANDARDS_REGISTER_H
#define STANDARDS_REGISTER_H

#include "base/error.h"
#include "base/map.h"
#include "base/vec.h"

#define REGISTER_FILE "fixtures/standards/register.yaml"
#define REGISTER_BYTES_MAX ((size_t)1 << 20)
#define REGISTER_UNITS_MAX 5000
#define REGISTER_DEPTH_MAX 16
#define REGISTER_TYPES_MAX 100

/* A type of message that is taken in: SOR-EDI code and version. */
struct register_type {
  struct str code, version;
};

struct register_unit {
  struct str id;                      /* its name in protocols */
  struct str name, kind;              /* of the organisation; "hospital", "home care", ... */
  struct str sor, gln;                /* gln: its own, or empty */
  const struct register_unit *parent; /* NULL: none above */
  const struct register_unit *number; /* whose location number counts: itself, one above, or NULL */
  bool active, internal;              /* internal: the number is not reached from outside */
  VEC(struct register_type) receives; /* at its own number */
  int line;
};

struct sor_register {
  VEC(struct register_unit *) units; /* in the order of the file */
  struct map by_id, by_sor, by_gln;
};

/* Reads the bytes of a register; a mistake is an error with line and column. */
MUST_CHECK int sor_register_read(struct sor_register **out, struct arena *a, struct str bytes, struct str name,
                                 struct error *e);
/* Reads REGISTER_FILE below data_dir. */
MUST_CHECK int sor_register_load(struct sor_register **out, struct arena *a, const char *data_dir, struct error *e);
/* The unit with that name, SOR id or own location number; NULL if none. */
const struct register_unit *sor_register_find(const struct sor_register *r, struct str what);
/* The location number that what is meant for the unit goes to: inherited where it has none; empty if none above has. */
struct str register_unit_gln(const struct register_unit *u);
/* True if messages of that type and version can be sent to it: active, not internal, and listed for its number. */
bool register_unit_receives(const struct register_unit *u, struct str code, struct str version);
/* Its "gln" (inherited too), "sor", "organisation" or "unit"; empty for any other field. */
struct str register_unit_field(const struct register_unit *u, struct str field);

#endif
