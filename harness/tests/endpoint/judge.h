/* judge: what our own servers say, by the built-in definitions. */
#ifndef TESTS_ENDPOINT_JUDGE_H
#define TESTS_ENDPOINT_JUDGE_H

#include "formats/node.h"

/* Errors that the profiles which it names find in a resource. */
size_t judge_errors(struct arena *a, const struct node *resource);
/* There is no error, and nothing that could not be decided; what there is is shown. */
void judge_is_fine(struct arena *a, const struct node *resource);

#endif
