/* redact: black out or erase what should never have come in. The bytes go for good; digest and tombstone stay. */
#include "cli/commands.h"
#include "cli/serve.h"
#include "cli/session.h"

#include "seal/blackout.h"
#include "seal/chain.h"

#define DIGEST_SHOWN_MIN ((size_t)8) /* digits of a digest that name a blob */
#define BLOBS_OF_MESSAGE 2           /* what was on the wire, and the bare payload */

struct redact_args {
  struct opt_list rest;
  const char *store, *by, *why, *pattern, *lang;
  bool erase;
};

/* One blob to go, and the copy that is shown instead. */
struct victim {
  const struct seal_blob *blob;
  char copy[SHA256_HEX + 1]; /* empty: none */
  bool stays;                /* the pattern finds nothing in it */
};

struct redaction {
  struct session *session;
  const struct redact_args *args;
  struct str run;
  struct seal_chain chain;
  struct victim victims[BLOBS_OF_MESSAGE];
  size_t n, places;
  VEC(struct str) touched; /* runs that got a tombstone */
};

static int add_event(void *payload, struct event *ev, struct error *e) {
  struct redaction *d = payload;
  (void)e;
  seal_chain_add(&d->chain, ev);
  return 0;
}

/* Of what was blacked out before, the copy is what there is to go. */
static const struct seal_blob *what_is_left(const struct redaction *d, struct str digest) {
  const struct seal_blob *b = seal_chain_blob(&d->chain, digest), *copy;
  for (size_t i = 0; b && b->redacted && i < d->chain.tombstones.n; i++) {
    copy = seal_chain_blob(&d->chain, event_get(b->redacted, "copy"));
    if (!copy) break;
    b = copy;
  }
  return b;
}

static void add_victim(struct redaction *d, struct str digest) {
  const struct seal_blob *b = what_is_left(d, digest);
  for (size_t i = 0; i < d->n; i++)
    if (d->victims[i].blob == b) return;
  if (b && d->n < BLOBS_OF_MESSAGE) d->victims[d->n++] = (struct victim){.blob = b};
}

/* A message goes with all its blobs; another blob is named by the beginning of its digest. */
static int find_victims(struct redaction *d, struct run *r, struct error *e) {
  struct str name = str_z(d->args->rest.v[1]);
  const struct state_message *m = state_message_find(run_state(r), name);
  if (m) {
    add_victim(d, m->digest);
    if (m->payload.n) add_victim(d, m->payload);
  }
  for (size_t i = 0; !m && name.n >= DIGEST_SHOWN_MIN && i < d->chain.blobs.n; i++)
    if (str_starts(d->chain.blobs.v[i]->digest, name)) add_victim(d, d->chain.blobs.v[i]->digest);
  if (d->n == 0 || (!m && d->n > 1))
    return error_set(e, ERR_CONFIG, "the run has no message, and not just one blob, \"%.*s\"", STR_F(name));
  return 0;
}

static int check_kept(const struct redaction *d, struct error *e) {
  static const char *const needed[] = {"protocol", "vendor file"};
  for (size_t i = 0; i < d->n; i++)
    for (size_t k = 0; k < sizeof needed / sizeof *needed; k++)
      if (str_eqz(d->victims[i].blob->what, needed[k]))
        return error_set(e, ERR_CONFIG, "the %s cannot be redacted: the run could not be read without it", needed[k]);
  return 0;
}

static int put_copy(struct redaction *d, struct victim *v, struct error *e) {
  struct arena *a = arena_new(0);
  struct str bytes, copy;
  size_t n = 0;
  int rc = store_blob_get(d->session->store, v->blob->digest, a, &bytes, e);
  if (rc == 0) rc = black_out(&copy, &n, a, bytes, str_z(d->args->pattern), e);
  v->stays = n == 0;
  if (rc == 0 && !v->stays) rc = store_blob_put(d->session->store, copy, v->copy, e);
  arena_free(a);
  d->places += n;
  return rc;
}

static int put_copies(struct redaction *d, struct error *e) {
  if (!d->args->pattern) return 0;
  for (size_t i = 0; i < d->n; i++)
    if (!d->victims[i].blob->redacted && put_copy(d, &d->victims[i], e) < 0) return -1;
  if (d->places) return 0;
  return error_set(e, ERR_CONFIG, "the pattern \"%s\" finds nothing there; nothing was changed", d->args->pattern);
}

static int put_tombstone(struct redaction *d, struct str run, const struct victim *v, struct error *e) {
  struct arena *a = d->session->arena;
  struct event *ev = event_new(a, "redacted", clock_wall(), (struct str){0}, (struct str){0});
  facts_put(&ev->data, STR("digest"), v->blob->digest);
  facts_put(&ev->data, STR("by"), str_z(d->args->by));
  facts_put(&ev->data, STR("why"), str_z(d->args->why));
  facts_put(&ev->data, STR("how"), v->copy[0] ? STR("blacked-out") : STR("erased"));
  facts_put(&ev->data, STR("copy"), str_z(v->copy));
  return store_append(d->session->store, run, ev, e);
}

static int fold_chain(void *payload, struct event *ev, struct error *e) {
  (void)e;
  seal_chain_add(payload, ev);
  return 0;
}

/* True for a run, or a mailbox, that names the blob and has no tombstone for it yet. */
static int holds(struct redaction *d, struct str run, struct str digest, bool *out, struct error *e) {
  struct seal_chain c;
  struct arena *a = arena_new(0);
  seal_chain_init(&c, a);
  int rc = store_replay(d->session->store, run, a, fold_chain, &c, e);
  const struct seal_blob *b = rc == 0 ? seal_chain_blob(&c, digest) : NULL;
  *out = b && !b->redacted && (event_is(c.first, "run-started") || event_is(c.first, "received"));
  arena_free(a);
  return rc;
}

/* A blob may belong to several runs of a store: each gets its tombstone. */
static int bury(struct redaction *d, const struct victim *v, struct error *e) {
  struct str *runs;
  size_t n;
  struct store *store = d->session->store;
  if (v->blob->redacted || v->stays) return 0;
  if (store_runs_with(store, d->session->arena, v->blob->digest, &runs, &n, e) < 0) return -1;
  for (size_t i = 0; i < n; i++) {
    bool is_held;
    if (holds(d, runs[i], v->blob->digest, &is_held, e) < 0) return -1;
    if (!is_held) continue;
    if (put_tombstone(d, runs[i], v, e) < 0) return -1;
    VEC_PUSH(d->session->arena, &d->touched, runs[i]);
    fprintf(d->session->cli->out, "%.*s  %.*s  %s  %.*s\n", STR_F(runs[i]), STR_F(v->blob->what),
            v->copy[0] ? "blacked-out" : "erased", STR_F(v->blob->digest));
  }
  return store_blob_erase(store, v->blob->digest, e);
}

static int redact(struct redaction *d, struct error *e) {
  struct str gone[BLOBS_OF_MESSAGE];
  size_t n = 0;
  if (check_kept(d, e) < 0 || put_copies(d, e) < 0) return -1;
  for (size_t i = 0; i < d->n; i++) {
    if (!d->victims[i].stays) gone[n++] = d->victims[i].blob->digest;
    if (bury(d, &d->victims[i], e) < 0) return -1;
  }
  if (store_commit(d->session->store, e) < 0) return -1;
  for (size_t i = 0; i < d->touched.n; i++) serve_catch_up(d->session, d->touched.v[i]);
  return store_scrub(d->session->store, gone, n, e);
}

static int look_and_redact(struct redaction *d, struct error *e) {
  struct session *s = d->session;
  struct run *r;
  if (session_load_run(s, str_z(d->args->rest.v[0]), &d->run, e) < 0) return -1;
  seal_chain_init(&d->chain, s->arena);
  if (store_replay(s->store, d->run, s->arena, add_event, d, e) < 0) return -1;
  if (run_look(&r, d->run, &s->options, e) < 0) return -1;
  int rc = find_victims(d, r, e);
  run_close(r);
  if (rc < 0 || redact(d, e) < 0) return -1;
  if (d->touched.n)
    fprintf(s->cli->err,
            "what was written before still has it: make reports and bundles anew with testcamp report, and delete the "
            "old ones; facts, findings and answers stay in the log, which is not changed\n");
  return 0;
}

static bool right_use(struct cli *c, const struct redact_args *a, const struct command *self) {
  const char *lacks = a->rest.n != 2             ? "a run and a message"
                      : !a->by || !*a->by        ? "--by INITIALS"
                      : !a->why || !*a->why      ? "--why TEXT"
                      : !a->pattern == !a->erase ? "just one of --black-out PATTERN and --erase"
                                                 : NULL;
  if (lacks) cli_usage(c, "redact needs %s: testcamp %s %s", lacks, self->name, self->arguments);
  return !lacks;
}

static int cmd_redact(struct cli *c, const struct command *self, int argc, char **argv) {
  struct redact_args a = {0};
  struct session s;
  struct error e;
  const struct opt table[] = {
      {"by", OPT_TEXT, "INITIALS", "who does it, for the record", &a.by},
      {"why", OPT_TEXT, "TEXT", "the reason, for the record", &a.why},
      {"black-out", OPT_TEXT, "PATTERN", "keep a copy in which this (PCRE2) is X's", &a.pattern},
      {"erase", OPT_FLAG, NULL, "keep nothing but the digest", &a.erase},
      {"store", OPT_TEXT, "FILE", "event log", &a.store},
      {0}};
  enum opts_result r = opts_read(c, self, table, argc, argv, &a.rest);
  if (r != OPTS_GO) return r == OPTS_HELP ? EXIT_OK : EXIT_USAGE;
  if (!right_use(c, &a, self)) return EXIT_USAGE;
  if (session_open(&s, c, a.store, STORE_WRITE, &e) < 0) return cli_fail(c, &e);
  struct redaction d = {.session = &s, .args = &a};
  int code = look_and_redact(&d, &e) < 0 ? cli_fail(c, &e) : EXIT_OK;
  session_close(&s);
  return code;
}

const struct command command_redact = {.name = "redact",
                                       .arguments =
                                           "RUN MESSAGE|DIGEST --by INITIALS --why TEXT --black-out PATTERN|--erase",
                                       .summary = "black out or erase bytes for good; digest and tombstone stay",
                                       .run = cmd_redact,
                                       .writes = true};
