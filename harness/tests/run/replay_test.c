/* A run judged again from its events: as it was, and with something else received or told. */
#include "run/run_replay.h"

#include "tests/run/bench.h"

#include <criterion/criterion.h>

#define UPLOAD "{kind: upload}\n"
#define CASE                                                                                                           \
  "  - id: \"1\"\n    title: {en: Case, da: Sag}\n    status: mandatory\n    steps:\n"                                 \
  "      - step: \"1.1\"\n        say: {text: hello, as: it}\n"                                                        \
  "      - step: \"1.2\"\n        hear: {text: pong 1, as: first, early: true}\n"                                      \
  "      - step: \"1.3\"\n        person: {who: vendor}\n"                                                             \
  "      - step: \"1.4\"\n        hear: {text: pong 2, as: second, early: true}\n"                                     \
  "      - step: \"1.5\"\n        boom: {}\n        when: forward\n"

#define HEARS(id, text)                                                                                                \
  "  - id: \"" id "\"\n    title: {en: Case, da: Sag}\n    status: mandatory\n    steps:\n"                            \
  "      - step: \"" id ".1\"\n        hear: {text: " text "}\n"

struct again {
  struct bench b;
  VEC(const struct event *) events;
  struct replay what;
  const char *find, *by; /* a message of that text is replaced */
  const char *answer;    /* what the person says instead */
  struct run *run;
  struct error error;
};

static int take(void *payload, struct event *ev, struct error *e) {
  struct again *g = payload;
  (void)e;
  VEC_PUSH(g->b.arena, &g->events, ev);
  return 0;
}

static int blob(void *context, struct str digest, struct arena *a, struct str *out, struct error *e) {
  struct again *g = context;
  return store_blob_get(g->b.store, digest, a, out, e);
}

static int received(void *context, const struct event *ev, struct arena *a, struct str *bytes, struct error *e) {
  struct again *g = context;
  (void)a;
  if (!g->find) return error_set(e, ERR_IO, "event %d cannot be changed", (int)ev->seq);
  if (str_eqz(*bytes, g->find)) *bytes = str_z(g->by);
  return 0;
}

static void told(void *context, struct event *ev) {
  struct again *g = context;
  if (event_is(ev, "answer")) facts_put(&ev->data, STR("answer"), str_z(g->answer));
}

static void put(struct again *g, const char *text) {
  struct str id;
  cr_assert_eq(run_put(g->b.run, bench_file(&g->b, "m.txt", text), &id, &g->error), 0, "%s", g->error.text);
}

static void take_events(struct again *g) {
  cr_assert_eq(store_replay(g->b.store, g->b.id, g->b.arena, take, g, &g->error), 0, "%s", g->error.text);
  g->what = (struct replay){.events = g->events.v, .n = g->events.n, .blob = blob, .context = g};
}

/* The whole case, in which everything passes. */
static void record(struct again *g) {
  struct answer ok = {.answer = STR("ok"), .text = STR("seen"), .by = STR("Eva")};
  *g = (struct again){0};
  bench_open(&g->b, UPLOAD, CASE);
  bench_start(&g->b);
  put(g, "pong 1");
  put(g, "pong 2");
  cr_assert_eq(bench_go(&g->b), 0, "%s", g->b.error.text);
  cr_assert_eq(run_answer(g->b.run, bench_step(&g->b, "1.3"), &ok, &g->error), 0, "%s", g->error.text);
  cr_assert_eq(bench_go(&g->b), 0, "%s", g->b.error.text);
  cr_assert_eq(state_verdict(run_state(g->b.run)), VERDICT_PASS);
  take_events(g);
}

static void judge(struct again *g) {
  cr_assert_eq(run_replay(&g->run, &g->b.options, &g->what, &g->error), 0, "%s", g->error.text);
}

static enum verdict verdict_of(const struct again *g, const char *step) {
  return state_step_find(run_state(g->run), str_z(step))->verdict;
}

static void end(struct again *g) {
  if (g->run) run_close(g->run);
  bench_close(&g->b);
}

Test(replay, nothing_changed_is_the_same_run) {
  struct again g;
  record(&g);
  judge(&g);
  const struct state *was = run_state(g.b.run), *is = run_state(g.run);
  for (size_t i = 0; i < was->cases[0].n; i++) {
    cr_expect_eq(is->cases[0].steps[i].verdict, was->cases[0].steps[i].verdict, "step %zu", i);
    cr_expect_eq(is->cases[0].steps[i].opened_at, was->cases[0].steps[i].opened_at, "step %zu", i);
  }
  cr_expect_eq(is->messages.n, was->messages.n);
  cr_expect(str_eq(is->run, was->run));
  cr_expect(str_eqz(state_variable(is, STR("said")), "seen"));
  cr_expect_eq(state_verdict(is), VERDICT_PASS);
  end(&g);
}

Test(replay, the_log_is_left_as_it_is) {
  struct again g;
  record(&g);
  size_t before = g.events.n;
  judge(&g);
  g.events.n = 0;
  cr_assert_eq(store_replay(g.b.store, g.b.id, g.b.arena, take, &g, &g.error), 0);
  cr_expect_eq(g.events.n, before);
  end(&g);
}

Test(replay, what_fits_no_longer_is_late) {
  struct again g;
  record(&g);
  g.find = "pong 1";
  g.by = "pang 1";
  g.what.received = received;
  judge(&g);
  cr_expect_eq(verdict_of(&g, "1.1"), VERDICT_PASS);
  cr_expect_eq(verdict_of(&g, "1.2"), VERDICT_FAIL);
  cr_expect_eq(verdict_of(&g, "1.4"), VERDICT_PASS);
  const struct state_step *st = state_step_find(run_state(g.run), STR("1.2"));
  cr_expect(st->timer && !st->message);
  end(&g);
}

/* The second message now fits the first step, and nothing is left for the second. */
Test(replay, a_message_goes_to_the_step_that_it_fits_now) {
  struct again g;
  record(&g);
  g.find = "pong 2";
  g.by = "pong 1";
  g.what.received = received;
  judge(&g);
  cr_expect_eq(verdict_of(&g, "1.2"), VERDICT_PASS);
  cr_expect_eq(verdict_of(&g, "1.4"), VERDICT_FAIL);
  end(&g);
}

/* A person gave it to the first case; now the second wants it by itself. */
Test(replay, what_a_person_attached_can_be_taken_by_another_step) {
  struct again g = {0};
  bench_open(&g.b, UPLOAD, HEARS("1", "pong 1") HEARS("2", "pong 2"));
  bench_run(&g.b);
  put(&g, "pong 9");
  cr_assert_eq(run_attach(g.b.run, STR("m1"), STR("1.1"), "because", &g.error), 0, "%s", g.error.text);
  put(&g, "pong 2");
  cr_assert_eq(bench_go(&g.b), 0, "%s", g.b.error.text);
  take_events(&g);
  judge(&g);
  cr_expect_eq(verdict_of(&g, "1.1"), VERDICT_PASS);
  run_close(g.run);
  g.find = "pong 9";
  g.by = "pong 2";
  g.what.received = received;
  judge(&g);
  cr_expect_eq(verdict_of(&g, "1.1"), VERDICT_FAIL);
  cr_expect_eq(verdict_of(&g, "2.1"), VERDICT_PASS);
  cr_expect(str_eqz(state_step_find(run_state(g.run), STR("2.1"))->message->id, "m1"));
  end(&g);
}

Test(replay, what_somebody_told_can_be_changed) {
  struct again g;
  record(&g);
  g.answer = "fail";
  g.what.told = told;
  judge(&g);
  cr_expect_eq(verdict_of(&g, "1.3"), VERDICT_FAIL);
  cr_expect_eq(verdict_of(&g, "1.4"), VERDICT_PASS);
  cr_expect(str_eqz(event_get(bench_step(&g.b, "1.3")->answer, "answer"), "ok"), "the log was changed");
  end(&g);
}

Test(replay, a_hook_that_cannot_do_it_ends_it) {
  struct again g;
  record(&g);
  g.what.received = received;
  cr_expect_eq(run_replay(&g.run, &g.b.options, &g.what, &g.error), -1);
  cr_expect_neq(str_find(str_z(g.error.text), STR("cannot be changed"), 0), SIZE_MAX, "%s", g.error.text);
  g.run = NULL;
  end(&g);
}

Test(replay, events_that_do_not_fit_are_an_error) {
  struct again g;
  record(&g);
  struct event *odd = event_new(g.b.arena, "verdict", 1, STR("1"), STR("9.9"));
  VEC_PUSH(g.b.arena, &g.events, odd);
  g.what.events = g.events.v;
  g.what.n = g.events.n;
  cr_expect_eq(run_replay(&g.run, &g.b.options, &g.what, &g.error), -1);
  cr_expect_neq(str_find(str_z(g.error.text), STR("no such step"), 0), SIZE_MAX, "%s", g.error.text);
  g.run = NULL;
  end(&g);
}
