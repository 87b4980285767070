#include "standards/skeleton_int.h"

#define LOOK_AHEAD 64      /* segments that are looked at to tell groups of one name apart */
#define LOOK_AHEAD_FAR 256 /* for groups that were passed over */
#define SKIP_INSIDE 3      /* items of a group that may be skipped to enter it */
#define PASSED_MAX 128     /* items that are looked for further on before they are passed over */

/* What a place is worth: how well the segment fits there, less what is wrong with that place. A segment that would be
 * worth less than WORTH_LEAST has no place. */
enum {
  WORTH_FULL = 10,
  WORTH_KEY = 7,
  WORTH_TAG = 2,
  WORTH_GROUP = 10, /* at most, for how well the segments behind fit the group that it begins */
  COST_SKIPPED = 5,
  COST_SKIPPED_MAX = 12,
  COST_FOUND_LATER = 20,
  COST_OTHER = 6, /* it is a group of that name, but another one */
  COST_AGAIN = 2, /* too often, too late or too early */
  COST_EARLY = 4, /* a group that is too early */
  WORTH_LEAST = -2
};

/* A group that is open: the child it has come to, how often each was there (of alternatives the first counts), and
 * the segment at which one that must be there was passed over: it is missing if it does not come later. */
struct frame {
  const struct skeleton_item *item; /* NULL: a group that the skeleton does not know */
  size_t up, at;
  uint32_t *seen;
  struct node **passed;
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
  bool again, further_up, early; /* too often; it should have come before, or only later */
  int worth;
};

/* An item that is passed over on the way to a place, and whether it must be there. */
struct passed {
  const struct skeleton_item *item;
  bool must;
};

/* What a search for the best place knows. */
struct search {
  struct matcher *m;
  struct candidate best, now;
  bool found;
  struct passed passed[PASSED_MAX];
  size_t passed_n, left_n; /* those of groups that are left come first */
};

enum skeleton_fit skeleton_fit(const struct skeleton_item *item, const struct node *segment) {
  if (!str_eq(item->name, segment->name)) return SKELETON_FIT_NONE;
  if (item->key && !skeleton_part_fits(item->key, segment)) return SKELETON_FIT_TAG;
  for (size_t i = 0; i < item->parts.n; i++)
    if (!skeleton_part_fits(&item->parts.v[i], segment)) return SKELETON_FIT_KEY;
  bool first = item->parts.n && item->parts.v[0].element == 1 && item->parts.v[0].component == 1;
  return first || !edifact_text(segment, 1, 1).n ? SKELETON_FIT_FULL : SKELETON_FIT_KEY;
}

void skeleton_deviate(struct skeleton_match *m, struct arena *a, struct skeleton_deviation d) {
  if (m->deviations.n == SKELETON_DEVIATIONS_MAX)
    m->dropped++;
  else
    VEC_PUSH(a, &m->deviations, d);
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
  struct frame *f = VEC_ADD(m->arena, &m->frames);
  *f = (struct frame){.item = item, .up = up};
  if (!item) return m->frames.n - 1;
  f->seen = ARENA_ARRAY(m->arena, uint32_t, item->items.n);
  f->passed = ARENA_ARRAY(m->arena, struct node *, item->items.n);
  return m->frames.n - 1;
}

/* What is told of a child that is not there: of alternatives the first, which has the count. */
static void report_missing(struct matcher *m, const struct skeleton_item *group, size_t child,
                           const struct node *where) {
  const struct skeleton_item *item = &group->items.v[child];
  while (item->kind == SKELETON_SEQUENCE) item = &item->items.v[0];
  bool segment = item->kind == SKELETON_SEGMENT;
  skeleton_deviate(
      m->out, m->arena,
      (struct skeleton_deviation){
          .kind = segment ? SKELETON_MISSING : SKELETON_MISSING_GROUP, .node = where, .item = item, .group = group});
}

static bool lacks(const struct frame *f, size_t child) {
  return !f->item->items.v[child].alternative && f->seen[child] < f->item->items.v[child].min;
}

/* Where it is told that something is missing at the end of a group: at what stands there instead, at the end of the
 * message at the last segment. */
static const struct node *here(const struct matcher *m) {
  return m->i < m->n ? m->v[m->i] : m->n ? m->v[m->n - 1] : NULL;
}

static void report_lacks(struct matcher *m, const struct frame *f, const struct node *where) {
  for (size_t i = 0; f->item && i < f->item->items.n; i++)
    if (lacks(f, i)) report_missing(m, f->item, i, f->passed[i] ? f->passed[i] : where);
}

static void close_to(struct matcher *m, size_t frame) {
  for (; m->current != frame; m->current = m->frames.v[m->current].up)
    report_lacks(m, &m->frames.v[m->current], here(m));
}

/* How well a segment fits anything in a group, groups without a trigger in it included. */
static enum skeleton_fit fit_inside(const struct skeleton_item *group, const struct node *segment, unsigned depth) {
  enum skeleton_fit best = SKELETON_FIT_NONE;
  for (size_t i = 0; i < group->items.n && best != SKELETON_FIT_FULL; i++) {
    const struct skeleton_item *x = &group->items.v[i];
    enum skeleton_fit fit = SKELETON_FIT_NONE;
    if (x->kind == SKELETON_SEGMENT)
      fit = skeleton_fit(x, segment);
    else if (x->kind != SKELETON_GROUP && depth)
      fit = fit_inside(x, segment, depth - 1);
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

/* What stands right behind the trigger tells groups of a name apart: this one tells that it is another. */
static bool is_other(const struct skeleton_item *group, const struct node *second) {
  if (group->kind != SKELETON_GROUP || group->items.n < 2 || !group->items.v[1].min) return false;
  return group->items.v[1].kind == SKELETON_SEGMENT && skeleton_fit(&group->items.v[1], second) == SKELETON_FIT_TAG;
}

/* How well the segments behind this one fit the group that it would begin. */
static int worth_of_group(const struct matcher *m, const struct skeleton_item *group) {
  size_t end = span_end(m, group, m->i), n = end - m->i - 1, sum = 0;
  for (size_t i = m->i + 1; i < end; i++) sum += fit_inside(group, m->v[i], 2);
  int worth = n ? (int)(WORTH_GROUP * sum / (SKELETON_FIT_FULL * n)) : WORTH_GROUP;
  worth -= 2 * count_unmet(m, group, m->i, end);
  if (n && is_other(group, m->v[m->i + 1])) worth -= COST_OTHER;
  return worth < 0 ? 0 : worth;
}

/* A group that begins at segment i is this one, and not another of its name. */
static bool begins_at(const struct matcher *m, const struct skeleton_item *group, size_t i) {
  if (group->items.v[0].kind != SKELETON_SEGMENT) return begins_at(m, &group->items.v[0], i);
  if (skeleton_fit(&group->items.v[0], m->v[i]) != SKELETON_FIT_FULL) return false;
  if (group->kind != SKELETON_GROUP || group->items.n == 1) return true;
  const struct skeleton_item *second = &group->items.v[1];
  if (second->kind != SKELETON_SEGMENT || !second->min) return true;
  bool other = false;
  for (size_t k = i + 1; k < m->n && k - i <= LOOK_AHEAD && !is_trigger(m->v[k]); k++) {
    enum skeleton_fit fit = skeleton_fit(second, m->v[k]);
    if (fit >= SKELETON_FIT_KEY) return true;
    other = other || fit == SKELETON_FIT_TAG;
  }
  return !other;
}

static bool stands_at(const struct matcher *m, const struct skeleton_item *item, size_t i, enum skeleton_fit fit) {
  while (item->kind == SKELETON_SEQUENCE) item = &item->items.v[0];
  if (i >= m->n) return false;
  return item->kind == SKELETON_SEGMENT ? skeleton_fit(item, m->v[i]) >= fit : begins_at(m, item, i);
}

/* The first segment behind this one that is not another of the same. */
static size_t next_other(const struct matcher *m, const struct skeleton_item *item) {
  size_t i = m->i + 1;
  while (i < m->n && i - m->i <= LOOK_AHEAD && skeleton_fit(item, m->v[i]) >= SKELETON_FIT_KEY) i++;
  return i;
}

/* Several groups that must be there are passed over and all come later: the index of the first of them, else
 * PASSED_MAX. Then a trigger (or what begins a group without one) was moved from far away. */
static size_t come_later(const struct search *s) {
  size_t first = PASSED_MAX, found = 0;
  for (size_t i = s->left_n; i < s->passed_n; i++) {
    const struct skeleton_item *item = s->passed[i].item;
    if (!s->passed[i].must || item->kind == SKELETON_SEGMENT) continue;
    if (first == PASSED_MAX) first = i;
    size_t k = s->m->i + 1;
    while (k < s->m->n && k - s->m->i <= LOOK_AHEAD_FAR && !stands_at(s->m, item, k, SKELETON_FIT_FULL)) k++;
    found += k < s->m->n && k - s->m->i <= LOOK_AHEAD_FAR;
  }
  return found > 1 ? first : PASSED_MAX;
}

/* The index of something passed over that comes next, so that this segment (or the group it begins) is what is out of
 * place; PASSED_MAX if nothing does. Where a group is left for one that must not be there yet, even what need not be
 * there counts. */
static size_t comes_next(const struct search *s, const struct skeleton_item *group, const struct skeleton_item *item,
                         size_t inside) {
  const struct matcher *m = s->m;
  bool begins = s->now.depth > 1 && !inside;
  bool any = inside || (s->now.depth == 1 && s->now.frame == m->current);
  size_t next = begins ? m->i + 1 : next_other(m, item), behind = begins ? span_end(m, group, m->i) : m->n;
  for (size_t i = 0; i < s->passed_n; i++) {
    if (!s->passed[i].must && !any) continue;
    if (begins && i >= s->left_n && s->passed[i].item->kind == SKELETON_SEGMENT) continue;
    enum skeleton_fit fit = s->passed[i].must ? SKELETON_FIT_KEY : SKELETON_FIT_FULL;
    if (stands_at(m, s->passed[i].item, next, fit) || stands_at(m, s->passed[i].item, behind, fit)) return i;
  }
  return s->now.depth > 1 ? come_later(s) : PASSED_MAX;
}

static void pass(struct search *s, const struct skeleton_item *item, bool must) {
  if (s->passed_n < PASSED_MAX) s->passed[s->passed_n++] = (struct passed){item, must};
}

static int cost_of_passed(const struct search *s, size_t n) {
  int cost = 0;
  for (size_t i = 0; i < n; i++) cost += s->passed[i].must ? COST_SKIPPED : 0;
  return cost < COST_SKIPPED_MAX ? cost : COST_SKIPPED_MAX;
}

/* What is wrong with the place. What comes too early is out of place where it is seen at once that it is: in the group
 * that is open, or as a group beside the one that comes next. A segment that comes too late leaves no group. */
static int cost_of_place(struct search *s, const struct skeleton_item *group, const struct skeleton_item *item,
                         size_t inside) {
  struct candidate *c = &s->now;
  bool late = c->again || c->further_up;
  if (late && c->depth == 1) return COST_AGAIN;
  size_t next = comes_next(s, group, item, inside);
  if (next < s->left_n) return COST_FOUND_LATER;
  if (late) return COST_AGAIN + cost_of_passed(s, s->left_n);
  if (next == PASSED_MAX) return cost_of_passed(s, s->passed_n);
  c->early = !inside && (c->depth > 1 || c->frame == s->m->current);
  if (!c->early) return COST_FOUND_LATER;
  return (c->depth > 1 ? COST_EARLY : COST_AGAIN) + cost_of_passed(s, s->left_n);
}

static bool is_moved(const struct candidate *c) {
  return c->again || c->further_up || c->early;
}

/* What this segment would be taken for comes further on. */
static bool comes_itself(const struct matcher *m, const struct skeleton_item *item) {
  for (size_t i = m->i + 1; i < m->n && i - m->i <= LOOK_AHEAD && !is_trigger(m->v[i]); i++)
    if (skeleton_fit(item, m->v[i]) == SKELETON_FIT_FULL) return true;
  return false;
}

/* One that nothing but its name fits is not moved about, and takes nothing with it; a group is entered behind its
 * beginning only for what fits wholly, and not once more. */
static bool may_stand(const struct search *s, const struct skeleton_item *item, size_t inside) {
  const struct candidate *c = &s->now;
  if (c->fit == SKELETON_FIT_NONE) return false;
  if (inside) return c->fit == SKELETON_FIT_FULL && !c->again && !c->further_up;
  if (c->fit != SKELETON_FIT_TAG) return true;
  return c->depth == 1 && c->frame == s->m->current && !comes_itself(s->m, item);
}

/* Of two that are worth the same the first one, unless that is out of place. */
static bool is_better(const struct search *s) {
  if (s->now.fit == SKELETON_FIT_TAG && is_moved(&s->now)) return false;
  if (!s->found || s->now.worth != s->best.worth) return !s->found || s->now.worth > s->best.worth;
  return !is_moved(&s->now) && is_moved(&s->best);
}

/* Weighs the place that `now` says. */
static void weigh(struct search *s, const struct skeleton_item *group, const struct skeleton_item *item,
                  size_t inside) {
  static const int worth[] = {0, WORTH_TAG, WORTH_KEY, WORTH_FULL};
  struct candidate *c = &s->now;
  c->fit = skeleton_fit(item, s->m->v[s->m->i]);
  c->early = false;
  if (!may_stand(s, item, inside)) return;
  c->worth = worth[c->fit] - cost_of_place(s, group, item, inside);
  if (c->depth > 1) c->worth += inside ? worth_of_group(s->m, group) / 4 : worth_of_group(s->m, group);
  if (is_better(s)) s->best = *c, s->found = true;
}

/* Every place in item (which is below the children of group) where the segment could stand. */
static void consider(struct search *s, const struct skeleton_item *group, const struct skeleton_item *item,
                     size_t inside) {
  if (item->kind == SKELETON_SEGMENT) {
    weigh(s, group, item, inside);
    return;
  }
  size_t passed = s->passed_n;
  for (size_t i = 0; i < item->items.n && inside <= SKIP_INSIDE && s->now.depth <= SKELETON_DEPTH_MAX; i++) {
    s->now.path[s->now.depth++] = i;
    consider(s, item, &item->items.v[i], inside);
    s->now.depth--;
    if (!item->items.v[i].min) continue;
    pass(s, &item->items.v[i], true);
    inside++;
  }
  s->passed_n = passed;
}

/* What is passed over when a child of an open group is left behind. */
static void pass_child(struct search *s, const struct frame *f, size_t i) {
  const struct skeleton_item *item = &f->item->items.v[i];
  if (lacks(f, i) || f->seen[lead_of(f->item, i)] < item->max) pass(s, item, lacks(f, i));
}

static void consider_child(struct search *s, size_t frame, size_t i) {
  const struct frame *f = &s->m->frames.v[frame];
  size_t lead = lead_of(f->item, i);
  s->now = (struct candidate){.frame = frame, .depth = 1, .path = {i}};
  s->now.further_up = lead < lead_of(f->item, f->at);
  s->now.again = f->seen[lead] >= f->item->items.v[lead].max;
  consider(s, f->item, &f->item->items.v[i], 0);
}

/* The places among the children of an open group: what lies ahead first, so that it wins where both are worth the
 * same. */
static void consider_frame(struct search *s, size_t frame) {
  const struct frame *f = &s->m->frames.v[frame];
  size_t passed = s->passed_n;
  s->left_n = passed;
  for (size_t i = f->at; i < f->item->items.n; i++) {
    consider_child(s, frame, i);
    if (f->seen[lead_of(f->item, i)] == 0) pass_child(s, f, i);
  }
  s->passed_n = passed;
  for (size_t i = 0; i < f->at; i++) consider_child(s, frame, i);
}

/* The best place for the current segment, in the open groups from the inmost one outwards. */
static void search(struct search *s) {
  for (size_t frame = s->m->current;; frame = s->m->frames.v[frame].up) {
    const struct frame *f = &s->m->frames.v[frame];
    if (f->item) consider_frame(s, frame);
    if (!frame) return;
    for (size_t i = f->at; f->item && i < f->item->items.n; i++) pass_child(s, f, i);
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
      size_t next = next_other(m, item);
      for (size_t k = f->at; k < i; k++)
        if (f->seen[lead_of(f->item, k)] == 0 && stands_at(m, &f->item->items.v[k], next, SKELETON_FIT_FULL))
          return false;
      *c = (struct candidate){.frame = m->current, .depth = 1, .path = {i}, .fit = SKELETON_FIT_FULL};
      return true;
    }
    bool last = i + 1 == f->item->items.n || !f->item->items.v[i + 1].alternative;
    if (last && f->seen[lead] < f->item->items.v[lead].min) return false;
  }
  return false;
}

static void place(struct matcher *m, const struct skeleton_item *item, size_t group) {
  *VEC_ADD(m->arena, &m->out->places) = (struct skeleton_place){.segment = m->v[m->i], .item = item, .group = group};
}

static void deviate(struct matcher *m, enum skeleton_deviation_kind kind, const struct skeleton_item *item,
                    size_t frame) {
  const struct frame *f = &m->frames.v[frame];
  skeleton_deviate(m->out, m->arena,
                   (struct skeleton_deviation){.kind = kind,
                                               .node = m->v[m->i],
                                               .item = item,
                                               .group = f->item,
                                               .parent = frame ? m->frames.v[f->up].item : NULL});
}

static size_t count_of_name(const struct skeleton_item *group, struct str name) {
  size_t n = 0;
  for (size_t i = 0; group && i < group->items.n; i++) n += str_eq(group->items.v[i].name, name);
  return n;
}

/* Several of its name stand here (or begin groups of one name), and it is none of them: that is told once, and not as
 * a wrong value. */
static bool is_unknown(const struct matcher *m, const struct skeleton_item *item, size_t group) {
  const struct frame *f = &m->frames.v[group];
  if (count_of_name(f->item, item->name) > 1) return true;
  return group && f->item->kind == SKELETON_GROUP && f->item->items.n > 1 && item == &f->item->items.v[1] &&
         count_of_name(m->frames.v[f->up].item, f->item->name) > 1;
}

static void place_and_check(struct matcher *m, const struct skeleton_item *item, size_t group, enum skeleton_fit fit) {
  place(m, item, group);
  if (fit == SKELETON_FIT_TAG && is_unknown(m, item, group))
    deviate(m, SKELETON_QUALIFIER, item, group);
  else
    skeleton_check_values(m->out, m->arena, &m->out->places.v[m->out->places.n - 1]);
}

/* A segment that comes too late or too early stays where it stands, in the group that is open. */
static void settle_moved(struct matcher *m, const struct candidate *c) {
  struct frame *f = &m->frames.v[c->frame];
  const struct skeleton_item *item = &f->item->items.v[c->path[0]];
  f->seen[lead_of(f->item, c->path[0])]++;
  deviate(m, c->again ? SKELETON_OFTEN : SKELETON_ORDER, item, c->frame);
  place(m, item, m->current);
  skeleton_check_values(m->out, m->arena, &m->out->places.v[m->out->places.n - 1]);
}

/* Moves on to a child; what is passed over for it is missing if it does not come later. */
static const struct skeleton_item *advance(struct matcher *m, size_t frame, size_t child) {
  struct frame *f = &m->frames.v[frame];
  size_t lead = lead_of(f->item, child);
  for (; f->at < lead; f->at++)
    if (lacks(f, f->at)) f->passed[f->at] = m->v[m->i];
  f->seen[lead]++;
  return &f->item->items.v[child];
}

static void settle(struct matcher *m, const struct candidate *c) {
  bool moved = is_moved(c);
  if (moved && c->depth == 1) {
    settle_moved(m, c);
    return;
  }
  close_to(m, c->frame);
  const struct skeleton_item *item;
  struct frame *f = &m->frames.v[c->frame];
  if (moved) {
    item = &f->item->items.v[c->path[0]];
    f->seen[lead_of(f->item, c->path[0])]++;
    deviate(m, c->again ? SKELETON_OFTEN_GROUP : SKELETON_ORDER, item, c->frame);
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
static size_t own_group(const struct matcher *m) {
  size_t frame = m->current;
  while (frame && m->frames.v[frame].item && m->frames.v[frame].item->kind == SKELETON_SEQUENCE)
    frame = m->frames.v[frame].up;
  return frame;
}

/* A segment without a place; a trigger takes what is behind it along. */
static void stray(struct matcher *m) {
  size_t own = own_group(m);
  const struct skeleton_item *group = m->frames.v[own].item, *same = NULL;
  const struct node *s = m->v[m->i];
  for (size_t i = 0; group && i < group->items.n && !same; i++)
    if (str_eq(group->items.v[i].name, s->name) && group->items.v[i].kind == SKELETON_SEGMENT)
      same = &group->items.v[i];
  bool qualifier = same && skeleton_fit(same, s) == SKELETON_FIT_TAG;
  deviate(m, qualifier ? SKELETON_QUALIFIER : SKELETON_STRAY, qualifier ? same : NULL, own);
  if (is_trigger(s)) m->current = push(m, NULL, m->current);
  place(m, NULL, m->current);
}

/* A group of that name in a group that is open, if there is one and none of them may be empty. */
static const struct skeleton_item *never_empty(const struct matcher *m, struct str name) {
  const struct skeleton_item *found = NULL;
  for (size_t frame = m->current;; frame = m->frames.v[frame].up) {
    const struct skeleton_item *in = m->frames.v[frame].item;
    for (size_t i = 0; in && i < in->items.n; i++) {
      const struct skeleton_item *group = &in->items.v[i];
      if (group->kind != SKELETON_GROUP || !str_eq(group->name, name)) continue;
      if (group->items.n < 2 || !group->items.v[1].min) return NULL;
      found = group;
    }
    if (!frame) return found;
  }
}

/* A trigger that stands twice, where its group has more in it than that, is the one wrong thing. */
static bool is_doubled_trigger(struct matcher *m) {
  const struct node *s = m->v[m->i];
  if (!is_trigger(s) || m->i + 1 == m->n || !str_eq(m->v[m->i + 1]->name, s->name)) return false;
  const struct skeleton_item *group = never_empty(m, s->name);
  if (!group) return false;
  skeleton_deviate(
      m->out, m->arena,
      (struct skeleton_deviation){.kind = SKELETON_OFTEN, .node = s, .item = &group->items.v[0], .group = group});
  place(m, NULL, m->current);
  return true;
}

static void match_segment(struct matcher *m) {
  struct search s = {.m = m};
  if (m->out->dropped >= SKELETON_DEVIATIONS_MAX) { /* it is no such message: looking on costs time and tells nothing */
    place(m, NULL, m->current);
    return;
  }
  if (!m->frames.v[m->current].item) { /* in an unknown group nothing is known */
    if (!is_trigger(m->v[m->i])) {
      place(m, NULL, m->current);
      return;
    }
    m->current = m->frames.v[m->current].up;
  }
  if (is_doubled_trigger(m)) return;
  if (is_next(m, &s.best)) {
    settle(m, &s.best);
    return;
  }
  search(&s);
  if (s.found && s.best.worth >= WORTH_LEAST)
    settle(m, &s.best);
  else
    stray(m);
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

static bool is_behind(const struct node *x, const struct node *y) {
  return x->line > y->line || (x->line == y->line && x->col > y->col);
}

/* What is missing was found out later than where it is told: by position, and at one place as found. */
static void in_order(struct skeleton_match *m) {
  for (size_t i = 1; i < m->deviations.n; i++) {
    struct skeleton_deviation d = m->deviations.v[i];
    size_t k = i;
    for (; k > 0 && is_behind(m->deviations.v[k - 1].node, d.node); k--) m->deviations.v[k] = m->deviations.v[k - 1];
    m->deviations.v[k] = d;
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
  report_lacks(&m, &m.frames.v[0], m.n ? m.v[m.n - 1] : message);
  in_order(out);
}
