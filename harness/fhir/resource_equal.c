/* Are two resources the same, whatever form they came in? */
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

/* The first child called name at or after n. */
static const struct node *at_or_after(const struct node *n, struct str name) {
  while (n && !str_eq(n->name, name)) n = n->next;
  return n;
}

static bool is_first_of_name(const struct node *n) {
  return node_child_str(n->parent, n->name) == n;
}

/* Children in the same order: the usual case, in one pass. */
static bool same_order(const struct node *x, const struct node *y) {
  const struct node *cx = x->first, *cy = y->first;
  for (; cx && cy; cx = cx->next, cy = cy->next)
    if (!str_eq(cx->name, cy->name)) return false;
  return !cx && !cy;
}

static bool group_equal(struct arena *a, const struct node *cx, const struct node *cy) {
  while (cx && cy) {
    if (!equal(a, cx, cy)) return false;
    cx = at_or_after(cx->next, cx->name);
    cy = at_or_after(cy->next, cy->name);
  }
  return !cx && !cy;
}

static bool children_equal(struct arena *a, const struct node *x, const struct node *y) {
  if (x->count != y->count) return false;
  if (same_order(x, y)) {
    for (const struct node *cx = x->first, *cy = y->first; cx; cx = cx->next, cy = cy->next)
      if (!equal(a, cx, cy)) return false;
    return true;
  }
  for (NODE_EACH(c, x))
    if (is_first_of_name(c) && !group_equal(a, c, at_or_after(y->first, c->name))) return false;
  return true;
}

static bool equal(struct arena *a, const struct node *x, const struct node *y) {
  return str_eq(x->type, y->type) && value_equal(a, x, y) && children_equal(a, x, y);
}

bool resource_equal(struct arena *a, const struct node *x, const struct node *y) {
  return equal(a, x, y);
}
