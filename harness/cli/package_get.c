#include "cli/package_get.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/map.h"
#include "cli/packages.h"

/* A package to get, or one that could not be had. */
struct wish {
  struct str name, version; /* version as asked for */
  struct str asker;         /* NAME@VERSION of the package that needs it; empty: the user */
  int code;                 /* EXIT_OK, or that of its error */
};

struct getting {
  struct package_get *g;
  struct registry *registry;
  struct arena *arena;
  VEC(struct wish) wishes; /* in order of asking; grows while it is worked off */
  struct map seen;         /* NAME@VERSION of the wishes, and of the packages they led to */
};

static struct str spec_of(struct arena *a, struct str name, struct str version) {
  return arena_printf(a, "%.*s@%.*s", STR_F(name), STR_F(version));
}

/* Names come from packages, and may be anything: what they do to a terminal is taken out. */
static struct str shown(struct arena *a, struct str s) {
  char *copy = arena_z(a, s);
  for (size_t i = 0; i < s.n; i++)
    if ((unsigned char)copy[i] < ' ' || copy[i] == 0x7F) copy[i] = '?';
  return (struct str){copy, s.n};
}

static int wish(struct getting *s, struct str name, struct str version, struct str asker, struct error *e) {
  struct str spec = spec_of(s->arena, name, version);
  if (map_get(&s->seen, spec)) return 0;
  if (s->wishes.n == PACKAGE_GET_MAX)
    return error_set(e, ERR_LIMIT, "more than %d packages are asked for", PACKAGE_GET_MAX);
  map_set(&s->seen, spec, s);
  struct wish one = {shown(s->arena, name), shown(s->arena, version), arena_str(s->arena, asker), EXIT_OK};
  VEC_PUSH(s->arena, &s->wishes, one);
  return 0;
}

/* ---- one package ---- */

static void say(struct getting *s, const char *done, const struct wish *w, const struct package *p, bool checked) {
  FILE *out = s->g->cli->out;
  fprintf(out, "%s  %.*s@%.*s", done, STR_F(p->name), STR_F(p->version));
  if (!str_eq(w->version, p->version)) fprintf(out, "  for %.*s", STR_F(w->version.n ? w->version : STR("latest")));
  if (w->asker.n) fprintf(out, "  needed by %.*s", STR_F(w->asker));
  fprintf(out, "%s\n", checked ? "" : "  NOT VERIFIED: the registry gives no checksum");
}

/* A kept file under the name of another package would be taken for it ever after. */
static int check_is(const struct package *p, struct str name, struct str version, struct str from, struct error *e) {
  if (str_eq(p->name, name) && str_eq(p->version, version)) return 0;
  return error_set(e, ERR_SYNTAX, "%.*s: asked for %.*s@%.*s, and the package calls itself %.*s@%.*s", STR_F(from),
                   STR_F(name), STR_F(version), STR_F(p->name), STR_F(p->version));
}

static int open_kept(struct package **out, struct getting *s, struct arena *a, struct str name, struct str version,
                     struct error *e) {
  const char *path = keep_path(&s->g->keep, a, name, version);
  *out = NULL;
  if (s->g->keep.replace || !version.n || !file_exists(path)) return 0;
  if (package_open(out, a, path, e)) return -1;
  return check_is(*out, name, version, str_z(path), e);
}

static int fetch(struct package **out, bool *same, bool *checked, struct getting *s, struct arena *a,
                 const struct release *release, struct error *e) {
  struct str tgz;
  if (registry_fetch(&tgz, checked, s->registry, release, a, e)) return -1;
  if (package_open_bytes(out, a, (struct source){release->tarball, tgz}, e)) return -1;
  if (check_is(*out, release->name, release->version, release->tarball, e)) return -1;
  if (package_load(*out, e)) return -1;
  packages_check(s->g->cli, *out);
  return keep_package(&s->g->keep, a, *out, tgz, same, e);
}

/* The registry is asked only for what is not there. */
static int have(struct package **out, struct getting *s, struct arena *a, const struct wish *w, struct error *e) {
  struct release release;
  bool same = true, checked = true;
  if (open_kept(out, s, a, w->name, w->version, e)) return -1;
  if (!*out) {
    if (registry_find(&release, s->registry, w->name, w->version, e)) return -1;
    if (open_kept(out, s, a, release.name, release.version, e)) return -1;
  }
  if (!*out && fetch(out, &same, &checked, s, a, &release, e)) return -1;
  say(s, same ? "there already" : "added", w, *out, checked);
  return 0;
}

static int wish_dependencies(struct getting *s, const struct package *p, struct error *e) {
  struct str asker = spec_of(s->arena, p->name, p->version);
  map_set(&s->seen, asker, s);
  for (size_t i = 0; !s->g->alone && i < p->dependencies.n; i++)
    if (wish(s, p->dependencies.v[i].name, p->dependencies.v[i].version, asker, e)) return -1;
  return 0;
}

static int check_spec(struct arena *a, const struct wish *w, struct error *e) {
  struct str name, version, spec = w->version.n ? spec_of(a, w->name, w->version) : w->name;
  /* "*" is a version to ask for, but none that a package can have. */
  bool star = str_eqz(w->version, "*") || str_ends(w->version, STR(".*"));
  if (package_spec_parse(star ? w->name : spec, &name, &version)) return 0;
  return error_set(e, ERR_CONFIG, "\"%.*s\" is no NAME@VERSION that a registry can be asked for", STR_F(spec));
}

static int get_one(struct getting *s, const struct wish *w) {
  struct arena *a = arena_new(0);
  struct error e = {0};
  struct package *p = NULL;
  int rc = check_spec(a, w, &e) || have(&p, s, a, w, &e) || wish_dependencies(s, p, &e);
  int code = rc ? cli_fail(s->g->cli, &e) : EXIT_OK;
  arena_free(a);
  return code;
}

/* ---- all of them ---- */

static int list_lacking(struct getting *s) {
  int worst = EXIT_OK;
  for (size_t i = 0; i < s->wishes.n; i++) {
    const struct wish *w = &s->wishes.v[i];
    if (w->code == EXIT_OK) continue;
    if (worst != EXIT_USAGE) worst = w->code;
    fprintf(s->g->cli->out, "lacks  %.*s@%.*s", STR_F(w->name), STR_F(w->version.n ? w->version : STR("latest")));
    fprintf(s->g->cli->out, w->asker.n ? "  needed by %.*s\n" : "%.*s\n", STR_F(w->asker));
  }
  return worst;
}

static int get_all(struct getting *s, const struct opt_list *what) {
  struct error e = {0};
  for (size_t i = 0; i < what->n; i++) {
    struct str version = str_z(what->v[i]);
    char sep = str_index(version, '@') == SIZE_MAX ? '#' : '@';
    struct str name = str_cut(&version, sep);
    if (wish(s, name, version, STR(""), &e)) return cli_fail(s->g->cli, &e);
  }
  for (size_t i = 0; i < s->wishes.n; i++) {
    struct wish w = s->wishes.v[i]; /* the list may move */
    int code = get_one(s, &w);
    s->wishes.v[i].code = code;
  }
  return list_lacking(s);
}

int package_get(struct package_get *g, const struct opt_list *what) {
  struct getting s = {.g = g, .arena = g->cli->arena};
  struct error e = {0};
  if (!what->n) return cli_usage(g->cli, "package get needs a NAME@VERSION");
  if (file_mkdirs(g->keep.dir, &e) || registry_open(&s.registry, g->cli, &g->registry, &e)) return cli_fail(g->cli, &e);
  map_init(&s.seen, s.arena);
  int code = get_all(&s, what);
  registry_close(s.registry);
  return code;
}
