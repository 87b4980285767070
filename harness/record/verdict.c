#include "record/verdict.h"

static const char *const names[VERDICTS] = {
    [VERDICT_NONE] = "none",
    [VERDICT_PASS] = "pass",
    [VERDICT_NOT_APPLICABLE] = "not-applicable",
    [VERDICT_WAITING] = "waiting",
    [VERDICT_INCONCLUSIVE] = "inconclusive",
    [VERDICT_ERROR] = "error",
    [VERDICT_FAIL] = "fail",
};

static const char *const assessment_names[ASSESSMENTS] = {
    [ASSESSMENT_NONE] = "", [ASSESSMENT_NOT_RELEVANT] = "not-relevant",
    [ASSESSMENT_OK] = "OK", [ASSESSMENT_F4] = "F4",
    [ASSESSMENT_F3] = "F3", [ASSESSMENT_F2] = "F2",
    [ASSESSMENT_F1] = "F1",
};

const char *verdict_name(enum verdict v) {
  size_t i = (size_t)v;
  return i < VERDICTS ? names[i] : "unknown";
}

bool verdict_parse(struct str name, enum verdict *out) {
  for (size_t i = 0; i < VERDICTS; i++) {
    if (!str_eqz(name, names[i])) continue;
    *out = (enum verdict)i;
    return true;
  }
  return false;
}

/* The values stand in order of precedence, but for the two that are no outcome. */
enum verdict verdict_join(enum verdict a, enum verdict b) {
  if (a == VERDICT_NOT_APPLICABLE || a == b) return b;
  if (b == VERDICT_NOT_APPLICABLE) return a;
  if (a == VERDICT_NONE) a = VERDICT_WAITING;
  if (b == VERDICT_NONE) b = VERDICT_WAITING;
  return a > b ? a : b;
}

bool verdict_executed(enum verdict v) {
  return v == VERDICT_PASS || v == VERDICT_FAIL || v == VERDICT_INCONCLUSIVE || v == VERDICT_ERROR;
}

int verdict_exit_code(enum verdict v) {
  if (v == VERDICT_PASS || v == VERDICT_NOT_APPLICABLE) return 0;
  return v == VERDICT_FAIL ? 1 : 3;
}

const char *assessment_name(enum assessment a) {
  size_t i = (size_t)a;
  return i < ASSESSMENTS ? assessment_names[i] : "unknown";
}

bool assessment_parse(struct str name, enum assessment *out) {
  for (size_t i = ASSESSMENT_NONE + 1; i < ASSESSMENTS; i++) {
    if (!str_eqz(name, assessment_names[i])) continue;
    *out = (enum assessment)i;
    return true;
  }
  return false;
}

bool assessment_accepts(enum assessment a) {
  return a == ASSESSMENT_NOT_RELEVANT || a == ASSESSMENT_OK || a == ASSESSMENT_F4;
}

bool assessment_bars(enum assessment a) {
  return a == ASSESSMENT_F3 || a == ASSESSMENT_F2 || a == ASSESSMENT_F1;
}
