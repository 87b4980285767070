/* db: the console's own tables: accounts, organisations, systems, events of a testcamp.
 *
 * One SQLite file beside the store (WAL, synchronous=FULL), opened by the `serve` that has the store, and by the
 * commands that keep accounts. What happens to runs is never here: that is the event log. Statements are given with
 * their values: types has one letter for each "?", 's' a struct str, 'z' a const char * (NULL: null), 'i' an int64_t.
 */
#ifndef CONSOLE_DB_H
#define CONSOLE_DB_H

#include "base/arena.h"
#include "base/error.h"

#define DB_SUFFIX ".console"
#define DB_SCHEMA 1

struct db;

/* What a query gave, row by row; null is empty. */
struct db_rows {
  size_t n, columns;
  struct str *v;
};

/* Opens or makes the file; path is that of the store, to which DB_SUFFIX is added. A newer schema is ERR_CONFIG. */
MUST_CHECK int db_open(struct db **out, const char *store_path, struct error *e);
void db_close(struct db *d);
/* A statement without results. A rule of the tables that it breaks (a name that is taken) is ERR_CONFIG. */
MUST_CHECK int db_do(struct db *d, struct error *e, const char *sql, const char *types, ...);
/* Of a statement that broke a rule of the tables: words take the place of what the database says, which names the file
 * and columns. Gives the result. */
MUST_CHECK int db_in_words(int result, struct error *e, const char *words);
/* A query; rows and cells in a. */
MUST_CHECK int db_get(struct db *d, struct arena *a, struct db_rows *out, struct error *e, const char *sql,
                      const char *types, ...);
/* Number of the row that was put in last. */
int64_t db_last(const struct db *d);
/* How many rows the last statement changed. */
int64_t db_changed(const struct db *d);
/* Several statements that stand or fall together. */
MUST_CHECK int db_begin(struct db *d, struct error *e);
MUST_CHECK int db_end(struct db *d, struct error *e);
void db_undo(struct db *d);
struct str db_cell(const struct db_rows *r, size_t row, size_t column);
/* A cell as a number; 0 if it is none. */
int64_t db_number(const struct db_rows *r, size_t row, size_t column);

#endif
