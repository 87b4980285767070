/* The form of the file: how a store comes into being, is told from other files, and is brought from an older form to
 * this one. */
#include "store/store_int.h"

#include "base/file.h"

#include <sys/stat.h>
#include <unistd.h>

/* "tcmp": tells our files from other SQLite files. */
#define APPLICATION_ID 0x74636d70

/* What came with form 2: the head of each run, so that runs are found without looking at every event, and a run that
 * lost its end is known to have. */
#define RUNS_TABLE                                                                                                     \
  "CREATE TABLE runs(n INTEGER PRIMARY KEY, run TEXT NOT NULL UNIQUE, events INTEGER NOT NULL, hash TEXT NOT NULL);"
#define HEADS                                                                                                          \
  "SELECT run, (SELECT max(seq) FROM events AS x WHERE x.run = first.run) AS events,"                                  \
  " (SELECT hash FROM events AS y WHERE y.run = first.run ORDER BY seq DESC LIMIT 1) AS hash"

static const char schema[] =
    "BEGIN IMMEDIATE;"
    "CREATE TABLE events(run TEXT NOT NULL, seq INTEGER NOT NULL, json TEXT NOT NULL, hash TEXT NOT NULL,"
    " PRIMARY KEY(run, seq));"
    "CREATE TABLE blobs(digest TEXT PRIMARY KEY, size INTEGER NOT NULL, bytes BLOB) WITHOUT ROWID;"
    "CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;" RUNS_TABLE;

/* Form 1 has no table of runs; a run is in it with its first event. */
static const char from_1[] = "BEGIN IMMEDIATE;" RUNS_TABLE "INSERT INTO runs(run, events, hash) " HEADS
                             " FROM events AS first WHERE seq = 1 ORDER BY rowid;"
                             "DROP INDEX IF EXISTS events_first;";

/* For a reader, who may not change it. */
static const char view_1[] = "PRAGMA temp_store=MEMORY; CREATE TEMP VIEW runs AS SELECT rowid AS n, heads.* FROM "
                             "(" HEADS ", rowid FROM events AS first WHERE seq = 1) AS heads;";

static int pragma_int(struct store *s, const char *name, int64_t *out, struct error *e) {
  struct arena *scratch = arena_new(0);
  sqlite3_stmt *st = NULL;
  int rc = sql_prepare(s, &st, arena_printf(scratch, "PRAGMA %s", name).p, e);
  if (rc == 0) rc = sql_step(s, st, e);
  if (rc == 1) *out = sqlite3_column_int64(st, 0);
  sqlite3_finalize(st);
  arena_free(scratch);
  return rc < 0 ? -1 : 0;
}

/* Statements that begin a transaction, ended here together with the number of the form. */
static int run_to_form(struct store *s, const char *statements, struct error *e) {
  struct error ignored;
  struct arena *scratch = arena_new(0);
  const char *sql = arena_printf(scratch, "%s PRAGMA application_id=%d; PRAGMA user_version=%d; COMMIT;", statements,
                                 APPLICATION_ID, STORE_SCHEMA)
                        .p;
  int rc = sql_run(s, sql, e);
  if (rc != 0 && !sqlite3_get_autocommit(s->db)) (void)!sql_run(s, "ROLLBACK", &ignored);
  arena_free(scratch);
  return rc;
}

int schema_refuse_stray_log(struct store *s, struct error *e) {
  struct stat file, log;
  const char *wal = arena_printf(s->arena, "%s-wal", s->path).p;
  bool there = stat(s->path, &file) == 0;
  if ((there && file.st_size > 0) || stat(wal, &log) != 0 || log.st_size == 0) return 0;
  return error_set(e, ERR_SYNTAX,
                   "store %s is %s, but %s is there, with what was written last; bring both back from a copy, or "
                   "remove it to begin anew",
                   s->path, there ? "empty" : "gone", wal);
}

static void remove_rests(struct store *s) {
  static const char *const rests[] = {"", "-journal", "-wal", "-shm"};
  for (size_t i = 0; i < sizeof rests / sizeof *rests; i++) unlink(arena_printf(s->arena, "%s%s", s->path, rests[i]).p);
}

/* It comes into being under another name, so that none is ever half made. */
int schema_make(struct store *s, struct error *e) {
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  struct store half = {.arena = s->arena, .mode = STORE_WRITE};
  half.path = arena_z(s->arena, arena_printf(s->arena, "%s.new", s->path));
  remove_rests(&half);
  int rc = sqlite3_open_v2(half.path, &half.db, flags, NULL) == SQLITE_OK ? 0 : sql_error(&half, e);
  if (rc == 0) rc = run_to_form(&half, schema, e);
  if (rc == 0) rc = sql_run(&half, "PRAGMA journal_mode=WAL", e);
  sqlite3_close(half.db);
  return rc == 0 ? blob_rename(half.path, s->path, e) : -1;
}

/* The file as it was is kept beside it, for an older program: FILE.schema1. Made under another name, like a store. */
static int keep_old(struct store *s, int64_t version, struct error *e) {
  sqlite3_stmt *st;
  struct store old = {.arena = s->arena};
  const char *kept = arena_printf(s->arena, "%s.schema%jd", s->path, (intmax_t)version).p;
  if (file_exists(kept)) return 0;
  old.path = arena_z(s->arena, arena_printf(s->arena, "%s.new", kept));
  remove_rests(&old);
  if (sql_prepare(s, &st, "VACUUM INTO ?1", e) != 0) return -1;
  sql_bind_str(st, 1, str_z(old.path));
  int rc = sql_step(s, st, e);
  sqlite3_finalize(st);
  return rc == 0 && blob_sync(old.path, e) == 0 ? blob_rename(old.path, kept, e) : -1;
}

/* In one transaction: a kill in the middle leaves the older form. */
static int migrate(struct store *s, int64_t version, struct error *e) {
  struct error cause;
  if (s->mode == STORE_READ) return sql_run(s, view_1, e);
  if (keep_old(s, version, &cause) == 0 && run_to_form(s, from_1, &cause) == 0) return 0;
  return error_set(e, cause.code, "store %s is of form %jd and could not be brought to form %d: %s; it is as it was",
                   s->path, (intmax_t)version, STORE_SCHEMA, cause.text);
}

/* An empty file becomes a store; another program's, and a newer one, are left alone. */
int schema_check(struct store *s, int64_t *version, struct error *e) {
  int64_t application = 0, pages = 0;
  *version = 0;
  if (pragma_int(s, "application_id", &application, e) != 0 || pragma_int(s, "user_version", version, e) != 0 ||
      pragma_int(s, "page_count", &pages, e) != 0)
    return -1;
  if (pages == 0 && s->mode == STORE_WRITE) {
    *version = STORE_SCHEMA;
    return run_to_form(s, schema, e);
  }
  if (pages == 0) return error_set(e, ERR_CONFIG, "there is nothing in store %s yet; run a protocol first", s->path);
  if (application != APPLICATION_ID)
    return error_set(e, ERR_SYNTAX, "%s is not a store of testcamp; name another file with --store", s->path);
  if (*version > STORE_SCHEMA)
    return error_set(e, ERR_UNSUPPORTED,
                     "store %s has the form %jd, this program knows up to %d; use the newer testcamp that made it",
                     s->path, (intmax_t)*version, STORE_SCHEMA);
  return 0;
}

/* A file as part of a URI (RFC 3986): what means something there is spelled out. */
static struct str uri_of(struct arena *a, const char *path) {
  struct buf b;
  buf_init(&b, (size_t)1 << 16);
  buf_addz(&b, "file:");
  for (; *path; path++)
    if (*path == '%' || *path == '?' || *path == '#')
      buf_printf(&b, "%%%02X", (unsigned)*path);
    else
      buf_byte(&b, *path);
  buf_addz(&b, "?immutable=1");
  return buf_take(&b, a);
}

/* SQLite makes files beside the store even to read it; where it may not, a store that was closed in order can be read
 * as one that nobody changes. */
int schema_reopen(struct store *s, struct error *e) {
  struct stat st;
  const char *wal = arena_printf(s->arena, "%s-wal", s->path).p;
  if (stat(wal, &st) == 0 && st.st_size > 0)
    return error_set(e, ERR_IO,
                     "store %s cannot be read here without permission to write in its folder, for %s holds what was "
                     "written last; copy the files %s* to another folder and read them there",
                     s->path, wal, s->path);
  sqlite3_close(s->db);
  const char *uri = uri_of(s->arena, s->path).p;
  int rc = sqlite3_open_v2(uri, &s->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL);
  if (rc != SQLITE_OK) return sql_error(s, e);
  sqlite3_extended_result_codes(s->db, 1);
  return 0;
}

int schema_now(struct store *s, int64_t version, struct error *e) {
  return version < STORE_SCHEMA ? migrate(s, version, e) : 0;
}
