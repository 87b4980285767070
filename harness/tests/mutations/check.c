/* What must hold: clean runs pass when they are judged again, every defect is caught, and as the rows say, and every
 * step that judges is made to fail by one. */
#include "mutations.h"

#include <stdarg.h>

static size_t complain(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

static size_t complain(const char *fmt, ...) {
  va_list ap;
  printf("FAIL: ");
  va_start(ap, fmt);
  vprintf(fmt, ap);
  va_end(ap);
  puts("");
  return 1;
}

bool word_judges(const struct step_kind *kind) {
  static const char *const idle[] = {"capture", "fault", "wait"};
  for (size_t i = 0; i < sizeof idle / sizeof *idle; i++)
    if (str_eqz(str_z(kind->word), idle[i])) return false;
  return true;
}

/* The same verdicts as in the log, all of them: what was given before the last one of a step does not count. */
static size_t check_clean(const struct recording *r) {
  const struct state *s = run_state(r->clean);
  size_t wrong = 0;
  for (size_t i = 0; i < r->events.n; i++) {
    const struct event *ev = r->events.v[i];
    const struct state_step *st = event_is(ev, "verdict") ? state_step_find(s, ev->step) : NULL;
    if (!st || str_eqz(event_get(ev, "verdict"), verdict_name(st->verdict))) continue;
    wrong += complain("%.*s, step %.*s: judged again it is %s, it was %.*s", STR_F(r->protocol), STR_F(ev->step),
                      verdict_name(st->verdict), STR_F(event_get(ev, "verdict")));
  }
  if (state_verdict(s) != VERDICT_PASS)
    wrong += complain("%.*s: the clean run is no clean one: %s", STR_F(r->protocol), verdict_name(state_verdict(s)));
  return wrong;
}

/* Some defect takes the pass of each step away. */
static size_t check_failed(const struct recording *r) {
  const struct state *s = run_state(r->clean);
  size_t wrong = 0;
  for (size_t c = 0; c < s->cases_n; c++)
    for (size_t i = 0; i < s->cases[c].n; i++) {
      const struct state_step *st = &s->cases[c].steps[i];
      bool idle = st->verdict != VERDICT_PASS || !word_judges(st->step->kind);
      if (idle || map_get(&r->failed, st->step->id)) continue;
      wrong += complain("%.*s, step %.*s: no defect makes it fail", STR_F(r->protocol), STR_F(st->step->id));
    }
  return wrong;
}

static size_t check_rows_of(const struct mutations *m, const struct mutant *mu) {
  size_t wrong = 0, rows = 0;
  for (size_t k = 0; k < m->rows.n; k++) {
    const struct row *row = &m->rows.v[k];
    if (!str_eq(row->defect, mu->id)) continue;
    rows++;
    for (size_t i = 0; mu->way != WAY_WIRE && i < m->recordings.n; i++)
      if (str_eq(m->recordings.v[i].protocol, row->protocol) && !outcome_has(&mu->outcomes[i], row->step, row->rule))
        wrong += complain("%.*s: step %.*s of %.*s has no finding %.*s", STR_F(mu->id), STR_F(row->step),
                          STR_F(row->protocol), STR_F(row->rule));
  }
  if (!rows && mu->own) wrong += complain("%.*s does not stand in defects/%.*s.tsv", STR_F(mu->id), STR_F(m->standard));
  return wrong;
}

static size_t check_caught(const struct mutations *m, const struct mutant *mu) {
  size_t changed = 0, hits = 0;
  if (mu->way == WAY_WIRE) return 0;
  for (size_t i = 0; i < m->recordings.n; i++) {
    changed += mu->outcomes[i].changed;
    for (size_t k = 0; k < mu->outcomes[i].hits.n; k++)
      hits += mu->way == WAY_PERSON || mu->outcomes[i].hits.v[k].verdict == VERDICT_FAIL;
  }
  if (!changed) return mu->own ? complain("%.*s changes nothing", STR_F(mu->id)) : 0;
  return hits ? 0 : complain("%.*s is caught by nothing", STR_F(mu->id));
}

static size_t check_known(const struct mutations *m, const struct row *row) {
  for (size_t k = 0; k < m->mutants.n; k++)
    if (str_eq(m->mutants.v[k].id, row->defect)) return 0;
  return complain("defects/%.*s.tsv: there is no defect %.*s for it", STR_F(m->standard), STR_F(row->defect));
}

size_t mutations_check(const struct mutations *m) {
  size_t wrong = 0, counted = 0;
  for (size_t i = 0; i < m->recordings.n; i++)
    wrong += check_clean(&m->recordings.v[i]) + (m->content ? 0 : check_failed(&m->recordings.v[i]));
  for (size_t k = 0; k < m->mutants.n; k++)
    wrong += check_caught(m, &m->mutants.v[k]) + check_rows_of(m, &m->mutants.v[k]);
  for (size_t k = 0; k < m->rows.n; k++) wrong += check_known(m, &m->rows.v[k]);
  for (size_t k = 0; k < m->mutants.n; k++) counted += mutant_counts(m, &m->mutants.v[k]);
  printf("%zu defects, %zu recorded runs, %zu rows, %zu wrong\n", counted, m->recordings.n, m->rows.n, wrong);
  return wrong;
}
