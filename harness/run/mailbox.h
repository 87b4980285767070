/* mailbox: messages that came to an address shared by several runs and that no one of them wants, or more than one.
 *
 * Each address has a chain of its own in the store (run/camp.h): `received` as in a run, with `why` (nobody, several),
 * and `given` when a person has decided, or when a run of that address has come to wait for it: a message may be
 * faster than the step that opens for it. Owned by the camp; what is taken is appended to the turn's transaction, and
 * the peer answered after it. */
#ifndef RUN_MAILBOX_H
#define RUN_MAILBOX_H

#include "endpoint/hub.h"
#include "store/store.h"

struct mailboxes;
struct run;

/* Of this process, the newest so many are offered to the runs that were open when they came. */
#define MAILBOX_OFFERS_MAX 1000
/* Runs of one address that are remembered with a message. */
#define MAILBOX_RUNS_MAX 64

/* The runs that are open at an address now; how many, at most max. */
struct mailbox_runs {
  size_t (*at)(void *context, struct str name, struct run **out, size_t max);
  void *context;
};

struct mailboxes *mailboxes_new(struct arena *a, struct store *s, const struct mailbox_runs *runs);
/* Gives what just one run has come to wait for; how many. Before the commit. */
size_t mailboxes_offer(struct mailboxes *m);
/* name: "<system>/<role>". */
void mailboxes_take(struct mailboxes *m, struct str name, const struct endpoint_arrival *in, size_t claims);
bool mailboxes_dirty(const struct mailboxes *m);
/* Answers the peers of what was committed, or of what was not; how many. */
size_t mailboxes_release(struct mailboxes *m);
size_t mailboxes_refuse(struct mailboxes *m, const char *why);

#endif
