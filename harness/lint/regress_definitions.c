/* What two versions of a definition say otherwise. */
#include "fhir/resource.h"
#include "lint/regress_int.h"

#define VALUE_BYTES_MAX ((size_t)64 << 10)

/* --- what an element says, as text: whole, for what is cut off could be what differs ---- */

static void add_canonicals(struct buf *b, const char *before, const struct strs *list) {
  for (size_t i = 0; i < list->n; i++)
    buf_printf(b, "%s%.*s", i ? ", " : before, STR_F(canonical_cut(list->v[i], NULL)));
  if (list->n) buf_addz(b, ")");
}

static struct str say_minimum(struct arena *a, const struct element *e) {
  return arena_printf(a, "%d", e->min);
}

static struct str say_maximum(struct arena *a, const struct element *e) {
  return e->max == DEFINITION_UNBOUNDED ? STR("*") : arena_printf(a, "%d", e->max);
}

/* Where what is referred to has to be; ElementDefinition.type.aggregation. */
static void add_aggregation(struct buf *b, unsigned aggregation) {
  static const struct {
    unsigned bit;
    const char *name;
  } all[] = {
      {AGGREGATION_CONTAINED, "contained"}, {AGGREGATION_REFERENCED, "referenced"}, {AGGREGATION_BUNDLED, "bundled"}};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    if (aggregation & all[i].bit) buf_printf(b, " %s", all[i].name);
}

static struct str say_types(struct arena *a, const struct element *e) {
  struct buf b;
  buf_init(&b, VALUE_BYTES_MAX);
  for (size_t i = 0; i < e->types.n; i++) {
    const struct element_type *t = &e->types.v[i];
    buf_printf(&b, "%s%.*s", i ? " | " : "", STR_F(t->code));
    add_canonicals(&b, " by (", &t->profiles);
    add_canonicals(&b, " to (", &t->targets);
    add_aggregation(&b, t->aggregation);
  }
  return buf_take(&b, a);
}

static struct str say_binding(struct arena *a, const struct element *e) {
  if (e->binding.strength == BINDING_NONE) return (struct str){0};
  return arena_printf(a, "%s %.*s", binding_strength_name(e->binding.strength),
                      STR_F(canonical_cut(e->binding.value_set, NULL)));
}

static void add_value(struct buf *b, const struct node *n) {
  if (!n->first) {
    buf_add(b, n->text);
    return;
  }
  buf_byte(b, '{');
  for (NODE_EACH(c, n)) {
    buf_printf(b, "%s%.*s: ", c == n->first ? "" : ", ", STR_F(c->name));
    add_value(b, c);
  }
  buf_byte(b, '}');
}

static struct str say_value(struct arena *a, const struct element_value *v) {
  struct buf b;
  if (!v->node) return (struct str){0};
  buf_init(&b, VALUE_BYTES_MAX);
  add_value(&b, v->node);
  return buf_take(&b, a);
}

static struct str say_fixed(struct arena *a, const struct element *e) {
  return say_value(a, &e->fixed);
}

static struct str say_pattern(struct arena *a, const struct element *e) {
  return say_value(a, &e->pattern);
}

static struct str say_min_value(struct arena *a, const struct element *e) {
  return say_value(a, &e->min_value);
}

static struct str say_max_value(struct arena *a, const struct element *e) {
  return say_value(a, &e->max_value);
}

static struct str say_length(struct arena *a, const struct element *e) {
  return e->max_length ? arena_printf(a, "%lld", (long long)e->max_length) : (struct str){0};
}

/* Extensions are told apart by their url whether a publisher writes it down or not (FHIR R4 5.1.0.13). */
static bool is_plain_extension(const struct element *e) {
  if (!str_ends(e->path, STR("xtension")) || e->slicing.rules != SLICING_OPEN || e->slicing.ordered) return false;
  return e->slicing.discriminators.n == 1 && str_eqz(e->slicing.discriminators.v[0].path, "url");
}

static struct str say_slicing(struct arena *a, const struct element *e) {
  struct buf b;
  if (!e->slicing.there || is_plain_extension(e)) return (struct str){0};
  buf_init(&b, VALUE_BYTES_MAX);
  buf_printf(&b, "%s%s", slicing_rules_name(e->slicing.rules), e->slicing.ordered ? ", ordered" : "");
  for (size_t i = 0; i < e->slicing.discriminators.n; i++)
    buf_printf(&b, ", %s %.*s", discriminator_kind_name(e->slicing.discriminators.v[i].kind),
               STR_F(e->slicing.discriminators.v[i].path));
  return buf_take(&b, a);
}

static struct str say_support(struct arena *a, const struct element *e) {
  (void)a;
  return e->must_support ? STR("yes") : (struct str){0};
}

static const struct {
  const char *rule;
  struct str (*say)(struct arena *a, const struct element *e);
} aspects[] = {{"definition.minimum", say_minimum},
               {"definition.maximum", say_maximum},
               {"definition.type", say_types},
               {"definition.binding", say_binding},
               {"definition.fixed", say_fixed},
               {"definition.pattern", say_pattern},
               {"definition.minimum-value", say_min_value},
               {"definition.maximum-value", say_max_value},
               {"definition.maximum-length", say_length},
               {"definition.slicing", say_slicing},
               {"definition.must-support", say_support}};

/* --- rows ----------------------------------------------------------------------- */

struct comparing {
  struct regress *r;
  const struct map *own; /* keys of the constraints that profiles make; FHIR's own stand where a publisher puts them */
  struct str profile;
  const struct structure *x, *y; /* NULL: not there */
};

static void put(const struct comparing *c, const char *rule, struct str element, struct str key, struct str before,
                struct str after) {
  struct regress_row like = {
      .rule = str_z(rule), .element = element, .constraint = key, .before = before, .after = after};
  struct regress_row *row = regress_row(c->r, REGRESS_DEFINITION, like);
  if (row) strs_once(c->r->arena, &row->profiles, c->profile);
}

static const struct element_constraint *constraint_of(const struct element *e, struct str key) {
  for (size_t i = 0; e && i < e->constraints.n; i++)
    if (str_eq(e->constraints.v[i].key, key)) return &e->constraints.v[i];
  return NULL;
}

static struct str say_constraint(struct arena *a, const struct element_constraint *c) {
  struct buf b;
  if (!c) return (struct str){0};
  buf_init(&b, VALUE_BYTES_MAX);
  buf_printf(&b, "%s: %.*s", c->severity == CONSTRAINT_ERROR ? "error" : "warning", STR_F(c->expression));
  return buf_take(&b, a);
}

static bool same_constraint(const struct element_constraint *x, const struct element_constraint *y) {
  return x && y && x->severity == y->severity && str_eq(x->expression, y->expression);
}

static void compare_constraints(const struct comparing *c, struct str id, const struct element *x,
                                const struct element *y) {
  struct arena *a = c->r->arena;
  for (size_t i = 0; x && i < x->constraints.n; i++) {
    const struct element_constraint *was = &x->constraints.v[i], *is = constraint_of(y, was->key);
    if (!same_constraint(was, is) && map_get(c->own, was->key))
      put(c, is ? "definition.constraint" : "definition.constraint-removed", id, was->key, say_constraint(a, was),
          say_constraint(a, is));
  }
  for (size_t i = 0; y && i < y->constraints.n; i++) {
    const struct element_constraint *is = &y->constraints.v[i];
    if (!constraint_of(x, is->key) && map_get(c->own, is->key))
      put(c, "definition.constraint-new", id, is->key, (struct str){0}, say_constraint(a, is));
  }
}

static void compare_elements(const struct comparing *c, const struct element *x, const struct element *y) {
  struct arena *a = c->r->arena;
  for (size_t i = 0; i < sizeof aspects / sizeof *aspects; i++) {
    struct str before = aspects[i].say(a, x), after = aspects[i].say(a, y);
    if (!str_eq(before, after)) put(c, aspects[i].rule, x->id, (struct str){0}, before, after);
  }
  compare_constraints(c, x->id, x, y);
}

static struct str say_cardinality(struct arena *a, const struct element *e) {
  return arena_printf(a, "%d..%.*s", e->min, STR_F(say_maximum(a, e)));
}

static bool stands_in(const struct elements *list, struct str id) {
  for (size_t i = 0; i < list->n; i++)
    if (str_eq(list->v[i].id, id)) return true;
  return false;
}

/* How far a snapshot goes into datatypes is its publisher's choice: an element that only one of them shows counts where
 * it is a slice, or the profile speaks of it and demands more than the datatype does. */
static bool counts(const struct structure *s, const struct element *e) {
  if (e->slice_name.n) return true;
  bool more = e->min != e->base_min || e->max != e->base_max || e->fixed.node || e->pattern.node;
  return more && stands_in(&s->differential, e->id);
}

static struct map *by_id(struct arena *a, const struct elements *list) {
  struct map *m = ARENA_NEW(a, struct map);
  map_init(m, a);
  for (size_t i = 0; i < list->n; i++) map_set(m, list->v[i].id, &list->v[i]);
  return m;
}

static struct str say_snapshot(const struct elements *list) {
  return list ? STR("can be made") : STR("cannot be made");
}

static void compare_structures(const struct comparing *c, struct structure *x, struct structure *y) {
  struct arena *a = c->r->arena;
  const struct elements *of_x = regress_elements(c->r, &c->r->x, x), *of_y = regress_elements(c->r, &c->r->y, y);
  if (!of_x || !of_y) {
    put(c, "definition.snapshot", x->id, (struct str){0}, say_snapshot(of_x), say_snapshot(of_y));
    return;
  }
  struct map *ids_x = by_id(a, of_x), *ids_y = by_id(a, of_y);
  for (size_t i = 0; i < of_x->n; i++) {
    const struct element *was = &of_x->v[i], *is = map_get(ids_y, was->id);
    if (is)
      compare_elements(c, was, is);
    else if (counts(x, was))
      put(c, "definition.element-removed", was->id, (struct str){0}, say_cardinality(a, was), (struct str){0});
  }
  for (size_t i = 0; i < of_y->n; i++) {
    const struct element *is = &of_y->v[i];
    if (map_get(ids_x, is->id) || !counts(y, is)) continue;
    put(c, "definition.element-new", is->id, (struct str){0}, (struct str){0}, say_cardinality(a, is));
    compare_constraints(c, is->id, NULL, is);
  }
}

static struct str say_package(struct arena *a, const struct structure *s) {
  if (!s) return (struct str){0};
  return s->package ? arena_printf(a, "%.*s@%.*s", STR_F(s->package->name), STR_F(s->package->version)) : s->version;
}

/* The same publication on both sides says the same; only what is compared can be built twice under one number. */
static bool is_same(const struct regress *r, const struct structure *x, const struct structure *y) {
  if (!x->package || !y->package || x->package == r->x.package || y->package == r->y.package) return false;
  return str_eq(x->package->name, y->package->name) && str_eq(x->package->version, y->package->version);
}

static void own_constraints(struct map *own, const struct map *profiles) {
  for (size_t i = 0; i < profiles->n; i++) {
    const struct elements *said = &((const struct structure *)profiles->entries[i].value)->differential;
    for (size_t k = 0; k < said->n; k++)
      for (size_t j = 0; j < said->v[k].constraints.n; j++) map_set(own, said->v[k].constraints.v[j].key, own);
  }
}

void regress_definitions(struct regress *r) {
  struct map *of_x = regress_reach_all(r, &r->x), *of_y = regress_reach_all(r, &r->y), own;
  map_init(&own, r->arena);
  own_constraints(&own, of_x);
  own_constraints(&own, of_y);
  for (size_t i = 0; i < of_x->n; i++) {
    struct comparing c = {.r = r, .own = &own, .profile = of_x->entries[i].key, .x = of_x->entries[i].value};
    c.y = map_get(of_y, c.profile);
    if (!c.y)
      put(&c, "definition.profile-removed", c.x->id, (struct str){0}, say_package(r->arena, c.x), (struct str){0});
    else if (!is_same(r, c.x, c.y))
      compare_structures(&c, of_x->entries[i].value, map_get(of_y, c.profile));
  }
  for (size_t i = 0; i < of_y->n; i++) {
    struct comparing c = {.r = r, .own = &own, .profile = of_y->entries[i].key, .y = of_y->entries[i].value};
    if (!map_get(of_x, c.profile))
      put(&c, "definition.profile-new", c.y->id, (struct str){0}, (struct str){0}, say_package(r->arena, c.y));
  }
  regress_codes(r, of_x, of_y);
}
