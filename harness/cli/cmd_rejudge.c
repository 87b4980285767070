/* rejudge: the same bytes by other rules, without a vendor: runs of the store, bundles, or messages in a folder. */
#include "cli/commands.h"
#include "cli/judge_again.h"
#include "cli/known.h"
#include "cli/packages.h"

#include "base/clock.h"
#include "base/file.h"

#include <string.h>

static void note_worse(struct rejudging_all *j, bool worse, bool unjudged) {
  j->worse += worse;
  j->unjudged += unjudged;
}

static int open_known(struct cli *c, const struct rejudge_args *a, struct known_issues **known) {
  /* Whether one has expired is told as of the time of each run, not as of now. */
  return a->known_issues ? known_open(known, c, a->known_issues, INT64_MIN) : EXIT_OK;
}

static int result_of(const struct rejudging_all *j) {
  if (j->worse) return EXIT_FAILED;
  return j->unjudged ? EXIT_UNJUDGED : EXIT_OK;
}

/* --- runs -------------------------------------------------------------------------- */

static int judge_run(struct rejudging_all *j, struct session *s, struct str run, struct error *e) {
  bool worse, unjudged;
  if (rejudge_run(s, j->args, j->known, run, &worse, &unjudged, e) < 0) return -1;
  note_worse(j, worse, unjudged);
  return 0;
}

static int judge_all_runs(struct rejudging_all *j, struct session *s, struct error *e) {
  struct store_run *runs;
  size_t n;
  if (store_runs(s->store, s->arena, &runs, &n, e) < 0) return -1;
  for (size_t i = 0; i < n; i++) {
    if (!event_is(runs[i].first, "run-started")) continue;
    if (judge_run(j, s, runs[i].run, e) == 0) continue;
    cli_fail(s->cli, e);
    j->unjudged++;
  }
  return 0;
}

static int judge_runs(struct cli *c, struct rejudging_all *j) {
  struct session s;
  struct error e;
  int rc = 0;
  if (session_open(&s, c, j->args->store, STORE_READ, &e) < 0) return cli_fail(c, &e);
  if (j->args->all) rc = judge_all_runs(j, &s, &e);
  for (size_t i = 0; rc == 0 && i < j->args->rest.n; i++) rc = judge_run(j, &s, str_z(j->args->rest.v[i]), &e);
  session_close(&s);
  return rc < 0 ? cli_fail(c, &e) : result_of(j);
}

/* --- folders ----------------------------------------------------------------------- */

static int judge_folder(struct cli *c, struct rejudging_all *j, const char *dir) {
  struct error e;
  bool worse = false, unjudged = false;
  int rc = rejudge_is_of_bundles(c->arena, dir) ? rejudge_bundles(c, j, dir, &e)
                                                : rejudge_messages(c, j->args, dir, &worse, &unjudged, &e);
  note_worse(j, worse, unjudged);
  return rc < 0 ? cli_fail(c, &e) : result_of(j);
}

static bool right_use(struct cli *c, const struct rejudge_args *a, const struct command *self) {
  bool folder = a->rest.n == 1 && file_is_dir(a->rest.v[0]);
  const char *of_runs = a->protocol ? "--protocol" : a->known_issues ? "--known-issues" : NULL;
  if (a->all ? a->rest.n > 0 : a->rest.n == 0) {
    cli_usage(c, "usage: testcamp %s %s", self->name, self->arguments);
    return false;
  }
  if (folder && of_runs && !rejudge_is_of_bundles(c->arena, a->rest.v[0])) {
    cli_usage(c, "%s: the messages of a folder belong to no run", of_runs);
    return false;
  }
  return true;
}

static int cmd_rejudge(struct cli *c, const struct command *self, int argc, char **argv) {
  struct rejudge_args a = {0};
  struct rejudging_all j = {.args = &a};
  const struct opt table[] = {
      {"use", OPT_LIST, "NAME@VERSION", "judge by this package instead of the protocol's version of it", &a.uses},
      {"packages", OPT_TEXT, "DIR", "folder of FHIR packages, asked before the built-in ones", &a.packages},
      {"protocol", OPT_TEXT, "FILE", "judge by this protocol instead of the run's own", &a.protocol},
      {"known-issues", OPT_TEXT, "FILE", "findings that are agreed upon, instead of those of the run", &a.known_issues},
      OPT_SCHEMAS(c),
      {"all", OPT_FLAG, NULL, "all runs of the store", &a.all},
      {"store", OPT_TEXT, "FILE", "event log", &a.store},
      {"lang", OPT_TEXT, "da|en", "language of what is printed", &a.lang},
      {0}};
  enum opts_result r = opts_read(c, self, table, argc, argv, &a.rest);
  if (r != OPTS_GO) return r == OPTS_HELP ? EXIT_OK : EXIT_USAGE;
  if (!right_use(c, &a, self)) return EXIT_USAGE;
  c->danish = a.lang && !strcmp(a.lang, "da");
  int code = open_known(c, &a, &j.known);
  if (code != EXIT_OK) return code;
  bool folder = a.rest.n == 1 && file_is_dir(a.rest.v[0]);
  return folder ? judge_folder(c, &j, a.rest.v[0]) : judge_runs(c, &j);
}

const struct command command_rejudge = {.name = "rejudge",
                                        .arguments = "RUN...|FOLDER|--all [--use NAME@VERSION]... [--protocol FILE]",
                                        .summary =
                                            "judge recorded messages again by other packages or another protocol",
                                        .run = cmd_rejudge};
