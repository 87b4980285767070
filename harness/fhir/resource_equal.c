/* Are two resources the same, whatever form they came in? */
#include "base/map.h"
#include "fhir/resource_int.h"

static bool equal(struct arena *a, const struct node *x, const struct node *y);

static bool is_value(const struct node *n) {
  return n->kind == NODE_STRING || n->kind == NODE_NUMBER || n->kind == NODE_BOOL;
}

static bool div_equal(struct arena *a, const struct node *x, const struct node *y) {
  struct str cx, cy;
  return str_eqz(x->name, "div") && xhtml_canonical(&cx, a, x->text) && xhtml_canonical(&cy, a, y->text) &&
         str_eq(cx, cy);
}

/* From XML a primitive that has only extensions looks like a complex element. */
static bool value_equal(struct arena *a, const struct node *x, const struct node *y) {
  if (is_value(x) != is_value(y)) return false;
  return str_eq(x->text, y->text) || div_equal(a, x, y);
}

/* Children in the same order: the usual case, in one pass. */
static bool same_order(const struct node *x, const struct node *y) {
  const struct node *cx = x->first, *cy = y->first;
  for (; cx && cy; cx = cx->next, cy = cy->next)
    if (!str_eq(cx->name, cy->name)) return false;
  return !cx && !cy;
}

static bool groups_equal(struct arena *a, const struct node *x, const struct node *y) {
  size_t nx, ny;
  struct resource_group *gx = resource_groups(a, x, &nx), *gy = resource_groups(a, y, &ny);
  struct map by_name;
  map_init(&by_name, a);
  for (size_t i = 0; i < ny; i++) map_set(&by_name, gy[i].name, &gy[i]);
  if (nx != ny) return false;
  for (size_t i = 0; i < nx; i++) {
    const struct resource_group *other = map_get(&by_name, gx[i].name);
    if (!other || other->n != gx[i].n) return false;
    for (size_t j = 0; j < other->n; j++)
      if (!equal(a, gx[i].items[j], other->items[j])) return false;
  }
  return true;
}

static bool children_equal(struct arena *a, const struct node *x, const struct node *y) {
  if (x->count != y->count) return false;
  if (same_order(x, y)) {
    for (const struct node *cx = x->first, *cy = y->first; cx; cx = cx->next, cy = cy->next)
      if (!equal(a, cx, cy)) return false;
    return true;
  }
  return groups_equal(a, x, y);
}

static bool equal(struct arena *a, const struct node *x, const struct node *y) {
  return str_eq(x->type, y->type) && value_equal(a, x, y) && children_equal(a, x, y);
}

bool resource_equal(struct arena *a, const struct node *x, const struct node *y) {
  return equal(a, x, y);
}
