#include "cli/bundle.h"
#include "cli/commands.h"
#include "cli/session.h"
#include "cli/shown.h"

#include "base/file.h"
#include "paper/press.h"
#include "report/report.h"

#include <string.h>

struct report_args {
  struct opt_list rest;
  const char *store, *format, *lang, *output, *key, *cert;
};

/* A document of a format, or (f NULL) the evidence bundle. */
struct wish {
  const struct report_format *f;
  enum report_lang lang;
  bool pdf; /* made from that document */
};

static int make_document(struct buf *out, struct session *s, const struct wish *w, const struct record *r,
                         struct error *e) {
  struct buf html;
  if (!w->pdf) {
    w->f->write(out, r, w->lang);
    return 0;
  }
  buf_init(&html, REPORT_MAX);
  w->f->write(&html, r, w->lang);
  int result = press_pdf(out, s->arena, buf_str(&html), e);
  buf_release(&html);
  return result;
}

static int write_document(struct session *s, const struct report_args *a, const struct wish *w, const struct record *r,
                          struct error *e) {
  struct buf b;
  buf_init(&b, REPORT_MAX);
  int result = make_document(&b, s, w, r, e);
  if (result == 0 && b.full) result = error_set(e, ERR_LIMIT, "the report would be over %zu MB", REPORT_MAX >> 20);
  if (result == 0 && a->output) result = file_write(a->output, buf_str(&b), e);
  if (result == 0 && !a->output) cli_print(s->cli->out, buf_str(&b));
  buf_release(&b);
  return result;
}

static int render(struct session *s, const struct report_args *a, const struct wish *w, struct error *e) {
  struct str id;
  struct run *r;
  struct record rec;
  struct bundle_order order = {.output = a->output, .key = a->key, .cert = a->cert};
  s->options.even_damaged = w->f != NULL;
  if (session_load_run(s, str_z(a->rest.v[0]), &id, e) < 0 || run_look(&r, id, &s->options, e) < 0) return -1;
  int result = shown_record(s, r, &rec, e);
  if (result == 0 && rec.damage.n) cli_usage(s->cli, "%.*s", STR_F(rec.damage));
  if (result == 0) result = w->f ? write_document(s, a, w, &rec, e) : bundle_write(s, &rec, &order, e);
  run_close(r);
  return result;
}

static int cmd_report(struct cli *c, const struct command *self, int argc, char **argv) {
  struct report_args a = {.format = "html", .lang = "en"};
  struct session s;
  struct error e;
  struct wish w = {.f = NULL};
  const struct opt table[] = {
      {"format", OPT_TEXT, "FORMAT", "html (default), pdf, svg, junit, json, testreport, csv, xlsx, bundle", &a.format},
      {"lang", OPT_TEXT, "da|en", "language", &a.lang},
      {"output", OPT_TEXT, "FILE", "write there instead of standard output", &a.output},
      {"sign", OPT_TEXT, "KEY", "sign the bundle by this private key (PEM)", &a.key},
      {"cert", OPT_TEXT, "CERT", "its certificate, and those above it (PEM)", &a.cert},
      {"store", OPT_TEXT, "FILE", "event log", &a.store},
      {0}};
  enum opts_result r = opts_read(c, self, table, argc, argv, &a.rest);
  if (r != OPTS_GO) return r == OPTS_HELP ? EXIT_OK : EXIT_USAGE;
  if (a.rest.n != 1) return cli_usage(c, "usage: testcamp %s %s", self->name, self->arguments);
  bool bundle = !strcmp(a.format, "bundle");
  w.pdf = !strcmp(a.format, "pdf");
  w.f = report_format_named(w.pdf ? STR("html") : str_z(a.format));
  if (!w.f && !bundle)
    return cli_usage(c, "--format %s: there is html, pdf, svg, junit, json, testreport, csv, xlsx, bundle", a.format);
  if (!a.key != !a.cert) return cli_usage(c, "--sign and --cert belong together: a key and its certificate");
  if (a.key && !bundle) return cli_usage(c, "--sign: only a bundle is signed (--format bundle)");
  if (!report_lang_parse(str_z(a.lang), &w.lang)) return cli_usage(c, "--lang %s: there is da and en", a.lang);
  if (session_open(&s, c, a.store, STORE_READ, &e) < 0) return cli_fail(c, &e);
  int code = render(&s, &a, &w, &e) < 0 ? cli_fail(c, &e) : EXIT_OK;
  session_close(&s);
  return code;
}

const struct command command_report = {
    .name = "report",
    .arguments = "RUN [--format FORMAT] [--lang da|en] [--output FILE] [--sign KEY --cert CERT]",
    .summary = "make a report of a run from its record",
    .run = cmd_report};
