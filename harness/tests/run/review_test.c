/* MedCom's word on a run: what is taken, and what is refused. */
#include "run/again.h"
#include "tests/run/bench.h"

#include <criterion/criterion.h>

#define SECTION "  - id: \"1\"\n    title: {en: Case, da: Sag}\n    status: mandatory\n    steps:\n"
#define PAUSE(id) "      - step: \"" id "\"\n        pause: {for: 1 ms}\n"
#define UNDER "      - pause: {for: 1 ms}\n"
#define PERSON(id) "      - step: \"" id "\"\n        person: {}\n"

static const struct review jd = {STR_INIT("JD"), STR_INIT("")}, why = {STR_INIT("EE"), STR_INIT("seen again")};

static void open_live(struct bench *b, const char *sections) {
  bench_open(b, "{kind: upload}\n", sections);
  b->options.mode = "certify";
  bench_run(b);
}

static int assess(struct bench *b, const char *step, enum assessment as, const struct review *by, struct error *e) {
  const struct state_step *st = bench_step(b, step);
  return run_assess(b->run, &st, 1, as, by, e);
}

Test(review, an_assessment_stands_after_a_resume_and_the_history_with_it) {
  struct bench b;
  struct error e;
  open_live(&b, SECTION PAUSE("1.1") PAUSE("1.2"));
  cr_assert_eq(assess(&b, "1.1", ASSESSMENT_F2, &jd, &e), 0, "%s", e.text);
  cr_assert_eq(assess(&b, "1.1", ASSESSMENT_OK, &why, &e), 0, "%s", e.text);
  cr_assert_eq(run_revise(b.run, bench_step(&b, "1.2"), VERDICT_FAIL, &why, &e), 0, "%s", e.text);
  cr_assert_eq(store_commit(b.store, &e), 0, "%s", e.text);
  bench_stop(&b);
  bench_resume(&b);
  const struct state_step *st = bench_step(&b, "1.1");
  cr_assert_eq(st->assessments.n, 2);
  cr_expect_eq(state_assessment(st), ASSESSMENT_OK);
  cr_expect(str_eqz(st->assessments.v[0].by, "JD") && str_eqz(st->assessments.v[1].why, "seen again"));
  bench_expect(&b, "1.2", VERDICT_FAIL);
  cr_expect_eq(bench_step(&b, "1.2")->revisions.v[0].was, VERDICT_PASS);
  bench_close(&b);
}

static void refused(int result, const struct error *e, const char *text) {
  cr_expect_eq(result, -1, "taken, though: %s", text);
  cr_expect_neq(str_find(str_z(e->text), str_z(text), 0), SIZE_MAX, "%s, not: %s", e->text, text);
}

Test(review, what_is_refused) {
  struct bench b;
  struct error e;
  static const struct review nobody = {STR_INIT(""), STR_INIT("x")}, sentence = {STR_INIT("Jane Doe"), STR_INIT("x")};
  open_live(&b, SECTION PAUSE("1.1") PERSON("1.2"));
  refused(assess(&b, "1.2", ASSESSMENT_OK, &jd, &e), &e, "was not executed");
  cr_expect_eq(assess(&b, "1.2", ASSESSMENT_NOT_RELEVANT, &jd, &e), 0, "%s", e.text);
  refused(assess(&b, "1.1", ASSESSMENT_OK, &nobody, &e), &e, "initials");
  refused(assess(&b, "1.1", ASSESSMENT_OK, &sentence, &e), &e, "initials");
  cr_expect_eq(assess(&b, "1.1", ASSESSMENT_OK, &jd, &e), 0, "%s", e.text);
  refused(assess(&b, "1.1", ASSESSMENT_F1, &jd, &e), &e, "needs --why");
  refused(run_revise(b.run, bench_step(&b, "1.1"), VERDICT_FAIL, &jd, &e), &e, "needs --why");
  refused(run_revise(b.run, bench_step(&b, "1.1"), VERDICT_PASS, &why, &e), &e, "pass already");
  refused(run_revise(b.run, bench_step(&b, "1.1"), VERDICT_ERROR, &why, &e), &e, "can be revised to");
  refused(run_revise(b.run, bench_step(&b, "1.2"), VERDICT_PASS, &why, &e), &e, "no verdict yet");
  bench_close(&b);
}

/* Nothing half done is left for the next commit of somebody else: serve has one store for all. */
Test(review, several_steps_are_assessed_or_none) {
  struct bench b;
  struct error e;
  open_live(&b, SECTION PAUSE("1.1") PAUSE("1.2") PERSON("1.3"));
  const struct state_step *bad[] = {bench_step(&b, "1.1"), bench_step(&b, "1.3")};
  const struct state_step *twice[] = {bench_step(&b, "1.1"), bench_step(&b, "1.1")};
  const struct state_step *good[] = {bench_step(&b, "1.1"), bench_step(&b, "1.2")};
  refused(run_assess(b.run, bad, 2, ASSESSMENT_OK, &jd, &e), &e, "1.3 was not executed");
  refused(run_assess(b.run, twice, 2, ASSESSMENT_OK, &jd, &e), &e, "named twice");
  cr_assert_eq(store_commit(b.store, &e), 0, "%s", e.text);
  cr_expect_eq(bench_count(&b, "assessed", NULL), (size_t)0);
  cr_assert_eq(run_assess(b.run, good, 2, ASSESSMENT_OK, &jd, &e), 0, "%s", e.text);
  cr_assert_eq(store_commit(b.store, &e), 0, "%s", e.text);
  cr_expect_eq(bench_count(&b, "assessed", NULL), (size_t)2);
  bench_close(&b);
}

Test(review, a_self_test_is_not_assessed) {
  struct bench b;
  struct error e;
  size_t n;
  bench_open(&b, "{kind: upload}\n", SECTION PAUSE("1.1"));
  bench_run(&b);
  refused(assess(&b, "1.1", ASSESSMENT_OK, &jd, &e), &e, "is a self-test");
  refused(run_accept_passed(b.run, &jd, &n, &e), &e, "is a self-test");
  cr_expect_eq(bench_count(&b, "assessed", NULL), (size_t)0);
  bench_close(&b);
}

/* ---- a self-test is revised beside its log ---- */

static void revise(struct bench *b, const char *step, enum verdict v) {
  struct error e;
  cr_assert_eq(run_revise(b->run, bench_step(b, step), v, &why, &e), 0, "%s", e.text);
  cr_assert_eq(store_commit(b->store, &e), 0, "%s", e.text);
}

/* Closes the run and looks at it as it is in the store; log_only: at what the vendor's log says. */
static void look_again(struct bench *b, bool log_only) {
  struct error e;
  run_close(b->run);
  b->options.log_only = log_only;
  cr_assert_eq(run_look(&b->run, b->id, &b->options, &e), 0, "%s", e.text);
}

Test(review, a_self_test_is_revised_beside_its_log) {
  struct bench b;
  bench_open(&b, "{kind: upload}\n", SECTION PAUSE("1.1") PAUSE("1.2"));
  bench_run(&b);
  int64_t events = run_state(b.run)->events;
  revise(&b, "1.1", VERDICT_FAIL);
  bench_expect(&b, "1.1", VERDICT_FAIL);
  look_again(&b, false);
  bench_expect(&b, "1.1", VERDICT_FAIL);
  cr_expect_eq(bench_step(&b, "1.1")->revisions.v[0].was, VERDICT_PASS);
  cr_expect(str_eqz(bench_step(&b, "1.1")->revisions.v[0].by, "EE"));
  cr_expect_eq(run_state(b.run)->events, events, "nothing was added to the log");
  cr_expect_eq(bench_count(&b, "revised", NULL), (size_t)0);
  look_again(&b, true);
  bench_expect(&b, "1.1", VERDICT_PASS);
  cr_expect_eq(bench_step(&b, "1.1")->revisions.n, (size_t)0);
  bench_close(&b);
}

/* Another writer of this process said it: an open run learns of it. */
Test(review, an_open_self_test_catches_up_with_its_revision) {
  struct bench b;
  struct error e;
  struct run *other;
  bench_open(&b, "{kind: upload}\n", SECTION PAUSE("1.1"));
  bench_run(&b);
  cr_assert_eq(run_look(&other, b.id, &b.options, &e), 0, "%s", e.text);
  const struct state_step *st = state_step_find(run_state(other), STR("1.1"));
  cr_assert_eq(run_revise(other, st, VERDICT_FAIL, &why, &e), 0, "%s", e.text);
  cr_assert_eq(store_commit(b.store, &e), 0, "%s", e.text);
  run_close(other);
  bench_expect(&b, "1.1", VERDICT_PASS);
  cr_assert_eq(run_catch_up(b.run, &e), 0, "%s", e.text);
  cr_assert_eq(run_catch_up(b.run, &e), 0, "%s", e.text);
  bench_expect(&b, "1.1", VERDICT_FAIL);
  cr_expect_eq(bench_step(&b, "1.1")->revisions.n, (size_t)1, "and once only");
  bench_close(&b);
}

/* What was said of the first attempt is not said of the second. */
Test(review, a_revision_is_of_the_attempt_that_it_was_made_of) {
  struct bench b;
  struct error e;
  struct again_set set;
  struct str steps[] = {STR("1.1")};
  bench_open(&b, "{kind: upload}\n", SECTION PAUSE("1.1"));
  bench_run(&b);
  revise(&b, "1.1", VERDICT_FAIL);
  cr_assert_eq(run_again_set(&set, b.run, steps, 1, &e), 0, "%s", e.text);
  cr_assert_eq(run_repeat(b.run, &set, STR(""), &why, &e), 0, "%s", e.text);
  cr_assert_eq(store_commit(b.store, &e), 0, "%s", e.text);
  refused(run_revise(b.run, bench_step(&b, "1.1"), VERDICT_FAIL, &why, &e), &e, "has not ended");
  bench_stop(&b);
  bench_resume(&b);
  cr_assert_eq(bench_go(&b), 0, "%s", b.error.text);
  bench_expect(&b, "1.1", VERDICT_PASS);
  look_again(&b, false);
  bench_expect(&b, "1.1", VERDICT_PASS);
  bench_close(&b);
}

static void append(struct bench *b, const char *chain, const char *kind, const char *on) {
  struct error e;
  struct event *ev = event_new(b->arena, kind, 1, STR("1"), STR("1.1"));
  facts_put(&ev->data, STR("verdict"), STR("fail"));
  facts_put(&ev->data, STR("by"), STR("XX"));
  facts_put(&ev->data, STR("on"), str_z(on));
  cr_assert_eq(store_append(b->store, str_z(chain), ev, &e), 0, "%s", e.text);
  cr_assert_eq(store_commit(b->store, &e), 0, "%s", e.text);
}

Test(review, a_revision_that_does_not_fit_is_damage) {
  struct bench b;
  struct error e;
  struct run *r;
  bench_open(&b, "{kind: upload}\n", SECTION PAUSE("1.1"));
  bench_run(&b);
  append(&b, arena_printf(b.arena, STORE_REVIEW "%.*s", STR_F(b.id)).p, "revised", "999");
  refused(run_look(&r, b.id, &b.options, &e), &e, "events that the run does not have");
  b.options.even_damaged = true;
  look_again(&b, false);
  cr_expect_neq(run_state(b.run)->damage.n, (size_t)0, "which is told where the run is shown");
  bench_expect(&b, "1.1", VERDICT_PASS);
  bench_close(&b);
}

/* ---- a run that came as a bundle ---- */

static void say_received(struct bench *b) {
  struct error e;
  struct str name = arena_printf(b->arena, STORE_RECEIVED "%.*s", STR_F(b->id));
  cr_assert_eq(store_note_set(b->store, name, STR("{}"), &e), 0, "%s", e.text);
  cr_assert_eq(store_commit(b->store, &e), 0, "%s", e.text);
}

Test(review, a_bundle_is_contested_where_it_was_made_and_answered_beside_it) {
  struct bench b;
  struct error e;
  struct dispute d = {STR("1"), STR("XY"), STR("the standard allows it")};
  struct answer no = {.answer = STR("fail"), .by = STR("EE")};
  bench_open(&b, "{kind: upload}\n", SECTION PERSON("1.1"));
  bench_run(&b);
  cr_assert_eq(run_answer(b.run, bench_step(&b, "1.1"), &no, &e), 0, "%s", e.text);
  cr_assert_eq(bench_go(&b), 0, "%s", b.error.text);
  cr_assert_eq(run_contest(b.run, bench_step(&b, "1.1"), &d, &e), 0, "%s", e.text);
  say_received(&b);
  int64_t events = run_state(b.run)->events;
  refused(run_contest(b.run, bench_step(&b, "1.1"), &d, &e), &e, "in the store that the run was made in");
  cr_assert_eq(run_uphold(b.run, bench_step(&b, "1.1"), &d, &e), 0, "%s", e.text);
  cr_assert_eq(store_commit(b.store, &e), 0, "%s", e.text);
  look_again(&b, false);
  cr_expect_eq(run_state(b.run)->events, events, "nothing was added to the log");
  cr_expect(str_eqz(bench_step(&b, "1.1")->disputes.v[0].answered_by, "XY"));
  bench_close(&b);
}

Test(review, a_live_test_that_came_as_a_bundle_is_not_revised) {
  struct bench b;
  struct error e;
  open_live(&b, SECTION PAUSE("1.1"));
  say_received(&b);
  refused(run_revise(b.run, bench_step(&b, "1.1"), VERDICT_FAIL, &why, &e), &e, "where it was held");
  bench_close(&b);
}

/* A line of MedCom's is accepted whole: with what the harness does under it. */
Test(review, what_passed_is_accepted_at_once_and_no_more) {
  struct bench b;
  struct error e;
  size_t n;
  open_live(&b, SECTION PAUSE("1.1") PAUSE("1.2") UNDER PAUSE("1.3") UNDER PERSON("1.4"));
  cr_assert_eq(run_revise(b.run, bench_step(&b, "1.3+1"), VERDICT_FAIL, &why, &e), 0, "%s", e.text);
  cr_assert_eq(assess(&b, "1.1", ASSESSMENT_F4, &jd, &e), 0, "%s", e.text);
  cr_assert_eq(run_accept_passed(b.run, &jd, &n, &e), 0, "%s", e.text);
  cr_expect_eq(n, (size_t)1);
  static const struct {
    const char *step;
    enum assessment want;
  } steps[] = {{"1.1", ASSESSMENT_F4},
               {"1.2", ASSESSMENT_OK},
               {"1.2+1", ASSESSMENT_NONE},
               {"1.3", ASSESSMENT_NONE},
               {"1.4", ASSESSMENT_NONE}};
  for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
    cr_expect_eq(state_assessment(bench_step(&b, steps[i].step)), steps[i].want, "%s", steps[i].step);
  cr_assert_eq(run_accept_passed(b.run, &jd, &n, &e), 0, "%s", e.text);
  cr_expect_eq(n, (size_t)0, "nothing is said twice");
  bench_close(&b);
}
