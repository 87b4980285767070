/* Code systems, value sets and questionnaires as instances: what their definitions cannot say of themselves. */
#include "validate/profile_int.h"

/* --- CodeSystem ------------------------------------------------------------------ */

static const struct node *property_named(const struct node *system, struct str code) {
  for (const struct node *p = node_child(system, "property"); p; p = node_again(p))
    if (str_eq(node_text_at(p, "code"), code)) return p;
  return NULL;
}

/* value[x] of a concept's property is of the type that CodeSystem.property declares. */
static void check_property(struct checker *k, const struct node *system, const struct node *property) {
  struct str declared = node_text_at(property_named(system, node_text_at(property, "code")), "type");
  struct str head = STR("value");
  for (NODE_EACH(v, property)) {
    if (!str_starts(v->name, head) || v->name.n == head.n || !declared.n) continue;
    if (!str_eq_nocase(str_sub(v->name, head.n, v->name.n), declared))
      CHECK(k, PROFILE_PROPERTY_TYPE, property, NULL, node_text_at(property, "code"), declared,
            str_sub(v->name, head.n, v->name.n));
  }
}

static void check_concepts(struct checker *k, const struct node *system, const struct node *n, int depth) {
  if (depth > PROFILE_DEPTH_MAX) return;
  for (const struct node *c = node_child(n, "concept"); c; c = node_again(c)) {
    for (const struct node *p = node_child(c, "property"); p; p = node_again(p)) check_property(k, system, p);
    check_concepts(k, system, c, depth + 1);
  }
}

void check_code_system(struct checker *k, const struct node *n) {
  if (str_eqz(node_text_at(n, "content"), "supplement") && !node_child(n, "supplements"))
    CHECK(k, PROFILE_SUPPLEMENT_OF, n, NULL);
  check_concepts(k, n, n, 0);
}

/* --- ValueSet -------------------------------------------------------------------- */

static void check_parts(struct checker *k, const struct node *part) {
  for (; part; part = node_again(part)) {
    const struct node *system = node_child(part, "system");
    if (system && system->text.n && str_index(system->text, ':') == SIZE_MAX)
      CHECK(k, PROFILE_SYSTEM_RELATIVE, system, NULL, system->text);
  }
}

void check_value_set(struct checker *k, const struct node *n) {
  check_parts(k, node_at(n, "compose.include"));
  check_parts(k, node_at(n, "compose.exclude"));
}

/* --- Questionnaire ----------------------------------------------------------------- */

static void collect_items(const struct node *n, struct map *items, int depth) {
  if (depth > PROFILE_DEPTH_MAX) return;
  for (const struct node *i = node_child(n, "item"); i; i = node_again(i)) {
    struct str id = node_text_at(i, "linkId");
    if (id.n) map_set(items, id, (void *)1);
    collect_items(i, items, depth + 1);
  }
}

/* enableWhen.question is the linkId of another item. */
static void check_conditions(struct checker *k, const struct node *n, struct map *items, int depth) {
  if (depth > PROFILE_DEPTH_MAX) return;
  for (const struct node *i = node_child(n, "item"); i; i = node_again(i)) {
    for (const struct node *w = node_child(i, "enableWhen"); w; w = node_again(w)) {
      struct str asked = node_text_at(w, "question");
      if (asked.n && (!map_get(items, asked) || str_eq(asked, node_text_at(i, "linkId"))))
        CHECK(k, PROFILE_ENABLE_WHEN, w, NULL, asked);
    }
    check_conditions(k, i, items, depth + 1);
  }
}

void check_questionnaire(struct checker *k, const struct node *n) {
  struct map items;
  map_init(&items, k->a);
  collect_items(n, &items, 0);
  check_conditions(k, n, &items, 0);
}
