/* confirm: MedCom confirms what was carried over from another run. */
#include "cli/commands.h"
#include "cli/review.h"
#include "run/again.h"

#include <string.h>

struct confirm_args {
  struct opt_list rest;
  const char *by, *store, *lang;
};

static int confirm(struct reviewing *rv, const struct confirm_args *a, struct error *e) {
  struct str steps[OPTS_LIST_MAX], by = a->by ? str_trim(str_z(a->by)) : (struct str){0};
  struct cli *c = rv->session.cli;
  size_t done;
  for (size_t i = 1; i < a->rest.n; i++) steps[i - 1] = str_z(a->rest.v[i]);
  if (run_confirm(rv->run, steps, a->rest.n - 1, by, &done, e) < 0 || reviewing_commit(rv, e) < 0) return -1;
  fprintf(c->out, c->danish ? "%zu teststeps er bekræftet\n" : "%zu steps are confirmed\n", done);
  return 0;
}

static int cmd_confirm(struct cli *c, const struct command *self, int argc, char **argv) {
  struct confirm_args a = {0};
  struct reviewing rv;
  struct error e;
  const struct opt table[] = {{"by", OPT_TEXT, "INITIALS", "who of MedCom confirms", &a.by},
                              {"store", OPT_TEXT, "FILE", "event log", &a.store},
                              {"lang", OPT_TEXT, "da|en", "language of what is printed", &a.lang},
                              {0}};
  enum opts_result r = opts_read(c, self, table, argc, argv, &a.rest);
  if (r != OPTS_GO) return r == OPTS_HELP ? EXIT_OK : EXIT_USAGE;
  if (a.rest.n < 1) return cli_usage(c, "usage: testcamp %s %s", self->name, self->arguments);
  c->danish = a.lang && !strcmp(a.lang, "da");
  int code = EXIT_OK;
  if (reviewing_open(&rv, c, a.store, STORE_WRITE, a.rest.v[0], &e) < 0 || confirm(&rv, &a, &e) < 0)
    code = cli_fail(c, &e);
  reviewing_close(&rv);
  return code;
}

const struct command command_confirm = {.name = "confirm",
                                        .arguments = "RUN [STEP...] --by INITIALS",
                                        .summary = "MedCom confirms what was carried over from another run",
                                        .run = cmd_confirm,
                                        .writes = true};
