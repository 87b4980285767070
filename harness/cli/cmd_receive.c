/* receive: a vendor's self-run at the lab: checked, kept as it is, queued for review, and judged again. */
#include "cli/bundle.h"
#include "cli/commands.h"
#include "cli/compare.h"
#include "cli/received.h"
#include "cli/signature.h"

#include "base/file.h"
#include "run/rejudge.h"

struct receive_args {
  struct opt_list rest;
  const char *store, *signature, *ca, *at, *lang;
};

struct receiving {
  struct session *session;
  struct source src;
  const struct seal_bundle *bundle;
  struct str signer;
  size_t known; /* events of this run that the store has already */
};

static const char *say(const struct receiving *r, const char *en, const char *da) {
  return r->session->cli->danish ? da : en;
}

/* What is there already must be the beginning of what came, or what came the beginning of it. */
static int check_known(struct receiving *r, struct error *e) {
  struct store_line *lines;
  struct received note;
  bool found;
  const struct seal_bundle *b = r->bundle;
  if (!store_is_run(b->run)) return error_set(e, ERR_SYNTAX, "%.*s is not an id of a run", STR_F(b->run));
  if (store_lines(r->session->store, b->run, r->session->arena, &lines, &r->known, e) < 0) return -1;
  if (received_find(r->session, b->run, &note, &found, e) < 0) return -1;
  for (size_t i = 0; i < r->known && i < b->lines.n; i++)
    if (!str_eq(lines[i].line, b->lines.v[i]))
      return error_set(e, ERR_CONFIG,
                       "the store has a run %.*s with other content from event %zu on; nothing was changed",
                       STR_F(b->run), i + 1);
  if (r->known && r->known < b->lines.n && !found)
    return error_set(e, ERR_CONFIG, "run %.*s is this store's own; nothing was changed", STR_F(b->run));
  return 0;
}

/* Proves, before anything is committed, that the run can be read here. */
static int check_readable(struct receiving *r, struct error *e) {
  struct str id;
  struct run *run;
  if (session_load_run(r->session, r->bundle->run, &id, e) < 0) return -1;
  if (run_look(&run, id, &r->session->options, e) < 0) return -1;
  run_close(run);
  return 0;
}

static int note(struct receiving *r, struct error *e) {
  char digest[SHA256_HEX + 1];
  sha256_hex(digest, r->src.bytes);
  struct received n = {.at = time_utc(r->session->arena, clock_wall()),
                       .bundle = str_z(digest),
                       .program = r->bundle->program,
                       .signer = r->signer,
                       .state = STR("queued")};
  return received_note(r->session, r->bundle->run, &n, e);
}

static int scrub(struct receiving *r, struct error *e) {
  const struct seal_chain *c = &r->bundle->chain;
  struct str *gone = ARENA_ARRAY(r->session->arena, struct str, c->tombstones.n + 1);
  size_t n = 0;
  for (size_t i = 0; i < c->tombstones.n; i++) {
    struct arena *a = arena_new(0);
    struct str digest = event_get(c->tombstones.v[i], "digest"), bytes;
    struct error ignored;
    if (store_blob_get(r->session->store, digest, a, &bytes, &ignored) < 0) gone[n++] = digest;
    arena_free(a);
  }
  return n ? store_scrub(r->session->store, gone, n, e) : 0;
}

static int import(struct receiving *r, struct error *e) {
  struct cli *c = r->session->cli;
  const struct seal_bundle *b = r->bundle;
  if (check_known(r, e) < 0) return -1;
  if (r->known >= b->lines.n) {
    fprintf(c->out, "  %s\n",
            say(r, "the store has this run already; nothing was changed",
                "lageret har kørslen i forvejen; intet er ændret"));
    return check_readable(r, e);
  }
  if (seal_import(r->session->store, b, r->src, r->known, e) < 0 || check_readable(r, e) < 0 || note(r, e) < 0)
    return -1;
  if (store_commit(r->session->store, e) < 0) return -1;
  fprintf(c->out, "  %s\n",
          say(r, "received as a self-run, queued for review; it was not made by this laboratory",
              "modtaget som egen kørsel, i kø til gennemsyn; den er ikke lavet af dette laboratorium"));
  return scrub(r, e);
}

static int judge(struct receiving *r, struct error *e) {
  struct session *s = r->session;
  struct rejudge again;
  if (session_standards(s, e) < 0) return -1;
  if (run_rejudge(&again, s->arena, r->bundle->run, &s->options, s->plan, e) < 0) return -1;
  compare_versions(s, r->bundle);
  compare_verdicts(s->cli, &again);
  return again.differing ? EXIT_FAILED : EXIT_OK;
}

static int receive(struct receiving *r, struct error *e) {
  if (import(r, e) < 0) return -1; /* what is not committed is taken back when the command ends */
  int code = judge(r, e);
  if (code >= 0) return code;
  fprintf(r->session->cli->err, "testcamp: %s: %s\n",
          say(r, "the run was received, but cannot be judged here", "kørslen er modtaget, men kan ikke bedømmes her"),
          e->text);
  return EXIT_UNJUDGED;
}

/* 1: go on; else the exit code is in *code. */
static int check(struct cli *c, const struct receive_args *a, struct receiving *r, int *code, struct error *e) {
  struct signature_check how = {a->rest.v[0], a->signature, a->ca, a->at};
  struct seal_bundle *b;
  r->src.name = str_z(a->rest.v[0]);
  if (file_map(&r->src.bytes, c->arena, a->rest.v[0], SEAL_BUNDLE_MAX, e) < 0) return -1;
  if (seal_verify(&b, c->arena, r->src, e) < 0) return -1;
  r->bundle = b;
  bundle_say(c, b);
  *code = EXIT_FAILED;
  int good = signature_check(c, r->src.bytes, &how, &r->signer, e);
  if (good < 0) return -1;
  if (b->state != SEAL_INTACT || !good) {
    fprintf(c->out, "  %s\n", c->danish ? "ikke modtaget" : "not received");
    return 0;
  }
  return 1;
}

static int cmd_receive(struct cli *c, const struct command *self, int argc, char **argv) {
  struct receive_args a = {0};
  struct session s;
  struct error e;
  struct receiving r = {.session = &s};
  int code;
  const struct opt table[] = {
      {"store", OPT_TEXT, "FILE", "event log", &a.store},
      {"signature", OPT_TEXT, "FILE", "detached signature (default: BUNDLE.p7s if it is there)", &a.signature},
      {"ca", OPT_TEXT, "FILE", "certificates (PEM) that a signer's has to lead to", &a.ca},
      {"at", OPT_TEXT, "TIME", "when the signer's certificate has to be valid (default: now)", &a.at},
      {"lang", OPT_TEXT, "da|en", "language of what is printed", &a.lang},
      {0}};
  enum opts_result o = opts_read(c, self, table, argc, argv, &a.rest);
  if (o != OPTS_GO) return o == OPTS_HELP ? EXIT_OK : EXIT_USAGE;
  if (a.rest.n != 1) return cli_usage(c, "usage: testcamp %s %s", self->name, self->arguments);
  c->danish = a.lang && str_eqz(str_z(a.lang), "da");
  int go = check(c, &a, &r, &code, &e);
  if (go <= 0) return go < 0 ? cli_fail(c, &e) : code;
  if (session_open(&s, c, a.store, STORE_WRITE, &e) < 0) return cli_fail(c, &e);
  code = receive(&r, &e);
  if (code < 0) code = cli_fail(c, &e);
  session_close(&s);
  return code;
}

const struct command command_receive = {
    .name = "receive",
    .arguments = "BUNDLE [--store FILE] [--signature FILE] [--ca FILE]",
    .summary = "take in a vendor's self-run: check it, queue it for review, judge it again",
    .run = cmd_receive,
    .writes = true};
