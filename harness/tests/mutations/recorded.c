/* A recorded run, and judging it again under one change. */
#include "fhir/resource.h"
#include "mutations.h"

#define RULES_TEXT_MAX ((size_t)64 << 10)

static int take_event(void *payload, struct event *ev, struct error *e) {
  struct recording *r = payload;
  (void)e;
  VEC_PUSH(r->session.arena, &r->events, ev);
  return 0;
}

/* What one judging again needs to know of itself. */
struct judging {
  const struct recording *r;
  const struct mutant *mutant; /* NULL: nothing is changed */
  size_t changed;
};

static int read_blob(void *context, struct str digest, struct arena *a, struct str *out, struct error *e) {
  const struct judging *j = context;
  return store_blob_get(j->r->session.store, digest, a, out, e);
}

static int on_received(void *context, const struct event *ev, struct arena *a, struct str *bytes, struct error *e) {
  struct judging *j = context;
  bool changed;
  (void)ev;
  if (declared_apply(bytes, &changed, j->mutant->declared, a, j->r->session.options.shapes, e) < 0) return -1;
  j->changed += changed;
  return 0;
}

static bool is_meant(const struct judging *j, const struct event *ev) {
  const char *word = j->mutant->told->word;
  const struct state_step *st = state_step_find(run_state(j->r->clean), ev->step);
  if (!word) return event_is(ev, "answer") && !str_eqz(event_get(ev, "by"), "trigger");
  return st && str_eqz(str_z(st->step->kind->word), word);
}

static void on_told(void *context, struct event *ev) {
  struct judging *j = context;
  if (!is_meant(j, ev)) return;
  j->mutant->told->change(ev);
  j->changed++;
}

/* A message with an identifier that no other one has. */
static const struct event *once_more(struct arena *a, const struct event *ev) {
  struct event *copy = ARENA_NEW(a, struct event);
  *copy = *ev;
  facts_init(&copy->data, a);
  for (size_t i = 0; i < ev->data.list.n; i++)
    facts_put(&copy->data, ev->data.list.v[i].name, ev->data.list.v[i].value);
  facts_put(&copy->data, STR("message"), arena_printf(a, "%.*s-again", STR_F(event_get(ev, "message"))));
  return copy;
}

/* The events, with each message as often as it arrives. */
static void let_arrive(struct judging *j, struct replay *what) {
  struct arena *a = j->r->session.arena;
  VEC(const struct event *) events = {0};
  for (size_t i = 0; i < what->n; i++) {
    const struct event *ev = what->events[i];
    bool received = event_is(ev, "received");
    j->changed += received;
    for (int k = 0; k < (received ? j->mutant->arrival->times : 1); k++)
      VEC_PUSH(a, &events, k ? once_more(a, ev) : ev);
  }
  what->events = events.v;
  what->n = events.n;
}

static int judge_again(struct run **out, struct judging *j, struct error *e) {
  const struct recording *r = j->r;
  struct replay what = {.events = r->events.v, .n = r->events.n, .blob = read_blob, .context = j};
  if (j->mutant && j->mutant->declared) what.received = on_received;
  if (j->mutant && j->mutant->told) what.told = on_told;
  if (j->mutant && j->mutant->arrival) let_arrive(j, &what);
  return run_replay(out, &r->session.options, &what, e);
}

int recording_open(struct mutations *m, const char *store, struct error *e) {
  struct recording *r = VEC_ADD(m->arena, &m->recordings);
  struct store_run *runs;
  size_t n;
  struct str run;
  *r = (struct recording){0};
  map_init(&r->failed, m->arena);
  if (session_open(&r->session, m->cli, store, STORE_READ, e) < 0) return -1;
  if (store_runs(r->session.store, m->arena, &runs, &n, e) < 0) return -1;
  if (n != 1) return error_set(e, ERR_CONFIG, "%s holds %zu runs; one clean run is needed", store, n);
  if (session_load_run(&r->session, runs[0].run, &run, e) < 0 || session_standards(&r->session, e) < 0) return -1;
  struct str file = event_get(runs[0].first, "protocol.file");
  r->protocol = str_ends(file, STR(".yaml")) ? str_sub(file, 0, file.n - 5) : file;
  if (store_replay(r->session.store, run, m->arena, take_event, r, e) < 0) return -1;
  struct judging j = {.r = r};
  return judge_again(&r->clean, &j, e);
}

static void add_rules(struct arena *a, struct hit *h, const struct findings *f) {
  for (size_t i = 0; i < f->list.n; i++) {
    bool known = f->list.v[i].severity < SEV_UNDECIDED;
    for (size_t k = 0; k < h->rules.n; k++) known = known || str_eq(h->rules.v[k], f->list.v[i].rule);
    if (!known) VEC_PUSH(a, &h->rules, arena_str(a, f->list.v[i].rule));
  }
}

/* Every step whose verdict is another than in the clean run. */
static void compare(struct mutations *m, struct recording *r, const struct state *now, const struct mutant *mu,
                    struct outcome *o) {
  const struct state *clean = run_state(r->clean);
  for (size_t c = 0; c < clean->cases_n; c++) {
    for (size_t i = 0; i < clean->cases[c].n; i++) {
      const struct state_step *before = &clean->cases[c].steps[i], *after = &now->cases[c].steps[i];
      if (before->verdict == after->verdict) continue;
      struct hit *h = VEC_ADD(m->arena, &o->hits);
      *h = (struct hit){.step = before->step->id, .verdict = after->verdict};
      add_rules(m->arena, h, &after->findings);
      if (!mu->arrival || h->verdict == VERDICT_FAIL) map_set(&r->failed, before->step->id, r);
    }
  }
}

static int judge_one(struct mutations *m, struct mutant *mu, size_t i, struct error *e) {
  struct judging j = {.r = &m->recordings.v[i], .mutant = mu};
  struct run *run;
  if (judge_again(&run, &j, e) < 0) {
    struct error why = *e;
    return error_set(e, why.code, "%.*s: %s", STR_F(mu->id), why.text);
  }
  mu->outcomes[i].changed = j.changed;
  compare(m, &m->recordings.v[i], run_state(run), mu, &mu->outcomes[i]);
  run_close(run);
  return 0;
}

static bool is_judged(const struct mutant *mu) {
  return mu->declared || mu->told || mu->arrival;
}

int mutants_judge(struct mutations *m, struct error *e) {
  for (size_t k = 0; k < m->mutants.n; k++)
    for (size_t i = 0; is_judged(&m->mutants.v[k]) && i < m->recordings.n; i++)
      if (judge_one(m, &m->mutants.v[k], i, e) < 0) return -1;
  /* The rest is shown by e2e/defects.sh. */
  for (size_t k = 0; k < m->rows.n; k++)
    for (size_t i = 0; i < m->recordings.n; i++)
      if (str_eq(m->rows.v[k].protocol, m->recordings.v[i].protocol))
        map_set(&m->recordings.v[i].failed, m->rows.v[k].step, &m->recordings.v[i]);
  return 0;
}

static struct str rules_of(struct arena *a, const struct state_step *st) {
  struct hit h = {0};
  struct buf b;
  buf_init(&b, RULES_TEXT_MAX);
  add_rules(a, &h, &st->findings);
  buf_addz(&b, verdict_name(st->verdict));
  for (size_t i = 0; i < h.rules.n; i++) buf_printf(&b, " %.*s", STR_F(h.rules.v[i]));
  return buf_take(&b, a);
}

static size_t differences(struct mutations *m, const struct state *replayed, const struct state *wire) {
  size_t n = 0;
  for (size_t c = 0; c < replayed->cases_n; c++)
    for (size_t i = 0; i < replayed->cases[c].n; i++) {
      const struct state_step *one = &replayed->cases[c].steps[i], *other = &wire->cases[c].steps[i];
      struct str here = rules_of(m->arena, one), there = rules_of(m->arena, other);
      if (str_eq(here, there)) continue;
      printf("FAIL: step %.*s: judged again: %.*s; over the wire: %.*s\n", STR_F(one->step->id), STR_F(here),
             STR_F(there));
      n++;
    }
  return n;
}

int mutations_agree(struct mutations *m, struct str defect, size_t *wrong, struct error *e) {
  struct mutant mu = {.way = WAY_MESSAGE, .id = defect, .declared = declared_find(&m->declared, defect)};
  struct judging j = {.r = &m->recordings.v[0], .mutant = &mu};
  struct run *run;
  if (!mu.declared) return error_set(e, ERR_CONFIG, "there is no declared defect %.*s", STR_F(defect));
  if (judge_again(&run, &j, e) < 0) return -1;
  *wrong = differences(m, run_state(run), run_state(m->recordings.v[1].clean));
  printf("%.*s: %zu changed, %zu steps differ\n", STR_F(defect), j.changed, *wrong);
  *wrong += j.changed == 0;
  run_close(run);
  return 0;
}
