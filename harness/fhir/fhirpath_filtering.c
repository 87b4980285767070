/* Filtering and projection (FHIRPath N1, 5.2), and sort() of N1 2.1. */
#include "fhir/fhirpath_functions.h"

int fp_fn_where(struct fp_call *c) {
  for (size_t i = 0; i < c->input->n; i++) {
    struct fp_list list = {0};
    if (fp_lambda(c, 0, &c->input->v[i], (int64_t)i, &list)) return -1;
    int truth = fp_truth(c->ev, &list);
    if (truth < 0) return -1;
    if (truth == 1) fp_add(c->ev, c->out, &c->input->v[i]);
  }
  return 0;
}

int fp_fn_select(struct fp_call *c) {
  for (size_t i = 0; i < c->input->n; i++) {
    struct fp_list list = {0};
    if (fp_lambda(c, 0, &c->input->v[i], (int64_t)i, &list)) return -1;
    fp_add_all(c->ev, c->out, &list);
  }
  return 0;
}

/* What projection gives for item, unless it is there already. */
static int repeat_item(struct fp_call *c, const struct fhirpath_value *item) {
  struct fp_list found = {0};
  if (fp_lambda(c, 0, item, 0, &found)) return -1;
  for (size_t i = 0; i < found.n; i++)
    if (fp_add_distinct(c->ev, c->out, &found.v[i])) return -1;
  return 0;
}

int fp_fn_repeat(struct fp_call *c) {
  for (size_t i = 0; i < c->input->n; i++)
    if (repeat_item(c, &c->input->v[i])) return -1;
  for (size_t i = 0; i < c->out->n; i++) {
    struct fhirpath_value item = c->out->v[i];
    if (repeat_item(c, &item)) return -1;
  }
  return 0;
}

int fp_fn_of_type(struct fp_call *c) {
  struct str type;
  if (fp_arg_type(c, 0, &type)) return -1;
  for (size_t i = 0; i < c->input->n; i++)
    if (fp_is_type(c->ev, &c->input->v[i], type, true)) fp_add(c->ev, c->out, &c->input->v[i]);
  return 0;
}

/* One item to be sorted, with its value for each key. */
struct sorted {
  struct fhirpath_value item;
  struct fp_list *keys;
};

/* A key written with - sorts downwards, whatever its type. */
static int read_key(struct fp_call *c, const struct fp_node *arg, const struct fhirpath_value *item,
                    struct fp_list *out) {
  struct fhirpath_value copy = *item;
  struct fp_list self = {&copy, 1, 1};
  struct fp_scope scope = {&self, c->scope->total, 0};
  bool down = arg->kind == FP_POLARITY && str_eqz(arg->text, "-");
  return fp_evaluate(out, c->ev, down ? arg->left : arg, &scope);
}

static int compare_keys(struct fp_call *c, const struct sorted *x, const struct sorted *y, int *sign) {
  const struct fp_node *arg = c->node->args;
  *sign = 0;
  for (size_t k = 0; !*sign; k++, arg = arg ? arg->next : NULL) {
    if (c->node->args_n ? !arg : k) break;
    const struct fp_list *kx = &x->keys[k], *ky = &y->keys[k];
    bool down = arg && arg->kind == FP_POLARITY && str_eqz(arg->text, "-");
    if (!kx->n || !ky->n)
      *sign = (kx->n > 0) - (ky->n > 0); /* empty stands first, in both directions */
    else if (fp_compare(c->ev, &kx->v[0], &ky->v[0], sign) < 0)
      return -1;
    if (down && kx->n && ky->n) *sign = -*sign;
  }
  return 0;
}

/* Merges two sorted halves; stable. */
static int merge_sort(struct fp_call *c, struct sorted *list, struct sorted *other, size_t n) {
  size_t half = n / 2, x = 0, y = half, at = 0;
  if (n < 2) return 0;
  if (merge_sort(c, list, other, half) || merge_sort(c, list + half, other, n - half)) return -1;
  while (x < half && y < n) {
    int sign;
    if (compare_keys(c, &list[x], &list[y], &sign)) return -1;
    other[at++] = sign <= 0 ? list[x++] : list[y++];
  }
  while (x < half) other[at++] = list[x++];
  for (size_t i = 0; i < at; i++) list[i] = other[i];
  return 0;
}

int fp_fn_sort(struct fp_call *c) {
  size_t n = c->input->n, keys = c->node->args_n ? c->node->args_n : 1;
  struct sorted *list = ARENA_ARRAY(c->ev->a, struct sorted, n + 1);
  struct sorted *other = ARENA_ARRAY(c->ev->a, struct sorted, n + 1);
  for (size_t i = 0; i < n; i++) {
    list[i].item = c->input->v[i];
    list[i].keys = ARENA_ARRAY(c->ev->a, struct fp_list, keys);
    size_t k = 0;
    for (const struct fp_node *arg = c->node->args; arg; arg = arg->next)
      if (read_key(c, arg, &list[i].item, &list[i].keys[k++])) return -1;
    if (!c->node->args_n) fp_add(c->ev, &list[i].keys[0], &list[i].item);
  }
  c->ev->at = c->node->at;
  if (merge_sort(c, list, other, n)) return -1;
  for (size_t i = 0; i < n; i++) fp_add(c->ev, c->out, &list[i].item);
  return 0;
}
