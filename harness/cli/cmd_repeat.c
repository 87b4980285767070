/* repeat: plays steps of a run once more, with all that depends on them. */
#include "cli/commands.h"
#include "cli/playing.h"
#include "run/again.h"

struct repeat_args {
  struct playing common;
  const char *system_version;
};

static struct str text_of(const char *z) {
  return z ? str_trim(str_z(z)) : (struct str){0};
}

/* "3.3.4.5  needed by 3.3.4.6" */
static void say_step(struct cli *c, const struct again_set *set, size_t i) {
  static const char *const why[][2] = {[DEPENDS_ASKED] = {"asked for", "valgt"},
                                       [DEPENDS_USES] = {"depends on", "afhænger af"},
                                       [DEPENDS_NEEDED] = {"needed by", "kræves af"}};
  const struct depends_mark *m = &set->marks[i];
  struct str of = m->why == DEPENDS_ASKED ? (struct str){0} : set->depends->steps[m->of]->id;
  fprintf(c->out, "  %-12.*s %s %.*s\n", STR_F(set->depends->steps[i]->id), why[m->why][c->danish], STR_F(of));
}

static void say_set(struct cli *c, const struct again_set *set) {
  fprintf(c->out, c->danish ? "%zu teststeps udføres igen:\n" : "%zu steps are played again:\n", set->n);
  for (size_t i = 0; i < set->depends->n; i++)
    if (set->marks[i].why) say_step(c, set, i);
  fflush(c->out);
}

static int set_back(struct reviewing *rv, void *payload, struct error *e) {
  const struct repeat_args *a = payload;
  const struct opt_list *rest = &a->common.rest;
  struct review word = {text_of(a->common.by), text_of(a->common.why)};
  struct again_set set;
  struct str steps[OPTS_LIST_MAX];
  if (!word.by.n) word.by = STR("command line");
  for (size_t i = 1; i < rest->n; i++) steps[i - 1] = str_z(rest->v[i]);
  if (run_again_set(&set, rv->run, steps, rest->n - 1, e) < 0) return -1;
  if (run_repeat(rv->run, &set, text_of(a->system_version), &word, e) < 0 || reviewing_commit(rv, e) < 0) return -1;
  say_set(rv->session.cli, &set);
  return 0;
}

static int cmd_repeat(struct cli *c, const struct command *self, int argc, char **argv) {
  struct repeat_args a = {0};
  const struct opt table[] = {
      {"system-version", OPT_TEXT, "V", "the system under test has this version now", &a.system_version},
      {"by", OPT_TEXT, "INITIALS", "who wants it", &a.common.by},
      PLAYING_OPTIONS(&a.common),
      {0}};
  enum opts_result r = opts_read(c, self, table, argc, argv, &a.common.rest);
  if (r != OPTS_GO) return r == OPTS_HELP ? EXIT_OK : EXIT_USAGE;
  if (a.common.rest.n < 2) return cli_usage(c, "usage: testcamp %s %s", self->name, self->arguments);
  playing_set_up(c, &a.common);
  return playing_go(c, &a.common, NULL, set_back, &a);
}

const struct command command_repeat = {.name = "repeat",
                                       .arguments = "RUN STEP... [--system-version V] [--why TEXT] [OPTION...]",
                                       .summary = "play steps of a run once more, with all that depends on them",
                                       .run = cmd_repeat,
                                       .writes = true};
