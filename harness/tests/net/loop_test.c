#include "net_test.h"

#include "base/clock.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <sys/epoll.h>
#include <unistd.h>

struct order {
  struct net_test t;
  char seen[64];
  size_t n;
  struct loop_timer *other;
  struct loop_fd *watch[2];
  int pipe[2][2];
};

struct tick {
  struct order *o;
  char name;
};

static void tick(void *payload) {
  struct tick *k = payload;
  k->o->seen[k->o->n++] = k->name;
}

Test(loop, timers_fire_by_time_then_by_making) {
  struct order o = {0};
  net_test_open(&o.t);
  struct tick k[] = {{&o, 'a'}, {&o, 'b'}, {&o, 'c'}, {&o, 'd'}, {&o, 'e'}};
  const int64_t delay[] = {30, 5, 15, 5, -7};
  for (size_t i = 0; i < 5; i++) loop_after(o.t.loop, delay[i], tick, &k[i]);
  cr_assert(net_test_until(&o.t, &o.n, 5));
  cr_assert_str_eq(o.seen, "ebdca");
  net_test_close(&o.t);
}

/* Between groups of timers: more than a busy machine takes while they are made. */
#define GROUP_MS 60

Test(loop, a_hundred_timers_with_every_third_cancelled) {
  struct order o = {0};
  net_test_open(&o.t);
  struct loop_timer *timers[90];
  struct tick k[90];
  for (size_t i = 0; i < 90; i++) {
    size_t place = (i * 37) % 90, group = place / 10;
    k[i] = (struct tick){&o, (char)('0' + group)};
    timers[i] = loop_after(o.t.loop, (int64_t)(group * GROUP_MS + place % 10), tick, &k[i]);
  }
  for (size_t i = 0; i < 90; i += 3) loop_cancel(o.t.loop, timers[i]);
  cr_assert(net_test_until(&o.t, &o.n, 60));
  net_test_turns(&o.t, 20);
  cr_assert_eq(o.n, 60);
  for (size_t i = 1; i < o.n; i++) cr_assert(o.seen[i - 1] <= o.seen[i]);
  net_test_close(&o.t);
}

static void cancel_other(void *payload) {
  struct order *o = payload;
  loop_cancel(o->t.loop, o->other);
  o->n++;
}

Test(loop, a_timer_may_cancel_another_that_is_due) {
  struct order o = {0};
  net_test_open(&o.t);
  struct tick k = {&o, 'x'};
  loop_after(o.t.loop, 0, cancel_other, &o);
  o.other = loop_after(o.t.loop, 0, tick, &k);
  net_test_turns(&o.t, 20);
  cr_assert_eq(o.n, 1);
  net_test_close(&o.t);
}

static void again(void *payload) {
  struct order *o = payload;
  o->n++;
  loop_after(o->t.loop, 0, again, o);
}

Test(loop, a_timer_that_renews_itself_fires_once_a_turn) {
  struct order o = {0};
  net_test_open(&o.t);
  loop_after(o.t.loop, 0, again, &o);
  for (size_t i = 1; i <= 10; i++) {
    loop_turn(o.t.loop, -1);
    cr_assert_eq(o.n, i);
  }
  net_test_close(&o.t);
}

static void unwatch_both(void *payload, uint32_t events) {
  struct order *o = payload;
  cr_assert(events & EPOLLIN);
  o->n++;
  for (size_t i = 0; i < 2; i++) loop_unwatch(o->t.loop, o->watch[i]);
}

Test(loop, a_watch_ended_in_the_same_turn_is_not_called) {
  struct order o = {0};
  net_test_open(&o.t);
  for (size_t i = 0; i < 2; i++) {
    cr_assert_eq(pipe(o.pipe[i]), 0);
    cr_assert_eq(write(o.pipe[i][1], "x", 1), 1);
    o.watch[i] = loop_watch(o.t.loop, o.pipe[i][0], EPOLLIN, unwatch_both, &o);
  }
  net_test_turns(&o.t, 20);
  cr_assert_eq(o.n, 1);
  net_test_close(&o.t);
}

static void stop_third(void *payload) {
  struct order *o = payload;
  if (++o->n == 3) loop_stop(o->t.loop);
}

Test(loop, after_turn_runs_each_turn_in_order) {
  struct order o = {0};
  net_test_open(&o.t);
  struct tick k[] = {{&o, 'a'}, {&o, 'b'}};
  loop_after_turn(o.t.loop, tick, &k[0]);
  loop_after_turn(o.t.loop, tick, &k[1]);
  loop_turn(o.t.loop, 0);
  loop_turn(o.t.loop, 0);
  cr_assert_str_eq(o.seen, "abab");
  net_test_close(&o.t);
}

Test(loop, run_ends_at_stop_and_waits_for_no_event_after) {
  struct order o = {0};
  net_test_open(&o.t);
  struct loop_timer *never = loop_after(o.t.loop, 60000, stop_third, &o);
  for (int i = 0; i < 3; i++) loop_after(o.t.loop, i, stop_third, &o);
  int64_t start = clock_monotonic();
  loop_run(o.t.loop);
  cr_assert_eq(o.n, 3);
  cr_assert_lt(clock_monotonic() - start, 1000);
  loop_cancel(o.t.loop, never);
  net_test_close(&o.t);
}

static void on_signal(void *payload, int number) {
  struct order *o = payload;
  o->seen[o->n++] = (char)number;
}

Test(loop, a_signal_calls_back_and_does_not_end_the_process) {
  struct order o = {0};
  struct error e;
  net_test_open(&o.t);
  cr_assert_eq(loop_on_signal(o.t.loop, on_signal, &o, &e), 0);
  kill(getpid(), SIGTERM);
  cr_assert(net_test_until(&o.t, &o.n, 1));
  cr_assert_eq(o.seen[0], SIGTERM);
  net_test_close(&o.t);
}

Test(loop, a_second_signal_ends_the_process, .signal = SIGTERM) {
  struct order o = {0};
  struct error e;
  net_test_open(&o.t);
  cr_assert_eq(loop_on_signal(o.t.loop, on_signal, &o, &e), 0);
  kill(getpid(), SIGTERM);
  cr_assert(net_test_until(&o.t, &o.n, 1));
  rmdir(o.t.dir);
  kill(getpid(), SIGTERM);
}
