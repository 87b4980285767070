/* The machine's clock is put on or back while a run waits. */
#include "base/clock.h"
#include "tests/run/bench.h"

#include <criterion/criterion.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define INBOX "{kind: vans-http, address: \"\"}\ntrigger: {kind: person}\n"
#define HEAR                                                                                                           \
  "  - id: \"1\"\n    title: {en: One, da: En}\n    status: mandatory\n    steps:\n"                                   \
  "      - step: \"1.1\"\n        hear: {text: ping, within: 1500 ms}\n"
#define HOUR_S 3600

/* In place of the C library's: only the time of day is moved. Each test has a process of its own. */
static time_t moved_s;

int clock_gettime(clockid_t id, struct timespec *t) {
  int rc = (int)syscall(SYS_clock_gettime, id, t);
  if (id == CLOCK_REALTIME) t->tv_sec += moved_s;
  return rc;
}

static void noise(struct bench *b) {
  if (b->ticks == 20) bench_post(b, "noise");
}

static void stop(struct bench *b) {
  run_stop(b->run);
}

static void move(struct bench *b, const struct event *ev) {
  if (event_is(ev, "step-opened")) moved_s += (time_t)b->hits;
}

/* What is left of the deadline of 1500 ms, which then ends by it, when the run is resumed shortly after the clock was
 * moved. A busy machine makes it less, never more. */
static int64_t left_after(int64_t by_s, int64_t away_s) {
  struct bench b;
  struct event *ev = NULL;
  bench_open(&b, INBOX, HEAR);
  b.hits = (size_t)by_s;
  b.on_event = move;
  b.each = noise;
  b.answered = stop;
  bench_run(&b);
  bench_stop(&b);
  b.on_event = NULL;
  b.each = NULL;
  cr_expect_eq(bench_count(&b, "clock-moved", &ev), (size_t)(by_s ? 1 : 0));
  moved_s += (time_t)away_s;
  bench_resume(&b);
  int64_t left = run_wait(b.run, bench_step(&b, "1.1"), clock_wall()).left;
  cr_assert_eq(bench_go(&b), 0, "%s", b.error.text);
  bench_expect(&b, "1.1", VERDICT_FAIL);
  cr_expect_eq(bench_count(&b, "timer", NULL), (size_t)1);
  bench_close(&b);
  return left;
}

Test(clock, put_back_while_the_harness_is_up) {
  int64_t left = left_after(-HOUR_S, 0);
  cr_expect(left > 0 && left <= 1480, "%lld ms", (long long)left);
}

Test(clock, put_on_while_the_harness_is_up) {
  int64_t left = left_after(HOUR_S, 0);
  cr_expect(left > 0 && left <= 1480, "%lld ms", (long long)left);
}

Test(clock, put_back_while_the_harness_is_down) {
  int64_t left = left_after(0, -HOUR_S);
  cr_expect(left > 0 && left <= 1480, "%lld ms", (long long)left);
}

Test(clock, put_back_and_right_again) {
  int64_t left = left_after(-HOUR_S, HOUR_S);
  cr_expect(left > 0 && left <= 1480, "%lld ms", (long long)left);
}
