/* Faults: the decision, the bytes, and what happens on the wire. */
#include "base/clock.h"
#include "base/file.h"
#include "crypto/certificate.h"
#include "endpoint/oauth.h"
#include "envelope/sbdh.h"
#include "envelope/vans.h"
#include "tests/endpoint/office.h"
#include "validate/message.h"

#include <criterion/criterion.h>

static struct arena *a;

static void set_up(void) {
  a = arena_new(0);
}

static void tear_down(void) {
  arena_free(a);
}

TestSuite(fault, .init = set_up, .fini = tear_down);

static struct fault fault(enum fault_kind kind) {
  return (struct fault){.kind = kind,
                        .on = fault_rows[kind].directions & FAULT_SENT ? FAULT_SENT : FAULT_RECEIVED,
                        .nth = 1,
                        .count = 1,
                        .ms = fault_rows[kind].ms,
                        .status = kind == FAULT_UNAVAILABLE ? 503 : 0};
}

static struct facts facts_of(const char *kind, const char *event, const char *envelope) {
  struct facts f;
  facts_init(&f, a);
  facts_put(&f, STR("kind"), str_z(kind));
  facts_put(&f, STR("event"), str_z(event));
  facts_put(&f, STR("envelope.id"), str_z(envelope));
  return f;
}

Test(fault, every_kind_has_a_row_and_goes_into_an_event_and_back) {
  for (int i = 0; i < FAULT_KINDS_N; i++) {
    const struct fault_row *row = &fault_rows[i];
    struct fault back, f = fault((enum fault_kind)i);
    struct facts data;
    f.event = STR("e");
    f.nth = 3;
    f.count = 7;
    f.how = STR("cut");
    facts_init(&data, a);
    fault_put(&data, &f);
    cr_assert(row->name && row->en && row->da && row->directions && row->exchanges);
    cr_expect_eq((int)fault_kind_find(str_z(row->name)), i);
    cr_assert(fault_get(&back, &data), "%s", row->name);
    cr_expect(back.kind == f.kind && back.on == f.on && back.nth == 3 && back.count == 7 && back.ms == f.ms);
    cr_expect(back.status == f.status && str_eq(back.event, f.event) && str_eq(back.how, f.how));
  }
  cr_expect_eq(fault_kind_find(STR("gremlins")), FAULT_KINDS_N);
}

Test(fault, what_is_no_fault_is_told) {
  struct facts data;
  struct fault f;
  facts_init(&data, a);
  cr_expect(!fault_get(&f, &data));
  facts_put(&data, STR("fault"), STR("cut"));
  cr_expect(!fault_get(&f, &data));
  facts_put(&data, STR("nth"), STR("1"));
  facts_put(&data, STR("count"), STR("x"));
  cr_expect(!fault_get(&f, &data));
}

Test(fault, which_messages_are_counted) {
  static const struct {
    enum fault_kind kind;
    const char *event;
    enum fault_direction way;
    const char *message_kind, *message_event, *envelope;
    bool counts;
  } rows[] = {
      {FAULT_UNAVAILABLE, "", FAULT_RECEIVED, "message", "care", "1", true},
      {FAULT_UNAVAILABLE, "", FAULT_SENT, "message", "care", "1", false},
      {FAULT_UNAVAILABLE, "care", FAULT_RECEIVED, "message", "care", "1", true},
      {FAULT_UNAVAILABLE, "other", FAULT_RECEIVED, "message", "care", "1", false},
      {FAULT_UNAVAILABLE, "", FAULT_RECEIVED, "unknown", "", "", true},
      {FAULT_REFUSE, "", FAULT_RECEIVED, "message", "care", "1", false}, /* connections, not messages */
      {FAULT_RESET, "", FAULT_RECEIVED, "message", "care", "1", false},
      {FAULT_DROP_RECEIPT, "", FAULT_SENT, "message", "care", "1", false},
      {FAULT_DROP_RECEIPT, "", FAULT_SENT, "message", "acknowledgement-message", "1", true},
      {FAULT_DROP_RECEIPT, "", FAULT_SENT, "receipt", "", "1", true},
      {FAULT_WRONG_RECEIPT, "", FAULT_SENT, "message", "care", "1", false},
      {FAULT_CORRUPT_ENVELOPE, "", FAULT_SENT, "message", "care", "1", true},
      {FAULT_CORRUPT_ENVELOPE, "", FAULT_SENT, "message", "care", "", false},
      {FAULT_DUPLICATE, "", FAULT_SENT, "message", "care", "", true},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct fault f = fault(rows[i].kind);
    struct facts facts = facts_of(rows[i].message_kind, rows[i].message_event, rows[i].envelope);
    f.event = str_z(rows[i].event);
    cr_expect_eq(fault_counts(&f, rows[i].way, &facts), rows[i].counts, "row %zu", i);
  }
}

Test(fault, what_is_created_is_hit_and_chosen_by_its_subtype) {
  struct fault f = fault(FAULT_UNFIT);
  struct facts facts = facts_of("message", "", "");
  cr_expect(!fault_counts(&f, FAULT_RECEIVED, &facts));
  facts_put(&facts, STR("rest.interaction"), STR("search"));
  cr_expect(!fault_counts(&f, FAULT_RECEIVED, &facts));
  facts_put(&facts, STR("rest.interaction"), STR("create"));
  facts_put(&facts, STR("eds.subtype"), STR("msg-sent"));
  cr_expect(fault_counts(&f, FAULT_RECEIVED, &facts));
  f.event = STR("msg-received");
  cr_expect(!fault_counts(&f, FAULT_RECEIVED, &facts));
  f.event = STR("msg-sent");
  cr_expect(fault_counts(&f, FAULT_RECEIVED, &facts));
}

Test(fault, the_nth_and_those_after_it_are_hit) {
  struct fault f = fault(FAULT_CUT);
  f.nth = 2;
  f.count = 3;
  for (int64_t n = 1; n <= 6; n++) cr_expect_eq(fault_hits(&f, n), n >= 2 && n <= 4, "%d", (int)n);
}

Test(fault, a_certificate_that_is_wrong_lies_beside_the_sound_one) {
  static const struct {
    const char *sound, *wrong;
  } rows[] = {{"pki/server-x.pem", "pki/server-x-expired.pem"},
              {"/a.b/server", "/a.b/server-expired"},
              {"server-x.test.key", "server-x.test-expired.key"}};
  struct fault f = fault(FAULT_BAD_TLS);
  struct arena *a = arena_new(0);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    cr_expect(str_eqz(fault_tls_file(a, str_z(rows[i].sound), STR("expired")), rows[i].wrong), "row %zu", i);
  arena_free(a);
  cr_expect(!fault_how_fits(&f), "it says what is wrong");
  f.how = STR("weak-key");
  cr_expect(!fault_how_fits(&f));
  for (int i = CERTIFICATE_FAULT_EXPIRED; i < CERTIFICATE_FAULT_KEY; i++) {
    f.how = str_z(certificate_fault_names[i]);
    cr_expect(fault_how_fits(&f), "certs makes %s", certificate_fault_names[i]);
  }
}

Test(fault, a_persistent_one_hits_the_nth_and_knows_it_again) {
  struct arena *a = arena_new(0);
  struct fault f = {.kind = FAULT_UNFIT, .on = FAULT_RECEIVED, .nth = 2, .count = 5, .again = true}, back;
  static const char *const names[] = {"eds.message", "eds.transport", "eds.subtype", "eds.station"};
  struct facts x, y, data;
  facts_init(&x, a);
  facts_init(&y, a);
  facts_init(&data, a);
  cr_expect_not(fault_hits(&f, 1) || fault_hits(&f, 3));
  cr_expect(fault_hits(&f, 2));
  fault_put(&data, &f);
  cr_assert(fault_get(&back, &data));
  cr_expect(back.again);
  cr_expect(fault_may_hit_again(&f));
  cr_expect_not(fault_may_hit_again(&(struct fault){.kind = FAULT_LOST_ANSWER}));
  cr_expect_not(fault_is_same(&x, &y), "what is no event is never the same");
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    facts_put(&x, str_z(names[i]), STR("v"));
    cr_expect_not(fault_is_same(&x, &y), "%s", names[i]);
    facts_put(&y, str_z(names[i]), STR("v"));
    cr_expect(fault_is_same(&x, &y), "%s", names[i]);
  }
  facts_put(&x, STR("eds.recorded"), STR("2026-01-05T10:00:00+01:00"));
  cr_expect(fault_is_same(&x, &y), "whenever it was recorded");
  arena_free(a);
}

Test(fault, where_it_cannot_be_done) {
  for (int i = 0; i < FAULT_KINDS_N; i++) {
    struct fault f = fault((enum fault_kind)i);
    bool port = i == FAULT_REFUSE || i == FAULT_RESET || i == FAULT_BAD_TLS,
         in = fault_rows[i].directions == FAULT_RECEIVED;
    bool server = fault_rows[i].creates, answer = i == FAULT_WRONG_ANSWER;
    cr_expect_eq(fault_refusal(&f, STR("authorization"), false) != NULL, !in || server, "%s", fault_rows[i].name);
    if (answer) cr_expect(fault_refusal(&f, STR("eds"), false) && fault_refusal(&f, STR("vans-http"), false));
    if (answer) continue;
    cr_expect_eq(fault_refusal(&f, STR("eds"), false) != NULL, !in && !server, "%s", fault_rows[i].name);
    cr_expect_eq(fault_refusal(&f, STR("fhir-rest"), false) != NULL, !in && !server, "%s", fault_rows[i].name);
    cr_expect(!server || fault_refusal(&f, STR("vans-http"), false));
    if (server) continue;
    bool timed = i == FAULT_DUPLICATE || i == FAULT_DELAY || i == FAULT_REORDER;
    cr_expect_null(fault_refusal(&f, STR("vans-http"), false), "%s", fault_rows[i].name);
    cr_expect_eq(fault_refusal(&f, STR("vans-http"), true) != NULL, port, "%s", fault_rows[i].name);
    cr_expect_eq(fault_refusal(&f, STR("vans-folder"), false) != NULL, in, "%s", fault_rows[i].name);
    cr_expect_eq(fault_refusal(&f, STR("upload"), false) != NULL, in || timed, "%s", fault_rows[i].name);
  }
  struct fault late = fault(FAULT_DELAY);
  late.on = FAULT_RECEIVED;
  cr_expect_not_null(fault_refusal(&late, STR("vans-folder"), false));
  cr_expect_null(fault_refusal(&late, STR("eds"), false));
}

/* ---- bytes ---- */

static struct str envelope_of(const char *payload) {
  struct envelope env = {.sender = STR("5790008888025"),
                         .sender_type = STR("EAN"),
                         .receiver = STR("5790008888018"),
                         .receiver_type = STR("EAN"),
                         .id = STR("0b6dbd4e-4a5e-4f0e-8e2a-1f5c7b1d2a03"),
                         .sent = STR("2026-01-05T10:00:00+01:00"),
                         .payload = str_z(payload)};
  struct envelope_payload says = {.format = STR("HL7"),
                                  .name = STR("MCM:FDIS91#other"),
                                  .version = STR("5.0"),
                                  .mime = STR("application/fhir+json")};
  struct buf b;
  env.meta.id = STR("5a5e0000-0000-4000-8000-000000000001");
  vans_describe(&env, &says, env.payload, "manual");
  buf_init(&b, 1 << 20);
  vans_kind.write(&b, &env);
  return buf_take(&b, a);
}

#define TO "3f2a9c1e-7b55-4a0c-9a55-0d3b5e8c1f10"
#define ACK                                                                                                            \
  "{\"resourceType\":\"Bundle\",\"type\":\"message\",\"entry\":[{\"resource\":{\"resourceType\":\"MessageHeader\","    \
  "\"id\":\"0b6dbd4e-4a5e-4f0e-8e2a-1f5c7b1d2a03\",\"eventCoding\":{\"code\":\"acknowledgement-message\"},"            \
  "\"response\":{\"identifier\":\"" TO "\",\"code\":\"ok\"}}}]}"

static struct message altered(const struct fault *f, struct str wire, const char *seed, struct str *bytes) {
  struct message before, after;
  struct error e;
  message_read(&before, a, (struct source){STR("before"), wire});
  cr_assert_eq(fault_alter(bytes, a, f, wire, &before.facts, str_z(seed), &e), 0, "%s", e.text);
  message_read(&after, a, (struct source){STR("after"), *bytes});
  return after;
}

Test(fault, a_wrong_receipt_is_right_but_for_what_it_names) {
  struct fault f = fault(FAULT_WRONG_RECEIPT);
  struct str wires[] = {envelope_of(ACK), str_z(ACK)}, bytes;
  for (size_t i = 0; i < 2; i++) {
    struct message m = altered(&f, wires[i], "s", &bytes);
    struct str to = facts_get(&m.facts, "response.to");
    cr_expect(to.n && !str_eqz(to, TO), "%.*s", STR_F(to));
    cr_expect(str_eqz(facts_get(&m.facts, "response.code"), "ok"));
    cr_expect(str_eqz(facts_get(&m.facts, "event"), "acknowledgement-message"));
    struct message before;
    message_read(&before, a, (struct source){STR("before"), wires[i]});
    cr_expect_eq(m.envelope_findings.list.n, before.envelope_findings.list.n);
  }
}

Test(fault, a_wrong_receipt_of_the_envelope_too) {
  struct fault f = fault(FAULT_WRONG_RECEIPT);
  struct message m;
  struct envelope env;
  struct buf b;
  struct str bytes;
  message_read(&m, a, (struct source){STR("m"), envelope_of("{}")});
  vans_receipt(&env, m.envelope, RECEIPT_POSITIVE_MESSAGE, STR("5a5e0000-0000-4000-8000-000000000009"),
               STR("2026-01-05T10:00:00+01:00"), (struct str){0});
  buf_init(&b, 1 << 20);
  vans_kind.write(&b, &env);
  struct message after = altered(&f, buf_take(&b, a), "s", &bytes);
  cr_expect(str_eqz(facts_get(&after.facts, "kind"), "receipt"));
  cr_expect(!str_eqz(facts_get(&after.facts, "envelope.original"), "0b6dbd4e-4a5e-4f0e-8e2a-1f5c7b1d2a03"));
  cr_expect(facts_get(&after.facts, "envelope.original").n);
}

#define CONTRL                                                                                                         \
  "UNA:+.? 'UNB+UNOC:3+5790008888025:14+5790008888018:14+260105:1000+S1'UNH+S2+CONTRL:D:93A:ZZ:C0330Q+CTL03'"          \
  "UCI+KUV0001+5790008888018:14+5790008888025:14+7'UCM+BREV1+MEDDIS:D:93A:UN:D9134L+7'UNT+4+S2'UNZ+1+S1'"

Test(fault, a_wrong_receipt_of_a_letter_too) {
  struct fault f = fault(FAULT_WRONG_RECEIPT);
  struct str wires[] = {envelope_of(CONTRL), STR(CONTRL)}, bytes;
  for (size_t i = 0; i < 2; i++) {
    struct message m = altered(&f, wires[i], "s", &bytes);
    struct str of = facts_get(&m.facts, "receipt.of");
    cr_expect(of.n && of.n <= 14 && !str_eqz(of, "KUV0001"), "%.*s", STR_F(of));
    cr_expect(str_eqz(facts_get(&m.facts, "receipt.letters"), "BREV1"));
  }
}

Test(fault, each_wrong_answer_can_be_chosen) {
  struct fault f = fault(FAULT_WRONG_ANSWER);
  size_t n = 0;
  for (struct str rest = str_z(fault_hows); rest.n; n += oauth_wrong_find(f.how) != NULL) {
    f.how = str_cut(&rest, '|');
    cr_expect_eq(fault_how_fits(&f), oauth_wrong_find(f.how) != NULL, "%.*s", STR_F(f.how));
  }
  cr_expect_eq(n, OAUTH_WRONGS_N);
  f.how = (struct str){0};
  cr_expect_not(fault_how_fits(&f), "which one is wrong has to be said");
}

/* Only the request whose answer it alters. */
Test(fault, a_wrong_answer_is_to_its_own_request) {
  struct facts facts;
  struct fault f = fault(FAULT_WRONG_ANSWER);
  facts_init(&facts, a);
  f.how = STR("short-token");
  f.on = FAULT_RECEIVED;
  facts_put(&facts, STR("oauth.request"), STR("discovery"));
  cr_expect_not(fault_counts(&f, FAULT_RECEIVED, &facts));
  facts_put(&facts, STR("oauth.request"), STR("token"));
  cr_expect(fault_counts(&f, FAULT_RECEIVED, &facts));
}

Test(fault, a_spoilt_envelope_is_spoilt) {
  struct str wire = envelope_of(ACK), bytes;
  for (struct str rest = str_z(fault_hows); rest.n;) {
    struct fault f = fault(FAULT_CORRUPT_ENVELOPE);
    f.how = str_cut(&rest, '|');
    if (!fault_how_fits(&f) || str_eqz(f.how, "byte")) continue; /* byte: an ehmiSBDH only */
    struct message m = altered(&f, wire, "s", &bytes);
    size_t errors = findings_count(&m.wellformed, SEV_ERROR) + findings_count(&m.envelope_findings, SEV_ERROR);
    cr_expect_gt(errors, (size_t)0, "%.*s", STR_F(f.how));
    cr_expect(!str_eq(bytes, wire), "%.*s", STR_F(f.how));
    /* Where the envelope itself can be read it still says which message it was. */
    if (str_eqz(f.how, "content")) cr_expect(facts_get(&m.facts, "envelope.id").n);
  }
}

/* ---- the same of an ehmiSBDH ---- */

static struct envelope sbdh_of(struct ehmi_profile **profile) {
  struct envelope env;
  struct error e;
  struct envelope_payload says = {.event = STR("homecareobservation-message"),
                                  .definition = STR("1.1"),
                                  .mime = STR("application/fhir+json"),
                                  .message_id = STR(TO),
                                  .bundle_id = STR("5a5e0000-0000-4000-8000-000000000002"),
                                  .sender_gln = STR("5790008888025"),
                                  .sender_sor = STR("8888021000016001"),
                                  .receiver_gln = STR("5790008888018"),
                                  .receiver_sor = STR("8888011000016005"),
                                  .patient = STR("2512489996")};
  struct sbdh_stamp stamp = {STR("0b6dbd4e-4a5e-4f0e-8e2a-1f5c7b1d2a03"), STR("2026-01-05T10:00:00+01:00")};
  cr_assert_eq(ehmi_profile_load(profile, a, TEST_ROOT, &e), 0, "%s", e.text);
  cr_assert(sbdh_describe(&env, a, &says, STR(ACK), &stamp, *profile));
  return env;
}

static struct str written(const struct envelope *env) {
  struct buf b;
  buf_init(&b, 1 << 20);
  sbdh_kind.write(&b, env);
  return buf_take(&b, a);
}

static struct envelope receipt_of(struct envelope *original) {
  struct ehmi_profile *profile;
  struct envelope receipt;
  struct sbdh_answer say = {.stamp = {STR("5a5e0000-0000-4000-8000-000000000009"), STR("2026-01-05T10:01:00+01:00")},
                            .message_id = STR("5a5e0000-0000-4000-8000-000000000008")};
  *original = sbdh_of(&profile);
  original->sent = STR("2026-01-05T10:00:00+01:00");
  sbdh_receipt(&receipt, a, original, &say, profile);
  return receipt;
}

/* The header and the signal within name the same wrong envelope: just that is wrong with it. */
Test(fault, a_wrong_receipt_of_sbdh_is_right_but_for_what_it_names) {
  struct envelope original, receipt = receipt_of(&original);
  struct fault f = fault(FAULT_WRONG_RECEIPT);
  struct str bytes;
  struct message after = altered(&f, written(&receipt), "s", &bytes);
  struct str names = facts_get(&after.facts, "envelope.original");
  cr_expect(names.n && !str_eq(names, original.id), "%.*s", STR_F(names));
  cr_expect(str_eqz(facts_get(&after.facts, "sbdh.kind"), "receipt"));
  cr_assert_not_null(after.envelope);
  cr_expect(str_eq(after.envelope->sbdh->signal.original_id, names));
  cr_expect_eq(findings_count(&after.envelope_findings, SEV_ERROR), (size_t)0);
}

/* Header and scopes; the signal within is as it was. */
Test(fault, a_receipt_with_its_parties_the_wrong_way_round) {
  struct envelope original, receipt = receipt_of(&original);
  struct fault f = fault(FAULT_WRONG_RECEIPT);
  struct str bytes;
  f.how = STR("parties");
  cr_expect(fault_how_fits(&f));
  struct message after = altered(&f, written(&receipt), "s", &bytes);
  cr_assert_not_null(after.envelope);
  cr_expect(str_eqz(after.envelope->sender, "5790008888025"));
  cr_expect(str_eqz(after.envelope->receiver, "5790008888018"));
  cr_expect(str_eqz(sbdh_scope_value(after.envelope->sbdh, SBDH_SENDER_ID), "8888021000016001"));
  cr_expect(str_eqz(sbdh_scope_value(after.envelope->sbdh, SBDH_RECEIVER_ID), "8888011000016005"));
  cr_expect(str_eq(facts_get(&after.facts, "envelope.original"), original.id));
}

/* The envelope is as it was; its content has one character of an id changed. */
Test(fault, one_byte_of_an_id) {
  struct ehmi_profile *profile;
  struct envelope env = sbdh_of(&profile);
  struct fault f = fault(FAULT_CORRUPT_ENVELOPE);
  struct str bytes;
  f.how = STR("byte");
  struct message m = altered(&f, written(&env), "s", &bytes);
  cr_assert_not_null(m.envelope);
  cr_expect_eq(m.envelope->payload.n, env.payload.n);
  size_t differ = 0;
  for (size_t i = 0; i < env.payload.n; i++) differ += env.payload.p[i] != m.envelope->payload.p[i];
  cr_expect_eq(differ, (size_t)1);
  f.how = STR("byte");
  struct facts none = facts_of("message", "", "");
  struct error e;
  cr_expect_eq(fault_alter(&bytes, a, &f, envelope_of(ACK), &none, STR("s"), &e), -1);
}

Test(fault, a_spoilt_sbdh_is_spoilt) {
  struct ehmi_profile *profile;
  struct envelope env = sbdh_of(&profile);
  struct str wire = written(&env), bytes;
  for (struct str rest = str_z(fault_hows); rest.n;) {
    struct fault f = fault(FAULT_CORRUPT_ENVELOPE);
    f.how = str_cut(&rest, '|');
    struct message m = altered(&f, wire, "s", &bytes);
    size_t errors = findings_count(&m.wellformed, SEV_ERROR) + findings_count(&m.envelope_findings, SEV_ERROR);
    cr_expect_gt(errors, (size_t)0, "%.*s", STR_F(f.how));
    cr_expect(!str_eq(bytes, wire), "%.*s", STR_F(f.how));
  }
}

Test(fault, the_same_seed_spoils_alike) {
  struct fault f = fault(FAULT_CORRUPT_ENVELOPE);
  struct str wire = envelope_of(ACK), first, again;
  bool differ = false;
  for (int i = 0; i < 20; i++) {
    struct str seed = arena_printf(a, "seed %d", i), zero;
    altered(&f, wire, seed.p, &first);
    altered(&f, wire, seed.p, &again);
    altered(&f, wire, "seed 0", &zero);
    cr_expect(str_eq(first, again));
    differ = differ || !str_eq(first, zero);
  }
  cr_expect(differ, "twenty seeds spoil it in one way");
}

Test(fault, what_cannot_be_spoilt_is_an_error) {
  struct fault f = fault(FAULT_CORRUPT_ENVELOPE);
  struct facts none = facts_of("message", "", "");
  struct error e;
  struct str bytes;
  f.how = STR("base64");
  cr_expect_eq(fault_alter(&bytes, a, &f, STR("{}"), &none, STR("s"), &e), -1);
  f.how = STR("content");
  cr_expect_eq(fault_alter(&bytes, a, &f, STR("{}"), &none, STR("s"), &e), -1);
  f = fault(FAULT_WRONG_RECEIPT);
  cr_expect_eq(fault_alter(&bytes, a, &f, STR("{}"), &none, STR("s"), &e), -1);
}

/* ---- on the wire ---- */

static void send_with(struct office *o, enum fault_kind kind, int64_t ms) {
  struct fault f = fault(kind);
  f.ms = ms;
  endpoint_send_with(o->endpoint, STR("m1"), STR("hello"), STR("text/plain"), STR("x.txt"), &f);
}

static void two_offices(struct office *o, struct office *vendor) {
  office_open(vendor, "vans-http", "");
  office_open(o, "vans-http", endpoint_address(vendor->endpoint));
}

/* Both loops, until *n has reached count. */
static void both_until(struct office *o, struct office *vendor, const size_t *n, size_t count) {
  int64_t until = clock_monotonic() + OFFICE_WAIT_MS;
  while (*n < count && clock_monotonic() < until) {
    loop_turn(o->loop, 1);
    loop_turn(vendor->loop, 1);
  }
  cr_assert_geq(*n, count, "it did not come");
}

Test(fault, http_a_duplicate_goes_out_twice_and_has_one_result) {
  struct office o, vendor;
  two_offices(&o, &vendor);
  send_with(&o, FAULT_DUPLICATE, 0);
  both_until(&o, &vendor, &o.results, 1);
  cr_expect_eq(vendor.arrivals, (size_t)2);
  cr_expect(str_eqz(o.status, "202"));
  office_close(&o);
  office_close(&vendor);
}

Test(fault, http_a_dropped_one_goes_nowhere) {
  struct office o, vendor;
  two_offices(&o, &vendor);
  send_with(&o, FAULT_DROP_RECEIPT, 0);
  cr_expect_eq(o.results, (size_t)1);
  cr_expect(str_eqz(o.status, ENDPOINT_DROPPED));
  office_turns(&vendor, 50);
  cr_expect_eq(vendor.arrivals, (size_t)0);
  office_close(&o);
  office_close(&vendor);
}

Test(fault, http_a_late_one_says_so_and_comes) {
  struct office o, vendor;
  two_offices(&o, &vendor);
  int64_t began = clock_monotonic();
  send_with(&o, FAULT_DELAY, 150);
  cr_expect(str_eqz(o.status, ENDPOINT_DELAYED));
  both_until(&o, &vendor, &o.results, 2);
  cr_expect_geq(clock_monotonic() - began, 150);
  cr_expect(str_eqz(o.status, "202"));
  office_close(&o);
  office_close(&vendor);
}

Test(fault, http_one_that_waits_for_the_next_comes_after_it) {
  struct office o, vendor;
  two_offices(&o, &vendor);
  send_with(&o, FAULT_REORDER, 20000);
  o.any = true;
  endpoint_send(o.endpoint, STR("m2"), STR("second"), STR("text/plain"), STR("x.txt"));
  both_until(&o, &vendor, &o.results, 3);
  cr_expect_eq(vendor.arrivals, (size_t)2);
  cr_expect_eq(vendor.size, (size_t)5, "the last one was \"hello\"");
  office_close(&o);
  office_close(&vendor);
}

Test(fault, folder_faults_that_a_folder_can_have) {
  struct office o;
  struct error e;
  char **names;
  size_t n;
  office_open(&o, "vans-folder", "");
  send_with(&o, FAULT_DUPLICATE, 0);
  cr_assert_eq(file_list(&names, &n, o.arena, office_path(&o, "to"), &e), 0);
  cr_expect_eq(n, (size_t)2);
  send_with(&o, FAULT_DELAY, 30);
  office_until(&o, &o.results, 3);
  cr_expect(str_eqz(o.status, "ready"));
  office_close(&o);
}

Test(fault, what_is_held_back_at_the_end_is_dropped_quietly) {
  struct office o;
  office_open(&o, "vans-folder", "");
  send_with(&o, FAULT_DELAY, 60000);
  send_with(&o, FAULT_REORDER, 60000);
  cr_expect_eq(o.results, (size_t)2);
  office_close(&o);
}

/* What the vendor's side sees of a message that is not taken as it should be. */
static int64_t misbehave(enum fault_kind kind, int64_t ms, int *code) {
  struct office o;
  office_open(&o, "vans-http", "");
  o.misbehave = true;
  o.fault = fault(kind);
  o.fault.ms = ms;
  o.may_fail = true;
  int64_t began = clock_monotonic();
  office_ask(&o, "POST", "", STR("x"));
  *code = o.code;
  cr_expect_eq(o.arrivals, (size_t)1);
  office_close(&o);
  return clock_monotonic() - began;
}

Test(fault, http_what_the_system_sees_of_its_own_message) {
  int code;
  misbehave(FAULT_UNAVAILABLE, 0, &code);
  cr_expect_eq(code, 503);
  misbehave(FAULT_CUT, 0, &code);
  cr_expect_eq(code, 0);
  int64_t took = misbehave(FAULT_TIME_OUT, 120, &code);
  cr_expect_eq(code, 0);
  cr_expect_geq(took, 120);
  took = misbehave(FAULT_DELAY, 120, &code);
  cr_expect_eq(code, 202);
  cr_expect_geq(took, 120);
}

Test(fault, http_the_port_can_be_closed_and_reset) {
  struct office o;
  struct error e;
  office_open(&o, "vans-http", "");
  o.may_fail = true;
  cr_assert_eq(endpoint_port(o.endpoint, false, &e), 0);
  office_ask(&o, "POST", "", STR("x"));
  cr_expect_eq(o.code, 0);
  cr_assert_eq(endpoint_port(o.endpoint, true, &e), 0, "%s", e.text);
  endpoint_reset_next(o.endpoint, 0, 1);
  office_ask(&o, "POST", "", STR("x"));
  cr_expect_eq(o.code, 0);
  cr_expect_eq(o.resets, (size_t)1);
  office_ask(&o, "POST", "", STR("x"));
  cr_expect_eq(o.code, 202);
  office_close(&o);
}

Test(fault, one_whose_answer_is_still_due_at_the_end_is_dropped) {
  struct office o;
  office_open(&o, "vans-http", "");
  o.misbehave = true;
  o.fault = fault(FAULT_TIME_OUT);
  http_send(o.client, "POST", endpoint_address(o.endpoint), "text/plain", STR("x"), 0, office_ignore, &o);
  office_until(&o, &o.arrivals, 1);
  office_close(&o);
}
