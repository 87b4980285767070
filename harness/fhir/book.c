#include "fhir/book.h"

#include <string.h>

#include "base/file.h"
#include "fhir/book_int.h"
#include "fhir/compiled_int.h"

#define BOOK_FILE_MAX ((size_t)64 << 20) /* bytes of a loose definition */
#define MISSED_KEY_MAX (2 * (size_t)BOOK_CANONICAL_MAX)
#define TYPE_MAX 200 /* bytes of the name of a type */
#define BASE_TYPES "http://hl7.org/fhir/StructureDefinition/"

struct book *book_new(struct arena *a) {
  struct book *b = ARENA_NEW(a, struct book);
  b->arena = a;
  b->loose.arena = a;
  b->loose.loaded = true;
  map_init(&b->loose.by_url, a);
  map_init(&b->missed, a);
  return b;
}

struct str book_spec(struct book *b, const struct package *p) {
  return arena_printf(b->arena, "%.*s@%.*s", STR_F(p->name), STR_F(p->version));
}

void book_problem(struct book *b, const struct error *e) {
  VEC_PUSH(b->arena, &b->problems, *e);
}

void book_load(struct book *b, struct package *p) {
  struct error e = {0};
  if (p->loaded) return;
  if (package_load(p, &e)) book_problem(b, &e);
  for (size_t i = 0; i < p->problems.n; i++) book_problem(b, &p->problems.v[i]);
}

void book_miss(struct book *b, const char *type, struct str canonical, const struct package *asker,
               struct str instead) {
  if (b->missing.n == BOOK_MISSING_MAX) return;
  struct str by = asker ? book_spec(b, asker) : (struct str){0};
  struct buf key;
  buf_init(&key, MISSED_KEY_MAX);
  buf_printf(&key, "%s %.*s %.*s", type, STR_F(canonical), STR_F(by));
  bool known = map_get(&b->missed, buf_str(&key)) != NULL; /* asked for with each message: nothing more is kept */
  if (!known) map_set(&b->missed, arena_str(b->arena, buf_str(&key)), b);
  buf_release(&key);
  if (known) return;
  struct book_missing m = {str_z(type), arena_str(b->arena, canonical), by, instead};
  VEC_PUSH(b->arena, &b->missing, m);
}

/* --- adding --- */

static bool is_there(const struct book *b, const struct package *p) {
  for (size_t i = 0; i < b->packages.n; i++)
    if (str_eq(b->packages.v[i]->name, p->name) && str_eq(b->packages.v[i]->version, p->version)) return true;
  return false;
}

void book_put_package(struct book *b, struct package *p) {
  if (is_there(b, p)) return;
  VEC_PUSH(b->arena, &b->packages, p);
  for (size_t i = 0; i < b->packages.n; i++) b->packages.v[i]->closure = NULL; /* they may mean others now */
}

int book_add_package(struct book *b, const char *path, struct error *e) {
  struct package *p;
  if (b->packages.n == BOOK_PACKAGES_MAX)
    return error_set(e, ERR_LIMIT, "%s is one package too many; at most %d", path, BOOK_PACKAGES_MAX);
  if (package_open(&p, b->arena, path, e)) return -1;
  book_put_package(b, p);
  return 0;
}

bool book_may_be_package(struct arena *a, const char *path) {
  if (str_ends(str_z(path), STR(".tgz")) || str_ends(str_z(path), STR(".tar.gz"))) return !file_is_dir(path);
  return file_exists(file_join(a, path, "package.json")) || file_exists(file_join(a, path, "package/package.json"));
}

int book_add_folder(struct book *b, const char *dir, struct error *e) {
  char **names;
  size_t n, found = 0;
  if (file_list(&names, &n, b->arena, dir, e)) return -1;
  for (size_t i = 0; i < n; i++) {
    const char *path = file_join(b->arena, dir, names[i]);
    struct error problem = {0};
    if (!book_may_be_package(b->arena, path)) continue;
    found++;
    if (book_add_package(b, path, &problem)) book_problem(b, &problem);
  }
  return found ? 0 : error_set(e, ERR_CONFIG, "%s holds no package (.tgz, or a folder with package.json)", dir);
}

static struct str child_text(const struct node *n, const char *name) {
  const struct node *c = node_child(n, name);
  return c ? c->text : (struct str){0};
}

static int add_one(struct book *b, struct node *n, struct str file, struct error *e) {
  struct str url = child_text(n, "url");
  if (!url.n && !slim_wants(n->type)) return 0; /* an example: nothing that can be looked up */
  if (url.n > BOOK_CANONICAL_MAX)
    return error_at(e, ERR_LIMIT, file, n->line, n->col, "a definition whose url has %zu bytes; at most %d (%s)", url.n,
                    BOOK_CANONICAL_MAX, "BOOK_CANONICAL_MAX");
  if (!url.n) return error_at(e, ERR_SYNTAX, file, n->line, n->col, "a definition without url: %.*s", STR_F(n->type));
  struct package_item *item = ARENA_NEW(b->arena, struct package_item);
  *item = (struct package_item){.type = n->type,
                                .url = url,
                                .version = child_text(n, "version"),
                                .id = child_text(n, "id"),
                                .supplements = child_text(n, "supplements"),
                                .file = arena_str(b->arena, file),
                                .node = n};
  VEC_PUSH(b->arena, &b->loose.items, item);
  item->same = map_get(&b->loose.by_url, url);
  map_set(&b->loose.by_url, url, item);
  return 0;
}

int book_add_resource(struct book *b, struct node *resource, struct str file, struct error *e) {
  if (!str_eqz(resource->type, "Bundle")) return add_one(b, resource, file, e);
  for (NODE_EACH(entry, resource)) {
    struct node *r = str_eqz(entry->name, "entry") ? node_child(entry, "resource") : NULL;
    if (r && add_one(b, r, file, e)) return -1;
  }
  return 0;
}

int book_add_file(struct book *b, const char *path, struct error *e) {
  struct str bytes;
  struct node *n;
  struct findings f;
  enum resource_form form;
  if (file_read(&bytes, b->arena, path, BOOK_FILE_MAX, e)) return -1;
  findings_init(&f, b->arena);
  if (resource_read(&n, &form, b->arena, (struct source){str_z(path), bytes}, &f))
    return findings_error(&f, e) ? -1 : error_set(e, ERR_SYNTAX, "%s is no definition", path);
  return book_add_resource(b, n, str_z(path), e);
}

/* --- looking up --- */

struct query {
  struct str type, url, version;
  struct package_item *best;
};

static bool owns(const struct package *p, struct str url) {
  struct str c = p->canonical;
  while (c.n && c.p[c.n - 1] == '/') c.n--;
  return c.n && c.n < url.n && str_starts(url, c) && url.p[c.n] == '/';
}

static struct package_item *in_package(struct book *b, struct package *p, const struct query *q) {
  book_load(b, p);
  return package_find(p, q->type, q->url, q->version);
}

/* The first package of a list that has it; those first whose own canonical the url begins with. */
static struct package_item *in_list(struct book *b, const struct package_list *list, const struct query *q) {
  for (int owners = 1; owners >= 0; owners--)
    for (size_t i = 0; i < list->n; i++) {
      struct package *p = list->v[i];
      struct package_item *item = owns(p, q->url) == owners ? in_package(b, p, q) : NULL;
      if (item) return item;
    }
  return NULL;
}

/* Within one package by its own version: those of the definitions in it are not always raised with it. */
static bool is_newer(const struct package_item *a, const struct package_item *b) {
  int item = package_version_cmp(a->version, b->version);
  int package = package_version_cmp(a->package->version, b->package->version);
  if (str_eq(a->package->name, b->package->name) && package) return package > 0;
  return item ? item > 0 : package > 0;
}

static struct package_item *newest(struct book *b, const struct query *q) {
  struct package_item *best = NULL;
  for (int owners = 1; owners >= 0 && !best; owners--)
    for (size_t i = 0; i < b->packages.n; i++) {
      struct package *p = b->packages.v[i];
      struct package_item *item = owns(p, q->url) == owners ? in_package(b, p, q) : NULL;
      if (item && (!best || is_newer(item, best))) best = item;
    }
  return best;
}

static struct package_item *find(struct book *b, const struct query *q, const struct package *from) {
  struct package_item *item = package_find(&b->loose, q->type, q->url, q->version);
  if (!item && from) item = in_list(b, book_closure_of(b, from), q);
  if (!item) item = in_list(b, &b->pins, q);
  return item ? item : newest(b, q);
}

struct package_item *book_item(struct book *b, const char *type, struct str canonical, const struct package *from) {
  struct query q = {.type = str_z(type)};
  q.url = canonical_cut(canonical, &q.version);
  struct str fragment = q.url;
  q.url = str_cut(&fragment, '#');
  return q.url.n && canonical.n <= BOOK_CANONICAL_MAX ? find(b, &q, from) : NULL;
}

/* The same, with what is missing listed, and another version instead of one that is not there. */
static struct package_item *demand(struct book *b, const char *type, struct str canonical, const struct package *from) {
  struct str version;
  struct str url = canonical_cut(canonical, &version);
  struct package_item *item = book_item(b, type, canonical, from);
  if (item || !url.n || canonical.n > BOOK_CANONICAL_MAX) return item;
  if (version.n) item = book_item(b, type, url, from);
  book_miss(b, type, canonical, from, item ? item->version : (struct str){0});
  return item;
}

/* --- definitions --- */

static void *make_structure(struct arena *a, const struct node *n, const struct package *p) {
  struct structure *s = structure_read(a, n, p);
  if (s && !s->version.n && p) s->version = p->version;
  return s;
}

static void *make_value_set(struct arena *a, const struct node *n, const struct package *p) {
  struct value_set *vs = value_set_read(a, n, p);
  if (vs && !vs->version.n && p) vs->version = p->version;
  return vs;
}

static void *make_code_system(struct arena *a, const struct node *n, const struct package *p) {
  struct code_system *cs = code_system_read(a, n, p);
  if (cs && !cs->version.n && p) cs->version = p->version;
  return cs;
}

static const struct {
  const char *type;
  void *(*make)(struct arena *, const struct node *, const struct package *);
} kinds[] = {
    [IMAGE_STRUCTURE] = {"StructureDefinition", make_structure},
    [IMAGE_VALUE_SET] = {"ValueSet", make_value_set},
    [IMAGE_CODE_SYSTEM] = {"CodeSystem", make_code_system},
};

void *book_make(struct package_item *item, enum image_kind kind, struct arena *a) {
  if (!str_eqz(item->type, kinds[kind].type)) return NULL;
  const struct node *n = package_item_node(item, a);
  return n ? kinds[kind].make(a, n, item->package) : NULL;
}

static void *made(struct book *b, struct package_item *item, enum image_kind kind) {
  if (!item || !str_eqz(item->type, kinds[kind].type) || item->broken) return NULL;
  if (!item->made) item->made = compiled_definition(b->arena, kind, item);
  if (!item->made) item->made = book_make(item, kind, b->arena);
  if (item->why) book_problem(b, item->why);
  if (!item->made) item->broken = true;
  return item->made;
}

struct structure *book_item_structure(struct book *b, struct package_item *item) {
  return made(b, item, IMAGE_STRUCTURE);
}

struct structure *book_structure(struct book *b, struct str canonical, const struct package *from) {
  return made(b, demand(b, "StructureDefinition", canonical, from), IMAGE_STRUCTURE);
}

struct value_set *book_value_set(struct book *b, struct str canonical, const struct package *from) {
  return made(b, demand(b, "ValueSet", canonical, from), IMAGE_VALUE_SET);
}

struct code_system *book_code_system(struct book *b, struct str canonical, const struct package *from) {
  return made(b, demand(b, "CodeSystem", canonical, from), IMAGE_CODE_SYSTEM);
}

struct versions {
  struct structure **v;
  size_t n, cap;
};

static void put_version(struct arena *a, struct versions *list, struct structure *s) {
  size_t at = 0;
  while (at < list->n && package_version_cmp(list->v[at]->version, s->version) > 0) at++;
  if (at < list->n && str_eq(list->v[at]->version, s->version)) return;
  VEC_ADD(a, list);
  for (size_t i = list->n - 1; i > at; i--) list->v[i] = list->v[i - 1];
  list->v[at] = s;
}

size_t book_structure_versions(struct structure ***out, struct book *b, struct str url) {
  struct versions list = {0};
  struct query q = {.type = STR("StructureDefinition"), .url = url};
  for (size_t i = 0; i < b->packages.n; i++) {
    struct structure *s = made(b, in_package(b, b->packages.v[i], &q), IMAGE_STRUCTURE);
    if (s) put_version(b->arena, &list, s);
  }
  *out = list.v;
  return list.n;
}

bool book_is_pinned(const struct book *b) {
  return b->pins.n > 0;
}

size_t book_pinned(struct package ***out, const struct book *b) {
  *out = b->pins.v;
  return b->pins.n;
}

struct structure *book_type(struct book *b, struct str type, const struct package *from) {
  char url[sizeof BASE_TYPES + TYPE_MAX] = BASE_TYPES;
  struct str canonical = {url, sizeof BASE_TYPES - 1 + type.n};
  if (!type.n || type.n > TYPE_MAX) return NULL;
  memcpy(url + sizeof BASE_TYPES - 1, type.p, type.n);
  if (str_find(type, STR("://"), 0) != SIZE_MAX) canonical = type; /* a logical model */
  return made(b, book_item(b, "StructureDefinition", canonical, from), IMAGE_STRUCTURE);
}

struct supplements {
  struct code_system **v;
  size_t n, cap;
};

static void add_supplements(struct supplements *out, struct book *b, struct package *p, struct str system) {
  book_load(b, p);
  for (size_t i = 0; i < p->items.n; i++) {
    struct package_item *item = p->items.v[i];
    if (!item->supplements.n || !str_eq(canonical_cut(item->supplements, NULL), system)) continue;
    struct code_system *cs = made(b, item, IMAGE_CODE_SYSTEM);
    for (size_t k = 0; cs && k < out->n; k++)
      if (out->v[k] == cs) cs = NULL;
    if (cs) VEC_PUSH(b->arena, out, cs);
  }
}

size_t book_supplements(struct code_system ***out, struct book *b, struct str system, const struct package *from) {
  struct supplements list = {0};
  system = canonical_cut(system, NULL);
  add_supplements(&list, b, &b->loose, system);
  const struct package_list *closure = from ? book_closure_of(b, from) : NULL;
  for (size_t i = 0; closure && i < closure->n; i++) add_supplements(&list, b, closure->v[i], system);
  for (size_t i = 0; i < b->pins.n; i++) add_supplements(&list, b, b->pins.v[i], system);
  *out = list.v;
  return list.n;
}

size_t book_packages(struct package ***out, struct book *b) {
  *out = b->packages.v;
  return b->packages.n;
}

size_t book_missing(const struct book_missing **out, const struct book *b) {
  *out = b->missing.v;
  return b->missing.n;
}

size_t book_problems(const struct error **out, const struct book *b) {
  *out = b->problems.v;
  return b->problems.n;
}
