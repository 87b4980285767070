/* known: files of known issues as commands use them. */
#ifndef CLI_KNOWN_H
#define CLI_KNOWN_H

#include "cli/cli.h"
#include "validate/known_issues.h"

/* Reads a file. Every mistake in it is printed on standard error, and so is every issue that has expired at that time.
 * EXIT_OK, or the exit code of the failure. */
int known_open(struct known_issues **out, struct cli *c, const char *file, int64_t at);

#endif
