#include "rig.h"

#include "base/uuid.h"

#include <criterion/criterion.h>

#define NEW "- step: \"1.1\"\n  send: {fixture: carecommunication/new.json, as: first}\n"

static struct message opened(struct rig *r, struct str wire) {
  struct message m;
  message_read(&m, r->a, (struct source){STR("x"), wire});
  return m;
}

static void print_findings(const struct findings *f) {
  for (size_t i = 0; i < f->list.n; i++) cr_log_warn("%.*s: %.*s", STR_F(f->list.v[i].rule), STR_F(f->list.v[i].en));
}

/* What we send must be faultless by our own rules, unless a step asks for a fault. */
static void assert_valid(struct rig *r, struct str wire) {
  struct message m = opened(r, wire);
  struct findings f;
  findings_init(&f, r->a);
  validate_message(&m, VALIDATE_BUNDLE, NULL, &f);
  print_findings(&f);
  cr_assert_eq(findings_count(&f, SEV_ERROR) + findings_count(&f, SEV_UNDECIDED), 0);
}

Test(send, fixture_in_envelope) {
  struct rig *r = rig_new(NEW);
  struct str wire = rig_send(r, "1.1");
  const struct state_message *m = state_message_find(r->s, STR("first"));
  assert_valid(r, wire);
  cr_assert(str_eqz(m->file, "1.1_first.xml"));
  cr_assert(str_eqz(facts_get(&m->facts, "event"), "care-communication-message"));
  cr_assert(str_eqz(facts_get(&m->facts, "envelope.sender"), "5790009998020"));
  cr_assert(str_eqz(facts_get(&m->facts, "envelope.receiver"), "5790009998013"));
  cr_assert(str_eqz(facts_get(&m->facts, "form"), "json"));
  cr_assert(str_eq(facts_get(&m->facts, "envelope.message"), facts_get(&m->facts, "header.id")));
  cr_assert_eq(uuid_version(facts_get(&m->facts, "envelope.id")), 4);
  cr_assert_eq(str_find(opened(r, wire).payload.bytes, STR("${"), 0), SIZE_MAX);
  struct message seen = opened(r, wire);
  cr_assert(str_eqz(envelope_tag_value(&seen.envelope->meta, "MCM:STATISTIC"), "manual"));
  cr_assert(str_starts(seen.envelope->sent, STR("2026-01-05T10:")), "Danish local time");
  rig_free(r);
}

Test(send, a_document_goes_out_as_it_is) {
  struct rig *r = rig_new("- step: \"1.1\"\n  send: {fixture: conditionlist/one.json, as: list, with: {changed: "
                          "\"2026-01-04T09:00:00+01:00\"}, envelope: none, form: json}\n");
  struct str wire = rig_send(r, "1.1");
  const struct state_message *m = state_message_find(r->s, STR("list"));
  assert_valid(r, wire);
  cr_assert(str_starts(wire, STR("{")));
  cr_assert(str_eqz(facts_get(&m->facts, "envelope"), "none"));
  cr_assert(str_eqz(facts_get(&m->facts, "event"), "condition-list"));
  cr_assert(str_eqz(facts_get(&m->facts, "content-type"), "application/fhir+json"));
  rig_free(r);
}

static enum verdict answered_with(const char *refusable, const char *status) {
  struct arena *a = arena_new(0);
  struct rig *r = rig_new(arena_printf(a,
                                       "- step: \"1.1\"\n  send: {fixture: conditionlist/one.json, as: list, with: "
                                       "{changed: \"2026-01-04T09:00:00+01:00\"}, envelope: none%s}\n",
                                       refusable)
                              .p);
  rig_open(r, "1.1");
  rig_sent(r, "1.1", status, NULL);
  enum verdict v = rig_judge(r, "1.1")->verdict;
  rig_free(r);
  arena_free(a);
  return v;
}

Test(send, what_is_refusable_may_be_refused) {
  cr_expect_eq(answered_with("", "422"), VERDICT_FAIL);
  cr_expect_eq(answered_with(", refusable: true", "422"), VERDICT_PASS);
  cr_expect_eq(answered_with(", refusable: true", "202"), VERDICT_PASS);
  cr_expect_eq(answered_with(", refusable: true", "500"), VERDICT_FAIL);
}

Test(send, same_seed_same_bytes) {
  struct rig *x = rig_new(NEW), *y = rig_new(NEW), *z = rig_new(NEW);
  z->services.seed = STR("other");
  struct str a = rig_send(x, "1.1"), b = rig_send(y, "1.1"), c = rig_send(z, "1.1");
  cr_assert(str_eq(a, b));
  cr_assert(!str_eq(a, c));
  rig_free(x);
  rig_free(y);
  rig_free(z);
}

Test(send, xml_bare_and_parties) {
  struct error e;
  struct shapes *shapes;
  struct rig *r = rig_new("- step: \"1.1\"\n  send: {fixture: carecommunication/new.json, form: xml, envelope: none, "
                          "from: \"${counterpart.2.gln}\", as: x}\n");
  cr_assert_eq(shapes_read(&shapes, r->a, TEST_ROOT, &e), 0, "%s", e.text);
  r->services.shapes = shapes;
  struct str wire = rig_send(r, "1.1");
  const struct state_message *m = state_message_find(r->s, STR("x"));
  assert_valid(r, wire);
  cr_assert(str_eqz(facts_get(&m->facts, "form"), "xml"));
  cr_assert(str_eqz(facts_get(&m->facts, "envelope"), "none"));
  cr_assert(str_eqz(facts_get(&m->facts, "sender.gln"), "5790009998037"));
  cr_assert(str_eqz(facts_get(&m->facts, "content-type"), "application/fhir+xml"));
  rig_free(r);
}

Test(send, with_change_and_overrides) {
  struct rig *r = rig_new(
      "- step: \"1.1\"\n  send:\n    fixture: carecommunication/new.json\n    as: x\n    with: {new-header: unused}\n"
      "    name: \"MCM:FDIS91#odd\"\n    version: \"4.0\"\n    change:\n"
      "      - {remove: \"Bundle.entry.resource.ofType(Communication).category\"}\n"
      "      - {set: \"Bundle.entry.resource.ofType(Patient).name.family\", value: \"O'Neil & ${person.family} <x>\"}\n"
      "      - {copy: \"Bundle.entry.where(resource is Provenance)\"}\n");
  struct message m = opened(r, rig_send(r, "1.1"));
  cr_assert_not_null(m.resource);
  cr_assert_null(node_child(entry_first(m.resource, "Communication"), "category"));
  cr_assert(str_eqz(node_text_at(entry_first(m.resource, "Patient"), "name.family"), "O'Neil & Testperson <x>"));
  size_t n = 0;
  for (NODE_EACH(c, m.resource))
    n += node_child(c, "resource") && str_eqz(node_child(c, "resource")->type, "Provenance");
  cr_assert_eq(n, 2);
  cr_assert(str_eqz(m.envelope->meta.name, "MCM:FDIS91#odd") && str_eqz(m.envelope->meta.version, "4.0"));
  rig_free(r);
}

static const struct {
  const char *args, *says;
} broken[] = {
    {"{fixture: carecommunication/nothing.json}", "nothing.json"},
    {"{fixture: carecommunication/new.json, change: [{remove: Bundle.nothing}]}", "finds nothing"},
    {"{fixture: carecommunication/new.json, change: [{set: Bundle.entry, value: x}]}", "primitive"},
    {"{fixture: carecommunication/new.json, from: \"${nobody.gln}\"}", "${nobody.gln}"},
    {"{fixture: carecommunication/new.json, with: {a: \"${now-2 x}\"}}", "now-2 x"},
    {"{fixture: carecommunication/new.json, with: {a: \"${uuid:}\"}}", "label"},
    {"{fixture: carecommunication/new.json, with: {a: \"${open\"}}", "closing"},
};

Test(send, errors_are_the_harness_own) {
  for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
    struct arena *a = arena_new(0);
    struct rig *r = rig_new(arena_printf(a, "- step: \"1.1\"\n  send: %s\n", broken[i].args).p);
    cr_assert_not_null(r->p, "%s", broken[i].args);
    cr_assert_eq(rig_open(r, "1.1"), -1, "%s", broken[i].args);
    cr_assert_neq(str_find(str_z(r->error.text), str_z(broken[i].says), 0), SIZE_MAX, "%s", r->error.text);
    rig_free(r);
    arena_free(a);
  }
}

Test(send, results) {
  static const struct {
    const char *status, *failure, *rule;
    enum verdict verdict;
  } results[] = {{"200", NULL, NULL, VERDICT_PASS},
                 {"ready", NULL, NULL, VERDICT_PASS},
                 {"500", NULL, "send.refused", VERDICT_FAIL},
                 {"302", NULL, "send.refused", VERDICT_FAIL},
                 {NULL, "connection refused", "send.unreachable", VERDICT_ERROR}};
  for (size_t i = 0; i < sizeof results / sizeof *results; i++) {
    struct rig *r = rig_new(NEW);
    cr_assert_eq(rig_open(r, "1.1"), 0);
    rig_sent(r, "1.1", results[i].status, results[i].failure);
    struct state_step *st = rig_judge(r, "1.1");
    cr_assert_eq(st->verdict, results[i].verdict, "%zu", i);
    cr_assert_eq(st->findings.list.n, results[i].rule ? 1 : 0);
    if (results[i].rule) cr_assert(rig_has(st, results[i].rule));
    if (results[i].failure) cr_assert_neq(str_find(st->findings.list.v[0].en, STR("http://127.0.0.1:1"), 0), SIZE_MAX);
    rig_free(r);
  }
}

/* A fixture that needs what never came is not sent, and nothing is claimed about the system. */
Test(send, unresolved) {
  struct rig *r = rig_new("- step: \"1.1\"\n  expect: {event: care-communication-message, as: letter}\n"
                          "- step: \"1.2\"\n  send: {fixture: carecommunication/new.json, with: {a: "
                          "\"${letter.thread}\"}}\n- step: \"1.3\"\n  send-ack: {to: letter, code: ok}\n"
                          "- step: \"1.4\"\n  send: {again: letter}\n");
  for (int i = 0; i < 3; i++) {
    static const char *const steps[] = {"1.2", "1.3", "1.4"};
    struct state_step *st = rig_do(r, steps[i]);
    cr_assert_null(st->message);
    cr_assert_eq(st->verdict, VERDICT_INCONCLUSIVE);
    cr_assert(rig_has(st, "step.unresolved"));
  }
  rig_free(r);
}

#define AGAIN(renew) NEW "- step: \"1.2\"\n  send: {again: first, as: second" renew "}\n"

static struct str fact(struct rig *r, const char *message, const char *name) {
  return facts_get(&state_message_find(r->s, str_z(message))->facts, name);
}

static void assert_renewed(const char *steps, const char *renewed) {
  static const char *const names[] = {"envelope.id", "envelope.message", "bundle.id", "header.id"};
  struct rig *r = rig_new(steps);
  rig_send(r, "1.1");
  struct str wire = rig_send(r, "1.2");
  for (size_t i = 0; i < 4; i++) {
    bool same = str_eq(fact(r, "first", names[i]), fact(r, "second", names[i]));
    cr_assert_eq(same, str_find(str_z(renewed), str_z(names[i]), 0) == SIZE_MAX, "%s: %s", renewed, names[i]);
  }
  assert_valid(r, wire);
  rig_free(r);
}

Test(send, again) {
  assert_renewed(AGAIN(""), "envelope.id");
  assert_renewed(AGAIN(", renew: [envelope, message]"), "envelope.id envelope.message");
  assert_renewed(AGAIN(", renew: [envelope, bundle]"), "envelope.id bundle.id");
  assert_renewed(AGAIN(", renew: [header]"), "header.id");
  assert_renewed(AGAIN(", renew: [envelope, message, bundle, header, time]"),
                 "envelope.id envelope.message bundle.id header.id");
}

Test(send, again_unchanged_payload) {
  struct rig *r = rig_new(AGAIN(""));
  struct message x = opened(r, rig_send(r, "1.1")), y = opened(r, rig_send(r, "1.2"));
  cr_assert(str_eq(x.payload.bytes, y.payload.bytes));
  cr_assert(!str_eq(x.envelope->sent, y.envelope->sent));
  rig_free(r);
  r = rig_new(AGAIN(", renew: []"));
  struct str one = rig_send(r, "1.1"), two = rig_send(r, "1.2");
  cr_assert(str_eq(one, two), "nothing is renewed");
  rig_free(r);
  r = rig_new(AGAIN(", renew: time"));
  x = opened(r, rig_send(r, "1.1")), y = opened(r, rig_send(r, "1.2"));
  cr_assert(!str_eq(node_text_at(x.resource, "timestamp"), node_text_at(y.resource, "timestamp")));
  cr_assert(!str_eq(node_text_at(entry_first(x.resource, "Provenance"), "recorded"),
                    node_text_at(entry_first(y.resource, "Provenance"), "recorded")));
  rig_free(r);
}

/* A letter from the vendor, made by our own fixture sent the other way round. */
#define LETTER                                                                                                         \
  "- step: \"1.1\"\n  send: {fixture: carecommunication/new.json, as: draft, from: \"${vendor.gln}\", to: "            \
  "\"${counterpart.2.gln}\"}\n- step: \"1.2\"\n  expect: {event: care-communication-message, as: letter}\n"

static struct rig *with_letter(const char *steps) {
  struct rig *r = rig_new(steps);
  cr_assert_not_null(r->p);
  struct str wire = rig_send(r, "1.1");
  cr_assert_eq(rig_open(r, "1.2"), 0);
  rig_receive(r, "1.2", wire);
  struct state_step *st = rig_judge(r, "1.2");
  print_findings(&st->findings);
  cr_assert_eq(st->verdict, VERDICT_PASS);
  return r;
}

Test(send_ack, ok) {
  struct rig *r = with_letter(LETTER "- step: \"1.3\"\n  send-ack: {to: letter, code: ok, as: answer}\n");
  struct str wire = rig_send(r, "1.3");
  struct message m = opened(r, wire);
  assert_valid(r, wire);
  cr_assert(str_eq(fact(r, "answer", "response.to"), fact(r, "letter", "header.id")));
  cr_assert(str_eqz(fact(r, "answer", "response.code"), "ok"));
  cr_assert(str_eqz(fact(r, "answer", "envelope.sender"), "5790009998037"), "from whom it was addressed to");
  cr_assert(str_eqz(fact(r, "answer", "envelope.receiver"), "5790009998013"));
  cr_assert(str_eqz(fact(r, "answer", "receiver.gln"), "5790009998013"));
  cr_assert(str_eqz(fact(r, "answer", "sender.gln"), "5790009998037"));
  cr_assert(str_eqz(fact(r, "answer", "envelope.name"), "MCM:FCTL#ok"));
  cr_assert(str_eqz(envelope_tag_value(&m.envelope->meta, "MCM:STATISTIC"), "automatic"));
  cr_assert_null(entry_first(m.resource, "OperationOutcome"));
  rig_free(r);
}

/* A system that speaks XML gets XML; a letter without an envelope is answered in one. */
Test(send_ack, xml_letter) {
  struct error e;
  struct shapes *shapes;
  struct buf b;
  struct rig *r = rig_new(LETTER "- step: \"1.3\"\n  send-ack: {to: letter, code: ok, as: answer}\n");
  cr_assert_eq(shapes_read(&shapes, r->a, TEST_ROOT, &e), 0, "%s", e.text);
  r->services.shapes = shapes;
  r->vendor->form = STR("xml");
  struct message m = opened(r, rig_send(r, "1.1"));
  cr_assert_eq(m.form, RESOURCE_XML);
  buf_init(&b, 1 << 20);
  resource_write(&b, m.resource, RESOURCE_XML, shapes, 0);
  cr_assert_eq(rig_open(r, "1.2"), 0);
  rig_receive(r, "1.2", buf_take(&b, r->a));
  cr_assert_eq(rig_judge(r, "1.2")->verdict, VERDICT_PASS);
  struct str wire = rig_send(r, "1.3");
  assert_valid(r, wire);
  cr_assert_eq(opened(r, wire).form, RESOURCE_XML);
  cr_assert(str_eqz(fact(r, "answer", "envelope.sender"), "5790009998037"));
  rig_free(r);
}

/* The form of the step goes before that of the vendor file. */
Test(send_ack, form) {
  struct error e;
  struct shapes *shapes;
  struct rig *r = with_letter(LETTER "- step: \"1.3\"\n  send-ack: {to: letter, code: ok, as: answer, form: xml}\n");
  cr_assert_eq(shapes_read(&shapes, r->a, TEST_ROOT, &e), 0, "%s", e.text);
  r->services.shapes = shapes;
  struct str wire = rig_send(r, "1.3");
  assert_valid(r, wire);
  cr_assert_eq(opened(r, wire).form, RESOURCE_XML);
  rig_free(r);
}

Test(send_ack, receipt_needs_an_envelope) {
  struct rig *r = rig_new(LETTER "- step: \"1.3\"\n  send-ack: {to: letter, receipt: PositiveMessage}\n");
  struct message m = opened(r, rig_send(r, "1.1"));
  cr_assert_eq(rig_open(r, "1.2"), 0);
  rig_receive(r, "1.2", m.payload.bytes);
  cr_assert_eq(rig_judge(r, "1.2")->verdict, VERDICT_PASS);
  struct state_step *st = rig_do(r, "1.3");
  cr_assert_eq(st->verdict, VERDICT_INCONCLUSIVE);
  cr_assert(rig_has(st, "step.unresolved"));
  rig_free(r);
}

Test(send_ack, negative_with_text) {
  struct rig *r = with_letter(LETTER "- step: \"1.3\"\n  send-ack: {to: letter, code: fatal-error, as: a, text: {en: "
                                     "Bad, da: Ugyldig}}\n- step: \"1.4\"\n  send-ack: {to: letter, code: "
                                     "transient-error, as: b}\n");
  struct str a = rig_send(r, "1.3"), b = rig_send(r, "1.4");
  assert_valid(r, a);
  assert_valid(r, b);
  const struct node *outcome = entry_first(opened(r, a).resource, "OperationOutcome");
  cr_assert(str_eqz(node_text_at(outcome, "issue.details.text"), "Ugyldig"));
  cr_assert(!str_eq(fact(r, "a", "header.id"), fact(r, "b", "header.id")));
  cr_assert(!str_eq(fact(r, "a", "bundle.id"), fact(r, "b", "bundle.id")));
  rig_free(r);
}

Test(send_ack, renewed) {
  struct rig *r = with_letter(LETTER "- step: \"1.3\"\n  send-ack: {to: letter, code: ok, as: a}\n- step: \"1.4\"\n"
                                     "  send-ack: {to: letter, code: ok, as: b, renew: [envelope, bundle]}\n");
  struct str a = rig_send(r, "1.3"), b = rig_send(r, "1.4");
  cr_assert(str_eq(fact(r, "a", "header.id"), fact(r, "b", "header.id")));
  cr_assert(str_eq(fact(r, "a", "envelope.message"), fact(r, "b", "envelope.message")));
  cr_assert(!str_eq(fact(r, "a", "bundle.id"), fact(r, "b", "bundle.id")));
  cr_assert(!str_eq(fact(r, "a", "envelope.id"), fact(r, "b", "envelope.id")));
  cr_assert(str_eq(node_text_at(opened(r, a).resource, "timestamp"), node_text_at(opened(r, b).resource, "timestamp")));
  rig_free(r);
}

Test(send_ack, receipts) {
  static const char *const kinds[] = {"PositiveMessage", "NegativeMessage", "NegativeVans"};
  for (size_t i = 0; i < 3; i++) {
    struct arena *a = arena_new(0);
    struct rig *r = with_letter(
        arena_printf(a, LETTER "- step: \"1.3\"\n  send-ack: {to: letter, receipt: %s, as: answer}\n", kinds[i]).p);
    struct message m = opened(r, rig_send(r, "1.3"));
    struct message original = opened(r, rig_bytes(r, state_message_find(r->s, STR("letter"))));
    struct findings f;
    findings_init(&f, r->a);
    vans_check_receipt(m.envelope, STR("x"), original.envelope, &f);
    findings_join(&f, &m.envelope_findings);
    print_findings(&f);
    cr_assert_eq(findings_count(&f, SEV_ERROR), 0);
    cr_assert(str_eqz(fact(r, "answer", "envelope.receipt"), kinds[i]));
    cr_assert(str_eqz(fact(r, "answer", "kind"), "receipt"));
    rig_free(r);
    arena_free(a);
  }
}

Test(send_ack, only_what_came) {
  struct rig *r = rig_new(NEW "- step: \"1.2\"\n  send-ack: {to: first, code: ok}\n");
  rig_send(r, "1.1");
  cr_assert_eq(rig_open(r, "1.2"), -1);
  cr_assert_eq(r->error.code, ERR_CONFIG);
  rig_free(r);
}
