/* Equality, equivalence and order of values (FHIRPath N1, 6.1 and 6.2). */
#include "base/utf8.h"
#include "fhir/fhirpath_int.h"

static bool both_numbers(const struct fhirpath_value *x, const struct fhirpath_value *y) {
  return fp_is_number(x) && fp_is_number(y);
}

static bool is_amount(const struct fhirpath_value *v) {
  return fp_is_number(v) || v->type == FHIRPATH_QUANTITY;
}

static int compare_numbers(const struct fhirpath_value *x, const struct fhirpath_value *y) {
  struct decimal dx, dy;
  if (!decimal_parse(&dx, x->text) || !decimal_parse(&dy, y->text)) return str_cmp(x->text, y->text);
  return decimal_compare(&dx, &dy);
}

/* The type that moments of both can be read as, or FHIRPATH_NODE: a date stands beside a dateTime, a time does not.
 * A string element of unknown type is what it looks like. */
static bool read_pair(const struct fhirpath_value *x, const struct fhirpath_value *y, struct moment *mx,
                      struct moment *my) {
  const struct fhirpath_value *lead = fp_is_moment(x) ? x : y;
  const struct fhirpath_value *other = lead == x ? y : x;
  if (!fp_is_moment(lead)) return false;
  if (!fp_is_moment(other) && !(other->type == FHIRPATH_STRING && other->node && !other->fhir.n)) return false;
  enum fhirpath_type type = lead->type == FHIRPATH_TIME ? FHIRPATH_TIME : FHIRPATH_DATETIME;
  return moment_parse(mx, type, x->text) && moment_parse(my, type, y->text);
}

static int moments_equal(const struct moment *x, const struct moment *y) {
  int sign;
  return moment_compare(x, y, &sign) ? sign == 0 : FP_UNKNOWN;
}

static int quantities_equal(const struct fhirpath_value *x, const struct fhirpath_value *y) {
  struct quantity qx, qy;
  if (!quantity_of(&qx, x) || !quantity_of(&qy, y)) return 0;
  if (!quantity_align(&qx, &qy, false)) return FP_UNKNOWN;
  return decimal_compare(&qx.value, &qy.value) == 0;
}

/* Elements are equal when all that they hold is. */
static int nodes_equal(struct fp_eval *ev, const struct node *x, const struct node *y) {
  if (!x || !y) return 0;
  if (x == y) return 1;
  if (!str_eq(x->text, y->text) || x->count != y->count || !str_eq(x->type, y->type)) return 0;
  const struct node *other = y->first;
  for (NODE_EACH(c, x)) {
    if (fp_step(ev)) return -1;
    int equal = str_eq(c->name, other->name) ? nodes_equal(ev, c, other) : 0;
    if (equal != 1) return equal;
    other = other->next;
  }
  return 1;
}

int fp_equal(struct fp_eval *ev, const struct fhirpath_value *px, const struct fhirpath_value *py) {
  struct moment mx, my;
  if (fp_step(ev)) return -1;
  if (px->type == FHIRPATH_NODE && py->type == FHIRPATH_NODE) return nodes_equal(ev, px->node, py->node);
  struct fhirpath_value x = fp_plain(ev, px), y = fp_plain(ev, py);
  if (both_numbers(&x, &y)) return compare_numbers(&x, &y) == 0;
  if (is_amount(&x) && is_amount(&y)) return quantities_equal(&x, &y);
  if (read_pair(&x, &y, &mx, &my)) return moments_equal(&mx, &my);
  return x.type == y.type && x.type != FHIRPATH_NODE && str_eq(x.text, y.text);
}

int fp_list_equal(struct fp_eval *ev, const struct fp_list *x, const struct fp_list *y) {
  int all = 1;
  if (!x->n || !y->n) return FP_UNKNOWN;
  if (x->n != y->n) return 0;
  for (size_t i = 0; i < x->n; i++) {
    int equal = fp_equal(ev, &x->v[i], &y->v[i]);
    if (equal <= 0) return equal;
    if (equal == FP_UNKNOWN) all = FP_UNKNOWN;
  }
  return all;
}

/* Case folded, every run of blanks as one. */
static struct str folded(struct arena *a, struct str text) {
  struct str lower = utf8_lower(a, text);
  struct buf b;
  buf_init(&b, SIZE_MAX);
  bool blank = false;
  for (size_t i = 0; i < lower.n; i++) {
    char c = lower.p[i];
    bool is_blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (!is_blank || !blank) buf_byte(&b, is_blank ? ' ' : c);
    blank = is_blank;
  }
  return buf_take(&b, a);
}

/* Rounded to the digits of the less precise. */
static bool decimals_equivalent(struct decimal x, struct decimal y) {
  decimal_strip(&x, 0);
  decimal_strip(&y, 0);
  int scale = x.scale < y.scale ? x.scale : y.scale;
  if (!decimal_round(&x, &x, scale, DECIMAL_HALF_UP) || !decimal_round(&y, &y, scale, DECIMAL_HALF_UP)) return false;
  return decimal_compare(&x, &y) == 0;
}

static bool quantities_equivalent(const struct fhirpath_value *x, const struct fhirpath_value *y) {
  struct quantity qx, qy;
  if (!quantity_of(&qx, x) || !quantity_of(&qy, y) || !quantity_align(&qx, &qy, true)) return false;
  return decimals_equivalent(qx.value, qy.value);
}

static int nodes_equivalent(struct fp_eval *ev, const struct fhirpath_value *x, const struct fhirpath_value *y) {
  struct fp_list cx = {0}, cy = {0};
  if (!x->node || !y->node) return 0;
  if (x->node == y->node) return 1;
  if (!str_eq(x->node->name, y->node->name)) return 0;
  if (x->node->count != y->node->count) return 0;
  if (fp_all_children(ev, &cx, x) || fp_all_children(ev, &cy, y)) return -1;
  return fp_list_equivalent(ev, &cx, &cy);
}

int fp_equivalent(struct fp_eval *ev, const struct fhirpath_value *px, const struct fhirpath_value *py) {
  struct moment mx, my;
  if (fp_step(ev)) return -1;
  if (px->type == FHIRPATH_NODE && py->type == FHIRPATH_NODE) return nodes_equivalent(ev, px, py);
  struct fhirpath_value x = fp_plain(ev, px), y = fp_plain(ev, py);
  if (is_amount(&x) && is_amount(&y)) return quantities_equivalent(&x, &y);
  if (read_pair(&x, &y, &mx, &my)) return moments_equal(&mx, &my) == 1;
  if (x.type != y.type || x.type == FHIRPATH_NODE) return 0;
  if (x.type == FHIRPATH_STRING) return str_eq(folded(ev->a, x.text), folded(ev->a, y.text));
  return str_eq(x.text, y.text);
}

/* In any order. */
int fp_list_equivalent(struct fp_eval *ev, const struct fp_list *x, const struct fp_list *y) {
  if (x->n != y->n) return 0;
  if (!x->n) return 1;
  bool *used = ARENA_ARRAY(ev->a, bool, y->n);
  for (size_t i = 0; i < x->n; i++) {
    int found = 0;
    for (size_t k = 0; k < y->n && !found; k++) {
      if (used[k]) continue;
      found = fp_equivalent(ev, &x->v[i], &y->v[k]);
      if (found < 0) return -1;
      used[k] = found;
    }
    if (!found) return 0;
  }
  return 1;
}

static int no_order(struct fp_eval *ev, const struct fhirpath_value *x, const struct fhirpath_value *y) {
  return fp_error(ev, ERR_SYNTAX, "%s and %s have no order", fhirpath_type_name(x->type), fhirpath_type_name(y->type));
}

int fp_compare(struct fp_eval *ev, const struct fhirpath_value *px, const struct fhirpath_value *py, int *sign) {
  struct fhirpath_value x = fp_plain(ev, px), y = fp_plain(ev, py);
  struct moment mx, my;
  struct quantity qx, qy;
  if (fp_step(ev)) return -1;
  if (both_numbers(&x, &y)) {
    *sign = compare_numbers(&x, &y);
    return 1;
  }
  if (is_amount(&x) && is_amount(&y)) {
    if (!quantity_of(&qx, &x) || !quantity_of(&qy, &y) || !quantity_align(&qx, &qy, false)) return 0;
    *sign = decimal_compare(&qx.value, &qy.value);
    return 1;
  }
  if (read_pair(&x, &y, &mx, &my)) return moment_compare(&mx, &my, sign);
  if (x.type != y.type || x.type != FHIRPATH_STRING) return no_order(ev, &x, &y);
  *sign = str_cmp(x.text, y.text);
  return 1;
}

int fp_contains(struct fp_eval *ev, const struct fp_list *list, const struct fhirpath_value *v) {
  for (size_t i = 0; i < list->n; i++) {
    int equal = fp_equal(ev, &list->v[i], v);
    if (equal < 0) return -1;
    if (equal == 1) return 1;
  }
  return 0;
}

int fp_add_distinct(struct fp_eval *ev, struct fp_list *out, const struct fhirpath_value *v) {
  int there = fp_contains(ev, out, v);
  if (there < 0) return -1;
  if (!there) fp_add(ev, out, v);
  return 0;
}
