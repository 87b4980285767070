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

static int64_t remaining(const struct run *r, const struct state_step *st) {
  if (r->o.clock.logical) return st->deadline;
  int64_t up = r->state->last_at - st->opened_at - st->downtime;
  int64_t left = st->deadline - (up > 0 ? clock_scaled(&r->o.clock, up) : 0);
  return left > 0 ? left : 0;
}

void run_arm(struct run *r, struct state_step *st) {
  /* By hand, nothing is late: the vendor's deadline counts only where messages can come by themselves. */
  bool by_hand = run_by_hand(r) && !str_eqz(st->owner, "harness");
  if (!r->loop || st->deadline < 0 || st->timer || by_hand) return;
  struct run_timer *t = ARENA_NEW(r->arena, struct run_timer);
  *t = (struct run_timer){.run = r, .step = st};
  t->timer = loop_after(r->loop, clock_unscaled(&r->o.clock, remaining(r, st)), on_timer, t);
  VEC_PUSH(r->arena, &r->timers, t);
}

void run_disarm(struct run *r, const struct state_step *st) {
  for (size_t i = 0; i < r->timers.n; i++) {
    struct run_timer *t = r->timers.v[i];
    if (t->step != st || !t->timer) continue;
    loop_cancel(r->loop, t->timer);
    t->timer = NULL;
  }
}
