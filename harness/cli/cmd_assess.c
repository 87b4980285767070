/* assess: MedCom's assessment of steps in a live test. */
#include "cli/commands.h"
#include "cli/review.h"

#include <string.h>

struct assess_args {
  struct opt_list rest;
  const char *as, *by, *why, *store, *lang;
  bool accept_passed;
};

static struct str text_of(const char *z) {
  return z ? str_trim(str_z(z)) : (struct str){0};
}

static int assess_steps(struct reviewing *rv, const struct assess_args *a, struct error *e) {
  struct review said = {text_of(a->by), text_of(a->why)};
  const struct state_step **steps = ARENA_ARRAY(rv->session.arena, const struct state_step *, a->rest.n);
  enum assessment as;
  if (!assessment_parse(str_z(a->as), &as))
    return error_set(e, ERR_CONFIG, "--as %s: there is OK, F1, F2, F3, F4 and not-relevant", a->as);
  for (size_t i = 1; i < a->rest.n; i++)
    if (reviewing_step(rv, a->rest.v[i], &steps[i - 1], e) < 0) return -1;
  return run_assess(rv->run, steps, a->rest.n - 1, as, &said, e);
}

static int accept_passed(struct reviewing *rv, const struct assess_args *a, struct error *e) {
  struct review said = {text_of(a->by), text_of(a->why)};
  struct cli *c = rv->session.cli;
  size_t n;
  if (run_accept_passed(rv->run, &said, &n, e) < 0) return -1;
  fprintf(c->out,
          c->danish ? "%zu maskinelt beståede teststeps er vurderet OK\n"
                    : "%zu machine-passed steps are assessed OK\n",
          n);
  return 0;
}

static int assess(struct reviewing *rv, const struct assess_args *a, struct error *e) {
  if (a->accept_passed && accept_passed(rv, a, e) < 0) return -1;
  if (a->as && assess_steps(rv, a, e) < 0) return -1;
  if (reviewing_commit(rv, e) < 0) return -1;
  reviewing_show(rv);
  return 0;
}

/* Without --as and --accept-passed nothing is said: it is only shown how the run stands. */
static bool right_use(const struct assess_args *a) {
  bool says = a->as || a->accept_passed;
  if (a->rest.n == 0 || (a->as && a->accept_passed)) return false;
  return (a->as != NULL) == (a->rest.n > 1) && (says || (!a->by && !a->why)) && (!says || a->by);
}

static int cmd_assess(struct cli *c, const struct command *self, int argc, char **argv) {
  struct assess_args a = {0};
  struct reviewing rv;
  struct error e;
  const struct opt table[] = {
      {"as", OPT_TEXT, "OK|F1|F2|F3|F4|not-relevant", "the assessment of the steps named", &a.as},
      {"accept-passed", OPT_FLAG, NULL, "assess OK all that the machine passed and nobody assessed yet",
       &a.accept_passed},
      {"by", OPT_TEXT, "INITIALS", "who assesses", &a.by},
      {"why", OPT_TEXT, "TEXT", "remark; needed to change an assessment", &a.why},
      {"store", OPT_TEXT, "FILE", "event log", &a.store},
      {"lang", OPT_TEXT, "da|en", "language of what is printed", &a.lang},
      {0}};
  enum opts_result r = opts_read(c, self, table, argc, argv, &a.rest);
  if (r != OPTS_GO) return r == OPTS_HELP ? EXIT_OK : EXIT_USAGE;
  if (!right_use(&a)) return cli_usage(c, "usage: testcamp %s %s", self->name, self->arguments);
  c->danish = a.lang && !strcmp(a.lang, "da");
  enum store_mode mode = a.as || a.accept_passed ? STORE_WRITE : STORE_READ;
  int code = EXIT_OK;
  if (reviewing_open(&rv, c, a.store, mode, a.rest.v[0], &e) < 0 || assess(&rv, &a, &e) < 0) code = cli_fail(c, &e);
  reviewing_close(&rv);
  return code;
}

const struct command command_assess = {
    .name = "assess",
    .arguments = "RUN [STEP... --as ASSESSMENT --by INITIALS [--why TEXT] | --accept-passed --by INITIALS]",
    .summary = "MedCom's assessment of a live test, and what it still lacks",
    .run = cmd_assess,
    .writes = true};
