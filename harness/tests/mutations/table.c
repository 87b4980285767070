/* docs/mutations/<standard>.md: the table, and what no defect makes fail. */
#include "mutations.h"

static const char head[] =
    "# What catches which defect: %.*s\n"
    "\n"
    "Each defect of the reference vendor that messages of this standard can have, and the step and rule that catches "
    "it. "
    "This page is made by\n"
    "\n"
    "    harness/tests/mutations/run table %.*s > docs/mutations/%.*s.md\n"
    "\n"
    "and held by the test%s.\n"
    "\n"
    "- *message*: a declared change (`fixtures/refvendor/defects/`) is made to what a recorded clean run received, and "
    "the run is judged again.%s\n"
    "- *person*: the same with the answers of persons.\n"
    "- *wire*: %s\n"
    "\n"
    "A cell names the step and the rule as they stand in `harness/tests/e2e/defects/%.*s.tsv`, else the first step "
    "that "
    "fails. "
    "In brackets: how many steps of the run no longer pass (not counted over the wire, where one case is run). \"-\": "
    "the protocol receives nothing that the defect changes, or has no row for it. **passes**: something is changed and "
    "this protocol does not look at it; another one of this page does.\n";

static void put_head(const struct mutations *m, FILE *to) {
  struct str s = m->standard;
  struct arena *a = m->arena;
  struct str both = arena_printf(a, "s `e2e_mutations_%.*s` (all but the wire) and `e2e_defects_%.*s` (the wire)",
                                 STR_F(s), STR_F(s));
  struct str one = arena_printf(a, " `e2e_mutations_%.*s`", STR_F(s));
  fprintf(
      to, head, STR_F(s), STR_F(s), STR_F(s), m->content ? one.p : both.p,
      m->content ? "" : " A sample of them goes over the wire as well, and every step has to come out the same.",
      m->content
          ? "not here, but in `harness/tests/e2e/ehmi*.sh`; a step that only such a defect makes fail counts as never."
          : "the reference vendor itself runs with the defect (`--defect NAME`).",
      STR_F(s));
}

static const char *const way_names[] = {"message", "person", "wire"};

static void put_cell(const struct mutations *m, FILE *to, const struct mutant *mu, size_t i) {
  const struct outcome *o = &mu->outcomes[i];
  const struct row *row = row_of(m, mu->id, m->recordings.v[i].protocol);
  if (row)
    fprintf(to, " %.*s `%.*s`", STR_F(row->step), STR_F(row->rule));
  else if (o->hits.n)
    fprintf(to, " %.*s `%.*s`", STR_F(o->hits.v[0].step),
            STR_F(o->hits.v[0].rules.n ? o->hits.v[0].rules.v[0] : STR("-")));
  else
    fprintf(to, o->changed ? " **passes**" : " -");
  if (o->hits.n) fprintf(to, " (%zu)", o->hits.n);
  fprintf(to, " |");
}

/* More protocols than a table has room for columns: a table each, of what changes something in it. */
#define COLUMNS_MAX 6

static void put_mutants_of(const struct mutations *m, FILE *to, size_t i) {
  fprintf(to, "\n## The table of %.*s\n", STR_F(m->recordings.v[i].protocol));
  fprintf(to, "\n| defect | what is wrong | by | caught by |\n|---|---|---|---|\n");
  for (size_t k = 0; k < m->mutants.n; k++) {
    const struct mutant *mu = &m->mutants.v[k];
    if (!mu->outcomes[i].changed && !row_of(m, mu->id, m->recordings.v[i].protocol)) continue;
    fprintf(to, "| `%.*s` | %.*s | %s |", STR_F(mu->id), STR_F(mu->en), way_names[mu->way]);
    put_cell(m, to, mu, i);
    fprintf(to, "\n");
  }
}

static void put_mutants(const struct mutations *m, FILE *to) {
  if (m->recordings.n > COLUMNS_MAX) {
    for (size_t i = 0; i < m->recordings.n; i++) put_mutants_of(m, to, i);
    return;
  }
  fprintf(to, "\n## The table\n\n| defect | what is wrong | by |");
  for (size_t i = 0; i < m->recordings.n; i++) fprintf(to, " %.*s |", STR_F(m->recordings.v[i].protocol));
  fprintf(to, "\n|---|---|---|");
  for (size_t i = 0; i < m->recordings.n; i++) fprintf(to, "---|");
  fprintf(to, "\n");
  for (size_t k = 0; k < m->mutants.n; k++) {
    const struct mutant *mu = &m->mutants.v[k];
    if (!mutant_counts(m, mu)) continue;
    fprintf(to, "| `%.*s` | %.*s | %s |", STR_F(mu->id), STR_F(mu->en), way_names[mu->way]);
    for (size_t i = 0; i < m->recordings.n; i++) put_cell(m, to, mu, i);
    fprintf(to, "\n");
  }
}

/* Numbers of one word's steps. */
struct tally {
  size_t all, run, failed, never;
};

static struct tally tally_of(const struct recording *r, const char *word) {
  const struct state *s = run_state(r->clean);
  struct tally t = {0};
  for (size_t c = 0; c < s->cases_n; c++)
    for (size_t i = 0; i < s->cases[c].n; i++) {
      const struct state_step *st = &s->cases[c].steps[i];
      if (!str_eqz(str_z(st->step->kind->word), word)) continue;
      t.all++;
      t.run += st->verdict == VERDICT_PASS;
      t.failed += map_get(&r->failed, st->step->id) != NULL;
      t.never += st->verdict == VERDICT_PASS && !map_get(&r->failed, st->step->id);
    }
  return t;
}

/* Steps of that word that pass whatever the defect; ids of one case share its number. */
static void put_never(FILE *to, const struct recording *r, const char *word, bool run) {
  const struct state *s = run_state(r->clean);
  size_t n = 0;
  for (size_t c = 0; c < s->cases_n; c++)
    for (size_t i = 0; i < s->cases[c].n; i++) {
      const struct state_step *st = &s->cases[c].steps[i];
      bool mine = str_eqz(str_z(st->step->kind->word), word) && (st->verdict == VERDICT_PASS) == run;
      if (!mine || map_get(&r->failed, st->step->id)) continue;
      fprintf(to, "%s%.*s", n++ ? ", " : "", STR_F(st->step->id));
    }
}

/* The whole protocol in a line, which the index of the pages takes its numbers from. */
static void put_sum(FILE *to, const struct recording *r) {
  const struct step_kind *const *kinds = r->session.options.kinds;
  struct tally sum = {0};
  for (size_t k = 0; kinds[k]; k++) {
    struct tally t = word_judges(kinds[k]) ? tally_of(r, kinds[k]->word) : (struct tally){0};
    sum.all += t.all;
    sum.run += t.run;
    sum.failed += t.failed;
    sum.never += t.never;
  }
  fprintf(to, "\n%zu steps, %zu run, %zu made to fail, and %zu never.\n", sum.all, sum.run, sum.failed, sum.never);
}

static void put_coverage(const struct mutations *m, FILE *to, const struct recording *r) {
  const struct step_kind *const *kinds = r->session.options.kinds;
  fprintf(to, "\n### %.*s\n", STR_F(r->protocol));
  put_sum(to, r);
  fprintf(to, "\n| word | steps | run | made to fail | never |\n|---|---|---|---|---|\n");
  (void)m;
  for (size_t k = 0; kinds[k]; k++) {
    struct tally t = tally_of(r, kinds[k]->word);
    if (!t.all || !word_judges(kinds[k])) continue;
    fprintf(to, "| `%s` | %zu | %zu | %zu | ", kinds[k]->word, t.all, t.run, t.failed);
    put_never(to, r, kinds[k]->word, true);
    fprintf(to, " |\n");
  }
  fprintf(to, "\nNot run:");
  const char *between = " ";
  for (size_t k = 0; kinds[k]; k++) {
    struct tally t = tally_of(r, kinds[k]->word);
    if (t.run == t.all) continue;
    fprintf(to, "%s`%s` ", between, kinds[k]->word);
    put_never(to, r, kinds[k]->word, false);
    between = "; ";
  }
  fprintf(to, "%s\n", *between == ' ' ? " nothing." : ".");
}

void mutations_table(const struct mutations *m, FILE *to) {
  size_t ways[3] = {0};
  for (size_t k = 0; k < m->mutants.n; k++) ways[m->mutants.v[k].way] += mutant_counts(m, &m->mutants.v[k]) ? 1 : 0;
  put_head(m, to);
  fprintf(to, "\n%zu defects: %zu of messages, %zu of persons, %zu of the wire.\n",
          ways[WAY_MESSAGE] + ways[WAY_PERSON] + ways[WAY_WIRE], ways[WAY_MESSAGE], ways[WAY_PERSON], ways[WAY_WIRE]);
  put_mutants(m, to);
  fprintf(
      to,
      "\n## What no defect makes fail\n\nSteps by word; *run*: those that pass in the clean run. A step counts as "
      "made to fail when a defect takes its pass away. Of defects of the wire only the steps that the rows "
      "name count.\n\nNot among them are steps that judge nothing: `wait` and `fault` are what testcamp itself does, "
      "and `capture` takes down a value that a later step judges.\n");
  for (size_t i = 0; i < m->recordings.n; i++) put_coverage(m, to, &m->recordings.v[i]);
}
