/* A run judged again: by the same plan, and by another one. */
#include "run/rejudge.h"
#include "tests/run/bench.h"

#include <criterion/criterion.h>
#include <stdio.h>

#define UPLOAD "{kind: upload}\n"
#define SECTION(id) "  - id: \"" id "\"\n    title: {en: Case, da: Sag}\n    status: mandatory\n    steps:\n"
#define PERSON(id) "      - step: \"" id "\"\n        person: {}\n"
#define OTHER_PERSON(id) "      - step: \"" id "\"\n        person: {who: vendor}\n"
#define PAUSE(id) "      - step: \"" id "\"\n        pause: {for: 1 ms}\n"
#define HEAP(id) "      - step: \"" id "\"\n        heap: {mb: 1}\n"
#define BOOM(id) "      - step: \"" id "\"\n        boom: {}\n"

static const char sections[] =
    SECTION("1") PERSON("1.1") PAUSE("1.2") PERSON("1.3") SECTION("2") BOOM("2.1") SECTION("3") PERSON("3.1");

static void answer(struct bench *b, const char *step, const char *word) {
  struct error e;
  struct answer an = {.answer = str_z(word), .text = STR("seen"), .by = STR("EE")};
  cr_assert_eq(run_answer(b->run, bench_step(b, step), &an, &e), 0, "%s", e.text);
  cr_assert_eq(bench_go(b), 0, "%s", b->error.text);
}

static void open_run(struct bench *b) {
  bench_open(b, UPLOAD, sections);
  bench_run(b);
  answer(b, "1.1", "ok");
  answer(b, "1.3", "fail");
}

static struct rejudge judged(struct bench *b, const struct plan *plan) {
  struct rejudge r;
  struct error e;
  struct run_options o = b->options;
  o.plan = plan;
  cr_assert_eq(run_rejudge(&r, b->arena, b->id, &o, b->options.plan, &e), 0, "%s", e.text);
  return r;
}

static const struct rejudged *step_of(const struct rejudge *r, const char *id) {
  for (size_t i = 0; i < r->steps.n; i++)
    if (str_eqz(r->steps.v[i].step->id, id)) return &r->steps.v[i];
  cr_assert(false, "%s", id);
  return NULL;
}

static void expect(const struct rejudge *r, const char *id, enum verdict before, enum verdict after) {
  const struct rejudged *x = step_of(r, id);
  cr_expect_eq(x->before, before, "%s was %s", id, verdict_name(x->before));
  cr_expect_eq(x->after, after, "%s is %s", id, verdict_name(x->after));
}

Test(rejudge, by_the_same_plan_it_is_the_same) {
  struct bench b;
  open_run(&b);
  struct rejudge r = judged(&b, b.options.plan);
  cr_expect_eq(r.differing, (size_t)0);
  expect(&r, "1.1", VERDICT_PASS, VERDICT_PASS);
  expect(&r, "1.3", VERDICT_FAIL, VERDICT_FAIL);
  expect(&r, "2.1", VERDICT_ERROR, VERDICT_ERROR);
  expect(&r, "3.1", VERDICT_NONE, VERDICT_NONE);
  cr_expect_eq(r.before, r.after);
  cr_expect_eq(step_of(&r, "1.3")->findings.list.n, (size_t)1);
  bench_close(&b);
}

Test(rejudge, a_revision_is_not_compared) {
  struct bench b;
  struct error e;
  open_run(&b);
  struct event *ev = event_new(b.arena, "revised", clock_wall(), STR("1"), STR("1.3"));
  facts_put(&ev->data, STR("verdict"), STR("pass"));
  facts_put(&ev->data, STR("by"), STR("JD"));
  cr_assert_eq(store_append(b.store, b.id, ev, &e), 0);
  cr_assert_eq(store_commit(b.store, &e), 0);
  struct rejudge r = judged(&b, b.options.plan);
  expect(&r, "1.3", VERDICT_FAIL, VERDICT_FAIL);
  bench_close(&b);
}

Test(rejudge, an_answer_counts_only_for_the_same_question) {
  struct bench b, other;
  open_run(&b);
  bench_open(&other, UPLOAD, SECTION("1") OTHER_PERSON("1.1") PAUSE("1.2") PERSON("1.3"));
  struct rejudge r = judged(&b, other.options.plan);
  expect(&r, "1.1", VERDICT_PASS, VERDICT_INCONCLUSIVE);
  expect(&r, "1.2", VERDICT_PASS, VERDICT_PASS);
  expect(&r, "1.3", VERDICT_FAIL, VERDICT_FAIL);
  cr_expect(str_eqz(step_of(&r, "1.1")->findings.list.v[0].rule, "rejudge.answer"));
  bench_close(&other);
  bench_close(&b);
}

Test(rejudge, steps_that_only_one_plan_has) {
  struct bench b, other;
  open_run(&b);
  bench_open(&other, UPLOAD, SECTION("1") PERSON("1.1") PERSON("1.4") SECTION("4") PAUSE("4.1"));
  struct rejudge r = judged(&b, other.options.plan);
  expect(&r, "1.1", VERDICT_PASS, VERDICT_PASS);
  expect(&r, "1.4", VERDICT_NONE, VERDICT_INCONCLUSIVE);
  expect(&r, "4.1", VERDICT_NONE, VERDICT_INCONCLUSIVE);
  expect(&r, "1.2", VERDICT_PASS, VERDICT_NONE);
  expect(&r, "1.3", VERDICT_FAIL, VERDICT_NONE);
  cr_expect_neq(r.after, VERDICT_PASS);
  bench_close(&other);
  bench_close(&b);
}

/* It only judges what is there, so it is judged although the run never came by it; case 3 was never done. */
Test(rejudge, a_new_step_that_only_judges_is_judged) {
  struct bench b, other;
  open_run(&b);
  bench_open(&other, UPLOAD, SECTION("1") PERSON("1.1") HEAP("1.9") SECTION("5") HEAP("5.1"));
  struct rejudge r = judged(&b, other.options.plan);
  expect(&r, "1.9", VERDICT_NONE, VERDICT_PASS);
  expect(&r, "5.1", VERDICT_NONE, VERDICT_INCONCLUSIVE);
  bench_close(&other);
  bench_close(&b);
}

/* Makes every error a warning, and notes when it was asked. */
static void forgive(void *context, struct profile_cache *profiles, struct findings *f, int64_t at) {
  (void)profiles;
  *(int64_t *)context = at;
  for (size_t i = 0; i < f->list.n; i++) f->list.v[i].severity = SEV_WARNING;
}

Test(rejudge, what_is_agreed_upon_is_asked_as_of_the_time_of_the_run) {
  struct bench b;
  int64_t at = 0;
  open_run(&b);
  b.options.known = (struct run_known){.apply = forgive, .context = &at};
  struct rejudge r = judged(&b, b.options.plan);
  expect(&r, "1.3", VERDICT_FAIL, VERDICT_PASS);
  cr_expect_gt(at, 0);
  cr_expect_leq(at, run_state(b.run)->last_at);
  bench_close(&b);
}

/* A log that comes from elsewhere may say what it likes: 3.1 waits for an answer, and the run did not come to 4.2. */
Test(rejudge, a_verdict_with_nothing_behind_it) {
  static const struct {
    const char *section, *step, *said;
  } rows[] = {
      {"3", "3.1", "pass"}, {"3", "3.1", "not-applicable"}, {"4", "4.2", "pass"}, {"4", "4.2", "not-applicable"}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct bench b;
    struct error e;
    bench_open(&b, UPLOAD, SECTION("3") PERSON("3.1") SECTION("4") PERSON("4.1") PERSON("4.2"));
    bench_run(&b);
    struct event *ev = event_new(b.arena, "verdict", clock_wall(), str_z(rows[i].section), str_z(rows[i].step));
    facts_put(&ev->data, STR("verdict"), str_z(rows[i].said));
    cr_assert_eq(store_append(b.store, b.id, ev, &e), 0, "%s", e.text);
    cr_assert_eq(store_commit(b.store, &e), 0);
    struct rejudge r = judged(&b, b.options.plan);
    cr_expect_eq(step_of(&r, rows[i].step)->after, VERDICT_INCONCLUSIVE, "%zu", i);
    cr_assert_eq(step_of(&r, rows[i].step)->findings.list.n, (size_t)1, "%zu", i);
    cr_expect(str_eqz(step_of(&r, rows[i].step)->findings.list.v[0].rule, "rejudge.unplayed"), "%zu", i);
    bench_close(&b);
  }
}

/* It was a pause; nobody was ever asked. */
Test(rejudge, a_step_that_is_of_another_kind_in_the_other_plan) {
  struct bench b, other;
  open_run(&b);
  bench_open(&other, UPLOAD, SECTION("1") PERSON("1.1") PERSON("1.2") PERSON("1.3"));
  struct rejudge r = judged(&b, other.options.plan);
  expect(&r, "1.2", VERDICT_PASS, VERDICT_INCONCLUSIVE);
  cr_assert_eq(step_of(&r, "1.2")->findings.list.n, (size_t)1);
  cr_expect(str_eqz(step_of(&r, "1.2")->findings.list.v[0].rule, "rejudge.unplayed"));
  bench_close(&other);
  bench_close(&b);
}

Test(rejudge, a_run_that_is_not_there) {
  struct bench b;
  struct rejudge r;
  struct error e;
  open_run(&b);
  cr_expect_eq(run_rejudge(&r, b.arena, STR("nope"), &b.options, b.options.plan, &e), -1);
  bench_close(&b);
}
