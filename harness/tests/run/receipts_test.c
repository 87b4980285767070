/* Receipts that the simulated MSH sends by itself. */
#include "envelope/sbdh.h"
#include "tests/run/bench.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define SBDH "{kind: sbdh-http, address: \"%s/in\"}\ntrigger: {kind: person}\n"
#define CASE "  - id: \"1\"\n    title: {en: One, da: En}\n    status: mandatory\n    steps:\n"
#define EXPECT "      - step: \"1.1\"\n        expect: {event: homecareobservation-message, as: theirs, within: 5 s}\n"
#define PAUSE "      - pause: {for: 300 ms}\n"
#define AUTOMATIC "receipts: automatic\n"
#define E1 "0b6dbd4e-4a5e-4f0e-8e2a-1f5c7b1d2a01"
#define E2 "0b6dbd4e-4a5e-4f0e-8e2a-1f5c7b1d2a02"
#define M1 "3f2a9c1e-7b55-4a0c-9a55-0d3b5e8c1f01"
#define M2 "3f2a9c1e-7b55-4a0c-9a55-0d3b5e8c1f02"
#define HCO                                                                                                            \
  "{\"resourceType\":\"Bundle\",\"type\":\"message\",\"entry\":[{\"resource\":{\"resourceType\":\"MessageHeader\","    \
  "\"id\":\"%s\",\"eventCoding\":{\"code\":\"homecareobservation-message\"}}}]}"

static struct str written(struct bench *b, const struct envelope *env) {
  struct buf out;
  buf_init(&out, 1 << 20);
  sbdh_kind.write(&out, env);
  return buf_take(&out, b->arena);
}

static struct ehmi_profile *profile_of(struct bench *b) {
  struct ehmi_profile *p;
  struct error e;
  cr_assert_eq(ehmi_profile_load(&p, b->arena, TEST_ROOT, &e), 0, "%s", e.text);
  return p;
}

static struct envelope envelope_of(struct bench *b, const char *envelope, const char *message) {
  struct envelope env;
  struct envelope_payload says = {.event = STR("homecareobservation-message"),
                                  .definition = STR("1.1"),
                                  .mime = STR("application/fhir+json"),
                                  .message_id = str_z(message),
                                  .bundle_id = STR("5a5e0000-0000-4000-8000-000000000002"),
                                  .sender_gln = STR("5790009997023"),
                                  .sender_sor = STR("9998011000016003"),
                                  .receiver_gln = STR("5790009998020"),
                                  .receiver_sor = STR("9998021000016007"),
                                  .patient = STR("2512489996")};
  struct sbdh_stamp stamp = {str_z(envelope), STR("2026-01-05T10:00:00+01:00")};
  cr_assert(sbdh_describe(&env, b->arena, &says, arena_printf(b->arena, HCO, message), &stamp, profile_of(b)));
  env.sent = stamp.sent;
  return env;
}

static void post(struct bench *b, const char *envelope, const char *message) {
  struct envelope env = envelope_of(b, envelope, message);
  bench_ask(b, "POST", "", written(b, &env));
}

/* E and M: first, as it was, in a new envelope, and another message in the old envelope; then a receipt. */
static void send_all(struct bench *b) {
  static const char *const rows[][2] = {{E1, M1}, {E1, M1}, {E2, M1}, {E1, M2}};
  if (b->ticks == 1 || (b->answers == b->hits && b->hits < 4)) {
    post(b, rows[b->hits][0], rows[b->hits][1]);
    b->hits++;
  }
  if (b->answers == 4 && b->hits++ == 4) {
    struct envelope of = envelope_of(b, E1, M1), env;
    struct sbdh_answer say = {.stamp = {STR("5a5e0000-0000-4000-8000-000000000009"), STR("2026-01-05T10:01:00+01:00")},
                              .message_id = STR("5a5e0000-0000-4000-8000-000000000008")};
    sbdh_receipt(&env, b->arena, &of, &say, profile_of(b));
    bench_ask(b, "POST", "", written(b, &env));
  }
}

static struct envelope read_it(struct bench *b, struct str bytes) {
  struct envelope env = {0};
  struct findings f;
  findings_init(&f, b->arena);
  cr_assert_eq(sbdh_kind.read(&env, b->arena, (struct source){STR("answer"), bytes}, &f), 0);
  sbdh_kind.check(&env, STR("answer"), profile_of(b), &f);
  cr_expect_eq(findings_count(&f, SEV_ERROR), (size_t)0, "%.*s", STR_F(f.list.n ? f.list.v[0].en : STR("")));
  return env;
}

Test(receipts, each_envelope_is_answered_as_the_matrix_says, .timeout = 120) {
  struct bench b;
  bench_open(&b, SBDH, CASE EXPECT PAUSE AUTOMATIC);
  b.each = send_all;
  bench_run(&b);
  bench_expect(&b, "1.1", VERDICT_PASS);
  /* The receipt that came was not answered. */
  cr_expect_eq(b.answers, (size_t)5);
  cr_assert_eq(b.bodies_n, (size_t)4);
  cr_expect_eq(bench_count(&b, "receipted", NULL), (size_t)4);
  struct envelope first = read_it(&b, b.bodies[0]), twice = read_it(&b, b.bodies[1]), again = read_it(&b, b.bodies[2]),
                  wrong = read_it(&b, b.bodies[3]);
  cr_expect_eq(first.sbdh->content, SBDH_RECEIPT);
  cr_expect(str_eqz(first.original_id, E1));
  /* The content of the first answer, in envelopes of their own. */
  cr_expect(str_eq(first.payload, twice.payload) && str_eq(first.payload, again.payload));
  cr_expect(!str_eq(first.id, twice.id) && !str_eq(first.id, again.id) && !str_eq(twice.id, again.id));
  cr_expect_eq(wrong.sbdh->content, SBDH_EXCEPTION);
  cr_expect(str_eqz(wrong.sbdh->signal.exception, "Sequence"));
  bench_close(&b);
}

/* The second is wrong, and the third has an empty MESSAGEIDENTIFIER: it is refused for that, and not taken for another
 * one in the envelope that came before it. */
static void send_nameless(struct bench *b) {
  static const char *const rows[][2] = {{E1, M1}, {E1, M2}, {E2, ""}};
  if (b->hits == 3 || b->answers < b->hits) return;
  post(b, rows[b->hits][0], rows[b->hits][1]);
  b->hits++;
}

Test(receipts, without_an_id_it_is_no_other_in_a_known_envelope, .timeout = 120) {
  struct bench b;
  struct envelope env = {0};
  struct findings f;
  bench_open(&b, SBDH, CASE EXPECT PAUSE AUTOMATIC);
  b.each = send_nameless;
  bench_run(&b);
  cr_assert_eq(b.bodies_n, (size_t)3);
  cr_expect_eq(read_it(&b, b.bodies[1]).sbdh->content, SBDH_EXCEPTION);
  findings_init(&f, b.arena);
  cr_assert_eq(sbdh_kind.read(&env, b.arena, (struct source){STR("answer"), b.bodies[2]}, &f), 0);
  cr_expect(str_eqz(env.sbdh->signal.exception, "Syntax"), "%.*s", STR_F(env.sbdh->signal.exception));
  cr_expect(str_eqz(env.original_id, E2));
  bench_close(&b);
}

static void send_one(struct bench *b) {
  if (b->ticks == 1) post(b, E1, M1);
}

Test(receipts, without_the_word_steps_answer) {
  struct bench b;
  bench_open(&b, SBDH, CASE EXPECT PAUSE);
  b.each = send_one;
  bench_run(&b);
  bench_expect(&b, "1.1", VERDICT_PASS);
  cr_expect_eq(b.bodies_n, (size_t)0);
  bench_close(&b);
}

Test(receipts, a_fault_loses_one) {
  struct bench b;
  bench_open(&b, SBDH, CASE "      - fault: {kind: drop-receipt}\n" EXPECT PAUSE AUTOMATIC);
  b.each = send_one;
  bench_run(&b);
  cr_expect_eq(b.bodies_n, (size_t)0);
  cr_expect_eq(bench_count(&b, "receipted", NULL), (size_t)1);
  cr_expect_eq(bench_count(&b, "fault-applied", NULL), (size_t)1);
  bench_close(&b);
}

/* ---- killed between the commit and the sending ---- */

static void die(struct bench *b, const struct event *ev) {
  (void)b;
  if (event_is(ev, "receipted")) kill(getpid(), SIGKILL);
}

static void die_on_answer(struct bench *b) {
  (void)b;
  kill(getpid(), SIGKILL);
}

static void killed(struct bench *b, bool before_commit) {
  pid_t pid = fork();
  if (pid == 0) {
    b->each = send_one;
    if (before_commit)
      b->on_event = die;
    else
      b->answered = die_on_answer;
    bench_start(b);
    (void)bench_go(b);
    _exit(0);
  }
  waitpid(pid, NULL, 0);
  bench_find(b);
}

/* Killed before the commit neither the message nor its receipt is there; after it both are, and the receipt goes out.
 */
static size_t receipts_after(bool before_commit) {
  struct bench b;
  bench_open(&b, SBDH, CASE EXPECT PAUSE AUTOMATIC);
  killed(&b, before_commit);
  b.each = before_commit ? send_one : NULL;
  bench_resume(&b);
  cr_assert_eq(bench_go(&b), 0, "%s", b.error.text);
  bench_expect(&b, "1.1", VERDICT_PASS);
  cr_expect_geq(b.bodies_n, (size_t)1);
  size_t n = bench_count(&b, "receipted", NULL);
  bench_close(&b);
  return n;
}

Test(receipts, a_kill_loses_none_and_makes_none_twice, .timeout = 120) {
  cr_expect_eq(receipts_after(true), (size_t)1);
  cr_expect_eq(receipts_after(false), (size_t)1);
}
