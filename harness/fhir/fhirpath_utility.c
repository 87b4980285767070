/* Utility functions, aggregate() and types (FHIRPath N1, 5.9, 7 and 6.3). */
#include "fhir/fhirpath_functions.h"

/* What is looked at passes through; tracing itself is left to the caller's debugger. */
int fp_fn_trace(struct fp_call *c) {
  struct fp_list ignored = {0};
  if (fp_arg(c, 0, &ignored)) return -1;
  for (size_t i = 0; c->node->args_n > 1 && i < c->input->n; i++)
    if (fp_lambda(c, 1, &c->input->v[i], (int64_t)i, &ignored)) return -1;
  fp_add_all(c->ev, c->out, c->input);
  return 0;
}

/* "2026-01-05T09:00:00.000Z": the same moment throughout an evaluation. */
static int moment_now(struct fp_call *c, struct str *out) {
  if (!c->ev->env->clock) return fp_error(c->ev, ERR_CONFIG, "%s() needs a clock", c->node->fn->name);
  if (!c->ev->now) c->ev->now = clock_stamp(c->ev->env->clock);
  *out = time_utc(c->ev->a, c->ev->now);
  return 0;
}

int fp_fn_now(struct fp_call *c) {
  struct str now;
  return moment_now(c, &now) ? -1 : fp_put(c->ev, c->out, FHIRPATH_DATETIME, now);
}

int fp_fn_today(struct fp_call *c) {
  struct str now;
  if (moment_now(c, &now)) return -1;
  struct str local = time_danish(c->ev->a, c->ev->now);
  return fp_put(c->ev, c->out, FHIRPATH_DATE, str_sub(local, 0, 10));
}

int fp_fn_time_of_day(struct fp_call *c) {
  struct str now;
  if (moment_now(c, &now)) return -1;
  struct str local = time_danish(c->ev->a, c->ev->now);
  return fp_put(c->ev, c->out, FHIRPATH_TIME, str_sub(local, 11, 19));
}

int fp_fn_aggregate(struct fp_call *c) {
  struct fp_list total = {0};
  if (c->node->args_n > 1 && fp_arg(c, 1, &total)) return -1;
  for (size_t i = 0; i < c->input->n; i++) {
    struct fhirpath_value item = c->input->v[i];
    struct fp_list self = {&item, 1, 1}, next = {0};
    struct fp_scope scope = {&self, &total, (int64_t)i};
    if (fp_evaluate(&next, c->ev, c->node->args, &scope)) return -1;
    total = next;
  }
  c->ev->at = c->node->at;
  fp_add_all(c->ev, c->out, &total);
  return 0;
}

static void add_field(struct fp_eval *ev, struct node *info, const char *name, struct str text) {
  struct node *field = node_new(ev->a, NODE_STRING);
  field->name = str_z(name);
  field->text = text;
  node_append(info, field);
}

/* Without facts, the FHIR type that a primitive element looks like. */
static struct str fhir_name(const struct fhirpath_value *v) {
  static const char *const names[] = {
      [FHIRPATH_BOOLEAN] = "boolean", [FHIRPATH_STRING] = "string",     [FHIRPATH_INTEGER] = "integer",
      [FHIRPATH_DECIMAL] = "decimal", [FHIRPATH_DATE] = "date",         [FHIRPATH_DATETIME] = "dateTime",
      [FHIRPATH_TIME] = "time",       [FHIRPATH_QUANTITY] = "Quantity", [FHIRPATH_NODE] = "Element"};
  if (v->fhir.n) return v->fhir;
  return v->node->type.n ? v->node->type : str_z(names[v->type]);
}

int fp_fn_type(struct fp_call *c) {
  for (size_t i = 0; i < c->input->n; i++) {
    const struct fhirpath_value *v = &c->input->v[i];
    struct node *info = node_new(c->ev->a, NODE_OBJECT);
    add_field(c->ev, info, "namespace", v->node ? STR("FHIR") : STR("System"));
    add_field(c->ev, info, "name", v->node ? fhir_name(v) : str_z(fhirpath_type_name(v->type)));
    struct fhirpath_value item = {.type = FHIRPATH_NODE, .node = info};
    fp_add(c->ev, c->out, &item);
  }
  return 0;
}

int fp_fn_is(struct fp_call *c) {
  struct str type;
  const struct fhirpath_value *v;
  if (fp_arg_type(c, 0, &type)) return -1;
  int there = fp_input(c, &v);
  return there <= 0 ? there : fp_put_bool(c->ev, c->out, fp_is_type(c->ev, v, type, false));
}

/* R4 lets as() see several items, and its invariants do: then it is ofType(). */
int fp_fn_as(struct fp_call *c) {
  struct str type;
  if (fp_arg_type(c, 0, &type)) return -1;
  for (size_t i = 0; i < c->input->n; i++)
    if (fp_is_type(c->ev, &c->input->v[i], type, true)) fp_add(c->ev, c->out, &c->input->v[i]);
  return 0;
}
