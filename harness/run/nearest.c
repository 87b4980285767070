/* Why a message fits no step: the nearest miss, told by the step that it missed. */
#include "base/buf.h"
#include "run/run_int.h"

#define STEPS_TEXT_MAX ((size_t)1000)

/* From the nearest on. */
enum nearness {
  FITS_SEVERAL, /* open steps of two cases: a person must say which */
  FITS_LATE,    /* it fits, but the deadline had passed */
  FITS_TAKEN,   /* it fits, but the step has another one */
  NEARLY_OPEN,  /* the type fits, the correlation does not; the step waits still */
  NEARLY,       /* the same, of a step that is over */
  NOT_AT_ALL
};

struct miss {
  enum nearness how;
  const struct state_step *st;
  struct str en, da; /* nearly: why not */
};

/* A step that has its message, or whose time is over, is asked as if it were still open. */
static struct miss miss_of(struct run *r, const struct state_step *st, const struct state_message *m) {
  struct miss x = {.how = NOT_AT_ALL, .st = st};
  struct step_view v = run_view(r, st);
  if (!st->opened || !st->step->kind->wants) return x;
  enum step_wants wants = st->step->kind->wants(&v, m, &x.en, &x.da);
  if (wants == WANTS_NEARLY) x.how = st->verdict == VERDICT_NONE ? NEARLY_OPEN : NEARLY;
  if (wants == WANTS_IT) x.how = st->message ? FITS_TAKEN : st->timer ? FITS_LATE : FITS_SEVERAL;
  return x;
}

static struct miss nearest(struct run *r, const struct state_message *m, struct buf *several) {
  struct miss best = {.how = NOT_AT_ALL};
  for (size_t c = 0; c < r->state->cases_n; c++) {
    struct state_case *sc = &r->state->cases[c];
    for (size_t i = 0; i < sc->n; i++) {
      struct miss x = miss_of(r, &sc->steps[i], m);
      if (x.how == FITS_SEVERAL) buf_printf(several, "%s%.*s", several->n ? ", " : "", STR_F(x.st->step->id));
      if (x.how < best.how) best = x;
    }
  }
  return best;
}

static void say(struct record_exchange *x, struct str en, struct str da) {
  x->near_miss_en = en;
  x->near_miss_da = da;
}

static bool same_fact(const struct state_message *m, const struct state_message *o, const char *name) {
  struct str value = facts_get(&m->facts, name);
  return value.n && str_eq_nocase(value, facts_get(&o->facts, name));
}

/* The step has its message already: is this the same once more? */
static void say_taken(struct record_exchange *x, const struct state_message *m, const struct miss *best,
                      struct arena *a) {
  const struct state_message *o = best->st->message;
  struct str step = best->st->step->id;
  bool bytes = str_eq(m->digest, o->digest), id = same_fact(m, o, "header.id") || same_fact(m, o, "envelope.id");
  const char *en = bytes ? "the same bytes once more" : id ? "the same identifiers with other bytes" : "another one";
  const char *da = bytes ? "de samme bytes igen" : id ? "de samme identifikatorer med andre bytes" : "en anden";
  say(x, arena_printf(a, "fits step %.*s, which has %.*s already: %s", STR_F(step), STR_F(o->id), en),
      arena_printf(a, "passer til teststep %.*s, som allerede har %.*s: %s", STR_F(step), STR_F(o->id), da));
}

static void say_nothing_like_it(struct record_exchange *x, const struct state_message *m, struct arena *a) {
  struct str what = facts_get(&m->facts, "event");
  if (!what.n) what = facts_get(&m->facts, "envelope.receipt");
  if (!what.n) return; /* what is wrong with it says enough */
  say(x, arena_printf(a, "no step that was opened waits for %.*s", STR_F(what)),
      arena_printf(a, "intet åbnet teststep venter på %.*s", STR_F(what)));
}

void run_explain(struct run *r, struct record_exchange *x, const struct state_message *m, struct arena *a) {
  struct buf several;
  buf_init(&several, STEPS_TEXT_MAX);
  struct miss best = nearest(r, m, &several);
  struct str steps = buf_take(&several, a), id = best.st ? best.st->step->id : (struct str){0};
  if (best.how == FITS_SEVERAL)
    say(x, arena_printf(a, "fits step %.*s; give it to one with: testcamp attach", STR_F(steps)),
        arena_printf(a, "passer til teststep %.*s; giv den til et af dem med: testcamp attach", STR_F(steps)));
  else if (best.how == FITS_LATE)
    say(x, arena_printf(a, "fits step %.*s, but came after its deadline", STR_F(id)),
        arena_printf(a, "passer til teststep %.*s, men kom efter fristen", STR_F(id)));
  else if (best.how == FITS_TAKEN)
    say_taken(x, m, &best, a);
  else if (best.how == NEARLY_OPEN || best.how == NEARLY)
    say(x, arena_printf(a, "nearly fits step %.*s: %.*s", STR_F(id), STR_F(best.en)),
        arena_printf(a, "passer næsten til teststep %.*s: %.*s", STR_F(id), STR_F(best.da)));
  else
    say_nothing_like_it(x, m, a);
}
