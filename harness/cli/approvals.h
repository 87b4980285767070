/* approvals: MedCom's list of approved systems in the store: lists that were read in, and the runs of the store put
 * over them (report/approval.h). */
#ifndef CLI_APPROVALS_H
#define CLI_APPROVALS_H

#include "cli/session.h"
#include "report/approval.h"

/* Appends a list that was read from a file to the store, with the file itself; commits. */
MUST_CHECK int approvals_keep(struct session *s, struct source file, const struct approvals *rows, struct str as_of,
                              struct str by, struct error *e);
/* All lists of the store, the newer over the older; empty if none was read in. In the session's arena. */
MUST_CHECK int approvals_load(struct approvals *out, struct session *s, struct error *e);
/* Writes the lists with the runs that are named, or with all of the store (n 0), as CSV or a workbook. A run that
 * cannot be read is told and left out, and the result is 1 then. */
MUST_CHECK int approvals_report(struct session *s, const char *const *runs, size_t n, bool workbook, const char *output,
                                struct error *e);

#endif
