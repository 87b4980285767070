/* verify: is an evidence bundle as it was made, and by whom? Needs no network and, for a bundle, no store. */
#include "cli/bundle.h"
#include "cli/commands.h"
#include "cli/session.h"
#include "cli/signature.h"

#include "base/file.h"
#include "seal/seal.h"

#include <string.h>

struct verify_args {
  struct opt_list rest;
  const char *signature, *ca, *at, *store, *lang;
};

static int verify_bundle(struct cli *c, const struct verify_args *a, struct error *e) {
  struct source src = {.name = str_z(a->rest.v[0])};
  struct signature_check how = {a->rest.v[0], a->signature, a->ca, a->at};
  struct seal_bundle *b;
  struct str signer;
  if (file_map(&src.bytes, c->arena, a->rest.v[0], SEAL_BUNDLE_MAX, e) < 0 || seal_verify(&b, c->arena, src, e) < 0)
    return -1;
  bundle_say(c, b);
  int good = signature_check(c, src.bytes, &how, &signer, e);
  if (good < 0) return -1;
  return b->state == SEAL_INTACT && good ? EXIT_OK : EXIT_FAILED;
}

static int verify_run(struct cli *c, const struct verify_args *a, struct error *e) {
  struct session s;
  struct str run;
  struct seal_bundle *b;
  if (session_open(&s, c, a->store, STORE_READ, e) < 0) return -1;
  int rc = store_find_run(s.store, c->arena, str_z(a->rest.v[0]), &run, e);
  if (rc == 0) rc = seal_verify_run(&b, c->arena, s.store, run, e);
  session_close(&s);
  if (rc < 0) return -1;
  bundle_say(c, b);
  return b->state == SEAL_INTACT ? EXIT_OK : EXIT_FAILED;
}

static int cmd_verify(struct cli *c, const struct command *self, int argc, char **argv) {
  struct verify_args a = {0};
  struct error e;
  const struct opt table[] = {
      {"signature", OPT_TEXT, "FILE", "detached signature (default: BUNDLE.p7s if it is there)", &a.signature},
      {"ca", OPT_TEXT, "FILE", "certificates (PEM) that a signer's has to lead to", &a.ca},
      {"at", OPT_TEXT, "TIME", "when the signer's certificate has to be valid (default: now)", &a.at},
      {"store", OPT_TEXT, "FILE", "event log, when a run is checked in it", &a.store},
      {"lang", OPT_TEXT, "da|en", "language of what is printed", &a.lang},
      {0}};
  enum opts_result r = opts_read(c, self, table, argc, argv, &a.rest);
  if (r != OPTS_GO) return r == OPTS_HELP ? EXIT_OK : EXIT_USAGE;
  if (a.rest.n != 1) return cli_usage(c, "usage: testcamp %s %s", self->name, self->arguments);
  c->danish = a.lang && !strcmp(a.lang, "da");
  bool is_file = file_exists(a.rest.v[0]);
  if (!is_file && (a.signature || a.ca || a.at))
    return cli_usage(c, "%s is no file: only a bundle is signed, a run in the event log is not", a.rest.v[0]);
  int code = is_file ? verify_bundle(c, &a, &e) : verify_run(c, &a, &e);
  return code < 0 ? cli_fail(c, &e) : code;
}

const struct command command_verify = {
    .name = "verify",
    .arguments = "BUNDLE|RUN [--signature FILE] [--ca FILE] [--at TIME] [--store FILE]",
    .summary = "check that an evidence bundle is whole and unaltered, and who signed it",
    .run = cmd_verify};
