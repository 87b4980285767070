/* Conversion (FHIRPath N1, 5.5). */
#include "fhir/fhirpath_functions.h"

int fp_fn_iif(struct fp_call *c) {
  static const struct fhirpath_value none = {.type = FHIRPATH_NODE};
  const struct fhirpath_value *item = &none;
  struct fp_list condition = {0};
  if (fp_input(c, &item) < 0) return -1;
  bool alone = item == &none; /* nothing before the dot: the arguments see what stands around */
  if (alone ? fp_arg(c, 0, &condition) : fp_lambda(c, 0, item, c->scope->index, &condition)) return -1;
  bool computed = condition.n == 1 && !condition.v[0].node;
  if (computed && condition.v[0].type != FHIRPATH_BOOLEAN)
    return fp_error(c->ev, ERR_SYNTAX, "iif() needs a Boolean, not %s", fhirpath_type_name(condition.v[0].type));
  int truth = fp_truth(c->ev, &condition);
  if (truth < 0) return -1;
  size_t branch = truth == 1 ? 1 : 2;
  if (branch >= c->node->args_n) return 0;
  return alone ? fp_arg(c, branch, c->out) : fp_lambda(c, branch, item, c->scope->index, c->out);
}

static struct str to_boolean(struct fp_eval *ev, const struct fhirpath_value *v) {
  static const char *const words[][2] = {{"true", "true"}, {"t", "true"},   {"yes", "true"},    {"y", "true"},
                                         {"1", "true"},    {"1.0", "true"}, {"false", "false"}, {"f", "false"},
                                         {"no", "false"},  {"n", "false"},  {"0", "false"},     {"0.0", "false"}};
  (void)ev;
  if (v->type != FHIRPATH_BOOLEAN && v->type != FHIRPATH_STRING && !fp_is_number(v)) return (struct str){0};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (str_eq_nocase(v->text, str_z(words[i][0]))) return str_z(words[i][1]);
  return (struct str){0};
}

static struct str to_integer(struct fp_eval *ev, const struct fhirpath_value *v) {
  int64_t n;
  if (v->type == FHIRPATH_BOOLEAN) return str_eqz(v->text, "true") ? STR("1") : STR("0");
  if (v->type != FHIRPATH_INTEGER && v->type != FHIRPATH_STRING) return (struct str){0};
  struct str digits = v->text.n > 1 && v->text.p[0] == '+' ? str_sub(v->text, 1, v->text.n) : v->text;
  if (!str_int(digits, &n) || n > INT32_MAX || n < INT32_MIN) return (struct str){0};
  return arena_printf(ev->a, "%lld", (long long)n);
}

static struct str to_decimal(struct fp_eval *ev, const struct fhirpath_value *v) {
  struct decimal x;
  if (v->type == FHIRPATH_BOOLEAN) return str_eqz(v->text, "true") ? STR("1.0") : STR("0.0");
  if (!fp_is_number(v) && v->type != FHIRPATH_STRING) return (struct str){0};
  if (str_index(v->text, 'e') != SIZE_MAX || str_index(v->text, 'E') != SIZE_MAX || !decimal_parse(&x, v->text))
    return (struct str){0};
  return decimal_text(ev->a, &x);
}

static struct str to_string(struct fp_eval *ev, const struct fhirpath_value *v) {
  (void)ev;
  return v->type == FHIRPATH_NODE ? (struct str){0} : v->text;
}

static struct str to_moment(struct fp_eval *ev, const struct fhirpath_value *v, enum fhirpath_type type) {
  struct moment m;
  if (v->type != FHIRPATH_STRING && !fp_is_moment(v)) return (struct str){0};
  if (v->type == FHIRPATH_DATETIME && type == FHIRPATH_DATE) {
    if (!moment_parse(&m, FHIRPATH_DATETIME, v->text)) return (struct str){0};
    m.parts = m.parts > 3 ? 3 : m.parts;
    m.ms = m.ms_digits = 0;
    return moment_text(ev->a, &m, FHIRPATH_DATE);
  }
  struct str text = v->text;
  if (type == FHIRPATH_TIME && text.n && text.p[0] == 'T') text = str_sub(text, 1, text.n);
  return moment_parse(&m, type, text) ? text : (struct str){0};
}

static struct str to_date(struct fp_eval *ev, const struct fhirpath_value *v) {
  return to_moment(ev, v, FHIRPATH_DATE);
}

static struct str to_date_time(struct fp_eval *ev, const struct fhirpath_value *v) {
  return to_moment(ev, v, FHIRPATH_DATETIME);
}

static struct str to_time(struct fp_eval *ev, const struct fhirpath_value *v) {
  return to_moment(ev, v, FHIRPATH_TIME);
}

/* The value in the other type: 1 there, 0 not possible or no input, -1 error. */
static int convert(struct fp_call *c, struct str (*to)(struct fp_eval *, const struct fhirpath_value *),
                   struct str *out) {
  const struct fhirpath_value *v;
  int there = fp_input(c, &v);
  if (there <= 0) return there;
  struct fhirpath_value plain = fp_plain(c->ev, v);
  *out = to(c->ev, &plain);
  return out->n > 0 || (to == to_string && plain.type == FHIRPATH_STRING);
}

static int put(struct fp_call *c, struct str (*to)(struct fp_eval *, const struct fhirpath_value *),
               enum fhirpath_type type) {
  struct str text;
  int there = convert(c, to, &text);
  return there <= 0 ? there : fp_put(c->ev, c->out, type, text);
}

static int can(struct fp_call *c, struct str (*to)(struct fp_eval *, const struct fhirpath_value *)) {
  struct str text;
  if (!c->input->n) return 0;
  int there = convert(c, to, &text);
  return there < 0 ? -1 : fp_put_bool(c->ev, c->out, there);
}

int fp_fn_to_boolean(struct fp_call *c) {
  return put(c, to_boolean, FHIRPATH_BOOLEAN);
}

int fp_fn_converts_to_boolean(struct fp_call *c) {
  return can(c, to_boolean);
}

int fp_fn_to_integer(struct fp_call *c) {
  return put(c, to_integer, FHIRPATH_INTEGER);
}

int fp_fn_converts_to_integer(struct fp_call *c) {
  return can(c, to_integer);
}

int fp_fn_to_decimal(struct fp_call *c) {
  return put(c, to_decimal, FHIRPATH_DECIMAL);
}

int fp_fn_converts_to_decimal(struct fp_call *c) {
  return can(c, to_decimal);
}

int fp_fn_to_string(struct fp_call *c) {
  return put(c, to_string, FHIRPATH_STRING);
}

int fp_fn_converts_to_string(struct fp_call *c) {
  return can(c, to_string);
}

int fp_fn_to_date(struct fp_call *c) {
  return put(c, to_date, FHIRPATH_DATE);
}

int fp_fn_converts_to_date(struct fp_call *c) {
  return can(c, to_date);
}

int fp_fn_to_date_time(struct fp_call *c) {
  return put(c, to_date_time, FHIRPATH_DATETIME);
}

int fp_fn_converts_to_date_time(struct fp_call *c) {
  return can(c, to_date_time);
}

int fp_fn_to_time(struct fp_call *c) {
  return put(c, to_time, FHIRPATH_TIME);
}

int fp_fn_converts_to_time(struct fp_call *c) {
  return can(c, to_time);
}

/* The input as quantity: 1 it is one, 0 not, -1 error; with a unit as argument only if it can be given in it. */
static int to_quantity(struct fp_call *c, struct quantity *q) {
  const struct fhirpath_value *v;
  int there = fp_input(c, &v);
  if (there <= 0) return there;
  struct fhirpath_value plain = fp_plain(c->ev, v);
  if (plain.type == FHIRPATH_BOOLEAN)
    plain = (struct fhirpath_value){.type = FHIRPATH_DECIMAL, .text = to_decimal(c->ev, &plain)};
  bool is = plain.type == FHIRPATH_STRING ? quantity_parse(q, plain.text) : quantity_of(q, &plain);
  if (!is || !c->node->args_n) return is;
  struct quantity like = {0};
  there = fp_arg_string(c, 0, &like.unit);
  if (there <= 0) return there;
  like.calendar = quantity_calendar(like.unit) != NULL;
  return (like.calendar == q->calendar && str_eq(like.unit, q->unit)) || quantity_convert(q, &like);
}

int fp_fn_to_quantity(struct fp_call *c) {
  struct quantity q;
  int is = to_quantity(c, &q);
  return is <= 0 ? is : fp_put_quantity(c->ev, c->out, &q.value, q.unit, q.calendar);
}

int fp_fn_converts_to_quantity(struct fp_call *c) {
  struct quantity q;
  if (!c->input->n) return 0;
  int is = to_quantity(c, &q);
  return is < 0 ? -1 : fp_put_bool(c->ev, c->out, is);
}
