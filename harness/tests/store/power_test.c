/* A power cut: of each file of the database only what had reached the disk with its last sync is left. A thin layer
 * under SQLite keeps a copy of a file whenever it is synced. */
#include "store/store.h"

#include "base/file.h"

#include <criterion/criterion.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILES_MAX 16
#define FILE_BYTES_MAX ((size_t)64 << 20)
#define COMMITTED 200

static struct arena *a;
static sqlite3_vfs layer;
static struct {
  sqlite3_file *file;
  const char *name;
  const sqlite3_io_methods *real;
  sqlite3_io_methods methods; /* the real ones, but for sync */
} files[FILES_MAX];

static void copy(const char *from, const char *to) {
  struct error e;
  struct str bytes;
  struct arena *scratch = arena_new(0);
  int rc = file_read(&bytes, scratch, from, FILE_BYTES_MAX, &e);
  if (rc == 0) rc = file_write(to, bytes, &e);
  cr_assert_eq(rc, 0, "%s", e.text);
  arena_free(scratch);
}

/* The slot of a file, or the first free one for it. */
static int slot_of(sqlite3_file *file) {
  int i = 0;
  while (i < FILES_MAX && files[i].file && files[i].file != file) i++;
  cr_assert_lt(i, FILES_MAX);
  return i;
}

static int sync_and_keep(sqlite3_file *file, int flags) {
  int i = slot_of(file), rc = files[i].real->xSync(file, flags);
  copy(files[i].name, arena_printf(a, "%s.synced", files[i].name).p);
  return rc;
}

static int open_kept(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out) {
  sqlite3_vfs *real = vfs->pAppData;
  int rc = real->xOpen(real, name, file, flags, out), i = slot_of(file);
  if (rc != SQLITE_OK || !name) return rc;
  files[i].file = file;
  files[i].name = arena_z(a, str_z(name));
  files[i].real = file->pMethods;
  files[i].methods = *file->pMethods;
  files[i].methods.xSync = sync_and_keep;
  file->pMethods = &files[i].methods;
  return rc;
}

static int see(void *payload, struct event *ev, struct error *e) {
  (void)e;
  *(int64_t *)payload = ev->seq;
  return 0;
}

/* What is left after a power cut, beside the real files. */
static char *cut(const char *path) {
  static const char *const parts[] = {"", "-wal"};
  char *after = arena_z(a, arena_printf(a, "%s.after", path));
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    const char *synced = arena_printf(a, "%s%s.synced", path, parts[i]).p;
    /* It was made, and synced, under another name. */
    if (!*parts[i] && !file_exists(synced)) synced = arena_printf(a, "%s.new.synced", path).p;
    if (file_exists(synced)) copy(synced, arena_printf(a, "%s%s", after, parts[i]).p);
  }
  return after;
}

static struct store *opened(const char *path) {
  struct error e;
  struct store *s = NULL;
  int rc = store_open(&s, path, STORE_WRITE, &e);
  cr_assert_eq(rc, 0, "%s", e.text);
  return s;
}

static void append(struct store *s, const char *kind) {
  struct error e;
  struct event *ev = event_new(a, kind, 1, STR("1"), STR("1.1"));
  int rc = store_append(s, STR("r1"), ev, &e);
  cr_assert_eq(rc, 0, "%s", e.text);
}

Test(power, what_was_committed_survives_a_power_cut) {
  struct error e;
  a = arena_new(0);
  char *home = file_join(a, TEST_BIN, "power-test-XXXXXX");
  cr_assert_not_null(mkdtemp(home));
  char *path = file_join(a, home, "s.sqlite");
  sqlite3_vfs *real = sqlite3_vfs_find(NULL);
  layer = *real;
  layer.zName = "kept";
  layer.pAppData = real;
  layer.xOpen = open_kept;
  cr_assert_eq(sqlite3_vfs_register(&layer, 1), SQLITE_OK);
  struct store *s = opened(path);
  for (int64_t i = 1; i <= COMMITTED; i++) {
    append(s, "a");
    cr_assert_eq(store_commit(s, &e), 0, "%s", e.text);
    if (i % 50) continue;
    int64_t last = 0;
    struct store *left = opened(cut(path));
    cr_assert_eq(store_replay(left, STR("r1"), a, see, &last, &e), 0, "%s", e.text);
    cr_expect_eq(last, i, "%jd events of %jd are left", (intmax_t)last, (intmax_t)i);
    store_close(left);
  }
  store_close(s);
  cr_expect_eq(sqlite3_vfs_unregister(&layer), SQLITE_OK);
  char **names;
  size_t n;
  cr_assert_eq(file_list(&names, &n, a, home, &e), 0);
  for (size_t i = 0; i < n; i++) {
    const char *name = file_join(a, home, names[i]);
    if (unlink(name) != 0) rmdir(name);
  }
  rmdir(home);
  arena_free(a);
}
