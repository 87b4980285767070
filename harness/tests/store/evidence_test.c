/* Bytes that go for good, lines that come in as they are, and notes. */
#include "store/store_int.h"

#include "base/file.h"

#include <criterion/criterion.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

static struct arena *a;
static char *home, *path;
static struct store *s;

static int remove_one(const char *name, const struct stat *st, int flag, struct FTW *ftw) {
  (void)st, (void)flag, (void)ftw;
  return remove(name);
}

static void set_up(void) {
  struct error e;
  a = arena_new(0);
  home = file_join(a, TEST_BIN, "evidence-test-XXXXXX");
  cr_assert_not_null(mkdtemp(home));
  path = file_join(a, home, "s.sqlite");
  cr_assert_eq(store_open(&s, path, STORE_WRITE, &e), 0, "%s", e.text);
}

static void tear_down(void) {
  store_close(s);
  nftw(home, remove_one, 8, FTW_DEPTH | FTW_PHYS);
  arena_free(a);
}

TestSuite(evidence, .init = set_up, .fini = tear_down);

static void commit(void) {
  struct error e;
  cr_assert_eq(store_commit(s, &e), 0, "%s", e.text);
}

static void append(const char *run, const char *kind) {
  struct error e;
  cr_assert_eq(store_append(s, str_z(run), event_new(a, kind, 1, (struct str){0}, (struct str){0}), &e), 0, "%s",
               e.text);
}

static struct str put(struct str bytes) {
  struct error e;
  char digest[SHA256_HEX + 1];
  cr_assert_eq(store_blob_put(s, bytes, digest, &e), 0, "%s", e.text);
  return arena_str(a, str_z(digest));
}

/* Whether any file of the store's folder holds these bytes. */
static const char *marker;
static bool marked;

static int look(const char *name, const struct stat *st, int flag, struct FTW *ftw) {
  struct str bytes;
  struct error e;
  struct arena *own = arena_new(0);
  (void)ftw;
  if (flag == FTW_F && st->st_size && file_read(&bytes, own, name, (size_t)64 << 20, &e) == 0)
    marked = marked || str_find(bytes, str_z(marker), 0) != SIZE_MAX;
  arena_free(own);
  return 0;
}

static bool holds(const char *what) {
  marker = what;
  marked = false;
  nftw(home, look, 8, FTW_PHYS);
  return marked;
}

static void erase(struct str digest) {
  struct error e;
  cr_assert_eq(store_blob_erase(s, digest, &e), 0, "%s", e.text);
  commit();
  cr_assert_eq(store_scrub(s, &digest, 1, &e), 0, "%s", e.text);
}

Test(evidence, an_erased_blob_leaves_no_byte) {
  struct str gone = put(STR("the-secret-marker of a small blob")), bytes;
  struct error e;
  /* Others beside it, so that pages are split and the log has them several times. */
  for (int i = 0; i < 500; i++) {
    put(arena_printf(a, "another blob with the number %d and some more text to make it longer", i));
    if (i % 50 == 0) commit();
  }
  append("r", "x");
  commit();
  cr_assert(holds("the-secret-marker"));
  erase(gone);
  cr_expect(!holds("the-secret-marker"));
  cr_expect_eq(store_blob_get(s, gone, a, &bytes, &e), -1);
}

Test(evidence, so_does_a_large_one_in_a_file) {
  struct buf b;
  buf_init(&b, 2 * STORE_BLOB_FILE);
  while (b.n <= STORE_BLOB_FILE) buf_addz(&b, "the-large-marker ");
  struct str gone = put(buf_take(&b, a));
  commit();
  cr_assert(holds("the-large-marker"));
  erase(gone);
  cr_expect(!holds("the-large-marker"));
}

Test(evidence, a_reader_in_the_way_is_told) {
  struct store *reader;
  struct error e;
  struct str gone = put(STR("the-marker"));
  append("r", "x");
  commit();
  cr_assert_eq(store_open(&reader, path, STORE_READ, &e), 0, "%s", e.text);
  cr_assert_eq(sql_run(reader, "BEGIN; SELECT count(*) FROM events;", &e), 0);
  sqlite3_busy_timeout(s->db, 1);
  cr_assert_eq(store_blob_erase(s, gone, &e), 0);
  commit();
  cr_expect_eq(store_scrub(s, &gone, 1, &e), -1);
  cr_expect_neq(str_find(str_z(e.text), STR("another process"), 0), SIZE_MAX, "%s", e.text);
  store_close(reader);
  cr_expect_eq(store_scrub(s, &gone, 1, &e), 0, "%s", e.text);
  cr_expect(!holds("the-marker"));
}

Test(evidence, a_kill_between_erasing_and_scrubbing_is_made_up_for) {
  struct error e;
  struct str gone = put(STR("the-secret of a kill"));
  append("r", "received");
  commit();
  cr_assert_eq(store_blob_erase(s, gone, &e), 0, "%s", e.text);
  commit();
  cr_assert(holds("the-secret of a kill"), "the log still has it");
  store_close(s);
  cr_assert_eq(store_open(&s, path, STORE_WRITE, &e), 0, "%s", e.text);
  cr_expect_not(s->scrub_owed);
  cr_expect(!holds("the-secret of a kill"), "it goes with the next opening");
}

Test(evidence, runs_are_in_the_same_order_after_a_scrub) {
  struct store_run *runs;
  struct error e;
  size_t n;
  for (int i = 9; i > 0; i--) append(arena_printf(a, "r%d", i).p, "x");
  struct str gone = put(STR("gone"));
  commit();
  erase(gone);
  cr_assert_eq(store_runs(s, a, &runs, &n, &e), 0);
  cr_assert_eq(n, (size_t)9);
  cr_expect(str_eqz(runs[0].run, "r9"));
  cr_expect(str_eqz(runs[8].run, "r1"));
}

Test(evidence, lines_come_in_as_they_are_and_in_order) {
  struct store_line *lines;
  struct error e;
  size_t n;
  append("r", "one");
  append("r", "two");
  commit();
  cr_assert_eq(store_lines(s, STR("r"), a, &lines, &n, &e), 0);
  cr_assert_eq(n, (size_t)2);
  cr_assert_eq(store_import(s, STR("copy"), 1, lines[0].line, &e), 0, "%s", e.text);
  cr_assert_eq(store_import(s, STR("copy"), 2, lines[1].line, &e), 0, "%s", e.text);
  commit();
  struct str last = lines[1].hash;
  cr_assert_eq(store_lines(s, STR("copy"), a, &lines, &n, &e), 0);
  cr_expect(str_eq(lines[1].hash, last));
  cr_expect_eq(store_import(s, STR("copy"), 4, lines[1].line, &e), -1);
}

Test(evidence, runs_with_a_text) {
  struct str *runs;
  struct error e;
  size_t n;
  append("r2", "needle");
  append("r1", "hay");
  append("r3", "needle");
  commit();
  cr_assert_eq(store_runs_with(s, a, STR("needle"), &runs, &n, &e), 0);
  cr_assert_eq(n, (size_t)2);
  cr_expect(str_eqz(runs[0], "r2"));
  cr_expect(str_eqz(runs[1], "r3"));
}

Test(evidence, notes) {
  struct str value;
  struct error e;
  cr_assert_eq(store_note_get(s, STR("n"), a, &value, &e), 0);
  cr_expect_eq(value.n, (size_t)0);
  cr_assert_eq(store_note_set(s, STR("n"), STR("one"), &e), 0);
  cr_assert_eq(store_note_set(s, STR("n"), STR("two"), &e), 0);
  commit();
  cr_assert_eq(store_note_get(s, STR("n"), a, &value, &e), 0);
  cr_expect(str_eqz(value, "two"));
}
