/* What must be reported, and which of the events reported is which. */
#include <stdlib.h>

#include "base/clock.h"
#include "validate/eds_chain_int.h"

#define OUTCOME_FAILED "8"

/* ---- documents ---- */

static bool is_same(const struct eds_whole *w, const struct eds_sight *s) {
  if (w->all.what != s->what) return false;
  if (w->all.transport.n && s->transport.n) return str_eq(w->all.transport, s->transport);
  return s->message.n && str_eq(w->all.message, s->message);
}

static void fill(struct str *into, struct str from) {
  if (!into->n) *into = from;
}

static void join(struct eds_whole *w, const struct eds_sight *s) {
  struct eds_sight *all = &w->all;
  struct str *const into[] = {&all->message,      &all->type,          &all->version,      &all->statistic,
                              &all->envelope,     &all->envelope_type, &all->transport,    &all->transport_version,
                              &all->orig_message, &all->orig_type,     &all->orig_version, &all->orig_transport,
                              &all->sender.sor,   &all->sender.gln,    &all->receiver.sor, &all->receiver.gln,
                              &all->cpr};
  const struct str from[] = {s->message,      s->type,          s->version,      s->statistic,
                             s->envelope,     s->envelope_type, s->transport,    s->transport_version,
                             s->orig_message, s->orig_type,     s->orig_version, s->orig_transport,
                             s->sender.sor,   s->sender.gln,    s->receiver.sor, s->receiver.gln,
                             s->cpr};
  for (size_t i = 0; i < sizeof from / sizeof *from; i++) fill(into[i], from[i]);
  if (!w->at[s->direction]) w->at[s->direction] = s->at;
  all->failed = all->failed || s->failed;
}

static bool went_before(const struct eds_judging *j, const struct eds_sight *s) {
  for (size_t i = 0; i < j->wholes.n; i++)
    if (j->wholes.v[i]->all.what == s->what && s->message.n && str_eq(j->wholes.v[i]->all.message, s->message))
      return true;
  return false;
}

/* Is there a receipt of what it is a receipt of already? */
static bool was_receipted(const struct eds_judging *j, const struct eds_sight *s) {
  if (s->what != EDS_DOC_RECEIPT && s->what != EDS_DOC_ACK_RECEIPT) return false;
  for (size_t i = 0; i < j->wholes.n; i++)
    if (j->wholes.v[i]->all.what == s->what && s->orig_message.n &&
        str_eq(j->wholes.v[i]->all.orig_message, s->orig_message))
      return true;
  return false;
}

/* Whose a document of that kind is, by the chain. */
enum eds_side eds_side_from(const struct eds_judging *j, enum eds_document what) {
  for (size_t i = 0; i < j->d->chain.n; i++)
    if (j->d->chain.v[i].document == what) return j->d->chain.v[i].from;
  return EDS_SENDER;
}

/* A document of which the parties were not seen has those of what it acknowledges, the other way round where it is from
 * the other side. */
static void find_parties(const struct eds_judging *j, struct eds_whole *w) {
  for (size_t i = 0; i < j->wholes.n && !w->all.sender.sor.n && w->all.orig_message.n; i++) {
    const struct eds_sight *of = &j->wholes.v[i]->all;
    if (!str_eq(of->message, w->all.orig_message)) continue;
    bool swapped = eds_side_from(j, of->what) != eds_side_from(j, w->all.what);
    w->all.sender = swapped ? of->receiver : of->sender;
    w->all.receiver = swapped ? of->sender : of->receiver;
  }
}

void eds_gather(struct eds_judging *j) {
  for (size_t i = 0; i < j->story->sights_n && i < EDS_SIGHTS_MAX; i++) {
    const struct eds_sight *s = &j->story->sights[i];
    struct eds_whole *w = NULL;
    for (size_t k = 0; k < j->wholes.n && !w; k++)
      if (is_same(j->wholes.v[k], s)) w = j->wholes.v[k];
    if (!w) {
      w = ARENA_NEW(j->arena, struct eds_whole);
      *w = (struct eds_whole){.all = {.what = s->what}, .again = went_before(j, s), .receipted = was_receipted(j, s)};
      VEC_PUSH(j->arena, &j->wholes, w);
    }
    join(w, s);
  }
  for (size_t i = 0; i < j->wholes.n; i++) find_parties(j, j->wholes.v[i]);
}

/* ---- wants ---- */

bool eds_carries(const struct eds_component *c) {
  return (c->stations & (EDS_MSH | EDS_AP)) != 0;
}

/* Two events that stand for one. */
static const struct {
  const char *both, *first, *second;
} splits[] = {{"msg-created-and-sent", "msg-created", "msg-sent"},
              {"msg-received-and-finalized", "msg-received", "msg-finalized"}};

/* Is one of the halves reported that nothing else has? */
static bool is_split(const struct eds_judging *j, const struct eds_whole *w, const struct eds_component *c,
                     const char *half) {
  for (size_t i = 0; i < j->reports->n && i < EDS_EVENTS_MAX; i++) {
    const struct eds_event *e = &j->reports->events[i].event;
    unsigned stations = eds_stations(j->d, e->station);
    bool theirs = stations && (stations & ~c->stations) == 0;
    if (theirs && str_eqz(e->subtype, half) && str_eq(e->entities[EDS_MESSAGE].id, w->all.message)) return true;
  }
  return false;
}

static void want(struct eds_judging *j, const struct eds_want *w, const char *subtype) {
  struct eds_want one = *w;
  one.subtype = str_z(subtype);
  VEC_PUSH(j->arena, &j->wants, one);
}

static void want_row(struct eds_judging *j, const struct eds_want *w) {
  static const char *const own[] = {"msg-created", "msg-finalized"};
  for (size_t i = 0; i < sizeof splits / sizeof *splits; i++) {
    if (!str_eqz(w->row->subtype, splits[i].both) || !is_split(j, w->of, w->by, own[i])) continue;
    want(j, w, splits[i].first);
    return want(j, w, splits[i].second);
  }
  struct eds_want one = *w;
  one.subtype = w->row->subtype;
  VEC_PUSH(j->arena, &j->wants, one);
}

/* Does another component of the system have the document before this row's? */
static bool comes_later(const struct eds_judging *j, const struct eds_component *c, const struct eds_row *row) {
  for (const struct eds_row *o = j->d->chain.v; o < row; o++)
    for (size_t i = 0; i < j->story->components_n; i++) {
      const struct eds_component *other = &j->story->components[i];
      bool theirs = other != c && other->side == o->side && (o->station & other->stations);
      if (theirs && o->document == row->document && o->side == row->side) return true;
    }
  return false;
}

/* A second receipt of one message is to be ignored, and may be so without a word (ehmiSBDH 2.0.1, reliable messaging).
 */
static bool is_ignored(const struct eds_whole *w, const struct eds_row *row) {
  return w->receipted && row->side != row->from;
}

/* Where a document failed, how far it came is not known: its first event is needed, the others may be there; of what
 * came from the other side the first of all components, since none hands on what it refuses, and an EUA by itself
 * none. A message that went out again is new to those only who see its transport envelope. */
static void expect_of(struct eds_judging *j, const struct eds_whole *w, const struct eds_component *c) {
  bool first = eds_carries(c) || eds_side_from(j, w->all.what) == c->side;
  for (size_t i = 0; i < j->d->chain.n; i++) {
    const struct eds_row *row = &j->d->chain.v[i];
    if (row->document != w->all.what || row->side != c->side || !(row->station & c->stations)) continue;
    if (w->again && !(row->entities & (1U << EDS_TRANSPORT))) continue;
    bool stopped = w->all.failed && (!first || (row->side != row->from && comes_later(j, c, row)));
    bool optional = (row->with & c->stations) != 0 || stopped || is_ignored(w, row);
    want_row(j, &(struct eds_want){.row = row, .of = w, .by = c, .optional = optional, .recorded = INT64_MIN});
    first = first && optional;
  }
}

void eds_expect(struct eds_judging *j) {
  for (size_t i = 0; i < j->wholes.n; i++)
    for (size_t k = 0; k < j->story->components_n; k++) expect_of(j, j->wholes.v[i], &j->story->components[k]);
}

int64_t eds_want_at(const struct eds_want *w, bool *exact) {
  enum eds_direction own =
      str_starts(w->subtype, STR("msg-received")) || str_eqz(w->subtype, "msg-finalized") ? EDS_IN : EDS_OUT;
  *exact = w->of->at[own] != 0;
  return *exact ? w->of->at[own] : w->of->at[own == EDS_IN ? EDS_OUT : EDS_IN];
}

/* ---- which event is which ---- */

static unsigned entity_bits(const struct eds_event *e) {
  unsigned bits = 0;
  for (enum eds_entity k = 0; k < EDS_ENTITIES_N; k++)
    if (e->entities[k].node) bits |= 1U << k;
  return bits;
}

struct str eds_bare_id(struct str id) {
  return str_starts(id, STR("urn:uuid:")) ? str_sub(id, sizeof "urn:uuid:" - 1, id.n) : id;
}

static bool same_id(struct str x, struct str y) {
  return x.n && y.n && str_eq_nocase(eds_bare_id(x), eds_bare_id(y));
}

/* How well an event fits; 0: it is of another document. Identity comes before all else, then what a system is least
 * likely to get wrong. What need not be reported is there only for an event of its kind. */
static int fit_of(const struct eds_judging *j, const struct eds_want *w, const struct eds_event *e) {
  const struct eds_sight *all = &w->of->all;
  int64_t recorded;
  bool zone, exact;
  int fit = 64 * same_id(e->entities[EDS_MESSAGE].id, all->message) +
            48 * same_id(e->entities[EDS_TRANSPORT].id, all->transport) +
            32 * same_id(e->entities[EDS_ENVELOPE].id, all->envelope);
  unsigned stations = eds_stations(j->d, e->station);
  if (!fit || (w->optional && !str_eq(e->subtype, w->subtype))) return 0;
  fit += 12 * ((stations & w->row->station) && !(stations & ~w->by->stations)) + 12 * str_eq(e->subtype, w->subtype);
  fit += 6 * (entity_bits(e) == w->row->entities) + 3 * (w->by->device.n && str_eq(e->device, w->by->device));
  if (time_parse(e->recorded, &recorded, &zone)) {
    int64_t at = eds_want_at(w, &exact), off = recorded > at ? recorded - at : at - recorded;
    fit += 2 * (off <= j->d->tolerance_ms);
  }
  return fit + !w->optional;
}

struct pair {
  int fit;
  size_t want, event;
};

/* The best first; of equals the first want with the event reported first. */
static int by_fit(const void *x, const void *y) {
  const struct pair *a = x, *b = y;
  if (a->fit != b->fit) return a->fit < b->fit ? 1 : -1;
  if (a->want != b->want) return a->want < b->want ? -1 : 1;
  return a->event < b->event ? -1 : a->event > b->event;
}

/* Each event goes to the want that it fits best of those that are left. Few pairs have anything in common. */
static void pair_up(struct eds_judging *j, bool *used, size_t events) {
  VEC(struct pair) pairs = {0};
  for (size_t i = 0; i < j->wants.n; i++)
    for (size_t k = 0; k < events; k++) {
      int fit = used[k] ? 0 : fit_of(j, &j->wants.v[i], &j->reports->events[k].event);
      if (fit) VEC_PUSH(j->arena, &pairs, ((struct pair){fit, i, k}));
    }
  if (pairs.n) qsort(pairs.v, pairs.n, sizeof *pairs.v, by_fit);
  for (size_t i = 0; i < pairs.n; i++) {
    struct eds_want *w = &j->wants.v[pairs.v[i].want];
    if (w->told || used[pairs.v[i].event]) continue;
    w->told = &j->reports->events[pairs.v[i].event];
    used[pairs.v[i].event] = true;
  }
}

/* Everything but the id that the server gave it. */
static bool is_same_event(const struct eds_event *x, const struct eds_event *y) {
  bool same = x->profile == y->profile && str_eq(x->subtype, y->subtype) && str_eq(x->station, y->station) &&
              str_eq(x->outcome, y->outcome) && str_eq(x->recorded, y->recorded) && str_eq(x->device, y->device);
  for (enum eds_entity k = 0; k < EDS_ENTITIES_N; k++)
    same = same && !x->entities[k].node == !y->entities[k].node && str_eq(x->entities[k].id, y->entities[k].id);
  return same && str_eq(x->sender.sor, y->sender.sor) && str_eq(x->receiver.sor, y->receiver.sor);
}

bool eds_is_failure_of(const struct eds_event *e, const struct eds_whole *d) {
  return d->all.failed && str_eqz(e->outcome, OUTCOME_FAILED) && same_id(e->entities[EDS_MESSAGE].id, d->all.message);
}

static bool is_failure(const struct eds_judging *j, const struct eds_event *e) {
  for (size_t i = 0; i < j->wholes.n; i++)
    if (eds_is_failure_of(e, j->wholes.v[i])) return true;
  return false;
}

/* That a document failed may be told when it is known: beside the event of the chain, which was told before. */
static bool is_afterthought(const struct eds_judging *j, size_t k, size_t n) {
  const struct eds_event *e = &j->reports->events[k].event;
  if (!is_failure(j, e)) return false;
  for (size_t i = 0; i < n; i++) {
    const struct eds_event *x = &j->reports->events[i].event;
    bool same = str_eq(x->subtype, e->subtype) && str_eq(x->station, e->station) &&
                same_id(x->entities[EDS_MESSAGE].id, e->entities[EDS_MESSAGE].id);
    if (same && !str_eqz(x->outcome, OUTCOME_FAILED)) return true;
  }
  return false;
}

static void tell_rest(struct eds_judging *j, const bool *used, size_t k) {
  const struct eds_told *t = &j->reports->events[k];
  if (used[k]) return;
  EDS_FIND(j, EDS_CHAIN_UNEXPECTED, t, "", t->event.station, t->event.subtype, t->event.entities[EDS_MESSAGE].id);
}

static bool names_copy(const struct eds_judging *j, const struct eds_event *e) {
  for (size_t i = 0; i < j->story->copies_n; i++) {
    struct str copy = j->story->copies[i];
    if (same_id(e->entities[EDS_TRANSPORT].id, copy) || same_id(e->entities[EDS_ORIG_TRANSPORT].id, copy)) return true;
  }
  return false;
}

static bool is_about_copy(struct eds_judging *j, const struct eds_told *t) {
  const struct eds_event *e = &t->event;
  if (!names_copy(j, e)) return false;
  EDS_FIND(j, EDS_CHAIN_COPY, t, "", e->station, e->subtype, e->entities[EDS_MESSAGE].id);
  return true;
}

/* What was refused may be tried again: how often is not the chain's matter. */
static bool is_repeated(struct eds_judging *j, size_t k) {
  const struct eds_told *all = j->reports->events;
  for (size_t i = 0; i < k; i++) {
    if (!is_same_event(&all[i].event, &all[k].event)) continue;
    if (!all[i].refused) EDS_FIND(j, EDS_CHAIN_REPEATED, &all[k], "", all[i].name);
    return true;
  }
  return false;
}

/* A message that went out again may give an event like the first, of another time. */
static bool went_again(const struct eds_judging *j, struct str message) {
  for (size_t i = 0; i < j->wholes.n; i++)
    if (j->wholes.v[i]->again && same_id(j->wholes.v[i]->all.message, message)) return true;
  return false;
}

static bool is_of_one(const struct eds_event *x, const struct eds_event *y) {
  struct str message = x->entities[EDS_MESSAGE].id;
  return str_eq(x->subtype, y->subtype) && str_eq(x->station, y->station) && str_eq(x->outcome, y->outcome) &&
         same_id(message, y->entities[EDS_MESSAGE].id) &&
         str_eq_nocase(x->entities[EDS_TRANSPORT].id, y->entities[EDS_TRANSPORT].id);
}

/* After a lost answer the same event comes with the same content, or not at all. */
static bool is_changed(struct eds_judging *j, size_t k) {
  const struct eds_told *all = j->reports->events;
  for (size_t i = 0; i < k; i++) {
    bool again = all[i].unanswered && is_of_one(&all[i].event, &all[k].event);
    if (!again || went_again(j, all[k].event.entities[EDS_MESSAGE].id)) continue;
    EDS_FIND(j, EDS_CHAIN_RETRY, &all[k], "recorded", all[i].name);
    return true;
  }
  return false;
}

void eds_assign(struct eds_judging *j) {
  size_t n = j->reports->n < EDS_EVENTS_MAX ? j->reports->n : EDS_EVENTS_MAX;
  bool *used = ARENA_ARRAY(j->arena, bool, n + 1);
  for (size_t k = 0; k < n; k++)
    used[k] =
        is_about_copy(j, &j->reports->events[k]) || is_afterthought(j, k, n) || is_repeated(j, k) || is_changed(j, k);
  pair_up(j, used, n);
  for (size_t k = 0; k < n; k++) tell_rest(j, used, k);
}
