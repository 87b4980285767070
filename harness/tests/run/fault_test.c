/* Faults and requests over a stop: the log says which are still to come. */
#include "endpoint/endpoint.h"
#include "tests/run/bench.h"

#include <criterion/criterion.h>
#include <string.h>

#define WIRE "{kind: vans-http, address: \"%s/in\"}\nrest: {address: \"%s/rest/\"}\ntrigger: {kind: person}\n"
#define SECTION(id) "  - id: \"" id "\"\n    title: {en: Case, da: Sag}\n    status: mandatory\n    steps:\n"

/* The vendor posts "ping" again and again, until it is taken; or stops the run after so many answers. */
static void post_again(struct bench *b) {
  if (b->ticks == 1 || (b->ticks % 10 == 0 && b->answers == b->hits)) {
    b->hits = b->answers + 1;
    bench_post(b, "ping");
  }
}

static void count_refused(struct bench *b) {
  if (b->code == 503 && b->asked++ == 0) run_stop(b->run);
}

Test(faults, one_that_is_armed_is_so_after_a_resume) {
  struct bench b;
  struct event *last = NULL;
  bench_open(&b, WIRE,
             SECTION("1") "      - step: \"1.1\"\n        fault: {kind: unavailable, count: 3, as: lost}\n"
                          "      - step: \"1.2\"\n        hear: {text: ping}\n");
  b.each = post_again;
  b.answered = count_refused;
  bench_run(&b);
  bench_stop(&b);
  cr_expect_eq(bench_count(&b, "fault-applied", NULL), (size_t)1);
  b.ticks = b.answers = b.hits = 0;
  bench_resume(&b);
  cr_assert_eq(bench_go(&b), 0, "%s", b.error.text);
  bench_expect(&b, "1.2", VERDICT_PASS);
  cr_expect_eq(b.asked, (size_t)3, "503 was given %zu times", b.asked);
  cr_expect_eq(bench_count(&b, "fault-applied", &last), (size_t)3);
  cr_expect(str_eqz(last->step, "1.1") && last->blob.n);
  cr_expect_eq(bench_count(&b, "received", NULL), (size_t)1);
  cr_expect_eq(bench_count(&b, "fault-armed", NULL), (size_t)1);
  bench_close(&b);
}

Test(faults, the_nth_is_counted_from_the_log) {
  struct bench b;
  bench_open(&b, WIRE,
             SECTION("1") "      - step: \"1.1\"\n        fault: {kind: cut, nth: 2}\n"
                          "      - step: \"1.2\"\n        hear: {text: ping}\n"
                          "      - step: \"1.3\"\n        hear: {text: ping}\n");
  b.each = post_again;
  bench_run(&b);
  bench_expect(&b, "1.3", VERDICT_PASS);
  const struct state *s = run_state(b.run);
  cr_assert_eq(s->messages.n, (size_t)3);
  cr_expect(!s->messages.v[0]->lost && s->messages.v[1]->lost && !s->messages.v[2]->lost);
  bench_close(&b);
}

static void stop_when_applied(struct bench *b, const struct event *ev) {
  if (event_is(ev, "fault-applied")) run_stop(b->run);
}

Test(faults, a_closed_port_is_closed_after_a_resume_and_opens) {
  struct bench b;
  bench_open(&b, WIRE,
             SECTION("1") "      - step: \"1.1\"\n        fault: {kind: refuse, ms: 300}\n"
                          "      - step: \"1.2\"\n        hear: {text: ping}\n");
  b.on_event = stop_when_applied;
  bench_run(&b);
  bench_stop(&b);
  b.on_event = NULL;
  b.each = post_again;
  bench_resume(&b);
  cr_assert_eq(bench_go(&b), 0, "%s", b.error.text);
  bench_expect(&b, "1.2", VERDICT_PASS);
  cr_expect_gt(b.answers, (size_t)1, "the port was open at once");
  cr_expect_eq(bench_count(&b, "fault-ended", NULL), (size_t)1);
  bench_close(&b);
}

Test(faults, connections_are_reset_and_counted) {
  struct bench b;
  bench_open(&b, WIRE,
             SECTION("1") "      - step: \"1.1\"\n        fault: {kind: reset, count: 2}\n"
                          "      - step: \"1.2\"\n        hear: {text: ping}\n");
  b.each = post_again;
  bench_run(&b);
  bench_expect(&b, "1.2", VERDICT_PASS);
  cr_expect_geq(b.answers, (size_t)2);
  cr_expect_eq(bench_count(&b, "fault-applied", NULL), (size_t)2);
  bench_close(&b);
}

Test(faults, they_end_with_their_case) {
  struct bench b;
  bench_open(&b, WIRE,
             SECTION("1") "      - step: \"1.1\"\n        fault: {kind: unavailable}\n" SECTION(
                 "2") "      - step: \"2.1\"\n        hear: {text: ping}\n");
  b.each = post_again;
  bench_run(&b);
  bench_expect(&b, "2.1", VERDICT_PASS);
  cr_expect_eq(bench_count(&b, "received", NULL), (size_t)1);
  cr_expect_eq(bench_count(&b, "fault-ended", NULL), (size_t)1);
  cr_expect_eq(bench_count(&b, "fault-applied", NULL), (size_t)0);
  bench_close(&b);
}

static void stop_when_delayed(struct bench *b, const struct event *ev) {
  if (event_is(ev, "send-result")) run_stop(b->run);
}

/* Stopped while it is held back: it goes out after all, once, and the run does not end before. */
Test(faults, a_late_message_goes_out_after_a_resume) {
  struct bench b;
  bench_open(&b, WIRE,
             SECTION("1") "      - step: \"1.1\"\n        fault: {kind: delay, ms: 150}\n"
                          "      - step: \"1.2\"\n        say: {text: hello, as: it}\n");
  b.on_event = stop_when_delayed;
  bench_run(&b);
  cr_expect_eq(b.bodies_n, (size_t)0);
  cr_expect(str_eqz(bench_step(&b, "1.2")->message->status, ENDPOINT_DELAYED));
  bench_stop(&b);
  b.on_event = NULL;
  bench_resume(&b);
  cr_assert_eq(bench_go(&b), 0, "%s", b.error.text);
  cr_expect_eq(b.bodies_n, (size_t)1);
  cr_expect(str_eqz(bench_step(&b, "1.2")->message->status, "200"));
  bench_close(&b);
}

Test(faults, by_hand_there_is_no_wire_to_fail) {
  struct bench b;
  bench_open(&b, WIRE, SECTION("1") "      - step: \"1.1\"\n        fault: {kind: cut}\n");
  b.options.by_hand = true;
  bench_run(&b);
  bench_expect(&b, "1.1", VERDICT_ERROR);
  bench_close(&b);
}

/* ---- requests ---- */

#define ASK SECTION("1") "      - step: \"1.1\"\n        http: {method: PUT, path: \"/a?b=c\", as: answer}\n"

static void stop_when_asked(struct bench *b) {
  run_stop(b->run);
}

Test(requests, one_without_an_answer_is_asked_again) {
  struct bench b;
  bench_open(&b, WIRE, ASK);
  b.reply = 0;
  b.got = stop_when_asked;
  bench_run(&b);
  bench_expect(&b, "1.1", VERDICT_NONE);
  bench_stop(&b);
  b.reply = 200;
  b.got = NULL;
  bench_resume(&b);
  cr_assert_eq(bench_go(&b), 0, "%s", b.error.text);
  bench_expect(&b, "1.1", VERDICT_PASS);
  cr_expect_eq(b.bodies_n, (size_t)2);
  cr_expect_eq(bench_count(&b, "http-intent", NULL), (size_t)1);
  cr_expect_eq(bench_count(&b, "http-result", NULL), (size_t)1);
  bench_close(&b);
}

Test(requests, the_answer_is_an_exchange_of_the_run) {
  struct bench b;
  struct error e;
  struct str bytes;
  struct record rec;
  bench_open(&b, WIRE, ASK);
  b.reply = 201;
  bench_run(&b);
  const struct state_message *m = state_message_find(run_state(b.run), STR("answer"));
  cr_assert_not_null(m);
  cr_expect(!m->outbound && m->owner == bench_step(&b, "1.1"));
  cr_expect(str_eqz(facts_get(&m->facts, "http.status"), "201"));
  cr_expect(str_eqz(facts_get(&m->facts, "http.content-type"), "text/plain"));
  cr_expect_eq(facts_get(&m->facts, "http.date").n, (size_t)0);
  cr_assert_eq(store_blob_get(b.store, m->digest, b.arena, &bytes, &e), 0);
  cr_expect(str_eqz(bytes, "thanks"));
  cr_assert_eq(run_record(b.run, &rec, b.arena, &e), 0, "%s", e.text);
  cr_expect_eq(rec.exchanges.n, (size_t)2);
  cr_expect_eq(rec.exchanges.v[0].findings.list.n + rec.exchanges.v[1].findings.list.n, (size_t)0);
  bench_close(&b);
}

Test(requests, nobody_there_is_an_error) {
  struct bench b;
  bench_open(&b, "{kind: upload}\nrest: {address: \"http://127.0.0.1:1\"}\n", ASK);
  bench_run(&b);
  bench_expect(&b, "1.1", VERDICT_ERROR);
  bench_close(&b);
}
