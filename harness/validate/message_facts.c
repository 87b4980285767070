#include "standards/catalogue.h"
#include "validate/eds_event.h"
#include "validate/message_int.h"

#define CPR_OID "urn:oid:1.2.208.176.1.2"
#define NATIONAL_ECPR_OID "urn:oid:1.2.208.176.1.6.1.1"
#define LPR3_SYSTEM "https://www.esundhed.dk/Registre/Landspatientregisteret"
#define STAY_MAX ((size_t)4 << 10)
#define REPLACEMENT_OIDS "urn:oid:1.2.208.176.1.6."

static void put(struct message *m, const char *name, struct str value) {
  facts_put(&m->facts, str_z(name), str_trim(value));
}

static struct str gln_of(const struct bundle *b, const struct node *reference) {
  const struct node *value = bundle_identifier(bundle_target(b, reference), GLN_SYSTEM, GLN_OID);
  return value ? value->text : (struct str){0};
}

/* The destination marked primary, or the first one. */
static const struct node *primary_destination(const struct node *header) {
  const struct node *first = node_child(header, "destination");
  for (const struct node *d = first; d; d = node_again(d))
    if (str_eqz(bundle_use(d), "primary")) return d;
  return first;
}

static void put_header(struct message *m, const struct bundle *b) {
  const struct node *destination = primary_destination(b->header);
  put(m, "event", node_text_at(b->header, "eventCoding.code"));
  put(m, "header.id", node_text_at(b->header, "id"));
  put(m, "header.source", node_text_at(b->header, "source.endpoint"));
  put(m, "header.destination", node_text_at(destination, "endpoint"));
  put(m, "response.to", bundle_last_part(node_text_at(b->header, "response.identifier")));
  put(m, "response.code", node_text_at(b->header, "response.code"));
  put(m, "sender.gln", gln_of(b, node_child(b->header, "sender")));
  put(m, "receiver.gln", gln_of(b, node_child(destination, "receiver")));
}

/* A reply to a letter in EDIFACT or OIOXML has an identifier where others have a reference. */
static struct str previous_of(const struct node *provenance) {
  const struct node *what = node_child(bundle_previous(provenance), "what");
  struct str reference = node_text_at(what, "reference");
  return reference.n ? bundle_last_part(reference) : bundle_without_urn(node_text_at(what, "identifier.value"));
}

static void put_provenance(struct message *m, const struct bundle *b) {
  const struct node *own = b->own;
  put(m, "activity", node_text_at(own, "activity.coding.code"));
  put(m, "previous", previous_of(own));
}

/* Each way in which an attachment is there at all. */
static void put_attachment(struct message *m, const struct node *attachment) {
  if (node_child(attachment, "data")) put(m, "attachment.file", STR("true"));
  if (node_child(attachment, "url")) put(m, "attachment.link", STR("true"));
}

static void put_attachments(struct message *m, const struct node *communication) {
  for (const struct node *p = node_child(communication, "payload"); p; p = node_again(p))
    put_attachment(m, node_child(p, "contentAttachment"));
}

static void put_communication(struct message *m, const struct bundle *b) {
  const struct node *c = bundle_communication(b);
  put(m, "thread", bundle_without_urn(node_text_at(c, "identifier.value")));
  put(m, "category", node_text_at(c, "category.coding.code"));
  put(m, "topic", node_text_at(c, "topic.text"));
  put(m, "priority", node_text_at(c, "priority"));
  put_attachments(m, c);
}

/* 3.4.2.5 of receiving HospitalNotification: of several identifiers the locally defined one comes back. */
static struct str local_episode(const struct node *encounter) {
  struct str any = node_text_at(encounter, "episodeOfCare.identifier.value");
  for (const struct node *e = node_child(encounter, "episodeOfCare"); e; e = node_again(e))
    if (!str_eqz(node_text_at(e, "identifier.system"), LPR3_SYSTEM)) return node_text_at(e, "identifier.value");
  return any;
}

void message_put_stay(struct message *m, struct str episode) {
  struct buf b;
  struct str id = bundle_without_urn(str_trim(episode));
  buf_init(&b, STAY_MAX);
  for (size_t i = 0; i < id.n; i++)
    if (id.p[i] != '-') buf_byte(&b, id.p[i] >= 'A' && id.p[i] <= 'Z' ? (char)(id.p[i] - 'A' + 'a') : id.p[i]);
  put(m, "stay", buf_take(&b, m->facts.arena));
}

/* Of the identifier of an episode of care, in any Encounter. */
static void put_encounter(struct message *m, const struct bundle *b) {
  static const char *const paths[][2] = {{"encounter.class", "class.code"},
                                         {"encounter.status", "status"},
                                         {"period.start", "period.start"},
                                         {"period.end", "period.end"}};
  const struct node *e = bundle_first(b, "Encounter");
  put(m, "episode", node_text_at(e, "episodeOfCare.identifier.value"));
  message_put_stay(m, local_episode(e));
  for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) put(m, paths[i][0], node_text_at(e, paths[i][1]));
  for (const struct node *x = node_child(e, "extension"); x; x = node_again(x)) {
    if (!str_ends(node_text_at(x, "url"), STR("-leave-period-extension"))) continue;
    put(m, "leave.start", node_text_at(x, "valuePeriod.start"));
    put(m, "leave.end", node_text_at(x, "valuePeriod.end"));
  }
}

static void put_admission(struct message *m, const struct bundle *b) {
  struct str receiver = gln_of(b, node_child(b->header, "sender"));
  if (!str_eqz(node_text_at(b->header, "eventCoding.code"), "hospital-notification-message")) return;
  for (const struct node *x = node_child(b->header, "extension"); x; x = node_again(x)) {
    struct str url = node_text_at(x, "url");
    if (str_ends(url, STR("-reportOfAdmissionExtension"))) put(m, "report", node_text_at(x, "valueBoolean"));
    if (str_ends(url, STR("-reportOfAdmissionRecipientExtension")))
      receiver = gln_of(b, node_child(x, "valueReference"));
  }
  put(m, "report.receiver", receiver);
}

static bool is_restricted(const struct node *resource) {
  for (const struct node *s = node_at(resource, "meta.security"); s; s = node_again(s))
    if (str_eqz(node_text_at(s, "code"), "R")) return true;
  return false;
}

/* HomeCareObservation: the patient may refuse that others than the requester see it, and both levels take a comment. */
static void put_report(struct message *m, const struct bundle *b) {
  for (size_t i = 0; i < b->resources.n; i++) {
    const struct node *r = b->resources.v[i];
    if (str_eqz(r->type, "DiagnosticReport")) {
      if (is_restricted(r)) put(m, "consent", STR("refused"));
      if (node_text_at(r, "conclusion").n) put(m, "comment.clinical", STR("true"));
    } else if (str_eqz(r->type, "Observation")) {
      if (node_child(r, "note")) put(m, "comment.analysis", STR("true"));
    } else if (str_eqz(r->type, "Media")) {
      put_attachment(m, node_child(r, "content"));
    }
  }
}

/* The CPR number, else the national replacement number, else any replacement number. */
static const struct node *patient_number(const struct bundle *b) {
  const struct node *patient = bundle_first(b, "Patient");
  const struct node *value = bundle_identifier(patient, CPR_OID, NULL);
  if (!value) value = bundle_identifier(patient, NATIONAL_ECPR_OID, NULL);
  for (const struct node *i = node_child(patient, "identifier"); i && !value; i = node_again(i))
    if (str_starts(node_text_at(i, "system"), STR(REPLACEMENT_OIDS))) value = node_child(i, "value");
  return value;
}

static void put_patient(struct message *m, const struct bundle *b) {
  const struct node *patient = bundle_first(b, "Patient");
  const struct node *value = patient_number(b);
  if (value) put(m, "patient", value->text);
  put(m, "deceased", node_text_at(patient, "deceasedBoolean"));
  if (value && !bundle_identifier(patient, CPR_OID, NULL)) put(m, "patient.kind", STR("replacement"));
}

void message_resource_facts(struct message *m, const struct node *root) {
  struct eds_event event;
  if (eds_event_read(&event, root)) return eds_event_facts(&event, &m->facts);
  struct arena *scratch = arena_new(0);
  struct bundle b;
  bundle_index(&b, scratch, root);
  if (str_eqz(root->type, "Bundle")) {
    put(m, "bundle.id", node_text_at(root, "id"));
    put(m, "bundle.time", node_text_at(root, "timestamp"));
  }
  put_header(m, &b);
  put_provenance(m, &b);
  put_communication(m, &b);
  put_patient(m, &b);
  put_encounter(m, &b);
  put_admission(m, &b);
  put_report(m, &b);
  message_document_facts(&m->facts, &b);
  arena_free(scratch);
}

#define MEDCOM "http://medcomfhir.dk/"

static bool names_medcom(const struct node *resource) {
  for (const struct node *p = node_at(resource, "meta.profile"); p; p = node_again(p))
    if (str_starts(p->text, STR(MEDCOM))) return true;
  return false;
}

static bool bundle_is_medcom(const struct bundle *b) {
  if (message_type_of_event(node_text_at(b->header, "eventCoding.code"))) return true;
  if (str_starts(node_text_at(b->header, "eventCoding.system"), STR(MEDCOM)) || names_medcom(b->root)) return true;
  for (size_t i = 0; i < b->resources.n; i++)
    if (names_medcom(b->resources.v[i])) return true;
  return false;
}

bool message_is_medcom(const struct message *m) {
  if (m->envelope || envelope_sniff(m->raw.bytes) || !m->resource) return true;
  if (!str_eqz(m->resource->type, "Bundle")) return false;
  bool message = str_eqz(node_text_at(m->resource, "type"), "message");
  struct arena *scratch = arena_new(0);
  struct bundle b;
  bundle_index(&b, scratch, m->resource);
  bool is = (message || bundle_document_type(&b)) && bundle_is_medcom(&b);
  arena_free(scratch);
  return is;
}

/* What HospitalNotification 3.0 writes behind '#' for an activity; corrections, cancellations and deaths are not told
 * apart in the public material and get the type alone. */
static struct str notification_postfix(struct str activity) {
  static const struct {
    const char *activity, *postfix;
  } rows[] = {{"admit-emergency", "AcuteAmbulant"},
              {"admit-inpatient", "AdmissionInpatient"},
              {"start-leave-inpatient", "OnLeave"},
              {"end-leave-inpatient", "EndOfLeave"},
              {"discharge-inpatient-home", "EndHospitalStay"},
              {"discharge-emergency-home", "EndHospitalStay"}};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    if (str_eqz(activity, rows[i].activity)) return str_z(rows[i].postfix);
  return (struct str){0};
}

static struct str postfix_of(const struct bundle *b, const struct message_type *t) {
  if (str_eqz(str_z(t->code), "FDIS91")) return node_text_at(bundle_communication(b), "category.coding.code");
  if (str_eqz(str_z(t->code), "FCTL")) return node_text_at(b->header, "response.code");
  /* A notification of a death has the activity of the one before it. */
  if (str_eqz(node_text_at(bundle_first(b, "Patient"), "deceasedBoolean"), "true")) return (struct str){0};
  return notification_postfix(node_text_at(b->own, "activity.coding.code"));
}

/* MessageHeader.definition "...|5.0" names the version of the payload; most messages leave it to the envelope. */
static struct str version_of(const struct bundle *b, const struct message_type *t) {
  struct str definition = node_text_at(b->header, "definition");
  size_t bar = str_index(definition, '|');
  struct str version = bar == SIZE_MAX ? (struct str){0} : str_sub(definition, bar + 1, definition.n);
  return version.n ? version : str_z(t->version);
}

static struct str identifier_of(const struct bundle *b, const struct node *reference, const char *system) {
  const struct node *value = bundle_identifier(bundle_target(b, reference), system, NULL);
  return value ? str_trim(value->text) : (struct str){0};
}

/* What an ehmiSBDH repeats of the message inside. */
static void put_header_says(struct envelope_payload *out, const struct bundle *b) {
  const struct node *sender = node_child(b->header, "sender");
  const struct node *receiver = node_child(primary_destination(b->header), "receiver");
  const struct node *patient = patient_number(b);
  struct str definition = node_text_at(b->header, "definition");
  size_t bar = str_index(definition, '|');
  out->event = node_text_at(b->header, "eventCoding.code");
  if (bar != SIZE_MAX) out->definition = str_sub(definition, bar + 1, definition.n);
  out->message_id = node_text_at(b->header, "id");
  out->bundle_id = node_text_at(b->root, "id");
  out->response_to = bundle_last_part(node_text_at(b->header, "response.identifier"));
  out->sender_gln = str_trim(gln_of(b, sender));
  out->receiver_gln = str_trim(gln_of(b, receiver));
  out->sender_sor = identifier_of(b, sender, SOR_OID);
  out->receiver_sor = identifier_of(b, receiver, SOR_OID);
  if (patient) out->patient = str_trim(patient->text);
}

void message_payload_facts(struct envelope_payload *out, struct arena *a, const struct node *resource,
                           enum resource_form form) {
  *out = (struct envelope_payload){0};
  if (!resource) return;
  struct bundle b;
  bundle_index(&b, a, resource);
  out->format = STR("HL7");
  out->mime = str_z(resource_mime(form));
  put_header_says(out, &b);
  const struct message_type *t = message_type_of_event(node_text_at(b.header, "eventCoding.code"));
  if (!t) return;
  struct str postfix = postfix_of(&b, t);
  out->name = arena_printf(a, "MCM:%s%s%.*s", t->code, postfix.n ? "#" : "", STR_F(postfix));
  out->version = arena_str(a, version_of(&b, t));
}
