/* How often an element is there, and whether JSON writes it as a list. */
#include "validate/profile_int.h"

static struct str number(struct checker *k, size_t n) {
  return arena_printf(k->a, "%zu", n);
}

/* The value of a primitive is no child in the tree. */
static bool is_value_of_primitive(const struct schema_element *e) {
  return e->parent && !e->parent->parent && e->schema->structure->kind == STRUCTURE_PRIMITIVE &&
         str_eqz(e->name, "value");
}

void check_cardinality(struct checker *k, const struct node *parent, const struct schema_element *e,
                       const struct node *const *nodes, size_t n) {
  const struct element *d = e->def;
  if (is_value_of_primitive(e)) return;
  if (d->min > 0 && n < (size_t)d->min)
    CHECK(k, PROFILE_MIN, parent, e, d->path, number(k, (size_t)d->min), number(k, n));
  if (d->max >= 0 && n > (size_t)d->max)
    CHECK(k, PROFILE_MAX, d->max == 0 ? nodes[0] : parent, e, d->path, number(k, (size_t)d->max), number(k, n));
}

/* FHIR R4, 2.6.2.2: what may repeat is a list, even with one item; what may not is none. */
void check_listed(struct checker *k, const struct schema_element *e, const struct node *const *nodes, size_t n) {
  if (k->form != RESOURCE_JSON || !n) return;
  bool many = e->def->base_path.n ? e->def->base_max != 1 : e->def->max != 1;
  bool listed = nodes[0]->flags & NODE_LISTED;
  if (many && !listed) CHECK(k, PROFILE_LIST, nodes[0], e, e->def->path);
  if (!many && listed && n == 1) CHECK(k, PROFILE_NOT_LIST, nodes[0], e, e->def->path);
}
