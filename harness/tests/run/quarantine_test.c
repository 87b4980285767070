/* Messages with a CPR number of nobody on the list: kept, given to no step, and let out by a person. */
#include "tests/run/bench.h"

#include <criterion/criterion.h>
#include <stdio.h>

#define UPLOAD "{kind: upload}\n"
#define HTTP "{kind: vans-http, address: \"%s/in\"}\n"
#define SECTION(id) "  - id: \"" id "\"\n    title: {en: Case, da: Sag}\n    status: mandatory\n    steps:\n"
#define HEAR(id, text) "      - step: \"" id "\"\n        hear: {text: \"" text "\", as: got}\n"
#define STRANGER "0101901234"

static bool foreign(void *context, struct str ten) {
  (void)context;
  return str_eqz(ten, STRANGER);
}

static const struct state_message *message(struct bench *b, const char *id) {
  const struct state_message *m = state_message_find(run_state(b->run), str_z(id));
  cr_assert_not_null(m);
  return m;
}

static void open_waiting(struct bench *b) {
  bench_open(b, UPLOAD, SECTION("1") HEAR("1.1", "cpr " STRANGER));
  b->options.foreign = (struct deep_number){.wanted = foreign};
  bench_run(b);
}

static void put(struct bench *b, const char *name, const char *text) {
  struct error e;
  struct str id;
  cr_assert_eq(run_put(b->run, bench_file(b, name, text), &id, &e), 0, "%s", e.text);
  cr_assert_eq(bench_go(b), 0, "%s", b->error.text);
}

Test(quarantine, what_is_held_is_matched_when_it_is_released) {
  struct bench b;
  struct error e;
  struct event *ev;
  open_waiting(&b);
  put(&b, STRANGER ".txt", "cpr " STRANGER);
  cr_expect(message(&b, "m1")->quarantined);
  bench_expect(&b, "1.1", VERDICT_NONE);
  bench_count(&b, "received", &ev);
  cr_expect(str_eqz(event_get(ev, "quarantine"), "2"), "bytes and name");
  cr_expect(str_eqz(event_get(ev, "file"), "XXXXXXXXXX.txt"), "%.*s", STR_F(event_get(ev, "file")));
  cr_expect_eq(run_attach(b.run, STR("m1"), STR("1.1"), "because", &e), -1);
  cr_expect_eq(run_unquarantine(b.run, STR("m2"), STR("JD"), STR("x"), &e), -1);
  cr_assert_eq(run_unquarantine(b.run, STR("m1"), STR("JD"), STR("ours"), &e), 0, "%s", e.text);
  cr_assert_eq(bench_go(&b), 0);
  bench_expect(&b, "1.1", VERDICT_PASS);
  cr_expect_eq(run_unquarantine(b.run, STR("m1"), STR("JD"), STR("x"), &e), -1);
  bench_count(&b, "released", &ev);
  cr_expect(str_eqz(event_get(ev, "by"), "JD"));
  bench_close(&b);
}

Test(quarantine, it_lasts_over_a_resume) {
  struct bench b;
  open_waiting(&b);
  put(&b, "a.txt", "cpr " STRANGER);
  bench_stop(&b);
  bench_resume(&b);
  cr_assert_eq(bench_go(&b), 0);
  cr_expect(message(&b, "m1")->quarantined);
  bench_expect(&b, "1.1", VERDICT_NONE);
  bench_close(&b);
}

Test(quarantine, the_record_tells_of_it_without_its_bytes) {
  struct bench b;
  struct record r;
  struct error e;
  open_waiting(&b);
  put(&b, "a.txt", "cpr " STRANGER);
  cr_assert_eq(run_record(b.run, &r, b.arena, &e), 0, "%s", e.text);
  cr_assert_eq(r.exchanges.n, (size_t)1);
  cr_expect(str_eqz(r.exchanges.v[0].withheld, "quarantined"));
  cr_expect_eq(r.exchanges.v[0].bytes.n, (size_t)0);
  bench_close(&b);
}

Test(quarantine, others_pass) {
  struct bench b;
  bench_open(&b, UPLOAD, SECTION("1") HEAR("1.1", "cpr 2512489996"));
  b.options.foreign = (struct deep_number){.wanted = foreign};
  bench_run(&b);
  put(&b, "a.txt", "cpr 2512489996");
  bench_expect(&b, "1.1", VERDICT_PASS);
  bench_close(&b);
}

static void post_once(struct bench *b) {
  if (b->ticks == 1) bench_post(b, "cpr " STRANGER);
  if (b->answers) run_stop(b->run);
}

Test(quarantine, over_the_wire_it_is_taken_and_held) {
  struct bench b;
  bench_open(&b, HTTP, SECTION("1") HEAR("1.1", "cpr " STRANGER));
  b.options.foreign = (struct deep_number){.wanted = foreign};
  b.each = post_once;
  bench_run(&b);
  cr_expect_eq(b.code / 100, 2, "%d", b.code);
  cr_expect(message(&b, "m1")->quarantined);
  bench_expect(&b, "1.1", VERDICT_NONE);
  bench_close(&b);
}

Test(quarantine, a_declaration_is_noted) {
  struct bench b;
  struct error e;
  open_waiting(&b);
  cr_expect(!run_state(b.run)->test_persons_only);
  cr_assert_eq(run_declare(b.run, "option", &e), 0, "%s", e.text);
  cr_expect(run_state(b.run)->test_persons_only);
  bench_close(&b);
}

/* ---- redacted ---- */

/* In place of a blob, a copy of these bytes; its digest is left in copy. */
static void black_out_blob(struct bench *b, struct str digest, const char *by, struct str bytes,
                           char copy[SHA256_HEX + 1]) {
  struct error e;
  struct event *ev = event_new(b->arena, "redacted", 1000, (struct str){0}, (struct str){0});
  cr_assert_eq(store_blob_put(b->store, bytes, copy, &e), 0);
  facts_put(&ev->data, STR("digest"), digest);
  facts_put(&ev->data, STR("by"), str_z(by));
  facts_put(&ev->data, STR("why"), STR("test"));
  facts_put(&ev->data, STR("how"), STR("blacked-out"));
  facts_put(&ev->data, STR("copy"), str_z(copy));
  cr_assert_eq(store_append(b->store, b->id, ev, &e), 0);
  cr_assert_eq(store_blob_erase(b->store, digest, &e), 0);
  cr_assert_eq(store_commit(b->store, &e), 0);
}

/* A run with one message, "secret", before anybody did anything about it. */
static void open_secret(struct bench *b) {
  bench_open(b, UPLOAD, SECTION("1") HEAR("1.1", "hello"));
  bench_run(b);
  put(b, "a.txt", "secret");
}

static const struct record_exchange *recorded_again(struct bench *b, struct record *r) {
  struct error e;
  bench_stop(b);
  bench_resume(b);
  cr_assert_eq(run_record(b->run, r, b->arena, &e), 0, "%s", e.text);
  return &r->exchanges.v[0];
}

Test(quarantine, a_record_shows_the_copy_of_what_was_blacked_out) {
  struct bench b;
  struct record r;
  char copy[SHA256_HEX + 1];
  open_secret(&b);
  black_out_blob(&b, message(&b, "m1")->digest, "JD", STR("XXXXXX"), copy);
  const struct record_exchange *x = recorded_again(&b, &r);
  cr_expect(str_eqz(x->bytes, "XXXXXX"));
  cr_expect(str_eqz(x->withheld_by, "JD"));
  bench_close(&b);
}

Test(quarantine, of_what_was_blacked_out_twice_it_shows_the_last_copy) {
  struct bench b;
  struct record r;
  char first[SHA256_HEX + 1], last[SHA256_HEX + 1];
  open_secret(&b);
  black_out_blob(&b, message(&b, "m1")->digest, "JD", STR("XXXret"), first);
  black_out_blob(&b, str_z(first), "MM", STR("XXXXXX"), last);
  const struct record_exchange *x = recorded_again(&b, &r);
  cr_expect(str_eqz(x->bytes, "XXXXXX"));
  cr_expect(str_eqz(x->withheld_by, "MM"));
  cr_expect_eq(r.damage.n, 0);
  bench_close(&b);
}

/* A log that lies: each is the copy of the other. */
Test(quarantine, copies_of_each_other_come_to_an_end) {
  struct bench b;
  struct record r;
  char first[SHA256_HEX + 1], again[SHA256_HEX + 1];
  open_secret(&b);
  black_out_blob(&b, message(&b, "m1")->digest, "JD", STR("XXXret"), first);
  black_out_blob(&b, str_z(first), "MM", STR("secret"), again);
  cr_expect(recorded_again(&b, &r)->withheld.n);
  bench_close(&b);
}
