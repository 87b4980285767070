/* Stores of older forms: migrated in one go, read as they are, never half. */
#include "store/store_int.h"

#include "base/file.h"

#include <criterion/criterion.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define RUNS 3
#define EVENTS 200
#define KILLS 40
#define NOBODY 65534

static struct arena *a;
static char *home, *path;

static void set_up(void) {
  a = arena_new(0);
  home = file_join(a, TEST_BIN, "schema-test-XXXXXX");
  cr_assert_not_null(mkdtemp(home));
  path = file_join(a, home, "s.sqlite");
}

static int remove_one(const char *name, const struct stat *st, int flag, struct FTW *ftw) {
  (void)st, (void)flag, (void)ftw;
  return remove(name);
}

static void tear_down(void) {
  nftw(home, remove_one, 8, FTW_DEPTH | FTW_PHYS);
  arena_free(a);
}

TestSuite(schema, .init = set_up, .fini = tear_down);

static struct store *opened(enum store_mode mode) {
  struct error e;
  struct store *s = NULL;
  int rc = store_open(&s, path, mode, &e);
  cr_assert_eq(rc, 0, "%s", e.text);
  return s;
}

static void append(struct store *s, int run, const char *kind) {
  struct error e;
  struct event *ev = event_new(a, kind, 1000, STR("1"), STR("1.1"));
  cr_assert_eq(store_append(s, arena_printf(a, "r%d", run), ev, &e), 0, "%s", e.text);
}

static void commit(struct store *s) {
  struct error e;
  cr_assert_eq(store_commit(s, &e), 0, "%s", e.text);
}

static void sql(const char *statement) {
  sqlite3 *db;
  cr_assert_eq(sqlite3_open(path, &db), SQLITE_OK);
  cr_assert_eq(sqlite3_exec(db, statement, NULL, NULL, NULL), SQLITE_OK, "%s", sqlite3_errmsg(db));
  sqlite3_close(db);
}

static int version_of(const char *file) {
  sqlite3 *db;
  sqlite3_stmt *st;
  cr_assert_eq(sqlite3_open_v2(file, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
  cr_assert_eq(sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &st, NULL), SQLITE_OK);
  cr_assert_eq(sqlite3_step(st), SQLITE_ROW);
  int version = sqlite3_column_int(st, 0);
  sqlite3_finalize(st);
  sqlite3_close(db);
  return version;
}

static void fill(void) {
  struct store *s = opened(STORE_WRITE);
  for (int r = RUNS; r >= 1; r--)
    for (int i = 0; i < EVENTS; i++) append(s, r, "a");
  commit(s);
  store_close(s);
}

/* What form 1 was. */
static void make_old(void) {
  fill();
  sql("DROP TABLE runs; CREATE INDEX events_first ON events(run) WHERE seq = 1; PRAGMA user_version = 1");
}

static int count(void *payload, struct event *ev, struct error *e) {
  (void)ev, (void)e;
  ++*(int *)payload;
  return 0;
}

/* All is there, in the order in which it was begun. */
static void expect_all(struct store *s) {
  struct store_run *runs;
  struct error e;
  size_t n = 0;
  cr_assert_eq(store_runs(s, a, &runs, &n, &e), 0, "%s", e.text);
  cr_assert_eq(n, (size_t)RUNS);
  for (size_t i = 0; i < n; i++) {
    int events = 0;
    cr_expect(str_eq(runs[i].run, arena_printf(a, "r%d", RUNS - (int)i)));
    cr_expect_eq(runs[i].events, EVENTS);
    cr_expect_not_null(runs[i].first);
    cr_expect_eq(store_replay(s, runs[i].run, a, count, &events, &e), 0, "%s", e.text);
    cr_expect_eq(events, EVENTS);
  }
}

Test(schema, an_old_store_is_brought_to_the_present_form) {
  make_old();
  struct store *s = opened(STORE_WRITE);
  expect_all(s);
  append(s, 1, "b");
  commit(s);
  store_close(s);
  cr_expect_eq(version_of(path), STORE_SCHEMA);
  const char *kept = arena_printf(a, "%s.schema1", path).p;
  cr_expect_eq(version_of(kept), 1);
  path = arena_z(a, str_z(kept));
  s = opened(STORE_READ);
  expect_all(s);
  store_close(s);
}

Test(schema, a_reader_leaves_an_old_store_as_it_is) {
  struct error e;
  struct str run;
  make_old();
  struct store *s = opened(STORE_READ);
  expect_all(s);
  cr_expect_eq(store_find_run(s, a, STR("r2"), &run, &e), 0, "%s", e.text);
  store_close(s);
  cr_expect_eq(version_of(path), 1);
  cr_expect(!file_exists(arena_printf(a, "%s.schema1", path).p));
}

Test(schema, a_kill_in_the_middle_is_harmless) {
  int before = 0;
  make_old();
  for (int i = 0; i < KILLS; i++) {
    pid_t pid = fork();
    if (pid == 0) {
      store_close(opened(STORE_WRITE));
      _exit(0);
    }
    usleep((useconds_t)(i * 100));
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    struct store *s = opened(STORE_READ);
    expect_all(s);
    store_close(s);
    if (version_of(path) == 1) before++;
  }
  cr_expect_gt(before, 0, "it was never killed before the end");
  struct store *s = opened(STORE_WRITE);
  expect_all(s);
  store_close(s);
  cr_expect_eq(version_of(path), STORE_SCHEMA);
}

Test(schema, without_room_an_old_store_stays_what_it_is) {
  struct error e;
  struct store *s;
  struct rlimit limit, full;
  make_old();
  signal(SIGXFSZ, SIG_IGN);
  cr_assert_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
  full = limit;
  full.rlim_cur = 40 << 10;
  cr_assert_eq(setrlimit(RLIMIT_FSIZE, &full), 0);
  cr_expect_eq(store_open(&s, path, STORE_WRITE, &e), -1);
  cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
  cr_expect_eq(e.code, ERR_IO, "%s", e.text);
  cr_expect_not_null(strstr(e.text, "is of form 1 and could not be brought"), "%s", e.text);
  cr_expect_eq(version_of(path), 1);
  s = opened(STORE_READ);
  expect_all(s);
  store_close(s);
}

/* The chain alone cannot tell: each of its links is right. */
Test(schema, a_run_that_lost_its_end_is_known_to_have) {
  struct error e = {0};
  int events = 0;
  fill();
  sql("DELETE FROM events WHERE run = 'r2' AND seq > 30");
  struct store *s = opened(STORE_READ);
  cr_expect_eq(store_replay(s, STR("r2"), a, count, &events, &e), -1);
  cr_expect_eq(events, 30);
  cr_expect_not_null(strstr(e.text, "run r2, event 31: it is missing, with all that came after it"), "%s", e.text);
  cr_expect_eq(store_replay(s, STR("r1"), a, count, &events, &e), 0);
  store_close(s);
}

/* In a process that may not write there. */
static int read_only(void) {
  struct store *s;
  struct error e = {0};
  if (chmod(home, 0555) != 0 || (geteuid() == 0 && seteuid(NOBODY) != 0)) return 3;
  if (store_open(&s, path, STORE_READ, &e) != 0) return strstr(e.text, "copy the files") ? 1 : 2;
  struct store_run *runs;
  size_t n = 0;
  int rc = store_runs(s, a, &runs, &n, &e) == 0 && n == RUNS ? 0 : 2;
  store_close(s);
  return rc;
}

static int read_only_child(void) {
  int status;
  pid_t pid = fork();
  if (pid == 0) _exit(read_only());
  waitpid(pid, &status, 0);
  cr_assert_eq(chmod(home, 0755), 0);
  return WEXITSTATUS(status);
}

Test(schema, a_store_in_a_folder_that_may_not_be_written_to) {
  make_old();
  cr_assert_eq(chmod(path, 0444), 0);
  cr_expect_eq(read_only_child(), 0, "form 1");
  cr_assert_eq(chmod(path, 0644), 0);
  store_close(opened(STORE_WRITE));
  cr_expect_eq(read_only_child(), 0);
  struct error e;
  cr_assert_eq(file_write(arena_printf(a, "%s-wal", path).p, STR("what was written last"), &e), 0);
  cr_expect_eq(read_only_child(), 1, "what to do is said");
}
