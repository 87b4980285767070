/* What is published of the ehmiSBDH and lies in the shared material: messages and DocumentReferences without an
 * envelope. Each is read as it is, and each message in an envelope as the published samples have it; the rules that it
 * raises stand here, so that a contradiction of the sources is told and never failed. */
#include "envelope/sbdh.h"

#include <criterion/criterion.h>

#include "base/file.h"
#include "base/map.h"
#include "tests/validate/shared.h"

#define BYTES_MAX ((size_t)4 << 20)
#define LOOSE "dk-ehmi-sbdh/loose/"
#define PAGES LOOSE "pagecontent/ehmiSBDH/"
#define FSH LOOSE "fsh/DocumentReference_samples/"

static struct str read_shared(struct arena *a, const char *file) {
  struct str bytes;
  struct error e;
  const char *dir = shared_dir(a);
  if (!dir) cr_skip_test("the shared material is absent: examples");
  const char *path = file_join(a, file_join(a, dir, "examples"), file);
  cr_assert_eq(file_read(&bytes, a, path, BYTES_MAX, &e), 0, "%s", e.text);
  return bytes;
}

/* The rules of some findings, each once, with those of severity error marked. */
static struct str rules_of(struct arena *a, const struct findings *f) {
  struct map seen;
  struct buf out;
  map_init(&seen, a);
  buf_init(&out, BYTES_MAX);
  for (size_t i = 0; i < f->list.n; i++) {
    const struct finding *x = &f->list.v[i];
    if (map_set(&seen, x->rule, &seen))
      buf_printf(&out, "%s%.*s ", x->severity == SEV_ERROR ? "!" : "", STR_F(x->rule));
  }
  return buf_take(&out, a);
}

static const struct ehmi_profile *shipped(struct arena *a) {
  struct ehmi_profile *p;
  struct error e = {0};
  cr_assert_eq(sbdh_shipped_profile(&p, a, &e), 0, "%s", e.text);
  return p;
}

Test(sbdh_shared, as_they_are) {
  static const struct {
    const char *file, *rules;
  } rows[] = {{"dk-ehmi-sbdh-2.0.1/Bundle-401cbc36-db1e-4fe0-bf90-6df331dde179.json", ""},
              {"dk-ehmi-sbdh-2.0.1/Bundle-9597e34d-f90f-439d-bc79-ca7d91944d8b.json", ""},
              {"dk-ehmi-sbdh-2.0.1/DocumentReference-7c4bc126-0fb3-4f98-9e85-98790de415bc.json", ""},
              {PAGES "ehmiMessage.xml", "!bundle.reference "},
              {PAGES "ehmiMessage_Ack.xml", ""},
              {PAGES "ehmisbdh_fullsample_ack2.xml", ""},
              {PAGES "DocRef/DocumentReference-77787891-083a-4d19-9e56-423e7a223e30.json", ""},
              {PAGES "DocRef/DocumentReference-77787891-083a-4d19-9e56-423e7a223e30.xml", ""},
              {FSH "DocumentReference-77787891-083a-4d19-9e56-423e7a223e30.json", ""},
              {FSH "DocumentReference-77787891-083a-4d19-9e56-423e7a223e30.xml", ""},
              {FSH "DocumentReference-instanceHomeCareObservationDocumentReference.json", ""},
              {FSH "DocumentReference-instanceHomeCareObservationDocumentReference.xml", ""}};
  struct arena *a = arena_new(0);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct message m;
    struct findings f;
    findings_init(&f, a);
    message_read(&m, a, (struct source){str_z(rows[i].file), read_shared(a, rows[i].file)});
    cr_expect_not_null(m.resource, "%s", rows[i].file);
    validate_message(&m, message_is_medcom(&m) ? VALIDATE_BUNDLE : VALIDATE_WELLFORMED, NULL, &f);
    struct str found = rules_of(a, &f);
    cr_expect(str_eqz(found, rows[i].rules), "%s: found\n%.*s", rows[i].file, STR_F(found));
  }
  arena_free(a);
}

static const struct sbdh_stamp stamp = {STR_INIT("c0ffee00-0001-4000-8000-000000000001"),
                                        STR_INIT("2025-04-01T16:19:00+01:00")};

static void wrap(struct envelope *env, struct arena *a, const char *file) {
  struct message bare;
  struct envelope_payload says;
  struct str bytes = read_shared(a, file);
  message_read(&bare, a, (struct source){str_z(file), bytes});
  message_payload_facts(&says, a, bare.resource, bare.form);
  cr_assert(sbdh_describe(env, a, &says, bytes, &stamp, shipped(a)), "%s", file);
}

static void set_scope(struct envelope *env, const char *type, struct str value) {
  for (size_t i = 0; i < env->sbdh->scopes.n; i++)
    if (str_eqz(env->sbdh->scopes.v[i].type, type)) env->sbdh->scopes.v[i].value = value;
}

/* How the published samples differ from the profile (ehmi.md 2.4 to 2.11). */
static void as_sample(struct envelope *env) {
  env->sbdh->sender = STR("0088:5790000121526");
  env->sbdh->receiver = STR("0088:5790000201389");
  env->sbdh->content_ns = STR(SBDH_NS);
  set_scope(env, SBDH_PROCESS_ID, STR("sdn-emergence"));
}

static void as_message_sample(struct envelope *env) {
  as_sample(env);
  set_scope(env, SBDH_DOCUMENT_ID,
            STR("urn:dk:healthcare:medcom:messaging:fhir:structuredefinition:homecareobservation-message:1.1"));
}

static void as_acknowledgement_sample(struct envelope *env) {
  as_sample(env);
  struct sbdh_reliable *r = &env->sbdh->reliable;
  const struct ehmi_transaction *t = &env->sbdh->profile->response;
  r->kind = STR("Response");
  r->expected = (struct str){0};
  r->service = ehmi_choice_default(&t->service);
  for (size_t i = 0; i < r->attributes_n; i++) r->attributes[i].value = ehmi_choice_default(&t->attributes.v[i].value);
  set_scope(env, SBDH_RELIABLE, STR("Response"));
  set_scope(env, SBDH_DOCUMENT_ID,
            STR("urn:dk:healthcare:medcom:messaging:fhir:structuredefinition:acknowledgement:2.0"));
}

static struct str judged(struct arena *a, const struct envelope *env) {
  struct message m;
  struct buf out;
  buf_init(&out, BYTES_MAX);
  env->kind->write(&out, env);
  message_read(&m, a, (struct source){STR("m"), buf_take(&out, a)});
  cr_assert_not_null(m.envelope);
  return rules_of(a, &m.envelope_findings);
}

Test(sbdh_shared, in_an_envelope) {
  static const struct {
    const char *file;
    void (*as)(struct envelope *env);
    const char *rules;
  } rows[] = {{"dk-ehmi-sbdh-2.0.1/Bundle-401cbc36-db1e-4fe0-bf90-6df331dde179.json", NULL, ""},
              {"dk-ehmi-sbdh-2.0.1/Bundle-401cbc36-db1e-4fe0-bf90-6df331dde179.json", as_message_sample,
               "sbdh.document-id.other sbdh.process-id.other sbdh.content.namespace.other sbdh.payload.gln "},
              {"dk-ehmi-sbdh-2.0.1/Bundle-9597e34d-f90f-439d-bc79-ca7d91944d8b.json", NULL, ""},
              {"dk-ehmi-sbdh-2.0.1/Bundle-9597e34d-f90f-439d-bc79-ca7d91944d8b.json", as_acknowledgement_sample,
               "sbdh.document-id.other sbdh.process-id.other sbdh.reliable.kind.acknowledgement "
               "sbdh.content.namespace.other sbdh.payload.gln "},
              {PAGES "ehmiMessage.xml", NULL, ""},
              {PAGES "ehmiMessage.xml", as_message_sample,
               "sbdh.document-id.other sbdh.process-id.other sbdh.content.namespace.other sbdh.payload.gln "},
              {PAGES "ehmiMessage_Ack.xml", NULL, ""},
              {PAGES "ehmiMessage_Ack.xml", as_acknowledgement_sample,
               "sbdh.document-id.other sbdh.process-id.other sbdh.reliable.kind.acknowledgement "
               "sbdh.content.namespace.other sbdh.payload.gln "}};
  struct arena *a = arena_new(0);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct envelope env;
    wrap(&env, a, rows[i].file);
    if (rows[i].as) rows[i].as(&env);
    struct str found = judged(a, &env);
    cr_expect(str_eqz(found, rows[i].rules), "%s%s: found\n%.*s", rows[i].file, rows[i].as ? ", as a sample" : "",
              STR_F(found));
  }
  arena_free(a);
}

/* The published DocumentReferences are of other messages than the one beside them: that is wrong, and told so. */
Test(sbdh_shared, metadata_of_a_copy) {
  static const struct {
    const char *file, *rules;
  } rows[] = {
      {"dk-ehmi-sbdh-2.0.1/DocumentReference-7c4bc126-0fb3-4f98-9e85-98790de415bc.json",
       "!sbdh.xds.master-identifier !sbdh.xds.size !sbdh.xds.hash "},
      {PAGES "DocRef/DocumentReference-77787891-083a-4d19-9e56-423e7a223e30.json",
       "!sbdh.xds.master-identifier !sbdh.xds.patient sbdh.xds.author !sbdh.xds.content-type !sbdh.xds.size "
       "!sbdh.xds.hash "},
      {PAGES "DocRef/DocumentReference-77787891-083a-4d19-9e56-423e7a223e30.xml",
       "sbdh.xds.form !sbdh.xds.master-identifier !sbdh.xds.patient sbdh.xds.author !sbdh.xds.content-type "
       "!sbdh.xds.size !sbdh.xds.hash "},
      {FSH "DocumentReference-77787891-083a-4d19-9e56-423e7a223e30.json",
       "!sbdh.xds.master-identifier !sbdh.xds.patient sbdh.xds.author !sbdh.xds.content-type !sbdh.xds.size "
       "!sbdh.xds.hash "},
      {FSH "DocumentReference-77787891-083a-4d19-9e56-423e7a223e30.xml",
       "sbdh.xds.form !sbdh.xds.master-identifier !sbdh.xds.patient sbdh.xds.author !sbdh.xds.content-type "
       "!sbdh.xds.size !sbdh.xds.hash "},
      {FSH "DocumentReference-instanceHomeCareObservationDocumentReference.json",
       "!sbdh.xds.master-identifier !sbdh.xds.patient sbdh.xds.author !sbdh.xds.size !sbdh.xds.hash "},
      {FSH "DocumentReference-instanceHomeCareObservationDocumentReference.xml",
       "sbdh.xds.form !sbdh.xds.master-identifier !sbdh.xds.patient sbdh.xds.author !sbdh.xds.size !sbdh.xds.hash "}};
  struct arena *a = arena_new(0);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct envelope env, copy;
    struct sbdh_party same = {0};
    wrap(&env, a, "dk-ehmi-sbdh-2.0.1/Bundle-401cbc36-db1e-4fe0-bf90-6df331dde179.json");
    sbdh_copy(&copy, a, &env, &same, read_shared(a, rows[i].file), &stamp, shipped(a));
    struct str found = judged(a, &copy);
    cr_expect(str_eqz(found, rows[i].rules), "%s: found\n%.*s", rows[i].file, STR_F(found));
  }
  arena_free(a);
}
