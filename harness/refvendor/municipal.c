/* The OIOXML letters that hospital and municipality exchange about a stay. */
#include "base/utf8.h"
#include "formats/xml.h"
#include "refvendor/hospital.h"

#define LETTER_MAX ((size_t)64 << 10)
#define ID_MAX 14 /* of letter and envelope */
#define PARTY_NAME_MAX 35
#define MINUTE_MS INT64_C(60000)

/* XD1630C is the last version of the report whose schema is public; of the care plan none is, so that only its head is
 * to be relied upon. */
const struct rv_municipal_kind rv_report_of_admission = {
    .type = "XDIS16",
    .element = "ReportOfAdmission",
    .version = "XD1630C",
    .xmlns = "http://rep.oio.dk/sundcom.dk/medcom.dk/xml/schemas/2007/02/01/",
    .text_element = "CauseOfAdmission",
    .text = "Indlagt ifølge advis om sygehusophold."};
const struct rv_municipal_kind rv_care_plan = {.type = "XDIS21",
                                               .element = "ProgressOfCarePlan",
                                               .version = "XD2134C",
                                               .xmlns = "urn:oio:medcom:municipality:1.0.4",
                                               .text_element = "ExpectedDischarge",
                                               .text = "Forventes udskrevet i morgen."};

static void open(struct buf *b, const char *name) {
  buf_printf(b, "<%s>", name);
}

static void close(struct buf *b, const char *name) {
  buf_printf(b, "</%s>", name);
}

static void put(struct buf *b, const char *name, struct str text) {
  if (text.n == 0) return;
  open(b, name);
  xml_escape_text(b, text);
  close(b, name);
}

/* A time has minutes only: the next whole one, so that no letter seems older than what it answers. */
static void put_time(struct buf *b, const char *name, struct str time) {
  open(b, name);
  put(b, "Date", str_sub(time, 0, 10));
  put(b, "Time", str_sub(time, 11, 16));
  close(b, name);
}

static struct str name_of(struct str name) {
  struct str cut = str_sub(name, 0, name.n < PARTY_NAME_MAX ? name.n : PARTY_NAME_MAX);
  return str_sub(cut, 0, utf8_whole(cut));
}

static void put_party(struct buf *b, struct refvendor_party p, const char *code) {
  put(b, "EANIdentifier", p.gln);
  put(b, "Identifier", p.sor);
  put(b, "IdentifierCode", str_z(code));
  put(b, "OrganisationName", name_of(p.name));
}

static void put_signature(struct buf *b) {
  const struct rv_user *u = &rv_users[0];
  open(b, "SignedBy");
  put(b, "PersonGivenName", str_z(u->given));
  put(b, "PersonSurnameName", str_z(u->family));
  put(b, "PersonTitle", str_z(u->role));
  close(b, "SignedBy");
}

static void put_letter_head(struct buf *b, const struct rv_municipal *r, struct str id, struct str time) {
  open(b, "Letter");
  put(b, "Identifier", id);
  put(b, "VersionCode", str_z(r->kind->version));
  put(b, "StatisticalCode", str_z(r->kind->type));
  put_time(b, "Authorisation", time);
  put(b, "TypeCode", str_z(r->kind->type));
  put(b, "StatusCode", STR("nytbrev"));
  put(b, "EpisodeOfCareIdentifier", r->episode);
  close(b, "Letter");
}

static void put_patient(struct buf *b, const struct rv_municipal *r) {
  open(b, "Patient");
  put(b, "CivilRegistrationNumber", r->cpr);
  put(b, "PersonSurnameName", r->family);
  put(b, "PersonGivenName", r->given);
  close(b, "Patient");
}

static void put_letter(struct buf *b, struct refvendor *v, const struct rv_municipal *r, struct str id,
                       struct str time) {
  buf_printf(b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Emessage xmlns=\"%s\">", r->kind->xmlns);
  open(b, "Envelope");
  put_time(b, "Sent", time);
  put(b, "Identifier", id);
  put(b, "AcknowledgementCode", STR("pluspositivkvitt"));
  close(b, "Envelope");
  open(b, r->kind->element);
  put_letter_head(b, r, id, time);
  open(b, "Sender");
  put_party(b, v->o->own, "sorkode");
  put_signature(b);
  close(b, "Sender");
  open(b, "Receiver");
  put_party(b, r->to, "sorkode");
  close(b, "Receiver");
  put_patient(b, r);
  put(b, r->kind->text_element, str_z(r->kind->text));
  close(b, r->kind->element);
  buf_printf(b, "</Emessage>\n");
}

struct str rv_municipal_episode(struct arena *a, struct str id) {
  struct buf b;
  id = rv_without_urn(id);
  buf_init(&b, id.n + 1);
  for (size_t i = 0; i < id.n; i++)
    if (id.p[i] != '-') buf_byte(&b, id.p[i]);
  return buf_take(&b, a);
}

static struct str next_minute(struct refvendor *v) {
  struct str now = rv_now(v, v->arena);
  int64_t ms;
  bool zone;
  return time_parse(now, &ms, &zone) ? time_danish(v->arena, ms + MINUTE_MS) : now;
}

void rv_municipal_send(struct refvendor *v, const struct rv_municipal *r) {
  struct buf b;
  struct str id = str_sub(rv_id(v, v->arena), 0, ID_MAX - 1);
  buf_init(&b, LETTER_MAX);
  put_letter(&b, v, r, id, next_minute(v));
  struct rv_oioxml letter = {.bytes = buf_str(&b),
                             .name = arena_printf(v->arena, "MCM:%s", r->kind->type),
                             .version = str_z(r->kind->version),
                             .to = r->to.gln};
  rv_send_oioxml(v, &letter);
  buf_release(&b);
  rv_log(v, "%s %.*s for %.*s", r->kind->type, STR_F(id), STR_F(r->to.gln));
}
