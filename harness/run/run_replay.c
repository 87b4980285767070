#include "run/run_replay.h"

#include "base/map.h"
#include "run/halt.h"
#include "run/run_int.h"

/* Bytes that took the place of logged ones. */
struct replaced {
  struct str bytes;
};

struct replaying {
  struct run *r;
  const struct replay *what;
  struct map replaced; /* digest -> struct replaced */
  struct error *e;
};

static int blob_of(void *context, struct str digest, struct arena *a, struct str *out, struct error *e) {
  struct replaying *p = context;
  const struct replaced *by = map_get(&p->replaced, digest);
  if (!by) return p->what->blob(p->what->context, digest, a, out, e);
  *out = by->bytes;
  return 0;
}

static int emit(struct replaying *p, struct event *ev) {
  struct run *r = p->r;
  ev->seq = r->state->events + 1;
  if (r->broken || state_apply(r->state, ev, p->e) < 0) return -1;
  r->o.clock.logical_now = ev->at;
  return 0;
}

/* What was asked of the simulated FHIR server stays, whatever the bytes are. */
static bool is_of_bytes(struct str name) {
  return str_starts(name, STR("fact.")) && !str_starts(name, STR("fact.rest.")) && !str_starts(name, STR("fact.http."));
}

/* A copy without what its kind has made anew: facts of the message, or nothing. */
static struct event *copy_of(struct replaying *p, const struct event *ev, bool facts) {
  struct event *copy = event_new(p->r->scratch, "", ev->at, ev->case_id, ev->step);
  copy->kind = ev->kind;
  copy->blob = ev->blob;
  for (size_t i = 0; i < ev->data.list.n; i++)
    if (facts || !is_of_bytes(ev->data.list.v[i].name))
      facts_put(&copy->data, ev->data.list.v[i].name, ev->data.list.v[i].value);
  findings_join(&copy->findings, &ev->findings);
  return copy;
}

static int as_logged(struct replaying *p, const struct event *ev) {
  return emit(p, copy_of(p, ev, true));
}

static void keep(struct replaying *p, struct event *ev, struct str bytes) {
  struct arena *a = p->r->arena;
  char *digest = arena_alloc(a, SHA256_HEX + 1);
  struct replaced *by = ARENA_NEW(a, struct replaced);
  by->bytes = arena_str(a, bytes);
  sha256_hex(digest, bytes);
  ev->blob = str_z(digest);
  map_set(&p->replaced, ev->blob, by);
}

static int on_received(struct replaying *p, const struct event *ev) {
  struct str bytes;
  struct facts facts;
  if (!p->what->received) return as_logged(p, ev);
  if (p->what->blob(p->what->context, ev->blob, p->r->scratch, &bytes, p->e) < 0) return -1;
  const char *before = bytes.p;
  if (p->what->received(p->what->context, ev, p->r->scratch, &bytes, p->e) < 0) return -1;
  if (bytes.p == before) return as_logged(p, ev);
  struct event *copy = copy_of(p, ev, false);
  facts_init(&facts, p->r->scratch);
  endpoint_describe(&facts, event_get(ev, "file"), bytes, p->r->shelf);
  event_put_facts(copy, &facts);
  keep(p, copy, bytes);
  return emit(p, copy);
}

static int on_told(struct replaying *p, const struct event *ev) {
  struct event *copy = copy_of(p, ev, true);
  if (p->what->told) p->what->told(p->what->context, copy);
  return emit(p, copy);
}

/* Follows from the messages: made anew by run_match and run_judge. */
static int made_anew(struct replaying *p, const struct event *ev) {
  (void)p;
  (void)ev;
  return 0;
}

/* What a person gave to a step stays there, unless another step now wants it by itself. */
static int on_attached(struct replaying *p, const struct event *ev) {
  const struct state_message *m = state_message_find(p->r->state, event_get(ev, "message"));
  return m && m->owner ? 0 : as_logged(p, ev);
}

/* A step that was never opened was skipped, or the harness failed before it began, or the run was ended before it was
 * judged: that stays. */
static int on_verdict(struct replaying *p, const struct event *ev) {
  struct state_step *st = state_step_find(p->r->state, ev->step);
  if (!st || !st->opened || run_halted(ev)) return as_logged(p, ev);
  p->r->o.clock.logical_now = ev->at;
  struct step_view v = run_view(p->r, st);
  if (st->step->kind->ready && st->step->kind->ready(&v) == STEP_WAIT &&
      run_emit(p->r, run_event(p->r, "timer", st)) < 0)
    return -1;
  run_judge(p->r, st);
  return p->r->broken ? -1 : 0;
}

static const struct {
  const char *kind;
  int (*fn)(struct replaying *p, const struct event *ev);
} rows[] = {{"received", on_received}, {"answer", on_told},     {"send-result", on_told}, {"attached", on_attached},
            {"matched", made_anew},    {"captured", made_anew}, {"verdict", on_verdict}};

static int replay_event(struct replaying *p, const struct event *ev) {
  int (*fn)(struct replaying *, const struct event *) = as_logged;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    if (event_is(ev, rows[i].kind)) fn = rows[i].fn;
  if (fn(p, ev) < 0) return -1;
  run_match(p->r);
  arena_reset(p->r->scratch);
  return p->r->broken ? -1 : 0;
}

static struct run *run_of(const struct run_options *o, struct replaying *p) {
  struct arena *a = arena_new(0);
  struct run *r = ARENA_NEW(a, struct run);
  *r = (struct run){.o = *o, .arena = a, .scratch = arena_new(0), .state = state_new(a, o->plan)};
  r->o.store = NULL;
  r->o.site = NULL;
  r->o.course = NULL;
  r->o.observer = (struct run_observer){0};
  clock_init_logical(&r->o.clock);
  r->prompted = ARENA_ARRAY(a, bool, r->state->cases_n + 1);
  r->overtaken = ARENA_ARRAY(a, bool, r->state->cases_n + 1);
  map_init(&p->replaced, a);
  run_host_init(r);
  r->services.blob = blob_of;
  r->services.context = p;
  return r;
}

int run_replay(struct run **out, const struct run_options *o, const struct replay *what, struct error *e) {
  struct replaying *p;
  struct replaying first = {.what = what, .e = e};
  struct run *r = run_of(o, &first);
  p = ARENA_NEW(r->arena, struct replaying);
  *p = first;
  p->r = r;
  r->services.context = p;
  for (size_t i = 0; i < what->n; i++) {
    if (replay_event(p, what->events[i]) == 0) {
      if (i == 0) r->services.seed = r->seed = event_get(what->events[0], "seed");
      continue;
    }
    if (r->broken) *e = r->error;
    run_close(r);
    return -1;
  }
  *out = r;
  return 0;
}
