/* CodeSystem: its concepts as a flat list with parents. */
#include "fhir/definition_int.h"

static const struct {
  struct str name;
  enum code_system_content content;
} contents[] = {
    {STR_INIT("not-present"), CONTENT_NOT_PRESENT}, {STR_INIT("example"), CONTENT_EXAMPLE},
    {STR_INIT("fragment"), CONTENT_FRAGMENT},       {STR_INIT("complete"), CONTENT_COMPLETE},
    {STR_INIT("supplement"), CONTENT_SUPPLEMENT},
};

static struct str text(const struct node *n, const char *name) {
  const struct node *c = node_child(n, name);
  return c ? c->text : (struct str){0};
}

/* ASCII letters in lower case, into to (s.n bytes). */
static struct str lower(char *to, struct str s) {
  for (size_t i = 0; i < s.n; i++) to[i] = s.p[i] >= 'A' && s.p[i] <= 'Z' ? (char)(s.p[i] | 0x20) : s.p[i];
  return (struct str){to, s.n};
}

static struct str property_value(const struct node *property) {
  for (NODE_EACH(c, property)) {
    if (!str_starts(c->name, STR("value"))) continue;
    return c->kind == NODE_OBJECT ? text(c, "code") : c->text;
  }
  return (struct str){0};
}

static bool is_gone(struct str status) {
  return str_eqz(status, "retired") || str_eqz(status, "inactive") || str_eqz(status, "withdrawn");
}

static void read_property(struct code_concept *c, struct arena *a, const struct node *n) {
  struct concept_property p = {text(n, "code"), property_value(n)};
  VEC_PUSH(a, &c->properties, p);
  if (str_eqz(p.code, "notSelectable")) c->abstract = str_eqz(p.value, "true");
  if (str_eqz(p.code, "inactive")) c->inactive |= str_eqz(p.value, "true");
  if (str_eqz(p.code, "status")) c->inactive |= is_gone(p.value);
}

static void read_concepts(struct code_system *cs, const struct node *n, size_t parent, int depth);

static void read_concept(struct code_system *cs, const struct node *n, size_t parent, int depth) {
  if (cs->concepts.n == DEFINITION_CONCEPTS_MAX || depth > DEFINITION_DEPTH_MAX) {
    cs->truncated = true;
    return;
  }
  size_t own = cs->concepts.n;
  struct code_concept *c = VEC_ADD(cs->arena, &cs->concepts);
  c->code = text(n, "code");
  c->display = text(n, "display");
  if (parent != DEFINITION_NONE) VEC_PUSH(cs->arena, &c->parents, parent);
  for (NODE_EACH(m, n)) {
    if (str_eqz(m->name, "property")) read_property(c, cs->arena, m);
    if (str_eqz(m->name, "designation") && text(m, "value").n) VEC_PUSH(cs->arena, &c->displays, text(m, "value"));
  }
  read_concepts(cs, n, own, depth + 1);
}

static void read_concepts(struct code_system *cs, const struct node *n, size_t parent, int depth) {
  for (NODE_EACH(c, n))
    if (str_eqz(c->name, "concept")) read_concept(cs, c, parent, depth);
}

void code_system_index(struct code_system *cs) {
  map_init(&cs->by_code, cs->arena);
  for (size_t i = 0; i < cs->concepts.n; i++) {
    struct code_concept *c = &cs->concepts.v[i];
    struct str key = cs->case_insensitive ? lower(arena_alloc(cs->arena, c->code.n), c->code) : c->code;
    if (!map_get(&cs->by_code, key)) map_set(&cs->by_code, key, c);
  }
}

static void add_parent(struct code_system *cs, size_t child, size_t parent) {
  if (child == DEFINITION_NONE || parent == DEFINITION_NONE || child == parent) return;
  struct code_concept *c = &cs->concepts.v[child];
  for (size_t i = 0; i < c->parents.n; i++)
    if (c->parents.v[i] == parent) return;
  VEC_PUSH(cs->arena, &c->parents, parent);
}

/* The hierarchy that stands in properties: subsumedBy and parent upwards, child downwards. */
static void link_by_property(struct code_system *cs, size_t index) {
  const struct code_concept *c = &cs->concepts.v[index];
  for (size_t i = 0; i < c->properties.n; i++) {
    const struct concept_property *p = &c->properties.v[i];
    if (str_eqz(p->code, "subsumedBy") || str_eqz(p->code, "parent"))
      add_parent(cs, index, code_system_find(cs, p->value));
    if (str_eqz(p->code, "child")) add_parent(cs, code_system_find(cs, p->value), index);
  }
}

struct code_system *code_system_read(struct arena *a, const struct node *n, const struct package *package) {
  if (!n || !str_eqz(n->type, "CodeSystem")) return NULL;
  struct code_system *cs = ARENA_NEW(a, struct code_system);
  cs->arena = a;
  cs->node = n;
  cs->package = package;
  cs->url = text(n, "url");
  cs->version = text(n, "version");
  cs->name = text(n, "name");
  cs->supplements = text(n, "supplements");
  cs->hierarchy_meaning = text(n, "hierarchyMeaning");
  cs->value_set = text(n, "valueSet");
  cs->case_insensitive = str_eqz(text(n, "caseSensitive"), "false");
  struct str content = text(n, "content");
  for (size_t i = 0; i < sizeof contents / sizeof *contents; i++)
    if (str_eq(content, contents[i].name)) cs->content = contents[i].content;
  read_concepts(cs, n, DEFINITION_NONE, 0);
  code_system_index(cs);
  for (size_t i = 0; i < cs->concepts.n; i++) link_by_property(cs, i);
  return cs;
}

size_t code_system_find(const struct code_system *cs, struct str code) {
  char small[DEFINITION_CODE_MAX];
  if (cs->case_insensitive && code.n > sizeof small) return DEFINITION_NONE;
  const struct code_concept *c = map_get(&cs->by_code, cs->case_insensitive ? lower(small, code) : code);
  return c ? (size_t)(c - cs->concepts.v) : DEFINITION_NONE;
}

/* Walks up from index; seen keeps a cycle from being walked twice. */
static bool walk_up(const struct code_system *cs, size_t index, size_t ancestor, bool *seen, struct arena *scratch) {
  struct {
    size_t *v;
    size_t n, cap;
  } todo = {0};
  VEC_PUSH(scratch, &todo, index);
  while (todo.n) {
    size_t at = todo.v[--todo.n];
    if (at == ancestor) return true;
    if (seen[at]) continue;
    seen[at] = true;
    const struct code_concept *c = &cs->concepts.v[at];
    for (size_t i = 0; i < c->parents.n; i++) VEC_PUSH(scratch, &todo, c->parents.v[i]);
  }
  return false;
}

bool code_system_is_a(const struct code_system *cs, size_t index, size_t ancestor) {
  if (index >= cs->concepts.n || ancestor >= cs->concepts.n) return false;
  struct arena *scratch = arena_new(0);
  bool yes = walk_up(cs, index, ancestor, ARENA_ARRAY(scratch, bool, cs->concepts.n), scratch);
  arena_free(scratch);
  return yes;
}

struct str concept_property(const struct code_concept *c, const char *code) {
  for (size_t i = 0; i < c->properties.n; i++)
    if (str_eqz(c->properties.v[i].code, code)) return c->properties.v[i].value;
  return (struct str){0};
}
