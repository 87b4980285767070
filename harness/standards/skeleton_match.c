#include "standards/skeleton_int.h"

#define LOOK_AHEAD 64         /* segments that are looked at to tell groups of one name apart */
#define LOOK_AHEAD_GROUP 4096 /* for a group that was skipped */
#define SKIP_INSIDE 3         /* items of a group that may be skipped to enter it */

/* What a place is worth: how well the segment fits there, less what is wrong with that place. A segment that would be
 * worth less than WORTH_LEAST has no place. */
enum {
  WORTH_FULL = 10,
  WORTH_KEY = 7,
  WORTH_TAG = 2,
  WORTH_GROUP = 10, /* at most, for how well the segments behind fit the group that it begins */
  COST_SKIPPED = 6,
  COST_SKIPPED_MAX = 12,
  COST_FOUND_LATER = 20,
  COST_AGAIN = 6, /* too often, or further up */
  WORTH_LEAST = -2
};

/* A group that is open: the child it has come to, and how often each was there (of alternatives the first counts). */
struct frame {
  const struct skeleton_item *item; /* NULL: a group that the skeleton does not know */
  size_t up, at;
  uint32_t *seen;
};

struct matcher {
  struct arena *arena;
  struct skeleton_match *out;
  struct node **v; /* the segments between UNH and UNT */
  size_t n, i;
  VEC(struct frame) frames; /* the same indices as out->groups */
  size_t current;
};

/* A place for the segment: child path[0] of a frame, of that child path[1], and so on. */
struct candidate {
  size_t frame, depth, path[SKELETON_DEPTH_MAX + 1];
  enum skeleton_fit fit;
  bool again, further_up;
  int worth;
};

/* What a search for the best place knows. */
struct search {
  struct matcher *m;
  struct candidate best, now;
  bool found;
  size_t skipped;                      /* items that must be there, on the way to here */
  const struct skeleton_item *skipped_first;
};

enum skeleton_fit skeleton_fit(const struct skeleton_item *item, const struct node *segment) {
  if (!str_eq(item->name, segment->name)) return SKELETON_FIT_NONE;
  if (item->key && !skeleton_part_fits(item->key, segment)) return SKELETON_FIT_TAG;
  for (size_t i = 0; i < item->parts.n; i++)
    if (!skeleton_part_fits(&item->parts.v[i], segment)) return SKELETON_FIT_KEY;
  return SKELETON_FIT_FULL;
}

void skeleton_deviate(struct skeleton_match *m, struct arena *a, struct skeleton_deviation d) {
  if (m->deviations.n == SKELETON_DEVIATIONS_MAX) m->dropped++;
  else VEC_PUSH(a, &m->deviations, d);
}

static size_t lead_of(const struct skeleton_item *group, size_t child) {
  while (child > 0 && group->items.v[child].alternative) child--;
  return child;
}

static bool is_trigger(const struct node *segment) {
  return segment->name.n == 3 && segment->name.p[0] == 'S' && segment->name.p[1] >= '0' && segment->name.p[1] <= '9';
}

static size_t push(struct matcher *m, const struct skeleton_item *item, size_t up) {
  *VEC_ADD(m->arena, &m->out->groups) = (struct skeleton_group){.item = item, .parent = up};
  *VEC_ADD(m->arena, &m->frames) = (struct frame){
      .item = item, .up = up, .seen = item ? ARENA_ARRAY(m->arena, uint32_t, item->items.n) : NULL};
  return m->frames.n - 1;
}

/* What is told of a child that is not there: of alternatives the first, which has the count. */
static void report_missing(struct matcher *m, const struct skeleton_item *group, size_t child,
                           const struct node *where) {
  const struct skeleton_item *item = &group->items.v[child];
  while (item->kind == SKELETON_SEQUENCE) item = &item->items.v[0];
  bool segment = item->kind == SKELETON_SEGMENT;
  skeleton_deviate(m->out, m->arena,
                   (struct skeleton_deviation){.kind = segment ? SKELETON_MISSING : SKELETON_MISSING_GROUP,
                                               .node = where,
                                               .item = item,
                                               .group = group});
}

static bool lacks(const struct frame *f, size_t child) {
  return !f->item->items.v[child].alternative && f->seen[child] < f->item->items.v[child].min;
}

static void report_lacks(struct matcher *m, const struct frame *f, size_t to, const struct node *where) {
  for (size_t i = f->at; f->item && i < to; i++)
    if (lacks(f, i)) report_missing(m, f->item, i, where);
}

/* Where it is told that something is missing: at what stands there instead, at the end at the last segment. */
static const struct node *here(const struct matcher *m) {
  return m->i < m->n ? m->v[m->i] : m->n ? m->v[m->n - 1] : NULL;
}

static void close_to(struct matcher *m, size_t frame) {
  while (m->current != frame) {
    const struct frame *f = &m->frames.v[m->current];
    report_lacks(m, f, f->item ? f->item->items.n : 0, here(m));
    m->current = f->up;
  }
}

/* How well a segment fits anything in a group, groups without a trigger in it included. */
static enum skeleton_fit fit_inside(const struct skeleton_item *group, const struct node *segment, unsigned depth) {
  enum skeleton_fit best = SKELETON_FIT_NONE;
  for (size_t i = 0; i < group->items.n && best != SKELETON_FIT_FULL; i++) {
    const struct skeleton_item *x = &group->items.v[i];
    enum skeleton_fit fit = SKELETON_FIT_NONE;
    if (x->kind == SKELETON_SEGMENT) fit = skeleton_fit(x, segment);
    else if (x->kind != SKELETON_GROUP && depth) fit = fit_inside(x, segment, depth - 1);
    if (fit > best) best = fit;
  }
  return best;
}

/* The end of the segments that the group beginning at from may have. */
static size_t span_end(const struct matcher *m, const struct skeleton_item *group, size_t from) {
  size_t i = from + 1;
  for (; i < m->n && i - from <= LOOK_AHEAD && !is_trigger(m->v[i]); i++)
    if (skeleton_fit(&group->items.v[0], m->v[i]) >= SKELETON_FIT_KEY) break;
  return i;
}

static int count_unmet(const struct matcher *m, const struct skeleton_item *group, size_t from, size_t end) {
  int unmet = 0;
  for (size_t x = 1; x < group->items.n; x++) {
    const struct skeleton_item *item = &group->items.v[x];
    if (!item->min || item->kind != SKELETON_SEGMENT) continue;
    bool met = false;
    for (size_t i = from + 1; i < end && !met; i++)
      for (size_t alt = x; !met && alt < group->items.n && lead_of(group, alt) == x; alt++)
        met = skeleton_fit(&group->items.v[alt], m->v[i]) >= SKELETON_FIT_KEY;
    unmet += !met;
  }
  return unmet;
}

/* How well the segments behind this one fit the group that it would begin. */
static int worth_of_group(const struct matcher *m, const struct skeleton_item *group) {
  size_t end = span_end(m, group, m->i), n = end - m->i - 1, sum = 0;
  for (size_t i = m->i + 1; i < end; i++) sum += fit_inside(group, m->v[i], 2);
  int worth = n ? (int)(WORTH_GROUP * sum / (SKELETON_FIT_FULL * n)) : WORTH_GROUP;
  worth -= 2 * count_unmet(m, group, m->i, end);
  return worth < 0 ? 0 : worth;
}

/* A group that begins at segment i is this one, and not another of its name. */
static bool begins_at(const struct matcher *m, const struct skeleton_item *group, size_t i) {
  if (group->items.v[0].kind != SKELETON_SEGMENT) return begins_at(m, &group->items.v[0], i);
  if (skeleton_fit(&group->items.v[0], m->v[i]) != SKELETON_FIT_FULL) return false;
  if (group->kind != SKELETON_GROUP || group->items.n == 1) return true;
  const struct skeleton_item *second = &group->items.v[1];
  if (second->kind != SKELETON_SEGMENT || !second->min) return true;
  for (size_t k = i + 1; k < m->n && k - i <= LOOK_AHEAD && !is_trigger(m->v[k]); k++)
    if (skeleton_fit(second, m->v[k]) >= SKELETON_FIT_KEY) return true;
  return false;
}

/* True if what would be skipped stands further on, so that this segment is the one that is out of place. Where this
 * one opens a group (is the opener), only up to the next such group. */
static bool comes_later(const struct matcher *m, const struct skeleton_item *item, const struct skeleton_item *opener) {
  while (item->kind == SKELETON_SEQUENCE) item = &item->items.v[0];
  if (item->kind != SKELETON_SEGMENT) {
    for (size_t i = m->i + 1; i < m->n && i - m->i <= LOOK_AHEAD_GROUP; i++)
      if (begins_at(m, item, i)) return true;
    return false;
  }
  for (size_t i = m->i + 1; i < m->n && i - m->i <= LOOK_AHEAD && !is_trigger(m->v[i]); i++) {
    if (skeleton_fit(item, m->v[i]) >= SKELETON_FIT_KEY) return true;
    if (opener && skeleton_fit(opener, m->v[i]) >= SKELETON_FIT_KEY) return false;
  }
  return false;
}

static void skip(struct search *s, const struct skeleton_item *item) {
  if (!s->skipped++) s->skipped_first = item;
}

static int cost_of_skipped(const struct search *s, const struct skeleton_item *opener) {
  if (!s->skipped) return 0;
  if (comes_later(s->m, s->skipped_first, opener)) return COST_FOUND_LATER;
  int cost = (int)s->skipped * COST_SKIPPED;
  return cost < COST_SKIPPED_MAX ? cost : COST_SKIPPED_MAX;
}

/* Weighs the place that `now` says. */
static void weigh(struct search *s, const struct skeleton_item *group, const struct skeleton_item *item,
                  size_t inside) {
  static const int worth[] = {0, WORTH_TAG, WORTH_KEY, WORTH_FULL};
  struct candidate *c = &s->now;
  bool begins = c->depth > 1 && !inside;
  c->fit = skeleton_fit(item, s->m->v[s->m->i]);
  if (c->fit == SKELETON_FIT_NONE || (c->depth > 1 && c->fit == SKELETON_FIT_TAG)) return;
  if (inside && c->fit != SKELETON_FIT_FULL) return;
  /* A segment that comes too late takes nothing with it; one that nothing but its name fits is not moved about. */
  bool late = c->again || c->further_up;
  if (late && c->depth == 1 && c->fit == SKELETON_FIT_TAG) return;
  c->worth = worth[c->fit] - (late ? COST_AGAIN : 0) + (begins ? worth_of_group(s->m, group) : 0);
  if (!late || c->depth > 1) c->worth -= cost_of_skipped(s, begins ? item : NULL);
  if (s->found && c->worth <= s->best.worth) return;
  s->best = *c, s->found = true;
}

/* Every place in item (which is below the children of group) where the segment could stand. */
static void consider(struct search *s, const struct skeleton_item *group, const struct skeleton_item *item,
                     size_t inside) {
  if (item->kind == SKELETON_SEGMENT) {
    weigh(s, group, item, inside);
    return;
  }
  size_t skipped = s->skipped;
  const struct skeleton_item *first = s->skipped_first;
  for (size_t i = 0; i < item->items.n && inside <= SKIP_INSIDE && s->now.depth <= SKELETON_DEPTH_MAX; i++) {
    s->now.path[s->now.depth++] = i;
    consider(s, item, &item->items.v[i], inside);
    s->now.depth--;
    if (!item->items.v[i].min) continue;
    skip(s, &item->items.v[i]);
    inside++;
  }
  s->skipped = skipped, s->skipped_first = first;
}

/* The places among the children of an open group. */
static void consider_frame(struct search *s, size_t frame) {
  const struct frame *f = &s->m->frames.v[frame];
  size_t skipped = s->skipped;
  const struct skeleton_item *first = s->skipped_first;
  for (size_t pass = 0; pass < 2; pass++) { /* what lies ahead first, so that it wins where both are worth the same */
    s->skipped = skipped, s->skipped_first = first;
    for (size_t i = pass ? 0 : f->at; i < (pass ? f->at : f->item->items.n); i++) {
      size_t lead = lead_of(f->item, i);
      s->now = (struct candidate){.frame = frame, .depth = 1, .path = {i}};
      s->now.further_up = lead < lead_of(f->item, f->at);
      s->now.again = f->seen[lead] >= f->item->items.v[lead].max;
      consider(s, f->item, &f->item->items.v[i], 0);
      if (!pass && lacks(f, i)) skip(s, &f->item->items.v[i]);
    }
  }
  s->skipped = skipped, s->skipped_first = first;
}

/* The best place for the current segment, in the open groups from the inmost one outwards. */
static void search(struct search *s) {
  for (size_t frame = s->m->current;; frame = s->m->frames.v[frame].up) {
    const struct frame *f = &s->m->frames.v[frame];
    if (f->item) consider_frame(s, frame);
    if (!frame) return;
    for (size_t i = f->at; f->item && i < f->item->items.n; i++)
      if (lacks(f, i)) skip(s, &f->item->items.v[i]);
  }
}

/* The quick way, for what is as it should be: the next child of the inmost group that fits wholly. */
static bool is_next(const struct matcher *m, struct candidate *c) {
  const struct frame *f = &m->frames.v[m->current];
  for (size_t i = f->at; f->item && i < f->item->items.n; i++) {
    const struct skeleton_item *item = &f->item->items.v[i];
    size_t lead = lead_of(f->item, i);
    if (item->kind != SKELETON_SEGMENT) return false;
    if (f->seen[lead] < f->item->items.v[lead].max && skeleton_fit(item, m->v[m->i]) == SKELETON_FIT_FULL) {
      *c = (struct candidate){.frame = m->current, .depth = 1, .path = {i}, .fit = SKELETON_FIT_FULL};
      return true;
    }
    bool last = i + 1 == f->item->items.n || !f->item->items.v[i + 1].alternative;
    if (last && f->seen[lead] < f->item->items.v[lead].min) return false;
  }
  return false;
}

static void place(struct matcher *m, const struct skeleton_item *item, size_t group) {
  *VEC_ADD(m->arena, &m->out->places) =
      (struct skeleton_place){.segment = m->v[m->i], .item = item, .group = group};
}

static void deviate(struct matcher *m, enum skeleton_deviation_kind kind, const struct skeleton_item *item,
                    const struct skeleton_item *group) {
  skeleton_deviate(m->out, m->arena,
                   (struct skeleton_deviation){.kind = kind, .node = m->v[m->i], .item = item, .group = group});
}

static size_t count_of_name(const struct skeleton_item *group, struct str name) {
  size_t n = 0;
  for (size_t i = 0; group && i < group->items.n; i++) n += str_eq(group->items.v[i].name, name);
  return n;
}

/* Several of its name stand here, and it is none of them: that is told once, and not as a wrong value. */
static void place_and_check(struct matcher *m, const struct skeleton_item *item, size_t group,
                            enum skeleton_fit fit) {
  const struct skeleton_item *in = m->frames.v[group].item;
  bool unknown = fit == SKELETON_FIT_TAG && count_of_name(in, item->name) > 1;
  place(m, item, group);
  if (unknown) deviate(m, SKELETON_QUALIFIER, item, in);
  skeleton_check_values(m->out, m->arena, &m->out->places.v[m->out->places.n - 1], unknown);
}

/* A segment that comes too late stays where it stands, in the group that is open. */
static void settle_late(struct matcher *m, const struct candidate *c) {
  struct frame *f = &m->frames.v[c->frame];
  const struct skeleton_item *item = &f->item->items.v[c->path[0]];
  f->seen[lead_of(f->item, c->path[0])]++;
  deviate(m, c->again ? SKELETON_OFTEN : SKELETON_ORDER, item, f->item);
  place(m, item, m->current);
  skeleton_check_values(m->out, m->arena, &m->out->places.v[m->out->places.n - 1], false);
}

/* Moves on to a child: what is skipped for it is missing. */
static const struct skeleton_item *advance(struct matcher *m, size_t frame, size_t child) {
  struct frame *f = &m->frames.v[frame];
  size_t lead = lead_of(f->item, child);
  if (lead > f->at) {
    report_lacks(m, f, lead, m->v[m->i]);
    f->at = lead;
  }
  f->seen[lead]++;
  return &f->item->items.v[child];
}

static void settle(struct matcher *m, const struct candidate *c) {
  bool late = c->again || c->further_up;
  if (late && c->depth == 1) {
    settle_late(m, c);
    return;
  }
  close_to(m, c->frame);
  const struct skeleton_item *item;
  struct frame *f = &m->frames.v[c->frame];
  if (late) {
    item = &f->item->items.v[c->path[0]];
    f->seen[lead_of(f->item, c->path[0])]++;
    deviate(m, c->again ? SKELETON_OFTEN_GROUP : SKELETON_ORDER, item, f->item);
  } else {
    item = advance(m, c->frame, c->path[0]);
  }
  for (size_t d = 1; d < c->depth; d++) {
    m->current = push(m, item, m->current);
    item = advance(m, m->current, c->path[d]);
  }
  place_and_check(m, item, m->current, c->fit);
}

/* The nearest open group that is one of the message's own, not a sequence in it. */
static const struct skeleton_item *own_group(const struct matcher *m) {
  size_t frame = m->current;
  while (frame && m->frames.v[frame].item && m->frames.v[frame].item->kind == SKELETON_SEQUENCE)
    frame = m->frames.v[frame].up;
  return m->frames.v[frame].item;
}

/* A segment without a place; a trigger takes what is behind it along. */
static void stray(struct matcher *m) {
  const struct skeleton_item *group = own_group(m);
  const struct node *s = m->v[m->i];
  const struct skeleton_item *same = NULL;
  for (size_t i = 0; group && i < group->items.n && !same; i++)
    if (str_eq(group->items.v[i].name, s->name) && group->items.v[i].kind == SKELETON_SEGMENT)
      same = &group->items.v[i];
  bool qualifier = same && skeleton_fit(same, s) == SKELETON_FIT_TAG;
  deviate(m, qualifier ? SKELETON_QUALIFIER : SKELETON_STRAY, qualifier ? same : NULL, group);
  if (is_trigger(s)) m->current = push(m, NULL, m->current);
  place(m, NULL, m->current);
}

static void match_segment(struct matcher *m) {
  struct search s = {.m = m};
  if (!m->frames.v[m->current].item) { /* in an unknown group nothing is known */
    if (!is_trigger(m->v[m->i])) {
      place(m, NULL, m->current);
      return;
    }
    m->current = m->frames.v[m->current].up;
  }
  if (is_next(m, &s.best)) {
    settle(m, &s.best);
    return;
  }
  search(&s);
  if (s.found && s.best.worth >= WORTH_LEAST) settle(m, &s.best);
  else stray(m);
}

static void collect(struct matcher *m, struct node *group) {
  for (NODE_EACH(c, group)) {
    if (c->kind == NODE_GROUP) {
      collect(m, c);
    } else if (c->kind == NODE_SEGMENT && !str_eqz(c->name, "UNH") && !str_eqz(c->name, "UNT")) {
      m->v[m->n++] = c;
    }
  }
}

void skeleton_match(struct skeleton_match *out, struct arena *a, const struct skeleton *s, struct node *message) {
  struct matcher m = {.arena = a, .out = out};
  *out = (struct skeleton_match){0};
  m.v = ARENA_ARRAY(a, struct node *, node_size(message));
  collect(&m, message);
  push(&m, &s->root, 0);
  for (; m.i < m.n; m.i++) match_segment(&m);
  close_to(&m, 0);
  report_lacks(&m, &m.frames.v[0], s->root.items.n, m.n ? m.v[m.n - 1] : message);
}
