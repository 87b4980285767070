/* schema: the tables of keys as a JSON Schema (draft 7), so that editors complete protocols and vendor files.
 *
 * What the tables do not say (which keys exclude each other, what a text may hold) is left to `testcamp lint`: a file
 * that the readers take is valid by its schema. */
#ifndef PROTOCOL_SCHEMA_H
#define PROTOCOL_SCHEMA_H

#include "formats/json.h"
#include "protocol/keys.h"
#include "protocol/protocol.h"

enum schema_shape {
  SCHEMA_OBJECT, /* the value of the key is a mapping by the table */
  SCHEMA_LIST,   /* a list of such mappings */
  SCHEMA_NAMED   /* a mapping of free names to such mappings */
};

/* What a key holds whose table is another one; the list of them ends with key NULL. */
struct schema_part {
  const char *key;
  enum schema_shape shape;
  const struct key *table;
  const struct schema_part *parts;
  const char *ref; /* instead of a table: the name of a definition */
};

/* Begins and ends a schema: what stands between is put by the two below. */
void schema_begin(struct json_writer *w, const char *title);
void schema_end(struct json_writer *w);
/* The members of an object by a table: type, properties, required. */
void schema_put_members(struct json_writer *w, const struct key *table, const struct schema_part *parts);
/* The same as a member of its own. */
void schema_put_object(struct json_writer *w, const char *name, const struct key *table,
                       const struct schema_part *parts);

/* The schema of a protocol whose steps are of these kinds. */
void protocol_schema(struct buf *out, const struct step_kind *const *kinds);

#endif
