/* verdict: the machine's verdicts and MedCom's scale, and how they roll up (architecture.md, Verdicts). */
#ifndef RECORD_VERDICT_H
#define RECORD_VERDICT_H

#include "base/str.h"

enum verdict {
  VERDICT_NONE, /* not reached yet */
  VERDICT_PASS,
  VERDICT_NOT_APPLICABLE,
  VERDICT_WAITING,
  VERDICT_INCONCLUSIVE,
  VERDICT_ERROR,
  VERDICT_FAIL
};

/* "none", "pass", "not-applicable", "waiting", "inconclusive", "error", "fail". */
const char *verdict_name(enum verdict v);
bool verdict_parse(struct str name, enum verdict *out);
/* The verdict of a whole of two parts: fail, else error, else inconclusive, else waiting, else pass; a part that is
 * not applicable changes nothing; none counts as waiting when the other part has begun. */
enum verdict verdict_join(enum verdict a, enum verdict b);
/* 0 pass or not applicable, 1 fail, 3 all else. */
int verdict_exit_code(enum verdict v);

#endif
