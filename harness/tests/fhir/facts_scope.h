/* facts_scope: which definitions are shipped as facts: the profiles of the message types that the protocols certify,
 * and all that they lean on, as a book with the published packages finds it. */
#ifndef TESTS_FACTS_SCOPE_H
#define TESTS_FACTS_SCOPE_H

#include "fhir/facts.h"

struct facts_scope {
  struct arena *arena;
  struct book *book; /* of all published packages */
  struct map wanted; /* "NAME@VERSION file" -> struct package_item * */
  struct {
    struct package **v;
    size_t n, cap;
  } packages; /* that hold something wanted */
  struct {
    struct package_item **v;
    size_t n, cap;
  } items;
};

/* The folder of the published packages, or NULL. */
const char *facts_shared(struct arena *a);
/* Fills s from that folder; false if it is not there. */
bool facts_scope_read(struct facts_scope *s, struct arena *a);
/* For struct facts_choice. */
bool facts_scope_wants(void *context, struct package_item *item);
/* True for the few definitions whose publisher made the snapshot with other versions than the package names. */
bool facts_scope_keeps_snapshot(void *context, struct package_item *item);
/* True if the package is shipped whole. */
bool facts_scope_is_whole(const struct package *p);

#endif
