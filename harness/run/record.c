/* The record of a run, with what its exchanges hold. */
#include "endpoint/exhibit.h"
#include "run/run_int.h"
#include "standards/fidelity.h"

/* The digest of what is looked at, and why that is not the message itself; empty: nothing. */
static struct str shown_digest(struct run *r, struct record_exchange *x, const struct state_message *m) {
  const struct event *t = state_tombstone(r->state, m->digest);
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

/* A request or answer of a REST server, or a request to the authorization server, is judged by the steps that ask for
 * it: it need not be a message. */
static void show_plain(struct record_exchange *x, struct arena *a, struct str wire) {
  x->size = wire.n;
  if (wire.n <= RECORD_EMBED_MAX) x->bytes = arena_str(a, wire);
}

static bool is_message(const struct state_message *m) {
  struct str interaction = facts_get(&m->facts, "rest.interaction");
  bool sent = !interaction.n || str_eqz(interaction, "create") || str_eqz(interaction, "update") || m->outbound;
  return sent && !str_eqz(m->via, "rest") && !facts_get(&m->facts, "oauth.request").n;
}

static void fill(struct run *r, struct record *out, struct record_exchange *x, const struct state_message *m,
                 struct arena *a) {
  struct arena *own = arena_new(0);
  struct error cause;
  struct str wire, digest = shown_digest(r, x, m);
  if (digest.n && store_blob_get(r->o.store, digest, own, &wire, &cause) == 0)
    (is_message(m) ? exhibit_fill : show_plain)(x, a, wire);
  else if (digest.n && !m->quarantined) /* in a run that came as a bundle those are not there */
    note_lost(out, a, x, &cause);
  arena_free(own);
  /* What is wrong with it may be told, its bytes not. */
  if (m->quarantined) x->bytes = x->payload = (struct str){0};
}

/* A live test that was held again says nothing any more: the decision was made on the later one. */
static bool is_decided_on(const struct course *c, struct str run) {
  for (size_t i = 0; i < c->protocols.n; i++)
    if (str_eq(c->protocols.v[i].live_test, run)) return c->stage >= COURSE_DECIDED;
  return false;
}

/* What the course of a live test was decided to be. */
static int put_decision(struct run *r, struct record *out, struct arena *a, struct error *e) {
  struct course *c;
  if (courses_get(&c, r->o.store, a, out->course, e) < 0) return -1;
  if (c && is_decided_on(c, out->run)) out->decision = c->decision;
  return 0;
}

static int put_fidelity(struct run *r, struct record *out, struct arena *a, struct error *e) {
  struct fidelity_notes *notes;
  if (!r->o.data_dir) return 0;
  if (fidelity_load(&notes, a, r->o.data_dir, e) < 0) return -1;
  out->fidelity_program = str_z(r->o.program ? r->o.program : "");
  for (size_t i = 0; i < notes->list.n; i++) {
    const struct fidelity_note *n = &notes->list.v[i];
    struct record_fidelity x = {str_z(fidelity_name(n->is)), {n->en, n->da}};
    if (fidelity_concerns(n, out->standard, out->protocol)) VEC_PUSH(a, &out->fidelity, x);
  }
  return 0;
}

int run_record(struct run *r, struct record *out, struct arena *a, struct error *e) {
  state_record(out, a, r->state);
  if (put_decision(r, out, a, e) < 0 || put_fidelity(r, out, a, e) < 0) return -1;
  for (size_t i = 0; i < out->exchanges.n; i++) {
    struct record_exchange *x = &out->exchanges.v[i];
    struct state_message *m = r->state->messages.v[i];
    fill(r, out, x, m, a);
    if (!m->outbound && !m->owner) run_explain(r, x, m, a);
  }
  return 0;
}

int run_compared(struct run *r, const struct state_step *st, struct step_compared *out, struct arena *a,
                 struct error *e) {
  struct step_view v = run_view(r, st);
  v.scratch = a;
  *out = (struct step_compared){0};
  return st->step->kind->compared ? st->step->kind->compared(&v, out, e) : 0;
}
