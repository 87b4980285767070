#include "cli/commands.h"
#include "cli/opts.h"

#include "base/file.h"
#include "fhir/facts.h"
#include "fhir/fhirpath.h"
#include "fhir/resource.h"
#include "validate/profile.h"

#include <string.h>

#define FHIRPATH_FILE_MAX ((size_t)256 << 20)

/* What an expression may ask for; the definitions are opened only when one does. */
struct asked {
  struct cli *c;
  const char *data;
  const struct shapes *shapes;
  const struct node *root;
  enum resource_form form;
  struct fhirpath_env answers; /* of the profile engine; context NULL: not opened yet */
  bool failed;
};

static bool open_answers(struct asked *x) {
  struct error e;
  if (x->answers.context || x->failed) return !x->failed;
  struct arena *a = x->c->arena;
  struct book *b = book_new(a);
  x->failed = book_add_facts(b, file_join(a, x->data, FACTS_PACKAGES), &e) != 0;
  if (x->failed) return false;
  struct profile_options o = {.cache = profile_cache_new(a, b, x->shapes), .form = x->form};
  profile_fhirpath(&x->answers, a, x->root, &o);
  return true;
}

static int member_of(void *context, const struct node *coded, struct str value_set) {
  struct asked *x = context;
  return open_answers(x) ? x->answers.member_of(x->answers.context, coded, value_set) : -1;
}

static int conforms_to(void *context, const struct node *n, struct str profile) {
  struct asked *x = context;
  return open_answers(x) ? x->answers.conforms_to(x->answers.context, n, profile) : -1;
}

static int html_checks(void *context, const struct node *div) {
  struct asked *x = context;
  return open_answers(x) ? x->answers.html_checks(x->answers.context, div) : -1;
}

static int read_input(struct asked *x, const char *file, struct error *e) {
  struct findings f;
  struct node *root = NULL;
  struct source src = {.name = str_z(file)};
  findings_init(&f, x->c->arena);
  if (file_map(&src.bytes, x->c->arena, file, FHIRPATH_FILE_MAX, e) < 0) return -1;
  if (resource_read(&root, &x->form, x->c->arena, src, &f) < 0) return findings_error(&f, e);
  x->root = root;
  return 0;
}

static int evaluate(struct cli *c, const char *expression, const char *file, bool tsv, struct error *e) {
  struct asked asked = {.c = c};
  struct fhirpath *fp;
  struct fhirpath_result result;
  struct clock clock;
  struct shapes *shapes;
  struct buf b;
  char *data;
  clock_init(&clock);
  if (file_data_dir(&data, c->arena, e) < 0 || shapes_read(&shapes, c->arena, data, e) < 0) return -1;
  asked.data = data;
  asked.shapes = shapes;
  struct fhirpath_env env = {.clock = &clock,
                             .shapes = shapes,
                             .strict = true,
                             .member_of = member_of,
                             .conforms_to = conforms_to,
                             .html_checks = html_checks,
                             .context = &asked};
  if (fhirpath_parse(&fp, c->arena, str_z(expression), e) < 0) return -1;
  /* Without a file the input is empty: literals and functions can be tried by themselves. */
  if (file && strcmp(file, "/dev/null") != 0 && read_input(&asked, file, e) < 0) return -1;
  if (fhirpath_eval(&result, c->arena, fp, asked.root, &env, e) < 0) return -1;
  buf_init(&b, CLI_OUTPUT_MAX);
  fhirpath_print(&b, &result, tsv);
  cli_print(c->out, buf_str(&b));
  buf_release(&b);
  return 0;
}

/* The line of the expression, and a mark below the place. */
static void show_place(struct cli *c, const char *expression, const struct error *e) {
  struct str rest = str_z(expression), line = {0};
  if (!c->colour_err || strcmp(e->file, "FHIRPath") != 0 || e->line < 1) return;
  for (int i = 0; i < e->line; i++) line = str_cut(&rest, '\n');
  fprintf(c->err, "  %.*s\n  %*s%s^%s\n", STR_F(line), e->col - 1, "", cli_colour(c->colour_err, "31"),
          cli_colour(c->colour_err, "0"));
}

static int cmd_fhirpath(struct cli *c, const struct command *self, int argc, char **argv) {
  struct opt_list rest;
  struct error e = {0};
  const char *format = "text";
  const struct opt table[] = {{"format", OPT_TEXT, "FORMAT", "text (default), tsv", &format}, {0}};
  enum opts_result r = opts_read(c, self, table, argc, argv, &rest);
  if (r != OPTS_GO) return r == OPTS_HELP ? EXIT_OK : EXIT_USAGE;
  if (rest.n < 1 || rest.n > 2) return cli_usage(c, "usage: testcamp %s %s", self->name, self->arguments);
  if (strcmp(format, "text") && strcmp(format, "tsv"))
    return cli_usage(c, "--format %s: there is text and tsv", format);
  if (!evaluate(c, rest.v[0], rest.n > 1 ? rest.v[1] : NULL, !strcmp(format, "tsv"), &e)) return EXIT_OK;
  int code = cli_fail(c, &e);
  show_place(c, rest.v[0], &e);
  return code;
}

const struct command command_fhirpath = {.name = "fhirpath",
                                         .arguments = "[--format FORMAT] EXPRESSION [FILE]",
                                         .summary = "evaluate a FHIRPath expression on a resource",
                                         .run = cmd_fhirpath};
