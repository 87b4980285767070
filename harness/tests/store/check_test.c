/* A look at a whole store, and what is saved of it. */
#include "store/store_int.h"

#include "base/file.h"

#include <criterion/criterion.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static struct arena *a;
static char *home, *path;
static struct store *s;
static struct buf told;

static int remove_one(const char *name, const struct stat *st, int flag, struct FTW *ftw) {
  (void)st, (void)flag, (void)ftw;
  return remove(name);
}

static struct store *opened(const char *file, enum store_mode mode) {
  struct error e;
  struct store *out = NULL;
  int rc = store_open(&out, file, mode, &e);
  cr_assert_eq(rc, 0, "%s", e.text);
  return out;
}

static void set_up(void) {
  a = arena_new(0);
  home = file_join(a, TEST_BIN, "check-test-XXXXXX");
  cr_assert_not_null(mkdtemp(home));
  path = file_join(a, home, "s.sqlite");
  s = opened(path, STORE_WRITE);
  buf_init(&told, (size_t)1 << 16);
}

static void tear_down(void) {
  store_close(s);
  buf_release(&told);
  nftw(home, remove_one, 8, FTW_DEPTH | FTW_PHYS);
  arena_free(a);
}

TestSuite(check, .init = set_up, .fini = tear_down);

static void append(const char *run, const char *kind, struct str blob, const char *redacted) {
  struct error e;
  struct event *ev = event_new(a, kind, 1, (struct str){0}, (struct str){0});
  ev->blob = blob;
  if (redacted) facts_put(&ev->data, STR("digest"), str_z(redacted));
  cr_assert_eq(store_append(s, str_z(run), ev, &e), 0, "%s", e.text);
}

static void commit(void) {
  struct error e;
  cr_assert_eq(store_commit(s, &e), 0, "%s", e.text);
}

static void on_damage(void *payload, const struct store_damage *d) {
  (void)payload;
  buf_printf(&told, "%.*s %lld %s\n", STR_F(d->run), (long long)d->seq, d->what);
}

static const struct store_eye eye = {NULL, on_damage};

static size_t damages(void) {
  struct store_tally t;
  struct error e;
  cr_assert_eq(store_check(s, &eye, &t, &e), 0, "%s", e.text);
  return t.damages;
}

static const char lost[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

Test(check, a_redacted_blob_may_be_gone) {
  append("r1", "received", str_z(lost), NULL);
  append("r1", "redacted", (struct str){0}, lost);
  commit();
  cr_expect_eq(damages(), (size_t)0, "%.*s", STR_F(buf_str(&told)));
}

Test(check, what_one_run_may_lack_another_may_not) {
  append("r1", "received", str_z(lost), NULL);
  append("r1", "redacted", (struct str){0}, lost);
  append("r2", "received", str_z(lost), NULL);
  append("r3", "received", str_z(lost), NULL);
  commit();
  cr_expect_eq(damages(), (size_t)1, "said once: %.*s", STR_F(buf_str(&told)));
  cr_expect(str_starts(buf_str(&told), STR("r2 1 ")), "%.*s", STR_F(buf_str(&told)));
}

Test(check, what_is_whole_is_saved_as_it_stands) {
  struct error e;
  struct store_tally t;
  struct store_line *was, *is;
  struct str note, bytes;
  char digest[SHA256_HEX + 1];
  size_t n, m;
  cr_assert_eq(store_blob_put(s, STR("a message"), digest, &e), 0, "%s", e.text);
  append("r1", "received", str_z(digest), NULL);
  append("r1", "verdict", (struct str){0}, NULL);
  cr_assert_eq(store_note_set(s, STR(STORE_RECEIVED "r1"), STR("it came as a bundle"), &e), 0, "%s", e.text);
  commit();
  struct store *to = opened(file_join(a, home, "to.sqlite"), STORE_WRITE);
  cr_assert_eq(store_salvage(s, to, &eye, &t, &e), 0, "%s", e.text);
  cr_expect_eq(t.damages, (size_t)0);
  cr_assert_eq(store_lines(s, STR("r1"), a, &was, &n, &e), 0, "%s", e.text);
  cr_assert_eq(store_lines(to, STR("r1"), a, &is, &m, &e), 0, "%s", e.text);
  cr_assert_eq(n, m);
  cr_expect(str_eq(was[n - 1].hash, is[n - 1].hash));
  cr_expect_eq(store_blob_get(to, str_z(digest), a, &bytes, &e), 0, "%s", e.text);
  cr_assert_eq(store_note_get(to, STR(STORE_RECEIVED "r1"), a, &note, &e), 0, "%s", e.text);
  cr_expect(str_eqz(note, "it came as a bundle"), "else it would pass for a run of our own");
  store_close(to);
}

/* SQLite removes the log of an empty file, even when it only reads. */
Test(check, an_empty_store_does_not_cost_its_log) {
  struct store *other;
  struct error e;
  const char *empty = file_join(a, home, "empty.sqlite"), *wal = file_join(a, home, "empty.sqlite-wal");
  cr_assert_eq(file_write(empty, (struct str){0}, &e), 0, "%s", e.text);
  cr_assert_eq(file_write(wal, STR("what was written last"), &e), 0, "%s", e.text);
  for (int mode = STORE_READ; mode <= STORE_WRITE; mode++) {
    cr_expect_eq(store_open(&other, empty, (enum store_mode)mode, &e), -1);
    cr_expect_eq(e.code, ERR_SYNTAX, "%s", e.text);
    cr_expect(file_exists(wal));
  }
}

Test(check, an_empty_log_is_in_nobodys_way) {
  struct error e;
  const char *fresh = file_join(a, home, "fresh.sqlite");
  cr_assert_eq(file_write(arena_printf(a, "%s-wal", fresh).p, (struct str){0}, &e), 0, "%s", e.text);
  store_close(opened(fresh, STORE_WRITE));
}

/* Its log is cut to nothing then, which is no loss. */
Test(check, a_kill_after_a_scrub_is_no_damage) {
  int status;
  store_close(s);
  pid_t pid = fork();
  if (pid == 0) {
    struct error e;
    char digest[SHA256_HEX + 1];
    struct store *mine = opened(path, STORE_WRITE);
    struct str gone = {digest, SHA256_HEX};
    if (store_blob_put(mine, STR("gone"), digest, &e) != 0 || store_commit(mine, &e) != 0 ||
        store_blob_erase(mine, gone, &e) != 0 || store_commit(mine, &e) != 0 || store_scrub(mine, &gone, 1, &e) != 0)
      _exit(1);
    kill(getpid(), SIGKILL);
  }
  waitpid(pid, &status, 0);
  cr_assert(WIFSIGNALED(status));
  s = opened(path, STORE_READ);
  cr_expect_eq(damages(), (size_t)0, "%.*s", STR_F(buf_str(&told)));
  store_close(s);
  s = opened(path, STORE_WRITE);
}
