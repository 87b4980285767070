#include "state/state.h"
#include "state/state_int.h"

#include "record/algebra.h"
#include "state/attempt.h"

void state_step_reset(struct state_step *st, struct arena *a) {
  *st = (struct state_step){.step = st->step, .in = st->in, .absent = st->absent, .added = st->added, .deadline = -1};
  st->attempt.number = 1;
  findings_init(&st->findings, a);
  facts_init(&st->captured, a);
}

static struct state_case *case_init(struct state *s, struct state_case *c, const struct plan_case *pc) {
  c->plan = pc;
  c->n = pc->c->steps.n;
  c->steps = ARENA_ARRAY(s->arena, struct state_step, c->n + 1);
  for (size_t i = 0; i < c->n; i++) {
    struct state_step *st = &c->steps[i];
    st->step = pc->c->steps.v[i];
    st->in = c;
    st->absent = st->step->added;
    state_step_reset(st, s->arena);
  }
  return c;
}

struct state *state_new(struct arena *a, const struct plan *p) {
  struct state *s = ARENA_NEW(a, struct state);
  s->arena = a;
  s->plan = p;
  s->system_version = p->vendor->version;
  s->cases_n = p->cases.n;
  s->cases = ARENA_ARRAY(a, struct state_case, s->cases_n + 1);
  for (size_t i = 0; i < s->cases_n; i++) case_init(s, &s->cases[i], &p->cases.v[i]);
  facts_init(&s->variables, a);
  facts_init(&s->addresses, a);
  facts_init(&s->parameters, a);
  map_init(&s->by_id, a);
  map_init(&s->by_ident, a);
  map_init(&s->resource_ids, a);
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

struct state_message *state_message_of(const struct state *s, struct str id) {
  return map_get(&s->by_id, id);
}

struct state_message *state_message_find(const struct state *s, struct str name) {
  struct state_message *first = NULL;
  if (!name.n) return NULL; /* that is what unmatched messages are called */
  for (size_t i = 0; i < s->named.n; i++) {
    struct state_message *m = s->named.v[i];
    if (str_eq(m->name, name) && !m->past && (!first || m->seq < first->seq)) first = m;
  }
  return first ? first : state_message_of(s, name);
}

struct state_fault *state_fault_find(const struct state *s, const struct state_step *st) {
  for (size_t i = s->faults.n; i > 0; i--)
    if (s->faults.v[i - 1]->step == st) return s->faults.v[i - 1];
  return NULL;
}

const struct event *state_redacted(const struct state *s, struct str digest) {
  for (size_t i = s->tombstones.n; i > 0; i--)
    if (str_eq(event_get(s->tombstones.v[i - 1], "digest"), digest)) return s->tombstones.v[i - 1];
  return NULL;
}

/* Each step of the way is another tombstone, so that a log that lies leads round no circle. */
const struct event *state_tombstone(const struct state *s, struct str digest) {
  const struct event *t = state_redacted(s, digest), *next;
  for (size_t i = 0; t && i < s->tombstones.n && (next = state_redacted(s, event_get(t, "copy"))); i++) t = next;
  return t;
}

struct state_step *state_current(const struct state_case *c) {
  return c->opened && c->cursor < c->n ? &c->steps[c->cursor] : NULL;
}

/* What stands is what counts; a step of MedCom's own that is not in yet does not. */
static void put_step(struct algebra_case *out, struct arena *a, const struct state_step *newest) {
  if (newest->absent) return;
  const struct state_step *st = state_attempt_standing(newest);
  struct algebra_step *s = VEC_ADD(a, &out->steps);
  *s = (struct algebra_step){.id = st->step->id,
                             .under = algebra_under(st->step->id),
                             .either = st->step->either,
                             .verdict = st->verdict,
                             .assessment = state_assessment(st),
                             .judged_at = st->judged_at,
                             .assessed_at = st->assessments.n ? st->assessments.v[st->assessments.n - 1].at : 0,
                             .optional = st->step->optional};
}

static void put_case(struct algebra_run *out, struct arena *a, const struct state_case *c) {
  struct algebra_case *to = VEC_ADD(a, &out->cases);
  *to = (struct algebra_case){.id = c->plan->c->id,
                              .applies = c->plan->applies,
                              .chosen = !str_eqz(c->plan->reason, RECORD_NOT_CHOSEN),
                              .opened = c->opened || state_case_was_played(c),
                              .optional = c->plan->c->status == CASE_OPTIONAL};
  for (size_t i = 0; i < c->n; i++) put_step(to, a, &c->steps[i]);
}

void state_algebra(struct algebra_run *out, struct arena *a, const struct state *s) {
  double scale;
  struct str clock = s->started ? event_get(s->started, "clock.scale") : (struct str){0};
  *out = (struct algebra_run){.protocol = s->plan->protocol->id,
                              .assessed = state_is_assessed(s),
                              .ended = s->ended_at != 0,
                              .damaged = s->damage.n > 0,
                              .real_time = !clock.n || (str_double(clock, &scale) && scale == 1)};
  for (size_t i = 0; i < s->cases_n; i++) put_case(out, a, &s->cases[i]);
}

static enum verdict verdict_of(const struct algebra_run *run, struct arena *a, struct str scope) {
  struct sum sum;
  algebra_sum(&sum, a, run, scope);
  return sum.verdict;
}

enum verdict state_case_verdict(const struct state_case *c) {
  struct arena *scratch = arena_new(0);
  struct algebra_run run = {0};
  put_case(&run, scratch, c);
  enum verdict v = verdict_of(&run, scratch, c->plan->c->id);
  arena_free(scratch);
  return v;
}

enum verdict state_verdict(const struct state *s) {
  struct arena *scratch = arena_new(0);
  struct algebra_run run;
  state_algebra(&run, scratch, s);
  enum verdict v = verdict_of(&run, scratch, (struct str){0});
  arena_free(scratch);
  return v;
}

enum assessment state_assessment(const struct state_step *st) {
  return st->assessments.n ? st->assessments.v[st->assessments.n - 1].assessment : ASSESSMENT_NONE;
}

bool state_is_assessed(const struct state *s) {
  return s->started && str_eqz(event_get(s->started, "mode"), RECORD_CERTIFY);
}
