#include <criterion/criterion.h>

#include "base/file.h"
#include "envelope/vans.h"
#include "tests/validate/shared.h"

#define CASE_MAX ((size_t)1 << 20)
#define ENVELOPE_DATA TEST_ROOT "/harness/tests/data/envelope/"

static void read_named(struct message *m, struct arena *a, const char *path) {
  struct str bytes;
  struct error e;
  cr_assert_eq(file_read(&bytes, a, path, CASE_MAX, &e), 0, "%s", e.text);
  message_read(m, a, (struct source){STR("m"), bytes});
}

static void expect_fact(const struct message *m, const char *name, const char *value) {
  struct str found = facts_get(&m->facts, name);
  cr_expect(str_eqz(found, value), "%s is '%.*s', not '%s'", name, STR_F(found), value);
}

Test(message, facts_of_a_bare_reply) {
  struct arena *a = arena_new(0);
  struct message m;
  read_named(&m, a, TEST_DATA "/good-reply.in");
  cr_assert_null(m.envelope);
  cr_assert_eq(m.form, RESOURCE_JSON);
  cr_assert(str_eqz(m.payload.name, "m"));
  expect_fact(&m, "kind", "message");
  expect_fact(&m, "envelope", "none");
  expect_fact(&m, "form", "json");
  expect_fact(&m, "event", "care-communication-message");
  expect_fact(&m, "bundle.id", "00000001-0000-4000-8000-000000000000");
  expect_fact(&m, "header.id", "00000002-0000-4000-8000-000000000000");
  expect_fact(&m, "header.source", "https://example.org/sender");
  expect_fact(&m, "header.destination", "https://example.org/receiver");
  expect_fact(&m, "activity", "reply-message");
  expect_fact(&m, "previous", "00000012-0000-4000-8000-000000000000");
  expect_fact(&m, "thread", "00000020-0000-4000-8000-000000000000");
  expect_fact(&m, "category", "nursing");
  expect_fact(&m, "topic", "");
  expect_fact(&m, "sender.gln", "5790000209354");
  expect_fact(&m, "receiver.gln", "5790001348120");
  expect_fact(&m, "patient", "2512489996");
  arena_free(a);
}

Test(message, facts_of_a_document) {
  struct arena *a = arena_new(0);
  struct message m;
  read_named(&m, a, TEST_DATA "/good-document.in");
  expect_fact(&m, "kind", "message");
  expect_fact(&m, "event", "condition-list");
  expect_fact(&m, "bundle.id", "00000001-0000-4000-8000-000000000000");
  expect_fact(&m, "document.identifier", "00000002-0000-4000-8000-000000000000");
  expect_fact(&m, "document.timestamp", "2026-03-02T09:15:00+01:00");
  expect_fact(&m, "document.date", "2026-03-01T14:00:00Z");
  expect_fact(&m, "author.sor", "8888021000016001");
  expect_fact(&m, "patient", "2512489996");
  expect_fact(&m, "header.id", "");
  read_named(&m, a, TEST_DATA "/document-entry-first.in");
  expect_fact(&m, "event", "condition-list");
  read_named(&m, a, TEST_DATA "/good-document-other.in");
  expect_fact(&m, "event", "");
  expect_fact(&m, "document.identifier", "2026-17");
  read_named(&m, a, TEST_DATA "/good-reply.in");
  expect_fact(&m, "document.timestamp", "");
  arena_free(a);
}

Test(message, facts_of_others) {
  struct arena *a = arena_new(0);
  struct message m;
  read_named(&m, a, TEST_DATA "/good-reply-legacy.in");
  expect_fact(&m, "previous", "5790000121526#B300720181623");
  read_named(&m, a, TEST_DATA "/good-priority.in");
  expect_fact(&m, "priority", "asap");
  read_named(&m, a, TEST_DATA "/good-other-topic.in");
  expect_fact(&m, "topic", "Emne");
  read_named(&m, a, TEST_DATA "/good-ack-error.in");
  expect_fact(&m, "event", "acknowledgement-message");
  expect_fact(&m, "response.to", "00000012-0000-4000-8000-000000000000");
  expect_fact(&m, "response.code", "fatal-error");
  expect_fact(&m, "activity", "acknowledgement");
  expect_fact(&m, "thread", "");
  read_named(&m, a, TEST_DATA "/empty.in");
  expect_fact(&m, "kind", "unknown");
  expect_fact(&m, "form", "empty");
  read_named(&m, a, TEST_DATA "/edifact.in");
  expect_fact(&m, "kind", "message");
  expect_fact(&m, "form", "edifact");
  cr_assert_null(m.resource);
  arena_free(a);
}

Test(message, facts_of_a_report) {
  static const char json[] =
      "{\"resourceType\":\"Bundle\",\"type\":\"message\",\"entry\":["
      "{\"resource\":{\"resourceType\":\"MessageHeader\",\"eventCoding\":{\"code\":\"homecareobservation-message\"}}},"
      "{\"resource\":{\"resourceType\":\"DiagnosticReport\",\"meta\":{\"security\":[{\"code\":\"R\"}]},"
      "\"conclusion\":\"Fald i nat\"}},"
      "{\"resource\":{\"resourceType\":\"Observation\",\"note\":[{\"text\":\"Fastende\"}]}},"
      "{\"resource\":{\"resourceType\":\"Media\",\"content\":{\"data\":\"AAAA\"}}}]}";
  struct arena *a = arena_new(0);
  struct message m;
  message_read(&m, a, (struct source){STR("m"), STR(json)});
  expect_fact(&m, "consent", "refused");
  expect_fact(&m, "comment.clinical", "true");
  expect_fact(&m, "comment.analysis", "true");
  expect_fact(&m, "attachment.file", "true");
  expect_fact(&m, "attachment.link", "");
  read_named(&m, a, TEST_DATA "/good-priority.in");
  expect_fact(&m, "consent", "");
  expect_fact(&m, "comment.clinical", "");
  arena_free(a);
}

/* Two episodes of care: the locally defined one is the one that comes back, whatever their order. */
Test(message, facts_of_a_hospital_stay) {
  static const char notice[] =
      "{\"resourceType\":\"Bundle\",\"type\":\"message\",\"timestamp\":\"2026-03-02T09:15:00+01:00\",\"entry\":["
      "{\"fullUrl\":\"urn:uuid:1\",\"resource\":{\"resourceType\":\"MessageHeader\",\"id\":\"h\",\"extension\":["
      "{\"url\":\"x/medcom-messaging-reportOfAdmissionExtension\",\"valueBoolean\":true},"
      "{\"url\":\"x/medcom-messaging-reportOfAdmissionRecipientExtension\",\"valueReference\":{\"reference\":"
      "\"Organization/o\"}}],\"eventCoding\":{\"code\":\"hospital-notification-message\"}}},"
      "{\"fullUrl\":\"x/Organization/o\",\"resource\":{\"resourceType\":\"Organization\",\"id\":\"o\",\"identifier\":"
      "[{\"system\":\"https://www.gs1.org/gln\",\"value\":\"5790000209354\"}]}},"
      "{\"fullUrl\":\"x/Patient/p\",\"resource\":{\"resourceType\":\"Patient\",\"id\":\"p\",\"deceasedBoolean\":true}},"
      "{\"fullUrl\":\"x/Encounter/"
      "e\",\"resource\":{\"resourceType\":\"Encounter\",\"id\":\"e\",\"extension\":[{\"url\":"
      "\"x/"
      "medcom-hospitalnotifiation-leave-period-extension\",\"valuePeriod\":{\"start\":\"2026-03-01T11:00:00+01:00\"}}],"
      "\"status\":\"onleave\",\"class\":{\"code\":\"IMP\"},\"episodeOfCare\":[{\"identifier\":{\"system\":"
      "\"https://www.esundhed.dk/Registre/Landspatientregisteret\",\"value\":\"urn:uuid:6F0C2A7E-4B19-5d83-9c5a-"
      "71e2d04f8b36\"}},{\"identifier\":{\"system\":\"https://sor2.sum.dsdn.dk/"
      "#id=1\",\"value\":\"urn:uuid:BD481C38-a921-"
      "41ed-afa1-0242ac120002\"}}],\"period\":{\"start\":\"2026-02-28T10:00:00+01:00\"}}}]}";
  struct arena *a = arena_new(0);
  struct message m;
  message_read(&m, a, (struct source){STR("m"), str_z(notice)});
  expect_fact(&m, "bundle.time", "2026-03-02T09:15:00+01:00");
  expect_fact(&m, "encounter.class", "IMP");
  expect_fact(&m, "encounter.status", "onleave");
  expect_fact(&m, "period.start", "2026-02-28T10:00:00+01:00");
  expect_fact(&m, "period.end", "");
  expect_fact(&m, "leave.start", "2026-03-01T11:00:00+01:00");
  expect_fact(&m, "leave.end", "");
  expect_fact(&m, "deceased", "true");
  expect_fact(&m, "report", "true");
  expect_fact(&m, "report.receiver", "5790000209354");
  expect_fact(&m, "stay", "bd481c38a92141edafa10242ac120002");
  arena_free(a);
}

Test(message, facts_of_a_letter) {
  static const char letter[] =
      "<Emessage "
      "xmlns=\"http://rep.oio.dk/sundcom.dk/medcom.dk/xml/schemas/2007/02/01/\"><Envelope/><ReportOfAdmission><Letter>"
      "<Identifier>24681012</Identifier><VersionCode>XD1630C</VersionCode><Authorisation><Date>2026-07-02</"
      "Date><Time>09:15</Time>"
      "</Authorisation><TypeCode>XDIS16</TypeCode><EpisodeOfCareIdentifier>bd481c38a92141edafa10242ac120002"
      "</EpisodeOfCareIdentifier></Letter><Sender><EANIdentifier>5790000209354</EANIdentifier></"
      "Sender><Receiver><EANIdentifier>"
      "5790001348120</EANIdentifier></Receiver><Patient><CivilRegistrationNumber>2512489996</CivilRegistrationNumber></"
      "Patient>"
      "</ReportOfAdmission></Emessage>";
  struct arena *a = arena_new(0);
  struct message m;
  message_read(&m, a, (struct source){STR("m"), str_z(letter)});
  expect_fact(&m, "kind", "message");
  expect_fact(&m, "event", "");
  expect_fact(&m, "letter", "XDIS16");
  expect_fact(&m, "letter.id", "24681012");
  expect_fact(&m, "letter.time", "2026-07-02T09:15:00+02:00");
  expect_fact(&m, "stay", "bd481c38a92141edafa10242ac120002");
  expect_fact(&m, "patient", "2512489996");
  expect_fact(&m, "sender.gln", "5790000209354");
  expect_fact(&m, "receiver.gln", "5790001348120");
  arena_free(a);
}

Test(message, facts_of_an_envelope) {
  struct arena *a = arena_new(0);
  struct message m;
  read_named(&m, a, ENVELOPE_DATA "good.in");
  cr_assert_not_null(m.envelope);
  cr_assert_not_null(m.resource);
  cr_assert(str_eqz(m.payload.name, "m#payload"));
  expect_fact(&m, "kind", "message");
  expect_fact(&m, "envelope", "vans");
  expect_fact(&m, "form", "xml");
  expect_fact(&m, "envelope.id", "0d0f6c0e-5d19-4b0c-a1f4-5a9e2b7c1d01");
  expect_fact(&m, "envelope.message", "9a7b330a-a736-45fd-9a1c-0f3a8c1e2d02");
  expect_fact(&m, "envelope.sender", "5790001659592");
  expect_fact(&m, "envelope.receiver", "5790000121526");
  expect_fact(&m, "envelope.name", "MCM:FDIS91#other");
  read_named(&m, a, ENVELOPE_DATA "receipt-negative.in");
  expect_fact(&m, "kind", "receipt");
  expect_fact(&m, "envelope.receipt", "NegativeMessage");
  expect_fact(&m, "envelope.original", "0d0f6c0e-5d19-4b0c-a1f4-5a9e2b7c1d01");
  expect_fact(&m, "envelope.message", "9a7b330a-a736-45fd-9a1c-0f3a8c1e2d02");
  cr_assert_null(m.resource);
  arena_free(a);
}

static bool is_medcom(struct arena *a, const char *text) {
  struct message m;
  message_read(&m, a, (struct source){STR("m"), str_z(text)});
  return message_is_medcom(&m);
}

/* A message whose header has an event, and a profile. */
#define MESSAGE(type, event, profile)                                                                                  \
  "{\"resourceType\":\"Bundle\",\"type\":\"" type "\",\"entry\":[{\"resource\":{\"resourceType\":"                     \
  "\"MessageHeader\",\"meta\":{\"profile\":[\"" profile "\"]},\"eventCoding\":" event "}}]}"

/* A document whose Composition has a LOINC code, and a profile. */
#define DOCUMENT(code, profile)                                                                                        \
  "{\"resourceType\":\"Bundle\",\"type\":\"document\",\"entry\":[{\"resource\":{\"resourceType\":\"Composition\","     \
  "\"meta\":{\"profile\":[\"" profile "\"]},\"type\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"" code   \
  "\"}]}}}]}"

Test(message, whose_rules_apply) {
  struct arena *a = arena_new(0);
  struct message m;
  cr_expect_not(is_medcom(a, "{\"resourceType\":\"Patient\"}"));
  cr_expect_not(is_medcom(a, MESSAGE("message", "{\"code\":\"admin-notify\"}", "http://example.org/p")));
  cr_expect_not(is_medcom(a, MESSAGE("collection", "{\"code\":\"care-communication-message\"}", "")));
  cr_expect(is_medcom(a, MESSAGE("message", "{\"code\":\"care-communication-message\"}", "")));
  cr_expect(is_medcom(a, MESSAGE("message", "{\"system\":\"http://medcomfhir.dk/x\",\"code\":\"new\"}", "")));
  cr_expect(is_medcom(a, MESSAGE("message", "{}", "http://medcomfhir.dk/ig/x")));
  cr_expect(is_medcom(a, DOCUMENT("11450-4", "http://medcomfhir.dk/ig/x")));
  cr_expect_not(is_medcom(a, DOCUMENT("11450-4", "http://example.org/p")));
  cr_expect_not(is_medcom(a, DOCUMENT("34133-9", "http://medcomfhir.dk/ig/x")));
  read_named(&m, a, ENVELOPE_DATA "good.in");
  cr_expect(message_is_medcom(&m), "what came in an envelope");
  read_named(&m, a, ENVELOPE_DATA "not-well-formed.in");
  cr_expect(message_is_medcom(&m), "what came in a broken envelope");
  read_named(&m, a, TEST_DATA "/edifact.in");
  cr_expect(message_is_medcom(&m), "what is no FHIR is not passed by form alone");
  arena_free(a);
}

Test(message, what_cannot_be_unwrapped) {
  struct arena *a = arena_new(0);
  struct message m;
  read_named(&m, a, ENVELOPE_DATA "not-well-formed.in");
  cr_assert_null(m.envelope);
  cr_assert_eq(m.wellformed.list.n, 1);
  cr_assert_eq(m.payload.bytes.n, 0);
  expect_fact(&m, "envelope", "vans");
  expect_fact(&m, "kind", "unknown");
  read_named(&m, a, ENVELOPE_DATA "base64.in");
  cr_assert_not_null(m.envelope);
  cr_assert_eq(findings_worst(&m.wellformed), SEV_ERROR);
  cr_assert_eq(findings_worst(&m.envelope_findings), SEV_ERROR);
  expect_fact(&m, "kind", "message");
  arena_free(a);
}

/* Wraps a case in an envelope that claims `says`, and gives the findings of the envelope's rules. */
static struct str wrapped(struct arena *a, const char *file, struct envelope_payload says) {
  struct envelope env = {.sender = STR("5790001659592"),
                         .sender_type = STR("EAN"),
                         .receiver = STR("5790000121526"),
                         .receiver_type = STR("EAN"),
                         .sent = STR("2026-01-05T10:00:00+01:00"),
                         .id = STR("0d0f6c0e-5d19-4b0c-a1f4-5a9e2b7c1d01"),
                         .meta.id = STR("9a7b330a-a736-45fd-9a1c-0f3a8c1e2d02")};
  struct message m;
  struct str bytes;
  struct error e;
  struct buf out;
  cr_assert_eq(file_read(&bytes, a, file, CASE_MAX, &e), 0, "%s", e.text);
  vans_describe(&env, &says, bytes, "manual");
  buf_init(&out, CASE_MAX);
  env.kind->write(&out, &env);
  message_read(&m, a, (struct source){STR("m"), buf_take(&out, a)});
  cr_assert_eq(m.wellformed.list.n, 0);
  struct str rules = {0};
  for (size_t i = 0; i < m.envelope_findings.list.n; i++)
    rules = arena_printf(a, "%.*s%.*s ", STR_F(rules), STR_F(m.envelope_findings.list.v[i].rule));
  return rules;
}

Test(message, the_envelope_is_compared_with_its_payload) {
  static const struct {
    const char *file;
    struct envelope_payload says;
    const char *rules;
  } rows[] = {
      {"good-new",
       {.format = STR_INIT("HL7"),
        .name = STR_INIT("MCM:FDIS91#nursing"),
        .version = STR_INIT("5.0"),
        .mime = STR_INIT("application/fhir+json")},
       ""},
      {"good-new",
       {.format = STR_INIT("HL7"),
        .name = STR_INIT("MCM:FDIS91#other"),
        .version = STR_INIT("5.0"),
        .mime = STR_INIT("application/fhir+xml")},
       "vans.name.payload vans.mime.mismatch "},
      {"good-new",
       {.format = STR_INIT("XML"), .name = STR_INIT("MCM:XDIS91"), .version = STR_INIT("XD9134L")},
       "vans.format.payload vans.name.payload vans.version.payload "},
      {"good-ack-error",
       {.format = STR_INIT("HL7"),
        .name = STR_INIT("MCM:FCTL#fatal-error"),
        .version = STR_INIT("2.0.0"),
        .mime = STR_INIT("application/fhir+json")},
       ""},
      {"good-ack-error",
       {.format = STR_INIT("HL7"),
        .name = STR_INIT("MCM:FCTL#ok"),
        .version = STR_INIT("2.0.0"),
        .mime = STR_INIT("application/fhir+json")},
       "vans.name.payload "},
      {"oioxml-none", {.format = STR_INIT("XML"), .name = STR_INIT("MCM:XDIS22"), .version = STR_INIT("XD2230L")}, ""},
      {"oioxml-none",
       {.format = STR_INIT("XML"), .name = STR_INIT("MCM:XDIS15"), .version = STR_INIT("XD1534L")},
       "vans.name.payload vans.version.payload "},
      {"edifact", {.format = STR_INIT("EDIFACT"), .name = STR_INIT("MCM:DIS91"), .version = STR_INIT("D9134L")}, ""},
      {"edifact",
       {.format = STR_INIT("XML"), .name = STR_INIT("MCM:DIS91"), .version = STR_INIT("D9034L")},
       "vans.format.payload vans.version.payload "}};
  struct arena *a = arena_new(0);
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct str path = arena_printf(a, "%s/%s.in", TEST_DATA, rows[i].file);
    struct str found = wrapped(a, path.p, rows[i].says);
    cr_expect(str_eqz(found, rows[i].rules), "row %zu: %.*s", i, STR_F(found));
  }
  arena_free(a);
}

Test(message, a_bare_message_over_the_limit_is_a_finding_and_is_read) {
  static const char head[] = "{\"resourceType\": \"Bundle\", \"type\": \"message\"}";
  struct arena *a = arena_new(0);
  struct message m;
  struct buf b;
  buf_init(&b, VANS_MESSAGE_MAX + 64);
  buf_add(&b, STR(head));
  while (b.n < VANS_MESSAGE_MAX) buf_add(&b, STR(" "));
  message_read(&m, a, (struct source){STR("m"), buf_str(&b)});
  cr_expect_eq(m.wellformed.list.n, 0);
  buf_add(&b, STR(" "));
  message_read(&m, a, (struct source){STR("m"), buf_str(&b)});
  cr_assert_eq(m.wellformed.list.n, 1);
  cr_expect(str_eqz(m.wellformed.list.v[0].rule, "validate.too-large"));
  cr_expect_not_null(m.resource);
  buf_release(&b);
  arena_free(a);
}
