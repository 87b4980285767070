/* What came of TestScripts in other runs of the same store: of this system and version of it, the newest run of each
 * script. It is noted in the log of the run that asks, so that nothing is judged by what stands elsewhere. */
#include "run/run_int.h"

struct script {
  struct str id, run;
  enum verdict verdict; /* VERDICT_NONE: it was never run */
  bool faulty;          /* inconclusive, because something in it is wrong or cannot be done */
};

struct looking {
  struct run *r;
  struct arena *arena;
  const struct vendor *vendor;
  struct str package, version, only;
  VEC(struct script) list;
};

/* "*" stands for any text. */
static bool fits(struct str pattern, struct str text) {
  size_t star = str_index(pattern, '*');
  if (star == SIZE_MAX) return str_eq(pattern, text);
  if (!str_starts(text, str_sub(pattern, 0, star))) return false;
  struct str rest = str_sub(pattern, star + 1, pattern.n);
  for (size_t i = star; i <= text.n; i++)
    if (fits(rest, str_sub(text, i, text.n))) return true;
  return false;
}

static struct script *script_of(struct looking *l, struct str id) {
  for (size_t i = 0; i < l->list.n; i++)
    if (str_eq(l->list.v[i].id, id)) return &l->list.v[i];
  struct script *s = VEC_ADD(l->arena, &l->list);
  *s = (struct script){.id = id};
  return s;
}

/* Begun, and all that was done of it with this version of the system. */
static bool counts(const struct looking *l, const struct state_case *sc) {
  bool begun = false;
  for (size_t i = 0; i < sc->n; i++) {
    const struct state_step *st = &sc->steps[i];
    if (!st->opened && st->verdict == VERDICT_NONE) continue;
    struct str version = st->attempt.system_version;
    if (version.n && !str_eq(version, l->r->state->system_version)) return false;
    begun = true;
  }
  return begun;
}

static bool is_faulty(const struct state_case *sc) {
  for (size_t i = 0; i < sc->n; i++)
    if (str_eqz(str_z(sc->steps[i].step->kind->word), "unsupported")) return true;
  return false;
}

static void note_cases(struct looking *l, const struct state *s) {
  for (size_t i = 0; i < s->cases_n; i++) {
    const struct state_case *sc = &s->cases[i];
    if (!fits(l->only, sc->plan->c->id)) continue;
    struct script *x = script_of(l, sc->plan->c->id);
    if (!counts(l, sc)) continue;
    x->run = s->run;
    x->verdict = state_case_verdict(sc);
    if (x->verdict == VERDICT_NONE) x->verdict = VERDICT_WAITING;
    x->faulty = x->verdict == VERDICT_INCONCLUSIVE && is_faulty(sc);
  }
}

static int source_of(struct looking *l, const struct event *first, const char *name, struct source *out,
                     struct error *e) {
  out->name = str_z(name);
  struct str digest = event_get(first, arena_printf(l->arena, "%s.blob", name).p);
  return store_blob_get(l->r->o.store, digest, l->arena, &out->bytes, e);
}

static int fold(void *payload, struct event *ev, struct error *e) {
  return state_apply(payload, ev, e);
}

/* Its cases, where it is of the package and of the system; another run is none of our business. */
static int look_at(struct looking *l, struct str run, const struct event *first, struct error *e) {
  struct source text, file;
  struct findings f;
  struct protocol *p;
  struct vendor *v;
  struct plan *plan;
  findings_init(&f, l->arena);
  if (source_of(l, first, "vendor", &file, e) < 0 || vendor_read(&v, l->arena, file, e) < 0) return -1;
  if (!str_eq(v->name, l->vendor->name) || !str_eq(v->system, l->vendor->system)) return 0;
  if (source_of(l, first, "protocol", &text, e) < 0) return -1;
  if (protocol_read(&p, l->arena, text, l->r->o.kinds, &f) < 0)
    return error_set(e, ERR_SYNTAX, "its protocol cannot be read");
  if (!str_eq(p->version, l->version)) return 0;
  if (plan_make(&plan, l->arena, p, v, NULL, 0, e) < 0) return -1;
  struct state *s = state_new(l->arena, plan);
  if (store_replay(l->r->o.store, run, l->arena, fold, s, e) < 0) return -1;
  note_cases(l, s);
  return 0;
}

/* The protocols that a package of scripts becomes are called by its name and the role (lint/testscript.h). */
static bool is_of_package(const struct looking *l, const struct event *first) {
  if (!first || !event_is(first, "run-started")) return false;
  struct str id = event_get(first, "protocol"), role = str_sub(id, l->package.n, id.n);
  return str_starts(id, l->package) && (str_eqz(role, "-sender") || str_eqz(role, "-receiver"));
}

static int look(struct looking *l, struct error *e) {
  struct store_run *runs;
  struct error why;
  size_t n;
  if (store_runs(l->r->o.store, l->arena, &runs, &n, e) < 0) return -1;
  for (size_t i = 0; i < n; i++)
    if (is_of_package(l, runs[i].first) && look_at(l, runs[i].run, runs[i].first, &why) < 0)
      log_say(&l->r->o.log, LOG_NORMAL, "run %.*s of TestScripts is passed over: %s", STR_F(runs[i].run), why.text);
  return 0;
}

static void note(struct looking *l, struct event *ev) {
  facts_put(&ev->data, STR("package"), arena_printf(l->arena, "%.*s@%.*s", STR_F(l->package), STR_F(l->version)));
  for (size_t i = 0; i < l->list.n; i++) {
    const struct script *s = &l->list.v[i];
    struct str name = arena_printf(l->arena, "script.%zu", i + 1);
    facts_put(&ev->data, name, s->id);
    if (s->verdict == VERDICT_NONE) continue;
    facts_put(&ev->data, arena_printf(l->arena, "%.*s.verdict", STR_F(name)), str_z(verdict_name(s->verdict)));
    facts_put(&ev->data, arena_printf(l->arena, "%.*s.run", STR_F(name)), s->run);
    if (s->faulty) facts_put(&ev->data, arena_printf(l->arena, "%.*s.faulty", STR_F(name)), STR("true"));
  }
}

static bool any_run(const struct looking *l) {
  for (size_t i = 0; i < l->list.n; i++)
    if (l->list.v[i].verdict != VERDICT_NONE) return true;
  return false;
}

int run_host_scripts(void *context, const struct step_view *v, const struct step_scripts *q, struct error *e) {
  struct run *r = context;
  struct arena *a = arena_new(0);
  struct looking l = {.r = r, .arena = a, .vendor = plan_vendor(r->o.plan, v->at->step->party), .only = q->only};
  l.version = q->package;
  l.package = str_cut(&l.version, '@');
  int rc = look(&l, e);
  if (rc == 0 && any_run(&l)) {
    struct event *ev = run_event(r, "scripts-found", v->at);
    note(&l, ev);
    VEC_PUSH(r->arena, &r->pending_events, ev);
    rc = 1;
  }
  arena_free(a);
  return rc;
}
