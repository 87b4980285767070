#include "report/approved.h"

#include <criterion/criterion.h>

/* The smallest run that is certifiable and approved. */
static struct record *approved(struct arena *a) {
  struct record *r = ARENA_ARRAY(a, struct record, 1);
  *r = (struct record){.run = STR("r-1"),
                       .mode = STR(RECORD_CERTIFY),
                       .started = 1000,
                       .ended = 2000,
                       .system = STR("A <b>& C"),
                       .verdict = VERDICT_PASS,
                       .decision = {.approved = true, .at = 3000, .by = STR("JD")}};
  struct record_case c = {.id = STR("3.1"), .status = STR("mandatory"), .verdict = VERDICT_PASS};
  struct record_step s = {
      .id = STR("3.1.1"), .number = STR("3.1.1"), .verdict = VERDICT_PASS, .at = 1500, .assessment = ASSESSMENT_OK};
  VEC_PUSH(a, &s.assessments, ((struct record_assessment){.assessment = ASSESSMENT_OK, .by = STR("JD"), .at = 1600}));
  VEC_PUSH(a, &c.steps, s);
  VEC_PUSH(a, &r->cases, c);
  return r;
}

/* The page, or the error. */
static struct str filled(struct arena *a, const struct record *r, const char *template) {
  struct error e = {0};
  struct buf b;
  buf_init(&b, 10000);
  int result = certificate_write(&b, a, r, REPORT_DA, (struct source){STR("t.html"), str_z(template)}, &e);
  struct str page = buf_take(&b, a);
  return result < 0 ? arena_printf(a, "%s", e.text) : page;
}

static const struct {
  const char *template, *page;
} pages[] = {
    {"", ""},
    {"no place", "no place"},
    {"{{approved}}", "Godkendt"},
    {"<p>{{ by }}</p>{{run}}.", "<p>JD</p>r-1."},
    {"{{system}}", "A &lt;b&gt;&amp; C"},
    {"{{remarks}}|", "|"},
};

Test(approved, places_are_filled_and_escaped) {
  struct arena *a = arena_new(0);
  for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
    struct str page = filled(a, approved(a), pages[i].template);
    cr_expect(str_eqz(page, pages[i].page), "%s: %.*s", pages[i].template, STR_F(page));
  }
  arena_free(a);
}

Test(approved, a_wrong_template_is_told_of) {
  struct arena *a = arena_new(0);
  cr_expect_neq(str_find(filled(a, approved(a), "x\n{{sytsem}}"), STR("no place \"sytsem\""), 0), SIZE_MAX);
  cr_expect_neq(str_find(filled(a, approved(a), "x\n{{system"), STR("}} is missing"), 0), SIZE_MAX);
  arena_free(a);
}

Test(approved, nothing_else_gets_one) {
  struct arena *a = arena_new(0);
  struct record *r = approved(a);
  r->decision.approved = false;
  cr_expect_neq(str_find(filled(a, r, "x"), STR("har ikke godkendt"), 0), SIZE_MAX);
  r = approved(a);
  r->mode = STR("self-test");
  cr_expect_neq(str_find(filled(a, r, "x"), STR("kan ikke godkendes"), 0), SIZE_MAX);
  r = approved(a);
  r->clock_scale = STR("20");
  cr_expect_neq(str_find(filled(a, r, "x"), STR("kan ikke godkendes"), 0), SIZE_MAX);
  r = approved(a);
  r->cases.v[0].steps.v[0].assessment = ASSESSMENT_F3;
  cr_expect_neq(str_find(filled(a, r, "x"), STR("kan ikke godkendes"), 0), SIZE_MAX);
  arena_free(a);
}
