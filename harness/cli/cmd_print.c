/* print: the document that a vendor reads before the test. */
#include "cli/commands.h"
#include "cli/present.h"
#include "cli/session.h"

#include "base/file.h"
#include "lint/lint.h"
#include "paper/plain.h"
#include "paper/press.h"
#include "report/printed.h"
#include "steps/steps.h"

#include <string.h>

struct print_args {
  struct opt_list rest;
  const char *lang, *format, *vendor, *since, *against, *store, *output;
};

/* What the document is made of, and what has to stay while it is. */
struct printing {
  struct session session;
  struct printed in;
  struct printed_system system;
  struct comparison changes;
  enum report_lang lang;
};

/* --- what is read --------------------------------------------------------------- */

/* A protocol with mistakes is none: they are printed as lint prints them, and there is no document. What a vendor file
 * does not declare yet stands in the document. */
static int read_protocol(struct cli *c, const char *file, const char *data, struct protocol **out, struct error *e) {
  struct source src = {.name = str_z(file)};
  struct findings f;
  findings_init(&f, c->arena);
  if (file_read(&src.bytes, c->arena, file, PROTOCOL_BYTES_MAX, e) < 0) return -1;
  int result = protocol_read_beside(out, c->arena, src, data, step_kinds, &f);
  if (result == 0) result = lint_protocol(&f, c->arena, *out, data, NULL);
  if (result == 0) return 0;
  present_lines(c, c->err, &f, c->colour_err);
  return error_set(e, ERR_CONFIG, "%s has mistakes, so there is nothing to print; testcamp lint shows them", file);
}

static void take_vendor(struct printing *p, const struct vendor *v) {
  p->system = (struct printed_system){.vendor = v->name,
                                      .contact = v->contact,
                                      .email = v->email,
                                      .system = v->system,
                                      .version = v->version,
                                      .type = v->type,
                                      .capabilities = &v->capabilities,
                                      .variables = &v->variables};
  p->in.system = &p->system;
}

/* The protocol that the run was played by, as it was then. */
static int protocol_of_run(struct printing *p, const struct print_args *a, const struct protocol **out,
                           struct error *e) {
  struct session old;
  struct str id;
  if (session_open(&old, p->session.cli, a->store, STORE_READ, e) < 0) return -1;
  int result = session_load_run(&old, str_z(a->since), &id, e);
  if (result == 0) *out = old.plan->protocol;
  if (result == 0) p->in.since_run = id;
  session_close(&old);
  return result;
}

static int compare(struct printing *p, const struct print_args *a, const struct protocol *now, struct error *e) {
  struct cli *c = p->session.cli;
  const struct protocol *was = NULL;
  struct protocol *old = NULL;
  if (!a->since && !a->against) return 0;
  if (a->since && protocol_of_run(p, a, &was, e) < 0) return -1;
  if (a->against) {
    if (protocol_load(&old, c->arena, a->against, p->session.options.data_dir, step_kinds, e) < 0) return -1;
    was = old;
  }
  if (!str_eq(was->standard, now->standard) || !str_eq(was->role, now->role))
    return error_set(e, ERR_CONFIG, "%.*s is of %.*s, role %.*s, and cannot be compared with %.*s, role %.*s",
                     STR_F(was->id), STR_F(was->standard), STR_F(was->role), STR_F(now->standard), STR_F(now->role));
  protocol_compare(&p->changes, c->arena, was, now);
  p->in.changes = &p->changes;
  return 0;
}

static int read_all(struct printing *p, struct cli *c, const struct print_args *a, struct error *e) {
  struct vendor *v = NULL;
  struct protocol *now = NULL;
  if (session_open_dry(&p->session, c, e) < 0) return -1;
  if (a->vendor && vendor_load(&v, c->arena, a->vendor, e) < 0) return -1;
  if (read_protocol(c, a->rest.v[0], p->session.options.data_dir, &now, e) < 0) return -1;
  p->in.protocol = now;
  p->in.program = str_z(c->version);
  if (v) take_vendor(p, v);
  return compare(p, a, now, e);
}

/* --- what is made --------------------------------------------------------------- */

static int to_html(struct buf *out, struct arena *a, struct str html, struct error *e) {
  (void)a;
  (void)e;
  buf_add(out, html);
  return 0;
}

static int to_text(struct buf *out, struct arena *a, struct str html, struct error *e) {
  struct sheet_node *root;
  if (sheet_read(&root, a, html, e) < 0) return -1;
  plain_write(out, root, PLAIN_WIDTH);
  return 0;
}

static const struct print_format {
  const char *name;
  int (*make)(struct buf *out, struct arena *a, struct str html, struct error *e);
} formats[] = {{"html", to_html}, {"pdf", press_pdf}, {"text", to_text}};

static const struct print_format *format_named(const char *name) {
  for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
    if (!strcmp(name, formats[i].name)) return &formats[i];
  return NULL;
}

static int make(struct printing *p, const struct print_args *a, const struct print_format *f, struct error *e) {
  struct cli *c = p->session.cli;
  struct buf html, out;
  buf_init(&html, REPORT_MAX);
  buf_init(&out, REPORT_MAX);
  printed_write(&html, &p->in, p->lang);
  int result = f->make(&out, c->arena, buf_str(&html), e);
  if (result == 0 && a->output) result = file_write(a->output, buf_str(&out), e);
  if (result == 0 && !a->output) cli_print(c->out, buf_str(&out));
  buf_release(&html);
  buf_release(&out);
  return result;
}

static int cmd_print(struct cli *c, const struct command *self, int argc, char **argv) {
  struct print_args a = {.lang = "en", .format = "html"};
  struct printing *p = ARENA_NEW(c->arena, struct printing);
  struct error e;
  const struct opt table[] = {
      {"lang", OPT_TEXT, "da|en", "language", &a.lang},
      {"format", OPT_TEXT, "FORMAT", "html (default), pdf, text", &a.format},
      {"vendor", OPT_TEXT, "FILE", "for this system: its block, test persons, what does not concern it", &a.vendor},
      {"since", OPT_TEXT, "RUN", "with what has changed since that run", &a.since},
      {"against", OPT_TEXT, "PROTOCOL", "with what has changed since that older protocol", &a.against},
      {"store", OPT_TEXT, "FILE", "event log, for --since", &a.store},
      {"output", OPT_TEXT, "FILE", "write there instead of standard output", &a.output},
      {0}};
  enum opts_result r = opts_read(c, self, table, argc, argv, &a.rest);
  if (r != OPTS_GO) return r == OPTS_HELP ? EXIT_OK : EXIT_USAGE;
  if (a.rest.n != 1) return cli_usage(c, "usage: testcamp %s %s", self->name, self->arguments);
  const struct print_format *f = format_named(a.format);
  if (!f) return cli_usage(c, "--format %s: there is html, pdf, text", a.format);
  if (!report_lang_parse(str_z(a.lang), &p->lang)) return cli_usage(c, "--lang %s: there is da and en", a.lang);
  if (a.since && a.against) return cli_usage(c, "--since and --against: one of them, not both");
  c->danish = p->lang == REPORT_DA;
  if (read_all(p, c, &a, &e) < 0 || make(p, &a, f, &e) < 0) return cli_fail(c, &e);
  return EXIT_OK;
}

const struct command command_print = {
    .name = "print",
    .arguments = "PROTOCOL [--lang da|en] [--format html|pdf|text] [--vendor FILE] [--since RUN|--against PROTOCOL] "
                 "[--output FILE]",
    .summary = "the document that a vendor reads before the test",
    .run = cmd_print};
