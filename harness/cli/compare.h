/* compare: a run judged by others and here: differing verdicts, and differing versions of what judged. */
#ifndef CLI_COMPARE_H
#define CLI_COMPARE_H

#include "cli/session.h"
#include "run/rejudge.h"
#include "seal/seal.h"

/* One line a version (program, definitions, protocol) that is another one here. */
void compare_versions(struct session *s, const struct seal_bundle *b);
/* One line a step with another verdict, its findings here below it; then the sum. */
void compare_verdicts(struct cli *c, const struct rejudge *r);

#endif
