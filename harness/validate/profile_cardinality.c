/* How often an element is there, and whether JSON writes it as a list. */
#include "validate/profile_int.h"

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
    CHECK_SAID(k, PROFILE_MIN, parent, e, said_same(d->path), why_times(k, (size_t)d->min), why_number(k, n));
  if (d->max == 0 && n > 0)
    check_told_of_parent(k, CHECK(k, PROFILE_NONE, nodes[0], e, d->path), nodes[0]);
  else if (d->max > 0 && n > (size_t)d->max)
    CHECK_SAID(k, PROFILE_MAX, parent, e, said_same(d->path), why_times(k, (size_t)d->max), why_number(k, n));
}

/* FHIR R4, 2.6.2.2: what may repeat is a list, even with one item; what may not is none. */
void check_listed(struct checker *k, const struct schema_element *e, const struct node *const *nodes, size_t n) {
  if (k->form != RESOURCE_JSON || !n) return;
  bool many = e->def->base_path.n ? e->def->base_max != 1 : e->def->max != 1;
  bool listed = nodes[0]->flags & NODE_LISTED;
  if (many && !listed) {
    struct finding *f = CHECK(k, PROFILE_LIST, nodes[0], e, e->def->path);
    if (f && str_ends(f->where.path, STR("[0]"))) f->where.path.n -= 3; /* there is no list to count in */
  }
  if (!many && listed && n == 1) CHECK(k, PROFILE_NOT_LIST, nodes[0], e, e->def->path);
}
