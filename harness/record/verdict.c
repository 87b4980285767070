#include "record/verdict.h"

static const char *const names[] = {
    [VERDICT_NONE] = "none",
    [VERDICT_PASS] = "pass",
    [VERDICT_NOT_APPLICABLE] = "not-applicable",
    [VERDICT_WAITING] = "waiting",
    [VERDICT_INCONCLUSIVE] = "inconclusive",
    [VERDICT_ERROR] = "error",
    [VERDICT_FAIL] = "fail",
};

#define VERDICTS (sizeof names / sizeof *names)

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

int verdict_exit_code(enum verdict v) {
  if (v == VERDICT_PASS || v == VERDICT_NOT_APPLICABLE) return 0;
  return v == VERDICT_FAIL ? 1 : 3;
}
