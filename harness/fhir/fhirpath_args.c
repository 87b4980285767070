/* What functions read: their input and their arguments. */
#include "fhir/fhirpath_int.h"

static const struct fp_node *arg_at(const struct fp_call *c, size_t i) {
  const struct fp_node *arg = c->node->args;
  while (arg && i--) arg = arg->next;
  return arg;
}

static int evaluate(struct fp_call *c, size_t i, struct fp_list *out, const struct fp_scope *scope) {
  const struct fp_node *arg = arg_at(c, i);
  if (arg && fp_evaluate(out, c->ev, arg, scope)) return -1;
  c->ev->at = c->node->at;
  return 0;
}

int fp_arg(struct fp_call *c, size_t i, struct fp_list *out) {
  return evaluate(c, i, out, c->scope);
}

int fp_lambda(struct fp_call *c, size_t i, const struct fhirpath_value *item, int64_t index, struct fp_list *out) {
  struct fhirpath_value copy = *item;
  struct fp_list self = {&copy, 1, 1};
  struct fp_scope scope = {&self, c->scope->total, index};
  return evaluate(c, i, out, &scope);
}

/* The one item of a list: 1 there, 0 empty, -1 several. */
static int single(struct fp_call *c, const struct fp_list *list, const char *what, const struct fhirpath_value **out) {
  if (!list->n) return 0;
  if (list->n > 1)
    return fp_error(c->ev, ERR_SYNTAX, "%s() needs one item as %s, %zu found", c->node->fn->name, what, list->n);
  *out = &list->v[0];
  return 1;
}

static int wrong(struct fp_call *c, const char *what, const char *wanted, const struct fhirpath_value *v) {
  return fp_error(c->ev, ERR_SYNTAX, "%s() needs %s as %s, not %s", c->node->fn->name, wanted, what,
                  fhirpath_type_name(v->type));
}

int fp_arg_string(struct fp_call *c, size_t i, struct str *out) {
  struct fp_list list = {0};
  const struct fhirpath_value *v = NULL;
  if (fp_arg(c, i, &list)) return -1;
  int there = single(c, &list, "argument", &v);
  if (there <= 0) return there;
  if (v->type != FHIRPATH_STRING) return wrong(c, "argument", "a String", v);
  *out = v->text;
  return 1;
}

int fp_arg_int(struct fp_call *c, size_t i, int64_t *out) {
  struct fp_list list = {0};
  const struct fhirpath_value *v = NULL;
  if (fp_arg(c, i, &list)) return -1;
  int there = single(c, &list, "argument", &v);
  if (there <= 0) return there;
  if (v->type != FHIRPATH_INTEGER || !str_int(v->text, out)) return wrong(c, "argument", "an Integer", v);
  return 1;
}

int fp_input(struct fp_call *c, const struct fhirpath_value **out) {
  return single(c, c->input, "input", out);
}

int fp_input_string(struct fp_call *c, struct str *out) {
  const struct fhirpath_value *v = NULL;
  int there = fp_input(c, &v);
  if (there <= 0) return there;
  if (v->type == FHIRPATH_NODE || v->type == FHIRPATH_QUANTITY) return wrong(c, "input", "a String", v);
  *out = v->text;
  return 1;
}

int fp_arg_type(struct fp_call *c, size_t i, struct str *out) {
  const struct fp_node *n = arg_at(c, i);
  if (c->node->kind == FP_TYPE) {
    *out = c->node->text;
    return fp_type_known(c->ev, *out);
  }
  if (n && n->kind == FP_NAME && (!n->left || (n->left->kind == FP_NAME && !n->left->left))) {
    *out = n->text;
    if (n->left) *out = arena_printf(c->ev->a, "%.*s.%.*s", STR_F(n->left->text), STR_F(n->text));
    return fp_type_known(c->ev, *out);
  }
  return fp_error(c->ev, ERR_SYNTAX, "%s() needs the name of a type", c->node->fn->name);
}
