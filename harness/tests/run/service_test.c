/* Services of a run: each has a mailbox and an address of its own beside that of the system's messages. */
#include "endpoint/endpoint.h"
#include "protocol/service.h"
#include "tests/run/bench.h"
#include "tests/run/ports.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define HTTP "{kind: vans-http}\ntrigger: {kind: person}\n"
#define CASE "  - id: \"1\"\n    title: {en: One, da: En}\n    status: mandatory\n    steps:\n"
#define CREATE "      - step: \"1.1\"\n        party: lab\n        expect: {rest: create, as: patient, within: 5 s}\n"
#define READ "      - step: \"1.2\"\n        party: lab\n        expect: {rest: read, of: patient, within: 5 s}\n"
#define HEAR "      - step: \"1.3\"\n        hear: {text: hello, as: letter, within: 5 s}\n"
#define PAUSE "      - pause: {for: 100 ms}\n"
#define LAB "services:\n  lab: {kind: fhir-rest}\n"
#define PATIENT "<Patient xmlns=\"http://hl7.org/fhir\"><active value=\"true\"/></Patient>"

static const char *const ours[] = {"vans-http", "vans-folder", "sbdh-http", "sbdh-folder", "upload", NULL};

static bool is_of_messages(const char *name) {
  for (const char *const *n = ours; *n; n++)
    if (!strcmp(*n, name)) return true;
  return false;
}

static const struct endpoint_kind *endpoint_named(const char *name) {
  for (size_t i = 0; endpoint_kinds[i]; i++)
    if (!strcmp(endpoint_kinds[i]->name, name)) return endpoint_kinds[i];
  return NULL;
}

/* The words of a protocol, and what can be played, are two tables in two rooms. */
Test(service, each_kind_of_endpoint_that_is_none_of_messages_can_be_a_service) {
  size_t n = 0;
  for (const struct service_kind *k = service_kinds; k->name; k++, n++) {
    cr_expect_not_null(endpoint_named(k->name), "no endpoint plays %s", k->name);
    cr_expect(k->title.en.n && k->title.da.n, "%s has no title", k->name);
  }
  cr_expect_gt(n, (size_t)0);
  for (size_t i = 0; endpoint_kinds[i]; i++)
    if (!is_of_messages(endpoint_kinds[i]->name))
      cr_expect_not_null(service_kind_named(str_z(endpoint_kinds[i]->name)), "no protocol can name %s",
                         endpoint_kinds[i]->name);
}

static void ask_lab(struct bench *b, const char *method, const char *path, struct str body) {
  const char *address = run_service_address(b->run, STR("lab"));
  cr_assert_not_null(address);
  bench_ask_at(b, address, method, path, "application/fhir+xml", body);
}

static void create_then_write(struct bench *b) {
  if (b->ticks == 1) ask_lab(b, "POST", "/Patient", STR(PATIENT));
  if (b->answers == 1 && b->hits++ == 0) bench_post(b, "hello");
}

Test(service, what_comes_to_it_is_in_its_own_mailbox) {
  struct bench b;
  struct record rec;
  struct error e;
  bench_open(&b, HTTP, CASE CREATE HEAR PAUSE LAB);
  b.each = create_then_write;
  bench_run(&b);
  bench_expect(&b, "1.1", VERDICT_PASS);
  bench_expect(&b, "1.3", VERDICT_PASS);
  cr_assert_eq(run_state(b.run)->messages.n, (size_t)2);
  cr_expect(str_eqz(run_state(b.run)->messages.v[0]->party, "lab"));
  cr_expect_eq(run_state(b.run)->messages.v[1]->party.n, (size_t)0);
  cr_assert_eq(run_record(b.run, &rec, b.arena, &e), 0, "%s", e.text);
  cr_assert_eq(rec.services.n, (size_t)1);
  cr_expect(str_eqz(rec.services.v[0].address, run_service_address(b.run, STR("lab"))));
  bench_close(&b);
}

/* It came in the case, though no step of that waited for it; a letter that nobody waits for belongs to none. */
Test(service, what_no_step_waits_for_belongs_to_the_case_in_which_it_came) {
  struct bench b;
  struct record rec;
  struct error e;
  bench_open(&b, HTTP, CASE PAUSE LAB);
  b.each = create_then_write;
  bench_run(&b);
  cr_assert_eq(run_record(b.run, &rec, b.arena, &e), 0, "%s", e.text);
  cr_assert_eq(rec.exchanges.n, (size_t)2);
  cr_expect(str_eqz(rec.exchanges.v[0].case_id, "1"));
  cr_expect_eq(rec.exchanges.v[0].step.n, (size_t)0);
  cr_expect_eq(rec.exchanges.v[1].case_id.n, (size_t)0);
  bench_close(&b);
}

static void create(struct bench *b) {
  if (b->ticks == 1) ask_lab(b, "POST", "/Patient", STR(PATIENT));
  if (b->answers == 1) run_stop(b->run);
}

static void read_it(struct bench *b) {
  struct str id = facts_get(&run_state(b->run)->messages.v[0]->facts, "rest.id");
  if (b->ticks == 1) ask_lab(b, "GET", arena_printf(b->arena, "/Patient/%.*s", STR_F(id)).p, STR(""));
}

Test(service, it_holds_after_a_resume_what_it_held_before) {
  struct bench b;
  struct event *ev;
  bench_open(&b, HTTP, CASE CREATE READ PAUSE LAB);
  b.each = create;
  bench_run(&b);
  bench_stop(&b);
  b.each = read_it;
  b.ticks = 0;
  bench_resume(&b);
  cr_assert_eq(bench_go(&b), 0, "%s", b.error.text);
  cr_expect_eq(b.code, 200);
  bench_expect(&b, "1.2", VERDICT_PASS);
  /* The port is another one now, and the log says so. */
  cr_expect_eq(bench_count(&b, "addresses", &ev), (size_t)2);
  cr_expect(str_eqz(event_get(ev, "service.lab.address"), run_service_address(b.run, STR("lab"))));
  bench_close(&b);
}

static int port_of(const char *url) {
  return atoi(strrchr(url, ':') + 1);
}

Test(service, it_has_the_port_behind_a_fixed_one) {
  struct bench b;
  int port = ports_free(3);
  cr_assert_neq(port, 0);
  bench_open(&b, HTTP, CASE PAUSE LAB "  more: {kind: fhir-rest}\n");
  b.options.listen = arena_printf(b.arena, "127.0.0.1:%d", port).p;
  bench_start(&b);
  cr_expect_eq(port_of(run_address(b.run)), port);
  cr_expect_eq(port_of(run_service_address(b.run, STR("lab"))), port + 1);
  cr_expect_eq(port_of(run_service_address(b.run, STR("more"))), port + 2);
  cr_expect_null(run_service_address(b.run, STR("none")));
  bench_close(&b);
}

static void refused_then_taken(struct bench *b) {
  if (b->ticks == 1 || (b->answers == 1 && b->hits++ == 0)) ask_lab(b, "POST", "/Patient", STR(PATIENT));
  if (b->answers == 1) cr_expect_eq(b->code, 503);
}

/* A fault of the service leaves the letters alone. */
Test(service, a_fault_hits_its_wire_alone) {
  struct bench b;
  bench_open(&b, HTTP, CASE "      - fault: {kind: unavailable}\n        party: lab\n" CREATE PAUSE LAB);
  b.each = refused_then_taken;
  bench_run(&b);
  cr_expect_eq(b.code, 201);
  bench_expect(&b, "1.1", VERDICT_PASS);
  bench_close(&b);
}

static void reset_then_taken(struct bench *b) {
  if (b->ticks == 1 || (b->answers == 1 && b->hits++ == 0)) ask_lab(b, "POST", "/Patient", STR(PATIENT));
  if (b->answers == 1) cr_expect(b->unanswered);
}

/* Both wires have a reset armed: the one that was reset is told. */
Test(service, a_reset_is_one_of_its_wire) {
  struct bench b;
  struct event *ev;
  bench_open(&b, HTTP,
             CASE "      - step: \"1.7\"\n        fault: {kind: reset}\n"
                  "      - step: \"1.8\"\n        party: lab\n        fault: {kind: reset}\n" CREATE PAUSE LAB);
  b.each = reset_then_taken;
  bench_run(&b);
  cr_expect_eq(b.code, 201);
  cr_assert_eq(bench_count(&b, "fault-applied", &ev), (size_t)1);
  cr_expect(str_eqz(ev->step, "1.8"), "%.*s", STR_F(ev->step));
  bench_close(&b);
}
