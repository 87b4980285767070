#include "cli/commands.h"
#include "cli/opts.h"
#include "cli/present.h"
#include "cli/scripts.h"

#include "base/file.h"
#include "lint/lint.h"
#include "steps/steps.h"

#include <string.h>

static int say(struct cli *c, const char *file, const struct findings *f, const char *format, bool wrong) {
  if (!strcmp(format, "tsv"))
    present_tsv(c, f);
  else
    present_lines(c, c->out, f, c->colour_out);
  if (!wrong && !strcmp(format, "text")) fprintf(c->err, "%s: no mistakes\n", file);
  return wrong ? EXIT_USAGE : EXIT_OK;
}

static int lint_scripts(struct cli *c, const char *path, const char *format) {
  struct testscript_set *s;
  struct findings f;
  struct error e;
  findings_init(&f, c->arena);
  if (scripts_open(&s, c, path, NULL, &e) < 0) return cli_fail(c, &e);
  return say(c, path, &f, format, testscript_check(s, &f) < 0);
}

static bool has_key(struct str yaml, struct str key) {
  for (struct str rest = yaml; rest.n;)
    if (str_starts(str_cut(&rest, '\n'), key)) return true;
  return false;
}

/* Fragments mean something only where they are called, with the parameters that are given there. */
static bool is_of_fragments(struct str yaml) {
  return has_key(yaml, STR("fragments:")) && !has_key(yaml, STR("protocol:"));
}

static int lint_file(struct cli *c, const char *file, const char *data, const struct vendor *v, const char *format) {
  struct source src = {.name = str_z(file)};
  struct findings f;
  struct protocol *p = NULL;
  struct error e;
  findings_init(&f, c->arena);
  if (file_read(&src.bytes, c->arena, file, PROTOCOL_BYTES_MAX, &e) < 0) return cli_fail(c, &e);
  if (is_of_fragments(src.bytes)) {
    fprintf(c->err, "%s: fragments alone; they are checked in the protocols that call them\n", file);
    return EXIT_OK;
  }
  int result = protocol_read_beside(&p, c->arena, src, data, step_kinds, &f);
  if (p) result |= lint_protocol(&f, c->arena, p, data, v);
  return say(c, file, &f, format, result < 0 || findings_count(&f, SEV_ERROR) > 0);
}

static int cmd_lint(struct cli *c, const struct command *self, int argc, char **argv) {
  struct opt_list files;
  struct error e;
  struct vendor *v = NULL;
  char *data;
  const char *vendor = NULL, *format = "text", *lang = "en";
  const struct opt table[] = {
      {"vendor", OPT_TEXT, "FILE", "check the capabilities against this vendor file too", &vendor},
      {"format", OPT_TEXT, "FORMAT", "text (default), tsv", &format},
      {"lang", OPT_TEXT, "da|en", "language", &lang},
      {0}};
  enum opts_result r = opts_read(c, self, table, argc, argv, &files);
  if (r != OPTS_GO) return r == OPTS_HELP ? EXIT_OK : EXIT_USAGE;
  if (files.n == 0) return cli_usage(c, "usage: testcamp %s %s", self->name, self->arguments);
  if (strcmp(format, "text") && strcmp(format, "tsv"))
    return cli_usage(c, "--format %s: there is text and tsv", format);
  c->danish = !strcmp(lang, "da");
  if (file_data_dir(&data, c->arena, &e) < 0) return cli_fail(c, &e);
  if (vendor && vendor_load(&v, c->arena, vendor, &e) < 0) return cli_fail(c, &e);
  int worst = EXIT_OK;
  for (size_t i = 0; i < files.n; i++) {
    const char *file = files.v[i];
    int code = testscript_is(c->arena, file) ? lint_scripts(c, file, format) : lint_file(c, file, data, v, format);
    if (code != EXIT_OK) worst = code;
  }
  return worst;
}

const struct command command_lint = {.name = "lint",
                                     .arguments = "FILE... [--vendor FILE]",
                                     .summary = "check protocols and TestScripts without running them",
                                     .run = cmd_lint};
