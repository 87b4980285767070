/* Subsetting and combining (FHIRPath N1, 5.3 and 5.4). */
#include "fhir/fhirpath_functions.h"

/* Items from (inclusive) to (exclusive). */
static int slice(struct fp_call *c, int64_t from, int64_t to) {
  int64_t n = (int64_t)c->input->n;
  if (from < 0) from = 0;
  if (to > n) to = n;
  for (int64_t i = from; i < to; i++) fp_add(c->ev, c->out, &c->input->v[i]);
  return 0;
}

int fp_fn_single(struct fp_call *c) {
  if (c->input->n > 1) return fp_error(c->ev, ERR_SYNTAX, "single() needs one item, %zu found", c->input->n);
  return slice(c, 0, 1);
}

int fp_fn_first(struct fp_call *c) {
  return slice(c, 0, 1);
}

int fp_fn_last(struct fp_call *c) {
  return slice(c, (int64_t)c->input->n - 1, INT64_MAX);
}

int fp_fn_tail(struct fp_call *c) {
  return slice(c, 1, INT64_MAX);
}

int fp_fn_skip(struct fp_call *c) {
  int64_t n;
  int there = fp_arg_int(c, 0, &n);
  return there <= 0 ? there : slice(c, n, INT64_MAX);
}

int fp_fn_take(struct fp_call *c) {
  int64_t n;
  int there = fp_arg_int(c, 0, &n);
  return there <= 0 ? there : slice(c, 0, n);
}

/* Items of the input that are (or are not) in the argument. */
static int keep(struct fp_call *c, bool in_other, bool distinct) {
  struct fp_list other = {0};
  if (fp_arg(c, 0, &other)) return -1;
  for (size_t i = 0; i < c->input->n; i++) {
    int there = fp_contains(c->ev, &other, &c->input->v[i]);
    if (there < 0) return -1;
    if (there != in_other) continue;
    if (!distinct)
      fp_add(c->ev, c->out, &c->input->v[i]);
    else if (fp_add_distinct(c->ev, c->out, &c->input->v[i]))
      return -1;
  }
  return 0;
}

int fp_fn_intersect(struct fp_call *c) {
  return keep(c, true, true);
}

int fp_fn_exclude(struct fp_call *c) {
  return keep(c, false, false);
}

int fp_fn_union(struct fp_call *c) {
  struct fp_list other = {0};
  if (fp_arg(c, 0, &other)) return -1;
  for (size_t i = 0; i < c->input->n; i++)
    if (fp_add_distinct(c->ev, c->out, &c->input->v[i])) return -1;
  for (size_t i = 0; i < other.n; i++)
    if (fp_add_distinct(c->ev, c->out, &other.v[i])) return -1;
  return 0;
}

int fp_fn_combine(struct fp_call *c) {
  struct fp_list other = {0};
  if (fp_arg(c, 0, &other)) return -1;
  fp_add_all(c->ev, c->out, c->input);
  fp_add_all(c->ev, c->out, &other);
  return 0;
}
