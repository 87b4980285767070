/* coverage: which steps the machine judges, and which requirements are verified, over all protocols. */
#include "cli/commands.h"
#include "cli/coverage_print.h"
#include "cli/opts.h"
#include "cli/present.h"

#include "base/file.h"
#include "formats/yaml.h"
#include "protocol/coverage.h"
#include "steps/steps.h"

#include <string.h>

#define FOLDERS_MAX 8

/* The files that are looked at: protocols, and files of fragments, which are no protocols of their own. */
struct looking {
  struct cli *cli;
  const char *data;
  struct coverage coverage;
  bool wrong; /* a protocol has mistakes, and they were printed */
  VEC(const char *) files;
};

static int add_protocol(struct looking *l, const char *file, struct source src) {
  struct findings f;
  struct protocol *p = NULL;
  findings_init(&f, l->cli->arena);
  if (protocol_read_beside(&p, l->cli->arena, src, l->data, step_kinds, &f) == 0) {
    coverage_add(&l->coverage, p);
    return 0;
  }
  present_lines(l->cli, l->cli->err, &f, l->cli->colour_err);
  cli_usage(l->cli, "%s has mistakes, so that nothing can be said of it; testcamp lint shows them", file);
  l->wrong = true;
  return 0;
}

/* A file is read twice where it is a protocol: first to see what it is. */
static int look_at(struct looking *l, const char *file, bool is_fragments, struct error *e) {
  struct source src = {.name = str_z(file)};
  struct findings f;
  struct node *root = NULL;
  findings_init(&f, l->cli->arena);
  if (file_read(&src.bytes, l->cli->arena, file, PROTOCOL_BYTES_MAX, e) < 0) return -1;
  bool is_protocol = yaml_read(&root, l->cli->arena, src, &f) < 0 || !root || !node_child(root, "fragments") ||
                     node_child(root, "protocol");
  if (is_protocol == is_fragments) return 0;
  if (is_protocol) return add_protocol(l, file, src);
  size_t prefix = str_starts(src.name, str_z(l->data)) ? str_z(l->data).n + 1 : 0;
  coverage_add_fragments(&l->coverage, root, str_sub(src.name, prefix, src.name.n));
  return 0;
}

static int find_files(struct looking *l, const char *dir, int depth, struct error *e) {
  char **names;
  size_t n;
  if (depth == FOLDERS_MAX) return error_set(e, ERR_LIMIT, "%s: folders are nested too deep", dir);
  if (file_list(&names, &n, l->cli->arena, dir, e) < 0) return -1;
  for (size_t i = 0; i < n; i++) {
    const char *path = file_join(l->cli->arena, dir, names[i]);
    if (file_is_dir(path) && find_files(l, path, depth + 1, e) < 0) return -1;
    if (!file_is_dir(path) && str_ends(str_z(path), STR(".yaml"))) VEC_PUSH(l->cli->arena, &l->files, path);
  }
  return 0;
}

static int look(struct looking *l, const struct opt_list *named, struct error *e) {
  char *data;
  if (file_data_dir(&data, l->cli->arena, e) < 0) return -1;
  l->data = data;
  for (size_t i = 0; i < named->n; i++) VEC_PUSH(l->cli->arena, &l->files, named->v[i]);
  if (!named->n && find_files(l, file_join(l->cli->arena, data, "protocols"), 0, e) < 0) return -1;
  for (int fragments = 0; fragments < 2; fragments++)
    for (size_t i = 0; i < l->files.n; i++)
      if (look_at(l, l->files.v[i], fragments, e) < 0) return -1;
  coverage_finish(&l->coverage);
  return 0;
}

/* Those that concern one of the protocols, as they stand in the file. */
static int look_at_notes(struct fidelity_notes *out, const struct looking *l, struct error *e) {
  struct fidelity_notes *all;
  if (fidelity_load(&all, l->cli->arena, l->data, e) < 0) return -1;
  for (size_t i = 0; i < all->list.n; i++) {
    bool concerns = false;
    for (size_t k = 0; k < l->coverage.protocols.n && !concerns; k++) {
      const struct protocol *p = l->coverage.protocols.v[k].protocol;
      concerns = fidelity_concerns(&all->list.v[i], p->standard, p->id);
    }
    if (concerns) VEC_PUSH(l->cli->arena, &out->list, all->list.v[i]);
  }
  return 0;
}

static int cmd_coverage(struct cli *c, const struct command *self, int argc, char **argv) {
  struct looking l = {.cli = c};
  struct opt_list named;
  struct error e;
  struct buf out;
  const char *format = "text";
  const char *lang = NULL;
  const struct opt table[] = {{"format", OPT_TEXT, "FORMAT", "text (default), markdown, tsv", &format},
                              {"lang", OPT_TEXT, "da|en", "language of text", &lang},
                              {0}};
  enum opts_result r = opts_read(c, self, table, argc, argv, &named);
  if (r != OPTS_GO) return r == OPTS_HELP ? EXIT_OK : EXIT_USAGE;
  const struct coverage_format *f = coverage_format_named(format);
  if (!f) return cli_usage(c, "--format %s: there is text, markdown, tsv", format);
  coverage_init(&l.coverage, c->arena);
  struct fidelity_notes notes = {0};
  if (look(&l, &named, &e) < 0 || look_at_notes(&notes, &l, &e) < 0) return cli_fail(c, &e);
  if (l.wrong) return EXIT_USAGE;
  buf_init(&out, CLI_OUTPUT_MAX);
  f->print(&out, &l.coverage, &notes, lang && !strcmp(lang, "da"));
  cli_print(c->out, buf_str(&out));
  buf_release(&out);
  return EXIT_OK;
}

const struct command command_coverage = {
    .name = "coverage",
    .arguments = "[PROTOCOL...] [--format text|markdown|tsv]",
    .summary = "which steps the machine judges, which requirements are verified, and how far the standard is played",
    .run = cmd_coverage};
