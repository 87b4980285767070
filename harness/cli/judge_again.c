#include "cli/judge_again.h"
#include "cli/known.h"
#include "cli/packages.h"
#include "cli/present.h"

#include "base/file.h"
#include "run/rejudge.h"
#include "steps/steps.h"
#include "validate/profile.h"

/* --- by what -------------------------------------------------------------------------- */

static bool is_replaced(const struct rejudge_args *a, struct str package) {
  struct str name = str_cut(&package, '@');
  for (size_t i = 0; i < a->uses.n; i++) {
    struct str use = str_z(a->uses.v[i]);
    if (str_eq(str_cut(&use, '@'), name)) return true;
  }
  return false;
}

/* Packages that are named come before those of the protocol, and in the place of those of the same name. */
static int pin(struct book *b, const struct rejudge_args *a, const struct protocol *p, struct error *e) {
  for (size_t i = 0; i < a->uses.n; i++)
    if (book_use(b, str_z(a->uses.v[i]), e)) return -1;
  for (size_t i = 0; i < p->packages.n; i++)
    if (!is_replaced(a, p->packages.v[i]) && book_use(b, p->packages.v[i], e)) return -1;
  return 0;
}

static int open_standards(struct session *s, const struct rejudge_args *a, struct error *e) {
  if (!a->uses.n && !a->packages) return session_standards(s, e);
  struct book *b = book_new(s->arena);
  char *digest = arena_alloc(s->arena, SHA256_HEX + 1);
  if (packages_add_own(s->cli, b, a->packages, e)) return -1;
  if (packages_add_standards(s->cli, b, s->options.data_dir, digest, e) || pin(b, a, s->plan->protocol, e)) return -1;
  s->options.standards = (struct run_standards){profile_cache_new(s->arena, b, s->options.shapes),
                                                session_letters(s, s->arena), digest, NULL};
  return session_schemas(s, s->arena, &s->options.standards.schemas, e);
}

/* The cases that the run was made with, as far as the other protocol has them; all if the run had all. */
static size_t chosen(const struct plan *was, const struct protocol *p, struct str *only) {
  size_t n = 0;
  bool left_out = false;
  for (size_t i = 0; i < was->cases.n; i++) {
    bool not_chosen = str_eqz(was->cases.v[i].reason, RECORD_NOT_CHOSEN);
    left_out = left_out || not_chosen;
    if (!not_chosen && protocol_case_find(p, was->cases.v[i].c->id)) only[n++] = was->cases.v[i].c->id;
  }
  return left_out ? n : 0;
}

static int open_protocol(struct session *s, const struct rejudge_args *a, struct str run, struct error *e) {
  struct protocol *p;
  const struct plan *was = s->plan;
  if (!a->protocol) return 0;
  if (protocol_load(&p, s->arena, a->protocol, s->options.data_dir, step_kinds, e) < 0) return -1;
  if (session_insert_again(s, run, p, e) < 0) return -1;
  struct str *only = ARENA_ARRAY(s->arena, struct str, was->cases.n + 1);
  size_t n = chosen(was, p, only);
  struct plan_vendors systems = plan_vendors(was);
  if (plan_make_with(&s->plan, s->arena, p, &systems, only, n, e) < 0) return -1;
  s->options.plan = s->plan;
  return 0;
}

/* --- what changed ----------------------------------------------------------------------- */

/* The order of verdicts from good to bad; of a step that was never reached, or is no more, nothing got worse. */
static int badness(enum verdict v) {
  static const int order[] = {[VERDICT_NONE] = 0,    [VERDICT_PASS] = 0,  [VERDICT_NOT_APPLICABLE] = 0,
                              [VERDICT_WAITING] = 1, [VERDICT_ERROR] = 3, [VERDICT_INCONCLUSIVE] = 2,
                              [VERDICT_FAIL] = 4};
  return order[v];
}

static bool is_worse(enum verdict before, enum verdict after) {
  return after != VERDICT_NONE && before != VERDICT_NONE && badness(after) > badness(before);
}

static bool has_finding(const struct findings *f, const struct finding *x) {
  for (size_t i = 0; i < f->list.n; i++)
    if (str_eq(f->list.v[i].rule, x->rule) && f->list.v[i].severity == x->severity && str_eq(f->list.v[i].en, x->en))
      return true;
  return false;
}

static void put_lacking(struct cli *c, const char *mark, const struct findings *have, const struct findings *other) {
  for (size_t i = 0; i < have->list.n; i++) {
    const struct finding *x = &have->list.v[i];
    if (x->severity == SEV_INFO && c->log.level < LOG_VERBOSE && !x->issue.n) continue;
    if (!has_finding(other, x))
      fprintf(c->out, "      %s %s %.*s  %.*s\n", mark, severity_name(x->severity), STR_F(cli_safe(c->arena, x->rule)),
              STR_F(cli_safe(c->arena, c->danish ? x->da : x->en)));
  }
}

static bool findings_differ(const struct rejudged *x) {
  for (size_t i = 0; i < x->findings.list.n; i++)
    if (x->findings.list.v[i].severity > SEV_INFO && !has_finding(&x->was, &x->findings.list.v[i])) return true;
  for (size_t i = 0; i < x->was.list.n; i++)
    if (x->was.list.v[i].severity > SEV_INFO && !has_finding(&x->findings, &x->was.list.v[i])) return true;
  return false;
}

static const char *word_of(const struct cli *c, enum verdict v) {
  return c->danish ? present_verdict(c, v) : verdict_name(v);
}

static const char *verdict_or(struct cli *c, enum verdict v, const char *en, const char *da) {
  return v != VERDICT_NONE ? word_of(c, v) : c->danish ? da : en;
}

/* Findings of a step that is no more say nothing new. */
static void put_step(struct cli *c, const struct rejudged *x) {
  fprintf(c->out, "  %-14.*s %-11s %s -> %s%s\n", STR_F(x->step->id), x->step->kind->word,
          verdict_or(c, x->before, "none", "ingen"),
          verdict_or(c, x->after, "not in this protocol, or not reached", "ikke i denne testprotokol eller ikke nået"),
          is_worse(x->before, x->after) ? (c->danish ? "  (værre)" : "  (worse)") : "");
  if (x->after == VERDICT_NONE) return;
  put_lacking(c, "-", &x->was, &x->findings);
  put_lacking(c, "+", &x->findings, &x->was);
}

static bool put_all(struct cli *c, const struct rejudge *r) {
  size_t worse = 0, other = 0;
  for (size_t i = 0; i < r->steps.n; i++) {
    const struct rejudged *x = &r->steps.v[i];
    if (x->before == x->after && !findings_differ(x)) continue;
    put_step(c, x);
    worse += is_worse(x->before, x->after);
    other += x->before != x->after;
  }
  fprintf(c->out,
          c->danish ? "  hele testforløbet: %s -> %s; %zu teststep bedømmes anderledes, %zu værre\n"
                    : "  the run: %s -> %s; %zu steps have another verdict, %zu a worse one\n",
          word_of(c, r->before), word_of(c, r->after), other, worse);
  /* A step that is new makes no step worse, but may make the run so. */
  return worse > 0 || is_worse(r->before, r->after);
}

static void put_head(struct session *s, const struct rejudge_args *a, const struct plan *was, struct str run) {
  struct cli *c = s->cli;
  const struct protocol *p = s->plan->protocol;
  struct str line =
      arena_printf(s->arena, "%.*s %.*s (%.*s)  %.*s %.*s", STR_F(was->vendor->system), STR_F(was->vendor->version),
                   STR_F(was->vendor->name), STR_F(was->protocol->id), STR_F(was->protocol->version));
  fprintf(c->out, "%s%.*s%s  %.*s", cli_colour(c->colour_out, "1"), STR_F(run), cli_colour(c->colour_out, "0"),
          STR_F(cli_safe(s->arena, line)));
  if (p != was->protocol) fprintf(c->out, " -> %.*s %.*s", STR_F(p->id), STR_F(p->version));
  for (size_t i = 0; i < a->uses.n; i++) fprintf(c->out, "  %s", a->uses.v[i]);
  fprintf(c->out, "\n");
}

/* Other schemas than the run's are no error, but what differs may be due to them. */
static void put_schemas(const struct cli *c, struct str was, const char *now) {
  if (now ? str_eqz(was, now) : !was.n) return;
  const char *none = c->danish ? "ingen" : "none";
  fprintf(c->out,
          c->danish ? "Skemaer for breve (SHA-256): %.*s -> %s\n" : "Schemas of letters (SHA-256): %.*s -> %s\n",
          STR_F(was.n ? was : str_z(none)), now ? now : none);
}

int rejudge_run(struct session *s, const struct rejudge_args *a, struct known_issues *known, struct str run,
                bool *worse, bool *unjudged, struct error *e) {
  struct rejudge result;
  struct str id;
  if (session_load_run(s, run, &id, e) < 0) return -1;
  const struct plan *was = s->plan;
  if (open_protocol(s, a, id, e) < 0 || open_standards(s, a, e) < 0) return -1;
  if (!known) known = s->options.known.context; /* those that the run kept, and what another protocol tolerates */
  if (known_for_run(s, known, e) < 0) return -1;
  put_head(s, a, was, id);
  if (run_rejudge(&result, s->arena, id, &s->options, was, e) < 0) return -1;
  put_schemas(s->cli, result.schemas, s->options.standards.schemas);
  *worse = put_all(s->cli, &result);
  *unjudged = result.after != VERDICT_PASS && result.after != VERDICT_FAIL;
  return 0;
}
