/* answers: what persons answer, from a YAML file.
 *
 *   answers:
 *     "3.3.1.2": {answer: ok, text: "seen on screen", evidence: [screens/a.png]}
 *     "3.4.1.7": "a text alone is an answer to an explain step"
 *   by: JD
 *   test-persons-only: true
 * Keys are step ids; unknown ones are an error (answers_check). Evidence paths are relative to the file, and are taken
 * only with the declaration that test persons alone are in them: here, or in the vendor file. */
#ifndef RUN_ANSWERS_H
#define RUN_ANSWERS_H

#include "base/vec.h"
#include "plan/plan.h"

#define ANSWERS_EVIDENCE_MAX 50

struct answer {
  struct str step;
  struct str answer; /* done, ok, fail, not-relevant */
  struct str text;
  struct str by;
  VEC(struct str) evidence; /* paths */
  bool declared;            /* test persons only */
  int line, col;
};

struct answers {
  struct str file;
  VEC(struct answer) list;
};

MUST_CHECK int answers_load(struct answers **out, struct arena *a, const char *path, struct error *e);
/* Every answer belongs to a step of the protocol. */
MUST_CHECK int answers_check(const struct answers *an, const struct protocol *const *p, size_t n, struct error *e);
/* Evidence without the declaration is an error. */
MUST_CHECK int answers_declared(const struct answers *an, const struct vendor *v, struct error *e);
/* The answer to a step, or NULL; an may be NULL. */
const struct answer *answers_find(const struct answers *an, struct str step);

#endif
