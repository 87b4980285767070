/* guard_int: the rows of the guard. */
#ifndef ENDPOINT_GUARD_INT_H
#define ENDPOINT_GUARD_INT_H

#include "endpoint/resource_guard.h"

/* {1} to {3} as in the texts of guard_rules.c. */
enum guard_rule {
  GUARD_MISSING,
  GUARD_SCHEME,
  GUARD_FORM,
  GUARD_QUERY,
  GUARD_BODY,
  GUARD_ISSUER,
  GUARD_AUDIENCE,
  GUARD_EXPIRY_MISSING,
  GUARD_EXPIRED,
  GUARD_NOT_YET,
  GUARD_TIME,
  GUARD_UNBOUND,
  GUARD_NO_CERTIFICATE,
  GUARD_CERTIFICATE,
  GUARD_SCOPE,
  GUARD_ORG_MISSING,
  GUARD_ORG,
  GUARD_DEVICE,
  GUARD_RULES_N
};

struct guard_row {
  int status;
  const char *error; /* of WWW-Authenticate; NULL: none */
};
extern const struct guard_row guard_rows[GUARD_RULES_N];

#endif
