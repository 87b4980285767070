/* Events in, effects out: append, fold, commit, release. */
#include "run/run_int.h"

#include "base/file.h"

void run_touch(struct run *r) {
  r->dirty = true;
  if (r->o.site) r->o.site->touched(r->o.site->context);
}

void run_break(struct run *r, const struct error *e) {
  if (!r->broken) r->error = *e;
  r->broken = true;
  run_stop(r);
  if (r->o.site) run_touch(r);
}

struct event *run_event(struct run *r, const char *kind, const struct state_step *st) {
  struct str case_id = st ? st->in->plan->c->id : (struct str){0};
  return event_new(r->scratch, kind, clock_stamp(&r->o.clock), case_id, st ? st->step->id : (struct str){0});
}

/* What is judged again is kept nowhere (run_replay.c): the store numbers events, else we do. */
static int keep(struct run *r, struct event *ev, struct error *e) {
  if (r->o.store) return store_append(r->o.store, r->id, ev, e);
  ev->seq = r->state->events + 1;
  return 0;
}

static int append(struct run *r, struct event *ev) {
  struct error e;
  if (keep(r, ev, &e) < 0) {
    run_break(r, &e);
    return -1;
  }
  /* An event of ours that does not fit must never be committed: no run could be read again. */
  if (state_apply(r->state, ev, &e) < 0) BUG("%s", e.text);
  run_touch(r);
  if (r->o.observer.event) r->o.observer.event(r->o.observer.context, r->state, ev);
  return 0;
}

/* Deadlines are on a clock that never steps; that the stamps do is noted, so that a resumed run can tell too. */
static int note_clock(struct run *r) {
  int64_t before = r->ahead;
  if (r->o.clock.logical || !r->loop) return 0;
  r->ahead = clock_wall() - clock_monotonic();
  int64_t by = r->ahead - before;
  if (!before || (by < RUN_CLOCK_STEP_MS && by > -RUN_CLOCK_STEP_MS)) return 0;
  log_say(&r->o.log, LOG_NORMAL, "the machine's clock was put %s by %lld s, or it slept; no deadline is moved by that",
          by < 0 ? "back" : "on", (long long)(by < 0 ? -by : by) / 1000);
  struct event *ev = run_event(r, "clock-moved", NULL);
  facts_put(&ev->data, STR("by"), arena_printf(r->scratch, "%lld", (long long)by));
  return append(r, ev);
}

int run_emit(struct run *r, struct event *ev) {
  if (r->broken || note_clock(r) < 0) return -1;
  return append(r, ev);
}

struct str run_next_message(struct run *r) {
  return arena_printf(r->arena, "m%zu", r->state->messages.n + 1);
}

static void release_send(struct run *r, struct str id) {
  struct error e;
  struct str bytes;
  struct fault fault;
  struct state_message *m = state_message_of(r->state, id);
  struct arena *a = arena_new(0);
  if (store_blob_get(r->o.store, m->digest, a, &bytes, &e) < 0)
    run_break(r, &e);
  else if (m->request)
    run_request(r, m, bytes);
  else if (run_fault_of(r, m, &fault))
    endpoint_send_with(run_party(r, m->party)->endpoint, id, bytes, facts_get(&m->facts, "content-type"), m->file,
                       &fault);
  else
    endpoint_send(run_party(r, m->party)->endpoint, id, bytes, facts_get(&m->facts, "content-type"), m->file);
  arena_free(a);
}

size_t run_refuse(struct run *r, const char *why) {
  size_t n = r->arrivals.n;
  for (size_t i = 0; i < n; i++) endpoint_refuse(r->arrivals.v[i].from->endpoint, r->arrivals.v[i].handle, why);
  r->arrivals.n = 0;
  return n;
}

size_t run_release(struct run *r) {
  size_t answered = r->arrivals.n;
  r->dirty = false;
  for (size_t i = 0; i < answered; i++) {
    const struct run_arrival *in = &r->arrivals.v[i];
    if (in->hit)
      endpoint_misbehave(in->from->endpoint, in->handle, in->message, &in->fault);
    else
      endpoint_accept(in->from->endpoint, in->handle, in->message);
  }
  r->arrivals.n = 0;
  /* Sending may add new posts only in a later turn, but keep to what is there now. */
  size_t n = r->posts.n;
  for (size_t i = 0; i < n; i++) {
    struct run_post p = r->posts.v[i];
    if (p.fault)
      run_fault_port(r, p.fault);
    else if (p.message.n)
      release_send(r, p.message);
    else
      run_trigger(r, p.step, p.trigger);
  }
  size_t left = r->posts.n - n;
  for (size_t i = 0; i < left; i++) r->posts.v[i] = r->posts.v[n + i];
  r->posts.n = left;
  return answered;
}

/* Commits and releases until nothing is left to do; by-hand exchanges answer a send at once, which moves the cursor on.
 */
static int settle(struct run *r) {
  struct error e;
  run_advance(r);
  while (r->dirty) {
    if (store_commit(r->o.store, &e) < 0) {
      run_refuse(r, e.text);
      run_break(r, &e);
      return -1;
    }
    run_release(r);
    run_advance(r);
  }
  return 0;
}

bool run_is_dirty(const struct run *r) {
  return r->dirty;
}

const struct error *run_broken(const struct run *r) {
  return r->broken ? &r->error : NULL;
}

void run_flush(void *run) {
  struct run *r = run;
  if (!r->going) return;
  while (settle(r) == 0 && run_release_held(r)) continue;
  arena_reset(r->scratch);
}
