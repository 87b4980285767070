#include <stdlib.h>

#include "base/utf8.h"
#include "formats/edifact_int.h"

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
  struct edifact_chars chars;
};

static void write_character(struct writer *w, uint32_t cp) {
  if (cp >= 0x80 && w->chars.coding == EDIFACT_UTF8) {
    utf8_put(w->out, cp);
    return;
  }
  if (cp >= 0x100) cp = '_';
  enum edifact_class class = w->chars.class[cp];
  if (class >= CLASS_COMPONENT && class <= CLASS_RELEASE) buf_byte(w->out, w->chars.signs.release);
  buf_byte(w->out, (char)cp);
}

/* The end of what can be written as it is. */
static size_t end_of_plain(const struct writer *w, struct str text, size_t at) {
  while (at < text.n && (unsigned char)text.p[at] < 0x80 && w->chars.class[(unsigned char)text.p[at]] == CLASS_PLAIN)
    at++;
  return at;
}

static void write_anew(struct writer *w, struct str text) {
  for (size_t i = 0; i < text.n;) {
    size_t plain = end_of_plain(w, text, i);
    if (plain > i) {
      buf_add(w->out, str_sub(text, i, plain));
      i = plain;
      continue;
    }
    uint32_t cp;
    size_t n = utf8_decode(text, i, &cp);
    if (!n) BUG("EDIFACT text is not UTF-8");
    write_character(w, cp);
    i += n;
  }
}

/* Whether what once stood there still means the text. */
static bool still_means(struct writer *w, struct str raw, struct str text) {
  struct edifact_decoded d;
  char *room = malloc(2 * raw.n);
  if (!room) BUG("out of memory: %zu bytes", 2 * raw.n);
  edifact_decode(&d, room, &w->chars, raw);
  bool same = str_eq((struct str){room, d.n}, text);
  free(room);
  return same;
}

static void write_text(struct writer *w, struct str raw, struct str text) {
  if (raw.n && still_means(w, raw, text))
    buf_add(w->out, raw);
  else
    write_anew(w, text);
}

static void write_segment(struct writer *w, const struct node *segment) {
  buf_add(w->out, segment->prefix);
  write_text(w, segment->text, segment->name);
  for (NODE_EACH(e, segment)) {
    buf_byte(w->out, w->chars.signs.element);
    if (e->kind != NODE_ARRAY) write_text(w, e->prefix, e->text);
    for (NODE_EACH(c, e)) {
      if (c != e->first) buf_byte(w->out, w->chars.signs.component);
      write_text(w, c->prefix, c->text);
    }
  }
  if (!(segment->flags & EDIFACT_CUT)) buf_byte(w->out, w->chars.signs.end);
}

static void write_node(struct writer *w, const struct node *n) {
  if (n->kind == NODE_SEGMENT) write_segment(w, n);
  if (n->kind == NODE_BINARY) buf_add(w->out, n->text);
  for (const struct node *c = n->kind == NODE_GROUP ? n->first : NULL; c; c = c->next) write_node(w, c);
}

/* As the reader takes it from the bytes: of a UNB that is the first segment. */
static struct str syntax_of(const struct node *root) {
  const struct node *unb = root->first;
  if (!unb || !str_eqz(unb->name, "UNB") || unb->text.n) return (struct str){0};
  const struct node *id = edifact_element(unb, 1, 1);
  return id && !id->prefix.n ? id->text : (struct str){0};
}

void edifact_write(struct buf *out, const struct node *root) {
  struct writer w = {.out = out};
  edifact_chars_init(&w.chars, edifact_signs_of(root->prefix), syntax_of(root));
  buf_add(out, root->prefix);
  write_node(&w, root);
  buf_add(out, root->text);
}
