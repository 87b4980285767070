#include "tests/steps/rig.h"

#include <criterion/criterion.h>

#define PATIENT "{\"resourceType\":\"Patient\",\"id\":\"1\",\"active\":true}"

Test(http, asks_and_keeps_the_answer) {
  struct rig *r = rig_new("- step: \"1.1\"\n  send: {fixture: carecommunication/new.json, as: sent}\n"
                          "- step: \"1.2\"\n"
                          "  http: {method: GET, path: \"/Patient?m=${sent.header.id}\", headers: {Accept: text/a},\n"
                          "         expect: {status: [200, 201], headers: {Content-Type: application/}}, as: answer}\n"
                          "- step: \"1.3\"\n  assert: {on: answer, fhirpath: \"Patient.active\"}\n"
                          "- step: \"1.4\"\n  assert: {on: answer, fact: http.status, equals: \"200\"}\n");
  rig_send(r, "1.1");
  cr_assert_eq(rig_open(r, "1.2"), 0, "%s", r->error.text);
  cr_expect(!rig_ready(r, "1.2"));
  cr_expect(str_eqz(r->request->method, "GET"));
  cr_expect(str_starts(r->request->path, STR("/Patient?m=")) && r->request->path.n > 40, "%.*s",
            STR_F(r->request->path));
  cr_expect_eq(r->request->timeout_ms, 30000);
  cr_expect_eq(r->request->headers.list.n, (size_t)1);
  cr_expect_eq(r->request->body.n, (size_t)0);
  rig_responded(r, "1.2", "200", "application/fhir+json", PATIENT);
  cr_expect(rig_ready(r, "1.2"));
  cr_expect_eq(rig_judge(r, "1.2")->verdict, VERDICT_PASS);
  cr_expect_eq(rig_do(r, "1.3")->verdict, VERDICT_PASS);
  cr_expect_eq(rig_do(r, "1.4")->verdict, VERDICT_PASS);
  rig_free(r);
}

/* It was judged as a message, of which it has nothing. */
Test(http, an_answer_that_is_no_message_is_judged_as_a_resource) {
  struct rig *r = rig_new("- step: \"1.1\"\n  http: {method: GET, path: \"/Patient/1\", as: answer}\n"
                          "- step: \"1.2\"\n  validate: {on: answer, level: bundle}\n");
  rig_open(r, "1.1");
  rig_responded(r, "1.1", "200", "application/fhir+json", PATIENT);
  rig_judge(r, "1.1");
  cr_expect_eq(rig_do(r, "1.2")->verdict, VERDICT_PASS);
  rig_free(r);
}

Test(http, sends_a_fixture) {
  struct rig *r = rig_new("- step: \"1.1\"\n"
                          "  http: {method: POST, path: /, fixture: carecommunication/new.json, within: 5 s}\n");
  cr_assert_eq(rig_open(r, "1.1"), 0, "%s", r->error.text);
  cr_expect(str_eqz(r->request->content_type, "application/fhir+json"), "%.*s", STR_F(r->request->content_type));
  cr_expect_neq(str_find(r->request->body, STR("\"Bundle\""), 0), SIZE_MAX);
  cr_expect_eq(str_find(r->request->body, STR("${"), 0), SIZE_MAX);
  cr_expect_eq(r->request->timeout_ms, 5000);
  rig_free(r);
}

static struct state_step *answered(struct rig *r, const char *status, const char *type) {
  cr_assert_eq(rig_open(r, "1.1"), 0, "%s", r->error.text);
  rig_responded(r, "1.1", status, type, "not found");
  return rig_judge(r, "1.1");
}

static void wrong(const char *expect, const char *status, const char *type, const char *rule) {
  struct arena *a = arena_new(0);
  struct rig *r = rig_new(arena_printf(a, "- step: \"1.1\"\n  http: {method: GET, path: /x%s}\n", expect).p);
  struct state_step *st = answered(r, status, type);
  cr_expect_eq(st->verdict, *rule ? VERDICT_FAIL : VERDICT_PASS, "%s %s", expect, status);
  if (*rule) cr_expect(rig_has(st, rule), "%s %s", expect, status);
  rig_free(r);
  arena_free(a);
}

Test(http, the_answer_must_be_the_expected_one) {
  wrong("", "204", "text/plain", "");
  wrong("", "404", "text/plain", "http.status");
  wrong("", "302", "text/plain", "http.status");
  wrong(", expect: {status: 404}", "404", "text/plain", "");
  wrong(", expect: {status: [404, 410]}", "200", "text/plain", "http.status");
  wrong(", expect: {headers: {content-TYPE: text/}}", "200", "text/plain", "");
  wrong(", expect: {headers: {content-type: text/html}}", "200", "text/plain", "http.header");
  wrong(", expect: {headers: {Location: \"\"}}", "200", "text/plain", "http.header");
}

Test(http, no_answer_is_an_error_of_ours) {
  struct rig *r = rig_new("- step: \"1.1\"\n  http: {method: GET, path: /x}\n");
  rig_open(r, "1.1");
  struct event *ev = rig_event(r, "http-result", "1.1");
  facts_put(&ev->data, STR("request"), STR("m1"));
  facts_put(&ev->data, STR("failure"), STR("no answer within 30000 ms"));
  rig_apply(r, ev);
  struct state_step *st = rig_judge(r, "1.1");
  cr_expect_eq(st->verdict, VERDICT_ERROR);
  cr_expect(rig_has(st, "http.unreachable"));
  rig_free(r);
}

Test(http, what_never_came_cannot_be_asked_for) {
  struct rig *r = rig_new("- step: \"1.1\"\n  expect: {event: care-communication-message, as: it}\n"
                          "- step: \"1.2\"\n  http: {method: GET, path: \"/x/${it.header.id}\"}\n");
  rig_open(r, "1.1");
  rig_timer(r, "1.1");
  rig_judge(r, "1.1");
  struct state_step *st = rig_do(r, "1.2");
  cr_expect_eq(st->verdict, VERDICT_INCONCLUSIVE);
  cr_expect(rig_has(st, "step.unresolved"));
  rig_free(r);
}

Test(http, mistakes_are_told) {
  static const char *const bad[] = {
      "{path: /x}",
      "{method: STEAL, path: /x}",
      "{method: GET, path: x}",
      "{method: GET, path: /x, expect: {status: 2xx}}",
      "{method: GET, path: /x, expect: {state: 200}}",
      "{method: GET, path: /x, with: {a: b}}",
      "{method: POST, path: /x, fixture: ../x.json}",
      "{method: GET, path: /x, headers: {a: [b]}}",
      "{method: GET, path: /x, within: soon}",
      "{method: GET, path: /x, query: {a: []}}",
      "{method: GET, path: /x, query: {a: [{b: c}]}}",
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    struct arena *a = arena_new(0);
    struct rig *r = rig_new(arena_printf(a, "- step: \"1.1\"\n  http: %s\n", bad[i]).p);
    cr_expect_null(r->p, "%s is accepted", bad[i]);
    rig_free(r);
    arena_free(a);
  }
}

Test(http, a_system_without_a_server_stops_the_run_before_it_starts) {
  struct rig *r = rig_new("- step: \"1.1\"\n  http: {method: GET, path: /x}\n");
  struct vendor v = *r->vendor;
  struct error e;
  const struct step *s = protocol_step(r->p, STR("1.1"));
  cr_expect_eq(s->kind->fits(s, &v, &e), 0);
  v.rest = (struct str){0};
  cr_expect_eq(s->kind->fits(s, &v, &e), -1);
  cr_expect_neq(str_find(str_z(e.text), STR("rest: {address: URL}"), 0), SIZE_MAX, "%s", e.text);
  rig_free(r);
}
