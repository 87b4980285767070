/* percent: values as they stand in an address or a form (RFC 3986, 2.1; application/x-www-form-urlencoded). Pure. */
#ifndef BASE_PERCENT_H
#define BASE_PERCENT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

/* Appends s with all escaped that is not unreserved (RFC 3986, 2.3). */
void percent_encode(struct buf *out, struct str s);
/* "%4F" and '+' become what they stand for, in the arena, with a NUL behind; what is no escape stays as it is, and
 * gives false. */
bool percent_decode(struct str *out, struct arena *a, struct str s);

#endif
