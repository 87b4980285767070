/* fill: ${...} in texts that people read, replaced by what the caller knows.
 *
 * What a variable is worth is the caller's: a run knows all, a printed protocol a part. Variables that get nothing stay
 * as they are written. (What is sent is made by steps/expand.h, which knows more and refuses what it does not know.) */
#ifndef PROTOCOL_FILL_H
#define PROTOCOL_FILL_H

#include "base/buf.h"

/* value gives what the variable of that name is worth; empty: it stays. Borrows text where nothing is to be replaced,
 * else in a. */
struct str fill_text(struct arena *a, struct str text, struct str (*value)(void *payload, struct str name),
                     void *payload);

#endif
