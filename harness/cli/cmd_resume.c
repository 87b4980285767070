/* resume, put, answer, attach: what goes on with a run that stands. */
#include "cli/commands.h"
#include "cli/drive.h"
#include "cli/received.h"
#include "cli/serve.h"
#include "run/camp.h"

#include <string.h>

struct resume_args {
  struct opt_list rest, cases;
  const char *store, *answers, *report, *lang, *why, *by, *listen, *launch;
  bool quiet, verbose, test_persons_only;
};

/* What is done to the run between picking it up and letting it go on. NULL: nothing, it just goes on. */
struct deed {
  struct resume_args *args;
  int (*act)(struct session *s, struct run *r, const struct resume_args *a, struct error *e);
};

static enum opts_result read_args(struct cli *c, const struct command *self, struct resume_args *a, int argc,
                                  char **argv) {
  const struct opt table[] = {
      {"answers", OPT_TEXT, "FILE", "answers of persons", &a->answers},
      {"case", OPT_LIST, "ID", "open this case, whatever the others wait for", &a->cases},
      {"report", OPT_TEXT, "DIR", "write reports there (default: reports)", &a->report},
      {"store", OPT_TEXT, "FILE", "event log", &a->store},
      {"launch", OPT_TEXT, "COMMAND", "start the system by this instead of the vendor file's command", &a->launch},
      {"listen", OPT_TEXT, "HOST:PORT", "where the simulated VANS listens", &a->listen},
      OPT_SCHEMAS(c),
      {"why", OPT_TEXT, "TEXT", "the reason, for the record", &a->why},
      {"by", OPT_TEXT, "INITIALS", "who does it, for the record", &a->by},
      {"test-persons-only", OPT_FLAG, NULL, "declare that the files hold test persons only", &a->test_persons_only},
      {"lang", OPT_TEXT, "da|en", "language of what is printed", &a->lang},
      {"quiet", OPT_FLAG, NULL, "no step list", &a->quiet},
      {"verbose", OPT_FLAG, NULL, "passed steps and messages too", &a->verbose},
      {0}};
  return opts_read(c, self, table, argc, argv, &a->rest);
}

static bool is_by_hand(const struct session *s) {
  return s->options.by_hand || str_eqz(s->plan->vendor->exchange, "upload");
}

static int refuse_paused(struct str run, struct error *e) {
  return error_set(e, ERR_CONFIG, "run %.*s is paused; go on with: testcamp resume %.*s", STR_F(run), STR_F(run));
}

/* The deed alone is noted: what follows from it needs the wire, which resume opens. */
static int note(struct session *s, const struct deed *deed, struct drive *d, struct str run, struct error *e) {
  if (run_look(&d->run, run, &s->options, e) < 0) return -1;
  int result = run_state(d->run)->paused ? refuse_paused(run, e) : deed->act(s, d->run, deed->args, e);
  if (result == 0) result = store_commit(s->store, e);
  if (result == 0)
    fprintf(s->cli->out, "%s testcamp resume %.*s\n",
            s->cli->danish ? "Noteret. Fortsæt med:" : "Noted. Go on with:", STR_F(run));
  run_close(d->run);
  return result;
}

/* By hand the deed goes on with the run at once: not with one that a person let stand. */
static int check_going(struct session *s, struct str run, struct error *e) {
  struct run *r;
  if (run_look(&r, run, &s->options, e) < 0) return -1;
  int result = run_state(r)->paused ? refuse_paused(run, e) : 0;
  run_close(r);
  return result;
}

static int take_up(struct session *s, const struct deed *deed, struct run **r, struct str run, struct error *e) {
  if (deed->act && check_going(s, run, e) < 0) return -1;
  return session_standards(s, e) < 0 ? -1 : run_resume(r, run, &s->options, e);
}

static int load_run(struct session *s, const struct resume_args *a, struct str *run, struct error *e) {
  if (session_load_run(s, str_z(a->rest.v[0]), run, e) < 0 || received_refuse(s, *run, e) < 0) return -1;
  return session_answers(s, a->answers, e);
}

static int go_on(struct session *s, const struct deed *deed, int *code, struct error *e) {
  struct drive d;
  struct str run;
  if (load_run(s, deed->args, &run, e) < 0) return -1;
  s->options.listen = deed->args->listen;
  s->options.launch = deed->args->launch;
  drive_init(&d, s, !deed->act, deed->args->report ? deed->args->report : serve_report_dir(s));
  if (deed->act && !is_by_hand(s)) {
    *code = EXIT_UNJUDGED;
    return note(s, deed, &d, run, e);
  }
  if (s->cli->serve && !deed->act) return serve_run(s, run, e);
  if (take_up(s, deed, &d.run, run, e) < 0) return -1;
  int result = deed->act ? deed->act(s, d.run, deed->args, e) : 0;
  for (size_t i = 0; i < deed->args->cases.n && result == 0; i++)
    if (!run_open_case(d.run, str_z(deed->args->cases.v[i])))
      result = error_set(e, ERR_CONFIG, "there is no case %s to open in this run", deed->args->cases.v[i]);
  if (result == 0) *code = drive_go(&d);
  run_close(d.run);
  return result;
}

static int with_run(struct cli *c, const struct command *self, int argc, char **argv, struct deed *deed, size_t need) {
  struct resume_args a = {0};
  struct session s;
  struct error e;
  int code = EXIT_OK;
  deed->args = &a;
  enum opts_result r = read_args(c, self, &a, argc, argv);
  if (r != OPTS_GO) return r == OPTS_HELP ? EXIT_OK : EXIT_USAGE;
  if (a.rest.n < need) return cli_usage(c, "usage: testcamp %s %s", self->name, self->arguments);
  c->danish = a.lang && !strcmp(a.lang, "da");
  c->log.level = a.quiet ? LOG_QUIET : a.verbose ? LOG_VERBOSE : LOG_NORMAL;
  if (session_open(&s, c, a.store, STORE_WRITE, &e) < 0) return cli_fail(c, &e);
  if (go_on(&s, deed, &code, &e) < 0) code = cli_fail(c, &e);
  session_close(&s);
  return code;
}

static int cmd_resume(struct cli *c, const struct command *self, int argc, char **argv) {
  struct deed deed = {0};
  return with_run(c, self, argc, argv, &deed, 1);
}

/* Files are handed in only with the declaration that test persons alone are in them: noted once a run. */
static int declare(struct session *s, struct run *r, const struct resume_args *a, struct error *e) {
  if (run_state(r)->test_persons_only) return 0;
  if (a->test_persons_only) return run_declare(r, "option", e);
  if (s->plan->vendor->test_persons_only) return run_declare(r, "vendor-file", e);
  if (prompt_yes(s->cli, "Are only test persons in what you hand in?", "Er der kun testpersoner i det, du afleverer?"))
    return run_declare(r, "terminal", e);
  return error_set(e, ERR_CONFIG,
                   "files are handed in only with the declaration that they hold test persons only: add "
                   "--test-persons-only, or \"test-persons-only: true\" to the vendor file");
}

static int put_files(struct session *s, struct run *r, const struct resume_args *a, struct error *e) {
  struct str ids[OPTS_LIST_MAX];
  if (declare(s, r, a, e) < 0) return -1;
  for (size_t i = 1; i < a->rest.n; i++)
    if (run_put(r, a->rest.v[i], &ids[i], e) < 0) return -1;
  /* All or none: what failed before here is not committed. */
  for (size_t i = 1; i < a->rest.n; i++) fprintf(s->cli->err, "%.*s  %s\n", STR_F(ids[i]), a->rest.v[i]);
  return 0;
}

static int cmd_put(struct cli *c, const struct command *self, int argc, char **argv) {
  struct deed deed = {.act = put_files};
  return with_run(c, self, argc, argv, &deed, 2);
}

static const char *const answer_words[] = {"done", "ok", "fail", "not-relevant", NULL};

static int give_answer(struct session *s, struct run *r, const struct resume_args *a, struct error *e) {
  struct answer an = {.answer = str_z(a->rest.v[2]), .by = a->by ? str_trim(str_z(a->by)) : STR("command line")};
  const struct state_step *st = state_step_find(run_state(r), str_z(a->rest.v[1]));
  bool known = false;
  for (size_t i = 0; answer_words[i]; i++) known = known || str_eqz(an.answer, answer_words[i]);
  if (!known)
    return error_set(e, ERR_CONFIG, "\"%s\" is no answer; there is done, ok, fail, not-relevant", a->rest.v[2]);
  if (!st) return error_set(e, ERR_CONFIG, "the run has no step \"%s\"", a->rest.v[1]);
  if (!st->opened || st->verdict != VERDICT_NONE || st->message || st->step->kind->wants || !st->owner.n)
    return error_set(e, ERR_CONFIG, "step %s does not wait for an answer now; see testcamp list waits", a->rest.v[1]);
  if (a->rest.n > 3) an.text = str_z(a->rest.v[3]);
  if (a->rest.n > 4 && declare(s, r, a, e) < 0) return -1;
  for (size_t i = 4; i < a->rest.n; i++) VEC_PUSH(s->arena, &an.evidence, str_z(a->rest.v[i]));
  return run_answer(r, st, &an, e);
}

static int cmd_answer(struct cli *c, const struct command *self, int argc, char **argv) {
  struct deed deed = {.act = give_answer};
  return with_run(c, self, argc, argv, &deed, 3);
}

static int attach(struct session *s, struct run *r, const struct resume_args *a, struct error *e) {
  (void)s;
  if (!a->why || !*a->why) return error_set(e, ERR_CONFIG, "attach needs --why TEXT: the reason goes into the record");
  struct str message = str_z(a->rest.v[1]), box = str_cut(&message, '/'), id = str_z(a->rest.v[1]);
  if (message.n && run_take(r, box, message, a->why, &id, e) < 0) return -1;
  return run_attach(r, id, str_z(a->rest.v[2]), a->why, e);
}

static int cmd_attach(struct cli *c, const struct command *self, int argc, char **argv) {
  struct deed deed = {.act = attach};
  return with_run(c, self, argc, argv, &deed, 3);
}

static int release(struct session *s, struct run *r, const struct resume_args *a, struct error *e) {
  (void)s;
  if (!a->why || !*a->why || !a->by || !*a->by)
    return error_set(e, ERR_CONFIG, "release needs --by INITIALS and --why TEXT: they go into the record");
  return run_unquarantine(r, str_z(a->rest.v[1]), str_z(a->by), str_z(a->why), e);
}

static int cmd_release(struct cli *c, const struct command *self, int argc, char **argv) {
  struct deed deed = {.act = release};
  return with_run(c, self, argc, argv, &deed, 2);
}

const struct command command_release = {.name = "release",
                                        .arguments = "RUN MESSAGE --by INITIALS --why TEXT",
                                        .summary = "let a message out of quarantine",
                                        .run = cmd_release,
                                        .writes = true};
const struct command command_resume = {.name = "resume",
                                       .arguments = "RUN [OPTION...]",
                                       .summary = "go on with a run where it stands",
                                       .run = cmd_resume,
                                       .writes = true};
const struct command command_put = {.name = "put",
                                    .arguments = "RUN FILE... [OPTION...]",
                                    .summary = "hand in messages of the vendor's system as files",
                                    .run = cmd_put,
                                    .writes = true};
const struct command command_answer = {.name = "answer",
                                       .arguments = "RUN STEP done|ok|fail|not-relevant [TEXT [EVIDENCE...]]",
                                       .summary = "answer a step that waits for a person",
                                       .run = cmd_answer,
                                       .writes = true};
const struct command command_attach = {.name = "attach",
                                       .arguments = "RUN MESSAGE STEP --why TEXT",
                                       .summary = "give an unmatched message to a step",
                                       .run = cmd_attach,
                                       .writes = true};
