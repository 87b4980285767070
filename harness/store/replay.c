/* Reading back: the events of a run with their chain, and which runs there are. */
#include "store/store_int.h"

/* Run ids shown when a prefix fits several. */
#define RUNS_SHOWN 5

int replay_tail(struct store *s, struct str run, int64_t *events, char hash[SHA256_HEX + 1], struct error *e) {
  *events = 0;
  hash[0] = 0;
  sql_bind_str(s->tail, 1, run);
  int rc = sql_step(s, s->tail, e);
  if (rc == 1) {
    *events = sqlite3_column_int64(s->tail, 0);
    struct str text = str_sub(sql_column(s->tail, 1), 0, SHA256_HEX);
    for (size_t i = 0; i < text.n; i++) hash[i] = text.p[i];
    hash[text.n] = 0;
  }
  sqlite3_reset(s->tail);
  return rc < 0 ? -1 : 0;
}

int replay_damaged(struct store *s, struct str run, int64_t seq, const char *why, struct error *e) {
  return error_set(e, ERR_SYNTAX,
                   "store %s is damaged: run %.*s, event %jd: %s; restore the store from a copy, or see testcamp check",
                   s->path, STR_F(run), (intmax_t)seq, why);
}

/* A file that is busy, or a disk that cannot be read now, is no damage. */
static int replay_unread(struct store *s, struct str run, int64_t seq, const struct error *cause, struct error *e) {
  if (cause->code != ERR_IO) return replay_damaged(s, run, seq, cause->text, e);
  *e = *cause;
  return -1;
}

struct replay {
  struct store *store;
  struct str run;
  struct arena *arena;
  int64_t expected; /* sequence number */
  int64_t events;   /* by the head of the run, and the hash of the last of them */
  char last[SHA256_HEX + 1];
  char hash[SHA256_HEX + 1]; /* of the event before */
};

/* The event of the row at hand, its place in the chain checked. */
static int replay_row(struct event **out, struct replay *r, sqlite3_stmt *st, struct error *e) {
  char hash[SHA256_HEX + 1];
  int64_t seq = sqlite3_column_int64(st, 0);
  struct str line = sql_column(st, 1);
  if (seq != r->expected) return replay_damaged(r->store, r->run, r->expected, "it is missing", e);
  event_chain(hash, str_z(r->hash), line);
  if (!str_eqz(sql_column(st, 2), hash))
    return replay_damaged(r->store, r->run, seq, "it was changed after it was written", e);
  if (seq == r->events && !str_eqz(str_z(hash), r->last))
    return replay_damaged(r->store, r->run, seq, "it is not the one that was written last", e);
  struct error cause;
  if (event_read(out, r->arena, line, &cause) != 0) return replay_damaged(r->store, r->run, seq, cause.text, e);
  if ((*out)->seq != seq) return replay_damaged(r->store, r->run, seq, "it has the number of another event", e);
  for (size_t i = 0; i <= SHA256_HEX; i++) r->hash[i] = hash[i];
  r->expected++;
  return 0;
}

int store_replay(struct store *s, struct str run, struct arena *a,
                 int (*fn)(void *payload, struct event *ev, struct error *e), void *payload, struct error *e) {
  struct replay r = {.store = s, .run = run, .arena = a, .expected = 1};
  sqlite3_stmt *st;
  /* First the head: a writer may add to the run meanwhile. */
  if (replay_tail(s, run, &r.events, r.last, e) != 0) return -1;
  if (sql_prepare(s, &st, "SELECT seq, json, hash FROM events WHERE run = ?1 ORDER BY seq", e) != 0) return -1;
  sql_bind_str(st, 1, run);
  int rc;
  struct error cause;
  while ((rc = sql_step(s, st, &cause)) == 1) {
    struct event *ev;
    if (replay_row(&ev, &r, st, e) == 0 && fn(payload, ev, e) == 0) continue;
    sqlite3_finalize(st);
    return -1;
  }
  sqlite3_finalize(st);
  if (rc < 0) return replay_unread(s, run, r.expected, &cause, e);
  if (rc == 0 && r.expected <= r.events)
    return replay_damaged(s, run, r.expected, "it is missing, with all that came after it", e);
  if (rc == 0 && r.expected == 1)
    return error_set(e, ERR_CONFIG, "there is no run %.*s in store %s", STR_F(run), s->path);
  return rc;
}

/* The event of the row at hand, which has to have that number. */
static int read_back(sqlite3_stmt *st, int64_t seq, struct arena *a, struct event **out, struct error *e) {
  if (sqlite3_column_int64(st, 0) != seq) return error_set(e, ERR_SYNTAX, "it is missing");
  return event_read(out, a, sql_column(st, 1), e);
}

int store_backwards(struct store *s, struct str run, struct arena *a, bool (*fn)(void *payload, const struct event *ev),
                    void *payload, struct error *e) {
  char last[SHA256_HEX + 1];
  int64_t seq;
  bool enough = false;
  sqlite3_stmt *st;
  struct error cause;
  struct event *ev;
  if (replay_tail(s, run, &seq, last, e) != 0) return -1;
  if (sql_prepare(s, &st, "SELECT seq, json FROM events WHERE run = ?1 AND seq <= ?2 ORDER BY seq DESC", e) != 0)
    return -1;
  sql_bind_str(st, 1, run);
  sqlite3_bind_int64(st, 2, seq);
  int rc = 0;
  for (; rc >= 0 && !enough && seq > 0; seq--) {
    rc = sql_step(s, st, &cause);
    if (rc == 0) rc = error_set(&cause, ERR_SYNTAX, "it is missing");
    if (rc > 0) rc = read_back(st, seq, a, &ev, &cause);
    enough = rc == 0 && fn(payload, ev);
  }
  sqlite3_finalize(st);
  return rc < 0 ? replay_unread(s, run, seq + 1, &cause, e) : 0;
}

int store_first(struct store *s, struct arena *a, struct str run, struct event **first, struct error *e) {
  char last[SHA256_HEX + 1];
  int64_t events;
  sqlite3_stmt *st;
  struct error cause;
  if (replay_tail(s, run, &events, last, e) != 0) return -1;
  if (events == 0) return error_set(e, ERR_CONFIG, "there is no run %.*s in store %s", STR_F(run), s->path);
  if (sql_prepare(s, &st, "SELECT json FROM events WHERE run = ?1 AND seq = 1", e) != 0) return -1;
  sql_bind_str(st, 1, run);
  int rc = sql_step(s, st, &cause);
  if (rc == 0) (void)error_set(&cause, ERR_SYNTAX, "it is missing");
  if (rc == 1 && event_read(first, a, sql_column(st, 0), &cause) != 0) rc = -1;
  sqlite3_finalize(st);
  return rc == 1 ? 0 : replay_unread(s, run, 1, &cause, e);
}

static void read_first(struct store *s, struct arena *a, struct store_run *run) {
  struct error e;
  if (store_first(s, a, run->run, &run->first, &e) == 0) return;
  run->first = NULL;
  run->damage = arena_str(a, str_z(e.text));
}

/* What is no run: courses (state/course.h), mailboxes (run/camp.h), lists of approved systems, reviews, and who did
 * what in the console (console/job.c). */
#define IS_RUN                                                                                                         \
  " run NOT GLOB 'course-*' AND run NOT GLOB 'mailbox-*' AND run NOT GLOB 'approvals-*' "                              \
  "AND run NOT GLOB 'audit-*' AND run NOT GLOB 'review-*' "

static int list_heads(struct store *s, const char *sql, struct arena *a, struct store_run **out, size_t *n,
                      struct error *e) {
  VEC(struct store_run) runs = {0};
  sqlite3_stmt *st;
  if (sql_prepare(s, &st, sql, e) != 0) return -1;
  int rc;
  while ((rc = sql_step(s, st, e)) == 1) {
    struct store_run run = {.run = arena_str(a, sql_column(st, 0)), .events = sqlite3_column_int64(st, 1)};
    VEC_PUSH(a, &runs, run);
  }
  sqlite3_finalize(st);
  *out = runs.v;
  *n = runs.n;
  return rc;
}

static int list_chains(struct store *s, const char *sql, struct arena *a, struct store_run **out, size_t *n,
                       struct error *e) {
  if (list_heads(s, sql, a, out, n, e) < 0) return -1;
  for (size_t i = 0; i < *n; i++) read_first(s, a, &(*out)[i]);
  return 0;
}

#define ALL_RUNS "SELECT run, events FROM runs WHERE" IS_RUN "ORDER BY n"

bool store_is_run(struct str chain) {
  return chain.n > 0 && chain.p[0] >= '0' && chain.p[0] <= '9';
}

int store_runs(struct store *s, struct arena *a, struct store_run **out, size_t *n, struct error *e) {
  return list_chains(s, ALL_RUNS, a, out, n, e);
}

int store_run_heads(struct store *s, struct arena *a, struct store_run **out, size_t *n, struct error *e) {
  static const char heads[] =
      "SELECT run, events + coalesce((SELECT events FROM runs AS review WHERE review.run = '" STORE_REVIEW
      "' || runs.run), 0) FROM runs WHERE" IS_RUN "ORDER BY n";
  return list_heads(s, heads, a, out, n, e);
}

int store_courses(struct store *s, struct arena *a, struct store_run **out, size_t *n, struct error *e) {
  return list_chains(s, "SELECT run, events FROM runs WHERE run GLOB 'course-*' ORDER BY n", a, out, n, e);
}

int store_mailboxes(struct store *s, struct arena *a, struct store_run **out, size_t *n, struct error *e) {
  return list_chains(s, "SELECT run, events FROM runs WHERE run GLOB 'mailbox-*' ORDER BY n", a, out, n, e);
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
  if (sql_prepare(s, &st, "SELECT run FROM runs WHERE" IS_RUN "ORDER BY n", e) != 0) return -1;
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
