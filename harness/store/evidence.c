/* What bundles and redaction need of a store: exact lines out and in, and bytes that go for good. */
#include "store/store_int.h"

int store_lines(struct store *s, struct str run, struct arena *a, struct store_line **out, size_t *n, struct error *e) {
  VEC(struct store_line) lines = {0};
  sqlite3_stmt *st;
  if (sql_prepare(s, &st, "SELECT seq, json, hash FROM events WHERE run = ?1 ORDER BY seq", e) != 0) return -1;
  sql_bind_str(st, 1, run);
  int rc;
  while ((rc = sql_step(s, st, e)) == 1) {
    struct store_line *line = VEC_ADD(a, &lines);
    line->seq = sqlite3_column_int64(st, 0);
    line->line = arena_str(a, sql_column(st, 1));
    line->hash = arena_str(a, sql_column(st, 2));
  }
  sqlite3_finalize(st);
  *out = lines.v;
  *n = lines.n;
  return rc;
}

static int import(struct store *s, struct str run, int64_t seq, struct str line, struct error *e) {
  char previous[SHA256_HEX + 1];
  int64_t last;
  if (replay_tail(s, run, &last, previous, e) != 0) return -1;
  if (seq != last + 1)
    return error_set(e, ERR_SYNTAX, "event %jd of run %.*s does not follow event %jd", (intmax_t)seq, STR_F(run),
                     (intmax_t)last);
  return store_insert(s, run, seq, str_z(previous), line, e);
}

int store_import(struct store *s, struct str run, int64_t seq, struct str line, struct error *e) {
  if (store_begin(s, e) != 0) return -1;
  return import(s, run, seq, line, e) == 0 ? 0 : store_spoil(s, e);
}

int store_runs_with(struct store *s, struct arena *a, struct str text, struct str **out, size_t *n, struct error *e) {
  static const char sql[] = "SELECT run FROM events WHERE instr(json, ?1) GROUP BY run ORDER BY min(rowid)";
  VEC(struct str) runs = {0};
  sqlite3_stmt *st;
  if (sql_prepare(s, &st, sql, e) != 0) return -1;
  sql_bind_str(st, 1, text);
  int rc;
  while ((rc = sql_step(s, st, e)) == 1) VEC_PUSH(a, &runs, arena_str(a, sql_column(st, 0)));
  sqlite3_finalize(st);
  *out = runs.v;
  *n = runs.n;
  return rc;
}

static int run_with(struct store *s, const char *sql, struct str first, const struct str *second, struct error *e) {
  sqlite3_stmt *st;
  if (sql_prepare(s, &st, sql, e) != 0) return -1;
  sql_bind_str(st, 1, first);
  if (second) sql_bind_str(st, 2, *second);
  int rc = sql_step(s, st, e);
  sqlite3_finalize(st);
  return rc < 0 ? -1 : 0;
}

/* Note of the digests that were erased and not scrubbed yet: a kill in between is made up for by store_open. */
#define TO_SCRUB "scrub"

static int note_scrub(struct store *s, struct str digest, struct error *e) {
  struct arena *a = arena_new(0);
  struct str before;
  int rc = store_note_get(s, STR(TO_SCRUB), a, &before, e);
  if (rc == 0) rc = store_note_set(s, STR(TO_SCRUB), arena_printf(a, "%.*s %.*s", STR_F(before), STR_F(digest)), e);
  arena_free(a);
  return rc;
}

/* secure_delete: pages that become free are filled with zeros. */
int store_blob_erase(struct store *s, struct str digest, struct error *e) {
  if (sql_run(s, "PRAGMA secure_delete=ON", e) != 0 || store_begin(s, e) != 0) return -1;
  if (note_scrub(s, digest, e) != 0) return -1;
  return run_with(s, "DELETE FROM blobs WHERE digest = ?1", digest, NULL, e) == 0 ? 0 : store_spoil(s, e);
}

/* 0 only when the whole log was copied and cut to nothing: else it still holds pages as they were. */
static int cut_log(struct store *s, struct error *e) {
  int in_log = 0, copied = 0;
  int rc = sqlite3_wal_checkpoint_v2(s->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, &in_log, &copied);
  if (rc == SQLITE_BUSY)
    return error_set(e, ERR_IO,
                     "store %s is being read by another process, so what was erased is still in its log; end that "
                     "process and redact again",
                     s->path);
  return rc == SQLITE_OK ? 0 : sql_error(s, e);
}

/* A store of an older form that was kept beside this one holds what is to go as well. */
static int wipe_kept(struct store *s, struct error *e) {
  struct arena *a = arena_new(0);
  int rc = 0;
  for (int form = 1; form < STORE_SCHEMA && rc == 0; form++)
    rc = blob_wipe_file(arena_printf(a, "%s.schema%d", s->path, form).p, e);
  arena_free(a);
  return rc;
}

/* Cut to nothing, the log would be taken for a lost one should we be killed now. */
static int forget_and_cut(struct store *s, struct error *e) {
  lock_forget(s->lock);
  s->noted = false;
  return cut_log(s, e);
}

static int note_scrubbed(struct store *s, struct error *e) {
  return store_note_set(s, STR(TO_SCRUB), (struct str){0}, e) == 0 ? store_commit(s, e) : -1;
}

/* VACUUM: a small blob may have left copies in the unused part of pages when they were split. */
int store_scrub(struct store *s, const struct str *digests, size_t n, struct error *e) {
  if (s->open) BUG("a store is scrubbed within a transaction");
  for (size_t i = 0; i < n; i++)
    if (blob_wipe(s, digests[i], e) != 0) return -1;
  if (wipe_kept(s, e) != 0 || forget_and_cut(s, e) != 0) return -1;
  if (sql_run(s, "PRAGMA secure_delete=ON; VACUUM", e) != 0 || note_scrubbed(s, e) != 0) return -1;
  return forget_and_cut(s, e);
}

void scrub_again(struct store *s) {
  struct arena *a = arena_new(0);
  struct str rest, *digests;
  struct error e;
  size_t n = 0;
  if (store_note_get(s, STR(TO_SCRUB), a, &rest, &e) == 0 && rest.n) {
    digests = ARENA_ARRAY(a, struct str, rest.n);
    while (rest.n) {
      struct str digest = str_cut(&rest, ' ');
      if (digest.n) digests[n++] = digest;
    }
    /* A reader may stand in the way again; the note stays. */
    s->scrub_owed = store_scrub(s, digests, n, &e) != 0;
  }
  arena_free(a);
}

int store_note_get(struct store *s, struct str name, struct arena *a, struct str *out, struct error *e) {
  sqlite3_stmt *st;
  *out = (struct str){0};
  if (sql_prepare(s, &st, "SELECT value FROM meta WHERE name = ?1", e) != 0) return -1;
  sql_bind_str(st, 1, name);
  int rc = sql_step(s, st, e);
  if (rc == 1) *out = arena_str(a, sql_column(st, 0));
  sqlite3_finalize(st);
  return rc < 0 ? -1 : 0;
}

int store_note_names(struct store *s, const char *prefix, struct arena *a, struct str **out, size_t *n,
                     struct error *e) {
  VEC(struct str) names = {0};
  sqlite3_stmt *st;
  int rc;
  if (sql_prepare(s, &st, "SELECT name FROM meta WHERE substr(name, 1, length(?1)) = ?1 ORDER BY name", e) != 0)
    return -1;
  sql_bind_str(st, 1, str_z(prefix));
  while ((rc = sql_step(s, st, e)) == 1)
    VEC_PUSH(a, &names, arena_str(a, str_sub(sql_column(st, 0), strlen(prefix), SIZE_MAX)));
  sqlite3_finalize(st);
  *out = names.v;
  *n = names.n;
  return rc;
}

int store_note_set(struct store *s, struct str name, struct str value, struct error *e) {
  static const char sql[] = "INSERT OR REPLACE INTO meta(name, value) VALUES(?1, ?2)";
  if (store_begin(s, e) != 0) return -1;
  return run_with(s, sql, name, &value, e) == 0 ? 0 : store_spoil(s, e);
}
