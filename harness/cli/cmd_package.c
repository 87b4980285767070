/* package: the FHIR packages that the program keeps for itself. */
#include <string.h>

#include "base/file.h"
#include "base/hash.h"
#include "cli/commands.h"
#include "cli/opts.h"
#include "cli/packages.h"
#include "formats/archive.h"

struct packages {
  struct cli *cli;
  const char *dir; /* where they are kept */
  bool replace;
  struct book *book; /* of list and show */
};

/* --- add --- */

struct packing {
  struct arena *arena;
  VEC(struct archive_file) files;
};

static int pack_file(struct packing *p, const char *dir, const char *name, struct error *e) {
  struct archive_file *f = VEC_ADD(p->arena, &p->files);
  f->name = arena_printf(p->arena, "package/%s", name);
  return file_read(&f->bytes, p->arena, file_join(p->arena, dir, name), PACKAGE_MEMBER_MAX, e);
}

/* The .tgz of an unpacked package: its JSON files, package.json first. */
static int pack_folder(struct str *out, struct arena *a, const char *path, struct error *e) {
  struct packing p = {.arena = a};
  struct buf tgz;
  char **names;
  size_t n;
  const char *dir = file_exists(file_join(a, path, "package.json")) ? path : file_join(a, path, "package");
  if (file_list(&names, &n, a, dir, e) || pack_file(&p, dir, "package.json", e)) return -1;
  for (size_t i = 0; i < n; i++) {
    if (!str_ends(str_z(names[i]), STR(".json")) || !strcmp(names[i], "package.json")) continue;
    if (pack_file(&p, dir, names[i], e)) return -1;
  }
  buf_init(&tgz, PACKAGE_FILE_MAX);
  int rc = archive_pack(&tgz, p.files.v, p.files.n, e);
  *out = buf_take(&tgz, a);
  return rc;
}

/* A package that is kept never changes silently. */
static int check_same(struct packages *ps, struct arena *a, const char *to, struct str bytes, bool *same,
                      struct error *e) {
  struct str old;
  *same = false;
  if (!file_exists(to)) return 0;
  if (file_map(&old, a, to, PACKAGE_FILE_MAX, e)) return ps->replace ? 0 : -1;
  *same = str_eq(old, bytes);
  if (*same || ps->replace) return 0;
  return error_set(e, ERR_CONFIG, "%s is there already with other content; --replace puts the new one in its place",
                   to);
}

static int keep_package(struct packages *ps, struct arena *a, const char *path, struct error *e) {
  struct package *p;
  struct str bytes;
  bool same;
  if (package_open(&p, a, path, e) || package_load(p, e)) return -1;
  bytes = p->tgz;
  if (file_is_dir(path) && pack_folder(&bytes, a, path, e)) return -1;
  struct str name = arena_printf(a, "%.*s-%.*s.tgz", STR_F(p->name), STR_F(p->version));
  const char *to = file_join(a, ps->dir, name.p);
  if (check_same(ps, a, to, bytes, &same, e)) return -1;
  if (!same && file_write(to, bytes, e)) return -1;
  fprintf(ps->cli->out, "%s  %.*s@%.*s  %zu definitions\n", same ? "there already" : "added", STR_F(p->name),
          STR_F(p->version), p->items.n);
  return 0;
}

static int add_one(struct packages *ps, const char *path) {
  struct arena *a = arena_new(0);
  struct error e = {0};
  int rc = keep_package(ps, a, path, &e) ? cli_fail(ps->cli, &e) : EXIT_OK;
  arena_free(a);
  return rc;
}

static int add_all_in(struct packages *ps, const char *dir) {
  struct arena *a = ps->cli->arena;
  struct error e = {0};
  char **names;
  size_t n, found = 0;
  int worst = EXIT_OK;
  if (file_list(&names, &n, a, dir, &e)) return cli_fail(ps->cli, &e);
  for (size_t i = 0; i < n; i++) {
    const char *path = file_join(a, dir, names[i]);
    bool archive = str_ends(str_z(path), STR(".tgz")) || str_ends(str_z(path), STR(".tar.gz"));
    if (!archive && !packages_is_folder(a, path)) continue;
    found++;
    if (add_one(ps, path)) worst = EXIT_USAGE;
  }
  return found ? worst : cli_usage(ps->cli, "%s holds no package (.tgz, or a folder with package.json)", dir);
}

static int cmd_add(struct packages *ps, const struct opt_list *what) {
  struct error e = {0};
  int worst = EXIT_OK;
  if (!what->n) return cli_usage(ps->cli, "package add needs a file or folder");
  if (file_mkdirs(ps->dir, &e)) return cli_fail(ps->cli, &e);
  for (size_t i = 0; i < what->n; i++) {
    bool many = file_is_dir(what->v[i]) && !packages_is_folder(ps->cli->arena, what->v[i]);
    int rc = many ? add_all_in(ps, what->v[i]) : add_one(ps, what->v[i]);
    if (rc) worst = rc;
  }
  return worst;
}

/* --- list and show --- */

static int open_book(struct packages *ps) {
  struct error e = {0};
  const struct error *problems;
  ps->book = book_new(ps->cli->arena);
  if (!file_is_dir(ps->dir))
    return cli_usage(ps->cli, "there are no packages in %s; testcamp package add FILE puts one there", ps->dir);
  if (book_add_folder(ps->book, ps->dir, &e)) return cli_fail(ps->cli, &e);
  size_t n = book_problems(&problems, ps->book);
  for (size_t i = 0; i < n; i++) cli_fail(ps->cli, &problems[i]);
  return EXIT_OK;
}

static int cmd_list_packages(struct packages *ps, const struct opt_list *what) {
  struct package **list;
  if (what->n) return cli_usage(ps->cli, "package list takes no arguments");
  int rc = open_book(ps);
  if (rc) return rc;
  size_t n = book_packages(&list, ps->book);
  for (size_t i = 0; i < n; i++)
    fprintf(ps->cli->out, "%.*s@%.*s\t%.*s\t%.*s\n", STR_F(list[i]->name), STR_F(list[i]->version),
            STR_F(list[i]->canonical), STR_F(list[i]->origin));
  return EXIT_OK;
}

static void show_dependencies(struct packages *ps, struct package *p) {
  const struct book_missing *missing;
  struct package **closure;
  size_t n = book_closure(&closure, ps->book, p);
  for (size_t i = 1; i < n; i++)
    fprintf(ps->cli->out, "needs\t%.*s@%.*s\n", STR_F(closure[i]->name), STR_F(closure[i]->version));
  n = book_missing(&missing, ps->book);
  for (size_t i = 0; i < n; i++)
    fprintf(ps->cli->out, "lacks\t%.*s\tasked for by %.*s%s%.*s\n", STR_F(missing[i].canonical),
            STR_F(missing[i].asker), missing[i].instead.n ? "; instead " : "", STR_F(missing[i].instead));
}

static void show_package(struct packages *ps, struct package *p) {
  FILE *out = ps->cli->out;
  char digest[SHA256_HEX + 1] = "";
  if (p->tgz.n) sha256_hex(digest, p->tgz);
  fprintf(out, "package\t%.*s@%.*s\n", STR_F(p->name), STR_F(p->version));
  fprintf(out, "title\t%.*s\n", STR_F(p->title));
  fprintf(out, "canonical\t%.*s\n", STR_F(p->canonical));
  fprintf(out, "fhir\t%.*s\n", STR_F(p->fhir_version));
  fprintf(out, "file\t%.*s\n", STR_F(p->origin));
  fprintf(out, "sha256\t%s\n", digest[0] ? digest : "-");
  show_dependencies(ps, p);
  for (size_t i = 0; i < p->items.n; i++) {
    const struct package_item *item = p->items.v[i];
    fprintf(out, "%.*s\t%.*s|%.*s\n", STR_F(item->type), STR_F(item->url), STR_F(item->version));
  }
}

static int cmd_show(struct packages *ps, const struct opt_list *what) {
  struct error e = {0};
  if (what->n != 1) return cli_usage(ps->cli, "package show needs one NAME@VERSION");
  int rc = open_book(ps);
  if (rc) return rc;
  struct str name, version, spec = str_z(what->v[0]);
  if (book_use(ps->book, spec, &e)) return cli_fail(ps->cli, &e); /* says what is there instead */
  if (!package_spec_parse(spec, &name, &version)) return EXIT_USAGE;
  struct package *p = book_package(ps->book, name, version);
  if (package_load(p, &e)) return cli_fail(ps->cli, &e);
  show_package(ps, p);
  return EXIT_OK;
}

static int cmd_package(struct cli *c, const struct command *self, int argc, char **argv) {
  static const struct {
    const char *word;
    int (*run)(struct packages *ps, const struct opt_list *what);
  } words[] = {{"add", cmd_add}, {"list", cmd_list_packages}, {"show", cmd_show}};
  struct packages ps = {.cli = c};
  struct opt_list rest;
  const struct opt table[] = {
      {"packages", OPT_TEXT, "DIR", "where packages are kept ($XDG_DATA_HOME/testcamp/packages)", &ps.dir},
      {"replace", OPT_FLAG, NULL, "add: a package that is there already with other content is replaced", &ps.replace},
      {0}};
  enum opts_result r = opts_read(c, self, table, argc, argv, &rest);
  if (r != OPTS_GO) return r == OPTS_HELP ? EXIT_OK : EXIT_USAGE;
  if (!ps.dir) ps.dir = packages_default_dir(c->arena);
  if (!ps.dir) return cli_usage(c, "where packages are kept is not known: set HOME, or give --packages DIR");
  struct opt_list what = {.n = rest.n ? rest.n - 1 : 0};
  memcpy(what.v, rest.v + 1, what.n * sizeof *what.v);
  for (size_t i = 0; rest.n && i < sizeof words / sizeof *words; i++)
    if (!strcmp(words[i].word, rest.v[0])) return words[i].run(&ps, &what);
  return cli_usage(c, "package %s is unknown; there are package add, package list and package show",
                   rest.n ? rest.v[0] : "without a word");
}

const struct command command_package = {.name = "package",
                                        .arguments = "add FILE|FOLDER... | list | show NAME@VERSION",
                                        .summary = "keep FHIR packages, and see what is in them",
                                        .run = cmd_package};
