/* The document that is made of a card: ConditionList 1.0, medcom-document 1.0.1. */
#include "refvendor/refvendor_int.h"
#include "standards/identifier.h"

#define LIST RV_MEDCOM "conditionlist/StructureDefinition/medcom-conditionlist-"
#define DOCUMENT RV_MEDCOM "document/StructureDefinition/medcom-document-"
#define SKS_D "urn:oid:1.2.208.176.2.4.12"
#define ICPC_2 "urn:oid:1.2.208.176.2.31"
#define SNOMED "http://snomed.info/sct"
#define CURRENT "15240007"
#define RELEVANT "723506003"
#define CATEGORY "http://terminology.hl7.org/CodeSystem/condition-category"
#define CLINICAL "http://terminology.hl7.org/CodeSystem/condition-clinical"

/* The clinic that some patients came from. */
static const struct refvendor_party other_clinic = {
    {0}, STR_INIT("8888071000016002"), STR_INIT("Lægerne ved Prøvebroen")};

/* rv_draft_begin makes a message; the identifier is to stand before type and time. */
static void begin(struct rv_draft *d, struct refvendor *v, struct arena *a) {
  rv_draft_begin(d, v, a, LIST "bundle", NULL);
  node_remove(node_child(d->bundle, "type"));
  node_remove(node_child(d->bundle, "timestamp"));
  rv_put(a, d->bundle, "identifier.system", STR("urn:ietf:rfc:3986"));
  rv_put(a, d->bundle, "identifier.value", arena_printf(a, "urn:uuid:%.*s", STR_F(rv_id(v, a))));
  rv_put(a, d->bundle, "type", STR("document"));
  rv_put(a, d->bundle, "timestamp", d->time);
}

static struct str put_patient(struct rv_draft *d, const struct rv_card *card) {
  char birth[CPR_BIRTH_SIZE];
  struct str reference;
  struct node *p = rv_draft_resource(d, "Patient", DOCUMENT "patient", &reference);
  cpr_birth(card->cpr, birth);
  rv_put(d->a, p, "identifier.system", STR(RV_CPR));
  rv_put(d->a, p, "identifier.value", card->cpr);
  rv_put(d->a, p, "name.use", STR("official"));
  rv_put(d->a, p, "name.family", card->family);
  rv_put(d->a, p, "name.given", card->given);
  rv_put(d->a, p, "gender", str_z(cpr_gender(card->cpr)));
  rv_put(d->a, p, "birthDate", str_z(birth));
  return reference;
}

static struct str put_clinic(struct rv_draft *d, const struct rv_card *card) {
  struct refvendor_party clinic = card->other ? other_clinic : d->v->o->own;
  struct str reference;
  struct node *o = rv_draft_resource(d, "Organization", LIST "organization", &reference);
  rv_put(d->a, o, "identifier.system", STR(RV_SOR));
  rv_put(d->a, o, "identifier.value", clinic.sor);
  rv_put(d->a, o, "name", clinic.name);
  return reference;
}

static struct str put_doctor(struct rv_draft *d) {
  struct str reference;
  struct node *p = rv_draft_resource(d, "Practitioner", DOCUMENT "practitioner", &reference);
  rv_put(d->a, p, "name.use", STR("official"));
  rv_put(d->a, p, "name.family", str_z(rv_users[0].family));
  rv_put(d->a, p, "name.given", str_z(rv_users[0].given));
  return reference;
}

static void put_coding(struct rv_draft *d, struct node *parent, const char *name, const char *system, struct str code,
                       struct str display) {
  struct node *coding = node_add(d->a, parent, name);
  rv_put(d->a, coding, "system", str_z(system));
  rv_put(d->a, coding, "code", code);
  if (display.n) rv_put(d->a, coding, "display", display);
}

/* con-3 and con-4: what has ended, or is on the problem list, has one; resolved is what MedCom recommends. */
static void put_clinical_status(struct rv_draft *d, struct node *r, const struct rv_diagnosis *x) {
  bool listed = str_eqz(x->type, "problem-list-item"), resolved = str_eqz(x->status, "resolved");
  if (!x->abatement.n && !listed) return;
  put_coding(d, node_add(d->a, r, "clinicalStatus"), "coding", CLINICAL,
             x->abatement.n || resolved ? STR("resolved") : STR("active"), (struct str){0});
}

/* The words are those of the SKS code, else those of the ICPC code, else the user's own. */
static void put_code(struct rv_draft *d, struct node *r, const struct rv_diagnosis *x) {
  struct str text = x->sks_text.n ? x->sks_text : x->icpc_text.n ? x->icpc_text : x->text;
  if (!x->sks.n && !x->icpc.n && !text.n) return;
  struct node *code = node_add(d->a, r, "code");
  if (x->sks.n) put_coding(d, code, "coding", SKS_D, x->sks, x->sks_text);
  if (x->icpc.n) put_coding(d, code, "coding", ICPC_2, x->icpc, x->icpc_text);
  if (text.n) rv_put(d->a, code, "text", text);
}

static struct str put_condition(struct rv_draft *d, const struct rv_diagnosis *x, struct str patient) {
  struct str reference;
  struct node *r = rv_draft_resource(d, "Condition", LIST "condition", &reference);
  put_clinical_status(d, r, x);
  put_coding(d, node_add(d->a, r, "category"), "coding", SNOMED,
             str_eqz(x->status, "resolved") ? STR(RELEVANT) : STR(CURRENT), (struct str){0});
  if (x->type.n) put_coding(d, node_add(d->a, r, "category"), "coding", CATEGORY, x->type, (struct str){0});
  put_code(d, r, x);
  rv_put(d->a, r, "subject.reference", patient);
  if (x->onset.n) rv_put(d->a, r, "onsetDateTime", x->onset);
  if (x->abatement.n) rv_put(d->a, r, "abatementDateTime", x->abatement);
  rv_put(d->a, r, "recordedDate", x->recorded);
  return reference;
}

static void put_heading(struct rv_draft *d, struct node *c, const struct rv_card *card) {
  rv_put(d->a, c, "language", STR("da"));
  rv_put(d->a, c, "status", STR("final"));
  put_coding(d, node_add(d->a, c, "type"), "coding", "http://loinc.org", STR("11450-4"),
             STR("Problem list - Reported"));
  rv_put(d->a, c, "subject.reference", put_patient(d, card));
  rv_put(d->a, c, "date", card->changed);
}

const struct node *rv_compose_list(struct refvendor *v, struct arena *a, const struct rv_card *card) {
  struct rv_draft d;
  begin(&d, v, a);
  struct node *c = rv_draft_resource(&d, "Composition", LIST "composition", NULL);
  put_heading(&d, c, card);
  rv_put(a, node_add(a, c, "author"), "reference", put_clinic(&d, card));
  struct str doctor = put_doctor(&d), patient = node_text_at(c, "subject.reference");
  rv_put(a, c, "title", arena_printf(a, "Diagnoseoversigt for %.*s", STR_F(card->cpr)));
  rv_put(a, c, "confidentiality", STR("N"));
  struct node *attester = node_add(a, c, "attester"), *section = node_add(a, c, "section");
  rv_put(a, attester, "mode", STR("official"));
  rv_put(a, attester, "party.reference", doctor);
  for (size_t i = 0; i < card->diagnoses.n; i++)
    if (rv_is_shared(v, card->diagnoses.v[i]))
      rv_put(a, node_add(a, section, "entry"), "reference", put_condition(&d, card->diagnoses.v[i], patient));
  return rv_draft_end(&d);
}
