#include "diff/diff_int.h"

struct diff {
  struct arena *a, *scratch;
  struct findings *f;
  struct str expected_name, actual_name;
  enum syntax syntax;
  size_t n, cells;
  struct map origins; /* of nodes that were made for comparing */
};

#define TOLD_MAX 16

#define REPORT(d, rule, actual, expected, ...)                                                                         \
  diff_add((d), (rule), (actual), (expected), sizeof((struct str[]){{0}, ##__VA_ARGS__}) / sizeof(struct str) - 1,     \
           &((struct str[]){{0}, ##__VA_ARGS__})[1])

/* Beyond DIFF_FINDINGS_MAX differences are only counted; asked before anything is made for a text. */
static bool only_counted(struct diff *d) {
  if (d->n < DIFF_FINDINGS_MAX) return false;
  d->n++;
  d->f->dropped++;
  return true;
}

static struct finding *diff_add(struct diff *d, enum diff_rule rule, const struct node *actual,
                                const struct node *expected, size_t n, const struct str *args) {
  if (only_counted(d)) return NULL;
  d->n++;
  struct place where = node_place(d->f->arena, d->actual_name, diff_origin(&d->origins, actual));
  struct finding *f = findings_add(d->f, &diff_texts[rule], where, n, args);
  if (f) {
    f->other = node_place(d->f->arena, d->expected_name, diff_origin(&d->origins, expected));
    f->other.message = arena_str(d->f->arena, d->expected_name);
  }
  return f;
}

static struct str number(struct diff *d, size_t n) {
  return arena_printf(d->a, "%zu", n);
}

/* ---- values ---- */

/* "name:line:column path" of where an id met its partner. */
static struct str met_at(struct diff *d, const struct node *n) {
  struct str path = node_path(d->a, n);
  return arena_printf(d->a, "%.*s:%d:%d %.*s", STR_F(d->actual_name), n->line, n->col, STR_F(path));
}

/* One finding for each pair of ids that cannot be, wherever else it occurs again. */
static bool told_before(struct diff *d, struct id *e, const struct id *a) {
  for (size_t i = 0; i < e->told.n; i++)
    if (e->told.v[i] == a) return true;
  if (e->told.n < TOLD_MAX) VEC_PUSH(d->a, &e->told, a);
  return false;
}

static void compare_ids(struct diff *d, struct view *e, struct view *a) {
  struct id *x = e->id, *y = a->id;
  struct str expected_type = diff_reference_parse(e->text).type, actual_type = diff_reference_parse(a->text).type;
  if (expected_type.n && actual_type.n && !str_eq(expected_type, actual_type)) {
    REPORT(d, DIFF_VALUE_TARGET, a->n, e->n, e->text, a->text);
    return;
  }
  if (!x->partner && !y->partner) {
    x->partner = y;
    y->partner = x;
    x->met = y->met = a->n;
  }
  if (x->partner == y || told_before(d, x, y) || only_counted(d)) return;
  if (x->partner)
    REPORT(d, DIFF_MAPPING, a->n, e->n, x->value, y->value, x->partner->value, met_at(d, x->met));
  else
    REPORT(d, DIFF_MAPPING_BACK, a->n, e->n, x->value, y->value, y->partner->value, met_at(d, y->met));
}

static bool times_alike(struct diff *d, const struct view *e, const struct view *a) {
  struct instant x, y;
  return diff_instant_parse(d->a, e->text, &x) && diff_instant_parse(d->a, a->text, &y) && x.form == y.form;
}

static enum diff_rule values_differ(struct diff *d, const struct view *e, const struct view *a) {
  if ((e->flags & VIEW_TIME) && e->text.n && a->text.n) return times_alike(d, e, a) ? DIFF_TEXTS_N : DIFF_VALUE_FORM;
  if (!a->text.n && !a->n->text.n) return DIFF_VALUE_ABSENT;
  if (!e->text.n && !e->n->text.n) return DIFF_VALUE_UNWANTED;
  if (e->flags & a->flags & VIEW_XHTML) return DIFF_VALUE_XHTML;
  bool numbers = d->syntax == SYNTAX_FHIR || (e->n->kind == NODE_NUMBER && a->n->kind == NODE_NUMBER);
  return diff_value_wording(d->a, e->text, a->text, numbers);
}

static void compare_values(struct diff *d, struct view *e, struct view *a) {
  if ((e->flags | a->flags) & VIEW_PARTIAL) return;
  if (e->id && a->id) {
    compare_ids(d, e, a);
    return;
  }
  if (str_eq(e->text, a->text)) return;
  enum diff_rule wording = d->n < DIFF_FINDINGS_MAX || (e->flags & VIEW_TIME) ? values_differ(d, e, a) : DIFF_VALUE;
  if (wording == DIFF_TEXTS_N || only_counted(d)) return;
  REPORT(d, wording, a->n, e->n, diff_value_shown(d->a, e->text, a->text), diff_value_shown(d->a, a->text, e->text));
}

/* ---- lists ---- */

static void add_missing(struct diff *d, const struct node *parent, const struct node *missing) {
  if (only_counted(d)) return;
  struct finding *f = REPORT(d, DIFF_MISSING, parent, missing, diff_node_shown(d->a, missing));
  if (!f || !missing->name.n) return;
  bool letter = d->syntax == SYNTAX_EDIFACT && parent->kind != NODE_ARRAY && f->where.path.n;
  const char *join = letter                          ? "/"
                     : missing->kind == NODE_ATTR    ? "/@"
                     : missing->kind == NODE_ELEMENT ? "/"
                     : f->where.path.n               ? "."
                                                     : "";
  f->where.path = arena_printf(d->f->arena, "%.*s%s%.*s", STR_F(f->where.path), join, STR_F(missing->name));
}

/* Of what is there only because something below it is compared, just that is missing. */
static void report_missing(struct diff *d, const struct node *parent, const struct view *missing) {
  if (!(missing->flags & VIEW_PARTIAL)) {
    add_missing(d, parent, missing->n);
    return;
  }
  const struct node *inner = node_child_str(parent, missing->n->name);
  for (unsigned g = 0; g < missing->groups_n; g++)
    for (size_t i = 0; i < missing->groups[g].items.n; i++)
      report_missing(d, inner ? inner : parent, missing->groups[g].items.v[i]);
}

static void report_order(struct diff *d, const struct group *expected) {
  const struct view *first = NULL;
  size_t moved = 0;
  for (size_t i = 0; i < expected->items.n; i++) {
    const struct view *e = expected->items.v[i];
    if (!e->partner || !(e->flags & VIEW_MOVED)) continue;
    if (!first) first = e;
    moved++;
  }
  if (!first || only_counted(d)) return;
  REPORT(d, DIFF_ORDER, first->partner->n, first->n, number(d, moved), number(d, expected->items.n),
         number(d, first->index + 1), number(d, first->partner->index + 1));
}

static void compare(struct diff *d, struct view *e, struct view *a);

static void compare_lists(struct diff *d, const struct view *parent, struct group *expected, struct group *actual) {
  const struct match *m = expected->items.v[0]->list;
  if (m)
    diff_align_keyed(d->scratch, expected, actual, m, &d->cells);
  else
    diff_align_lists(d->scratch, expected, actual, &d->cells);
  report_order(d, expected);
  for (size_t i = 0; i < expected->items.n; i++) {
    struct view *e = expected->items.v[i];
    if (e->partner)
      compare(d, e, e->partner);
    else
      report_missing(d, parent->n, e);
  }
}

static void report_extra(struct diff *d, const struct node *parent, const struct view *extra) {
  if (!(extra->flags & VIEW_PARTIAL)) {
    if (!only_counted(d)) REPORT(d, DIFF_EXTRA, extra->n, parent, diff_node_shown(d->a, extra->n));
    return;
  }
  const struct node *inner = node_child_str(parent, extra->n->name);
  for (unsigned g = 0; g < extra->groups_n; g++)
    for (size_t i = 0; i < extra->groups[g].items.n; i++)
      report_extra(d, inner ? inner : parent, extra->groups[g].items.v[i]);
}

/* XML: the order of elements of different names; the first that comes too early is enough. */
static void compare_sequence(struct diff *d, const struct view *e) {
  size_t n = 0;
  for (unsigned g = 0; g < e->groups_n; g++) n += e->groups[g].items.n;
  const struct view **in_order = ARENA_ARRAY(d->a, const struct view *, n + 1), *last = NULL;
  for (unsigned g = 0; g < e->groups_n; g++)
    for (size_t i = 0; i < e->groups[g].items.n; i++) in_order[e->groups[g].items.v[i]->seq] = e->groups[g].items.v[i];
  for (size_t i = 0; i < n; i++) {
    const struct view *v = in_order[i];
    if (!v->partner || v->list || v->n->kind == NODE_ATTR || (v->flags & VIEW_MOVED)) continue;
    if (last && v->partner->seq < last->partner->seq && !diff_same_name(v->n, last->n)) {
      if (!only_counted(d))
        REPORT(d, DIFF_ORDER_NAMES, v->partner->n, v->n, diff_node_shown(d->a, v->n), diff_node_shown(d->a, last->n));
      return;
    }
    last = v;
  }
}

static void compare_children(struct diff *d, struct view *e, struct view *a) {
  struct groups_index index;
  diff_groups_index(&index, d->a, a);
  for (unsigned g = 0; g < e->groups_n; g++) {
    struct group *expected = &e->groups[g], *actual = diff_groups_find(&index, expected->items.v[0]->n);
    if (actual) {
      compare_lists(d, a, expected, actual);
      continue;
    }
    for (size_t i = 0; i < expected->items.n; i++) report_missing(d, a->n, expected->items.v[i]);
  }
  for (unsigned g = 0; g < a->groups_n; g++)
    for (size_t i = 0; i < a->groups[g].items.n; i++)
      if (!a->groups[g].items.v[i]->partner) report_extra(d, e->n, a->groups[g].items.v[i]);
  if (e->n->kind == NODE_ELEMENT || e->n->kind == NODE_GROUP) compare_sequence(d, e);
}

/* ---- nodes ---- */

static struct str type_shown(struct diff *d, const struct node *n) {
  if (n->kind != NODE_ELEMENT) return n->type.n ? n->type : STR("no resource");
  return n->ns.n ? arena_printf(d->a, "%.*s {%.*s}", STR_F(n->name), STR_F(n->ns)) : n->name;
}

/* A FHIR primitive without a value has only an id and extensions; from XML it looks like any element. */
static bool may_lack_value(const struct node *n) {
  if (n->kind == NODE_NULL) return true;
  if (n->kind != NODE_OBJECT || n->type.n) return false;
  for (NODE_EACH(child, n))
    if (!str_eqz(child->name, "id") && !str_eqz(child->name, "extension")) return false;
  return true;
}

static bool kinds_differ(struct diff *d, const struct view *e, const struct view *a) {
  if (diff_view_kind(d->syntax, e->n) == diff_view_kind(d->syntax, a->n)) return false;
  return d->syntax != SYNTAX_FHIR || !(may_lack_value(e->n) || may_lack_value(a->n));
}

static void compare(struct diff *d, struct view *e, struct view *a) {
  if (kinds_differ(d, e, a)) {
    REPORT(d, DIFF_KIND, a->n, e->n, str_z(node_kind_name(e->n->kind)), str_z(node_kind_name(a->n->kind)));
    return;
  }
  if (!str_eq(e->n->type, a->n->type) || (e->n->kind == NODE_ELEMENT && !diff_same_name(e->n, a->n))) {
    REPORT(d, DIFF_TYPE, a->n, e->n, type_shown(d, e->n), type_shown(d, a->n));
    return;
  }
  compare_values(d, e, a);
  compare_children(d, e, a);
}

/* ---- trees ---- */

static enum syntax syntax_of(const struct node *expected, const struct node *actual) {
  if (expected->kind == NODE_GROUP && actual->kind == NODE_GROUP) return SYNTAX_EDIFACT;
  if (expected->type.n && actual->type.n) return SYNTAX_FHIR;
  return expected->kind == NODE_ELEMENT && actual->kind == NODE_ELEMENT ? SYNTAX_XML : SYNTAX_JSON;
}

static void report_limit(struct diff *d, const struct tree *expected, const struct tree *actual) {
  const struct tree *over = actual->over ? actual : expected;
  if (!over->over) return;
  struct str limit = over->nodes >= DIFF_NODES_MAX ? arena_printf(d->a, "%d elements", DIFF_NODES_MAX)
                                                   : arena_printf(d->a, "%d levels", DIFF_DEPTH_MAX);
  REPORT(d, DIFF_LIMIT, actual->over ? actual->over : actual->root->n,
         expected->over ? expected->over : expected->root->n, limit);
}

static void compare_roots(struct diff *d, struct tree *expected, struct tree *actual) {
  if (!expected->root || !actual->root) return;
  compare(d, expected->root, actual->root);
  report_limit(d, expected, actual);
}

size_t diff_trees(struct findings *f, const struct node *expected, struct str expected_name, const struct node *actual,
                  struct str actual_name, const struct diff_rules *rules) {
  struct arena *a = arena_new(0), *scratch = arena_new(0);
  enum syntax syntax = syntax_of(expected, actual);
  struct tree *trees = ARENA_ARRAY(a, struct tree, 2);
  struct diff d = {.a = a,
                   .scratch = scratch,
                   .f = f,
                   .expected_name = expected_name,
                   .actual_name = actual_name,
                   .syntax = syntax,
                   .cells = DIFF_LCS_CELLS_ALL};
  map_init(&d.origins, a);
  for (int i = 0; i < 2; i++) {
    const struct node *root = i ? actual : expected;
    if (syntax == SYNTAX_EDIFACT) root = diff_letter_tree(a, root, &d.origins);
    trees[i] = (struct tree){.a = a, .rules = rules, .syntax = syntax};
    diff_tree_view(&trees[i], root);
  }
  compare_roots(&d, &trees[0], &trees[1]);
  arena_free(scratch);
  arena_free(a);
  return d.n;
}

/* ---- print ---- */

static void print_place(struct buf *out, const char *side, const struct place *p) {
  buf_printf(out, "  %-8s %.*s", side, STR_F(p->message));
  if (p->line) buf_printf(out, ":%d:%d", p->line, p->col);
  if (p->path.n) buf_printf(out, " %.*s", STR_F(p->path));
  buf_byte(out, '\n');
}

void diff_print(struct buf *out, const struct findings *f) {
  for (size_t i = 0; i < f->list.n; i++) {
    const struct finding *one = &f->list.v[i];
    buf_printf(out, "%.*s %s: %.*s\n", STR_F(one->rule), severity_name(one->severity), STR_F(one->en));
    if (one->other.message.n) print_place(out, "expected", &one->other);
    print_place(out, "actual", &one->where);
  }
  if (f->dropped) buf_printf(out, "and %zu more\n", f->dropped);
}
