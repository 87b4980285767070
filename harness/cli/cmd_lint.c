#include "cli/commands.h"
#include "cli/document.h"
#include "cli/opts.h"
#include "cli/present.h"
#include "cli/scripts.h"

#include "base/file.h"
#include "lint/lint.h"
#include "steps/steps.h"

#include <string.h>
#include <sys/stat.h>

#define FOLDER_DEPTH_MAX 16

struct linting {
  struct cli *cli;
  const char *data, *format;
  const struct vendor *vendor; /* NULL: none */
  struct document *document;   /* NULL: lines, not a document */
  struct opt_words called;
};

static int say(const struct linting *l, const char *file, const struct findings *f, bool wrong) {
  struct cli *c = l->cli;
  if (l->document) {
    l->document->again = document_again(c, &l->called, &file, 1);
    document_add(l->document, file, f);
  } else if (!strcmp(l->format, "tsv"))
    present_tsv(c, f);
  else
    present_lines(c, c->out, f, c->colour_out);
  if (!wrong && !strcmp(l->format, "text")) fprintf(c->err, "%s: no mistakes\n", file);
  return wrong ? EXIT_USAGE : EXIT_OK;
}

static int fail(const struct linting *l, const char *file, const struct error *e) {
  if (l->document) document_fail(l->document, file, e);
  return cli_fail(l->cli, e);
}

static int lint_scripts(const struct linting *l, const char *path) {
  struct testscript_set *s;
  struct findings f;
  struct error e;
  findings_init(&f, l->cli->arena);
  if (scripts_open(&s, l->cli, path, NULL, &e) < 0) return fail(l, path, &e);
  return say(l, path, &f, testscript_check(s, &f) < 0);
}

static bool has_key(struct str yaml, struct str key) {
  for (struct str rest = yaml; rest.n;)
    if (str_starts(str_cut(&rest, '\n'), key)) return true;
  return false;
}

static int is_protocol_or_fragments(bool *out, const struct linting *l, const char *file, struct error *e) {
  struct str bytes;
  if (file_read(&bytes, l->cli->arena, file, PROTOCOL_BYTES_MAX, e) < 0) return -1;
  *out = has_key(bytes, STR("protocol:")) || has_key(bytes, STR("fragments:"));
  return 0;
}

/* Fragments mean something only where they are called, with the parameters that are given there. */
static bool is_of_fragments(struct str yaml) {
  return has_key(yaml, STR("fragments:")) && !has_key(yaml, STR("protocol:"));
}

static int lint_file(const struct linting *l, const char *file) {
  struct arena *a = l->cli->arena;
  struct source src = {.name = str_z(file)};
  struct findings f;
  struct protocol *p = NULL;
  struct error e;
  findings_init(&f, a);
  if (file_read(&src.bytes, a, file, PROTOCOL_BYTES_MAX, &e) < 0) return fail(l, file, &e);
  if (is_of_fragments(src.bytes)) {
    fprintf(l->cli->err, "%s: fragments alone; they are checked in the protocols that call them\n", file);
    return EXIT_OK;
  }
  int result = protocol_read_beside(&p, a, src, l->data, step_kinds, &f);
  if (p) result |= lint_protocol(&f, a, p, l->data, l->vendor);
  return say(l, file, &f, result < 0 || findings_count(&f, SEV_ERROR) > 0);
}

/* ---- folders ---- */

/* What one folder holds, and those below it. */
struct folder {
  struct linting *l;
  int worst;
  bool scripts;
  size_t protocols; /* files of protocols and fragments */
};

static void note(struct folder *f, int code) {
  if (code != EXIT_OK) f->worst = code;
}

/* Answers, tables and vendor files may lie beside protocols; said, because a key may be misspelt. */
static void lint_yaml(struct folder *f, const char *file) {
  struct error e;
  bool is;
  if (is_protocol_or_fragments(&is, f->l, file, &e) < 0) {
    note(f, fail(f->l, file, &e));
  } else if (!is) {
    fprintf(f->l->cli->err, "%s: no \"protocol:\" and no \"fragments:\"; passed over\n", file);
  } else {
    f->protocols++;
    note(f, lint_file(f->l, file));
  }
}

/* A link could lead in a circle, or out of the folder. */
static bool is_link(const char *path) {
  struct stat st;
  return lstat(path, &st) != 0 || S_ISLNK(st.st_mode);
}

static int walk(struct folder *f, const char *dir, int depth, struct error *e) {
  struct arena *a = f->l->cli->arena;
  char **names;
  size_t n;
  if (depth > FOLDER_DEPTH_MAX) return error_at(e, ERR_LIMIT, str_z(dir), 0, 0, "folders are nested too deep");
  if (file_list(&names, &n, a, dir, e) < 0) return -1;
  for (size_t i = 0; i < n; i++) {
    const char *full = file_join(a, dir, names[i]);
    struct str name = str_z(names[i]);
    if (is_link(full)) continue;
    if (file_is_dir(full)) {
      if (walk(f, full, depth + 1, e) < 0) return -1;
    } else if (str_ends(name, STR(".yaml"))) {
      lint_yaml(f, full);
    } else if (!f->scripts && (str_ends(name, STR(".json")) || str_ends(name, STR(".xml")))) {
      f->scripts = testscript_is(a, full);
    }
  }
  return 0;
}

/* Its TestScripts are one set: they may name each other. */
static int lint_folder(struct linting *l, const char *dir) {
  struct folder f = {.l = l, .worst = EXIT_OK};
  struct error e;
  if (walk(&f, dir, 0, &e) < 0) return fail(l, dir, &e);
  if (f.scripts) note(&f, lint_scripts(l, dir));
  if (f.scripts || f.protocols) return f.worst;
  error_set(&e, ERR_CONFIG, "%s holds no protocol (*.yaml) and no TestScript", dir);
  return fail(l, dir, &e);
}

static int lint_path(struct linting *l, const char *path) {
  if (file_is_dir(path)) return lint_folder(l, path);
  return testscript_is(l->cli->arena, path) ? lint_scripts(l, path) : lint_file(l, path);
}

static int lint_all(struct linting *l, const struct opt_list *files) {
  struct document d;
  int worst = EXIT_OK;
  if (document_begin(&d, l->cli, l->format)) l->document = &d;
  for (size_t i = 0; i < files->n; i++) {
    int code = lint_path(l, files->v[i]);
    if (code != EXIT_OK) worst = code;
  }
  if (l->document) document_end(l->document, worst);
  return worst;
}

static bool is_format(const char *word) {
  static const char *const words[] = {"text", "tsv", "json", "sarif"};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (!strcmp(word, words[i])) return true;
  return false;
}

static int cmd_lint(struct cli *c, const struct command *self, int argc, char **argv) {
  struct opt_list files;
  struct error e;
  struct vendor *v = NULL;
  char *data;
  const char *vendor = NULL, *format = "text", *lang = "en";
  const struct opt table[] = {
      {"vendor", OPT_TEXT, "FILE", "check the capabilities against this vendor file too", &vendor},
      {"format", OPT_TEXT, "FORMAT", "text (default), tsv, json, sarif", &format},
      {"lang", OPT_TEXT, "da|en", "language", &lang},
      {0}};
  enum opts_result r = opts_read(c, self, table, argc, argv, &files);
  if (r != OPTS_GO) return r == OPTS_HELP ? EXIT_OK : EXIT_USAGE;
  if (files.n == 0) return cli_usage(c, "usage: testcamp %s %s", self->name, self->arguments);
  if (!is_format(format)) return cli_usage(c, "--format %s: there is text, tsv, json, sarif", format);
  c->danish = !strcmp(lang, "da");
  if (file_data_dir(&data, c->arena, &e) < 0) return cli_fail(c, &e);
  if (vendor && vendor_load(&v, c->arena, vendor, &e) < 0) return cli_fail(c, &e);
  struct linting l = {.cli = c, .data = data, .format = format, .vendor = v};
  document_called(&l.called, c, self, table);
  return lint_all(&l, &files);
}

const struct command command_lint = {.name = "lint",
                                     .arguments = "FILE|FOLDER... [--vendor FILE]",
                                     .summary = "check protocols and TestScripts without running them",
                                     .run = cmd_lint};
