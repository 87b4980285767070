/* Items of a collection: where they come from, what type they have. */
#include "fhir/fhirpath_int.h"

static const struct {
  const char *fhir;
  enum fhirpath_type type;
} primitives[] = {
    {"boolean", FHIRPATH_BOOLEAN},     {"integer", FHIRPATH_INTEGER},  {"unsignedInt", FHIRPATH_INTEGER},
    {"positiveInt", FHIRPATH_INTEGER}, {"decimal", FHIRPATH_DECIMAL},  {"date", FHIRPATH_DATE},
    {"dateTime", FHIRPATH_DATETIME},   {"instant", FHIRPATH_DATETIME}, {"time", FHIRPATH_TIME},
    {"string", FHIRPATH_STRING},       {"code", FHIRPATH_STRING},      {"id", FHIRPATH_STRING},
    {"uri", FHIRPATH_STRING},          {"url", FHIRPATH_STRING},       {"canonical", FHIRPATH_STRING},
    {"oid", FHIRPATH_STRING},          {"uuid", FHIRPATH_STRING},      {"markdown", FHIRPATH_STRING},
    {"base64Binary", FHIRPATH_STRING}, {"xhtml", FHIRPATH_STRING},
};

#define PRIMITIVES (sizeof primitives / sizeof *primitives)

bool fp_is_number(const struct fhirpath_value *v) {
  return v->type == FHIRPATH_INTEGER || v->type == FHIRPATH_DECIMAL;
}

bool fp_is_moment(const struct fhirpath_value *v) {
  return v->type == FHIRPATH_DATE || v->type == FHIRPATH_DATETIME || v->type == FHIRPATH_TIME;
}

static enum fhirpath_type guess_type(const struct node *n) {
  if (n->kind == NODE_BOOL) return FHIRPATH_BOOLEAN;
  if (n->kind != NODE_NUMBER) return FHIRPATH_STRING;
  int64_t whole;
  return str_int(n->text, &whole) ? FHIRPATH_INTEGER : FHIRPATH_DECIMAL;
}

/* A value that has not the form of its type is left as the string that it is. */
static bool has_form(enum fhirpath_type type, struct str text) {
  struct decimal x;
  struct moment m;
  int64_t whole;
  if (type == FHIRPATH_BOOLEAN) return str_eqz(text, "true") || str_eqz(text, "false");
  if (type == FHIRPATH_INTEGER) return str_int(text, &whole);
  if (type == FHIRPATH_DECIMAL) return decimal_parse(&x, text);
  if (type == FHIRPATH_STRING) return true;
  return moment_parse(&m, type, text);
}

struct fhirpath_value fp_of_node(const struct node *n, const struct shape_use *use) {
  struct fhirpath_value v = {.type = FHIRPATH_NODE, .node = n, .fhir = use->type, .shape = use->content};
  if (n->kind != NODE_STRING && n->kind != NODE_NUMBER && n->kind != NODE_BOOL) return v;
  v.type = guess_type(n);
  for (size_t i = 0; i < PRIMITIVES; i++)
    if (str_eqz(use->type, primitives[i].fhir)) v.type = primitives[i].type;
  v.text = n->text;
  if (!has_form(v.type, v.text)) v.type = FHIRPATH_STRING;
  return v;
}

struct fhirpath_value fp_of_resource(struct fp_eval *ev, const struct node *n) {
  struct shape_use use = shapes_type(ev->env->shapes, n->type);
  return fp_of_node(n, &use);
}

static bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

/* Without facts the name of a choice element still tells its type: valueDateTime, valueQuantity. */
static void guess_choice(struct shape_use *use, struct str suffix) {
  for (size_t i = 0; i < PRIMITIVES; i++)
    if (str_eq_nocase(suffix, str_z(primitives[i].fhir))) use->type = str_z(primitives[i].fhir);
  if (!use->type.n) use->type = suffix;
}

static struct shape_use use_of(struct fp_eval *ev, const struct fhirpath_value *parent, const struct node *n) {
  if (n->type.n) return shapes_type(ev->env->shapes, n->type);
  return shapes_child(ev->env->shapes, parent->shape, n->name);
}

/* Does a child called n answer to name? *by_choice: as valueX for value. */
static bool answers(struct fp_eval *ev, const struct fhirpath_value *v, const struct node *n, struct str name,
                    bool *by_choice) {
  *by_choice = false;
  if (str_eq(n->name, name)) return true;
  if (n->name.n <= name.n || !str_starts(n->name, name) || !is_upper(n->name.p[name.n])) return false;
  *by_choice = true;
  if (v->shape) return shapes_is_choice(ev->env->shapes, v->shape, name);
  return str_eqz(name, "value") || !node_child_str(v->node, name);
}

/* The value of a primitive is one of its children, though not in the tree (FHIR R4, 2.9.1.4). */
static void add_own_value(struct fp_eval *ev, struct fp_list *out, const struct fhirpath_value *v) {
  struct fhirpath_value item = *v;
  item.fhir = (struct str){0};
  item.shape = NULL;
  fp_add(ev, out, &item);
}

int fp_children(struct fp_eval *ev, struct fp_list *out, const struct fhirpath_value *v, struct str name) {
  bool by_choice;
  if (v->node && v->type != FHIRPATH_NODE && v->text.n && str_eqz(name, "value")) add_own_value(ev, out, v);
  for (NODE_EACH(c, v->node)) {
    if (fp_step(ev)) return -1;
    if (!answers(ev, v, c, name, &by_choice)) continue;
    struct shape_use use = use_of(ev, v, c);
    if (by_choice && !use.type.n) guess_choice(&use, str_sub(c->name, name.n, c->name.n));
    struct fhirpath_value item = fp_of_node(c, &use);
    fp_add(ev, out, &item);
  }
  return 0;
}

int fp_all_children(struct fp_eval *ev, struct fp_list *out, const struct fhirpath_value *v) {
  for (NODE_EACH(c, v->node)) {
    if (fp_step(ev)) return -1;
    struct shape_use use = use_of(ev, v, c);
    struct fhirpath_value item = fp_of_node(c, &use);
    fp_add(ev, out, &item);
  }
  return 0;
}

static bool is_quantity(struct fp_eval *ev, const struct fhirpath_value *v) {
  if (v->type != FHIRPATH_NODE || !v->node || v->node->kind != NODE_OBJECT) return false;
  if (ev->env->shapes && v->fhir.n) return shapes_is_a(ev->env->shapes, v->fhir, STR("Quantity"));
  return node_child(v->node, "value") && (node_child(v->node, "unit") || node_child(v->node, "code"));
}

struct fhirpath_value fp_plain(struct fp_eval *ev, const struct fhirpath_value *v) {
  struct fhirpath_value q = *v;
  if (!is_quantity(ev, v)) return q;
  struct str value = node_text_at(v->node, "value");
  struct str unit = node_text_at(v->node, "code");
  struct decimal x;
  if (!decimal_parse(&x, value)) return q;
  if (!unit.n) unit = node_text_at(v->node, "unit");
  if (!unit.n) unit = STR("1");
  q.type = FHIRPATH_QUANTITY;
  q.unit = unit;
  q.text = arena_printf(ev->a, "%.*s '%.*s'", STR_F(value), STR_F(unit));
  return q;
}

static struct str strip_namespace(struct str spec, bool *fhir, bool *system) {
  *fhir = *system = true;
  if (str_starts(spec, STR("FHIR."))) {
    *system = false;
    return str_sub(spec, 5, spec.n);
  }
  if (str_starts(spec, STR("System."))) {
    *fhir = false;
    return str_sub(spec, 7, spec.n);
  }
  return spec;
}

static bool is_fhir_type(struct fp_eval *ev, struct str type, struct str wanted, bool exact) {
  if (str_eq(type, wanted)) return true;
  /* as and ofType do not widen primitives: a code is no string to them */
  if (exact && shapes_is_primitive(wanted)) return false;
  return shapes_is_a(ev->env->shapes, type, wanted);
}

bool fp_is_type(struct fp_eval *ev, const struct fhirpath_value *v, struct str spec, bool exact) {
  bool fhir, system;
  struct str name = strip_namespace(spec, &fhir, &system);
  if (v->node && v->fhir.n) return fhir && is_fhir_type(ev, v->fhir, name, exact);
  if (v->node && v->node->type.n) return fhir && str_eq(v->node->type, name);
  if (v->type == FHIRPATH_NODE) return false;
  bool is_system = system && str_eqz(name, fhirpath_type_name(v->type));
  if (is_system || !v->node || !fhir) return is_system;
  for (size_t i = 0; i < PRIMITIVES; i++)
    if (str_eqz(name, primitives[i].fhir)) return v->type == primitives[i].type;
  return false;
}

static const char *const system_types[] = {
    [FHIRPATH_BOOLEAN] = "Boolean", [FHIRPATH_STRING] = "String",     [FHIRPATH_INTEGER] = "Integer",
    [FHIRPATH_DECIMAL] = "Decimal", [FHIRPATH_DATE] = "Date",         [FHIRPATH_DATETIME] = "DateTime",
    [FHIRPATH_TIME] = "Time",       [FHIRPATH_QUANTITY] = "Quantity", [FHIRPATH_NODE] = "Element",
};

const char *fhirpath_type_name(enum fhirpath_type type) {
  return system_types[type];
}

int fp_type_known(struct fp_eval *ev, struct str spec) {
  bool fhir, system;
  struct str name = strip_namespace(spec, &fhir, &system);
  if (!ev->env->shapes || str_eqz(name, "Any") || str_eqz(name, "SimpleQuantity")) return 0;
  for (size_t i = 0; system && i < FHIRPATH_NODE; i++)
    if (str_eqz(name, system_types[i])) return 0;
  if (shapes_type(ev->env->shapes, name).content) return 0; /* System.Patient: nothing is one, but it can be asked */
  return fp_error(ev, ERR_SYNTAX, "there is no type %.*s", STR_F(str_sub(spec, 0, 60)));
}
