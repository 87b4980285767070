/* letters_list: the catalogue of letters, printed. */
#ifndef CLI_LETTERS_LIST_H
#define CLI_LETTERS_LIST_H

#include "cli/cli.h"

/* A line a version and form (EDIFACT, OIOXML): type, version, approved or not, how well its structure is known and
 * from when that is, name; of the types that are named ("DIS91", "XDIS91"), or of all. Gives the exit code. */
int letters_list(struct cli *c, const char *const *types, size_t n);

#endif
