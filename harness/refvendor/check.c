/* The vendor's own validation: little, but enough to tell a message that can be shown from one that cannot. */
#include "refvendor/refvendor_int.h"
#include "standards/catalogue.h"

/* The system as MedCom's value set medcom-acknowledgement-issue-details (terminology 1.4.0) names it. */
#define FHIR_DETAILS "http://hl7.org/fhir/ValueSet/operation-outcome"
#define MEDCOM_DETAILS RV_TERMINOLOGY "medcom-acknowledgement-error-codes"

struct subject {
  const struct node *root, *header, *communication;
};

static bool no_message(const struct subject *s) {
  return !str_eqz(s->root->type, "Bundle") || !str_eqz(node_text_at(s->root, "type"), "message");
}

static bool no_header_first(const struct subject *s) {
  const struct node *first = node_at(s->root, "entry.resource");
  return !first || !str_eqz(first->type, "MessageHeader");
}

static bool other_event(const struct subject *s) {
  return !str_eqz(node_text_at(s->header, "eventCoding.code"), RV_CARE);
}

static bool no_communication(const struct subject *s) {
  return !s->communication;
}

static bool no_thread(const struct subject *s) {
  return node_text_at(s->communication, "identifier.value").n == 0;
}

static bool no_category(const struct subject *s) {
  return node_text_at(s->communication, "category.coding.code").n == 0;
}

static bool unknown_category(const struct subject *s) {
  const struct message_type *t = message_type_of_event(STR(RV_CARE));
  return t && !message_type_has_postfix(t, node_text_at(s->communication, "category.coding.code"));
}

static bool no_topic(const struct subject *s) {
  return str_eqz(node_text_at(s->communication, "category.coding.code"), "other") &&
         str_trim(node_text_at(s->communication, "topic.text")).n == 0;
}

static bool needless_priority(const struct subject *s) {
  return node_child(s->communication, "priority") &&
         !str_eqz(node_text_at(s->communication, "category.coding.code"), "regarding-referral");
}

static bool no_patient(const struct subject *s) {
  return !rv_resource(s->root, "Patient");
}

static bool no_provenance(const struct subject *s) {
  return !rv_resource(s->root, "Provenance");
}

static bool no_text(const struct subject *s) {
  for (const struct node *p = node_child(s->communication, "payload"); p; p = node_again(p))
    if (str_trim(node_text_at(p, "contentString")).n) return false;
  return true;
}

static const struct {
  bool (*bad)(const struct subject *s);
  const char *issue, *system, *detail, *text;
} demands[] = {
    {no_message, "structure", FHIR_DETAILS, "MSG_BAD_FORMAT",
     "The content is no Bundle of type message. / Indholdet er ikke et Bundle af typen message."},
    {no_header_first, "structure", FHIR_DETAILS, "MSG_RESOURCE_REQUIRED",
     "The first entry is no MessageHeader. / Den første entry er ikke en MessageHeader."},
    {other_event, "not-supported", MEDCOM_DETAILS, "MSG_RECEIVER_UNABLE_TO_RECEIVE_MSG_TYPE",
     "The system does not receive messages of this event. / Systemet modtager ikke meddelelser med denne hændelse."},
    {no_communication, "required", FHIR_DETAILS, "MSG_RESOURCE_REQUIRED",
     "The Communication is missing. / Communication mangler."},
    {no_thread, "required", FHIR_DETAILS, "MSG_NO_EXIST",
     "Communication.identifier is missing. / Communication.identifier mangler."},
    {no_category, "required", FHIR_DETAILS, "MSG_NO_EXIST",
     "Communication.category is missing. / Communication.category mangler."},
    {unknown_category, "code-invalid", MEDCOM_DETAILS, "MSG_VALUESET_VALUE_UNKNOWN",
     "Communication.category is not in the list of categories. / Communication.category er ikke på kategorilisten."},
    {no_topic, "required", FHIR_DETAILS, "MSG_NO_EXIST",
     "Category other needs a topic. / Kategorien other kræver et emne."},
    {needless_priority, "business-rule", FHIR_DETAILS, "MSG_PARAM_INVALID",
     "Only category regarding-referral may have a priority. / Kun kategorien regarding-referral må have prioritet."},
    {no_patient, "required", FHIR_DETAILS, "MSG_RESOURCE_REQUIRED", "The Patient is missing. / Patient mangler."},
    {no_provenance, "required", FHIR_DETAILS, "MSG_RESOURCE_REQUIRED",
     "There is no Provenance. / Der er ingen Provenance."},
    {no_text, "required", FHIR_DETAILS, "MSG_NO_EXIST", "No payload has a text. / Intet payload indeholder en tekst."},
};

struct rv_problem rv_check(struct arena *a, const struct node *root) {
  struct subject s = {root, rv_resource(root, "MessageHeader"), rv_resource(root, "Communication")};
  for (size_t i = 0; i < sizeof demands / sizeof demands[0]; i++)
    if (demands[i].bad(&s))
      return (struct rv_problem){str_z(demands[i].issue), str_z(demands[i].system), str_z(demands[i].detail),
                                 arena_str(a, str_z(demands[i].text))};
  return (struct rv_problem){0};
}
