/* eds_int: who asks EDS, and what it may see. */
#ifndef ENDPOINT_EDS_INT_H
#define ENDPOINT_EDS_INT_H

#include "base/map.h"
#include "endpoint/resource_guard.h"
#include "endpoint/rest_party.h"

/* One request; lives as long as that. */
struct eds_caller {
  struct endpoint *ep;
  struct arena *arena;
  bool guarded; /* false: nobody is asked for a token, and everybody sees all */
  struct guard_answer guard;
  bool looked;         /* messages is filled */
  struct map messages; /* ids of those that its device reported */
};

/* rest_service.shows (eds_access.c): a citizen sees what is about that person, a supporter with a role of an
 * organisation all, a system what its device reported and the messages that it, or its organisation, took part in. */
bool eds_shows(void *caller, const struct node *resource);

#endif
