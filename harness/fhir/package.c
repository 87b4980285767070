#include "fhir/package.h"

#include <string.h>

#include "base/file.h"
#include "fhir/compiled_int.h"
#include "fhir/facts_int.h"
#include "formats/archive.h"
#include "formats/json.h"

#define MANIFEST "package/package.json"
#define GZIP_MAGIC "\x1f\x8b" /* RFC 1952, 2.3.1 */

static const struct archive_limits limits = {PACKAGE_MEMBER_MAX, PACKAGE_TOTAL_MAX, PACKAGE_MEMBERS_MAX};

static struct package *package_new(struct arena *a, struct str origin) {
  struct package *p = ARENA_NEW(a, struct package);
  p->arena = a;
  p->origin = arena_str(a, origin);
  map_init(&p->by_url, a);
  return p;
}

/* --- definitions --- */

void package_put_item(struct package *p, struct package_item *item) {
  VEC_PUSH(p->arena, &p->items, item);
  if (!item->url.n) return;
  item->same = map_get(&p->by_url, item->url);
  map_set(&p->by_url, item->url, item);
}

void package_add_item(struct package *p, const struct slim_head *head, struct str file, struct str bytes) {
  struct package_item *item = ARENA_NEW(p->arena, struct package_item);
  *item = (struct package_item){.type = arena_str(p->arena, head->type),
                                .url = arena_str(p->arena, head->url),
                                .version = head->version.n ? arena_str(p->arena, head->version) : p->version,
                                .id = arena_str(p->arena, head->id),
                                .supplements = arena_str(p->arena, head->supplements),
                                .file = arena_str(p->arena, file),
                                .package = p,
                                .bytes = bytes};
  package_put_item(p, item);
}

struct loading {
  struct package *p;
  struct arena *scratch;
};

static bool is_definition_file(void *context, struct str name) {
  (void)context;
  struct str rest = name;
  if (!str_ends(name, STR(".json")) || !str_eqz(str_cut(&rest, '/'), "package")) return false;
  return str_index(rest, '/') == SIZE_MAX && rest.p[0] != '.' && !str_eqz(rest, "package.json");
}

static int load_member(void *context, struct str name, struct str bytes, struct error *e) {
  (void)e;
  struct loading *l = context;
  struct slim_head head;
  size_t n;
  arena_reset(l->scratch);
  if (str_starts(bytes, STR("\xEF\xBB\xBF"))) bytes = str_sub(bytes, 3, bytes.n);
  char *slim = arena_alloc(l->scratch, bytes.n + 1);
  enum slim_result rc = slim_definition(slim, &n, &head, l->scratch, bytes);
  if (rc == SLIM_UNWANTED || !slim_wants(head.type)) {
    package_judge_odd(l->p, l->scratch, &head, name, bytes);
    return 0;
  }
  struct str kept = rc == SLIM_DONE ? (struct str){slim, n} : bytes;
  package_add_item(l->p, &head, name, arena_str(l->p->arena, kept));
  return 0;
}

/* --- folders --- */

/* The folder that has package.json: dir itself or dir/package. */
static const char *manifest_dir(struct arena *a, const char *dir) {
  if (file_exists(file_join(a, dir, "package.json"))) return dir;
  const char *inner = file_join(a, dir, "package");
  return file_exists(file_join(a, inner, "package.json")) ? inner : NULL;
}

static int load_folder_file(struct loading *l, const char *dir, const char *name, struct error *e) {
  struct arena *file = arena_new(0);
  struct str bytes;
  struct str member = arena_printf(file, "package/%s", name);
  int rc = 0;
  if (is_definition_file(NULL, member)) {
    rc = file_read(&bytes, file, file_join(file, dir, name), PACKAGE_MEMBER_MAX, e);
    if (!rc) rc = load_member(l, member, bytes, e);
  }
  arena_free(file);
  return rc;
}

static int load_folder(struct loading *l, struct error *e) {
  struct arena *names = arena_new(0);
  const char *dir = manifest_dir(names, l->p->origin.p);
  char **files;
  size_t n;
  int rc = dir ? file_list(&files, &n, names, dir, e) : error_set(e, ERR_IO, "%s is gone", l->p->origin.p);
  if (!rc && n > PACKAGE_MEMBERS_MAX)
    rc = error_set(e, ERR_LIMIT, "%s has %zu files; at most %d", dir, n, PACKAGE_MEMBERS_MAX);
  for (size_t i = 0; !rc && i < n; i++) rc = load_folder_file(l, dir, files[i], e);
  arena_free(names);
  return rc;
}

/* --- reading --- */

static int load_tgz(struct loading *l, struct error *e) {
  struct archive_visitor v = {limits, l, is_definition_file, load_member};
  return archive_each((struct source){l->p->origin, l->p->tgz}, &v, e);
}

int package_load(struct package *p, struct error *e) {
  if (p->loaded) return 0;
  p->loaded = true;
  if (p->compiled) {
    compiled_load(p);
    return 0;
  }
  struct loading l = {p, arena_new(0)};
  int rc = p->tgz.n ? load_tgz(&l, e) : load_folder(&l, e);
  if (rc) { /* nothing of a hostile package is used */
    p->items.n = 0;
    map_init(&p->by_url, p->arena);
  }
  arena_free(l.scratch);
  return rc;
}

struct manifest_search {
  struct package *p;
  bool found;
};

static bool is_manifest(void *context, struct str name) {
  (void)context;
  return str_eqz(name, MANIFEST);
}

static int take_manifest(void *context, struct str name, struct str bytes, struct error *e) {
  (void)name;
  struct manifest_search *s = context;
  s->found = true;
  return package_manifest(s->p, bytes, e) ? -1 : 1;
}

int package_open_bytes(struct package **out, struct arena *a, struct source tgz, struct error *e) {
  struct package *p = package_new(a, tgz.name);
  struct manifest_search s = {p, false};
  struct archive_visitor v = {limits, &s, is_manifest, take_manifest};
  p->tgz = tgz.bytes;
  if (!tgz.bytes.n) return error_set(e, ERR_SYNTAX, "%.*s is empty; a FHIR package is needed", STR_F(tgz.name));
  if (!str_starts(tgz.bytes, STR(GZIP_MAGIC)))
    return error_set(e, ERR_SYNTAX, "%.*s is no .tgz archive (not compressed by gzip)", STR_F(tgz.name));
  if (archive_each(tgz, &v, e)) return -1;
  if (!s.found) return error_set(e, ERR_SYNTAX, "%.*s has no %s; it is no FHIR package", STR_F(tgz.name), MANIFEST);
  *out = p;
  return 0;
}

static int open_folder(struct package **out, struct arena *a, const char *path, struct error *e) {
  struct package *p = package_new(a, str_z(path));
  const char *dir = manifest_dir(a, path);
  struct str json;
  if (!dir) return error_set(e, ERR_SYNTAX, "%s has no package.json; it is no FHIR package", path);
  if (file_read(&json, a, file_join(a, dir, "package.json"), PACKAGE_JSON_MAX, e)) return -1;
  if (package_manifest(p, json, e)) return -1;
  *out = p;
  return 0;
}

int package_open(struct package **out, struct arena *a, const char *path, struct error *e) {
  struct str bytes;
  if (file_is_dir(path)) return open_folder(out, a, path, e);
  if (file_map(&bytes, a, path, PACKAGE_FILE_MAX, e)) return -1;
  return package_open_bytes(out, a, (struct source){str_z(path), bytes}, e);
}

/* --- looking --- */

static bool item_is(const struct package_item *item, struct str type, struct str version) {
  return (!type.n || str_eq(item->type, type)) && (!version.n || str_eq(item->version, version));
}

struct package_item *package_find(const struct package *p, struct str type, struct str url, struct str version) {
  struct package_item *best = NULL;
  for (struct package_item *item = map_get(&p->by_url, url); item; item = item->same)
    if (item_is(item, type, version) && (!best || package_version_cmp(item->version, best->version) > 0)) best = item;
  return best;
}

/* Strings that had escapes live in the JSON tree, which goes: copies them. */
static void adopt(struct arena *a, struct node *n, struct str bytes) {
  struct str *texts[] = {&n->text, &n->name, &n->type};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    uintptr_t p = (uintptr_t)texts[i]->p, from = (uintptr_t)bytes.p;
    if (texts[i]->n && (p < from || p >= from + bytes.n)) *texts[i] = arena_str(a, *texts[i]);
  }
  for (NODE_EACH(c, n)) adopt(a, c, bytes);
}

static void parse(struct package_item *item, struct arena *a) {
  struct arena *scratch = arena_new(0);
  struct findings f;
  struct node *json = NULL, *node = NULL;
  struct error e = {0};
  findings_init(&f, scratch);
  const struct package *p = item->package;
  struct str name = arena_printf(scratch, "%.*s@%.*s:%.*s", STR_F(p->name), STR_F(p->version), STR_F(item->file));
  int rc = json_read(&json, scratch, (struct source){name, item->bytes}, &f);
  if (!rc) rc = resource_from_json(&node, a, json, name, &f);
  if (rc) {
    item->broken = true;
    if (!findings_error(&f, &e)) error_set(&e, ERR_SYNTAX, "%.*s cannot be read", STR_F(name));
    item->why = ARENA_NEW(a, struct error);
    *item->why = e;
  } else {
    adopt(a, node, item->bytes);
    item->node = node;
  }
  arena_free(scratch);
}

static void parse_facts(struct package_item *item, struct arena *a) {
  struct error e = {0};
  item->node = facts_node(a, item, &e);
  if (item->node) return;
  item->broken = true;
  item->why = ARENA_NEW(a, struct error);
  *item->why = e;
}

const struct node *package_item_node(struct package_item *item, struct arena *a) {
  if (item->facts && !item->node && !item->broken) parse_facts(item, a);
  if (!item->node && !item->broken) parse(item, a);
  return item->node;
}
