#include "cli/playing.h"

#include "cli/drive.h"
#include "cli/received.h"
#include "cli/serve.h"

#include <string.h>

void playing_set_up(struct cli *c, const struct playing *a) {
  c->danish = a->lang && !strcmp(a->lang, "da");
  c->log.level = a->quiet ? LOG_QUIET : a->verbose ? LOG_VERBOSE : LOG_NORMAL;
}

/* From here on the run is one that was resumed: what was noted before is in its log. */
static int play(struct session *s, const struct playing *a, struct str run, int *code, struct error *e) {
  struct drive d;
  drive_init(&d, s, true, a->report ? a->report : "reports");
  if (run_resume(&d.run, run, &s->options, e) < 0) return -1;
  *code = drive_go(&d);
  run_close(d.run);
  return 0;
}

static int go(struct reviewing *rv, const struct playing *a, int (*prepare)(struct session *, void *, struct error *),
              int (*change)(struct reviewing *, void *, struct error *), void *payload, int *code, struct error *e) {
  struct session *s = &rv->session;
  struct str run;
  if (session_load_run(s, str_z(a->rest.v[0]), &run, e) < 0 || received_refuse(s, run, e) < 0) return -1;
  if (session_answers(s, a->answers, e) < 0) return -1;
  s->options.listen = a->listen;
  s->options.launch = a->launch;
  if (prepare && prepare(s, payload, e) < 0) return -1;
  /* What is committed stays: whether the run can be played on is asked before. */
  if (session_standards(s, e) < 0 || (s->cli->serve && serve_can(s, run, e) < 0)) return -1;
  if (run_look(&rv->run, run, &s->options, e) < 0) return -1;
  if (change(rv, payload, e) < 0) return -1;
  run_close(rv->run);
  rv->run = NULL;
  if (s->cli->serve) return serve_again(s, run, e);
  return play(s, a, run, code, e);
}

int playing_go(struct cli *c, const struct playing *a,
               int (*prepare)(struct session *s, void *payload, struct error *e),
               int (*change)(struct reviewing *rv, void *payload, struct error *e), void *payload) {
  struct reviewing rv = {0};
  struct error e;
  int code = EXIT_OK;
  if (session_open(&rv.session, c, a->store, STORE_WRITE, &e) < 0) return cli_fail(c, &e);
  if (go(&rv, a, prepare, change, payload, &code, &e) < 0) code = cli_fail(c, &e);
  reviewing_close(&rv);
  return code;
}
