/* certs: certificates for a test, a test authority and what it issues; and what is wrong with one that is there. */
#include "cli/certificates.h"
#include "cli/commands.h"
#include "cli/opts.h"
#include "cli/present.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/vec.h"

#include <string.h>

#define DAYS_DEFAULT 365
#define DAYS_MAX 3650
#define ROW_WIDTH 12
#define DAY_CHARS 10 /* of "2026-01-05" */

struct certs_args {
  struct opt_list rest, names, clients;
  const char *days, *organisation, *check, *key, *ca, *host, *use, *at, *lang;
  bool faults, rsa;
};

static const char *say(const struct cli *c, const char *en, const char *da) {
  return c->danish ? da : en;
}

static struct str day(struct cli *c, int64_t at) {
  return str_sub(time_utc(c->arena, at), 0, DAY_CHARS);
}

static struct str names_of(struct cli *c, const struct certificate *x) {
  struct buf b;
  buf_init(&b, (size_t)1 << 16);
  for (size_t i = 0; i < x->names.n; i++) buf_printf(&b, "%s%.*s", i ? ", " : "", STR_F(x->names.v[i]));
  return buf_take(&b, c->arena);
}

/* Padded by what is seen: a Danish letter has two bytes. */
static void print_row(struct cli *c, const char *what, struct str value) {
  int hidden = 0;
  for (const char *p = what; *p; p++) hidden += (*p & 0xc0) == 0x80;
  if (value.n) fprintf(c->out, "  %-*s %.*s\n", ROW_WIDTH + hidden, what, STR_F(cli_safe(c->arena, value)));
}

/* The thumbprint stands by the name that tokens give it, so that it can be looked for. */
static void print_certificate(struct cli *c, const struct certificate *x) {
  print_row(c, say(c, "subject", "subjekt"), x->subject);
  print_row(c, say(c, "issuer", "udsteder"), x->own_issuer ? STR("") : x->issuer);
  print_row(c, say(c, "names", "navne"), names_of(c, x));
  print_row(
      c, say(c, "valid", "gyldigt"),
      arena_printf(c->arena, "%.*s %s %.*s", STR_F(day(c, x->from)), say(c, "to", "til"), STR_F(day(c, x->until))));
  print_row(c, say(c, "key", "nøgle"), arena_printf(c->arena, "%s, %d bit", x->key.name, x->key.bits));
  print_row(c, "x5t#S256", x->thumbprint);
}

/* ---- checking ---- */

static int read_time(const char *at, int64_t *out, struct cli *c, struct error *e) {
  bool has_zone;
  struct str text = at && strlen(at) == DAY_CHARS ? arena_printf(c->arena, "%sT12:00:00Z", at) : str_z(at);
  *out = clock_wall();
  if (!at || time_parse(text, out, &has_zone)) return 0;
  return error_set(e, ERR_CONFIG, "--at %s: a day (2026-01-05) or a time (2026-01-05T09:00:00Z) is needed", at);
}

static int read_use(const char *use, enum certificate_purpose *out, struct error *e) {
  static const char *const names[] = {[CERTIFICATE_SERVER] = "server", [CERTIFICATE_CLIENT] = "client"};
  *out = CERTIFICATE_ANY;
  if (!use) return 0;
  for (int i = CERTIFICATE_SERVER; i <= CERTIFICATE_CLIENT; i++)
    if (!strcmp(use, names[i])) *out = (enum certificate_purpose)i;
  return *out != CERTIFICATE_ANY ? 0 : error_set(e, ERR_CONFIG, "--use %s: server or client is needed", use);
}

static int read_check(struct certificate_check *how, struct cli *c, const struct certs_args *a, struct error *e) {
  struct certificates trusted;
  struct certificate_key key;
  how->message = str_z(a->check);
  how->host = str_z(a->host);
  if (read_time(a->at, &how->at, c, e) || read_use(a->use, &how->purpose, e)) return -1;
  if (a->key && (file_read(&how->key, c->arena, a->key, CERTIFICATE_FILE_MAX, e) ||
                 certificate_key_read(&key, &how->key, c->arena, how->key, e)))
    return -1;
  if (!a->ca) return 0;
  return certificates_file(&trusted, &how->trusted, c->arena, a->ca, e);
}

/* The first is judged as what it is used for; those behind it only have to be sound. */
static void judge_all(struct findings *f, const struct certificates *all, const struct certificate_check *how) {
  struct certificate_check above = {.message = how->message, .at = how->at};
  for (size_t i = 0; i < all->n; i++) certificate_judge(f, &all->v[i], i ? &above : how);
}

static int certs_check(struct cli *c, const struct certs_args *a) {
  struct error e;
  struct certificates all;
  struct certificate_check how = {.others = &all};
  struct findings f;
  struct str bytes;
  if (certificates_file(&all, &bytes, c->arena, a->check, &e) || read_check(&how, c, a, &e)) return cli_fail(c, &e);
  findings_init(&f, c->arena);
  judge_all(&f, &all, &how);
  for (size_t i = 0; i < all.n; i++) {
    fprintf(c->out, "%s%s\n", i ? "" : a->check, i ? say(c, "  above it", "  over det") : "");
    print_certificate(c, &all.v[i]);
  }
  present_lines(c, c->out, &f, c->colour_out);
  return findings_worst(&f) == SEV_ERROR ? EXIT_FAILED : EXIT_OK;
}

/* ---- making ---- */

static void print_made(struct cli *c, const struct certificates_made *m) {
  fprintf(c->out, "%s%s%s\n", cli_colour(c->colour_out, "1"), say(c, m->what.en.p, m->what.da.p),
          cli_colour(c->colour_out, "0"));
  print_certificate(c, &m->certificate);
  print_row(c, say(c, "file", "fil"), str_z(m->file));
  print_row(c, say(c, "private key", "privat nøgle"), str_z(m->key_file));
}

static const struct certificates_made *first_made(const struct certificates_issuer *by, bool server) {
  for (size_t i = 0; i < by->made.n; i++) {
    const struct certificate *x = &by->made.v[i].certificate;
    if (!x->authority && (server ? x->server : x->client)) return &by->made.v[i];
  }
  return NULL;
}

/* Names in a vendor file begin at it. */
static void print_vendor_line(struct cli *c, const char *key, const struct certificates_made *m, const char *more) {
  if (m)
    fprintf(c->out, "  %s: {%scertificate: %s, key: %s, trust: ca.pem%s}\n", key, *more ? "" : "..., ",
            file_base(m->file), file_base(m->key_file), more);
}

/* What is done with them, in the words of the files and programs that want them. */
static void print_use(struct cli *c, const struct certificates_issuer *by) {
  fprintf(c->out, "\n%s\n",
          say(c, "The system under test is to trust ca.pem, and is registered by the subject of its certificate.",
              "Systemet under test skal have tillid til ca.pem og registreres med sit certifikats subjekt."));
  fprintf(
      c->out, "%s\n",
      say(c,
          "In a vendor file (what testcamp shows as a server; and as a client, where the system's address is https):",
          "I en vendorfil (det testcamp viser som server; og som klient, hvis systemets adresse er https):"));
  print_vendor_line(c, "tls", first_made(by, true), ", clients: required");
  print_vendor_line(c, "exchange", first_made(by, false), "");
  fprintf(c->out, "%s\n  curl --cacert %s/ca.pem --cert CLIENT.pem --key CLIENT.key https://HOST:PORT/\n",
          say(c, "To try a server:", "En server prøves med:"), by->dir);
  fprintf(c->out, "%s\n",
          say(c, "These are for tests only: trust the authority nowhere else, and do not keep its key.",
              "De er kun til test: hav ikke tillid til udstederen andre steder, og gem ikke dens nøgle."));
}

static int read_days(const char *text, int64_t *days, struct error *e) {
  *days = DAYS_DEFAULT;
  if (!text || (str_int(str_z(text), days) && *days >= 1 && *days <= DAYS_MAX)) return 0;
  return error_set(e, ERR_CONFIG, "--days %s: a number from 1 to %d is needed", text, DAYS_MAX);
}

static int certs_make(struct cli *c, const struct certs_args *a) {
  struct error e;
  struct certificates_wanted w = {.dir = a->rest.v[0],
                                  .hosts = a->names.v,
                                  .hosts_n = a->names.n,
                                  .clients = a->clients.v,
                                  .clients_n = a->clients.n,
                                  .organisation = a->organisation,
                                  .faults = a->faults,
                                  .rsa = a->rsa,
                                  .now = clock_wall()};
  struct certificates_issuer by;
  if (read_days(a->days, &w.days, &e) || certificates_issue(&by, c->arena, &w, &e)) return cli_fail(c, &e);
  for (size_t i = 0; i < by.made.n; i++) print_made(c, &by.made.v[i]);
  print_use(c, &by);
  return EXIT_OK;
}

/* Making and checking are two commands of one name: what is for the other is refused. */
static const char *mixed_up(const struct certs_args *a) {
  bool makes = a->names.n || a->clients.n || a->days || a->organisation || a->faults || a->rsa || a->rest.n;
  bool asks = a->key || a->ca || a->host || a->use || a->at;
  if (a->check && makes) return "--check makes nothing: it goes with --key, --ca, --host, --use and --at";
  if (!a->check && asks) return "--key, --ca, --host, --use and --at go with --check FILE";
  return NULL;
}

static int cmd_certs(struct cli *c, const struct command *self, int argc, char **argv) {
  struct certs_args *a = ARENA_NEW(c->arena, struct certs_args);
  const struct opt table[] = {
      {"name", OPT_LIST, "HOST", "host name or IP address of the server (default: localhost and its addresses)",
       &a->names},
      {"client", OPT_LIST, "NAME", "a system certificate for each, to prove itself with (default: one, system)",
       &a->clients},
      {"organisation", OPT_TEXT, "NAME", "made-up organisation in the system certificates", &a->organisation},
      {"days", OPT_TEXT, "N", "how long they are valid (default: 365)", &a->days},
      {"faults", OPT_FLAG, NULL, "also server certificates that a client must refuse, one a fault", &a->faults},
      {"rsa", OPT_FLAG, NULL, "keys of RSA with 2048 bits instead of elliptic curves", &a->rsa},
      {"check", OPT_TEXT, "FILE", "make nothing: what is in a certificate, and what is wrong with it", &a->check},
      {"key", OPT_TEXT, "FILE", "with --check: the private key that has to be its own", &a->key},
      {"ca", OPT_TEXT, "FILE", "with --check: authorities (PEM) that it has to lead to", &a->ca},
      {"host", OPT_TEXT, "HOST", "with --check: the host that it has to be for", &a->host},
      {"use", OPT_TEXT, "server|client", "with --check: what it is used for", &a->use},
      {"at", OPT_TEXT, "TIME", "with --check: when it has to be valid (default: now)", &a->at},
      {"lang", OPT_TEXT, "da|en", "language of what is printed", &a->lang},
      {0}};
  enum opts_result r = opts_read(c, self, table, argc, argv, &a->rest);
  if (r != OPTS_GO) return r == OPTS_HELP ? EXIT_OK : EXIT_USAGE;
  c->danish = a->lang && !strcmp(a->lang, "da");
  const char *wrong = mixed_up(a);
  if (wrong) return cli_usage(c, "%s", wrong);
  if (a->check) return certs_check(c, a);
  if (a->rest.n != 1) return cli_usage(c, "usage: testcamp %s %s", self->name, self->arguments);
  return certs_make(c, a);
}

const struct command command_certs = {.name = "certs",
                                      .arguments = "DIR [--name HOST]... [--client NAME]... [--days N] | --check FILE",
                                      .summary = "make certificates for a test, or see what is wrong with one",
                                      .run = cmd_certs};
