/* The client of EAS, the addressing service: who receives for a patient, a practice, or a unit.
 *
 * A user's order waits for the answer while the user goes on; it goes where the answer says, with the location number
 * and the SOR code of the answer, or nowhere, which the screen tells. Operations of dk.ehmi.eas 2.0.0. */
#include "formats/json.h"
#include "refvendor/ehmi.h"

#define OPERATION "/Organization/$"
#define EAS_PATIENT "http://medcomehmi.dk/ig/eas/StructureDefinition/EasCorePatient"
#define BODY_MAX ((size_t)64 << 10)
#define CACHED_MS (INT64_C(24) * 3600 * 1000)

/* What can be asked, and by which key of an order its value is told. */
static const struct question {
  const char *name, *operation, *parameter, *key;
  bool fixed; /* its answer may be used again while EAS is away */
  bool typed; /* the types of messages are told */
} questions[] = {
    {"patient", "getReceivingOrganizationByPatientId", "easCorePatient", NULL, false, true},
    {"gp", "getReceivingOrganizationByGPId", "gpId", "receiver.yder", true, true},
    {"sor", "getReceivingOrganizationBySORId", "sorId", "receiver.sor", true, true},
    {"postal-code", "getListOfGpByPostalCode", "postalCode", "postal-code", true, false},
};

struct rv_lookup {
  struct rv_lookup *next;
  struct refvendor *v;
  const struct question *question;
  const struct rv_kind *kind; /* of the message that shall be sent */
  struct str order, value;    /* the trigger, JSON; what was asked */
  struct refvendor_party found;
  int64_t at; /* when it was found; 0: it was not */
};

/* ---- what is asked ---- */

static void put_parameter(struct arena *a, struct node *parameters, const char *name, struct str value) {
  struct node *p = node_add(a, parameters, "parameter");
  rv_put(a, p, "name", str_z(name));
  rv_put(a, p, "valueString", value);
}

static void put_patient(struct arena *a, struct node *parameters, struct str cpr) {
  struct node *p = node_add(a, parameters, "parameter");
  rv_put(a, p, "name", STR("easCorePatient"));
  struct node *patient = node_add(a, p, "resource");
  patient->type = STR("Patient");
  rv_put(a, patient, "meta.profile", STR(EAS_PATIENT));
  rv_put(a, patient, "identifier.system", STR(RV_CPR));
  rv_put(a, patient, "identifier.value", cpr);
}

static struct str document_id(const struct refvendor *v, struct str event) {
  const struct ehmi_type *t = ehmi_type_of_event(v->profile, event);
  return t ? ehmi_choice_default(&t->document_id) : (struct str){0};
}

static struct str body_of(struct rv_lookup *l, struct arena *a) {
  struct refvendor *v = l->v;
  struct node *root = node_new(a, NODE_OBJECT);
  struct buf b;
  root->type = STR("Parameters");
  if (l->question->key)
    put_parameter(a, root, l->question->parameter, l->value);
  else
    put_patient(a, root, l->value);
  if (l->question->typed) {
    put_parameter(a, root, "messageType", document_id(v, str_z(l->kind->event)));
    put_parameter(a, root, "messageType", document_id(v, STR(RV_ACK)));
  }
  buf_init(&b, BODY_MAX);
  resource_write(&b, root, v->o->form, v->shapes, 0);
  struct str body = buf_take(&b, a);
  rv_make_declared(v, a, &body);
  return body;
}

/* ---- what is answered ---- */

static const struct node *resource_named(const struct node *bundle, struct str reference) {
  return node_child(rv_entry(bundle, reference), "resource");
}

static int64_t now_of(const struct refvendor *v) {
  return v->clock.logical ? v->clock.logical_now : clock_wall();
}

/* Days and times are compared as far as they are told: a period until a day ends with that day. */
static bool is_in_force(const struct refvendor *v, struct arena *a, const struct node *period) {
  struct str now = time_danish(a, now_of(v)), start = node_text_at(period, "start"), end = node_text_at(period, "end");
  if (rv_has(v, DEFECT_EAS_IGNORES_PERIOD)) return true;
  if (start.n && str_cmp(str_sub(now, 0, start.n), start) < 0) return false;
  return !end.n || str_cmp(str_sub(now, 0, end.n), end) <= 0;
}

static bool is_same_type(const struct refvendor *v, struct arena *a, const struct ehmi_words *words, struct str code) {
  for (size_t i = 0; i < words->n; i++)
    if (str_eq(ehmi_document_id_normal(v->profile, a, words->v[i]), code)) return true;
  return false;
}

static bool takes(const struct refvendor *v, struct arena *a, const struct node *endpoint, struct str event) {
  const struct ehmi_type *t = ehmi_type_of_event(v->profile, event);
  if (rv_has(v, DEFECT_EAS_IGNORES_TYPE)) return true;
  for (const struct node *p = node_child(endpoint, "payloadType"); p && t; p = node_again(p)) {
    struct str code = ehmi_document_id_normal(v->profile, a, node_text_at(p, "coding.code"));
    if (is_same_type(v, a, &t->document_id.is, code) || is_same_type(v, a, &t->document_id.accept, code)) return true;
  }
  return false;
}

/* Either address is in use for the system of location numbers. */
static struct str gln_of(const struct node *endpoint) {
  struct str gln = rv_identifier(endpoint, RV_GLN);
  return gln.n ? gln : rv_identifier(endpoint, "http://www.gs1.org/gln");
}

/* Why nothing can be sent there; NULL if it can. */
static const char *obstacle(const struct rv_lookup *l, struct arena *a, const struct node *endpoint) {
  const struct refvendor *v = l->v;
  if (!endpoint || !gln_of(endpoint).n) return "the receiver has no location number";
  if (!str_eqz(node_text_at(endpoint, "status"), "active") && !rv_has(v, DEFECT_EAS_IGNORES_PERIOD))
    return "the receiver's address is not active";
  if (!is_in_force(v, a, node_child(endpoint, "period"))) return "the receiver's address is not in force now";
  if (l->question->typed && !takes(v, a, endpoint, str_z(l->kind->event)))
    return "the receiver does not take this message";
  return NULL;
}

static void begin(struct refvendor *v, const struct question *q, const struct rv_kind *kind, struct str order,
                  struct str value);

/* The order is obeyed, with that receiver; an empty one: with the one of the address book. */
static void obey(const struct rv_lookup *l, struct refvendor_party receiver) {
  struct arena *a = arena_new(0);
  struct findings f;
  struct node *json;
  struct rv_call c = {.v = l->v, .a = a, .kind = l->kind, .found = &receiver};
  findings_init(&f, a);
  if (json_read(&json, a, (struct source){STR("order"), l->order}, &f) < 0) BUG("an order that was read before");
  c.json = json;
  for (const struct rv_action *x = l->kind->actions; x && x->name; x++)
    if (str_eqz(rv_call_text(&c, "action"), x->name)) x->act(&c);
  if (c.status >= 400) rv_screen(l->v, "not sent: %.*s", STR_F(c.error));
  arena_free(a);
}

static void give_up(struct rv_lookup *l, struct str why) {
  if (!rv_has(l->v, DEFECT_EAS_SILENT))
    rv_screen(l->v, "no receiver for %s %.*s: %.*s", l->question->name, STR_F(l->value), STR_F(why));
  if (rv_has(l->v, DEFECT_EAS_SENDS_ANYWAY)) obey(l, (struct refvendor_party){0});
}

static const struct question *question_of(struct str name) {
  for (size_t i = 0; i < sizeof questions / sizeof *questions; i++)
    if (str_eqz(name, questions[i].name)) return &questions[i];
  return NULL;
}

/* The first practice of a list is asked for in turn: the list has no addresses for a type of message. */
static void go_on(struct rv_lookup *l) {
  bool ignored = rv_has(l->v, DEFECT_EAS_IGNORES_ANSWER);
  if (l->question->typed)
    obey(l, ignored ? (struct refvendor_party){0} : l->found);
  else
    begin(l->v, question_of(STR("sor")), l->kind, l->order, l->found.sor);
}

static void find(struct rv_lookup *l, const struct node *organization, struct str gln) {
  struct arena *a = l->v->arena;
  struct str sor = rv_identifier(organization, RV_SOR);
  if (rv_has(l->v, DEFECT_EAS_IGNORES_SOR) && l->v->book.n) sor = l->v->book.v[0].sor;
  l->found = (struct refvendor_party){
      .gln = arena_str(a, gln), .sor = arena_str(a, sor), .name = arena_str(a, node_text_at(organization, "name"))};
  l->at = clock_monotonic();
  go_on(l);
}

/* The first organisation that can be reached. */
static void take_bundle(struct rv_lookup *l, struct arena *a, const struct node *bundle) {
  const char *why = "EAS knows nobody";
  for (const struct node *e = node_child(bundle, "entry"); e; e = node_again(e)) {
    const struct node *o = node_child(e, "resource");
    if (!o || !str_eqz(o->type, "Organization")) continue;
    if (!l->question->typed && rv_identifier(o, RV_SOR).n) {
      find(l, o, (struct str){0});
      return;
    }
    why = "the receiver has no address";
    for (const struct node *r = node_child(o, "endpoint"); r; r = node_again(r)) {
      const struct node *endpoint = resource_named(bundle, node_text_at(r, "reference"));
      why = obstacle(l, a, endpoint);
      if (!why) {
        find(l, o, gln_of(endpoint));
        return;
      }
    }
  }
  give_up(l, str_z(why));
}

/* One that is written down may be used when EAS is away: a fixed search, not older than a day. */
static const struct rv_lookup *remembered(const struct rv_lookup *l) {
  for (const struct rv_lookup *o = l->v->ehmi.lookups; o; o = o->next)
    if ((l->question->fixed || rv_has(l->v, DEFECT_EAS_ASKS_ONCE)) && o != l && o->at && o->question == l->question &&
        o->kind == l->kind && str_eq(o->value, l->value) && clock_monotonic() - o->at < CACHED_MS)
      return o;
  return NULL;
}

static void use(struct rv_lookup *l, const struct rv_lookup *before) {
  l->found = before->found;
  l->at = before->at;
  go_on(l);
}

static void be_without(struct rv_lookup *l, const struct rv_reply *r) {
  const struct rv_lookup *before = r->fate == RV_LATER ? remembered(l) : NULL;
  if (!before) {
    give_up(l, r->why);
    return;
  }
  rv_screen(l->v, "EAS cannot be reached; the answer from before is used for %s %.*s", l->question->name,
            STR_F(l->value));
  use(l, before);
}

static void on_reply(void *payload, const struct rv_reply *r) {
  struct rv_lookup *l = payload;
  struct arena *a = arena_new(0);
  struct findings f;
  enum resource_form form;
  struct node *root = NULL;
  findings_init(&f, a);
  if (r->fate == RV_FINE && resource_read(&root, &form, a, (struct source){STR("EAS"), r->body}, &f) < 0) root = NULL;
  if (r->fate != RV_FINE)
    be_without(l, r);
  else if (root && str_eqz(root->type, "Bundle"))
    take_bundle(l, a, root);
  else
    give_up(l, rv_outcome_text(a, r->body)); /* a note why nothing was found */
  arena_free(a);
}

/* ---- orders ---- */

static void begin(struct refvendor *v, const struct question *q, const struct rv_kind *kind, struct str order,
                  struct str value) {
  struct arena *a = arena_new(0);
  struct rv_lookup *l = ARENA_NEW(v->arena, struct rv_lookup);
  *l = (struct rv_lookup){.next = v->ehmi.lookups,
                          .v = v,
                          .question = q,
                          .kind = kind,
                          .order = order,
                          .value = arena_str(v->arena, value)};
  v->ehmi.lookups = l;
  const struct rv_lookup *before = rv_has(v, DEFECT_EAS_ASKS_ONCE) ? remembered(l) : NULL;
  if (before) {
    use(l, before);
    arena_free(a);
    return;
  }
  const char *path = arena_printf(a, OPERATION "%s", q->operation).p;
  rv_ask(v, &(struct rv_ask){.url = rv_below(a, v->o->eas, path),
                             .body = body_of(l, a),
                             .scope = STR(RV_EAS_SCOPE),
                             .done = on_reply,
                             .payload = l});
  arena_free(a);
}

void rv_address(struct rv_call *c) {
  bool otherwise = rv_has(c->v, DEFECT_EAS_ASKS_OTHERWISE);
  const struct question *q = question_of(otherwise ? STR("gp") : rv_call_text(c, "lookup"));
  struct buf order;
  if (!q || !c->v->o->eas) {
    rv_call_refuse(c, 400, STR("lookup is patient, gp, sor or postal-code, and needs --eas URL"));
    return;
  }
  buf_init(&order, RV_TRIGGER_MAX);
  json_write(&order, c->json, 0);
  begin(c->v, q, c->kind, buf_take(&order, c->v->arena), q->key ? rv_call_text(c, q->key) : rv_call_person(c).cpr);
  c->status = 200;
}
