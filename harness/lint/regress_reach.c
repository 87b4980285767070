/* Which profiles a profile leads to, and which steps judge by it. */
#include "fhir/snapshot.h"
#include "lint/regress_int.h"
#include "standards/catalogue.h"

#define REACH_MAX 2000 /* profiles reached from one */

const struct elements *regress_elements(struct regress *r, const struct regress_side *side, struct structure *s) {
  const struct elements *list;
  struct error e;
  return structure_snapshot(&list, r->arena, side->book, s, SNAPSHOT_PUBLISHED, &e) == 0 ? list : NULL;
}

struct walk {
  struct regress *r;
  const struct regress_side *side;
  struct map *reached;
  VEC(struct structure *) open;
};

/* FHIR's own types are the same on both sides and lead everywhere. */
static void visit(struct walk *w, struct str canonical, const struct package *from) {
  struct structure *s = canonical.n ? book_structure(w->side->book, canonical, from) : NULL;
  if (!s || s->derivation != DERIVATION_CONSTRAINT || w->reached->n >= REACH_MAX) return;
  if (map_set(w->reached, s->url, s)) VEC_PUSH(w->r->arena, &w->open, s);
}

/* A profile of a Bundle names the profiles of what is in it in its constraints: conformsTo('http://...'). */
static void visit_named(struct walk *w, struct str expression, const struct package *from) {
  for (size_t at = 0; at < expression.n;) {
    size_t open = str_find(expression, STR("'http"), at);
    if (open == SIZE_MAX) return;
    size_t close = str_find(expression, STR("'"), open + 1);
    struct str url = str_sub(expression, open + 1, close);
    if (str_find(url, STR("/StructureDefinition/"), 0) != SIZE_MAX) visit(w, url, from);
    if (close == SIZE_MAX) return;
    at = close + 1;
  }
}

static void visit_element(struct walk *w, const struct element *e, const struct package *from) {
  for (size_t i = 0; i < e->constraints.n; i++) visit_named(w, e->constraints.v[i].expression, from);
  for (size_t t = 0; t < e->types.n; t++) {
    const struct element_type *type = &e->types.v[t];
    for (size_t i = 0; i < type->profiles.n; i++) visit(w, type->profiles.v[i], from);
    for (size_t i = 0; i < type->targets.n; i++) visit(w, type->targets.v[i], from);
  }
}

static void walk_on(struct walk *w) {
  for (size_t i = 0; i < w->open.n; i++) {
    struct structure *s = w->open.v[i];
    const struct elements *list = regress_elements(w->r, w->side, s);
    visit(w, s->base, s->package);
    for (size_t k = 0; k < s->imposes.n; k++) visit(w, s->imposes.v[k], s->package);
    for (size_t k = 0; list && k < list->n; k++) visit_element(w, &list->v[k], s->package);
  }
}

static struct map *new_map(struct regress *r) {
  struct map *m = ARENA_NEW(r->arena, struct map);
  map_init(m, r->arena);
  return m;
}

struct map *regress_reach(struct regress *r, const struct regress_side *side, struct str profile) {
  struct str key = arena_printf(r->arena, "%p %.*s", (const void *)side->book, STR_F(profile));
  struct map *known = map_get(&r->reached, key);
  if (known) return known;
  struct walk w = {.r = r, .side = side, .reached = new_map(r)};
  visit(&w, profile, side->package);
  walk_on(&w);
  map_set(&r->reached, key, w.reached);
  return w.reached;
}

struct map *regress_reach_all(struct regress *r, const struct regress_side *side) {
  struct walk w = {.r = r, .side = side, .reached = new_map(r)};
  for (size_t i = 0; i < side->package->items.n; i++) {
    struct package_item *item = side->package->items.v[i];
    if (str_eqz(item->type, "StructureDefinition")) visit(&w, item->url, side->package);
  }
  walk_on(&w);
  return w.reached;
}

/* --- constraints that no step verifies ---------------------------------------- */

static bool is_verified(const struct regress *r, struct str profile, struct str key) {
  for (size_t i = 0; i < r->steps.n; i++) {
    const struct regress_step *s = &r->steps.v[i];
    if (s->reach && map_get(s->reach, profile)) return true;
    for (size_t k = 0; k < s->step->verifies.n; k++)
      if (str_eq(s->step->verifies.v[k], key)) return true;
  }
  return false;
}

static void find_gaps(struct regress *r, const struct structure *s) {
  for (size_t i = 0; i < s->differential.n; i++) {
    const struct element *e = &s->differential.v[i];
    for (size_t k = 0; k < e->constraints.n; k++) {
      const struct element_constraint *c = &e->constraints.v[k];
      if (is_verified(r, s->url, c->key)) continue;
      struct regress_gap gap = {s->url, e->id.n ? e->id : e->path, c->key, c->expression, c->severity};
      VEC_PUSH(r->arena, &r->gaps, gap);
    }
  }
}

void regress_unverified(struct regress *r) {
  struct map *all = regress_reach_all(r, &r->y);
  for (size_t i = 0; i < all->n; i++) find_gaps(r, all->entries[i].value);
}
