#include "base/utf8.h"
#include "formats/edifact_int.h"
#include "formats/format_rules.h"
#include "formats/reader_int.h"

#define TAG_BYTES 3
#define TAG_SHOWN 20

/* What is to be told of a place whose path is not known before the tree is whole. */
struct remark {
  enum format_rule rule;
  int line, col;
  const struct node *node;
  struct str args[2];
};

struct reader {
  struct arena *arena;
  struct source src;
  struct findings *findings;
  struct edifact_chars chars;
  size_t at, line_start;
  int line;
  struct node *root, *message, *group;
  size_t segments, messages, nodes;
  VEC(struct remark) remarks;
  struct remark latin; /* the first byte that is ISO-8859-1 for certain; node NULL: none */
  bool utf8, no_unp, stopped;
};

/* ---- findings ---- */

static void tell(struct reader *r, const struct remark *m) {
  struct place where = {r->src.name, m->line, m->col, node_path_for(r->arena, r->findings, m->node)};
  FINDING(r->findings, &format_rules[m->rule], where, m->args[0], m->args[1]);
}

static void tell_all(struct reader *r) {
  for (size_t i = 0; i < r->remarks.n; i++) tell(r, &r->remarks.v[i]);
  r->remarks.n = 0;
}

/* More than can be kept are told at once, with the paths as they are now. */
static void remark(struct reader *r, struct remark m) {
  if (r->remarks.n == FINDINGS_MAX) tell_all(r);
  VEC_PUSH(r->arena, &r->remarks, m);
}

static void remark_at(struct reader *r, enum format_rule rule, const struct node *n, struct str first,
                      struct str second) {
  remark(r, (struct remark){rule, n->line, n->col, n, {first, second}});
}

static int column(const struct reader *r, size_t at) {
  return (int)(at - r->line_start) + 1;
}

static void stop(struct reader *r, struct str limit) {
  if (!r->stopped)
    remark(r, (struct remark){.rule = EDIFACT_LIMIT, .line = r->line, .col = column(r, r->at), .args = {limit}});
  r->stopped = true;
  r->root->flags |= EDIFACT_CUT;
}

static struct node *node_here(struct reader *r, enum node_kind kind) {
  struct node *n = node_new(r->arena, kind);
  if (++r->nodes > EDIFACT_NODES_MAX) stop(r, LIMIT_OF(EDIFACT_NODES_MAX));
  n->line = r->line;
  n->col = column(r, r->at);
  return n;
}

/* ---- texts ---- */

static void next_line(struct reader *r, size_t at) {
  r->line++;
  r->line_start = at + 1;
}

/* Moves line and column over bytes that are read: a character of several bytes is one column. */
static void pass(struct reader *r, size_t from, size_t to) {
  for (size_t i = from; i < to; i++)
    if (r->src.bytes.p[i] == '\n')
      next_line(r, i);
    else if (r->chars.coding == EDIFACT_UTF8 && ((unsigned char)r->src.bytes.p[i] & 0xC0) == 0x80)
      r->line_start++;
}

static struct str as_utf8(struct str raw) {
  uint32_t cp;
  size_t n = utf8_decode(raw, 0, &cp);
  return str_sub(raw, 0, n ? n : 1);
}

static struct str as_latin(struct reader *r, struct str raw) {
  struct buf b;
  buf_init(&b, 2 * raw.n + 1);
  for (size_t i = 0; i < raw.n; i++) utf8_put(&b, (unsigned char)raw.p[i]);
  return buf_take(&b, r->arena);
}

static void say_release(struct reader *r, struct remark *m, struct str from) {
  m->rule = EDIFACT_RELEASE;
  m->args[0] = as_latin(r, str_sub(from, 0, 2));
}

static void say_line(struct reader *r, struct remark *m, struct str from) {
  (void)r;
  (void)from;
  m->rule = EDIFACT_LINE_END;
}

static void say_utf8(struct reader *r, struct remark *m, struct str from) {
  m->rule = EDIFACT_UTF8_FOUND;
  m->args[0] = as_utf8(from);
  m->args[1] = as_latin(r, m->args[0]);
  r->utf8 = true;
}

static void say_character(struct reader *r, struct remark *m, struct str from) {
  m->rule = EDIFACT_CHARACTER;
  m->args[0] = arena_printf(r->arena, "0x%02X", (unsigned char)from.p[0]);
}

/* Told at the end, if there is UTF-8 as well. */
static void say_latin(struct reader *r, struct remark *m, struct str from) {
  m->rule = EDIFACT_MIXED;
  m->args[0] = as_latin(r, str_sub(from, 0, 1));
  r->latin = *m;
}

static void tell_trouble(struct reader *r, enum edifact_trouble t, const struct node *n, struct str from) {
  static void (*const say[])(struct reader *, struct remark *, struct str) = {[TROUBLE_RELEASE] = say_release,
                                                                              [TROUBLE_LINE] = say_line,
                                                                              [TROUBLE_UTF8] = say_utf8,
                                                                              [TROUBLE_CHARACTER] = say_character,
                                                                              [TROUBLE_LATIN] = say_latin};
  struct remark m = {.line = r->line, .col = column(r, (size_t)(from.p - r->src.bytes.p)), .node = n};
  say[t](r, &m, from);
  if (t != TROUBLE_LATIN) remark(r, m);
}

/* The troubles of a text in the order in which they stand there. */
static void tell_troubles(struct reader *r, const struct edifact_decoded *d, const struct node *n, struct str raw) {
  size_t base = (size_t)(raw.p - r->src.bytes.p), passed = 0;
  for (size_t i = 0; i < raw.n; i++)
    for (enum edifact_trouble t = 0; t < TROUBLES_N; t++) {
      if (d->at[t] != i) continue;
      pass(r, base + passed, base + i);
      passed = i;
      tell_trouble(r, t, n, str_sub(raw, i, raw.n));
    }
  pass(r, base + passed, base + raw.n);
}

static bool has_trouble(const struct edifact_decoded *d) {
  for (size_t i = 0; i < TROUBLES_N; i++)
    if (d->at[i] != SIZE_MAX) return true;
  return false;
}

/* Where a text is written otherwise than it stands, what stands is kept beside it. */
static bool is_odd(const struct edifact_decoded *d, const struct reader *r) {
  return d->at[TROUBLE_RELEASE] != SIZE_MAX || d->at[TROUBLE_LINE] != SIZE_MAX ||
         (r->chars.coding == EDIFACT_UTF8 && d->at[TROUBLE_CHARACTER] != SIZE_MAX);
}

/* Gives the text; *odd is what stands there, where that is written otherwise. */
static struct str decode(struct reader *r, const struct node *n, struct str raw, struct str *odd) {
  struct edifact_decoded d;
  char *room = arena_alloc(r->arena, 2 * raw.n);
  edifact_decode(&d, room, &r->chars, raw);
  if (is_odd(&d, r)) *odd = raw;
  if (r->latin.node) d.at[TROUBLE_LATIN] = SIZE_MAX;
  if (has_trouble(&d) || r->chars.coding == EDIFACT_UTF8) tell_troubles(r, &d, n, raw);
  return (struct str){room, d.n};
}

static enum edifact_class class_at(const struct reader *r, size_t at) {
  return at < r->src.bytes.n ? r->chars.class[(unsigned char)r->src.bytes.p[at]] : CLASS_PLAIN;
}

static bool is_sign(enum edifact_class class) {
  return class >= CLASS_COMPONENT && class <= CLASS_RELEASE;
}

/* The end of the text that begins at `at`; *plain becomes false if it is not the bytes themselves. */
static size_t end_of_text(const struct reader *r, size_t at, bool *plain) {
  const unsigned char *bytes = (const unsigned char *)r->src.bytes.p, *class = r->chars.class;
  for (size_t n = r->src.bytes.n; at < n; at++) {
    if (class[bytes[at]] == CLASS_PLAIN) continue;
    if (class[bytes[at]] < CLASS_RELEASE) break;
    *plain = false;
    if (class[bytes[at]] == CLASS_RELEASE && is_sign(class_at(r, at + 1))) at++;
  }
  return at;
}

/* Reads up to the next sign; the node is placed where the text begins. */
static struct node *read_text(struct reader *r) {
  struct node *n = node_here(r, NODE_STRING);
  bool plain = true;
  size_t to = end_of_text(r, r->at, &plain);
  struct str raw = str_sub(r->src.bytes, r->at, to);
  n->text = plain ? raw : decode(r, n, raw, &n->prefix);
  r->at = to;
  return n;
}

static void read_element(struct reader *r, struct node *segment) {
  struct node *first = read_text(r), *list;
  if (class_at(r, r->at) != CLASS_COMPONENT) {
    node_append(segment, first);
    return;
  }
  list = node_here(r, NODE_ARRAY);
  list->line = first->line;
  list->col = first->col;
  node_append(segment, list);
  node_append(list, first);
  while (!r->stopped && class_at(r, r->at) == CLASS_COMPONENT) {
    if (list->count == EDIFACT_COMPONENTS_MAX) {
      stop(r, LIMIT_OF(EDIFACT_COMPONENTS_MAX));
      return;
    }
    r->at++;
    node_append(list, read_text(r));
  }
}

/* ---- segments ---- */

/* Blanks and line ends between segments are borne. */
static struct str read_blanks(struct reader *r) {
  size_t from = r->at;
  r->at = edifact_skip_blanks(r->src.bytes, from);
  for (size_t i = from; i < r->at; i++)
    if (r->src.bytes.p[i] == '\n') next_line(r, i);
  return str_sub(r->src.bytes, from, r->at);
}

static bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

static bool is_tag(struct str t) {
  return t.n == TAG_BYTES && is_upper(t.p[0]) && (is_upper(t.p[1]) || is_digit(t.p[1])) &&
         (is_upper(t.p[2]) || is_digit(t.p[2]));
}

/* "S07": the segment that begins a group of that name. */
static bool is_trigger(struct str t) {
  return t.n == TAG_BYTES && t.p[0] == 'S' && is_digit(t.p[1]) && is_digit(t.p[2]);
}

static struct str shown(struct str s) {
  s = str_sub(s, 0, TAG_SHOWN);
  return str_sub(s, 0, utf8_whole(s));
}

/* Components behind a tag (the nesting of ISO 9735, that nobody writes) make it none. */
static void read_tag(struct reader *r, struct node *segment) {
  bool plain = true, nested = false;
  size_t from = r->at, to = end_of_text(r, from, &plain);
  while (class_at(r, to) == CLASS_COMPONENT) {
    nested = true;
    to = end_of_text(r, to + 1, &plain);
  }
  struct str raw = str_sub(r->src.bytes, from, to);
  segment->name = plain ? raw : decode(r, segment, raw, &segment->text);
  if (nested) segment->text = raw;
  r->at = to;
  if (!is_tag(segment->name)) remark_at(r, EDIFACT_TAG, segment, shown(segment->name), (struct str){0});
}

static struct node *read_segment(struct reader *r, struct str before) {
  struct node *segment = node_here(r, NODE_SEGMENT);
  segment->prefix = before;
  read_tag(r, segment);
  while (!r->stopped && class_at(r, r->at) == CLASS_ELEMENT) {
    if (segment->count == EDIFACT_ELEMENTS_MAX) {
      stop(r, LIMIT_OF(EDIFACT_ELEMENTS_MAX));
      break;
    }
    r->at++;
    read_element(r, segment);
  }
  if (class_at(r, r->at) == CLASS_END) {
    r->at++;
    return segment;
  }
  segment->flags |= EDIFACT_CUT;
  if (!r->stopped) remark_at(r, EDIFACT_UNENDED, segment, shown(segment->name), (struct str){0});
  return segment;
}

/* ---- where a segment belongs ---- */

static struct node *begin_group(struct reader *r, struct node *parent, struct str name, const struct node *segment) {
  struct node *g = node_here(r, NODE_GROUP);
  g->name = name;
  g->line = segment->line;
  g->col = segment->col;
  node_append(parent, g);
  return g;
}

static void begin_message(struct reader *r, struct node *segment) {
  if (++r->messages > EDIFACT_MESSAGES_MAX) {
    stop(r, LIMIT_OF(EDIFACT_MESSAGES_MAX));
    return;
  }
  r->message = r->group = begin_group(r, r->root, STR("message"), segment);
  node_append(r->message, segment);
}

static void end_message(struct reader *r, struct node *segment) {
  node_append(r->message ? r->message : r->root, segment);
  r->message = r->group = NULL;
}

static void outside(struct reader *r, struct node *segment) {
  r->message = r->group = NULL;
  node_append(r->root, segment);
}

static void place_segment(struct reader *r, struct node *segment) {
  static const struct {
    const char *tag;
    void (*place)(struct reader *r, struct node *segment);
  } services[] = {{"UNB", outside}, {"UNZ", outside},       {"UNG", outside},
                  {"UNE", outside}, {"UNH", begin_message}, {"UNT", end_message}};
  for (size_t i = 0; segment->name.n && segment->name.p[0] == 'U' && i < sizeof services / sizeof *services; i++)
    if (str_eqz(segment->name, services[i].tag)) {
      services[i].place(r, segment);
      return;
    }
  if (r->message && is_trigger(segment->name)) r->group = begin_group(r, r->message, segment->name, segment);
  node_append(r->group ? r->group : r->root, segment);
}

/* ---- octets ---- */

/* Blanks are borne between octets and UNP, but not so many that whoever sends many sizes has them read each time. */
#define OCTETS_BLANKS_MAX 1000

static size_t skip_few_blanks(const struct reader *r, size_t at) {
  return edifact_skip_blanks(str_sub(r->src.bytes, 0, at + OCTETS_BLANKS_MAX), at);
}

static bool is_unp(const struct reader *r, size_t at) {
  struct str rest = str_sub(r->src.bytes, at, r->src.bytes.n);
  return str_starts(rest, STR("UNP")) && class_at(r, at + TAG_BYTES) == CLASS_ELEMENT;
}

/* The offset of the next UNP, or SIZE_MAX. Where there was none once, none is looked for again. */
static size_t find_unp(struct reader *r) {
  size_t at = r->at;
  while (!r->no_unp) {
    at = str_find(r->src.bytes, STR("UNP"), at);
    if (at == SIZE_MAX) break;
    if (is_unp(r, at)) return at;
    at++;
  }
  r->no_unp = true;
  return SIZE_MAX;
}

static void put_octets(struct reader *r, const struct node *uno, size_t size) {
  struct node *octets = node_here(r, NODE_BINARY);
  octets->name = STR("octets");
  octets->text = str_sub(r->src.bytes, r->at, r->at + size);
  node_append(uno->parent, octets);
  for (size_t end = r->at + size; r->at < end; r->at++)
    if (r->src.bytes.p[r->at] == '\n') next_line(r, r->at);
}

/* The size is wrong: UNP tells where the octets end, if there is one. */
static void read_octets_by_unp(struct reader *r, const struct node *uno, bool is_number, size_t size) {
  const struct node *said = edifact_element(uno, 4, 1);
  size_t left = r->src.bytes.n - r->at, unp = find_unp(r);
  struct str text = said ? said->text : (struct str){0}, none = {0};
  if (!said) said = uno;
  if (!is_number)
    remark_at(r, EDIFACT_OCTETS_SIZE, said, text, none);
  else if (unp != SIZE_MAX)
    remark_at(r, EDIFACT_OCTETS_COUNT, said, text, arena_printf(r->arena, "%zu", unp - r->at));
  else if (size > left)
    remark_at(r, EDIFACT_OCTETS_SHORT, said, text, arena_printf(r->arena, "%zu", left));
  else
    remark_at(r, EDIFACT_OCTETS_END, said, text, none);
  if (unp != SIZE_MAX)
    put_octets(r, uno, unp - r->at);
  else if (is_number)
    put_octets(r, uno, size > left ? left : size);
}

/* UNO+<n>+AID:..+OBJ:..+<size>:14:1:A' and then as many octets, just behind the apostrophe (legacy.md 3.6). */
static void read_octets(struct reader *r, const struct node *uno) {
  int64_t size = 0;
  bool is_number = str_int(edifact_text(uno, 4, 1), &size) && size >= 0;
  size_t left = r->src.bytes.n - r->at;
  if (is_number && (uint64_t)size <= left && is_unp(r, skip_few_blanks(r, r->at + (size_t)size)))
    put_octets(r, uno, (size_t)size);
  else
    read_octets_by_unp(r, uno, is_number, (size_t)size);
}

/* ---- the whole ---- */

static void read_segments(struct reader *r) {
  while (!r->stopped) {
    struct str before = read_blanks(r);
    if (r->at == r->src.bytes.n) {
      r->root->text = before;
      return;
    }
    if (++r->segments > EDIFACT_SEGMENTS_MAX) {
      stop(r, LIMIT_OF(EDIFACT_SEGMENTS_MAX));
      return;
    }
    struct node *segment = read_segment(r, before);
    place_segment(r, segment);
    if (str_eqz(segment->name, "UNO") && segment->parent && !r->stopped) read_octets(r, segment);
  }
}

/* A byte order mark, and UNA, if there is one; blanks before a UNA are part of it. */
static void read_una(struct reader *r) {
  size_t bom = edifact_skip_bom(r->src.bytes), at = edifact_skip_blanks(r->src.bytes, bom);
  enum edifact_una una = edifact_una_of(r->src.bytes);
  struct remark m = {.line = 1, .col = 1};
  if (bom) {
    m.rule = EDIFACT_BOM;
    remark(r, m);
  }
  bool whole = una != EDIFACT_UNA_NONE && r->src.bytes.n - at >= EDIFACT_UNA_BYTES;
  if (whole) {
    for (; r->at < at; r->at++)
      if (r->src.bytes.p[r->at] == '\n') next_line(r, r->at);
  }
  m = (struct remark){.line = r->line, .col = column(r, at)};
  m.rule = una == EDIFACT_UNA_BAD ? EDIFACT_UNA_SIGNS : EDIFACT_UNA_UNUSUAL;
  m.args[0] = as_latin(r, str_sub(r->src.bytes, at, at + EDIFACT_UNA_BYTES));
  if (una == EDIFACT_UNA_BAD || una == EDIFACT_UNA_OTHER) remark(r, m);
  r->at = whole ? at + EDIFACT_UNA_BYTES : bom;
  r->root->prefix = str_sub(r->src.bytes, 0, r->at);
}

static int read_whole(struct reader *r) {
  if (r->src.bytes.n > EDIFACT_SIZE_MAX) {
    stop(r, LIMIT_OF(EDIFACT_SIZE_MAX));
    return -1;
  }
  edifact_chars_of(&r->chars, r->src.bytes);
  read_una(r);
  read_segments(r);
  if (r->utf8 && r->latin.node) remark(r, r->latin);
  if (!r->root->count && !r->stopped)
    remark(r, (struct remark){.rule = EDIFACT_NOTHING, .line = r->line, .col = column(r, r->at)});
  return r->root->count ? 0 : -1;
}

int edifact_read(struct node **out, struct arena *a, struct source src, struct findings *f) {
  struct reader r = {.arena = a, .src = src, .findings = f, .line = 1};
  r.root = node_here(&r, NODE_GROUP);
  r.root->name = STR("interchange");
  int rc = read_whole(&r);
  tell_all(&r);
  *out = rc < 0 ? NULL : r.root;
  return rc;
}
