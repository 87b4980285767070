/* Who meets whom in two lists.
 *
 * By position: the longest common subsequence by hash, then what is equal but moved, then within the gaps what is
 * most alike. By key or as a set: equal keys, then equal hashes, then the most alike. Every exact step has a bound;
 * beyond it the k-th of a hash meets the k-th. */
#include "diff/diff_int.h"

static void view_pair(struct view *e, struct view *a) {
  e->partner = a;
  a->partner = e;
}

/* ---- by hash ---- */

struct queue {
  size_t next;
  VEC(size_t) at;
};

static struct str hash_key(const struct view *v, enum hash which) {
  return (struct str){(const char *)&v->hash[which], sizeof v->hash[which]};
}

static void pair_by_hash(struct arena *scratch, struct group *expected, struct group *actual, enum hash which) {
  struct map queues;
  map_init(&queues, scratch);
  for (size_t i = 0; i < actual->items.n; i++) {
    struct view *v = actual->items.v[i];
    if (v->partner) continue;
    struct queue *q = map_get(&queues, hash_key(v, which));
    if (!q) {
      q = ARENA_NEW(scratch, struct queue);
      map_set(&queues, hash_key(v, which), q);
    }
    VEC_PUSH(scratch, &q->at, i);
  }
  for (size_t i = 0; i < expected->items.n && queues.n; i++) {
    struct view *v = expected->items.v[i];
    struct queue *q = v->partner ? NULL : map_get(&queues, hash_key(v, which));
    if (q && q->next < q->at.n) view_pair(v, actual->items.v[q->at.v[q->next++]]);
  }
}

static void pair_by_hashes(struct arena *scratch, struct group *expected, struct group *actual) {
  pair_by_hash(scratch, expected, actual, HASH_CONTENT);
  pair_by_hash(scratch, expected, actual, HASH_TYPE);
  pair_by_hash(scratch, expected, actual, HASH_ALIKE);
}

/* ---- likeness ---- */

/* Children of one name meet by position; *budget is how many more nodes may be looked at. */
static unsigned likeness(const struct view *x, const struct view *y, size_t *budget) {
  if (x->hash[HASH_ALIKE] == y->hash[HASH_ALIKE]) return 1000;
  if (!diff_same_name(x->n, y->n) || !str_eq(x->n->type, y->n->type) || *budget == 0) return 0;
  --*budget;
  size_t parts = 0, sum = 0;
  for (unsigned g = 0; g < x->groups_n; g++) {
    const struct group *xs = &x->groups[g], *ys = NULL;
    for (unsigned k = 0; k < y->groups_n && k < DIFF_LIKE_NODES && !ys; k++)
      if (diff_same_name(y->groups[k].items.v[0]->n, xs->items.v[0]->n)) ys = &y->groups[k];
    for (size_t i = 0; i < xs->items.n && *budget; i++, parts++)
      if (ys && i < ys->items.n) sum += likeness(xs->items.v[i], ys->items.v[i], budget);
  }
  return parts ? (unsigned)(sum / parts) : 0;
}

static unsigned view_likeness(const struct view *x, const struct view *y) {
  size_t budget = DIFF_LIKE_NODES;
  return likeness(x, y, &budget);
}

/* ---- the best path through a table ---- */

struct window {
  struct view **e, **a;
  size_t n, m;
};

typedef unsigned weight_fn(const struct view *, const struct view *);

static unsigned equal_weight(const struct view *e, const struct view *a) {
  if (e->hash[HASH_ALIKE] != a->hash[HASH_ALIKE]) return 0;
  if (e->hash[HASH_CONTENT] == a->hash[HASH_CONTENT]) return 4;
  return e->hash[HASH_TYPE] == a->hash[HASH_TYPE] ? 3 : 2;
}

/* Something with a partner says more than one missing and one extra. */
static unsigned like_weight(const struct view *e, const struct view *a) {
  return 1 + view_likeness(e, a);
}

/* Pairs in order so that the sum of weights is the largest; weight 0 never pairs. */
static void pair_best(struct arena *scratch, struct window w, weight_fn *weight) {
  size_t wide = w.m + 1;
  uint32_t *best = ARENA_ARRAY(scratch, uint32_t, (w.n + 1) * wide);
  uint16_t *pair = ARENA_ARRAY(scratch, uint16_t, (w.n + 1) * wide);
  for (size_t i = w.n; i-- > 0;) {
    for (size_t k = w.m; k-- > 0;) {
      size_t at = i * wide + k;
      unsigned got = weight(w.e[i], w.a[k]);
      uint32_t skip = best[at + wide] > best[at + 1] ? best[at + wide] : best[at + 1];
      pair[at] = (uint16_t)got;
      best[at] = got && got + best[at + wide + 1] >= skip ? got + best[at + wide + 1] : skip;
    }
  }
  for (size_t i = 0, k = 0; i < w.n && k < w.m;) {
    size_t at = i * wide + k;
    if (pair[at] && best[at] == pair[at] + best[at + wide + 1])
      view_pair(w.e[i++], w.a[k++]);
    else if (best[at] == best[at + wide])
      i++;
    else
      k++;
  }
}

static void pair_in_order(struct window w) {
  for (size_t i = 0; i < w.n && i < w.m; i++) view_pair(w.e[i], w.a[i]);
}

/* ---- lists by position ---- */

/* Pairs what is equal at both ends and narrows w to what is between. */
static void trim_ends(struct window *w, enum hash which) {
  while (w->n && w->m && w->e[0]->hash[which] == w->a[0]->hash[which]) {
    view_pair(*w->e++, *w->a++);
    w->n--;
    w->m--;
  }
  while (w->n && w->m && w->e[w->n - 1]->hash[which] == w->a[w->m - 1]->hash[which])
    view_pair(w->e[--w->n], w->a[--w->m]);
}

/* Marks as moved what does not lie on a longest run of pairs that stand in the same order on both sides. */
static void mark_moved(struct arena *scratch, struct group *expected) {
  size_t n = expected->items.n, length = 0;
  size_t *tail = ARENA_ARRAY(scratch, size_t, n + 1), *before = ARENA_ARRAY(scratch, size_t, n + 1);
  struct view **e = expected->items.v;
  for (size_t i = 0; i < n; i++) {
    if (!e[i]->partner) continue;
    size_t low = 0, high = length;
    while (low < high) {
      size_t middle = (low + high) / 2;
      if (e[tail[middle]]->partner->index < e[i]->partner->index)
        low = middle + 1;
      else
        high = middle;
    }
    before[i] = low ? tail[low - 1] : SIZE_MAX;
    tail[low] = i;
    if (low == length) length++;
    e[i]->flags |= VIEW_MOVED;
  }
  for (size_t i = length ? tail[length - 1] : SIZE_MAX; i != SIZE_MAX; i = before[i])
    e[i]->flags &= ~(unsigned)VIEW_MOVED;
}

static bool take_cells(struct window w, size_t *cells, size_t bound, size_t each) {
  if (w.n > bound || w.m > bound || w.n * w.m > bound || w.n * w.m * each > *cells) return false;
  *cells -= w.n * w.m * each;
  return true;
}

static void gap_close(struct arena *scratch, struct window *gap, size_t *cells) {
  if (gap->n == 1 && gap->m == 1)
    view_pair(gap->e[0], gap->a[0]);
  else if (gap->n && gap->m && take_cells(*gap, cells, DIFF_LIKE_CELLS, DIFF_LIKE_COST))
    pair_best(scratch, *gap, like_weight);
  else
    pair_in_order(*gap);
  gap->n = gap->m = 0;
}

/* Pairs what is left between two pairs that stand in order. */
static void pair_gaps(struct arena *scratch, struct group *expected, struct group *actual, size_t *cells) {
  size_t n = expected->items.n, m = actual->items.n, k = 0;
  struct window gap = {ARENA_ARRAY(scratch, struct view *, n + 1), ARENA_ARRAY(scratch, struct view *, m + 1), 0, 0};
  for (size_t i = 0; i <= n; i++) {
    struct view *e = i < n ? expected->items.v[i] : NULL;
    if (e && !e->partner) gap.e[gap.n++] = e;
    if (e && (!e->partner || (e->flags & VIEW_MOVED))) continue;
    size_t end = e ? e->partner->index : m;
    for (; k < end; k++)
      if (!actual->items.v[k]->partner) gap.a[gap.m++] = actual->items.v[k];
    gap_close(scratch, &gap, cells);
  }
}

void diff_align_lists(struct arena *scratch, struct group *expected, struct group *actual, size_t *cells) {
  struct window w = {expected->items.v, actual->items.v, expected->items.n, actual->items.n};
  trim_ends(&w, HASH_CONTENT);
  if (w.n == 0 || w.m == 0) return;
  if (w.n == 1 && w.m == 1) {
    view_pair(w.e[0], w.a[0]);
    return;
  }
  arena_reset(scratch);
  if (take_cells(w, cells, DIFF_LCS_CELLS, 1))
    pair_best(scratch, w, equal_weight);
  else
    trim_ends(&w, HASH_ALIKE);
  pair_by_hashes(scratch, expected, actual);
  mark_moved(scratch, expected);
  pair_gaps(scratch, expected, actual, cells);
}

/* ---- lists by key, and sets ---- */

static const struct node *key_step(const struct node *n, struct str name) {
  while (n && n->kind == NODE_ARRAY) n = n->first;
  if (!n) return NULL;
  if (str_starts(name, STR("@"))) return node_attr(n, name.p + 1);
  return node_child_str(n, name);
}

/* The view of node n, a child of v, or NULL if it is ignored. */
static const struct view *key_view(const struct view *v, const struct node *n) {
  for (unsigned g = 0; v && g < v->groups_n; g++)
    if (v->groups[g].items.v[0]->n == n) return v->groups[g].items.v[0];
  return NULL;
}

static void key_add(struct buf *out, const struct view *item, struct str path, bool expected) {
  const struct node *n = item->n;
  const struct view *v = item;
  while (path.n && n) {
    struct str name = str_cut(&path, '.');
    if (str_eqz(name, "resourceType") && n->type.n) {
      buf_add(out, n->type);
      return;
    }
    n = key_step(n, name);
    v = key_view(v, n);
  }
  const struct id *id = v ? v->id : NULL;
  if (id && id->partner)
    buf_add(out, expected ? id->partner->value : id->value);
  else if (n && !id)
    buf_add(out, n->text);
}

static struct str key_of(struct arena *scratch, const struct view *item, const struct match *m, bool expected) {
  struct buf out;
  buf_init(&out, DIFF_KEY_MAX);
  for (size_t i = 0; i < m->keys_n; i++) {
    key_add(&out, item, m->keys[i], expected);
    buf_byte(&out, '\n');
  }
  return buf_take(&out, scratch);
}

struct bucket {
  struct group e, a;
};

static struct bucket *bucket_of(struct arena *scratch, struct map *buckets, struct str key) {
  struct bucket *b = map_get(buckets, key);
  if (b) return b;
  b = ARENA_NEW(scratch, struct bucket);
  map_set(buckets, key, b);
  return b;
}

/* What is left of a group without a partner. */
static size_t left_over(struct arena *scratch, const struct group *g, struct view ***out) {
  size_t n = 0;
  *out = ARENA_ARRAY(scratch, struct view *, g->items.n + 1);
  for (size_t i = 0; i < g->items.n; i++)
    if (!g->items.v[i]->partner) (*out)[n++] = g->items.v[i];
  return n;
}

/* Each with the most alike that is free; what is like nothing stays alone. */
static void pair_alike(struct window w) {
  for (size_t i = 0; i < w.n; i++) {
    struct view *best = NULL;
    unsigned most = 0;
    for (size_t k = 0; k < w.m; k++) {
      unsigned got = w.a[k]->partner ? 0 : view_likeness(w.e[i], w.a[k]);
      if (got > most) {
        most = got;
        best = w.a[k];
      }
    }
    if (best) view_pair(w.e[i], best);
  }
}

static struct window window_left(struct arena *scratch, const struct bucket *b) {
  struct window w = {0};
  w.n = left_over(scratch, &b->e, &w.e);
  w.m = left_over(scratch, &b->a, &w.a);
  return w;
}

static void bucket_pair(struct arena *scratch, struct bucket *b, bool set, size_t *cells) {
  if (!set && b->e.items.n == 1 && b->a.items.n == 1) {
    view_pair(b->e.items.v[0], b->a.items.v[0]);
    return;
  }
  pair_by_hashes(scratch, &b->e, &b->a);
  struct window w = window_left(scratch, b);
  if (take_cells(w, cells, DIFF_LIKE_CELLS, DIFF_LIKE_COST)) pair_alike(w);
  if (!set) pair_in_order(window_left(scratch, b));
}

void diff_align_keyed(struct arena *scratch, struct group *expected, struct group *actual, const struct match *m,
                      size_t *cells) {
  struct map buckets;
  arena_reset(scratch);
  map_init(&buckets, scratch);
  for (size_t i = 0; i < expected->items.n; i++) {
    struct view *v = expected->items.v[i];
    VEC_PUSH(scratch, &bucket_of(scratch, &buckets, key_of(scratch, v, m, true))->e.items, v);
  }
  for (size_t i = 0; i < actual->items.n; i++) {
    struct view *v = actual->items.v[i];
    VEC_PUSH(scratch, &bucket_of(scratch, &buckets, key_of(scratch, v, m, false))->a.items, v);
  }
  for (size_t i = 0; i < buckets.n; i++) bucket_pair(scratch, buckets.entries[i].value, m->kind == MATCH_SET, cells);
}
