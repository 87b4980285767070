/* Notifications of hospital stays: HospitalNotification 3.0 (use cases S1 to S7, S.CANC and S.CORR of its protocol). */
#include "refvendor/hospital.h"

#define HN RV_MEDCOM "hospitalnotification/StructureDefinition/medcom-"
#define PROVENANCE RV_MEDCOM "messaging/StructureDefinition/medcom-messaging-provenance"
#define CPR_OID "urn:oid:1.2.208.176.1.2"

/* A notification in the making. */
struct notice {
  struct rv_draft d;
  const struct rv_stay *stay;
  struct str sender, receiver, patient, encounter;
};

/* Only the first notification of a stay says whether a report is wanted (protocol 3.3.1 to 3.3.6). */
static void put_report(struct notice *n) {
  struct arena *a = n->d.a;
  if (!n->stay->asks && n->stay->latest) return;
  struct node *flag = node_add(a, n->d.header, "extension");
  rv_put(a, flag, "url", STR(HN "messaging-reportOfAdmissionExtension"));
  rv_put(a, flag, "valueBoolean", n->stay->asks ? STR("true") : STR("false"));
  if (!n->stay->asks) return;
  struct node *recipient = node_add(a, n->d.header, "extension");
  rv_put(a, recipient, "url", STR(HN "messaging-reportOfAdmissionRecipientExtension"));
  rv_put(a, recipient, "valueReference.reference", n->sender);
}

/* As it stood in the notification before, if it is the same one. */
static struct str put_organization(struct notice *n, struct refvendor_party p) {
  for (const struct node *e = node_child(n->stay->latest, "entry"); e; e = node_again(e)) {
    const struct node *r = node_child(e, "resource");
    bool same = str_eqz(r->type, "Organization") && str_eq(rv_identifier(r, RV_GLN), p.gln) &&
                str_eq(rv_identifier(r, RV_SOR), p.sor);
    if (same) return rv_draft_reference(&n->d, "Organization", node_text_at(rv_draft_copy(&n->d, e), "id"));
  }
  return rv_draft_organization(&n->d, p);
}

static void put_header(struct notice *n) {
  const struct rv_stay *s = n->stay;
  rv_draft_header(&n->d, RV_HOSPITAL, HN "hospitalNotification-messageHeader", (struct str){0}, (struct str){0},
                  s->department, s->receiver);
  n->sender = put_organization(n, s->department);
  n->receiver = put_organization(n, s->receiver);
  node_at(n->d.header, "sender.reference")->text = n->sender;
  node_at(n->d.header, "destination.receiver.reference")->text = n->receiver;
  put_report(n);
}

static void put_patient(struct notice *n) {
  struct arena *a = n->d.a;
  struct node *p = rv_draft_resource(&n->d, "Patient", RV_CORE "medcom-core-patient", &n->patient);
  rv_put(a, p, "identifier.system", STR(CPR_OID));
  rv_put(a, p, "identifier.value", n->stay->cpr);
  rv_put(a, p, "name.use", STR("official"));
  rv_put(a, p, "name.family", n->stay->family);
  rv_put(a, p, "name.given", n->stay->given);
  rv_put(a, p, "deceasedBoolean", n->stay->deceased ? STR("true") : STR("false"));
}

static void put_leave(struct notice *n, struct node *encounter) {
  if (!n->stay->left.n) return;
  struct node *x = node_add(n->d.a, encounter, "extension");
  rv_put(n->d.a, x, "url", STR(HN "hospitalnotifiation-leave-period-extension"));
  rv_put(n->d.a, x, "valuePeriod.start", n->stay->left);
  if (n->stay->back.n) rv_put(n->d.a, x, "valuePeriod.end", n->stay->back);
}

static void put_encounter(struct notice *n) {
  const struct rv_stay *s = n->stay;
  struct arena *a = n->d.a;
  struct node *e = rv_draft_resource(&n->d, "Encounter", HN "hospitalNotification-encounter", &n->encounter);
  put_leave(n, e);
  rv_put(a, e, "status", s->status);
  rv_put(a, e, "class.system", STR("http://terminology.hl7.org/CodeSystem/v3-ActCode"));
  rv_put(a, e, "class.code", s->class);
  rv_put(a, e, "subject.reference", n->patient);
  struct str system = arena_printf(a, "https://sor2.sum.dsdn.dk/#id=%.*s", STR_F(n->d.v->o->own.sor));
  rv_put(a, e, "episodeOfCare.identifier.system", system);
  rv_put(a, e, "episodeOfCare.identifier.value", s->episode);
  rv_put(a, e, "period.start", s->started);
  if (s->ended.n) rv_put(a, e, "period.end", s->ended);
  rv_put(a, e, "serviceProvider.reference", n->sender);
  rv_put(a, n->d.header, "focus.reference", n->encounter);
}

/* The history: every earlier Provenance as it was, then our own. */
static void put_history(struct notice *n, struct str activity, const char *role) {
  const struct node *latest = n->stay->latest;
  struct str previous = {0};
  for (const struct node *e = node_child(latest, "entry"); e; e = node_again(e))
    if (str_eqz(node_child(e, "resource")->type, "Provenance")) rv_draft_copy(&n->d, e);
  if (latest)
    previous = rv_draft_reference(&n->d, "MessageHeader", node_text_at(rv_resource(latest, "MessageHeader"), "id"));
  rv_draft_provenance(&n->d, PROVENANCE, arena_z(n->d.a, activity), n->sender, previous);
  struct node *own = NULL;
  for (struct node *e = node_child(n->d.bundle, "entry"); e; e = node_again(e)) own = node_child(e, "resource");
  struct node *said = node_at(own, "entity.role");
  if (said) said->text = str_z(role);
}

const struct node *rv_hospital_compose(struct refvendor *v, const struct rv_stay *s, struct str activity,
                                       const char *role) {
  struct notice n = {.stay = s};
  rv_draft_begin(&n.d, v, v->arena, HN "hospitalNotification-message", s->latest);
  put_header(&n);
  put_patient(&n);
  put_encounter(&n);
  put_history(&n, activity, role);
  if (s->latest) rv_draft_complete(&n.d, s->latest);
  return rv_draft_end(&n.d);
}

/* The activity of the Provenance that is about the message itself. */
static struct str own_activity(const struct node *root) {
  struct str id = node_text_at(rv_resource(root, "MessageHeader"), "id"), found = {0};
  for (const struct node *e = node_child(root, "entry"); e; e = node_again(e)) {
    const struct node *p = node_child(e, "resource");
    if (str_eqz(p->type, "Provenance") && str_ends(node_text_at(p, "target.reference"), id))
      found = node_text_at(p, "activity.coding.code");
  }
  return found;
}

/* The list has no words for corrections, cancellations and deaths: they get that of what they are about. */
static struct str postfix(const struct node *root) {
  static const struct {
    const char *end, *postfix;
  } rows[] = {{"admit-emergency", "AcuteAmbulant"},
              {"admit-inpatient", "AdmissionInpatient"},
              {"start-leave-inpatient", "OnLeave"},
              {"end-leave-inpatient", "EndOfLeave"},
              {"-home", "EndHospitalStay"}};
  struct str activity = own_activity(root);
  if (str_eqz(node_text_at(rv_resource(root, "Patient"), "deceasedBoolean"), "true")) return STR("EndHospitalStay");
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    if (str_ends(activity, str_z(rows[i].end))) return str_z(rows[i].postfix);
  return STR("AdmissionInpatient");
}

static const struct rv_shown shows[] = {{"status", "status"}, {"class", "class.code"}, {0}};

const struct rv_kind rv_hospital = {.name = "hospitalnotification",
                                    .event = RV_HOSPITAL,
                                    .shown = true,
                                    .content = "Encounter",
                                    .statistic = "automatic",
                                    .postfix = postfix,
                                    .demands = rv_hospital_demands,
                                    .hidden = rv_hospital_stranger,
                                    .taken = rv_hospital_taken,
                                    .shows = shows,
                                    .actions = rv_hospital_actions,
                                    .keys = rv_hospital_keys};
