/* The record of a run, with what its exchanges hold. */
#include "endpoint/exhibit.h"
#include "run/run_int.h"

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

/* A message that is gone is told; the rest of the record stands. */
static void note_lost(struct record *out, struct arena *a, const struct record_exchange *x, const struct error *why) {
  const char *and = out->damage.n ? "; " : "";
  out->damage = arena_printf(a, "%.*s%s%.*s: %s", STR_F(out->damage), and, STR_F(x->id), why->text);
}

int run_record(struct run *r, struct record *out, struct arena *a, struct error *e) {
  state_record(out, a, r->state);
  if (put_decision(r, out, a, e) < 0) return -1;
  for (size_t i = 0; i < out->exchanges.n; i++) {
    struct record_exchange *x = &out->exchanges.v[i];
    struct state_message *m = r->state->messages.v[i];
    struct arena *own = arena_new(0);
    struct str wire;
    struct error cause;
    if (store_blob_get(r->o.store, x->digest, own, &wire, &cause) < 0)
      note_lost(out, a, x, &cause);
    else if (str_eqz(m->via, "rest"))
      show_plain(x, a, wire);
    else
      exhibit_fill(x, a, wire);
    arena_free(own);
    if (!m->outbound && !m->owner) run_explain(r, x, m, a);
  }
  return 0;
}
