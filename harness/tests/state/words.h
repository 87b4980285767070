/* words: step words that only play their parts, and the protocol of depends.yaml, for tests of what hangs on what. */
#ifndef TESTS_STATE_WORDS_H
#define TESTS_STATE_WORDS_H

#include "state/depends.h"

/* Some fixtures with labels in them. */
extern const struct depends_files words_files;

/* The text of depends.yaml. */
struct str words_text(struct arena *a);
/* A plan for a system that cannot forward. */
struct plan *words_plan(struct arena *a, struct str text);
struct depends *words_depends(struct arena *a);

#endif
