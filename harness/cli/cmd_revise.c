/* revise: MedCom's verdict in the place of the machine's, with the reason. */
#include "cli/commands.h"
#include "cli/review.h"

#include <string.h>

struct revise_args {
  struct opt_list rest;
  const char *verdict, *by, *why, *store, *lang;
};

static int revise(struct reviewing *rv, const struct revise_args *a, struct error *e) {
  struct review said = {str_trim(str_z(a->by)), str_trim(str_z(a->why))};
  struct cli *c = rv->session.cli;
  const struct state_step *st;
  enum verdict v;
  if (!verdict_parse(str_z(a->verdict), &v)) v = VERDICT_NONE; /* which is refused with the list of what there is */
  if (reviewing_step(rv, a->rest.v[1], &st, e) < 0) return -1;
  enum verdict was = st->verdict;
  if (run_revise(rv->run, st, v, &said, e) < 0 || reviewing_commit(rv, e) < 0) return -1;
  fprintf(c->out, c->danish ? "%.*s: %s er ændret til %s\n" : "%.*s: %s is revised to %s\n", STR_F(st->step->id),
          verdict_name(was), verdict_name(v));
  return 0;
}

static int cmd_revise(struct cli *c, const struct command *self, int argc, char **argv) {
  struct revise_args a = {0};
  struct reviewing rv;
  struct error e;
  const struct opt table[] = {
      {"verdict", OPT_TEXT, "VERDICT", "pass, fail, inconclusive or not-applicable", &a.verdict},
      {"by", OPT_TEXT, "INITIALS", "who revises", &a.by},
      {"why", OPT_TEXT, "TEXT", "the reason, for the record", &a.why},
      {"store", OPT_TEXT, "FILE", "event log", &a.store},
      {"lang", OPT_TEXT, "da|en", "language of what is printed", &a.lang},
      {0}};
  enum opts_result r = opts_read(c, self, table, argc, argv, &a.rest);
  if (r != OPTS_GO) return r == OPTS_HELP ? EXIT_OK : EXIT_USAGE;
  if (a.rest.n != 2 || !a.verdict || !a.by || !a.why)
    return cli_usage(c, "usage: testcamp %s %s", self->name, self->arguments);
  c->danish = a.lang && !strcmp(a.lang, "da");
  int code = EXIT_OK;
  if (reviewing_open_any(&rv, c, a.store, STORE_WRITE, a.rest.v[0], &e) < 0 || revise(&rv, &a, &e) < 0)
    code = cli_fail(c, &e);
  reviewing_close(&rv);
  return code;
}

const struct command command_revise = {.name = "revise",
                                       .arguments = "RUN STEP --verdict VERDICT --by INITIALS --why TEXT",
                                       .summary = "put another verdict in the place of the machine's, with the reason",
                                       .run = cmd_revise,
                                       .writes = true};
