/* store: the append-only event log and the blobs, in SQLite.
 *
 * One file (WAL, synchronous=FULL), one writer (a lock file beside it, with the writer's process id), any number of
 * readers. Events are appended inside a transaction that store_commit ends: what is not committed must have no effect
 * outside. Each run is a hash chain, and so are what is no run, courses and mailboxes: hash = SHA-256(previous hash,
 * line end, event line). Blobs are named by digest; over STORE_BLOB_FILE bytes they are fsynced files in the folder
 * FILE.blobs/. A full disk is ERR_IO from append or commit: the caller answers its peer with a 5xx. */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "record/event.h"

#define STORE_BLOB_FILE ((size_t)1 << 20)
#define STORE_SCHEMA 2

struct store;

enum store_mode { STORE_READ, STORE_WRITE };

/* Opens (WRITE: makes) a store. Errors: locked by another process (says which), newer schema, damaged. */
MUST_CHECK int store_open(struct store **out, const char *path, enum store_mode mode, struct error *e);
void store_close(struct store *s);
/* $XDG_STATE_HOME/testcamp/testcamp.sqlite, else ~/.local/state/...; in a. */
char *store_default_path(struct arena *a);
/* Appends; sets ev->seq. Begins a transaction when none is open. A failure of append, put or adopt takes back the whole
 * transaction, and all three fail until store_commit has told of it too: half a loop turn is never kept. */
MUST_CHECK int store_append(struct store *s, struct str run, struct event *ev, struct error *e);
/* Keeps bytes, gives their digest (SHA256_HEX + NUL). Same transaction. */
MUST_CHECK int store_blob_put(struct store *s, struct str bytes, char digest[SHA256_HEX + 1], struct error *e);
/* The same for a file, which is moved into the store: linked or copied now, and removed from its place by the commit,
 * so that a crash before it loses nothing. A file that cannot be read leaves the transaction as it is. */
MUST_CHECK int store_blob_adopt(struct store *s, const char *path, char digest[SHA256_HEX + 1], size_t *size,
                                struct error *e);
/* The bytes of a blob (mapped when it is a file), in a. */
MUST_CHECK int store_blob_get(struct store *s, struct str digest, struct arena *a, struct str *out, struct error *e);
/* Ends the transaction durably; nothing to do is 0. On failure everything since the last commit is rolled back. */
MUST_CHECK int store_commit(struct store *s, struct error *e);
/* Takes back what was appended since the last commit; nothing of it may have had an effect. */
void store_rollback(struct store *s);
/* Calls fn for each event of a run in order, checking the chain; fn returns -1 (and fills e) to stop. The event lives
 * in a. */
MUST_CHECK int store_replay(struct store *s, struct str run, struct arena *a,
                            int (*fn)(void *payload, struct event *ev, struct error *e), void *payload,
                            struct error *e);
/* The same from the last event back, until fn returns true: cheap, for it looks neither at what comes before nor at the
 * chain. */
MUST_CHECK int store_backwards(struct store *s, struct str run, struct arena *a,
                               bool (*fn)(void *payload, const struct event *ev), void *payload, struct error *e);
/* True if a chain of that name is a run's: ids of runs begin with a day, all other chains' with a word. */
bool store_is_run(struct str chain);
/* All runs, oldest first: ids and their first event. */
struct store_run {
  struct str run;
  struct event *first; /* NULL: it cannot be read, and */
  struct str damage;   /* that is why */
  int64_t events;
};
MUST_CHECK int store_runs(struct store *s, struct arena *a, struct store_run **out, size_t *n, struct error *e);
/* The same without the first events, which have to be looked for: ids and numbers of events alone, with those of the
 * review: while that number stays, so does all that is said of the run. */
MUST_CHECK int store_run_heads(struct store *s, struct arena *a, struct store_run **out, size_t *n, struct error *e);
/* The same of courses (ids that begin with "course-", state/course.h), which are no runs. */
MUST_CHECK int store_courses(struct store *s, struct arena *a, struct store_run **out, size_t *n, struct error *e);
/* And of mailboxes ("mailbox-", run/camp.h). */
MUST_CHECK int store_mailboxes(struct store *s, struct arena *a, struct store_run **out, size_t *n, struct error *e);
/* The chain of what MedCom said of a self-test, beside the run itself (run/run.h), begins with this; the run's id
 * follows. */
#define STORE_REVIEW "review-"
/* The chain of lists of approved systems that were read in, one event each (record/event.h). It is no run either. */
#define STORE_APPROVALS "approvals-lists"
/* The first event of a run, in a: ERR_CONFIG if there is no such run, ERR_SYNTAX if it is damaged. */
MUST_CHECK int store_first(struct store *s, struct arena *a, struct str run, struct event **first, struct error *e);
/* The run whose id begins with prefix: error if none or several. */
MUST_CHECK int store_find_run(struct store *s, struct arena *a, struct str prefix, struct str *run, struct error *e);
/* What a look at a whole store finds. */
struct store_damage {
  struct str run;    /* empty: of the file itself */
  int64_t seq;       /* event that refers to the blob; 0: none */
  struct str digest; /* empty: no blob is concerned */
  const char *what;
};
struct store_tally {
  size_t runs, events, blobs, damages; /* events and blobs that are intact */
};
struct store_eye {
  void *payload;
  void (*damage)(void *payload, const struct store_damage *d);
};
/* Looks at everything: the file, each run's chain, each blob that an event names. Damage is told to the eye; an error
 * is only what kept it from looking. */
MUST_CHECK int store_check(struct store *s, const struct store_eye *eye, struct store_tally *tally, struct error *e);
/* The same, and what is intact goes into another store: the notes, and each run up to its first damage, which is noted
 * as an event `salvaged`. */
MUST_CHECK int store_salvage(struct store *s, struct store *to, const struct store_eye *eye, struct store_tally *tally,
                             struct error *e);
/* Folder where unfinished uploads are spooled, beside the store; in the store's memory. */
const char *store_spool_dir(const struct store *s);

/* --- evidence that goes out, comes in, or is removed (evidence.c) --- */

/* The events of a run as they stand in the store: the exact lines and hashes, in order, unchecked; in a. */
struct store_line {
  int64_t seq;
  struct str line, hash;
};
MUST_CHECK int store_lines(struct store *s, struct str run, struct arena *a, struct store_line **out, size_t *n,
                           struct error *e);
/* Appends the line of another store's run as it stands; it has to be the event after the last one. */
MUST_CHECK int store_import(struct store *s, struct str run, int64_t seq, struct str line, struct error *e);
/* The runs that have that text in an event, oldest first. */
MUST_CHECK int store_runs_with(struct store *s, struct arena *a, struct str text, struct str **out, size_t *n,
                               struct error *e);
/* Takes a blob away, within the transaction. Its bytes are gone for good only after the commit and store_scrub. */
MUST_CHECK int store_blob_erase(struct store *s, struct str digest, struct error *e);
/* Removes what erased blobs have left: their file, free pages, the write-ahead log, and a kept store of an older form.
 * Outside a transaction; a reader that has the store open is an error (the bytes stay until it is called again). What a
 * kill or such a reader prevented is made up for when the store is opened for writing the next time. */
MUST_CHECK int store_scrub(struct store *s, const struct str *digests, size_t n, struct error *e);
/* A note of the store itself, beside the runs: empty if there is none. Setting is part of the transaction. */
#define STORE_RECEIVED "received/" /* and the id of a run that came as a bundle */
MUST_CHECK int store_note_get(struct store *s, struct str name, struct arena *a, struct str *out, struct error *e);
/* What is behind the prefix in the names of notes that begin with it, in a. */
MUST_CHECK int store_note_names(struct store *s, const char *prefix, struct arena *a, struct str **out, size_t *n,
                                struct error *e);
MUST_CHECK int store_note_set(struct store *s, struct str name, struct str value, struct error *e);

#endif
