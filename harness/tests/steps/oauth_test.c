/* What came to the authorization server: it judged it itself, by the EHMI profile, and the step says no more and no
 * less. */
#include "tests/steps/rig.h"

#include <criterion/criterion.h>
#include <stdio.h>

struct row {
  const char *where, *status, *rule, *noted, *severity, *wrong;
  enum verdict verdict;
  const char *told;
};

static void put(struct facts *f, const char *name, const char *value) {
  if (value) facts_put(f, str_z(name), str_z(value));
}

static void came(struct rig *r, const struct row *row) {
  struct facts f;
  facts_init(&f, r->a);
  put(&f, "oauth.request", "token");
  put(&f, "http.status", row->status);
  put(&f, "oauth.rule", row->rule);
  put(&f, "oauth.issue", row->rule ? "refused" : NULL);
  put(&f, "oauth.issue.da", row->rule ? "afvist" : NULL);
  put(&f, "oauth.noted", row->noted);
  put(&f, "oauth.noted.severity", row->severity);
  put(&f, "oauth.noted.text", row->noted ? "noted" : NULL);
  put(&f, "oauth.noted.da", row->noted ? "bemærket" : NULL);
  put(&f, "oauth.wrong", row->wrong);
  rig_receive_with(r, "1.1", &f);
}

Test(oauth, the_step_tells_what_the_server_decided) {
  static const struct row rows[] = {
      {"", "200", NULL, NULL, NULL, NULL, VERDICT_PASS, NULL},
      {"", "400", "oauth.alias", NULL, NULL, NULL, VERDICT_FAIL, "oauth.alias"},
      /* A warning by itself that the profile made an error, and the other way round. */
      {"", "400", "oauth.parameter.extra", NULL, NULL, NULL, VERDICT_FAIL, "oauth.parameter.extra"},
      {"", "200", NULL, "oauth.alias", "warning", NULL, VERDICT_PASS, "oauth.alias"},
      {"", "200", NULL, "oauth.alias", "info", NULL, VERDICT_PASS, "oauth.alias"},
      {"", "200", NULL, "oauth.parameter.extra", NULL, NULL, VERDICT_PASS, "oauth.parameter.extra"},
      /* A refusal that was asked for, and one on purpose. */
      {", where: {http.status: \"400\"}", "400", "oauth.alias", NULL, NULL, NULL, VERDICT_PASS, NULL},
      {"", "503", "oauth.wrong", NULL, NULL, "unavailable", VERDICT_PASS, NULL},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    char step[200];
    snprintf(step, sizeof step, "- step: \"1.1\"\n  expect: {oauth: token, as: t, within: 1 min%s}\n", rows[i].where);
    struct rig *r = rig_new_over("authorization", step);
    cr_assert_eq(rig_open(r, "1.1"), 0, "%s", r->error.text);
    came(r, &rows[i]);
    cr_assert(rig_ready(r, "1.1"), "row %zu", i);
    const struct state_step *st = rig_judge(r, "1.1");
    cr_expect_eq(st->verdict, rows[i].verdict, "row %zu: %s", i, verdict_name(st->verdict));
    const struct finding *f = rows[i].told ? rig_find(st, rows[i].told) : NULL;
    cr_expect_eq(f != NULL, rows[i].told != NULL, "row %zu", i);
    if (f && rows[i].noted)
      cr_expect_eq(f->severity, rows[i].severity && rows[i].severity[0] == 'i' ? SEV_INFO : SEV_WARNING);
    cr_expect(!f || (f->en.n && f->da.n));
    rig_free(r);
  }
}
