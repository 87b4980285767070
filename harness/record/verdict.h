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

#define VERDICTS 7

/* MedCom's scale (the verdicts of its test protocols): in order, the worst last. */
enum assessment {
  ASSESSMENT_NONE, /* not assessed */
  ASSESSMENT_NOT_RELEVANT,
  ASSESSMENT_OK,
  ASSESSMENT_F4, /* less significant: no hindrance */
  ASSESSMENT_F3, /* significant; this one and worse must be mended before an approval */
  ASSESSMENT_F2, /* serious */
  ASSESSMENT_F1  /* critical */
};

#define ASSESSMENTS 7

/* "none", "pass", "not-applicable", "waiting", "inconclusive", "error", "fail". */
const char *verdict_name(enum verdict v);
bool verdict_parse(struct str name, enum verdict *out);
/* The verdict of a whole of two parts: fail, else error, else inconclusive, else waiting, else pass; a part that is
 * not applicable changes nothing; none counts as waiting when the other part has begun. */
enum verdict verdict_join(enum verdict a, enum verdict b);
/* True if a step with that verdict was carried out and judged. */
bool verdict_executed(enum verdict v);
/* 0 pass or not applicable, 1 fail, 3 all else. */
int verdict_exit_code(enum verdict v);
/* "", "not-relevant", "OK", "F4", "F3", "F2", "F1". */
const char *assessment_name(enum assessment a);
/* Reads a name, but for the empty one. */
bool assessment_parse(struct str name, enum assessment *out);
/* True for OK, F4 and not relevant. */
bool assessment_accepts(enum assessment a);
/* True for F1, F2 and F3. */
bool assessment_bars(enum assessment a);

#endif
