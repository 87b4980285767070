/* The words that send and expect, with EHMI's envelope. */
#include "rig.h"

#include "envelope/sbdh.h"
#include "envelope/vans.h"

#include <criterion/criterion.h>

#define SEND                                                                                                           \
  "- step: \"1.1\"\n  send: {fixture: homecareobservation/new.json, as: first, envelope: sbdh, "                       \
  "with: {yder: \"081299\", initials: XX}}\n"
/* As the system would send it: made by us, and received then. */
#define THEIRS                                                                                                         \
  "- step: \"1.1\"\n  send: {fixture: homecareobservation/new.json, as: made, envelope: sbdh, "                        \
  "from: \"${vendor.gln}\", to: \"${counterpart.gln}\", with: {yder: \"081299\", initials: XX}}\n"
#define EXPECT "- step: \"1.2\"\n  expect: {event: homecareobservation-message, as: theirs, within: 1 min}\n"

static struct message opened(struct rig *r, struct str wire) {
  struct message m;
  message_read(&m, r->a, (struct source){STR("x"), wire});
  return m;
}

/* Nothing that we write ourselves breaks a rule of the envelope. */
static void expect_faultless(struct rig *r, struct str wire) {
  struct message m = opened(r, wire);
  cr_assert_not_null(m.envelope);
  for (size_t i = 0; i < m.envelope_findings.list.n; i++) {
    const struct finding *f = &m.envelope_findings.list.v[i];
    cr_expect(f->severity != SEV_ERROR, "%.*s: %.*s", STR_F(f->rule), STR_F(f->en));
  }
  cr_expect_eq(findings_count(&m.wellformed, SEV_ERROR), (size_t)0);
}

static struct str fact_of(struct rig *r, const char *name, const char *fact) {
  const struct state_message *m = state_message_find(r->s, str_z(name));
  cr_assert_not_null(m, "%s", name);
  return facts_get(&m->facts, fact);
}

#define EXPECT_FACT(r, name, fact, value)                                                                              \
  cr_expect(str_eqz(fact_of(r, name, fact), value), "%s: %.*s", fact, STR_F(fact_of(r, name, fact)))

static struct rig *begun(const char *steps) {
  struct rig *r = rig_new_over("sbdh-http", steps);
  cr_assert_not_null(r->p, "%.*s", STR_F(r->found.list.n ? r->found.list.v[0].en : STR("?")));
  return r;
}

Test(sbdh, a_fixture_goes_out_in_an_envelope_without_fault) {
  struct rig *r = begun(SEND);
  expect_faultless(r, rig_send(r, "1.1"));
  EXPECT_FACT(r, "first", "envelope", "sbdh");
  EXPECT_FACT(r, "first", "sbdh.kind", "message");
  EXPECT_FACT(r, "first", "envelope.sender", "5790009998020");
  EXPECT_FACT(r, "first", "envelope.receiver", "5790009998013");
  cr_expect(str_eq(fact_of(r, "first", "envelope.message"), fact_of(r, "first", "header.id")));
  rig_free(r);
}

/* What a system sends in another envelope than its file says is the step's decision. */
Test(sbdh, the_vendor_file_says_which_envelope_a_step_uses_that_says_none) {
  struct rig *r = begun("- step: \"1.1\"\n  send: {fixture: homecareobservation/new.json, as: first, "
                        "with: {yder: \"081299\", initials: XX}}\n");
  r->vendor->envelope = STR("sbdh");
  (void)rig_send(r, "1.1");
  EXPECT_FACT(r, "first", "envelope", "sbdh");
  rig_free(r);
}

Test(sbdh, a_resend_keeps_the_message_and_gets_an_envelope_of_its_own) {
  struct rig *r = begun(SEND "- step: \"1.2\"\n  send: {again: first, as: again}\n"
                             "- step: \"1.3\"\n  send: {again: first, as: confused, renew: [message]}\n"
                             "- step: \"1.4\"\n  send: {again: first, as: same, renew: []}\n");
  struct str first = rig_send(r, "1.1"), again = rig_send(r, "1.2");
  expect_faultless(r, again);
  cr_expect(!str_eq(fact_of(r, "first", "envelope.id"), fact_of(r, "again", "envelope.id")));
  cr_expect(str_eq(fact_of(r, "first", "envelope.message"), fact_of(r, "again", "envelope.message")));
  cr_expect(str_eq(opened(r, first).payload.bytes, opened(r, again).payload.bytes));
  (void)rig_send(r, "1.3");
  cr_expect(str_eq(fact_of(r, "first", "envelope.id"), fact_of(r, "confused", "envelope.id")));
  cr_expect(!str_eq(fact_of(r, "first", "envelope.message"), fact_of(r, "confused", "envelope.message")));
  cr_expect(str_eq(rig_send(r, "1.4"), first));
  rig_free(r);
}

/* ---- receipts of ours ---- */

static void answer_with(const char *word, const char *kind, const char *exception) {
  struct arena *a = arena_new(0);
  struct rig *r = begun(
      arena_printf(a, THEIRS EXPECT "- step: \"1.3\"\n  send-ack: {to: theirs, receipt: %s, as: receipt}\n", word).p);
  struct str wire = rig_send(r, "1.1");
  rig_open(r, "1.2");
  rig_receive(r, "1.2", wire);
  cr_expect_eq(rig_judge(r, "1.2")->verdict, VERDICT_PASS);
  expect_faultless(r, rig_send(r, "1.3"));
  EXPECT_FACT(r, "receipt", "sbdh.kind", kind);
  EXPECT_FACT(r, "receipt", "sbdh.exception", exception);
  EXPECT_FACT(r, "receipt", "envelope.sender", "5790009998020");
  cr_expect(str_eq(fact_of(r, "receipt", "envelope.original"), fact_of(r, "theirs", "envelope.id")));
  rig_free(r);
  arena_free(a);
}

Test(sbdh, each_receipt_names_what_it_answers) {
  answer_with("ReceiptAcknowledgement", "receipt", "");
  answer_with("Syntax", "exception", "Syntax");
  answer_with("Authorization", "exception", "Authorization");
  answer_with("Signature", "exception", "Signature");
  answer_with("Sequence", "exception", "Sequence");
}

/* What comes by hand may come in another envelope than the vendor file says. */
Test(sbdh, a_receipt_of_another_envelope_is_a_mistake_of_the_protocol) {
  struct rig *r = begun(THEIRS EXPECT "- step: \"1.3\"\n  send-ack: {to: theirs, receipt: ReceiptAcknowledgement}\n");
  struct str wire = rig_send(r, "1.1"), inside = opened(r, wire).payload.bytes;
  struct envelope vans = {.sender = STR("5790009998013"), .receiver = STR("5790009998020")};
  struct envelope_payload says = {.format = STR("HL7"), .name = STR("MCM:X"), .version = STR("1.1")};
  struct buf b;
  buf_init(&b, 4 << 20);
  vans_describe(&vans, &says, inside, "manual");
  vans.id = STR("6f1c7e0e-5d0f-4c36-8f3c-1f0e2d3c4b5a");
  vans.meta.id = STR("6f1c7e0e-5d0f-4c36-8f3c-1f0e2d3c4b5b");
  vans_kind.write(&b, &vans);
  rig_open(r, "1.2");
  rig_receive(r, "1.2", buf_take(&b, r->a));
  rig_judge(r, "1.2");
  cr_expect_eq(rig_open(r, "1.3"), -1);
  cr_expect_neq(str_find(str_z(r->error.text), STR("came in an envelope vans"), 0), SIZE_MAX, "%s", r->error.text);
  rig_free(r);
}

/* A step about messages in one envelope is refused before the run where the system exchanges others. */
Test(sbdh, what_the_exchange_has_no_envelope_for_is_told_before_the_run) {
  static const char *const steps[] = {
      "send: {fixture: homecareobservation/new.json, envelope: sbdh}",
      "send: {fixture: homecareobservation/new.json, mime-type: text/plain}",
      "send: {fixture: homecareobservation/new.json, without: [PATIENTID]}",
      "send-ack: {to: x, receipt: Syntax}",
      "expect: {receipt: ReceiptAcknowledgement, to: x}",
      "expect: {event: homecareobservation-message, where: {sbdh.kind: message}}",
      "expect-none: {event: homecareobservation-message, where: {sbdh.kind: copy}, for: 1 s}",
  };
  static const char *const anywhere[] = {"expect: {receipt: any, to: x}", "send-ack: {to: x, code: ok}",
                                         "send: {fixture: homecareobservation/new.json}"};
  for (size_t i = 0; i < sizeof steps / sizeof *steps + sizeof anywhere / sizeof *anywhere; i++) {
    bool of_one = i < sizeof steps / sizeof *steps;
    struct arena *a = arena_new(0);
    const char *args = of_one ? steps[i] : anywhere[i - sizeof steps / sizeof *steps];
    struct rig *r = begun(arena_printf(a, "- step: \"1.1\"\n  %s\n", args).p);
    const struct step *s = protocol_step(r->p, STR("1.1"));
    struct vendor vendor = {.envelope = STR("vans")};
    struct vendor_wire w = {.vendor = &vendor, .exchange = STR("vans-http")};
    struct error e = {0};
    cr_expect_eq(s->kind->fits(s, &w, &e), of_one ? -1 : 0, "%s", args);
    if (of_one) cr_expect_neq(str_find(str_z(e.text), STR("{kind: sbdh-http"), 0), SIZE_MAX, "%s", e.text);
    vendor.envelope = STR("sbdh");
    cr_expect_eq(s->kind->fits(s, &w, &e), 0, "%s", args);
    rig_free(r);
    arena_free(a);
  }
}

/* ---- wrong on purpose ---- */

Test(sbdh, a_header_that_is_wrong_on_purpose) {
  struct rig *r = begun("- step: \"1.1\"\n  send:\n    fixture: homecareobservation/new.json\n    as: first\n"
                        "    with: {yder: \"081299\", initials: XX}\n    mime-type: application/pdf\n"
                        "    scopes: {DOCUMENTID: \"urn:x\", PATIENTID: \"${person.cpr}\"}\n"
                        "    without: [EHMI-ReceiptAcknowledgement, PROCESSID]\n");
  struct message m = opened(r, rig_send(r, "1.1"));
  const struct sbdh *s = m.envelope->sbdh;
  cr_expect(str_eqz(s->mime, "application/pdf"));
  cr_expect(str_eqz(sbdh_scope_value(s, SBDH_DOCUMENT_ID), "urn:x"));
  cr_expect(str_eqz(sbdh_scope_value(s, SBDH_PATIENT_ID), "2512489996"));
  cr_expect_eq(s->reliable.kind.n, (size_t)0);
  cr_expect_eq(sbdh_scope_value(s, SBDH_PROCESS_ID).n, (size_t)0);
  cr_expect_eq(sbdh_scope_value(s, SBDH_STATISTICS).n != 0, true);
  rig_free(r);
}

Test(sbdh, scopes_that_there_are_not) {
  static const struct {
    const char *args, *says;
  } rows[] = {{"scopes: {DOCUMENT: x}", "no scope"},
              {"scopes: {DOCUMENTID: {a: b}}", "must be a text"},
              {"scopes: {EHMI-ReceiptAcknowledgement: Request}", "left out"},
              {"without: [NOTHING]", "no scope"}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct arena *a = arena_new(0);
    struct rig *r = rig_new_over(
        "sbdh-http",
        arena_printf(a, "- step: \"1.1\"\n  send: {fixture: homecareobservation/new.json, %s}\n", rows[i].args).p);
    cr_assert_null(r->p, "%s", rows[i].args);
    const struct finding *f = &r->found.list.v[0];
    cr_expect_neq(str_find(f->en, str_z(rows[i].says), 0), SIZE_MAX, "%.*s", STR_F(f->en));
    cr_expect(f->where.line > 0 && f->where.col > 0);
    rig_free(r);
    arena_free(a);
  }
  /* One that this envelope has not. */
  struct rig *r = begun("- step: \"1.1\"\n  send: {fixture: homecareobservation/new.json, without: XDS-METADATA, "
                        "with: {yder: \"081299\", initials: XX}}\n");
  cr_expect_eq(rig_open(r, "1.1"), -1);
  rig_free(r);
}

/* How the system answered one of ours on the wire is a fact of it. */
Test(sbdh, what_it_was_answered_with_on_the_wire) {
  static const struct {
    const char *status;
    enum verdict verdict;
  } rows[] = {{"400", VERDICT_PASS}, {"202", VERDICT_FAIL}};
  for (size_t i = 0; i < 2; i++) {
    struct rig *r = begun(SEND "- step: \"1.2\"\n  assert: {on: first, fact: sent.status, matches: \"^4\"}\n");
    (void)rig_send(r, "1.1");
    rig_sent(r, "1.1", rows[i].status, NULL);
    rig_open(r, "1.2");
    cr_expect_eq(rig_judge(r, "1.2")->verdict, rows[i].verdict, "%s", rows[i].status);
    rig_free(r);
  }
}

/* The acknowledgement of the end user's application goes in the envelope that the message came in. */
Test(sbdh, a_fhir_acknowledgement_is_a_request_of_its_own) {
  struct rig *r = begun(THEIRS EXPECT "- step: \"1.3\"\n  send-ack: {to: theirs, code: ok, as: ack}\n");
  struct str wire = rig_send(r, "1.1");
  rig_open(r, "1.2");
  rig_receive(r, "1.2", wire);
  rig_judge(r, "1.2");
  expect_faultless(r, rig_send(r, "1.3"));
  EXPECT_FACT(r, "ack", "sbdh.kind", "fhir-ack");
  EXPECT_FACT(r, "ack", "event", "acknowledgement-message");
  EXPECT_FACT(r, "ack", "envelope.receiver", "5790009998013");
  rig_free(r);
}

/* ---- receipts of theirs ---- */

static struct str receipt_of(struct rig *r, struct str wire, const char *exception) {
  struct envelope env;
  struct ehmi_profile *profile;
  struct error e;
  struct buf b;
  struct message m = opened(r, wire);
  struct sbdh_answer say = {.stamp = {STR("6f1c7e0e-5d0f-4c36-8f3c-1f0e2d3c4b5a"), STR("2026-01-05T10:05:00+01:00")},
                            .message_id = STR("0f1c7e0e-5d0f-4c36-8f3c-1f0e2d3c4b5a"),
                            .exception = str_z(exception),
                            .reason = STR("x")};
  cr_assert_eq(ehmi_profile_load(&profile, r->a, TEST_ROOT, &e), 0, "%s", e.text);
  sbdh_receipt(&env, r->a, m.envelope, &say, profile);
  buf_init(&b, 1 << 20);
  sbdh_kind.write(&b, &env);
  return buf_take(&b, r->a);
}

static const struct state_step *answered(struct rig *r, const char *exception) {
  struct str wire = rig_send(r, "1.1");
  rig_open(r, "1.2");
  rig_receive(r, "1.2", receipt_of(r, wire, exception));
  if (!rig_ready(r, "1.2")) rig_timer(r, "1.2");
  return rig_judge(r, "1.2");
}

static enum verdict expecting(const char *receipt, const char *came) {
  struct arena *a = arena_new(0);
  struct rig *r =
      begun(arena_printf(a, SEND "- step: \"1.2\"\n  expect: {receipt: %s, to: first, within: 1 min}\n", receipt).p);
  enum verdict v = answered(r, came)->verdict;
  rig_free(r);
  arena_free(a);
  return v;
}

Test(sbdh, a_receipt_is_chosen_by_its_kind_and_what_it_answers) {
  static const struct {
    const char *wanted, *came;
    enum verdict verdict;
  } rows[] = {
      {"ReceiptAcknowledgement", "", VERDICT_PASS},
      {"PositiveMessage", "", VERDICT_PASS},
      {"any", "Syntax", VERDICT_PASS},
      {"ReceiptAcknowledgement", "Syntax", VERDICT_FAIL},
      {"ReceiptException", "Syntax", VERDICT_PASS},
      {"ReceiptException", "", VERDICT_FAIL},
      {"Syntax", "Syntax", VERDICT_PASS},
      {"Sequence", "Syntax", VERDICT_FAIL},
      {"NegativeMessage", "Authorization", VERDICT_PASS},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    enum verdict v = expecting(rows[i].wanted, rows[i].came);
    cr_expect_eq(v, rows[i].verdict, "%s for %s: %s", rows[i].came, rows[i].wanted, verdict_name(v));
  }
}

Test(sbdh, no_receipt_may_come_where_none_is_expected) {
  struct rig *r = begun(SEND "- step: \"1.2\"\n  expect-none: {receipt: any, to: first, for: 10 s}\n");
  cr_expect_eq(answered(r, "")->verdict, VERDICT_FAIL);
  rig_free(r);
}

Test(sbdh, a_receipt_is_never_acknowledged) {
  struct rig *r =
      begun(THEIRS EXPECT "- step: \"1.3\"\n  send-ack: {to: theirs, receipt: ReceiptAcknowledgement, as: ours}\n"
                          "- step: \"1.4\"\n  expect: {receipt: any, within: 1 min}\n");
  struct str wire = rig_send(r, "1.1");
  rig_open(r, "1.2");
  rig_receive(r, "1.2", wire);
  rig_judge(r, "1.2");
  struct str ours = rig_send(r, "1.3");
  rig_open(r, "1.4");
  rig_receive(r, "1.4", receipt_of(r, ours, ""));
  cr_expect(rig_has(rig_judge(r, "1.4"), "expect.receipt-of-receipt"));
  rig_free(r);
}

/* ---- copies ---- */

static struct str copy_of(struct rig *r, struct str wire) {
  struct envelope env;
  struct ehmi_profile *profile;
  struct error e;
  struct buf b;
  struct message m = opened(r, wire);
  struct sbdh_party to = {{0}, {0}};
  struct sbdh_stamp stamp = {m.envelope->id, STR("2026-01-05T10:06:00+01:00")};
  cr_assert_eq(ehmi_profile_load(&profile, r->a, TEST_ROOT, &e), 0, "%s", e.text);
  sbdh_copy(&env, r->a, m.envelope, &to, STR("{\"resourceType\":\"DocumentReference\"}"), &stamp, profile);
  buf_init(&b, 4 << 20);
  sbdh_kind.write(&b, &env);
  return buf_take(&b, r->a);
}

#define COPY                                                                                                           \
  "- step: \"1.4\"\n  expect: {event: homecareobservation-message, where: {sbdh.kind: copy}, within: 1 min}\n"

/* A copy is of another kind: it satisfies no step that waits for the message, and is no duplicate of it. */
static const struct state_step *copied(struct rig *r, bool acknowledged) {
  struct str wire = rig_send(r, "1.1"), copy = copy_of(r, wire);
  rig_open(r, "1.2");
  rig_receive(r, "1.2", copy);
  cr_expect(!rig_ready(r, "1.2"), "a copy is no message");
  rig_receive(r, "1.2", wire);
  cr_expect(rig_ready(r, "1.2"));
  rig_judge(r, "1.2");
  if (acknowledged) (void)rig_send(r, "1.3");
  rig_open(r, "1.4");
  rig_receive(r, "1.4", copy);
  return rig_judge(r, "1.4");
}

Test(sbdh, a_copy_comes_when_the_message_is_acknowledged) {
  struct rig *r =
      begun(THEIRS EXPECT "- step: \"1.3\"\n  send-ack: {to: theirs, receipt: ReceiptAcknowledgement}\n" COPY);
  const struct state_step *st = copied(r, true);
  cr_expect(!rig_has(st, "expect.copy-early"));
  cr_expect(!rig_has(st, "dedup.envelope-reused"));
  rig_free(r);
  r = begun(THEIRS EXPECT "- step: \"1.3\"\n  send-ack: {to: theirs, receipt: ReceiptAcknowledgement}\n" COPY);
  cr_expect(rig_has(copied(r, false), "expect.copy-early"));
  rig_free(r);
}
