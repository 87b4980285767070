/* The record of a run, with what its exchanges hold and why some of them fit no step. */
#include "endpoint/exhibit.h"
#include "run/run_int.h"

/* The open or judged step that nearly wanted an unmatched message. */
static void near_miss(struct run *r, struct record_exchange *x, const struct state_message *m, struct arena *a) {
  for (size_t c = 0; c < r->state->cases_n; c++) {
    struct state_case *sc = &r->state->cases[c];
    for (size_t i = 0; i < sc->n; i++) {
      struct state_step *st = &sc->steps[i];
      struct str en = {0}, da = {0};
      struct step_view v = run_view(r, st);
      if (!st->opened || !st->step->kind->wants || st->message) continue;
      if (st->step->kind->wants(&v, m, &en, &da) != WANTS_NEARLY) continue;
      x->near_miss_en = arena_printf(a, "nearly fits step %.*s: %.*s", STR_F(st->step->id), STR_F(en));
      x->near_miss_da = arena_printf(a, "passer næsten til teststep %.*s: %.*s", STR_F(st->step->id), STR_F(da));
      return;
    }
  }
}

/* What the course of a live test was decided to be. */
static int put_decision(struct run *r, struct record *out, struct arena *a, struct error *e) {
  struct course *c;
  if (courses_get(&c, r->o.store, a, out->course, e) < 0) return -1;
  if (c && c->stage >= COURSE_DECIDED) out->decision = c->decision;
  return 0;
}

/* A request or answer of a REST server is judged by the steps that ask for it: it need not be a message. */
static void show_plain(struct record_exchange *x, struct arena *a, struct str wire) {
  x->size = wire.n;
  if (wire.n <= RECORD_EMBED_MAX) x->bytes = arena_str(a, wire);
}

int run_record(struct run *r, struct record *out, struct arena *a, struct error *e) {
  state_record(out, a, r->state);
  if (put_decision(r, out, a, e) < 0) return -1;
  for (size_t i = 0; i < out->exchanges.n; i++) {
    struct record_exchange *x = &out->exchanges.v[i];
    struct state_message *m = r->state->messages.v[i];
    struct arena *own = arena_new(0);
    struct str wire;
    int result = store_blob_get(r->o.store, x->digest, own, &wire, e);
    if (result == 0 && str_eqz(m->via, "rest"))
      show_plain(x, a, wire);
    else if (result == 0)
      exhibit_fill(x, a, wire);
    arena_free(own);
    if (result < 0) return -1;
    if (!m->outbound && !m->owner) near_miss(r, x, m, a);
  }
  return 0;
}
