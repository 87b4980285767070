#include "cli/drive.h"

#include "cli/present.h"
#include "cli/publish.h"
#include "cli/waits.h"

#include <unistd.h>

/* What is open at two ticks is waited for: most answers come at once, and say for themselves that they came. */
#define TICK_MS 2000

static void on_event(void *context, const struct state *s, const struct event *ev) {
  struct drive *d = context;
  present_event(d->cli, s, ev);
}

static bool on_ask(void *context, struct run *r, const struct state_step *st) {
  struct drive *d = context;
  return prompt_ask(&d->prompt, r, st);
}

void drive_init(struct drive *d, struct session *s, bool interactive, const char *report_dir) {
  *d = (struct drive){.cli = s->cli, .session = s, .report_dir = report_dir};
  d->prompt = (struct prompt){.cli = s->cli, .terminal = interactive && isatty(STDIN_FILENO)};
  d->tells = interactive && !d->prompt.terminal && s->cli->log.level != LOG_QUIET;
  map_init(&d->seen, s->arena);
  s->options.observer = (struct run_observer){.context = d, .event = on_event, .ask = on_ask};
}

static void on_signal(void *payload, int signal) {
  struct drive *d = payload;
  (void)signal;
  fprintf(d->cli->err, "\n");
  d->interrupted = true;
  run_stop(d->run);
}

/* A wait of which this is the second tick: it is told once. */
static bool is_due(struct drive *d, const struct state_step *st) {
  void *const once = d, *const told = d->cli; /* any two marks */
  struct arena *a = d->session->arena;
  struct str key = arena_printf(a, "%.*s %lld", STR_F(st->step->id), (long long)st->opened_at);
  void *seen = map_get(&d->seen, key);
  if (seen != told) map_set(&d->seen, key, seen ? told : once);
  return seen == once;
}

static void on_tick(void *payload) {
  struct drive *d = payload;
  struct cli *c = d->cli;
  const struct state *s = run_state(d->run);
  bool led_in = false;
  for (size_t i = 0; i < s->cases_n; i++) {
    const struct state_step *st = state_current(&s->cases[i]);
    if (!st || !st->opened || !is_due(d, st)) continue;
    if (!led_in) fprintf(c->err, "%s\n", c->danish ? "Der ventes på:" : "Waiting for:");
    led_in = true;
    waits_print_one(c, c->err, d->run, st, false);
  }
  if (led_in) fflush(c->err);
  d->tick = loop_after(run_loop(d->run), TICK_MS, on_tick, d);
}

static void say_by_hand(struct cli *c, struct str run) {
  const char *get = c->danish ? "Hent meddelelser til systemet:" : "Fetch messages for the system:";
  const char *put = c->danish ? "Aflever systemets meddelelser:" : "Hand in the system's messages:";
  const char *answer = c->danish ? "Svar på et teststep:" : "Answer a step:";
  fprintf(c->out, "  %s testcamp get %.*s\n", get, STR_F(run));
  fprintf(c->out, "  %s testcamp put %.*s FILE...\n", put, STR_F(run));
  fprintf(c->out, "  %s testcamp answer %.*s STEP done|ok|fail|not-relevant [TEXT]\n", answer, STR_F(run));
}

static void say_waits(struct drive *d) {
  struct cli *c = d->cli;
  const struct state *s = run_state(d->run);
  bool any = false;
  for (size_t i = 0; i < s->cases_n && !any; i++) any = state_current(&s->cases[i]) != NULL;
  if (!any) return;
  fprintf(c->out, "%s\n", c->danish ? "Der ventes på:" : "Waiting for:");
  waits_print(c, c->out, d->run, false);
  fprintf(c->out, "%s testcamp resume %.*s\n", c->danish ? "Fortsæt med:" : "Go on with:", STR_F(s->run));
  if (d->session->options.by_hand || str_eqz(s->plan->vendor->exchange, "upload")) say_by_hand(c, s->run);
}

/* What concerns the run as a whole: the declaration against what was seen, and known issues. */
static void say_of_run(struct drive *d) {
  struct cli *c = d->cli;
  struct record rec;
  state_record(&rec, c->arena, run_state(d->run));
  present_findings(c, c->out, &rec.findings, "  ", c->colour_out);
  for (size_t i = 0; i < rec.issues.n; i++) {
    const struct record_issue *x = &rec.issues.v[i];
    if (x->applied)
      fprintf(c->out,
              c->danish ? "  kendt fejl %.*s: %lld fund ændret til %.*s: %.*s\n"
                        : "  known issue %.*s: %lld findings changed to %.*s: %.*s\n",
              STR_F(x->id), (long long)x->applied, STR_F(x->effect), STR_F(c->danish ? x->reason.da : x->reason.en));
  }
}

static int publish(struct drive *d) {
  struct cli *c = d->cli;
  struct error e;
  const char *html;
  if (!d->report_dir) return 0;
  if (c->serve && !run_state(d->run)->ended_at) return 0; /* everybody would wait for it, at every file handed in */
  if (publish_run(d->session, d->run, d->report_dir, &html, &e) < 0) return cli_fail(c, &e);
  fprintf(c->out, "  %s: %s\n", c->danish ? "rapport" : "report", html);
  return 0;
}

/* A system without an address of its own fetches what is for it. */
static void say_inbox(struct cli *c, FILE *to, const struct run *r) {
  const struct vendor *v = run_state(r)->plan->vendor;
  if (v->address.n || !str_ends(v->exchange, STR("-http")) || !str_starts(str_z(run_address(r)), STR("http"))) return;
  fprintf(to, "  %s  %s/inbox\n", c->danish ? "systemet henter fra" : "the system fetches from", run_address(r));
}

void drive_say_services(struct cli *c, FILE *to, const struct run *r) {
  say_inbox(c, to, r);
  const struct protocol *p = run_state(r)->plan->protocol;
  for (size_t i = 0; i < p->services.n; i++) {
    const struct protocol_service *s = &p->services.v[i];
    const char *address = run_service_address(r, s->name);
    struct str title = c->danish ? s->title.da : s->title.en;
    if (address) fprintf(to, "  %.*s  %.*s  %s\n", STR_F(s->name), STR_F(title), address);
  }
}

int drive_go(struct drive *d) {
  struct error e;
  drive_say_services(d->cli, d->cli->err, d->run);
  if (loop_on_signal(run_loop(d->run), on_signal, d, &e) < 0) return cli_fail(d->cli, &e);
  if (d->tells) d->tick = loop_after(run_loop(d->run), TICK_MS, on_tick, d);
  int result = run_go(d->run, &e);
  if (d->tick) loop_cancel(run_loop(d->run), d->tick);
  prompt_close(&d->prompt);
  if (result < 0) {
    cli_fail(d->cli, &e);
    fprintf(d->cli->err, "testcamp: the run stands where it was; go on with: testcamp resume %.*s\n",
            STR_F(run_state(d->run)->run));
    return EXIT_UNJUDGED;
  }
  say_waits(d);
  present_summary(d->cli, run_state(d->run));
  say_of_run(d);
  int published = publish(d);
  return published ? published : verdict_exit_code(state_verdict(run_state(d->run)));
}
