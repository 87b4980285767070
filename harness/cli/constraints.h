/* constraints: the constraints of the built-in definitions, for explain: what they say and where they stand.
 *
 * Reads every definition that is shipped, so only for who asks. */
#ifndef CLI_CONSTRAINTS_H
#define CLI_CONSTRAINTS_H

#include "base/error.h"
#include "base/finding.h"
#include "fhir/definition.h"

struct constraint_place {
  struct str profile; /* canonical|version */
  struct str element; /* its id */
};

/* One meaning of a key: the same expression and severity, wherever it stands. */
struct constraint {
  struct str key, expression;
  enum constraint_severity severity;
  struct said text; /* empty: there is none */
  struct {
    struct constraint_place *v;
    size_t n, cap;
  } places;
};

struct constraints {
  struct constraint **v; /* in the order they are met */
  size_t n, cap;
};

/* All of them, in a. */
MUST_CHECK int constraints_read(struct constraints *out, struct arena *a, struct error *e);

#endif
