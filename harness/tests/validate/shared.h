/* shared: what the tests of this room have in common: the real examples, listed by index.tsv. */
#ifndef TESTS_VALIDATE_SHARED_H
#define TESTS_VALIDATE_SHARED_H

#include "validate/validate.h"

/* The folder of shared material, or NULL. */
const char *shared_dir(struct arena *a);
/* Calls fn for each valid message Bundle of the examples whose path holds one of the NULL-terminated parts; gives how
 * many. */
size_t shared_each_valid(const char *const *parts, void (*fn)(struct arena *a, struct source src));
/* Takes out the findings whose rule begins like that: what another test is about. */
void shared_drop(struct findings *f, const char *prefix);
/* "rule line:col" of every finding, one a line. */
struct str shared_list(struct arena *a, const struct findings *f);

#endif
