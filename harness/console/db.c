#include "console/db.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/vec.h"
#include "console/tables.h"

#include <sqlite3.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>

struct db {
  sqlite3 *sqlite;
  struct arena *arena;
  const char *path;
};

static int fail(const struct db *d, struct error *e) {
  int code = d->sqlite ? sqlite3_errcode(d->sqlite) : SQLITE_NOMEM;
  return error_set(e, code == SQLITE_CONSTRAINT ? ERR_CONFIG : ERR_IO, "%s: %s", d->path,
                   d->sqlite ? sqlite3_errmsg(d->sqlite) : "out of memory");
}

static int run_plain(struct db *d, const char *sql, struct error *e) {
  return sqlite3_exec(d->sqlite, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : fail(d, e);
}

static int check_version(struct db *d, struct error *e) {
  struct arena *a = arena_new_small(0);
  struct db_rows r = {0};
  int result = db_get(d, a, &r, e, "PRAGMA user_version", "");
  if (result == 0 && db_number(&r, 0, 0) > DB_SCHEMA)
    result = error_set(e, ERR_CONFIG, "%s was made by a newer testcamp; use that one", d->path);
  arena_free(a);
  return result;
}

static int prepare(struct db *d, struct error *e) {
  struct buf sql;
  sqlite3_busy_timeout(d->sqlite, 5000);
  if (run_plain(d, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON", e) < 0 ||
      check_version(d, e) < 0)
    return -1;
  for (const char *const *s = tables_statements; *s; s++)
    if (run_plain(d, *s, e) < 0) return -1;
  buf_init(&sql, 100);
  buf_printf(&sql, "PRAGMA user_version=%d", DB_SCHEMA);
  buf_byte(&sql, '\0');
  int result = run_plain(d, sql.p, e);
  buf_release(&sql);
  return result;
}

int db_open(struct db **out, const char *store_path, struct error *e) {
  struct arena *a = arena_new_small(0);
  struct db *d = ARENA_NEW(a, struct db);
  mode_t before = umask(0077); /* it holds passwords, even if hashed */
  *d = (struct db){.arena = a, .path = arena_printf(a, "%s" DB_SUFFIX, store_path).p};
  int opened = sqlite3_open_v2(d->path, &d->sqlite, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
  int result = opened == SQLITE_OK ? prepare(d, e) : fail(d, e);
  umask(before);
  if (result < 0)
    db_close(d);
  else
    *out = d;
  return result;
}

void db_close(struct db *d) {
  if (!d) return;
  sqlite3_close(d->sqlite);
  arena_free(d->arena);
}

/* The text of a value must live until the statement is done: it is the caller's. */
static void bind_one(sqlite3_stmt *st, int at, char type, va_list *values) {
  struct str s = {NULL, 0};
  if (type == 'i') {
    sqlite3_bind_int64(st, at, va_arg(*values, int64_t));
    return;
  }
  if (type == 's')
    s = va_arg(*values, struct str);
  else if (type == 'z')
    s = str_z(va_arg(*values, const char *));
  else
    BUG("a value of type %c", type);
  if (type == 'z' && !s.p)
    sqlite3_bind_null(st, at);
  else
    sqlite3_bind_text64(st, at, s.p ? s.p : "", s.n, SQLITE_STATIC, SQLITE_UTF8);
}

static int bind_all(struct db *d, sqlite3_stmt **st, const char *sql, const char *types, va_list *values,
                    struct error *e) {
  if (sqlite3_prepare_v2(d->sqlite, sql, -1, st, NULL) != SQLITE_OK) return fail(d, e);
  if (sqlite3_bind_parameter_count(*st) != (int)strlen(types)) BUG("%s does not take %s", sql, types);
  for (int i = 0; types[i]; i++) bind_one(*st, i + 1, types[i], values);
  return 0;
}

static void add_row(struct arena *a, struct db_rows *out, sqlite3_stmt *st, size_t *cap) {
  for (int i = 0; i < (int)out->columns; i++) {
    size_t at = out->n * out->columns + (size_t)i;
    if (at == *cap) out->v = vec_grow(a, out->v, cap, at, sizeof *out->v);
    const void *p = sqlite3_column_blob(st, i);
    out->v[at] = arena_str(a, (struct str){p, (size_t)sqlite3_column_bytes(st, i)});
  }
  out->n++;
}

static int step_all(struct db *d, struct arena *a, struct db_rows *out, sqlite3_stmt *st, struct error *e) {
  size_t cap = 0;
  int code;
  if (out) *out = (struct db_rows){.columns = (size_t)sqlite3_column_count(st)};
  while ((code = sqlite3_step(st)) == SQLITE_ROW)
    if (out) add_row(a, out, st, &cap);
  return code == SQLITE_DONE ? 0 : fail(d, e);
}

static int query(struct db *d, struct arena *a, struct db_rows *out, struct error *e, const char *sql,
                 const char *types, va_list *values) {
  sqlite3_stmt *st = NULL;
  int result = bind_all(d, &st, sql, types, values, e);
  if (result == 0) result = step_all(d, a, out, st, e);
  sqlite3_finalize(st);
  return result;
}

int db_do(struct db *d, struct error *e, const char *sql, const char *types, ...) {
  va_list values;
  va_start(values, types);
  int result = query(d, NULL, NULL, e, sql, types, &values);
  va_end(values);
  return result;
}

int db_in_words(int result, struct error *e, const char *words) {
  return result < 0 && e->code == ERR_CONFIG ? error_set(e, ERR_CONFIG, "%s", words) : result;
}

int db_get(struct db *d, struct arena *a, struct db_rows *out, struct error *e, const char *sql, const char *types,
           ...) {
  va_list values;
  va_start(values, types);
  int result = query(d, a, out, e, sql, types, &values);
  va_end(values);
  return result;
}

int64_t db_last(const struct db *d) {
  return sqlite3_last_insert_rowid(d->sqlite);
}

int64_t db_changed(const struct db *d) {
  return sqlite3_changes64(d->sqlite);
}

int db_begin(struct db *d, struct error *e) {
  return run_plain(d, "BEGIN IMMEDIATE", e);
}

int db_end(struct db *d, struct error *e) {
  return run_plain(d, "COMMIT", e);
}

void db_undo(struct db *d) {
  (void)sqlite3_exec(d->sqlite, "ROLLBACK", NULL, NULL, NULL);
}

struct str db_cell(const struct db_rows *r, size_t row, size_t column) {
  if (row >= r->n || column >= r->columns) return STR("");
  return r->v[row * r->columns + column];
}

int64_t db_number(const struct db_rows *r, size_t row, size_t column) {
  int64_t n = 0;
  return str_int(db_cell(r, row, column), &n) ? n : 0;
}
