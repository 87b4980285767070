/* serve_known: the systems that a store knows, though no run of theirs is open: after a start of the server their
 * addresses say so (503, try again), as they did before it, and are not told to be of nobody (404). A vendor file that
 * many runs share is read once. Lives in an arena of the caller, as long as the store's runs are looked through. */
#ifndef CLI_SERVE_KNOWN_H
#define CLI_SERVE_KNOWN_H

#include "base/map.h"
#include "run/camp.h"

struct serve_known {
  struct camp *camp;
  struct store *store;
  struct map files; /* digests of the vendor files that were read */
};

void serve_known_init(struct serve_known *k, struct arena *a, struct camp *camp, struct store *store);
/* The systems of the run that began so. What of them cannot be read stays unknown: the run itself tells why. */
void serve_known_add(struct serve_known *k, const struct event *first);

#endif
