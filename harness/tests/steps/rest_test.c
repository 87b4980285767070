#include "tests/steps/rig.h"

#include <criterion/criterion.h>

#define LETTER "- step: \"1.1\"\n  preload: {fixture: carecommunication/new.json, id: letter-1, as: letter}\n"

static const struct state_resource *there(struct rig *r, const char *type, const char *id) {
  const struct state_resource *x = state_resource_find(r->s, STR(""), str_z(type), str_z(id));
  return x && !x->gone ? x : NULL;
}

static void preload(struct rig *r, const char *step) {
  cr_assert_eq(rig_open(r, step), 0, "%s", r->error.text);
  rig_sent(r, step, "ready", NULL);
  cr_assert_eq(rig_judge(r, step)->verdict, VERDICT_PASS);
}

Test(rest, preload_puts_a_resource_there) {
  struct rig *r = rig_new_over("fhir-rest",
                               LETTER "- step: \"1.2\"\n  assert: {on: letter, fhirpath: Bundle.id, equals: letter-1}\n"
                                      "- step: \"1.3\"\n  assert: {on: letter, fact: rest.id, equals: letter-1}\n");
  preload(r, "1.1");
  cr_assert_not_null(there(r, "Bundle", "letter-1"));
  cr_expect_eq(there(r, "Bundle", "letter-1")->version, 1);
  cr_expect_eq(rig_do(r, "1.2")->verdict, VERDICT_PASS);
  cr_expect_eq(rig_do(r, "1.3")->verdict, VERDICT_PASS);
  rig_free(r);
}

Test(rest, an_id_that_is_taken_gets_a_new_version) {
  struct rig *r =
      rig_new_over("fhir-rest", LETTER
                   "- step: \"1.2\"\n  preload: {fixture: carecommunication/new.json, id: \"${letter.rest.id}\"}\n"
                   "- step: \"1.3\"\n  preload: {fixture: carecommunication/new.json}\n");
  preload(r, "1.1");
  preload(r, "1.2");
  preload(r, "1.3");
  cr_expect_eq(there(r, "Bundle", "letter-1")->version, 2);
  cr_expect_eq(r->s->resources.n, (size_t)3);
  rig_free(r);
}

Test(rest, no_id_of_a_resource) {
  struct rig *r = rig_new_over(
      "fhir-rest", "- step: \"1.1\"\n  preload: {fixture: carecommunication/new.json, id: \"${patience}\"}\n");
  cr_expect_eq(rig_open(r, "1.1"), -1);
  cr_expect_neq(str_find(str_z(r->error.text), STR("\"2 min\" is no id"), 0), SIZE_MAX, "%s", r->error.text);
  rig_free(r);
}

#define READ "- step: \"1.2\"\n  expect: {rest: read, type: Bundle, of: letter, as: read, within: 1 min}\n"

Test(rest, a_read_of_that_one_is_waited_for) {
  struct rig *r = rig_new_over("fhir-rest", LETTER READ);
  preload(r, "1.1");
  cr_assert_eq(rig_open(r, "1.2"), 0, "%s", r->error.text);
  rig_interact(r, "1.2", "read", "Bundle", STR("other"), "404", STR("{}"));
  rig_interact(r, "1.2", "read", "Patient", STR("letter-1"), "404", STR("{}"));
  rig_interact(r, "1.2", "update", "Bundle", STR("letter-1"), "200", STR("{}"));
  cr_expect(!rig_ready(r, "1.2"));
  rig_interact(r, "1.2", "read", "Bundle", STR("letter-1"), "200", STR("{}"));
  cr_expect(rig_ready(r, "1.2"));
  cr_expect_eq(rig_judge(r, "1.2")->verdict, VERDICT_PASS);
  rig_free(r);
}

Test(rest, what_never_came_is_told_with_what_came_near) {
  struct rig *r = rig_new_over("fhir-rest", LETTER READ);
  preload(r, "1.1");
  rig_open(r, "1.2");
  rig_interact(r, "1.2", "read", "Bundle", STR("other"), "404", STR("{}"));
  rig_timer(r, "1.2");
  struct state_step *st = rig_judge(r, "1.2");
  cr_expect_eq(st->verdict, VERDICT_FAIL);
  cr_expect(rig_has(st, "expect.deadline") && rig_has(st, "expect.near-miss"));
  cr_expect_neq(str_find(rig_find(st, "expect.deadline")->en, STR("read of Bundle"), 0), SIZE_MAX);
  rig_free(r);
}

Test(rest, a_refusal_fails_unless_it_is_asked_for) {
  struct rig *r = rig_new_over(
      "fhir-rest", "- step: \"1.1\"\n  expect: {rest: create, within: 1 min}\n"
                   "- step: \"1.2\"\n  expect: {rest: read, where: {http.status: \"404\"}, within: 1 min}\n");
  rig_open(r, "1.1");
  rig_interact(r, "1.1", "create", "Bundle", STR(""), "400", STR("{}"));
  struct state_step *st = rig_judge(r, "1.1");
  cr_expect_eq(st->verdict, VERDICT_FAIL);
  cr_expect(rig_has(st, "rest.refused"));
  rig_open(r, "1.2");
  rig_interact(r, "1.2", "read", "Bundle", STR("1"), "200", STR("{}"));
  cr_expect(!rig_ready(r, "1.2"));
  rig_interact(r, "1.2", "read", "Bundle", STR("1"), "404", STR("{}"));
  cr_expect_eq(rig_judge(r, "1.2")->verdict, VERDICT_PASS);
  rig_free(r);
}

/* What the system reads of ours it did not send. */
Test(rest, a_read_message_is_none_that_was_sent) {
  struct rig *r = rig_new_over("fhir-rest", LETTER
                               "- step: \"1.2\"\n  expect: {event: care-communication-message, within: 1 min}\n");
  struct facts facts;
  preload(r, "1.1");
  rig_open(r, "1.2");
  facts_init(&facts, r->a);
  rig_interact(r, "1.2", "read", "Bundle", STR("letter-1"), "200", STR("{}"));
  cr_expect(!rig_ready(r, "1.2"));
  rig_free(r);
}

Test(rest, creates_updates_and_deletes_change_what_is_there) {
  struct rig *r = rig_new_over("fhir-rest", "- step: \"1.1\"\n  wait: {for: 1 s}\n");
  rig_interact(r, NULL, "create", "Patient", STR("1"), "201", STR("{}"));
  rig_interact(r, NULL, "update", "Patient", STR("1"), "200", STR("{ }"));
  rig_interact(r, NULL, "update", "Patient", STR("1"), "409", STR("{  }"));
  cr_assert_not_null(there(r, "Patient", "1"));
  cr_expect_eq(there(r, "Patient", "1")->version, 2);
  rig_interact(r, NULL, "delete", "Patient", STR("1"), "204", STR(""));
  cr_expect_null(there(r, "Patient", "1"));
  cr_expect_eq(state_resource_find(r->s, STR(""), STR("Patient"), STR("1"))->version, 3);
  rig_free(r);
}

Test(rest, remove_takes_what_fits) {
  struct rig *r = rig_new_over("fhir-rest", LETTER
                               "- step: \"1.2\"\n  preload: {fixture: carecommunication/new.json, id: letter-2}\n"
                               "- step: \"1.3\"\n  remove: {type: Bundle, id: letter-2}\n"
                               "- step: \"1.4\"\n  remove: {type: Bundle, search: {type: document}}\n"
                               "- step: \"1.5\"\n  remove: {type: Bundle, search: {\"message.destination-uri\": "
                               "\"${letter.header.destination}\", _id: letter-1}}\n");
  preload(r, "1.1");
  preload(r, "1.2");
  cr_expect_eq(rig_do(r, "1.3")->verdict, VERDICT_PASS);
  cr_expect_null(there(r, "Bundle", "letter-2"));
  cr_expect(str_eqz(rig_do(r, "1.4")->actual.en, "0 removed"));
  cr_assert_not_null(there(r, "Bundle", "letter-1"));
  cr_expect(str_eqz(rig_do(r, "1.5")->actual.en, "1 removed"));
  cr_expect_null(there(r, "Bundle", "letter-1"));
  rig_free(r);
}

Test(rest, only_a_vendor_with_that_exchange_can_be_tested) {
  struct rig *r = rig_new_over("fhir-rest", LETTER READ);
  struct error e;
  const struct step *s = protocol_step(r->p, STR("1.1"));
  r->vendor->exchange = STR("upload");
  cr_assert_eq(s->kind->fits(s, r->vendor, &e), -1);
  cr_expect_neq(str_find(str_z(e.text), STR("exchange: {kind: fhir-rest}"), 0), SIZE_MAX);
  r->vendor->exchange = STR("fhir-rest");
  cr_expect_eq(s->kind->fits(s, r->vendor, &e), 0);
  rig_free(r);
}

Test(rest, a_request_takes_a_query_and_the_body_of_another_message) {
  struct rig *r = rig_new_over(
      "fhir-rest", LETTER "- step: \"1.2\"\n  http: {method: PUT, path: \"/Bundle/${letter.rest.id}\", body: letter,\n"
                          "         query: {a: \"b c/å\", d: [e, \"f+g\"]}}\n");
  preload(r, "1.1");
  cr_assert_eq(rig_open(r, "1.2"), 0, "%s", r->error.text);
  cr_expect(str_eqz(r->request->path, "/Bundle/letter-1?a=b%20c%2F%C3%A5&d=e&d=f%2Bg"), "%.*s",
            STR_F(r->request->path));
  cr_expect(str_eqz(r->request->content_type, "application/fhir+json"));
  cr_expect(str_eq(r->request->body, rig_bytes(r, state_message_find(r->s, STR("letter")))));
  rig_free(r);
}

Test(rest, nothing_is_sent_to_a_system_that_reads) {
  struct rig *r = rig_new("- step: \"1.1\"\n  send: {fixture: carecommunication/new.json, as: letter}\n"
                          "- step: \"1.2\"\n  send-ack: {to: letter, code: ok}\n");
  static const char *const steps[] = {"1.1", "1.2"};
  for (size_t i = 0; i < 2; i++) {
    const struct step *s = protocol_step(r->p, str_z(steps[i]));
    struct error e;
    r->vendor->exchange = STR("fhir-rest");
    cr_assert_eq(s->kind->fits(s, r->vendor, &e), -1);
    cr_expect_neq(str_find(str_z(e.text), STR("use \"preload\""), 0), SIZE_MAX);
    r->vendor->exchange = STR("upload");
    cr_expect_eq(s->kind->fits(s, r->vendor, &e), 0);
  }
  rig_free(r);
}
