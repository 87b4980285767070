#include "cli/scripts.h"

#include "base/file.h"
#include "steps/steps.h"

#define WHY_MAX ((size_t)160)

static int system_parse(const char *name, enum testscript_system *out, struct error *e) {
  bool client = str_eqz(str_z(name), "client");
  *out = client ? TESTSCRIPT_CLIENT : TESTSCRIPT_SERVER;
  if (client || str_eqz(str_z(name), "server")) return 0;
  return error_set(e, ERR_CONFIG, "--system %s: there is client and server", name);
}

int scripts_open(struct testscript_set **out, struct cli *c, const char *path, const struct scripts_args *args,
                 struct error *e) {
  struct testscript_options *o = ARENA_NEW(c->arena, struct testscript_options);
  struct shapes *shapes;
  char *data;
  if (file_data_dir(&data, c->arena, e) < 0 || shapes_read(&shapes, c->arena, data, e) < 0) return -1;
  *o = (struct testscript_options){.data_dir = data, .shapes = shapes, .kinds = step_kinds};
  if (args) {
    o->use = args->use.v;
    o->use_n = args->use.n;
    o->aids = args->aids;
    if (args->system && system_parse(args->system, &o->system, e) < 0) return -1;
  }
  return testscript_open(out, c->arena, path, o, e);
}

int scripts_load(struct scripts_protocols *out, struct cli *c, const char *path, const struct scripts_args *args,
                 struct error *e) {
  struct testscript_set *s;
  struct testscript_protocols made;
  *out = (struct scripts_protocols){0};
  if (scripts_open(&s, c, path, args, e) < 0) return -1;
  testscript_write(&made, s);
  for (size_t i = 0; i < made.list.n; i++) {
    struct findings f;
    struct source src = {arena_printf(c->arena, "%s (%.*s)", path, STR_F(made.list.v[i].role)), made.list.v[i].yaml};
    findings_init(&f, c->arena);
    if (protocol_read(&out->v[out->n++], c->arena, src, step_kinds, &f) < 0) return findings_error(&f, e);
  }
  return 0;
}

/* The first step that made it what it is: a failure before what could not be judged. */
static struct str why_of(struct arena *a, const struct state_case *sc, bool danish) {
  for (int want = VERDICT_FAIL; want >= VERDICT_WAITING; want--)
    for (size_t i = 0; i < sc->n; i++) {
      const struct state_step *st = &sc->steps[i];
      if (st->verdict != (enum verdict)want || st->findings.list.n == 0) continue;
      const struct finding *f = &st->findings.list.v[0];
      for (size_t k = 1; k < st->findings.list.n; k++)
        if (st->findings.list.v[k].severity > f->severity) f = &st->findings.list.v[k];
      struct str text = danish ? f->da : f->en;
      bool cut = text.n > WHY_MAX;
      struct str id = st->step->id, own = sc->plan->c->id;
      if (str_starts(id, own)) id = str_sub(id, own.n, id.n);
      return arena_printf(a, "%.*s %.*s%s", STR_F(id), STR_F(str_sub(text, 0, WHY_MAX)), cut ? "..." : "");
    }
  return (struct str){0};
}

void scripts_note(struct scripts_table *t, struct cli *c, const struct state *s) {
  for (size_t i = 0; i < s->cases_n; i++) {
    const struct state_case *sc = &s->cases[i];
    if (!sc->plan->applies) continue;
    enum verdict v = state_case_verdict(sc);
    VEC_PUSH(c->arena, &t->rows,
             ((struct scripts_row){arena_str(c->arena, sc->plan->c->id),
                                   v == VERDICT_PASS ? (struct str){0} : why_of(c->arena, sc, c->danish), v}));
  }
}

void scripts_note_error(struct scripts_table *t, struct cli *c, const struct protocol *p, const struct error *e) {
  for (size_t i = 0; i < p->cases.n; i++)
    VEC_PUSH(c->arena, &t->rows,
             ((struct scripts_row){p->cases.v[i]->id, arena_str(c->arena, str_z(e->text)), VERDICT_ERROR}));
}

struct opt_list *scripts_cases(struct cli *c, const struct protocol *p, const struct opt_list *chosen) {
  struct opt_list *own = ARENA_NEW(c->arena, struct opt_list);
  for (size_t i = 0; i < chosen->n; i++)
    if (protocol_case_find(p, str_z(chosen->v[i]))) own->v[own->n++] = chosen->v[i];
  return own;
}

void scripts_print(const struct scripts_table *t, struct cli *c) {
  size_t wide = 0, counts[VERDICTS] = {0};
  if (!t->rows.n) return;
  for (size_t i = 0; i < t->rows.n; i++) wide = t->rows.v[i].id.n > wide ? t->rows.v[i].id.n : wide;
  fprintf(c->out, "\n");
  for (size_t i = 0; i < t->rows.n; i++) {
    const struct scripts_row *r = &t->rows.v[i];
    counts[r->verdict]++;
    fprintf(c->out, "%-*.*s  %-12s  %.*s\n", (int)wide, STR_F(r->id), verdict_name(r->verdict),
            STR_F(cli_safe(c->arena, r->why)));
  }
  fprintf(c->out, "%zu %s:", t->rows.n, "TestScripts");
  for (int v = VERDICT_NONE; v < VERDICTS; v++)
    if (counts[v]) fprintf(c->out, " %zu %s", counts[v], verdict_name((enum verdict)v));
  fprintf(c->out, "\n");
}
