/* declared: defects of content, as data: what is wrong with a message, declared as changes to a right one.
 *
 * The files of fixtures/refvendor/defects/ list them, one a message standard, and common.yaml what messages of any
 * standard can have, with the names that all may use (its head tells the form). One source of truth for two ways: the
 * reference vendor makes the change to what it sends (--defect NAME), and a recorded clean run is judged again with the
 * change made to what was received (run/run_replay.h). Both call declared_apply on the bytes of the wire, so they
 * cannot differ in what they change. The list lives in the arena that it was read into. */
#ifndef REFVENDOR_DECLARED_H
#define REFVENDOR_DECLARED_H

#include "base/error.h"
#include "base/vec.h"
#include "fhir/change.h"

#define DECLARED_DIR "fixtures/refvendor/defects"
/* What `event` calls what is no message: reports to EDS, and questions to EAS. */
#define DECLARED_AUDIT_EVENT "audit-event"
#define DECLARED_PARAMETERS "parameters"
#define DECLARED_COMMON "common" /* the file that is read first */

/* In the bytes as they are sent: the first place of a text, and what stands there instead. */
struct declared_wire {
  struct str find, by;
};

/* A field of the envelope (declared_field.c has the table), and what it says instead. */
struct declared_field {
  struct str name, value;
};

struct declared {
  struct str id, en, da;
  struct str standard;   /* name of its file, without .yaml */
  VEC(struct str) event; /* which messages: codes of MessageHeader.event, "!" before one that is not meant; none: all */
  VEC(struct str) on;    /* which of them: activities of their own Provenance; none: all */
  struct str where;      /* FHIRPath of the payload that must be true; empty: always */
  VEC(struct change) changes;
  VEC(struct declared_field) envelope;
  VEC(struct declared_wire) wire;
  VEC(struct str) letter;            /* letters of these types are meant, "XDIS16", "DIS*", and no FHIR; none: FHIR */
  VEC(struct declared_wire) payload; /* of letters: as wire, but in what the envelope holds */
};

struct declared_list {
  VEC(struct declared) list;
};

/* True if there is such a field; and says it otherwise, in a. */
struct envelope;
bool declared_field_is(struct str name);
void declared_field_set(struct envelope *env, struct arena *a, const struct declared_field *f);
/* Reads the files below data_dir; a mistake names file, line and column. */
MUST_CHECK int declared_read(struct declared_list *out, struct arena *a, const char *data_dir, struct error *e);
/* The defect of that name, or NULL. */
const struct declared *declared_find(const struct declared_list *l, struct str id);
/* Makes the changes to a message as it is on the wire. *changed: false if it is another sort of message, or has nothing
 * of what would be changed; *wire is then what it was, else in a. */
MUST_CHECK int declared_apply(struct str *wire, bool *changed, const struct declared *d, struct arena *a,
                              const struct shapes *shapes, struct error *e);

#endif
