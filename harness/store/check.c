/* A look at a whole store, and what of it can be saved. */
#include "store/store_int.h"

#include "base/clock.h"
#include "base/file.h"

#include <inttypes.h>
#include <string.h>

/* Of SQLite's own check. */
#define LINES_MAX "20"

struct checking {
  struct store *from, *to; /* to NULL: nothing is copied */
  const struct store_eye *eye;
  struct store_tally *tally;
  struct arena *arena;
  struct map seen; /* digests looked at */
  struct map excused;
  struct str run;
  int64_t events; /* of the run that are intact */
};

static void tell(struct checking *c, int64_t seq, struct str digest, const char *what) {
  struct store_damage d = {c->run, seq, digest, what};
  c->tally->damages++;
  c->eye->damage(c->eye->payload, &d);
}

static void check_file(struct checking *c) {
  sqlite3_stmt *st = NULL;
  struct error e;
  int rc = sql_prepare(c->from, &st, "PRAGMA integrity_check(" LINES_MAX ")", &e);
  while (rc >= 0 && (rc = sql_step(c->from, st, &e)) == 1) {
    struct str line = sql_column(st, 0);
    if (!str_eqz(line, "ok")) tell(c, 0, (struct str){0}, arena_z(c->arena, line));
  }
  if (rc < 0) tell(c, 0, (struct str){0}, arena_z(c->arena, str_z(e.text)));
  sqlite3_finalize(st);
}

/* -1: the other store cannot be written to. */
static int check_blob(struct checking *c, int64_t seq, struct str digest, struct error *e) {
  char copied[SHA256_HEX + 1];
  struct str bytes;
  struct error cause;
  if (map_get(&c->seen, digest)) return 0;
  struct arena *a = arena_new(0);
  int rc = 0;
  bool intact = store_blob_get(c->from, digest, a, &bytes, &cause) == 0;
  bool excused = !intact && map_get(&c->excused, digest); /* in this run: another may not lack it */
  if (!excused) map_set(&c->seen, arena_str(c->arena, digest), c);
  if (!intact && !excused) tell(c, seq, digest, cause.text);
  if (intact && c->to) rc = store_blob_put(c->to, bytes, copied, e);
  if (intact && rc == 0) c->tally->blobs++;
  arena_free(a);
  return rc;
}

/* Digests that a run may lack: what was redacted, and in a run that came as a bundle what was in quarantine. */
struct excusing {
  struct map *excused;
  struct arena *arena;
  bool came; /* as a bundle */
};

static int excuse(void *payload, struct event *ev, struct error *e) {
  struct excusing *x = payload;
  (void)e;
  if (event_is(ev, "redacted")) map_set(x->excused, arena_str(x->arena, event_get(ev, "digest")), x);
  if (x->came && event_get(ev, "quarantine").n) map_set(x->excused, arena_str(x->arena, ev->blob), x);
  return 0;
}

/* A log that is damaged excuses what stands before the damage. */
static void find_excused(struct checking *c, struct str run) {
  struct arena *a = arena_new(0);
  struct str note;
  struct error ignored;
  struct excusing x = {&c->excused, c->arena, false};
  map_init(&c->excused, c->arena);
  struct str name = arena_printf(a, STORE_RECEIVED "%.*s", STR_F(run));
  x.came = store_note_get(c->from, name, a, &note, &ignored) == 0 && note.n > 0;
  if (store_replay(c->from, run, a, excuse, &x, &ignored) != 0) x.came = false;
  arena_free(a);
}

struct naming {
  struct checking *c;
  int64_t seq;
  int rc;
  struct error *e;
};

static void check_named(void *payload, struct str name, struct str digest) {
  struct naming *n = payload;
  (void)name;
  if (n->rc == 0) n->rc = check_blob(n->c, n->seq, digest, n->e);
}

static int check_event(void *payload, struct event *ev, struct error *e) {
  struct checking *c = payload;
  int64_t seq = ev->seq;
  struct naming n = {c, seq, 0, e};
  event_blobs(ev, check_named, &n);
  if (n.rc != 0) return -1;
  if (c->to && store_append(c->to, c->run, ev, e) != 0) return -1;
  c->events = seq;
  c->tally->events++;
  return 0;
}

/* A run without its end must not look like a whole one. A course that lost its end only stands earlier, and so does
 * what was noted. */
static int note_salvage(struct checking *c, const char *why, struct error *e) {
  bool is_run = !str_starts(c->run, STR("course-")) && !str_starts(c->run, STR("audit-")) &&
                !str_starts(c->run, STR(STORE_REVIEW));
  if (!c->to || c->events == 0 || !is_run) return 0;
  struct event *ev = event_new(c->arena, "salvaged", clock_wall(), (struct str){0}, (struct str){0});
  facts_put(&ev->data, STR("event"), arena_printf(c->arena, "%" PRId64, c->events + 1));
  facts_put(&ev->data, STR("why"), str_z(why));
  return store_append(c->to, c->run, ev, e);
}

/* An error of the other store ends it all; one of this is damage. */
static int check_run(struct checking *c, struct str run, struct error *e) {
  struct error cause;
  struct arena *a = arena_new(0);
  c->run = run;
  c->events = 0;
  c->tally->runs++;
  find_excused(c, run);
  int rc = store_replay(c->from, run, a, check_event, c, &cause);
  bool theirs = rc != 0 && c->to && c->to->spoiled;
  if (theirs) *e = cause;
  if (rc != 0 && !theirs) tell(c, 0, (struct str){0}, cause.text);
  rc = theirs ? -1 : rc != 0 ? note_salvage(c, cause.text, e) : 0;
  if (rc == 0 && c->to) rc = store_commit(c->to, e);
  arena_free(a);
  return rc;
}

/* Runs by their events, should the list of runs not have them all. */
static void add_unlisted(struct checking *c, struct map *runs) {
  sqlite3_stmt *st = NULL;
  struct error e;
  if (sql_prepare(c->from, &st, "SELECT DISTINCT run FROM events", &e) != 0) return;
  while (sql_step(c->from, st, &e) == 1) {
    struct str run = arena_str(c->arena, sql_column(st, 0));
    if (!map_set(runs, run, c)) continue;
    c->run = run;
    tell(c, 0, (struct str){0}, "the list of runs does not have it");
  }
  sqlite3_finalize(st);
}

static void find_runs(struct checking *c, struct map *runs) {
  sqlite3_stmt *st = NULL;
  struct error e;
  int rc = sql_prepare(c->from, &st, "SELECT run FROM runs ORDER BY n", &e);
  while (rc >= 0 && (rc = sql_step(c->from, st, &e)) == 1) map_set(runs, arena_str(c->arena, sql_column(st, 0)), c);
  if (rc < 0) tell(c, 0, (struct str){0}, arena_printf(c->arena, "the list of runs cannot be read: %s", e.text).p);
  sqlite3_finalize(st);
  add_unlisted(c, runs);
}

/* Without its note a run that came as a bundle would pass for one of our own. */
static int copy_notes(struct checking *c, struct error *e) {
  sqlite3_stmt *st = NULL;
  struct error cause;
  int written = 0;
  int rc = sql_prepare(c->from, &st, "SELECT name, value FROM meta", &cause);
  while (rc >= 0 && written == 0 && (rc = sql_step(c->from, st, &cause)) == 1)
    written = store_note_set(c->to, sql_column(st, 0), sql_column(st, 1), e);
  if (rc < 0) tell(c, 0, (struct str){0}, arena_printf(c->arena, "the notes cannot be read: %s", cause.text).p);
  sqlite3_finalize(st);
  return written == 0 ? store_commit(c->to, e) : -1;
}

static int check(struct checking *c, struct error *e) {
  struct map runs;
  int rc = 0;
  *c->tally = (struct store_tally){0};
  map_init(&c->seen, c->arena);
  map_init(&runs, c->arena);
  if (c->from->log_lost) tell(c, 0, (struct str){0}, STORE_LOG_LOST);
  check_file(c);
  if (c->to) rc = copy_notes(c, e);
  find_runs(c, &runs);
  for (size_t i = 0; i < runs.n && rc == 0; i++) rc = check_run(c, runs.entries[i].key, e);
  arena_free(c->arena);
  return rc;
}

int store_check(struct store *s, const struct store_eye *eye, struct store_tally *tally, struct error *e) {
  struct checking c = {.from = s, .eye = eye, .tally = tally, .arena = arena_new(0)};
  return check(&c, e);
}

int store_salvage(struct store *s, struct store *to, const struct store_eye *eye, struct store_tally *tally,
                  struct error *e) {
  struct checking c = {.from = s, .to = to, .eye = eye, .tally = tally, .arena = arena_new(0)};
  return check(&c, e);
}
