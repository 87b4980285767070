#include "run/again.h"

#include "base/file.h"
#include "run/run_int.h"

struct str again_fixture(void *context, struct arena *a, struct str file) {
  struct error e;
  struct str bytes;
  bool plain = file_name_is_inside(file) && str_find(file, STR("${"), 0) == SIZE_MAX;
  if (!plain) return (struct str){0};
  const char *path = file_join(a, file_join(a, context, "fixtures"), arena_z(a, file));
  return file_read(&bytes, a, path, AGAIN_FIXTURE_MAX, &e) < 0 ? (struct str){0} : bytes;
}

static struct state_step *state_of(const struct run *r, const struct step *s) {
  return s ? state_step_find(r->state, s->id) : NULL;
}

static bool was_begun(const struct state_step *st) {
  return st && (st->opened || st->verdict != VERDICT_NONE);
}

static int mark_asked(struct again_set *set, struct run *r, struct str id, struct error *e) {
  const struct state_step *st = state_step_find(r->state, id);
  if (!st) return error_set(e, ERR_CONFIG, "the run has no step \"%.*s\"", STR_F(id));
  size_t at = depends_index(set->depends, st->step);
  if (at == set->depends->n)
    return error_set(e, ERR_CONFIG, "step %.*s does not apply to this system", STR_F(st->step->id));
  if (!was_begun(st))
    return error_set(e, ERR_CONFIG, "step %.*s was not played yet; testcamp resume goes on with the run",
                     STR_F(st->step->id));
  set->marks[at].why = DEPENDS_ASKED;
  return 0;
}

/* A step that its case waits for now is waited for anew, when an earlier one comes before it again. */
static bool mark_waiting(struct again_set *set, struct run *r) {
  bool more = false;
  for (size_t c = 0, first = 0; c < r->state->cases_n; first += r->state->cases[c++].n) {
    const struct state_case *sc = &r->state->cases[c];
    const struct state_step *now = state_current(sc);
    if (!now || !now->opened || set->marks[first + sc->cursor].why || !set->depends->steps[first + sc->cursor])
      continue;
    for (size_t i = 0; i < sc->cursor; i++) {
      if (!set->marks[first + i].why) continue;
      set->marks[first + sc->cursor] = (struct depends_mark){DEPENDS_USES, first + i};
      more = true;
      break;
    }
  }
  return more;
}

/* What was not begun comes in its turn anyway. */
static void drop_unbegun(struct again_set *set, const struct run *r) {
  for (size_t i = 0; i < set->depends->n; i++) {
    if (set->marks[i].why && !was_begun(state_of(r, set->depends->steps[i]))) set->marks[i].why = DEPENDS_NOT;
    set->n += set->marks[i].why != DEPENDS_NOT;
  }
}

/* A system that we start ourselves begins anew each time, and knows nothing of what was before. */
static bool launches(const struct run *r) {
  bool any = r->o.launch != NULL;
  for (size_t i = 0; i < r->parties_n; i++) any = any || r->parties[i].vendor->launch.n;
  return any;
}

int run_again_set(struct again_set *out, struct run *r, const struct str *steps, size_t n, struct error *e) {
  struct depends_files files = {again_fixture, (void *)r->o.data_dir};
  bool forgets = !r->o.by_hand && launches(r);
  *out = (struct again_set){.depends = depends_make(r->arena, r->o.plan, files)};
  out->marks = ARENA_ARRAY(r->arena, struct depends_mark, out->depends->n + 1);
  for (size_t i = 0; i < n; i++)
    if (mark_asked(out, r, steps[i], e) < 0) return -1;
  do depends_close(out->marks, out->depends, forgets);
  while (mark_waiting(out, r));
  drop_unbegun(out, r);
  return 0;
}

static int emit(struct run *r, struct event *ev, struct error *e) {
  if (run_emit(r, ev) == 0) return 0;
  *e = r->error;
  return -1;
}

static void put_word(struct event *ev, const struct review *word) {
  facts_put(&ev->data, STR("by"), word->by);
  facts_put(&ev->data, STR("why"), word->why);
}

/* A live test is of one version of the system; what is mended is shown in a course of its own. */
static int check_version(const struct run *r, struct str version, struct error *e) {
  struct str own = r->o.plan->vendor->version;
  if (!event_get(r->state->started, "course").n || !version.n || str_eq(version, own)) return 0;
  return error_set(e, ERR_CONFIG,
                   "this live test is of version %.*s of the system; version %.*s needs a course of its own",
                   STR_F(own), STR_F(version));
}

int run_repeat(struct run *r, const struct again_set *set, struct str system_version, const struct review *word,
               struct error *e) {
  if (check_version(r, system_version, e) < 0 || run_undecided(r, e) < 0) return -1;
  struct event *ev = run_event(r, "attempt", NULL);
  size_t n = 0, asked = 0;
  for (size_t i = 0; i < set->depends->n; i++) {
    if (!set->marks[i].why) continue;
    struct str id = set->depends->steps[i]->id;
    facts_put(&ev->data, arena_printf(r->scratch, "step.%zu", ++n), id);
    if (set->marks[i].why == DEPENDS_ASKED) facts_put(&ev->data, arena_printf(r->scratch, "asked.%zu", ++asked), id);
  }
  facts_put(&ev->data, STR("system.version"), system_version);
  put_word(ev, word);
  return emit(r, ev, e);
}

int run_stand(struct run *r, struct str step, int64_t attempt, const struct review *word, struct error *e) {
  const struct state_step *newest = state_step_find(r->state, step);
  if (!newest) return error_set(e, ERR_CONFIG, "the run has no step \"%.*s\"", STR_F(step));
  if (review_check(word, e) < 0 || run_undecided(r, e) < 0) return -1;
  if (!word->why.n) return error_set(e, ERR_CONFIG, "it needs --why TEXT: the reason goes into the record");
  const struct state_step *st = attempt > 0 ? state_attempt_of(newest, (size_t)attempt) : NULL;
  if (!st)
    return error_set(e, ERR_CONFIG, "step %.*s has no attempt %jd; it was played %zu times", STR_F(newest->step->id),
                     (intmax_t)attempt, newest->attempt.number);
  if (st->verdict == VERDICT_NONE)
    return error_set(e, ERR_CONFIG, "attempt %jd of step %.*s was not judged", (intmax_t)attempt,
                     STR_F(newest->step->id));
  struct event *ev = run_event(r, "attempt-stands", newest);
  facts_put(&ev->data, STR("attempt"), arena_printf(r->scratch, "%jd", (intmax_t)attempt));
  put_word(ev, word);
  return emit(r, ev, e);
}

int run_insert(struct run *r, struct step *const *steps, size_t n, struct str after, struct source src,
               const struct review *word, struct error *e) {
  char digest[SHA256_HEX + 1];
  if (review_check(word, e) < 0 || run_undecided(r, e) < 0) return -1;
  if (!word->why.n) return error_set(e, ERR_CONFIG, "it needs --why TEXT: the reason goes into the record");
  if (store_blob_put(r->o.store, src.bytes, digest, e) < 0) return -1;
  struct event *ev = run_event(r, "inserted", NULL);
  facts_put(&ev->data, STR("after"), after);
  for (size_t i = 0; i < n; i++) facts_put(&ev->data, arena_printf(r->scratch, "step.%zu", i + 1), steps[i]->id);
  facts_put(&ev->data, STR("file"), str_z(file_base(arena_z(r->scratch, src.name))));
  put_word(ev, word);
  ev->blob = arena_str(r->scratch, str_z(digest));
  return emit(r, ev, e);
}

static int carry_one(struct run *r, const struct carry_row *row, const struct step *s) {
  const struct state_step *old = row->old;
  struct event *ev = run_event(r, "carried", state_step_find(r->state, s->id));
  bool carried = old->carried.run.n != 0;
  facts_put(&ev->data, STR("run"), carry_from(r->o.carry, row));
  facts_put(&ev->data, STR("verdict"), str_z(verdict_name(old->verdict)));
  facts_put(&ev->data, STR("assessment"), str_z(assessment_name(state_assessment(old))));
  facts_put(&ev->data, STR("at"),
            arena_printf(r->scratch, "%jd", (intmax_t)(carried ? old->carried.at : old->judged_at)));
  facts_put(&ev->data, STR("system.version"), old->attempt.system_version);
  facts_put(&ev->data, STR("actual.en"), old->actual.en);
  facts_put(&ev->data, STR("actual.da"), old->actual.da);
  return run_emit(r, ev);
}

/* In the transaction of the run's beginning: what is to be played is settled with it. */
int run_carry(struct run *r) {
  const struct carry *c = r->o.carry;
  for (size_t i = 0; c && i < c->depends->n; i++)
    if (c->depends->steps[i] && c->rows[i].why == CARRY_OVER && carry_one(r, &c->rows[i], c->depends->steps[i]) < 0)
      return -1;
  r->o.carry = NULL; /* the earlier run is closed now */
  return 0;
}

static bool waits_for_word(const struct state_step *st) {
  return st->carried.run.n && !st->carried.confirmed_by.n;
}

static int confirm_one(struct run *r, const struct state_step *st, struct str by, struct error *e) {
  struct event *ev = run_event(r, "carried-confirmed", st);
  facts_put(&ev->data, STR("by"), by);
  return emit(r, ev, e);
}

static int confirm_all(struct run *r, struct str by, size_t *done, struct error *e) {
  for (size_t c = 0; c < r->state->cases_n; c++) {
    const struct state_case *sc = &r->state->cases[c];
    for (size_t i = 0; i < sc->n; i++) {
      if (!waits_for_word(&sc->steps[i])) continue;
      if (confirm_one(r, &sc->steps[i], by, e) < 0) return -1;
      ++*done;
    }
  }
  return *done ? 0 : error_set(e, ERR_CONFIG, "nothing that was carried over waits to be confirmed in this run");
}

int run_confirm(struct run *r, const struct str *steps, size_t n, struct str by, size_t *done, struct error *e) {
  *done = 0;
  if (review_check(&(struct review){.by = by}, e) < 0 || run_undecided(r, e) < 0) return -1;
  if (n == 0) return confirm_all(r, by, done, e);
  for (size_t i = 0; i < n; i++) {
    const struct state_step *st = state_step_find(r->state, steps[i]);
    if (!st || !waits_for_word(st))
      return error_set(e, ERR_CONFIG, "step %.*s has nothing that waits to be confirmed", STR_F(steps[i]));
    if (confirm_one(r, st, by, e) < 0) return -1;
    ++*done;
  }
  return 0;
}
