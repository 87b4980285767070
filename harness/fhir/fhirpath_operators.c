/* Operators (FHIRPath N1, section 6). */
#include "fhir/fhirpath_int.h"

/* Both sides as single items: 1 both there, 0 one is empty, -1 several. */
static int singles(struct fp_eval *ev, const struct fp_list *x, const struct fp_list *y, const char *name) {
  if (x->n > 1 || y->n > 1)
    return fp_error(ev, ERR_SYNTAX, "%s needs one item on each side, %zu and %zu found", name, x->n, y->n);
  return x->n && y->n;
}

static int type_error(struct fp_eval *ev, const char *name, const struct fhirpath_value *x,
                      const struct fhirpath_value *y) {
  return fp_error(ev, ERR_SYNTAX, "%s is not defined for %s and %s", name, fhirpath_type_name(x->type),
                  fhirpath_type_name(y->type));
}

static int op_equal(struct fp_eval *ev, struct fp_list *out, const struct fp_list *x, const struct fp_list *y,
                    const char *name) {
  int equal = fp_list_equal(ev, x, y);
  if (equal < 0) return -1;
  if (equal == FP_UNKNOWN) return 0;
  return fp_put_bool(ev, out, (name[0] == '!') != equal);
}

static int op_equivalent(struct fp_eval *ev, struct fp_list *out, const struct fp_list *x, const struct fp_list *y,
                         const char *name) {
  int equal = fp_list_equivalent(ev, x, y);
  if (equal < 0) return -1;
  return fp_put_bool(ev, out, (name[0] == '!') != equal);
}

static int op_order(struct fp_eval *ev, struct fp_list *out, const struct fp_list *x, const struct fp_list *y,
                    const char *name) {
  int both = singles(ev, x, y, name), sign = 0;
  if (both <= 0) return both;
  int known = fp_compare(ev, &x->v[0], &y->v[0], &sign);
  if (known <= 0) return known;
  bool or_equal = name[1] == '=';
  return fp_put_bool(ev, out, (sign == 0 && or_equal) || (name[0] == '<' ? sign < 0 : sign > 0));
}

static int op_in(struct fp_eval *ev, struct fp_list *out, const struct fp_list *x, const struct fp_list *y,
                 const char *name) {
  if (!x->n) return 0;
  if (x->n > 1) return fp_error(ev, ERR_SYNTAX, "%s looks for one item, %zu found", name, x->n);
  int there = fp_contains(ev, y, &x->v[0]);
  return there < 0 ? -1 : fp_put_bool(ev, out, there);
}

static int op_contains(struct fp_eval *ev, struct fp_list *out, const struct fp_list *x, const struct fp_list *y,
                       const char *name) {
  return op_in(ev, out, y, x, name);
}

static int op_union(struct fp_eval *ev, struct fp_list *out, const struct fp_list *x, const struct fp_list *y,
                    const char *name) {
  (void)name;
  for (size_t i = 0; i < x->n; i++)
    if (fp_add_distinct(ev, out, &x->v[i])) return -1;
  for (size_t i = 0; i < y->n; i++)
    if (fp_add_distinct(ev, out, &y->v[i])) return -1;
  return 0;
}

/* Three-valued logic, N1 6.5: rows left, columns right, in the order false, true, unknown. */
static const struct {
  const char *name;
  int result[3][3];
} logic[] = {
    {"and", {{0, 0, 0}, {0, 1, 2}, {0, 2, 2}}},
    {"or", {{0, 1, 2}, {1, 1, 1}, {2, 1, 2}}},
    {"xor", {{0, 1, 2}, {1, 0, 2}, {2, 2, 2}}},
    {"implies", {{1, 1, 1}, {0, 1, 2}, {2, 1, 2}}},
};

static int op_logic(struct fp_eval *ev, struct fp_list *out, const struct fp_list *x, const struct fp_list *y,
                    const char *name) {
  int left = fp_truth(ev, x), right = left < 0 ? -1 : fp_truth(ev, y);
  if (right < 0) return -1;
  for (size_t i = 0; i < sizeof logic / sizeof *logic; i++) {
    if (!str_eqz(str_z(logic[i].name), name)) continue;
    int result = logic[i].result[left][right];
    return result == FP_UNKNOWN ? 0 : fp_put_bool(ev, out, result);
  }
  BUG("no such operator: %s", name);
}

static int op_concatenate(struct fp_eval *ev, struct fp_list *out, const struct fp_list *x, const struct fp_list *y,
                          const char *name) {
  if (singles(ev, x, y, name) < 0) return -1;
  const struct fhirpath_value empty = {.type = FHIRPATH_STRING};
  const struct fhirpath_value *left = x->n ? &x->v[0] : &empty, *right = y->n ? &y->v[0] : &empty;
  if (left->type != FHIRPATH_STRING || right->type != FHIRPATH_STRING) return type_error(ev, name, left, right);
  struct buf b;
  buf_init(&b, FHIRPATH_TEXT_MAX + 1);
  buf_add(&b, left->text);
  buf_add(&b, right->text);
  return fp_put_buf(ev, out, &b);
}

/* A moment plus or minus a quantity of time. Of UCUM units only those of fixed length (N1 6.7). */
static int add_time(struct fp_eval *ev, struct fp_list *out, const struct fhirpath_value *x,
                    const struct fhirpath_value *y, const char *name) {
  static const struct {
    const char *ucum, *unit;
  } fixed[] = {{"s", "second"}, {"ms", "millisecond"}, {"min", "minute"}, {"h", "hour"}, {"d", "day"}, {"wk", "week"}};
  struct quantity q;
  struct moment m;
  int64_t n;
  if (!quantity_of(&q, y) || !moment_parse(&m, x->type, x->text)) return type_error(ev, name, x, y);
  const char *unit = quantity_calendar(q.unit);
  for (size_t i = 0; i < sizeof fixed / sizeof *fixed && !q.calendar; i++)
    if (str_eqz(q.unit, fixed[i].ucum)) unit = fixed[i].unit;
  if (!unit) return fp_error(ev, ERR_SYNTAX, "%s of a date or time needs a unit of time", name);
  /* fractions of a second count, those of other units are dropped */
  struct decimal thousand = decimal_from_int(1000), amount = q.value;
  if (str_eqz(str_z(unit), "second") && q.calendar && amount.scale) {
    unit = "millisecond";
    if (!decimal_mul(&amount, &amount, &thousand)) return 0;
  }
  if (!decimal_round(&amount, &amount, 0, DECIMAL_DOWN) || !str_int(decimal_text(ev->a, &amount), &n)) return 0;
  if (!moment_add(&m, name[0] == '-' ? -n : n, unit)) return 0;
  return fp_put(ev, out, x->type, moment_text(ev->a, &m, x->type));
}

static int put_number(struct fp_eval *ev, struct fp_list *out, const struct fhirpath_value *x,
                      const struct fhirpath_value *y, const struct decimal *value) {
  if (x->type == FHIRPATH_DECIMAL || y->type == FHIRPATH_DECIMAL) return fp_put_decimal(ev, out, value);
  int64_t whole;
  return str_int(decimal_text(ev->a, value), &whole) ? fp_put_int(ev, out, whole) : 0;
}

static int add_quantities(struct fp_eval *ev, struct fp_list *out, const struct fhirpath_value *x,
                          const struct fhirpath_value *y, const char *name) {
  struct quantity qx, qy;
  struct decimal sum;
  if (!quantity_of(&qx, x) || !quantity_of(&qy, y)) return type_error(ev, name, x, y);
  if (qx.calendar != qy.calendar || !str_eq(qx.unit, qy.unit)) {
    if (!quantity_convert(&qy, &qx)) return 0;
  }
  if (!(name[0] == '+' ? decimal_add : decimal_sub)(&sum, &qx.value, &qy.value)) return 0;
  if (fp_is_number(x) && fp_is_number(y)) return put_number(ev, out, x, y, &sum);
  return fp_put_quantity(ev, out, &sum, qx.unit, qx.calendar);
}

static int op_add(struct fp_eval *ev, struct fp_list *out, const struct fp_list *lx, const struct fp_list *ly,
                  const char *name) {
  int both = singles(ev, lx, ly, name);
  if (both <= 0) return both;
  struct fhirpath_value x = fp_plain(ev, &lx->v[0]), y = fp_plain(ev, &ly->v[0]);
  if (fp_is_moment(&x) && y.type == FHIRPATH_QUANTITY) return add_time(ev, out, &x, &y, name);
  if (name[0] == '+' && x.type == FHIRPATH_STRING && y.type == FHIRPATH_STRING)
    return op_concatenate(ev, out, lx, ly, name);
  return add_quantities(ev, out, &x, &y, name);
}

static struct str product_unit(struct fp_eval *ev, const struct quantity *x, const struct quantity *y, char op) {
  if (str_eqz(y->unit, "1")) return x->unit;
  if (str_eqz(x->unit, "1") && op == '*') return y->unit;
  if (op == '/' && str_eq(x->unit, y->unit)) return STR("1");
  if (op == '*' && str_eq(x->unit, y->unit)) return arena_printf(ev->a, "%.*s2", STR_F(x->unit));
  return arena_printf(ev->a, op == '*' ? "%.*s.%.*s" : "%.*s/%.*s", STR_F(x->unit), STR_F(y->unit));
}

static int op_multiply(struct fp_eval *ev, struct fp_list *out, const struct fp_list *lx, const struct fp_list *ly,
                       const char *name) {
  int both = singles(ev, lx, ly, name);
  if (both <= 0) return both;
  struct fhirpath_value x = fp_plain(ev, &lx->v[0]), y = fp_plain(ev, &ly->v[0]);
  struct quantity qx, qy;
  struct decimal value;
  if (!quantity_of(&qx, &x) || !quantity_of(&qy, &y)) return type_error(ev, name, &x, &y);
  bool numbers = fp_is_number(&x) && fp_is_number(&y);
  if (name[0] == '*') {
    if (!decimal_mul(&value, &qx.value, &qy.value)) return 0;
    if (numbers) return put_number(ev, out, &x, &y, &value);
  } else {
    if (!decimal_div(&value, &qx.value, &qy.value, DECIMAL_QUOTIENT_SCALE, DECIMAL_HALF_UP)) return 0;
    decimal_strip(&value, 0);
    if (numbers) return fp_put_decimal(ev, out, &value);
  }
  bool calendar = (qx.calendar && str_eqz(qy.unit, "1")) || (qy.calendar && str_eqz(qx.unit, "1"));
  return fp_put_quantity(ev, out, &value, product_unit(ev, &qx, &qy, name[0]), calendar && name[0] == '*');
}

static int op_div_mod(struct fp_eval *ev, struct fp_list *out, const struct fp_list *lx, const struct fp_list *ly,
                      const char *name) {
  int both = singles(ev, lx, ly, name);
  if (both <= 0) return both;
  const struct fhirpath_value *x = &lx->v[0], *y = &ly->v[0];
  struct decimal dx, dy, whole, back;
  if (!fp_is_number(x) || !fp_is_number(y)) return type_error(ev, name, x, y);
  if (!decimal_parse(&dx, x->text) || !decimal_parse(&dy, y->text)) return 0;
  if (!decimal_div(&whole, &dx, &dy, 0, DECIMAL_DOWN)) return 0;
  if (name[0] == 'd') {
    int64_t n;
    return str_int(decimal_text(ev->a, &whole), &n) ? fp_put_int(ev, out, n) : 0;
  }
  if (!decimal_mul(&back, &whole, &dy) || !decimal_sub(&back, &dx, &back)) return 0;
  return put_number(ev, out, x, y, &back);
}

static const struct fp_operator operators[] = {
    {"implies", 1, op_logic}, {"or", 2, op_logic},          {"xor", 2, op_logic},   {"and", 3, op_logic},
    {"in", 4, op_in},         {"contains", 4, op_contains}, {"=", 5, op_equal},     {"!=", 5, op_equal},
    {"~", 5, op_equivalent},  {"!~", 5, op_equivalent},     {"<", 6, op_order},     {"<=", 6, op_order},
    {">", 6, op_order},       {">=", 6, op_order},          {"|", 7, op_union},     {"+", 9, op_add},
    {"-", 9, op_add},         {"&", 9, op_concatenate},     {"*", 10, op_multiply}, {"/", 10, op_multiply},
    {"div", 10, op_div_mod},  {"mod", 10, op_div_mod},
};

const struct fp_operator *fp_operator_find(struct str name) {
  for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
    if (str_eqz(name, operators[i].name)) return &operators[i];
  return NULL;
}
