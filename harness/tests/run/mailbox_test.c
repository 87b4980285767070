/* Which step gets a message, by hand and over the wire. */
#include "base/file.h"
#include "tests/run/bench.h"

#include <criterion/criterion.h>

#define UPLOAD "{kind: upload}\n"
#define INBOX "{kind: vans-http, address: \"\"}\ntrigger: {kind: person}\n"
#define SECTION(id) "  - id: \"" id "\"\n    title: {en: Case, da: Sag}\n    status: mandatory\n    steps:\n"

static const struct state_message *put(struct bench *b, const char *text) {
  struct error e;
  struct str id;
  char *path = bench_file(b, "message.txt", text);
  cr_assert_eq(run_put(b->run, path, &id, &e), 0, "%s", e.text);
  return state_message_find(run_state(b->run), arena_str(b->arena, id));
}

static void go(struct bench *b) {
  cr_assert_eq(bench_go(b), 0, "%s", b->error.text);
}

Test(mailbox, what_is_put_goes_to_the_step_that_wants_it) {
  struct bench b;
  struct error e;
  struct str id, bytes;
  bench_open(&b, UPLOAD,
             SECTION("1") "      - step: \"1.1\"\n        say: {text: hello, as: it}\n"
                          "      - step: \"1.2\"\n        hear: {text: pong 1, within: 1 ms}\n");
  bench_run(&b);
  bench_expect(&b, "1.1", VERDICT_PASS);
  bench_expect(&b, "1.2", VERDICT_NONE); /* by hand nothing is late */
  cr_expect_eq(state_verdict(run_state(b.run)), VERDICT_WAITING);
  cr_expect_eq(run_put(b.run, bench_path(&b, "nothing.txt"), &id, &e), -1);
  cr_expect_neq(str_find(str_z(e.text), STR("nothing.txt"), 0), SIZE_MAX, "%s", e.text);
  bench_stop(&b);
  bench_resume(&b);
  const struct state_message *m = put(&b, "pong 1");
  cr_assert_not_null(m);
  cr_expect(str_eqz(m->via, "upload"));
  cr_expect(str_eqz(m->file, "message.txt"));
  go(&b);
  cr_expect_eq(m->owner, bench_step(&b, "1.2"));
  bench_expect(&b, "1.2", VERDICT_PASS);
  cr_expect_eq(state_verdict(run_state(b.run)), VERDICT_PASS);
  cr_assert_eq(store_blob_get(b.store, m->digest, b.arena, &bytes, &e), 0, "%s", e.text);
  cr_expect(str_eqz(bytes, "pong 1"));
  cr_expect_eq(bench_count(&b, "run-ended", NULL), (size_t)1);
  bench_close(&b);
}

static void expect_error(struct bench *b, const char *message, const char *step, const char *says) {
  struct error e;
  cr_expect_eq(run_attach(b->run, str_z(message), str_z(step), "because", &e), -1, "%s to %s", message, step);
  cr_expect_neq(str_find(str_z(e.text), str_z(says), 0), SIZE_MAX, "%s", e.text);
}

Test(mailbox, a_message_that_fits_two_cases_is_given_to_nobody) {
  struct bench b;
  struct error e;
  struct event *ev = NULL;
  bench_open(&b, UPLOAD,
             SECTION("1") "      - step: \"1.1\"\n        hear: {text: ping, as: first}\n" SECTION(
                 "2") "      - step: \"2.1\"\n        hear: {text: ping, as: second}\n"
                      "      - step: \"2.2\"\n        say: {text: hello, as: said}\n");
  bench_run(&b);
  const struct state_message *m = put(&b, "ping");
  go(&b);
  cr_expect_null(m->owner);
  bench_expect(&b, "1.1", VERDICT_NONE);
  bench_expect(&b, "2.1", VERDICT_NONE);
  expect_error(&b, "m9", "2.1", "there is no unmatched message m9; see testcamp list unmatched");
  expect_error(&b, "", "2.1", "there is no unmatched message");
  expect_error(&b, "m1", "7.7", "step 7.7 does not wait for a message now; see testcamp list waits");
  expect_error(&b, "m1", "2.2", "step 2.2 does not wait for a message now");
  cr_assert_eq(run_attach(b.run, STR("m1"), STR("2.1"), "seen in their log", &e), 0, "%s", e.text);
  go(&b);
  bench_expect(&b, "2.1", VERDICT_PASS);
  bench_expect(&b, "2.2", VERDICT_PASS);
  bench_expect(&b, "1.1", VERDICT_NONE);
  cr_expect_eq(m->owner, bench_step(&b, "2.1"));
  cr_expect(str_eqz(m->name, "second"));
  cr_assert_eq(bench_count(&b, "attached", &ev), (size_t)1);
  cr_expect(str_eqz(event_get(ev, "why"), "seen in their log"));
  expect_error(&b, "m1", "1.1", "there is no unmatched message m1");
  expect_error(&b, "m2", "1.1", "there is no unmatched message m2");
  expect_error(&b, "said", "1.1", "there is no unmatched message said");
  bench_close(&b);
}

Test(mailbox, each_of_two_messages_goes_to_one_step_only) {
  struct bench b;
  bench_open(&b, UPLOAD,
             SECTION("1") "      - step: \"1.1\"\n        hear: {text: ping, as: first}\n"
                          "      - step: \"1.2\"\n        hear: {text: ping, as: second}\n");
  bench_run(&b);
  const struct state_message *m1 = put(&b, "ping");
  go(&b);
  bench_expect(&b, "1.1", VERDICT_PASS);
  bench_expect(&b, "1.2", VERDICT_NONE);
  const struct state_message *m2 = put(&b, "ping");
  go(&b);
  cr_expect_eq(m1->owner, bench_step(&b, "1.1"));
  cr_expect_eq(m2->owner, bench_step(&b, "1.2"));
  bench_close(&b);
}

#define BUNDLE                                                                                                         \
  "{\"resourceType\":\"Bundle\",\"type\":\"message\",\"entry\":[{\"resource\":{\"resourceType\":\"MessageHeader\","    \
  "\"id\":\"0b6dbd4e-4a5e-4f0e-8e2a-1f5c7b1d2a03\",\"eventCoding\":{\"code\":\"care-communication-message\"}}}]}"

/* With the real word: a message is there before its case begins. */
static void early(const char *early, enum verdict v) {
  struct bench b;
  struct arena *a = arena_new(0);
  bench_open(&b, UPLOAD,
             arena_printf(a,
                          SECTION("1") "      - step: \"1.1\"\n        person: {}\n" SECTION(
                              "2") "      - step: \"2.1\"\n        expect: {event: care-communication-message, as: it, "
                                   "within: 1 min%s}\n",
                          early)
                 .p);
  bench_start(&b);
  const struct state_message *m = put(&b, BUNDLE);
  cr_expect(str_eqz(facts_get(&m->facts, "event"), "care-communication-message"));
  go(&b);
  bench_expect(&b, "2.1", v);
  cr_expect_eq(m->owner != NULL, v == VERDICT_PASS);
  bench_close(&b);
  arena_free(a);
}

Test(mailbox, an_early_message_is_not_taken) {
  early("", VERDICT_NONE);
}

Test(mailbox, an_early_message_is_taken_where_the_step_says_so) {
  early(", early: true", VERDICT_PASS);
}

static void post_two(struct bench *b) {
  if (b->ticks == 1) bench_post(b, "ping 2");
  if (b->ticks == 10) bench_post(b, "ping 1");
}

Test(mailbox, what_matches_nothing_stays_visible_with_its_near_miss) {
  struct bench b;
  struct record rec;
  struct error e;
  bench_open(&b, INBOX, SECTION("1") "      - step: \"1.1\"\n        hear: {text: ping 3, within: 200 ms}\n");
  b.each = post_two;
  bench_run(&b);
  bench_expect(&b, "1.1", VERDICT_FAIL);
  cr_assert_eq(run_record(b.run, &rec, b.arena, &e), 0, "%s", e.text);
  cr_assert_eq(rec.exchanges.n, (size_t)2);
  for (size_t i = 0; i < rec.exchanges.n; i++) {
    const struct record_exchange *x = &rec.exchanges.v[i];
    cr_expect_eq(x->step.n, (size_t)0);
    cr_expect(str_eqz(x->near_miss_en, "nearly fits step 1.1: another text"), "%.*s", STR_F(x->near_miss_en));
    cr_expect(str_ends(x->near_miss_da, STR(" 1.1: en anden tekst")), "%.*s", STR_F(x->near_miss_da));
  }
  cr_expect(str_eqz(rec.exchanges.v[0].bytes, "ping 2"));
  cr_expect_eq(rec.exchanges.v[1].size, (size_t)6);
  bench_close(&b);
}

/* ---- order, copies, lateness ---- */

static const struct record_exchange *explained(struct bench *b, const char *id, struct record *rec) {
  struct error e;
  cr_assert_eq(run_record(b->run, rec, b->arena, &e), 0, "%s", e.text);
  const struct record_exchange *x = record_exchange_find(rec, str_z(id));
  cr_assert_not_null(x);
  return x;
}

static void expect_why(struct bench *b, const char *id, const char *en) {
  struct record rec;
  const struct record_exchange *x = explained(b, id, &rec);
  cr_expect_eq(x->step.n, (size_t)0, "%s was given to %.*s", id, STR_F(x->step));
  cr_expect(str_eqz(x->near_miss_en, en), "%s: %.*s", id, STR_F(x->near_miss_en));
  cr_expect(x->near_miss_da.n && !str_eq(x->near_miss_da, x->near_miss_en));
}

Test(mailbox, what_comes_in_the_wrong_order_waits_for_its_step) {
  struct bench b;
  bench_open(&b, UPLOAD,
             SECTION("1") "      - step: \"1.1\"\n        hear: {text: first}\n"
                          "      - step: \"1.2\"\n        hear: {text: second}\n");
  bench_run(&b);
  const struct state_message *second = put(&b, "second"), *first = put(&b, "first");
  go(&b);
  cr_expect_eq(first->owner, bench_step(&b, "1.1"));
  cr_expect_eq(second->owner, bench_step(&b, "1.2"));
  cr_expect_eq(state_verdict(run_state(b.run)), VERDICT_PASS);
  bench_close(&b);
}

Test(mailbox, two_cases_at_once_get_each_its_own) {
  struct bench b;
  bench_open(&b, UPLOAD,
             SECTION("1") "      - step: \"1.1\"\n        hear: {text: ping 1}\n" SECTION(
                 "2") "      - step: \"2.1\"\n        hear: {text: ping 2}\n");
  bench_run(&b);
  const struct state_message *m2 = put(&b, "ping 2"), *m1 = put(&b, "ping 1");
  go(&b);
  cr_expect_eq(m1->owner, bench_step(&b, "1.1"));
  cr_expect_eq(m2->owner, bench_step(&b, "2.1"));
  bench_close(&b);
}

Test(mailbox, a_copy_is_told_from_another_message_with_its_identifiers) {
  struct bench b;
  bench_open(
      &b, UPLOAD,
      SECTION("1") "      - step: \"1.1\"\n        expect: {event: care-communication-message, as: it, within: 1 min}\n"
                   "      - step: \"1.2\"\n        person: {}\n");
  bench_run(&b);
  put(&b, BUNDLE);
  go(&b);
  bench_expect(&b, "1.1", VERDICT_PASS);
  put(&b, BUNDLE);
  put(&b, BUNDLE "\n");
  put(&b,
      "{\"resourceType\":\"Bundle\",\"type\":\"message\",\"entry\":[{\"resource\":{\"resourceType\":\"MessageHeader\","
      "\"id\":\"7b6dbd4e-4a5e-4f0e-8e2a-1f5c7b1d2a03\",\"eventCoding\":{\"code\":\"care-communication-message\"}}}]}");
  put(&b,
      "{\"resourceType\":\"Bundle\",\"type\":\"message\",\"entry\":[{\"resource\":{\"resourceType\":\"MessageHeader\","
      "\"id\":\"8b6dbd4e-4a5e-4f0e-8e2a-1f5c7b1d2a03\",\"eventCoding\":{\"code\":\"homecareobservation-message\"}}}]}");
  go(&b);
  expect_why(&b, "m2", "fits step 1.1, which has m1 already: the same bytes once more");
  expect_why(&b, "m3", "fits step 1.1, which has m1 already: the same identifiers with other bytes");
  expect_why(&b, "m4", "fits step 1.1, which has m1 already: another one");
  expect_why(&b, "m5", "no step that was opened waits for homecareobservation-message");
  bench_close(&b);
}

static void post_when_late(struct bench *b) {
  if (bench_step(b, "1.1")->verdict != VERDICT_NONE && b->hits++ == 0) bench_post(b, "ping");
}

Test(mailbox, what_comes_too_late_is_kept_and_told) {
  struct bench b;
  bench_open(&b, INBOX,
             SECTION("1") "      - step: \"1.1\"\n        hear: {text: ping, within: 60 ms}\n"
                          "      - step: \"1.2\"\n        pause: {for: 300 ms}\n");
  b.each = post_when_late;
  bench_run(&b);
  bench_expect(&b, "1.1", VERDICT_FAIL);
  expect_why(&b, "m1", "fits step 1.1, but came after its deadline");
  bench_close(&b);
}

/* What was nobody's is looked at again when a step got its message. */
Test(mailbox, what_fitted_two_goes_to_the_one_that_is_left) {
  struct bench b;
  struct error e;
  bench_open(&b, UPLOAD,
             SECTION("1") "      - step: \"1.1\"\n        hear: {text: ping}\n" SECTION(
                 "2") "      - step: \"2.1\"\n        hear: {text: ping}\n");
  bench_run(&b);
  put(&b, "ping");
  const struct state_message *second = put(&b, "ping");
  go(&b);
  cr_assert_not_null(second);
  cr_expect_null(second->owner);
  cr_assert_eq(run_attach(b.run, STR("m1"), STR("2.1"), "seen in their log", &e), 0, "%s", e.text);
  go(&b);
  bench_expect(&b, "2.1", VERDICT_PASS);
  bench_expect(&b, "1.1", VERDICT_PASS);
  cr_expect_eq(second->owner, bench_step(&b, "1.1"));
  bench_close(&b);
}

Test(mailbox, what_fits_two_says_so) {
  struct bench b;
  bench_open(&b, UPLOAD,
             SECTION("1") "      - step: \"1.1\"\n        hear: {text: ping}\n" SECTION(
                 "2") "      - step: \"2.1\"\n        hear: {text: ping}\n");
  bench_run(&b);
  put(&b, "ping");
  go(&b);
  expect_why(&b, "m1", "fits step 1.1, 2.1; give it to one with: testcamp attach");
  bench_close(&b);
}

/* Of two steps that it nearly fits, the one that waits is meant. */
Test(mailbox, the_miss_told_is_that_of_a_step_that_waits) {
  struct bench b;
  bench_open(&b, UPLOAD,
             SECTION("1") "      - step: \"1.1\"\n        hear: {text: ping 1}\n"
                          "      - step: \"1.2\"\n        hear: {text: ping 2}\n");
  bench_run(&b);
  put(&b, "ping 1");
  put(&b, "ping 3");
  go(&b);
  bench_expect(&b, "1.1", VERDICT_PASS);
  expect_why(&b, "m2", "nearly fits step 1.2: another text");
  bench_close(&b);
}
