/* What the peer sees, and what is on disk when it sees it. */
#include "base/file.h"
#include "tests/run/bench.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define INBOX "{kind: vans-http, address: \"\"}\ntrigger: {kind: person}\n"
#define HTTP "{kind: vans-http, address: \"%s/in\"}\ntrigger: {kind: person}\n"

#define ONE_CASE "  - id: \"1\"\n    title: {en: One, da: En}\n    status: mandatory\n    steps:\n"

static void post_ping(struct bench *b) {
  if (b->ticks == 1) bench_post(b, "ping");
}

/* ---- store before effect ---- */

static void not_yet_on_disk(struct bench *b, const struct event *ev) {
  if (!event_is(ev, "received")) return;
  cr_expect_eq(b->answers, (size_t)0);
  cr_expect_eq(bench_count(b, "received", NULL), (size_t)0);
  b->hits++;
}

static void on_disk_by_now(struct bench *b) {
  struct event *ev = NULL;
  struct store *s;
  struct str bytes;
  struct error e;
  cr_expect_eq(b->code, 202);
  cr_assert_eq(bench_count(b, "received", &ev), (size_t)1);
  cr_expect(str_eq(event_get(ev, "message"), str_trim(b->answer)));
  cr_assert_eq(store_open(&s, b->path, STORE_READ, &e), 0, "%s", e.text);
  cr_assert_eq(store_blob_get(s, ev->blob, b->arena, &bytes, &e), 0, "%s", e.text);
  cr_expect(str_eqz(bytes, "ping"));
  store_close(s);
  b->hits++;
}

Test(wire, a_message_is_on_disk_before_its_202) {
  struct bench b;
  bench_open(&b, INBOX,
             ONE_CASE "      - step: \"1.1\"\n        hear: {text: ping, as: it, within: 5 s}\n"
                      "      - step: \"1.2\"\n        pause: {for: 50 ms}\n");
  b.each = post_ping;
  b.on_event = not_yet_on_disk;
  b.answered = on_disk_by_now;
  bench_run(&b);
  cr_expect_eq(b.hits, (size_t)2);
  bench_expect(&b, "1.1", VERDICT_PASS);
  bench_close(&b);
}

static void intent_on_disk(struct bench *b) {
  struct event *ev = NULL;
  cr_assert_eq(bench_count(b, "send-intent", &ev), (size_t)1);
  cr_expect_eq(bench_count(b, "send-result", NULL), (size_t)0);
  cr_expect(str_eqz(event_get(ev, "message"), "m1"));
  b->hits++;
}

Test(wire, an_intent_is_on_disk_before_the_message_goes_out) {
  struct bench b;
  bench_open(&b, HTTP, ONE_CASE "      - step: \"1.1\"\n        say: {text: hello, as: it}\n");
  b.got = intent_on_disk;
  bench_run(&b);
  cr_expect_eq(b.hits, (size_t)1);
  cr_expect(str_eqz(b.bodies[0], "hello"));
  cr_expect_eq(bench_count(&b, "send-result", NULL), (size_t)1);
  bench_expect(&b, "1.1", VERDICT_PASS);
  cr_expect_eq(state_verdict(run_state(b.run)), VERDICT_PASS);
  bench_close(&b);
}

/* ---- kill between intent and result ---- */

static void harness_alone(struct bench *b) {
  b->loop = NULL; /* the parent is the vendor; both would take its connections */
  bench_start(b);
  (void)bench_go(b);
  _exit(0);
}

Test(wire, after_a_kill_the_same_bytes_go_again, .timeout = 120) {
  struct bench b;
  struct event *before = NULL, *after = NULL;
  bench_open(&b, HTTP,
             ONE_CASE "      - step: \"1.1\"\n        say: {text: hello, as: it}\n"
                      "      - step: \"1.2\"\n        say: {text: more}\n");
  b.reply = 0;
  pid_t pid = fork();
  if (pid == 0) harness_alone(&b);
  for (int i = 0; i < 3000 && b.bodies_n == 0; i++) bench_vendor_turns(&b, 1);
  kill(pid, SIGKILL);
  waitpid(pid, NULL, 0);
  cr_assert_eq(b.bodies_n, (size_t)1);
  bench_find(&b);
  cr_assert_eq(bench_count(&b, "send-intent", &before), (size_t)1);
  cr_expect_eq(bench_count(&b, "send-result", NULL), (size_t)0);
  b.reply = 200;
  bench_resume(&b);
  cr_assert_eq(bench_go(&b), 0, "%s", b.error.text);
  cr_expect_eq(b.bodies_n, (size_t)3);
  cr_expect(str_eq(b.bodies[0], b.bodies[1]));
  cr_expect(str_eqz(b.bodies[2], "more"));
  cr_expect_eq(bench_count(&b, "send-intent", &after), (size_t)2);
  cr_expect(str_eqz(event_get(before, "message"), "m1"));
  cr_expect(str_eqz(event_get(after, "message"), "m2"));
  cr_expect_eq(bench_count(&b, "send-result", NULL), (size_t)2);
  cr_expect_eq(state_verdict(run_state(b.run)), VERDICT_PASS);
  bench_close(&b);
}

/* ---- the inbox, and other paths ---- */

struct ask {
  const char *method, *path;
  int code;
  const char *says;
};

static const struct ask asks[] = {{"GET", "/inbox", 200, "m1\tsaid.txt\ttext/plain\n"},
                                  {"GET", "/inbox/m1", 200, "hello"},
                                  {"GET", "/inbox/m1", 200, "hello"},
                                  {"GET", "/inbox/m2", 404, "there is no message m2"},
                                  {"GET", "/elsewhere", 404, "nothing is here"},
                                  {"DELETE", "", 405, "POST"},
                                  {"POST", "", 202, "m2\n"},
                                  {"GET", "/inbox/m2", 404, "there is no message m2"}};

static void ask_next(struct bench *b) {
  if (b->hits == b->answers && b->hits < sizeof asks / sizeof *asks) {
    const struct ask *a = &asks[b->hits++];
    bench_ask(b, a->method, a->path, STR(""));
  }
}

static void check_answer(struct bench *b) {
  const struct ask *a = &asks[b->answers - 1];
  cr_expect_eq(b->code, a->code, "%s %s: %d", a->method, a->path, b->code);
  cr_expect_neq(str_find(b->answer, str_z(a->says), 0), SIZE_MAX, "%s %s: %.*s", a->method, a->path, STR_F(b->answer));
  if (b->answers == sizeof asks / sizeof *asks) run_stop(b->run);
}

Test(wire, a_vendor_behind_a_firewall_fetches) {
  struct bench b;
  bench_open(&b, INBOX,
             ONE_CASE "      - step: \"1.1\"\n        say: {text: hello, as: it}\n"
                      "      - step: \"1.2\"\n        hear: {text: ping, as: x, within: 20 s}\n");
  b.each = ask_next;
  b.answered = check_answer;
  bench_run(&b);
  cr_expect_eq(b.answers, sizeof asks / sizeof *asks);
  bench_expect(&b, "1.1", VERDICT_PASS);
  cr_expect(str_eqz(bench_step(&b, "1.1")->actual.en, "ready"));
  cr_expect(run_state(b.run)->messages.v[0]->fetched);
  cr_expect_eq(bench_count(&b, "fetched", NULL), (size_t)1);
  bench_close(&b);
}

/* ---- a full disk ---- */

static struct str large; /* set by the one test that uses it, which has a process of its own */

static void fill_disk(struct bench *b) {
  struct stat st;
  if (b->ticks != 1) return;
  cr_assert_eq(stat(arena_printf(b->arena, "%s-wal", b->path).p, &st), 0);
  struct rlimit limit = {(rlim_t)st.st_size + 4096, RLIM_INFINITY};
  signal(SIGXFSZ, SIG_IGN);
  cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
  bench_ask(b, "POST", "", large);
}

static void post_large(struct bench *b) {
  if (b->ticks == 1) bench_ask(b, "POST", "", large);
}

static void stop(struct bench *b) {
  run_stop(b->run);
}

Test(wire, a_full_disk_is_said_to_the_vendor_and_the_run_can_go_on) {
  struct bench b;
  struct rlimit none = {RLIM_INFINITY, RLIM_INFINITY};
  bench_open(&b, INBOX, ONE_CASE "      - step: \"1.1\"\n        hear: {text: ping, within: 20 s}\n");
  char *bytes = arena_alloc(b.arena, 400000);
  memset(bytes, 'x', 400000);
  large = (struct str){bytes, 400000};
  b.each = fill_disk;
  bench_start(&b);
  cr_assert_eq(bench_go(&b), -1);
  for (int i = 0; i < 500 && !b.answers; i++) loop_turn(run_loop(b.run), 10);
  cr_assert_eq(setrlimit(RLIMIT_FSIZE, &none), 0);
  cr_expect_eq(b.code, 507, "%d", b.code);
  cr_expect_neq(str_find(str_z(b.error.text), str_z(b.path), 0), SIZE_MAX, "%s", b.error.text);
  cr_expect(str_find(str_z(b.error.text), STR("disk"), 0) != SIZE_MAX, "%s", b.error.text);
  bench_stop(&b);
  cr_expect_eq(bench_count(&b, "received", NULL), (size_t)0);
  b.each = post_large;
  b.ticks = 0;
  bench_resume(&b);
  b.answered = stop;
  cr_assert_eq(bench_go(&b), 0, "%s", b.error.text);
  cr_expect_eq(b.answers, (size_t)2);
  cr_expect_eq(b.code, 202);
  cr_expect_eq(bench_count(&b, "received", NULL), (size_t)1);
  bench_close(&b);
}

/* Sending is refused the disk when its intent is written, and so must not happen. */
static void fill_disk_at_intent(struct bench *b, const struct event *ev) {
  struct stat st;
  if (!event_is(ev, "send-intent")) return;
  cr_assert_eq(stat(arena_printf(b->arena, "%s-wal", b->path).p, &st), 0);
  struct rlimit limit = {(rlim_t)st.st_size, RLIM_INFINITY};
  signal(SIGXFSZ, SIG_IGN);
  cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

Test(wire, what_could_not_be_committed_is_not_sent) {
  struct bench b;
  struct rlimit none = {RLIM_INFINITY, RLIM_INFINITY};
  bench_open(&b, HTTP, ONE_CASE "      - step: \"1.1\"\n        say: {text: hello, as: it}\n");
  b.on_event = fill_disk_at_intent;
  bench_start(&b);
  cr_assert_eq(bench_go(&b), -1);
  cr_assert_eq(setrlimit(RLIMIT_FSIZE, &none), 0);
  for (int i = 0; i < 20; i++) loop_turn(run_loop(b.run), 5);
  cr_expect_eq(b.bodies_n, (size_t)0);
  bench_stop(&b);
  b.on_event = NULL;
  bench_resume(&b);
  cr_assert_eq(bench_go(&b), 0, "%s", b.error.text);
  cr_expect_eq(b.bodies_n, (size_t)1);
  cr_expect_eq(bench_count(&b, "send-intent", NULL), (size_t)1);
  bench_expect(&b, "1.1", VERDICT_PASS);
  bench_close(&b);
}

/* ---- another process looks on ---- */

static void look_on(struct bench *b, const struct event *ev) {
  struct store *s;
  struct run *other;
  struct error e;
  if (!event_is(ev, "send-result")) return;
  cr_assert_eq(store_open(&s, b->path, STORE_READ, &e), 0, "%s", e.text);
  struct run_options o = b->options;
  o.store = s;
  o.observer = (struct run_observer){0};
  cr_assert_eq(run_look(&other, run_state(b->run)->run, &o, &e), 0, "%s", e.text);
  const struct state *seen = run_state(other);
  cr_expect_eq(seen->messages.n, (size_t)1);
  cr_expect(state_step_find(seen, STR("1.1"))->opened);
  cr_expect_eq(state_step_find(seen, STR("1.1"))->verdict, VERDICT_NONE);
  cr_expect_eq(state_verdict(seen), VERDICT_WAITING);
  run_close(other);
  store_close(s);
  cr_expect_eq(store_open(&s, b->path, STORE_WRITE, &e), -1);
  cr_expect_neq(str_find(str_z(e.text), STR("in use by process"), 0), SIZE_MAX, "%s", e.text);
  b->hits++;
}

Test(wire, a_run_can_be_looked_at_while_it_goes) {
  struct bench b;
  bench_open(&b, HTTP, ONE_CASE "      - step: \"1.1\"\n        say: {text: hello, as: it}\n");
  b.on_event = look_on;
  bench_run(&b);
  cr_expect_eq(b.hits, (size_t)1);
  bench_close(&b);
}

/* ---- a vendor's system that is not there, or refuses ---- */

Test(wire, a_send_that_cannot_be_delivered_is_an_error_and_not_a_failure) {
  struct bench b;
  bench_open(&b, "{kind: vans-http, address: \"http://127.0.0.1:1/x\"}\ntrigger: {kind: person}\n",
             ONE_CASE "      - step: \"1.1\"\n        say: {text: hello, as: it}\n"
                      "      - step: \"1.2\"\n        pause: {for: 1 ms}\n");
  bench_run(&b);
  bench_expect(&b, "1.1", VERDICT_ERROR);
  bench_expect(&b, "1.2", VERDICT_PASS);
  cr_expect_eq(state_verdict(run_state(b.run)), VERDICT_ERROR);
  bench_close(&b);
}
