/* closure: which packages a package means by its dependencies. */
#include "fhir/book_int.h"

struct package *book_package(struct book *b, struct str name, struct str version) {
  struct package *best = NULL;
  for (size_t i = 0; i < b->packages.n; i++) {
    struct package *p = b->packages.v[i];
    if (!str_eq(p->name, name) || !package_version_fits(p->version, version)) continue;
    if (str_eq(p->version, version)) return p;
    if (!best || package_version_cmp(p->version, best->version) > 0) best = p;
  }
  return best;
}

static struct str major(struct str version) {
  return str_cut(&version, '.');
}

/* True if a stands better than b for a version that is not there: the same major number first, then the lowest that is
 * not older than wanted, then the newest. */
static bool stands_better(struct str a, struct str b, struct str wanted) {
  bool same_a = str_eq(major(a), major(wanted)), same_b = str_eq(major(b), major(wanted));
  if (same_a != same_b) return same_a;
  bool later_a = package_version_cmp(a, wanted) >= 0, later_b = package_version_cmp(b, wanted) >= 0;
  if (later_a != later_b) return later_a;
  int cmp = package_version_cmp(a, b);
  return later_a && same_a ? cmp < 0 : cmp > 0;
}

static struct package *stand_in(struct book *b, const struct package_dependency *d) {
  struct package *best = NULL;
  for (size_t i = 0; i < b->packages.n; i++) {
    struct package *p = b->packages.v[i];
    if (str_eq(p->name, d->name) && (!best || stands_better(p->version, best->version, d->version))) best = p;
  }
  return best;
}

static struct package *dependency(struct book *b, const struct package *asker, const struct package_dependency *d) {
  struct package *p = book_package(b, d->name, d->version);
  if (p) return p;
  p = stand_in(b, d);
  book_miss(b, "package", arena_printf(b->arena, "%.*s@%.*s", STR_F(d->name), STR_F(d->version)), asker,
            p ? p->version : (struct str){0});
  return p;
}

static bool has(const struct package_list *list, const struct package *p) {
  for (size_t i = 0; i < list->n; i++)
    if (list->v[i] == p) return true;
  return false;
}

const struct package_list *book_closure_of(struct book *b, const struct package *from) {
  static const struct package_list none;
  if (from->closure) return from->closure;
  struct package *p = book_package(b, from->name, from->version);
  if (p != from) return &none; /* not one of this book */
  struct package_list *list = ARENA_NEW(b->arena, struct package_list);
  p->closure = list;
  VEC_PUSH(b->arena, list, p);
  for (size_t i = 0; i < list->n; i++) {
    const struct package *at = list->v[i];
    for (size_t k = 0; k < at->dependencies.n; k++) {
      struct package *next = dependency(b, at, &at->dependencies.v[k]);
      if (next && !has(list, next)) VEC_PUSH(b->arena, list, next);
    }
  }
  return list;
}

size_t book_closure(struct package ***out, struct book *b, const struct package *p) {
  const struct package_list *list = book_closure_of(b, p);
  *out = list->v;
  return list->n;
}

bool book_may_lack(const struct book *b, struct str url) {
  for (size_t i = 0; i < b->packages.n; i++) {
    const struct package *p = b->packages.v[i];
    if (p->part && p->canonical.n && str_starts(url, p->canonical)) return true;
  }
  return false;
}

bool book_has_guide_of(const struct book *b, struct str url) {
  for (size_t i = 0; i < b->packages.n; i++) {
    struct str canonical = b->packages.v[i]->canonical;
    if (canonical.n && url.n > canonical.n && str_starts(url, canonical) && url.p[canonical.n] == '/') return true;
  }
  return false;
}

/* What these define stays from version to version. */
static bool is_stable(struct str name) {
  return str_starts(name, STR("hl7.terminology")) || str_starts(name, STR("hl7.fhir.uv.extensions"));
}

static bool is_there(struct book *b, const struct package_dependency *d) {
  const struct package *p = book_package(b, d->name, d->version);
  return p && package_version_fits(p->version, d->version);
}

bool book_stands_in(struct book *b, const struct package *from, const struct package *p) {
  if (!from || !p || is_stable(p->name)) return false;
  const struct package_list *list = book_closure_of(b, from);
  for (size_t i = 0; i < list->n; i++)
    for (size_t k = 0; k < list->v[i]->dependencies.n; k++) {
      const struct package_dependency *d = &list->v[i]->dependencies.v[k];
      if (str_eq(d->name, p->name) && !package_version_fits(p->version, d->version) && !is_there(b, d)) return true;
    }
  return false;
}

static struct str versions_of(struct book *b, struct str name) {
  struct buf text;
  buf_init(&text, 1000);
  for (size_t i = 0; i < b->packages.n; i++) {
    if (!str_eq(b->packages.v[i]->name, name)) continue;
    buf_addz(&text, text.n ? ", " : "");
    buf_add(&text, b->packages.v[i]->version);
  }
  return buf_take(&text, b->arena);
}

static struct str nearest_name(struct book *b, struct str name) {
  struct str best = {0};
  size_t least = SIZE_MAX;
  for (size_t i = 0; i < b->packages.n; i++) {
    size_t d = str_distance(b->packages.v[i]->name, name);
    if (d < least) least = d, best = b->packages.v[i]->name;
  }
  return best;
}

static int not_there(struct book *b, struct str spec, struct str name, struct error *e) {
  struct str versions = versions_of(b, name);
  if (versions.n)
    return error_set(e, ERR_CONFIG, "package %.*s is not there; there is %.*s of: %.*s", STR_F(spec), STR_F(name),
                     STR_F(versions));
  struct str nearest = nearest_name(b, name);
  if (!nearest.n) return error_set(e, ERR_CONFIG, "package %.*s is not there, nor any other", STR_F(spec));
  return error_set(e, ERR_CONFIG, "package %.*s is not there; did you mean %.*s?", STR_F(spec), STR_F(nearest));
}

int book_use(struct book *b, struct str spec, struct error *e) {
  struct str name, version;
  if (!package_spec_parse(spec, &name, &version))
    return error_set(e, ERR_CONFIG, "\"%.*s\" is no package; write NAME@VERSION", STR_F(spec));
  struct package *p = book_package(b, name, version);
  if (!p) return not_there(b, spec, name, e);
  const struct package_list *list = book_closure_of(b, p);
  for (size_t i = 0; i < list->n; i++)
    if (!has(&b->pins, list->v[i])) VEC_PUSH(b->arena, &b->pins, list->v[i]);
  return 0;
}
