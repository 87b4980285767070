#include "rig.h"

#include <criterion/criterion.h>

/* A message to the vendor, one from the vendor, and what answers; all made by our own send words. */
#define SCENE                                                                                                          \
  "- step: \"1.1\"\n  send: {fixture: carecommunication/new.json, as: first}\n"                                        \
  "- step: \"1.2\"\n  send: {fixture: carecommunication/reply.json, as: draft, from: \"${vendor.gln}\", to: "          \
  "\"${counterpart.gln}\", with: {written: \"${now}\"}}\n"

static struct rig *scene(const char *steps) {
  struct arena *a = arena_new(0);
  struct rig *r = rig_new(arena_printf(a, "%s%s", SCENE, steps).p);
  arena_free(a);
  cr_assert_not_null(r->p);
  rig_send(r, "1.1");
  return r;
}

static struct str thread_of(struct rig *r) {
  return facts_get(&state_message_find(r->s, STR("first"))->facts, "thread");
}

/* The vendor's reply: the draft of a second rig that plays the vendor, with the thread of the message it answers. */
static struct str reply(struct rig *r) {
  struct rig *other = rig_new(SCENE);
  cr_assert_not_null(other->p);
  struct str wire = arena_str(r->a, rig_send(other, "1.2"));
  struct str thread = facts_get(&state_message_find(other->s, STR("draft"))->facts, "thread");
  wire = rig_swap_payload(r, wire, arena_z(r->a, thread), arena_z(r->a, thread_of(r)));
  rig_free(other);
  return wire;
}

#define EXPECT "- step: \"1.3\"\n  expect: {event: care-communication-message, as: reply, answers: first, within: 5 min"

Test(expect, matched) {
  struct rig *r = scene(EXPECT "}\n");
  cr_assert_eq(rig_open(r, "1.3"), 0);
  cr_assert_str_eq(r->owner, "vendor");
  cr_assert_eq(r->deadline, 300000);
  cr_assert(!rig_ready(r, "1.3"));
  struct str id = rig_receive(r, "1.3", reply(r));
  cr_assert(rig_ready(r, "1.3"));
  struct state_step *st = rig_judge(r, "1.3");
  cr_assert_eq(st->verdict, VERDICT_PASS);
  cr_assert_eq(st->findings.list.n, 0);
  cr_assert_neq(str_find(st->actual.en, id, 0), SIZE_MAX);
  cr_assert_neq(str_find(st->actual.da, STR("care-communication-message"), 0), SIZE_MAX);
  rig_free(r);
}

Test(expect, late_with_near_miss) {
  struct rig *r = scene(EXPECT "}\n");
  cr_assert_eq(rig_open(r, "1.3"), 0);
  struct str stranger = rig_receive(r, "1.3", rig_send(r, "1.2"));
  cr_assert(!rig_ready(r, "1.3"), "another thread");
  rig_timer(r, "1.3");
  struct state_step *st = rig_judge(r, "1.3");
  cr_assert_eq(st->verdict, VERDICT_FAIL);
  cr_assert_neq(str_find(rig_find(st, "expect.deadline")->en, STR("5 min"), 0), SIZE_MAX);
  const struct finding *miss = rig_find(st, "expect.near-miss");
  cr_assert(miss && miss->severity == SEV_INFO);
  cr_assert(str_eq(miss->where.message, stranger));
  cr_assert_neq(str_find(miss->en, thread_of(r), 0) + str_find(miss->en, STR("thread"), 0), SIZE_MAX);
  rig_free(r);
}

Test(expect, arrival_before_the_case) {
  struct rig *r = scene(EXPECT "}\n- step: \"1.4\"\n  expect: {event: care-communication-message, early: true}\n");
  struct step_view late = rig_view(r, "1.3"), early = rig_view(r, "1.4");
  struct str en, da;
  rig_receive(r, NULL, reply(r));
  struct state_message *m = r->s->messages.v[r->s->messages.n - 1];
  m->seq = 0;
  cr_assert_eq(late.at->step->kind->wants(&late, m, &en, &da), WANTS_NEARLY);
  cr_assert(en.n && da.n);
  cr_assert_eq(early.at->step->kind->wants(&early, m, &en, &da), WANTS_IT);
  rig_free(r);
}

Test(expect, where) {
  struct rig *r = scene("- step: \"1.3\"\n  expect: {event: care-communication-message, where: {thread: "
                        "\"${first.thread}\", activity: reply-message}}\n- step: \"1.4\"\n  expect: {event: "
                        "care-communication-message, where: {activity: forward-message}}\n- step: \"1.5\"\n"
                        "  expect: {event: hospital-notification-message}\n");
  struct str en, da;
  rig_receive(r, NULL, reply(r));
  const struct state_message *m = r->s->messages.v[r->s->messages.n - 1];
  static const enum step_wants wants[] = {WANTS_IT, WANTS_NEARLY, WANTS_NOT};
  static const char *const steps[] = {"1.3", "1.4", "1.5"};
  for (size_t i = 0; i < 3; i++) {
    struct step_view v = rig_view(r, steps[i]);
    cr_assert_eq(v.at->step->kind->wants(&v, m, &en, &da), wants[i], "%s", steps[i]);
  }
  cr_assert_neq(str_find(en, STR("forward-message"), 0), SIZE_MAX == 0);
  rig_free(r);
}

/* What the step refers to never came: nothing is waited for, and the system is not blamed. */
Test(expect, nothing_to_answer) {
  struct rig *r = rig_new(SCENE EXPECT "}\n- step: \"1.4\"\n  expect-none: {event: care-communication-message, "
                                       "answers: first, for: 1 s}\n- step: \"1.5\"\n  expect-ack: {to: first, code: "
                                       "ok}\n- step: \"1.6\"\n  expect: {event: care-communication-message, where: "
                                       "{thread: \"${first.thread}\"}}\n");
  static const char *const steps[] = {"1.3", "1.4", "1.5", "1.6"};
  for (size_t i = 0; i < 4; i++) {
    struct state_step *st = rig_do(r, steps[i]);
    cr_assert_eq(st->verdict, VERDICT_INCONCLUSIVE, "%s", steps[i]);
    cr_assert(rig_has(st, i < 3 ? "step.no-message" : "step.unresolved"));
  }
  rig_free(r);
}

static struct state_step *matched(struct rig *r, struct str wire) {
  cr_assert_eq(rig_open(r, "1.3"), 0);
  rig_receive(r, "1.3", wire);
  cr_assert(rig_ready(r, "1.3"));
  return rig_judge(r, "1.3");
}

Test(expect, parties) {
  struct rig *r = scene(EXPECT "}\n");
  struct state_step *st = matched(r, rig_swap(r, reply(r), "5790009998013", "5790009998044"));
  cr_assert_eq(st->verdict, VERDICT_FAIL);
  cr_assert(rig_has(st, "expect.sender-gln") && !rig_has(st, "expect.receiver-gln"));
  rig_free(r);
  r = scene(EXPECT "}\n");
  /* A counterpart, but not the one that wrote. */
  st = matched(r, rig_swap(r, reply(r), ">5790009998020<", ">5790009998037<"));
  cr_assert_eq(st->verdict, VERDICT_FAIL);
  cr_assert(!rig_has(st, "expect.sender-gln") && rig_has(st, "expect.receiver-gln"));
  rig_free(r);
}

/* What the payload says, where the envelope is right. */
static const struct {
  const char *what, *by, *rule;
} payload_faults[] = {
    {"\"value\": \"5790009998013\"", "\"value\": \"5790009998044\"", "expect.sender"},
    {"\"value\": \"5790009998020\"", "\"value\": \"5790009998037\"", "expect.receiver"},
    {"\"code\": \"reply-message\"", "\"code\": \"new-message\"", "dedup.thread-reused"},
    {"\"code\": \"reply-message\"", "\"code\": \"forward-message\"", "dedup.thread-reused"},
};

Test(expect, payload) {
  for (size_t i = 0; i < sizeof payload_faults / sizeof *payload_faults; i++) {
    struct rig *r = scene(EXPECT "}\n");
    struct state_step *st = matched(r, rig_swap_payload(r, reply(r), payload_faults[i].what, payload_faults[i].by));
    cr_expect_eq(st->verdict, VERDICT_FAIL, "%zu", i);
    cr_expect(rig_has(st, payload_faults[i].rule), "%zu %s", i, payload_faults[i].rule);
    rig_free(r);
  }
}

/* A new message to one organisation in an envelope to another. */
Test(expect, receivers_differ) {
  struct rig *r = scene("- step: \"1.3\"\n  expect: {event: care-communication-message, as: reply}\n");
  struct state_step *st = matched(r, rig_swap(r, reply(r), ">5790009998020<", ">5790009998037<"));
  cr_assert_eq(st->verdict, VERDICT_FAIL);
  cr_assert(rig_has(st, "expect.receiver") && !rig_has(st, "expect.receiver-gln"));
  rig_free(r);
}

Test(expect, header_reused) {
  struct rig *r = scene(EXPECT "}\n- step: \"1.4\"\n  expect: {event: care-communication-message, answers: first}\n");
  struct str wire = reply(r);
  cr_assert_eq(matched(r, wire)->verdict, VERDICT_PASS);
  cr_assert_eq(rig_open(r, "1.4"), 0);
  rig_receive(r, "1.4", rig_swap_payload(r, wire, "\"code\": \"reply-message\"", "\"code\": \"forward-message\""));
  struct state_step *st = rig_judge(r, "1.4");
  cr_assert_eq(st->verdict, VERDICT_FAIL);
  cr_assert(rig_has(st, "dedup.header-reused"));
  rig_free(r);
}

Test(expect, duplicates) {
  struct rig *r = scene(EXPECT "}\n- step: \"1.4\"\n  expect: {event: care-communication-message, answers: first}\n");
  struct str wire = reply(r);
  cr_assert_eq(matched(r, wire)->verdict, VERDICT_PASS);
  cr_assert_eq(rig_open(r, "1.4"), 0);
  rig_receive(r, "1.4", wire);
  struct state_step *st = rig_judge(r, "1.4");
  cr_assert_eq(st->verdict, VERDICT_PASS);
  cr_assert_eq(rig_find(st, "dedup.duplicate")->severity, SEV_INFO);
  rig_free(r);
  r = scene(EXPECT "}\n- step: \"1.4\"\n  expect: {event: care-communication-message, answers: first}\n");
  wire = reply(r);
  cr_assert_eq(matched(r, wire)->verdict, VERDICT_PASS);
  cr_assert_eq(rig_open(r, "1.4"), 0);
  struct str message = facts_get(&r->s->messages.v[r->s->messages.n - 1]->facts, "envelope.message");
  rig_receive(r, "1.4", rig_swap(r, wire, arena_z(r->a, message), "00000000-0000-4000-8000-000000000001"));
  st = rig_judge(r, "1.4");
  cr_assert_eq(st->verdict, VERDICT_FAIL);
  cr_assert(rig_has(st, "dedup.envelope-reused"));
  rig_free(r);
}

Test(expect, receipt) {
  struct rig *r = scene("- step: \"1.3\"\n  expect: {receipt: any, to: first, as: receipt}\n- step: \"1.4\"\n"
                        "  expect: {receipt: NegativeMessage, to: first}\n");
  struct message first;
  struct envelope env;
  struct buf b;
  struct str en, da;
  message_read(&first, r->a, (struct source){STR("x"), rig_bytes(r, state_message_find(r->s, STR("first")))});
  vans_receipt(&env, first.envelope, RECEIPT_POSITIVE_MESSAGE, STR("00000000-0000-4000-8000-000000000002"),
               STR("2026-01-05T10:00:00+01:00"), STR(""));
  env.meta.id = STR("00000000-0000-4000-8000-000000000009");
  buf_init(&b, 1 << 20);
  vans_kind.write(&b, &env);
  struct state_step *st = matched(r, buf_take(&b, r->a));
  cr_assert_eq(st->verdict, VERDICT_FAIL, "it does not echo the message's identifier");
  cr_assert_eq(st->findings.list.n, 1);
  cr_assert(str_starts(st->findings.list.v[0].rule, STR("vans.receipt")));
  struct step_view v = rig_view(r, "1.4");
  cr_assert_eq(v.at->step->kind->wants(&v, state_message_find(r->s, STR("receipt")), &en, &da), WANTS_NOT);
  rig_free(r);
}

Test(expect, a_receipt_that_is_held_against_nothing_is_not_passed) {
  struct rig *r = scene("- step: \"1.3\"\n  expect: {receipt: any, as: receipt}\n");
  struct message first;
  struct envelope env;
  struct buf b;
  message_read(&first, r->a, (struct source){STR("x"), rig_bytes(r, state_message_find(r->s, STR("first")))});
  vans_receipt(&env, first.envelope, RECEIPT_POSITIVE_MESSAGE, STR("00000000-0000-4000-8000-000000000002"),
               STR("2026-01-05T10:00:00+01:00"), STR(""));
  buf_init(&b, 1 << 20);
  vans_kind.write(&b, &env);
  struct state_step *st = matched(r, buf_take(&b, r->a));
  cr_expect_eq(st->verdict, VERDICT_INCONCLUSIVE);
  cr_expect(rig_has(st, "expect.receipt-unchecked"));
  rig_free(r);
}

Test(expect_none, both_ways) {
  const char *none = "- step: \"1.3\"\n  expect-none: {event: care-communication-message, answers: first, for: 30 s}\n";
  struct rig *r = scene(none);
  cr_assert_eq(rig_open(r, "1.3"), 0);
  cr_assert_str_eq(r->owner, "harness");
  cr_assert_eq(r->deadline, 30000);
  rig_timer(r, "1.3");
  cr_assert_eq(rig_judge(r, "1.3")->verdict, VERDICT_PASS);
  rig_free(r);
  r = scene(none);
  struct state_step *st = matched(r, reply(r));
  cr_assert_eq(st->verdict, VERDICT_FAIL);
  cr_assert(rig_has(st, "expect-none.arrived"));
  rig_free(r);
}

/* Only what has those facts may not come. */
Test(expect_none, where) {
#define NONE_OF(activity)                                                                                              \
  "- step: \"1.3\"\n  expect-none: {event: care-communication-message, answers: first, where: {activity: " activity    \
  "}, for: 30 s}\n"
  struct rig *r = scene(NONE_OF("forward-message"));
  cr_assert_eq(rig_open(r, "1.3"), 0);
  rig_receive(r, "1.3", reply(r));
  cr_assert(!rig_ready(r, "1.3"));
  rig_timer(r, "1.3");
  cr_assert_eq(rig_judge(r, "1.3")->verdict, VERDICT_PASS);
  rig_free(r);
  static const char *const hit[] = {NONE_OF("reply-message"), NONE_OF("{not: forward-message}")};
  for (size_t i = 0; i < sizeof hit / sizeof *hit; i++) {
    r = scene(hit[i]);
    cr_assert(rig_has(matched(r, reply(r)), "expect-none.arrived"), "%s", hit[i]);
    rig_free(r);
  }
  r = scene(NONE_OF("{not: reply-message}"));
  cr_assert_eq(rig_open(r, "1.3"), 0);
  rig_receive(r, "1.3", reply(r));
  rig_timer(r, "1.3");
  cr_assert_eq(rig_judge(r, "1.3")->verdict, VERDICT_PASS);
  rig_free(r);
}

/* The vendor's acknowledgement: our own word, turned round by a second rig that plays the vendor. */
static struct str acknowledge(struct rig *r, const char *code) {
  struct arena *a = arena_new(0);
  struct rig *other =
      rig_new(arena_printf(a,
                           "- step: \"1.1\"\n  expect: {event: care-communication-message, as: letter}\n"
                           "- step: \"1.2\"\n  send-ack: {to: letter, code: %s, as: answer}\n",
                           code)
                  .p);
  facts_put(&other->vendor->variables, STR("vendor.gln"), STR("5790009998020"));
  facts_put(&other->vendor->variables, STR("counterpart.gln"), STR("5790009998013"));
  other->services.seed = str_z(code);
  cr_assert_eq(rig_open(other, "1.1"), 0);
  rig_receive(other, "1.1", rig_bytes(r, state_message_find(r->s, STR("first"))));
  struct str wire = arena_str(r->a, rig_send(other, "1.2"));
  rig_free(other);
  arena_free(a);
  return wire;
}

#define ACK "- step: \"1.3\"\n  expect-ack: {to: first, code: [ok, transient-error], as: receipt}\n"

Test(expect_ack, ok) {
  struct rig *r = scene(ACK);
  struct state_step *st = matched(r, acknowledge(r, "ok"));
  cr_assert_eq(st->verdict, VERDICT_PASS);
  cr_assert_eq(findings_count(&st->findings, SEV_ERROR), 0);
  cr_assert_eq(st->deadline, 30 * 60 * 1000, "governance's 30 minutes when the step does not say");
  rig_free(r);
}

static const struct {
  const char *code, *what, *by, *rule;
  bool in_envelope;
} faults[] = {
    {"fatal-error", "\"type\"", "\"type\"", "ack.code", false},
    {"ok", "\"code\": \"acknowledgement\"", "\"code\": \"new-message\"", "ack.provenance", false},
    {"ok", "\"role\": \"revision\"", "\"role\": \"removal\"", "ack.provenance", false},
    {"ok", "\"code\": \"ok\"", "\"code\": \"transient-error\"", "ack.outcome", false},
    {"ok", ">5790009998020<", ">5790009998037<", "ack.destination", true},
    {"ok", "\"value\": \"5790009998020\"", "\"value\": \"5790009998037\"", "ack.destination", false},
    {"ok", ">5790009998013<", ">5790009998037<", "expect.sender-gln", true},
    {"ok", "\"value\": \"5790009998013\"", "\"value\": \"5790009998037\"", "expect.sender", false},
    {"ok", "\"code\": \"new-message\"", "\"code\": \"reply-message\"", "ack.provenance", false},
    {"ok", "MCM:FCTL#ok", "MCM:FCTL#fatal-error", "vans.name.payload", true},
};

Test(expect_ack, faults) {
  for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
    struct rig *r = scene(ACK);
    struct str wire = acknowledge(r, faults[i].code);
    wire = (faults[i].in_envelope ? rig_swap : rig_swap_payload)(r, wire, faults[i].what, faults[i].by);
    struct state_step *st = matched(r, wire);
    cr_assert_eq(st->verdict, VERDICT_FAIL, "%zu", i);
    cr_assert(rig_has(st, faults[i].rule), "%zu %s", i, faults[i].rule);
    rig_free(r);
  }
}

Test(expect_ack, bundle_id_once_only) {
  struct rig *r = scene(ACK "- step: \"1.4\"\n  expect-ack: {to: first, code: ok}\n");
  struct str wire = acknowledge(r, "ok");
  cr_assert_eq(matched(r, wire)->verdict, VERDICT_PASS);
  cr_assert_eq(rig_open(r, "1.4"), 0);
  rig_receive(r, "1.4", wire);
  struct state_step *st = rig_judge(r, "1.4");
  cr_assert_eq(st->verdict, VERDICT_FAIL);
  const struct finding *f = rig_find(st, "ack.bundle-id");
  cr_assert(f && f->where.line > 1 && str_ends(f->where.message, STR("#payload")));
  rig_free(r);
}

Test(expect_ack, another_message) {
  struct rig *r = scene(ACK);
  cr_assert_eq(rig_open(r, "1.3"), 0);
  struct str header = facts_get(&state_message_find(r->s, STR("first"))->facts, "header.id"), wire;
  wire = rig_swap_payload(r, acknowledge(r, "ok"), arena_printf(r->a, "\"identifier\": \"%.*s\"", STR_F(header)).p,
                          "\"identifier\": \"00000000-0000-4000-8000-000000000003\"");
  rig_receive(r, "1.3", wire);
  cr_assert(!rig_ready(r, "1.3"));
  rig_timer(r, "1.3");
  struct state_step *st = rig_judge(r, "1.3");
  cr_assert(rig_has(st, "expect.deadline") && rig_has(st, "expect.near-miss"));
  rig_free(r);
}

/* A second acknowledgement of the first copy is none of the second copy, although both have one MessageHeader.id. */
Test(expect_ack, of_an_earlier_copy) {
  struct rig *r = scene("- step: \"1.3\"\n  send: {again: first, as: second}\n"
                        "- step: \"1.4\"\n  expect-ack: {to: second, code: ok}\n");
  struct str en, da;
  rig_receive(r, NULL, acknowledge(r, "ok"));
  rig_send(r, "1.3");
  rig_receive(r, NULL, acknowledge(r, "ok"));
  cr_assert_eq(rig_open(r, "1.4"), 0);
  struct step_view v = rig_view(r, "1.4");
  size_t n = r->s->messages.n;
  cr_assert_eq(v.at->step->kind->wants(&v, r->s->messages.v[n - 3], &en, &da), WANTS_NEARLY);
  cr_assert_neq(str_find(en, STR("before \"second\" was sent"), 0), SIZE_MAX);
  cr_assert_neq(str_find(da, STR("før \"second\" blev sendt"), 0), SIZE_MAX);
  cr_assert_eq(v.at->step->kind->wants(&v, r->s->messages.v[n - 1], &en, &da), WANTS_IT);
  rig_free(r);
}

Test(expect, a_message_attached_by_hand_says_why) {
  struct rig *r = rig_new("- step: \"1.1\"\n  send: {fixture: carecommunication/new.json, as: sent}\n"
                          "- step: \"1.2\"\n  expect: {event: care-communication-message, as: it}\n");
  struct str wire = rig_send(r, "1.1");
  rig_open(r, "1.2");
  struct str id = rig_receive(r, NULL, wire);
  struct event *ev = rig_event(r, "attached", "1.2");
  facts_put(&ev->data, STR("message"), id);
  facts_put(&ev->data, STR("why"), STR("seen in their log"));
  rig_apply(r, ev);
  struct state_step *st = rig_judge(r, "1.2");
  cr_expect(str_ends(st->actual.en, STR("; attached by hand: seen in their log")), "%.*s", STR_F(st->actual.en));
  cr_expect(str_ends(st->actual.da, STR(": seen in their log")));
  rig_free(r);
}

/* A letter names no message: it is told by its type and the person that it is about. */
#define LETTER                                                                                                         \
  "<Emessage xmlns=\"http://rep.oio.dk/sundcom.dk/medcom.dk/xml/schemas/2007/02/01/\"><Envelope/><ReportOfAdmission>"  \
  "<Letter><TypeCode>%s</TypeCode></Letter><Patient><CivilRegistrationNumber>%s</CivilRegistrationNumber></Patient>"   \
  "</ReportOfAdmission></Emessage>"

static struct str letter(struct rig *r, const char *type, const char *cpr) {
  return arena_printf(r->a, LETTER, type, cpr);
}

Test(expect, letter_of_the_person) {
  struct rig *r = scene("- step: \"1.3\"\n  expect: {letter: XDIS16, answers: first, as: report, within: 5 min}\n");
  struct str cpr = facts_get(&state_message_find(r->s, STR("first"))->facts, "patient");
  cr_assert_eq(rig_open(r, "1.3"), 0);
  rig_receive(r, "1.3", letter(r, "XDIS20", arena_z(r->a, cpr)));
  cr_assert(!rig_ready(r, "1.3"), "another letter");
  rig_receive(r, "1.3", letter(r, "XDIS16", "2103009996"));
  cr_assert(!rig_ready(r, "1.3"), "another person");
  rig_receive(r, "1.3", letter(r, "XDIS16", arena_z(r->a, cpr)));
  cr_assert(rig_ready(r, "1.3"));
  cr_assert_eq(rig_judge(r, "1.3")->verdict, VERDICT_PASS);
  rig_free(r);
}

Test(expect, no_letter) {
  struct rig *r = scene("- step: \"1.3\"\n  expect-none: {letter: XDIS16, answers: first, for: 5 s}\n");
  struct str cpr = facts_get(&state_message_find(r->s, STR("first"))->facts, "patient");
  cr_assert_eq(rig_open(r, "1.3"), 0);
  rig_receive(r, "1.3", letter(r, "XDIS16", "2103009996"));
  cr_assert(!rig_ready(r, "1.3"), "another person");
  rig_receive(r, "1.3", letter(r, "XDIS16", arena_z(r->a, cpr)));
  cr_assert(rig_ready(r, "1.3"));
  cr_assert_eq(rig_judge(r, "1.3")->verdict, VERDICT_FAIL);
  rig_free(r);
}
