/* Deadlines, and what our own absence does to them. */
#include "base/clock.h"
#include "tests/run/bench.h"

#include <criterion/criterion.h>
#include <string.h>
#include <unistd.h>

#define INBOX "{kind: vans-http, address: \"\"}\ntrigger: {kind: person}\n"
#define SECTION(id) "  - id: \"" id "\"\n    title: {en: Case, da: Sag}\n    status: mandatory\n    steps:\n"
#define HEAR "      - step: \"1.1\"\n        hear: {text: ping, within: 600 ms}\n"

Test(deadlines, one_that_passes_is_an_event_and_a_failure) {
  struct bench b;
  struct event *ev = NULL;
  bench_open(&b, INBOX, SECTION("1") "      - step: \"1.1\"\n        hear: {text: ping, within: 60 ms}\n");
  int64_t began = clock_monotonic();
  bench_run(&b);
  cr_expect_geq(clock_monotonic() - began, 60);
  bench_expect(&b, "1.1", VERDICT_FAIL);
  cr_expect(bench_step(&b, "1.1")->timer);
  cr_assert_eq(bench_count(&b, "timer", &ev), (size_t)1);
  cr_expect(str_eqz(ev->step, "1.1"));
  cr_expect_eq(bench_step(&b, "1.1")->findings.list.n, (size_t)1);
  cr_expect_eq(state_verdict(run_state(b.run)), VERDICT_FAIL);
  bench_close(&b);
}

Test(deadlines, a_scaled_clock_shortens_them) {
  struct bench b;
  bench_open(&b, INBOX, SECTION("1") "      - step: \"1.1\"\n        pause: {for: 1 min}\n");
  b.options.clock.scale = 1000;
  int64_t began = clock_monotonic();
  bench_run(&b);
  int64_t took = clock_monotonic() - began;
  cr_expect(took >= 60 && took < 3000, "%lld ms", (long long)took);
  bench_expect(&b, "1.1", VERDICT_PASS);
  bench_close(&b);
}

/* The harness is busy over the deadline; in the next turn the message is there, and so is the end of the deadline. */
static void be_busy(void *payload) {
  (void)payload;
  usleep(70000);
}

static void put_ping(void *payload) {
  struct bench *b = payload;
  struct error e;
  struct str id;
  cr_assert_eq(run_put(b->run, bench_path(b, "ping.txt"), &id, &e), 0, "%s", e.text);
  b->hits++;
}

static void arm(struct bench *b, const struct event *ev) {
  if (!event_is(ev, "step-opened")) return;
  loop_after(run_loop(b->run), 20, be_busy, b);
  loop_after(run_loop(b->run), 40, put_ping, b);
}

Test(deadlines, what_came_in_the_same_turn_is_not_late) {
  struct bench b;
  bench_open(&b, INBOX, SECTION("1") "      - step: \"1.1\"\n        hear: {text: ping, within: 60 ms}\n");
  bench_file(&b, "ping.txt", "ping");
  b.on_event = arm;
  bench_run(&b);
  cr_expect_eq(b.hits, (size_t)1);
  bench_expect(&b, "1.1", VERDICT_PASS);
  cr_expect_eq(bench_count(&b, "timer", NULL), (size_t)0);
  bench_close(&b);
}

/* ---- downtime ---- */

static void stop_when_open(struct bench *b, const struct event *ev) {
  if (event_is(ev, "step-opened")) run_stop(b->run);
}

struct shift {
  struct bench *bench;
  struct store *to;
  int64_t now, opened_ago, stopped_ago; /* stopped_ago < 0: the harness was killed */
};

static int copy_event(void *payload, struct event *ev, struct error *e) {
  struct shift *s = payload;
  bool stop = event_is(ev, "harness-stopped");
  if (stop && s->stopped_ago < 0) return 0;
  ev->at = s->now - (stop ? s->stopped_ago : s->opened_ago);
  return store_append(s->to, s->bench->id, ev, e);
}

/* The run's log in a new store, as if it had begun and stopped at other times. */
static void shift_log(struct bench *b, int64_t opened_ago, int64_t stopped_ago) {
  struct error e;
  struct store *from;
  struct arena *a = arena_new(0);
  struct shift s = {.bench = b, .now = clock_wall(), .opened_ago = opened_ago, .stopped_ago = stopped_ago};
  const char *shifted = bench_path(b, "shifted.sqlite");
  cr_assert_eq(store_open(&from, b->path, STORE_READ, &e), 0, "%s", e.text);
  cr_assert_eq(store_open(&s.to, shifted, STORE_WRITE, &e), 0, "%s", e.text);
  cr_assert_eq(store_replay(from, b->id, a, copy_event, &s, &e), 0, "%s", e.text);
  cr_assert_eq(store_commit(s.to, &e), 0, "%s", e.text);
  store_close(s.to);
  store_close(from);
  arena_free(a);
  b->path = shifted;
}

/* What is left of a deadline of 600 ms after a resume, which then ends by it. A busy machine makes it less, never more.
 */
static int64_t left_after(int64_t opened_ago, int64_t stopped_ago) {
  struct bench b;
  bench_open(&b, INBOX, SECTION("1") HEAR);
  b.on_event = stop_when_open;
  bench_run(&b);
  bench_stop(&b);
  shift_log(&b, opened_ago, stopped_ago);
  b.on_event = NULL;
  bench_resume(&b);
  int64_t left = run_wait(b.run, bench_step(&b, "1.1"), clock_wall()).left, began = clock_monotonic();
  cr_assert_eq(bench_go(&b), 0, "%s", b.error.text);
  cr_expect_geq(clock_monotonic() - began, left - 50);
  bench_expect(&b, "1.1", VERDICT_FAIL);
  bench_close(&b);
  return left;
}

Test(deadlines, our_own_downtime_extends_them) {
  int64_t left = left_after(3600000, 3599900); /* up for 100 ms of an hour */
  cr_expect(left > 100 && left <= 500, "%lld ms", (long long)left);
}

Test(deadlines, the_time_we_were_up_counts) {
  int64_t left = left_after(3600000, 1000); /* down for the last second only */
  cr_expect_leq(left, 0, "%lld ms", (long long)left);
}

Test(deadlines, after_a_kill_the_doubt_is_for_the_vendor) {
  int64_t left = left_after(3600000, -1);
  cr_expect(left > 200 && left <= 600, "%lld ms", (long long)left);
}

Test(deadlines, notes_taken_while_we_are_down_end_no_downtime) {
  struct bench b;
  struct error e;
  bench_open(&b, INBOX, SECTION("1") "      - step: \"1.0\"\n        say: {text: hello}\n" HEAR);
  b.on_event = stop_when_open;
  bench_run(&b);
  bench_stop(&b);
  b.on_event = NULL;
  shift_log(&b, 3600000, 3600000);
  cr_assert_eq(store_open(&b.store, b.path, STORE_WRITE, &e), 0, "%s", e.text);
  b.options.store = b.store;
  cr_assert_eq(run_look(&b.run, b.id, &b.options, &e), 0, "%s", e.text);
  cr_assert(bench_step(&b, "1.1")->opened);
  cr_assert_eq(run_note_fetched(b.run, STR("m1"), "get", &e), 0, "%s", e.text);
  cr_assert_eq(store_commit(b.store, &e), 0, "%s", e.text);
  bench_stop(&b);
  bench_resume(&b);
  cr_expect_gt(bench_step(&b, "1.1")->downtime, 3500000);
  bench_close(&b);
}

/* ---- long waits ---- */

#define TWO_CASES(first)                                                                                               \
  SECTION("1")                                                                                                         \
  "      - step: \"1.1\"\n        " first "\n      - step: \"1.2\"\n        say: {text: after}\n" SECTION(             \
      "2") "      - step: \"2.1\"\n        say: {text: hello}\n"

/* 30 minutes of a real clock: the tester works on, and the run ends waiting. */
Test(long_waits, time_that_passes_parks_its_case_and_the_run_says_when_it_goes_on) {
  struct bench b;
  bench_open(&b, INBOX, TWO_CASES("pause: {for: 30 min}"));
  int64_t began = clock_monotonic();
  bench_run(&b);
  cr_expect_lt(clock_monotonic() - began, 5000);
  bench_expect(&b, "1.1", VERDICT_NONE);
  bench_expect(&b, "2.1", VERDICT_PASS);
  cr_expect_eq(state_verdict(run_state(b.run)), VERDICT_WAITING);
  struct run_wait w = run_wait(b.run, bench_step(&b, "1.1"), clock_wall());
  cr_expect(w.left > 1790000 && w.left <= 1800000, "%lld", (long long)w.left);
  cr_expect(w.due > clock_wall() + 1790000 && w.due <= clock_wall() + 1800000);
  cr_expect_eq(bench_count(&b, "run-ended", NULL), (size_t)0);
  bench_close(&b);
}

/* What has no deadline shows none, though the step names one. */
Test(long_waits, by_hand_nobody_is_late_and_no_time_is_left_to_show) {
  struct bench b;
  bench_open(&b, INBOX, SECTION("1") "      - step: \"1.1\"\n        hear: {text: ping, within: 1 h}\n");
  b.options.by_hand = true;
  b.on_event = stop_when_open;
  bench_run(&b);
  struct run_wait w = run_wait(b.run, bench_step(&b, "1.1"), clock_wall());
  cr_expect_eq(w.left, -1, "%lld", (long long)w.left);
  cr_expect_eq(w.due, 0);
  bench_close(&b);
}

/* Down for an hour: the half hour has passed nevertheless, whether the harness was stopped or killed. */
static void passed_while_down(int64_t stopped_ago, enum verdict v, int64_t opened_ago) {
  struct bench b;
  bench_open(&b, INBOX, TWO_CASES("pause: {for: 30 min}"));
  bench_run(&b);
  bench_stop(&b);
  shift_log(&b, opened_ago, stopped_ago);
  bench_resume(&b);
  cr_assert_eq(bench_go(&b), 0, "%s", b.error.text);
  bench_expect(&b, "1.1", v);
  bench_expect(&b, "1.2", v);
  bench_close(&b);
}

Test(long_waits, time_passes_while_we_are_down) {
  passed_while_down(3599000, VERDICT_PASS, 3600000);
  passed_while_down(-1, VERDICT_PASS, 3600000);
}

Test(long_waits, resumed_too_early_it_waits_on) {
  passed_while_down(500000, VERDICT_NONE, 600000);
}

static void post_late(struct bench *b) {
  if (run_state(b->run)->cases[1].cursor == 1 && b->hits++ == 0) bench_post(b, "ping");
}

/* A deadline needs ears: the case is overtaken, and hears what comes all the same. */
Test(long_waits, one_that_listens_is_overtaken_and_goes_on_hearing) {
  struct bench b;
  bench_open(&b, INBOX, TWO_CASES("hear: {text: ping, within: 30 min}"));
  b.options.patience_ms = 100;
  b.each = post_late;
  bench_run(&b);
  bench_expect(&b, "2.1", VERDICT_PASS);
  bench_expect(&b, "1.1", VERDICT_PASS);
  bench_expect(&b, "1.2", VERDICT_PASS);
  cr_expect_lt(bench_step(&b, "2.1")->opened_seq, bench_step(&b, "1.2")->opened_seq);
  bench_close(&b);
}

Test(long_waits, a_short_one_keeps_the_order_of_the_cases) {
  struct bench b;
  bench_open(&b, INBOX, TWO_CASES("hear: {text: ping, within: 150 ms}"));
  b.options.patience_ms = 1000;
  bench_run(&b);
  cr_expect_gt(bench_step(&b, "2.1")->opened_seq, bench_step(&b, "1.2")->opened_seq);
  bench_close(&b);
}

/* What a vendor still has when nobody is there to hear it. */
Test(long_waits, a_deadline_stands_still_while_we_are_down) {
  struct bench b;
  struct error e;
  bench_open(&b, INBOX, SECTION("1") "      - step: \"1.1\"\n        hear: {text: ping, within: 1 h}\n");
  b.on_event = stop_when_open;
  bench_run(&b);
  bench_stop(&b);
  shift_log(&b, 7200000, 7200000 - 600000);
  cr_assert_eq(store_open(&b.store, b.path, STORE_READ, &e), 0, "%s", e.text);
  b.options.store = b.store;
  cr_assert_eq(run_look(&b.run, b.id, &b.options, &e), 0, "%s", e.text);
  struct run_wait w = run_wait(b.run, bench_step(&b, "1.1"), clock_wall());
  cr_expect_eq(w.left, 3000000, "%lld", (long long)w.left);
  cr_expect_eq(w.due, 0);
  bench_close(&b);
}
