#include "base/utf8.h"
#include "standards/skeleton.h"

/* A line of the file, and how far it has been read. */
struct line {
  struct str text;
  size_t at;
  int number;
};

struct reading {
  struct arena *arena;
  struct str file, rest;
  int number;
  const struct skeleton_lists *lists;
  struct skeleton *out;
  struct error *e;
};

#define COMPLAIN(r, l, ...) error_at((r)->e, ERR_CONFIG, (r)->file, (l)->number, (int)(l)->at + 1, __VA_ARGS__)

/* The next line that is neither empty nor a comment; false at the end. */
static bool next_line(struct reading *r, struct line *l) {
  while (r->rest.n) {
    *l = (struct line){.text = str_cut(&r->rest, '\n'), .number = ++r->number};
    while (l->text.n && str_is_blank(l->text.p[l->text.n - 1])) l->text.n--;
    while (l->at < l->text.n && l->text.p[l->at] == ' ') l->at++;
    if (l->at < l->text.n && l->text.p[l->at] != '#') return true;
  }
  return false;
}

static char peek(const struct line *l) {
  return l->at < l->text.n ? l->text.p[l->at] : '\0';
}

static struct str word(struct line *l) {
  size_t from = l->at;
  while (peek(l) && peek(l) != ' ') l->at++;
  struct str s = str_sub(l->text, from, l->at);
  while (peek(l) == ' ') l->at++;
  return s;
}

/* Colons of a code divide components. */
static size_t span_of(struct str code) {
  size_t n = 1;
  for (size_t i = 0; i < code.n; i++) n += code.p[i] == ':';
  return n;
}

static int add_code(struct reading *r, const struct line *l, struct skeleton_codes *c, struct str code) {
  if (!code.n) return COMPLAIN(r, l, "a code is empty");
  if (c->codes.n == SKELETON_CODES_MAX) return COMPLAIN(r, l, "a list has at most %d codes", SKELETON_CODES_MAX);
  if (c->codes.n && span_of(code) != c->span)
    return COMPLAIN(r, l, "\"%.*s\" has %zu components, the codes before it have %zu", STR_F(code), span_of(code),
                    c->span);
  c->span = span_of(code);
  VEC_PUSH(r->arena, &c->codes, code);
  return 0;
}

static struct skeleton_codes *list_of(const struct skeleton_lists *lists, struct str name) {
  for (size_t i = 0; lists && i < lists->lists.n; i++)
    if (str_eq(lists->lists.v[i].name, name)) return &lists->lists.v[i];
  return NULL;
}

int skeleton_lists_read(struct skeleton_lists *out, struct arena *a, struct str bytes, struct str name,
                        struct error *e) {
  struct reading r = {.arena = a, .file = name, .rest = bytes, .e = e};
  struct line l;
  while (next_line(&r, &l)) {
    if (!str_eqz(word(&l), "list")) return COMPLAIN(&r, &l, "a line must begin with \"list\"");
    struct str which = word(&l);
    struct skeleton_codes *c = list_of(out, which);
    if (!which.n || !peek(&l)) return COMPLAIN(&r, &l, "a list must have a name and codes");
    if (!c) (c = VEC_ADD(a, &out->lists))->name = which;
    while (peek(&l))
      if (add_code(&r, &l, c, word(&l)) < 0) return -1;
  }
  return 0;
}

/* "1", "?", "*", "+", "0..9", "1..*" */
static int read_times(struct reading *r, struct line *l, struct skeleton_item *out) {
  static const struct {
    const char *sign;
    uint32_t min, max;
  } signs[] = {{"1", 1, 1}, {"?", 0, 1}, {"*", 0, SKELETON_UNLIMITED}, {"+", 1, SKELETON_UNLIMITED}, {"|", 0, 1}};
  struct line at = *l;
  struct str w = word(l);
  for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
    if (!str_eqz(w, signs[i].sign)) continue;
    out->min = signs[i].min, out->max = signs[i].max, out->alternative = *signs[i].sign == '|';
    return 0;
  }
  size_t dots = str_find(w, STR(".."), 0);
  int64_t min = -1, max = -1;
  if (dots != SIZE_MAX) {
    struct str upper = str_sub(w, dots + 2, w.n);
    if (!str_int(str_sub(w, 0, dots), &min)) min = -1;
    if (str_eqz(upper, "*"))
      max = SKELETON_UNLIMITED;
    else if (!str_int(upper, &max))
      max = -1;
  }
  if (min < 0 || max < 1 || max > SKELETON_UNLIMITED || min > max)
    return COMPLAIN(r, &at, "\"%.*s\" does not say how often: 1, ?, *, +, | or 0..9", STR_F(w));
  out->min = (uint32_t)min, out->max = (uint32_t)max;
  return 0;
}

/* What stands up to `end`, which is skipped. */
static int read_until(struct reading *r, struct line *l, char end, struct str *out) {
  size_t from = ++l->at;
  while (peek(l) && peek(l) != end) l->at++;
  if (!peek(l)) return COMPLAIN(r, l, "'%c' is missing", end);
  *out = str_sub(l->text, from, l->at++);
  return 0;
}

/* The inside of <> and []: "an35", "an", "n", "d203", "text". */
static int read_kind(struct reading *r, const struct line *l, struct str s, struct skeleton_part *p) {
  int64_t max = 0;
  if (str_eqz(s, "text")) {
    p->kind = SKELETON_FREE, p->span = 5;
  } else if (str_eqz(s, "n")) {
    p->kind = SKELETON_NUMBER;
  } else if (s.n == 4 && s.p[0] == 'd') {
    p->kind = SKELETON_DATE, p->text = str_sub(s, 1, 4);
  } else if (str_starts(s, STR("an")) && (s.n == 2 || (str_int(str_sub(s, 2, s.n), &max) && max > 0))) {
    p->kind = SKELETON_TEXT, p->max = (size_t)max;
  } else {
    return COMPLAIN(r, l, "\"%.*s\" is no kind of value: an, an35, n, d203 or text", STR_F(s));
  }
  return 0;
}

static int read_codes(struct reading *r, struct line *l, struct skeleton_part *p) {
  struct line at = *l;
  struct str all;
  if (read_until(r, l, ')', &all) < 0) return -1;
  struct skeleton_codes *c = ARENA_NEW(r->arena, struct skeleton_codes);
  do {
    if (add_code(r, &at, c, str_cut(&all, '|')) < 0) return -1;
  } while (all.n);
  p->kind = SKELETON_CODED, p->codes = c, p->span = c->span;
  return 0;
}

static int read_list(struct reading *r, struct line *l, struct skeleton_part *p) {
  size_t from = ++l->at;
  while (peek(l) && !strchr("+:? ", peek(l))) l->at++;
  struct str name = str_sub(l->text, from, l->at);
  if (!(p->codes = list_of(r->lists, name))) return COMPLAIN(r, l, "there is no list of codes \"%.*s\"", STR_F(name));
  p->kind = SKELETON_CODED, p->span = p->codes->span;
  return 0;
}

static int read_part(struct reading *r, struct line *l, struct skeleton_part *p) {
  struct line at = *l;
  struct str s;
  p->span = 1;
  switch (peek(l)) {
  case '<':
    if (read_until(r, l, '>', &s) < 0 || read_kind(r, &at, s, p) < 0) return -1;
    break;
  case '[':
    p->optional = true;
    if (read_until(r, l, ']', &s) < 0 || read_kind(r, &at, s, p) < 0) return -1;
    break;
  case '(':
    if (read_codes(r, l, p) < 0) return -1;
    break;
  case '@':
    if (read_list(r, l, p) < 0) return -1;
    break;
  default:
    while (peek(l) && !strchr("+:?", peek(l))) l->at++;
    p->kind = SKELETON_FIXED, p->text = str_sub(l->text, at.at, l->at);
  }
  if (peek(l) == '?') p->optional = true, l->at++;
  if (peek(l) && peek(l) != '+' && peek(l) != ':') return COMPLAIN(r, l, "'%c' is not expected here", peek(l));
  return 0;
}

/* "+EPI++9+NA" */
static int read_parts(struct reading *r, struct line *l, struct skeleton_item *item) {
  size_t element = 0, component = 0;
  while (peek(l)) {
    if (peek(l) == '+')
      element++, component = 1;
    else if (!element)
      return COMPLAIN(r, l, "'+' is expected here");
    l->at++;
    if (element > EDIFACT_ELEMENTS_MAX || component > EDIFACT_COMPONENTS_MAX)
      return COMPLAIN(r, l, "a segment has too many elements or components");
    if (peek(l) && peek(l) != '+' && peek(l) != ':') {
      struct skeleton_part *p = VEC_ADD(r->arena, &item->parts);
      if (read_part(r, l, p) < 0) return -1;
      p->element = element, p->component = component;
      component += p->span - 1;
    }
    component++;
  }
  return 0;
}

static bool is_tag(struct str s) {
  for (size_t i = 0; i < s.n; i++)
    if (!(s.p[i] >= 'A' && s.p[i] <= 'Z') && (i == 0 || !(s.p[i] >= '0' && s.p[i] <= '9'))) return false;
  return s.n == 3;
}

static bool is_trigger(struct str s) {
  return s.n == 3 && s.p[0] == 'S' && s.p[1] >= '0' && s.p[1] <= '9';
}

/* The trigger segment "S01+01" of a group, as its first item. */
static void add_trigger(struct reading *r, struct skeleton_item *group) {
  struct skeleton_item *t = VEC_ADD(r->arena, &group->items);
  *t = (struct skeleton_item){.name = group->name, .min = 1, .max = 1, .line = group->line};
  VEC_PUSH(r->arena, &t->parts,
           ((struct skeleton_part){.element = 1, .component = 1, .span = 1, .text = str_sub(group->name, 1, 3)}));
}

static int read_item(struct reading *r, struct line *l, struct skeleton_item *item) {
  if (read_times(r, l, item) < 0) return -1;
  item->line = l->number;
  if (str_eqz(str_sub(l->text, l->at, l->text.n), "group")) {
    item->kind = SKELETON_SEQUENCE;
    return 0;
  }
  item->name = str_sub(l->text, l->at, l->at + 3);
  if (!is_tag(item->name)) return COMPLAIN(r, l, "a segment or group is expected here, such as NAD or S01");
  l->at += 3;
  if (!is_trigger(item->name)) return read_parts(r, l, item);
  struct str how = str_trim(str_sub(l->text, l->at, l->text.n));
  if (how.n && !str_eqz(how, "hidden")) return COMPLAIN(r, l, "only \"hidden\" may stand behind a group");
  item->kind = how.n ? SKELETON_HIDDEN : SKELETON_GROUP;
  if (item->kind == SKELETON_GROUP) add_trigger(r, item);
  return 0;
}

/* The first value that must be there and is one of few. */
static void find_key(struct skeleton_item *item) {
  for (size_t i = 0; i < item->parts.n && !item->key; i++)
    if (item->parts.v[i].kind <= SKELETON_CODED && !item->parts.v[i].optional) item->key = &item->parts.v[i];
}

static int finish(struct reading *r, struct skeleton_item *group) {
  if (!group->items.n) return error_at(r->e, ERR_CONFIG, r->file, group->line, 1, "a group without a segment in it");
  if (group->items.v[0].alternative)
    return error_at(r->e, ERR_CONFIG, r->file, group->items.v[0].line, 1,
                    "there is nothing before it to be instead of");
  for (size_t i = 0; i < group->items.n; i++) {
    struct skeleton_item *item = &group->items.v[i];
    find_key(item);
    if (item->kind != SKELETON_SEGMENT && finish(r, item) < 0) return -1;
  }
  return 0;
}

int skeleton_read(struct skeleton **out, struct arena *a, struct str bytes, struct str name,
                  const struct skeleton_lists *lists, struct error *e) {
  struct reading r = {.arena = a, .file = name, .rest = bytes, .lists = lists, .e = e};
  struct skeleton_item *open[SKELETON_DEPTH_MAX + 1];
  size_t depth = 0;
  struct line l;
  r.out = ARENA_NEW(a, struct skeleton);
  r.out->file = name;
  r.out->root = (struct skeleton_item){.kind = SKELETON_SEQUENCE, .min = 1, .max = 1};
  open[0] = &r.out->root;
  while (next_line(&r, &l)) {
    size_t level = l.at / 2;
    if (l.at % 2 || level > depth) return COMPLAIN(&r, &l, "the line is indented too far, or by an odd number");
    if (++r.out->items > SKELETON_ITEMS_MAX) return COMPLAIN(&r, &l, "more than %d items", SKELETON_ITEMS_MAX);
    depth = level;
    /* Items move when the list grows, but only those of a group that has no open group in it. */
    struct skeleton_item *item = VEC_ADD(a, &open[depth]->items);
    if (read_item(&r, &l, item) < 0) return -1;
    if (item->kind == SKELETON_SEGMENT) continue;
    if (depth == SKELETON_DEPTH_MAX - 1) return COMPLAIN(&r, &l, "groups are nested too deep");
    open[++depth] = item;
  }
  *out = r.out;
  return finish(&r, &r.out->root);
}
