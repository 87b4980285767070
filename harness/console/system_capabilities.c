/* The capabilities that the protocols of the data folder ask for, and what they mean. */
#include "console/systems_int.h"

#define STATION "station-"

struct gathered {
  VEC(struct system_capability) list;
};

static struct system_capability *find(struct gathered *g, struct str name) {
  for (size_t i = 0; i < g->list.n; i++)
    if (str_eq(g->list.v[i].name, name)) return &g->list.v[i];
  return NULL;
}

static void gather(struct visit *v, struct gathered *g, const struct offer *p) {
  for (size_t i = 0; i < p->needs.n; i++) {
    const struct offer_need *need = &p->needs.v[i];
    if (str_starts(need->capability, STR(STATION))) continue;
    struct system_capability *known = find(g, need->capability);
    struct system_capability one = {need->capability, capability_words(need->capability), need->section, p, false};
    if (known)
      known->several = known->several || !str_eq(known->of->standard, p->standard);
    else
      VEC_PUSH(v->arena, &g->list, one);
  }
}

/* The groups in the order in which they come first. */
static void add_group(struct gathered *from, struct gathered *to, struct arena *a,
                      const struct system_capability *like) {
  for (size_t i = 0; i < from->list.n; i++) {
    const struct system_capability *c = &from->list.v[i];
    bool same = !like ? c->several : !c->several && str_eq(c->of->standard, like->of->standard);
    if (same && !find(to, c->name)) VEC_PUSH(a, &to->list, *c);
  }
}

void system_capabilities(struct visit *v, struct system_capability **out, size_t *n) {
  struct gathered found = {0}, sorted = {0};
  struct offer **list;
  size_t offers;
  offers_protocols(v->console, &list, &offers);
  for (size_t i = 0; i < offers; i++) gather(v, &found, list[i]);
  add_group(&found, &sorted, v->arena, NULL);
  for (size_t i = 0; i < found.list.n; i++)
    if (!found.list.v[i].several) add_group(&found, &sorted, v->arena, &found.list.v[i]);
  *out = sorted.list.v;
  *n = sorted.list.n;
}

struct str system_capability_text(const struct visit *v, const struct system_capability *c) {
  if (c->words) return str_z(visit_word(v, c->words->en, c->words->da));
  struct str section = v->danish ? c->section.da : c->section.en;
  return section.n ? section : c->name;
}

struct str system_standard(const struct visit *v, const struct offer *p) {
  return v->danish && p->danish.n ? p->danish : p->standard;
}
