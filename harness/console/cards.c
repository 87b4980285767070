#include "console/console_int.h"

#include "net/loop.h"
#include "record/record.h"
#include "state/attempt.h"

#include <stdlib.h>

/* One run, with the number of its events when the card was written. */
struct kept_card {
  struct arena *arena;
  int64_t events;
  bool touched;
  struct run_card card;
};

struct run_cards {
  struct console *console;
  struct arena *arena;
  struct map by_run;
  struct kept_card **order; /* oldest first */
  size_t n;
  bool stale; /* something happened since the list was read */
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
                         .verdict = state_verdict(s)};
  for (size_t i = 0; i < s->cases_n; i++) count_case(k, s, &s->cases[i]);
  k->paused = s->paused != NULL;
  k->certifiable = s->ended_at && state_is_assessed(s) && is_certifiable(s);
}

static void fill(struct run_cards *all, struct kept_card *k, const struct store_run *run) {
  const struct console_options *o = &all->console->options;
  struct arena *scratch = arena_new(0);
  struct run *r = camp_run(o->camp, run->run);
  bool open = r != NULL;
  struct error e;
  arena_reset(k->arena);
  k->events = run->events, k->touched = false;
  k->card = (struct run_card){.run = arena_str(k->arena, run->run), .damage = arena_str(k->arena, run->damage)};
  if (!r && o->host.look(o->host.context, run->run, scratch, &r, &e) < 0)
    k->card.damage = arena_str(k->arena, str_z(e.text));
  else if (!run_state(r)->started)
    k->card.damage = STR("not started");
  else
    write_card(&k->card, k->arena, run_state(r));
  k->card.open = open;
  k->card.received = run->first && !event_is(run->first, "run-started");
  arena_free(scratch);
}

/* ---- the list ---- */

static struct kept_card *card_for(struct run_cards *all, const struct store_run *run) {
  struct kept_card *k = map_get(&all->by_run, run->run);
  if (k) return k;
  k = ARENA_NEW(all->arena, struct kept_card);
  struct str id = arena_str(all->arena, run->run);
  *k = (struct kept_card){.arena = arena_new_small(0), .events = -1, .card = {.run = id}};
  map_set(&all->by_run, id, k);
  return k;
}

/* After a start nothing is known of runs that have ended: they are read a slice at a time, the newest first, so that
 * nobody's message waits for a page. Who looks is told when there is more. */
#define SLICE_RUNS 60
#define SLICE_PAUSE_MS 200

static void on_slice(void *payload) {
  struct run_cards *all = payload;
  all->timer = NULL;
  live_touch_lists(all->console);
}

static bool needs_filling(const struct run_cards *all, const struct kept_card *k, const struct store_run *run) {
  bool open = camp_run(all->console->options.camp, run->run) != NULL;
  return k->touched || k->events != run->events || k->card.open != open;
}

static void fill_slice(struct run_cards *all, const struct store_run *runs, size_t n) {
  size_t filled = 0;
  all->n = n, all->stale = false;
  for (size_t i = n; i > 0; i--) {
    struct kept_card *k = card_for(all, &runs[i - 1]);
    all->order[i - 1] = k;
    if (!needs_filling(all, k, &runs[i - 1])) continue;
    if (filled++ < SLICE_RUNS)
      fill(all, k, &runs[i - 1]);
    else
      all->stale = true;
  }
  if (filled) all->age++;
  if (all->stale && !all->timer) all->timer = loop_after(all->console->loop, SLICE_PAUSE_MS, on_slice, all);
}

static int refresh(struct run_cards *all, struct error *e) {
  struct arena *scratch = arena_new(0);
  struct store_run *runs = NULL;
  size_t n = 0;
  camp_settle(all->console->options.camp);
  int result = store_runs(all->console->options.store, scratch, &runs, &n, e);
  if (result == 0) {
    all->order = realloc(all->order, (n + 1) * sizeof *all->order);
    if (!all->order) BUG("out of memory");
    fill_slice(all, runs, n);
  }
  arena_free(scratch);
  return result;
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
  if (all->stale && refresh(all, &e) < 0) log_say(&v->console->options.log, LOG_NORMAL, "console: %s", e.text);
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

int run_owner_set(struct console *c, struct str run, int64_t organisation, int64_t system, struct error *e) {
  int result = organisation
                   ? db_do(c->db, e, "INSERT OR REPLACE INTO run_owners (run, organisation, system) VALUES (?, ?, ?)",
                           "sii", run, organisation, system)
                   : db_do(c->db, e, "DELETE FROM run_owners WHERE run = ?", "s", run);
  if (result == 0) console_touched(c, run);
  return result;
}
