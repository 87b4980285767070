#include "run/rejudge.h"

#include "run/halt.h"
#include "run/run_int.h"

struct rejudging {
  struct rejudge *out;
  struct arena *arena;   /* of the result */
  struct arena *scratch; /* one judgement */
  const struct run_options *o;
  const struct plan *was;
  struct state *state; /* as it comes to be now */
  struct state *then;  /* as it was */
  struct step_services services;
  struct error withheld; /* code ERR_NONE: all bytes that were asked for were there */
};

const struct rule rejudge_rules[REJUDGE_RULES_N] = {
    [REJUDGE_WITHHELD] = {"rejudge.withheld", SEV_UNDECIDED, "testcamp",
                          "What this step was judged by is not there any more: {1}",
                          "Det, som teststeppet blev bedømt efter, findes ikke længere: {1}"},
    [REJUDGE_ANSWER] = {"rejudge.answer", SEV_UNDECIDED, "testcamp",
                        "A person answered another wording of this step, so the answer does not count here",
                        "En person har svaret på en anden ordlyd af teststeppet, så svaret gælder ikke her"},
    [REJUDGE_UNPLAYED] = {"rejudge.unplayed", SEV_UNDECIDED, "testcamp",
                          "The run did not play this step to an end, so there is nothing to judge",
                          "Kørslen har ikke gennemført teststeppet, så der er intet at bedømme"},
};

static int blob(void *context, struct str digest, struct arena *a, struct str *out, struct error *e) {
  struct rejudging *r = context;
  if (store_blob_get(r->o->store, digest, a, out, e) == 0) return 0;
  r->withheld = *e;
  return -1;
}

static bool same_text(struct protocol_text x, struct protocol_text y) {
  return str_eq(x.en, y.en) && str_eq(x.da, y.da);
}

/* A person answered what stood there: text and arguments. */
static bool same_question(const struct step *x, const struct step *y) {
  return x->kind == y->kind && same_text(x->action, y->action) && same_text(x->test_data, y->test_data) &&
         same_text(x->expected, y->expected) && node_equal(x->args_node, y->args_node);
}

static bool is_outdated(const struct rejudging *r, const struct state_step *st) {
  const struct step *before = protocol_step(r->was->protocol, st->step->id);
  return st->answer && (!before || !same_question(before, st->step));
}

static int apply(struct rejudging *r, const struct event *ev, struct error *e) {
  return state_apply(r->state, ev, e);
}

static int put_verdict(struct rejudging *r, const struct event *logged, enum verdict v, const struct judgement *j,
                       struct error *e) {
  for (size_t i = 0; i < j->captured.list.n; i++) {
    struct event *cap = event_new(r->scratch, "captured", logged->at, logged->case_id, logged->step);
    facts_put(&cap->data, STR("name"), j->captured.list.v[i].name);
    facts_put(&cap->data, STR("value"), j->captured.list.v[i].value);
    if (apply(r, cap, e) < 0) return -1;
  }
  struct event *ev = event_new(r->scratch, "verdict", logged->at, logged->case_id, logged->step);
  facts_put(&ev->data, STR("verdict"), str_z(verdict_name(v)));
  facts_put(&ev->data, STR("actual.en"), j->actual.en);
  facts_put(&ev->data, STR("actual.da"), j->actual.da);
  findings_join(&ev->findings, &j->findings);
  event_clean(ev);
  return apply(r, ev, e);
}

/* A step that only judges what is there: it needs no place in the log. */
static bool is_pure(const struct step_kind *k) {
  return !k->effect && !k->wants && !k->ready;
}

/* What the step waits for came, or its time was up: `judge` relies on that. A log from elsewhere need not have it, nor
 * one whose step is of another kind in this protocol. */
static bool is_played(const struct step_view *v) {
  const struct step_kind *k = v->at->step->kind;
  return is_pure(k) || (v->at->opened && (!k->ready || k->ready(v) == STEP_READY));
}

static enum verdict judge(struct rejudging *r, const struct state_step *st, struct judgement *j) {
  struct step_view v = {.state = r->state, .in = st->in, .at = st, .scratch = r->scratch, .services = &r->services};
  *j = (struct judgement){.verdict = VERDICT_PASS};
  findings_init(&j->findings, r->scratch);
  facts_init(&j->captured, r->scratch);
  r->withheld = (struct error){0};
  if (is_outdated(r, st)) {
    FINDING(&j->findings, &rejudge_rules[REJUDGE_ANSWER], (struct place){0});
    return VERDICT_INCONCLUSIVE;
  }
  if (!is_played(&v)) {
    FINDING(&j->findings, &rejudge_rules[REJUDGE_UNPLAYED], (struct place){0});
    return VERDICT_INCONCLUSIVE;
  }
  st->step->kind->judge(&v, j);
  if (r->o->known.apply)
    r->o->known.apply(r->o->known.context, r->o->standards.profiles, &j->findings, r->state->last_at);
  if (r->withheld.code == ERR_NONE) return run_final_verdict(j);
  FINDING(&j->findings, &rejudge_rules[REJUDGE_WITHHELD], (struct place){0}, str_z(r->withheld.text));
  return VERDICT_INCONCLUSIVE;
}

/* Never opened: it is passed over here as well, or the harness failed before it began; or the run was ended before it
 * was judged. Any other verdict has nothing behind it: a log from elsewhere says what it likes. */
static bool stays(const struct rejudging *r, const struct state_step *st, const struct event *ev) {
  enum verdict v = VERDICT_NONE;
  verdict_parse(event_get(ev, "verdict"), &v);
  bool skips = v == VERDICT_NOT_APPLICABLE && !plan_step_applies(r->o->plan, st->step);
  return (!st->opened && (skips || v == VERDICT_ERROR)) || run_halted(ev);
}

static int on_verdict(struct rejudging *r, const struct event *ev, struct error *e) {
  const struct state_step *st = state_step_find(r->state, ev->step);
  struct judgement j;
  if (stays(r, st, ev)) return apply(r, ev, e);
  enum verdict v = judge(r, st, &j);
  return put_verdict(r, ev, v, &j, e);
}

/* Steps and cases that the plan does not have are of no concern to it; captured values are made anew, and what persons
 * said of the former verdicts is not said of these. */
static bool is_passed_over(const struct rejudging *r, const struct event *ev) {
  if (event_is(ev, "captured") || event_is(ev, "revised") || event_is(ev, "assessed")) return true;
  if (ev->case_id.n && !state_case_find(r->state, ev->case_id)) return true;
  return ev->step.n && !state_step_find(r->state, ev->step);
}

static int on_event(void *payload, struct event *ev, struct error *e) {
  struct rejudging *r = payload;
  int rc = event_is(ev, "revised") ? 0 : state_apply(r->then, ev, e);
  if (rc == 0 && event_is(ev, "run-started")) r->services.seed = event_get(r->then->started, "seed");
  if (rc == 0 && !is_passed_over(r, ev)) rc = event_is(ev, "verdict") ? on_verdict(r, ev, e) : apply(r, ev, e);
  arena_reset(r->scratch);
  return rc;
}

/* New rules over the same bytes: what the other protocol asserts besides is judged when all has come. */
static int judge_new(struct rejudging *r, struct error *e) {
  int rc = 0;
  for (size_t c = 0; c < r->state->cases_n; c++)
    for (size_t i = 0; rc == 0 && i < r->state->cases[c].n; i++) {
      const struct state_step *st = &r->state->cases[c].steps[i];
      struct judgement j;
      bool open = r->state->cases[c].opened && st->verdict == VERDICT_NONE && is_pure(st->step->kind);
      if (!open || state_step_find(r->then, st->step->id) || !plan_step_applies(r->o->plan, st->step)) continue;
      struct event *ev =
          event_new(r->scratch, "verdict", r->state->last_at, r->state->cases[c].plan->c->id, st->step->id);
      enum verdict v = judge(r, st, &j);
      rc = put_verdict(r, ev, v, &j, e);
      arena_reset(r->scratch);
    }
  return rc;
}

static struct rejudged *add(struct rejudging *r, const struct step *step) {
  struct rejudged *x = VEC_ADD(r->arena, &r->out->steps);
  x->step = step;
  findings_init(&x->was, r->arena);
  findings_init(&x->findings, r->arena);
  return x;
}

static void add_before(struct rejudged *x, const struct state_step *st) {
  if (!st) return;
  x->before = st->verdict;
  findings_join(&x->was, &st->findings);
}

/* A step that is new in the other protocol was never tried: that is no pass. */
static void add_after(const struct rejudging *r, struct rejudged *x, const struct state_step *st, bool is_new) {
  x->after = st->verdict == VERDICT_NONE && is_new && st->in->plan->applies ? VERDICT_INCONCLUSIVE : st->verdict;
  findings_join(&x->findings, &st->findings);
  x->actual = (struct text){arena_str(r->arena, st->actual.en), arena_str(r->arena, st->actual.da)};
}

static void compare(struct rejudging *r) {
  struct rejudge *out = r->out;
  for (size_t c = 0; c < r->state->cases_n; c++)
    for (size_t i = 0; i < r->state->cases[c].n; i++) {
      const struct state_step *now = &r->state->cases[c].steps[i], *then = state_step_find(r->then, now->step->id);
      struct rejudged *x = add(r, now->step);
      add_before(x, then);
      add_after(r, x, now, !then);
    }
  for (size_t c = 0; c < r->then->cases_n; c++)
    for (size_t i = 0; i < r->then->cases[c].n; i++) {
      const struct state_step *then = &r->then->cases[c].steps[i];
      if (!state_step_find(r->state, then->step->id)) add_before(add(r, then->step), then);
    }
  for (size_t i = 0; i < out->steps.n; i++) out->differing += out->steps.v[i].before != out->steps.v[i].after;
  out->before = state_verdict(r->then);
  out->schemas = arena_str(r->arena, state_schemas(r->then));
  out->after = state_verdict(r->state);
}

int run_rejudge(struct rejudge *out, struct arena *a, struct str run, const struct run_options *o,
                const struct plan *was, struct error *e) {
  struct arena *events = arena_new(0);
  struct rejudging r = {.out = out, .arena = a, .scratch = arena_new(0), .o = o, .was = was};
  *out = (struct rejudge){0};
  r.state = state_new(a, o->plan);
  r.then = state_new(a, was);
  r.services = (struct step_services){.blob = blob,
                                      .context = &r,
                                      .data_dir = o->data_dir,
                                      .shapes = o->shapes,
                                      .profiles = o->standards.profiles,
                                      .letters = o->standards.letters};
  int rc = store_replay(o->store, run, events, on_event, &r, e);
  if (rc == 0) rc = judge_new(&r, e);
  if (rc == 0) compare(&r);
  arena_free(r.scratch);
  arena_free(events);
  return rc;
}
