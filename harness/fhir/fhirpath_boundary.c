/* Precision and its boundaries (FHIRPath N1 2.1: lowBoundary, highBoundary, precision, comparable). */
#include "fhir/fhirpath_functions.h"

#define DECIMAL_PRECISION 8 /* when none is asked for */
#define BOUNDARY_SCALE_MAX 31

/* Digits of a moment of so many parts: year 4, month 6, day 8, hour 10, minute 12, second 14, with fraction 17. */
static int moment_digits(const struct moment *m) {
  int digits = 0;
  for (int i = m->first; i < m->parts; i++) digits += i ? 2 : 4;
  return m->ms_digits ? digits + 3 : digits;
}

static int last_day(int year, int month) {
  int64_t next = month == 12 ? moment_days(year + 1, 1, 1) : moment_days(year, month + 1, 1);
  return (int)(next - moment_days(year, month, 1));
}

/* Parts that so many digits cover, or -1; *fraction: and a fraction of a second. */
static int parts_of(const struct moment *m, int last, int64_t digits, bool *fraction) {
  int parts = m->first, sum = 0;
  while (parts < last && sum < digits) sum += parts++ ? 2 : 4;
  *fraction = digits == sum + 3 && parts == 6;
  return sum == digits || *fraction ? parts : -1;
}

/* The parts that are not there get their lowest or highest value. */
static void fill(struct moment *m, bool high) {
  static const int low_part[] = {1, 1, 1, 0, 0, 0}, high_part[] = {9999, 12, 31, 23, 59, 59};
  if (m->parts == 4) m->part[m->parts++] = 0; /* FHIR has no hour without its minutes: T08 is T08:00 */
  int known = m->parts;
  for (int i = known; i < 6; i++) m->part[i] = high ? high_part[i] : low_part[i];
  if (known < 3 && high) m->part[2] = last_day(m->part[0], m->part[1]);
  if (!m->ms_digits) m->ms = high ? 999 : 0;
}

/* Filled, then cut to digits. */
static bool set_boundary(struct moment *m, enum fhirpath_type type, int64_t digits, bool high) {
  bool fraction;
  int parts = parts_of(m, type == FHIRPATH_DATE ? 3 : 6, digits, &fraction);
  if (parts < 0) return false;
  fill(m, high);
  m->parts = parts;
  m->ms_digits = fraction ? 3 : 0;
  if (!fraction) m->ms = 0;
  if (type == FHIRPATH_DATETIME && parts > 3 && !m->zone) /* where on earth the moment comes first, and last */
    m->offset = high ? -12 * 60 : 14 * 60;
  m->zone = parts > 3 && type == FHIRPATH_DATETIME;
  return true;
}

static int moment_boundary(struct fp_call *c, const struct fhirpath_value *v, bool high) {
  struct moment m;
  int64_t digits = v->type == FHIRPATH_DATE ? 8 : v->type == FHIRPATH_TIME ? 9 : 17;
  if (c->node->args_n && fp_arg_int(c, 0, &digits) < 0) return -1;
  if (!moment_parse(&m, v->type, v->text) || !set_boundary(&m, v->type, digits, high)) return 0;
  return fp_put(c->ev, c->out, v->type, moment_text(c->ev->a, &m, v->type));
}

/* Half a unit of the last digit below and above; to fewer digits it is cut on the side of zero, and rounded on the
 * other (as in the examples of N1 2.1 and the official suite). */
static int decimal_boundary(struct fp_call *c, const struct fhirpath_value *v, bool high) {
  struct quantity q;
  int64_t digits = DECIMAL_PRECISION;
  if (c->node->args_n && fp_arg_int(c, 0, &digits) < 0) return -1;
  if (digits < 0 || digits > BOUNDARY_SCALE_MAX || !quantity_of(&q, v)) return 0;
  struct decimal half = {.n = 1, .d = {5}, .scale = q.value.scale + 1}, edge;
  if (!(high ? decimal_add : decimal_sub)(&edge, &q.value, &half)) return 0;
  if (!decimal_round(&edge, &edge, (int)digits, high == edge.negative ? DECIMAL_DOWN : DECIMAL_HALF_UP)) return 0;
  if (v->type == FHIRPATH_QUANTITY) return fp_put_quantity(c->ev, c->out, &edge, q.unit, q.calendar);
  return fp_put_decimal(c->ev, c->out, &edge);
}

static int boundary(struct fp_call *c, bool high) {
  const struct fhirpath_value *item;
  int there = fp_input(c, &item);
  if (there <= 0) return there;
  struct fhirpath_value v = fp_plain(c->ev, item);
  if (fp_is_moment(&v)) return moment_boundary(c, &v, high);
  if (fp_is_number(&v) || v.type == FHIRPATH_QUANTITY) return decimal_boundary(c, &v, high);
  return fp_error(c->ev, ERR_SYNTAX, "%s() is not defined for %s", c->node->fn->name, fhirpath_type_name(v.type));
}

int fp_fn_low_boundary(struct fp_call *c) {
  return boundary(c, false);
}

int fp_fn_high_boundary(struct fp_call *c) {
  return boundary(c, true);
}

int fp_fn_precision(struct fp_call *c) {
  const struct fhirpath_value *v;
  struct moment m;
  struct decimal x;
  int there = fp_input(c, &v);
  if (there <= 0) return there;
  if (fp_is_moment(v) && moment_parse(&m, v->type, v->text)) return fp_put_int(c->ev, c->out, moment_digits(&m));
  if (fp_is_number(v) && decimal_parse(&x, v->text)) return fp_put_int(c->ev, c->out, x.scale);
  return fp_error(c->ev, ERR_SYNTAX, "precision() is not defined for %s", fhirpath_type_name(v->type));
}

int fp_fn_comparable(struct fp_call *c) {
  const struct fhirpath_value *item;
  struct fp_list other = {0};
  struct quantity x, y;
  int there = fp_input(c, &item);
  if (there < 0 || fp_arg(c, 0, &other)) return -1;
  if (!there || !other.n) return 0;
  struct fhirpath_value v = fp_plain(c->ev, item), w = fp_plain(c->ev, &other.v[0]);
  if (other.n > 1 || !quantity_of(&x, &v) || !quantity_of(&y, &w))
    return fp_error(c->ev, ERR_SYNTAX, "comparable() needs two quantities");
  return fp_put_bool(c->ev, c->out, quantity_align(&x, &y, false));
}
