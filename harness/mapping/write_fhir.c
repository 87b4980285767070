/* CareCommunication 5.0 from a legacy letter: one payload of text, one for each attachment. */
#include "base/base64.h"
#include "base/clock.h"
#include "base/uuid.h"
#include "mapping/convert_int.h"

#define CARE MEDCOM "carecommunication/StructureDefinition/medcom-careCommunication-"
#define DEFINITION MEDCOM "messagedefinitions/MessageDefinition/MedComCareCommunicationMessageDefinition|5.0"
#define NO_PHONE "0000 0000" /* the test protocol's own */
#define CPR "urn:oid:1.2.208.176.1.2"

struct care {
  struct job *j;
  struct draft d;
  struct str sent, time; /* instants */
  struct str bundle, header, patient, communication, role, practitioner, sender, receiver, encounter, provenance;
  struct str from_sor, to_sor;
  VEC(struct str) segments;
};

static struct str reference(struct care *x, const char *type, struct str id) {
  return arena_printf(x->j->a, "%s/%.*s", type, STR_F(id));
}

static void make_ids(struct care *x) {
  const struct {
    const char *label;
    struct str *to;
  } ids[] = {{"bundle", &x->bundle},       {"header", &x->header},
             {"patient", &x->patient},     {"communication", &x->communication},
             {"role", &x->role},           {"practitioner", &x->practitioner},
             {"sender", &x->sender},       {"receiver", &x->receiver},
             {"encounter", &x->encounter}, {"provenance", &x->provenance}};
  for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) *ids[i].to = job_uuid(x->j, ids[i].label);
}

/* ---- who ---- */

static struct str joined_name(struct job *j, const struct letter_party *p) {
  struct str parts[] = {p->organisation, p->department, p->unit}, s = {0};
  for (size_t i = 0; i < 3; i++)
    if (parts[i].n) s = s.n ? arena_printf(j->a, "%.*s, %.*s", STR_F(s), STR_F(parts[i])) : parts[i];
  return s;
}

static void put_party(struct care *x, struct str id, const struct letter_party *p, struct str sor) {
  const struct register_unit *u = job_unit(x->j, p->gln);
  struct str name = joined_name(x->j, p);
  draft_party(&x->d, id, p->gln, sor, name.n ? name : u ? u->name : (struct str){0});
}

static void lose_party(struct job *j, const struct letter_party *p, const char *role) {
  const struct {
    const char *part;
    struct str text;
  } lost[] = {{"street", p->street},
              {"suburb", p->suburb},
              {"district", p->district},
              {"postcode", p->postcode},
              {"speciality", p->speciality}};
  for (size_t i = 0; i < sizeof lost / sizeof lost[0]; i++)
    job_lost(j, arena_printf(j->a, "%s.%s", role, lost[i].part).p, lost[i].text);
  if (p->id.n && !str_eqz(p->code, "sorkode")) job_lost(j, arena_printf(j->a, "%s.id", role).p, p->id);
}

static void put_given(struct care *x, struct node *name, struct str given) {
  while (given.n) {
    struct str one = str_cut(&given, ' ');
    if (one.n) node_put(x->j->a, name, "given", one);
  }
}

static void put_patient(struct care *x) {
  struct job *j = x->j;
  const struct letter *l = j->letter;
  struct node *p = draft_resource(&x->d, "Patient", MEDCOM_CORE "medcom-core-patient", x->patient);
  if (l->cpr.n) node_put(j->a, p, "identifier.use", STR("official"));
  node_put(j->a, p, "identifier.system", l->cpr.n ? STR(CPR) : l->replacement_system);
  node_put(j->a, p, "identifier.value", l->cpr.n ? l->cpr : l->replacement);
  if (!l->cpr.n) job_say(j, CONVERT_SYSTEM_ID, "patient.replacement", l->replacement, (struct str){0});
  struct node *name = node_add(j->a, p, "name");
  node_put(j->a, name, "use", STR("official"));
  node_put(j->a, name, "family", l->surname);
  put_given(x, name, l->given);
  if (str_eqz(l->status, "doed")) node_put(j->a, p, "deceasedBoolean", STR("true"))->kind = NODE_BOOL;
  if (l->street.n) node_put(j->a, p, "address.line", l->street);
  if (l->district.n) node_put(j->a, p, "address.city", l->district);
  if (l->postcode.n) node_put(j->a, p, "address.postalCode", l->postcode);
  job_lost(j, "patient.suburb", l->suburb);
  job_lost(j, "patient.occupancy", l->occupancy);
}

/* XDIS91 does not say who wrote: the sender stands for the person (project assumption). */
static void put_author(struct care *x) {
  struct job *j = x->j;
  const struct letter_party *s = &j->letter->sender;
  struct str name = s->unit.n           ? s->unit
                    : s->department.n   ? s->department
                    : s->organisation.n ? s->organisation
                                        : s->gln;
  struct node *p = draft_resource(&x->d, "Practitioner", MEDCOM_CORE "medcom-core-practitioner", x->practitioner);
  node_put(j->a, p, "name.family", name);
  node_put(j->a, p, "name.given", STR("Ukendt"));
  struct node *r = draft_resource(&x->d, "PractitionerRole", MEDCOM_CORE "medcom-core-practitionerrole", x->role);
  node_put(j->a, r, "practitioner.reference", reference(x, "Practitioner", x->practitioner));
  node_put(j->a, r, "organization.reference", reference(x, "Organization", x->sender));
  node_put(j->a, r, "code.text", STR("Ikke oplyst"));
  job_tell(j, CONVERT_FILLED, "text.author", name, (struct str){0});
}

/* ---- the stay ---- */

static bool has_encounter(const struct letter *l) {
  return l->episode.n > 0;
}

static void put_encounter(struct care *x) {
  struct job *j = x->j;
  const struct letter *l = j->letter;
  struct str status = mapping_code_text(job_codes(j, "episode-status"), MAPPING_FHIR, l->status);
  if (!status.n || str_eqz(l->status, "doed"))
    status = str_eqz(l->status, "doed") ? STR("finished/IMP") : STR("in-progress/AMB");
  if (l->status.n) job_say(j, CONVERT_STATUS, "patient.status", l->status, status);
  struct node *e = draft_resource(&x->d, "Encounter", MEDCOM_CORE "medcom-core-encounter", x->encounter);
  node_put(j->a, e, "status", str_cut(&status, '/'));
  node_put(j->a, e, "class.system", STR("http://terminology.hl7.org/CodeSystem/v3-ActCode"));
  node_put(j->a, e, "class.code", status);
  node_put(j->a, e, "subject.reference", reference(x, "Patient", x->patient));
  node_put(j->a, e, "episodeOfCare.identifier.system", messaging_endpoint(j->a, l->sender.gln, x->from_sor));
  node_put(j->a, e, "episodeOfCare.identifier.value", job_hyphens(j->a, l->episode));
}

/* ---- what ---- */

static struct node *put_payload(struct care *x, struct node *c, struct str id) {
  struct arena *a = x->j->a;
  struct node *p = node_add(a, c, "payload"), *date = node_add(a, p, "extension"), *i = node_add(a, p, "extension");
  node_put(a, date, "url", STR(MEDCOM_CORE "medcom-core-datetime-extension"));
  node_put(a, date, "valueDateTime", x->time);
  node_put(a, i, "url", STR(MEDCOM_CORE "medcom-core-identifier-extension"));
  node_put(a, i, "valueIdentifier.value", id);
  node_put(a, i, "valueIdentifier.assigner.reference", reference(x, "Organization", x->sender));
  VEC_PUSH(a, &x->segments, id);
  return p;
}

/* One text: priority first, then all sections, then what comes by other ways. */
static struct str whole_text(struct job *j) {
  const struct letter *l = j->letter;
  struct buf b;
  buf_init(&b, CONVERT_BYTES_MAX);
  if (str_eqz(l->priority, "høj_prioritet")) {
    buf_addz(&b, LETTER_PRIORITY_SENTENCE " ");
    job_say(j, CONVERT_PRIORITY, "message.priority", (struct str){0}, (struct str){0});
  } else {
    job_lost(j, "message.priority", l->priority);
  }
  for (size_t i = 0; i < l->texts.n; i++) buf_printf(&b, "%s%.*s", i ? "\n\n" : "", STR_F(l->texts.v[i]));
  for (size_t i = 0; i < l->attachments.n; i++)
    if (l->attachments.v[i].elsewhere)
      buf_printf(&b, "%sBilag sendt på anden vis: %.*s", b.n ? "\n" : "", STR_F(l->attachments.v[i].title));
  struct str s = buf_take(&b, j->a);
  return job_or(j, "text.content", s, STR("(ingen tekst)"));
}

/* The letter's own, else the one that SOR knows. */
static struct str sender_phone(const struct job *j) {
  const struct register_unit *u = job_unit(j, j->letter->sender.gln);
  return j->letter->sender.phone.n || !u ? j->letter->sender.phone : u->telephone;
}

static void put_text(struct care *x, struct node *c) {
  struct job *j = x->j;
  struct str id = arena_printf(j->a, "urn:uuid:%.*s", STR_F(job_uuid(j, "text")));
  struct node *p = put_payload(x, c, id), *who = node_add(j->a, p, "extension"),
              *phone = node_add(j->a, p, "extension");
  node_put(j->a, who, "url", STR(MEDCOM_CORE "medcom-core-practitioner-extension"));
  node_put(j->a, who, "valueReference.reference", reference(x, "PractitionerRole", x->role));
  node_put(j->a, phone, "url", STR(MEDCOM_CORE "medcom-core-contact-extension"));
  node_put(j->a, phone, "valueContactPoint.system", STR("phone"));
  node_put(j->a, phone, "valueContactPoint.value", job_or(j, "text.phone", sender_phone(j), STR(NO_PHONE)));
  node_put(j->a, p, "contentString", whole_text(j));
}

static struct str mime_of(struct job *j, const struct letter_attachment *t) {
  struct str mime = mapping_code_text(job_codes(j, "extension"), MAPPING_FHIR, t->extension);
  if (mime.n) return mime;
  job_say(j, CONVERT_NO_MIME, "attachment.extension", t->extension, STR("application/octet-stream"));
  return STR("application/octet-stream");
}

/* The object's own identifier where it has the form of the profile, which wants UUIDs of version 4. */
static struct str attachment_id(struct job *j, const struct letter_attachment *t, size_t i) {
  struct str u = job_hyphens(j->a, t->id);
  if (!uuid_valid(u)) u = job_uuid(j, arena_printf(j->a, "attachment %zu", i).p);
  return arena_printf(j->a, "urn:uuid:%.*s", STR_F(u));
}

static void put_attachment(struct care *x, struct node *c, const struct letter_attachment *t, size_t i) {
  struct job *j = x->j;
  if (t->elsewhere) return;
  struct node *p = put_payload(x, c, attachment_id(j, t, i)), *content = node_add(j->a, p, "contentAttachment");
  if (!t->url.n) node_put(j->a, content, "contentType", mime_of(j, t));
  if (t->has_data) {
    struct buf b;
    buf_init(&b, CONVERT_BYTES_MAX);
    base64_encode(&b, t->octets);
    node_put(j->a, content, "data", buf_take(&b, j->a));
  }
  if (t->url.n) node_put(j->a, content, "url", t->url);
  if (t->has_data || t->url.n) {
    node_put(j->a, content, "title", job_or(j, "attachment.title", t->title, STR("Bilag")));
  } else {
    job_say(j, CONVERT_NO_OBJECT, "attachment.id", t->id, (struct str){0});
    j->out->missing++;
  }
}

static void put_communication(struct care *x) {
  struct job *j = x->j;
  const struct letter *l = j->letter;
  struct node *c = draft_resource(&x->d, "Communication", CARE "communication", x->communication);
  node_put(j->a, c, "identifier.value", arena_printf(j->a, "urn:uuid:%.*s", STR_F(job_uuid(j, "thread"))));
  node_put(j->a, c, "status", STR("unknown"));
  node_put(j->a, c, "category.coding.system", STR(MEDCOM_TERMS "medcom-careCommunication-categoryCodes"));
  node_put(j->a, c, "category.coding.code", STR("other"));
  node_put(j->a, c, "subject.reference", reference(x, "Patient", x->patient));
  node_put(j->a, c, "topic.text", job_or(j, "message.subject", l->subject, STR("Korrespondance")));
  if (has_encounter(l)) node_put(j->a, c, "encounter.reference", reference(x, "Encounter", x->encounter));
  put_text(x, c);
  for (size_t i = 0; i < l->attachments.n; i++) put_attachment(x, c, &l->attachments.v[i], i);
  if (l->attachments.n > CONVERT_FILES_A_LETTER)
    job_say(j, CONVERT_MANY_FILES, "attachment.title", arena_printf(j->a, "%zu", l->attachments.n), (struct str){0});
}

static void put_provenance(struct care *x) {
  struct arena *a = x->j->a;
  struct node *p = draft_provenance(&x->d, CARE "provenance", "new-message", x->provenance, x->sender, x->sent);
  for (size_t i = 0; i < x->segments.n; i++) {
    struct node *e = node_add(a, p, "entity");
    node_put(a, e, "role", STR("source"));
    node_put(a, e, "what.identifier.value", x->segments.v[i]);
  }
}

static void finish(struct care *x) {
  struct job *j = x->j;
  struct converted *c = VEC_ADD(j->a, &j->out->out);
  struct convert_pair *p = job_pair(j);
  *c = (struct converted){.bytes = draft_bytes(&x->d, j->o),
                          .type = STR("CareCommunication"),
                          .version = STR("5.0"),
                          .format = STR("HL7"),
                          .name = STR("MCM:FDIS91#other"),
                          .envelope_version = STR("5.0"),
                          .mime = str_z(resource_mime(j->o->form)),
                          .statistic = STR("other"),
                          .sender = j->letter->sender.gln,
                          .receiver = j->letter->receiver.gln,
                          .bundle = x->bundle,
                          .header = x->header};
  p->bundle = x->bundle;
  p->header = x->header;
  p->time = x->sent;
  p->activity = STR("new-message");
}

static struct str sor_of(struct job *j, const struct letter_party *p) {
  const struct register_unit *u = job_unit(j, p->gln);
  return u ? u->sor : p->sor;
}

int write_carecommunication(struct job *j, struct error *e) {
  const struct letter *l = j->letter;
  struct care x = {.j = j, .sent = time_from_danish(j->a, l->sent), .time = time_from_danish(j->a, l->time)};
  if (!l->sender.gln.n || !l->receiver.gln.n)
    return error_at(e, ERR_SYNTAX, j->c->names.v[0], 0, 0, "the letter has no sender or no receiver");
  if (!x.sent.n) x.sent = time_danish(j->a, j->o->now);
  if (!x.time.n) x.time = x.sent;
  make_ids(&x);
  x.from_sor = sor_of(j, &l->sender);
  x.to_sor = sor_of(j, &l->receiver);
  draft_begin(&x.d, j->a, CARE "message", x.bundle, x.sent);
  draft_header(&x.d, "care-communication-message", CARE "messageHeader", x.header, x.sender, x.receiver,
               messaging_endpoint(j->a, l->sender.gln, x.from_sor),
               messaging_endpoint(j->a, l->receiver.gln, x.to_sor));
  node_put(j->a, x.d.header, "focus.reference", reference(&x, "Communication", x.communication));
  node_put(j->a, x.d.header, "definition", STR(DEFINITION));
  put_patient(&x);
  put_communication(&x);
  if (has_encounter(l))
    put_encounter(&x);
  else if (!str_eqz(l->status, "inaktiv") && !str_eqz(l->status, "doed"))
    job_lost(j, "patient.status", l->status);
  put_author(&x);
  put_party(&x, x.sender, &l->sender, x.from_sor);
  put_party(&x, x.receiver, &l->receiver, x.to_sor);
  lose_party(j, &l->sender, "sender");
  lose_party(j, &l->receiver, "receiver");
  put_provenance(&x);
  finish(&x);
  return 0;
}
