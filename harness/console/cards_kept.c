#include "console/cards_kept.h"

#include "console/db.h"

#define COLUMNS                                                                                                        \
  "run, events, protocol, digest, role, standard, standard_version, vendor, system, system_version, mode, title_en, "  \
  "title_da, started_at, ended_at, last_at, verdict, steps, judged, failed, waits_medcom, waits_vendor, paused, "      \
  "certifiable, received"

/* Numbers of the columns above. */
enum { RUN, EVENTS, TEXTS, NUMBERS = 13 };

static void load_row(struct kept_card *k, const struct db_rows *r, size_t row) {
  struct run_card *c = &k->card;
  struct str *texts[] = {&c->protocol, &c->digest,         &c->role, &c->standard, &c->standard_version, &c->vendor,
                         &c->system,   &c->system_version, &c->mode, &c->title.en, &c->title.da};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) *texts[i] = arena_str(k->arena, db_cell(r, row, TEXTS + i));
  k->events = db_number(r, row, EVENTS);
  c->started_at = db_number(r, row, NUMBERS);
  c->ended_at = db_number(r, row, NUMBERS + 1);
  c->last_at = db_number(r, row, NUMBERS + 2);
  c->verdict = (enum verdict)db_number(r, row, NUMBERS + 3);
  c->steps = (size_t)db_number(r, row, NUMBERS + 4);
  c->judged = (size_t)db_number(r, row, NUMBERS + 5);
  c->failed = (size_t)db_number(r, row, NUMBERS + 6);
  c->waits_medcom = db_number(r, row, NUMBERS + 7);
  c->waits_vendor = db_number(r, row, NUMBERS + 8);
  c->paused = db_number(r, row, NUMBERS + 9);
  c->certifiable = db_number(r, row, NUMBERS + 10);
  c->received = db_number(r, row, NUMBERS + 11);
}

int cards_kept_load(struct db *d, struct arena *a, struct map *by_run, struct error *e) {
  struct arena *scratch = arena_new(0);
  struct db_rows r = {0};
  int result = db_get(d, scratch, &r, e, "SELECT " COLUMNS " FROM cards", "");
  for (size_t i = 0; result == 0 && i < r.n; i++) {
    struct kept_card *k = ARENA_NEW(a, struct kept_card);
    *k = (struct kept_card){.arena = arena_new_small(0), .unchecked = true};
    k->card.run = arena_str(a, db_cell(&r, i, RUN));
    load_row(k, &r, i);
    map_set(by_run, k->card.run, k);
  }
  arena_free(scratch);
  return result;
}

static int save_one(struct db *d, const struct kept_card *k, struct error *e) {
  const struct run_card *c = &k->card;
  return db_do(d, e,
               "INSERT OR REPLACE INTO cards (" COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
               " ?, ?, ?, ?, ?, ?, ?, ?)",
               "sisssssssssssiiiiiiiiiiii", c->run, k->events, c->protocol, c->digest, c->role, c->standard,
               c->standard_version, c->vendor, c->system, c->system_version, c->mode, c->title.en, c->title.da,
               c->started_at, c->ended_at, c->last_at, (int64_t)c->verdict, (int64_t)c->steps, (int64_t)c->judged,
               (int64_t)c->failed, (int64_t)c->waits_medcom, (int64_t)c->waits_vendor, (int64_t)c->paused,
               (int64_t)c->certifiable, (int64_t)c->received);
}

static bool is_to_be_kept(const struct kept_card *k) {
  return k->unsaved && k->card.ended_at && !k->card.open && !k->card.damage.n && !k->touched;
}

int cards_kept_save(struct db *d, struct map *by_run, struct error *e) {
  if (db_begin(d, e) < 0) return -1;
  for (size_t i = 0; i < by_run->n; i++) {
    struct kept_card *k = by_run->entries[i].value;
    if (!is_to_be_kept(k)) continue;
    if (save_one(d, k, e) < 0) {
      db_undo(d);
      return -1;
    }
    k->unsaved = false;
  }
  return db_end(d, e);
}
