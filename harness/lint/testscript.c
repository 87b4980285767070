/* Reading a set of TestScripts, and what can be asked of one. */
#include "base/file.h"
#include "formats/json.h"
#include "formats/yaml.h"
#include "lint/testscript_int.h"

#include <stdlib.h>

#define AIDS_DIR "fixtures/testscripts"
#define AIDS_MAX ((size_t)1 << 20)

/* By the bytes alone, so that one which cannot be read is told of, and other files are not. */
static bool says_testscript(struct str bytes) {
  struct str key = STR("\"resourceType\"");
  if (str_starts(str_trim(bytes), STR("<")) || str_find(bytes, STR("<TestScript"), 0) < 1000)
    return str_find(bytes, STR("<TestScript"), 0) != SIZE_MAX;
  for (size_t at = 0; (at = str_find(bytes, key, at)) != SIZE_MAX; at++) {
    struct str rest = str_trim(str_sub(bytes, at + key.n, at + key.n + 100));
    if (str_starts(rest, STR(":")) && str_starts(str_trim(str_sub(rest, 1, rest.n)), STR("\"TestScript\"")))
      return true;
  }
  return false;
}

bool testscript_is(struct arena *a, const char *path) {
  struct str name = str_z(path), bytes;
  struct error e;
  if (file_is_dir(path) || str_ends(name, STR(".tgz")) || str_ends(name, STR(".tar.gz")) || str_ends(name, STR(".zip")))
    return true;
  if (!str_ends(name, STR(".json")) && !str_ends(name, STR(".xml"))) return false;
  return file_read(&bytes, a, path, TESTSCRIPT_FILE_MAX, &e) == 0 && says_testscript(bytes);
}

struct str ts_code(const struct ts_action *act) {
  return act->asserts ? (struct str){0} : node_text_at(act->node, "type.code");
}

const struct ts_fixture *ts_fixture_find(const struct ts_script *x, struct str id) {
  for (size_t i = 0; i < x->fixtures.n; i++)
    if (id.n && str_eq(x->fixtures.v[i].id, id)) return &x->fixtures.v[i];
  return NULL;
}

struct ts_variable *ts_variable_find(const struct ts_script *x, struct str name) {
  for (size_t i = 0; i < x->variables.n; i++)
    if (str_eq(x->variables.v[i].name, name)) return &x->variables.v[i];
  return NULL;
}

bool ts_by_system(const struct ts_script *x, const struct ts_action *act) {
  return x->server && (x->all || node_child(act->node, "origin") != NULL);
}

void ts_each_variable(struct str text, void (*fn)(void *payload, struct str name, size_t from, size_t to),
                      void *payload) {
  for (size_t at = 0; (at = str_find(text, STR("${"), at)) != SIZE_MAX;) {
    size_t close = str_find(text, STR("}"), at);
    if (close == SIZE_MAX) return;
    fn(payload, str_sub(text, at + 2, close), at, close + 1);
    at = close + 1;
  }
}

/* One step of a path: "fhir:entry[2]", "entry[1]"; from: the number of the first item. False if it is more than that.
 */
static bool add_step(struct buf *b, struct str part, int64_t from) {
  size_t colon = str_index(part, ':'), open;
  int64_t index = from;
  if (colon != SIZE_MAX) part = str_sub(part, colon + 1, part.n);
  for (size_t i = 0; i < part.n; i++)
    if (!ascii_is_alnum(part.p[i]) && part.p[i] != '[' && part.p[i] != ']') return false;
  open = str_index(part, '[');
  bool whole = open == SIZE_MAX;
  if (!whole && (!str_ends(part, STR("]")) || !str_int(str_sub(part, open + 1, part.n - 1), &index))) return false;
  if (b->n) buf_byte(b, '.');
  buf_add(b, str_sub(part, 0, open));
  if (!whole) buf_printf(b, "[%lld]", (long long)(index - from));
  return true;
}

/* "fhir:Bundle/fhir:id/@value", "/Bundle/entry[1]/resource", "$.entry[0].resource.id". XPath counts from 1. */
struct str ts_path(struct arena *a, struct str path) {
  struct buf b;
  bool json = str_starts(path, STR("$")) || str_index(path, '/') == SIZE_MAX,
       known = str_find(path, STR("//"), 0) == SIZE_MAX;
  known = known && str_find(path, STR(".."), 0) == SIZE_MAX;
  buf_init(&b, path.n + 16);
  path = str_sub(path, str_starts(path, STR("$")) ? 1 : 0, path.n);
  while (str_starts(path, STR("/")) || str_starts(path, STR("."))) path = str_sub(path, 1, path.n);
  while (path.n && known) {
    struct str part = str_cut(&path, json ? '.' : '/');
    if (!str_eqz(part, "@value")) known = add_step(&b, part, json ? 0 : 1);
  }
  struct str made = buf_take(&b, a);
  return known ? made : (struct str){0};
}

struct str ts_expression(struct arena *a, const struct node *n) {
  struct str expression = node_text_at(n, "expression");
  return expression.n ? expression : ts_path(a, node_text_at(n, "path"));
}

static struct str folder_of(struct str name) {
  size_t end = name.n;
  while (end > 0 && name.p[end - 1] != '/') end--;
  return str_sub(name, 0, end ? end - 1 : 0);
}

static struct str base_of(struct str name) {
  struct str folder = folder_of(name);
  return folder.n ? str_sub(name, folder.n + 1, name.n) : str_starts(name, STR("/")) ? str_sub(name, 1, name.n) : name;
}

/* The one file of that last name, wherever it lies in the set. */
static const struct source *only_file(struct testscript_set *s, struct str base) {
  const struct source *found = NULL;
  for (size_t i = 0; i < s->files.n; i++) {
    if (!str_eq(base_of(s->files.entries[i].key), base)) continue;
    if (found) return NULL;
    found = s->files.entries[i].value;
  }
  return found;
}

/* Tools that run scripts fill these in; here they are the protocol's own. */
static struct str with_uuids(struct arena *a, struct str text, struct str label) {
  struct str mark = STR("${UUID}");
  struct buf b;
  size_t at = 0, found, n = 0;
  buf_init(&b, text.n * 2 + 200);
  while ((found = str_find(text, mark, at)) != SIZE_MAX) {
    buf_add(&b, str_sub(text, at, found));
    buf_printf(&b, "${uuid:%.*s-%zu}", STR_F(label), ++n);
    at = found + mark.n;
  }
  buf_add(&b, str_sub(text, at, text.n));
  return buf_take(&b, a);
}

static void read_tree(struct testscript_set *s, struct ts_fixture *f, struct source src) {
  struct findings own;
  struct node *root;
  enum resource_form form;
  findings_init(&own, s->arena);
  src.bytes = with_uuids(s->arena, src.bytes, base_of(src.name));
  f->file = src;
  if (resource_read(&root, &form, s->arena, src, &own) == 0) f->tree = root;
}

static void read_stand_in(struct testscript_set *s, struct ts_fixture *f) {
  struct str name = node_text_at(f->aid, "fixture");
  struct source src = {.name = arena_printf(s->arena, "fixtures/%.*s", STR_F(name))};
  struct error e;
  const char *path = file_join(s->arena, s->o->data_dir, arena_z(s->arena, src.name));
  if (!file_name_is_inside(name) || file_read(&src.bytes, s->arena, path, TESTSCRIPT_FILE_MAX, &e) < 0) return;
  f->where = TS_STAND_IN;
  read_tree(s, f, src);
}

/* In the set; else its stand-in. */
static void find_fixture(struct testscript_set *s, const struct ts_script *x, struct ts_fixture *f) {
  struct str name, base = base_of(f->reference);
  bool inside = ts_resolve(s->arena, x->folder, f->reference, &name);
  const struct source *src = inside ? ts_file(s, name) : NULL;
  if (!src && inside) src = only_file(s, base);
  if (src) {
    f->where = TS_IN_SET;
    read_tree(s, f, *src);
    return;
  }
  f->where = inside ? TS_NOWHERE : TS_OUTSIDE;
  f->aid = ts_aid(s, "fixtures", base);
  if (f->aid) read_stand_in(s, f);
}

static void read_parts(struct testscript_set *s, struct ts_script *x) {
  for (NODE_EACH(n, x->root)) {
    if (str_eqz(n->name, "fixture")) {
      struct ts_fixture f = {
          .node = n, .id = node_text_at(n, "id"), .reference = node_text_at(n, "resource.reference")};
      find_fixture(s, x, &f);
      VEC_PUSH(s->arena, &x->fixtures, f);
    }
    if (str_eqz(n->name, "variable"))
      VEC_PUSH(
          s->arena, &x->variables,
          ((struct ts_variable){.node = n, .name = node_text_at(n, "name"), .source = node_text_at(n, "sourceId")}));
  }
}

static void read_actions(struct testscript_set *s, struct ts_script *x, const struct node *owner, bool is_test) {
  for (NODE_EACH(n, owner)) {
    if (!str_eqz(n->name, "action")) continue;
    const struct node *operation = node_child(n, "operation"), *assertion = node_child(n, "assert");
    if (!operation && !assertion) continue;
    VEC_PUSH(s->arena, &x->actions,
             ((struct ts_action){
                 .node = operation ? operation : assertion, .test = is_test ? owner : NULL, .asserts = !operation}));
    bool client = node_child(operation, "origin") || s->o->system == TESTSCRIPT_CLIENT;
    x->server = x->server || (client && s->o->system != TESTSCRIPT_SERVER);
  }
}

static void read_script(struct testscript_set *s, struct str name, const struct source *src) {
  struct ts_script *x = ARENA_NEW(s->arena, struct ts_script);
  struct findings own;
  struct node *root;
  enum resource_form form;
  struct error e;
  findings_init(&own, s->arena);
  *x = (struct ts_script){.src = *src, .folder = folder_of(name), .id = base_of(name), .title = base_of(name)};
  int read = resource_read(&root, &form, s->arena, *src, &own);
  if (read == 0 && !str_eqz(root->type, "TestScript")) return; /* it only speaks of one */
  if (read < 0 || findings_error(&own, &e) < 0) {
    x->why = read < 0 && !own.list.n ? STR("it is no FHIR resource") : arena_str(s->arena, own.list.v[0].en);
    if (own.list.n)
      x->why = arena_printf(s->arena, "%d:%d: %.*s", own.list.v[0].where.line, own.list.v[0].where.col, STR_F(x->why));
    VEC_PUSH(s->arena, &s->scripts, x);
    return;
  }
  x->root = root;
  if (node_text_at(root, "id").n) x->id = node_text_at(root, "id");
  x->all = s->o->system == TESTSCRIPT_CLIENT;
  x->title = node_text_at(root, "title").n ? node_text_at(root, "title") : x->id;
  read_parts(s, x);
  read_actions(s, x, node_child(root, "setup"), false);
  for (NODE_EACH(n, root))
    if (str_eqz(n->name, "test")) read_actions(s, x, n, true);
  read_actions(s, x, node_child(root, "teardown"), false);
  VEC_PUSH(s->arena, &s->scripts, x);
}

static int read_aid(struct testscript_set *s, const char *path, struct error *e) {
  struct findings own;
  struct node *root;
  struct source src = {.name = str_z(path)};
  findings_init(&own, s->arena);
  if (file_read(&src.bytes, s->arena, path, AIDS_MAX, e) < 0) return -1;
  if (yaml_read(&root, s->arena, src, &own) < 0) return findings_error(&own, e);
  VEC_PUSH(s->arena, &s->aids, root);
  return 0;
}

static int read_aids(struct testscript_set *s, struct error *e) {
  char **names;
  size_t n;
  if (s->o->aids && read_aid(s, s->o->aids, e) < 0) return -1;
  const char *dir = s->o->data_dir ? file_join(s->arena, s->o->data_dir, AIDS_DIR) : NULL;
  if (!dir || !file_is_dir(dir)) return 0;
  if (file_list(&names, &n, s->arena, dir, e) < 0) return -1;
  for (size_t i = 0; i < n; i++)
    if (str_ends(str_z(names[i]), STR(".yaml")) && read_aid(s, file_join(s->arena, dir, names[i]), e) < 0) return -1;
  return 0;
}

static void read_package(struct testscript_set *s) {
  const struct source *src = map_get(&s->files, STR("package/package.json"));
  struct findings own;
  struct node *root;
  if (!src) src = map_get(&s->files, STR("package.json"));
  findings_init(&own, s->arena);
  if (src && json_read(&root, s->arena, *src, &own) == 0) s->package = root;
}

static int compare_names(const void *x, const void *y) {
  const struct map_entry *const *a = x, *const *b = y;
  return str_cmp((*a)->key, (*b)->key);
}

/* In the order of their names, whatever the order in the archive. */
static void read_scripts(struct testscript_set *s) {
  size_t n = s->files.n;
  const struct map_entry **sorted = ARENA_ARRAY(s->arena, const struct map_entry *, n + 1);
  struct map_entry *copy = ARENA_ARRAY(s->arena, struct map_entry, n + 1);
  for (size_t i = 0; i < n; i++) copy[i] = s->files.entries[i], sorted[i] = &copy[i];
  qsort(sorted, n, sizeof *sorted, compare_names);
  for (size_t i = 0; i < n; i++) {
    const struct source *src = sorted[i]->value;
    if (says_testscript(src->bytes)) read_script(s, sorted[i]->key, src);
  }
}

static struct testscript_set *set_new(struct arena *a, struct str name, const struct testscript_options *o) {
  struct testscript_set *s = ARENA_NEW(a, struct testscript_set);
  *s = (struct testscript_set){.arena = a, .o = o, .name = arena_str(a, name)};
  while (str_ends(s->name, STR("/"))) s->name.n--;
  map_init(&s->files, a);
  return s;
}

static int finish(struct testscript_set *s, struct error *e) {
  if (read_aids(s, e) < 0) return -1;
  read_package(s);
  read_scripts(s);
  if (s->scripts.n) return 0;
  return error_set(e, ERR_CONFIG, "%.*s holds no TestScript among its %zu files of JSON and XML", STR_F(s->name),
                   s->files.n);
}

int testscript_open(struct testscript_set **out, struct arena *a, const char *path, const struct testscript_options *o,
                    struct error *e) {
  *out = set_new(a, str_z(path), o);
  if (!file_exists(path)) return error_set(e, ERR_CONFIG, "there is no file or folder %s", path);
  return ts_files_read(*out, path, e) < 0 ? -1 : finish(*out, e);
}

int testscript_open_bytes(struct testscript_set **out, struct arena *a, struct source src,
                          const struct testscript_options *o, struct error *e) {
  struct source *kept = ARENA_NEW(a, struct source);
  *out = set_new(a, src.name, o);
  *kept = src;
  map_set(&(*out)->files, src.name, kept);
  return finish(*out, e);
}

size_t testscript_count(const struct testscript_set *s) {
  return s->scripts.n;
}

int testscript_check(struct testscript_set *s, struct findings *f) {
  size_t before = findings_count(f, SEV_ERROR);
  for (size_t i = 0; i < s->scripts.n; i++) ts_check(s, s->scripts.v[i], f);
  return findings_count(f, SEV_ERROR) > before ? -1 : 0;
}
