#include "store/store_int.h"

#include "base/clock.h"
#include "base/file.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* A folder of its own for each test, removed at its end. */
static struct arena *a;
static char *home, *path;

static void remove_tree(const char *dir) {
  struct arena *names = arena_new(0);
  DIR *d = opendir(dir);
  for (struct dirent *entry; d && (entry = readdir(d));) {
    if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
    char *inner = file_join(names, dir, entry->d_name);
    struct stat st;
    if (lstat(inner, &st) == 0 && S_ISDIR(st.st_mode))
      remove_tree(inner);
    else
      unlink(inner);
  }
  if (d) closedir(d);
  rmdir(dir);
  arena_free(names);
}

static void set_up(void) {
  a = arena_new(0);
  home = file_join(a, TEST_BIN, "store-test-XXXXXX");
  cr_assert_not_null(mkdtemp(home));
  path = file_join(a, home, "s.sqlite");
}

static void tear_down(void) {
  remove_tree(home);
  arena_free(a);
}

TestSuite(store, .init = set_up, .fini = tear_down);

static struct store *opened(enum store_mode mode) {
  struct error e;
  struct store *s = NULL;
  int rc = store_open(&s, path, mode, &e);
  cr_assert_eq(rc, 0, "%s", e.text);
  return s;
}

static int append(struct store *s, const char *run, const char *kind, struct error *e) {
  struct event *ev = event_new(a, kind, 1000, STR("1"), STR("1.1"));
  facts_put(&ev->data, STR("message"), STR("m1"));
  return store_append(s, str_z(run), ev, e);
}

static void append_ok(struct store *s, const char *run, const char *kind) {
  struct error e;
  int rc = append(s, run, kind, &e);
  cr_assert_eq(rc, 0, "%s", e.text);
}

static void commit_ok(struct store *s) {
  struct error e;
  int rc = store_commit(s, &e);
  cr_assert_eq(rc, 0, "%s", e.text);
}

struct seen {
  int64_t n, stop_at;
  char kinds[64];
};

static int see(void *payload, struct event *ev, struct error *e) {
  struct seen *seen = payload;
  seen->n++;
  cr_expect_eq(ev->seq, seen->n);
  if (seen->n <= 60) seen->kinds[seen->n - 1] = ev->kind.p[0];
  return seen->n == seen->stop_at ? error_set(e, ERR_LIMIT, "enough") : 0;
}

/* The number of events of a run, -1 with e if they cannot be had. */
static int64_t replay(struct store *s, const char *run, struct error *e) {
  struct seen seen = {0};
  return store_replay(s, str_z(run), a, see, &seen, e) == 0 ? seen.n : -1;
}

static int64_t replay_ok(struct store *s, const char *run) {
  struct error e;
  int64_t n = replay(s, run, &e);
  cr_expect_geq(n, 0, "%s", e.text);
  return n;
}

Test(store, a_run_is_told_from_other_chains) {
  cr_expect(store_is_run(STR("20261129-1a2b3c4d")));
  cr_expect_not(store_is_run(STR("audit-console")));
  cr_expect_not(store_is_run(STR("")));
}

Test(store, events_come_back_in_order) {
  struct error e;
  struct store *s = opened(STORE_WRITE);
  append_ok(s, "r1", "a");
  append_ok(s, "r2", "x");
  append_ok(s, "r1", "b");
  commit_ok(s);
  append_ok(s, "r1", "c");
  commit_ok(s);
  commit_ok(s);
  store_close(s);
  s = opened(STORE_READ);
  struct seen seen = {0};
  cr_assert_eq(store_replay(s, STR("r1"), a, see, &seen, &e), 0, "%s", e.text);
  cr_expect_str_eq(seen.kinds, "abc");
  cr_expect_eq(replay_ok(s, "r2"), 1);
  seen = (struct seen){.stop_at = 2};
  cr_expect_eq(store_replay(s, STR("r1"), a, see, &seen, &e), -1);
  cr_expect_eq(e.code, ERR_LIMIT);
  cr_expect_eq(replay(s, "r3", &e), -1);
  cr_expect_not_null(strstr(e.text, "no run r3"));
  store_close(s);
}

static int keep_file(void *payload, struct event *ev, struct error *e) {
  (void)e;
  *(struct str *)payload = event_get(ev, "file");
  return 0;
}

/* The state of a live run and of a resumed one are folds of the same data. */
Test(store, an_event_is_the_same_after_reading) {
  struct error e;
  struct str read = {0};
  struct store *s = opened(STORE_WRITE);
  struct event *ev = event_new(a, "received", 1, STR(""), STR(""));
  facts_put(&ev->data, STR("file"),
            STR("r\xf8"
                "d.xml"));
  cr_assert_eq(store_append(s, STR("r1"), ev, &e), 0, "%s", e.text);
  commit_ok(s);
  cr_assert_eq(store_replay(s, STR("r1"), a, keep_file, &read, &e), 0, "%s", e.text);
  cr_expect(str_eqz(read, "r\xEF\xBF\xBD"
                          "d.xml"));
  cr_expect(str_eq(read, event_get(ev, "file")));
  store_close(s);
}

Test(store, what_is_not_committed_is_gone) {
  struct store *s = opened(STORE_WRITE);
  append_ok(s, "r1", "a");
  commit_ok(s);
  append_ok(s, "r1", "b");
  store_close(s);
  s = opened(STORE_WRITE);
  cr_expect_eq(replay_ok(s, "r1"), 1);
  append_ok(s, "r1", "c");
  commit_ok(s);
  cr_expect_eq(replay_ok(s, "r1"), 2);
  store_close(s);
}

/* The process dies without any clean-up; what it had committed is there, and nothing else; its lock is gone. */
Test(store, kill_9) {
  int ready[2];
  cr_assert_eq(pipe(ready), 0);
  pid_t child = fork();
  if (child == 0) {
    struct store *s = opened(STORE_WRITE);
    for (int i = 0; i < 50; i++) {
      append_ok(s, "r1", "a");
      commit_ok(s);
    }
    append_ok(s, "r1", "b");
    if (write(ready[1], "x", 1) != 1) _exit(1);
    pause();
    _exit(0);
  }
  char byte;
  cr_assert_eq(read(ready[0], &byte, 1), 1);
  cr_assert_eq(kill(child, SIGKILL), 0);
  waitpid(child, NULL, 0);
  struct store *s = opened(STORE_WRITE);
  cr_expect_eq(replay_ok(s, "r1"), 50);
  store_close(s);
}

Test(store, one_writer_and_any_number_of_readers) {
  struct error e;
  struct store *second, *s = opened(STORE_WRITE);
  cr_expect_eq(store_open(&second, path, STORE_WRITE, &e), -1);
  cr_expect_eq(e.code, ERR_CONFIG);
  const char *pid = arena_printf(a, "process %ld;", (long)getpid()).p;
  cr_expect_not_null(strstr(e.text, pid), "%s", e.text);
  append_ok(s, "r1", "a");
  commit_ok(s);
  append_ok(s, "r1", "b");
  struct store *reader = opened(STORE_READ), *other = opened(STORE_READ);
  cr_expect_eq(replay_ok(reader, "r1"), 1, "a reader sees what is committed");
  cr_expect_eq(replay_ok(other, "r1"), 1);
  commit_ok(s);
  cr_expect_eq(replay_ok(reader, "r1"), 2);
  store_close(reader);
  store_close(other);
  store_close(s);
  s = opened(STORE_WRITE);
  store_close(s);
}

Test(store, reading_makes_no_store) {
  struct error e;
  struct store *s;
  cr_expect_eq(store_open(&s, path, STORE_READ, &e), -1);
  cr_expect_eq(e.code, ERR_CONFIG);
  cr_expect(!file_exists(path));
}

static void sql(const char *statement) {
  sqlite3 *db;
  cr_assert_eq(sqlite3_open(path, &db), SQLITE_OK);
  cr_assert_eq(sqlite3_exec(db, statement, NULL, NULL, NULL), SQLITE_OK, "%s", sqlite3_errmsg(db));
  sqlite3_close(db);
}

static void fill(int n) {
  struct store *s = opened(STORE_WRITE);
  for (int i = 0; i < n; i++) append_ok(s, "r1", "a");
  commit_ok(s);
  store_close(s);
}

Test(store, damage_names_run_and_event) {
  static const struct {
    const char *statement, *event;
  } cases[] = {
      {"UPDATE events SET json = replace(json, 'm1', 'm2') WHERE seq = 3", "event 3: it was changed"},
      {"DELETE FROM events WHERE seq = 2", "event 2: it is missing"},
      {"DELETE FROM events WHERE seq = 1", "event 1: it is missing"},
      {"UPDATE events SET hash = 'x' || substr(hash, 2) WHERE seq = 4", "event 4: it was changed"},
      {"UPDATE events SET json = '{' WHERE seq = 5", "event 5: it was changed"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct error e = {0};
    path = file_join(a, home, arena_printf(a, "%zu.sqlite", i).p);
    fill(5);
    sql(cases[i].statement);
    struct store *s = opened(STORE_READ);
    cr_expect_eq(replay(s, "r1", &e), -1, "%s", cases[i].statement);
    cr_expect_eq(e.code, ERR_SYNTAX);
    cr_expect_not_null(strstr(e.text, "run r1"), "%s", e.text);
    cr_expect_not_null(strstr(e.text, cases[i].event), "%s", e.text);
    store_close(s);
  }
}

static void expect_refused(enum error_code code, const char *text) {
  for (int mode = STORE_READ; mode <= STORE_WRITE; mode++) {
    struct error e = {0};
    struct store *s;
    cr_expect_eq(store_open(&s, path, (enum store_mode)mode, &e), -1);
    cr_expect_eq(e.code, code, "%s", e.text);
    cr_expect_not_null(strstr(e.text, text), "%s", e.text);
  }
}

Test(store, newer_and_foreign_files_are_left_alone) {
  struct error e;
  fill(1);
  sql(arena_printf(a, "PRAGMA user_version = %d", STORE_SCHEMA + 1).p);
  expect_refused(ERR_UNSUPPORTED, "newer testcamp");
  path = file_join(a, home, "other.sqlite");
  sql("CREATE TABLE t(x)");
  expect_refused(ERR_SYNTAX, "not a store of testcamp");
  path = file_join(a, home, "text");
  int rc = file_write(path,
                      STR("this is no database at all, but long enough to have a header of its own"
                          "................................................................"),
                      &e);
  cr_assert_eq(rc, 0);
  expect_refused(ERR_SYNTAX, "no store, or damaged");
}

/* A store that may not grow further: all of the transaction is taken back, and the store goes on afterwards. */
Test(store, a_full_disk_takes_back_the_transaction, .timeout = 120) {
  struct error e = {0};
  struct rlimit limit, full;
  fill(3);
  struct store *s = opened(STORE_WRITE);
  char digest[SHA256_HEX + 1];
  struct str big = {arena_alloc(a, STORE_BLOB_FILE), STORE_BLOB_FILE};
  signal(SIGXFSZ, SIG_IGN);
  cr_assert_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
  full = limit;
  full.rlim_cur = 256 << 10;
  cr_assert_eq(setrlimit(RLIMIT_FSIZE, &full), 0);
  append_ok(s, "r1", "b");
  int rc = store_blob_put(s, big, digest, &e);
  if (rc == 0)
    rc = store_commit(s, &e);
  else
    cr_expect_eq(append(s, "r1", "c", &e), -1, "a spoiled transaction takes more");
  cr_expect_eq(rc, -1);
  cr_expect_eq(e.code, ERR_IO);
  cr_expect_not_null(strstr(e.text, "s.sqlite"), "%s", e.text);
  cr_expect_not_null(strstr(e.text, "MB are free"), "%s", e.text);
  cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
  (void)!store_commit(s, &e);
  cr_expect_eq(replay_ok(s, "r1"), 3);
  append_ok(s, "r1", "d");
  commit_ok(s);
  cr_expect_eq(replay_ok(s, "r1"), 4);
  store_close(s);
}

/* The limit of SQLite itself: the same as a full disk. */
Test(store, a_full_database_takes_back_the_transaction) {
  struct error e = {0};
  char digest[SHA256_HEX + 1];
  fill(3);
  struct store *s = opened(STORE_WRITE);
  struct str half = {arena_alloc(a, STORE_BLOB_FILE), STORE_BLOB_FILE};
  int rc = 0;
  cr_assert_eq(sqlite3_exec(s->db, "PRAGMA max_page_count = 100", NULL, NULL, NULL), SQLITE_OK);
  append_ok(s, "r1", "b");
  rc = store_blob_put(s, half, digest, &e);
  cr_expect_eq(rc, -1);
  cr_expect_eq(e.code, ERR_IO);
  cr_expect_not_null(strstr(e.text, "make room on the disk"), "%s", e.text);
  cr_expect_eq(append(s, "r1", "c", &e), -1);
  cr_expect_eq(store_commit(s, &e), -1);
  cr_expect_eq(replay_ok(s, "r1"), 3);
  append_ok(s, "r1", "d");
  commit_ok(s);
  cr_expect_eq(replay_ok(s, "r1"), 4);
  store_close(s);
}

/* After a failure nothing is taken until store_commit has told of it, so that half a turn is never kept. */
Test(store, a_spoiled_transaction_stays_so_until_commit) {
  struct error e = {0};
  char digest[SHA256_HEX + 1];
  struct store *s = opened(STORE_WRITE);
  append_ok(s, "r1", "a");
  commit_ok(s);
  append_ok(s, "r1", "b");
  int rc = file_write(file_join(a, home, "s.sqlite.blobs"), STR("in the way"), &e);
  cr_assert_eq(rc, 0);
  struct str big = {arena_alloc(a, STORE_BLOB_FILE + 1), STORE_BLOB_FILE + 1};
  cr_expect_eq(store_blob_put(s, big, digest, &e), -1);
  cr_expect_eq(e.code, ERR_IO);
  cr_expect_eq(append(s, "r1", "c", &e), -1);
  cr_expect_eq(store_commit(s, &e), -1);
  cr_expect_eq(store_commit(s, &e), 0);
  append_ok(s, "r1", "d");
  commit_ok(s);
  struct seen seen = {0};
  cr_assert_eq(store_replay(s, STR("r1"), a, see, &seen, &e), 0, "%s", e.text);
  cr_expect_str_eq(seen.kinds, "ad");
  store_close(s);
}

static struct str pattern(size_t n, int seed) {
  char *p = arena_alloc(a, n + 1);
  for (size_t i = 0; i < n; i++) p[i] = (char)((i * 31 + (size_t)seed) & 0xff);
  return (struct str){p, n};
}

static struct str blob_ok(struct store *s, const char *digest) {
  struct error e;
  struct str out = {0};
  int rc = store_blob_get(s, str_z(digest), a, &out, &e);
  cr_expect_eq(rc, 0, "%s", e.text);
  return out;
}

static char *blob_file(const char *digest) {
  return file_join(a, home, arena_printf(a, "s.sqlite.blobs/%.2s/%s", digest, digest).p);
}

Test(store, blobs_of_every_size) {
  static const size_t sizes[] = {0, 1, 1000, STORE_BLOB_FILE, STORE_BLOB_FILE + 1, 3 * STORE_BLOB_FILE};
  struct error e;
  struct store *s = opened(STORE_WRITE);
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    char digest[SHA256_HEX + 1], want[SHA256_HEX + 1], again[SHA256_HEX + 1];
    struct str bytes = pattern(sizes[i], (int)i);
    sha256_hex(want, bytes);
    cr_assert_eq(store_blob_put(s, bytes, digest, &e), 0, "%s", e.text);
    cr_assert_eq(store_blob_put(s, bytes, again, &e), 0, "twice: %s", e.text);
    cr_expect_str_eq(digest, want);
    commit_ok(s);
    cr_expect(str_eq(blob_ok(s, digest), bytes), "%zu bytes", sizes[i]);
    cr_expect_eq(file_exists(blob_file(digest)), sizes[i] > STORE_BLOB_FILE);
  }
  store_close(s);
}

Test(store, unknown_and_erased_blobs) {
  struct error e;
  struct str out;
  char digest[SHA256_HEX + 1];
  struct store *s = opened(STORE_WRITE);
  static const char *const unknown[] = {"", "../../etc/passwd",
                                        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"};
  for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
    cr_expect_eq(store_blob_get(s, str_z(unknown[i]), a, &out, &e), -1, "%s", unknown[i]);
  cr_assert_eq(store_blob_put(s, pattern(STORE_BLOB_FILE + 5, 1), digest, &e), 0, "%s", e.text);
  commit_ok(s);
  cr_assert_eq(unlink(blob_file(digest)), 0);
  cr_expect_eq(store_blob_get(s, str_z(digest), a, &out, &e), -1);
  cr_expect_not_null(strstr(e.text, "withheld, erased or lost"));
  cr_assert_eq(store_blob_put(s, pattern(STORE_BLOB_FILE + 5, 1), digest, &e), 0, "%s", e.text);
  commit_ok(s);
  cr_expect_eq(blob_ok(s, digest).n, STORE_BLOB_FILE + 5, "what was lost can be put back");
  store_close(s);
}

static char *spooled(struct store *s, const char *name, struct str bytes) {
  struct error e;
  char *file = file_join(a, store_spool_dir(s), name);
  int rc = file_write(file, bytes, &e);
  cr_assert_eq(rc, 0, "%s", e.text);
  return file;
}

/* The file goes only when its bytes are safe: a crash before the commit loses no inbound byte. */
/* Who sends it once more is told that it is kept: it must be. */
Test(store, an_altered_blob_is_written_again) {
  char digest[SHA256_HEX + 1];
  struct error e;
  struct str got, bytes = {arena_alloc(a, STORE_BLOB_FILE + 1), STORE_BLOB_FILE + 1};
  struct store *s = opened(STORE_WRITE);
  cr_assert_eq(store_blob_put(s, bytes, digest, &e), 0, "%s", e.text);
  commit_ok(s);
  store_close(s);
  const char *file = arena_printf(a, "%s.blobs/%.2s/%s", path, digest, digest).p;
  int fd = open(file, O_WRONLY | O_CLOEXEC);
  cr_assert_eq(pwrite(fd, "~", 1, 1000), 1);
  close(fd);
  s = opened(STORE_WRITE);
  cr_expect_eq(store_blob_get(s, str_z(digest), a, &got, &e), -1);
  cr_assert_eq(store_blob_put(s, bytes, digest, &e), 0, "%s", e.text);
  commit_ok(s);
  cr_expect_eq(store_blob_get(s, str_z(digest), a, &got, &e), 0, "%s", e.text);
  store_close(s);
}

Test(store, adopted_files_go_with_the_commit) {
  static const size_t sizes[] = {0, 10, STORE_BLOB_FILE, STORE_BLOB_FILE + 1};
  struct error e;
  struct store *s = opened(STORE_WRITE);
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    char digest[SHA256_HEX + 1], want[SHA256_HEX + 1];
    size_t size = 99;
    struct str bytes = pattern(sizes[i], 7);
    sha256_hex(want, bytes);
    char *file = spooled(s, "in", bytes);
    cr_assert_eq(store_blob_adopt(s, file, digest, &size, &e), 0, "%s", e.text);
    cr_expect_str_eq(digest, want);
    cr_expect_eq(size, sizes[i]);
    cr_expect(file_exists(file), "gone before the commit");
    commit_ok(s);
    cr_expect(!file_exists(file));
    cr_expect(str_eq(blob_ok(s, digest), bytes));
    file = spooled(s, "again", bytes);
    cr_assert_eq(store_blob_adopt(s, file, digest, &size, &e), 0, "%s", e.text);
    commit_ok(s);
    cr_expect(!file_exists(file), "known bytes are adopted too");
  }
  size_t size;
  char digest[SHA256_HEX + 1];
  cr_expect_eq(store_blob_adopt(s, file_join(a, home, "nothing"), digest, &size, &e), -1);
  cr_expect_eq(store_blob_adopt(s, home, digest, &size, &e), -1);
  append_ok(s, "r1", "a");
  commit_ok(s);
  store_close(s);
}

Test(store, an_adopted_file_stays_when_the_transaction_is_lost) {
  struct error e;
  size_t size;
  char digest[SHA256_HEX + 1];
  char *file = file_join(a, home, "dropped.xml");
  int rc = file_write(file, pattern(STORE_BLOB_FILE + 9, 3), &e);
  cr_assert_eq(rc, 0);
  struct store *s = opened(STORE_WRITE);
  cr_assert_eq(store_blob_adopt(s, file, digest, &size, &e), 0, "%s", e.text);
  store_close(s);
  cr_expect(file_exists(file));
  s = opened(STORE_WRITE);
  struct str out;
  cr_expect_eq(store_blob_get(s, str_z(digest), a, &out, &e), -1, "a blob that was not committed is there");
  cr_assert_eq(store_blob_adopt(s, file, digest, &size, &e), 0, "%s", e.text);
  commit_ok(s);
  cr_expect_eq(blob_ok(s, digest).n, size);
  cr_expect(!file_exists(file));
  store_close(s);
}

Test(store, the_spool_is_cleared_when_a_writer_opens) {
  struct store *s = opened(STORE_WRITE);
  char *file = spooled(s, "half", STR("half a message"));
  store_close(opened(STORE_READ));
  cr_expect(file_exists(file));
  store_close(s);
  s = opened(STORE_WRITE);
  cr_expect(!file_exists(file));
  store_close(s);
}

Test(store, runs_are_listed_oldest_first) {
  struct error e;
  struct store_run *runs;
  struct str found;
  size_t n;
  struct store *s = opened(STORE_WRITE);
  cr_assert_eq(store_runs(s, a, &runs, &n, &e), 0);
  cr_expect_eq(n, 0);
  append_ok(s, "zeta-1", "run-started");
  append_ok(s, "alpha-2", "run-started");
  append_ok(s, "zeta-1", "verdict");
  append_ok(s, "zeta", "run-started");
  commit_ok(s);
  cr_assert_eq(store_runs(s, a, &runs, &n, &e), 0, "%s", e.text);
  cr_assert_eq(n, 3);
  cr_expect(str_eqz(runs[0].run, "zeta-1"));
  cr_expect_eq(runs[0].events, 2);
  cr_expect(event_is(runs[0].first, "run-started"));
  cr_expect(str_eqz(runs[1].run, "alpha-2"));
  cr_assert_eq(store_find_run(s, a, STR("al"), &found, &e), 0, "%s", e.text);
  cr_expect(str_eqz(found, "alpha-2"));
  cr_assert_eq(store_find_run(s, a, STR("zeta"), &found, &e), 0, "a whole id is found beside longer ones");
  cr_expect(str_eqz(found, "zeta"));
  cr_expect_eq(store_find_run(s, a, STR("ze"), &found, &e), -1);
  cr_expect_not_null(strstr(e.text, "zeta-1, zeta"), "%s", e.text);
  cr_expect_eq(store_find_run(s, a, STR("beta"), &found, &e), -1);
  cr_expect_not_null(strstr(e.text, "list runs"));
  store_close(s);
}

static bool until_a_verdict(void *payload, const struct event *ev) {
  *(int *)payload += 1;
  return event_is(ev, "verdict");
}

Test(store, a_run_is_read_backwards_until_enough_is_known) {
  struct error e;
  struct store *s = opened(STORE_WRITE);
  int seen = 0;
  append_ok(s, "one", "run-started");
  append_ok(s, "one", "verdict");
  append_ok(s, "one", "run-ended");
  append_ok(s, "two", "run-started");
  append_ok(s, "two", "run-ended");
  commit_ok(s);
  cr_assert_eq(store_backwards(s, STR("one"), a, until_a_verdict, &seen, &e), 0, "%s", e.text);
  cr_expect_eq(seen, 2);
  seen = 0;
  cr_assert_eq(store_backwards(s, STR("two"), a, until_a_verdict, &seen, &e), 0, "%s", e.text);
  cr_expect_eq(seen, 2, "all of it, for there is no verdict");
  store_close(s);
}

Test(store, a_hole_is_found_backwards_too) {
  struct error e;
  struct store *s = opened(STORE_WRITE);
  int seen = 0;
  for (int i = 0; i < 3; i++) append_ok(s, "one", "run-started");
  commit_ok(s);
  store_close(s);
  sql("DELETE FROM events WHERE seq = 2");
  s = opened(STORE_READ);
  cr_assert_eq(store_backwards(s, STR("one"), a, until_a_verdict, &seen, &e), -1);
  cr_expect_not_null(strstr(e.text, "event 2: it is missing"), "%s", e.text);
  store_close(s);
}

Test(store, heads_are_the_runs_without_their_first_events) {
  struct error e;
  struct store_run *runs;
  size_t n;
  struct store *s = opened(STORE_WRITE);
  append_ok(s, "zeta", "run-started");
  append_ok(s, "alpha", "run-started");
  append_ok(s, "zeta", "verdict");
  append_ok(s, STORE_REVIEW "alpha", "review");
  commit_ok(s);
  cr_assert_eq(store_run_heads(s, a, &runs, &n, &e), 0, "%s", e.text);
  cr_assert_eq(n, 2);
  cr_expect(str_eqz(runs[0].run, "zeta"));
  cr_expect_eq(runs[0].events, 2);
  cr_expect_null(runs[0].first);
  cr_expect_eq(runs[1].events, 2, "with its review");
  store_close(s);
}

Test(store, notes_are_found_by_the_beginning_of_their_names) {
  struct error e;
  struct str *names;
  size_t n;
  struct store *s = opened(STORE_WRITE);
  cr_assert_eq(store_note_set(s, STR("received/b"), STR("x"), &e), 0, "%s", e.text);
  cr_assert_eq(store_note_set(s, STR("received/a"), STR("x"), &e), 0, "%s", e.text);
  cr_assert_eq(store_note_set(s, STR("receive"), STR("x"), &e), 0, "%s", e.text);
  commit_ok(s);
  cr_assert_eq(store_note_names(s, "received/", a, &names, &n, &e), 0, "%s", e.text);
  cr_assert_eq(n, 2);
  cr_expect(str_eqz(names[0], "a"));
  cr_expect(str_eqz(names[1], "b"));
  store_close(s);
}

/* Courses and mailboxes have chains of their own beside those of the runs. */
Test(store, courses_and_mailboxes_are_no_runs) {
  struct error e;
  struct store_run *list;
  struct str found;
  size_t n;
  struct store *s = opened(STORE_WRITE);
  append_ok(s, "course-1", "course-started");
  append_ok(s, "20260105-1", "run-started");
  append_ok(s, "course-1", "course-submitted");
  append_ok(s, "mailbox-journal-sender", "received");
  commit_ok(s);
  cr_assert_eq(store_runs(s, a, &list, &n, &e), 0, "%s", e.text);
  cr_assert_eq(n, 1);
  cr_expect(str_eqz(list[0].run, "20260105-1"));
  cr_assert_eq(store_courses(s, a, &list, &n, &e), 0, "%s", e.text);
  cr_assert_eq(n, 1);
  cr_expect(str_eqz(list[0].run, "course-1") && list[0].events == 2);
  cr_assert_eq(store_mailboxes(s, a, &list, &n, &e), 0, "%s", e.text);
  cr_assert_eq(n, (size_t)1);
  cr_expect(str_starts(list[0].run, STR("mailbox-")));
  cr_expect_eq(store_find_run(s, a, STR("course-1"), &found, &e), -1);
  cr_expect_eq(store_find_run(s, a, STR("mailbox-"), &found, &e), -1);
  store_close(s);
}

Test(store, default_path_follows_the_environment) {
  setenv("XDG_STATE_HOME", "/state", 1);
  cr_expect_str_eq(store_default_path(a), "/state/testcamp/testcamp.sqlite");
  setenv("XDG_STATE_HOME", "relative", 1);
  setenv("HOME", "/home/me", 1);
  cr_expect_str_eq(store_default_path(a), "/home/me/.local/state/testcamp/testcamp.sqlite");
  unsetenv("XDG_STATE_HOME");
  cr_expect_str_eq(store_default_path(a), "/home/me/.local/state/testcamp/testcamp.sqlite");
}

#define MANY 10000
/* Generous: a loaded machine with sanitizers must pass, quadratic code must not. */
#define MANY_MS 20000

Test(store, ten_thousand_events, .timeout = 120) {
  int64_t from = clock_monotonic();
  struct store *s = opened(STORE_WRITE);
  for (int i = 0; i < MANY; i++) {
    append_ok(s, "r1", "received");
    if (i % 100 == 0) commit_ok(s);
  }
  commit_ok(s);
  cr_expect_eq(replay_ok(s, "r1"), MANY);
  store_close(s);
  cr_expect_lt(clock_monotonic() - from, MANY_MS);
}
