/* fact: what is known of a message, as ordered name-value pairs.
 *
 * Filled once when a message is read (validate/message.h lists the names),
 * kept in the event log, and used to match messages with steps without reading
 * the bytes again. Names are static strings; values are copied into the arena. */
#ifndef BASE_FACT_H
#define BASE_FACT_H

#include "base/vec.h"

struct fact {
  struct str name, value;
};

struct facts {
  struct arena *arena;
  VEC(struct fact) list;
};

/* Of a message that came to a service which several systems share: the one that asked, as the protocol names it. */
#define FACT_CALLER "caller"

void facts_init(struct facts *f, struct arena *a);
/* Adds a pair; empty values are left out; a name that is there is replaced. */
void facts_put(struct facts *f, struct str name, struct str value);
/* The value, empty if there is none. */
struct str facts_get(const struct facts *f, const char *name);

#endif
