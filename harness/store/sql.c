#include "store/store_int.h"

#include "base/file.h"

#include <sys/statvfs.h>

#define MEGABYTE ((uintmax_t)1 << 20)

struct hint {
  int sqlite;
  enum error_code code;
  const char *text;
};

/* By primary result code; what is not here is ERR_IO with SQLite's text alone. */
static const struct hint hints[] = {
    {SQLITE_FULL, ERR_IO, "; make room on the disk"},
    {SQLITE_IOERR, ERR_IO, "; check the disk"},
    {SQLITE_CANTOPEN, ERR_IO, "; check the name and the permissions"},
    {SQLITE_PERM, ERR_IO, "; check the permissions"},
    {SQLITE_READONLY, ERR_IO, "; choose a place that can be written to"},
    {SQLITE_BUSY, ERR_IO, "; another program holds the file, try again"},
    {SQLITE_CORRUPT, ERR_SYNTAX, "; the store is damaged: restore it from a copy, or begin another one with --store"},
    {SQLITE_NOTADB, ERR_SYNTAX, "; the file is no store, or damaged: name another one with --store"},
};

static const struct hint *hint_of(int sqlite) {
  static const struct hint other = {0, ERR_IO, ""};
  for (size_t i = 0; i < sizeof hints / sizeof *hints; i++)
    if (hints[i].sqlite == (sqlite & 0xff)) return &hints[i];
  return &other;
}

/* What is left where the store is; -1 if that cannot be told. */
static intmax_t free_megabytes(const struct store *s) {
  struct statvfs st;
  struct arena *scratch = arena_new(0);
  int rc = statvfs(file_dir(scratch, s->path), &st);
  arena_free(scratch);
  return rc == 0 ? (intmax_t)((uintmax_t)st.f_bavail * st.f_frsize / MEGABYTE) : -1;
}

int sql_error(struct store *s, struct error *e) {
  int code = s->db ? sqlite3_extended_errcode(s->db) : SQLITE_NOMEM;
  const struct hint *hint = hint_of(code);
  const char *text = s->db ? sqlite3_errmsg(s->db) : "out of memory";
  bool space = (code & 0xff) == SQLITE_FULL || (code & 0xff) == SQLITE_IOERR;
  intmax_t left = space ? free_megabytes(s) : -1;
  if (left < 0) return error_set(e, hint->code, "store %s: %s%s", s->path, text, hint->text);
  return error_set(e, hint->code, "store %s: %s%s (%jd MB are free there)", s->path, text, hint->text, left);
}

int sql_run(struct store *s, const char *sql, struct error *e) {
  return sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : sql_error(s, e);
}

int sql_prepare(struct store *s, sqlite3_stmt **out, const char *sql, struct error *e) {
  return sqlite3_prepare_v2(s->db, sql, -1, out, NULL) == SQLITE_OK ? 0 : sql_error(s, e);
}

int sql_step(struct store *s, sqlite3_stmt *st, struct error *e) {
  int rc = sqlite3_step(st);
  if (rc == SQLITE_ROW) return 1;
  if (rc == SQLITE_DONE) return 0;
  return sql_error(s, e);
}

void sql_bind_str(sqlite3_stmt *st, int at, struct str value) {
  if (sqlite3_bind_text64(st, at, value.p ? value.p : "", value.n, SQLITE_STATIC, SQLITE_UTF8) == SQLITE_MISUSE)
    BUG("column %d of a statement cannot be bound", at);
}

struct str sql_column(sqlite3_stmt *st, int at) {
  const void *p = sqlite3_column_blob(st, at); /* before the size: this converts */
  return (struct str){p, (size_t)sqlite3_column_bytes(st, at)};
}
