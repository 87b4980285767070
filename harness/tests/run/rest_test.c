/* The simulated FHIR server of a run: what it holds is what the log says. */
#include "tests/run/bench.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define REST "{kind: fhir-rest}\ntrigger: {kind: person}\n"
#define CASE "  - id: \"1\"\n    title: {en: One, da: En}\n    status: mandatory\n    steps:\n"
#define CREATE CASE "      - step: \"1.1\"\n        expect: {rest: create, type: Patient, as: patient, within: 5 s}\n"
#define READ "      - step: \"1.2\"\n        expect: {rest: read, of: patient, as: read, within: 5 s}\n"
/* So that the system gets its answer before the run is over. */
#define PAUSE "      - pause: {for: 100 ms}\n"
#define PATIENT "<Patient xmlns=\"http://hl7.org/fhir\"><active value=\"true\"/></Patient>"

static void create(struct bench *b) {
  if (b->ticks == 1) bench_ask_as(b, "POST", "/Patient", "application/fhir+xml", STR(PATIENT));
}

static void not_yet_on_disk(struct bench *b, const struct event *ev) {
  if (!event_is(ev, "received")) return;
  cr_expect_eq(b->answers, (size_t)0);
  cr_expect_eq(bench_count(b, "received", NULL), (size_t)0);
  b->hits++;
}

static void on_disk_by_now(struct bench *b) {
  struct event *ev = NULL;
  cr_expect_eq(b->code, 201, "%d", b->code);
  cr_assert_eq(bench_count(b, "received", &ev), (size_t)1);
  cr_expect_neq(str_find(b->answer, event_get(ev, "fact.rest.id"), 0), SIZE_MAX, "%.*s", STR_F(b->answer));
  b->hits++;
}

Test(rest, a_create_is_on_disk_before_its_201) {
  struct bench b;
  bench_open(&b, REST, CREATE PAUSE);
  b.each = create;
  b.on_event = not_yet_on_disk;
  b.answered = on_disk_by_now;
  bench_run(&b);
  cr_expect_eq(b.hits, (size_t)2);
  bench_expect(&b, "1.1", VERDICT_PASS);
  bench_close(&b);
}

/* ---- after a kill ---- */

static void die(struct bench *b) {
  (void)b;
  kill(getpid(), SIGKILL);
}

/* A run that is killed when the answer to its first request is out. */
static void killed(struct bench *b, const char *sections) {
  bench_open(b, REST, sections);
  pid_t pid = fork();
  if (pid == 0) {
    b->each = create;
    b->answered = die;
    bench_start(b);
    (void)bench_go(b);
    _exit(0);
  }
  waitpid(pid, NULL, 0);
  bench_find(b);
}

static void read_it(struct bench *b) {
  struct str id = facts_get(&run_state(b->run)->messages.v[0]->facts, "rest.id");
  bench_ask_as(b, "GET", arena_printf(b->arena, "/Patient/%.*s", STR_F(id)).p, "application/fhir+xml", STR(""));
}

/* First the create once more, whose answer the system may not have got; then what it created. */
static void again_then_read(struct bench *b) {
  if (b->ticks == 1) bench_ask_as(b, "POST", "/Patient", "application/fhir+xml", STR(PATIENT));
  if (b->answers == 1 && b->hits++ == 0) read_it(b);
}

static void keep_first(struct bench *b) {
  if (b->answers == 1) cr_expect_eq(b->code, 201);
  if (b->answers == 2) cr_expect(b->code == 200 && str_find(b->answer, STR("active"), 0) != SIZE_MAX);
}

Test(rest, a_create_that_comes_again_after_a_kill_creates_nothing_more, .timeout = 120) {
  struct bench b;
  killed(&b, CREATE READ PAUSE);
  b.each = again_then_read;
  b.answered = keep_first;
  b.ticks = b.answers = 0;
  bench_resume(&b);
  cr_assert_eq(bench_go(&b), 0, "%s", b.error.text);
  cr_expect_eq(b.answers, (size_t)2);
  cr_expect_eq(run_state(b.run)->resources.n, (size_t)1);
  cr_expect_eq(bench_count(&b, "repeated", NULL), (size_t)1);
  bench_expect(&b, "1.2", VERDICT_PASS);
  bench_close(&b);
}

/* ---- what is refused, and what a fault keeps away ---- */

static void create_nonsense(struct bench *b) {
  if (b->ticks == 1) bench_ask_as(b, "POST", "/Patient", "application/fhir+xml", STR("nonsense"));
}

Test(rest, what_is_refused_is_in_the_log_and_holds_nothing) {
  struct bench b;
  bench_open(&b, REST, CREATE PAUSE);
  b.each = create_nonsense;
  bench_run(&b);
  cr_expect_eq(b.code, 400);
  bench_expect(&b, "1.1", VERDICT_FAIL);
  cr_expect_eq(run_state(b.run)->resources.n, (size_t)0);
  bench_close(&b);
}

static void create_twice(struct bench *b) {
  if (b->ticks == 1 || (b->answers == 1 && b->hits++ == 0))
    bench_ask_as(b, "POST", "/Patient", "application/fhir+xml", STR(PATIENT));
  if (b->answers == 1) cr_expect_eq(b->code, 503);
}

Test(rest, what_a_fault_keeps_away_is_not_created) {
  struct bench b;
  bench_open(&b, REST,
             CASE "      - fault: {kind: unavailable}\n"
                  "      - step: \"1.1\"\n        expect: {rest: create, as: patient, within: 5 s}\n" PAUSE);
  b.each = create_twice;
  bench_run(&b);
  cr_expect_eq(b.code, 201);
  bench_expect(&b, "1.1", VERDICT_PASS);
  cr_expect_eq(run_state(b.run)->resources.n, (size_t)1);
  bench_close(&b);
}

/* The bytes that the system was given are the message. */
static void create_and_read(struct bench *b) {
  create(b);
  if (b->answers == 1 && b->hits++ == 0) read_it(b);
}

Test(rest, what_was_read_is_kept) {
  struct bench b;
  struct error e;
  struct str bytes;
  struct record rec;
  bench_open(&b, REST, CREATE READ PAUSE);
  b.each = create_and_read;
  bench_run(&b);
  const struct state_message *m = state_message_find(run_state(b.run), STR("read"));
  cr_assert_not_null(m);
  cr_assert_eq(store_blob_get(b.store, m->digest, b.arena, &bytes, &e), 0);
  cr_expect(str_eq(bytes, b.answer));
  cr_expect_neq(str_find(bytes, STR("versionId"), 0), SIZE_MAX);
  cr_assert_eq(run_record(b.run, &rec, b.arena, &e), 0, "%s", e.text);
  cr_expect_eq(rec.exchanges.n, (size_t)2);
  cr_expect_eq(rec.exchanges.v[1].findings.list.n, (size_t)0);
  bench_close(&b);
}

/* ---- a body that comes in a file ---- */

static void create_large(struct bench *b) {
  struct buf body;
  if (b->ticks != 1) return;
  buf_init(&body, HTTP_BODY_MEMORY * 3);
  buf_addz(&body, "<Patient xmlns=\"http://hl7.org/fhir\"><name><text value=\"");
  while (body.n < HTTP_BODY_MEMORY * 2) buf_addz(&body, "long ");
  buf_addz(&body, "end\"/></name></Patient>");
  bench_ask_as(b, "POST", "/Patient", "application/fhir+xml", buf_take(&body, b->arena));
}

Test(rest, a_large_body_is_created_too) {
  struct bench b;
  bench_open(&b, REST, CREATE PAUSE);
  b.each = create_large;
  bench_run(&b);
  cr_expect_eq(b.code, 201, "%d %.*s", b.code, STR_F(str_sub(b.answer, 0, 300)));
  cr_expect_gt(b.answer.n, HTTP_BODY_MEMORY * 2);
  bench_expect(&b, "1.1", VERDICT_PASS);
  bench_close(&b);
}
