/* A person stops a run: for a while, or for good. */
#include "run/halt.h"
#include "tests/run/bench.h"

#include <criterion/criterion.h>

#define UPLOAD "{kind: upload}\n"
#define SECTION(id) "  - id: \"" id "\"\n    title: {en: Case, da: Sag}\n    status: mandatory\n    steps:\n"
#define PERSON(id) "      - step: \"" id "\"\n        person: {}\n"
#define PAUSE(id) "      - step: \"" id "\"\n        pause: {for: 1 ms}\n"

static const struct review word = {STR_INIT("AB"), STR_INIT("the vendor went home")};

static void open(struct bench *b) {
  bench_open(b, UPLOAD, SECTION("1") PAUSE("1.1") PERSON("1.2") PAUSE("1.3") SECTION("2") PERSON("2.1"));
  bench_run(b);
  bench_expect(b, "1.1", VERDICT_PASS);
}

static void commit(struct bench *b) {
  struct error e;
  cr_assert_eq(store_commit(b->store, &e), 0, "%s", e.text);
}

Test(halt, a_paused_run_stands_until_it_is_resumed) {
  struct bench b;
  struct error e;
  open(&b);
  cr_assert_eq(run_pause(b.run, &word, &e), 0, "%s", e.text);
  cr_expect_eq(run_pause(b.run, &word, &e), -1);
  commit(&b);
  cr_expect(run_state(b.run)->paused && run_state(b.run)->stopped_at);
  bench_stop(&b);
  bench_resume(&b);
  cr_expect(!run_state(b.run)->paused);
  bench_expect(&b, "1.2", VERDICT_NONE);
  bench_close(&b);
}

Test(halt, what_was_not_judged_of_an_ended_run_is_inconclusive) {
  struct bench b;
  struct error e;
  size_t left;
  open(&b);
  cr_assert_eq(run_abort(b.run, &word, &left, &e), 0, "%s", e.text);
  commit(&b);
  cr_expect_eq(left, (size_t)3);
  bench_expect(&b, "1.1", VERDICT_PASS);
  bench_expect(&b, "1.2", VERDICT_INCONCLUSIVE);
  bench_expect(&b, "1.3", VERDICT_INCONCLUSIVE);
  bench_expect(&b, "2.1", VERDICT_INCONCLUSIVE);
  cr_expect_eq(bench_step(&b, "2.1")->findings.list.n, (size_t)1);
  cr_expect_eq(state_verdict(run_state(b.run)), VERDICT_INCONCLUSIVE);
  cr_expect(run_state(b.run)->ended_at && run_state(b.run)->aborted);
  cr_expect_eq(run_pause(b.run, &word, &e), -1);
  bench_close(&b);
}

Test(halt, an_end_wants_a_reason_and_initials) {
  struct bench b;
  struct error e;
  size_t left;
  open(&b);
  cr_expect_eq(run_abort(b.run, &(struct review){.by = STR("AB")}, &left, &e), -1);
  cr_expect_eq(run_abort(b.run, &(struct review){.why = STR("so")}, &left, &e), -1);
  cr_expect_eq(bench_count(&b, "aborted", NULL), (size_t)0);
  bench_close(&b);
}
