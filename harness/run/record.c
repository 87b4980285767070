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

/* The digest of what is looked at, and why that is not the message itself; empty: nothing. */
static struct str shown_digest(struct run *r, struct record_exchange *x, const struct state_message *m) {
  const struct event *t = state_redacted(r->state, m->digest);
  if (t) {
    x->withheld = event_get(t, "how");
    x->withheld_by = event_get(t, "by");
    x->withheld_why = event_get(t, "why");
    x->copy = event_get(t, "copy");
    return x->copy;
  }
  if (m->quarantined) x->withheld = STR("quarantined");
  return m->digest;
}

/* A message that is gone is told; the rest of the record stands. */
static void note_lost(struct record *out, struct arena *a, const struct record_exchange *x, const struct error *why) {
  const char *and = out->damage.n ? "; " : "";
  out->damage = arena_printf(a, "%.*s%s%.*s: %s", STR_F(out->damage), and, STR_F(x->id), why->text);
}

static void fill(struct run *r, struct record *out, struct record_exchange *x, const struct state_message *m,
                 struct arena *a) {
  struct arena *own = arena_new(0);
  struct error cause;
  struct str wire, digest = shown_digest(r, x, m);
  if (digest.n && store_blob_get(r->o.store, digest, own, &wire, &cause) == 0)
    exhibit_fill(x, a, wire);
  else if (digest.n && !m->quarantined) /* in a run that came as a bundle those are not there */
    note_lost(out, a, x, &cause);
  arena_free(own);
  /* What is wrong with it may be told, its bytes not. */
  if (m->quarantined) x->bytes = x->payload = (struct str){0};
}

/* What the course of a live test was decided to be. */
static int put_decision(struct run *r, struct record *out, struct arena *a, struct error *e) {
  struct course *c;
  if (courses_get(&c, r->o.store, a, out->course, e) < 0) return -1;
  if (c && c->stage >= COURSE_DECIDED) out->decision = c->decision;
  return 0;
}

int run_record(struct run *r, struct record *out, struct arena *a, struct error *e) {
  state_record(out, a, r->state);
  if (put_decision(r, out, a, e) < 0) return -1;
  for (size_t i = 0; i < out->exchanges.n; i++) {
    struct record_exchange *x = &out->exchanges.v[i];
    struct state_message *m = r->state->messages.v[i];
    fill(r, out, x, m, a);
    if (!m->outbound && !m->owner) near_miss(r, x, m, a);
  }
  return 0;
}
