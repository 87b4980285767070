#include "protocol/protocol_int.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/hash.h"
#include "formats/yaml.h"
#include "protocol/protocol_rules.h"
#include "protocol/schema.h"

static const struct key file_keys[] = {
    {"protocol", KEY_TEXT, true, NULL},
    {"title", KEY_TEXT2, false, NULL},
    {"standard", KEY_MAP, true, NULL},
    {"version", KEY_TEXT, true, NULL},
    {"role", KEY_TEXT, true, "sender|receiver"},
    {"packages", KEY_LIST, false, NULL},
    {"requires", KEY_LIST, false, NULL},
    {"parameters", KEY_MAP, false, NULL},
    {"parties", KEY_MAP, false, NULL},
    {"tolerate", KEY_LIST, false, NULL},
    {"capabilities", KEY_MAP, false, NULL},
    {"sections", KEY_NODE, true, NULL},
    {"fragments", KEY_MAP, false, NULL},
    {"requirements", KEY_LIST, false, NULL},
    {"fixtures", KEY_MAP, false, NULL},
    {"services", KEY_MAP, false, NULL},
    {"receipts", KEY_TEXT, false, "automatic|steps"},
    {0},
};

static const struct key standard_keys[] = {
    {"name", KEY_TEXT, true, NULL},
    {"danish", KEY_TEXT, false, NULL},
    {"version", KEY_TEXT, true, NULL},
    {"type", KEY_TEXT, false, NULL},
    {0},
};

static const struct key parameter_keys[] = {
    {"value", KEY_TEXT, true, NULL},
    {"source", KEY_TEXT, true, NULL},
    {0},
};

static const struct key capability_keys[] = {{"seen", KEY_MAP, true, NULL}, {0}};

static const struct key party_keys[] = {
    {"en", KEY_TEXT, true, NULL},
    {"da", KEY_TEXT, true, NULL},
    {"carries", KEY_BOOL, false, NULL},
    {0},
};

static const struct key section_keys[] = {
    {"id", KEY_TEXT, true, NULL},
    {"title", KEY_TEXT2, true, NULL},
    {"status", KEY_TEXT, true, "mandatory|optional|conditional"},
    {"when", KEY_TEXT, false, NULL},
    {"note", KEY_TEXT, false, NULL},
    {"steps", KEY_NODE, true, NULL},
    {0},
};

/* By enum case_status. */
static const char *const statuses[] = {"mandatory", "optional", "conditional"};

/* First parts of variables that mean something else (protocols/README.md). */
static const char *const reserved[] = {"vendor", "counterpart", "person", "from",   "to",
                                       "uuid",   "now",         "launch", "service"};

static bool is_alnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool is_word(struct str s, struct str also) {
  if (s.n == 0 || !is_alnum(s.p[0])) return false;
  for (size_t i = 0; i < s.n; i++)
    if (!is_alnum(s.p[i]) && str_index(also, s.p[i]) == SIZE_MAX) return false;
  return true;
}

static bool complain_of_name(struct protocol_reader *r, enum protocol_rule rule, const struct node *at,
                             struct str name) {
  KEYS_FIND(&r->keys, &protocol_rules[rule], at, name);
  return false;
}

bool reader_check_id(struct protocol_reader *r, const struct node *at) {
  return is_word(at->text, STR(".-_")) || complain_of_name(r, PROTOCOL_NAME_ID, at, at->text);
}

bool reader_check_when(struct protocol_reader *r, const struct node *at) {
  struct str name = str_starts(at->text, STR("!")) ? str_sub(at->text, 1, at->text.n) : at->text;
  return is_word(name, STR(".-_")) || complain_of_name(r, PROTOCOL_NAME_WHEN, at, at->text);
}

void reader_take(struct protocol_reader *r, struct map *m, struct str id, const struct node *at) {
  enum protocol_rule rule = m == &r->sections ? PROTOCOL_DUPLICATE_SECTION
                            : m == &r->steps  ? PROTOCOL_DUPLICATE_STEP
                                              : PROTOCOL_DUPLICATE_NAME;
  const struct node *first = map_get(m, id);
  if (first)
    KEYS_FIND(&r->keys, &protocol_rules[rule], at, id, arena_printf(r->arena, "%d", first->line));
  else
    map_set(m, id, (void *)at);
}

/* "m3" is how the harness itself calls messages (state/state.h). */
static bool looks_like_message(struct str name) {
  int64_t number;
  return name.n > 1 && name.p[0] == 'm' && name.p[1] >= '0' && name.p[1] <= '9' &&
         str_int(str_sub(name, 1, name.n), &number);
}

static bool is_reserved(struct str name) {
  for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
    if (str_eqz(name, reserved[i])) return true;
  return false;
}

bool reader_check_name(struct protocol_reader *r, struct str name, const struct node *at) {
  if (!is_word(name, STR("-_")) || (name.p[0] >= '0' && name.p[0] <= '9'))
    return complain_of_name(r, PROTOCOL_NAME_FORM, at, name);
  if (looks_like_message(name)) return complain_of_name(r, PROTOCOL_NAME_NUMBERED, at, name);
  return !is_reserved(name) || complain_of_name(r, PROTOCOL_NAME_RESERVED, at, name);
}

void reader_take_name(struct protocol_reader *r, struct str name, const struct node *at) {
  if (reader_check_name(r, name, at)) reader_take(r, &r->names, name, at);
}

struct collector {
  struct arena *arena;
  VEC(struct str) list;
};

static void collect(void *payload, const struct node *item) {
  struct collector *c = payload;
  VEC_PUSH(c->arena, &c->list, item->text);
}

struct str_list reader_list(struct protocol_reader *r, const struct node *n, const char *name) {
  struct collector c = {.arena = r->arena};
  keys_each(n, name, collect, &c);
  return (struct str_list){c.list.v, c.list.n};
}

static void read_parameters(struct protocol_reader *r, const struct node *map) {
  for (NODE_EACH(n, map)) {
    if (!keys_check(&r->keys, n, parameter_keys)) continue;
    reader_take_name(r, n->name, n);
    VEC_PUSH(r->arena, &r->protocol->parameters,
             ((struct protocol_parameter){n->name, keys_text(n, "value"), keys_text(n, "source"), n}));
  }
}

/* Named before the steps are read, for they say which of them they are about. */
static void read_parties(struct protocol_reader *r, const struct node *map) {
  for (NODE_EACH(n, map)) {
    if (!keys_check(&r->keys, n, party_keys)) continue;
    reader_take_name(r, n->name, n);
    if (str_eq(n->name, r->protocol->role))
      keys_complain(&r->keys, n, "\"%.*s\" is the role of the system under test; choose another name", STR_F(n->name));
    struct protocol_party party = {.name = n->name,
                                   .title = {keys_text(n, "en"), keys_text(n, "da")},
                                   .carries = keys_bool(n, "carries"),
                                   .node = n};
    VEC_PUSH(r->arena, &r->protocol->parties, party);
  }
}

static void read_capabilities(struct protocol_reader *r, const struct node *map) {
  for (NODE_EACH(n, map)) {
    struct protocol_capability c = {.name = n->name};
    if (!keys_check(&r->keys, n, capability_keys)) continue;
    facts_init(&c.seen, r->arena);
    for (NODE_EACH(fact, node_child(n, "seen"))) {
      if (fact->kind == NODE_STRING)
        facts_put(&c.seen, fact->name, fact->text);
      else
        keys_complain(&r->keys, fact, "the value of a fact is a text; \"*\" is any");
    }
    VEC_PUSH(r->arena, &r->protocol->capabilities, c);
  }
}

static enum case_status read_status(const struct node *n) {
  struct str status = keys_text(n, "status");
  for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
    if (str_eqz(status, statuses[i])) return (enum case_status)i;
  return CASE_MANDATORY;
}

static void read_section(struct protocol_reader *r, const struct node *n) {
  if (n->kind != NODE_OBJECT) {
    keys_complain(&r->keys, n, "a section is a mapping with id, title, status and steps");
    return;
  }
  struct protocol_case *c = ARENA_NEW(r->arena, struct protocol_case);
  bool ok = keys_check(&r->keys, n, section_keys);
  *c = (struct protocol_case){
      .id = keys_text(n, "id"), .status = read_status(n), .when = keys_text(n, "when"), .node = n};
  keys_text2(&c->title.en, &c->title.da, n, "title");
  const struct node *id = node_child(n, "id"), *when = node_child(n, "when"), *steps = node_child(n, "steps");
  if (c->id.n && reader_check_id(r, id)) reader_take(r, &r->sections, c->id, id);
  if (c->when.n)
    reader_check_when(r, when);
  else if (ok && c->status == CASE_CONDITIONAL)
    KEYS_FIND(&r->keys, &protocol_rules[PROTOCOL_WHEN], n);
  if (steps && steps->kind == NODE_ARRAY)
    step_read_all(r, c, steps);
  else if (steps)
    keys_complain(&r->keys, steps, "\"steps\" must be a list of steps");
  VEC_PUSH(r->arena, &r->protocol->cases, c);
}

static void read_sections(struct protocol_reader *r, const struct node *sections) {
  if (!sections) return;
  if (sections->kind != NODE_ARRAY || sections->count == 0) {
    keys_complain(&r->keys, sections, "\"sections\" must be a list with at least one section");
    return;
  }
  for (NODE_EACH(n, sections)) read_section(r, n);
}

static void check_package(void *payload, const struct node *item) {
  struct protocol_reader *r = payload;
  struct str version = item->text, name = str_cut(&version, '@');
  if (!name.n || !version.n) keys_complain(&r->keys, item, "a package is written NAME@VERSION");
}

static void check_packages(struct protocol_reader *r, const struct node *list) {
  if (list) keys_each(list->parent, "packages", check_package, r);
}

static void take_tolerated(void *payload, const struct node *item) {
  struct protocol_reader *r = payload;
  VEC_PUSH(r->arena, &r->protocol->tolerate, item);
}

static void read_head(struct protocol_reader *r, const struct node *root) {
  struct protocol *p = r->protocol;
  const struct node *standard = node_child(root, "standard");
  p->id = keys_text(root, "protocol");
  p->version = keys_text(root, "version");
  p->role = keys_text(root, "role");
  p->receipts = str_eqz(keys_text(root, "receipts"), "automatic");
  keys_text2(&p->title.en, &p->title.da, root, "title");
  if (p->title.en.n == 0) p->title.en = p->title.da = p->id;
  if (p->id.n) reader_check_id(r, node_child(root, "protocol"));
  if (standard && standard->kind == NODE_OBJECT) keys_check(&r->keys, standard, standard_keys);
  p->standard = keys_text(standard, "name");
  p->danish = keys_text(standard, "danish");
  p->standard_version = keys_text(standard, "version");
  p->type = keys_text(standard, "type");
  check_packages(r, node_child(root, "packages"));
  struct str_list packages = reader_list(r, root, "packages"), requires = reader_list(r, root, "requires");
  p->packages.v = packages.v;
  p->packages.n = p->packages.cap = packages.n;
  p->requires.v = requires.v;
  p->requires.n = p->requires.cap = requires.n;
  keys_each(root, "tolerate", take_tolerated, r);
}

static void read_fixtures(struct protocol_reader *r, const struct node *map) {
  r->protocol->fixtures = map;
  for (NODE_EACH(n, map))
    if (n->kind != NODE_STRING) keys_complain(&r->keys, n, "a fixture in a protocol is a text: JSON or XML in quotes");
}

static void read_root(struct protocol_reader *r, const struct node *root) {
  if (root->kind != NODE_OBJECT) {
    keys_complain(&r->keys, root, "a protocol is a mapping with protocol, standard, version, role and sections");
    return;
  }
  map_init(&r->sections, r->arena);
  map_init(&r->steps, r->arena);
  map_init(&r->names, r->arena);
  step_read_init(r);
  keys_check(&r->keys, root, file_keys);
  read_head(r, root);
  const struct node *parameters = node_child(root, "parameters");
  r->own_fragments = node_child(root, "fragments");
  if (parameters && parameters->kind == NODE_OBJECT) read_parameters(r, parameters);
  const struct node *parties = node_child(root, "parties");
  if (parties && parties->kind == NODE_OBJECT) read_parties(r, parties);
  const struct node *services = node_child(root, "services");
  if (services && services->kind == NODE_OBJECT) reader_services(r, services);
  const struct node *capabilities = node_child(root, "capabilities");
  if (capabilities && capabilities->kind == NODE_OBJECT) read_capabilities(r, capabilities);
  read_fixtures(r, node_child(root, "fixtures"));
  read_sections(r, node_child(root, "sections"));
}

/* ---- fragments: they travel with the protocol, so that a run needs no other file to be resumed or judged again ----
 */

static struct fragment_file *file_new(struct protocol_reader *r, struct str name, struct source src) {
  struct fragment_file *f = ARENA_NEW(r->arena, struct fragment_file);
  *f = (struct fragment_file){.name = name, .source = src};
  VEC_PUSH(r->arena, &r->files, f);
  return f;
}

struct fragment_file *reader_open(struct protocol_reader *r, struct str name, struct error *e) {
  struct source src = {0};
  if (!file_name_is_inside(name)) {
    (void)error_set(e, ERR_CONFIG, "\"%.*s\" is no file beside the protocol or in protocols/", STR_F(name));
    return NULL;
  }
  if (r->files.n == FRAGMENT_FILES_MAX) {
    (void)error_set(e, ERR_LIMIT, "more than %d files of fragments", FRAGMENT_FILES_MAX);
    return NULL;
  }
  for (size_t i = 0; i < sizeof r->dirs / sizeof *r->dirs; i++) {
    const char *path = r->dirs[i] ? file_join(r->arena, r->dirs[i], arena_z(r->arena, name)) : NULL;
    if (!path || !file_exists(path)) continue;
    src.name = str_z(path);
    if (file_read(&src.bytes, r->arena, path, PROTOCOL_BYTES_MAX, e) < 0) return NULL;
    return file_new(r, name, src);
  }
  (void)error_set(e, ERR_CONFIG, "there is no file %.*s beside the protocol or in protocols/", STR_F(name));
  return NULL;
}

const struct node *reader_parse(struct protocol_reader *r, const struct source *src) {
  struct node *root;
  return yaml_read(&root, r->arena, *src, r->keys.findings) == 0 ? root : NULL;
}

static size_t next_mark(struct str bytes, size_t at) {
  return str_find(bytes, STR("\n" PROTOCOL_FRAGMENT_MARK), at);
}

/* Takes the files off the end of the bytes. */
static void split(struct protocol_reader *r, struct source *src) {
  struct str rest = src->bytes;
  size_t mark = next_mark(rest, 0);
  src->bytes = str_sub(rest, 0, mark);
  while (mark != SIZE_MAX && r->files.n < FRAGMENT_FILES_MAX) {
    rest = str_sub(rest, mark + 1 + sizeof PROTOCOL_FRAGMENT_MARK - 1, rest.n);
    struct str name = str_cut(&rest, '\n');
    mark = next_mark(rest, 0);
    file_new(r, name, (struct source){name, str_sub(rest, 0, mark)});
  }
}

/* Puts those that were read behind the bytes again. */
static void join(struct protocol_reader *r) {
  struct protocol *p = r->protocol;
  struct buf b;
  size_t n = p->source.bytes.n;
  for (size_t i = 0; i < r->files.n; i++) n += r->files.v[i]->source.bytes.n + r->files.v[i]->name.n + 64;
  buf_init(&b, n);
  buf_add(&b, p->source.bytes);
  for (size_t i = 0; i < r->files.n; i++) {
    const struct fragment_file *f = r->files.v[i];
    buf_addz(&b, "\n" PROTOCOL_FRAGMENT_MARK);
    buf_printf(&b, "%.*s\n", STR_F(f->name));
    buf_add(&b, f->source.bytes);
  }
  if (r->files.n) p->source.bytes = buf_take(&b, r->arena);
  if (!r->files.n) buf_release(&b);
}

static int read_source(struct protocol_reader *r, struct protocol **out, struct source src) {
  size_t before = findings_count(r->keys.findings, SEV_ERROR);
  struct node *root;
  char digest[SHA256_HEX + 1];
  src.name = arena_str(r->arena, src.name);
  src.bytes = arena_str(r->arena, src.bytes);
  r->keys.file = src.name;
  split(r, &src);
  if (yaml_read(&root, r->arena, src, r->keys.findings) != 0) return -1;
  r->protocol = *out = ARENA_NEW(r->arena, struct protocol);
  (*out)->source = src;
  read_root(r, root);
  join(r);
  sha256_hex(digest, (*out)->source.bytes);
  (*out)->digest = arena_str(r->arena, str_z(digest));
  return findings_count(r->keys.findings, SEV_ERROR) > before ? -1 : 0;
}

int protocol_read(struct protocol **out, struct arena *a, struct source src, const struct step_kind *const *kinds,
                  struct findings *f) {
  struct protocol_reader r = {.arena = a, .kinds = kinds, .keys = {.arena = a, .findings = f}};
  *out = NULL;
  return read_source(&r, out, src);
}

int protocol_read_beside(struct protocol **out, struct arena *a, struct source src, const char *data_dir,
                         const struct step_kind *const *kinds, struct findings *f) {
  struct protocol_reader r = {.arena = a, .kinds = kinds, .keys = {.arena = a, .findings = f}};
  r.dirs[0] = file_dir(a, arena_z(a, src.name));
  r.dirs[1] = data_dir ? file_join(a, data_dir, "protocols") : NULL;
  *out = NULL;
  return read_source(&r, out, src);
}

int protocol_load(struct protocol **out, struct arena *a, const char *path, const char *data_dir,
                  const struct step_kind *const *kinds, struct error *e) {
  const char *found = path;
  struct source src;
  struct findings f;
  if (!file_exists(found) && data_dir) found = file_join(a, data_dir, path);
  if (!file_exists(found)) {
    if (found == path) return error_set(e, ERR_CONFIG, "there is no protocol %s; check the name", path);
    return error_set(e, ERR_CONFIG, "there is no protocol %s, here or in %s; those that come along are in %s/protocols",
                     path, data_dir, data_dir);
  }
  if (file_read(&src.bytes, a, found, PROTOCOL_BYTES_MAX, e) != 0) return -1;
  src.name = str_z(found);
  findings_init(&f, a);
  if (protocol_read_beside(out, a, src, data_dir, kinds, &f) == 0) return 0;
  if (findings_error(&f, e) == 0) return error_set(e, ERR_SYNTAX, "%s cannot be read", found);
  return -1;
}

struct step *protocol_step(const struct protocol *p, struct str id) {
  for (size_t i = 0; i < p->cases.n; i++)
    for (size_t j = 0; j < p->cases.v[i]->steps.n; j++)
      if (str_eq(p->cases.v[i]->steps.v[j]->id, id)) return p->cases.v[i]->steps.v[j];
  return NULL;
}

const struct protocol_party *protocol_party(const struct protocol *p, struct str name) {
  for (size_t i = 0; i < p->parties.n; i++)
    if (str_eq(p->parties.v[i].name, name)) return &p->parties.v[i];
  return NULL;
}

const struct node *protocol_fixture(const struct protocol *p, struct str name) {
  return node_child_str(p->fixtures, name);
}

struct protocol_case *protocol_case_find(const struct protocol *p, struct str id) {
  for (size_t i = 0; i < p->cases.n; i++)
    if (str_eq(p->cases.v[i]->id, id)) return p->cases.v[i];
  return NULL;
}

/* ---- the schema ---- */

#define STEP_REF "#/definitions/step"

static const struct schema_part step_list[] = {{.key = "steps", .shape = SCHEMA_LIST, .ref = STEP_REF}, {0}};

static const struct schema_part file_parts[] = {
    {.key = "standard", .table = standard_keys},
    {.key = "parameters", .shape = SCHEMA_NAMED, .table = parameter_keys},
    {.key = "parties", .shape = SCHEMA_NAMED, .table = party_keys},
    {.key = "capabilities", .shape = SCHEMA_NAMED, .table = capability_keys},
    {.key = "sections", .shape = SCHEMA_LIST, .table = section_keys, .parts = step_list},
    {0}};

void protocol_schema(struct buf *out, const struct step_kind *const *kinds) {
  struct arena *a = arena_new(0);
  struct protocol_reader r = {.arena = a, .kinds = kinds};
  struct json_writer w;
  json_writer_init(&w, out, 2);
  schema_begin(&w, "testcamp protocol");
  schema_put_members(&w, file_keys, file_parts);
  json_begin_object(&w, "definitions");
  step_schema(&r, &w);
  json_end(&w);
  schema_end(&w);
  arena_free(a);
}
