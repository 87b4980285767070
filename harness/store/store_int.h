/* store_int: what the files of the store share. */
#ifndef STORE_STORE_INT_H
#define STORE_STORE_INT_H

#include "base/map.h"
#include "store/store.h"

#include <sqlite3.h>

#define STORE_LOG_LOST                                                                                                 \
  "the harness did not end in order, and the -wal file beside the store, with what it wrote last, is gone"

struct store {
  struct arena *arena; /* paths; as long as the store */
  char *path, *blobs, *spool;
  enum store_mode mode;
  sqlite3 *db;
  int lock; /* descriptor of the lock file, -1 when reading */
  sqlite3_stmt *append, *head, *tail, *blob_row, *put;
  struct map sound;      /* digests of the blobs that were found to be what they are called */
  bool log_lost;         /* STORE_LOG_LOST */
  bool noted;            /* the lock file says that something was written */
  bool scrub_owed;       /* a reader stood in the way when the store was opened: the note stays */
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

/* Overwrites a file and removes it; none is fine. */
/* What was erased and not scrubbed, because of a kill or a reader, is scrubbed now (evidence.c). */
void scrub_again(struct store *s);
MUST_CHECK int blob_wipe_file(const char *path, struct error *e);
/* Overwrites and removes the file of a blob, if it has one. Not part of a transaction: call it after the commit. */
MUST_CHECK int blob_wipe(struct store *s, struct str digest, struct error *e);
/* Renames a file, safely on disk. */
MUST_CHECK int blob_rename(const char *from, const char *to, struct error *e);
/* Brings a file that another program wrote to the disk. */
MUST_CHECK int blob_sync(const char *path, struct error *e);

/* schema.c */

/* Refuses a store that is gone or empty while its log is there, with what was written last: a new file must not be
 * taken for the one that it belongs to, and SQLite removes the log of an empty one, even to read it. */
MUST_CHECK int schema_refuse_stray_log(struct store *s, struct error *e);
/* Makes the file. */
MUST_CHECK int schema_make(struct store *s, struct error *e);
/* Refuses what is no store, or a newer one; the form of the file in *version. An empty file becomes a store. */
MUST_CHECK int schema_check(struct store *s, int64_t *version, struct error *e);
/* Opens a file in a folder that may not be written to. */
MUST_CHECK int schema_reopen(struct store *s, struct error *e);
/* Brings an older form to this one; for a reader it only looks like it. */
MUST_CHECK int schema_now(struct store *s, int64_t version, struct error *e);

/* replay.c */

/* The error of a run whose log is not whole. */
int replay_damaged(struct store *s, struct str run, int64_t seq, const char *why, struct error *e);
/* How many events a run has, and the hash of the last; 0 and empty for a new one. */
MUST_CHECK int replay_tail(struct store *s, struct str run, int64_t *events, char hash[SHA256_HEX + 1],
                           struct error *e);

/* lock.c */

/* Takes FILE.lock, or says who has it; what the last holder left in it stays. */
MUST_CHECK int lock_take(int *out, const char *path, const char *store, struct error *e);
/* Writes who holds it. */
MUST_CHECK int lock_sign(int lock, const char *path, struct error *e);
/* Notes that something was written, so that the store's -wal file must be there should we be killed. */
void lock_note(int lock);
/* Takes the note back: the store has it all, and its log may go. */
void lock_forget(int lock);
/* True if one noted so, and did not let go in order (yet: it may still live). */
bool lock_left(const char *path);
/* Lets it go in order; -1 is no lock. */
void lock_drop(int lock);

/* store.c */

/* Begins a transaction unless one is open; refuses while one is spoiled. */
MUST_CHECK int store_begin(struct store *s, struct error *e);
/* Appends a line behind the event with the hash `previous`. */
MUST_CHECK int store_insert(struct store *s, struct str run, int64_t seq, struct str previous, struct str line,
                            struct error *e);
/* Takes back the transaction because of e; -1. */
int store_spoil(struct store *s, const struct error *e);

#endif
