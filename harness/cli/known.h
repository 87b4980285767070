/* known: files of known issues as commands use them. */
#ifndef CLI_KNOWN_H
#define CLI_KNOWN_H

#include "cli/session.h"
#include "validate/known_issues.h"

/* Reads a file. Every mistake in it is printed on standard error, and so is every issue that has expired at that time.
 * EXIT_OK, or the exit code of the failure. */
int known_open(struct known_issues **out, struct cli *c, const char *file, int64_t at);

/* What a new run goes by: all of file (NULL: none), and of the shipped ones those that the protocol tolerates. Fills
 * the session's options; call it when plan and standards are there. An id that the protocol tolerates and nobody lists
 * is an error at its line, and so is a severity of a rule that is none. */
MUST_CHECK int known_for_run(struct session *s, const struct known_issues *file, struct error *e);
/* The same from the file that an older run kept, in a, which lives as long as the run is open; bytes empty: none. */
MUST_CHECK int known_of_run(struct session *s, struct arena *a, struct source file, struct error *e);

#endif
