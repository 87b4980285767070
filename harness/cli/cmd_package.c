/* package: the FHIR packages that the program keeps for itself. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/hash.h"
#include "cli/commands.h"
#include "cli/opts.h"
#include "cli/package_get.h"
#include "cli/packages.h"
#include "formats/archive.h"

#define TIMEOUT_MAX_SECONDS 3600

struct packages {
  struct cli *cli;
  struct package_get get; /* and where they are kept */
  const char *timeout;
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

static int keep_path_given(struct packages *ps, struct arena *a, const char *path, struct error *e) {
  struct package *p;
  struct str bytes;
  bool same;
  if (package_open(&p, a, path, e) || package_load(p, e)) return -1;
  packages_check(ps->cli, p);
  bytes = p->tgz;
  if (file_is_dir(path) && pack_folder(&bytes, a, path, e)) return -1;
  if (keep_package(&ps->get.keep, a, p, bytes, &same, e)) return -1;
  fprintf(ps->cli->out, "%s  %.*s@%.*s  %zu definitions\n", same ? "there already" : "added", STR_F(p->name),
          STR_F(p->version), p->items.n);
  return 0;
}

static int add_one(struct packages *ps, const char *path) {
  struct arena *a = arena_new(0);
  struct error e = {0};
  int rc = keep_path_given(ps, a, path, &e) ? cli_fail(ps->cli, &e) : EXIT_OK;
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
  if (file_mkdirs(ps->get.keep.dir, &e)) return cli_fail(ps->cli, &e);
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
  if (!file_is_dir(ps->get.keep.dir))
    return cli_usage(ps->cli, "there are no packages in %s; testcamp package add FILE puts one there",
                     ps->get.keep.dir);
  if (book_add_folder(ps->book, ps->get.keep.dir, &e)) return cli_fail(ps->cli, &e);
  size_t n = book_problems(&problems, ps->book);
  for (size_t i = 0; i < n; i++) cli_fail(ps->cli, &problems[i]);
  return EXIT_OK;
}

/* "lacks b@1.0.0 (1.2.0 instead), c@1.0.0", if it does. */
static void list_lacking(struct packages *ps, const struct package *p) {
  const struct book_missing *missing;
  struct package **closure;
  const char *before = "\tlacks ";
  struct str name = arena_printf(ps->cli->arena, "%.*s@%.*s", STR_F(p->name), STR_F(p->version));
  book_closure(&closure, ps->book, p);
  size_t n = book_missing(&missing, ps->book);
  for (size_t i = 0; i < n; i++) {
    if (!str_eq(missing[i].asker, name)) continue;
    fprintf(ps->cli->out, "%s%.*s", before, STR_F(missing[i].canonical));
    if (missing[i].instead.n) fprintf(ps->cli->out, " (%.*s instead)", STR_F(missing[i].instead));
    before = ", ";
  }
}

static int cmd_list_packages(struct packages *ps, const struct opt_list *what) {
  struct package **list;
  const struct error *problems;
  if (what->n) return cli_usage(ps->cli, "package list takes no arguments");
  int rc = open_book(ps);
  if (rc) return rc;
  size_t n = book_packages(&list, ps->book);
  for (size_t i = 0; i < n; i++) {
    fprintf(ps->cli->out, "%.*s@%.*s\t%.*s\t%.*s", STR_F(list[i]->name), STR_F(list[i]->version),
            STR_F(list[i]->canonical), STR_F(list[i]->origin));
    list_lacking(ps, list[i]);
    fprintf(ps->cli->out, "\n");
  }
  return book_problems(&problems, ps->book) ? EXIT_USAGE : EXIT_OK; /* said by open_book */
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
  bool whole = packages_check(ps->cli, p);
  show_package(ps, p);
  return whole ? EXIT_OK : EXIT_USAGE;
}

/* --- get --- */

static int cmd_get_packages(struct packages *ps, const struct opt_list *what) {
  struct registry_options *o = &ps->get.registry;
  const char *set = getenv("TESTCAMP_REGISTRY");
  int64_t seconds = REGISTRY_STILL_SECONDS;
  if (ps->timeout && (!str_int(str_z(ps->timeout), &seconds) || seconds < 1 || seconds > TIMEOUT_MAX_SECONDS))
    return cli_usage(ps->cli, "--timeout %s: a number of seconds from 1 to %d", ps->timeout, TIMEOUT_MAX_SECONDS);
  if (!o->url) o->url = set && *set ? set : REGISTRY_DEFAULT;
  o->still_ms = seconds * 1000;
  return package_get(&ps->get, what);
}

static int cmd_package(struct cli *c, const struct command *self, int argc, char **argv) {
  static const struct {
    const char *word;
    int (*run)(struct packages *ps, const struct opt_list *what);
  } words[] = {{"add", cmd_add}, {"get", cmd_get_packages}, {"list", cmd_list_packages}, {"show", cmd_show}};
  struct packages ps = {.cli = c, .get = {.cli = c}};
  struct opt_list rest;
  const struct opt table[] = {
      {"packages", OPT_TEXT, "DIR", "where packages are kept ($XDG_DATA_HOME/testcamp/packages)", &ps.get.keep.dir},
      {"replace", OPT_FLAG, NULL, "add, get: a package that is there already with other content is replaced",
       &ps.get.keep.replace},
      {"registry", OPT_TEXT, "URL", "get: from there ($TESTCAMP_REGISTRY, else " REGISTRY_DEFAULT ")",
       &ps.get.registry.url},
      {"no-dependencies", OPT_FLAG, NULL, "get: only the packages that are named", &ps.get.alone},
      {"unverified", OPT_FLAG, NULL, "get: take a package for which the registry gives no checksum",
       &ps.get.registry.unverified},
      {"ca", OPT_TEXT, "FILE", "get: certificates (PEM) of the authorities to trust", &ps.get.registry.ca_file},
      {"timeout", OPT_TEXT, "SECONDS", "get: given up after so long without a byte (30)", &ps.timeout},
      {0}};
  enum opts_result r = opts_read(c, self, table, argc, argv, &rest);
  if (r != OPTS_GO) return r == OPTS_HELP ? EXIT_OK : EXIT_USAGE;
  if (!ps.get.keep.dir) ps.get.keep.dir = packages_default_dir(c->arena);
  if (!ps.get.keep.dir) return cli_usage(c, "where packages are kept is not known: set HOME, or give --packages DIR");
  struct opt_list what = {.n = rest.n ? rest.n - 1 : 0};
  memcpy(what.v, rest.v + 1, what.n * sizeof *what.v);
  for (size_t i = 0; rest.n && i < sizeof words / sizeof *words; i++)
    if (!strcmp(words[i].word, rest.v[0])) return words[i].run(&ps, &what);
  return cli_usage(c, "package %s is unknown; there are package add, get, list and show",
                   rest.n ? rest.v[0] : "without a word");
}

const struct command command_package = {.name = "package",
                                        .arguments =
                                            "add FILE|FOLDER... | get NAME[@VERSION]... | list | show NAME@VERSION",
                                        .summary = "keep FHIR packages, and see what is in them",
                                        .run = cmd_package};
