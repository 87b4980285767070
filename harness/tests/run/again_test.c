/* Steps that are set back, put in or taken over, in a run that goes on afterwards. */
#include "protocol/insert.h"
#include "run/again.h"
#include "tests/run/bench.h"

#include <criterion/criterion.h>

#define UPLOAD "{kind: upload}\n"
#define INBOX "{kind: vans-http, address: \"\"}\ntrigger: {kind: person}\n"
#define SECTION(id) "  - id: \"" id "\"\n    title: {en: Case, da: Sag}\n    status: mandatory\n    steps:\n"
#define ASK_AND_HEAR                                                                                                   \
  "      - step: \"1.1\"\n        say: {text: hello, as: it}\n"                                                        \
  "      - step: \"1.2\"\n        hear: {text: pong 1, as: answer, early: true}\n"

static void put(struct bench *b, const char *text) {
  struct error e;
  struct str id;
  cr_assert_eq(run_put(b->run, bench_file(b, "message.txt", text), &id, &e), 0, "%s", e.text);
}

static void go(struct bench *b) {
  cr_assert_eq(bench_go(b), 0, "%s", b->error.text);
}

/* Closes the run, has something done to it as a command would, and goes on with it. */
static void meanwhile(struct bench *b, void (*act)(struct bench *b, struct run *r)) {
  struct error e;
  struct run *r;
  bench_stop(b);
  cr_assert_eq(store_open(&b->store, b->path, STORE_WRITE, &e), 0, "%s", e.text);
  b->options.store = b->store;
  cr_assert_eq(run_look(&r, b->id, &b->options, &e), 0, "%s", e.text);
  act(b, r);
  cr_assert_eq(store_commit(b->store, &e), 0, "%s", e.text);
  run_close(r);
  store_close(b->store);
  bench_resume(b);
}

static void repeat(struct run *r, const char *step, size_t n) {
  struct error e;
  struct again_set set;
  struct str steps[] = {str_z(step)};
  struct review word = {STR("MC"), STR("once more")};
  cr_assert_eq(run_again_set(&set, r, steps, 1, &e), 0, "%s", e.text);
  cr_expect_eq(set.n, n, "%zu steps", set.n);
  cr_assert_eq(run_repeat(r, &set, STR("4.0"), &word, &e), 0, "%s", e.text);
}

static void repeat_both(struct bench *b, struct run *r) {
  (void)b;
  repeat(r, "1.2", 2);
}

/* What came in the first attempt, and was left over, is not an answer in the second, early or not. */
Test(again, a_message_of_an_earlier_attempt_satisfies_nothing) {
  struct bench b;
  bench_open(&b, UPLOAD, SECTION("1") ASK_AND_HEAR);
  bench_run(&b);
  put(&b, "pong 1");
  put(&b, "pong 1");
  go(&b);
  bench_expect(&b, "1.2", VERDICT_PASS);
  cr_expect_eq(bench_count(&b, "run-ended", NULL), (size_t)1);
  meanwhile(&b, repeat_both);
  go(&b);
  bench_expect(&b, "1.1", VERDICT_PASS);
  bench_expect(&b, "1.2", VERDICT_NONE);
  cr_expect_eq(run_state(b.run)->ended_at, 0);
  put(&b, "pong 1");
  go(&b);
  bench_expect(&b, "1.2", VERDICT_PASS);
  const struct state_step *st = bench_step(&b, "1.2");
  cr_expect_eq(st->attempt.number, (size_t)2);
  cr_expect(str_eqz(st->message->id, "m5") && str_eqz(st->attempt.before->message->id, "m2"));
  cr_expect(str_eqz(st->attempt.system_version, "4.0") && str_eqz(st->attempt.before->attempt.system_version, "3.10"));
  cr_expect_eq(bench_count(&b, "run-ended", NULL), (size_t)2);
  bench_close(&b);
}

/* The step that a case waits for is waited for anew when what comes before it is set back. */
static void repeat_first(struct bench *b, struct run *r) {
  (void)b;
  repeat(r, "1.1", 2);
}

Test(again, an_open_wait_begins_anew) {
  struct bench b;
  bench_open(&b, UPLOAD,
             SECTION("1") "      - step: \"1.1\"\n        person: {who: vendor}\n"
                          "      - step: \"1.2\"\n        person: {who: vendor}\n");
  struct answers *an = NULL;
  struct error e;
  char *path = bench_file(&b, "answers.yaml", "by: E\nanswers: {\"1.1\": {answer: ok}}\n");
  cr_assert_eq(answers_load(&an, b.arena, path, &e), 0, "%s", e.text);
  b.options.answers = an;
  bench_run(&b);
  bench_expect(&b, "1.1", VERDICT_PASS);
  cr_expect(bench_step(&b, "1.2")->opened);
  meanwhile(&b, repeat_first);
  cr_expect(!bench_step(&b, "1.2")->opened);
  go(&b);
  bench_expect(&b, "1.1", VERDICT_PASS);
  cr_expect(bench_step(&b, "1.2")->opened);
  cr_expect_eq(bench_step(&b, "1.2")->attempt.number, (size_t)2);
  bench_close(&b);
}

static void refuse(struct run *r, const char *step, const char *says) {
  struct error e;
  struct again_set set;
  struct str steps[] = {str_z(step)};
  cr_expect_eq(run_again_set(&set, r, steps, 1, &e), -1, "%s", step);
  cr_expect_neq(str_find(str_z(e.text), str_z(says), 0), SIZE_MAX, "%s: %s", step, e.text);
}

static void refuse_all(struct bench *b, struct run *r) {
  struct error e;
  struct review word = {STR("MC"), STR("because")}, silent = {STR("MC"), STR("")};
  size_t done;
  (void)b;
  refuse(r, "9.9", "no step \"9.9\"");
  refuse(r, "1.3", "does not apply");
  refuse(r, "2.2", "was not played yet");
  cr_expect_eq(run_stand(r, STR("9.9"), 1, &word, &e), -1);
  cr_expect_eq(run_stand(r, STR("1.1"), 2, &word, &e), -1);
  cr_expect_eq(run_stand(r, STR("1.1"), 0, &word, &e), -1);
  cr_expect_eq(run_stand(r, STR("1.1"), 1, &silent, &e), -1);
  cr_expect_eq(run_stand(r, STR("2.2"), 1, &word, &e), -1);
  cr_expect_eq(run_confirm(r, NULL, 0, STR("MC"), &done, &e), -1);
}

Test(again, what_cannot_be_is_refused) {
  struct bench b;
  bench_open(&b, UPLOAD,
             SECTION("1") ASK_AND_HEAR "      - step: \"1.3\"\n        when: forward\n        heap: {mb: 1}\n" SECTION(
                 "2") "      - step: \"2.1\"\n        person: {who: vendor}\n"
                      "      - step: \"2.2\"\n        person: {who: vendor}\n");
  bench_start(&b);
  struct error e;
  struct str first[] = {STR("1.1")};
  struct again_set set;
  cr_expect_eq(run_again_set(&set, b.run, first, 1, &e), -1);
  cr_expect_neq(str_find(str_z(e.text), STR("was not played yet"), 0), SIZE_MAX, "%s", e.text);
  cr_assert_eq(bench_go(&b), 0);
  meanwhile(&b, refuse_all);
  cr_expect_eq(bench_count(&b, "attempt", NULL), (size_t)0);
  bench_close(&b);
}

/* Steps come in front of one that is waited for: they are played, and then its deadline runs on. */
static void put_pause_in(struct bench *b, struct run *r) {
  struct error e;
  struct protocol *p = b->options.plan->protocol;
  struct review word = {STR("MC"), STR("first a rest")};
  struct source src = {STR("own.yaml"), STR("pause: {for: 20 ms}\n")};
  struct step *own[] = {protocol_step(p, STR("1.1+M1"))};
  cr_assert_eq(run_insert(r, own, 1, STR("1.1"), src, &word, &e), 0, "%s", e.text);
}

static void stop_when_it_waits(struct bench *b, const struct event *ev) {
  if (event_is(ev, "step-opened") && str_eqz(ev->step, "1.2") && b->hits++ == 0) run_stop(b->run);
}

Test(again, what_is_put_in_before_a_wait_is_played_first) {
  struct bench b;
  struct findings f;
  struct insert in;
  struct source src = {STR("own.yaml"), STR("pause: {for: 20 ms}\n")};
  bench_open(&b, INBOX,
             SECTION("1") "      - step: \"1.1\"\n        heap: {mb: 1}\n"
                          "      - step: \"1.2\"\n        hear: {text: ping, within: 200 ms}\n");
  findings_init(&f, b.arena);
  b.on_event = stop_when_it_waits;
  bench_start(&b);
  go(&b);
  cr_expect(bench_step(&b, "1.2")->opened);
  cr_assert_eq(protocol_insert(&in, b.options.plan->protocol, b.arena, src, STR("1.1"), b.kinds, &f), 0);
  meanwhile(&b, put_pause_in);
  go(&b);
  bench_expect(&b, "1.1+M1", VERDICT_PASS);
  bench_expect(&b, "1.2", VERDICT_FAIL);
  cr_expect(bench_step(&b, "1.2")->timer);
  bench_close(&b);
}
