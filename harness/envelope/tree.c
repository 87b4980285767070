#include "envelope/tree.h"

#include "base/utf8.h"

#define XSI_NS "http://www.w3.org/2001/XMLSchema-instance"

/* More children than any type of the schemas has places for. */
#define PLACES_MAX 20
/* Of text that does not belong where it stands, this much is shown. */
#define SHOWN_MAX 40

#define TELL(c, rule, node, ...) FINDING((c)->f, (rule), tree_place((c), (node)), ##__VA_ARGS__)

struct place tree_place(const struct tree_check *c, const struct node *n) {
  return node_place_for(c->f, c->message, n);
}

static bool is_hint(const struct tree_schema *x, const struct node *a) {
  if (str_eqz(a->ns, NODE_XMLNS)) return true;
  return str_eqz(a->ns, XSI_NS) &&
         (x->any_hint || str_eqz(a->name, "schemaLocation") || str_eqz(a->name, "noNamespaceSchemaLocation"));
}

static bool is_known(const struct tree_attribute *list, const struct node *a) {
  for (; list && list->name; list++)
    if (a->ns.n == 0 && str_eqz(a->name, list->name)) return true;
  return false;
}

static void check_attributes(const struct tree_check *c, const struct tree_schema *x, const struct node *n,
                             const struct tree_attribute *list) {
  for (const struct node *a = n->attrs; a; a = a->next)
    if (!is_hint(x, a) && !is_known(list, a)) TELL(c, x->rules[TREE_ATTRIBUTE_UNKNOWN], n, n->name, a->name);
  for (; list && list->name; list++)
    if (list->required && !node_attr(n, list->name))
      TELL(c, x->rules[TREE_ATTRIBUTE_MISSING], n, n->name, str_z(list->name));
}

void tree_check_blank(const struct tree_check *c, const struct tree_schema *x, const struct node *n, struct str text) {
  struct str shown = str_trim(text);
  if (shown.n == 0) return;
  shown = str_sub(shown, 0, SHOWN_MAX);
  while (utf8_check(shown) != SIZE_MAX) shown.n--;
  TELL(c, x->rules[TREE_TEXT], n, n->name, shown);
}

static const struct tree_particle *particle_of(const struct tree_type *t, const struct node *parent,
                                               const struct node *child) {
  for (size_t i = 0; i < t->n; i++) {
    const struct tree_particle *p = &t->particles[i];
    if (str_eqz(child->name, p->name) && (p->any_ns || str_eq(child->ns, parent->ns))) return p;
  }
  return NULL;
}

/* "ReceiptException | GeneralException": the names that may fill a place. */
static struct str names_of_place(struct arena *a, const struct tree_type *t, unsigned place) {
  struct str names = {0};
  for (size_t i = 0; i < t->n; i++) {
    if (t->particles[i].place != place) continue;
    names = arena_printf(a, "%.*s%s%s", STR_F(names), names.n ? " | " : "", t->particles[i].name);
  }
  return names;
}

static void check_missing(const struct tree_check *c, const struct tree_schema *x, const struct node *n,
                          const struct tree_type *t, const unsigned *counts) {
  for (size_t i = 0; i < t->n; i++) {
    const struct tree_particle *p = &t->particles[i];
    bool first = i == 0 || t->particles[i - 1].place != p->place;
    if (first && p->min && counts[p->place] == 0)
      TELL(c, x->rules[TREE_MISSING], n, n->name, names_of_place(c->f->arena, t, p->place));
  }
}

/* One child of a sequence; *reached is the furthest place so far. */
static void check_child(const struct tree_check *c, const struct tree_schema *x, const struct node *n,
                        const struct node *child, const struct tree_type *t, unsigned *counts, unsigned *reached) {
  const struct tree_particle *p = particle_of(t, n, child);
  if (!p) {
    TELL(c, x->rules[TREE_UNKNOWN], child, child->name, n->name);
    return;
  }
  if (p->max == 0) {
    TELL(c, x->rules[TREE_FORBIDDEN], child, child->name, n->name);
    return;
  }
  if (++counts[p->place] > p->max)
    TELL(c, p->type->over ? p->type->over : x->rules[TREE_REPEATED], child, child->name, n->name);
  else if (p->place < *reached)
    TELL(c, x->rules[TREE_ORDER], child, child->name, n->name);
  if (p->place > *reached) *reached = p->place;
  tree_check_element(c, x, child, p->type);
}

static void check_sequence(const struct tree_check *c, const struct tree_schema *x, const struct node *n,
                           const struct tree_type *t) {
  unsigned counts[PLACES_MAX] = {0}, reached = 0;
  tree_check_blank(c, x, n, n->text);
  for (NODE_EACH(child, n)) {
    if (child->kind == NODE_ELEMENT)
      check_child(c, x, n, child, t, counts, &reached);
    else
      tree_check_blank(c, x, n, child->text);
  }
  check_missing(c, x, n, t, counts);
}

static void check_value(const struct tree_check *c, const struct tree_schema *x, const struct node *n,
                        const struct tree_type *t) {
  bool elements = false;
  for (NODE_EACH(child, n)) {
    if (child->kind != NODE_ELEMENT) continue;
    elements = true;
    TELL(c, x->rules[TREE_UNKNOWN], child, child->name, n->name);
  }
  if (!elements && t->check) t->check(c, n);
}

/* Recursion ends with the schema: the deepest element stands six levels down. */
void tree_check_element(const struct tree_check *c, const struct tree_schema *x, const struct node *n,
                        const struct tree_type *t) {
  if (t->any) return;
  check_attributes(c, x, n, t->attributes);
  if (t->particles)
    check_sequence(c, x, n, t);
  else
    check_value(c, x, n, t);
}
