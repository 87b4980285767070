#include "store/store_int.h"

#include "base/file.h"

#include <stdlib.h>
#include <unistd.h>

/* "tcmp": tells our files from other SQLite files. */
#define APPLICATION_ID 0x74636d70
#define EVENT_BYTES_MAX ((size_t)256 << 20)
#define BUSY_MS 5000
/* Run ids shown when a prefix fits several. */
#define RUNS_SHOWN 5

static const char schema[] =
    "BEGIN IMMEDIATE;"
    "CREATE TABLE events(run TEXT NOT NULL, seq INTEGER NOT NULL, json TEXT NOT NULL, hash TEXT NOT NULL,"
    " PRIMARY KEY(run, seq));"
    "CREATE INDEX events_first ON events(run) WHERE seq = 1;"
    "CREATE TABLE blobs(digest TEXT PRIMARY KEY, size INTEGER NOT NULL, bytes BLOB) WITHOUT ROWID;"
    "CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;";

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

static int make_schema(struct store *s, struct error *e) {
  struct arena *scratch = arena_new(0);
  const char *sql = arena_printf(scratch, "%s PRAGMA application_id=%d; PRAGMA user_version=%d; COMMIT;", schema,
                                 APPLICATION_ID, STORE_SCHEMA)
                        .p;
  int rc = sql_run(s, sql, e);
  arena_free(scratch);
  return rc;
}

/* An empty file becomes a store; another program's, and a newer one, are left alone. */
static int check_schema(struct store *s, struct error *e) {
  int64_t application = 0, version = 0, pages = 0;
  if (pragma_int(s, "application_id", &application, e) != 0 || pragma_int(s, "user_version", &version, e) != 0 ||
      pragma_int(s, "page_count", &pages, e) != 0)
    return -1;
  if (pages == 0 && s->mode == STORE_WRITE) return make_schema(s, e);
  if (pages == 0) return error_set(e, ERR_CONFIG, "there is nothing in store %s yet; run a protocol first", s->path);
  if (application != APPLICATION_ID)
    return error_set(e, ERR_SYNTAX, "%s is not a store of testcamp; name another file with --store", s->path);
  if (version > STORE_SCHEMA)
    return error_set(e, ERR_UNSUPPORTED,
                     "store %s has the form %jd, this program knows up to %d; use the newer testcamp that made it",
                     s->path, (intmax_t)version, STORE_SCHEMA);
  return 0;
}

/* A store comes into being under another name, so that none is ever half made. */
static int make_store(struct store *s, struct error *e) {
  static const char *const rests[] = {"", "-journal", "-wal", "-shm"};
  struct store half = {.path = arena_z(s->arena, arena_printf(s->arena, "%s.new", s->path)), .mode = STORE_WRITE};
  const char *wal = arena_printf(s->arena, "%s-wal", s->path).p;
  if (file_exists(wal))
    return error_set(e, ERR_SYNTAX,
                     "store %s is gone, but %s is there, with what was written last; bring both back from a copy, or "
                     "remove it to begin anew",
                     s->path, wal);
  for (size_t i = 0; i < sizeof rests / sizeof *rests; i++)
    unlink(arena_printf(s->arena, "%s%s", half.path, rests[i]).p);
  int rc = sqlite3_open_v2(half.path, &half.db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
  rc = rc == SQLITE_OK ? 0 : sql_error(&half, e);
  if (rc == 0) rc = make_schema(&half, e);
  if (rc == 0) rc = sql_run(&half, "PRAGMA journal_mode=WAL", e);
  sqlite3_close(half.db);
  return rc == 0 ? blob_rename(half.path, s->path, e) : -1;
}

static int open_database(struct store *s, struct error *e) {
  int flags = s->mode == STORE_WRITE ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
  if (s->mode == STORE_READ && !file_exists(s->path))
    return error_set(e, ERR_CONFIG, "there is no store %s; run a protocol first, or name the store with --store",
                     s->path);
  if (!file_exists(s->path) && make_store(s, e) != 0) return -1;
  if (sqlite3_open_v2(s->path, &s->db, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) return sql_error(s, e);
  sqlite3_extended_result_codes(s->db, 1);
  sqlite3_busy_timeout(s->db, BUSY_MS);
  if (check_schema(s, e) != 0) return -1;
  const char *setup = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA trusted_schema=OFF;";
  if (s->mode == STORE_WRITE && sql_run(s, setup, e) != 0) return -1;
  if (sql_prepare(s, &s->blob_row, "SELECT size, bytes FROM blobs WHERE digest = ?1", e) != 0 ||
      sql_prepare(s, &s->tail, "SELECT seq, hash FROM events WHERE run = ?1 ORDER BY seq DESC LIMIT 1", e) != 0)
    return -1;
  if (s->mode == STORE_READ) return 0;
  return sql_prepare(s, &s->append, "INSERT INTO events(run, seq, json, hash) VALUES(?1, ?2, ?3, ?4)", e);
}

/* What lies in the spool was never committed: its sender got no answer. */
static int clear_spool(struct store *s, struct error *e) {
  char **names;
  size_t n;
  if (file_mkdirs(s->spool, e) != 0) return -1;
  struct arena *scratch = arena_new(0);
  int rc = file_list(&names, &n, scratch, s->spool, e);
  for (size_t i = 0; rc == 0 && i < n; i++) unlink(file_join(scratch, s->spool, names[i]));
  arena_free(scratch);
  return rc;
}

static int open_writer(struct store *s, struct error *e) {
  if (file_mkdirs(file_dir(s->arena, s->path), e) != 0) return -1;
  if (lock_take(&s->lock, arena_printf(s->arena, "%s.lock", s->path).p, s->path, e) != 0) return -1;
  return clear_spool(s, e);
}

int store_open(struct store **out, const char *path, enum store_mode mode, struct error *e) {
  struct arena *a = arena_new(0);
  struct store *s = ARENA_NEW(a, struct store);
  *s = (struct store){.arena = a, .mode = mode, .lock = -1, .pending = arena_new(0)};
  s->path = arena_z(a, str_z(path));
  s->blobs = arena_z(a, arena_printf(a, "%s.blobs", path));
  s->spool = arena_z(a, arena_printf(a, "%s.spool", path));
  if ((mode == STORE_WRITE && open_writer(s, e) != 0) || open_database(s, e) != 0) {
    store_close(s);
    return -1;
  }
  *out = s;
  return 0;
}

void store_close(struct store *s) {
  if (!s) return;
  sqlite3_finalize(s->append);
  sqlite3_finalize(s->tail);
  sqlite3_finalize(s->blob_row);
  sqlite3_close(s->db); /* takes back what is not committed */
  lock_drop(s->lock);
  arena_free(s->pending);
  arena_free(s->arena);
}

char *store_default_path(struct arena *a) {
  const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
  /* XDG Base Directory 0.8: a relative path is to be ignored. */
  if (!state || state[0] != '/') state = file_join(a, home && home[0] ? home : ".", ".local/state");
  return file_join(a, state, "testcamp/testcamp.sqlite");
}

const char *store_spool_dir(const struct store *s) {
  return s->spool;
}

int store_begin(struct store *s, struct error *e) {
  if (s->mode != STORE_WRITE) BUG("a store opened for reading is written to");
  if (s->spoiled) {
    *e = s->failure;
    return -1;
  }
  if (s->open) return 0;
  if (sql_run(s, "BEGIN IMMEDIATE", e) != 0) return store_spoil(s, e);
  s->open = true;
  return 0;
}

static void forget_adopted(struct store *s) {
  s->adopted.v = NULL;
  s->adopted.n = s->adopted.cap = 0;
  arena_reset(s->pending);
}

int store_spoil(struct store *s, const struct error *e) {
  struct error ignored;
  s->failure = *e;
  s->spoiled = true;
  /* A full disk may have ended the transaction already. */
  if (!sqlite3_get_autocommit(s->db) && sql_run(s, "ROLLBACK", &ignored) != 0) s->failure = ignored;
  s->open = false;
  forget_adopted(s);
  return -1;
}

int store_commit(struct store *s, struct error *e) {
  if (s->spoiled) {
    *e = s->failure;
    s->spoiled = false;
    return -1;
  }
  if (!s->open) return 0;
  if (sql_run(s, "COMMIT", e) != 0) {
    store_spoil(s, e);
    s->spoiled = false;
    return -1;
  }
  s->open = false;
  for (size_t i = 0; i < s->adopted.n; i++) unlink(s->adopted.v[i]);
  forget_adopted(s);
  return 0;
}

void store_rollback(struct store *s) {
  struct error ignored;
  (void)error_set(&ignored, ERR_NONE, "taken back");
  if (s->open) store_spoil(s, &ignored);
  s->spoiled = false;
}

static void chain_hash(char out[SHA256_HEX + 1], struct str previous, struct str line) {
  struct sha256 *h = sha256_new();
  sha256_add(h, previous);
  sha256_add(h, STR("\n"));
  sha256_add(h, line);
  sha256_hex_free(h, out);
}

/* The last sequence number and hash of a run; 0 and empty for a new one. */
static int read_tail(struct store *s, struct str run, int64_t *seq, char hash[SHA256_HEX + 1], struct error *e) {
  *seq = 0;
  hash[0] = 0;
  sql_bind_str(s->tail, 1, run);
  int rc = sql_step(s, s->tail, e);
  if (rc == 1) {
    *seq = sqlite3_column_int64(s->tail, 0);
    struct str text = str_sub(sql_column(s->tail, 1), 0, SHA256_HEX);
    for (size_t i = 0; i < text.n; i++) hash[i] = text.p[i];
    hash[text.n] = 0;
  }
  sqlite3_reset(s->tail);
  return rc < 0 ? -1 : 0;
}

static int insert_event(struct store *s, struct str run, struct event *ev, struct error *e) {
  char previous[SHA256_HEX + 1], hash[SHA256_HEX + 1];
  int64_t last;
  if (read_tail(s, run, &last, previous, e) != 0) return -1;
  ev->seq = last + 1;
  event_clean(ev);
  struct buf line;
  buf_init(&line, EVENT_BYTES_MAX);
  event_write(&line, ev);
  int rc;
  if (line.full) {
    rc = error_set(e, ERR_LIMIT, "an event of over %zu bytes cannot be kept", EVENT_BYTES_MAX);
  } else {
    chain_hash(hash, str_z(previous), buf_str(&line));
    sql_bind_str(s->append, 1, run);
    sqlite3_bind_int64(s->append, 2, ev->seq);
    sql_bind_str(s->append, 3, buf_str(&line));
    sql_bind_str(s->append, 4, str_z(hash));
    rc = sql_step(s, s->append, e);
    sqlite3_reset(s->append);
    sqlite3_clear_bindings(s->append);
  }
  buf_release(&line);
  return rc;
}

int store_append(struct store *s, struct str run, struct event *ev, struct error *e) {
  if (store_begin(s, e) != 0) return -1;
  return insert_event(s, run, ev, e) == 0 ? 0 : store_spoil(s, e);
}

static int damaged(struct store *s, struct str run, int64_t seq, const char *why, struct error *e) {
  return error_set(e, ERR_SYNTAX, "store %s is damaged: run %.*s, event %jd: %s; restore the store from a copy",
                   s->path, STR_F(run), (intmax_t)seq, why);
}

struct replay {
  struct store *store;
  struct str run;
  struct arena *arena;
  int64_t expected;          /* sequence number */
  char hash[SHA256_HEX + 1]; /* of the event before */
};

/* The event of the row at hand, its place in the chain checked. */
static int replay_row(struct event **out, struct replay *r, sqlite3_stmt *st, struct error *e) {
  char hash[SHA256_HEX + 1];
  int64_t seq = sqlite3_column_int64(st, 0);
  struct str line = sql_column(st, 1);
  if (seq != r->expected) return damaged(r->store, r->run, r->expected, "it is missing", e);
  chain_hash(hash, str_z(r->hash), line);
  if (!str_eqz(sql_column(st, 2), hash))
    return damaged(r->store, r->run, seq, "it was changed after it was written", e);
  struct error cause;
  if (event_read(out, r->arena, line, &cause) != 0) return damaged(r->store, r->run, seq, cause.text, e);
  if ((*out)->seq != seq) return damaged(r->store, r->run, seq, "it has the number of another event", e);
  for (size_t i = 0; i <= SHA256_HEX; i++) r->hash[i] = hash[i];
  r->expected++;
  return 0;
}

int store_replay(struct store *s, struct str run, struct arena *a,
                 int (*fn)(void *payload, struct event *ev, struct error *e), void *payload, struct error *e) {
  struct replay r = {.store = s, .run = run, .arena = a, .expected = 1};
  sqlite3_stmt *st;
  if (sql_prepare(s, &st, "SELECT seq, json, hash FROM events WHERE run = ?1 ORDER BY seq", e) != 0) return -1;
  sql_bind_str(st, 1, run);
  int rc;
  while ((rc = sql_step(s, st, e)) == 1) {
    struct event *ev;
    if (replay_row(&ev, &r, st, e) == 0 && fn(payload, ev, e) == 0) continue;
    rc = -1;
    break;
  }
  sqlite3_finalize(st);
  if (rc == 0 && r.expected == 1)
    return error_set(e, ERR_CONFIG, "there is no run %.*s in store %s", STR_F(run), s->path);
  return rc;
}

#define CHAINS                                                                                                         \
  "SELECT run, json, (SELECT max(seq) FROM events AS later WHERE later.run = first.run) FROM events AS first"          \
  " WHERE seq = 1 AND"
/* What is no run: courses (state/course.h) and mailboxes (run/camp.h). */
#define IS_RUN " run NOT GLOB 'course-*' AND run NOT GLOB 'mailbox-*' "
static const char runs_sql[] = CHAINS IS_RUN "ORDER BY rowid";
static const char courses_sql[] = CHAINS " run GLOB 'course-*' ORDER BY rowid";

static int list_chains(struct store *s, const char *sql, struct arena *a, struct store_run **out, size_t *n,
                       struct error *e) {
  VEC(struct store_run) runs = {0};
  sqlite3_stmt *st;
  if (sql_prepare(s, &st, sql, e) != 0) return -1;
  int rc;
  while ((rc = sql_step(s, st, e)) == 1) {
    struct store_run run = {.run = arena_str(a, sql_column(st, 0)), .events = sqlite3_column_int64(st, 2)};
    struct error cause;
    if (event_read(&run.first, a, sql_column(st, 1), &cause) != 0) {
      rc = damaged(s, run.run, 1, cause.text, e);
      break;
    }
    VEC_PUSH(a, &runs, run);
  }
  sqlite3_finalize(st);
  *out = runs.v;
  *n = runs.n;
  return rc;
}

int store_runs(struct store *s, struct arena *a, struct store_run **out, size_t *n, struct error *e) {
  return list_chains(s, runs_sql, a, out, n, e);
}

int store_courses(struct store *s, struct arena *a, struct store_run **out, size_t *n, struct error *e) {
  return list_chains(s, courses_sql, a, out, n, e);
}

static int several(struct arena *a, struct str prefix, const struct str *runs, size_t n, struct error *e) {
  struct buf b;
  buf_init(&b, ERROR_TEXT_MAX);
  for (size_t i = 0; i < n && i < RUNS_SHOWN; i++) buf_printf(&b, "%s%.*s", i ? ", " : "", STR_F(runs[i]));
  if (n > RUNS_SHOWN) buf_addz(&b, ", ...");
  struct str list = buf_take(&b, a);
  return error_set(e, ERR_CONFIG, "%zu runs begin with %.*s: %.*s; write more of the id", n, STR_F(prefix),
                   STR_F(list));
}

int store_find_run(struct store *s, struct arena *a, struct str prefix, struct str *run, struct error *e) {
  VEC(struct str) found = {0};
  sqlite3_stmt *st;
  if (sql_prepare(s, &st, "SELECT run FROM events WHERE seq = 1 AND" IS_RUN "ORDER BY rowid", e) != 0) return -1;
  int rc;
  while ((rc = sql_step(s, st, e)) == 1) {
    struct str id = sql_column(st, 0);
    if (!str_starts(id, prefix)) continue;
    bool whole = id.n == prefix.n;
    if (whole) found.n = 0;
    VEC_PUSH(a, &found, arena_str(a, id));
    if (whole) break;
  }
  sqlite3_finalize(st);
  if (rc < 0) return -1;
  if (found.n == 0)
    return error_set(e, ERR_CONFIG, "no run in %s begins with \"%.*s\"; `testcamp list runs` shows them", s->path,
                     STR_F(prefix));
  if (found.n > 1) return several(a, prefix, found.v, found.n, e);
  *run = found.v[0];
  return 0;
}
