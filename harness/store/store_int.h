/* store_int: what the files of the store share. */
#ifndef STORE_STORE_INT_H
#define STORE_STORE_INT_H

#include "store/store.h"

#include <sqlite3.h>

struct store {
  struct arena *arena; /* paths; as long as the store */
  char *path, *blobs, *spool;
  enum store_mode mode;
  sqlite3 *db;
  int lock; /* descriptor of the lock file, -1 when reading */
  sqlite3_stmt *append, *tail, *blob_row;
  bool open;             /* a transaction is */
  bool spoiled;          /* something failed since it began: nothing of it may be kept */
  struct error failure;  /* what that was */
  struct arena *pending; /* of the list; emptied with each transaction */
  VEC(char *) adopted;   /* files to remove once their bytes are committed */
};

/* sql.c */

/* Runs statements without results. */
MUST_CHECK int sql_run(struct store *s, const char *sql, struct error *e);
MUST_CHECK int sql_prepare(struct store *s, sqlite3_stmt **out, const char *sql, struct error *e);
/* 1 a row, 0 done, -1 error. */
MUST_CHECK int sql_step(struct store *s, sqlite3_stmt *st, struct error *e);
void sql_bind_str(sqlite3_stmt *st, int at, struct str value);
/* A column, borrowed until the next step. */
struct str sql_column(sqlite3_stmt *st, int at);
/* e from SQLite's last error; -1. */
int sql_error(struct store *s, struct error *e);

/* blob.c */

/* Renames a file, safely on disk. */
MUST_CHECK int blob_rename(const char *from, const char *to, struct error *e);

/* lock.c */

/* Takes FILE.lock, or says who has it. */
MUST_CHECK int lock_take(int *out, const char *path, const char *store, struct error *e);
/* Lets it go; -1 is no lock. */
void lock_drop(int lock);

/* store.c */

/* Begins a transaction unless one is open; refuses while one is spoiled. */
MUST_CHECK int store_begin(struct store *s, struct error *e);
/* Takes back the transaction because of e; -1. */
int store_spoil(struct store *s, const struct error *e);

#endif
