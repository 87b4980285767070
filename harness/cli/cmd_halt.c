/* pause, abort: a person stops a run, for a while or for good. */
#include "cli/commands.h"
#include "cli/review.h"
#include "cli/serve.h"
#include "run/halt.h"

#include <string.h>

struct halt_args {
  struct opt_list rest;
  const char *by, *why, *store, *lang;
};

static struct str text_of(const char *z) {
  return z ? str_trim(str_z(z)) : (struct str){0};
}

static int pause_run(struct reviewing *rv, const struct review *word, struct error *e) {
  struct cli *c = rv->session.cli;
  struct str id = run_state(rv->run)->run;
  if (run_pause(rv->run, word, e) < 0 || reviewing_commit(rv, e) < 0) return -1;
  fprintf(c->out, "%s testcamp resume %.*s\n",
          c->danish ? "Sat på pause; fristerne står stille. Fortsæt med:"
                    : "Paused; deadlines stand still. Go on with:",
          STR_F(id));
  return 0;
}

static int abort_run(struct reviewing *rv, const struct review *word, struct error *e) {
  struct cli *c = rv->session.cli;
  size_t left;
  if (run_abort(rv->run, word, &left, e) < 0 || reviewing_commit(rv, e) < 0) return -1;
  fprintf(c->out, c->danish ? "Afbrudt; %zu teststeps er uafklarede\n" : "Ended; %zu steps are inconclusive\n", left);
  return 0;
}

static int halt(struct cli *c, const struct command *self, int argc, char **argv,
                int (*act)(struct reviewing *rv, const struct review *word, struct error *e)) {
  struct halt_args a = {0};
  struct reviewing rv;
  struct error e;
  const struct opt table[] = {{"by", OPT_TEXT, "INITIALS", "who does it, for the record", &a.by},
                              {"why", OPT_TEXT, "TEXT", "the reason, for the record", &a.why},
                              {"store", OPT_TEXT, "FILE", "event log", &a.store},
                              {"lang", OPT_TEXT, "da|en", "language of what is printed", &a.lang},
                              {0}};
  enum opts_result r = opts_read(c, self, table, argc, argv, &a.rest);
  if (r != OPTS_GO) return r == OPTS_HELP ? EXIT_OK : EXIT_USAGE;
  if (a.rest.n != 1 || !a.by) return cli_usage(c, "usage: testcamp %s %s", self->name, self->arguments);
  c->danish = a.lang && !strcmp(a.lang, "da");
  struct review word = {text_of(a.by), text_of(a.why)};
  int code = EXIT_OK;
  if (reviewing_open(&rv, c, a.store, STORE_WRITE, a.rest.v[0], &e) < 0 || act(&rv, &word, &e) < 0)
    code = cli_fail(c, &e);
  else
    serve_drop(&rv.session, run_state(rv.run)->run);
  reviewing_close(&rv);
  return code;
}

static int cmd_pause(struct cli *c, const struct command *self, int argc, char **argv) {
  return halt(c, self, argc, argv, pause_run);
}

static int cmd_abort(struct cli *c, const struct command *self, int argc, char **argv) {
  return halt(c, self, argc, argv, abort_run);
}

const struct command command_pause = {.name = "pause",
                                      .arguments = "RUN --by INITIALS [--why TEXT]",
                                      .summary = "let a run stand, its deadlines too, until it is resumed",
                                      .run = cmd_pause,
                                      .writes = true};
const struct command command_abort = {.name = "abort",
                                      .arguments = "RUN --by INITIALS --why TEXT",
                                      .summary = "end a run as it stands; what is not judged is inconclusive",
                                      .run = cmd_abort,
                                      .writes = true};
