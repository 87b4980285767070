/* The step flow, over letters that came. */
#include "rig.h"

#include <criterion/criterion.h>

#define REFERRAL                                                                                                       \
  "UNB+UNOC:3+5790001659592:14+5790000121526:14+261129:0900+K1'UNH+H1+MEDREF:D:93A:UN:H0130R+REF01'"                   \
  "PNA+PAT+2512489996:::CPR:IM'UNT+3+H1'UNZ+1+K1'"
#define ANSWER(type)                                                                                                   \
  "UNB+UNOC:3+5790000121526:14+5790001659592:14+261129:1000+K2'UNH+S1+MEDDIS:D:93A:UN:D0233L+" type                    \
  "'PNA+PAT+2512489996:::CPR:IM'UNT+3+S1'UNZ+1+K2'"
#define WAITS                                                                                                          \
  "- step: \"1.1\"\n  expect: {event: x, as: referral}\n- step: \"1.2\"\n  expect: {event: x, as: answer}\n"           \
  "- step: \"1.3\"\n  expect: {event: x, as: never}\n- step: \"1.4\"\n  flow: "

static void give(struct rig *r, const char *step, const char *bytes, const char *as) {
  struct str id = rig_receive(r, NULL, str_z(bytes));
  struct event *ev = rig_event(r, "matched", step);
  facts_put(&ev->data, STR("message"), id);
  facts_put(&ev->data, STR("as"), str_z(as));
  rig_apply(r, ev);
}

static struct rig *rig_of(const char *flow, const char *answer) {
  struct arena *a = arena_new(0);
  struct rig *r = rig_new(arena_printf(a, WAITS "%s\n", flow).p);
  arena_free(a);
  cr_assert_not_null(r->p);
  give(r, "1.1", REFERRAL, "referral");
  give(r, "1.2", answer, "answer");
  return r;
}

static void expect_verdict(const char *flow, const char *answer, enum verdict want, const char *rule) {
  struct rig *r = rig_of(flow, answer);
  struct state_step *st = rig_do(r, "1.4");
  struct str found = st->findings.list.n ? st->findings.list.v[0].rule : STR("");
  cr_expect_eq(st->verdict, want, "%s: %s", flow, verdict_name(st->verdict));
  cr_expect(str_eqz(found, rule), "%s: %.*s", flow, STR_F(found));
  rig_free(r);
}

Test(flow_step, judges_what_came) {
  expect_verdict("{rule: flow.default-answer, on: referral, answers: [answer]}", ANSWER("DIS02"), VERDICT_PASS, "");
  expect_verdict("{rule: flow.default-answer, on: referral, answers: answer}", ANSWER("DIS01"), VERDICT_FAIL,
                 "flow.default-answer.ref01");
  expect_verdict("{rule: flow.default-answer, on: referral}", ANSWER("DIS02"), VERDICT_FAIL,
                 "flow.default-answer.ref01");
}

Test(flow_step, is_inconclusive_where_nothing_can_be_judged) {
  expect_verdict("{rule: flow.default-answer, on: referral, answers: [answer, never]}", ANSWER("DIS02"),
                 VERDICT_INCONCLUSIVE, "step.no-message");
  expect_verdict("{rule: flow.limit, on: referral}", ANSWER("DIS02"), VERDICT_INCONCLUSIVE, "flow.nothing");
}

Test(flow_step, takes_what_is_declared) {
  expect_verdict("{rule: flow.referral, on: referral, given: {route: dnhf}}", ANSWER("DIS02"), VERDICT_FAIL,
                 "flow.referral.document");
}

Test(flow_step, a_protocol_sets_severities) {
  struct rig *r = rig_of("{rule: flow.default-answer, on: referral, answers: [answer]}", ANSWER("DIS01"));
  struct severity_of off = {.rule = STR("flow.default-answer.*"), .severity = SEV_WARNING};
  VEC_PUSH(r->a, &r->p->severities.list, off);
  struct state_step *st = rig_do(r, "1.4");
  cr_expect_eq(st->verdict, VERDICT_PASS);
  cr_assert_eq(st->findings.list.n, 1);
  cr_expect_eq(st->findings.list.v[0].severity, SEV_WARNING);
  rig_free(r);
}

Test(flow_step, mistakes_in_its_arguments) {
  static const char *const bad[] = {"{rule: flow.no-such, on: a}", "{rule: vans, on: a}",
                                    "{rule: flow, on: a, given: {roote: dnhf}}",
                                    "{rule: flow, on: a, given: {route: [dnhf]}}", "{rule: flow}"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    struct arena *a = arena_new(0);
    struct rig *r = rig_new(arena_printf(a, "- step: \"1.1\"\n  flow: %s\n", bad[i]).p);
    cr_expect_eq(findings_count(&r->found, SEV_ERROR), 1, "%s: %zu", bad[i], r->found.list.n);
    rig_free(r);
    arena_free(a);
  }
}
