/* EAS: whom the reference vendor sends to, and that it sends to nobody where nobody is named. */
#include "services.h"

#include <criterion/criterion.h>

#define QUIET_MS INT64_C(250)
#define FOUND_GLN "5790008888063"
#define FOUND_SOR "8888061000016007"
#define TYPE                                                                                                           \
  "urn:dk:healthcare:medcom:messaging:fhir:structuredefinition::homecareobservation-message##urn:dk:medcom:"           \
  "fhir:homecareobservation-message::1.2"
/* status, period and payload type of the address are what differs */
#define ANSWER(status, period, type)                                                                                   \
  "{'resourceType':'Bundle','type':'searchset','entry':[{'fullUrl':'https://eas.example/Organization/o','resource':{"  \
  "'resourceType':'Organization','id':'o','identifier':[{'system':'urn:oid:1.2.208.176.1.1','value':'" FOUND_SOR       \
  "'}],'name':'Kirurgisk','endpoint':[{'reference':'Endpoint/e'}]}},{'fullUrl':'https://eas.example/Endpoint/e',"      \
  "'resource':{'resourceType':'Endpoint','id':'e','identifier':[{'system':'http://www.gs1.org/"                        \
  "gln','value':'" FOUND_GLN "'}],'status':'" status "','period':{" period                                             \
  "},'payloadType':[{'coding':[{'code':'" type "'}]}]}}]}"
#define OUTCOME(severity)                                                                                              \
  "{'resourceType':'OperationOutcome','issue':[{'severity':'" severity                                                 \
  "','code':'not-found','details':{'text':'nobody is known for that'}}]}"
#define ORDER(lookup)                                                                                                  \
  "{'action':'new','standard':'homecareobservation','receiver':{'yder':'099025','sor':'8888031000016004'},'lookup':"   \
  "'" lookup "','postal-code':'9999','observations':[{'code':'NPU08676','value':'37'}]}"

static void begin(struct services *s, struct peer *p, const char *defect, const char *answer) {
  services_begin(s, p, defect);
  s->lookup_answer = answer;
  peer_start(p);
}

static bool screen_says(struct peer *p, const char *text) {
  return str_find(peer_state(p), str_z(text), 0) != SIZE_MAX;
}

static bool body_has(const struct services *s, size_t n, const char *text) {
  return n < s->lookups.n && str_find(s->lookups.v[n].body, str_z(text), 0) != SIZE_MAX;
}

Test(eas, each_question_is_asked_as_its_operation) {
  static const struct {
    const char *order, *operation, *says;
  } rows[] = {
      {ORDER("patient"), "/eas/Organization/$getReceivingOrganizationByPatientId", "EasCorePatient"},
      {ORDER("gp"), "/eas/Organization/$getReceivingOrganizationByGPId", "\"099025\""},
      {ORDER("sor"), "/eas/Organization/$getReceivingOrganizationBySORId", "\"8888031000016004\""},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct peer p;
    struct services s;
    begin(&s, &p, NULL, ANSWER("active", "", TYPE));
    cr_expect_eq(peer_trigger(&p, rows[i].order), 200, "%.*s", STR_F(p.body));
    cr_assert_not_null(peer_await(&p, 1, PEER_WAIT_MS));
    cr_assert_eq(s.lookups.n, (size_t)1);
    cr_expect(str_eqz(s.lookups.v[0].path, rows[i].operation), "%.*s", STR_F(s.lookups.v[0].path));
    cr_expect(body_has(&s, 0, rows[i].says), "%.*s", STR_F(s.lookups.v[0].body));
    cr_expect(body_has(&s, 0, TYPE) && body_has(&s, 0, "acknowledgement-message"));
    cr_expect(body_has(&s, 0, "\"Parameters\""));
    cr_expect(str_eqz(s.tokens.v[0].body, "grant_type=client_credentials&scope=EAS%20system%2FOrganization.rs&"
                                          "client_id=refvendor"));
    services_end(&s, &p);
  }
}

Test(eas, the_list_of_a_postal_code_leads_to_a_second_question) {
  struct peer p;
  struct services s;
  begin(&s, &p, NULL, ANSWER("active", "", TYPE));
  cr_expect_eq(peer_trigger(&p, ORDER("postal-code")), 200);
  cr_assert_not_null(peer_await(&p, 1, PEER_WAIT_MS));
  cr_assert_eq(s.lookups.n, (size_t)2);
  cr_expect(str_eqz(s.lookups.v[0].path, "/eas/Organization/$getListOfGpByPostalCode"));
  cr_expect(body_has(&s, 0, "\"9999\""));
  cr_expect(body_has(&s, 1, FOUND_SOR));
  services_end(&s, &p);
}

Test(eas, the_answer_is_where_it_goes) {
  struct peer p;
  struct services s;
  begin(&s, &p, NULL, ANSWER("active", "'start':'2025-01-01','end':'2027-01-01'", TYPE));
  cr_assert_eq(peer_trigger(&p, ORDER("patient")), 200);
  const struct message *m = peer_await(&p, 1, PEER_WAIT_MS);
  cr_expect(str_eqz(peer_fact(m, "envelope.receiver"), FOUND_GLN));
  cr_expect(str_find(m->payload.bytes, STR(FOUND_SOR), 0) != SIZE_MAX);
  services_end(&s, &p);
}

Test(eas, where_nobody_is_named_nothing_is_sent) {
  static const struct {
    const char *answer;
    int status;
    const char *says;
  } rows[] = {
      {OUTCOME("error"), 404, "nobody is known for that"},
      {OUTCOME("information"), 0, "nobody is known for that"},
      {NULL, 0, "EAS knows nobody"},
      {NULL, 503, "HTTP 503"},
      {NULL, -1, "no receiver for patient"},
      {ANSWER("off", "", TYPE), 0, "not active"},
      {ANSWER("active", "'end':'2025-01-01'", TYPE), 0, "not in force"},
      {ANSWER("active", "'start':'2030-01-01'", TYPE), 0, "not in force"},
      {ANSWER("active", "", "urn:dk:something"), 0, "does not take this message"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct peer p;
    struct services s;
    begin(&s, &p, NULL, rows[i].answer);
    s.lookup_statuses[0] = rows[i].status;
    cr_expect_eq(peer_trigger(&p, ORDER("patient")), 200, "row %zu: %d", i, p.status);
    services_quiet(&s, QUIET_MS);
    cr_expect_eq(p.got.n, (size_t)0, "row %zu", i);
    cr_expect(screen_says(&p, rows[i].says), "row %zu", i);
    services_end(&s, &p);
  }
}

Test(eas, a_fixed_search_is_remembered_while_eas_is_away) {
  static const struct {
    const char *order;
    size_t sent;
  } rows[] = {{ORDER("sor"), 2}, {ORDER("patient"), 1}};
  for (size_t i = 0; i < 2; i++) {
    struct peer p;
    struct services s;
    begin(&s, &p, NULL, ANSWER("active", "", TYPE));
    s.lookup_statuses[1] = 503;
    cr_assert_eq(peer_trigger(&p, rows[i].order), 200);
    cr_assert_not_null(peer_await(&p, 1, PEER_WAIT_MS));
    cr_assert_eq(peer_trigger(&p, rows[i].order), 200);
    services_quiet(&s, QUIET_MS);
    cr_expect_eq(s.lookups.n, (size_t)2, "it is asked each time");
    cr_expect_eq(p.got.n, rows[i].sent, "row %zu", i);
    services_end(&s, &p);
  }
}

Test(eas, the_defects_are_what_they_say) {
  static const struct {
    const char *defect, *answer, *receiver;
  } rows[] = {
      {"eas-ignores-answer", ANSWER("active", "", TYPE), PEER_GLN},
      {"eas-sends-anyway", OUTCOME("error"), PEER_GLN},
      {"eas-ignores-period", ANSWER("active", "'end':'2025-01-01'", TYPE), FOUND_GLN},
      {"eas-ignores-period", ANSWER("off", "", TYPE), FOUND_GLN},
      {"eas-ignores-type", ANSWER("active", "", "urn:dk:something"), FOUND_GLN},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct peer p;
    struct services s;
    begin(&s, &p, rows[i].defect, rows[i].answer);
    cr_expect_eq(peer_trigger(&p, ORDER("patient")), 200, "%s: %.*s", rows[i].defect, STR_F(p.body));
    const struct message *m = peer_await(&p, 1, PEER_WAIT_MS);
    cr_expect(str_eqz(peer_fact(m, "envelope.receiver"), rows[i].receiver), "%s", rows[i].defect);
    services_end(&s, &p);
  }
}

Test(eas, the_defects_of_asking) {
  struct peer p;
  struct services s;
  begin(&s, &p, "eas-asks-otherwise", ANSWER("active", "", TYPE));
  cr_expect_eq(peer_trigger(&p, ORDER("patient")), 200);
  cr_assert_not_null(peer_await(&p, 1, PEER_WAIT_MS));
  cr_expect(str_ends(s.lookups.v[0].path, STR("ByGPId")));
  services_end(&s, &p);
  begin(&s, &p, "eas-asks-once", ANSWER("active", "", TYPE));
  for (size_t i = 1; i <= 2; i++) {
    cr_expect_eq(peer_trigger(&p, ORDER("patient")), 200);
    cr_assert_not_null(peer_await(&p, i, PEER_WAIT_MS));
  }
  cr_expect_eq(s.lookups.n, (size_t)1);
  services_end(&s, &p);
}

Test(eas, another_sor_code_than_that_of_the_answer) {
  struct peer p;
  struct services s;
  begin(&s, &p, "eas-ignores-sor", ANSWER("active", "", TYPE));
  cr_expect_eq(peer_trigger(&p, ORDER("patient")), 200);
  const struct message *m = peer_await(&p, 1, PEER_WAIT_MS);
  cr_expect(str_eqz(peer_fact(m, "envelope.receiver"), FOUND_GLN));
  cr_expect(str_find(m->payload.bytes, STR(FOUND_SOR), 0) == SIZE_MAX);
  cr_expect(str_find(m->payload.bytes, STR(PEER_SOR), 0) != SIZE_MAX);
  services_end(&s, &p);
}

Test(eas, silent_tells_nobody) {
  struct peer p;
  struct services s;
  begin(&s, &p, "eas-silent", OUTCOME("information"));
  cr_expect_eq(peer_trigger(&p, ORDER("patient")), 200);
  services_quiet(&s, QUIET_MS);
  cr_expect(!screen_says(&p, "nobody is known"));
  services_end(&s, &p);
}

/* A report and two questions, as a clean vendor makes them: each declared defect changes one of them. */
Test(eas, each_declared_defect_changes_what_is_said) {
  struct peer p;
  struct services s;
  struct declared_list all;
  struct error e;
  begin(&s, &p, NULL, ANSWER("active", "", TYPE));
  cr_assert_eq(peer_trigger(&p, ORDER("patient")), 200);
  const struct message *m = peer_await(&p, 1, PEER_WAIT_MS);
  (void)peer_post(&p, "/vans", peer_ack(&p, peer_fact(m, "header.id"), "ok", "h1"));
  cr_assert_not_null(services_event(&s, 2));
  struct str bodies[] = {s.lookups.v[0].body, s.events.v[0].body, s.events.v[1].body};
  cr_assert_eq(declared_read(&all, p.arena, TEST_ROOT, &e), 0, "%s", e.text);
  for (size_t i = 0; i < all.list.n; i++) {
    const struct declared *d = &all.list.v[i];
    size_t n = 0;
    if (!str_eqz(d->standard, "eas") && !str_eqz(d->standard, "eds")) continue;
    for (size_t k = 0; k < sizeof bodies / sizeof *bodies; k++) {
      struct str body = bodies[k];
      bool changed;
      cr_assert_eq(declared_apply(&body, &changed, d, p.arena, p.shapes, &e), 0, "%s", e.text);
      n += changed && !str_eq(body, bodies[k]);
    }
    cr_expect(n > 0 || str_find(d->id, STR("transport"), 0) != SIZE_MAX, "%.*s changes nothing", STR_F(d->id));
  }
  services_end(&s, &p);
}
