/* The reference vendor as an MSH: what it sends in an ehmiSBDH, and what it makes of receipts and of what it gets. */
#include "envelope/sbdh.h"
#include "services.h"

#include "base/file.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <unistd.h>

#define QUIET_MS INT64_C(300)
#define SCALE 3000 /* ten minutes in 200 ms */
#define MESSAGE                                                                                                        \
  "{'action':'new','standard':'homecareobservation','receiver':{'gln':'" PEER_GLN "','yder':'099025'},"                \
  "'observations':[{'code':'NPU08676','value':'37'}]}"
#define EMR_GLN "5790008888063"

struct msh {
  struct peer p;
  struct ehmi_profile *profile;
  struct envelope ordered; /* what record_wires had answered */
};

static void begin(struct msh *m, const char *defect) {
  struct error e;
  peer_init(&m->p);
  m->p.options.sbdh = true;
  if (defect) peer_defect(&m->p, defect);
  cr_assert_eq(ehmi_profile_load(&m->profile, m->p.arena, TEST_ROOT, &e), 0, "%s", e.text);
}

static void send_one(struct msh *m) {
  cr_assert_eq(peer_trigger(&m->p, MESSAGE), 200);
}

static void quiet(struct msh *m) {
  (void)peer_await(&m->p, 10000, QUIET_MS);
}

static const struct message *got(struct msh *m, size_t n) {
  const struct message *x = peer_await(&m->p, n, PEER_WAIT_MS);
  cr_assert_not_null(x, "message %zu did not come", n);
  cr_assert_not_null(x->envelope);
  return x;
}

static struct str kind(const struct message *x) {
  return peer_fact(x, "sbdh.kind");
}

/* "message receipt copy": what came, in order. */
static struct str kinds(struct msh *m) {
  struct str all = {0};
  for (size_t i = 0; i < m->p.got.n; i++)
    all = arena_printf(m->p.arena, "%.*s%s%.*s", STR_F(all), i ? " " : "", STR_F(kind(m->p.got.v[i])));
  return all;
}

/* As many messages as are named come, however busy the machine is, and in the moment after them no other. */
static void come(struct msh *m, const char *kinds) {
  size_t n = *kinds != 0;
  for (const char *c = kinds; *c; c++) n += *c == ' ';
  if (n) (void)got(m, n);
  quiet(m);
}

static struct sbdh_stamp stamp(struct msh *m) {
  m->p.ids++;
  return (struct sbdh_stamp){arena_printf(m->p.arena, "00000000-0000-4000-8000-%012zu", m->p.ids),
                             STR("2026-01-05T10:30:00+01:00")};
}

static int post(struct msh *m, const struct envelope *env) {
  struct buf wire;
  buf_init(&wire, (size_t)4 << 20);
  sbdh_kind.write(&wire, env);
  return peer_post(&m->p, "/sbdh", buf_take(&wire, m->p.arena));
}

/* Answers an envelope, with an exception unless that is NULL. */
static void answer(struct msh *m, const struct message *x, const char *exception) {
  struct envelope r;
  struct sbdh_answer a = {stamp(m), STR("5c0a3c52-96a1-4f4e-9a9d-1a3c5a0d7b11"), str_z(exception), STR("because")};
  sbdh_receipt(&r, m->p.arena, x->envelope, &a, m->profile);
  cr_expect_eq(post(m, &r), 202);
}

/* An order of the peer, a HomeCareObservation for the vendor. */
static void order(struct msh *m, struct envelope *out, const char *label) {
  struct str payload = peer_fixture(&m->p, "homecareobservation/new.json", label, RESOURCE_JSON);
  struct message bare;
  message_read(&bare, m->p.arena, (struct source){STR("bare"), payload});
  struct str def = STR("1.1");
  struct envelope_payload says = {.format = STR("HL7"),
                                  .mime = STR("application/fhir+json"),
                                  .event = peer_fact(&bare, "event"),
                                  .definition = def,
                                  .message_id = peer_fact(&bare, "header.id"),
                                  .bundle_id = peer_fact(&bare, "bundle.id"),
                                  .sender_gln = STR(PEER_GLN),
                                  .sender_sor = STR(PEER_SOR),
                                  .receiver_gln = STR(OWN_GLN),
                                  .receiver_sor = STR("8888011000016005"),
                                  .patient = STR("2512489996")};
  struct sbdh_stamp s = stamp(m);
  cr_assert(sbdh_describe(out, m->p.arena, &says, payload, &s, m->profile));
}

static void expect_no_errors(const struct message *x, const char *what) {
  const struct findings *lists[] = {&x->wellformed, &x->envelope_findings};
  for (size_t k = 0; k < 2; k++)
    for (size_t i = 0; i < lists[k]->list.n; i++)
      cr_expect(lists[k]->list.v[i].severity < SEV_WARNING, "%s: %.*s: %.*s", what, STR_F(lists[k]->list.v[i].rule),
                STR_F(lists[k]->list.v[i].en));
}

static bool state_has(struct msh *m, const char *text) {
  return str_find(peer_state(&m->p), str_z(text), 0) != SIZE_MAX;
}

/* ---- sending ---- */

Test(sbdh, what_it_sends_has_no_findings) {
  struct msh m;
  begin(&m, NULL);
  m.p.options.emr = (struct refvendor_party){STR(EMR_GLN), STR("8888061000016007"), STR("EMR")};
  peer_start(&m.p);
  send_one(&m);
  expect_no_errors(got(&m, 1), "message");
  answer(&m, got(&m, 1), NULL);
  expect_no_errors(got(&m, 2), "copy");
  cr_expect(str_eqz(kinds(&m), "message copy"));
  cr_expect(str_eqz(peer_fact(got(&m, 2), "envelope.receiver"), EMR_GLN));
  cr_expect(str_eq(got(&m, 1)->envelope->payload, got(&m, 2)->envelope->payload),
            "the content is the same, byte for byte");
  peer_close(&m.p);
}

Test(sbdh, an_exception_ends_it) {
  struct msh m;
  begin(&m, NULL);
  m.p.options.emr = (struct refvendor_party){STR(EMR_GLN), STR("8888061000016007"), STR("EMR")};
  m.p.options.clock_scale = SCALE;
  peer_start(&m.p);
  send_one(&m);
  answer(&m, got(&m, 1), "Syntax");
  come(&m, "message");
  cr_expect(str_eqz(kinds(&m), "message"));
  cr_expect(state_has(&m, "was not delivered: Syntax, because"));
  peer_close(&m.p);
}

Test(sbdh, without_a_receipt_it_is_sent_again_twice_and_not_lost) {
  struct msh m;
  begin(&m, NULL);
  m.p.options.clock_scale = SCALE;
  peer_start(&m.p);
  send_one(&m);
  const struct message *first = got(&m, 1), *third = got(&m, 3);
  cr_expect(!str_eq(first->envelope->id, third->envelope->id));
  cr_expect(str_eq(first->envelope->meta.id, third->envelope->meta.id));
  cr_expect(str_eq(first->envelope->payload, third->envelope->payload));
  expect_no_errors(third, "sent again");
  quiet(&m);
  quiet(&m);
  cr_expect_eq(m.p.got.n, (size_t)3);
  cr_expect(state_has(&m, "nobody acknowledged it"));
  answer(&m, first, NULL);
  cr_expect(state_has(&m, "is delivered"), "a late receipt counts");
  peer_close(&m.p);
}

Test(sbdh, later_receipts_change_nothing) {
  static const char *const second[] = {NULL, "Syntax"};
  for (size_t i = 0; i < 2; i++) {
    struct msh m;
    begin(&m, NULL);
    m.p.options.emr = (struct refvendor_party){STR(EMR_GLN), STR("8888061000016007"), STR("EMR")};
    peer_start(&m.p);
    send_one(&m);
    answer(&m, got(&m, 1), NULL);
    answer(&m, got(&m, 1), second[i]);
    come(&m, "message copy");
    cr_expect(str_eqz(kinds(&m), "message copy"));
    cr_expect(state_has(&m, "ignored, the message is delivered"));
    peer_close(&m.p);
  }
}

Test(sbdh, receipts_of_others_are_ignored) {
  struct msh m;
  begin(&m, NULL);
  peer_start(&m.p);
  send_one(&m);
  struct message unknown = *got(&m, 1), swapped = unknown;
  struct envelope env = *unknown.envelope;
  struct sbdh s = *env.sbdh;
  unknown.envelope = &env;
  env.sbdh = &s;
  env.id = STR("11111111-1111-4111-8111-111111111111");
  answer(&m, &unknown, NULL);
  cr_expect(state_has(&m, "which was not sent from here"));
  struct envelope other = *swapped.envelope;
  swapped.envelope = &other;
  other.sbdh = &s;
  s.receiver = STR("0088:" OTHER_GLN);
  answer(&m, &swapped, NULL);
  cr_expect(state_has(&m, "of other parties"));
  cr_expect(!state_has(&m, "is delivered"));
  peer_close(&m.p);
}

Test(sbdh, defects_of_the_sender) {
  static const struct {
    const char *defect, *exception; /* exception "": no receipt; NULL: a positive one */
    size_t receipts;
    const char *kinds;
  } rows[] = {
      {"sbdh-no-copy", NULL, 1, "message"},
      {"sbdh-copies-early", "", 0, "message copy"},
      {"sbdh-copies-refused", "Syntax", 1, "message copy"},
      {"sbdh-copies-twice", NULL, 2, "message copy copy"},
      {"sbdh-obeys-later-receipts", NULL, 2, "message copy"},
      {"sbdh-resends-refused", "Syntax", 1, "message message"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct msh m;
    begin(&m, rows[i].defect);
    m.p.options.emr = (struct refvendor_party){STR(EMR_GLN), STR("8888061000016007"), STR("EMR")};
    peer_start(&m.p);
    send_one(&m);
    (void)got(&m, 1);
    for (size_t k = 0; k < rows[i].receipts; k++) answer(&m, got(&m, 1), rows[i].exception);
    come(&m, rows[i].kinds);
    cr_expect(str_eqz(kinds(&m), rows[i].kinds), "%s: %.*s", rows[i].defect, STR_F(kinds(&m)));
    peer_close(&m.p);
  }
}

Test(sbdh, defects_of_sending_again) {
  static const struct {
    const char *defect;
    size_t least, most;
    bool new_envelope, same_message;
  } rows[] = {{"sbdh-no-resend", 1, 1, true, true},
              {"sbdh-resends-forever", 4, 100, true, true},
              {"sbdh-resends-hastily", 3, 3, true, true},
              {"sbdh-same-envelope-on-resend", 3, 3, false, true},
              {"sbdh-new-message-on-resend", 3, 3, true, false}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct msh m;
    begin(&m, rows[i].defect);
    m.p.options.clock_scale = SCALE;
    peer_start(&m.p);
    send_one(&m);
    (void)peer_await(&m.p, rows[i].least, PEER_WAIT_MS);
    quiet(&m);
    quiet(&m);
    quiet(&m);
    const struct message *a = got(&m, 1), *b = m.p.got.v[m.p.got.n - 1];
    cr_expect(m.p.got.n >= rows[i].least && m.p.got.n <= rows[i].most, "%s: %zu", rows[i].defect, m.p.got.n);
    cr_expect_eq(!str_eq(a->envelope->id, b->envelope->id), rows[i].new_envelope && m.p.got.n > 1, "%s",
                 rows[i].defect);
    cr_expect_eq(str_eq(a->envelope->meta.id, b->envelope->meta.id), rows[i].same_message, "%s", rows[i].defect);
    peer_close(&m.p);
  }
}

/* ---- receiving ---- */

Test(sbdh, a_message_gets_one_receipt_and_then_its_acknowledgement) {
  struct msh m;
  struct envelope env;
  begin(&m, NULL);
  peer_start(&m.p);
  order(&m, &env, "a");
  cr_expect_eq(post(&m, &env), 202);
  expect_no_errors(got(&m, 1), "receipt");
  expect_no_errors(got(&m, 2), "acknowledgement");
  come(&m, "receipt fhir-ack");
  cr_expect(str_eqz(kinds(&m), "receipt fhir-ack"), "%.*s", STR_F(kinds(&m)));
  struct findings f;
  findings_init(&f, m.p.arena);
  sbdh_check_receipt(got(&m, 1)->envelope, STR("receipt"), &env, &f);
  cr_expect_eq(f.list.n, (size_t)0, "%.*s", f.list.n ? (int)f.list.v[0].en.n : 0, f.list.n ? f.list.v[0].en.p : "");
  answer(&m, got(&m, 2), NULL);
  quiet(&m);
  cr_expect_eq(m.p.got.n, (size_t)2, "a receipt is not acknowledged");
  peer_close(&m.p);
}

/* What is wrong with an envelope. */
static void wrong_receiver(struct envelope *env) {
  env->sbdh->receiver = STR("0088:" OTHER_GLN);
}

static void set_scope(struct envelope *env, const char *type, const char *value) {
  for (size_t i = 0; i < env->sbdh->scopes.n; i++)
    if (str_eqz(env->sbdh->scopes.v[i].type, type)) env->sbdh->scopes.v[i].value = str_z(value);
}

static void wrong_sor(struct envelope *env) {
  set_scope(env, SBDH_RECEIVER_ID, "8888031000016004");
}

static void wrong_document(struct envelope *env) {
  set_scope(env, SBDH_DOCUMENT_ID, "urn:dk:something:else");
}

static void wrong_message(struct envelope *env) {
  set_scope(env, SBDH_MESSAGE_ID, "22222222-2222-4222-8222-222222222222");
}

static void wrong_content(struct envelope *env) {
  env->payload = STR("not FHIR at all");
}

static void wrong_mime(struct envelope *env) {
  env->sbdh->mime = STR("text/plain");
}

static void no_request(struct envelope *env) {
  env->sbdh->reliable = (struct sbdh_reliable){0};
  for (size_t i = 0; i < env->sbdh->scopes.n; i++)
    if (str_eqz(env->sbdh->scopes.v[i].type, SBDH_RELIABLE)) {
      for (size_t k = i + 1; k < env->sbdh->scopes.n; k++) env->sbdh->scopes.v[k - 1] = env->sbdh->scopes.v[k];
      env->sbdh->scopes.n--;
      return;
    }
}

Test(sbdh, each_fault_has_its_exception_and_is_not_handed_over) {
  static const struct {
    const char *what;
    void (*spoil)(struct envelope *env);
    const char *exception;
  } rows[] = {{"receiver", wrong_receiver, "Authorization"}, {"SOR", wrong_sor, "Authorization"},
              {"document", wrong_document, "Sequence"},      {"message id", wrong_message, "Syntax"},
              {"content", wrong_content, "Syntax"},          {"mime", wrong_mime, "Syntax"}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct msh m;
    struct envelope env;
    begin(&m, NULL);
    peer_start(&m.p);
    order(&m, &env, rows[i].what);
    rows[i].spoil(&env);
    (void)post(&m, &env);
    const struct message *r = got(&m, 1);
    cr_expect(str_eqz(peer_fact(r, "sbdh.exception"), rows[i].exception), "%s: %.*s", rows[i].what,
              STR_F(peer_fact(r, "sbdh.exception")));
    expect_no_errors(r, rows[i].what);
    come(&m, "exception");
    cr_expect(str_eqz(kinds(&m), "exception"), "%s: %.*s", rows[i].what, STR_F(kinds(&m)));
    peer_close(&m.p);
  }
}

Test(sbdh, what_is_no_xml_is_refused_by_the_access_point) {
  struct msh m;
  begin(&m, NULL);
  peer_start(&m.p);
  cr_expect_eq(peer_post(&m.p, "/sbdh", STR("<StandardBusinessDocument><unclosed>")), 400);
  peer_close(&m.p);
}

Test(sbdh, without_a_request_it_is_handed_over_and_not_answered) {
  static const struct { const char *defect, *kinds; } rows[] = {{NULL, "fhir-ack"}, {"sbdh-demands-request", ""}};
  for (size_t i = 0; i < 2; i++) {
    struct msh m;
    struct envelope env;
    begin(&m, rows[i].defect);
    peer_start(&m.p);
    order(&m, &env, "a");
    no_request(&env);
    (void)post(&m, &env);
    come(&m, rows[i].kinds);
    cr_expect(str_eqz(kinds(&m), rows[i].kinds), "%zu: %.*s", i, STR_F(kinds(&m)));
    peer_close(&m.p);
  }
}

/* The table of duplicates: whether EnvelopeIdentifier and message are known. */
Test(sbdh, duplicates_are_answered_alike_and_handed_over_once) {
  static const struct {
    const char *what, *defect;
    bool same_envelope, same_message;
    const char *kinds;
  } rows[] = {
      {"exact", NULL, true, true, "receipt fhir-ack receipt"},
      {"sent again", NULL, false, true, "receipt fhir-ack receipt"},
      {"used envelope", NULL, true, false, "receipt fhir-ack exception"},
      {"new", NULL, false, false, "receipt fhir-ack receipt fhir-ack"},
      {"exact", "sbdh-forgets-duplicates", true, true, "receipt fhir-ack"},
      {"sent again", "sbdh-refuses-duplicates", false, true, "receipt fhir-ack exception"},
      {"sent again", "sbdh-delivers-duplicates", false, true, "receipt fhir-ack receipt fhir-ack"},
      {"used envelope", "sbdh-takes-used-envelope", true, false, "receipt fhir-ack receipt fhir-ack"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct msh m;
    struct envelope first, second;
    begin(&m, rows[i].defect);
    peer_start(&m.p);
    order(&m, &first, "a");
    (void)post(&m, &first);
    (void)got(&m, 2);
    order(&m, &second, rows[i].same_message ? "a" : "b");
    if (rows[i].same_envelope) second.id = second.sbdh->reliable.envelope_id = first.id;
    (void)post(&m, &second);
    come(&m, rows[i].kinds);
    cr_expect(str_eqz(kinds(&m), rows[i].kinds), "%s, %s: %.*s", rows[i].what,
              rows[i].defect ? rows[i].defect : "clean", STR_F(kinds(&m)));
    if (m.p.got.n == 3 && str_eqz(kind(m.p.got.v[2]), "receipt")) {
      cr_expect(!str_eq(m.p.got.v[0]->envelope->id, m.p.got.v[2]->envelope->id));
      cr_expect(str_eq(m.p.got.v[2]->envelope->original_id, second.id));
    }
    peer_close(&m.p);
  }
}

Test(sbdh, defects_of_the_receiver) {
  static const struct {
    const char *defect;
    void (*spoil)(struct envelope *env);
    const char *kinds;
  } rows[] = {
      {"sbdh-no-receipt", NULL, "fhir-ack"},
      {"sbdh-receipt-twice", NULL, "receipt receipt fhir-ack"},
      {"sbdh-contradicts", NULL, "receipt exception fhir-ack"},
      {"sbdh-receipt-late", NULL, "fhir-ack receipt"},
      {"sbdh-takes-invalid", wrong_message, "receipt fhir-ack"},
      {"sbdh-takes-strangers", wrong_sor, "receipt fhir-ack"},
      {"sbdh-takes-tampered", wrong_message, "receipt fhir-ack"},
      {"sbdh-takes-any-type", wrong_document, "receipt fhir-ack"},
      {"sbdh-wrong-exception", wrong_message, "exception"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct msh m;
    struct envelope env;
    begin(&m, rows[i].defect);
    peer_start(&m.p);
    order(&m, &env, "a");
    if (rows[i].spoil) rows[i].spoil(&env);
    (void)post(&m, &env);
    come(&m, rows[i].kinds);
    cr_expect(str_eqz(kinds(&m), rows[i].kinds), "%s: %.*s", rows[i].defect, STR_F(kinds(&m)));
    peer_close(&m.p);
  }
}

Test(sbdh, receipts_receipts_is_what_it_says) {
  struct msh m;
  begin(&m, "sbdh-receipts-receipts");
  peer_start(&m.p);
  send_one(&m);
  answer(&m, got(&m, 1), NULL);
  quiet(&m);
  cr_expect_eq(m.p.got.n, (size_t)2, "%.*s", STR_F(kinds(&m)));
  peer_close(&m.p);
}

/* ---- the chain ---- */

static struct str subtypes(const struct services *s) {
  struct str all = {0};
  for (size_t i = 0; i < s->events.n; i++) {
    const struct node *list = node_child(s->events.v[i].json, "subtype");
    all = arena_printf(s->p->arena, "%.*s%s%.*s%s", STR_F(all), i ? " " : "",
                       STR_F(node_text_at(list->kind == NODE_ARRAY ? list->first : list, "code")),
                       str_eqz(node_text_at(s->events.v[i].json, "outcome"), "8") ? "!" : "");
  }
  return all;
}

/* ---- kept over the end of the program ---- */

static void keep_in_a_folder(struct msh *m) {
  char *dir = arena_z(m->p.arena, STR("/tmp/refvendor-test-XXXXXX"));
  cr_assert_not_null(mkdtemp(dir));
  m->p.options.keep = dir;
}

static void start_again(struct msh *m) {
  refvendor_close(m->p.vendor);
  peer_start(&m->p);
}

static void drop_folder(struct msh *m) {
  char **names;
  size_t n;
  struct error e;
  cr_assert_eq(file_list(&names, &n, m->p.arena, m->p.options.keep, &e), 0, "%s", e.text);
  for (size_t i = 0; i < n; i++) unlink(file_join(m->p.arena, m->p.options.keep, names[i]));
  rmdir(m->p.options.keep);
}

/* A receipt finds what was sent before; what was received before is answered alike, and not handed over again. */
Test(sbdh, what_it_keeps_it_knows_when_it_is_started_again) {
  static const struct {
    const char *defect, *kinds, *state;
  } rows[] = {{NULL, "message receipt fhir-ack receipt", "is delivered"},
              {"sbdh-forgets-on-restart", "message receipt fhir-ack receipt fhir-ack", "which was not sent from here"}};
  for (size_t i = 0; i < 2; i++) {
    struct msh m;
    struct envelope env;
    begin(&m, rows[i].defect);
    keep_in_a_folder(&m);
    peer_start(&m.p);
    send_one(&m);
    const struct message *sent = got(&m, 1);
    order(&m, &env, "a");
    (void)post(&m, &env);
    (void)got(&m, 3);
    start_again(&m);
    answer(&m, sent, NULL);
    (void)post(&m, &env);
    come(&m, rows[i].kinds);
    cr_expect(str_eqz(kinds(&m), rows[i].kinds), "%zu: %.*s", i, STR_F(kinds(&m)));
    cr_expect(state_has(&m, rows[i].state), "%zu: %.*s", i, STR_F(peer_state(&m.p)));
    drop_folder(&m);
    peer_close(&m.p);
  }
}

/* What waits for its receipt waits on, and is sent again; what was answered and not handed over is handed over. */
Test(sbdh, what_was_under_way_goes_on_when_it_is_started_again) {
  struct msh m;
  struct envelope env;
  struct error e;
  begin(&m, NULL);
  keep_in_a_folder(&m);
  peer_start(&m.p);
  send_one(&m);
  (void)got(&m, 1);
  order(&m, &env, "a");
  (void)post(&m, &env);
  (void)got(&m, 3);
  /* As if it had gone down between the receipt and the handing over. */
  char *path = file_join(m.p.arena, m.p.options.keep, "said-1.json");
  struct str text;
  cr_assert_eq(file_read(&text, m.p.arena, path, 1 << 20, &e), 0, "%s", e.text);
  size_t at = str_find(text, STR("\"handed\":true"), 0);
  cr_assert_neq(at, SIZE_MAX, "%.*s", STR_F(text));
  struct str before = str_sub(text, 0, at), after = str_sub(text, at + 13, text.n);
  text = arena_printf(m.p.arena, "%.*s\"handed\":false%.*s", STR_F(before), STR_F(after));
  cr_assert_eq(file_write(path, text, &e), 0, "%s", e.text);
  m.p.options.clock_scale = SCALE;
  start_again(&m);
  quiet(&m);
  quiet(&m);
  size_t messages = 0, acks = 0;
  for (size_t i = 3; i < m.p.got.n; i++) {
    messages += str_eqz(kind(m.p.got.v[i]), "message");
    acks += str_eqz(kind(m.p.got.v[i]), "fhir-ack");
  }
  cr_expect_geq(messages, (size_t)1, "%.*s", STR_F(kinds(&m)));
  cr_expect_geq(acks, (size_t)1, "%.*s", STR_F(kinds(&m)));
  drop_folder(&m);
  peer_close(&m.p);
}

Test(sbdh, without_a_folder_nobody_has_it_killed) {
  struct msh m;
  begin(&m, NULL);
  peer_start(&m.p);
  cr_expect_eq(peer_trigger(&m.p, "{'action':'kill'}"), 409);
  peer_close(&m.p);
}

Test(sbdh, the_chain_is_reported_from_both_ends) {
  static const struct {
    const char *exception, *subtypes;
  } rows[] = {{NULL, "msg-created-and-sent msg-received-and-finalized"},
              {"Syntax", "msg-created-and-sent msg-received-and-finalized msg-sent!"}};
  for (size_t i = 0; i < 2; i++) {
    struct msh m;
    struct services s;
    begin(&m, NULL);
    services_start(&s, &m.p);
    peer_start(&m.p);
    send_one(&m);
    answer(&m, got(&m, 1), rows[i].exception);
    services_quiet(&s, QUIET_MS);
    cr_expect(str_eqz(subtypes(&s), rows[i].subtypes), "%.*s", STR_F(subtypes(&s)));
    services_close(&s);
    peer_close(&m.p);
  }
}

Test(sbdh, the_chain_of_a_receiver) {
  static const struct {
    void (*spoil)(struct envelope *env);
    const char *subtypes;
  } rows[] = {{NULL, "msg-received-and-finalized msg-created-and-sent msg-created-and-sent"},
              {wrong_message, "msg-received-and-finalized! msg-created-and-sent"}};
  for (size_t i = 0; i < 2; i++) {
    struct msh m;
    struct services s;
    struct envelope env;
    begin(&m, NULL);
    services_start(&s, &m.p);
    peer_start(&m.p);
    order(&m, &env, "a");
    if (rows[i].spoil) rows[i].spoil(&env);
    (void)post(&m, &env);
    services_quiet(&s, QUIET_MS);
    cr_expect(str_eqz(subtypes(&s), rows[i].subtypes), "%.*s", STR_F(subtypes(&s)));
    services_close(&s);
    peer_close(&m.p);
  }
}

/* ---- defects of content ---- */

#define WIRES 4

/* One of each kind, as a clean vendor sends them. */
static void record_wires(struct msh *m, struct str wires[WIRES]) {
  m->p.options.emr = (struct refvendor_party){STR(EMR_GLN), STR("8888061000016007"), STR("EMR")};
  peer_start(&m->p);
  send_one(m);
  answer(m, got(m, 1), NULL);
  (void)got(m, 2);
  order(m, &m->ordered, "a");
  (void)post(m, &m->ordered);
  for (size_t i = 0; i < WIRES; i++) wires[i] = got(m, i + 1)->raw.bytes;
}

static size_t worries(const struct message *x) {
  size_t n = 0;
  for (size_t i = 0; i < x->envelope_findings.list.n; i++) n += x->envelope_findings.list.v[i].severity >= SEV_WARNING;
  return n;
}

/* How many of the wires the defect changes so that a reader sees it. A receipt is seen by who waits for it, too. */
static size_t seen(struct msh *m, const struct declared *d, const struct str wires[WIRES]) {
  size_t n = 0;
  struct error e;
  for (size_t i = 0; i < WIRES; i++) {
    struct str wire = wires[i];
    struct message x;
    bool changed;
    cr_assert_eq(declared_apply(&wire, &changed, d, m->p.arena, m->p.shapes, &e), 0, "%s", e.text);
    if (!changed) continue;
    message_read(&x, m->p.arena, (struct source){STR("changed"), wire});
    cr_assert_not_null(x.envelope);
    struct findings f;
    findings_init(&f, m->p.arena);
    if (i == 2) sbdh_check_receipt(x.envelope, STR("receipt"), &m->ordered, &f);
    n += worries(&x) > 0 || f.list.n > 0;
  }
  return n;
}

Test(sbdh, each_declared_defect_is_seen_by_a_reader) {
  struct msh m;
  struct str wires[WIRES];
  struct declared_list all;
  struct error e;
  begin(&m, NULL);
  record_wires(&m, wires);
  cr_assert_eq(declared_read(&all, m.p.arena, TEST_ROOT, &e), 0, "%s", e.text);
  for (size_t i = 0; i < all.list.n; i++)
    if (str_eqz(all.list.v[i].standard, "sbdh"))
      cr_expect(seen(&m, &all.list.v[i], wires) > 0, "nobody sees %.*s", STR_F(all.list.v[i].id));
  peer_close(&m.p);
}
