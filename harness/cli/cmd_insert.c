/* insert: MedCom puts steps of its own into a run, and it goes on with them. */
#include "base/file.h"
#include "cli/commands.h"
#include "cli/playing.h"
#include "cli/present.h"
#include "lint/lint.h"
#include "run/again.h"
#include "steps/steps.h"

struct insert_args {
  struct playing common;
  const char *after, *file;
  struct source source;
  struct insert put;
};

/* Every mistake is told, with its place in the file; nothing has been changed then. */
static int read_steps(struct session *s, void *payload, struct error *e) {
  struct insert_args *a = payload;
  struct findings f;
  struct protocol *p = s->plan->protocol;
  findings_init(&f, s->arena);
  a->source.name = str_z(a->file);
  if (file_read(&a->source.bytes, s->arena, a->file, INSERT_BYTES_MAX, e) < 0) return -1;
  int result = protocol_insert(&a->put, p, s->arena, a->source, str_z(a->after), step_kinds, &f);
  if (result == 0) result = lint_insert(&f, s->arena, p, &a->put, a->source, s->options.data_dir, s->plan->vendor);
  if (result == 0) return 0;
  present_lines(s->cli, s->cli->err, &f, s->cli->colour_err);
  return error_set(e, ERR_CONFIG, "%s has mistakes; the run is as it was", a->file);
}

static int put_in(struct reviewing *rv, void *payload, struct error *e) {
  const struct insert_args *a = payload;
  struct cli *c = rv->session.cli;
  struct review word = {a->common.by ? str_trim(str_z(a->common.by)) : (struct str){0},
                        a->common.why ? str_trim(str_z(a->common.why)) : (struct str){0}};
  struct step *const *steps = a->put.in->steps.v + a->put.first;
  const struct state_case *sc = state_case_find(run_state(rv->run), a->put.in->id);
  if (!sc->plan->applies)
    return error_set(e, ERR_CONFIG, "case %.*s is not part of this run: %.*s", STR_F(a->put.in->id),
                     STR_F(sc->plan->reason));
  if (run_insert(rv->run, steps, a->put.n, str_z(a->after), a->source, &word, e) < 0) return -1;
  if (reviewing_commit(rv, e) < 0) return -1;
  for (size_t i = 0; i < a->put.n; i++)
    fprintf(c->out, "%s %.*s  %s\n", c->danish ? "indsat" : "put in", STR_F(steps[i]->id), steps[i]->kind->word);
  fflush(c->out);
  return 0;
}

static int cmd_insert(struct cli *c, const struct command *self, int argc, char **argv) {
  struct insert_args a = {0};
  const struct opt table[] = {{"after", OPT_TEXT, "STEP", "behind this step, and what belongs to it", &a.after},
                              {"file", OPT_TEXT, "STEP.yaml", "one or more steps in the protocol language", &a.file},
                              {"by", OPT_TEXT, "INITIALS", "who of MedCom wants it", &a.common.by},
                              PLAYING_OPTIONS(&a.common),
                              {0}};
  enum opts_result r = opts_read(c, self, table, argc, argv, &a.common.rest);
  if (r != OPTS_GO) return r == OPTS_HELP ? EXIT_OK : EXIT_USAGE;
  if (a.common.rest.n != 1 || !a.after || !a.file)
    return cli_usage(c, "usage: testcamp %s %s", self->name, self->arguments);
  playing_set_up(c, &a.common);
  return playing_go(c, &a.common, read_steps, put_in, &a);
}

const struct command command_insert = {.name = "insert",
                                       .arguments =
                                           "RUN --after STEP --file STEP.yaml --by INITIALS --why TEXT [OPTION...]",
                                       .summary = "put a step of MedCom's own into a run",
                                       .run = cmd_insert,
                                       .writes = true};
