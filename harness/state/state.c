#include "state/state.h"
#include "state/state_int.h"

static struct state_case *case_init(struct state *s, struct state_case *c, const struct plan_case *pc) {
  c->plan = pc;
  c->n = pc->c->steps.n;
  c->steps = ARENA_ARRAY(s->arena, struct state_step, c->n + 1);
  for (size_t i = 0; i < c->n; i++) {
    struct state_step *st = &c->steps[i];
    st->step = pc->c->steps.v[i];
    st->in = c;
    st->deadline = -1;
    findings_init(&st->findings, s->arena);
  }
  return c;
}

struct state *state_new(struct arena *a, const struct plan *p) {
  struct state *s = ARENA_NEW(a, struct state);
  s->arena = a;
  s->plan = p;
  s->cases_n = p->cases.n;
  s->cases = ARENA_ARRAY(a, struct state_case, s->cases_n + 1);
  for (size_t i = 0; i < s->cases_n; i++) case_init(s, &s->cases[i], &p->cases.v[i]);
  facts_init(&s->variables, a);
  facts_init(&s->parameters, a);
  return s;
}

struct state_case *state_case_find(const struct state *s, struct str id) {
  for (size_t i = 0; i < s->cases_n; i++)
    if (str_eq(s->cases[i].plan->c->id, id)) return &s->cases[i];
  return NULL;
}

static struct state_step *find_by(const struct state *s, struct str id, bool by_number) {
  for (size_t i = 0; i < s->cases_n; i++) {
    struct state_case *c = &s->cases[i];
    for (size_t k = 0; k < c->n; k++) {
      struct str have = by_number ? c->steps[k].step->number : c->steps[k].step->id;
      if (have.n && str_eq(have, id)) return &c->steps[k];
    }
  }
  return NULL;
}

struct state_step *state_step_find(const struct state *s, struct str id) {
  struct state_step *st = find_by(s, id, false);
  return st ? st : find_by(s, id, true);
}

struct state_message *state_message_find(const struct state *s, struct str name) {
  if (!name.n) return NULL; /* that is what unmatched messages are called */
  for (size_t i = 0; i < s->messages.n; i++)
    if (str_eq(s->messages.v[i]->name, name)) return s->messages.v[i];
  for (size_t i = 0; i < s->messages.n; i++)
    if (str_eq(s->messages.v[i]->id, name)) return s->messages.v[i];
  return NULL;
}

struct state_step *state_current(const struct state_case *c) {
  return c->opened && c->cursor < c->n ? &c->steps[c->cursor] : NULL;
}

/* Alternatives: what a group of `either` steps comes to. */
static enum verdict group_verdict(const struct state_case *c, struct str group) {
  enum verdict all = VERDICT_NOT_APPLICABLE;
  for (size_t i = 0; i < c->n; i++) {
    if (!str_eq(c->steps[i].step->either, group)) continue;
    if (c->steps[i].verdict == VERDICT_PASS) return VERDICT_PASS;
    all = verdict_join(all, c->steps[i].verdict);
  }
  return all;
}

enum verdict state_case_verdict(const struct state_case *c) {
  if (!c->plan->applies) return VERDICT_NOT_APPLICABLE;
  if (!c->opened) return VERDICT_NONE;
  enum verdict all = VERDICT_NOT_APPLICABLE;
  for (size_t i = 0; i < c->n; i++) {
    struct str group = c->steps[i].step->either;
    enum verdict v = group.n ? group_verdict(c, group) : c->steps[i].verdict;
    all = verdict_join(all, v == VERDICT_NONE ? VERDICT_WAITING : v);
  }
  return all;
}

/* A run that passed nothing has shown nothing. */
enum verdict state_verdict(const struct state *s) {
  enum verdict all = VERDICT_NOT_APPLICABLE;
  for (size_t i = 0; i < s->cases_n; i++) {
    enum verdict v = state_case_verdict(&s->cases[i]);
    all = verdict_join(all, v == VERDICT_NONE ? VERDICT_WAITING : v);
  }
  return all == VERDICT_NOT_APPLICABLE ? VERDICT_INCONCLUSIVE : all;
}
