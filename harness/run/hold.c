/* Seeded runs: what arrives waits until nothing of ours is under way and every cursor stands.
 *
 * The answer to our POST and the vendor's own message travel on two connections and may overtake each other; a run that
 * is to be repeated byte for byte needs one order. A system that answers only after its message was taken is not kept
 * waiting for longer than RUN_HOLD_MS. */
#include "run/run_int.h"

static bool under_way(const struct run *r) {
  if (r->hooks || run_delayed(r)) return true;
  for (size_t i = 0; i < r->state->messages.n; i++) {
    const struct state_message *m = r->state->messages.v[i];
    if (m->outbound && !m->status.n && !m->failure.n) return true;
  }
  return false;
}

static void on_patience(void *payload) {
  struct run *r = payload;
  r->hold_timer = NULL;
  r->hold_over = true;
}

bool run_hold(struct run_party *from, const struct endpoint_arrival *in) {
  struct run *r = from->run;
  if (!r->o.clock.logical || r->releasing) return false;
  struct run_held *held = VEC_ADD(r->arena, &r->held);
  struct endpoint_arrival *kept = &held->in;
  struct facts *facts = ARENA_NEW(r->arena, struct facts);
  held->from = from;
  *kept = *in;
  kept->read = NULL; /* it lives no longer than this call */
  facts_init(facts, r->arena);
  for (size_t i = 0; i < in->facts->list.n; i++)
    facts_put(facts, in->facts->list.v[i].name, in->facts->list.v[i].value);
  kept->facts = facts;
  if (!r->hold_timer) r->hold_timer = loop_after(r->loop, RUN_HOLD_MS, on_patience, r);
  return true;
}

bool run_hold_result(struct run *r, const struct state_message *m, const struct endpoint_result *res) {
  if (!r->o.clock.logical || !str_eqz(m->status, ENDPOINT_DELAYED)) return false;
  VEC_PUSH(r->arena, &r->lates,
           ((struct run_late){m->id, arena_str(r->arena, res->status), arena_str(r->arena, res->failure)}));
  return true;
}

static void release_result(struct run *r) {
  struct run_late first = r->lates.v[0];
  struct endpoint_result res = {first.status, first.failure};
  for (size_t i = 1; i < r->lates.n; i++) r->lates.v[i - 1] = r->lates.v[i];
  r->lates.n--;
  run_note_sent(r, state_message_find(r->state, first.message), &res);
}

static bool release_reset(struct run *r) {
  for (size_t i = 0; i < r->parties_n && !r->broken; i++) {
    struct run_party *p = &r->parties[i];
    if (!p->held_resets || under_way(r)) continue;
    p->held_resets--;
    run_note_reset(p);
    return true;
  }
  return false;
}

bool run_release_held(struct run *r) {
  if (r->lates.n && !r->broken) {
    release_result(r);
    return true;
  }
  if (release_reset(r)) return true;
  if (!r->held.n || r->broken || (under_way(r) && !r->hold_over)) return false;
  if (r->hold_timer) loop_cancel(r->loop, r->hold_timer);
  r->hold_timer = NULL;
  r->hold_over = false;
  struct run_held first = r->held.v[0];
  for (size_t i = 1; i < r->held.n; i++) r->held.v[i - 1] = r->held.v[i];
  r->held.n--;
  r->releasing = true;
  run_received(first.from, &first.in);
  r->releasing = false;
  return true;
}
