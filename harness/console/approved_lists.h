/* approved_lists: the lists of approved systems that were read into a store (`testcamp approvals`), as one: the newer
 * over the older (report/approval.h). Empty if none was read in; everything in a. */
#ifndef CONSOLE_APPROVED_LISTS_H
#define CONSOLE_APPROVED_LISTS_H

#include "report/approval.h"
#include "store/store.h"

MUST_CHECK int approved_lists_load(struct approvals *out, struct store *s, struct arena *a, bool danish,
                                   struct error *e);

#endif
