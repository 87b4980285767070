/* The fold: one function an event kind, one table. */
#include "state/attempt.h"
#include "state/state_int.h"

/* The definitions judged by from now on; noted when they are others than before. */
static void note_standards(struct fold *f) {
  struct record_standards now = {keep(f, "standards"), keep(f, "schemas"), f->ev->at};
  size_t n = f->s->standards.n;
  const struct record_standards *was = n ? &f->s->standards.v[n - 1] : NULL;
  if (!now.digest.n && !now.schemas.n) return;
  if (was && str_eq(was->digest, now.digest) && str_eq(was->schemas, now.schemas)) return;
  VEC_PUSH(f->s->arena, &f->s->standards, now);
}

struct str state_schemas(const struct state *s) {
  return s->standards.n ? s->standards.v[s->standards.n - 1].schemas : (struct str){0};
}

static int on_run_started(struct fold *f) {
  if (f->s->started) return misfit(f, "the run was started already");
  f->s->started = keep_event(f);
  f->s->run = keep(f, "run");
  note_standards(f);
  return 0;
}

/* Time that does not count for what is open; negative where the clock was put back meanwhile. */
static void leave_out(struct fold *f, int64_t ms) {
  for (size_t i = 0; i < f->s->cases_n; i++) {
    struct state_step *st = state_current(&f->s->cases[i]);
    if (st && st->opened) st->downtime += ms;
  }
}

/* Whether what was under way got through is not known: a send without a result, and the answer to what came in shortly
 * before a kill. */
static void note_doubts(struct fold *f) {
  for (size_t i = 0; i < f->s->messages.n; i++) {
    struct state_message *m = f->s->messages.v[i];
    bool unanswered = !f->s->stopped_at && m->at >= f->s->last_at - STATE_DOUBT_MS;
    bool unsent = !m->status.n && !m->failure.n;
    if (!(m->outbound ? unsent : unanswered)) continue;
    if (!m->doubts++) VEC_PUSH(f->s->arena, &f->s->doubted, m);
  }
}

/* Our own down-time extends the deadlines of what was open. While the harness is not up, messages may be fetched and
 * answers noted: that ends no down-time. */
static int on_harness_started(struct fold *f) {
  int64_t down = f->ev->at - (f->s->stopped_at ? f->s->stopped_at : f->s->last_at);
  leave_out(f, down);
  note_doubts(f);
  f->s->stopped_at = 0;
  f->s->paused = NULL;
  note_standards(f);
  return 0;
}

/* Stamps are what the machine's clock said; how long something has been waited for must not depend on it. */
static int on_clock_moved(struct fold *f) {
  int64_t by;
  if (!str_int(event_get(f->ev, "by"), &by)) return misfit(f, "\"by\" is not a number");
  leave_out(f, by);
  return 0;
}

static int on_parameter(struct fold *f) {
  facts_put(&f->s->parameters, event_get(f->ev, "name"), event_get(f->ev, "value"));
  return 0;
}

static int on_addresses(struct fold *f) {
  for (size_t i = 0; i < f->ev->data.list.n; i++)
    facts_put(&f->s->addresses, f->ev->data.list.v[i].name, f->ev->data.list.v[i].value);
  return 0;
}

static int on_known_issue(struct fold *f) {
  struct record_issue x = {.id = keep(f, "id"),
                           .rule = keep(f, "rule"),
                           .profile = keep(f, "profile"),
                           .element = keep(f, "element"),
                           .constraint = keep(f, "constraint"),
                           .package = keep(f, "package"),
                           .effect = keep(f, "effect"),
                           .reason = {keep(f, "reason.en"), keep(f, "reason.da")},
                           .by = keep(f, "by"),
                           .expires = keep(f, "expires"),
                           .expired = str_eqz(event_get(f->ev, "expired"), "true")};
  VEC_PUSH(f->s->arena, &f->s->issues, x);
  return 0;
}

static int on_case_opened(struct fold *f) {
  if (!f->c) return misfit(f, "no such case");
  f->c->opened = true;
  f->c->opened_seq = f->ev->seq;
  return 0;
}

static int on_step_opened(struct fold *f) {
  if (!f->step) return misfit(f, "no such step");
  f->step->opened = true;
  f->step->opened_seq = f->ev->seq;
  f->step->attempt.system_version = f->s->system_version;
  f->step->opened_at = f->ev->at;
  f->step->owner = keep(f, "owner");
  struct str deadline = event_get(f->ev, "deadline");
  f->step->deadline = STATE_NO_DEADLINE;
  if (deadline.n && !str_int(deadline, &f->step->deadline)) return misfit(f, "its deadline is not a number");
  return 0;
}

static struct state_message *message_new(struct fold *f, bool outbound) {
  struct state_message *m = ARENA_NEW(f->s->arena, struct state_message);
  m->id = keep(f, "message");
  m->outbound = outbound;
  m->seq = f->ev->seq;
  m->at = f->ev->at;
  m->digest = arena_str(f->s->arena, f->ev->blob);
  m->payload = keep(f, "payload");
  m->file = keep(f, "file");
  m->via = keep(f, "via");
  m->ident = keep(f, "ident");
  m->party = keep(f, "party");
  facts_init(&m->facts, f->s->arena);
  event_get_facts(&m->facts, f->ev);
  VEC_PUSH(f->s->arena, &f->s->messages, m);
  if (!map_get(&f->s->by_id, m->id)) (void)map_set(&f->s->by_id, m->id, m);
  if (!m->ident.n) return m;
  m->same_ident = map_get(&f->s->by_ident, m->ident);
  (void)map_set(&f->s->by_ident, m->ident, m);
  return m;
}

static void name_message(struct fold *f, struct state_message *m, struct str name) {
  if (!m->name.n && name.n) VEC_PUSH(f->s->arena, &f->s->named, m);
  m->name = name;
}

static int on_send_intent(struct fold *f) {
  if (!f->step) return misfit(f, "no such step");
  struct state_message *m = message_new(f, true);
  name_message(f, m, keep(f, "as"));
  m->owner = f->step;
  f->step->message = m;
  fold_resource(f, m);
  return 0;
}

static struct state_message *named(struct fold *f) {
  return state_message_of(f->s, event_get(f->ev, "message"));
}

static int on_send_result(struct fold *f) {
  struct state_message *m = named(f);
  if (!m) return misfit(f, "no such message");
  m->status = keep(f, "status");
  m->failure = keep(f, "failure");
  if (!m->status.n && !m->failure.n) return misfit(f, "neither status nor failure");
  return 0;
}

static int on_received(struct fold *f) {
  struct state_message *m = message_new(f, false);
  m->quarantined = event_get(f->ev, "quarantine").n > 0;
  fold_resource(f, m);
  return 0;
}

/* What one of the systems sent to another one goes on to it. */
static int on_relayed(struct fold *f) {
  struct state_message *of = state_message_find(f->s, event_get(f->ev, "of"));
  if (!of || of->outbound) return misfit(f, "no such message");
  struct state_message *m = message_new(f, true);
  m->relayed = of;
  fold_resource(f, m);
  return 0;
}

static int on_receipted(struct fold *f) {
  struct state_message *of = state_message_find(f->s, event_get(f->ev, "of"));
  if (!of || of->outbound) return misfit(f, "no such message");
  struct state_message *m = message_new(f, true);
  m->answers = of;
  return 0;
}

static int on_released(struct fold *f) {
  struct state_message *m = named(f);
  if (!m) return misfit(f, "no such message");
  m->quarantined = false;
  return 0;
}

static int on_redacted(struct fold *f) {
  VEC_PUSH(f->s->arena, &f->s->tombstones, keep_event(f));
  return 0;
}

static int on_declared(struct fold *f) {
  if (str_eqz(event_get(f->ev, "what"), "test-persons-only")) f->s->test_persons_only = true;
  return 0;
}

static int on_fetched(struct fold *f) {
  struct state_message *m = named(f);
  if (!m) return misfit(f, "no such message");
  m->fetched = true;
  return 0;
}

/* A match by the harness, or by a person who attached it: the last one stands. */
static int on_matched(struct fold *f) {
  struct state_message *m = named(f);
  if (!m || !f->step) return misfit(f, m ? "no such step" : "no such message");
  if (m->owner && m->owner != f->step) return misfit(f, "the message has its step already");
  m->owner = f->step;
  name_message(f, m, keep(f, "as"));
  m->why = keep(f, "why");
  f->step->message = m;
  return 0;
}

static int on_fault_armed(struct fold *f) {
  if (!f->step) return misfit(f, "no such step");
  struct state_fault *fault = ARENA_NEW(f->s->arena, struct state_fault);
  *fault = (struct state_fault){.step = f->step, .armed = keep_event(f)};
  VEC_PUSH(f->s->arena, &f->s->faults, fault);
  return 0;
}

/* A message that came is new with this event when it was not taken: then it belongs to the fault and to no other step.
 */
static int on_fault_applied(struct fold *f) {
  struct state_fault *fault = f->step ? state_fault_find(f->s, f->step) : NULL;
  if (!fault) return misfit(f, "no such fault");
  fault->applied++;
  if (!event_get(f->ev, "message").n) return 0;
  struct state_message *m = named(f);
  if (!m) {
    m = message_new(f, false);
    m->lost = true;
    m->owner = f->step;
    name_message(f, m, arena_str(f->s->arena, event_get(fault->armed, "as")));
  }
  m->fault = keep(f, "fault");
  m->fault_step = f->step;
  return 0;
}

static int on_fault_ended(struct fold *f) {
  struct state_fault *fault = f->step ? state_fault_find(f->s, f->step) : NULL;
  if (!fault) return misfit(f, "no such fault");
  fault->ended = true;
  return 0;
}

static int on_http_intent(struct fold *f) {
  if (!f->step) return misfit(f, "no such step");
  struct state_message *m = message_new(f, true);
  m->request = keep_event(f);
  m->owner = f->step;
  f->step->message = m;
  return 0;
}

/* The answer is the message of the step; without one it stays the request. */
static int on_http_result(struct fold *f) {
  struct state_message *request = state_message_find(f->s, event_get(f->ev, "request"));
  if (!request || !request->request) return misfit(f, "no such request");
  request->status = keep(f, "status");
  request->failure = keep(f, "failure");
  if (!request->status.n && !request->failure.n) return misfit(f, "neither status nor failure");
  if (!event_get(f->ev, "message").n) return 0;
  struct state_message *m = message_new(f, false);
  m->owner = request->owner;
  name_message(f, m, keep(f, "as"));
  m->owner->message = m;
  return 0;
}

static int on_answer(struct fold *f) {
  if (!f->step) return misfit(f, "no such step");
  f->step->answer = keep_event(f);
  return 0;
}

static int on_scripts_found(struct fold *f) {
  if (!f->step) return misfit(f, "no such step");
  f->step->scripts = keep_event(f);
  return 0;
}

static int on_timer(struct fold *f) {
  if (!f->step) return misfit(f, "no such step");
  f->step->timer = true;
  return 0;
}

static int on_captured(struct fold *f) {
  if (f->step) facts_put(&f->step->captured, event_get(f->ev, "name"), event_get(f->ev, "value"));
  facts_put(&f->s->variables, event_get(f->ev, "name"), event_get(f->ev, "value"));
  return 0;
}

static int take_verdict(struct fold *f) {
  enum verdict v;
  if (!f->step) return misfit(f, "no such step");
  if (!verdict_parse(event_get(f->ev, "verdict"), &v) || v == VERDICT_NONE) return misfit(f, "no such verdict");
  f->step->verdict = v;
  f->step->judged_at = f->ev->at;
  return 0;
}

static int on_verdict(struct fold *f) {
  if (take_verdict(f) < 0) return -1;
  f->step->attempt.system_version = f->s->system_version;
  f->step->actual.en = keep(f, "actual.en");
  f->step->actual.da = keep(f, "actual.da");
  findings_init(&f->step->findings, f->s->arena);
  findings_join(&f->step->findings, &f->ev->findings);
  move_cursor(f->step->in);
  return 0;
}

/* What MedCom says is said of the attempt that stands. */
static void turn_to_standing(struct fold *f) {
  if (f->step) f->step = (struct state_step *)state_attempt_standing(f->step);
}

/* A revision takes the place of the verdict and keeps what it was. */
static int on_revised(struct fold *f) {
  turn_to_standing(f);
  if (!f->step) return misfit(f, "no such step");
  struct record_revision r = {.was = f->step->verdict, .by = keep(f, "by"), .why = keep(f, "why"), .at = f->ev->at};
  if (take_verdict(f) < 0) return -1;
  r.verdict = f->step->verdict;
  VEC_PUSH(f->s->arena, &f->step->revisions, r);
  move_cursor(f->step->in);
  return 0;
}

/* A self-test is the vendor's: were a revision taken from its log, a vendor could pass a step by a word. */
static int on_own_revised(struct fold *f) {
  return state_is_assessed(f->s) ? on_revised(f) : misfit(f, "a self-test is not revised in its own log");
}

static int on_assessed(struct fold *f) {
  struct record_assessment r = {.by = keep(f, "by"), .why = keep(f, "why"), .at = f->ev->at};
  turn_to_standing(f);
  if (!f->step) return misfit(f, "no such step");
  if (!state_is_assessed(f->s)) return misfit(f, "a self-test is not assessed");
  if (!assessment_parse(event_get(f->ev, "assessment"), &r.assessment)) return misfit(f, "no such assessment");
  VEC_PUSH(f->s->arena, &f->step->assessments, r);
  return 0;
}

static int on_contested(struct fold *f) {
  if (!f->step) return misfit(f, "no such step");
  struct record_dispute x = {.rule = keep(f, "rule"), .by = keep(f, "by"), .why = keep(f, "why"), .at = f->ev->at};
  if (!str_int(event_get(f->ev, "finding"), &x.finding)) return misfit(f, "its finding is not a number");
  VEC_PUSH(f->s->arena, &f->step->disputes, x);
  return 0;
}

/* The newest dispute of that finding. */
static int on_upheld(struct fold *f) {
  int64_t number = 0;
  if (!f->step) return misfit(f, "no such step");
  (void)str_int(event_get(f->ev, "finding"), &number);
  for (size_t i = f->step->disputes.n; i > 0; i--) {
    struct record_dispute *x = &f->step->disputes.v[i - 1];
    if (x->finding != number) continue;
    x->answered_by = keep(f, "by");
    x->answer = keep(f, "why");
    x->answered_at = f->ev->at;
    return 0;
  }
  return misfit(f, "nobody contests that finding");
}

static int on_ended(struct fold *f) {
  f->s->ended_at = f->ev->at;
  return 0;
}

static int on_harness_stopped(struct fold *f) {
  f->s->stopped_at = f->ev->at;
  return 0;
}

static int on_paused(struct fold *f) {
  f->s->paused = keep_event(f);
  return 0;
}

static int on_aborted(struct fold *f) {
  f->s->aborted = keep_event(f);
  return 0;
}

static int on_repeated(struct fold *f) {
  return named(f) ? 0 : misfit(f, "no such message");
}

/* What was lost nobody can know: it is told wherever the run is shown. */
static int on_salvaged(struct fold *f) {
  f->s->damage = keep(f, "why");
  return 0;
}

/* It stands in the log; nothing of the run changes by it. */
static int on_refused(struct fold *f) {
  (void)f;
  return 0;
}

static const struct {
  const char *kind;
  int (*fn)(struct fold *f);
  bool apart; /* no message is wanted because of it that was not before */
} folds[] = {
    {"run-started", on_run_started, false},
    {"harness-started", on_harness_started, false},
    {"harness-stopped", on_harness_stopped, false},
    {"paused", on_paused, true},
    {"aborted", on_aborted, true},
    {"clock-moved", on_clock_moved, false},
    {"parameter", on_parameter, false},
    {"addresses", on_addresses, false},
    {"known-issue", on_known_issue, false},
    {"case-opened", on_case_opened, false},
    {"step-opened", on_step_opened, false},
    {"send-intent", on_send_intent, false},
    {"send-result", on_send_result, true},
    {"received", on_received, true},
    {"relayed", on_relayed, true},
    {"receipted", on_receipted, true},
    {"repeated", on_repeated, true},
    {"salvaged", on_salvaged, false},
    {"refused", on_refused, true},
    {"released", on_released, false},
    {"redacted", on_redacted, false},
    {"declared", on_declared, false},
    {"fetched", on_fetched, true},
    {"matched", on_matched, false},
    {"attached", on_matched, false},
    {"fault-armed", on_fault_armed, false},
    {"fault-applied", on_fault_applied, false},
    {"fault-ended", on_fault_ended, false},
    {"resource-removed", fold_removed, false},
    {"http-intent", on_http_intent, false},
    {"http-result", on_http_result, false},
    {"answer", on_answer, false},
    {"scripts-found", on_scripts_found, false},
    {"timer", on_timer, false},
    {"captured", on_captured, false},
    {"verdict", on_verdict, false},
    {"revised", on_own_revised, false},
    {"assessed", on_assessed, false},
    {"attempt", fold_attempt, false},
    {"attempt-stands", fold_stands, false},
    {"inserted", fold_inserted, false},
    {"carried", fold_carried, false},
    {"carried-confirmed", fold_confirmed, false},
    {"contested", on_contested, false},
    {"upheld", on_upheld, false},
    {"run-ended", on_ended, false},
};

int state_apply(struct state *s, const struct event *ev, struct error *e) {
  struct fold f = {.s = s, .ev = ev, .e = e};
  if (ev->case_id.n && !(f.c = state_case_find(s, ev->case_id))) return misfit(&f, "no such case");
  if (ev->step.n && !(f.step = state_step_find(s, ev->step))) return misfit(&f, "no such step");
  for (size_t i = 0; i < sizeof folds / sizeof *folds; i++) {
    if (!event_is(ev, folds[i].kind)) continue;
    if (folds[i].fn(&f) < 0) return -1;
    s->last_at = ev->at;
    s->events++;
    s->changes += !folds[i].apart;
    return 0;
  }
  return misfit(&f, "this version does not know the kind");
}

int state_review(struct state *s, const struct event *ev, struct error *e) {
  static const struct {
    const char *kind;
    int (*fn)(struct fold *f);
  } said[] = {{"revised", on_revised}, {"upheld", on_upheld}};
  struct fold f = {.s = s, .ev = ev, .e = e};
  if (state_is_assessed(s)) return misfit(&f, "a live test is reviewed in its own log");
  if (!(f.step = state_step_find(s, ev->step))) return misfit(&f, "no such step");
  for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
    if (!event_is(ev, said[i].kind)) continue;
    if (said[i].fn(&f) < 0) return -1;
    s->reviews++;
    s->changes++;
    return 0;
  }
  return misfit(&f, "this version does not know the kind");
}
