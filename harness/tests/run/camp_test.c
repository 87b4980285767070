/* Many runs in one process: who gets which message, what a failing store does, and that runs are told apart. */
#include "run/camp.h"

#include "base/clock.h"
#include "base/file.h"
#include "net/http_client.h"
#include "net/loop.h"
#include "tests/run/fake_kinds.h"

#include <criterion/criterion.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#define POSTS_MAX 64
#define WAIT_MS 20000

struct hall {
  struct arena *arena;
  char *dir;
  struct store *store;
  struct camp *camp;
  struct http_client *client;
  const struct step_kind *kinds[FAKE_KINDS_N];
  struct run_options options;
  const char *exchange; /* NULL: vans-http */
  size_t answers;
  int codes[POSTS_MAX];
  struct str texts[POSTS_MAX];
};

struct post {
  struct hall *h;
  size_t at;
};

static void hall_open_camp(struct hall *h) {
  struct error e;
  struct camp_options o = {.store = h->store, .listen = "127.0.0.1:0", .log = {.level = LOG_QUIET}};
  cr_assert_eq(camp_open(&h->camp, &o, &e), 0, "%s", e.text);
  cr_assert_eq(http_client_open(&h->client, camp_loop(h->camp), &e), 0, "%s", e.text);
}

static void hall_open(struct hall *h) {
  struct error e;
  char dir[] = "/tmp/camp-XXXXXX";
  *h = (struct hall){.arena = arena_new(0)};
  cr_assert_not_null(mkdtemp(dir));
  h->dir = arena_z(h->arena, str_z(dir));
  cr_assert_eq(store_open(&h->store, file_join(h->arena, h->dir, "s.sqlite"), STORE_WRITE, &e), 0, "%s", e.text);
  fake_kinds_fill(h->kinds);
  h->options = (struct run_options){.kinds = h->kinds, .data_dir = h->dir, .program = "test", .mode = "self-test"};
  clock_init(&h->options.clock);
  hall_open_camp(h);
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw) {
  (void)st, (void)flag, (void)ftw;
  return remove(path);
}

static void hall_close_camp(struct hall *h) {
  http_client_close(h->client);
  camp_close(h->camp);
}

static void hall_close(struct hall *h) {
  hall_close_camp(h);
  store_close(h->store);
  nftw(h->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
  arena_free(h->arena);
}

static const char protocol_text[] = "protocol: %s\n"
                                    "title: {en: Fake, da: Falsk}\n"
                                    "standard: {name: Fake, danish: Falsk, version: \"1\", type: HL7 FHIR}\n"
                                    "version: 0.1.0\nrole: receiver\nsections:\n"
                                    "  - id: \"1\"\n    title: {en: Case, da: Sag}\n    status: mandatory\n    steps:\n"
                                    "      - step: \"1.1\"\n        %s\n";

static const char vendor_text[] = "vendor: {name: %s, contact: Eva Eksempel, email: eva@example.org}\n"
                                  "system: {name: %s, version: \"3.10\", type: EHR}\n"
                                  "claims:\n"
                                  "  - {standard: Fake, version: \"1\", roles: [receiver]}\n"
                                  "capabilities: {attachments: true}\n"
                                  "organisation: {gln: \"%s\", sor: \"9998011000016003\", name: Clinic}\n"
                                  "counterparts:\n"
                                  "  - {gln: \"5790009998020\", sor: \"9998021000016007\", name: One}\n"
                                  "  - {gln: \"5790009998037\", sor: \"9998031000016009\", name: Two}\n"
                                  "persons:\n"
                                  "  - {cpr: \"2512489996\", given: Nanna, family: Testperson}\n"
                                  "exchange: {kind: %s}\ntrigger: {kind: person}\n";

#define HEARS_PING "hear: {text: ping, as: it, early: true}"
#define EXPECTS(event) "expect: {event: " event ", as: it, early: true, within: 10 min}"
#define EVENT(code)                                                                                                    \
  "{\"resourceType\": \"Bundle\", \"type\": \"message\", \"entry\": [{\"resource\": {\"resourceType\": "               \
  "\"MessageHeader\", "                                                                                                \
  "\"eventCoding\": {\"code\": \"" code "\"}}}]}"

static struct plan *hall_plan(struct hall *h, const char *protocol, const char *wants, const char *vendor,
                              const char *system, const char *gln) {
  struct findings f;
  struct error e;
  struct protocol *p;
  struct vendor *v;
  struct plan *plan;
  findings_init(&f, h->arena);
  struct str text = arena_printf(h->arena, protocol_text, protocol, wants);
  cr_assert_eq(protocol_read(&p, h->arena, (struct source){str_z(protocol), text}, h->kinds, &f), 0);
  text = arena_printf(h->arena, vendor_text, vendor, system, gln, h->exchange ? h->exchange : "vans-http");
  cr_assert_eq(vendor_read(&v, h->arena, (struct source){str_z(system), text}, &e), 0, "%s", e.text);
  cr_assert_eq(plan_make(&plan, h->arena, p, v, NULL, 0, &e), 0, "%s", e.text);
  return plan;
}

static struct str hall_add(struct hall *h, struct plan *plan) {
  struct error e;
  struct run *r;
  h->options.plan = plan;
  cr_assert_eq(camp_add(h->camp, (struct str){0}, &h->options, &r, &e), 0, "%s", e.text);
  return arena_str(h->arena, run_state(r)->run); /* the run may be read again */
}

static void on_answer(void *payload, const struct http_answer *an) {
  struct post *p = payload;
  p->h->codes[p->at] = an->status;
  p->h->texts[p->at] = arena_str(p->h->arena, an->body);
  p->h->answers++;
}

static void hall_ask(struct hall *h, size_t at, const char *method, const char *path, const char *type,
                     const char *text) {
  struct post *p = ARENA_NEW(h->arena, struct post);
  *p = (struct post){h, at};
  struct str url = arena_printf(h->arena, "%s%s", camp_url(h->camp), path);
  http_send(h->client, method, url.p, type, str_z(text), 0, on_answer, p);
}

static void hall_post(struct hall *h, size_t at, const char *path, const char *text) {
  hall_ask(h, at, "POST", path, "text/plain", text);
}

static void hall_await(struct hall *h, size_t answers) {
  int64_t until = clock_monotonic() + WAIT_MS;
  while (h->answers < answers && clock_monotonic() < until) loop_turn(camp_loop(h->camp), 50);
  cr_assert_eq(h->answers, answers);
  loop_turn(camp_loop(h->camp), 0);
}

static size_t messages_of(struct hall *h, struct str run) {
  return run_state(camp_run(h->camp, run))->messages.n;
}

Test(camp, the_address_tells_whose_a_message_is_not_the_gln) {
  struct hall h;
  hall_open(&h);
  struct plan *a = hall_plan(&h, "fake", HEARS_PING, "Alfa", "Journal", "5790009997023");
  struct plan *b = hall_plan(&h, "fake", HEARS_PING, "Beta", "Omsorg", "5790009997023");
  struct str first = hall_add(&h, a);
  const struct run *same = camp_same_gln(h.camp, b->vendor);
  cr_assert_not_null(same);
  cr_expect(str_eq(run_state(same)->run, first));
  cr_expect_null(camp_same_gln(h.camp, a->vendor));
  struct str second = hall_add(&h, b);
  hall_post(&h, 0, "/omsorg/receiver", "ping");
  hall_await(&h, 1);
  cr_expect_eq(h.codes[0], 202);
  cr_expect_eq(messages_of(&h, first), (size_t)0);
  cr_expect_eq(messages_of(&h, second), (size_t)1);
  cr_expect_eq(state_verdict(run_state(camp_run(h.camp, second))), VERDICT_PASS);
  cr_expect_neq(run_state(camp_run(h.camp, second))->ended_at, 0);
  hall_close(&h);
}

/* What comes to a FHIR server is answered at once, by whoever it is of: a wire of another kind cannot share that. */
Test(camp, one_address_is_of_one_kind) {
  struct hall h;
  struct error e;
  hall_open(&h);
  hall_add(&h, hall_plan(&h, "fake", HEARS_PING, "Alfa", "Journal", "5790009997023"));
  h.exchange = "fhir-rest";
  h.options.plan = hall_plan(&h, "fake", HEARS_PING, "Alfa", "Journal", "5790009997023");
  cr_expect_eq(camp_add(h.camp, (struct str){0}, &h.options, NULL, &e), -1);
  cr_expect_neq(str_find(str_z(e.text), STR("is of kind vans-http"), 0), SIZE_MAX, "%s", e.text);
  hall_close(&h);
}

/* Services of a run are at the one address too, each run's behind its own where several are open. */
Test(camp, services_are_at_the_one_address) {
  static const char wants[] =
      "party: lab\n        expect: {rest: create, type: Patient, as: it, early: true, within: 10 min}\n"
      "services: {lab: {kind: fhir-rest}}";
  static const char patient[] = "<Patient xmlns=\"http://hl7.org/fhir\"><active value=\"true\"/></Patient>";
  struct hall h;
  hall_open(&h);
  struct str first = hall_add(&h, hall_plan(&h, "fake", wants, "Alfa", "Journal", "5790009997023"));
  struct str second = hall_add(&h, hall_plan(&h, "fake2", wants, "Alfa", "Journal", "5790009997023"));
  hall_ask(&h, 0, "POST", "/journal/lab/Patient", "application/fhir+xml", patient);
  hall_await(&h, 1);
  cr_expect_eq(h.codes[0], 300, "two runs want it: %d", h.codes[0]);
  hall_ask(&h, 1, "POST", arena_printf(h.arena, "/journal/lab/%.*s/Patient", STR_F(second)).p, "application/fhir+xml",
           patient);
  hall_await(&h, 2);
  cr_expect_eq(h.codes[1], 201);
  cr_expect_eq(messages_of(&h, first), (size_t)0);
  cr_expect_eq(messages_of(&h, second), (size_t)1);
  hall_ask(&h, 2, "POST", "/journal/lab/Patient", "application/fhir+xml", patient);
  hall_await(&h, 3);
  cr_expect_eq(h.codes[2], 201);
  cr_expect_eq(messages_of(&h, first), (size_t)1);
  hall_close(&h);
}

Test(camp, two_vendors_cannot_have_one_address) {
  struct hall h;
  struct error e;
  hall_open(&h);
  hall_add(&h, hall_plan(&h, "fake", HEARS_PING, "Alfa", "Journal", "5790009997023"));
  h.options.plan = hall_plan(&h, "fake", HEARS_PING, "Beta", "journal", "5790009997030");
  cr_expect_eq(camp_add(h.camp, (struct str){0}, &h.options, NULL, &e), -1);
  cr_expect_neq(str_find(str_z(e.text), STR("journal of Beta"), 0), SIZE_MAX, "%s", e.text);
  cr_expect_eq(camp_count(h.camp).runs, (size_t)1);
  hall_close(&h);
}

Test(camp, of_several_runs_the_one_that_wants_it_gets_it) {
  struct hall h;
  struct error e;
  struct mailbox_message *kept;
  size_t n;
  hall_open(&h);
  struct str ping = hall_add(&h, hall_plan(&h, "pings", EXPECTS("ping"), "Alfa", "Journal", "5790009997023"));
  struct str pong = hall_add(&h, hall_plan(&h, "pongs", EXPECTS("pong"), "Alfa", "Journal", "5790009997023"));
  struct str also = hall_add(&h, hall_plan(&h, "also", EXPECTS("pong"), "Alfa", "Journal", "5790009997023"));
  hall_post(&h, 0, "/journal/receiver", EVENT("ping"));
  hall_post(&h, 1, "/journal/receiver", EVENT("pong"));
  hall_post(&h, 2, "/journal/receiver", "rubbish");
  hall_await(&h, 3);
  for (size_t i = 0; i < 3; i++) cr_expect_eq(h.codes[i], 202, "%zu: %d", i, h.codes[i]);
  cr_expect_eq(messages_of(&h, ping), (size_t)1);
  cr_expect_eq(messages_of(&h, pong), (size_t)0);
  cr_expect_eq(messages_of(&h, also), (size_t)0);
  cr_assert_eq(mailbox_read(h.store, STR("mailbox-journal-receiver"), h.arena, &kept, &n, &e), 0, "%s", e.text);
  cr_assert_eq(n, (size_t)2);
  size_t several = 0;
  for (size_t i = 0; i < n; i++) several += str_eqz(event_get(kept[i].received, "why"), "several");
  cr_expect_eq(several, (size_t)1);
  struct str id;
  struct run *r = camp_run(h.camp, pong);
  cr_assert_eq(run_take(r, STR("mailbox-journal-receiver"), STR("m1"), "sent by it", &id, &e), 0, "%s", e.text);
  cr_expect_eq(run_take(r, STR("mailbox-journal-receiver"), STR("m1"), "again", &id, &e), -1);
  cr_expect_eq(run_take(r, STR("mailbox-journal-receiver"), STR("m9"), "not there", &id, &e), -1);
  loop_turn(camp_loop(h.camp), 0);
  cr_expect_eq(messages_of(&h, pong), (size_t)1);
  cr_assert_eq(mailbox_read(h.store, STR("mailbox-journal-receiver"), h.arena, &kept, &n, &e), 0, "%s", e.text);
  cr_expect(str_eq(kept[0].given_to, pong));
  hall_post(&h, 3, arena_printf(h.arena, "/journal/receiver/%.*s", STR_F(also)).p, EVENT("pong"));
  hall_await(&h, 4);
  cr_expect_eq(h.codes[3], 202);
  cr_expect_eq(messages_of(&h, also), (size_t)1);
  hall_close(&h);
}

#define CREATES(type) "expect: {rest: create, type: " type ", as: it, early: true, within: 10 min}"
#define FHIR "application/fhir+json"

/* The one that waits for it, the one that holds it, and nobody. */
Test(camp, of_several_fhir_servers_the_one_that_is_meant_answers) {
  struct hall h;
  hall_open(&h);
  h.exchange = "fhir-rest";
  struct str one = hall_add(&h, hall_plan(&h, "one", CREATES("Patient"), "Alfa", "Journal", "5790009997023"));
  struct str other = hall_add(&h, hall_plan(&h, "other", CREATES("Group"), "Alfa", "Journal", "5790009997023"));
  (void)hall_add(&h, hall_plan(&h, "third", CREATES("Basic"), "Alfa", "Journal", "5790009997023"));
  hall_ask(&h, 0, "POST", "/journal/receiver/Group", FHIR, "{\"resourceType\":\"Group\"}");
  hall_await(&h, 1);
  cr_expect_eq(h.codes[0], 201);
  cr_assert_eq(messages_of(&h, other), (size_t)1);
  struct str id = facts_get(&run_state(camp_run(h.camp, other))->messages.v[0]->facts, "rest.id");
  hall_ask(&h, 1, "GET", arena_printf(h.arena, "/journal/receiver/Group/%.*s", STR_F(id)).p, FHIR, "");
  hall_ask(&h, 2, "GET", "/journal/receiver/Group/nobody", FHIR, "");
  hall_ask(&h, 3, "GET", arena_printf(h.arena, "/journal/receiver/%.*s/Group/x", STR_F(one)).p, FHIR, "");
  hall_await(&h, 4);
  cr_expect_eq(h.codes[1], 200);
  cr_expect_eq(messages_of(&h, other), (size_t)2);
  cr_expect_eq(h.codes[2], 300, "%d", h.codes[2]);
  cr_expect_neq(str_find(h.texts[2], one, 0), SIZE_MAX);
  cr_expect_eq(h.codes[3], 404);
  cr_expect_eq(messages_of(&h, one), (size_t)1);
  hall_close(&h);
}

/* The answer may be faster than the step that waits for it. */
Test(camp, a_message_that_came_before_its_step_was_opened_goes_to_it) {
  struct hall h;
  struct error e;
  struct mailbox_message *kept;
  size_t n;
  hall_open(&h);
  struct str slow =
      hall_add(&h, hall_plan(&h, "slow",
                             "pause: {for: 300 ms}\n      - step: \"1.2\"\n        expect: {event: ping, as: it, "
                             "within: 10 min}",
                             "Alfa", "Journal", "5790009997023"));
  struct str other = hall_add(&h, hall_plan(&h, "other", EXPECTS("pong"), "Alfa", "Journal", "5790009997023"));
  loop_turn(camp_loop(h.camp), 0);
  hall_post(&h, 0, "/journal/receiver", EVENT("ping"));
  hall_await(&h, 1);
  cr_expect_eq(h.codes[0], 202);
  cr_expect_eq(messages_of(&h, slow), (size_t)0);
  int64_t until = clock_monotonic() + WAIT_MS;
  while (!run_state(camp_run(h.camp, slow))->ended_at && clock_monotonic() < until) loop_turn(camp_loop(h.camp), 50);
  cr_expect_eq(messages_of(&h, slow), (size_t)1);
  cr_expect_eq(messages_of(&h, other), (size_t)0);
  cr_expect_eq(state_verdict(run_state(camp_run(h.camp, slow))), VERDICT_PASS);
  cr_assert_eq(mailbox_read(h.store, STR("mailbox-journal-receiver"), h.arena, &kept, &n, &e), 0, "%s", e.text);
  cr_assert_eq(n, (size_t)1);
  cr_expect(str_eq(kept[0].given_to, slow));
  /* The other one is the only one that has not ended: what nobody waits for is its own. */
  hall_post(&h, 1, "/journal/receiver", EVENT("rubbish"));
  hall_await(&h, 2);
  cr_expect_eq(messages_of(&h, other), (size_t)1);
  hall_close(&h);
}

Test(camp, runs_go_on_after_the_process_ended) {
  struct hall h;
  struct error e;
  hall_open(&h);
  struct plan *plan = hall_plan(&h, "fake", HEARS_PING, "Alfa", "Journal", "5790009997023");
  struct str id = arena_str(h.arena, hall_add(&h, plan));
  hall_post(&h, 0, "/journal/receiver", "wrong");
  hall_await(&h, 1);
  hall_close_camp(&h);
  hall_open_camp(&h);
  hall_post(&h, 1, "/journal/receiver", "ping");
  hall_await(&h, 2);
  cr_expect_eq(h.codes[1], 404);
  h.options.plan = plan;
  cr_assert_eq(camp_add(h.camp, id, &h.options, NULL, &e), 0, "%s", e.text);
  cr_expect_eq(messages_of(&h, id), (size_t)1);
  hall_post(&h, 2, "/journal/receiver", "ping");
  hall_await(&h, 3);
  cr_expect_eq(state_verdict(run_state(camp_run(h.camp, id))), VERDICT_PASS);
  hall_close(&h);
}

/* Files may not grow: the store cannot keep the turn, the vendor gets a 507 and tries again. */
Test(camp, what_cannot_be_kept_is_refused_and_the_runs_stand) {
  struct hall h;
  struct rlimit full = {0, RLIM_INFINITY}, before;
  hall_open(&h);
  struct str a = hall_add(&h, hall_plan(&h, "fake", HEARS_PING, "Alfa", "Journal", "5790009997023"));
  struct str b = hall_add(&h, hall_plan(&h, "fake", HEARS_PING, "Beta", "Omsorg", "5790009997030"));
  cr_assert_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
  full.rlim_max = before.rlim_max;
  signal(SIGXFSZ, SIG_IGN);
  cr_assert_eq(setrlimit(RLIMIT_FSIZE, &full), 0);
  hall_post(&h, 0, "/journal/receiver", "ping");
  hall_post(&h, 1, "/omsorg/receiver", "ping");
  hall_await(&h, 2);
  cr_assert_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
  cr_expect_eq(h.codes[0], 507);
  cr_expect_eq(h.codes[1], 507);
  cr_expect_eq(messages_of(&h, a), (size_t)0);
  cr_expect_eq(messages_of(&h, b), (size_t)0);
  hall_post(&h, 2, "/journal/receiver", "ping");
  hall_await(&h, 3);
  cr_expect_eq(h.codes[2], 202, "%d", h.codes[2]);
  cr_expect_eq(state_verdict(run_state(camp_run(h.camp, a))), VERDICT_PASS);
  cr_expect_eq(state_verdict(run_state(camp_run(h.camp, b))), VERDICT_WAITING);
  hall_close(&h);
}

/* A fault is of one run: the others at the address notice nothing, so the port cannot be closed. */
Test(camp, a_fault_hits_its_own_run_only) {
  struct hall h;
  hall_open(&h);
  struct str a = hall_add(&h, hall_plan(&h, "fake",
                                        "fault: {kind: unavailable}\n      - step: \"1.2\"\n"
                                        "        fault: {kind: time-out, nth: 9}\n      - step: \"1.3\"\n"
                                        "        hear: {text: ping}",
                                        "Alfa", "Journal", "5790009997023"));
  struct str b = hall_add(&h, hall_plan(&h, "fake", HEARS_PING, "Beta", "Omsorg", "5790009997030"));
  struct str c = hall_add(&h, hall_plan(&h, "fake", "fault: {kind: reset}", "Gamma", "Klinik", "5790009997047"));
  for (size_t i = 0; i < 3; i++) {
    hall_post(&h, i, i == 1 ? "/omsorg/receiver" : "/journal/receiver", "ping");
    hall_await(&h, i + 1);
  }
  cr_expect_eq(h.codes[0], 503);
  cr_expect_eq(h.codes[1], 202);
  cr_expect_eq(h.codes[2], 202);
  cr_expect_eq(state_verdict(run_state(camp_run(h.camp, a))), VERDICT_PASS);
  cr_expect_eq(state_verdict(run_state(camp_run(h.camp, b))), VERDICT_PASS);
  cr_expect_eq(state_verdict(run_state(camp_run(h.camp, c))), VERDICT_ERROR);
  hall_close(&h);
}

/* What is not answered yet when a run is closed ends without an answer, though the address lives on. */
Test(camp, an_answer_that_is_held_back_ends_with_its_run) {
  struct hall h;
  hall_open(&h);
  struct str id =
      hall_add(&h, hall_plan(&h, "fake", "fault: {kind: time-out}\n      - step: \"1.2\"\n        hear: {text: ping}",
                             "Alfa", "Journal", "5790009997023"));
  hall_post(&h, 0, "/journal/receiver", "ping");
  for (int i = 0; i < 20; i++) loop_turn(camp_loop(h.camp), 5);
  cr_expect_eq(h.answers, (size_t)0);
  camp_read_again(h.camp, id, &h.options); /* closes it, and opens it anew */
  hall_await(&h, 1);
  cr_expect_eq(h.codes[0], 0, "%d", h.codes[0]);
  hall_close(&h);
}

/* What was given in a turn that could not be kept is given in a later one. */
Test(camp, a_message_is_still_offered_after_a_turn_that_was_not_kept) {
  struct hall h;
  struct rlimit full = {0, RLIM_INFINITY}, before;
  hall_open(&h);
  struct str slow = hall_add(&h, hall_plan(&h, "slow",
                                           "pause: {for: 300 ms}\n      - step: \"1.2\"\n        expect: {event: "
                                           "ping, as: it, within: 10 min}",
                                           "Alfa", "Journal", "5790009997023"));
  hall_add(&h, hall_plan(&h, "other", EXPECTS("pong"), "Alfa", "Journal", "5790009997023"));
  hall_post(&h, 0, "/journal/receiver", EVENT("ping"));
  hall_await(&h, 1);
  cr_assert_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
  full.rlim_max = before.rlim_max;
  signal(SIGXFSZ, SIG_IGN);
  cr_assert_eq(setrlimit(RLIMIT_FSIZE, &full), 0);
  int64_t until = clock_monotonic() + 600;
  while (clock_monotonic() < until) loop_turn(camp_loop(h.camp), 50);
  cr_assert_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
  cr_expect_eq(messages_of(&h, slow), (size_t)0);
  until = clock_monotonic() + WAIT_MS;
  while (!run_state(camp_run(h.camp, slow))->ended_at && clock_monotonic() < until) loop_turn(camp_loop(h.camp), 50);
  cr_expect_eq(state_verdict(run_state(camp_run(h.camp, slow))), VERDICT_PASS);
  hall_close(&h);
}

/* ---- what happens while a system is started ---- */

static int kept(void *payload, struct event *ev, struct error *e) {
  (void)e;
  *(size_t *)payload += event_is(ev, "received");
  return 0;
}

static size_t kept_of(struct hall *h, struct str run) {
  struct error e;
  size_t n = 0;
  cr_assert_eq(store_replay(h->store, run, h->arena, kept, &n, &e), 0, "%s", e.text);
  return n;
}

/* Starts a run whose system is started by a script; what came to another run meanwhile must be in the log. */
static void launch_beside(const char *script, int result) {
  struct hall h;
  struct error e;
  hall_open(&h);
  struct str other = hall_add(&h, hall_plan(&h, "fake", HEARS_PING, "Alfa", "Journal", "5790009997023"));
  const char *file = file_join(h.arena, h.dir, "up.sh");
  cr_assert_eq(file_write(file, str_z(script), &e), 0, "%s", e.text);
  h.options.launch = arena_printf(h.arena, "/bin/sh %s", file).p;
  h.options.plan = hall_plan(&h, "fake", HEARS_PING, "Beta", "Omsorg", "5790009997030");
  hall_post(&h, 0, "/journal/receiver", "ping");
  cr_assert_eq(camp_add(h.camp, (struct str){0}, &h.options, NULL, &e), result, "%s", e.text);
  store_rollback(h.store); /* as after every command */
  hall_await(&h, 1);
  cr_expect_eq(h.codes[0], 202);
  cr_expect_eq(messages_of(&h, other), (size_t)1);
  cr_expect_eq(kept_of(&h, other), (size_t)1);
  hall_close(&h);
}

Test(camp, what_comes_while_a_system_is_started_is_kept) {
  launch_beside("sleep 0.3\necho listening http://127.0.0.1:9\nexec sleep 20\n", 0);
}

Test(camp, what_comes_while_a_system_fails_to_start_is_kept) {
  launch_beside("sleep 0.3\nexit 7\n", -1);
}
