/* A snapshot compiled into a tree: children, slices, choices. Done once for a structure. */
#include "validate/profile_int.h"

struct profile_cache *profile_cache_new(struct arena *a, struct book *b, const struct shapes *shapes) {
  struct profile_cache *c = ARENA_NEW(a, struct profile_cache);
  c->arena = a;
  c->book = b;
  c->shapes = shapes;
  map_init(&c->by_structure, a);
  map_init(&c->by_type, a);
  return c;
}

struct str schema_type_name(struct str type) {
  static const char *const system[][2] = {{"String", "string"},  {"Boolean", "boolean"},   {"Date", "date"},
                                          {"Time", "time"},      {"DateTime", "dateTime"}, {"Integer", "integer"},
                                          {"Decimal", "decimal"}};
  struct str head = STR("http://hl7.org/fhirpath/System.");
  struct str base = STR("http://hl7.org/fhir/StructureDefinition/");
  if (str_starts(type, base)) return str_sub(type, base.n, type.n);
  if (!str_starts(type, head)) return type;
  struct str name = str_sub(type, head.n, type.n);
  for (size_t i = 0; i < sizeof system / sizeof *system; i++)
    if (str_eqz(name, system[i][0])) return str_z(system[i][1]);
  return type;
}

bool schema_is_base(const struct schema *s) {
  return s->structure->derivation != DERIVATION_CONSTRAINT;
}

static struct str last_part(struct str path) {
  for (size_t i = path.n; i > 0; i--)
    if (path.p[i - 1] == '.') return str_sub(path, i, path.n);
  return path;
}

static size_t depth_of(struct str path) {
  size_t n = 0;
  for (size_t i = 0; i < path.n; i++) n += path.p[i] == '.';
  return n < SNAPSHOT_DEPTH_MAX ? n : SNAPSHOT_DEPTH_MAX;
}

static bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

static bool same_type(struct str type, struct str suffix) {
  type = schema_type_name(type);
  return type.n == suffix.n && suffix.n && str_eq_nocase(str_sub(type, 0, 1), str_sub(suffix, 0, 1)) &&
         str_eq(str_sub(type, 1, type.n), str_sub(suffix, 1, suffix.n));
}

bool schema_choice_fits(const struct schema_element *e, struct str name) {
  if (!e->choice || name.n <= e->name.n || !str_starts(name, e->name) || !is_upper(name.p[e->name.n])) return false;
  return true;
}

/* Of two choices the longer name is meant: medication[x] and medicationReference. */
struct schema_element *schema_child(const struct schema_element *e, struct str name) {
  struct schema_element *best = NULL;
  for (size_t i = 0; i < e->children.n; i++) {
    struct schema_element *c = e->children.v[i];
    if (str_eq(c->name, name)) return c;
    if (!schema_choice_fits(c, name)) continue;
    if (!best || c->name.n > best->name.n) best = c;
  }
  return best;
}

/* A path like Observation.valueQuantity may be a short form of a slice of value[x]. */
static struct schema_element *choice_behind(const struct schema_element *parent, struct str name) {
  for (size_t i = 0; i < parent->children.n; i++) {
    struct schema_element *c = parent->children.v[i];
    if (!schema_choice_fits(c, name)) continue;
    for (size_t t = 0; t < c->def->types.n; t++)
      if (same_type(c->def->types.v[t].name, str_sub(name, c->name.n, name.n))) return c;
  }
  return NULL;
}

static struct schema_element *slice_named(const struct schema_element *of, struct str name) {
  for (size_t i = 0; i < of->slices.n; i++)
    if (str_eq(of->slices.v[i]->def->slice_name, name)) return of->slices.v[i];
  return NULL;
}

/* "a/b" is the slice b of the slice a. */
static struct schema_element *slice_owner(struct schema_element *of, struct str name) {
  for (size_t i = name.n; i > 0; i--) {
    if (name.p[i - 1] != '/') continue;
    struct schema_element *owner = slice_named(of, str_sub(name, 0, i - 1));
    if (owner) return owner;
  }
  return of;
}

static struct schema_element *sibling(const struct schema_element *parent, const struct schema_element *e) {
  for (size_t i = 0; i < parent->children.n; i++) {
    struct schema_element *c = parent->children.v[i];
    if (str_eq(c->name, e->name) && c->choice == e->choice) return c;
  }
  return NULL;
}

/* The parent is the nearest element above in the list that is one level up: a slice when we stand below one. */
static void place_element(struct arena *a, struct schema_element **last, struct schema_element *e) {
  size_t depth = depth_of(e->def->path);
  struct schema_element *parent = depth ? last[depth - 1] : NULL;
  last[depth] = e;
  if (!parent) return;
  e->parent = parent;
  struct schema_element *of = e->choice ? NULL : choice_behind(parent, e->name);
  if (!of && e->def->slice_name.n) of = sibling(parent, e);
  if (!of) {
    VEC_PUSH(a, &parent->children, e);
    return;
  }
  of = slice_owner(of, e->def->slice_name);
  e->sliced = of;
  VEC_PUSH(a, &of->slices, e);
}

static void name_element(struct schema_element *e) {
  e->name = last_part(e->def->path);
  e->choice = str_ends(e->name, STR("[x]"));
  if (e->choice) e->name = str_sub(e->name, 0, e->name.n - 3);
}

/* What nothing can be judged by: a snapshot taken as published is not looked at before. */
static const char *element_problem(const struct schema_element *e, bool first) {
  if (!e->def->path.n) return "an element without a path";
  if (!first && !e->parent) return "an element whose parent is not before it";
  if (e->def->bad_number) return "min or max is no number from 0 (max: or *)";
  return NULL;
}

static struct error *schema_problem(struct arena *a, const struct schema *s) {
  for (size_t i = 0; i < s->n; i++) {
    const struct element *d = s->all[i].def;
    const char *what = element_problem(&s->all[i], i == 0);
    if (!what) continue;
    struct error *e = ARENA_NEW(a, struct error);
    error_set(e, ERR_SYNTAX, "element %zu%s%.*s: %s", i + 1, d->path.n ? ", " : "", STR_F(d->path), what);
    return e;
  }
  return NULL;
}

static struct schema *compile(struct profile_cache *c, struct structure *st) {
  struct schema *s = ARENA_NEW(c->arena, struct schema);
  const struct elements *list;
  struct schema_element *last[SNAPSHOT_DEPTH_MAX + 1] = {0};
  struct error e = {0};
  s->structure = st;
  if (structure_snapshot(&list, c->arena, c->book, st, SNAPSHOT_PUBLISHED, &e) || list->n == 0) {
    s->problem = ARENA_NEW(c->arena, struct error);
    if (!e.text[0]) error_set(&e, ERR_SYNTAX, "the snapshot is empty");
    *s->problem = e;
    return s;
  }
  s->n = list->n;
  s->all = ARENA_ARRAY(c->arena, struct schema_element, s->n);
  for (size_t i = 0; i < s->n; i++) {
    s->all[i].def = &list->v[i];
    s->all[i].schema = s;
    name_element(&s->all[i]);
    place_element(c->arena, last, &s->all[i]);
  }
  s->root = &s->all[0];
  s->problem = schema_problem(c->arena, s);
  return s;
}

static struct str address_key(struct arena *a, const void *p) {
  return arena_str(a, (struct str){(const char *)&p, sizeof p});
}

struct schema *schema_of(struct profile_cache *c, struct structure *st) {
  if (!st) return NULL;
  const void *p = st;
  struct schema *s = map_get(&c->by_structure, (struct str){(const char *)&p, sizeof p});
  if (s) return s;
  s = compile(c, st);
  map_set(&c->by_structure, address_key(c->arena, st), s);
  return s;
}

struct schema *schema_of_type(struct profile_cache *c, struct str type) {
  struct schema *s = map_get(&c->by_type, type);
  if (s) return s;
  s = schema_of(c, book_type(c->book, type, NULL));
  if (s) map_set(&c->by_type, arena_str(c->arena, type), s);
  return s;
}

struct schema *schema_of_profile(struct profile_cache *c, struct str canonical, const struct schema *from) {
  return schema_of(c, book_structure(c->book, canonical, from ? from->structure->package : NULL));
}

struct schema_element *schema_referenced(const struct schema_element *e) {
  struct str to = e->def->content_reference;
  size_t hash = str_index(to, '#');
  if (hash == SIZE_MAX) return NULL;
  to = str_sub(to, hash + 1, to.n);
  for (size_t i = 0; i < e->schema->n; i++) {
    struct schema_element *c = &e->schema->all[i];
    if (str_eq(c->def->id, to) || (!c->def->slice_name.n && str_eq(c->def->path, to))) return c;
  }
  return NULL;
}
