/* Existence (FHIRPath N1, 5.1; hasValue and getValue: FHIR R4, 2.9.1.5). */
#include "fhir/fhirpath_functions.h"

int fp_fn_empty(struct fp_call *c) {
  return fp_put_bool(c->ev, c->out, !c->input->n);
}

/* The items for which the criterion is true. */
static int matching(struct fp_call *c, size_t *out) {
  *out = 0;
  for (size_t i = 0; i < c->input->n; i++) {
    struct fp_list list = {0};
    if (fp_lambda(c, 0, &c->input->v[i], (int64_t)i, &list)) return -1;
    int truth = fp_truth(c->ev, &list);
    if (truth < 0) return -1;
    *out += truth == 1;
  }
  return 0;
}

int fp_fn_exists(struct fp_call *c) {
  size_t n = c->input->n;
  if (c->node->args_n && matching(c, &n)) return -1;
  return fp_put_bool(c->ev, c->out, n > 0);
}

int fp_fn_all(struct fp_call *c) {
  size_t n;
  if (matching(c, &n)) return -1;
  return fp_put_bool(c->ev, c->out, n == c->input->n);
}

static int count_bools(struct fp_call *c, bool wanted, size_t *out) {
  *out = 0;
  for (size_t i = 0; i < c->input->n; i++) {
    const struct fhirpath_value *v = &c->input->v[i];
    if (v->type != FHIRPATH_BOOLEAN)
      return fp_error(c->ev, ERR_SYNTAX, "%s() needs Booleans, not %s", c->node->fn->name, fhirpath_type_name(v->type));
    *out += str_eqz(v->text, "true") == wanted;
  }
  return 0;
}

static int bools(struct fp_call *c, bool wanted, bool all) {
  size_t n;
  if (count_bools(c, wanted, &n)) return -1;
  return fp_put_bool(c->ev, c->out, all ? n == c->input->n : n > 0);
}

int fp_fn_all_true(struct fp_call *c) {
  return bools(c, true, true);
}

int fp_fn_any_true(struct fp_call *c) {
  return bools(c, true, false);
}

int fp_fn_all_false(struct fp_call *c) {
  return bools(c, false, true);
}

int fp_fn_any_false(struct fp_call *c) {
  return bools(c, false, false);
}

static int subset(struct fp_call *c, const struct fp_list *part, const struct fp_list *whole) {
  for (size_t i = 0; i < part->n; i++) {
    int there = fp_contains(c->ev, whole, &part->v[i]);
    if (there < 0) return -1;
    if (!there) return fp_put_bool(c->ev, c->out, false);
  }
  return fp_put_bool(c->ev, c->out, true);
}

int fp_fn_subset_of(struct fp_call *c) {
  struct fp_list other = {0};
  return fp_arg(c, 0, &other) ? -1 : subset(c, c->input, &other);
}

int fp_fn_superset_of(struct fp_call *c) {
  struct fp_list other = {0};
  return fp_arg(c, 0, &other) ? -1 : subset(c, &other, c->input);
}

int fp_fn_count(struct fp_call *c) {
  return fp_put_int(c->ev, c->out, (int64_t)c->input->n);
}

int fp_fn_distinct(struct fp_call *c) {
  for (size_t i = 0; i < c->input->n; i++)
    if (fp_add_distinct(c->ev, c->out, &c->input->v[i])) return -1;
  return 0;
}

int fp_fn_is_distinct(struct fp_call *c) {
  struct fp_list list = {0};
  for (size_t i = 0; i < c->input->n; i++)
    if (fp_add_distinct(c->ev, &list, &c->input->v[i])) return -1;
  return fp_put_bool(c->ev, c->out, list.n == c->input->n);
}

int fp_fn_not(struct fp_call *c) {
  int truth = fp_truth(c->ev, c->input);
  if (truth < 0) return -1;
  return truth == FP_UNKNOWN ? 0 : fp_put_bool(c->ev, c->out, !truth);
}

int fp_fn_has_value(struct fp_call *c) {
  return fp_put_bool(c->ev, c->out, c->input->n == 1 && c->input->v[0].type != FHIRPATH_NODE);
}

int fp_fn_get_value(struct fp_call *c) {
  if (c->input->n != 1 || c->input->v[0].type == FHIRPATH_NODE) return 0;
  struct fhirpath_value v = {.type = c->input->v[0].type, .text = c->input->v[0].text, .unit = c->input->v[0].unit};
  fp_add(c->ev, c->out, &v);
  return 0;
}
