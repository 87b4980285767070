/* Exchange by watched folders: a file stays until it is committed, and is never read twice. */
#include "base/file.h"
#include "tests/run/bench.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECTION(id) "  - id: \"" id "\"\n    title: {en: Case, da: Sag}\n    status: mandatory\n    steps:\n"
#define HEAR(id, text) "      - step: \"" id "\"\n        hear: {text: " text ", within: 5 s}\n"

static void open_folders(struct bench *b, const char *sections) {
  bench_open(b, "{kind: vans-folder, to: to, from: from}\ntrigger: {kind: person}\n", sections);
  struct vendor *v = b->options.plan->vendor;
  v->folder_to = str_z(bench_path(b, "to"));
  v->folder_from = str_z(bench_path(b, "from"));
}

static void drop(struct bench *b, const char *name, const char *text) {
  bench_file(b, file_join(b->arena, "from", name), text);
}

static void drop_ping(struct bench *b) {
  if (b->ticks == 1) drop(b, "a.txt", "ping");
}

static void still_there(struct bench *b, const struct event *ev) {
  if (!event_is(ev, "received")) return;
  cr_expect(file_exists(bench_path(b, "from/a.txt")));
  cr_expect_eq(bench_count(b, "received", NULL), (size_t)0);
  b->hits++;
}

Test(folder, a_file_stays_until_it_is_committed) {
  struct bench b;
  open_folders(&b, SECTION("1") HEAR("1.1", "ping") "      - step: \"1.2\"\n        say: {text: pong}\n");
  b.each = drop_ping;
  b.on_event = still_there;
  bench_run(&b);
  cr_expect_eq(b.hits, (size_t)1);
  cr_expect(!file_exists(bench_path(&b, "from/a.txt")));
  cr_expect(file_exists(bench_path(&b, "from/received/m1-a.txt")));
  cr_expect(file_exists(bench_path(&b, "to/m2-said.txt")));
  bench_expect(&b, "1.1", VERDICT_PASS);
  bench_expect(&b, "1.2", VERDICT_PASS);
  bench_close(&b);
}

static void stop_when_judged(struct bench *b, const struct event *ev) {
  if (event_is(ev, "verdict")) run_stop(b->run);
}

/* Once the first file, which a rescan finds, was moved away. */
static void drop_second(struct bench *b) {
  if (file_exists(b->bodies[0].p)) return;
  drop(b, "b.txt", "second");
  b->each = NULL;
}

/* As after a crash between the commit and the move: the file lies there again, the same one. */
static void after_a_crash(const char *name, const char *moved) {
  struct bench b;
  open_folders(&b, SECTION("1") HEAR("1.1", "ping") HEAR("1.2", "second"));
  cr_assert_eq(mkdir(bench_path(&b, "from"), 0777), 0);
  drop(&b, name, "ping");
  b.on_event = stop_when_judged;
  bench_run(&b);
  b.on_event = NULL;
  bench_expect(&b, "1.1", VERDICT_PASS);
  bench_stop(&b);
  char *from = file_join(b.arena, bench_path(&b, "from/received"), moved),
       *to = file_join(b.arena, bench_path(&b, "from"), name);
  cr_assert_eq(rename(from, to), 0);
  b.bodies[0] = str_z(to);
  b.ticks = 0;
  b.each = drop_second;
  bench_resume(&b);
  cr_assert_eq(bench_go(&b), 0, "%s", b.error.text);
  cr_expect_eq(bench_count(&b, "received", NULL), (size_t)2);
  cr_expect(!file_exists(to));
  bench_expect(&b, "1.2", VERDICT_PASS);
  bench_close(&b);
}

Test(folder, the_same_file_after_a_crash_is_not_a_second_message, .timeout = 120) {
  after_a_crash("a.txt", "m1-a.txt");
}

Test(folder, nor_when_its_name_is_no_utf8, .timeout = 120) {
  after_a_crash("bl\xe5.txt", "m1-bl\xe5.txt");
}

static void drop_huge(struct bench *b) {
  if (b->ticks != 1) return;
  drop(b, "huge.txt", "");
  cr_assert_eq(truncate(bench_path(b, "from/huge.txt"), ((off_t)256 << 20) + 1), 0);
}

static void then_ping(struct bench *b) {
  drop_huge(b);
  if (b->ticks == 2) rename(bench_path(b, "from/huge.txt"), bench_path(b, "from/large.txt"));
  if (b->ticks == 20) drop(b, "a.txt", "ping");
}

Test(folder, a_file_that_cannot_be_taken_does_not_stop_the_run, .timeout = 120) {
  struct bench b;
  open_folders(&b, SECTION("1") HEAR("1.1", "ping"));
  b.each = then_ping;
  bench_run(&b);
  bench_expect(&b, "1.1", VERDICT_PASS);
  cr_expect(file_exists(bench_path(&b, "from/large.txt")));
  cr_expect_geq(bench_count(&b, "received", NULL), (size_t)1);
  bench_close(&b);
}
