/* Defects of the wire that change how many messages come, or whether any is taken: each in a talk of its own. */
#include "peer.h"

#include <criterion/criterion.h>

/* Long enough for one message more to come, had it been sent. */
#define QUIET_MS INT64_C(500)

static void begin(struct peer *p, const char *defect) {
  peer_init(p);
  if (defect) peer_defect(p, defect);
  peer_start(p);
}

static int post_new(struct peer *p, const char *label, const char *envelope_id) {
  return peer_post(p, "/vans", peer_wrap(p, peer_fixture(p, "new.json", label, RESOURCE_JSON), envelope_id));
}

static int trigger_new(struct peer *p) {
  return peer_trigger(p, "{'action':'new','category':'nursing','text':'Hej'}");
}

static void answer(struct peer *p, const struct message *m, const char *code) {
  (void)peer_post(p, "/vans", peer_ack(p, peer_fact(m, "header.id"), code, code));
}

/* How many messages there are when it is quiet. */
static size_t count(struct peer *p, size_t expected) {
  (void)peer_await(p, expected + 1, QUIET_MS);
  return p->got.n;
}

static bool event_is_ack(const struct message *m) {
  return str_eqz(peer_fact(m, "event"), "acknowledgement-message");
}

Test(wire, a_clean_vendor_takes_answers_and_sends_once) {
  struct peer p;
  begin(&p, NULL);
  cr_expect_eq(post_new(&p, "x", NULL), 202);
  cr_assert_eq(count(&p, 1), (size_t)1);
  cr_expect(event_is_ack(p.got.v[0]));
  cr_expect_eq(trigger_new(&p), 200);
  cr_assert_eq(count(&p, 2), (size_t)2);
  answer(&p, p.got.v[1], "ok");
  cr_expect_eq(count(&p, 2), (size_t)2);
  peer_close(&p);
}

Test(wire, messages_and_acknowledgements_can_be_refused) {
  static const struct {
    const char *defect;
    int message, ack;
  } rows[] = {{"refuses-messages", 400, 202}, {"refuses-acks", 202, 400}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct peer p;
    begin(&p, rows[i].defect);
    cr_expect_eq(post_new(&p, "x", NULL), rows[i].message, "%s", rows[i].defect);
    cr_expect_eq(peer_post(&p, "/vans", peer_ack(&p, STR("nobody"), "ok", "h1")), rows[i].ack, "%s", rows[i].defect);
    peer_close(&p);
  }
}

Test(wire, a_user_can_be_refused) {
  struct peer p;
  begin(&p, "refuses-to-act");
  cr_expect_eq(trigger_new(&p), 422);
  cr_expect_eq(count(&p, 0), (size_t)0);
  peer_close(&p);
}

Test(wire, what_is_sent_can_be_lost_or_doubled) {
  static const struct {
    const char *defect;
    size_t messages;
  } rows[] = {{"sends-nothing", 0}, {"sends-twice", 2}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct peer p;
    begin(&p, rows[i].defect);
    cr_expect_eq(trigger_new(&p), 200);
    cr_expect_eq(count(&p, rows[i].messages), rows[i].messages, "%s", rows[i].defect);
    peer_close(&p);
  }
}

Test(wire, acknowledgements_can_be_doubled_forgotten_or_of_another_kind) {
  static const struct {
    const char *defect, *code; /* code NULL: no acknowledgement */
    size_t first, second;      /* messages after a message, and after its duplicate */
  } rows[] = {{"acks-twice", "ok", 2, 4},
              {"acks-transient", "transient-error", 1, 2},
              {"receipt-for-ack", NULL, 1, 1},
              {"forgets-duplicates", "ok", 1, 1}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct peer p;
    begin(&p, rows[i].defect);
    cr_expect_eq(post_new(&p, "x", NULL), 202);
    cr_assert_eq(count(&p, rows[i].first), rows[i].first, "%s", rows[i].defect);
    const struct message *m = p.got.v[0];
    cr_expect_eq(event_is_ack(m), rows[i].code != NULL, "%s", rows[i].defect);
    if (rows[i].code) cr_expect(str_eqz(peer_fact(m, "response.code"), rows[i].code), "%s", rows[i].defect);
    cr_expect_eq(post_new(&p, "x", NULL), 202);
    cr_expect_eq(count(&p, rows[i].second), rows[i].second, "%s", rows[i].defect);
    peer_close(&p);
  }
}

Test(wire, a_message_that_was_taken_can_be_sent_again) {
  struct peer p;
  begin(&p, "resends-after-ok");
  cr_expect_eq(trigger_new(&p), 200);
  cr_assert_eq(count(&p, 1), (size_t)1);
  answer(&p, p.got.v[0], "ok");
  cr_assert_eq(count(&p, 2), (size_t)2);
  cr_expect(str_eq(peer_fact(p.got.v[0], "header.id"), peer_fact(p.got.v[1], "header.id")));
  peer_close(&p);
}

/* Sent, answered with transient-error, sent again. */
static void resend(struct peer *p, const char *defect) {
  begin(p, defect);
  cr_expect_eq(trigger_new(p), 200);
  cr_assert_eq(count(p, 1), (size_t)1);
  answer(p, p->got.v[0], "transient-error");
  cr_assert_eq(count(p, 2), (size_t)2);
}

static struct str text_of(const struct message *m) {
  return node_text_at(peer_resource(m, "Communication"), "payload.contentString");
}

Test(wire, what_is_sent_again_can_be_changed) {
  static const struct {
    const char *defect;
    bool same_text, same_envelope;
  } rows[] = {{NULL, true, false}, {"changed-on-resend", false, false}, {"same-envelope-on-resend", true, true}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct peer p;
    resend(&p, rows[i].defect);
    const struct message *a = p.got.v[0], *b = p.got.v[1];
    const char *name = rows[i].defect ? rows[i].defect : "clean";
    cr_expect_eq(str_eq(text_of(a), text_of(b)), rows[i].same_text, "%s", name);
    cr_expect_eq(str_eq(peer_fact(a, "envelope.id"), peer_fact(b, "envelope.id")), rows[i].same_envelope, "%s", name);
    peer_close(&p);
  }
}

Test(wire, what_is_sent_again_can_keep_its_times_or_change_its_identifier) {
  static const struct {
    const char *defect;
    bool same_time, same_message;
  } rows[] = {{NULL, false, true}, {"old-times-on-resend", true, true}, {"new-message-id-on-resend", false, false}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct peer p;
    resend(&p, rows[i].defect);
    const struct message *a = p.got.v[0], *b = p.got.v[1];
    const char *name = rows[i].defect ? rows[i].defect : "clean";
    bool time = str_eq(node_text_at(a->resource, "timestamp"), node_text_at(b->resource, "timestamp"));
    cr_expect_eq(time, rows[i].same_time, "%s", name);
    cr_expect_eq(str_eq(peer_fact(a, "envelope.message"), peer_fact(b, "envelope.message")), rows[i].same_message, "%s",
                 name);
    peer_close(&p);
  }
}

/* Thirty minutes pass in a fifth of a second; three resends and no more, and none when an answer has come. */
Test(wire, what_nobody_acknowledges_is_sent_again) {
  static const struct {
    const char *defect;
    bool answered;
    size_t least, most;
  } rows[] = {
      {NULL, false, 4, 4}, {NULL, true, 1, 1}, {"no-timeout-resend", false, 1, 1}, {"resends-forever", false, 5, 50}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct peer p;
    peer_init(&p);
    p.options.clock_scale = 9000;
    if (rows[i].defect) peer_defect(&p, rows[i].defect);
    peer_start(&p);
    cr_expect_eq(trigger_new(&p), 200);
    cr_assert_not_null(peer_await(&p, 1, PEER_WAIT_MS));
    if (rows[i].answered) answer(&p, p.got.v[0], "ok");
    (void)peer_await(&p, rows[i].most + 1, 1500);
    cr_expect_geq(p.got.n, rows[i].least, "%s: %zu", rows[i].defect ? rows[i].defect : "clean", p.got.n);
    cr_expect_leq(p.got.n, rows[i].most, "%s: %zu", rows[i].defect ? rows[i].defect : "clean", p.got.n);
    peer_close(&p);
  }
}

Test(wire, acknowledgements_can_be_obeyed_too_often) {
  static const struct {
    const char *defect, *code;
    size_t times, messages; /* so often it is acknowledged, so many messages come */
  } rows[] = {{NULL, "transient-error", 2, 2},
              {"reacts-to-copies", "transient-error", 2, 3},
              {NULL, "ok", 2, 1},
              {"resends-on-copies", "ok", 2, 2},
              {NULL, "fatal-error", 1, 1},
              {"resends-refused", "fatal-error", 1, 2}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct peer p;
    begin(&p, rows[i].defect);
    cr_expect_eq(trigger_new(&p), 200);
    cr_assert_not_null(peer_await(&p, 1, PEER_WAIT_MS));
    for (size_t k = 0; k < rows[i].times; k++) answer(&p, p.got.v[0], rows[i].code);
    cr_expect_eq(count(&p, rows[i].messages), rows[i].messages, "%s", rows[i].defect ? rows[i].defect : rows[i].code);
    peer_close(&p);
  }
}

/* Another message of the same fixture, with the Bundle.id of the first. */
static struct str with_bundle_of(struct peer *p, struct str payload, struct str first) {
  struct message a, b;
  message_read(&a, p->arena, (struct source){STR("a"), first});
  message_read(&b, p->arena, (struct source){STR("b"), payload});
  struct str old = peer_fact(&b, "bundle.id");
  size_t at = str_find(payload, old, 0);
  return arena_printf(p->arena, "%.*s%.*s%.*s", (int)at, payload.p, STR_F(peer_fact(&a, "bundle.id")),
                      STR_F(str_sub(payload, at + old.n, payload.n)));
}

Test(wire, identifiers_that_were_used_can_be_taken) {
  static const struct {
    const char *defect;
    bool envelope; /* else Bundle.id */
    const char *code;
  } rows[] = {{NULL, true, "fatal-error"},
              {"takes-used-envelope", true, "ok"},
              {NULL, false, "fatal-error"},
              {"takes-used-bundle", false, "ok"}};
  const char *id = "5a5e0000-0000-4000-8000-0000000000aa";
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct peer p;
    begin(&p, rows[i].defect);
    struct str x = peer_fixture(&p, "new.json", "x", RESOURCE_JSON);
    struct str y = peer_fixture(&p, "new.json", "y", RESOURCE_JSON);
    if (!rows[i].envelope) y = with_bundle_of(&p, y, x);
    cr_expect_eq(peer_post(&p, "/vans", peer_wrap(&p, x, rows[i].envelope ? id : NULL)), 202);
    cr_expect_eq(peer_post(&p, "/vans", peer_wrap(&p, y, rows[i].envelope ? id : NULL)), 202);
    const struct message *m = peer_await(&p, 2, PEER_WAIT_MS);
    cr_expect(str_eqz(peer_fact(m, "response.code"), rows[i].code), "%s", rows[i].defect ? rows[i].defect : "clean");
    if (!rows[i].defect) peer_expect_valid(&p, m, "acknowledgement of a used identifier");
    peer_close(&p);
  }
}

Test(wire, a_duplicate_can_be_forgiven) {
  static const char *const rows[][2] = {{NULL, "fatal-error"}, {"positive-after-negative", "ok"}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct peer p;
    begin(&p, rows[i][0]);
    struct str good = peer_fixture(&p, "new.json", "x", RESOURCE_JSON);
    size_t at = str_find(good, STR("\"category\""), 0);
    struct str bad = arena_printf(p.arena, "%.*s\"note\"%.*s", (int)at, good.p, STR_F(str_sub(good, at + 10, good.n)));
    for (size_t k = 1; k <= 2; k++) {
      cr_expect_eq(peer_post(&p, "/vans", peer_wrap(&p, bad, NULL)), 202);
      cr_assert_not_null(peer_await(&p, k, PEER_WAIT_MS));
    }
    cr_expect(str_eqz(peer_fact(p.got.v[0], "response.code"), "fatal-error"));
    cr_expect(str_eqz(peer_fact(p.got.v[1], "response.code"), rows[i][1]));
    peer_close(&p);
  }
}

Test(wire, what_cannot_be_read_can_break_the_system) {
  static const struct {
    const char *defect;
    int status;
  } rows[] = {{NULL, 202}, {"fails-on-unreadable", 500}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct peer p;
    begin(&p, rows[i].defect);
    cr_expect_eq(peer_post(&p, "/vans", peer_wrap(&p, STR("no FHIR"), NULL)), rows[i].status);
    peer_close(&p);
  }
}

Test(wire, a_receipt_can_be_positive) {
  static const char *const receipts[][2] = {{NULL, "NegativeMessage"}, {"receipt-positive", "PositiveMessage"}};
  for (size_t i = 0; i < sizeof receipts / sizeof *receipts; i++) {
    struct peer p;
    begin(&p, receipts[i][0]);
    (void)peer_post(&p, "/vans", peer_wrap(&p, STR("no FHIR"), NULL));
    cr_expect(str_eqz(peer_fact(peer_await(&p, 1, PEER_WAIT_MS), "envelope.receipt"), receipts[i][1]));
    peer_close(&p);
  }
}

/* ---- a FHIR server instead of a VANS ---- */

Test(wire, to_a_fhir_server_messages_go_bare) {
  struct peer p;
  peer_init(&p);
  p.options.rest = p.options.to;
  p.options.to = NULL;
  peer_start(&p);
  cr_expect_eq(trigger_new(&p), 200);
  cr_assert_eq(count(&p, 1), (size_t)1);
  cr_expect(str_eqz(peer_fact(p.got.v[0], "envelope"), "none"));
  cr_expect(str_eqz(peer_fact(p.got.v[0], "event"), "care-communication-message"));
  cr_expect_eq(peer_trigger(&p, "{'action':'fetch'}"), 400);
  cr_expect_eq(peer_trigger(&p, "{'action':'rest'}"), 400);
  cr_expect_eq(peer_trigger(&p, "{'action':'fetch','id':'1'}"), 200);
  peer_close(&p);
}

Test(wire, without_a_fhir_server_nothing_is_fetched) {
  struct peer p;
  begin(&p, NULL);
  cr_expect_eq(peer_trigger(&p, "{'action':'fetch','id':'1'}"), 400);
  cr_expect_neq(str_find(p.body, STR("--rest"), 0), SIZE_MAX, "%.*s", STR_F(p.body));
  peer_close(&p);
}
