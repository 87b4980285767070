#include "plan/capabilities.h"
#include "plan/preview.h"

#include "base/buf.h"
#include "base/file.h"

#include <criterion/criterion.h>

static struct arena *a;
static struct plan *plan;

static const struct step_kind kind_wait = {.word = "wait"};
static const struct step_kind kind_manual = {.word = "manual"};
static const struct step_kind kind_instruct = {.word = "instruct"};
static const struct step_kind *const kinds[] = {&kind_wait, &kind_manual, &kind_instruct, NULL};

/* The vendor declares attachments: true, forward: false, and is triggered by HTTP; case 4 is not chosen. */
static void set_up(void) {
  struct source src = {.name = STR("preview.protocol")};
  struct findings f;
  struct protocol *p;
  struct vendor *v;
  struct error e;
  struct str only[] = {STR("1"), STR("2"), STR("3")};
  a = arena_new(0);
  findings_init(&f, a);
  int rc = file_read(&src.bytes, a, TEST_DATA "/preview.protocol", 1 << 16, &e);
  cr_assert_eq(rc, 0, "%s", e.text);
  rc = protocol_read(&p, a, src, kinds, &f);
  cr_assert_eq(rc, 0, "%.*s", STR_F(f.list.v[0].en));
  rc = vendor_load(&v, a, TEST_DATA "/good/http.yaml", &e);
  cr_assert_eq(rc, 0, "%s", e.text);
  rc = plan_make(&plan, a, p, v, only, 3, &e);
  cr_assert_eq(rc, 0, "%s", e.text);
}

static void tear_down(void) {
  arena_free(a);
}

TestSuite(preview, .init = set_up, .fini = tear_down);
TestSuite(capabilities, .init = set_up, .fini = tear_down);

Test(preview, says_of_each_step_whether_it_is_tested_and_why_not) {
  static const struct {
    const char *id;
    enum preview_kind kind;
    const char *why;
  } want[] = {{"1+1", PREVIEW_MACHINE, ""},
              {"1+2", PREVIEW_PERSON, "MedCom answers, or says not relevant"},
              {"1+3", PREVIEW_PERSON, "the system is triggered"},
              {"1+4", PREVIEW_NOT, "the vendor file declares forward: false"},
              {"1+5", PREVIEW_CANNOT, "needs \"lost\" of step 1+4, which is not tested"},
              {"1+6", PREVIEW_CANNOT, "needs \"lost2\" of step 1+5, which is not tested"},
              {"1+7", PREVIEW_NOT, "the vendor file declares attachments: true"},
              {"2+1", PREVIEW_NOT, "the vendor file declares forward: false"},
              {"3+1", PREVIEW_MACHINE, ""},
              {"4+1", PREVIEW_NOT, "the case was not chosen (--case)"}};
  struct preview p;
  preview_make(&p, a, plan);
  size_t n = 0;
  for (size_t c = 0; c < p.cases.n; c++)
    for (size_t i = 0; i < p.cases.v[c].steps.n; i++, n++) {
      const struct preview_step *s = &p.cases.v[c].steps.v[i];
      cr_assert_lt(n, sizeof want / sizeof *want);
      cr_expect(str_eqz(s->step->id, want[n].id), "%zu: %.*s", n, STR_F(s->step->id));
      cr_expect_eq(s->kind, want[n].kind, "%s: %s", want[n].id, preview_kind_name(s->kind));
      cr_expect(str_eqz(s->why.en, want[n].why), "%s: %.*s", want[n].id, STR_F(s->why.en));
      cr_expect_eq(s->why.en.n == 0, s->why.da.n == 0, "%s", want[n].id);
    }
  cr_expect_eq(n, sizeof want / sizeof *want);
  cr_expect_eq(p.count[PREVIEW_MACHINE] + p.count[PREVIEW_PERSON] + p.count[PREVIEW_NOT] + p.count[PREVIEW_CANNOT], n);
}

/* --- declared against seen ------------------------------------------------------ */

/* What each row gives the check: facts of one message ("name=value ..."), the verdict of step 3+1, whether it ended. */
static const struct {
  const char *facts;
  enum verdict verdict;
  bool ended;
  const char *want; /* rules and arguments */
} rows[] = {
    {"", VERDICT_PASS, true, ""},
    {"", VERDICT_FAIL, true, "plan.declared-unseen attachments 1\n"},
    {"", VERDICT_NONE, true, "plan.declared-unseen attachments 1\n"},
    {"", VERDICT_NONE, false, ""},
    {"attachment.file=true", VERDICT_NONE, true, ""},
    {"activity=forward-message", VERDICT_PASS, true, "plan.seen-undeclared forward\n"},
    {"activity=forward-message", VERDICT_PASS, false, "plan.seen-undeclared forward\n"},
    {"activity=reply-message", VERDICT_PASS, true, ""},
    {"event=care-communication-message", VERDICT_PASS, true, ""},
    {"event=acknowledgement-message", VERDICT_PASS, true, "plan.seen-unclaimed Acknowledgement\n"},
};

static void add_facts(struct facts *f, const char *text) {
  struct str rest = str_z(text);
  facts_init(f, a);
  while (rest.n) {
    struct str value = str_cut(&rest, ' '), name = str_cut(&value, '=');
    facts_put(f, name, value);
  }
}

/* Rule, and the words of the text that are no words of it: enough to tell one from another. */
static struct str told(const struct findings *f) {
  struct buf b;
  buf_init(&b, 1 << 12);
  for (size_t i = 0; i < f->list.n; i++) {
    static const char *const names[] = {"attachments", "forward", "Acknowledgement", "CareCommunication", " 1 steps"};
    buf_printf(&b, "%.*s", STR_F(f->list.v[i].rule));
    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
      if (str_find(f->list.v[i].en, str_z(names[k]), 0) != SIZE_MAX) buf_printf(&b, " %s", k == 4 ? "1" : names[k]);
    buf_addz(&b, "\n");
    cr_expect_eq(f->list.v[i].severity, SEV_WARNING);
  }
  return buf_take(&b, a);
}

Test(capabilities, declared_and_seen_are_compared) {
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct capability_sight seen = {.ended = rows[i].ended};
    struct facts facts;
    struct findings f;
    add_facts(&facts, rows[i].facts);
    findings_init(&f, a);
    VEC_PUSH(a, &seen.messages, ((struct capability_message){STR("m1"), &facts}));
    for (size_t c = 0; c < plan->cases.n; c++)
      for (size_t k = 0; k < plan->cases.v[c].c->steps.n; k++) {
        enum verdict v = c == 2 ? rows[i].verdict : VERDICT_PASS;
        VEC_PUSH(a, &seen.steps,
                 ((struct capability_step){plan->cases.v[c].c->steps.v[k], plan->cases.v[c].applies, v}));
      }
    capabilities_check(&f, plan, &seen);
    cr_expect(str_eqz(told(&f), rows[i].want), "row %zu: %.*s", i, STR_F(told(&f)));
  }
}
