/* mailbox: messages that came to an address shared by several runs and that no one of them wants, or more than one.
 *
 * Each address has a chain of its own in the store (run/camp.h): `received` as in a run, with `why` (nobody, several),
 * and `given` when a person has decided. Owned by the camp; what is taken is appended to the turn's transaction, and
 * the peer answered after it. */
#ifndef RUN_MAILBOX_H
#define RUN_MAILBOX_H

#include "endpoint/hub.h"
#include "store/store.h"

struct mailboxes;

struct mailboxes *mailboxes_new(struct arena *a, struct store *s);
/* name: "<system>/<role>". */
void mailboxes_take(struct mailboxes *m, struct str name, const struct endpoint_arrival *in, size_t claims);
bool mailboxes_dirty(const struct mailboxes *m);
/* Answers the peers of what was committed, or of what was not; how many. */
size_t mailboxes_release(struct mailboxes *m);
size_t mailboxes_refuse(struct mailboxes *m, const char *why);

#endif
