#include "peer.h"

#include "base/file.h"

#include <criterion/criterion.h>

#define FULL_ATTACHMENTS 7

static struct str json_str(struct peer *p, const char *name) {
  struct str text = p->body, head = arena_printf(p->arena, "\"%s\":[\"", name);
  size_t at = str_find(text, head, 0);
  if (at == SIZE_MAX) return (struct str){0};
  return str_sub(text, at + head.n, str_find(text, STR("\""), at + head.n));
}

static size_t occurrences(struct str text, const char *what) {
  size_t n = 0;
  for (size_t at = 0; (at = str_find(text, str_z(what), at)) != SIZE_MAX; at++) n++;
  return n;
}

static void post_fixture(struct peer *p, const char *name, enum resource_form form) {
  cr_assert_eq(peer_post(p, "/vans", peer_wrap(p, peer_fixture(p, name, "x", form), NULL)), 202, "%s", name);
}

Test(refvendor, new_message_is_valid_in_both_forms) {
  for (int form = RESOURCE_JSON; form <= RESOURCE_XML; form++) {
    struct peer p;
    peer_init(&p);
    p.options.form = (enum resource_form)form;
    peer_start(&p);
    cr_assert_eq(peer_trigger(&p, "{'id':'a','action':'new','category':'regarding-referral','priority':'asap',"
                                  "'attachment':'all','episode':true,'specific-sender':true,'user':2,"
                                  "'specific-recipient':'Sårteam','text':'Linje 1\\nLinje 2 <&>'}"),
                 200);
    struct message *m = peer_await(&p, 1, PEER_WAIT_MS);
    peer_expect_valid(&p, m, "new");
    cr_expect(str_eq(json_str(&p, "sent"), peer_fact(m, "header.id")));
    cr_expect(str_eqz(peer_fact(m, "activity"), "new-message"));
    cr_expect(str_eqz(peer_fact(m, "form"), form == RESOURCE_XML ? "xml" : "json"));
    cr_expect(str_eqz(peer_fact(m, "envelope.receiver"), PEER_GLN));
    cr_expect(str_eqz(peer_fact(m, "receiver.gln"), PEER_GLN));
    cr_expect_eq(node_count(peer_resource(m, "Communication"), "payload"), 1 + FULL_ATTACHMENTS);
    cr_expect(str_find(node_text_at(peer_resource(m, "Communication"), "payload.contentString"), STR("1\nLinje 2 <&>"),
                       0) != SIZE_MAX);
    cr_expect_eq(peer_count(m, "Encounter"), 1);
    peer_close(&p);
  }
}

Test(refvendor, seeded_runs_are_alike) {
  struct str wire[2];
  struct peer p[2];
  for (int i = 0; i < 2; i++) {
    peer_init(&p[i]);
    peer_start(&p[i]);
    cr_assert_eq(peer_trigger(&p[i], "{'action':'new'}"), 200);
    struct message *m = peer_await(&p[i], 1, PEER_WAIT_MS);
    cr_assert_not_null(m);
    wire[i] = m->raw.bytes;
  }
  cr_expect(str_eq(wire[0], wire[1]));
  for (int i = 0; i < 2; i++) peer_close(&p[i]);
}

/* Acknowledged, answered and forwarded: what comes of each fixture of the project. */
static void check_fixture(const char *name, enum resource_form form) {
  struct peer p;
  peer_init(&p);
  peer_start(&p);
  post_fixture(&p, name, form);
  struct message *ack = peer_await(&p, 1, PEER_WAIT_MS), sent;
  message_read(&sent, p.arena, (struct source){STR("sent"), peer_fixture(&p, name, "x", form)});
  peer_expect_valid(&p, ack, name);
  cr_expect(str_eqz(peer_fact(ack, "response.code"), "ok"), "%s", name);
  cr_expect(str_eq(peer_fact(ack, "response.to"), peer_fact(&sent, "header.id")), "%s", name);
  cr_expect_eq(peer_count(ack, "Provenance"), 2, "%s", name);
  cr_assert_eq(peer_trigger(&p, "{'action':'reply','text':'Svar','attachment':['png','url']}"), 200, "%s", name);
  struct message *reply = peer_await(&p, 2, PEER_WAIT_MS);
  peer_expect_valid(&p, reply, name);
  cr_expect(str_eq(peer_fact(reply, "thread"), peer_fact(&sent, "thread")), "%s", name);
  cr_expect(str_eq(peer_fact(reply, "previous"), peer_fact(&sent, "header.id")), "%s", name);
  cr_expect(str_eq(peer_fact(reply, "receiver.gln"), STR(PEER_GLN)), "%s", name);
  cr_expect_eq(peer_count(reply, "Provenance"), peer_count(&sent, "Provenance") + 1, "%s", name);
  cr_assert_eq(peer_trigger(&p, "{'action':'forward','forward-to':'" OTHER_GLN "'}"), 200, "%s", name);
  struct message *forward = peer_await(&p, 3, PEER_WAIT_MS);
  peer_expect_valid(&p, forward, name);
  cr_expect_not(str_eq(peer_fact(forward, "thread"), peer_fact(&sent, "thread")), "%s", name);
  cr_expect(str_eq(peer_fact(forward, "receiver.gln"), STR(OTHER_GLN)), "%s", name);
  peer_close(&p);
}

Test(refvendor, every_fixture_is_acknowledged_answered_and_forwarded) {
  struct arena *a = arena_new(0);
  char **names;
  size_t n;
  struct error e;
  cr_assert_eq(file_list(&names, &n, a, TEST_ROOT "/fixtures/carecommunication", &e), 0, "%s", e.text);
  cr_assert_gt(n, 10);
  for (size_t i = 0; i < n; i++)
    if (str_ends(str_z(names[i]), STR(".json"))) check_fixture(names[i], i % 2 ? RESOURCE_XML : RESOURCE_JSON);
  arena_free(a);
}

static size_t data_bytes(const struct message *m) {
  size_t n = 0;
  for (const struct node *q = node_child(peer_resource(m, "Communication"), "payload"); q; q = node_again(q))
    n += node_text_at(q, "contentAttachment.data").n > 0;
  return n;
}

Test(refvendor, reply_leaves_old_data_out_and_forward_of_the_reply_has_it_again) {
  struct peer p;
  peer_init(&p);
  peer_start(&p);
  post_fixture(&p, "new-attachments.json", RESOURCE_JSON);
  peer_await(&p, 1, PEER_WAIT_MS);
  struct message sent;
  message_read(&sent, p.arena, (struct source){STR("sent"), peer_fixture(&p, "new-attachments.json", "x", 0)});
  cr_assert_gt(data_bytes(&sent), 0);
  cr_assert_eq(peer_trigger(&p, "{'action':'reply'}"), 200);
  struct str reply_id = json_str(&p, "sent");
  struct message *reply = peer_await(&p, 2, PEER_WAIT_MS);
  cr_expect_eq(data_bytes(reply), 0);
  const char *forward = arena_printf(p.arena, "{'action':'forward','answers':'%.*s'}", STR_F(reply_id)).p;
  cr_assert_eq(peer_trigger(&p, forward), 200);
  cr_expect_eq(data_bytes(peer_await(&p, 3, PEER_WAIT_MS)), data_bytes(&sent));
  peer_close(&p);
}

Test(refvendor, part_of_a_thread_can_be_forwarded) {
  struct peer p;
  peer_init(&p);
  peer_start(&p);
  post_fixture(&p, "order-second.json", RESOURCE_JSON);
  peer_await(&p, 1, PEER_WAIT_MS);
  cr_assert_eq(peer_trigger(&p, "{'action':'forward','latest-only':true}"), 200);
  struct message *m = peer_await(&p, 2, PEER_WAIT_MS);
  cr_assert_not_null(m);
  cr_expect_eq(node_count(peer_resource(m, "Communication"), "payload"), 2);
  cr_expect_eq(peer_count(m, "Provenance"), 2);
  peer_close(&p);
}

Test(refvendor, specific_sender_becomes_specific_recipient) {
  struct peer p;
  peer_init(&p);
  peer_start(&p);
  post_fixture(&p, "new-specific.json", RESOURCE_JSON);
  struct message sent, *reply;
  message_read(&sent, p.arena, (struct source){STR("sent"), peer_fixture(&p, "new-specific.json", "x", 0)});
  cr_assert_eq(peer_trigger(&p, "{'action':'reply'}"), 200);
  reply = peer_await(&p, 2, PEER_WAIT_MS);
  struct str sender = node_text_at(peer_resource(&sent, "Communication"), "extension.valueReference.reference");
  cr_assert_gt(sender.n, 0);
  cr_expect(str_eq(node_text_at(peer_resource(reply, "Communication"), "recipient.reference"), sender));
  peer_close(&p);
}

Test(refvendor, duplicates_get_the_same_acknowledgement_and_are_shown_once) {
  struct peer p;
  peer_init(&p);
  peer_start(&p);
  struct str payload = peer_fixture(&p, "new.json", "x", RESOURCE_JSON);
  const char *id = "11111111-1111-4111-8111-111111111111";
  for (size_t i = 0; i < 3; i++) {
    /* The very same envelope twice, then the message in a new one. */
    cr_assert_eq(peer_post(&p, "/vans", peer_wrap(&p, payload, i < 2 ? id : NULL)), 202);
    struct message *ack = peer_await(&p, i + 1, PEER_WAIT_MS);
    peer_expect_valid(&p, ack, "acknowledgement of a duplicate");
    cr_expect(str_eqz(peer_fact(ack, "response.code"), "ok"));
    if (i == 0) continue;
    cr_expect(str_eq(peer_fact(ack, "header.id"), peer_fact(p.got.v[0], "header.id")));
    cr_expect_not(str_eq(peer_fact(ack, "bundle.id"), peer_fact(p.got.v[i - 1], "bundle.id")));
    cr_expect_not(str_eq(node_text_at(ack->resource, "timestamp"), node_text_at(p.got.v[0]->resource, "timestamp")));
  }
  cr_expect_eq(occurrences(peer_state(&p), "\"resends\""), 1);
  peer_close(&p);
}

static struct str without_category(struct peer *p, const char *label) {
  struct str payload = peer_fixture(p, "new.json", label, RESOURCE_JSON);
  size_t at = str_find(payload, STR("\"category\""), 0);
  return arena_printf(p->arena, "%.*s\"language\": \"da\", \"note\"%.*s", (int)at, payload.p,
                      STR_F(str_sub(payload, at + 10, payload.n)));
}

Test(refvendor, an_invalid_message_gets_fatal_error_each_time_and_is_not_shown) {
  struct peer p;
  peer_init(&p);
  peer_start(&p);
  for (size_t i = 0; i < 2; i++) {
    cr_assert_eq(peer_post(&p, "/vans", peer_wrap(&p, without_category(&p, "bad"), NULL)), 202);
    struct message *ack = peer_await(&p, i + 1, PEER_WAIT_MS);
    peer_expect_valid(&p, ack, "negative acknowledgement");
    cr_expect(str_eqz(peer_fact(ack, "response.code"), "fatal-error"));
    cr_expect(str_find(node_text_at(peer_resource(ack, "OperationOutcome"), "issue.details.text"), STR("category"),
                       0) != SIZE_MAX);
  }
  cr_expect_eq(occurrences(peer_state(&p), "\"resends\""), 0);
  peer_close(&p);
}

Test(refvendor, a_used_envelope_identifier_with_another_message_is_an_error) {
  struct peer p;
  const char *id = "11111111-1111-4111-8111-111111111111";
  peer_init(&p);
  peer_start(&p);
  peer_post(&p, "/vans", peer_wrap(&p, peer_fixture(&p, "new.json", "one", RESOURCE_JSON), id));
  peer_post(&p, "/vans", peer_wrap(&p, peer_fixture(&p, "new.json", "two", RESOURCE_JSON), id));
  cr_assert_not_null(peer_await(&p, 2, PEER_WAIT_MS));
  cr_expect(str_eqz(peer_fact(p.got.v[0], "response.code"), "ok"));
  cr_expect(str_eqz(peer_fact(p.got.v[1], "response.code"), "fatal-error"));
  peer_close(&p);
}

Test(refvendor, wrong_order_ends_in_one_thread) {
  struct peer p;
  peer_init(&p);
  peer_start(&p);
  post_fixture(&p, "order-second.json", RESOURCE_JSON);
  post_fixture(&p, "order-first.json", RESOURCE_XML);
  cr_assert_not_null(peer_await(&p, 2, PEER_WAIT_MS));
  for (size_t i = 0; i < 2; i++) cr_expect(str_eqz(peer_fact(p.got.v[i], "response.code"), "ok"));
  struct str state = peer_state(&p);
  cr_expect_eq(occurrences(state, "\"thread\""), 1);
  cr_expect_eq(occurrences(state, "\"text\""), 2, "segments that stand in both messages are shown once");
  peer_close(&p);
}

Test(refvendor, transient_error_resends_once_and_nothing_is_acknowledged) {
  struct peer p;
  peer_init(&p);
  peer_start(&p);
  cr_assert_eq(peer_trigger(&p, "{'action':'new'}"), 200);
  struct message *first = peer_await(&p, 1, PEER_WAIT_MS);
  struct str id = peer_fact(first, "header.id");
  const char *again[] = {"h1", "h1"};
  for (size_t i = 0; i < 2; i++)
    cr_assert_eq(peer_post(&p, "/vans", peer_ack(&p, id, "transient-error", again[i])), 202);
  struct message *second = peer_await(&p, 2, PEER_WAIT_MS);
  peer_expect_valid(&p, second, "resent");
  cr_expect(str_eq(peer_fact(second, "header.id"), id));
  cr_expect_not(str_eq(peer_fact(second, "bundle.id"), peer_fact(first, "bundle.id")));
  cr_expect_not(str_eq(peer_fact(second, "envelope.id"), peer_fact(first, "envelope.id")));
  cr_expect(str_eq(peer_fact(second, "envelope.message"), peer_fact(first, "envelope.message")));
  cr_assert_eq(peer_post(&p, "/vans", peer_ack(&p, id, "ok", "h2")), 202);
  cr_expect_null(peer_await(&p, 3, 200), "an acknowledgement was answered");
  cr_expect_geq(occurrences(peer_state(&p), "\"ack\": \"ok\""), 1);
  peer_close(&p);
}

Test(refvendor, broken_answers_transient_error_until_it_is_repaired) {
  static const char *const codes[] = {"transient-error", "ok"};
  struct peer p;
  peer_init(&p);
  peer_start(&p);
  cr_assert_eq(peer_trigger(&p, "{'action':'break'}"), 200);
  for (size_t i = 0; i < 2; i++) {
    post_fixture(&p, "new.json", RESOURCE_JSON);
    cr_expect(str_eqz(peer_fact(peer_await(&p, i + 1, PEER_WAIT_MS), "response.code"), codes[i]));
    cr_assert_eq(peer_trigger(&p, "{'action':'repair'}"), 200);
  }
  peer_close(&p);
}

Test(refvendor, triggers_are_judged) {
  static const struct {
    const char *json;
    int status;
    const char *says;
  } rows[] = {
      {"{'action':'new'}", 200, "sent"},
      {"{'action':'dance'}", 400,
       "unknown action \\\"dance\\\": new, reply, forward, resend, ack, break, repair, eds-retry, kill or look-up-device"},
      {"{'action':'new','standard':'carecommunication','topic':'Emne'}", 200, "\"ignored\":[]"},
      {"{'action':'new','standard':'morse'}", 400, "unknown standard"},
      {"{'action':'new','standard':'acknowledgement'}", 400, "unknown action"},
      {"{'action':'new','category':'other'}", 422, "topic"},
      {"{'action':'new','category':'nursing','priority':'asap'}", 422, "priority"},
      {"{'action':'new','attachment':'exe'}", 400, "exe"},
      {"{'action':'new','receiver':{'gln':'5790000000005'}}", 400, "address book"},
      {"{'action':'new','colour':'red'}", 200, "colour"},
      {"{'action':'ack','code':'maybe','to':'%s'}", 400, "code"},
      {"[]", 400, "object"},
      {"{", 400, "object"},
      {"", 400, "object"}};
  struct peer p;
  peer_init(&p);
  peer_start(&p);
  post_fixture(&p, "new.json", RESOURCE_JSON);
  struct message sent;
  message_read(&sent, p.arena, (struct source){STR("sent"), peer_fixture(&p, "new.json", "x", 0)});
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct str json = str_z(rows[i].json), hole = STR("%s");
    size_t at = str_find(json, hole, 0);
    if (at != SIZE_MAX)
      json = arena_printf(p.arena, "%.*s%.*s%.*s", (int)at, json.p, STR_F(peer_fact(&sent, "header.id")),
                          STR_F(str_sub(json, at + 2, json.n)));
    cr_expect_eq(peer_trigger(&p, arena_z(p.arena, json)), rows[i].status, "%s: %d", rows[i].json, p.status);
    cr_expect_neq(str_find(p.body, str_z(rows[i].says), 0), SIZE_MAX, "%s: %.*s", rows[i].json, STR_F(p.body));
  }
  peer_close(&p);
}

Test(refvendor, a_trigger_id_is_obeyed_once) {
  struct peer p;
  peer_init(&p);
  peer_start(&p);
  cr_assert_eq(peer_trigger(&p, "{'id':'7','action':'new'}"), 200);
  struct str first = json_str(&p, "sent");
  cr_assert_eq(peer_trigger(&p, "{'id':'7','action':'new'}"), 200);
  cr_expect(str_eq(json_str(&p, "sent"), first));
  cr_assert_eq(peer_trigger(&p, "{'id':'8','action':'new'}"), 200);
  cr_expect_not(str_eq(json_str(&p, "sent"), first));
  cr_expect_not_null(peer_await(&p, 2, PEER_WAIT_MS));
  cr_expect_null(peer_await(&p, 3, 150));
  peer_close(&p);
}

static void ignore(void *payload, const struct http_answer *answer) {
  (void)payload;
  (void)answer;
}

static void send_late(void *payload) {
  struct peer *p = payload;
  struct str wire = peer_wrap(p, peer_fixture(p, "new.json", "x", RESOURCE_JSON), NULL);
  const char *url = arena_printf(p->arena, "%s/vans", refvendor_url(p->vendor)).p;
  http_send(p->client, "POST", url, "application/xml", wire, 0, ignore, p);
}

Test(refvendor, a_trigger_waits_for_its_message) {
  struct peer p;
  struct message sent;
  peer_init(&p);
  peer_start(&p);
  message_read(&sent, p.arena, (struct source){STR("sent"), peer_fixture(&p, "new.json", "x", 0)});
  struct str id = peer_fact(&sent, "header.id");
  loop_after(p.loop, 200, send_late, &p);
  cr_assert_eq(peer_trigger(&p, arena_printf(p.arena, "{'action':'reply','answers':'%.*s'}", STR_F(id)).p), 200);
  cr_expect_not_null(peer_await(&p, 2, PEER_WAIT_MS));
  peer_close(&p);
}

Test(refvendor, rubbish_is_answered_and_survived) {
  static const struct {
    const char *bytes;
    int status;
    size_t receipts; /* NegativeMessage */
  } rows[] = {{"", 400, 0},
              {"rubbish", 400, 0},
              {"{\"a\":", 400, 0},
              {"{}", 400, 0},
              {"<VANSEnvelope", 400, 0},
              {"<VANSEnvelope xmlns=\"urn:oio:medcom:vans-envelope:1.0.4\"/>", 400, 0},
              {"{\"resourceType\":\"Patient\",\"id\":\"x\"}", 202, 0},
              {"<Bundle xmlns=\"http://hl7.org/fhir\"/>", 202, 0}};
  struct peer p;
  peer_init(&p);
  peer_start(&p);
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    int status = peer_post(&p, "/vans", str_z(rows[i].bytes));
    cr_expect(status == 202 || status == 400, "%s: %d", rows[i].bytes, status);
    cr_expect_eq(status, rows[i].status, "%s: %d", rows[i].bytes, status);
  }
  cr_assert_eq(peer_post(&p, "/vans", peer_wrap(&p, STR("rubbish within"), NULL)), 202);
  struct message *receipt = peer_await(&p, 1, PEER_WAIT_MS);
  cr_expect(str_eqz(peer_fact(receipt, "envelope.receipt"), "NegativeMessage"));
  peer_expect_valid(&p, receipt, "receipt");
  cr_assert_eq(peer_trigger(&p, "{'action':'new'}"), 200);
  peer_expect_valid(&p, peer_await(&p, 2, PEER_WAIT_MS), "new");
  cr_expect_eq(peer_post(&p, "/elsewhere", STR("x")), 404);
  cr_expect_eq(peer_post(&p, "/state", STR("x")), 405);
  peer_close(&p);
}
