/* CareCommunication 5.0: what the vendor demands of a message, and what it shows of it. */
#include "refvendor/refvendor_int.h"
#include "standards/catalogue.h"

static bool no_communication(const struct rv_subject *s) {
  return !s->content;
}

static bool no_thread(const struct rv_subject *s) {
  return node_text_at(s->content, "identifier.value").n == 0;
}

static bool no_category(const struct rv_subject *s) {
  return node_text_at(s->content, "category.coding.code").n == 0;
}

static bool unknown_category(const struct rv_subject *s) {
  const struct message_type *t = message_type_of_event(str_z(s->kind->event));
  return t && !message_type_has_postfix(t, node_text_at(s->content, "category.coding.code"));
}

static bool no_topic(const struct rv_subject *s) {
  return str_eqz(node_text_at(s->content, "category.coding.code"), "other") &&
         str_trim(node_text_at(s->content, "topic.text")).n == 0;
}

static bool needless_priority(const struct rv_subject *s) {
  return node_child(s->content, "priority") &&
         !str_eqz(node_text_at(s->content, "category.coding.code"), "regarding-referral");
}

static bool no_patient(const struct rv_subject *s) {
  return !rv_resource(s->root, "Patient");
}

static bool no_provenance(const struct rv_subject *s) {
  return !rv_resource(s->root, "Provenance");
}

static bool no_text(const struct rv_subject *s) {
  for (const struct node *p = node_child(s->content, "payload"); p; p = node_again(p))
    if (str_trim(node_text_at(p, "contentString")).n) return false;
  return true;
}

static const struct rv_demand demands[] = {
    {no_communication, "required", RV_FHIR_DETAILS, "MSG_RESOURCE_REQUIRED",
     "The Communication is missing. / Communication mangler."},
    {no_thread, "required", RV_FHIR_DETAILS, "MSG_NO_EXIST",
     "Communication.identifier is missing. / Communication.identifier mangler."},
    {no_category, "required", RV_FHIR_DETAILS, "MSG_NO_EXIST",
     "Communication.category is missing. / Communication.category mangler."},
    {unknown_category, "code-invalid", RV_MEDCOM_DETAILS, "MSG_VALUESET_VALUE_UNKNOWN",
     "Communication.category is not in the list of categories. / Communication.category er ikke på kategorilisten."},
    {no_topic, "required", RV_FHIR_DETAILS, "MSG_NO_EXIST",
     "Category other needs a topic. / Kategorien other kræver et emne."},
    {needless_priority, "business-rule", RV_FHIR_DETAILS, "MSG_PARAM_INVALID",
     "Only category regarding-referral may have a priority. / Kun kategorien regarding-referral må have prioritet."},
    {no_patient, "required", RV_FHIR_DETAILS, "MSG_RESOURCE_REQUIRED", "The Patient is missing. / Patient mangler."},
    {no_provenance, "required", RV_FHIR_DETAILS, "MSG_RESOURCE_REQUIRED",
     "There is no Provenance. / Der er ingen Provenance."},
    {no_text, "required", RV_FHIR_DETAILS, "MSG_NO_EXIST",
     "No payload has a text. / Intet payload indeholder en tekst."},
    {0},
};

static struct str category(const struct node *root) {
  return node_text_at(rv_resource(root, "Communication"), "category.coding.code");
}

static const struct rv_shown shows[] = {{"category", "category.coding.code"}, {"topic", "topic.text"}, {0}};

const struct rv_kind rv_care = {.name = "carecommunication",
                                .event = "care-communication-message",
                                .shown = true,
                                .content = "Communication",
                                .thread = "identifier.value",
                                .text = "payload.contentString",
                                .statistic = "manual",
                                .postfix = category,
                                .demands = demands,
                                .shows = shows,
                                .actions = rv_care_actions,
                                .keys = rv_care_keys};
