#include "state/attempt.h"

#include "state/state_int.h"

const struct state_step *state_attempt_of(const struct state_step *newest, size_t number) {
  const struct state_step *st = newest;
  while (st && st->attempt.number != number) st = st->attempt.before;
  return st;
}

const struct state_step *state_attempt_standing(const struct state_step *newest) {
  return newest->attempt.stands ? state_attempt_of(newest, newest->attempt.stands) : newest;
}

static bool was_begun(const struct state_step *st) {
  return st->opened || st->verdict != VERDICT_NONE;
}

bool state_case_was_played(const struct state_case *c) {
  for (size_t i = 0; i < c->n; i++)
    if (was_begun(&c->steps[i]) || c->steps[i].attempt.before) return true;
  return false;
}

size_t state_case_series(const struct state_case *c) {
  size_t series = 0;
  for (size_t i = 0; i < c->n; i++)
    if (c->steps[i].attempt.series > series) series = c->steps[i].attempt.series;
  return series;
}

static void forget_variable(struct facts *f, struct str name) {
  size_t kept = 0;
  for (size_t i = 0; i < f->list.n; i++)
    if (!str_eq(f->list.v[i].name, name)) f->list.v[kept++] = f->list.v[i];
  f->list.n = kept;
}

/* What was under way when its step was set back is not sent any more. */
static void leave_message(struct state_message *m, struct state_step *old) {
  m->owner = old;
  m->past = true;
  if (m->outbound && !m->status.n && !m->failure.n) m->failure = STR("its step was set back");
}

static void set_back(struct fold *f, struct state_step *st) {
  struct state *s = f->s;
  struct state_step *old = ARENA_NEW(s->arena, struct state_step);
  *old = *st;
  for (size_t i = 0; i < s->messages.n; i++)
    if (s->messages.v[i]->owner == st) leave_message(s->messages.v[i], old);
  for (size_t i = 0; i < old->captured.list.n; i++) forget_variable(&s->variables, old->captured.list.v[i].name);
  state_step_reset(st, s->arena);
  st->attempt = (struct state_attempt){.number = old->attempt.number + 1,
                                       .before = old,
                                       .seq = f->ev->seq,
                                       .series = s->series,
                                       .by = keep(f, "by"),
                                       .why = keep(f, "why")};
}

/* It is opened again when its turn comes: two cases that run at once could take each other's messages. */
static void play_again(struct state *s, struct state_case *c, size_t from) {
  if (from < c->cursor) c->cursor = from;
  c->opened = false;
  s->ended_at = 0;
}

/* The N-th of a list of steps ("step.1", "step.2", ...): NULL behind the last; unknown ones are a misfit. */
static int nth_step(struct fold *f, const char *list, size_t n, struct state_step **out) {
  struct str id = event_get(f->ev, arena_printf(f->s->arena, "%s.%zu", list, n).p);
  *out = id.n ? state_step_find(f->s, id) : NULL;
  return id.n && !*out ? misfit(f, "no such step") : 0;
}

int fold_attempt(struct fold *f) {
  struct state_step *st;
  struct str version = keep(f, "system.version");
  if (version.n) f->s->system_version = version;
  f->s->series++;
  for (size_t n = 1;; n++) {
    if (nth_step(f, "step", n, &st) < 0) return -1;
    if (!st) return n > 1 ? 0 : misfit(f, "it sets no step back");
    if (!was_begun(st)) return misfit(f, "the step was not begun");
    set_back(f, st);
    play_again(f->s, st->in, (size_t)(st - st->in->steps));
  }
}

int fold_stands(struct fold *f) {
  int64_t number;
  if (!f->step) return misfit(f, "no such step");
  if (!str_int(event_get(f->ev, "attempt"), &number) || number < 1) return misfit(f, "its attempt is not a number");
  const struct state_step *st = state_attempt_of(f->step, (size_t)number);
  if (!st || st->verdict == VERDICT_NONE) return misfit(f, "no such attempt was judged");
  f->step->attempt.stands = (size_t)number;
  f->step->attempt.stands_by = keep(f, "by");
  f->step->attempt.stands_why = keep(f, "why");
  return 0;
}

/* A case that is done is opened again for them; one that is under way comes to them where it stands. */
static void put_in(struct fold *f, struct state_step *st, struct event *ev) {
  size_t at = (size_t)(st - st->in->steps);
  st->attempt.series = state_case_series(st->in);
  st->absent = false;
  st->added = ev;
  f->s->ended_at = 0;
  if (st->in->cursor == st->in->n) st->in->opened = false;
  if (at < st->in->cursor) st->in->cursor = at;
}

int fold_inserted(struct fold *f) {
  struct state_step *st;
  struct event *ev = fold_keep_event(f);
  for (size_t n = 1;; n++) {
    if (nth_step(f, "step", n, &st) < 0) return -1;
    if (!st) return n > 1 ? 0 : misfit(f, "it puts no step in");
    if (!st->absent) return misfit(f, "the step is there already");
    put_in(f, st, ev);
  }
}

/* What was taken over waits for MedCom's word. A case in which nothing is left to play is never opened. */
int fold_carried(struct fold *f) {
  struct state_carried c = {.run = keep(f, "run"), .system_version = keep(f, "system.version")};
  if (!f->step || was_begun(f->step)) return misfit(f, f->step ? "the step was begun" : "no such step");
  if (!c.run.n) return misfit(f, "no run that it is from");
  if (!verdict_parse(event_get(f->ev, "verdict"), &c.verdict)) return misfit(f, "no such verdict");
  struct str assessment = event_get(f->ev, "assessment");
  if (assessment.n && !assessment_parse(assessment, &c.assessment)) return misfit(f, "no such assessment");
  if (!str_int(event_get(f->ev, "at"), &c.at)) return misfit(f, "its time is not a number");
  f->step->carried = c;
  f->step->verdict = VERDICT_WAITING;
  f->step->owner = STR("medcom");
  f->step->actual = (struct text){keep(f, "actual.en"), keep(f, "actual.da")};
  f->step->attempt.system_version = c.system_version;
  fold_move_cursor(f->step->in);
  if (f->step->in->cursor == f->step->in->n) f->step->in->opened = true;
  return 0;
}

int fold_confirmed(struct fold *f) {
  if (!f->step || !f->step->carried.run.n) return misfit(f, "nothing was carried over to the step");
  struct state_carried *c = &f->step->carried;
  c->confirmed_by = keep(f, "by");
  f->step->verdict = c->verdict;
  f->step->judged_at = f->ev->at;
  f->step->owner = (struct str){0};
  if (c->assessment != ASSESSMENT_NONE && state_is_assessed(f->s))
    VEC_PUSH(f->s->arena, &f->step->assessments,
             ((struct record_assessment){.assessment = c->assessment, .by = c->confirmed_by, .at = f->ev->at}));
  return 0;
}
