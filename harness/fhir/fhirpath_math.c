/* Math (FHIRPath N1, 5.7). */
#include "fhir/fhirpath_functions.h"

#include <math.h>

#define SIGNIFICANT 15

/* The input as a number or quantity: 1 there, 0 empty, -1 error. */
static int input_amount(struct fp_call *c, struct fhirpath_value *v, struct quantity *q) {
  const struct fhirpath_value *item;
  int there = fp_input(c, &item);
  if (there <= 0) return there;
  *v = fp_plain(c->ev, item);
  if (quantity_of(q, v)) return 1;
  return fp_error(c->ev, ERR_SYNTAX, "%s() needs a number, not %s", c->node->fn->name, fhirpath_type_name(v->type));
}

static int put_whole(struct fp_call *c, const struct decimal *x) {
  int64_t n;
  return str_int(decimal_text(c->ev->a, x), &n) ? fp_put_int(c->ev, c->out, n) : 0;
}

int fp_fn_abs(struct fp_call *c) {
  struct fhirpath_value v;
  struct quantity q;
  int there = input_amount(c, &v, &q);
  if (there <= 0) return there;
  q.value.negative = false;
  if (v.type == FHIRPATH_QUANTITY) return fp_put_quantity(c->ev, c->out, &q.value, q.unit, q.calendar);
  return v.type == FHIRPATH_INTEGER ? put_whole(c, &q.value) : fp_put_decimal(c->ev, c->out, &q.value);
}

static int to_whole(struct fp_call *c, enum decimal_rounding how) {
  struct fhirpath_value v;
  struct quantity q;
  int there = input_amount(c, &v, &q);
  if (there <= 0) return there;
  if (!decimal_round(&q.value, &q.value, 0, how)) return 0;
  return put_whole(c, &q.value);
}

int fp_fn_ceiling(struct fp_call *c) {
  return to_whole(c, DECIMAL_CEILING);
}

int fp_fn_floor(struct fp_call *c) {
  return to_whole(c, DECIMAL_FLOOR);
}

int fp_fn_truncate(struct fp_call *c) {
  return to_whole(c, DECIMAL_DOWN);
}

int fp_fn_round(struct fp_call *c) {
  struct fhirpath_value v;
  struct quantity q;
  int64_t digits = 0;
  int there = input_amount(c, &v, &q);
  if (there <= 0) return there;
  if (c->node->args_n && fp_arg_int(c, 0, &digits) < 0) return -1;
  if (digits < 0 || digits > DECIMAL_SCALE_MAX)
    return fp_error(c->ev, ERR_SYNTAX, "round() takes 0 to %d digits", DECIMAL_SCALE_MAX);
  if (q.value.scale > digits && !decimal_round(&q.value, &q.value, (int)digits, DECIMAL_HALF_UP)) return 0;
  return fp_put_decimal(c->ev, c->out, &q.value);
}

/* Results of transcendental functions: as many digits as a double has. */
static int put_double(struct fp_call *c, double value) {
  struct decimal x;
  if (!isfinite(value)) return 0;
  if (fabs(value) < 1e-20) value = 0;
  struct str text = arena_printf(c->ev->a, "%.*g", SIGNIFICANT, value);
  if (!decimal_parse(&x, text)) return 0;
  if (!x.scale && !decimal_round(&x, &x, 1, DECIMAL_DOWN)) return 0;
  return fp_put_decimal(c->ev, c->out, &x);
}

static int apply(struct fp_call *c, double (*fn)(double)) {
  struct fhirpath_value v;
  struct quantity q;
  int there = input_amount(c, &v, &q);
  return there <= 0 ? there : put_double(c, fn(decimal_double(&q.value)));
}

int fp_fn_exp(struct fp_call *c) {
  return apply(c, exp);
}

int fp_fn_ln(struct fp_call *c) {
  return apply(c, log);
}

int fp_fn_sqrt(struct fp_call *c) {
  return apply(c, sqrt);
}

/* The one argument as a number. */
static int arg_number(struct fp_call *c, struct fhirpath_value *v, struct decimal *x) {
  struct fp_list list = {0};
  if (fp_arg(c, 0, &list)) return -1;
  if (!list.n) return 0;
  *v = list.v[0];
  if (list.n == 1 && fp_is_number(v) && decimal_parse(x, v->text)) return 1;
  return fp_error(c->ev, ERR_SYNTAX, "%s() needs one number as argument", c->node->fn->name);
}

int fp_fn_log(struct fp_call *c) {
  struct fhirpath_value v, w;
  struct quantity q;
  struct decimal base;
  int there = input_amount(c, &v, &q), given = there < 0 ? -1 : arg_number(c, &w, &base);
  if (given < 0 || !there || !given) return given < 0 ? -1 : 0;
  return put_double(c, log(decimal_double(&q.value)) / log(decimal_double(&base)));
}

int fp_fn_power(struct fp_call *c) {
  struct fhirpath_value v, w;
  struct quantity q;
  struct decimal exponent;
  int there = input_amount(c, &v, &q), given = there < 0 ? -1 : arg_number(c, &w, &exponent);
  if (given < 0 || !there || !given) return given < 0 ? -1 : 0;
  double value = pow(decimal_double(&q.value), decimal_double(&exponent));
  bool whole = v.type == FHIRPATH_INTEGER && w.type == FHIRPATH_INTEGER && !exponent.negative;
  if (whole && fabs(value) <= INT32_MAX) return fp_put_int(c->ev, c->out, (int64_t)value);
  return put_double(c, value);
}
