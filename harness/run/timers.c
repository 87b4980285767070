/* Deadlines of open steps, on the loop. */
#include "run/run_int.h"

static void on_timer(void *payload) {
  struct run_timer *t = payload;
  t->timer = NULL;
  /* What came in the same turn was there before the deadline was seen to pass. */
  if (t->run->going) run_match(t->run);
  if (t->step->verdict != VERDICT_NONE || t->step->timer || t->step->message) return;
  run_emit(t->run, run_event(t->run, "timer", t->step));
}

bool run_passes(const struct state_step *st) {
  return !st->step->kind->wants && str_eqz(st->owner, "harness") && st->deadline >= 0;
}

/* Deadline time that is left at `now`. Our own down-time extends a deadline, but time that is only to pass does so
 * though we are down. */
static int64_t left_at(const struct run *r, const struct state_step *st, int64_t now) {
  if (r->o.clock.logical) return st->deadline;
  int64_t up = now - st->opened_at - (run_passes(st) ? 0 : st->downtime);
  int64_t left = st->deadline - (up > 0 ? clock_scaled(&r->o.clock, up) : 0);
  return left > 0 ? left : 0;
}

static int64_t patience(const struct run *r) {
  return r->o.patience_ms ? r->o.patience_ms : RUN_PATIENCE_MS;
}

bool run_is_long(const struct run *r, const struct state_step *st) {
  if (r->o.clock.logical || st->deadline < 0) return false;
  return clock_unscaled(&r->o.clock, left_at(r, st, r->state->last_at)) > patience(r);
}

/* By hand, nothing is late: the vendor's deadline counts only where messages can come by themselves. */
static bool has_deadline(const struct run *r, const struct state_step *st) {
  return st->deadline >= 0 && (str_eqz(st->owner, "harness") || !run_by_hand(r, st->step->at));
}

struct run_wait run_wait(const struct run *r, const struct state_step *st, int64_t now) {
  /* While we are down, a deadline stands still; killed, we were up to the last that we noted. */
  int64_t then = r->loop || run_passes(st) ? now : r->state->stopped_at ? r->state->stopped_at : r->state->last_at;
  struct run_wait w = {.left = has_deadline(r, st) ? left_at(r, st, then) : -1};
  if (w.left >= 0 && (r->loop || run_passes(st))) w.due = now + clock_unscaled(&r->o.clock, w.left);
  return w;
}

/* Others go on while this one listens. */
static void on_patience(void *payload) {
  struct run_timer *t = payload;
  t->timer = NULL;
  if (t->step->verdict != VERDICT_NONE || t->step->message || t->run->broken) return;
  t->run->overtaken[t->step->in - t->run->state->cases] = true;
  run_touch(t->run);
}

static void arm(struct run *r, struct state_step *st, int64_t ms, void (*fn)(void *)) {
  struct run_timer *t = ARENA_NEW(r->arena, struct run_timer);
  *t = (struct run_timer){.run = r, .step = st};
  t->timer = loop_after(r->loop, ms, fn, t);
  VEC_PUSH(r->arena, &r->timers, t);
}

void run_arm(struct run *r, struct state_step *st) {
  if (!r->loop || st->timer || !has_deadline(r, st)) return;
  arm(r, st, clock_unscaled(&r->o.clock, left_at(r, st, r->state->last_at)), on_timer);
  if (st->step->kind->wants && run_is_long(r, st)) arm(r, st, patience(r), on_patience);
}

void run_disarm(struct run *r, const struct state_step *st) {
  for (size_t i = 0; i < r->timers.n; i++) {
    struct run_timer *t = r->timers.v[i];
    if (t->step != st || !t->timer) continue;
    loop_cancel(r->loop, t->timer);
    t->timer = NULL;
  }
}
