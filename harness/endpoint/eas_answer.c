#include "endpoint/eas_answer.h"

#include "endpoint/eer_resources.h"
#include "endpoint/rest_int.h"
#include "standards/identifier.h"

struct finding_units {
  struct eas_answer *out;
  struct arena *a;
  const struct sor_register *r;
  const struct eas_request *q;
  struct findings *f;
  bool noted; /* spellings: once an answer, not once a unit */
};

static void fail(struct finding_units *x, enum eas_rule_id why, struct str one, struct str two) {
  struct eas_answer *out = x->out;
  if (out->why != EAS_RULES_N) return;
  out->why = why;
  out->args[0] = one;
  out->args[1] = two;
}

static const struct str *same_payload(const struct register_endpoint *p, struct str type) {
  for (size_t i = 0; i < p->payloads.n; i++)
    if (str_eq(p->payloads.v[i], type)) return &p->payloads.v[i];
  for (size_t i = 0; i < p->payloads.n; i++)
    if (eas_same_type(p->payloads.v[i], type)) return &p->payloads.v[i];
  return NULL;
}

static void note_spelling(struct finding_units *x, const struct eas_value *type, struct str as) {
  struct place where =
      type->at ? node_place(x->f->arena, STR("body"), type->at) : (struct place){.message = STR("query")};
  if (!x->noted && !str_eq(type->text, as)) FINDING(x->f, eas_rule(EAS_TYPE_SPELLING), where, type->text, as);
}

/* All types that are asked for must be taken: whoever asks means to send each of them. */
static bool takes_all(struct finding_units *x, const struct register_unit *u, const struct register_endpoint *p) {
  for (size_t i = 0; i < x->q->types.n; i++) {
    const struct eas_value *type = &x->q->types.v[i];
    const struct str *as = same_payload(p, type->text);
    if (as) {
      note_spelling(x, type, *as);
      continue;
    }
    fail(x, EAS_TYPE_UNSUPPORTED, u->name, type->text);
    return false;
  }
  x->noted = true;
  return true;
}

static bool add(struct finding_units *x, const struct register_unit *u) {
  const struct register_unit *at = eer_endpoint_of(u);
  struct eas_answer *out = x->out;
  if (!at) fail(x, EAS_NO_EER, u->name, (struct str){0});
  if (!at || !takes_all(x, u, at->endpoint)) return false;
  for (size_t i = 0; i < out->units.n; i++)
    if (out->units.v[i] == u) return true;
  VEC_PUSH(x->a, &out->units, u);
  return true;
}

/* --- one look-up an operation --- */

static void by_patient(struct finding_units *x, struct str cpr) {
  const struct register_patient *p = sor_register_patient(x->r, cpr);
  if (!cpr_valid(cpr)) return fail(x, EAS_PATIENT_INVALID, cpr, (struct str){0});
  if (!p) return fail(x, EAS_PATIENT_UNKNOWN, cpr, (struct str){0});
  if (!p->practice) return fail(x, EAS_PATIENT_GROUP_2, cpr, (struct str){0});
  (void)add(x, p->practice);
}

static void by_practice(struct finding_units *x, struct str yder) {
  const struct register_unit *u = sor_register_practice(x->r, yder);
  if (!u) return fail(x, EAS_NO_SOR_PRACTICE, yder, (struct str){0});
  (void)add(x, u);
}

static void by_sor(struct finding_units *x, struct str sor) {
  const struct register_unit *u = map_get(&x->r->by_sor, sor);
  if (!u) return fail(x, EAS_NO_SOR_UNIT, sor, (struct str){0});
  (void)add(x, u);
}

/* Practices that are open and that EER knows; an empty postal code stands for all. */
static void by_postal_code(struct finding_units *x, struct str code) {
  bool any = false;
  if (code.n && !sor_register_place(x->r, code)) return fail(x, EAS_NO_SOR_PLACE, code, (struct str){0});
  for (size_t i = 0; i < x->r->units.n; i++) {
    const struct register_unit *u = x->r->units.v[i];
    bool listed = u->yder.n && u->active && eer_endpoint_of(u) && (!code.n || str_eq(u->postal_code, code));
    if (listed && add(x, u)) any = true;
  }
  if (!any) fail(x, EAS_NO_PRACTICE, code, (struct str){0});
}

static void (*const look_up[EAS_KEYS_N])(struct finding_units *x, struct str key) = {
    [EAS_BY_PATIENT] = by_patient,
    [EAS_BY_PRACTICE] = by_practice,
    [EAS_BY_SOR] = by_sor,
    [EAS_BY_POSTAL_CODE] = by_postal_code,
};

void eas_answer_find(struct eas_answer *out, struct arena *a, const struct sor_register *r, const struct eas_request *q,
                     struct findings *f) {
  struct finding_units x = {.out = out, .a = a, .r = r, .q = q, .f = f};
  *out = (struct eas_answer){.why = EAS_RULES_N};
  if (!q->keys.n) look_up[q->operation->key](&x, (struct str){0});
  for (size_t i = 0; i < q->keys.n; i++) look_up[q->operation->key](&x, q->keys.v[i].text);
}

/* --- the Bundle --- */

static void put_entry(struct arena *a, struct node *bundle, struct node *resource, struct str base, const char *mode) {
  struct node *entry = rest_add(a, bundle, "entry", NODE_OBJECT, (struct str){0});
  entry->flags = NODE_LISTED;
  rest_add(a, entry, "fullUrl", NODE_STRING,
           arena_printf(a, "%.*s/%.*s/%.*s", STR_F(base), STR_F(resource->type), STR_F(node_text_at(resource, "id"))));
  resource->name = STR("resource");
  node_append(entry, resource);
  rest_add(a, rest_add(a, entry, "search", NODE_OBJECT, (struct str){0}), "mode", NODE_STRING, str_z(mode));
}

struct node *eas_bundle(struct arena *a, const struct eas_answer *x, struct str base) {
  struct node *bundle = node_new(a, NODE_OBJECT);
  bundle->type = STR("Bundle");
  rest_add(a, bundle, "type", NODE_STRING, STR("searchset"));
  rest_add(a, bundle, "total", NODE_NUMBER, arena_printf(a, "%zu", x->units.n));
  for (size_t i = 0; i < x->units.n; i++) put_entry(a, bundle, eas_organization(a, x->units.v[i]), base, "match");
  for (size_t i = 0; i < x->units.n; i++) {
    const struct register_unit *at = eer_endpoint_of(x->units.v[i]);
    size_t before = 0;
    while (before < i && eer_endpoint_of(x->units.v[before]) != at) before++;
    if (before == i) put_entry(a, bundle, eas_endpoint(a, at), base, "include");
  }
  return bundle;
}
