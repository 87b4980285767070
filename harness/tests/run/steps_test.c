/* The cursor: what the harness cannot do, much memory, seeds, triggers. */
#include "base/file.h"
#include "tests/run/bench.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#define UPLOAD "{kind: upload}\n"
#define SECTION(id) "  - id: \"" id "\"\n    title: {en: Case, da: Sag}\n    status: mandatory\n    steps:\n"
#define HEAP(id) "      - step: \"" id "\"\n        heap: {mb: 500}\n"

Test(steps, what_the_harness_cannot_do_is_an_error_and_the_case_goes_on) {
  struct bench b;
  bench_open(&b, UPLOAD,
             SECTION("1") "      - step: \"1.1\"\n        boom: {}\n"
                          "      - step: \"1.2\"\n        pause: {for: 1 ms}\n");
  bench_run(&b);
  bench_expect(&b, "1.1", VERDICT_ERROR);
  bench_expect(&b, "1.2", VERDICT_PASS);
  const struct findings *f = &bench_step(&b, "1.1")->findings;
  cr_assert_eq(f->list.n, (size_t)1);
  cr_expect(str_eqz(f->list.v[0].rule, "run.harness"));
  cr_expect_neq(str_find(f->list.v[0].en, STR("it went boom"), 0), SIZE_MAX);
  cr_expect_neq(str_find(f->list.v[0].da, STR("it went boom"), 0), SIZE_MAX);
  cr_expect_eq(state_verdict(run_state(b.run)), VERDICT_ERROR);
  bench_close(&b);
}

Test(steps, a_step_that_does_not_apply_is_not_done) {
  struct bench b;
  bench_open(&b, UPLOAD,
             SECTION("1") "      - step: \"1.1\"\n        boom: {}\n        when: forward\n"
                          "      - step: \"1.2\"\n        pause: {for: 1 ms}\n        when: attachments\n");
  bench_run(&b);
  bench_expect(&b, "1.1", VERDICT_NOT_APPLICABLE);
  bench_expect(&b, "1.2", VERDICT_PASS);
  cr_expect_eq(state_verdict(run_state(b.run)), VERDICT_PASS);
  bench_close(&b);
}

/* Together more than an arena may hold. */
Test(steps, scratch_memory_is_that_of_one_step) {
  struct bench b;
  bench_open(&b, UPLOAD, SECTION("1") HEAP("1.1") HEAP("1.2") HEAP("1.3") HEAP("1.4") HEAP("1.5") HEAP("1.6"));
  bench_run(&b);
  bench_expect(&b, "1.6", VERDICT_PASS);
  bench_close(&b);
}

Test(steps, the_same_seed_twice_in_one_store_is_two_runs) {
  struct bench b;
  struct error e;
  struct store_run *runs;
  size_t n;
  bench_open(&b, UPLOAD, SECTION("1") "      - step: \"1.1\"\n        pause: {for: 1 ms}\n");
  b.options.seed = "42";
  clock_init_logical(&b.options.clock);
  bench_run(&b);
  struct str first = b.id;
  bench_stop(&b);
  bench_run(&b);
  cr_expect(str_starts(b.id, first));
  cr_expect(str_ends(b.id, STR("-2")), "%.*s", STR_F(b.id));
  cr_expect(str_eq(event_get(run_state(b.run)->started, "seed"), STR("42")));
  cr_assert_eq(store_runs(b.store, b.arena, &runs, &n, &e), 0, "%s", e.text);
  cr_expect_eq(n, (size_t)2);
  bench_stop(&b);
  b.id = first;
  bench_resume(&b);
  cr_expect_eq(state_verdict(run_state(b.run)), VERDICT_PASS);
  bench_close(&b);
}

/* ---- triggers ---- */

#define ASKED "      - step: \"1.1\"\n        person: {trigger: {action: send}}\n"

/* A command that notes its argument in the file $ASKED and then does something else. */
static const char *command(struct arena *a, const char *how) {
  return arena_printf(a,
                      "{kind: vans-http, address: \"\"}\n"
                      "trigger: {kind: command, command: [sh, -c, 'echo \"$0\" >>\"$ASKED\"; %s']}\n",
                      how)
      .p;
}

static size_t asked(struct bench *b) {
  struct str bytes;
  struct error e;
  size_t n = 0;
  if (file_read(&bytes, b->arena, bench_path(b, "asked"), 1 << 20, &e) < 0) return 0;
  while (bytes.n) {
    struct str line = str_cut(&bytes, '\n');
    cr_expect(str_eqz(line, "{\"do\":\"it\"}"), "%.*s", STR_F(line));
    n++;
  }
  return n;
}

static void open_command(struct bench *b, const char *how) {
  struct arena *a = arena_new(0);
  bench_open(b, command(a, how), SECTION("1") ASKED);
  setenv("ASKED", bench_path(b, "asked"), 1);
  arena_free(a);
}

Test(trigger, a_command_is_told_what_to_do) {
  struct bench b;
  open_command(&b, "exit 0");
  bench_run(&b);
  cr_expect_eq(asked(&b), (size_t)1);
  bench_expect(&b, "1.1", VERDICT_PASS);
  cr_expect(str_eqz(event_get(bench_step(&b, "1.1")->answer, "by"), "trigger"));
  bench_close(&b);
}

Test(trigger, a_command_that_fails_is_an_error) {
  struct bench b;
  open_command(&b, "exit 3");
  bench_run(&b);
  bench_expect(&b, "1.1", VERDICT_ERROR);
  cr_expect(str_eqz(event_get(bench_step(&b, "1.1")->answer, "text"), "exit code 3"));
  bench_close(&b);
}

static void stop_once_asked(struct bench *b) {
  if (asked(b)) run_stop(b->run);
}

Test(trigger, a_resumed_run_asks_again_when_no_answer_came, .timeout = 120) {
  struct bench b;
  open_command(&b, "test -e \"$ASKED.go\" || exec sleep 60");
  b.each = stop_once_asked;
  bench_run(&b);
  bench_expect(&b, "1.1", VERDICT_NONE);
  bench_stop(&b);
  b.each = NULL;
  bench_file(&b, "asked.go", "");
  bench_resume(&b);
  cr_assert_eq(bench_go(&b), 0, "%s", b.error.text);
  cr_expect_eq(asked(&b), (size_t)2);
  bench_expect(&b, "1.1", VERDICT_PASS);
  bench_close(&b);
}

Test(trigger, by_hand_a_person_is_asked) {
  struct bench b;
  open_command(&b, "exit 0");
  b.options.by_hand = true;
  bench_run(&b);
  cr_expect_eq(asked(&b), (size_t)0);
  bench_expect(&b, "1.1", VERDICT_NONE);
  cr_expect(str_eqz(event_get(run_state(b.run)->started, "by-hand"), "true"));
  bench_close(&b);
}
