/* shown: a run as it may be shown and shared: tokens, private keys and CPR numbers of nobody on the list of test
 * persons are masked (seal/mask.h), and what was erased or is in quarantine is not there. */
#ifndef CLI_SHOWN_H
#define CLI_SHOWN_H

#include "cli/session.h"

/* The record of a run, masked; in the session's arena. */
MUST_CHECK int shown_record(struct session *s, struct run *r, struct record *out, struct error *e);
/* The same, with the pictures of its evidence, for documents that show them. */
MUST_CHECK int shown_document(struct session *s, struct run *r, struct record *out, struct error *e);
/* The bytes of an exchange of such a record, masked, in a; false: they are withheld, or (e tells) lost. */
bool shown_exchange(struct session *s, const struct record_exchange *x, struct arena *a, struct str *bytes,
                    struct error *e);

#endif
