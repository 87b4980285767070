/* MedCom's word on a run: assessments and revisions. Nothing is ever overwritten: each is one more event. */
#include "base/utf8.h"
#include "run/run_int.h"
#include "state/attempt.h"

static int self_test(const struct run *r, struct error *e) {
  return error_set(e, ERR_CONFIG,
                   "run %.*s is a self-test and is not assessed: its assessments stay empty, for only MedCom assesses, "
                   "in a live test (testcamp run --mode certify)",
                   STR_F(r->id));
}

/* Initials: a few letters, of any alphabet, and no blanks. */
static int check_initials(struct str by, struct error *e) {
  bool good = by.n && by.n <= RUN_INITIALS_MAX && utf8_check(by) == SIZE_MAX;
  for (size_t i = 0; i < by.n && good; i++) good = ascii_is_alnum(by.p[i]) || by.p[i] == '-' || (by.p[i] & 0x80);
  if (good) return 0;
  return error_set(e, ERR_CONFIG, "--by needs initials: 1 to %d letters without blanks", RUN_INITIALS_MAX);
}

int review_check(const struct review *rv, struct error *e) {
  if (check_initials(rv->by, e) < 0) return -1;
  if (rv->why.n <= RUN_WHY_MAX) return 0;
  return error_set(e, ERR_LIMIT, "what is said is longer than %d bytes", RUN_WHY_MAX);
}

static int emit_review(struct run *r, struct event *ev, const struct review *rv, struct error *e) {
  facts_put(&ev->data, STR("by"), rv->by);
  facts_put(&ev->data, STR("why"), rv->why);
  if (!state_is_assessed(r->state)) return run_beside_say(r, ev, e);
  if (run_emit(r, ev) == 0) return 0;
  *e = r->error;
  return -1;
}

/* A decision was made on what the live test showed then: it cannot be made to rest on something else afterwards. */
int run_undecided(struct run *r, struct error *e) {
  struct arena *a = arena_new(0);
  struct course *c;
  int rc = courses_get(&c, r->o.store, a, event_get(r->state->started, "course"), e);
  if (rc == 0 && c && c->stage >= COURSE_DECIDED)
    rc = error_set(e, ERR_CONFIG, "course %.*s, that this live test belongs to, is decided: what it rests on stands",
                   STR_F(c->id));
  arena_free(a);
  return rc;
}

static int check_assessable(const struct run *r, const struct state_step *st, enum assessment as,
                            const struct review *rv, struct error *e) {
  struct str id = st->step->id;
  if (!state_is_assessed(r->state)) return self_test(r, e);
  if (review_check(rv, e) < 0) return -1;
  bool executed = st->in->plan->applies && verdict_executed(st->verdict);
  if (!executed && as != ASSESSMENT_NOT_RELEVANT)
    return error_set(e, ERR_CONFIG, "step %.*s was not executed (%s): it can only be assessed as not-relevant",
                     STR_F(id), verdict_name(st->in->plan->applies ? st->verdict : VERDICT_NOT_APPLICABLE));
  if (st->assessments.n && !rv->why.n)
    return error_set(e, ERR_CONFIG, "step %.*s is assessed %s already: another assessment needs --why TEXT", STR_F(id),
                     assessment_name(state_assessment(st)));
  return 0;
}

static int emit_assessed(struct run *r, const struct state_step *st, enum assessment as, const struct review *rv,
                         struct error *e) {
  struct event *ev = run_event(r, "assessed", st);
  facts_put(&ev->data, STR("assessment"), str_z(assessment_name(as)));
  return emit_review(r, ev, rv, e);
}

/* All are looked at before the first is noted. */
static int check_all(const struct run *r, const struct state_step *const *steps, size_t n, enum assessment as,
                     const struct review *rv, struct error *e) {
  for (size_t i = 0; i < n; i++) {
    if (check_assessable(r, steps[i], as, rv, e) < 0) return -1;
    for (size_t k = 0; k < i; k++)
      if (steps[k] == steps[i]) return error_set(e, ERR_CONFIG, "step %.*s is named twice", STR_F(steps[i]->step->id));
  }
  return 0;
}

int run_assess(struct run *r, const struct state_step *const *steps, size_t n, enum assessment as,
               const struct review *rv, struct error *e) {
  if (check_all(r, steps, n, as, rv, e) < 0 || run_undecided(r, e) < 0) return -1;
  for (size_t i = 0; i < n; i++)
    if (emit_assessed(r, steps[i], as, rv, e) < 0) return -1;
  return 0;
}

/* A numbered step is one line at MedCom, with the harness's own steps under it: all of it must have passed. */
static bool line_passed(const struct state_step *st) {
  if (st->verdict != VERDICT_PASS || !st->step->number.n) return false;
  for (size_t i = 0; i < st->in->n; i++) {
    const struct state_step *other = state_attempt_standing(&st->in->steps[i]);
    struct str under = algebra_under(other->step->id);
    bool ours = under.n && str_eq(under, st->step->id);
    if (ours && other->verdict != VERDICT_PASS && other->verdict != VERDICT_NOT_APPLICABLE) return false;
  }
  return true;
}

int run_accept_passed(struct run *r, const struct review *rv, size_t *accepted, struct error *e) {
  *accepted = 0;
  if (!state_is_assessed(r->state)) return self_test(r, e);
  if (review_check(rv, e) < 0 || run_undecided(r, e) < 0) return -1;
  for (size_t c = 0; c < r->state->cases_n; c++) {
    const struct state_case *sc = &r->state->cases[c];
    for (size_t i = 0; i < sc->n && sc->plan->applies; i++) {
      const struct state_step *st = state_attempt_standing(&sc->steps[i]);
      if (st->assessments.n || !line_passed(st)) continue;
      if (emit_assessed(r, st, ASSESSMENT_OK, rv, e) < 0) return -1;
      ++*accepted;
    }
  }
  return 0;
}

static bool is_revisable(enum verdict v) {
  return v == VERDICT_PASS || v == VERDICT_FAIL || v == VERDICT_INCONCLUSIVE || v == VERDICT_NOT_APPLICABLE;
}

/* A live test is MedCom's while it lasts. A self-test is the vendor's until it has ended; what came as a bundle and
 * says that it was a live test was not held here. */
static int check_revisable_run(struct run *r, struct error *e) {
  if (!state_is_assessed(r->state) && !r->state->ended_at)
    return error_set(e, ERR_CONFIG,
                     "run %.*s is a self-test that has not ended: until then it is the vendor's, and MedCom revises "
                     "nothing of it",
                     STR_F(r->id));
  if (state_is_assessed(r->state) && run_is_received(r))
    return error_set(e, ERR_CONFIG,
                     "run %.*s is a live test that came as a bundle: its verdicts are revised where it was held",
                     STR_F(r->id));
  return run_undecided(r, e);
}

int run_revise(struct run *r, const struct state_step *st, enum verdict v, const struct review *rv, struct error *e) {
  if (review_check(rv, e) < 0 || check_revisable_run(r, e) < 0) return -1;
  if (!rv->why.n) return error_set(e, ERR_CONFIG, "a revision needs --why TEXT: the reason goes into the record");
  if (!is_revisable(v))
    return error_set(e, ERR_CONFIG, "a verdict can be revised to pass, fail, inconclusive or not-applicable");
  if (!st->in->plan->applies || st->verdict == VERDICT_NONE || st->verdict == VERDICT_WAITING)
    return error_set(e, ERR_CONFIG, "step %.*s has no verdict yet that could be revised", STR_F(st->step->id));
  if (st->verdict == v)
    return error_set(e, ERR_CONFIG, "the verdict of step %.*s is %s already", STR_F(st->step->id), verdict_name(v));
  struct event *ev = run_event(r, "revised", st);
  facts_put(&ev->data, STR("verdict"), str_z(verdict_name(v)));
  return emit_review(r, ev, rv, e);
}
