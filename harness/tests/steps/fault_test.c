#include "endpoint/endpoint.h"
#include "tests/steps/rig.h"

#include <criterion/criterion.h>

static void fact(const struct rig *r, const char *name, const char *value) {
  struct str have = facts_get(r->fault, name);
  cr_expect(str_eqz(have, value), "%s: %.*s", name, STR_F(have));
}

Test(fault, arms_what_it_says) {
  struct rig *r = rig_new("- step: \"1.1\"\n"
                          "  fault: {kind: unavailable, event: e, nth: 2, count: 3, status: 502, as: lost}\n"
                          "- step: \"1.2\"\n  fault: {kind: delay, on: received}\n"
                          "- step: \"1.3\"\n  fault: {kind: corrupt-envelope, how: tag}\n");
  struct state_step *st = rig_do(r, "1.1");
  cr_expect_eq(st->verdict, VERDICT_PASS);
  cr_expect_neq(str_find(st->actual.en, STR("no. 2-4, HTTP 502"), 0), SIZE_MAX, "%.*s", STR_F(st->actual.en));
  cr_expect_neq(str_find(st->actual.da, STR("nr. 2-4"), 0), SIZE_MAX, "%.*s", STR_F(st->actual.da));
  cr_expect(st->step->action.da.n && st->step->expected.en.n);
  fact(r, "fault", "unavailable");
  fact(r, "on", "received");
  fact(r, "nth", "2");
  fact(r, "count", "3");
  fact(r, "status", "502");
  fact(r, "as", "lost");
  rig_do(r, "1.2");
  fact(r, "on", "received");
  fact(r, "ms", "5000");
  rig_do(r, "1.3");
  fact(r, "on", "sent");
  fact(r, "how", "tag");
  rig_free(r);
}

Test(fault, what_says_nothing_or_too_much_is_told) {
  static const char *const bad[] = {
      "{kind: gremlins}",
      "{on: sent}",
      "{kind: cut, on: sent}",
      "{kind: duplicate, on: received}",
      "{kind: cut, nth: 0}",
      "{kind: cut, count: 1001}",
      "{kind: cut, ms: 5}",
      "{kind: delay, ms: 0}",
      "{kind: delay, ms: 3600001}",
      "{kind: unavailable, status: 200}",
      "{kind: cut, status: 503}",
      "{kind: duplicate, how: tag}",
      "{kind: corrupt-envelope, how: gently}",
      "{kind: bad-tls}",
      "{kind: bad-tls, how: tag}",
      "{kind: bad-tls, how: expired, nth: 2}",
      "{kind: wrong-answer, how: expired}",
      "{kind: corrupt-envelope, how: parties}",
      "{kind: wrong-receipt, how: byte}",
      "{kind: refuse, nth: 2}",
      "{kind: refuse, count: 2}",
      "{kind: reset, event: e}",
      "{kind: duplicate, as: it}",
      "{kind: unavailable, persistent: true}",
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    struct arena *a = arena_new(0);
    struct rig *r = rig_new(arena_printf(a, "- step: \"1.1\"\n  fault: %s\n", bad[i]).p);
    cr_expect_null(r->p, "%s is accepted", bad[i]);
    cr_expect_eq(r->found.list.n, (size_t)1, "%s: %zu findings", bad[i], r->found.list.n);
    rig_free(r);
    arena_free(a);
  }
}

/* What did not get through is there to be compared with, and satisfies nothing. */
Test(fault, what_was_not_taken_is_no_message_that_came) {
  struct rig *r = rig_new("- step: \"1.1\"\n  fault: {kind: cut, as: lost}\n"
                          "- step: \"1.2\"\n  send: {fixture: carecommunication/new.json, as: sent}\n"
                          "- step: \"1.3\"\n  expect: {event: care-communication-message, as: it}\n"
                          "- step: \"1.4\"\n  assert: {on: it, fact: header.id, equals: \"${lost.header.id}\"}\n");
  rig_do(r, "1.1");
  struct event *armed = rig_event(r, "fault-armed", "1.1");
  for (size_t i = 0; i < r->fault->list.n; i++)
    facts_put(&armed->data, r->fault->list.v[i].name, r->fault->list.v[i].value);
  rig_apply(r, armed);
  struct str wire = rig_send(r, "1.2");
  rig_open(r, "1.3");
  struct message m;
  message_read(&m, r->a, (struct source){STR("x"), wire});
  struct event *ev = rig_event(r, "fault-applied", "1.1");
  facts_put(&ev->data, STR("fault"), STR("cut"));
  facts_put(&ev->data, STR("message"), STR("m2"));
  event_put_facts(ev, &m.facts);
  rig_apply(r, ev);
  const struct state_message *lost = state_message_find(r->s, STR("lost"));
  cr_assert_not_null(lost);
  cr_expect(lost->lost && lost->owner == state_step_find(r->s, STR("1.1")));
  rig_receive(r, "1.3", wire);
  struct state_step *st = rig_judge(r, "1.3");
  cr_expect(!rig_has(st, "dedup.duplicate"), "the first try was never taken");
  cr_expect_eq(rig_do(r, "1.4")->verdict, VERDICT_PASS);
  rig_free(r);
}

static enum verdict sent_with(const char *fault, const char *status) {
  struct rig *r = rig_new("- step: \"1.1\"\n  fault: {kind: corrupt-envelope}\n"
                          "- step: \"1.2\"\n  send: {fixture: carecommunication/new.json, as: sent}\n");
  rig_do(r, "1.1");
  rig_apply(r, rig_event(r, "fault-armed", "1.1"));
  rig_open(r, "1.2");
  struct event *ev = rig_event(r, "fault-applied", "1.1");
  facts_put(&ev->data, STR("fault"), str_z(fault));
  facts_put(&ev->data, STR("message"), STR("m1"));
  if (*fault) rig_apply(r, ev);
  rig_sent(r, "1.2", status, NULL);
  enum verdict v = rig_judge(r, "1.2")->verdict;
  rig_free(r);
  return v;
}

Test(fault, a_spoilt_message_or_a_wrong_receipt_may_be_refused) {
  cr_expect_eq(sent_with("", "400"), VERDICT_FAIL);
  cr_expect_eq(sent_with("duplicate", "400"), VERDICT_FAIL);
  cr_expect_eq(sent_with("corrupt-envelope", "400"), VERDICT_PASS);
  cr_expect_eq(sent_with("corrupt-envelope", "202"), VERDICT_PASS);
  cr_expect_eq(sent_with("corrupt-envelope", "500"), VERDICT_FAIL);
  cr_expect_eq(sent_with("wrong-receipt", "400"), VERDICT_PASS);
  cr_expect_eq(sent_with("delay", ENDPOINT_DELAYED), VERDICT_PASS);
  cr_expect_eq(sent_with("drop-receipt", ENDPOINT_DROPPED), VERDICT_PASS);
}

static int fits(const char *exchange, bool shared, const char *kind, struct error *e) {
  struct arena *a = arena_new(0);
  struct rig *r = rig_new(arena_printf(a, "- step: \"1.1\"\n  fault: {kind: %s}\n", kind).p);
  struct vendor_wire w = {.vendor = r->vendor, .exchange = str_z(exchange), .shared_port = shared};
  const struct step *s = protocol_step(r->p, STR("1.1"));
  int result = s->kind->fits(s, &w, e);
  rig_free(r);
  arena_free(a);
  return result;
}

Test(fault, what_the_exchange_cannot_do_is_told_before_the_run) {
  struct error e;
  cr_expect_eq(fits("vans-http", false, "reset", &e), 0);
  cr_expect_eq(fits("vans-http", true, "reset", &e), -1);
  cr_expect_neq(str_find(str_z(e.text), STR("a port that is shared with other systems"), 0), SIZE_MAX, "%s", e.text);
  cr_expect_eq(fits("vans-folder", false, "cut", &e), -1);
  cr_expect_neq(str_find(str_z(e.text), STR("exchange vans-folder"), 0), SIZE_MAX, "%s", e.text);
}

/* A persistent one is of events of EDS, which can be known again; no other exchange has such. */
Test(fault, a_persistent_one_hits_the_same_event_however_often_it_comes) {
  static const char step[] = "- step: \"1.1\"\n  fault: {kind: unfit, persistent: true}\n";
  struct error e;
  struct rig *r = rig_new_over("eds", step);
  struct state_step *st = rig_do(r, "1.1");
  fact(r, "persistent", "true");
  fact(r, "nth", "1");
  fact(r, "count", "1000");
  cr_expect_neq(str_find(st->actual.en, STR("no. 1, and the same again"), 0), SIZE_MAX, "%.*s", STR_F(st->actual.en));
  cr_expect_neq(str_find(st->actual.da, STR("nr. 1, og den samme igen"), 0), SIZE_MAX, "%.*s", STR_F(st->actual.da));
  struct vendor_wire eds = {.exchange = STR("eds")}, rest = {.exchange = STR("fhir-rest")};
  cr_expect_eq(step_fault.fits(st->step, &eds, &e), 0);
  cr_expect_eq(step_fault.fits(st->step, &rest, &e), -1);
  cr_expect(strstr(e.text, "persistent"), "%s", e.text);
  rig_free(r);
}
