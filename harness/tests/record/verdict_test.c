#include "record/verdict.h"

#include <criterion/criterion.h>

Test(verdict, names_go_both_ways) {
  enum verdict v;
  for (int i = 0; i < VERDICTS; i++) {
    cr_assert(verdict_parse(str_z(verdict_name((enum verdict)i)), &v));
    cr_expect_eq((int)v, i);
  }
  cr_expect(!verdict_parse(STR("passed"), &v));
  cr_expect_str_eq(verdict_name((enum verdict)99), "unknown");
}

/* Rows and columns: none, pass, not-applicable, waiting, inconclusive, error, fail. */
Test(verdict, join) {
  enum { N = VERDICT_NONE, P = VERDICT_PASS, A = VERDICT_NOT_APPLICABLE, W = VERDICT_WAITING };
  enum { I = VERDICT_INCONCLUSIVE, E = VERDICT_ERROR, F = VERDICT_FAIL };
  static const int want[VERDICTS][VERDICTS] = {
      {N, W, N, W, I, E, F}, {W, P, P, W, I, E, F}, {N, P, A, W, I, E, F}, {W, W, W, W, I, E, F},
      {I, I, I, I, I, E, F}, {E, E, E, E, E, E, F}, {F, F, F, F, F, F, F},
  };
  for (int i = 0; i < VERDICTS; i++)
    for (int j = 0; j < VERDICTS; j++)
      cr_expect_eq((int)verdict_join((enum verdict)i, (enum verdict)j), want[i][j], "%s and %s",
                   verdict_name((enum verdict)i), verdict_name((enum verdict)j));
}

Test(verdict, join_does_not_depend_on_order) {
  for (int i = 0; i < VERDICTS; i++)
    for (int j = 0; j < VERDICTS; j++)
      for (int k = 0; k < VERDICTS; k++) {
        enum verdict x = (enum verdict)i, y = (enum verdict)j, z = (enum verdict)k;
        cr_expect_eq(verdict_join(verdict_join(x, y), z), verdict_join(x, verdict_join(y, z)), "%s %s %s",
                     verdict_name(x), verdict_name(y), verdict_name(z));
      }
}

Test(verdict, exit_codes) {
  static const int want[VERDICTS] = {3, 0, 0, 3, 3, 3, 1};
  for (int i = 0; i < VERDICTS; i++) cr_expect_eq(verdict_exit_code((enum verdict)i), want[i]);
}

Test(verdict, assessments_have_names_and_meaning) {
  static const char *const names[ASSESSMENTS] = {"", "not-relevant", "OK", "F4", "F3", "F2", "F1"};
  enum assessment v;
  cr_expect(!assessment_parse(STR(""), &v));
  cr_expect(!assessment_parse(STR("ok"), &v));
  for (int i = 1; i < ASSESSMENTS; i++) {
    cr_assert(assessment_parse(str_z(names[i]), &v), "%s", names[i]);
    cr_expect_eq((int)v, i);
    cr_expect_str_eq(assessment_name(v), names[i]);
    cr_expect_eq(assessment_accepts(v), i <= ASSESSMENT_F4);
    cr_expect_eq(assessment_bars(v), i > ASSESSMENT_F4);
  }
  cr_expect(!assessment_accepts(ASSESSMENT_NONE) && !assessment_bars(ASSESSMENT_NONE));
}
