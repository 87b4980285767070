/* contest and uphold: a finding that a vendor does not agree with, and MedCom's answer. */
#include "cli/commands.h"
#include "cli/session.h"

#include <string.h>

struct contest_args {
  struct opt_list rest;
  const char *store, *by, *why, *lang;
};

static int act(struct session *s, const struct contest_args *a, bool uphold, struct error *e) {
  struct str id;
  struct run *r;
  struct dispute d = {str_z(a->rest.v[2]), str_z(a->by), str_z(a->why)};
  if (session_load_run(s, str_z(a->rest.v[0]), &id, e) < 0 || run_look(&r, id, &s->options, e) < 0) return -1;
  const struct state_step *st = state_step_find(run_state(r), str_z(a->rest.v[1]));
  int result = st ? (uphold ? run_uphold : run_contest)(r, st, &d, e)
                  : error_set(e, ERR_CONFIG, "the run has no step \"%s\"", a->rest.v[1]);
  if (result == 0) result = store_commit(s->store, e);
  if (result == 0)
    fprintf(s->cli->out, "%s\n",
            uphold ? (s->cli->danish ? "Fastholdt." : "Upheld.")
                   : (s->cli->danish ? "Indsigelsen er noteret; MedCom svarer." : "Noted; MedCom answers."));
  run_close(r);
  return result;
}

static int contest(struct cli *c, const struct command *self, int argc, char **argv, bool uphold) {
  struct contest_args a = {0};
  struct session s;
  struct error e;
  const struct opt table[] = {{"by", OPT_TEXT, "INITIALS", "who says so", &a.by},
                              {"why", OPT_TEXT, "TEXT", "the reason, for the record", &a.why},
                              {"store", OPT_TEXT, "FILE", "event log", &a.store},
                              {"lang", OPT_TEXT, "da|en", "language of what is printed", &a.lang},
                              {0}};
  enum opts_result r = opts_read(c, self, table, argc, argv, &a.rest);
  if (r != OPTS_GO) return r == OPTS_HELP ? EXIT_OK : EXIT_USAGE;
  if (a.rest.n != 3) return cli_usage(c, "usage: testcamp %s %s", self->name, self->arguments);
  c->danish = a.lang && !strcmp(a.lang, "da");
  if (session_open(&s, c, a.store, STORE_WRITE, &e) < 0) return cli_fail(c, &e);
  int code = act(&s, &a, uphold, &e) < 0 ? cli_fail(c, &e) : EXIT_OK;
  session_close(&s);
  return code;
}

static int cmd_contest(struct cli *c, const struct command *self, int argc, char **argv) {
  return contest(c, self, argc, argv, false);
}

static int cmd_uphold(struct cli *c, const struct command *self, int argc, char **argv) {
  return contest(c, self, argc, argv, true);
}

const struct command command_contest = {.name = "contest",
                                        .arguments = "RUN STEP FINDING --by INITIALS --why TEXT",
                                        .summary = "a vendor contests a finding, by its number or rule",
                                        .writes = true,
                                        .run = cmd_contest};
const struct command command_uphold = {.name = "uphold",
                                       .arguments = "RUN STEP FINDING --by INITIALS --why TEXT",
                                       .summary = "MedCom stands by a finding that was contested",
                                       .writes = true,
                                       .run = cmd_uphold};
