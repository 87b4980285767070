/* Notifications that come in: judged, and answered with a report of admission where one is asked for. */
#include "refvendor/hospital.h"

#define CPR_OID "urn:oid:1.2.208.176.1.2"
#define LPR3 "https://www.esundhed.dk/Registre/Landspatientregisteret"

static bool is_listed(struct str s, const char *const *list) {
  for (; *list; list++)
    if (str_eqz(s, *list)) return true;
  return false;
}

static bool no_encounter(const struct rv_subject *s) {
  return !s->content;
}

/* Value sets medcom-hospitalNotification-encounterClass and -encounterStatus. */
static bool bad_class(const struct rv_subject *s) {
  static const char *const classes[] = {"IMP", "EMER", NULL};
  return !is_listed(node_text_at(s->content, "class.code"), classes);
}

static bool bad_status(const struct rv_subject *s) {
  static const char *const statuses[] = {"in-progress", "onleave", "finished", "entered-in-error", NULL};
  return !is_listed(node_text_at(s->content, "status"), statuses);
}

static bool no_cpr(const struct rv_subject *s) {
  return rv_identifier(rv_resource(s->root, "Patient"), CPR_OID).n == 0;
}

static bool no_episode(const struct rv_subject *s) {
  return node_text_at(s->content, "episodeOfCare.identifier.value").n == 0;
}

static bool no_start(const struct rv_subject *s) {
  return node_text_at(s->content, "period.start").n == 0;
}

const struct rv_demand rv_hospital_demands[] = {
    {no_encounter, "required", RV_FHIR_DETAILS, "MSG_RESOURCE_REQUIRED",
     "The Encounter is missing. / Encounter mangler."},
    {bad_class, "code-invalid", RV_FHIR_DETAILS, "MSG_PARAM_INVALID",
     "Encounter.class.code is neither IMP nor EMER. / Encounter.class.code er hverken IMP eller EMER."},
    {bad_status, "code-invalid", RV_FHIR_DETAILS, "MSG_PARAM_INVALID",
     "Encounter.status is not in the list. / Encounter.status er ikke på listen."},
    {no_cpr, "required", RV_FHIR_DETAILS, "MSG_NO_EXIST",
     "The patient has no CPR number. / Patienten har intet CPR-nummer."},
    {no_episode, "required", RV_FHIR_DETAILS, "MSG_NO_EXIST",
     "The identifier of the episode of care is missing. / Forløbs-id'et mangler."},
    {no_start, "required", RV_FHIR_DETAILS, "MSG_NO_EXIST",
     "Encounter.period.start is missing. / Encounter.period.start mangler."},
    {0},
};

/* Whom the system has a case of: the persons of vendors/reference. */
bool rv_hospital_stranger(const struct node *root) {
  static const char *const known[] = {"2512489996", "2509479989", NULL};
  return !is_listed(rv_identifier(rv_resource(root, "Patient"), CPR_OID), known);
}

static struct str extension_text(const struct node *header, const char *name, const char *path) {
  for (const struct node *x = node_child(header, "extension"); x; x = node_again(x))
    if (str_ends(node_text_at(x, "url"), str_z(name))) return node_text_at(x, path);
  return (struct str){0};
}

/* Of several identifiers the locally defined one (protocol 3.4.2.5). */
static struct str report_episode(struct arena *a, const struct node *encounter) {
  struct str id = {0};
  for (const struct node *e = node_child(encounter, "episodeOfCare"); e; e = node_again(e)) {
    bool local = !str_eqz(node_text_at(e, "identifier.system"), LPR3);
    if (id.n == 0 || local) id = node_text_at(e, "identifier.value");
    if (local) break;
  }
  return rv_municipal_episode(a, id);
}

void rv_hospital_taken(struct refvendor *v, const struct node *root) {
  const struct node *h = rv_resource(root, "MessageHeader"), *p = rv_resource(root, "Patient");
  bool wanted = str_eqz(extension_text(h, "reportOfAdmissionExtension", "valueBoolean"), "true");
  if (rv_has(v, DEFECT_NO_LETTER) || (!wanted && !rv_has(v, DEFECT_REPORTS_ALWAYS))) return;
  struct str to = extension_text(h, "reportOfAdmissionRecipientExtension", "valueReference.reference");
  struct rv_municipal r = {.kind = &rv_report_of_admission,
                           .cpr = rv_identifier(p, CPR_OID),
                           .given = node_text_at(p, "name.given"),
                           .family = node_text_at(p, "name.family"),
                           .episode = report_episode(v->arena, rv_resource(root, "Encounter")),
                           .to = rv_party_of(root, to.n ? to : node_text_at(h, "sender.reference"))};
  rv_municipal_send(v, &r);
  if (rv_has(v, DEFECT_REPORTS_TWICE)) rv_municipal_send(v, &r);
}
