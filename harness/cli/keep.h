/* keep: the folder of FHIR packages as one NAME-VERSION.tgz each, written whole or not at all. */
#ifndef CLI_KEEP_H
#define CLI_KEEP_H

#include "fhir/package.h"

struct keep {
  const char *dir;
  bool replace; /* another content takes the place of the one that is there */
};

/* Where that package is kept, or would be. */
const char *keep_path(const struct keep *k, struct arena *a, struct str name, struct str version);
/* Keeps bytes, the .tgz of p. *same: it was there already. A package that is kept never changes silently: other content
 * under the same name is an error without replace. */
MUST_CHECK int keep_package(const struct keep *k, struct arena *a, const struct package *p, struct str bytes,
                            bool *same, struct error *e);

#endif
