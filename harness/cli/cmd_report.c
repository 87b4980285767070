#include "cli/approvals.h"
#include "cli/bundle.h"
#include "cli/commands.h"
#include "cli/session.h"
#include "cli/shown.h"

#include "base/file.h"
#include "paper/press.h"
#include "report/approved.h"
#include "report/compared.h"
#include "report/docx.h"
#include "report/report.h"

#include <string.h>

struct report_args {
  struct opt_list rest;
  const char *store, *format, *lang, *output, *key, *cert, *template;
  bool all, review;
};

/* A document of a format, or (f NULL) the evidence bundle, or a Word document that is filled in. */
struct wish {
  const struct report_format *f;
  enum report_lang lang;
  bool pdf;  /* made from that document */
  bool pair; /* two runs beside each other */
  bool list; /* the list of approved systems, with several runs or all */
  bool certificate;
  const char *template;
};

#define TEMPLATE_MAX ((size_t)64 << 20)

static void tell_numbers(struct cli *c, const char *what, const struct str *numbers, size_t n) {
  struct buf b;
  buf_init(&b, 4096);
  for (size_t i = 0; i < n; i++) buf_printf(&b, "%s%.*s", i ? ", " : "", STR_F(numbers[i]));
  if (n) cli_usage(c, "%s: %.*s%s", what, STR_F(buf_str(&b)), b.full ? " ..." : "");
  buf_release(&b);
}

static int fill_template(struct buf *out, struct session *s, const struct wish *w, const struct record *r,
                         struct error *e) {
  struct docx_filled done;
  struct str bytes;
  if (file_read(&bytes, s->arena, w->template, TEMPLATE_MAX, e) < 0 ||
      docx_fill(out, &done, s->arena, r, (struct source){str_z(w->template), bytes}, w->lang, e) < 0)
    return -1;
  tell_numbers(s->cli, "steps of the run that no row of the document has", done.unplaced.v, done.unplaced.n);
  tell_numbers(s->cli, "rows of the document that no step of the run has", done.unplayed.v, done.unplayed.n);
  return 0;
}

/* --template, else the neutral one that is shipped. */
static int certificate(struct buf *out, struct session *s, const struct wish *w, const struct record *r,
                       struct error *e) {
  const char *path = w->template;
  struct str bytes;
  char *data;
  if (file_data_dir(&data, s->arena, e) < 0) return -1;
  if (!path)
    path = file_join(s->arena, data,
                     w->lang == REPORT_DA ? "fixtures/certificate/certificate.da.html"
                                          : "fixtures/certificate/certificate.en.html");
  if (file_read(&bytes, s->arena, path, TEMPLATE_MAX, e) < 0) return -1;
  return certificate_write(out, s->arena, r, w->lang, (struct source){str_z(path), bytes}, e);
}

static int write_page(struct buf *out, struct session *s, const struct wish *w, const struct record *r,
                      struct error *e) {
  if (w->certificate) return certificate(out, s, w, r, e);
  w->f->write(out, r, w->lang);
  return 0;
}

static int make_document(struct buf *out, struct session *s, const struct wish *w, const struct record *r,
                         struct error *e) {
  struct buf html;
  if (w->template && !w->certificate) return fill_template(out, s, w, r, e);
  if (!w->pdf) return write_page(out, s, w, r, e);
  buf_init(&html, REPORT_MAX);
  int result = write_page(&html, s, w, r, e);
  if (result == 0) result = press_pdf(out, s->arena, buf_str(&html), e);
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
  struct bundle_order order = {.output = a->output, .key = a->key, .cert = a->cert, .review = a->review};
  s->options.even_damaged = w->f != NULL;
  s->options.log_only = !w->f; /* a bundle holds the run, and says no more than its events do */
  if (session_load_run(s, str_z(a->rest.v[0]), &id, e) < 0 || run_look(&r, id, &s->options, e) < 0) return -1;
  int result = (w->f ? shown_document : shown_record)(s, r, &rec, e); /* a bundle has the files themselves */
  if (result == 0 && rec.damage.n) cli_usage(s->cli, "%.*s", STR_F(rec.damage));
  if (result == 0) result = w->f ? write_document(s, a, w, &rec, e) : bundle_write(s, &rec, &order, e);
  run_close(r);
  return result;
}

/* A run and its record, both open until the session ends with run_close. */
static int open_one(struct session *s, const char *id, struct run **r, struct record *out, struct error *e) {
  struct str whole;
  s->options.even_damaged = true;
  if (session_load_run(s, str_z(id), &whole, e) < 0 || run_look(r, whole, &s->options, e) < 0) return -1;
  if (shown_record(s, *r, out, e) == 0) return 0;
  run_close(*r);
  return -1;
}

/* The exit code of two runs beside each other: are they the same? */
static int compare_pair(struct session *s, const struct report_args *a, const struct wish *w) {
  struct run *first, *second;
  struct record x, y;
  struct error e;
  struct buf b;
  struct compared sum;
  if (open_one(s, a->rest.v[0], &first, &x, &e) < 0) return cli_fail(s->cli, &e);
  int code = EXIT_OK;
  if (open_one(s, a->rest.v[1], &second, &y, &e) < 0) {
    code = cli_fail(s->cli, &e);
  } else {
    buf_init(&b, REPORT_MAX);
    compared_write(&b, &sum, &x, &y, w->lang);
    if (!a->output)
      cli_print(s->cli->out, buf_str(&b));
    else if (file_write(a->output, buf_str(&b), &e) < 0)
      code = cli_fail(s->cli, &e);
    if (code == EXIT_OK && sum.changed + sum.only_first + sum.only_second) code = EXIT_FAILED;
    buf_release(&b);
    run_close(second);
  }
  run_close(first);
  return code;
}

/* MedCom's list: what was read in, and these runs over it. */
static int make_list(struct session *s, const struct report_args *a) {
  struct error e;
  bool workbook = !strcmp(a->format, "xlsx");
  s->options.even_damaged = true;
  s->cli->danish = !strcmp(a->lang, "da");
  int rc = approvals_report(s, a->rest.v, a->all ? 0 : a->rest.n, workbook, a->output, &e);
  return rc < 0 ? cli_fail(s->cli, &e) : rc ? EXIT_USAGE : EXIT_OK;
}

/* How many runs are named; false where that does not fit, which was said. */
static bool count_fits(struct cli *c, struct wish *w, const struct report_args *a) {
  bool lists = !strcmp(a->format, "csv") || !strcmp(a->format, "xlsx");
  w->list = lists && (a->all || a->rest.n > 1);
  size_t wanted = a->all ? 0 : w->list ? a->rest.n : w->pair ? 2 : 1;
  if (a->rest.n == wanted && (w->list || !a->all)) return true;
  cli_usage(c, "a report is made of one run, --format diff of two, csv and xlsx of any number or of --all");
  return false;
}

static bool is_pdf(const char *output) {
  return output && str_ends(str_z(output), STR(".pdf"));
}

/* The format that another is made from; NULL: there is none of that name. */
static const struct report_format *base_of(const struct wish *w, const char *format) {
  bool of_html = w->pdf || w->pair || w->certificate || !strcmp(format, "docx");
  return report_format_named(of_html ? STR("html") : str_z(format));
}

/* What the options ask for; false where they do not fit together, which was said. */
static bool wish_of(struct cli *c, struct wish *w, const struct report_args *a) {
  bool bundle = !strcmp(a->format, "bundle"), docx = !strcmp(a->format, "docx");
  bool page = !strcmp(a->format, "certificate");
  *w = (struct wish){.pdf = !strcmp(a->format, "pdf") || (page && is_pdf(a->output)),
                     .pair = !strcmp(a->format, "diff"),
                     .certificate = page,
                     .template = a->template};
  w->f = base_of(w, a->format);
  if (!count_fits(c, w, a)) return false;
  if (docx != !!a->template && !page)
    cli_usage(c, "--format docx and --template FILE.docx belong together: MedCom's document is filled in");
  else if (!w->f && !bundle)
    cli_usage(
        c, "--format %s: there is html, pdf, svg, junit, json, testreport, csv, xlsx, docx, bundle, diff, certificate",
        a->format);
  else if (!a->key != !a->cert)
    cli_usage(c, "--sign and --cert belong together: a key and its certificate");
  else if (a->key && !bundle)
    cli_usage(c, "--sign: only a bundle is signed (--format bundle)");
  else if (a->review && !bundle)
    cli_usage(c, "--review: what MedCom said is in every report already; a bundle alone has it on request");
  else if (!report_lang_parse(str_z(a->lang), &w->lang))
    cli_usage(c, "--lang %s: there is da and en", a->lang);
  else
    return true;
  return false;
}

static int cmd_report(struct cli *c, const struct command *self, int argc, char **argv) {
  struct report_args a = {.format = "html", .lang = "en"};
  struct session s;
  struct error e;
  struct wish w;
  const struct opt table[] = {
      {"format", OPT_TEXT, "FORMAT",
       "html (default), pdf, svg, junit, json, testreport, csv, xlsx, docx, bundle, diff, certificate", &a.format},
      {"lang", OPT_TEXT, "da|en", "language", &a.lang},
      {"output", OPT_TEXT, "FILE", "write there instead of standard output", &a.output},
      {"all", OPT_FLAG, NULL, "of all runs of the store (csv, xlsx: the list of approved systems)", &a.all},
      {"template", OPT_TEXT, "FILE", "what is filled in: the Word document of docx, the page of certificate",
       &a.template},
      {"sign", OPT_TEXT, "KEY", "sign the bundle by this private key (PEM)", &a.key},
      {"cert", OPT_TEXT, "CERT", "its certificate, and those above it (PEM)", &a.cert},
      {"review", OPT_FLAG, NULL, "bundle: MedCom's own, with its revision of a self-test beside the log", &a.review},
      {"store", OPT_TEXT, "FILE", "event log", &a.store},
      {0}};
  enum opts_result r = opts_read(c, self, table, argc, argv, &a.rest);
  if (r != OPTS_GO) return r == OPTS_HELP ? EXIT_OK : EXIT_USAGE;
  if (!a.rest.n && !a.all) return cli_usage(c, "usage: testcamp %s %s", self->name, self->arguments);
  if (!wish_of(c, &w, &a)) return EXIT_USAGE;
  if (session_open(&s, c, a.store, STORE_READ, &e) < 0) return cli_fail(c, &e);
  int code = w.list                       ? make_list(&s, &a)
             : w.pair                     ? compare_pair(&s, &a, &w)
             : render(&s, &a, &w, &e) < 0 ? cli_fail(c, &e)
                                          : EXIT_OK;
  session_close(&s);
  return code;
}

const struct command command_report = {
    .name = "report",
    .arguments =
        "RUN...|--all [--format FORMAT] [--lang da|en] [--output FILE] [--template FILE] [--sign KEY --cert CERT]",
    .summary = "make a report of a run from its record",
    .run = cmd_report};
