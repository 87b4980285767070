#include "cli/commands.h"
#include "cli/present.h"
#include "cli/scripts.h"

#include "base/file.h"

struct import_args {
  struct opt_list files;
  struct scripts_args scripts;
  const char *to, *lang;
};

/* One protocol: to a file of the folder, or to standard output. */
static int put(struct cli *c, const struct import_args *a, const struct testscript_protocol *p, struct error *e) {
  if (!a->to) {
    cli_print(c->out, p->yaml);
    return 0;
  }
  const char *path = file_join(c->arena, a->to, arena_printf(c->arena, "%.*s.yaml", STR_F(p->id)).p);
  if (file_mkdirs(a->to, e) < 0 || file_write(path, p->yaml, e) < 0) return -1;
  fprintf(c->out, "%s\n", path);
  return 0;
}

/* What is wrong with a script goes into the protocol as a step that cannot be judged, and is told. */
static int import_one(struct cli *c, const struct import_args *a, const char *path, struct error *e) {
  struct testscript_set *s;
  struct testscript_protocols made;
  struct findings f;
  findings_init(&f, c->arena);
  if (scripts_open(&s, c, path, &a->scripts, e) < 0) return -1;
  (void)testscript_check(s, &f);
  present_lines(c, c->err, &f, c->colour_err);
  testscript_write(&made, s);
  for (size_t i = 0; i < made.list.n; i++)
    if (put(c, a, &made.list.v[i], e) < 0) return -1;
  fprintf(c->err, "%s: %zu TestScripts\n", path, testscript_count(s));
  return 0;
}

static int cmd_import(struct cli *c, const struct command *self, int argc, char **argv) {
  struct import_args a = {.lang = "en"};
  struct error e;
  const struct opt table[] = {{"to", OPT_TEXT, "DIR", "write the protocols there (default: standard output)", &a.to},
                              SCRIPTS_OPTIONS(&a.scripts),
                              {"lang", OPT_TEXT, "da|en", "language", &a.lang},
                              {0}};
  enum opts_result r = opts_read(c, self, table, argc, argv, &a.files);
  if (r != OPTS_GO) return r == OPTS_HELP ? EXIT_OK : EXIT_USAGE;
  if (a.files.n == 0) return cli_usage(c, "usage: testcamp %s %s", self->name, self->arguments);
  c->danish = str_eqz(str_z(a.lang), "da");
  for (size_t i = 0; i < a.files.n; i++)
    if (import_one(c, &a, a.files.v[i], &e) < 0) return cli_fail(c, &e);
  return EXIT_OK;
}

const struct command command_import = {.name = "import",
                                       .arguments = "TESTSCRIPT|PACKAGE|FOLDER... [--to DIR]",
                                       .summary = "write FHIR TestScripts as protocols",
                                       .run = cmd_import};
