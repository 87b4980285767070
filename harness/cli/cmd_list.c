#include "cli/approvals.h"
#include "cli/commands.h"
#include "cli/course_show.h"
#include "cli/letters_list.h"
#include "cli/present.h"
#include "cli/received.h"
#include "cli/session.h"
#include "cli/waits.h"
#include "run/camp.h"

#include <string.h>

struct list_args {
  struct opt_list rest;
  const char *store, *lang;
};

/* What came to an address of several runs, and is nobody's yet. */
static void list_mailbox(struct session *s, struct str name) {
  struct mailbox_message *list;
  size_t n;
  struct error e;
  if (mailbox_read(s->store, name, s->arena, &list, &n, &e) < 0) {
    s->damaged = true;
    cli_fail(s->cli, &e);
    return;
  }
  for (size_t i = 0; i < n; i++) {
    const struct event *ev = list[i].received;
    bool several = str_eqz(event_get(ev, "why"), "several");
    if (list[i].given_to.n) continue;
    struct str what = event_get(ev, "fact.event");
    const char *why = several ? (s->cli->danish ? "flere testforløb venter på den" : "several runs wait for it")
                              : (s->cli->danish ? "intet testforløb venter på den" : "no run waits for it");
    fprintf(s->cli->out, "%.*s  %.*s  %.*s  %.*s  %s\n", STR_F(name), STR_F(event_get(ev, "message")),
            STR_F(what.n ? what : event_get(ev, "fact.kind")), STR_F(event_get(ev, "file")), why);
  }
}

/* What follows is the run up to there. */
static void say_damage(struct session *s, const struct state *st) {
  if (!st->damage.n) return;
  s->damaged = true;
  cli_usage(s->cli, "%.*s", STR_F(st->damage));
}

/* Calls fn with each run of the store, folded; what cannot be read is said and passed over. */
static int each_run(struct session *s, void (*fn)(struct session *s, struct run *r), struct error *e) {
  struct store_run *runs;
  size_t n;
  if (store_runs(s->store, s->arena, &runs, &n, e) < 0) return -1;
  for (size_t i = 0; i < n; i++) {
    struct str id;
    struct run *r;
    if (!runs[i].first) {
      s->damaged = true;
      cli_usage(s->cli, "%.*s", STR_F(runs[i].damage));
      continue;
    }
    if (session_load_run(s, runs[i].run, &id, e) < 0 || run_look(&r, id, &s->options, e) < 0) {
      s->damaged = true;
      cli_fail(s->cli, e);
      continue;
    }
    say_damage(s, run_state(r));
    fn(s, r);
    run_close(r);
  }
  return 0;
}

static void list_run(struct session *s, struct run *r) {
  const struct state *st = run_state(r);
  struct str at = st->started ? time_danish(s->arena, st->started->at) : STR("-");
  fprintf(s->cli->out, "%-18.*s %.25s  %-14s %-24.*s %.*s %.*s\n", STR_F(st->run), at.p,
          verdict_name(state_verdict(st)), STR_F(st->plan->protocol->id), STR_F(st->plan->vendor->system),
          STR_F(st->plan->vendor->version));
}

static void list_waits(struct session *s, struct run *r) {
  waits_print(s->cli, s->cli->out, r, true);
  waits_print_medcom(s->cli, s->cli->out, r);
}

/* Why it fits no step: how nearly it did, else the first thing that is wrong with it, else that none is near. */
static struct str unmatched_because(const struct record_exchange *x, bool danish) {
  struct str near_miss = danish ? x->near_miss_da : x->near_miss_en;
  if (near_miss.n) return near_miss;
  if (!x->findings.list.n)
    return danish ? STR("intet teststep har ventet på en som den") : STR("no step has waited for one like it");
  const struct finding *first = &x->findings.list.v[0];
  return danish ? first->da : first->en;
}

static void list_unmatched(struct session *s, struct run *r) {
  struct record rec;
  struct error e;
  if (run_record(r, &rec, s->arena, &e) < 0) {
    cli_fail(s->cli, &e);
    return;
  }
  for (size_t i = 0; i < rec.exchanges.n; i++) {
    const struct record_exchange *x = &rec.exchanges.v[i];
    if (x->outbound || x->step.n) continue;
    struct str what = facts_get(&x->facts, "event"), why = unmatched_because(x, s->cli->danish);
    if (!what.n && facts_get(&x->facts, "rest.interaction").n) what = present_interaction(s->arena, &x->facts);
    if (!what.n) what = facts_get(&x->facts, "letter");
    if (!what.n) what = facts_get(&x->facts, "kind");
    fprintf(s->cli->out, "%.*s  %.*s  %.*s  %zu bytes  %.*s  %.*s\n", STR_F(rec.run), STR_F(x->id), STR_F(what),
            x->size, STR_F(x->file), STR_F(why));
  }
}

static void list_quarantined(struct session *s, struct run *r) {
  const struct state *st = run_state(r);
  for (size_t i = 0; i < st->messages.n; i++) {
    const struct state_message *m = st->messages.v[i];
    if (!m->quarantined) continue;
    fprintf(s->cli->out, "%.*s  %.*s  %.25s  %.*s  %.*s\n", STR_F(st->run), STR_F(m->id),
            time_danish(s->arena, m->at).p, STR_F(facts_get(&m->facts, "event")), STR_F(m->file));
  }
}

static void list_received(struct session *s, struct run *r) {
  const struct state *st = run_state(r);
  struct received n;
  struct error e;
  bool found;
  if (received_find(s, st->run, &n, &found, &e) < 0) {
    cli_fail(s->cli, &e);
    return;
  }
  if (!found) return;
  fprintf(s->cli->out, "%-18.*s %.19s  %.*s  %-14s %.*s %.*s  testcamp %.*s  %.*s\n", STR_F(st->run), n.at.p,
          STR_F(n.state), verdict_name(state_verdict(st)), STR_F(st->plan->vendor->system),
          STR_F(st->plan->vendor->version), STR_F(n.program), STR_F(n.signer.n ? n.signer : STR("unsigned")));
}

static int list_runs(struct session *s, struct error *e) {
  return each_run(s, list_run, e);
}

static int list_all_waits(struct session *s, struct error *e) {
  struct courses all;
  if (each_run(s, list_waits, e) < 0 || courses_load(&all, s->store, s->arena, e) < 0) return -1;
  for (size_t i = 0; i < all.list.n; i++) course_wait_line(s->cli, all.list.v[i]);
  return 0;
}

static int list_all_unmatched(struct session *s, struct error *e) {
  struct store_run *boxes;
  size_t n;
  if (each_run(s, list_unmatched, e) < 0 || store_mailboxes(s->store, s->arena, &boxes, &n, e) < 0) return -1;
  for (size_t i = 0; i < n; i++) list_mailbox(s, boxes[i].run);
  return 0;
}

static int list_all_quarantined(struct session *s, struct error *e) {
  return each_run(s, list_quarantined, e);
}

static int list_all_received(struct session *s, struct error *e) {
  return each_run(s, list_received, e);
}

/* A row of a list that was read in, with what a course has published in the meantime left out. */
static void list_row(struct session *s, const struct courses *all, const struct approval *x, struct arena *scratch) {
  for (size_t i = 0; i < all->list.n; i++) {
    struct approval claim =
        course_claims(all->list.v[i]) ? course_claim(all->list.v[i], scratch) : (struct approval){0};
    if (approval_same(scratch, x, &claim)) return;
  }
  for (size_t i = 0; i < APPROVAL_COLUMNS; i++) fprintf(s->cli->out, "%.*s\t", STR_F(cli_safe(scratch, x->cells[i])));
  fprintf(s->cli->out, "\t%.*s\t\t%.*s\n", STR_F(x->date), STR_F(cli_safe(scratch, x->basis)));
}

/* A claim comes from a course that is decided and published, never from a run, or stands on a list that was read in. */
static int list_approvals(struct session *s, struct error *e) {
  struct courses all;
  struct approvals listed;
  if (courses_load(&all, s->store, s->arena, e) < 0 || approvals_load(&listed, s, e) < 0) return -1;
  for (size_t i = 0; i < all.list.n; i++)
    if (course_claims(all.list.v[i])) course_claim_line(s->cli, all.list.v[i]);
  struct arena *scratch = arena_new(0);
  for (size_t i = 0; i < listed.rows.n; i++) {
    list_row(s, &all, &listed.rows.v[i], scratch);
    arena_reset(scratch);
  }
  arena_free(scratch);
  return 0;
}

static const struct {
  const char *word;
  int (*fn)(struct session *s, struct error *e);
} lists[] = {{"runs", list_runs},
             {"waits", list_all_waits},
             {"unmatched", list_all_unmatched},
             {"approvals", list_approvals},
             {"quarantined", list_all_quarantined},
             {"received", list_all_received}};

static int cmd_list(struct cli *c, const struct command *self, int argc, char **argv) {
  struct list_args a = {0};
  struct session s;
  struct error e;
  const struct opt table[] = {{"store", OPT_TEXT, "FILE", "event log", &a.store},
                              {"lang", OPT_TEXT, "da|en", "language of what is printed", &a.lang},
                              {0}};
  enum opts_result r = opts_read(c, self, table, argc, argv, &a.rest);
  if (r != OPTS_GO) return r == OPTS_HELP ? EXIT_OK : EXIT_USAGE;
  const char *what = a.rest.n ? a.rest.v[0] : "runs";
  c->danish = a.lang && !strcmp(a.lang, "da");
  if (!strcmp(what, "letters")) return letters_list(c, a.rest.v + 1, a.rest.n - 1);
  for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
    if (strcmp(what, lists[i].word)) continue;
    if (session_open(&s, c, a.store, STORE_READ, &e) < 0) return cli_fail(c, &e);
    s.options.even_damaged = true;
    int code = lists[i].fn(&s, &e) < 0 ? cli_fail(c, &e) : s.damaged ? EXIT_USAGE : EXIT_OK;
    session_close(&s);
    return code;
  }
  return cli_usage(
      c, "\"%s\" cannot be listed; there is runs, waits, unmatched, approvals, quarantined, received, letters", what);
}

const struct command command_list = {
    .name = "list",
    .arguments = "[runs|waits|unmatched|approvals|quarantined|received|letters [TYPE]...]",
    .summary =
        "list runs, open waits, messages that fit no step or are held, approvals, received runs, and types of letters",
    .run = cmd_list};
