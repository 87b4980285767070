/* What MedCom says of a run that is not its own: revisions of a self-test, and answers to what is contested in a run
 * that came as a bundle. It stands in a chain of its own beside the log, so that a vendor's log never holds a verdict
 * that no machine gave, and a bundle stays as it came. */
#include "run/run_int.h"

static struct str chain_name(struct run *r) {
  return arena_printf(r->scratch, STORE_REVIEW "%.*s", STR_F(r->id));
}

static int collect(void *payload, struct event *ev, struct error *e) {
  struct run_beside *b = payload;
  (void)e;
  VEC_PUSH(b->arena, &b->events, ev);
  return 0;
}

int run_beside_read(struct run_beside *b, struct run *r, struct arena *a, struct error *e) {
  *b = (struct run_beside){.run = r, .arena = a};
  if (r->o.log_only || store_replay(r->o.store, chain_name(r), a, collect, b, e) == 0) return 0;
  return e->code == ERR_CONFIG ? 0 : -1; /* nothing was said */
}

int run_beside_fold(const struct run_beside *b, struct error *e) {
  struct state *s = b->run->state;
  while (s->reviews < b->events.n) {
    const struct event *ev = b->events.v[s->reviews];
    int64_t on;
    if (!str_int(event_get(ev, "on"), &on))
      return error_set(e, ERR_SYNTAX, "event %lld of the review of run %.*s does not say what it is about",
                       (long long)ev->seq, STR_F(s->run));
    if (on > s->events) return 0;
    if (state_review(s, ev, e) < 0) return -1;
  }
  return 0;
}

int run_beside_whole(const struct run_beside *b, struct error *e) {
  const struct state *s = b->run->state;
  if (s->reviews == b->events.n) return 0;
  return error_set(e, ERR_SYNTAX, "the review of run %.*s is about events that the run does not have", STR_F(s->run));
}

int run_beside_say(struct run *r, struct event *ev, struct error *e) {
  facts_put(&ev->data, STR("on"), arena_printf(r->scratch, "%lld", (long long)r->state->events));
  if (store_append(r->o.store, chain_name(r), ev, e) < 0) return -1;
  /* One that does not fit must never be committed: the run could not be read again. */
  if (state_review(r->state, ev, e) < 0) BUG("%s", e->text);
  run_touch(r);
  return 0;
}

bool run_is_received(struct run *r) {
  struct error e;
  struct str note;
  struct str name = arena_printf(r->scratch, STORE_RECEIVED "%.*s", STR_F(r->id));
  return store_note_get(r->o.store, name, r->scratch, &note, &e) < 0 || note.n > 0;
}
