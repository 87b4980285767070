/* XDIS91 D9134L and XBIN01 B0131X. Order and lengths are those of MedCom's schemas, legacy.md 2. */
#include "base/base64.h"
#include "formats/xml.h"
#include "mapping/convert_int.h"

#define NS_XDIS91 "http://rep.oio.dk/sundcom.dk/medcom.dk/xml/schemas/2006/07/01/"
#define NS_XBIN01 "http://rep.oio.dk/medcom.dk/xml/schemas/2012/03/28/"
#define NAME_MAX 35
#define PERSON_MAX 70
#define ID_MAX 17
#define POSTCODE_MAX 9
#define PHONE_MAX 25
#define SUBJECT_MAX 70
#define TITLE_MAX 70
#define URL_MAX 350
#define EPISODE_MAX 35
#define DATE_LEN 10

void oio_open(struct buf *b, const char *name) {
  buf_printf(b, "<%s>", name);
}

void oio_close(struct buf *b, const char *name) {
  buf_printf(b, "</%s>", name);
}

void oio_leaf(struct buf *b, const char *name, struct str text) {
  if (!text.n) return;
  oio_open(b, name);
  xml_escape_text(b, text);
  oio_close(b, name);
}

void oio_formatted(struct buf *b, const char *name, struct str text) {
  oio_open(b, name);
  while (text.n) {
    xml_escape_text(b, str_cut(&text, '\n'));
    if (text.n) buf_addz(b, "<Break/>");
  }
  oio_close(b, name);
}

static void put_time(struct buf *b, const char *name, struct str local) {
  oio_open(b, name);
  oio_leaf(b, "Date", str_sub(local, 0, DATE_LEN));
  oio_leaf(b, "Time", local.n > DATE_LEN ? str_sub(local, DATE_LEN + 1, DATE_LEN + 6) : STR("00:00"));
  oio_close(b, name);
}

void oio_begin(struct buf *b, const char *ns, struct str local, struct str id, struct str acknowledge) {
  buf_init(b, CONVERT_BYTES_MAX);
  buf_printf(b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Emessage xmlns=\"%s\">", ns);
  oio_open(b, "Envelope");
  put_time(b, "Sent", local);
  oio_leaf(b, "Identifier", id);
  oio_leaf(b, "AcknowledgementCode", acknowledge.n ? acknowledge : STR("pluspositivkvitt"));
  oio_close(b, "Envelope");
}

static void put_letter(struct job *j, struct buf *b, struct str id, const char *version, const char *type,
                       struct str time, struct str status, struct str episode) {
  oio_open(b, "Letter");
  oio_leaf(b, "Identifier", id);
  oio_leaf(b, "VersionCode", str_z(version));
  oio_leaf(b, "StatisticalCode", str_z(type));
  put_time(b, "Authorisation", time);
  oio_leaf(b, "TypeCode", str_z(type));
  oio_leaf(b, "StatusCode", status);
  oio_leaf(b, "EpisodeOfCareIdentifier", job_fit(j, "episode.id", episode, EPISODE_MAX));
  oio_close(b, "Letter");
}

static void put_part(struct job *j, struct buf *b, const char *role, const char *part, const char *name,
                     struct str text, size_t max) {
  oio_leaf(b, name, job_fit(j, arena_printf(j->a, "%s.%s", role, part).p, text, max));
}

static void put_party(struct job *j, struct buf *b, const struct letter_party *party, const char *role,
                      const char *name) {
  struct letter_party names = *party, *p = &names;
  job_divide_name(p);
  job_number(j, p);
  struct str organisation = job_organisation(j, p);
  bool sender = *role == 's';
  oio_open(b, name);
  oio_leaf(b, "EANIdentifier", p->gln);
  put_part(j, b, role, "id", "Identifier", p->id, ID_MAX);
  oio_leaf(b, "IdentifierCode", p->code);
  if (sender) organisation = job_or(j, "sender.organisation", organisation, p->gln);
  put_part(j, b, role, "organisation", "OrganisationName", organisation, NAME_MAX);
  put_part(j, b, role, "department", "DepartmentName", p->department, NAME_MAX);
  put_part(j, b, role, "unit", "UnitName", p->unit, NAME_MAX);
  put_part(j, b, role, "street", "StreetName", p->street, NAME_MAX);
  put_part(j, b, role, "suburb", "SuburbName", p->suburb, NAME_MAX);
  put_part(j, b, role, "district", "DistrictName", p->district, NAME_MAX);
  put_part(j, b, role, "postcode", "PostCodeIdentifier", p->postcode, POSTCODE_MAX);
  if (sender) put_part(j, b, role, "phone", "TelephoneSubscriberIdentifier", p->phone, PHONE_MAX);
  if (sender) oio_leaf(b, "MedicalSpecialityCode", p->speciality);
  oio_close(b, name);
}

static void put_person(struct job *j, struct buf *b) {
  const struct letter *l = j->letter;
  oio_leaf(b, "CivilRegistrationNumber", l->cpr);
  if (!l->cpr.n) oio_leaf(b, "AlternativeIdentifier", l->replacement);
  oio_leaf(b, "PersonSurnameName",
           job_fit(j, "patient.surname", job_or(j, "patient.surname", l->surname, STR("Ukendt")), PERSON_MAX));
  oio_leaf(b, "PersonGivenName", job_fit(j, "patient.given", l->given, PERSON_MAX));
}

static void put_patient(struct job *j, struct buf *b) {
  const struct letter *l = j->letter;
  oio_open(b, "Patient");
  put_person(j, b);
  put_part(j, b, "patient", "street", "StreetName", l->street, NAME_MAX);
  put_part(j, b, "patient", "suburb", "SuburbName", l->suburb, NAME_MAX);
  put_part(j, b, "patient", "district", "DistrictName", l->district, NAME_MAX);
  put_part(j, b, "patient", "postcode", "PostCodeIdentifier", l->postcode, POSTCODE_MAX);
  put_part(j, b, "patient", "occupancy", "OccupancyText", l->occupancy, NAME_MAX);
  oio_leaf(b, "EpisodeOfCareStatusCode", job_or(j, "patient.status", l->status, STR("inaktiv")));
  oio_close(b, "Patient");
}

static void put_object(struct job *j, struct buf *b, const struct letter_attachment *t, struct str id) {
  oio_leaf(b, "ObjectIdentifier", id);
  oio_leaf(b, "ObjectCode", attachment_object(j, t));
  oio_leaf(b, "ObjectExtensionCode", attachment_extension(j, t));
  oio_leaf(b, "OriginalObjectSize", t->has_data ? arena_printf(j->a, "%zu", t->octets.n) : t->size);
}

static void put_reference(struct job *j, struct buf *b, const struct letter_attachment *t) {
  oio_open(b, "Reference");
  struct str title = job_or(j, "attachment.title", t->title, STR("Bilag"));
  oio_leaf(b, "RefDescription", job_fit(j, "attachment.title", title, TITLE_MAX));
  if (t->has_data || (t->id.n && !t->url.n && j->c->format != MAPPING_FHIR)) {
    oio_open(b, "BIN");
    put_object(j, b, t, t->id);
    oio_close(b, "BIN");
  } else if (t->url.n) {
    oio_leaf(b, "URL", job_fit(j, "attachment.url", t->url, URL_MAX));
  } else {
    oio_leaf(b, "SUP", STR("true"));
  }
  oio_close(b, "Reference");
}

static void put_content(struct job *j, struct buf *b) {
  const struct letter *l = j->letter;
  if (l->priority.n || l->subject.n) {
    oio_open(b, "AdditionalInformation");
    oio_leaf(b, "Priority", l->priority);
    oio_leaf(b, "Subject", job_fit(j, "message.subject", l->subject, SUBJECT_MAX));
    oio_close(b, "AdditionalInformation");
  }
  for (size_t i = 0; i < l->texts.n; i++) {
    oio_open(b, "ClinicalInformation");
    oio_formatted(b, "Text01", l->texts.v[i]);
    oio_close(b, "ClinicalInformation");
  }
  for (size_t i = 0; i < l->attachments.n && i < CONVERT_FILES_A_LETTER; i++) put_reference(j, b, &l->attachments.v[i]);
}

static void finish(struct job *j, struct buf *b, const char *element, const char *type, const char *version,
                   struct str envelope, struct str id) {
  oio_close(b, element);
  oio_close(b, "Emessage");
  struct converted *x = job_add(j, buf_take(b, j->a), type, version);
  struct convert_pair *p = job_pair(j);
  x->sender = j->letter->sender.gln;
  x->receiver = j->letter->receiver.gln;
  x->envelope = p->envelope = envelope;
  x->letter = p->letter = id;
  p->version = str_z(version);
}

/* The objects from the one of that number on; how many were written. */
static size_t put_objects(struct job *j, struct buf *b, size_t from) {
  const struct letter *l = j->letter;
  size_t n = 0, i = from;
  for (; i < l->attachments.n && n < CONVERT_FILES_A_LETTER; i++) {
    const struct letter_attachment *t = &l->attachments.v[i];
    if (!t->has_data) continue;
    oio_open(b, "BinaryObject");
    put_object(j, b, t, job_hyphens(j->a, t->id));
    oio_open(b, "Object_Base64Encoded");
    base64_encode(b, t->octets);
    oio_close(b, "Object_Base64Encoded");
    oio_close(b, "BinaryObject");
    n++;
  }
  return i;
}

static bool more_objects(const struct letter *l, size_t from) {
  for (size_t i = from; i < l->attachments.n; i++)
    if (l->attachments.v[i].has_data) return true;
  return false;
}

void write_xbin01(struct job *j, struct str time) {
  const struct letter *l = j->letter;
  for (size_t from = 0, k = 0; more_objects(l, from); k++) {
    struct buf b;
    struct str envelope, id;
    job_ids(j, arena_printf(j->a, "bin01 %zu", k).p, &envelope, &id);
    oio_begin(&b, NS_XBIN01, l->sent, envelope, l->acknowledge);
    oio_open(&b, "BinaryLetter");
    put_letter(j, &b, id, "XB0131X", "XBIN01", time, STR("nytbrev"), (struct str){0});
    put_party(j, &b, &l->sender, "sender", "Sender");
    put_party(j, &b, &l->receiver, "receiver", "Receiver");
    oio_open(&b, "Patient");
    put_person(j, &b);
    oio_close(&b, "Patient");
    from = put_objects(j, &b, from);
    finish(j, &b, "BinaryLetter", "XBIN01", "XB0131X", envelope, id);
  }
}

void write_xdis91(struct job *j) {
  const struct letter *l = j->letter;
  struct buf b;
  struct str envelope, id, time = l->time.n ? l->time : l->sent;
  job_ids(j, "dis91", &envelope, &id);
  oio_begin(&b, NS_XDIS91, l->sent, envelope, l->acknowledge);
  oio_open(&b, "ClinicalEmail");
  put_letter(j, &b, id, "XD9134L", "XDIS91", time, l->kind.n ? l->kind : STR("nytbrev"), l->episode);
  put_party(j, &b, &l->sender, "sender", "Sender");
  put_party(j, &b, &l->receiver, "receiver", "Receiver");
  put_patient(j, &b);
  put_content(j, &b);
  finish(j, &b, "ClinicalEmail", "XDIS91", "XD9134L", envelope, id);
}
