/* The mailbox: what came in is given to the one open step that wants it. */
#include "run/run_int.h"

static bool open_for(const struct state_step *st) {
  return st && st->opened && st->step->kind->wants && !st->message && !st->timer;
}

static struct state_step *wanted_by(struct run *r, const struct state_message *m, size_t *n) {
  struct state_step *only = NULL;
  *n = 0;
  for (size_t c = 0; c < r->state->cases_n; c++) {
    struct state_step *st = state_current(&r->state->cases[c]);
    struct str en, da;
    if (!open_for(st) || m->seq <= st->attempt.seq) continue; /* what came before an attempt is of the one before */
    struct step_view v = run_view(r, st);
    if (st->step->kind->wants(&v, m, &en, &da) != WANTS_IT) continue;
    only = st;
    (*n)++;
  }
  return only;
}

/* It came before, and a crash of ours may have cut the answer off. */
static bool came_before(const struct run *r, struct str party, const struct facts *facts) {
  struct str envelope = facts_get(facts, "envelope.id");
  for (size_t i = 0; i < r->state->doubted.n && envelope.n; i++) {
    const struct state_message *m = r->state->doubted.v[i];
    if (!m->outbound && str_eq(m->party, party) && str_eq(facts_get(&m->facts, "envelope.id"), envelope)) return true;
  }
  return false;
}

bool run_would_take(struct run *r, struct str party, const struct facts *facts, int64_t events) {
  struct state_message m = {.id = STR("next"), .party = party, .seq = events + 1, .at = clock_stamp(&r->o.clock)};
  size_t n;
  facts_init(&m.facts, r->scratch);
  for (size_t i = 0; i < facts->list.n; i++) facts_put(&m.facts, facts->list.v[i].name, facts->list.v[i].value);
  return wanted_by(r, &m, &n) != NULL;
}

bool run_claims(void *party, const struct facts *facts) {
  const struct run_party *from = party;
  struct run *r = from->run;
  return came_before(r, from->name, facts) || run_would_take(r, from->name, facts, r->state->events);
}

/* What no step wanted is looked at again only after something that may have changed that. */
void run_match(struct run *r) {
  size_t from = r->match_changes == r->state->changes ? r->matched : 0;
  r->match_changes = r->state->changes;
  r->matched = r->state->messages.n;
  for (size_t i = from; i < r->state->messages.n && !r->broken; i++) {
    struct state_message *m = r->state->messages.v[i];
    size_t n;
    if (m->outbound || m->owner || m->quarantined) continue;
    struct state_step *st = wanted_by(r, m, &n);
    /* Two parked cases fit: nobody gets it, a person attaches it. */
    if (n != 1) continue;
    struct event *ev = run_event(r, "matched", st);
    facts_put(&ev->data, STR("message"), m->id);
    facts_put(&ev->data, STR("as"), node_text_at(st->step->args_node, "as"));
    run_emit(r, ev);
  }
}
