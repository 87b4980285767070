/* A vendor contests a finding; MedCom upholds it. What MedCom agrees with goes into the known issues instead. */
#include "run/run_int.h"

static int check_words(struct str by, struct str why, const char *what, struct error *e) {
  if (by.n && why.n) return 0;
  return error_set(e, ERR_CONFIG, "%s needs --by and --why: both go into the record", what);
}

/* The finding that is meant: its number in the step, from 1, or its rule where only one finding has it. */
static int find(size_t *number, const struct state_step *st, struct str which, struct error *e) {
  int64_t n;
  size_t found = 0;
  *number = 0;
  if (!st->findings.list.n) return error_set(e, ERR_CONFIG, "step %.*s has no findings", STR_F(st->step->id));
  if (str_int(which, &n) && n >= 1 && n <= (int64_t)st->findings.list.n) {
    *number = (size_t)n;
    return 0;
  }
  for (size_t i = 0; i < st->findings.list.n; i++) {
    if (!str_eq(st->findings.list.v[i].rule, which)) continue;
    *number = i + 1;
    found++;
  }
  if (found == 1) return 0;
  return error_set(e, ERR_CONFIG, "step %.*s has %zu findings, %s \"%.*s\"; name one by its number, 1 to %zu",
                   STR_F(st->step->id), st->findings.list.n, found ? "several of rule" : "none that is", STR_F(which),
                   st->findings.list.n);
}

static struct record_dispute *dispute_of(const struct state_step *st, size_t number) {
  for (size_t i = st->disputes.n; i > 0; i--)
    if (st->disputes.v[i - 1].finding == (int64_t)number) return &st->disputes.v[i - 1];
  return NULL;
}

static int emit(struct run *r, const struct state_step *st, const char *kind, const struct dispute *d, size_t number,
                struct error *e) {
  struct event *ev = run_event(r, kind, st);
  facts_put(&ev->data, STR("finding"), arena_printf(r->scratch, "%zu", number));
  facts_put(&ev->data, STR("rule"), st->findings.list.v[number - 1].rule);
  facts_put(&ev->data, STR("by"), d->by);
  facts_put(&ev->data, STR("why"), d->why);
  if (run_is_received(r)) return run_beside_say(r, ev, e);
  if (run_emit(r, ev) == 0) return 0;
  *e = r->error;
  return -1;
}

/* The log of a bundle is evidence: one event more, and the vendor's own goes on differently from ours. */
static int not_here(const struct run *r, struct error *e) {
  return error_set(e, ERR_CONFIG,
                   "run %.*s came as a bundle, which stays as it came: contest the finding in the store that the run "
                   "was made in, and send its bundle anew (testcamp report RUN --format bundle); receive takes in what "
                   "is new of it",
                   STR_F(r->id));
}

int run_contest(struct run *r, const struct state_step *st, const struct dispute *d, struct error *e) {
  size_t number;
  if (run_is_received(r)) return not_here(r, e);
  if (check_words(d->by, d->why, "contest", e) < 0 || find(&number, st, d->finding, e) < 0) return -1;
  const struct record_dispute *known = dispute_of(st, number);
  if (known && !known->answered_at)
    return error_set(e, ERR_CONFIG, "finding %zu of step %.*s is contested already, by %.*s", number,
                     STR_F(st->step->id), STR_F(known->by));
  return emit(r, st, "contested", d, number, e);
}

int run_uphold(struct run *r, const struct state_step *st, const struct dispute *d, struct error *e) {
  size_t number;
  if (check_words(d->by, d->why, "uphold", e) < 0 || find(&number, st, d->finding, e) < 0) return -1;
  const struct record_dispute *known = dispute_of(st, number);
  if (!known || known->answered_at)
    return error_set(e, ERR_CONFIG, "nobody contests finding %zu of step %.*s", number, STR_F(st->step->id));
  return emit(r, st, "upheld", d, number, e);
}
