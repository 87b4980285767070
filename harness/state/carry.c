#include "state/carry.h"

#include "protocol/changes.h"
#include "state/attempt.h"

struct compare {
  struct arena *arena;
  const struct carry_input *in;
  struct carry *out;
  bool *used; /* steps of the earlier run that have their counterpart, over all cases */
};

static const struct state_step *find_old(struct compare *c, const struct step *s, bool same_words) {
  const struct state *old = c->in->old;
  for (size_t i = 0, n = 0; i < old->cases_n; i++) {
    for (size_t k = 0; k < old->cases[i].n; k++, n++) {
      if (c->used[n] || !step_is_counterpart(old->cases[i].steps[k].step, s, same_words)) continue;
      c->used[n] = true;
      return &old->cases[i].steps[k];
    }
  }
  return NULL;
}

static struct str parameter_now(const struct compare *c, const struct protocol_parameter *p) {
  struct str set = c->in->parameters ? facts_get(c->in->parameters, arena_z(c->arena, p->name)) : (struct str){0};
  return set.n ? set : p->value;
}

/* The first parameter that a step uses and that has another value; of others it is no matter. */
static struct str changed_parameter(const struct compare *c, const struct step *s) {
  const struct protocol *p = c->in->plan->protocol;
  for (size_t i = 0; i < p->parameters.n; i++) {
    const struct protocol_parameter *pa = &p->parameters.v[i];
    struct str was = state_variable(c->in->old, pa->name);
    if (!str_eq(was, parameter_now(c, pa)) && step_uses_parameter(c->arena, s, pa->name)) return pa->name;
  }
  return (struct str){0};
}

/* Words and functions that ask the definitions; and whoever says that a step verifies a demand means that of today. */
static bool asks_definitions(const struct step *s) {
  struct str expression = node_text_at(s->args_node, "fhirpath");
  return str_eqz(str_z(s->kind->word), "validate") || s->verifies.n ||
         str_find(expression, STR("memberOf("), 0) != SIZE_MAX ||
         str_find(expression, STR("conformsTo("), 0) != SIZE_MAX;
}

/* True if what stood is good enough to stand on; else what says why not. */
static bool has_passed(const struct state_step *newest, const struct state *old, struct str *what) {
  const struct state_step *st = state_attempt_standing(newest);
  enum assessment as = state_assessment(st);
  *what = str_z(as == ASSESSMENT_NONE ? verdict_name(st->verdict) : assessment_name(as));
  if (!newest->in->plan->applies || !plan_step_applies(old->plan, newest->step)) return false;
  if (as != ASSESSMENT_NONE) return assessment_accepts(as);
  return st->verdict == VERDICT_PASS || st->verdict == VERDICT_NOT_APPLICABLE;
}

static struct carry_row because(enum carry_why why, struct str what, const struct state_step *old) {
  return (struct carry_row){.why = why, .what = what, .old = old};
}

static struct carry_row compare_step(struct compare *c, const struct step *s, const struct state_step *old) {
  struct str what;
  if (!old) return because(CARRY_NEW, (struct str){0}, NULL);
  struct str key = step_changed_key(old->step, s), parameter = changed_parameter(c, s);
  if (key.n) return because(CARRY_CHANGED, key, old);
  if (parameter.n) return because(CARRY_PARAMETER, parameter, old);
  if (c->out->other_definitions && asks_definitions(s)) return because(CARRY_DEFINITIONS, (struct str){0}, old);
  if (!has_passed(old, c->in->old, &what)) return because(CARRY_NOT_PASSED, what, old);
  return because(CARRY_OVER, (struct str){0}, state_attempt_standing(old));
}

/* First those that are written the same, so that one that is new does not shift all behind it. */
static void compare_all(struct compare *c) {
  const struct depends *d = c->out->depends;
  const struct state_step **old = ARENA_ARRAY(c->arena, const struct state_step *, d->n + 1);
  for (size_t i = 0; i < d->n; i++)
    if (d->steps[i]) old[i] = find_old(c, d->steps[i], true);
  for (size_t i = 0; i < d->n; i++) {
    if (!d->steps[i]) continue;
    if (!old[i]) old[i] = find_old(c, d->steps[i], false);
    c->out->rows[i] = compare_step(c, d->steps[i], old[i]);
  }
}

static void note_gone(struct compare *c) {
  const struct state *old = c->in->old;
  for (size_t i = 0, n = 0; i < old->cases_n; i++) {
    for (size_t k = 0; k < old->cases[i].n; k++, n++) {
      const struct state_step *st = &old->cases[i].steps[k];
      if (c->used[n] || st->step->added || protocol_step(c->in->plan->protocol, st->step->id)) continue;
      VEC_PUSH(c->arena, &c->out->gone, st);
    }
  }
}

/* Other versions of packages; or the same ones, with other definitions in them. */
static bool other_definitions(const struct carry_input *in) {
  const struct protocol *was = in->old->plan->protocol, *now = in->plan->protocol;
  size_t n = in->old->standards.n;
  if (was->packages.n != now->packages.n) return true;
  for (size_t i = 0; i < now->packages.n; i++)
    if (!str_eq(was->packages.v[i], now->packages.v[i])) return true;
  return n && !str_eq(in->old->standards.v[n - 1].digest, in->definitions);
}

/* What hangs together with a planned step is planned with it. */
static void spread(struct compare *c) {
  struct carry *out = c->out;
  struct depends_mark *marks = ARENA_ARRAY(c->arena, struct depends_mark, out->depends->n + 1);
  for (size_t i = 0; i < out->depends->n; i++)
    if (out->depends->steps[i] && out->rows[i].why != CARRY_OVER) marks[i].why = DEPENDS_ASKED;
  depends_close(marks, out->depends, true);
  for (size_t i = 0; i < out->depends->n; i++) {
    struct carry_row *row = &out->rows[i];
    if (!out->depends->steps[i]) continue;
    if (marks[i].why == DEPENDS_USES || marks[i].why == DEPENDS_NEEDED)
      *row = (struct carry_row){marks[i].why == DEPENDS_USES ? CARRY_USES : CARRY_NEEDED, {0}, marks[i].of, row->old};
    if (row->why == CARRY_OVER)
      out->over++;
    else
      out->planned++;
  }
}

void carry_make(struct carry *out, struct arena *a, const struct carry_input *in) {
  struct compare c = {.arena = a, .in = in, .out = out};
  size_t n = 0;
  for (size_t i = 0; i < in->old->cases_n; i++) n += in->old->cases[i].n;
  c.used = ARENA_ARRAY(a, bool, n + 1);
  *out = (struct carry){
      .old = in->old, .depends = depends_make(a, in->plan, in->files), .other_definitions = other_definitions(in)};
  out->rows = ARENA_ARRAY(a, struct carry_row, out->depends->n + 1);
  compare_all(&c);
  note_gone(&c);
  spread(&c);
}

struct str carry_from(const struct carry *c, const struct carry_row *row) {
  return row->old && row->old->carried.run.n ? row->old->carried.run : c->old->run;
}
