/* A node against an element, and against a whole schema: where the kinds of rules are called. */
#include "validate/profile_int.h"

/* --- outcomes ------------------------------------------------------------------ */

#define OUTCOME_SLOTS 256 /* at first; a power of two */

/* Nodes lie one behind the other and are checked in that order: each finds its few outcomes in the slot behind that of
 * the node before, and not somewhere in the memory of a large message. */
static struct outcome **outcome_slot(const struct outcomes *all, const struct node *n) {
  return &all->slots[(uintptr_t)n / sizeof(struct node) & (all->slots_n - 1)];
}

static void outcomes_grow(struct outcomes *all, struct arena *a) {
  struct outcome **old = all->slots;
  size_t old_n = all->slots_n;
  all->slots_n = old_n ? old_n * 2 : OUTCOME_SLOTS;
  all->slots = ARENA_ARRAY(a, struct outcome *, all->slots_n);
  for (size_t i = 0; i < old_n; i++)
    for (struct outcome *o = old[i], *next; o; o = next) {
      struct outcome **slot = outcome_slot(all, o->node);
      next = o->next;
      o->next = *slot;
      *slot = o;
    }
}

static struct outcome *outcome_of(const struct outcomes *all, const struct node *n, const struct schema *s) {
  struct outcome *o = all->slots_n ? *outcome_slot(all, n) : NULL;
  while (o && (o->node != n || o->schema != s)) o = o->next;
  return o;
}

static struct outcome *outcome_new(struct checker *k, const struct node *n, const struct schema *s) {
  struct outcomes *all = &k->outcomes;
  if (all->n++ == all->slots_n) outcomes_grow(all, k->a);
  struct outcome *o = ARENA_NEW(k->a, struct outcome), **slot = outcome_slot(all, n);
  *o = (struct outcome){.node = n, .schema = s, .next = *slot};
  *slot = o;
  return o;
}

static bool wrong_resource(struct checker *k, const struct node *n, const struct schema *s) {
  struct str type = s->structure->type;
  if (!n->type.n || str_eq(n->type, type) || s->structure->kind != STRUCTURE_RESOURCE) return false;
  if (shapes_is_a(k->cache->shapes, n->type, type)) return false;
  if (str_eqz(type, "Resource") || str_eqz(type, "DomainResource")) return false;
  CHECK(k, PROFILE_WRONG_TYPE, n, s->root, n->type, type);
  return true;
}

static void check_schema(struct checker *k, const struct node *n, struct schema *s) {
  if (s->problem) {
    CHECK(k, PROFILE_BROKEN, n, NULL, s->structure->url, str_z(s->problem->text));
    return;
  }
  if (wrong_resource(k, n, s)) return;
  check_element(k, n, s->root, s->structure->type);
}

static void check_imposed(struct checker *k, const struct node *n, const struct schema *s) {
  for (size_t i = 0; i < s->structure->imposes.n; i++) {
    struct schema *other = schema_of_profile(k->cache, s->structure->imposes.v[i], s);
    if (other)
      check_against(k, n, other);
    else
      CHECK(k, PROFILE_UNKNOWN, n, s->root, s->structure->imposes.v[i]);
  }
}

#define LIMIT_TEXT_(x) #x
#define LIMIT_TEXT(name) #name " " LIMIT_TEXT_(name)

/* True past a limit, of which the first is told at the end. */
bool check_past_limit(struct checker *k) {
  const char *limit = NULL;
  if (k->depth > PROFILE_DEPTH_MAX) limit = LIMIT_TEXT(PROFILE_DEPTH_MAX);
  if (k->work > PROFILE_WORK_MAX) limit = LIMIT_TEXT(PROFILE_WORK_MAX);
  if (arena_used(k->a) > (size_t)PROFILE_MEGABYTES_MAX << 20) limit = LIMIT_TEXT(PROFILE_MEGABYTES_MAX);
  if (k->costly > PROFILE_COSTLY_MAX) limit = LIMIT_TEXT(PROFILE_COSTLY_MAX);
  if (limit && !k->limit) k->limit = limit;
  return limit;
}

/* Most find nothing: these share one that says so. */
static const struct findings *keep(struct checker *k, const struct findings *found) {
  static const struct findings nothing;
  if (!found->list.n && !found->dropped) return &nothing;
  struct findings *kept = ARENA_NEW(k->a, struct findings);
  *kept = *found;
  return kept;
}

/* An outcome that is still open (a circle of references) has no findings yet: it is taken as good. */
const struct outcome *check_outcome(struct checker *k, const struct node *n, struct schema *s) {
  struct outcome *o = outcome_of(&k->outcomes, n, s);
  if (o) return o;
  static const struct findings none;
  static const struct outcome not_looked_at = {.state = OUTCOME_DONE, .found = &none};
  if (check_past_limit(k)) return &not_looked_at;
  struct findings found, *before = k->f;
  findings_init(&found, k->a);
  o = outcome_new(k, n, s);
  o->found = k->f = &found;
  k->depth++;
  check_schema(k, n, s);
  check_imposed(k, n, s);
  k->depth--;
  k->f = before;
  o->found = keep(k, &found);
  o->state = OUTCOME_DONE;
  return o;
}

void check_against(struct checker *k, const struct node *n, struct schema *s) {
  const struct outcome *o = check_outcome(k, n, s);
  if (o->found->list.n && o->found != k->f) findings_join(k->f, o->found);
}

static bool is_without_error(struct checker *k, const struct node *n, struct schema *s) {
  return findings_worst(check_outcome(k, n, s)->found) != SEV_ERROR;
}

/* A resource that breaks a profile it claims conforms to nothing: that is how validators take it. */
bool check_conforms(struct checker *k, const struct node *n, struct schema *s) {
  if (!is_without_error(k, n, s)) return false;
  if (!n->type.n) return true;
  for (const struct node *p = node_child(node_child(n, "meta"), "profile"); p; p = node_again(p)) {
    struct schema *claimed = schema_of_profile(k->cache, p->text, k->from);
    if (claimed && claimed != s && !is_without_error(k, n, claimed)) return false;
  }
  return true;
}

bool check_is_open(struct checker *k, const struct node *n, struct schema *s) {
  const struct outcome *o = check_outcome(k, n, s);
  return o->state == OUTCOME_DONE && findings_worst(o->found) == SEV_UNDECIDED;
}

void check_add_open(struct checker *k, const struct node *n, struct schema *s) {
  const struct outcome *o = check_outcome(k, n, s);
  struct findings open;
  if (!check_is_open(k, n, s)) return;
  findings_init(&open, k->a);
  for (size_t i = 0; i < o->found->list.n; i++)
    if (o->found->list.v[i].severity == SEV_UNDECIDED) VEC_PUSH(k->a, &open.list, o->found->list.v[i]);
  findings_join(k->f, &open);
}

/* --- resources ------------------------------------------------------------------- */

static void check_claimed(struct checker *k, const struct node *n) {
  for (const struct node *p = node_child(node_child(n, "meta"), "profile"); p; p = node_again(p)) {
    if (!p->text.n) continue;
    struct schema *s = schema_of_profile(k->cache, p->text, k->from);
    if (s)
      check_against(k, n, s);
    else
      CHECK(k, PROFILE_UNKNOWN, p, NULL, p->text);
  }
}

/* What FHIR demands of resources of a type beyond their definition. */
static void check_by_type(struct checker *k, const struct node *n) {
  static const struct {
    const char *type;
    void (*check)(struct checker *k, const struct node *n);
  } rules[] = {{"Bundle", check_bundle},           {"StructureDefinition", check_definition},
               {"Observation", check_vital_signs}, {"CodeSystem", check_code_system},
               {"ValueSet", check_value_set},      {"Questionnaire", check_questionnaire}};
  for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
    if (str_eqz(n->type, rules[i].type)) rules[i].check(k, n);
}

void check_resource(struct checker *k, const struct node *n) {
  struct schema *s = schema_of_type(k->cache, n->type);
  if (!s || s->structure->kind != STRUCTURE_RESOURCE || s->structure->abstract) {
    CHECK(k, PROFILE_TYPE_UNKNOWN, n, NULL, n->type);
    return;
  }
  const struct schema_element *above = k->current;
  k->current = s->root;
  check_against(k, n, s);
  check_claimed(k, n);
  if (!n->parent || !str_eqz(n->name, "contained")) check_ids(k, n);
  check_by_type(k, n);
  k->current = above;
}

/* --- children ---------------------------------------------------------------------- */

struct group {
  const struct node **v;
  size_t n, cap;
};

static size_t child_index(const struct schema_element *e, const struct schema_element *child) {
  for (size_t i = 0; i < e->children.n; i++)
    if (e->children.v[i] == child) return i;
  return SIZE_MAX;
}

static void unknown_element(struct checker *k, const struct node *n, const struct schema_element *e) {
  if (schema_is_base(e->schema))
    check_told_of_parent(k, CHECK(k, PROFILE_ELEMENT_UNKNOWN, n, e, n->name, e->def->path), n);
}

/* FHIR R4, 2.6.1: in XML the elements come in the order of the definition. */
static void check_order(struct checker *k, const struct node *n, const struct schema_element *e, size_t at,
                        size_t *latest) {
  if (k->form != RESOURCE_XML || !schema_is_base(e->schema) || e->children.v[at]->def->xml_attribute) return;
  if (at < *latest && *latest != SIZE_MAX)
    CHECK(k, PROFILE_ELEMENT_ORDER, n, e, n->name, e->children.v[*latest]->name);
  else
    *latest = at;
}

static void group_children(struct checker *k, struct group *groups, const struct node *n,
                           const struct schema_element *e) {
  size_t latest = 0, index = 0;
  const struct schema_element *before = NULL;
  struct str name = {0};
  for (NODE_EACH(c, n)) {
    if (!before || !str_eq(name, c->name)) {
      before = schema_child(e, c->name);
      name = c->name;
      index = before ? child_index(e, before) : SIZE_MAX;
    }
    if (!before) {
      unknown_element(k, c, e);
      continue;
    }
    check_order(k, c, e, index, &latest);
    VEC_PUSH(k->stack, &groups[index], c);
  }
}

static void check_group(struct checker *k, const struct node *n, const struct schema_element *e,
                        const struct group *g) {
  check_cardinality(k, n, e, g->v, g->n);
  if (schema_is_base(e->schema)) check_listed(k, e, g->v, g->n);
  for (size_t i = 0; i < g->n; i++) check_element(k, g->v[i], e, check_type_of(e, g->v[i]));
  if (e->slices.n) check_slices(k, n, e, g->v, g->n);
}

void check_children(struct checker *k, const struct node *n, const struct schema_element *e) {
  struct arena_mark before = arena_mark(k->stack);
  struct group *groups = ARENA_ARRAY(k->stack, struct group, e->children.n + 1);
  group_children(k, groups, n, e);
  for (size_t i = 0; i < e->children.n; i++) check_group(k, n, e->children.v[i], &groups[i]);
  arena_rewind(k->stack, before);
}

/* --- one node ------------------------------------------------------------------------ */

static bool has_children(const struct node *n) {
  return n->first != NULL;
}

static void check_content(struct checker *k, const struct node *n, const struct schema_element *e, struct str type) {
  if (e->children.n) {
    if (!type_is_primitive(type) || has_children(n)) check_children(k, n, e);
    return;
  }
  if (!e->def->content_reference.n || !schema_is_base(e->schema)) return; /* what a profile narrows is not meant */
  const struct schema_element *other = schema_referenced(e);
  if (other) check_element(k, n, other, check_type_of(other, n));
}

void check_element(struct checker *k, const struct node *n, const struct schema_element *e, struct str type) {
  k->work++;
  if (check_past_limit(k)) return;
  const struct schema_element *above = k->current;
  k->depth++;
  k->current = e;
  bool known = check_type(k, n, e, type);
  check_invariants(k, n, e);
  if (known) {
    check_values(k, n, e, type);
    check_binding(k, n, e, type);
    check_content(k, n, e, type);
    if (e->parent) check_types(k, n, e, type);
  }
  k->current = above;
  k->depth--;
}
