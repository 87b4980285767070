/* The course: a table of acts and where they lead, and what it demands of runs. */
#include "state/course.h"

#include "base/file.h"

#include <criterion/criterion.h>

static struct arena *a;

static void set_up(void) {
  a = arena_new(0);
}

static void tear_down(void) {
  arena_free(a);
}

TestSuite(course, .init = set_up, .fini = tear_down);

static const struct {
  const char *word, *kind, *data; /* data: name=value ... */
} acts[] = {
    {"started", "course-started",
     "course=course-1 vendor=V system=S system.version=1 standard=X standard.version=2.0 role=sender protocol.1=p "
     "required.1=A required.2=B"},
    {"submitted", "course-submitted", "run.1=r1"},
    {"accepted", "course-accepted", "by=JD"},
    {"returned", "course-returned", "by=JD why=incomplete"},
    {"live", "course-live-test", "run=r2 protocol=p"},
    {"yes", "course-decided", "approved=yes by=JD date=2026-05-04 place=Odense"},
    {"no", "course-decided", "approved=no by=JD date=2026-05-04 place=Odense why=late"},
    {"published", "course-published", "by=JD"},
};

static struct event *event_of(struct str text, int64_t seq) {
  struct str name = text, word = str_cut(&name, ' '), data = {0};
  const char *kind = arena_z(a, word);
  for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
    if (str_eqz(word, acts[i].word)) kind = acts[i].kind, data = str_z(acts[i].data);
  struct event *ev = event_new(a, str_eqz(word, "approval") ? "course-approval" : kind, 1000 * seq, STR(""), STR(""));
  ev->seq = seq;
  facts_put(&ev->data, STR("name"), name);
  while (data.n) {
    struct str value = str_cut(&data, ' '), key = str_cut(&value, '=');
    facts_put(&ev->data, key, value);
  }
  return ev;
}

static int fold(struct course *c, struct str text, struct error *e) {
  for (int64_t seq = 1; text.n; seq++)
    if (course_apply(c, event_of(str_trim(str_cut(&text, ';')), seq), e) < 0) return -1;
  return 0;
}

static struct str lacking(const struct course *c) {
  struct str out = {0};
  for (size_t i = 0; course_lacks(c, NULL, 0, &i); i++)
    out = arena_printf(a, "%.*s%s%.*s", STR_F(out), out.n ? "," : "", STR_F(c->required.v[i]));
  return out.n ? out : STR("-");
}

static void check(struct str name, struct str text, struct str expect) {
  struct error e = {0};
  struct course *c = course_new(a);
  int rc = fold(c, text, &e);
  if (expect.n && expect.p[0] == '!') {
    cr_expect_eq(rc, -1, "%.*s was taken", STR_F(name));
    cr_expect_neq(str_find(str_z(e.text), str_trim(str_sub(expect, 1, expect.n)), 0), SIZE_MAX, "%.*s: %s", STR_F(name),
                  e.text);
    return;
  }
  struct str have = arena_printf(a, "%s | %.*s | %s", course_stage_name(c->stage), STR_F(lacking(c)),
                                 course_claims(c) ? "yes" : "no");
  cr_expect(rc == 0 && str_eq(have, expect), "%.*s: %.*s %s", STR_F(name), STR_F(have), e.text);
}

Test(course, table) {
  struct str text;
  struct error e;
  size_t n = 0;
  cr_assert_eq(file_read(&text, a, TEST_DATA "/course.cases", 1 << 20, &e), 0, "%s", e.text);
  while (text.n) {
    struct str line = str_cut(&text, '\n');
    if (!line.n || line.p[0] == '#') continue;
    struct str name = str_trim(str_cut(&line, '|')), events = str_trim(str_cut(&line, '|'));
    check(name, events, str_trim(line));
    n++;
  }
  cr_assert_gt(n, 20);
}

/* Every stage and every act: what may be done is what the fold takes, and a refusal says what comes first. */
Test(course, what_may_be_done_is_what_fits) {
  static const char *const paths[] = {"",
                                      "started",
                                      "started; submitted",
                                      "started; submitted; returned",
                                      "started; submitted; accepted",
                                      "started; submitted; accepted; live",
                                      "started; submitted; accepted; live; approval A",
                                      "started; submitted; accepted; live; yes",
                                      "started; submitted; accepted; live; yes; published"};
  static const char *const words[] = {"started", "submitted",  "accepted", "returned",
                                      "live",    "approval A", "yes",      "published"};
  for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
    for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
      struct error e = {0}, ignored;
      struct course *c = course_new(a);
      cr_assert_eq(fold(c, str_z(paths[i]), &e), 0, "%s", e.text);
      struct event *ev = event_of(str_z(words[k]), 99);
      int may = course_may(c, arena_z(a, ev->kind), &e);
      if (may < 0 && c->stage != COURSE_NEW)
        cr_expect_neq(str_find(str_z(e.text), course_next_text(c->stage).en, 0), SIZE_MAX, "%s", e.text);
      cr_expect_eq(may, course_apply(c, ev, &ignored), "%s, then %s", paths[i], words[k]);
    }
}

Test(course, acts_are_kept_with_who_when_and_why) {
  struct error e;
  struct course *c = course_new(a);
  cr_assert_eq(fold(c, STR("started; submitted; returned; submitted; accepted; live; no"), &e), 0, "%s", e.text);
  cr_assert_eq(c->acts.n, 7);
  cr_expect(str_eqz(c->acts.v[1].what, "r1"));
  cr_expect(str_eqz(c->acts.v[2].by, "JD") && str_eqz(c->acts.v[2].why, "incomplete") && c->acts.v[2].at == 3000);
  cr_expect(str_eqz(c->protocols.v[0].self_test, "r1") && str_eqz(c->protocols.v[0].live_test, "r2"));
  cr_expect(!c->decision.approved && str_eqz(c->decision.remarks, "late") && str_eqz(c->decision.place, "Odense"));
}

/* An approval that another course of the same system claims need not be noted; one of another system does not count. */
Test(course, claims_of_the_same_system_count) {
  struct error e;
  size_t i = 0;
  struct course *c = course_new(a), *other = course_new(a);
  const struct course *others[] = {other};
  cr_assert_eq(fold(c, STR("started"), &e), 0);
  cr_assert_eq(fold(other, STR("started; submitted; accepted; live; yes"), &e), 0);
  cr_expect(str_eqz(course_approval_name(a, &other->subject), "X 2.0 send"));
  c->required.v[0] = STR("X 2.0 send");
  c->required.n = 1;
  cr_expect(course_lacks(c, others, 1, &i), "decided, not published");
  cr_assert_eq(course_apply(other, event_of(STR("published"), 9), &e), 0);
  cr_expect(!course_lacks(c, others, 1, &i), "published");
  i = 0;
  other->subject.system = STR("another");
  cr_expect(course_lacks(c, others, 1, &i), "of another system");
}

static void refused(int result, const struct error *e, const char *text) {
  cr_expect_eq(result, -1, "taken, though: %s", text);
  cr_expect_neq(str_find(str_z(e->text), str_z(text), 0), SIZE_MAX, "%s, not: %s", e->text, text);
}

/* Live tests that are certifiable and every required approval, the VANS operator's last: nothing less. */
Test(course, an_approval_needs_all_of_it) {
  struct error e;
  struct sum good = {.verdict = VERDICT_PASS}, bad = {.verdict = VERDICT_PASS};
  struct course *c = course_new(a);
  VEC_PUSH(a, &bad.blocks, ((struct block){.why = BLOCK_FAULT, .step = STR("3.1.1"), .assessment = ASSESSMENT_F1}));
  cr_assert_eq(fold(c, STR("started; submitted; accepted"), &e), 0, "%s", e.text);
  c->required.v[1] = STR(COURSE_VANS_TEST);
  refused(course_check_approvable(c, &good, NULL, 0, &e), &e, "the live test has to be held");
  refused(course_check_approval(c, STR("A"), &good, NULL, 0, &e), &e, "the live test has to be held");
  cr_assert_eq(course_apply(c, event_of(STR("live"), 4), &e), 0);
  refused(course_check_approvable(c, &bad, NULL, 0, &e), &e, "3.1.1: assessed F1");
  refused(course_check_approvable(c, &good, NULL, 0, &e), &e, "\"A\" is missing");
  refused(course_check_approval(c, STR("C"), &good, NULL, 0, &e), &e, "it requires: \"A\", \"VANS operator test\"");
  refused(course_check_approval(c, STR(COURSE_VANS_TEST), &bad, NULL, 0, &e), &e, "3.1.1: assessed F1");
  refused(course_check_approval(c, STR(COURSE_VANS_TEST), &good, NULL, 0, &e), &e, "\"A\" is still missing");
  cr_expect_eq(course_check_approval(c, STR("A"), &bad, NULL, 0, &e), 0, "%s", e.text);
  cr_assert_eq(course_apply(c, event_of(STR("approval A"), 5), &e), 0);
  refused(course_check_approvable(c, &good, NULL, 0, &e), &e, "\"VANS operator test\" is missing");
  cr_expect_eq(course_check_approval(c, STR(COURSE_VANS_TEST), &good, NULL, 0, &e), 0, "%s", e.text);
  cr_assert_eq(course_apply(c, event_of(STR("approval " COURSE_VANS_TEST), 6), &e), 0);
  cr_expect_eq(course_check_approvable(c, &good, NULL, 0, &e), 0, "%s", e.text);
}

Test(course, a_protocol_without_a_live_test_blocks) {
  struct error e;
  struct sum sum;
  struct course *c = course_new(a);
  const struct state *none[] = {NULL};
  cr_assert_eq(fold(c, STR("started; submitted; accepted; live"), &e), 0, "%s", e.text);
  course_sum(&sum, a, c, none);
  cr_assert_eq(sum.blocks.n, 1);
  cr_expect_eq(sum.blocks.v[0].why, BLOCK_NOTHING);
  cr_expect(str_eqz(sum.blocks.v[0].protocol, "p"));
}

Test(course, every_stage_and_act_has_words) {
  for (int s = 0; s < COURSE_STAGES; s++) {
    cr_expect_not_null(course_stage_name((enum course_stage)s));
    cr_expect(course_stage_text((enum course_stage)s).en.n && course_stage_text((enum course_stage)s).da.n);
    cr_expect(course_next_text((enum course_stage)s).en.n && course_next_text((enum course_stage)s).da.n);
  }
  for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
    cr_expect(course_act_text(str_z(acts[i].kind)).en.n && course_act_text(str_z(acts[i].kind)).da.n);
  cr_expect_eq(course_act_text(STR("verdict")).en.n, 0);
}
