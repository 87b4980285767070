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
struct event *fold_keep_event(struct fold *f);
/* Lets the cursor stand on the first step without a verdict. */
void fold_move_cursor(struct state_case *c);
/* A step as if it had never been begun; step, case and what MedCom put in stay. */
void state_step_reset(struct state_step *st, struct arena *a);

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
