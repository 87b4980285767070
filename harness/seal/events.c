/* Event lines against the hashes beside them: which event was changed, and which is missing.
 *
 * The hash of each event is kept, not only the last one: so that one altered event is told by its number, and those
 * behind it are not suspected for it. */
#include "seal/seal_int.h"

#define RUN_OF_MISSING "events %jd to %jd"

struct walk {
  struct seal_bundle *b;
  const struct lines_check *check;
  VEC(struct str) hashes;
  int64_t next; /* the number that comes next */
  bool whole;   /* nothing was amiss so far */
};

static void split(struct walk *w, struct str text) {
  while (text.n) VEC_PUSH(w->b->arena, &w->hashes, str_cut(&text, '\n'));
}

/* The hash that event seq should have; empty if that is not known. */
static struct str hash_of(const struct walk *w, int64_t seq) {
  return seq >= 1 && (size_t)seq <= w->hashes.n ? w->hashes.v[seq - 1] : (struct str){0};
}

static struct str event_name(struct walk *w, int64_t seq, const struct event *ev) {
  if (!ev) return arena_printf(w->b->arena, "event %jd", (intmax_t)seq);
  const char *of = ev->step.n ? " of step " : "";
  return arena_printf(w->b->arena, "event %jd (%.*s%s%.*s)", (intmax_t)seq, STR_F(ev->kind), of, STR_F(ev->step));
}

static void missing(struct walk *w, int64_t from, int64_t to) {
  struct arena *a = w->b->arena;
  struct str what = from == to ? arena_printf(a, "event %jd", (intmax_t)from)
                               : arena_printf(a, RUN_OF_MISSING, (intmax_t)from, (intmax_t)to);
  fault_about(w->b, SEAL_INCOMPLETE, what, "missing", "mangler");
  w->whole = false;
}

static void altered(struct walk *w, struct str what, struct str is, struct str should) {
  struct arena *a = w->b->arena;
  fault_about(w->b, SEAL_ALTERED, what,
              arena_printf(a, "altered: its hash is %.*s, the chain has %.*s", STR_F(is), STR_F(should)).p,
              arena_printf(a, "ændret: dens hash er %.*s, kæden har %.*s", STR_F(is), STR_F(should)).p);
  w->whole = false;
}

static void check_hash(struct walk *w, const struct event *ev, struct str line, int64_t seq) {
  char hash[SHA256_HEX + 1];
  struct str should = hash_of(w, seq), before = hash_of(w, seq - 1);
  if (!should.n || (seq > 1 && !before.n)) return;
  event_chain(hash, before, line);
  if (!str_eqz(should, hash)) altered(w, event_name(w, seq, ev), arena_str(w->b->arena, str_z(hash)), should);
}

/* What is counted with later must stand within what can be. */
static int check_numbers(const struct event *ev, struct error *e) {
  if (ev->seq < 1 || ev->seq > SEAL_EVENTS_N_MAX) return error_set(e, ERR_LIMIT, "it has no number of an event");
  if (ev->at < 0 || ev->at > SEAL_TIME_MAX) return error_set(e, ERR_LIMIT, "its time is none");
  return 0;
}

static void check_line(struct walk *w, struct str line) {
  struct event *ev = NULL;
  struct error cause;
  bool readable = event_read(&ev, w->b->arena, line, &cause) == 0;
  if (readable) readable = check_numbers(ev, &cause) == 0;
  int64_t seq = readable ? ev->seq : w->next;
  if (!readable || seq < w->next) {
    const char *why = readable ? "it stands there twice, or in another order" : cause.text;
    fault_about(w->b, SEAL_ALTERED, arena_printf(w->b->arena, "event %jd", (intmax_t)w->next),
                arena_printf(w->b->arena, "altered: %s", why).p, arena_printf(w->b->arena, "ændret: %s", why).p);
    w->whole = false;
    w->next += readable ? 0 : 1;
    return;
  }
  if (seq > w->next) missing(w, w->next, seq - 1);
  check_hash(w, ev, line, seq);
  w->next = seq + 1;
  seal_chain_add(&w->b->chain, ev);
  VEC_PUSH(w->b->arena, &w->b->lines, line);
}

/* Without the hashes the last one alone can be compared: it tells that, not where, the chain is broken. */
static void check_head(struct walk *w) {
  char hash[SHA256_HEX + 1] = "";
  for (size_t i = 0; i < w->b->lines.n; i++) {
    char previous[SHA256_HEX + 1];
    for (size_t k = 0; k <= SHA256_HEX; k++) previous[k] = hash[k];
    event_chain(hash, str_z(previous), w->b->lines.v[i]);
  }
  if (w->whole && !str_eqz(w->check->head, hash))
    altered(w, STR("events"), arena_str(w->b->arena, str_z(hash)), w->check->head);
}

void lines_judge(struct seal_bundle *b, const struct lines_check *c) {
  struct walk w = {.b = b, .check = c, .next = 1, .whole = true};
  struct str rest = c->events;
  split(&w, c->hashes);
  while (rest.n) check_line(&w, str_cut(&rest, '\n'));
  if (w.next <= c->expected) missing(&w, w.next, c->expected);
  if (w.next > c->expected + 1) {
    fault_about(b, SEAL_ALTERED, STR(EVENTS_NAME), "there are more events than the manifest says",
                "der er flere hændelser, end manifestet siger");
    w.whole = false;
  }
  check_head(&w);
}
