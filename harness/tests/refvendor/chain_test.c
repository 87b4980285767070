/* The reference vendor's reports to EDS, judged by the project's own judge of the chain. */
#include "envelope/sbdh.h"
#include "services.h"
#include "validate/eds_chain.h"

#include <criterion/criterion.h>

#define QUIET_MS INT64_C(300)
#define SIGHTS 8
#define MESSAGE                                                                                                        \
  "{'action':'new','standard':'homecareobservation','receiver':{'gln':'" PEER_GLN "','yder':'099025'},"                \
  "'observations':[{'code':'NPU08676','value':'37'}]}"

struct talk {
  struct peer p;
  struct services s;
  struct ehmi_profile *profile;
  struct eds_data *data;
  VEC(struct eds_sight) sights;
  enum eds_side side;
};

static void begin(struct talk *t, const char *defect, bool apart) {
  struct error e;
  *t = (struct talk){0};
  peer_init(&t->p);
  services_start(&t->s, &t->p);
  t->p.options.sbdh = true;
  t->p.options.stations[REFVENDOR_EUA_MSH] = !apart;
  t->p.options.stations[REFVENDOR_EUA] = t->p.options.stations[REFVENDOR_MSH] = apart;
  if (defect) peer_defect(&t->p, defect);
  cr_assert_eq(ehmi_profile_load(&t->profile, t->p.arena, TEST_ROOT, &e), 0, "%s", e.text);
  cr_assert_eq(eds_data_load(&t->data, t->p.arena, TEST_ROOT, &e), 0, "%s", e.text);
  peer_start(&t->p);
}

static void end(struct talk *t) {
  services_close(&t->s);
  peer_close(&t->p);
}

static enum eds_document what_of(const struct sbdh *s) {
  if (s->content == SBDH_MESSAGE) return EDS_DOC_MESSAGE;
  if (s->content == SBDH_FHIR_ACK) return EDS_DOC_ACKNOWLEDGEMENT;
  return str_eqz(sbdh_scope_value(s, SBDH_ORIGINAL_STANDARD), "acknowledgement-message") ? EDS_DOC_ACK_RECEIPT
                                                                                         : EDS_DOC_RECEIPT;
}

/* What it acknowledges: a FHIR acknowledgement does not say of which type that was. */
static void put_original(struct talk *t, struct eds_sight *x, const struct sbdh *s) {
  x->orig_message = sbdh_scope_value(s, SBDH_ORIGINAL_MESSAGE_ID);
  x->orig_type = sbdh_scope_value(s, SBDH_ORIGINAL_STANDARD);
  x->orig_version = sbdh_scope_value(s, SBDH_ORIGINAL_VERSION);
  for (size_t i = 0; i < t->sights.n && x->what == EDS_DOC_ACKNOWLEDGEMENT; i++)
    if (str_eq(t->sights.v[i].message, x->orig_message)) {
      x->orig_type = t->sights.v[i].type;
      x->orig_version = t->sights.v[i].version;
    }
}

static struct eds_sight *see(struct talk *t, const struct envelope *env, enum eds_direction direction) {
  const struct sbdh *s = env->sbdh;
  struct eds_sight x = {.what = what_of(s),
                        .direction = direction,
                        .message = env->meta.id,
                        .type = s->standard,
                        .version = s->type_version,
                        .envelope = sbdh_scope_value(s, SBDH_BUNDLE_ID),
                        .envelope_type = s->type,
                        .transport = env->id,
                        .transport_version = s->header_version,
                        .orig_transport = env->content == ENVELOPE_RECEIPT ? env->original_id : (struct str){0},
                        .sender = {sbdh_scope_value(s, SBDH_SENDER_ID), env->sender},
                        .receiver = {sbdh_scope_value(s, SBDH_RECEIVER_ID), env->receiver},
                        .cpr = sbdh_scope_value(s, SBDH_PATIENT_ID)};
  bool zone;
  cr_assert(time_parse(env->sent, &x.at, &zone));
  put_original(t, &x, s);
  VEC_PUSH(t->p.arena, &t->sights, x);
  return &t->sights.v[t->sights.n - 1];
}

/* The n-th thing that the vendor sent. */
static const struct message *got(struct talk *t, size_t n) {
  const struct message *m = peer_await(&t->p, n, PEER_WAIT_MS);
  cr_assert_not_null(m, "message %zu did not come", n);
  return m;
}

static void post(struct talk *t, const struct envelope *env) {
  struct buf wire;
  buf_init(&wire, (size_t)4 << 20);
  sbdh_kind.write(&wire, env);
  see(t, env, EDS_IN);
  cr_expect_eq(peer_post(&t->p, "/sbdh", buf_take(&wire, t->p.arena)), 202);
}

static struct sbdh_stamp stamp(struct talk *t, struct str after) {
  int64_t at;
  bool zone;
  cr_assert(time_parse(after, &at, &zone));
  return (struct sbdh_stamp){arena_printf(t->p.arena, "00000000-0000-4000-8000-%012zu", ++t->p.ids),
                             time_danish(t->p.arena, at + 1000)};
}

static void answer(struct talk *t, const struct message *m, const char *exception) {
  struct envelope *r = ARENA_NEW(t->p.arena, struct envelope);
  struct sbdh_answer a = {stamp(t, m->envelope->sent),
                          arena_printf(t->p.arena, "5c0a3c52-96a1-4f4e-9a9d-%012zu", t->p.ids), str_z(exception),
                          STR("because")};
  sbdh_receipt(r, t->p.arena, m->envelope, &a, t->profile);
  post(t, r);
}

/* A message for the vendor. */
static void order(struct talk *t) {
  struct envelope *env = ARENA_NEW(t->p.arena, struct envelope);
  struct str payload = peer_fixture(&t->p, "homecareobservation/new.json", "chain", RESOURCE_JSON);
  struct message bare;
  message_read(&bare, t->p.arena, (struct source){STR("bare"), payload});
  struct envelope_payload says = {.mime = STR("application/fhir+json"),
                                  .event = peer_fact(&bare, "event"),
                                  .definition = STR("1.1"),
                                  .message_id = peer_fact(&bare, "header.id"),
                                  .bundle_id = peer_fact(&bare, "bundle.id"),
                                  .sender_gln = STR(PEER_GLN),
                                  .sender_sor = STR(PEER_SOR),
                                  .receiver_gln = STR(OWN_GLN),
                                  .receiver_sor = STR("8888011000016005"),
                                  .patient = STR("2512489996")};
  struct sbdh_stamp s = stamp(t, STR("2026-01-05T10:30:00+01:00"));
  cr_assert(sbdh_describe(env, t->p.arena, &says, payload, &s, t->profile));
  post(t, env);
}

static void send_and_have_it_delivered(struct talk *t) {
  t->side = EDS_SENDER;
  cr_assert_eq(peer_trigger(&t->p, MESSAGE), 200);
  see(t, got(t, 1)->envelope, EDS_OUT);
  answer(t, got(t, 1), NULL);
  services_quiet(&t->s, QUIET_MS);
}

static void send_and_have_it_refused(struct talk *t) {
  t->side = EDS_SENDER;
  cr_assert_eq(peer_trigger(&t->p, MESSAGE), 200);
  see(t, got(t, 1)->envelope, EDS_OUT)->failed = true;
  answer(t, got(t, 1), "Syntax");
  services_quiet(&t->s, QUIET_MS);
}

static void receive(struct talk *t) {
  t->side = EDS_RECEIVER;
  order(t);
  see(t, got(t, 1)->envelope, EDS_OUT);
  see(t, got(t, 2)->envelope, EDS_OUT);
  answer(t, got(t, 2), NULL);
  services_quiet(&t->s, QUIET_MS);
}

static void judge(struct talk *t, struct findings *f, bool apart) {
  struct eds_component components[] = {{apart ? EDS_EUA : EDS_EUA | EDS_MSH, t->side, STR("refvendor")},
                                       {EDS_MSH, t->side, STR("refvendor")}};
  struct eds_told *told = ARENA_ARRAY(t->p.arena, struct eds_told, t->s.events.n + 1);
  for (size_t i = 0; i < t->s.events.n; i++) {
    struct findings read;
    struct node *root;
    enum resource_form form;
    findings_init(&read, t->p.arena);
    cr_assert_eq(resource_read(&root, &form, t->p.arena, (struct source){STR("event"), t->s.events.v[i].body}, &read),
                 0);
    cr_assert(eds_event_read(&told[i].event, root));
    told[i].name = arena_printf(t->p.arena, "event %zu", i + 1);
  }
  struct eds_story story = {
      .sights = t->sights.v, .sights_n = t->sights.n, .components = components, .components_n = apart ? 2 : 1};
  struct eds_reports reports = {told, t->s.events.n};
  findings_init(f, t->p.arena);
  (void)eds_chain_judge(f, t->p.arena, t->data, &story, &reports);
}

static void (*const talks[])(struct talk *t) = {send_and_have_it_delivered, receive, send_and_have_it_refused};

Test(chain, a_clean_vendor_reports_all_of_it) {
  for (size_t i = 0; i < 5; i++) {
    struct talk t;
    struct findings f;
    bool apart = i >= 3;
    begin(&t, NULL, apart);
    talks[i % 3](&t);
    judge(&t, &f, apart);
    for (size_t k = 0; k < f.list.n; k++)
      cr_expect(f.list.v[k].severity < SEV_WARNING, "talk %zu: %.*s: %.*s", i, STR_F(f.list.v[k].rule),
                STR_F(f.list.v[k].en));
    end(&t);
  }
}

static bool has_error(const struct findings *f) {
  for (size_t i = 0; i < f->list.n; i++)
    if (f->list.v[i].severity >= SEV_ERROR) return true;
  return false;
}

/* Those that break the chain, and the talk that shows it. Others are seen by the profile, or by the server. */
Test(chain, each_defect_is_seen) {
  static const struct {
    const char *defect;
    size_t talk;
  } rows[] = {
      {"eds-nothing", 0},
      {"eds-no-receipt-event", 0},
      {"eds-no-ack-event", 1},
      {"eds-always-success", 2},
      {"eds-wrong-subtype", 0},
      {"eds-unknown-subtype", 0},
      {"eds-patient-as-basic", 0},
      {"eds-basic-as-patient", 0},
      {"eds-sender-sor", 0},
      {"eds-receiver-sor", 0},
      {"eds-sender-gln", 0},
      {"eds-agents-swapped", 0},
      {"eds-wrong-device", 0},
      {"eds-wrong-station", 0},
      {"eds-wrong-message-id", 0},
      {"eds-wrong-message-type", 0},
      {"eds-wrong-message-version", 0},
      {"eds-wrong-bundle-id", 0},
      {"eds-wrong-transport-id", 0},
      {"eds-no-transport", 0},
      {"eds-wrong-original", 0},
      {"eds-wrong-cpr", 0},
      {"eds-wrong-time", 0},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct talk t;
    struct findings f;
    begin(&t, rows[i].defect, false);
    talks[rows[i].talk](&t);
    judge(&t, &f, false);
    cr_expect(has_error(&f), "nobody sees %s", rows[i].defect);
    end(&t);
  }
}
