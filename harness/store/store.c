#include "store/store_int.h"

#include "base/file.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define EVENT_BYTES_MAX ((size_t)256 << 20)
#define BUSY_MS 5000

static int open_file(struct store *s, struct error *e) {
  int flags = s->mode == STORE_WRITE ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
  if (s->mode == STORE_READ && !file_exists(s->path))
    return error_set(e, ERR_CONFIG, "there is no store %s; run a protocol first, or name the store with --store",
                     s->path);
  if (schema_refuse_stray_log(s, e) != 0) return -1;
  if (!file_exists(s->path) && schema_make(s, e) != 0) return -1;
  if (sqlite3_open_v2(s->path, &s->db, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) return sql_error(s, e);
  sqlite3_extended_result_codes(s->db, 1);
  sqlite3_busy_timeout(s->db, BUSY_MS);
  return 0;
}

/* Blobs come in the order of their digests, which is none: the pages between which they go are to stay in memory. */
#define PAGES "PRAGMA cache_size=-8192;"

/* Checked before anything of it is changed. */
static int open_form(struct store *s, struct error *e) {
  const char *setup = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA trusted_schema=OFF;" PAGES;
  int64_t version;
  int rc = schema_check(s, &version, e);
  int code = s->mode == STORE_READ && rc != 0 ? sqlite3_errcode(s->db) & 0xff : SQLITE_OK;
  if (code == SQLITE_CANTOPEN || code == SQLITE_READONLY)
    rc = schema_reopen(s, e) == 0 ? schema_check(s, &version, e) : -1;
  if (rc == 0 && s->mode == STORE_WRITE) rc = sql_run(s, setup, e);
  return rc == 0 ? schema_now(s, version, e) : -1;
}

static int prepare_all(struct store *s, struct error *e) {
  const struct {
    sqlite3_stmt **to;
    const char *sql;
    bool writes;
  } statements[] = {
      {&s->blob_row, "SELECT size, bytes FROM blobs WHERE digest = ?1", false},
      {&s->put, "INSERT OR REPLACE INTO blobs(digest, size, bytes) VALUES(?1, ?2, ?3)", true},
      {&s->tail, "SELECT events, hash FROM runs WHERE run = ?1", false},
      {&s->append, "INSERT INTO events(run, seq, json, hash) VALUES(?1, ?2, ?3, ?4)", true},
      {&s->head,
       "INSERT INTO runs(run, events, hash) VALUES(?1, ?2, ?3)"
       " ON CONFLICT(run) DO UPDATE SET events = excluded.events, hash = excluded.hash",
       true},
  };
  for (size_t i = 0; i < sizeof statements / sizeof *statements; i++) {
    if (statements[i].writes && s->mode == STORE_READ) continue;
    if (sql_prepare(s, statements[i].to, statements[i].sql, e) != 0) return -1;
  }
  return 0;
}

static int open_database(struct store *s, struct error *e) {
  return open_file(s, e) == 0 && open_form(s, e) == 0 ? prepare_all(s, e) : -1;
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

/* A log that is gone, or empty, although something was written to it and the store was not closed. */
static bool is_log_lost(struct store *s) {
  struct stat st;
  if (stat(arena_printf(s->arena, "%s-wal", s->path).p, &st) == 0 && st.st_size > 0) return false;
  return file_exists(s->path) && lock_left(arena_printf(s->arena, "%s.lock", s->path).p);
}

static int open_writer(struct store *s, struct error *e) {
  if (file_mkdirs(file_dir(s->arena, s->path), e) != 0) return -1;
  const char *lock = arena_printf(s->arena, "%s.lock", s->path).p;
  if (lock_take(&s->lock, lock, s->path, e) != 0) return -1;
  if (is_log_lost(s)) {
    close(s->lock);
    s->lock = -1;
    return error_set(e, ERR_SYNTAX, "store %s: %s; bring it back from a copy, or go on without it by removing %s",
                     s->path, STORE_LOG_LOST, lock);
  }
  return lock_sign(s->lock, lock, e) == 0 ? clear_spool(s, e) : -1;
}

int store_open(struct store **out, const char *path, enum store_mode mode, struct error *e) {
  struct arena *a = arena_new(0);
  struct store *s = ARENA_NEW(a, struct store);
  *s = (struct store){.arena = a, .mode = mode, .lock = -1, .pending = arena_new(0)};
  map_init(&s->sound, a);
  s->path = arena_z(a, str_z(path));
  s->blobs = arena_z(a, arena_printf(a, "%s.blobs", path));
  s->spool = arena_z(a, arena_printf(a, "%s.spool", path));
  s->log_lost = mode == STORE_READ && is_log_lost(s);
  if ((mode == STORE_WRITE && open_writer(s, e) != 0) || open_database(s, e) != 0) {
    store_close(s);
    return -1;
  }
  if (mode == STORE_WRITE) scrub_again(s);
  *out = s;
  return 0;
}

void store_close(struct store *s) {
  if (!s) return;
  sqlite3_finalize(s->append);
  sqlite3_finalize(s->head);
  sqlite3_finalize(s->tail);
  sqlite3_finalize(s->blob_row);
  sqlite3_finalize(s->put);
  /* Its log goes with the close: killed right after that, it would be taken for a lost one. */
  if (s->lock >= 0) lock_forget(s->lock);
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
  if (!s->noted) lock_note(s->lock);
  s->noted = true;
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

static int set_head(struct store *s, struct str run, int64_t seq, const char *hash, struct error *e) {
  sql_bind_str(s->head, 1, run);
  sqlite3_bind_int64(s->head, 2, seq);
  sql_bind_str(s->head, 3, str_z(hash));
  int rc = sql_step(s, s->head, e);
  sqlite3_reset(s->head);
  sqlite3_clear_bindings(s->head);
  return rc;
}

int store_insert(struct store *s, struct str run, int64_t seq, struct str previous, struct str line, struct error *e) {
  char hash[SHA256_HEX + 1];
  event_chain(hash, previous, line);
  sql_bind_str(s->append, 1, run);
  sqlite3_bind_int64(s->append, 2, seq);
  sql_bind_str(s->append, 3, line);
  sql_bind_str(s->append, 4, str_z(hash));
  int rc = sql_step(s, s->append, e);
  sqlite3_reset(s->append);
  sqlite3_clear_bindings(s->append);
  return rc == 0 ? set_head(s, run, seq, hash, e) : rc;
}

static int insert_event(struct store *s, struct str run, struct event *ev, struct error *e) {
  char previous[SHA256_HEX + 1];
  int64_t last;
  if (replay_tail(s, run, &last, previous, e) != 0) return -1;
  ev->seq = last + 1;
  event_clean(ev);
  struct buf line;
  buf_init(&line, EVENT_BYTES_MAX);
  event_write(&line, ev);
  int rc = line.full ? error_set(e, ERR_LIMIT, "an event of over %zu bytes cannot be kept", EVENT_BYTES_MAX)
                     : store_insert(s, run, ev->seq, str_z(previous), buf_str(&line), e);
  buf_release(&line);
  return rc;
}

int store_append(struct store *s, struct str run, struct event *ev, struct error *e) {
  if (store_begin(s, e) != 0) return -1;
  return insert_event(s, run, ev, e) == 0 ? 0 : store_spoil(s, e);
}
