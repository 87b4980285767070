#include "endpoint/eas_request.h"

#define CPR_SYSTEM "urn:oid:1.2.208.176.1.2"
#define MESSAGE_TYPE "messageType"
#define TARGET "target"
/* What the use cases begin the name with of an operation for patients of group 1; what stands behind it is not said. */
#define GROUP_1_PREFIX "getSikrGrp1_"
#define BODY STR("body")

const struct eas_operation eas_operations[EAS_KEYS_N] = {
    [EAS_BY_PATIENT] = {"getReceivingOrganizationByPatientId", "easCorePatient", EAS_BY_PATIENT, 1, 1, true},
    [EAS_BY_PRACTICE] = {"getReceivingOrganizationByGPId", "gpId", EAS_BY_PRACTICE, 1, 1, true},
    [EAS_BY_SOR] = {"getReceivingOrganizationBySORId", "sorId", EAS_BY_SOR, 1, 0, true},
    [EAS_BY_POSTAL_CODE] = {"getListOfGpByPostalCode", "postalCode", EAS_BY_POSTAL_CODE, 0, 0, false},
};

struct reading {
  struct eas_request *out;
  struct arena *a;
  const struct eas_asking *in;
  struct findings *f;
};

static void complain(struct reading *r, enum eas_rule_id rule, const struct node *at, struct str one, struct str two,
                     struct str three) {
  struct place where = at ? node_place(r->f->arena, BODY, at) : (struct place){.message = STR("query")};
  struct str args[] = {one, two, three};
  findings_add(r->f, eas_rule(rule), where, sizeof args / sizeof *args, args);
}

#define NONE ((struct str){0})

/* --- the operation --- */

static const struct eas_operation *named(struct str name) {
  for (size_t i = 0; i < EAS_KEYS_N; i++)
    if (str_eq_nocase(name, str_z(eas_operations[i].name))) return &eas_operations[i];
  if (!str_starts(name, STR(GROUP_1_PREFIX))) return NULL;
  const struct eas_operation *behind = named(str_sub(name, sizeof GROUP_1_PREFIX - 1, name.n));
  return behind ? behind : &eas_operations[EAS_BY_PATIENT];
}

static void read_operation(struct reading *r) {
  const struct eas_asking *in = r->in;
  const struct eas_operation *op = named(in->operation);
  struct str all = {0};
  for (size_t i = 0; i < EAS_KEYS_N; i++)
    all = arena_printf(r->a, "%.*s%s$%s", STR_F(all), i ? ", " : "", eas_operations[i].name);
  r->out->operation = op;
  if (!op) return complain(r, EAS_OPERATION_UNKNOWN, NULL, in->operation, all, NONE);
  if (in->type.n && !str_eqz(in->type, "Organization")) complain(r, EAS_OPERATION_TYPE, NULL, in->type, NONE, NONE);
  if (!str_eqz(in->operation, op->name))
    complain(r, EAS_OPERATION_SPELLING, NULL, in->operation, str_z(op->name), NONE);
  if (!in->type.n) complain(r, EAS_OPERATION_LEVEL, NULL, in->operation, NONE, NONE);
  if (in->get) complain(r, EAS_OPERATION_GET, NULL, in->operation, NONE, NONE);
}

/* --- parameters --- */

/* The element that holds the value: value[x], resource or part; NULL: it has none. */
static const struct node *value_of(const struct node *parameter) {
  for (NODE_EACH(c, parameter))
    if (str_starts(c->name, STR("value")) || str_eqz(c->name, "resource") || str_eqz(c->name, "part")) return c;
  return NULL;
}

static void take(struct reading *r, bool type, struct str name, struct str text, const struct node *at) {
  struct eas_value value = {str_trim(text), at};
  if (!value.text.n) return complain(r, EAS_PARAMETER_EMPTY, at, name, NONE, NONE);
  if (type)
    VEC_PUSH(r->a, &r->out->types, value);
  else
    VEC_PUSH(r->a, &r->out->keys, value);
}

static void take_string(struct reading *r, bool type, struct str name, const struct node *parameter) {
  const struct node *value = value_of(parameter);
  if (!value || (str_eqz(value->name, "valueString") && value->kind == NODE_NULL))
    complain(r, EAS_PARAMETER_EMPTY, parameter, name, NONE, NONE);
  else if (!str_eqz(value->name, "valueString") || value->kind != NODE_STRING)
    complain(r, EAS_PARAMETER_TYPE, value, name, STR("valueString"),
             str_eqz(value->name, "valueString") ? str_z(node_kind_name(value->kind)) : value->name);
  else
    take(r, type, name, value->text, value);
}

/* --- the patient --- */

static bool declares(const struct node *patient) {
  for (const struct node *p = node_at(patient, "meta.profile"); p; p = node_again(p)) {
    struct str url = p->text;
    if (str_eqz(str_cut(&url, '|'), EAS_PATIENT)) return true;
  }
  return false;
}

/* The identifier with CPR's system; else the first one without any, as in the published examples. */
static const struct node *cpr_identifier(const struct node *patient) {
  const struct node *bare = NULL;
  for (const struct node *i = node_child(patient, "identifier"); i; i = node_again(i)) {
    struct str system = node_text_at(i, "system");
    if (str_eqz(system, CPR_SYSTEM)) return i;
    if (!system.n && !bare) bare = i;
  }
  return bare;
}

static void take_patient(struct reading *r, struct str name, const struct node *parameter) {
  const struct node *patient = value_of(parameter);
  if (!patient) return complain(r, EAS_PARAMETER_EMPTY, parameter, name, NONE, NONE);
  if (!str_eqz(patient->name, "resource"))
    return complain(r, EAS_PARAMETER_TYPE, patient, name, STR("resource"), patient->name);
  if (!str_eqz(patient->type, "Patient")) return complain(r, EAS_PATIENT_TYPE, patient, patient->type, NONE, NONE);
  if (!declares(patient)) complain(r, EAS_PATIENT_PROFILE, patient, STR(EAS_PATIENT), NONE, NONE);
  const struct node *id = cpr_identifier(patient);
  if (!id || !node_text_at(id, "value").n) return complain(r, EAS_PATIENT_CPR, patient, NONE, NONE, NONE);
  if (!node_child(id, "system")) complain(r, EAS_PATIENT_SYSTEM, id, STR(CPR_SYSTEM), NONE, NONE);
  take(r, false, name, node_text_at(id, "value"), node_child(id, "value"));
}

/* --- all of them --- */

struct wanted {
  bool key, type;
};

/* Which of the operation's parameters it is; "target" is what the security architecture calls the first. */
static struct wanted which(struct reading *r, struct str name, const struct node *at) {
  const struct eas_operation *op = r->out->operation;
  struct wanted w = {.key = str_eqz(name, op->parameter), .type = op->types && str_eqz(name, MESSAGE_TYPE)};
  if (str_eqz(name, TARGET)) {
    w.key = true;
    complain(r, EAS_PARAMETER_TARGET, at, str_z(op->parameter), NONE, NONE);
  }
  if (w.key || w.type) return w;
  struct str known = arena_printf(r->a, "\"%s\"%s", op->parameter, op->types ? " and \"" MESSAGE_TYPE "\"" : "");
  if (name.n)
    complain(r, EAS_PARAMETER_UNKNOWN, at, name, known, NONE);
  else
    complain(r, EAS_PARAMETER_UNNAMED, at, NONE, NONE, NONE);
  return w;
}

/* How often the key is there is counted here: a value that is wrong counts too. */
static size_t read_body(struct reading *r) {
  bool patient = r->out->operation->key == EAS_BY_PATIENT;
  size_t n = 0, keys = 0;
  for (NODE_EACH(p, r->in->body)) {
    if (!str_eqz(p->name, "parameter")) continue;
    if (n++ == EAS_PARAMETERS_MAX) {
      complain(r, EAS_PARAMETERS_MANY, p, arena_printf(r->a, "%d", EAS_PARAMETERS_MAX), NONE, NONE);
      break;
    }
    struct str name = node_text_at(p, "name");
    const struct node *at = node_child(p, "name");
    struct wanted w = which(r, name, at ? at : p);
    if (w.key && patient)
      take_patient(r, name, p);
    else if (w.key || w.type)
      take_string(r, w.type, name, p);
    keys += w.key;
  }
  return keys;
}

static size_t read_query(struct reading *r) {
  size_t keys = 0;
  for (size_t i = 0; i < r->in->query_n; i++) {
    const struct fact *x = &r->in->query[i];
    if (str_eqz(x->name, "_format") || str_eqz(x->name, "_pretty")) continue;
    if (i == EAS_PARAMETERS_MAX) {
      complain(r, EAS_PARAMETERS_MANY, NULL, arena_printf(r->a, "%d", EAS_PARAMETERS_MAX), NONE, NONE);
      break;
    }
    struct wanted w = which(r, x->name, NULL);
    if (w.key || w.type) take(r, w.type, x->name, x->value, NULL);
    keys += w.key;
  }
  return keys;
}

static void check_count(struct reading *r, size_t keys) {
  const struct eas_operation *op = r->out->operation;
  const struct node *at = r->in->body;
  if (keys < op->min)
    complain(r, EAS_PARAMETER_MISSING, at, str_z(op->parameter), NONE, NONE);
  else if (op->max && keys > op->max)
    complain(r, EAS_PARAMETER_REPEATED, at, str_z(op->parameter), arena_printf(r->a, "%zu", keys), NONE);
}

void eas_request_read(struct eas_request *out, struct arena *a, const struct eas_asking *in, struct findings *f) {
  struct reading r = {out, a, in, f};
  *out = (struct eas_request){0};
  read_operation(&r);
  if (!out->operation) return;
  if (in->get)
    check_count(&r, read_query(&r));
  else if (!in->body)
    complain(&r, EAS_BODY_MISSING, NULL, NONE, NONE, NONE);
  else if (!str_eqz(in->body->type, "Parameters"))
    complain(&r, EAS_BODY_TYPE, in->body, in->body->type, NONE, NONE);
  else
    check_count(&r, read_body(&r));
}

/* --- message types --- */

#define DEFINITIONS "structuredefinition:"

/* Both "...structuredefinition:homecareobservation:1.1" and
 * "...structuredefinition::homecareobservation-message##...::1.1" are homecareobservation 1.1. */
static bool split_type(struct str s, struct str *name, struct str *version) {
  size_t at = str_find(s, STR(DEFINITIONS), 0), colon = SIZE_MAX;
  if (at == SIZE_MAX) return false;
  struct str rest = str_sub(s, at + sizeof DEFINITIONS - 1, s.n);
  if (str_starts(rest, STR(":"))) rest = str_sub(rest, 1, rest.n);
  for (size_t i = 0; i < rest.n; i++)
    if (rest.p[i] == ':') colon = i;
  if (colon == SIZE_MAX) return false;
  *version = str_sub(rest, colon + 1, rest.n);
  size_t end = str_index(rest, '#'), first = str_index(rest, ':');
  *name = str_sub(rest, 0, end < first ? end : first);
  if (str_ends(*name, STR("-message"))) *name = str_sub(*name, 0, name->n - (sizeof "-message" - 1));
  return name->n && version->n;
}

bool eas_same_type(struct str x, struct str y) {
  struct str name, version, other, other_version;
  if (str_eq(x, y)) return true;
  if (!split_type(x, &name, &version) || !split_type(y, &other, &other_version)) return false;
  return str_eq(name, other) && str_eq(version, other_version);
}
