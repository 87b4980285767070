#include "cli/playing.h"

#include "cli/drive.h"
#include "cli/received.h"
#include "cli/serve.h"

#include <string.h>

void replay_set_up(struct cli *c, const struct replay *a) {
  c->danish = a->lang && !strcmp(a->lang, "da");
  c->log.level = a->quiet ? LOG_QUIET : a->verbose ? LOG_VERBOSE : LOG_NORMAL;
}

static int set_answers(struct session *s, const struct replay *a, struct error *e) {
  struct answers *an;
  const struct protocol *p = s->plan->protocol;
  if (!a->answers) return 0;
  if (answers_load(&an, s->arena, a->answers, e) < 0 || answers_check(an, &p, 1, e) < 0) return -1;
  s->options.answers = an;
  return 0;
}

/* From here on the run is one that was resumed: what was noted before is in its log. */
static int play(struct session *s, const struct replay *a, struct str run, int *code, struct error *e) {
  struct drive d;
  drive_init(&d, s, true, a->report ? a->report : "reports");
  if (session_standards(s, e) < 0 || run_resume(&d.run, run, &s->options, e) < 0) return -1;
  *code = drive_go(&d);
  run_close(d.run);
  return 0;
}

static int go(struct reviewing *rv, const struct replay *a, int (*prepare)(struct session *, void *, struct error *),
              int (*change)(struct reviewing *, void *, struct error *), void *payload, int *code, struct error *e) {
  struct session *s = &rv->session;
  struct str run;
  if (session_load_run(s, str_z(a->rest.v[0]), &run, e) < 0 || received_refuse(s, run, e) < 0) return -1;
  if (set_answers(s, a, e) < 0) return -1;
  s->options.listen = a->listen;
  s->options.launch = a->launch;
  if (prepare && prepare(s, payload, e) < 0) return -1;
  if (run_look(&rv->run, run, &s->options, e) < 0) return -1;
  if (change(rv, payload, e) < 0) return -1;
  run_close(rv->run);
  rv->run = NULL;
  if (s->cli->serve) return serve_again(s, run, e);
  return play(s, a, run, code, e);
}

int replay(struct cli *c, const struct replay *a, int (*prepare)(struct session *s, void *payload, struct error *e),
           int (*change)(struct reviewing *rv, void *payload, struct error *e), void *payload) {
  struct reviewing rv = {0};
  struct error e;
  int code = EXIT_OK;
  if (session_open(&rv.session, c, a->store, STORE_WRITE, &e) < 0) return cli_fail(c, &e);
  if (go(&rv, a, prepare, change, payload, &code, &e) < 0) code = cli_fail(c, &e);
  reviewing_close(&rv);
  return code;
}
