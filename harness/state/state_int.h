/* state_int: what the files of the state room share. */
#ifndef STATE_STATE_INT_H
#define STATE_STATE_INT_H

#include "state/state.h"

/* An event while it is folded in. */
struct fold {
  struct state *s;
  const struct event *ev;
  struct state_case *c;    /* of ev->case_id, NULL if empty */
  struct state_step *step; /* of ev->step, NULL if empty */
  struct error *e;
};

static inline int misfit(struct fold *f, const char *what) {
  return error_set(f->e, ERR_SYNTAX, "event %lld (%.*s) of run %.*s does not fit: %s", (long long)f->ev->seq,
                   STR_F(f->ev->kind), STR_F(f->s->run), what);
}

static inline struct str keep(struct fold *f, const char *name) {
  return arena_str(f->s->arena, event_get(f->ev, name));
}

/* A copy of the event in the state's arena. */
static inline struct event *keep_event(struct fold *f) {
  struct event *copy = event_new(f->s->arena, "", f->ev->at, f->ev->case_id, f->ev->step);
  copy->kind = arena_str(f->s->arena, f->ev->kind);
  copy->case_id = arena_str(f->s->arena, f->ev->case_id);
  copy->step = arena_str(f->s->arena, f->ev->step);
  copy->seq = f->ev->seq;
  copy->blob = arena_str(f->s->arena, f->ev->blob);
  for (size_t i = 0; i < f->ev->data.list.n; i++)
    facts_put(&copy->data, f->ev->data.list.v[i].name, f->ev->data.list.v[i].value);
  return copy;
}

/* The cursor stands on the first step without a verdict. */
static inline void move_cursor(struct state_case *c) {
  while (c->cursor < c->n && (c->steps[c->cursor].verdict != VERDICT_NONE || c->steps[c->cursor].absent)) c->cursor++;
}

/* A step as if it had never been begun; step, case and what MedCom put in stay. */
void state_step_reset(struct state_step *st, struct arena *a);

/* resources.c: what a message put on the simulated FHIR server, or took away there; and what a step removed. */
void fold_resource(struct fold *f, const struct state_message *m);
int fold_removed(struct fold *f);

/* attempt.c */
int fold_attempt(struct fold *f);
int fold_stands(struct fold *f);
int fold_inserted(struct fold *f);
int fold_carried(struct fold *f);
int fold_confirmed(struct fold *f);

/* The number that stands for "no deadline" in an event: an empty value. */
#define STATE_NO_DEADLINE INT64_C(-1)
/* What came in no longer than this before the last event of a killed harness may not have been answered. */
#define STATE_DOUBT_MS INT64_C(60000)

#endif
