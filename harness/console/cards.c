#include "console/cards_kept.h"

#include "base/clock.h"
#include "net/loop.h"
#include "record/record.h"
#include "state/attempt.h"

#include <stdlib.h>

struct run_cards {
  struct console *console;
  struct arena *arena;
  struct map by_run;
  struct kept_card **order; /* oldest first */
  size_t n, unsaved;
  bool stale;     /* something happened since the list was read */
  bool unread;    /* there are runs without a card */
  bool unchecked; /* there are cards of the last start */
  int64_t age;
  struct loop_timer *timer; /* the next slice; NULL: none is owed */
};

/* ---- writing a card ---- */

static void count_step(struct run_card *k, const struct state *s, const struct state_step *st) {
  const struct state_step *stands = state_attempt_standing(st);
  bool live = str_eqz(k->mode, RECORD_CERTIFY);
  if (stands->verdict == VERDICT_NOT_APPLICABLE) return;
  k->steps++;
  k->judged += stands->verdict != VERDICT_NONE && stands->verdict != VERDICT_WAITING;
  k->failed += stands->verdict == VERDICT_FAIL;
  if (live && s->ended_at && stands->step->number.n && stands->verdict != VERDICT_NONE && !stands->assessments.n)
    k->waits_medcom = true;
}

static void count_case(struct run_card *k, const struct state *s, const struct state_case *c) {
  const struct state_step *now = state_current(c);
  if (c->plan && !c->plan->applies) return;
  for (size_t i = 0; i < c->n; i++) count_step(k, s, &c->steps[i]);
  if (!now || !now->opened) return;
  k->waits_vendor = k->waits_vendor || str_eqz(now->owner, "vendor");
  k->waits_medcom = k->waits_medcom || str_eqz(now->owner, "medcom");
}

static bool is_certifiable(const struct state *s) {
  struct arena *scratch = arena_new(0);
  struct algebra_run run;
  struct sum sum;
  state_algebra(&run, scratch, s);
  algebra_sum(&sum, scratch, &run, STR(""));
  bool fine = sum_certifiable(&sum);
  arena_free(scratch);
  return fine;
}

static void write_card(struct run_card *k, struct arena *a, const struct state *s) {
  const struct protocol *p = s->plan->protocol;
  const struct vendor *w = s->plan->vendor;
  *k = (struct run_card){.run = arena_str(a, s->run),
                         .protocol = arena_str(a, p->id),
                         .role = arena_str(a, p->role),
                         .digest = arena_str(a, p->digest),
                         .standard = arena_str(a, p->danish.n ? p->danish : p->standard),
                         .standard_version = arena_str(a, p->standard_version),
                         .vendor = arena_str(a, w->name),
                         .system = arena_str(a, w->system),
                         .system_version = arena_str(a, s->system_version.n ? s->system_version : w->version),
                         .mode = arena_str(a, event_get(s->started, "mode")),
                         .title = {arena_str(a, p->title.en), arena_str(a, p->title.da)},
                         .started_at = s->started->at,
                         .ended_at = s->ended_at,
                         .last_at = s->last_at,
                         .damage = arena_str(a, s->damage),
                         .verdict = state_verdict(s)};
  for (size_t i = 0; i < s->cases_n; i++) count_case(k, s, &s->cases[i]);
  k->paused = s->paused != NULL;
  k->certifiable = s->ended_at && state_is_assessed(s) && is_certifiable(s);
}

/* Of a run whose first event cannot be read it is not known; that is its damage then. */
static bool came_as_bundle(const struct run_cards *all, struct arena *scratch, struct str run) {
  struct event *first;
  struct error e;
  return store_first(all->console->options.store, scratch, run, &first, &e) == 0 && !event_is(first, "run-started");
}

static void fill(struct run_cards *all, struct kept_card *k, const struct store_run *run) {
  const struct console_options *o = &all->console->options;
  struct arena *scratch = arena_new(0);
  struct run *r = camp_run(o->camp, run->run);
  bool open = r != NULL;
  struct error e;
  arena_reset(k->arena);
  all->unsaved++;
  k->events = run->events, k->touched = false, k->unchecked = false, k->unsaved = true;
  k->card = (struct run_card){.run = arena_str(k->arena, run->run)};
  if (!r && o->host.look(o->host.context, run->run, scratch, &r, &e) < 0)
    k->card.damage = arena_str(k->arena, str_z(e.text));
  else if (!run_state(r)->started)
    k->card.damage = STR("not started");
  else
    write_card(&k->card, k->arena, run_state(r));
  k->card.open = open;
  k->card.received = came_as_bundle(all, scratch, run->run);
  arena_free(scratch);
}

/* ---- the list ---- */

static struct kept_card *card_for(struct run_cards *all, struct str run) {
  struct kept_card *k = map_get(&all->by_run, run);
  if (k) return k;
  k = ARENA_NEW(all->arena, struct kept_card);
  struct str id = arena_str(all->arena, run);
  *k = (struct kept_card){.arena = arena_new_small(0), .events = -1, .card = {.run = id}};
  map_set(&all->by_run, id, k);
  return k;
}

/* Reading a run takes some milliseconds, and meanwhile nobody's message is answered: so they are read a few at a time,
 * the newest first. The cards of the last start are shown as they are and read again when there is leisure, for a
 * store that was damaged since then has to be known. */
#define SLICE_MS 10
#define UNREAD_PAUSE_MS 15
#define UNCHECKED_PAUSE_MS 300

static bool is_out_of_date(const struct run_cards *all, const struct kept_card *k, const struct store_run *run) {
  bool open = camp_run(all->console->options.camp, run->run) != NULL;
  return k->touched || k->events != run->events || k->card.open != open;
}

static bool is_over(int64_t until) {
  return clock_monotonic() >= until;
}

/* Of a run that goes on, who looks was told when it moved. */
static void changed(struct run_cards *all, const struct kept_card *k) {
  all->age++;
  if (!k->card.open) live_touch_lists(all->console, k->card.run);
}

/* The list, and the cards that are out of date, until then; of runs that are open, which costs nothing, all. */
static void fill_until(struct run_cards *all, const struct store_run *runs, size_t n, int64_t until) {
  all->n = n, all->stale = false, all->unread = false;
  for (size_t i = n; i > 0; i--) {
    struct kept_card *k = card_for(all, runs[i - 1].run);
    all->order[i - 1] = k;
    if (!is_out_of_date(all, k, &runs[i - 1])) continue;
    if (is_over(until) && !camp_run(all->console->options.camp, runs[i - 1].run)) {
      all->unread = true;
      continue;
    }
    fill(all, k, &runs[i - 1]);
    changed(all, k);
  }
}

/* What a list shows of it. */
static bool looks_the_same(const struct run_card *a, const struct run_card *b) {
  return a->verdict == b->verdict && a->judged == b->judged && a->failed == b->failed && a->ended_at == b->ended_at &&
         a->certifiable == b->certifiable && str_eq(a->damage, b->damage) && str_eq(a->system, b->system) &&
         str_eq(a->digest, b->digest);
}

static void check_for_a_while(struct run_cards *all) {
  int64_t until = clock_monotonic() + SLICE_MS;
  size_t i = all->n;
  for (; i > 0 && !is_over(until); i--) {
    struct kept_card *k = all->order[i - 1];
    if (!k->unchecked) continue;
    struct arena *scratch = arena_new(0);
    struct run_card before = k->card;
    before.damage = arena_str(scratch, before.damage), before.system = arena_str(scratch, before.system);
    before.digest = arena_str(scratch, before.digest);
    fill(all, k, &(struct store_run){.run = arena_str(scratch, k->card.run), .events = k->events});
    if (!looks_the_same(&before, &k->card)) changed(all, k);
    arena_free(scratch);
  }
  all->unchecked = i > 0;
}

static void on_slice(void *payload);

static void owe_slice(struct run_cards *all) {
  if (all->timer || !(all->unread || all->unchecked)) return;
  all->timer = loop_after(all->console->loop, all->unread ? UNREAD_PAUSE_MS : UNCHECKED_PAUSE_MS, on_slice, all);
}

static int refresh(struct run_cards *all, int64_t ms, struct error *e) {
  struct arena *scratch = arena_new(0);
  struct store_run *runs = NULL;
  size_t n = 0;
  camp_settle(all->console->options.camp);
  int result = store_run_heads(all->console->options.store, scratch, &runs, &n, e);
  if (result == 0) {
    all->order = realloc(all->order, (n + 1) * sizeof *all->order);
    if (!all->order) BUG("out of memory");
    fill_until(all, runs, n, clock_monotonic() + ms);
  }
  arena_free(scratch);
  owe_slice(all);
  return result;
}

#define SAVED_AT_ONCE 100

/* Many in one go, or the rest when nothing is left to read, or at the end: what a kill takes is read again. */
static void save(struct run_cards *all) {
  struct error e;
  if (!all->unsaved) return;
  all->unsaved = 0;
  if (cards_kept_save(all->console->db, &all->by_run, &e) < 0)
    log_say(&all->console->options.log, LOG_NORMAL, "console: %s", e.text);
}

static void on_slice(void *payload) {
  struct run_cards *all = payload;
  struct error e;
  all->timer = NULL;
  /* A command turns the loop itself; it has the store meanwhile. */
  if (all->console->busy || camp_is_joining(all->console->options.camp)) {
    owe_slice(all);
    return;
  }
  if (all->unread) {
    if (refresh(all, SLICE_MS, &e) < 0) log_say(&all->console->options.log, LOG_NORMAL, "console: %s", e.text);
  } else {
    check_for_a_while(all);
  }
  if (all->unsaved >= SAVED_AT_ONCE || !(all->unread || all->unchecked)) save(all);
  owe_slice(all);
}

static struct map *owners(struct visit *v, struct error *e) {
  struct map *m = ARENA_NEW(v->arena, struct map);
  struct db_rows r = {0};
  map_init(m, v->arena);
  if (db_get(v->console->db, v->arena, &r, e, "SELECT run, organisation FROM run_owners", "") < 0) return NULL;
  for (size_t i = 0; i < r.n; i++) {
    int64_t *id = ARENA_NEW(v->arena, int64_t);
    *id = db_number(&r, i, 1);
    map_set(m, db_cell(&r, i, 0), id);
  }
  return m;
}

void run_cards_get(struct visit *v, struct run_card **out, size_t *n) {
  struct run_cards *all = v->console->cards;
  struct error e;
  *n = 0;
  *out = NULL;
  /* While slices are owed, a page does not make others wait for what it would add. */
  if (all->stale && refresh(all, all->timer ? 0 : SLICE_MS, &e) < 0)
    log_say(&v->console->options.log, LOG_NORMAL, "console: %s", e.text);
  struct map *m = owners(v, &e);
  if (!m) return;
  *out = arena_alloc(v->arena, (all->n + 1) * sizeof **out);
  for (size_t i = all->n; i > 0; i--) {
    struct run_card k = all->order[i - 1]->card;
    const int64_t *organisation = map_get(m, k.run);
    k.organisation = organisation ? *organisation : 0;
    if (visit_may_see(v, k.organisation)) (*out)[(*n)++] = k;
  }
}

bool run_cards_are_full(struct visit *v) {
  struct run_card *cards;
  size_t n, open = 0;
  if (v->who.role != ROLE_VENDOR) return false;
  run_cards_get(v, &cards, &n);
  for (size_t i = 0; i < n; i++) open += camp_run(v->console->options.camp, cards[i].run) && !cards[i].ended_at;
  if (open < RUNS_OPEN_MAX) return false;
  visit_refuse(v, 429,
               "Your organisation has 100 tests under way. End some of them, or begin this one when they are over.",
               "Jeres organisation har 100 tests i gang. Afslut nogle af dem, eller begynd denne, når de er slut.");
  return true;
}

struct run_card run_card_of(struct visit *v) {
  struct run_card k;
  struct error e;
  write_card(&k, v->arena, run_state(v->run));
  k.open = v->run_is_open;
  if (run_owner(v->console, k.run, &k.organisation, &e) < 0) k.organisation = 0;
  return k;
}

struct run_cards *run_cards_new(struct console *c) {
  struct arena *a = arena_new(0);
  struct run_cards *all = ARENA_NEW(a, struct run_cards);
  *all = (struct run_cards){.console = c, .arena = a, .stale = true};
  map_init(&all->by_run, a);
  return all;
}

void run_cards_recall(struct run_cards *all) {
  struct error e;
  if (cards_kept_load(all->console->db, all->arena, &all->by_run, &e) < 0)
    log_say(&all->console->options.log, LOG_NORMAL, "console: %s", e.text);
  all->unchecked = all->by_run.n > 0;
  all->unread = true;
  owe_slice(all);
}

void run_cards_touch(struct run_cards *all, struct str run) {
  struct kept_card *k = map_get(&all->by_run, run);
  if (k) k->touched = true;
  all->stale = true;
  all->age++;
}

int64_t run_cards_age(const struct console *c) {
  return c->cards->age;
}

void run_cards_free(struct run_cards *all) {
  loop_cancel(all->console->loop, all->timer);
  if (all->console->db) save(all);
  for (size_t i = 0; i < all->by_run.n; i++) arena_free(((struct kept_card *)all->by_run.entries[i].value)->arena);
  free(all->order);
  arena_free(all->arena);
}

/* ---- whose a run is ---- */

int run_owner(struct console *c, struct str run, int64_t *organisation, struct error *e) {
  struct arena *a = arena_new_small(0);
  struct db_rows r = {0};
  int result = db_get(c->db, a, &r, e, "SELECT organisation FROM run_owners WHERE run = ?", "s", run);
  *organisation = db_number(&r, 0, 0);
  arena_free(a);
  return result;
}

static int set_owner(struct console *c, struct str run, int64_t organisation, int64_t system, struct error *e) {
  if (!organisation) return db_do(c->db, e, "DELETE FROM run_owners WHERE run = ?", "s", run);
  return db_do(c->db, e,
               "INSERT INTO run_owners (run, organisation, system) VALUES (?, ?, ?) ON CONFLICT (run) DO UPDATE SET "
               "system = CASE WHEN excluded.system = 0 AND organisation = excluded.organisation THEN system "
               "ELSE excluded.system END, organisation = excluded.organisation",
               "sii", run, organisation, system);
}

int run_owner_set(struct console *c, struct str run, int64_t organisation, int64_t system, struct error *e) {
  int64_t before;
  if (run_owner(c, run, &before, e) < 0 || set_owner(c, run, organisation, system, e) < 0) return -1;
  if (before && before != organisation) live_touch_owner(c, before);
  console_touched(c, run);
  return 0;
}
