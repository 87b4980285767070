/* Static types, as far as the facts tell them: a name that no instance can have is an error before evaluation.
 * Where a type is open (choice elements, Resource, results of most functions) nothing is checked. */
#include "fhir/fhirpath_int.h"

struct check {
  struct fp_eval *ev;
  const struct shapes *shapes;
  struct shape_use input;
};

static int check(struct check *k, const struct fp_node *n, const struct shape_use *self, struct shape_use *out);

static bool is_open(const struct shape_use *use) {
  return !use->content || str_eqz(use->type, "Resource") || str_eqz(use->type, "DomainResource") ||
         str_eqz(use->content->path, "Element") || str_eqz(use->content->path, "BackboneElement");
}

static int no_such(struct check *k, const struct fp_node *n, const struct shape_use *base) {
  k->ev->at = n->at;
  return fp_error(k->ev, ERR_CONFIG, "%.*s has no element %.*s", STR_F(base->content->path), STR_F(n->text));
}

static int check_name(struct check *k, const struct fp_node *n, const struct shape_use *self, struct shape_use *out) {
  struct shape_use base = *self;
  if (n->left && check(k, n->left, self, &base)) return -1;
  if (!n->left && n->text.n && n->text.p[0] >= 'A' && n->text.p[0] <= 'Z') {
    if (base.type.n && shapes_is_a(k->shapes, base.type, n->text)) *out = base;
    return 0; /* the name of another type: nothing will be found */
  }
  if (is_open(&base) || (shapes_is_primitive(base.type) && str_eqz(n->text, "value"))) return 0;
  struct shape_use child = shapes_child(k->shapes, base.content, n->text);
  if (child.choice) {
    k->ev->at = n->at;
    return fp_error(k->ev, ERR_CONFIG, "%.*s is written without its type: %.*s", STR_F(n->text),
                    STR_F(str_sub(n->text, 0, n->text.n - child.type.n)));
  }
  if (!child.element && !shapes_is_choice(k->shapes, base.content, n->text)) return no_such(k, n, &base);
  *out = child;
  return 0;
}

/* What a function gives, as a type; and whether its arguments see the items of the input as $this. */
enum gives { GIVES_OPEN, GIVES_INPUT, GIVES_ARG, GIVES_EXTENSION, GIVES_TYPE, GIVES_UNCHECKED };

static const struct {
  const char *name;
  enum gives gives;
  bool lambda;
} rows[] = {
    {"where", GIVES_INPUT, true},     {"exists", GIVES_OPEN, true},          {"all", GIVES_OPEN, true},
    {"select", GIVES_ARG, true},      {"trace", GIVES_INPUT, true},          {"sort", GIVES_INPUT, true},
    {"first", GIVES_INPUT, false},    {"last", GIVES_INPUT, false},          {"tail", GIVES_INPUT, false},
    {"skip", GIVES_INPUT, false},     {"take", GIVES_INPUT, false},          {"single", GIVES_INPUT, false},
    {"distinct", GIVES_INPUT, false}, {"exclude", GIVES_INPUT, false},       {"intersect", GIVES_INPUT, false},
    {"iif", GIVES_OPEN, true},        {"extension", GIVES_EXTENSION, false}, {"ofType", GIVES_TYPE, false},
    {"as", GIVES_TYPE, false},        {"is", GIVES_UNCHECKED, false},        {"repeat", GIVES_UNCHECKED, false},
    {"aggregate", GIVES_OPEN, true},
};

static bool is_one_of(struct str name, const char *const *names) {
  for (; *names; names++)
    if (str_eqz(name, *names)) return true;
  return false;
}

/* The order of children is not defined (N1 5.8.1), nor is that of what is found from there. */
static bool has_no_order(const struct fp_node *n) {
  static const char *const tree[] = {"children", "descendants", NULL}, *const sorted[] = {"sort", "single", NULL};
  for (; n; n = n->left) {
    if (n->kind != FP_CALL && n->kind != FP_NAME) return false;
    if (n->kind == FP_CALL && is_one_of(n->text, tree)) return true;
    if (n->kind == FP_CALL && is_one_of(n->text, sorted)) return false;
  }
  return false;
}

static int check_order(struct check *k, const struct fp_node *n) {
  static const char *const counted[] = {"first", "last", "tail", "skip", "take", NULL};
  bool counts = n->kind == FP_INDEXER || (n->kind == FP_CALL && is_one_of(n->text, counted));
  if (!k->ev->env->strict || !counts || !has_no_order(n->left)) return 0;
  k->ev->at = n->at;
  return fp_error(k->ev, ERR_CONFIG, "what stands before has no order, so nothing can be counted off");
}

static struct shape_use named_type(struct check *k, struct str spec) {
  if (str_starts(spec, STR("FHIR."))) spec = str_sub(spec, 5, spec.n);
  return shapes_type(k->shapes, spec);
}

static int check_args(struct check *k, const struct fp_node *n, const struct shape_use *self, struct shape_use *last) {
  for (const struct fp_node *arg = n->args; arg; arg = arg->next) {
    *last = (struct shape_use){0};
    if (check(k, arg, self, last)) return -1;
  }
  return 0;
}

static int check_call(struct check *k, const struct fp_node *n, const struct shape_use *self, struct shape_use *out) {
  struct shape_use base = *self, last = {0};
  enum gives gives = GIVES_OPEN;
  bool lambda = false;
  if (n->left) {
    base = (struct shape_use){0};
    if (check(k, n->left, self, &base)) return -1;
  }
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    if (str_eqz(n->text, rows[i].name)) {
      gives = rows[i].gives;
      lambda = rows[i].lambda;
    }
  if (gives == GIVES_TYPE && n->args->kind == FP_NAME) *out = named_type(k, n->args->text);
  if (gives == GIVES_TYPE || gives == GIVES_UNCHECKED) return 0;
  if (check_args(k, n, lambda ? &base : self, &last)) return -1;
  if (gives == GIVES_INPUT) *out = base;
  if (gives == GIVES_ARG) *out = last;
  if (gives == GIVES_EXTENSION) *out = shapes_type(k->shapes, STR("Extension"));
  return 0;
}

static int check(struct check *k, const struct fp_node *n, const struct shape_use *self, struct shape_use *out) {
  struct shape_use left = {0}, right = {0};
  *out = (struct shape_use){0};
  if (check_order(k, n)) return -1;
  if (n->kind == FP_THIS) *out = *self;
  if (n->kind == FP_VARIABLE && str_eqz(n->text, "context")) *out = k->input;
  if (n->kind == FP_NAME) return check_name(k, n, self, out);
  if (n->kind == FP_CALL) return check_call(k, n, self, out);
  if (n->left && check(k, n->left, self, &left)) return -1;
  if (n->right && check(k, n->right, self, &right)) return -1;
  if (n->kind == FP_INDEXER) *out = left;
  if (n->kind == FP_TYPE && str_eqz(str_z(n->fn->name), "as")) *out = named_type(k, n->text);
  return 0;
}

int fp_check(struct fp_eval *ev, const struct fp_node *n, const struct shape_use *input) {
  struct check k = {ev, ev->env->shapes, *input};
  struct shape_use out;
  if (ev->env->any_name) return 0;
  return k.shapes && check(&k, n, input, &out) ? -1 : 0;
}

/* The use of the element at a path, all zero where the facts do not know it or it may be of several types. */
static struct shape_use use_at(const struct shapes *shapes, struct str path) {
  struct shape_use use = shapes_type(shapes, str_cut(&path, '.'));
  while (path.n && use.content) use = shapes_child(shapes, use.content, str_cut(&path, '.'));
  return path.n ? (struct shape_use){0} : use;
}

int fhirpath_check(const struct fhirpath *fp, const struct shapes *shapes, struct str path, struct error *e) {
  struct fhirpath_env env = {.shapes = shapes};
  struct fp_eval ev = {.fp = fp, .env = &env, .e = e};
  struct shape_use use = use_at(shapes, path);
  return fp_check(&ev, fp->root, &use);
}
