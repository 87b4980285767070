/* Codes that came or went in the value sets that definitions bind to. */
#include "lint/regress_int.h"

#define CODES_MAX 20000 /* of one value set; a larger one is not compared code by code */
#define CODES_SHOWN 8
#define CODES_TEXT_MAX ((size_t)1000)

struct codes {
  struct regress *r;
  const struct regress_side *side;
  struct map map; /* "system#code" */
  bool open;      /* what belongs to it cannot be listed: filters, nested value sets, systems that are not here */
};

static void put_code(struct codes *c, struct str system, struct str code) {
  if (c->map.n < CODES_MAX)
    map_set(&c->map, arena_printf(c->r->arena, "%.*s#%.*s", STR_F(system), STR_F(code)), c);
  else
    c->open = true;
}

static void put_system(struct codes *c, const struct value_set_part *part, const struct package *from) {
  struct code_system *cs = book_code_system(c->side->book, part->system, from);
  if (!cs || cs->content != CONTENT_COMPLETE) {
    c->open = true;
    return;
  }
  for (size_t i = 0; i < cs->concepts.n; i++) put_code(c, part->system, cs->concepts.v[i].code);
}

static bool list_codes(struct codes *c, struct regress *r, const struct regress_side *side, struct str url,
                       const struct package *from) {
  *c = (struct codes){.r = r, .side = side};
  map_init(&c->map, r->arena);
  struct value_set *vs = book_value_set(side->book, url, from);
  if (!vs || vs->excludes.n) return false;
  for (size_t i = 0; i < vs->includes.n; i++) {
    const struct value_set_part *part = &vs->includes.v[i];
    c->open = c->open || part->filters.n || part->value_sets.n;
    for (size_t k = 0; k < part->concepts.n; k++) put_code(c, part->system, part->concepts.v[k].code);
    if (!part->concepts.n && !part->filters.n && part->system.n) put_system(c, part, vs->package);
  }
  return vs->includes.n > 0 && !c->open;
}

/* Codes of one that the other lacks. */
static struct str lacking(struct arena *a, const struct codes *have, const struct codes *other) {
  struct buf b;
  size_t n = 0;
  buf_init(&b, CODES_TEXT_MAX);
  for (size_t i = 0; i < have->map.n; i++) {
    struct str code = have->map.entries[i].key;
    if (map_get(&other->map, code)) continue;
    if (n < CODES_SHOWN)
      buf_printf(&b, "%s%.*s", n ? ", " : "", STR_F(str_sub(code, str_index(code, '#') + 1, code.n)));
    n++;
  }
  if (n > CODES_SHOWN) buf_printf(&b, " and %zu more", n - CODES_SHOWN);
  return buf_take(&b, a);
}

struct bound {
  struct structure *structure;
  struct str value_set;
};

/* Where each value set is bound first. */
static struct map *bound_in(struct regress *r, const struct regress_side *side, struct map *profiles) {
  struct map *m = ARENA_NEW(r->arena, struct map);
  map_init(m, r->arena);
  for (size_t i = 0; i < profiles->n; i++) {
    struct structure *s = profiles->entries[i].value;
    const struct elements *list = regress_elements(r, side, s);
    for (size_t k = 0; list && k < list->n; k++) {
      struct str canonical = list->v[k].binding.value_set, url = canonical_cut(canonical, NULL);
      if (!url.n || list->v[k].binding.strength < BINDING_EXTENSIBLE || map_get(m, url)) continue;
      struct bound *b = ARENA_NEW(r->arena, struct bound);
      *b = (struct bound){s, canonical};
      map_set(m, url, b);
    }
  }
  return m;
}

void regress_codes(struct regress *r, struct map *of_x, struct map *of_y) {
  struct map *x = bound_in(r, &r->x, of_x), *y = bound_in(r, &r->y, of_y);
  for (size_t i = 0; i < x->n; i++) {
    const struct bound *was = x->entries[i].value, *is = map_get(y, x->entries[i].key);
    struct codes before, after;
    if (!is || !list_codes(&before, r, &r->x, was->value_set, was->structure->package) ||
        !list_codes(&after, r, &r->y, is->value_set, is->structure->package))
      continue;
    struct str gone = lacking(r->arena, &before, &after), come = lacking(r->arena, &after, &before);
    struct regress_row like = {
        .rule = STR("definition.codes"), .element = x->entries[i].key, .before = gone, .after = come};
    struct regress_row *row = gone.n || come.n ? regress_row(r, REGRESS_DEFINITION, like) : NULL;
    if (row) strs_once(r->arena, &row->profiles, was->structure->url);
  }
}
