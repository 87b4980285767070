/* HomeCareObservation 1.2: test results of municipal home care, sent to the general practice that asked for them. */
#include "base/utf8.h"
#include "refvendor/ehmi.h"

#define HOMECARE RV_MEDCOM "homecareobservation/StructureDefinition/medcom-homecareobservation-"
#define OBSERVATION RV_MEDCOM "homecareobservation/StructureDefinition/medcom-homecare-observation"
#define MESSAGING RV_MEDCOM "messaging/StructureDefinition/medcom-"
#define DEFINITION RV_MEDCOM "messagedefinitions/MessageDefinition/MedComHomeCareObservationMessageDefinition|1.1"
#define YDER "urn:oid:1.2.208.176.1.4"
#define PRODUCER_ID RV_TERMINOLOGY "MedComProducentID"
#define ABSENT "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
#define NPU "urn:oid:1.2.208.176.2.1"
#define MCS RV_TERMINOLOGY "medcom-observation-codes"
#define RESULT_MAX 12 /* characters, of the standard */

/* Analyses that a user can choose, with long name and unit as the terminology and the national list give them. */
static const struct analysis {
  const char *code, *system, *name, *unit;
} analyses[] = {
    {"NPU22089", NPU, "P(kB)—Glucose; stofk. = ? mmol/L", "mmol/L"},
    {"NPU19748", NPU, "P—C-reaktivt protein; massek. = ? mg/L", "mg/L"},
    {"NPU21578", NPU, "U—Nitrit; arb.k.(proc.) = ?", NULL},
    {"NPU08676", NPU, "Pt—Legeme; temp. = ? °C", "°C"},
    {"MCS88122", MCS, "Pt—Respiration; frekvens = ? X 1/min", "1/min"},
};

static const struct analysis *analysis_of(struct str code) {
  for (size_t i = 0; i < sizeof analyses / sizeof analyses[0]; i++)
    if (str_eqz(code, analyses[i].code)) return &analyses[i];
  return NULL;
}

/* ---- what is sent ---- */

static void put_identifier(struct arena *a, struct node *parent, const char *system, struct str value) {
  struct node *i = node_add(a, parent, "identifier");
  rv_put(a, i, "system", str_z(system));
  rv_put(a, i, "value", value);
}

static struct node *put_party(struct rv_draft *d, const char *profile, struct refvendor_party p,
                              struct str *reference) {
  struct node *o = rv_draft_resource(d, "Organization", profile, reference);
  put_identifier(d->a, o, RV_GLN, p.gln);
  put_identifier(d->a, o, RV_SOR, p.sor);
  return o;
}

static struct str put_producer(struct rv_draft *d, struct refvendor_party p) {
  struct str reference;
  struct node *o = put_party(d, MESSAGING "producer-organization", p, &reference);
  put_identifier(d->a, o, PRODUCER_ID, STR("KAF"));
  rv_put(d->a, o, "name", p.name);
  return reference;
}

/* A doctor who is not known is said to be unknown (medcom-homecareObservation-4). */
static struct str put_requester(struct rv_draft *d, struct refvendor_party p, struct str yder, struct str initials) {
  struct str reference;
  struct node *o = put_party(d, MESSAGING "requesterorganization", p, &reference);
  put_identifier(d->a, o, YDER, yder);
  rv_put(d->a, o, "name", p.name);
  struct node *contact = node_add(d->a, o, "contact");
  if (initials.n) {
    rv_put(d->a, contact, "name.given", initials);
    return reference;
  }
  struct node *x = node_add(d->a, contact, "extension");
  rv_put(d->a, x, "url", STR(ABSENT));
  rv_put(d->a, x, "valueCode", STR("unknown"));
  return reference;
}

static struct str put_author(struct rv_draft *d, const struct rv_user *u) {
  struct str practitioner, role;
  struct node *p = rv_draft_resource(d, "Practitioner", RV_CORE "medcom-core-practitioner", &practitioner);
  rv_put(d->a, p, "name.family", str_z(u->family));
  rv_put(d->a, p, "name.given", str_z(u->given));
  rv_put(d->a, p, "telecom.system", STR("phone"));
  rv_put(d->a, p, "telecom.value", str_z(u->phone));
  struct node *r = rv_draft_resource(d, "PractitionerRole", RV_CORE "medcom-core-practitionerrole", &role);
  rv_put(d->a, r, "practitioner.reference", practitioner);
  rv_put(d->a, r, "code.coding.system", STR(RV_TERMINOLOGY "medcom-core-PractitionerRolesSKSadministrativ"));
  rv_put(d->a, r, "code.coding.code", str_z(u->role));
  return role;
}

static void put_value(struct arena *a, struct node *o, const struct node *ordered, const struct analysis *analysis) {
  struct str comparator = node_text_at(ordered, "comparator"), text = node_text_at(ordered, "text");
  if (text.n) {
    rv_put(a, o, "valueString", text);
    return;
  }
  struct node *q = node_add(a, o, "valueQuantity");
  rv_put(a, q, "value", node_text_at(ordered, "value"))->kind = NODE_NUMBER;
  if (comparator.n) rv_put(a, q, "comparator", comparator);
  if (analysis->unit) rv_put(a, q, "unit", str_z(analysis->unit));
}

static struct str put_result(struct rv_draft *d, const struct node *ordered, struct str patient) {
  struct str reference, comment = node_text_at(ordered, "comment");
  const struct analysis *analysis = analysis_of(node_text_at(ordered, "code"));
  struct node *o = rv_draft_resource(d, "Observation", OBSERVATION, &reference);
  rv_put(d->a, o, "status", STR("final"));
  rv_put(d->a, o, "code.coding.system", str_z(analysis->system));
  rv_put(d->a, o, "code.coding.code", str_z(analysis->code));
  rv_put(d->a, o, "code.coding.display", str_z(analysis->name));
  rv_put(d->a, o, "subject.reference", patient);
  rv_put(d->a, o, "effectiveDateTime", d->time);
  put_value(d->a, o, ordered, analysis);
  rv_put(d->a, o, "interpretation.coding.system", STR(RV_TERMINOLOGY "medcom-core-interpretation-codes"));
  rv_put(d->a, o, "interpretation.coding.code", STR("NI"));
  rv_put(d->a, o, "interpretation.coding.display", STR("Not Interpreted"));
  if (comment.n) rv_put(d->a, o, "note.text", comment);
  return reference;
}

/* The security label of refused consent stands in meta, which rv_draft_resource begins. */
static void put_refusal(struct arena *a, struct node *report) {
  struct node *label = node_add(a, node_child(report, "meta"), "security");
  rv_put(a, label, "system", STR("http://terminology.hl7.org/CodeSystem/v3-Confidentiality"));
  rv_put(a, label, "code", STR("R"));
  rv_put(a, label, "display", STR("Restricted"));
}

static void refer(struct arena *a, struct node *parent, const char *name, struct str reference) {
  rv_put(a, node_add(a, parent, name), "reference", reference);
}

static struct str put_report(struct rv_draft *d, const struct rv_call *c, struct str producer) {
  struct str reference, patient, comment = node_text_at(c->json, "comment");
  const struct rv_person person = rv_call_person(c);
  struct node *r = rv_draft_resource(d, "DiagnosticReport", HOMECARE "diagnosticreport", &reference);
  if (str_eqz(rv_call_text(c, "consent"), "refused")) put_refusal(d->a, r);
  rv_put(d->a, r, "status", STR("final"));
  rv_put(d->a, r, "code.coding.system", STR(RV_TERMINOLOGY "MedComDiagnosticReportCodes"));
  rv_put(d->a, r, "code.coding.code", STR("HomeCareReport"));
  patient = rv_draft_patient(d, &person);
  rv_put(d->a, r, "subject.reference", patient);
  rv_put(d->a, r, "issued", d->time);
  refer(d->a, r, "performer", producer);
  refer(d->a, r, "performer", put_author(d, &rv_users[0]));
  for (const struct node *o = node_child(c->json, "observations")->first; o; o = o->next)
    refer(d->a, r, "result", put_result(d, o, patient));
  if (comment.n) rv_put(d->a, r, "conclusion", comment);
  return reference;
}

static const struct node *compose(const struct rv_call *c, struct refvendor_party to) {
  struct rv_draft d;
  struct str none = {0}, sender, receiver;
  struct refvendor_party from = rv_call_sender(c);
  rv_draft_begin(&d, c->v, c->v->arena, HOMECARE "message", NULL);
  rv_draft_header(&d, rv_homecare.event, HOMECARE "messageheader", none, none, from, to);
  rv_put(d.a, d.header, "definition", STR(DEFINITION));
  sender = put_producer(&d, from);
  receiver = put_requester(&d, to, rv_call_text(c, "receiver.yder"), rv_call_text(c, "receiver.initials"));
  node_at(d.header, "sender.reference")->text = sender;
  node_at(d.header, "destination.receiver.reference")->text = receiver;
  rv_put(d.a, d.header, "focus.reference", put_report(&d, c, sender));
  rv_draft_provenance(&d, MESSAGING "messaging-provenance", "new-message", sender, none);
  return rv_draft_end(&d);
}

/* ---- what a user does ---- */

static bool is_long(const struct node *n, const char *number, const char *text) {
  return node_text_at(n, number).n > RESULT_MAX || utf8_length(node_text_at(n, text)) > RESULT_MAX;
}

static bool is_number(struct str s) {
  double d;
  return str_double(s, &d);
}

/* What the screen does not let through; the rest of the order is as the user wrote it. */
static void check_results(struct rv_call *c) {
  const struct node *list = node_child(c->json, "observations");
  if (!list || list->kind != NODE_ARRAY || !list->first)
    rv_call_refuse(c, 400, STR("observations must be a list of {code, value or text, comparator, comment}"));
  for (const struct node *o = list ? list->first : NULL; o && c->status == 0; o = o->next) {
    struct str code = node_text_at(o, "code");
    bool text = node_text_at(o, "text").n > 0;
    if (!analysis_of(code))
      rv_call_refuse(c, 400, arena_printf(c->a, "no analysis has the code \"%.*s\"", STR_F(code)));
    else if (!text && !is_number(node_text_at(o, "value")))
      rv_call_refuse(c, 400, arena_printf(c->a, "the result of %.*s is no number", STR_F(code)));
    else if (is_long(o, "value", "text") && !rv_has(c->v, DEFECT_LONG_RESULTS))
      rv_call_refuse(c, 422, STR("a result has 12 characters at most"));
  }
}

/* A user who tries what the screen refuses has done as told. */
static void forgive_attempt(struct rv_call *c) {
  if (c->status == 422 && rv_call_is_true(c, "attempt")) c->status = 200;
}

static void act_new(struct rv_call *c) {
  struct refvendor_party to = rv_call_receiver(c);
  check_results(c);
  if (c->status == 0 && rv_call_text(c, "receiver.yder").n == 0)
    rv_call_refuse(c, 400, STR("receiver.yder, the ydernummer of the practice, is needed"));
  if (c->status == 0 && rv_call_text(c, "lookup").n && !c->found) rv_address(c);
  if (c->found && c->found->gln.n) to = *c->found;
  if (c->v->ehmi.without_device && rv_has(c->v, DEFECT_EER_STOPS)) c->status = 200;
  if (c->status == 0 && rv_call_needs_receiver(c, &to))
    rv_call_sent(c, rv_send_letter(c->v, compose(c, to))->header_id);
  forgive_attempt(c);
}

/* ---- what is received ---- */

static bool no_report(const struct rv_subject *s) {
  return !s->content;
}

static bool no_patient(const struct rv_subject *s) {
  return !rv_entry(s->root, node_text_at(s->content, "subject.reference"));
}

static bool no_result(const struct rv_subject *s) {
  return !rv_entry(s->root, node_text_at(s->content, "result.reference"));
}

/* A value of 12 characters at most; preliminary results are not sent. */
static bool is_unfit(const struct node *o) {
  struct str value = node_text_at(o, "valueQuantity.value"), text = node_text_at(o, "valueString");
  if (!str_eqz(node_text_at(o, "status"), "final") || node_text_at(o, "code.coding.code").n == 0) return true;
  return (value.n == 0 && text.n == 0) || is_long(o, "valueQuantity.value", "valueString");
}

static bool unfit_result(const struct rv_subject *s) {
  for (const struct node *r = node_child(s->content, "result"); r; r = node_again(r)) {
    const struct node *o = node_child(rv_entry(s->root, node_text_at(r, "reference")), "resource");
    if (!o || is_unfit(o)) return true;
  }
  return !str_eqz(node_text_at(s->content, "status"), "final");
}

static const struct rv_demand demands[] = {
    {no_report, "required", RV_FHIR_DETAILS, "MSG_RESOURCE_REQUIRED",
     "The DiagnosticReport is missing. / DiagnosticReport mangler."},
    {no_patient, "required", RV_FHIR_DETAILS, "MSG_RESOURCE_REQUIRED", "The Patient is missing. / Patient mangler."},
    {no_result, "required", RV_FHIR_DETAILS, "MSG_RESOURCE_REQUIRED",
     "The report has no result. / Der er intet resultat i prøvesvaret."},
    {unfit_result, "business-rule", RV_FHIR_DETAILS, "MSG_PARAM_INVALID",
     "A result is not final, or lacks a code or a value of 12 characters at most. / Et resultat er ikke endeligt eller "
     "mangler en kode eller en værdi på højst 12 tegn."},
    {0},
};

static const struct rv_shown shows[] = {{"status", "status"}, {"comment", "conclusion"}, {0}};
static const struct rv_action actions[] = {{"new", act_new}, {0}};
static const char *const keys[] = {"observations", "comment", "consent", "attempt", "lookup", "postal-code", NULL};

const struct rv_kind rv_homecare = {.name = "homecareobservation",
                                    .event = "homecareobservation-message",
                                    .shown = true,
                                    .content = "DiagnosticReport",
                                    .text = "conclusion",
                                    .statistic = "manual",
                                    .demands = demands,
                                    .shows = shows,
                                    .actions = actions,
                                    .keys = keys};
