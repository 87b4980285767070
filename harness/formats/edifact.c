#include "formats/edifact.h"

#include "base/utf8.h"
#include "formats/format_rules.h"
#include "formats/reader_int.h"

/* UNA and its six characters: component, element, decimal, release, reserved, end (ISO 9735, 7.1). */
#define UNA_BYTES 9
#define TAG_BYTES 3
#define OCTETS "octets"

enum sign { SIGN_NONE, SIGN_COMPONENT, SIGN_ELEMENT, SIGN_RELEASE, SIGN_END, SIGN_LINE, SIGN_HIGH };

struct reader {
  struct arena *arena;
  struct source src;
  struct findings *findings;
  struct edifact_signs signs;
  unsigned char class[256];
  size_t at, line_start;
  int line;
  struct node *root, *message, *group;
  size_t segments, messages;
  bool stopped;
};

struct edifact_signs edifact_signs_of(struct str s) {
  struct edifact_signs signs = {':', '+', '.', '?', '\''};
  if (!str_starts(s, STR("UNA")) || s.n < UNA_BYTES) return signs;
  return (struct edifact_signs){s.p[3], s.p[4], s.p[5], s.p[6], s.p[8]};
}

static struct place here(const struct reader *r, size_t at) {
  return (struct place){.message = r->src.name, .line = r->line, .col = (int)(at - r->line_start) + 1};
}

static void tell(struct reader *r, enum format_rule rule, size_t at, struct str arg) {
  FINDING(r->findings, &format_rules[rule], here(r, at), arg);
}

static void limit(struct reader *r, struct str which) {
  tell(r, EDIFACT_LIMIT, r->at, which);
  r->stopped = true;
}

static struct node *node_here(struct reader *r, enum node_kind kind) {
  struct node *n = node_new(r->arena, kind);
  n->line = r->line;
  n->col = (int)(r->at - r->line_start) + 1;
  return n;
}

static void classify(struct reader *r) {
  for (int c = 0x80; c < 0x100; c++) r->class[c] = SIGN_HIGH;
  r->class['\n'] = SIGN_LINE;
  r->class[(unsigned char)r->signs.component] = SIGN_COMPONENT;
  r->class[(unsigned char)r->signs.element] = SIGN_ELEMENT;
  r->class[(unsigned char)r->signs.end] = SIGN_END;
  if (r->signs.release != ' ') r->class[(unsigned char)r->signs.release] = SIGN_RELEASE;
}

/* ---- texts ---- */

static bool is_sign(const struct reader *r, char c) {
  return c == r->signs.component || c == r->signs.element || c == r->signs.release || c == r->signs.end;
}

/* ISO-8859-1: every byte is the character of its number. */
static struct str decoded(struct reader *r, size_t from, size_t to) {
  struct buf b;
  buf_init(&b, 2 * (to - from) + 1);
  for (size_t i = from; i < to; i++) {
    if (r->class[(unsigned char)r->src.bytes.p[i]] == SIGN_RELEASE && i + 1 < to) i++;
    utf8_put(&b, (unsigned char)r->src.bytes.p[i]);
  }
  return buf_take(&b, r->arena);
}

/* A release character frees the sign behind it, and stands before nothing else (legacy.md 3.1). */
static void release(struct reader *r) {
  const struct str s = r->src.bytes;
  if (r->at + 1 >= s.n) return;
  if (!is_sign(r, s.p[r->at + 1])) tell(r, EDIFACT_RELEASE, r->at, str_sub(s, r->at, r->at + 2));
  r->at++;
  if (s.p[r->at] == '\n') {
    r->line++;
    r->line_start = r->at + 1;
  }
}

/* Reads up to the next sign; the node is placed where the text begins. */
static struct node *read_text(struct reader *r) {
  struct node *n = node_here(r, NODE_STRING);
  const struct str s = r->src.bytes;
  size_t from = r->at;
  bool plain = true;
  for (; r->at < s.n; r->at++) {
    enum sign sign = r->class[(unsigned char)s.p[r->at]];
    if (sign == SIGN_NONE) continue;
    if (sign == SIGN_COMPONENT || sign == SIGN_ELEMENT || sign == SIGN_END) break;
    if (sign == SIGN_LINE) {
      r->line++;
      r->line_start = r->at + 1;
      continue;
    }
    plain = false;
    if (sign == SIGN_RELEASE) release(r);
  }
  if (r->at > s.n) r->at = s.n;
  n->text = plain ? str_sub(s, from, r->at) : decoded(r, from, r->at);
  return n;
}

static enum sign sign_at(const struct reader *r) {
  return r->at < r->src.bytes.n ? r->class[(unsigned char)r->src.bytes.p[r->at]] : SIGN_NONE;
}

static void read_element(struct reader *r, struct node *segment) {
  struct node *first = read_text(r), *list;
  if (sign_at(r) != SIGN_COMPONENT) {
    node_append(segment, first);
    return;
  }
  list = node_new(r->arena, NODE_ARRAY);
  list->line = first->line;
  list->col = first->col;
  node_append(segment, list);
  node_append(list, first);
  while (sign_at(r) == SIGN_COMPONENT) {
    r->at++;
    if (list->count == EDIFACT_COMPONENTS_MAX) {
      limit(r, LIMIT_OF(EDIFACT_COMPONENTS_MAX));
      return;
    }
    node_append(list, read_text(r));
  }
}

/* ---- segments ---- */

static bool is_blank(char c) {
  return c == ' ' || c == '\r' || c == '\n' || c == '\t';
}

/* Blanks and line ends between segments are borne. */
static struct str read_blanks(struct reader *r) {
  const struct str s = r->src.bytes;
  size_t from = r->at;
  for (; r->at < s.n && is_blank(s.p[r->at]); r->at++)
    if (s.p[r->at] == '\n') {
      r->line++;
      r->line_start = r->at + 1;
    }
  return str_sub(s, from, r->at);
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

static struct node *read_segment(struct reader *r, struct str before) {
  struct node *segment = node_here(r, NODE_SEGMENT), *tag;
  size_t from = r->at;
  segment->prefix = before;
  tag = read_text(r);
  segment->name = tag->text;
  if (!is_tag(segment->name)) tell(r, EDIFACT_TAG, from, str_sub(segment->name, 0, 20));
  if (sign_at(r) == SIGN_COMPONENT) read_element(r, segment);
  while (!r->stopped && sign_at(r) == SIGN_ELEMENT) {
    r->at++;
    if (segment->count == EDIFACT_ELEMENTS_MAX)
      limit(r, LIMIT_OF(EDIFACT_ELEMENTS_MAX));
    else
      read_element(r, segment);
  }
  if (sign_at(r) == SIGN_END)
    r->at++;
  else if (!r->stopped)
    tell(r, EDIFACT_UNENDED, from, segment->name);
  return segment;
}

/* ---- where a segment belongs ---- */

static struct node *begin_group(struct reader *r, struct node *parent, struct str name, const struct node *segment) {
  struct node *g = node_new(r->arena, NODE_GROUP);
  g->name = name;
  g->line = segment->line;
  g->col = segment->col;
  node_append(parent, g);
  return g;
}

static void begin_message(struct reader *r, struct node *segment) {
  if (++r->messages > EDIFACT_MESSAGES_MAX) {
    limit(r, LIMIT_OF(EDIFACT_MESSAGES_MAX));
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

/* UNO+<n>+AID:..+OBJ:..+<size>:14:1:A' and then as many octets, just behind the apostrophe (legacy.md 3.6). */
static void read_octets(struct reader *r, const struct node *uno) {
  struct str said = edifact_text(uno, 4, 1);
  size_t left = r->src.bytes.n - r->at;
  int64_t size;
  if (!str_int(said, &size) || size < 0) {
    FINDING(r->findings, &format_rules[EDIFACT_OCTETS_SIZE], node_place(r->arena, r->src.name, uno), said);
    return;
  }
  if ((uint64_t)size > left) {
    FINDING(r->findings, &format_rules[EDIFACT_OCTETS_SHORT], node_place(r->arena, r->src.name, uno), said,
            arena_printf(r->arena, "%zu", left));
    size = (int64_t)left;
  }
  struct node *octets = node_here(r, NODE_BINARY);
  octets->name = STR(OCTETS);
  octets->text = str_sub(r->src.bytes, r->at, r->at + (size_t)size);
  node_append(uno->parent, octets);
  for (size_t end = r->at + (size_t)size; r->at < end; r->at++)
    if (r->src.bytes.p[r->at] == '\n') {
      r->line++;
      r->line_start = r->at + 1;
    }
}

static void read_segments(struct reader *r) {
  while (!r->stopped) {
    struct str before = read_blanks(r);
    if (r->at == r->src.bytes.n) {
      r->root->text = before;
      return;
    }
    if (++r->segments > EDIFACT_SEGMENTS_MAX) {
      limit(r, LIMIT_OF(EDIFACT_SEGMENTS_MAX));
      return;
    }
    struct node *segment = read_segment(r, before);
    place_segment(r, segment);
    if (str_eqz(segment->name, "UNO") && segment->parent && !r->stopped) read_octets(r, segment);
  }
}

int edifact_read(struct node **out, struct arena *a, struct source src, struct findings *f) {
  struct reader r = {.arena = a, .src = src, .findings = f, .line = 1, .signs = edifact_signs_of(src.bytes)};
  *out = NULL;
  r.root = node_here(&r, NODE_GROUP);
  r.root->name = STR("interchange");
  classify(&r);
  if (src.bytes.n > EDIFACT_SIZE_MAX) {
    limit(&r, LIMIT_OF(EDIFACT_SIZE_MAX));
    return -1;
  }
  if (str_starts(src.bytes, STR("UNA")) && src.bytes.n >= UNA_BYTES) {
    r.root->prefix = str_sub(src.bytes, 0, UNA_BYTES);
    r.at = UNA_BYTES;
  }
  read_segments(&r);
  if (!r.root->count) {
    tell(&r, EDIFACT_NOTHING, r.at, (struct str){0});
    return -1;
  }
  *out = r.root;
  return 0;
}

/* ---- a tree read by position ---- */

static struct node *nth(const struct node *n, size_t i) {
  struct node *c = n ? n->first : NULL;
  while (c && --i) c = c->next;
  return c;
}

struct node *edifact_element(const struct node *segment, size_t e, size_t c) {
  struct node *element = nth(segment, e);
  if (!element || c == 0) return element;
  if (element->kind == NODE_ARRAY) return nth(element, c);
  return c == 1 ? element : NULL;
}

struct str edifact_text(const struct node *segment, size_t e, size_t c) {
  const struct node *n = edifact_element(segment, e, c);
  return n ? n->text : (struct str){0};
}

static struct node *message_from(struct node *n) {
  while (n && !(n->kind == NODE_GROUP && str_eqz(n->name, "message"))) n = n->next;
  return n;
}

struct node *edifact_message(const struct node *root) {
  return root ? message_from(root->first) : NULL;
}

struct node *edifact_message_next(const struct node *message) {
  return message_from(message->next);
}

/* ---- writing ---- */

struct writer {
  struct buf *out;
  struct edifact_signs signs;
};

static void write_text(const struct writer *w, struct str text) {
  for (size_t i = 0; i < text.n;) {
    uint32_t cp;
    size_t n = utf8_decode(text, i, &cp);
    if (!n) BUG("EDIFACT text is not UTF-8");
    if (cp == (unsigned char)w->signs.component || cp == (unsigned char)w->signs.element ||
        cp == (unsigned char)w->signs.end || (cp == (unsigned char)w->signs.release && w->signs.release != ' '))
      buf_byte(w->out, w->signs.release);
    buf_byte(w->out, cp < 0x100 ? (char)cp : '_');
    i += n;
  }
}

static void write_segment(const struct writer *w, const struct node *segment) {
  buf_add(w->out, segment->prefix);
  write_text(w, segment->name);
  for (NODE_EACH(e, segment)) {
    buf_byte(w->out, w->signs.element);
    if (e->kind != NODE_ARRAY) write_text(w, e->text);
    for (NODE_EACH(c, e)) {
      if (c != e->first) buf_byte(w->out, w->signs.component);
      write_text(w, c->text);
    }
  }
  buf_byte(w->out, w->signs.end);
}

static void write_node(const struct writer *w, const struct node *n) {
  if (n->kind == NODE_SEGMENT) write_segment(w, n);
  if (n->kind == NODE_BINARY) buf_add(w->out, n->text);
  for (const struct node *c = n->kind == NODE_GROUP ? n->first : NULL; c; c = c->next) write_node(w, c);
}

void edifact_write(struct buf *out, const struct node *root) {
  struct writer w = {out, edifact_signs_of(root->prefix)};
  buf_add(out, root->prefix);
  write_node(&w, root);
  buf_add(out, root->text);
}
