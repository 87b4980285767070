/* service: the kinds of service that testcamp plays for a system (`services` of a protocol), with what people call
 * them.
 *
 * A row for each kind of endpoint that can be one (endpoint/endpoint.c); a test holds the two tables together. The room
 * knows no endpoints: a protocol that names another kind is refused when it is read. */
#ifndef PROTOCOL_SERVICE_H
#define PROTOCOL_SERVICE_H

#include "protocol/protocol.h"

struct service_kind {
  const char *name;
  struct protocol_text title;
};

extern const struct service_kind service_kinds[]; /* ends with name NULL */

/* The row of that name; NULL: this build has no such service. */
const struct service_kind *service_kind_named(struct str name);

#endif
