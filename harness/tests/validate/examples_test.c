/* No false alarms: what MedCom publishes as valid has no finding of severity error at level bundle. */
#include <criterion/criterion.h>

#include "base/uuid.h"
#include "envelope/vans.h"
#include "tests/validate/shared.h"

static const char *const current[] = {"medcom.fhir.dk.carecommunication-5.0.2/",
                                      "medcom.fhir.dk.carecommunicationtestscripts-5.0.0/",
                                      "medcom.fhir.dk.acknowledgement-", NULL};
static const char *const wrapped[] = {"medcom.fhir.dk.carecommunication-5.0.2/",
                                      "medcom.fhir.dk.carecommunicationtestscripts-5.0.0/", NULL};
static const char *const older[] = {"medcom.fhir.dk.carecommunication-",
                                    "medcom.fhir.dk.carecommunicationtestscripts-",
                                    "medcom.fhir.dk.hospitalnotification",
                                    "medcom.fhir.dk.homecareobservation",
                                    "medcom.fhir.dk.messaging-",
                                    "medcomfhir-website/",
                                    NULL};

static void judge(struct arena *a, struct source src) {
  struct message m;
  struct findings f;
  message_read(&m, a, src);
  findings_init(&f, a);
  validate_message(&m, VALIDATE_BUNDLE, NULL, &f);
  for (size_t i = 0; i < f.list.n; i++) {
    const struct finding *x = &f.list.v[i];
    cr_expect(x->severity < SEV_ERROR, "%.*s:%d:%d %.*s %.*s", STR_F(src.name), x->where.line, x->where.col,
              STR_F(x->rule), STR_F(x->en));
  }
}

/* The same content in the other form. */
static void judge_as_xml(struct arena *a, struct source src) {
  struct message m;
  struct buf out;
  message_read(&m, a, src);
  cr_assert_not_null(m.resource, "%.*s", STR_F(src.name));
  if (m.form == RESOURCE_XML) return;
  buf_init(&out, (size_t)64 << 20);
  resource_write(&out, m.resource, RESOURCE_XML, NULL, 0);
  judge(a, (struct source){src.name, buf_take(&out, a)});
}

static struct str derived(struct arena *a, struct str name, const char *what) {
  struct str part = str_z(what);
  return uuid_derive(a, name, 1, &part);
}

static struct str wrap(struct arena *a, struct source src, const struct message *m) {
  struct envelope env = {.sender = STR("5790001659592"),
                         .sender_type = STR("EAN"),
                         .receiver = STR("5790000121526"),
                         .receiver_type = STR("EAN"),
                         .sent = STR("2026-01-05T10:00:00+01:00")};
  struct envelope_payload says;
  struct buf out;
  env.id = derived(a, src.name, "envelope");
  env.meta.id = derived(a, src.name, "message");
  message_payload_facts(&says, a, m->resource, m->form);
  vans_describe(&env, &says, src.bytes, "manual");
  buf_init(&out, (size_t)64 << 20);
  env.kind->write(&out, &env);
  return buf_take(&out, a);
}

static void round_trip(struct arena *a, struct source src) {
  struct message bare, m;
  message_read(&bare, a, src);
  message_read(&m, a, (struct source){src.name, wrap(a, src, &bare)});
  cr_assert_not_null(m.envelope, "%.*s", STR_F(src.name));
  cr_expect(str_eq(m.payload.bytes, src.bytes), "%.*s: the payload came back changed", STR_F(src.name));
  cr_expect_eq(m.envelope_findings.list.n, 0, "%.*s:\n%.*s", STR_F(src.name),
               STR_F(shared_list(a, &m.envelope_findings)));
  cr_expect(str_eqz(facts_get(&m.facts, "event"), "care-communication-message"));
  cr_expect(str_eqz(facts_get(&m.facts, "kind"), "message"));
  cr_expect(str_eq(facts_get(&m.facts, "thread"), facts_get(&bare.facts, "thread")));
}

static void over(const char *const *parts, void (*fn)(struct arena *, struct source), size_t least) {
  if (!shared_dir(NULL)) cr_skip_test("the shared material is absent: examples");
  size_t n = shared_each_valid(parts, fn);
  cr_assert_geq(n, least, "only %zu examples", n);
}

Test(examples, current_versions_as_json) {
  over(current, judge, 35);
}

Test(examples, current_versions_as_xml) {
  over(current, judge_as_xml, 35);
}

Test(examples, older_versions_and_other_standards) {
  over(older, judge, 100);
}

Test(examples, wrapped_and_read_again) {
  over(wrapped, round_trip, 30);
}
