#include "cli/review.h"

#include "cli/blocks.h"
#include "cli/present.h"
#include "cli/received.h"
#include "state/attempt.h"

int reviewing_open_any(struct reviewing *rv, struct cli *c, const char *store, enum store_mode mode, const char *prefix,
                       struct error *e) {
  struct str id;
  *rv = (struct reviewing){0};
  if (session_open(&rv->session, c, store, mode, e) < 0) return -1;
  if (session_load_run(&rv->session, str_z(prefix), &id, e) < 0) return -1;
  return run_look(&rv->run, id, &rv->session.options, e);
}

int reviewing_open(struct reviewing *rv, struct cli *c, const char *store, enum store_mode mode, const char *prefix,
                   struct error *e) {
  if (reviewing_open_any(rv, c, store, mode, prefix, e) < 0) return -1;
  /* What is said of a run counts towards an approval: of one's own runs only. */
  return mode == STORE_WRITE ? received_refuse(&rv->session, run_state(rv->run)->run, e) : 0;
}

int reviewing_commit(struct reviewing *rv, struct error *e) {
  return store_commit(rv->session.store, e);
}

void reviewing_close(struct reviewing *rv) {
  run_close(rv->run);
  session_close(&rv->session);
}

int reviewing_step(const struct reviewing *rv, const char *id, const struct state_step **out, struct error *e) {
  const struct state_step *newest = state_step_find(run_state(rv->run), str_z(id));
  *out = newest ? state_attempt_standing(newest) : NULL; /* what counts is what is judged */
  return *out ? 0 : error_set(e, ERR_CONFIG, "the run has no step \"%s\"", id);
}

/* "3.3" of "3.3.4": a case without a dot is a section by itself. */
static struct str section_of(struct str case_id) {
  size_t dot = SIZE_MAX;
  for (size_t i = 0; i < case_id.n; i++)
    if (case_id.p[i] == '.') dot = i;
  return dot == SIZE_MAX ? case_id : str_sub(case_id, 0, dot);
}

static bool is_told(const struct record *r, size_t i) {
  struct str section = section_of(r->cases.v[i].id);
  for (size_t k = 0; k < i; k++)
    if (str_eq(section_of(r->cases.v[k].id), section)) return true;
  return false;
}

static const char *assessment_or(enum assessment a) {
  return a == ASSESSMENT_NONE ? "-" : assessment_name(a);
}

static void show_section(struct reviewing *rv, const struct record *r, struct str section) {
  struct cli *c = rv->session.cli;
  struct sum sum;
  record_sum(&sum, c->arena, r, section);
  size_t assessed = 0;
  for (size_t i = ASSESSMENT_NONE + 1; i < ASSESSMENTS; i++) assessed += sum.assessed[i];
  fprintf(c->out, "%-8.*s %s%-14s%s %-12s", STR_F(section), present_verdict_colour(c->colour_out, sum.verdict),
          verdict_name(sum.verdict), cli_colour(c->colour_out, "0"), assessment_or(sum.assessment));
  if (!str_eqz(r->mode, RECORD_CERTIFY))
    fputc('\n', c->out);
  else
    fprintf(c->out, c->danish ? "%zu vurderet, %zu mangler\n" : "%zu assessed, %zu in the way\n", assessed,
            sum.blocks.n);
}

void reviewing_show(struct reviewing *rv) {
  struct cli *c = rv->session.cli;
  struct record rec;
  struct sum sum;
  state_record(&rec, c->arena, run_state(rv->run));
  record_sum(&sum, c->arena, &rec, (struct str){0});
  fprintf(c->out, "%.*s  %.*s %.*s  %.*s %.*s  %.*s\n", STR_F(rec.run), STR_F(rec.protocol),
          STR_F(rec.protocol_version), STR_F(rec.system), STR_F(rec.system_version), STR_F(rec.mode));
  for (size_t i = 0; i < rec.cases.n; i++)
    if (!is_told(&rec, i)) show_section(rv, &rec, section_of(rec.cases.v[i].id));
  static const char *const yes_no[2][2] = {{"certifiable: no", "kan godkendes: nej"},
                                           {"certifiable: yes", "kan godkendes: ja"}};
  fprintf(c->out, "%s\n", yes_no[sum_certifiable(&sum)][c->danish]);
  blocks_show(c, &sum, run_state(rv->run), false);
}
