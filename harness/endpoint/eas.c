/* EHMI's addressing service (EAS) as a sender of messages sees it: four operations that tell who takes them.
 *
 *   POST /<system>/<role>/Organization/$getReceivingOrganizationByPatientId    easCorePatient, messageType...
 *   POST /<system>/<role>/Organization/$getReceivingOrganizationByGPId         gpId, messageType...
 *   POST /<system>/<role>/Organization/$getReceivingOrganizationBySORId        sorId..., messageType...
 *   POST /<system>/<role>/Organization/$getListOfGpByPostalCode                postalCode...
 *   GET  /<system>/<role>/metadata                                             what it can
 *
 * The answer is a Bundle, or an OperationOutcome that is a failure or a note; what was asked wrongly is refused, and
 * each mistake has its place. Everything is told from the register, so that one question has one answer. Facts:
 *   eas.operation     its published name
 *   eas.cpr, eas.gp, eas.sor-id, eas.postal-code, eas.message-type   what was asked for; several with ", " between
 *   eas.result        bundle, failure, note; none: it was refused
 *   eas.rule          why there is no Bundle, or what was left out of it
 *   eas.sor, eas.gln, eas.organisation   who was answered; several with ", " between
 *   eas.noted         rules of what was asked in a way that only some sources have
 *
 * Source: dk.ehmi.eas 2.0.0. */
#include "endpoint/eas_answer.h"
#include "endpoint/eer_resources.h"
#include "endpoint/resource_guard.h"
#include "endpoint/rest_int.h"
#include "endpoint/rest_party.h"
#include "standards/ehmi_profile.h"
#include "validate/profile.h"

#define PERMISSION "system/Organization.rs"
#define DEFINITION "http://medcomehmi.dk/ig/eas/OperationDefinition/"

struct caller {
  const struct endpoint *ep;
  struct facts *facts;
};

struct asking {
  const struct caller *caller;
  struct rest_answer *out;
  struct arena *a;
  const struct rest_asked *x;
  struct findings f;
  struct eas_request q;
  struct eas_answer found;
};

static void put(struct asking *k, const char *name, struct str value) {
  facts_put(k->caller->facts, str_z(name), value);
}

static struct str joined(struct arena *a, struct str list, struct str more) {
  if (!list.n || !more.n) return list.n ? list : more;
  return arena_printf(a, "%.*s, %.*s", STR_F(list), STR_F(more));
}

/* --- refusing --- */

/* The rules of that severity, once each. */
static struct str rules_of(struct asking *k, enum severity s) {
  struct str out = {0};
  for (size_t i = 0; i < k->f.list.n; i++) {
    struct str rule = k->f.list.v[i].rule;
    if (k->f.list.v[i].severity == s && str_find(out, rule, 0) == SIZE_MAX) out = joined(k->a, out, rule);
  }
  return out;
}

/* An issue each; the status is that of the first mistake, which explains those behind it. */
static void refuse(struct asking *k) {
  const struct finding *first = NULL;
  for (size_t i = 0; i < k->f.list.n && !first; i++)
    if (k->f.list.v[i].severity == SEV_ERROR) first = &k->f.list.v[i];
  const struct eas_answer_row *row = eas_answer_of(first->rule);
  rest_refuse_unfit(k->out, k->a, &k->f, k->x->form);
  if (row) k->out->status = row->status;
  put(k, "eas.result", STR("none"));
  put(k, "eas.rule", first->rule);
}

/* --- reading --- */

static void unreadable(struct asking *k, struct str why) {
  FINDING(&k->f, eas_rule(EAS_BODY_UNREADABLE), ((struct place){.message = STR("body"), .line = 1, .col = 1}), why);
}

/* What the body is; NULL where there is none, or (with a finding) where it cannot be read. */
static const struct node *read_body(struct asking *k) {
  const struct rest_request *q = k->x->q;
  struct findings found;
  struct node *root = NULL;
  enum resource_form said, is;
  findings_init(&found, k->a);
  if (q->size > REST_BODY_MAX)
    unreadable(k, STR("it is too large"));
  else if (!str_trim(q->body).n)
    return NULL;
  else if (!rest_form_of(&said, q->content_type))
    unreadable(k, STR("Content-Type must be application/fhir+json or application/fhir+xml"));
  else if (resource_read(&root, &is, k->a, (struct source){STR("body"), q->body}, &found) < 0)
    unreadable(k, found.list.n ? found.list.v[0].en : STR("neither JSON nor XML"));
  else if (is != said)
    unreadable(k, STR("Content-Type says another form"));
  return root;
}

/* By FHIR's definition of Parameters, and by the profiles that the patient declares. */
static void validate(struct asking *k, const struct node *body) {
  struct profile_cache *cache = k->caller->ep->config.profiles;
  enum resource_form form = RESOURCE_JSON;
  if (!cache || !body || !str_eqz(body->type, "Parameters")) return;
  (void)rest_form_of(&form, k->x->q->content_type);
  struct arena *scratch = arena_new(0);
  struct profile_options o = {.cache = cache, .form = form, .in_run = true};
  profile_validate(&k->f, scratch, body, STR("body"), &o);
  arena_free(scratch);
}

static void read(struct asking *k) {
  struct rest_query query = {0};
  bool get = str_eqz(k->x->q->method, "GET");
  if (get) rest_query_read(&query, k->a, k->x->q->query);
  const struct node *body = get ? NULL : read_body(k);
  if (findings_count(&k->f, SEV_ERROR)) return;
  struct eas_asking in = {.operation = k->x->target->operation,
                          .type = k->x->target->type,
                          .get = get,
                          .body = body,
                          .query = query.terms.v,
                          .query_n = query.terms.n};
  eas_request_read(&k->q, k->a, &in, &k->f);
  validate(k, body);
}

static void put_asked(struct asking *k) {
  static const char *const names[EAS_KEYS_N] = {[EAS_BY_PATIENT] = "eas.cpr",
                                                [EAS_BY_PRACTICE] = "eas.gp",
                                                [EAS_BY_SOR] = "eas.sor-id",
                                                [EAS_BY_POSTAL_CODE] = "eas.postal-code"};
  struct str keys = {0}, types = {0};
  if (!k->q.operation) return;
  put(k, "eas.operation", str_z(k->q.operation->name));
  for (size_t i = 0; i < k->q.keys.n; i++) keys = joined(k->a, keys, k->q.keys.v[i].text);
  for (size_t i = 0; i < k->q.types.n; i++) types = joined(k->a, types, k->q.types.v[i].text);
  put(k, names[k->q.operation->key], keys);
  put(k, "eas.message-type", types);
}

/* --- answering --- */

/* A failure, or a note: nobody asked wrongly. */
static void tell_why(struct asking *k) {
  enum eas_rule_id why = k->found.why;
  const struct eas_answer_row *row = &eas_answers[why];
  bool note = row->status == 200;
  struct findings one;
  findings_init(&one, k->a);
  FINDING(&one, eas_rule(why), ((struct place){0}), k->found.args[0], k->found.args[1]);
  const struct finding *text = &one.list.v[0];
  struct node *root = node_new(k->a, NODE_OBJECT);
  root->type = STR("OperationOutcome");
  struct node *issue = rest_add(k->a, root, "issue", NODE_OBJECT, (struct str){0});
  issue->flags = NODE_LISTED;
  rest_add(k->a, issue, "severity", NODE_STRING, note ? STR("information") : STR("error"));
  rest_add(k->a, issue, "code", NODE_STRING, str_z(row->code));
  rest_add(k->a, rest_add(k->a, issue, "details", NODE_OBJECT, (struct str){0}), "text", NODE_STRING, text->da);
  rest_add(k->a, issue, "diagnostics", NODE_STRING,
           arena_printf(k->a, "%.*s [%.*s]", STR_F(text->en), STR_F(text->rule)));
  k->out->status = row->status;
  rest_put_tree(k->out, k->a, root, k->x->form, k->x->site->shapes);
  put(k, "eas.result", note ? STR("note") : STR("failure"));
}

static void tell_found(struct asking *k) {
  struct str sor = {0}, gln = {0}, names = {0};
  for (size_t i = 0; i < k->found.units.n; i++) {
    const struct register_unit *u = k->found.units.v[i];
    sor = joined(k->a, sor, u->sor);
    gln = joined(k->a, gln, eer_endpoint_of(u)->gln);
    names = joined(k->a, names, u->name);
  }
  k->out->status = 200;
  rest_put_tree(k->out, k->a, eas_bundle(k->a, &k->found, k->x->site->base), k->x->form, k->x->site->shapes);
  put(k, "eas.result", STR("bundle"));
  put(k, "eas.sor", sor);
  put(k, "eas.gln", gln);
  put(k, "eas.organisation", names);
}

static void weigh(struct asking *k) {
  if (k->caller->ep->profile) ehmi_profile_apply(k->caller->ep->profile, &k->f, 0);
}

static void operate(void *context, struct rest_answer *out, struct arena *a, const struct rest_asked *x) {
  struct asking k = {.caller = context, .out = out, .a = a, .x = x};
  findings_init(&k.f, a);
  read(&k);
  put_asked(&k);
  weigh(&k);
  if (findings_count(&k.f, SEV_ERROR)) return refuse(&k);
  eas_answer_find(&k.found, a, k.caller->ep->service, &k.q, &k.f);
  weigh(&k);
  if (findings_count(&k.f, SEV_ERROR)) return refuse(&k);
  if (k.found.why != EAS_RULES_N) put(&k, "eas.rule", str_z(eas_rule(k.found.why)->id));
  if (k.found.units.n)
    tell_found(&k);
  else
    tell_why(&k);
  /* What came with a body is the message; else the answer is all there is to keep. */
  out->given = !x->q->size;
  out->noted = rules_of(&k, SEV_UNDECIDED);
  put(&k, "eas.noted", rules_of(&k, SEV_WARNING));
}

/* --- the endpoint --- */

/* As the CapabilityStatement has them, in the order of eas_operations. */
static const struct rest_operation operations[] = {
    {"getReceivingOrganizationByPatientId", DEFINITION "GetReceivingOrganizationByPatientId"},
    {"getReceivingOrganizationByGPId", DEFINITION "GetReceivingOrganizationByGPId"},
    {"getReceivingOrganizationBySORId", DEFINITION "GetReceivingOrganizationBySORId"},
    {"getListOfGpByPostalCode", DEFINITION "GetListOfGpByPostalCode"},
    {0}};

static int open(struct endpoint *ep, struct error *e) {
  struct sor_register *r;
  if (sor_register_load(&r, ep->arena, ep->config.data_dir, e) < 0) return -1;
  ep->service = r;
  return 0;
}

static void *begin(struct rest_asking *x) {
  struct caller *c = ARENA_NEW(x->arena, struct caller);
  struct guard_answer g;
  *c = (struct caller){x->ep, x->facts};
  if (!x->ep->config.guard || !str_eqz(str_z(x->target->interaction), "operation")) return c;
  (void)rest_party_guard(&g, x, PERMISSION);
  guard_put_facts(&g, x->facts);
  return c;
}

static const struct rest_service service = {
    .types = "Organization", .interactions = "capabilities", .operate = operate, .operations = operations};

static const struct rest_party party = {.service = &service, .open = open, .begin = begin};

const struct endpoint_kind endpoint_eas = REST_PARTY("eas", &party);
