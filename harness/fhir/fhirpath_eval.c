/* Walks the parsed tree (FHIRPath N1, section 3 and 4). */
#include "base/utf8.h"
#include "fhir/fhirpath_int.h"

int fp_step(struct fp_eval *ev) {
  if (++ev->steps > FHIRPATH_STEPS_MAX) return fp_error(ev, ERR_LIMIT, "more than %d steps", FHIRPATH_STEPS_MAX);
  if (arena_used(ev->a) - ev->bytes > FHIRPATH_BYTES_MAX)
    return fp_error(ev, ERR_LIMIT, "more than %u bytes of memory", FHIRPATH_BYTES_MAX);
  return 0;
}

void fp_add(struct fp_eval *ev, struct fp_list *out, const struct fhirpath_value *v) {
  VEC_PUSH(ev->a, out, *v);
}

void fp_add_all(struct fp_eval *ev, struct fp_list *out, const struct fp_list *more) {
  for (size_t i = 0; i < more->n; i++) fp_add(ev, out, &more->v[i]);
}

int fp_put(struct fp_eval *ev, struct fp_list *out, enum fhirpath_type type, struct str text) {
  struct fhirpath_value v = {.type = type, .text = text};
  if (text.n > FHIRPATH_TEXT_MAX) return fp_error(ev, ERR_LIMIT, "a string of more than %u bytes", FHIRPATH_TEXT_MAX);
  fp_add(ev, out, &v);
  return 0;
}

int fp_put_buf(struct fp_eval *ev, struct fp_list *out, struct buf *b) {
  return fp_put(ev, out, FHIRPATH_STRING, buf_take(b, ev->a));
}

int fp_put_bool(struct fp_eval *ev, struct fp_list *out, bool value) {
  return fp_put(ev, out, FHIRPATH_BOOLEAN, value ? STR("true") : STR("false"));
}

/* What does not fit an Integer (32 bits) is empty: N1 6.6. */
int fp_put_int(struct fp_eval *ev, struct fp_list *out, int64_t value) {
  if (value > INT32_MAX || value < INT32_MIN) return 0;
  return fp_put(ev, out, FHIRPATH_INTEGER, arena_printf(ev->a, "%lld", (long long)value));
}

int fp_put_decimal(struct fp_eval *ev, struct fp_list *out, const struct decimal *x) {
  return fp_put(ev, out, FHIRPATH_DECIMAL, decimal_text(ev->a, x));
}

int fp_put_quantity(struct fp_eval *ev, struct fp_list *out, const struct decimal *x, struct str unit, bool calendar) {
  struct fhirpath_value v = {.type = FHIRPATH_QUANTITY, .unit = unit};
  v.text = arena_printf(ev->a, calendar ? "%.*s %.*s" : "%.*s '%.*s'", STR_F(decimal_text(ev->a, x)), STR_F(unit));
  fp_add(ev, out, &v);
  return 0;
}

/* Singleton evaluation of collections, N1 4.5: one item that is no Boolean counts as true. */
int fp_truth(struct fp_eval *ev, const struct fp_list *list) {
  if (!list->n) return FP_UNKNOWN;
  if (list->n > 1) return fp_error(ev, ERR_SYNTAX, "one truth value expected, %zu items found", list->n);
  const struct fhirpath_value *v = &list->v[0];
  return v->type != FHIRPATH_BOOLEAN || str_eqz(v->text, "true");
}

/* The use of a node that is not the root of a resource, found through those above it. */
static struct shape_use use_of_input(const struct shapes *s, const struct node *n) {
  if (!n) return (struct shape_use){0};
  if (n->type.n) return shapes_type(s, n->type);
  return shapes_child(s, use_of_input(s, n->parent).content, n->name);
}

static const struct node *nearest_resource(const struct node *n) {
  while (n && !n->type.n && n->parent) n = n->parent;
  return n;
}

static const struct node *root_resource(const struct node *n) {
  const struct node *r = nearest_resource(n);
  return r && r->parent && str_eqz(r->name, "contained") ? nearest_resource(r->parent) : r;
}

static int add_node(struct fp_eval *ev, struct fp_list *out, const struct node *n) {
  if (!n) return 0;
  struct shape_use use = use_of_input(ev->env->shapes, n);
  struct fhirpath_value v = fp_of_node(n, &use);
  fp_add(ev, out, &v);
  return 0;
}

static const struct {
  const char *name, *text;
} constants[] = {
    {"ucum", "http://unitsofmeasure.org"},
    {"sct", "http://snomed.info/sct"},
    {"loinc", "http://loinc.org"},
};

static int eval_variable(struct fp_list *out, struct fp_eval *ev, struct str name) {
  const struct fhirpath_env *env = ev->env;
  for (size_t i = 0; i < env->variables_n; i++) {
    const struct fhirpath_variable *v = &env->variables[i];
    if (!str_eq(v->name, name)) continue;
    return v->node ? add_node(ev, out, v->node) : fp_put(ev, out, FHIRPATH_STRING, v->text);
  }
  if (str_eqz(name, "context")) return add_node(ev, out, ev->input);
  if (str_eqz(name, "resource")) return add_node(ev, out, env->resource ? env->resource : nearest_resource(ev->input));
  if (str_eqz(name, "rootResource"))
    return add_node(ev, out, env->root_resource ? env->root_resource : root_resource(ev->input));
  for (size_t i = 0; i < sizeof constants / sizeof *constants; i++)
    if (str_eqz(name, constants[i].name)) return fp_put(ev, out, FHIRPATH_STRING, str_z(constants[i].text));
  struct str rest = str_sub(name, 3, name.n);
  if (str_starts(name, STR("vs-")))
    return fp_put(ev, out, FHIRPATH_STRING, arena_printf(ev->a, "http://hl7.org/fhir/ValueSet/%.*s", STR_F(rest)));
  if (str_starts(name, STR("ext-")))
    return fp_put(ev, out, FHIRPATH_STRING,
                  arena_printf(ev->a, "http://hl7.org/fhir/StructureDefinition/%.*s", STR_F(str_sub(rest, 1, rest.n))));
  return fp_error(ev, ERR_SYNTAX, "there is no value called %%%.*s", STR_F(str_sub(name, 0, 60)));
}

/* "Patient" at the start stands for the patient itself. */
static bool names_its_type(struct fp_eval *ev, const struct fhirpath_value *v, struct str name) {
  if (!v->node || name.p[0] < 'A' || name.p[0] > 'Z') return false;
  if (v->node->type.n && str_eq(v->node->type, name)) return true;
  return v->fhir.n && shapes_is_a(ev->env->shapes, v->fhir, name);
}

static int eval_name(struct fp_list *out, struct fp_eval *ev, const struct fp_node *n, const struct fp_scope *scope) {
  struct fp_list base = {0};
  const struct fp_list *from = scope->self;
  if (n->left) {
    if (fp_evaluate(&base, ev, n->left, scope)) return -1;
    from = &base;
  }
  ev->at = n->at;
  for (size_t i = 0; i < from->n; i++) {
    if (!n->left && n->text.n && names_its_type(ev, &from->v[i], n->text))
      fp_add(ev, out, &from->v[i]);
    else if (from->v[i].node && fp_children(ev, out, &from->v[i], n->text))
      return -1;
  }
  return 0;
}

static int eval_call(struct fp_list *out, struct fp_eval *ev, const struct fp_node *n, const struct fp_scope *scope) {
  struct fp_list base = {0};
  struct fp_call call = {ev, n, scope->self, scope, out};
  if (n->left) {
    if (fp_evaluate(&base, ev, n->left, scope)) return -1;
    call.input = &base;
  }
  ev->at = n->at;
  return n->fn->fn(&call);
}

static int eval_indexer(struct fp_list *out, struct fp_eval *ev, const struct fp_node *n,
                        const struct fp_scope *scope) {
  struct fp_list base = {0}, index = {0};
  int64_t at;
  if (fp_evaluate(&base, ev, n->left, scope) || fp_evaluate(&index, ev, n->right, scope)) return -1;
  ev->at = n->at;
  if (!index.n) return 0;
  if (index.n > 1 || index.v[0].type != FHIRPATH_INTEGER || !str_int(index.v[0].text, &at))
    return fp_error(ev, ERR_SYNTAX, "an index must be one integer");
  if (at >= 0 && (uint64_t)at < base.n) fp_add(ev, out, &base.v[at]);
  return 0;
}

static int eval_polarity(struct fp_list *out, struct fp_eval *ev, const struct fp_node *n,
                         const struct fp_scope *scope) {
  struct fp_list list = {0};
  struct quantity q;
  if (fp_evaluate(&list, ev, n->left, scope)) return -1;
  ev->at = n->at;
  if (!list.n) return 0;
  struct fhirpath_value v = fp_plain(ev, &list.v[0]);
  if (list.n > 1 || !quantity_of(&q, &v))
    return fp_error(ev, ERR_SYNTAX, "%.*s needs one number or quantity", STR_F(n->text));
  if (str_eqz(n->text, "-")) q.value.negative = !q.value.negative;
  if (v.type == FHIRPATH_QUANTITY) return fp_put_quantity(ev, out, &q.value, q.unit, q.calendar);
  return fp_put(ev, out, v.type, decimal_text(ev->a, &q.value));
}

/* and, or, implies do not look at the right side when the left one decides. */
static bool decided(const struct fp_operator *op, int left, struct fp_list *out, struct fp_eval *ev) {
  static const struct {
    const char *name;
    int left;
    bool result;
  } rows[] = {{"and", 0, false}, {"or", 1, true}, {"implies", 0, true}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    if (left == rows[i].left && str_eqz(str_z(op->name), rows[i].name)) {
      fp_put_bool(ev, out, rows[i].result);
      return true;
    }
  return false;
}

static bool is_logic(const struct fp_operator *op) {
  return op->binding <= 3;
}

static int eval_binary(struct fp_list *out, struct fp_eval *ev, const struct fp_node *n, const struct fp_scope *scope) {
  struct fp_list x = {0}, y = {0};
  if (fp_evaluate(&x, ev, n->left, scope)) return -1;
  if (is_logic(n->op)) {
    ev->at = n->at;
    int left = fp_truth(ev, &x);
    if (left < 0) return -1;
    if (decided(n->op, left, out, ev)) return 0;
  }
  if (fp_evaluate(&y, ev, n->right, scope)) return -1;
  ev->at = n->at;
  return n->op->fn(ev, out, &x, &y, n->op->name);
}

static int eval_type(struct fp_list *out, struct fp_eval *ev, const struct fp_node *n, const struct fp_scope *scope) {
  struct fp_list base = {0};
  if (fp_evaluate(&base, ev, n->left, scope)) return -1;
  ev->at = n->at;
  struct fp_call call = {ev, n, &base, scope, out};
  return n->fn->fn(&call);
}

static int eval_literal(struct fp_list *out, struct fp_eval *ev, const struct fp_node *n,
                        const struct fp_scope *scope) {
  (void)scope;
  fp_add(ev, out, &n->literal);
  return 0;
}

static int eval_empty(struct fp_list *out, struct fp_eval *ev, const struct fp_node *n, const struct fp_scope *scope) {
  (void)out, (void)ev, (void)n, (void)scope;
  return 0;
}

static int eval_this(struct fp_list *out, struct fp_eval *ev, const struct fp_node *n, const struct fp_scope *scope) {
  (void)n;
  fp_add_all(ev, out, scope->self);
  return 0;
}

static int eval_index(struct fp_list *out, struct fp_eval *ev, const struct fp_node *n, const struct fp_scope *scope) {
  (void)n;
  if (scope->index < 0) return fp_error(ev, ERR_SYNTAX, "$index has a value only within a function over a collection");
  return fp_put_int(ev, out, scope->index);
}

static int eval_total(struct fp_list *out, struct fp_eval *ev, const struct fp_node *n, const struct fp_scope *scope) {
  (void)n;
  if (!scope->total) return fp_error(ev, ERR_SYNTAX, "$total has a value only within aggregate()");
  fp_add_all(ev, out, scope->total);
  return 0;
}

static int eval_percent(struct fp_list *out, struct fp_eval *ev, const struct fp_node *n,
                        const struct fp_scope *scope) {
  (void)scope;
  return eval_variable(out, ev, n->text);
}

int fp_evaluate(struct fp_list *out, struct fp_eval *ev, const struct fp_node *n, const struct fp_scope *scope) {
  static int (*const kinds[])(struct fp_list *, struct fp_eval *, const struct fp_node *, const struct fp_scope *) = {
      [FP_EMPTY] = eval_empty,     [FP_LITERAL] = eval_literal,   [FP_THIS] = eval_this,     [FP_INDEX] = eval_index,
      [FP_TOTAL] = eval_total,     [FP_VARIABLE] = eval_percent,  [FP_NAME] = eval_name,     [FP_CALL] = eval_call,
      [FP_INDEXER] = eval_indexer, [FP_POLARITY] = eval_polarity, [FP_BINARY] = eval_binary, [FP_TYPE] = eval_type,
  };
  ev->at = n->at;
  if (fp_step(ev)) return -1;
  return kinds[n->kind](out, ev, n, scope);
}

static bool is_checked(const struct fp_checked *c, const struct shapes *shapes, const struct shape_use *input) {
  return shapes && c->shapes == shapes && c->input.element == input->element && c->input.content == input->content &&
         c->input.choice == input->choice && str_eq(c->input.type, input->type);
}

/* The name of a resource's type is a string of the message, which goes: that of the facts is the same. */
static void keep_checked(struct fp_checked *c, const struct shapes *shapes, struct shape_use input) {
  if (!input.content) return;
  if (str_eq(input.type, input.content->path)) input.type = input.content->path;
  *c = (struct fp_checked){shapes, input};
}

int fhirpath_eval(struct fhirpath_result *out, struct arena *a, const struct fhirpath *fp, const struct node *input,
                  const struct fhirpath_env *env, struct error *e) {
  static const struct fhirpath_env nothing = {0};
  struct fp_eval ev = {.a = a, .fp = fp, .env = env ? env : &nothing, .input = input, .e = e, .bytes = arena_used(a)};
  struct fp_list self = {0}, result = {0};
  struct shape_use use = use_of_input(ev.env->shapes, input);
  if (!is_checked(fp->checked, ev.env->shapes, &use)) {
    if (fp_check(&ev, fp->root, &use)) return -1;
    keep_checked(fp->checked, ev.env->shapes, use);
  }
  if (add_node(&ev, &self, input)) return -1;
  struct fp_scope scope = {&self, NULL, -1};
  if (fp_evaluate(&result, &ev, fp->root, &scope)) return -1;
  out->values.v = result.v;
  out->values.n = result.n;
  out->values.cap = result.cap;
  return 0;
}

int fhirpath_true(bool *out, const struct fhirpath_result *r, struct error *e) {
  *out = false;
  if (r->values.n > 1)
    return error_set(e, ERR_SYNTAX, "one truth value expected, the expression gave %zu items", r->values.n);
  if (r->values.n) *out = r->values.v[0].type != FHIRPATH_BOOLEAN || str_eqz(r->values.v[0].text, "true");
  return 0;
}
