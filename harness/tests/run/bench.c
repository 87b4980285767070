#include "tests/run/bench.h"

#include "base/clock.h"
#include "base/file.h"

#include <criterion/criterion.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define TICK_MS 3

static const char protocol_head[] = "protocol: fake\n"
                                    "title: {en: Fake, da: Falsk}\n"
                                    "standard: {name: Fake, danish: Falsk, version: \"1\", type: HL7 FHIR}\n"
                                    "version: 0.1.0\n"
                                    "role: receiver\n"
                                    "sections:\n";

static const char vendor_head[] = "vendor: {name: Test Vendor, contact: Eva Eksempel, email: eva@example.org}\n"
                                  "system: {name: Journal, version: \"3.10\", type: EHR}\n"
                                  "claims:\n"
                                  "  - {standard: CareCommunication, version: \"5.0\", roles: [receiver]}\n"
                                  "capabilities: {attachments: true, forward: false}\n"
                                  "organisation: {gln: \"5790009997023\", sor: \"9998011000016003\", name: Clinic}\n"
                                  "counterparts:\n"
                                  "  - {gln: \"5790009998020\", sor: \"9998021000016007\", name: One}\n"
                                  "  - {gln: \"5790009998037\", sor: \"9998031000016009\", name: Two}\n"
                                  "persons:\n"
                                  "  - {cpr: \"2512489996\", given: Nanna, family: Testperson}\n"
                                  "exchange: ";

/* ---- the fake vendor ---- */

static void on_request(void *payload, struct http_request *r) {
  struct bench *b = payload;
  cr_assert_lt(b->bodies_n, (size_t)BENCH_BODIES_MAX);
  b->bodies[b->bodies_n++] = arena_str(b->arena, r->body);
  if (b->got) b->got(b);
  if (b->reply) http_reply(r, b->reply, "text/plain", STR("thanks"));
}

static void vendor_open(struct bench *b) {
  struct error e;
  struct http_handler h = {.request = on_request, .payload = b};
  b->reply = 200;
  cr_assert_eq(loop_open(&b->loop, &e), 0, "%s", e.text);
  cr_assert_eq(http_client_open(&b->client, b->loop, &e), 0, "%s", e.text);
  cr_assert_eq(http_server_open(&b->server, b->loop, "127.0.0.1:0", bench_path(b, "spool"), &h, &e), 0, "%s", e.text);
}

void bench_vendor_turns(struct bench *b, int64_t ms) {
  int64_t until = clock_monotonic() + ms;
  do loop_turn(b->loop, 1);
  while (clock_monotonic() < until);
}

static void on_tick(void *payload) {
  struct bench *b = payload;
  if (b->loop) loop_turn(b->loop, 0);
  b->ticks++;
  if (b->each) b->each(b);
  loop_after(run_loop(b->run), TICK_MS, on_tick, b);
}

static void on_answer(void *payload, const struct http_answer *an) {
  struct bench *b = payload;
  b->answers++;
  b->unanswered = an->failure != NULL;
  b->code = an->status;
  b->answer = arena_str(b->arena, an->body);
  if (b->answered) b->answered(b);
}

void bench_ask_at(struct bench *b, const char *address, const char *method, const char *path, const char *type,
                  struct str body) {
  http_send(b->client, method, arena_printf(b->arena, "%s%s", address, path).p, type, body, 0, on_answer, b);
}

void bench_ask_as(struct bench *b, const char *method, const char *path, const char *type, struct str body) {
  bench_ask_at(b, run_address(b->run), method, path, type, body);
}

void bench_ask(struct bench *b, const char *method, const char *path, struct str body) {
  bench_ask_as(b, method, path, "text/plain", body);
}

void bench_post(struct bench *b, const char *text) {
  bench_ask(b, "POST", "", str_z(text));
}

/* ---- the run ---- */

static void on_event(void *context, const struct state *s, const struct event *ev) {
  struct bench *b = context;
  (void)s;
  b->events++;
  if (b->on_event) b->on_event(b, ev);
}

static struct str text_of(struct bench *b, const char *head, const char *rest, const char *address) {
  struct buf out;
  struct str all = str_z(rest);
  buf_init(&out, 1 << 20);
  buf_addz(&out, head);
  while (all.n) {
    size_t at = str_find(all, STR("%s"), 0);
    buf_add(&out, str_sub(all, 0, at));
    if (at != SIZE_MAX) buf_addz(&out, address);
    all = at == SIZE_MAX ? (struct str){0} : str_sub(all, at + 2, all.n);
  }
  return buf_take(&out, b->arena);
}

static void make_plan(struct bench *b, const char *exchange, const char *sections) {
  struct error e;
  struct findings f;
  struct protocol *p;
  struct vendor *v;
  struct plan *plan;
  findings_init(&f, b->arena);
  struct source ps = {STR("fake.yaml"), text_of(b, protocol_head, sections, "")};
  int rc = protocol_read(&p, b->arena, ps, b->kinds, &f);
  cr_assert_eq(rc, 0, "%.*s", STR_F(f.list.n ? f.list.v[0].en : STR("?")));
  struct source vs = {STR("vendor.yaml"), text_of(b, vendor_head, exchange, http_server_url(b->server))};
  cr_assert_eq(vendor_read(&v, b->arena, vs, &e), 0, "%s", e.text);
  cr_assert_eq(plan_make(&plan, b->arena, p, v, NULL, 0, &e), 0, "%s", e.text);
  b->options.plan = plan;
}

void bench_open(struct bench *b, const char *exchange, const char *sections) {
  *b = (struct bench){.arena = arena_new(0)};
  b->dir = file_join(b->arena, TEST_BIN, "run-test-XXXXXX");
  cr_assert_not_null(mkdtemp(b->dir));
  b->path = bench_path(b, "s.sqlite");
  vendor_open(b);
  fake_kinds_fill(b->kinds);
  b->options = (struct run_options){.kinds = b->kinds,
                                    .data_dir = TEST_ROOT,
                                    .program = "0",
                                    .mode = "self-test",
                                    .observer = {.context = b, .event = on_event},
                                    .log = {.to = stderr, .level = LOG_QUIET}};
  clock_init(&b->options.clock);
  make_plan(b, exchange, sections);
}

static void open_store(struct bench *b) {
  struct error e;
  cr_assert_eq(store_open(&b->store, b->path, STORE_WRITE, &e), 0, "%s", e.text);
  b->options.store = b->store;
}

static void begin(struct bench *b) {
  b->id = arena_str(b->arena, run_state(b->run)->run);
  loop_after(run_loop(b->run), 0, on_tick, b);
}

void bench_start(struct bench *b) {
  open_store(b);
  cr_assert_eq(run_start(&b->run, &b->options, &b->error), 0, "%s", b->error.text);
  begin(b);
}

void bench_resume(struct bench *b) {
  open_store(b);
  cr_assert_eq(run_resume(&b->run, b->id, &b->options, &b->error), 0, "%s", b->error.text);
  begin(b);
}

void bench_find(struct bench *b) {
  struct store *s;
  struct store_run *runs;
  struct error e;
  size_t n;
  cr_assert_eq(store_open(&s, b->path, STORE_READ, &e), 0, "%s", e.text);
  cr_assert_eq(store_runs(s, b->arena, &runs, &n, &e), 0, "%s", e.text);
  cr_assert_eq(n, (size_t)1);
  b->id = runs[0].run;
  store_close(s);
}

int bench_go(struct bench *b) {
  return run_go(b->run, &b->error);
}

void bench_run(struct bench *b) {
  bench_start(b);
  cr_assert_eq(bench_go(b), 0, "%s", b->error.text);
}

void bench_stop(struct bench *b) {
  run_close(b->run);
  store_close(b->store);
  b->run = NULL;
  b->store = NULL;
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw) {
  (void)st, (void)flag, (void)ftw;
  return remove(path);
}

void bench_close(struct bench *b) {
  if (b->run) bench_stop(b);
  http_server_close(b->server);
  http_client_close(b->client);
  loop_close(b->loop);
  nftw(b->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
  arena_free(b->arena);
}

/* ---- looking ---- */

const struct state_step *bench_step(struct bench *b, const char *id) {
  const struct state_step *st = state_step_find(run_state(b->run), str_z(id));
  cr_assert_not_null(st, "%s", id);
  return st;
}

void bench_expect(struct bench *b, const char *id, enum verdict v) {
  enum verdict have = bench_step(b, id)->verdict;
  cr_expect_eq(have, v, "step %s: %s, not %s", id, verdict_name(have), verdict_name(v));
}

struct counting {
  struct arena *arena;
  const char *kind;
  struct event **last;
  size_t n;
};

static int count_one(void *payload, struct event *ev, struct error *e) {
  struct counting *c = payload;
  (void)e;
  if (!event_is(ev, c->kind)) return 0;
  if (c->last) *c->last = ev;
  c->n++;
  return 0;
}

size_t bench_count(struct bench *b, const char *kind, struct event **last) {
  struct store *s;
  struct error e;
  struct counting c = {.kind = kind, .last = last};
  cr_assert_eq(store_open(&s, b->path, STORE_READ, &e), 0, "%s", e.text);
  cr_assert_eq(store_replay(s, b->id, b->arena, count_one, &c, &e), 0, "%s", e.text);
  store_close(s);
  return c.n;
}

char *bench_path(struct bench *b, const char *name) {
  return file_join(b->arena, b->dir, name);
}

char *bench_file(struct bench *b, const char *name, const char *text) {
  struct error e;
  char *path = bench_path(b, name);
  cr_assert_eq(file_write(path, str_z(text), &e), 0, "%s", e.text);
  return path;
}
