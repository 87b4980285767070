/* Persons: answers from a file, at a terminal, and cases that wait for nobody. */
#include "base/file.h"
#include "tests/run/bench.h"

#include <criterion/criterion.h>
#include <stdio.h>

#define UPLOAD "{kind: upload}\n"
#define SECTION(id) "  - id: \"" id "\"\n    title: {en: Case, da: Sag}\n    status: mandatory\n    steps:\n"
#define PERSON(id) "      - step: \"" id "\"\n        person: {}\n"
#define PAUSE(id) "      - step: \"" id "\"\n        pause: {for: 1 ms}\n"

Test(people, a_parked_case_lets_the_next_one_open) {
  struct bench b;
  bench_open(&b, UPLOAD, SECTION("1") PERSON("1.1") PAUSE("1.2") SECTION("2") PAUSE("2.1") SECTION("3") PERSON("3.1"));
  bench_run(&b);
  bench_expect(&b, "1.1", VERDICT_NONE);
  cr_expect(bench_step(&b, "1.1")->opened);
  cr_expect(str_eqz(bench_step(&b, "1.1")->owner, "vendor"));
  cr_expect(!bench_step(&b, "1.2")->opened);
  bench_expect(&b, "2.1", VERDICT_PASS);
  cr_expect(bench_step(&b, "3.1")->opened);
  cr_expect_eq(state_verdict(run_state(b.run)), VERDICT_WAITING);
  cr_expect_eq(bench_count(&b, "harness-stopped", NULL), (size_t)1);
  cr_expect_eq(bench_count(&b, "run-ended", NULL), (size_t)0);
  bench_close(&b);
}

Test(people, an_answer_later_moves_only_its_case) {
  struct bench b;
  struct error e;
  struct answer an = {.answer = STR("ok"), .text = STR("fine"), .by = STR("EE")};
  bench_open(&b, UPLOAD, SECTION("1") PERSON("1.1") PAUSE("1.2") SECTION("2") PERSON("2.1"));
  bench_run(&b);
  bench_stop(&b);
  bench_resume(&b);
  cr_assert_eq(run_answer(b.run, bench_step(&b, "1.1"), &an, &e), 0, "%s", e.text);
  cr_assert_eq(bench_go(&b), 0);
  bench_expect(&b, "1.1", VERDICT_PASS);
  bench_expect(&b, "1.2", VERDICT_PASS);
  bench_expect(&b, "2.1", VERDICT_NONE);
  cr_expect(str_eqz(facts_get(&run_state(b.run)->variables, "said"), "fine"));
  bench_close(&b);
}

/* ---- the answers file ---- */

static struct answers *load(struct bench *b, const char *text) {
  struct answers *an;
  struct error e;
  cr_assert_eq(answers_load(&an, b->arena, bench_file(b, "answers.yaml", text), &e), 0, "%s", e.text);
  return an;
}

Test(people, answers_come_from_a_file) {
  struct bench b;
  struct error e;
  struct str bytes;
  bench_open(&b, UPLOAD, SECTION("1") PERSON("1.1") PERSON("1.2") SECTION("2") PERSON("2.1") PERSON("2.2"));
  bench_file(&b, "a.png", "picture");
  b.options.answers = load(&b, "by: JD\ntest-persons-only: true\nanswers:\n"
                               "  \"1.1\": {answer: ok, text: seen, evidence: [a.png], by: EE}\n"
                               "  \"1.2\": \"a text alone\"\n"
                               "  \"2.1\": {answer: fail, text: not seen}\n");
  const struct protocol *p = b.options.plan->protocol;
  cr_expect_eq(answers_check(b.options.answers, &p, 1, &e), 0);
  bench_run(&b);
  bench_expect(&b, "1.1", VERDICT_PASS);
  bench_expect(&b, "1.2", VERDICT_PASS);
  bench_expect(&b, "2.1", VERDICT_FAIL);
  bench_expect(&b, "2.2", VERDICT_NONE);
  const struct event *first = bench_step(&b, "1.1")->answer, *second = bench_step(&b, "1.2")->answer;
  cr_expect(str_eqz(event_get(first, "by"), "EE"));
  cr_expect(str_eqz(event_get(first, "evidence.1.name"), "a.png"));
  cr_assert_eq(store_blob_get(b.store, event_get(first, "evidence.1"), b.arena, &bytes, &e), 0, "%s", e.text);
  cr_expect(str_eqz(bytes, "picture"));
  cr_expect(str_eqz(event_get(second, "by"), "JD"));
  cr_expect(str_eqz(event_get(second, "text"), "a text alone"));
  bench_close(&b);
}

Test(people, wrong_answers_files_are_refused_with_their_position) {
  static const struct {
    const char *text, *says;
    int line;
  } rows[] = {
      {"answers:\n  \"1.1\": {answer: maybe}\n", "maybe", 2},
      {"answers:\n  \"1.1\": {anser: ok}\n", "answer", 2},
      {"answers:\n  \"1.1\": ok\n  \"1.1\": fail\n", "1.1", 3},
      {"answrs: {}\n", "answers", 1},
      {"answers: [\n", "", 2},
  };
  struct bench b;
  struct answers *an;
  struct error e;
  bench_open(&b, UPLOAD, SECTION("1") PERSON("1.1"));
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    cr_expect_eq(answers_load(&an, b.arena, bench_file(&b, "answers.yaml", rows[i].text), &e), -1, "%zu", i);
    cr_expect_neq(str_find(str_z(e.text), str_z(rows[i].says), 0), SIZE_MAX, "%zu: %s", i, e.text);
    cr_expect_eq(e.line, rows[i].line, "%zu: %d: %s", i, e.line, e.text);
  }
  const struct protocol *p = b.options.plan->protocol;
  an = load(&b, "answers:\n  \"9.9\": ok\n");
  cr_expect_eq(answers_check(an, &p, 1, &e), -1);
  cr_expect_eq(e.line, 2);
  cr_expect_neq(str_find(str_z(e.text), STR("\"9.9\""), 0), SIZE_MAX, "%s", e.text);
  cr_expect_eq(answers_load(&an, b.arena, bench_path(&b, "none.yaml"), &e), -1);
  bench_close(&b);
}

Test(people, evidence_needs_the_declaration_that_it_shows_test_persons_only) {
  struct bench b;
  struct error e;
  bench_open(&b, UPLOAD, SECTION("1") PERSON("1.1"));
  const struct vendor *v = b.options.plan->vendor;
  struct answers *an = load(&b, "answers:\n  \"1.1\": {answer: ok, evidence: [a.png]}\n");
  cr_expect_eq(answers_declared(an, v, &e), -1);
  cr_expect_eq(e.line, 2);
  cr_expect_eq(answers_declared(load(&b, "answers:\n  \"1.1\": ok\n"), v, &e), 0);
  b.options.answers = an;
  bench_file(&b, "a.png", "picture");
  bench_start(&b);
  cr_expect_eq(bench_go(&b), -1, "nor does a run take it that was begun otherwise");
  bench_close(&b);
}

Test(people, missing_evidence_stops_the_run_and_it_can_go_on) {
  struct bench b;
  bench_open(&b, UPLOAD, SECTION("1") PERSON("1.1"));
  b.options.answers = load(&b, "test-persons-only: true\nanswers:\n  \"1.1\": {answer: ok, evidence: [lost.png]}\n");
  bench_start(&b);
  cr_assert_eq(bench_go(&b), -1);
  cr_expect_neq(str_find(str_z(b.error.text), STR("lost.png"), 0), SIZE_MAX, "%s", b.error.text);
  bench_stop(&b);
  bench_file(&b, "lost.png", "found");
  bench_resume(&b);
  cr_assert_eq(bench_go(&b), 0, "%s", b.error.text);
  bench_expect(&b, "1.1", VERDICT_PASS);
  bench_close(&b);
}

/* ---- somebody who can be asked one thing at a time ---- */

static const struct state_step *question; /* of the one test that uses it, which has a process of its own */

static bool ask(void *context, struct run *r, const struct state_step *st) {
  struct bench *b = context;
  (void)r;
  b->asked++;
  if (question) return false;
  question = st;
  return true;
}

static void answer_now(struct bench *b) {
  struct error e;
  struct answer an = {.answer = STR("ok")};
  const struct state_step *st = question;
  question = NULL;
  cr_assert_eq(run_answer(b->run, st, &an, &e), 0, "%s", e.text);
}

/* The message comes while the second case's question stands; then it is answered. */
static void put_then_answer(struct bench *b) {
  struct error e;
  struct str id;
  if (b->ticks == 2) cr_assert_eq(run_put(b->run, bench_path(b, "ping.txt"), &id, &e), 0, "%s", e.text);
  if (b->ticks >= 5 && question) answer_now(b);
}

Test(people, who_was_busy_is_asked_again) {
  struct bench b;
  bench_open(&b, UPLOAD,
             SECTION("1") "      - step: \"1.1\"\n        hear: {text: ping}\n" PERSON("1.2") SECTION("2")
                 PERSON("2.1"));
  bench_file(&b, "ping.txt", "ping");
  b.options.observer.ask = ask;
  b.each = put_then_answer;
  bench_run(&b);
  bench_expect(&b, "1.1", VERDICT_PASS);
  bench_expect(&b, "2.1", VERDICT_PASS);
  bench_expect(&b, "1.2", VERDICT_PASS);
  cr_expect_eq(b.asked, (size_t)3);
  bench_close(&b);
}

static void park_or_answer(struct bench *b) {
  if (!question) return;
  const struct state_step *st = question;
  if (!str_eqz(st->step->id, "1.1")) {
    answer_now(b);
    return;
  }
  question = NULL;
  run_park(b->run, st);
}

Test(people, later_is_not_asked_again_in_this_run) {
  struct bench b;
  bench_open(&b, UPLOAD, SECTION("1") PERSON("1.1") SECTION("2") PERSON("2.1") PERSON("2.2"));
  b.options.observer.ask = ask;
  b.each = park_or_answer;
  bench_run(&b);
  cr_expect_eq(b.asked, (size_t)3);
  bench_expect(&b, "1.1", VERDICT_NONE);
  bench_expect(&b, "2.2", VERDICT_PASS);
  bench_close(&b);
}
