#include "cli/constraints.h"

#include "base/file.h"
#include "fhir/facts.h"
#include "fhir/invariants.h"

struct gathering {
  struct constraints *out;
  struct arena *a;
  struct map seen; /* key, severity and expression -> struct constraint */
  const struct invariants *texts;
};

static struct constraint *one_of(struct gathering *g, const struct element_constraint *c) {
  struct str id = arena_printf(g->a, "%.*s %d %.*s", STR_F(c->key), (int)c->severity, STR_F(c->expression));
  struct constraint *one = map_get(&g->seen, id);
  if (one) return one;
  const struct invariant *text = invariants_find(g->texts, c->key, c->expression);
  one = ARENA_NEW(g->a, struct constraint);
  one->key = c->key;
  one->expression = c->expression;
  one->severity = c->severity;
  if (text) one->text = text->text;
  map_set(&g->seen, id, one);
  VEC_PUSH(g->a, g->out, one);
  return one;
}

/* What the definition itself says; of one that builds on nothing that is its snapshot. */
static void gather(struct gathering *g, const struct structure *s) {
  const struct elements *list = s->differential.n ? &s->differential : &s->snapshot;
  struct str profile = arena_printf(g->a, "%.*s|%.*s", STR_F(s->url), STR_F(s->version));
  for (size_t i = 0; i < list->n; i++) {
    const struct element *e = &list->v[i];
    for (size_t k = 0; k < e->constraints.n; k++) {
      struct constraint *one = one_of(g, &e->constraints.v[k]);
      VEC_PUSH(g->a, &one->places, ((struct constraint_place){profile, e->id.n ? e->id : e->path}));
    }
  }
}

int constraints_read(struct constraints *out, struct arena *a, struct error *e) {
  struct gathering g = {.out = out, .a = a};
  struct invariants *texts;
  struct package **packages;
  char *data;
  struct book *b = book_new(a);
  *out = (struct constraints){0};
  map_init(&g.seen, a);
  if (file_data_dir(&data, a, e) || book_add_facts(b, file_join(a, data, FACTS_PACKAGES), e)) return -1;
  if (invariants_open(&texts, a, data, e)) return -1;
  g.texts = texts;
  size_t n = book_packages(&packages, b);
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < packages[i]->items.n; k++) {
      struct package_item *item = packages[i]->items.v[k];
      struct structure *s = str_eqz(item->type, "StructureDefinition") ? book_item_structure(b, item) : NULL;
      if (item->broken) return error_set(e, ERR_SYNTAX, "%.*s: cannot be read", STR_F(item->url));
      if (s) gather(&g, s);
    }
  return 0;
}
