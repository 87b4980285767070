#include "run/halt.h"

#include "run/run_int.h"

#define ABORTED "aborted"

const struct rule halt_rules[HALT_RULES_N] = {
    [HALT_ABORTED] = {"run.aborted", SEV_UNDECIDED, "testcamp",
                      "The run was ended by {1} before this step was judged: {2}",
                      "Testforløbet blev afbrudt af {1}, før teststeppet var vurderet: {2}"}};

static int emit(struct run *r, struct event *ev, struct error *e) {
  if (run_emit(r, ev) == 0) return 0;
  *e = r->error;
  return -1;
}

static int emit_word(struct run *r, const char *kind, const struct review *word, struct error *e) {
  struct event *ev = run_event(r, kind, NULL);
  facts_put(&ev->data, STR("by"), word->by);
  facts_put(&ev->data, STR("why"), word->why);
  return emit(r, ev, e);
}

static int check_open(const struct run *r, struct error *e) {
  if (!r->state->ended_at) return 0;
  return error_set(e, ERR_CONFIG, "run %.*s has ended: there is nothing to stop", STR_F(r->id));
}

int run_pause(struct run *r, const struct review *word, struct error *e) {
  if (check_open(r, e) < 0 || review_check(word, e) < 0) return -1;
  if (r->state->paused) return error_set(e, ERR_CONFIG, "run %.*s is paused already", STR_F(r->id));
  struct event *ev = run_event(r, "harness-stopped", NULL);
  facts_put(&ev->data, STR("reason"), STR("a person paused the run"));
  return emit_word(r, "paused", word, e) < 0 ? -1 : emit(r, ev, e);
}

bool run_halted(const struct event *verdict) {
  return event_get(verdict, ABORTED).n && str_eqz(event_get(verdict, "verdict"), "inconclusive");
}

static int give_up(struct run *r, const struct state_step *st, const struct review *word, struct error *e) {
  const struct rule *rule = &halt_rules[HALT_ABORTED];
  struct event *ev = run_event(r, "verdict", st);
  facts_put(&ev->data, STR("verdict"), str_z(verdict_name(VERDICT_INCONCLUSIVE)));
  facts_put(&ev->data, STR("actual.en"), STR("Not judged: the run was ended before"));
  facts_put(&ev->data, STR("actual.da"), STR("Ikke vurderet: testforløbet blev afbrudt inden"));
  facts_put(&ev->data, STR(ABORTED), STR("yes"));
  FINDING(&ev->findings, rule, (struct place){0}, word->by, word->why);
  return emit(r, ev, e);
}

static int give_up_case(struct run *r, struct state_case *sc, const struct review *word, size_t *left,
                        struct error *e) {
  if (!sc->opened) {
    struct event *ev = run_event(r, "case-opened", NULL);
    ev->case_id = sc->plan->c->id;
    if (emit(r, ev, e) < 0) return -1;
  }
  for (size_t i = 0; i < sc->n; i++) {
    const struct state_step *st = &sc->steps[i];
    if (st->verdict != VERDICT_NONE || st->absent) continue;
    if (give_up(r, st, word, e) < 0) return -1;
    ++*left;
  }
  return 0;
}

int run_abort(struct run *r, const struct review *word, size_t *left, struct error *e) {
  *left = 0;
  if (check_open(r, e) < 0 || review_check(word, e) < 0) return -1;
  if (!word->why.n) return error_set(e, ERR_CONFIG, "abort needs --why TEXT: the reason goes into the record");
  if (emit_word(r, "aborted", word, e) < 0) return -1;
  for (size_t c = 0; c < r->state->cases_n; c++)
    if (r->state->cases[c].plan->applies && give_up_case(r, &r->state->cases[c], word, left, e) < 0) return -1;
  struct event *ev = run_event(r, "run-ended", NULL);
  facts_put(&ev->data, STR("verdict"), str_z(verdict_name(state_verdict(r->state))));
  return emit(r, ev, e);
}
