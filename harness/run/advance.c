/* The cursors: open a step, see whether it can be judged, judge it, move on. */
#include "run/run_int.h"

#include "plan/plan.h"

static void emit_verdict(struct run *r, struct state_step *st, enum verdict v, const struct judgement *j) {
  for (size_t i = 0; i < j->captured.list.n; i++) {
    struct event *cap = run_event(r, "captured", st);
    facts_put(&cap->data, STR("name"), j->captured.list.v[i].name);
    facts_put(&cap->data, STR("value"), j->captured.list.v[i].value);
    run_emit(r, cap);
  }
  struct event *ev = run_event(r, "verdict", st);
  facts_put(&ev->data, STR("verdict"), str_z(verdict_name(v)));
  facts_put(&ev->data, STR("actual.en"), j->actual.en);
  facts_put(&ev->data, STR("actual.da"), j->actual.da);
  findings_join(&ev->findings, &j->findings);
  run_disarm(r, st);
  run_emit(r, ev);
  r->prompted[st->in - r->state->cases] = r->overtaken[st->in - r->state->cases] = false;
  /* One that was waited for before MedCom put steps in front of it is waited for again. */
  struct state_step *next = state_current(st->in);
  if (next && next->opened) run_arm(r, next);
}

static void judgement_init(struct run *r, struct judgement *j) {
  *j = (struct judgement){.verdict = VERDICT_PASS};
  findings_init(&j->findings, r->scratch);
  facts_init(&j->captured, r->scratch);
}

static const struct rule rule_harness = {"run.harness", SEV_ERROR, "testcamp",
                                         "The harness could not do this step: {1}",
                                         "Testværktøjet kunne ikke udføre teststeppet: {1}"};

static void judge_error(struct run *r, struct state_step *st, const struct error *e) {
  struct judgement j;
  char text[ERROR_FILE_MAX + ERROR_TEXT_MAX];
  judgement_init(r, &j);
  error_format(e, text, sizeof text);
  FINDING(&j.findings, &rule_harness, (struct place){0}, str_z(text));
  emit_verdict(r, st, VERDICT_ERROR, &j);
}

enum verdict run_final_verdict(const struct judgement *j) {
  if (j->verdict == VERDICT_ERROR || j->verdict == VERDICT_NOT_APPLICABLE) return j->verdict;
  if (findings_count(&j->findings, SEV_ERROR)) return VERDICT_FAIL;
  if (findings_count(&j->findings, SEV_UNDECIDED)) return VERDICT_INCONCLUSIVE;
  return j->verdict;
}

void run_judge(struct run *r, struct state_step *st) {
  struct judgement j;
  struct step_view v = run_view(r, st);
  judgement_init(r, &j);
  st->step->kind->judge(&v, &j);
  if (r->o.known.apply) r->o.known.apply(r->o.known.context, r->o.standards.profiles, &j.findings, r->state->last_at);
  emit_verdict(r, st, run_final_verdict(&j), &j);
}

static void emit_opened(struct run *r, struct state_step *st) {
  struct event *ev = run_event(r, "step-opened", st);
  if (r->wait_owner) facts_put(&ev->data, STR("owner"), str_z(r->wait_owner));
  if (r->wait_owner && r->wait_deadline >= 0)
    facts_put(&ev->data, STR("deadline"), arena_printf(r->scratch, "%lld", (long long)r->wait_deadline));
  run_emit(r, ev);
  for (size_t i = 0; i < r->pending_events.n; i++) {
    struct event *pending = r->pending_events.v[i];
    struct str id = arena_str(r->arena, event_get(pending, "message"));
    if (run_emit(r, pending) < 0) return;
    if (event_is(pending, "send-intent") || event_is(pending, "http-intent"))
      VEC_PUSH(r->arena, &r->posts, ((struct run_post){.step = st, .message = id}));
    if (event_is(pending, "fault-armed")) run_fault_armed(r, st);
  }
}

static void open_step(struct run *r, struct state_step *st) {
  struct error e;
  struct step_view v = run_view(r, st);
  size_t posts = r->posts.n;
  r->wait_owner = NULL;
  r->wait_deadline = -1;
  r->pending_events.n = 0;
  if (st->step->kind->effect && st->step->kind->effect(&v, &r->host, &e) < 0) {
    r->posts.n = posts;
    return judge_error(r, st, &e);
  }
  emit_opened(r, st);
  if (!r->broken) run_arm(r, st);
}

static void skip_step(struct run *r, struct state_step *st) {
  struct judgement j;
  judgement_init(r, &j);
  emit_verdict(r, st, VERDICT_NOT_APPLICABLE, &j);
}

/* Persons: an answer from the file, or somebody at the terminal, or the case is parked. */
static void seek_answer(struct run *r, struct state_step *st, size_t c) {
  struct error e;
  bool person = !st->step->kind->wants && (str_eqz(st->owner, "vendor") || str_eqz(st->owner, "medcom"));
  if (!person || st->answer || st->deadline >= 0 || r->parked[c]) return;
  const struct answer *an = answers_find(r->o.answers, st->step->id);
  if (an) {
    if (run_answer(r, st, an, &e) < 0) run_break(r, &e);
    return;
  }
  if (run_has_hook(r, st) || r->prompted[c]) return;
  r->prompted[c] = r->o.observer.ask && r->o.observer.ask(r->o.observer.context, r, st);
  r->parked[c] = !r->prompted[c];
}

/* By hand nothing comes while we run: a case that waits for a message is parked. */
static void park_by_hand(struct run *r, const struct state_step *st, size_t c) {
  if (run_by_hand(r, st->step->at) && st->step->kind->wants && str_eqz(st->owner, "vendor") && !st->message)
    r->parked[c] = true;
}

/* What takes long by itself keeps nobody: the case goes on when its time has come, in this run or after a resume. */
static void park_long(struct run *r, const struct state_step *st, size_t c) {
  if (run_passes(st) && !st->timer && run_is_long(r, st)) r->parked[c] = true;
}

/* One move of a case; false when it stands. */
static bool move(struct run *r, size_t c) {
  struct state_step *st = state_current(&r->state->cases[c]);
  if (!st || r->broken) return false;
  if (!st->opened) {
    if (!plan_step_applies(r->o.plan, st->step))
      skip_step(r, st);
    else
      open_step(r, st);
    return true;
  }
  struct step_view v = run_view(r, st);
  if (!st->step->kind->ready || st->step->kind->ready(&v) == STEP_READY) {
    r->parked[c] = false;
    run_judge(r, st);
    return true;
  }
  seek_answer(r, st, c);
  park_by_hand(r, st, c);
  park_long(r, st, c);
  return st->step->kind->ready(&v) == STEP_READY;
}

static bool open_case(struct run *r, size_t c) {
  struct event *ev = run_event(r, "case-opened", NULL);
  ev->case_id = r->state->cases[c].plan->c->id;
  r->wanted[c] = false;
  return run_emit(r, ev) == 0;
}

/* The case that a person asked for; else, when all open ones are done or parked, the next of the protocol. */
static bool open_next(struct run *r) {
  bool busy = false;
  for (size_t c = 0; c < r->state->cases_n; c++) {
    const struct state_case *sc = &r->state->cases[c];
    if (r->wanted[c] && !sc->opened) return open_case(r, c);
    busy = busy || (sc->opened && sc->cursor < sc->n && !r->parked[c] && !r->overtaken[c]);
  }
  for (size_t c = 0; c < r->state->cases_n && !busy; c++)
    if (!r->state->cases[c].opened && r->state->cases[c].plan->applies) return open_case(r, c);
  return false;
}

void run_advance(struct run *r) {
  bool moved = true;
  while (moved && !r->broken) {
    moved = false;
    run_match(r);
    for (size_t c = 0; c < r->state->cases_n; c++) {
      while (move(r, c)) {
        moved = true;
        run_faults_end(r, &r->state->cases[c]);
        arena_reset(r->scratch); /* many steps may look at one large message */
      }
    }
    if (!moved) moved = open_next(r);
  }
  bool busy = r->posts.n || r->arrivals.n || r->held.n || run_delayed(r);
  for (size_t c = 0; c < r->state->cases_n; c++) {
    struct state_case *sc = &r->state->cases[c];
    busy = busy || (sc->opened && sc->cursor < sc->n && !r->parked[c]);
  }
  if (!busy) run_stop(r);
}
