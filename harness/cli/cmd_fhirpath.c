#include "cli/commands.h"
#include "cli/opts.h"

#include "base/file.h"
#include "fhir/fhirpath.h"
#include "fhir/resource.h"

#include <string.h>

#define FHIRPATH_FILE_MAX ((size_t)256 << 20)

static int evaluate(struct cli *c, const char *expression, const char *file, bool tsv, struct error *e) {
  struct fhirpath *fp;
  struct fhirpath_result result;
  struct clock clock;
  struct findings f;
  struct node *root = NULL;
  enum resource_form form;
  struct source src = {.name = str_z(file)};
  struct shapes *shapes;
  struct buf b;
  char *data;
  findings_init(&f, c->arena);
  clock_init(&clock);
  if (file_data_dir(&data, c->arena, e) < 0 || shapes_read(&shapes, c->arena, data, e) < 0) return -1;
  struct fhirpath_env env = {.clock = &clock, .shapes = shapes};
  if (fhirpath_parse(&fp, c->arena, str_z(expression), e) < 0) return -1;
  /* Without a file the input is empty: literals and functions can be tried by themselves. */
  bool input = file && strcmp(file, "/dev/null") != 0;
  if (input && file_map(&src.bytes, c->arena, file, FHIRPATH_FILE_MAX, e) < 0) return -1;
  if (input && resource_read(&root, &form, c->arena, src, &f) < 0) return findings_error(&f, e);
  if (fhirpath_eval(&result, c->arena, fp, root, &env, e) < 0) return -1;
  buf_init(&b, CLI_OUTPUT_MAX);
  fhirpath_print(&b, &result, tsv);
  cli_print(c->out, buf_str(&b));
  buf_release(&b);
  return 0;
}

static int cmd_fhirpath(struct cli *c, const struct command *self, int argc, char **argv) {
  struct opt_list rest;
  struct error e;
  const char *format = "text";
  const struct opt table[] = {{"format", OPT_TEXT, "FORMAT", "text (default), tsv", &format}, {0}};
  enum opts_result r = opts_read(c, self, table, argc, argv, &rest);
  if (r != OPTS_GO) return r == OPTS_HELP ? EXIT_OK : EXIT_USAGE;
  if (rest.n < 1 || rest.n > 2) return cli_usage(c, "usage: testcamp %s %s", self->name, self->arguments);
  if (strcmp(format, "text") && strcmp(format, "tsv"))
    return cli_usage(c, "--format %s: there is text and tsv", format);
  return evaluate(c, rest.v[0], rest.n > 1 ? rest.v[1] : NULL, !strcmp(format, "tsv"), &e) < 0 ? cli_fail(c, &e)
                                                                                               : EXIT_OK;
}

const struct command command_fhirpath = {.name = "fhirpath",
                                         .arguments = "[--format FORMAT] EXPRESSION [FILE]",
                                         .summary = "evaluate a FHIRPath expression on a resource",
                                         .run = cmd_fhirpath};
