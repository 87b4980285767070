/* Each defect breaks what it says, and a clean vendor does not: one conversation, looked at from every side. */
#include "peer.h"

#include "base/file.h"

#include <criterion/criterion.h>
#include <string.h>

#define SLOT_MS INT64_C(1500)

enum slot {
  ACK,         /* of a message with attachments and a specific sender */
  ACK_AGAIN,   /* of its duplicate */
  REPLY,       /* to it */
  FORWARD,     /* of it */
  ACK_EPISODE, /* of one with an episodeOfCare */
  REPLY_EPISODE,
  ACK_XML, /* of one in XML, whose patient has two identifiers */
  REPLY_XML,
  ACK_EARLY,   /* of a reply that comes before its message */
  ACK_INVALID, /* of one without category */
  NEW,         /* category other, with a topic */
  RESENT,      /* after transient-error */
  ANSWERED,    /* what comes of an acknowledgement: nothing */
  SLOTS_N
};

struct talk {
  struct peer p;
  struct message *slots[SLOTS_N];
  struct message full, identifiers; /* what was sent */
  int64_t first_ms;
};

/* Each step leads to at most one message. */
static void take(struct talk *t, enum slot s, size_t *seen) {
  t->slots[s] = peer_await(&t->p, *seen + 1, s == ANSWERED ? SLOT_MS / 4 : SLOT_MS);
  *seen = t->p.got.n;
}

static void post(struct talk *t, struct str payload) {
  cr_assert_eq(peer_post(&t->p, "/vans", peer_wrap(&t->p, payload, NULL)), 202);
}

static struct str fixture(struct talk *t, const char *name, enum resource_form form) {
  return peer_fixture(&t->p, name, "x", form);
}

static struct str invalid(struct talk *t) {
  struct str payload = peer_fixture(&t->p, "new.json", "bad", RESOURCE_JSON);
  size_t at = str_find(payload, STR("\"category\""), 0);
  return arena_printf(t->p.arena, "%.*s\"note\"%.*s", (int)at, payload.p, STR_F(str_sub(payload, at + 10, payload.n)));
}

static void converse(struct talk *t) {
  size_t seen = 0;
  struct peer *p = &t->p;
  struct str full = fixture(t, "new-full.json", RESOURCE_JSON);
  message_read(&t->full, p->arena, (struct source){STR("full"), full});
  message_read(&t->identifiers, p->arena, (struct source){STR("two"), fixture(t, "cpr-and-ecpr.json", RESOURCE_JSON)});
  int64_t start = clock_monotonic();
  post(t, full);
  take(t, ACK, &seen);
  t->first_ms = clock_monotonic() - start;
  post(t, full);
  take(t, ACK_AGAIN, &seen);
  (void)peer_trigger(p, "{'action':'reply'}");
  take(t, REPLY, &seen);
  (void)peer_trigger(p, "{'action':'forward'}");
  take(t, FORWARD, &seen);
  post(t, fixture(t, "new-episode.json", RESOURCE_JSON));
  take(t, ACK_EPISODE, &seen);
  (void)peer_trigger(p, "{'action':'reply'}");
  take(t, REPLY_EPISODE, &seen);
  post(t, fixture(t, "cpr-and-ecpr.json", RESOURCE_XML));
  take(t, ACK_XML, &seen);
  (void)peer_trigger(p, "{'action':'reply'}");
  take(t, REPLY_XML, &seen);
  post(t, fixture(t, "order-second.json", RESOURCE_JSON));
  take(t, ACK_EARLY, &seen);
  post(t, invalid(t));
  take(t, ACK_INVALID, &seen);
  (void)peer_trigger(p, "{'action':'new','category':'other','topic':'Emne','attachment':'pdf'}");
  take(t, NEW, &seen);
  (void)peer_post(p, "/vans", peer_ack(p, peer_fact(t->slots[NEW], "header.id"), "transient-error", "h1"));
  take(t, RESENT, &seen);
  if (str_eqz(peer_fact(t->slots[RESENT], "event"), "acknowledgement-message")) take(t, RESENT, &seen);
  (void)peer_post(p, "/vans", peer_ack(p, peer_fact(t->slots[NEW], "header.id"), "ok", "h2"));
  take(t, ANSWERED, &seen);
}

static bool fact_is(const struct talk *t, enum slot s, const char *name, const char *value) {
  return str_eqz(peer_fact(t->slots[s], name), value);
}

static bool fact_same(const struct talk *t, enum slot a, enum slot b, const char *name) {
  struct str x = peer_fact(t->slots[a], name);
  return x.n && str_eq(x, peer_fact(t->slots[b], name));
}

static const struct node *communication(const struct message *m) {
  return peer_resource(m, "Communication");
}

static bool wrong_ack_code(struct talk *t) {
  return fact_is(t, ACK, "response.code", "fatal-error") && peer_resource(t->slots[ACK], "OperationOutcome");
}

static bool no_ack(struct talk *t) {
  return !t->slots[ACK] && !t->slots[ACK_INVALID] && t->slots[REPLY];
}

static bool acks_an_ack(struct talk *t) {
  return fact_is(t, ANSWERED, "event", "acknowledgement-message") && fact_is(t, ANSWERED, "response.to", "h2");
}

static bool acks_invalid_ok(struct talk *t) {
  return fact_is(t, ACK_INVALID, "response.code", "ok");
}

static bool missing_outcome(struct talk *t) {
  return fact_is(t, ACK_INVALID, "response.code", "fatal-error") &&
         !peer_resource(t->slots[ACK_INVALID], "OperationOutcome");
}

static bool ack_wrong_identifier(struct talk *t) {
  return str_eq(peer_fact(t->slots[ACK], "response.to"), peer_fact(&t->full, "bundle.id"));
}

static bool ack_one_provenance(struct talk *t) {
  return peer_count(t->slots[ACK], "Provenance") == 1;
}

static bool late(struct talk *t) {
  return t->first_ms >= t->p.options.late_ms && t->slots[ACK];
}

static bool same_bundle_id(struct talk *t) {
  return fact_same(t, ACK, ACK_AGAIN, "bundle.id") && fact_same(t, NEW, RESENT, "bundle.id");
}

static bool negative_after_positive(struct talk *t) {
  return fact_is(t, ACK, "response.code", "ok") && fact_is(t, ACK_AGAIN, "response.code", "fatal-error");
}

static bool refuses_wrong_order(struct talk *t) {
  return fact_is(t, ACK, "response.code", "ok") && fact_is(t, ACK_EARLY, "response.code", "fatal-error");
}

static bool refuses_xml(struct talk *t) {
  return fact_is(t, ACK, "response.code", "ok") && fact_is(t, ACK_XML, "response.code", "fatal-error");
}

static bool no_resend(struct talk *t) {
  return t->slots[NEW] && !t->slots[RESENT];
}

static bool new_header(struct talk *t) {
  return t->slots[RESENT] && !fact_same(t, NEW, RESENT, "header.id");
}

static bool new_thread(struct talk *t) {
  return !str_eq(peer_fact(t->slots[REPLY], "thread"), peer_fact(&t->full, "thread"));
}

static bool keeps_thread(struct talk *t) {
  return str_eq(peer_fact(t->slots[FORWARD], "thread"), peer_fact(&t->full, "thread"));
}

static bool lost_provenance(struct talk *t) {
  return peer_count(t->slots[REPLY], "Provenance") == 1 && peer_count(t->slots[FORWARD], "Provenance") == 1;
}

static bool no_target(struct talk *t) {
  return t->slots[REPLY] && peer_fact(t->slots[REPLY], "activity").n == 0;
}

static bool lost_segments(struct talk *t) {
  return node_count(communication(t->slots[REPLY]), "payload") == 1;
}

static bool old_date(struct talk *t) {
  const struct node *payload = node_child(communication(t->slots[REPLY]), "payload");
  return payload && node_again(payload) &&
         !str_eqz(node_text_at(payload, "extension.valueDateTime"), "2026-01-05T09:30:00+01:00");
}

static bool old_text(struct talk *t) {
  return str_eqz(node_text_at(communication(t->slots[REPLY]), "payload.contentString"), "Omskrevet tekst");
}

static bool other_patient(struct talk *t) {
  struct str found = peer_fact(t->slots[REPLY], "patient");
  return found.n && !str_eq(found, peer_fact(&t->full, "patient"));
}

/* One message, two answers. */
static bool contradicts_itself(struct talk *t) {
  return fact_is(t, ACK, "response.code", "ok") && fact_is(t, ACK_AGAIN, "response.code", "fatal-error") &&
         t->p.got.n > SLOTS_N;
}

static size_t data_of(const struct message *m) {
  size_t n = 0;
  for (const struct node *q = node_child(communication(m), "payload"); q; q = node_again(q))
    n += node_text_at(q, "contentAttachment.data").n > 0;
  return n;
}

static bool data_repeated(struct talk *t) {
  return data_of(t->slots[REPLY]) > 0;
}

static bool lost_identifier(struct talk *t) {
  return str_eq(peer_fact(t->slots[REPLY_XML], "previous"), peer_fact(&t->identifiers, "header.id")) &&
         node_count(peer_resource(t->slots[REPLY_XML], "Patient"), "identifier") == 1;
}

static bool lost_episode(struct talk *t) {
  return peer_count(t->slots[REPLY_EPISODE], "Encounter") == 0;
}

static bool lost_recipient(struct talk *t) {
  return !node_child(communication(t->slots[REPLY]), "recipient");
}

static bool no_topic(struct talk *t) {
  return fact_is(t, NEW, "category", "other") && !node_child(communication(t->slots[NEW]), "topic");
}

static bool priority(struct talk *t) {
  return fact_is(t, NEW, "priority", "asap");
}

static bool no_zone(struct talk *t) {
  return node_text_at(t->slots[NEW]->resource, "timestamp").n == strlen("2026-01-05T10:00:00");
}

static bool wrong_receiver(struct talk *t) {
  return t->slots[REPLY] && !fact_is(t, REPLY, "receiver.gln", PEER_GLN) &&
         !fact_is(t, ACK, "envelope.receiver", PEER_GLN);
}

/* A finding of the envelope, by rule. */
static bool envelope_has(struct talk *t, enum slot s, const char *rule) {
  const struct findings *f = &t->slots[s]->envelope_findings;
  for (size_t i = 0; i < f->list.n; i++)
    if (str_eqz(f->list.v[i].rule, rule)) return true;
  return false;
}

static bool not_base64(struct talk *t) {
  return t->slots[NEW]->envelope && !t->slots[NEW]->envelope->payload_ok;
}

static bool wrong_mime(struct talk *t) {
  return envelope_has(t, NEW, "vans.mime-mismatch") || envelope_has(t, NEW, "vans.mime.mismatch");
}

static bool wrong_size(struct talk *t) {
  const struct envelope *env = t->slots[NEW]->envelope;
  return env->meta.size == (int64_t)env->payload.n + 1;
}

static bool wrong_name(struct talk *t) {
  return fact_is(t, NEW, "envelope.name", "MCM:FDIS91#nursing");
}

static bool same_envelope(struct talk *t) {
  return fact_same(t, REPLY, FORWARD, "envelope.id");
}

static bool no_header_profile(struct talk *t) {
  const struct node *header = peer_resource(t->slots[NEW], "MessageHeader");
  return header && !node_child(header, "meta");
}

static bool unknown_category(struct talk *t) {
  return fact_is(t, NEW, "category", "small-talk");
}

static bool no_segment_date(struct talk *t) {
  const struct node *payload = node_child(communication(t->slots[NEW]), "payload");
  for (const struct node *x = node_child(payload, "extension"); x; x = node_again(x))
    if (node_child(x, "valueDateTime")) return false;
  return payload != NULL;
}

static bool impossible_cpr(struct talk *t) {
  return str_starts(peer_fact(t->slots[NEW], "patient"), STR("99"));
}

static bool status_completed(struct talk *t) {
  return str_eqz(node_text_at(communication(t->slots[NEW]), "status"), "completed");
}

static bool unknown_extension(struct talk *t) {
  return node_child(communication(t->slots[NEW]), "extension") != NULL;
}

static bool script_in_narrative(struct talk *t) {
  return str_find(node_text_at(peer_resource(t->slots[NEW], "Patient"), "text.div"), STR("<script"), 0) != SIZE_MAX;
}

static bool two_patients(struct talk *t) {
  return peer_count(t->slots[NEW], "Patient") == 2;
}

static const struct {
  const char *name;
  bool (*broken)(struct talk *t);
} looks[] = {
    {"wrong-ack-code", wrong_ack_code},
    {"no-ack", no_ack},
    {"acks-an-ack", acks_an_ack},
    {"acks-invalid-ok", acks_invalid_ok},
    {"missing-outcome", missing_outcome},
    {"ack-wrong-identifier", ack_wrong_identifier},
    {"ack-one-provenance", ack_one_provenance},
    {"late", late},
    {"same-bundle-id-on-resend", same_bundle_id},
    {"negative-after-positive", negative_after_positive},
    {"refuses-wrong-order", refuses_wrong_order},
    {"refuses-xml", refuses_xml},
    {"no-resend", no_resend},
    {"new-header-on-resend", new_header},
    {"new-thread-on-reply", new_thread},
    {"forward-keeps-thread", keeps_thread},
    {"lost-provenance", lost_provenance},
    {"no-new-provenance-target", no_target},
    {"lost-segments", lost_segments},
    {"old-date-changed", old_date},
    {"old-text-changed", old_text},
    {"other-patient", other_patient},
    {"contradicts-itself", contradicts_itself},
    {"attachment-data-repeated", data_repeated},
    {"lost-identifier", lost_identifier},
    {"lost-episode", lost_episode},
    {"lost-recipient", lost_recipient},
    {"no-topic-with-other", no_topic},
    {"priority-always", priority},
    {"no-zone", no_zone},
    {"wrong-receiver-gln", wrong_receiver},
    {"payload-not-base64", not_base64},
    {"wrong-mime", wrong_mime},
    {"wrong-size", wrong_size},
    {"wrong-name", wrong_name},
    {"same-envelope-id", same_envelope},
    {"no-header-profile", no_header_profile},
    {"unknown-category", unknown_category},
    {"no-segment-date", no_segment_date},
    {"impossible-cpr", impossible_cpr},
    {"status-completed", status_completed},
    {"unknown-extension", unknown_extension},
    {"script-in-narrative", script_in_narrative},
    {"two-patients", two_patients},
};
#define LOOKS (sizeof looks / sizeof *looks)

/* What cannot be unwrapped looks broken from every side; answers too many move all that follows. */
static bool overlaps(const char *name) {
  return !strcmp(name, "payload-not-base64") || !strcmp(name, "contradicts-itself");
}

/* look: index of the defect, LOOKS for none. */
static void check(size_t look) {
  struct talk t = {0};
  const char *name = look < LOOKS ? looks[look].name : "a clean vendor";
  peer_init(&t.p);
  if (look < LOOKS) peer_defect(&t.p, name);
  peer_start(&t.p);
  converse(&t);
  for (size_t i = 0; i < LOOKS; i++) {
    bool is = looks[i].broken(&t);
    if (i == look)
      cr_expect(is, "%s does not break what it says", name);
    else if (!overlaps(name))
      cr_expect_not(is, "%s breaks what %s is to break", name, looks[i].name);
  }
  peer_close(&t.p);
}

Test(refvendor, a_clean_vendor_breaks_nothing, .timeout = 120) {
  check(LOOKS);
}

Test(refvendor, each_defect_breaks_one_thing, .timeout = 240) {
  for (size_t i = 0; i < LOOKS; i++) check(i);
}

Test(refvendor, the_table_is_whole) {
  for (size_t i = 0; i < DEFECTS_N; i++) {
    cr_assert_not_null(defects[i].name);
    cr_expect(defects[i].en && defects[i].da, "%s", defects[i].name);
    cr_expect_eq(defect_find(str_z(defects[i].name)), (int)i);
  }
  cr_expect_eq(defect_find(STR("none")), -1);
}
