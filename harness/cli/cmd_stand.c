/* stand: MedCom says which attempt of a step counts. */
#include "cli/commands.h"
#include "cli/review.h"
#include "run/again.h"

#include <string.h>

struct stand_args {
  struct opt_list rest;
  const char *by, *why, *store, *lang;
  bool together;
};

static struct str text_of(const char *z) {
  return z ? str_trim(str_z(z)) : (struct str){0};
}

/* Every attempt of the step, the one that stands marked. */
static void show(struct cli *c, const struct state_step *newest) {
  const struct state_step *standing = state_attempt_standing(newest);
  for (size_t n = 1; n <= newest->attempt.number; n++) {
    const struct state_step *st = state_attempt_of(newest, n);
    fprintf(c->out, "%-12.*s %zu  %-14s %-12.*s %s\n", STR_F(newest->step->id), n, verdict_name(st->verdict),
            STR_F(st->attempt.system_version),
            st != standing ? ""
            : c->danish    ? "gælder"
                           : "stands");
  }
}

/* What put an end to an attempt: the series that came after it; of the newest, its own. */
static size_t ended_by(const struct state_step *newest, const struct state_step *st) {
  const struct state_step *after = newest;
  while (after != st && after->attempt.before != st) after = after->attempt.before;
  return after->attempt.series;
}

/* The attempt of another step that ended with that series, or is of it and the newest; NULL. */
static const struct state_step *ended_with(const struct state_step *newest, size_t series, bool is_newest) {
  if (is_newest) return newest->attempt.series == series ? newest : NULL;
  for (const struct state_step *st = newest; st; st = st->attempt.before)
    if (st->attempt.series == series) return st->attempt.before;
  return NULL;
}

/* The steps that were set back together with this one, or played again with it, whatever the numbers are. */
static int let_stand_together(struct reviewing *rv, const struct state_step *newest, const struct review *word,
                              struct error *e) {
  const struct state *s = run_state(rv->run);
  const struct state_step *chosen = state_attempt_standing(newest);
  for (size_t c = 0; c < s->cases_n; c++) {
    for (size_t i = 0; i < s->cases[c].n; i++) {
      const struct state_step *other = &s->cases[c].steps[i];
      if (other == newest || !other->attempt.before) continue;
      const struct state_step *st = ended_with(other, ended_by(newest, chosen), chosen == newest);
      if (!st || st->verdict == VERDICT_NONE || st == state_attempt_standing(other)) continue;
      if (run_stand(rv->run, other->step->id, (int64_t)st->attempt.number, word, e) < 0) return -1;
      show(rv->session.cli, other);
    }
  }
  return 0;
}

static int let_stand(struct reviewing *rv, const struct stand_args *a, struct error *e) {
  struct review word = {text_of(a->by), text_of(a->why)};
  int64_t number;
  if (!str_int(str_z(a->rest.v[2]), &number))
    return error_set(e, ERR_CONFIG, "\"%s\" is no number of an attempt", a->rest.v[2]);
  if (run_stand(rv->run, str_z(a->rest.v[1]), number, &word, e) < 0) return -1;
  const struct state_step *newest = state_step_find(run_state(rv->run), str_z(a->rest.v[1]));
  show(rv->session.cli, newest);
  if (a->together && let_stand_together(rv, newest, &word, e) < 0) return -1;
  return reviewing_commit(rv, e);
}

static int cmd_stand(struct cli *c, const struct command *self, int argc, char **argv) {
  struct stand_args a = {0};
  struct reviewing rv;
  struct error e;
  const struct opt table[] = {
      {"by", OPT_TEXT, "INITIALS", "who of MedCom says so", &a.by},
      {"why", OPT_TEXT, "TEXT", "the reason, for the record", &a.why},
      {"together", OPT_FLAG, NULL, "the same for the steps that were set back with it", &a.together},
      {"store", OPT_TEXT, "FILE", "event log", &a.store},
      {"lang", OPT_TEXT, "da|en", "language of what is printed", &a.lang},
      {0}};
  enum opts_result r = opts_read(c, self, table, argc, argv, &a.rest);
  if (r != OPTS_GO) return r == OPTS_HELP ? EXIT_OK : EXIT_USAGE;
  if (a.rest.n != 3) return cli_usage(c, "usage: testcamp %s %s", self->name, self->arguments);
  c->danish = a.lang && !strcmp(a.lang, "da");
  int code = EXIT_OK;
  if (reviewing_open(&rv, c, a.store, STORE_WRITE, a.rest.v[0], &e) < 0 || let_stand(&rv, &a, &e) < 0)
    code = cli_fail(c, &e);
  reviewing_close(&rv);
  return code;
}

const struct command command_stand = {.name = "stand",
                                      .arguments = "RUN STEP ATTEMPT --by INITIALS --why TEXT [--together]",
                                      .summary = "MedCom says which attempt of a step counts",
                                      .run = cmd_stand,
                                      .writes = true};
