/* severity_file: severities (standards/severities.h) as commands use them: only of rules that there are. */
#ifndef CLI_SEVERITY_FILE_H
#define CLI_SEVERITY_FILE_H

#include "standards/severities.h"

/* An error, with the nearest id, if an entry is about no rule that `testcamp explain` knows; file is where they stand.
 */
MUST_CHECK int severities_check(const struct severities *s, struct str file, struct error *e);
/* Reads a file, and checks it. */
MUST_CHECK int severities_open(struct severities *out, struct arena *a, const char *path, struct error *e);

#endif
