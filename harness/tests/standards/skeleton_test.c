/* Every skeleton that is shipped: a message made from it fits it, and each of its segments, dropped, doubled, swapped
 * with the next or spoilt in a value, gives the deviation that says so. */
#include "standards/skeleton.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"

#define BYTES_MAX ((size_t)1 << 20)

/* A segment of a made message, and the item that it was made from. */
struct made {
  struct str text;
  const struct skeleton_item *item;
};

struct making {
  struct arena *arena;
  VEC(struct made) segments;
  bool optional; /* with what may be left out, once */
};

static struct str code_of(const struct skeleton_part *p) {
  return p->kind == SKELETON_FIXED ? p->text : p->codes->codes.v[0];
}

static struct str date_of(struct str format) {
  static const char *const dates[][2] = {{"102", "20260228"}, {"203", "202602282359"}, {"204", "20260228235959"},
                                         {"401", "2359"},     {"616", "202653"},       {"103", "00402"}};
  for (size_t i = 0; i < sizeof dates / sizeof dates[0]; i++)
    if (str_eqz(format, dates[i][0])) return str_z(dates[i][1]);
  return STR("1");
}

static struct str value_of(const struct skeleton_part *p) {
  if (p->kind <= SKELETON_CODED) return code_of(p);
  return p->kind == SKELETON_DATE ? date_of(p->text) : p->kind == SKELETON_NUMBER ? STR("1") : STR("x");
}

/* The segment, with `spoilt` (or none) holding another value. */
static struct str segment_text(struct arena *a, const struct skeleton_item *item, const struct skeleton_part *spoilt,
                               struct str value) {
  struct str s = item->name;
  size_t element = 0, component = 1;
  for (size_t i = 0; i < item->parts.n; i++) {
    const struct skeleton_part *p = &item->parts.v[i];
    for (; element < p->element; element++, component = 1) s = arena_printf(a, "%.*s+", STR_F(s));
    for (; component < p->component; component++) s = arena_printf(a, "%.*s:", STR_F(s));
    struct str v = p == spoilt ? value : value_of(p);
    s = arena_printf(a, "%.*s%.*s", STR_F(s), STR_F(v));
    component += p->kind == SKELETON_CODED && p != spoilt ? p->span - 1 : 0;
  }
  return s;
}

static void make(struct making *m, const struct skeleton_item *group) {
  for (size_t i = 0; i < group->items.n; i++) {
    const struct skeleton_item *item = &group->items.v[i];
    if (item->alternative || (!item->min && !m->optional)) continue;
    for (uint32_t n = 0; n < (item->min ? item->min : 1); n++) {
      if (item->kind == SKELETON_SEGMENT)
        VEC_PUSH(m->arena, &m->segments, ((struct made){segment_text(m->arena, item, NULL, (struct str){0}), item}));
      else
        make(m, item);
    }
  }
}

/* Letters of two bytes become one: UNOC is ISO 8859-1. */
static struct str to_latin(struct arena *a, struct str s) {
  char *p = arena_alloc(a, s.n + 1);
  size_t n = 0;
  for (size_t i = 0; i < s.n; i++) p[n++] = s.p[i] == '\xc3' && i + 1 < s.n ? (char)(s.p[++i] | 0x40) : s.p[i];
  return (struct str){p, n};
}

static void read_made(struct node **out, struct arena *a, const struct making *m) {
  struct buf b;
  struct findings f;
  buf_init(&b, BYTES_MAX);
  findings_init(&f, a);
  buf_printf(&b, "UNB+UNOC:3+5790000000005:14+5790000000012:14+260228:1200+1'UNH+1+X:D:93A:UN:X+X'");
  for (size_t i = 0; i < m->segments.n; i++) {
    bool file = str_starts(m->segments.v[i].text, STR("UNO")); /* of one octet */
    buf_printf(&b, "%.*s'%s", STR_F(m->segments.v[i].text), file ? "x" : "");
  }
  buf_printf(&b, "UNT+%zu+1'UNZ+1+1'", m->segments.n + 2);
  cr_assert_eq(edifact_read(out, a, (struct source){STR("m"), to_latin(a, buf_take(&b, a))}, &f), 0);
}

static void match_made(struct skeleton_match *out, struct arena *a, const struct skeleton *s, const struct making *m) {
  struct node *root;
  read_made(&root, a, m);
  skeleton_match(out, a, s, edifact_message(root));
}

static const char *describe(struct arena *a, const struct skeleton_match *m) {
  struct str s = {0};
  for (size_t i = 0; i < m->deviations.n && i < 8; i++) {
    const struct skeleton_deviation *d = &m->deviations.v[i];
    struct str item = d->item ? skeleton_item_text(a, d->item) : STR("-");
    s = arena_printf(a, "%.*s [%d %.*s at %d:%d]", STR_F(s), d->kind, STR_F(item), d->node->line, d->node->col);
  }
  return s.n ? s.p : "nothing";
}

static bool has(const struct skeleton_match *m, enum skeleton_deviation_kind kind) {
  for (size_t i = 0; i < m->deviations.n; i++)
    if (m->deviations.v[i].kind == kind) return true;
  return false;
}

/* Whether a message fits, found out in another way: of a group, the places where it may end, of all where it may
 * begin. Slow, and it tells nothing but yes or no. */
struct oracle {
  struct arena *arena;
  struct node **v;
  size_t n;
};

static bool *places(const struct oracle *o) {
  return ARENA_ARRAY(o->arena, bool, o->n + 1);
}

static bool *end_items(const struct oracle *o, const struct skeleton_item *group, const bool *from);

static bool *end_once(const struct oracle *o, const struct skeleton_item *item, const bool *from) {
  if (item->kind != SKELETON_SEGMENT) return end_items(o, item, from);
  bool *to = places(o);
  for (size_t i = 0; i < o->n; i++) to[i + 1] = from[i] && skeleton_fit(item, o->v[i]) == SKELETON_FIT_FULL;
  return to;
}

/* One of the alternatives that begin at child i. */
static bool *end_any(const struct oracle *o, const struct skeleton_item *group, size_t i, const bool *from) {
  bool *to = end_once(o, &group->items.v[i], from);
  for (size_t k = i + 1; k < group->items.n && group->items.v[k].alternative; k++) {
    const bool *more = end_once(o, &group->items.v[k], from);
    for (size_t x = 0; x <= o->n; x++) to[x] = to[x] || more[x];
  }
  return to;
}

static bool *end_items(const struct oracle *o, const struct skeleton_item *group, const bool *from) {
  bool *at = places(o);
  memcpy(at, from, o->n + 1);
  for (size_t i = 0; i < group->items.n; i++) {
    const struct skeleton_item *item = &group->items.v[i];
    if (item->alternative) continue;
    bool *to = places(o), any = true;
    if (!item->min) memcpy(to, at, o->n + 1);
    for (size_t times = 1; any && times <= item->max && times <= o->n + 1; times++) {
      at = end_any(o, group, i, at);
      any = false;
      for (size_t x = 0; x <= o->n; x++) any = any || at[x], to[x] = to[x] || (times >= item->min && at[x]);
    }
    at = to;
  }
  return at;
}

static bool is_right(struct arena *a, const struct skeleton *s, const struct skeleton_match *m) {
  struct oracle o = {.arena = a, .n = m->places.n};
  o.v = ARENA_ARRAY(a, struct node *, o.n + 1);
  for (size_t i = 0; i < o.n; i++) o.v[i] = m->places.v[i].segment;
  bool *from = places(&o);
  from[0] = true;
  return end_items(&o, &s->root, from)[o.n];
}

/* A message, some of which is spoilt in each way; how many were so that it is wrong, and how many of those gave more
 * than one deviation. */
struct trial {
  struct arena *arena;
  const struct skeleton *skeleton;
  struct str name;
  struct making made;
  size_t wrong, more, most;
};

static void show(const struct trial *t, const char *how, size_t at, const struct skeleton_match *m) {
  if (m->deviations.n > 1 && getenv("SKELETON_SHOW"))
    fprintf(stderr, "%.*s: %s %.*s (%zu): %s\n", STR_F(t->name), how, STR_F(t->made.segments.v[at].text), at,
            describe(t->arena, m));
}

/* Segments were moved: that is told just where the message is wrong for it. */
static void expect_moved(struct trial *t, const struct making *broken, size_t at, const char *how) {
  struct arena_mark mark = arena_mark(t->arena);
  struct skeleton_match m;
  match_made(&m, t->arena, t->skeleton, broken);
  bool right = is_right(t->arena, t->skeleton, &m);
  cr_expect_eq(m.deviations.n == 0, right, "%.*s: %s %.*s (%zu) is %s, but gives %s", STR_F(t->name), how,
               STR_F(t->made.segments.v[at].text), at, right ? "right" : "wrong", describe(t->arena, &m));
  t->wrong += !right;
  t->more += m.deviations.n > 1;
  t->most = m.deviations.n > t->most ? m.deviations.n : t->most;
  show(t, how, at, &m);
  arena_rewind(t->arena, mark);
}

static struct making copy_made(struct trial *t) {
  struct making m = {.arena = t->arena};
  for (size_t i = 0; i < t->made.segments.n; i++) VEC_PUSH(t->arena, &m.segments, t->made.segments.v[i]);
  return m;
}

static void try_drop(struct trial *t, size_t at) {
  struct making m = copy_made(t);
  memmove(&m.segments.v[at], &m.segments.v[at + 1], (m.segments.n - at - 1) * sizeof *m.segments.v);
  m.segments.n--;
  expect_moved(t, &m, at, "without");
}

static void try_double(struct trial *t, size_t at) {
  struct making m = copy_made(t);
  struct made again = m.segments.v[at];
  VEC_PUSH(t->arena, &m.segments, again);
  memmove(&m.segments.v[at + 1], &m.segments.v[at], (m.segments.n - at - 1) * sizeof *m.segments.v);
  expect_moved(t, &m, at, "twice");
}

static void try_swap(struct trial *t, size_t at) {
  struct making m = copy_made(t);
  if (at + 1 == m.segments.n) return;
  struct made first = m.segments.v[at];
  m.segments.v[at] = m.segments.v[at + 1];
  m.segments.v[at + 1] = first;
  size_t more = t->more; /* a trigger that changes places with its neighbour is two things wrong at least */
  expect_moved(t, &m, at, "swapped");
  t->more = more;
}

static void try_value(struct trial *t, size_t at, const struct skeleton_part *p, const char *value,
                      enum skeleton_deviation_kind kind) {
  struct arena_mark mark = arena_mark(t->arena);
  struct skeleton_match match;
  struct making m = copy_made(t);
  struct made *s = &m.segments.v[at];
  s->text = segment_text(t->arena, s->item, p, str_z(value));
  match_made(&match, t->arena, t->skeleton, &m);
  cr_expect(has(&match, kind), "%.*s: %.*s gives %s", STR_F(t->name), STR_F(s->text), describe(t->arena, &match));
  t->wrong++;
  t->more += match.deviations.n > 1;
  show(t, "value", at, &match);
  arena_rewind(t->arena, mark);
}

static void try_values(struct trial *t, size_t at) {
  const struct skeleton_item *item = t->made.segments.v[at].item;
  static char longer[513];
  memset(longer, 'x', sizeof longer - 1);
  for (size_t i = 0; i < item->parts.n; i++) {
    const struct skeleton_part *p = &item->parts.v[i];
    if (p->kind == SKELETON_TEXT && p->max && p->max < sizeof longer - 1)
      try_value(t, at, p, longer + sizeof longer - 2 - p->max, SKELETON_TOO_LONG);
    if (p->kind == SKELETON_DATE && !str_eqz(p->text, "103")) try_value(t, at, p, "20260230", SKELETON_WRONG_DATE);
    if (p->kind == SKELETON_NUMBER) try_value(t, at, p, "x1", SKELETON_WRONG_NUMBER);
    if (p->kind == SKELETON_FREE) try_value(t, at, p, longer + 400, SKELETON_WRONG_TEXT);
  }
}

static void try_all(struct trial *t) {
  for (size_t i = 0; i < t->made.segments.n; i++) {
    try_drop(t, i);
    try_double(t, i);
    try_swap(t, i);
    try_values(t, i);
  }
}

static void expect_fits(struct trial *t, const char *what) {
  struct skeleton_match m;
  match_made(&m, t->arena, t->skeleton, &t->made);
  cr_expect_eq(m.deviations.n, 0, "%.*s, %s: %s", STR_F(t->name), what, describe(t->arena, &m));
  cr_expect_eq(m.places.n, t->made.segments.n);
}

static struct skeletons *shipped(struct arena *a) {
  struct skeletons *s;
  struct error e;
  cr_assert_eq(skeletons_load(&s, a, TEST_ROOT, &e), 0, "%s:%d: %s", e.file, e.line, e.text);
  return s;
}

static void each_shipped(void (*fn)(struct trial *t), struct trial *total) {
  struct arena *own = arena_new(0);
  const struct skeletons *s = shipped(own);
  for (size_t i = 0; i < s->versions.n; i++) {
    const struct skeleton_version *v = &s->versions.v[i];
    if (v->fidelity != SKELETON_FULL) continue;
    struct arena *a = arena_new(0);
    struct trial t = {.arena = a, .name = v->version};
    struct error e;
    struct skeleton *skeleton;
    cr_assert_eq(skeletons_open(&skeleton, a, s, v, &e), 0, "%s:%d:%d: %s", e.file, e.line, e.col, e.text);
    t.skeleton = skeleton;
    fn(&t);
    total->wrong += t.wrong, total->more += t.more;
    total->most = t.most > total->most ? t.most : total->most;
    arena_free(a);
  }
  arena_free(own);
}

static void fit_both(struct trial *t) {
  t->made = (struct making){.arena = t->arena};
  make(&t->made, &t->skeleton->root);
  expect_fits(t, "with what must be there");
  t->made = (struct making){.arena = t->arena, .optional = true};
  make(&t->made, &t->skeleton->root);
  expect_fits(t, "with everything once");
}

Test(skeleton, made_from_a_skeleton_a_message_fits_it) {
  struct trial total = {0};
  each_shipped(fit_both, &total);
}

/* Not those of PRODAT, which no system is approved for today and which are long, and one of those that share a file. */
static void spoil(struct trial *t) {
  if (t->name.p[0] == 'A' || (t->name.p[0] == 'U' && !str_eqz(t->name, "U0131U"))) return;
  t->made = (struct making){.arena = t->arena, .optional = true};
  make(&t->made, &t->skeleton->root);
  try_all(t);
}

Test(skeleton, whatever_is_spoilt_is_told) {
  struct trial total = {0};
  each_shipped(spoil, &total);
  cr_expect_gt(total.wrong, 5000);
  cr_expect_lt(total.more * 50, total.wrong, "%zu of %zu give more than one", total.more, total.wrong);
  if (getenv("SKELETON_SHOW"))
    fprintf(stderr, "%zu of %zu give more than one, %zu at most\n", total.more, total.wrong, total.most);
}

/* The groups of the skeleton are in the tree, and what is written stays as it was. */
static void regroup(struct trial *t) {
  struct node *root;
  struct skeleton_match m;
  struct buf before, after;
  t->made = (struct making){.arena = t->arena, .optional = true};
  make(&t->made, &t->skeleton->root);
  read_made(&root, t->arena, &t->made);
  buf_init(&before, BYTES_MAX);
  buf_init(&after, BYTES_MAX);
  edifact_write(&before, root);
  skeleton_match(&m, t->arena, t->skeleton, edifact_message(root));
  skeleton_regroup(&m, t->arena, edifact_message(root));
  edifact_write(&after, root);
  cr_expect(str_eq(buf_take(&before, t->arena), buf_take(&after, t->arena)), "%.*s", STR_F(t->name));
}

Test(skeleton, regrouping_keeps_the_order) {
  struct trial total = {0};
  each_shipped(regroup, &total);
}

static size_t count_at(struct arena *a, const struct node *root, const char *path) {
  struct edifact_hits hits = {0};
  struct error e;
  cr_assert_eq(edifact_find(&hits, a, root, str_z(path), &e), 0, "%s", e.text);
  return hits.n;
}

Test(skeleton, groups_without_a_trigger_are_found) {
  struct arena *a = arena_new(0);
  const struct skeletons *s = shipped(a);
  struct skeleton *skeleton;
  struct skeleton_match m;
  struct error e;
  struct node *root;
  struct making made = {.arena = a, .optional = true};
  cr_assert_eq(skeletons_open(&skeleton, a, s, skeletons_version(s, STR("R0131K")), &e), 0, "%s", e.text);
  make(&made, &skeleton->root);
  read_made(&root, a, &made);
  cr_expect_eq(count_at(a, root, "S18/GIS"), 0);
  cr_expect_eq(count_at(a, root, "S16/GIS"), 1);
  skeleton_match(&m, a, skeleton, edifact_message(root));
  skeleton_regroup(&m, a, edifact_message(root));
  cr_expect_eq(count_at(a, root, "S18/GIS"), 1);
  cr_expect_eq(count_at(a, root, "S16/GIS"), 0);
  cr_expect_eq(count_at(a, root, "S18/S20/RND"), 1);
  arena_free(a);
}

Test(skeleton, an_interchange_is_regrouped) {
  static const char text[] = "UNB+UNOC:3+1:14+2:14+260228:1200+1'UNH+1+MEDPRE:0:962:RT:LMS016+PRE01'BGM+PRS:SKL:SST++9'"
                             "DTM+137:20260228120000:204'PNA+PO+A:AUT+1:YNR:SFU+++US:x'COM+1:TE'PNA+SE++1::9'"
                             "DTM+97:20260228:102'UNT+8+1'UNH+2+MEDREF:D:93A:UN:H0832R+REF08'S01+01'UNT+3+2'UNZ+2+1'";
  struct arena *a = arena_new(0);
  struct findings f;
  struct error e;
  struct node *root;
  findings_init(&f, a);
  cr_assert_eq(edifact_read(&root, a, (struct source){STR("m"), STR(text)}, &f), 0);
  cr_assert_eq(skeletons_regroup(shipped(a), a, root, &e), 0, "%s", e.text);
  cr_expect_eq(count_at(a, root, "S01/PNA"), 2);
  cr_expect_eq(count_at(a, root, "S02/DTM+97"), 1);
  cr_expect_eq(count_at(a, root, "message[2]/S01/S01"), 1);
  arena_free(a);
}

static void expect_mistake(const char *text, int line, int col, const char *says) {
  struct arena *a = arena_new(0);
  struct skeleton_lists lists = {0};
  struct skeleton *out;
  struct error e = {0};
  cr_assert_eq(skeleton_lists_read(&lists, a, STR("list party SKS:SST :9\n"), STR("l"), &e), 0);
  cr_expect_eq(skeleton_read(&out, a, str_z(text), STR("s"), &lists, &e), -1, "%s", text);
  cr_expect(e.line == line && e.col == col && strstr(e.text, says), "%s: %d:%d: %s", text, e.line, e.col, e.text);
  arena_free(a);
}

Test(skeleton, mistakes_have_a_place) {
  expect_mistake("1 BGM+<an0>\n", 1, 7, "no kind of value");
  expect_mistake("# x\n\nx BGM+A\n", 3, 1, "how often");
  expect_mistake("1 BGM+A\n    1 DTM+B\n", 2, 5, "indented too far");
  expect_mistake("1 NAD+@praty\n", 1, 13, "no list of codes");
  expect_mistake("1 S01\n1 BGM+(A|B\n", 2, 11, "')' is missing");
  expect_mistake("1 NAD+(A|B:C)\n", 1, 7, "components");
  expect_mistake("1 S18 hidden\n1 BGM+A\n", 1, 1, "without a segment");
  expect_mistake("| BGM+A\n", 1, 1, "nothing before it");
  expect_mistake("2..1 BGM+A\n", 1, 1, "how often");
  expect_mistake("1 bgm\n", 1, 3, "is expected here");
}

Test(skeleton, mistakes_in_the_table_of_those_alike) {
  struct arena *a = arena_new(0);
  struct skeletons s = {0};
  struct error e = {0};
  cr_expect_eq(skeleton_alike_read(&s, a, STR("# c\nU0131U\tinvoice\n"), STR("v"), &e), 0, "%s", e.text);
  cr_expect_eq(skeleton_alike_read(&s, a, STR("U0131U\n"), STR("v"), &e), -1);
  cr_expect_eq(skeleton_alike_read(&s, a, STR("# c\nU0131U\t../invoice\n"), STR("v"), &e), -1);
  cr_expect_eq(e.line, 2);
  arena_free(a);
}
