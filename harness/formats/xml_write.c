#include "base/utf8.h"
#include "formats/xml.h"

/* What a character becomes in a text; NULL: itself. */
static const char *text_replacement(unsigned char c) {
  switch (c) {
  case '&':
    return "&amp;";
  case '<':
    return "&lt;";
  case '>':
    return "&gt;";
  case '\r':
    return "&#13;";
  case '\t':
  case '\n':
    return NULL;
  default:
    return c < 0x20 ? "\xEF\xBF\xBD" : NULL; /* no XML 1.0 character */
  }
}

static const char *attr_replacement(unsigned char c) {
  switch (c) {
  case '"':
    return "&quot;";
  case '\t':
    return "&#9;";
  case '\n':
    return "&#10;";
  default:
    return text_replacement(c);
  }
}

/* Length of the character at `at`; *with becomes what stands for it, if not itself. */
static size_t measure(struct str s, size_t at, const char *(*replacement)(unsigned char), const char **with) {
  static const char no_character[] = "\xEF\xBF\xBD";
  unsigned char c = (unsigned char)s.p[at];
  uint32_t cp;
  if (c < 0x80) {
    *with = replacement(c);
    return 1;
  }
  size_t n = utf8_decode(s, at, &cp);
  *with = !n || cp == 0xFFFE || cp == 0xFFFF ? no_character : NULL;
  return n ? n : 1;
}

static void escape(struct buf *out, struct str s, const char *(*replacement)(unsigned char)) {
  size_t from = 0;
  for (size_t at = 0; at < s.n;) {
    const char *with;
    size_t n = measure(s, at, replacement, &with);
    if (with) {
      buf_add(out, str_sub(s, from, at));
      buf_addz(out, with);
      from = at + n;
    }
    at += n;
  }
  buf_add(out, str_sub(s, from, s.n));
}

void xml_escape_text(struct buf *out, struct str s) {
  escape(out, s, text_replacement);
}

void xml_escape_attr(struct buf *out, struct str s) {
  escape(out, s, attr_replacement);
}

static void put_name(struct buf *out, const struct node *n) {
  if (n->prefix.n) {
    buf_add(out, n->prefix);
    buf_byte(out, ':');
  }
  buf_add(out, n->name);
}

static bool has_text_child(const struct node *n) {
  for (NODE_EACH(c, n))
    if (c->kind == NODE_TEXT) return true;
  return false;
}

static void put_line(struct buf *out, int indent, int depth) {
  if (indent <= 0) return;
  buf_byte(out, '\n');
  for (int i = 0; i < indent * depth; i++) buf_byte(out, ' ');
}

static void write_start(struct buf *out, const struct node *n) {
  buf_byte(out, '<');
  put_name(out, n);
  for (const struct node *a = n->attrs; a; a = a->next) {
    buf_byte(out, ' ');
    put_name(out, a);
    buf_addz(out, "=\"");
    xml_escape_attr(out, a->text);
    buf_byte(out, '"');
  }
}

static void write_element(struct buf *out, const struct node *n, int indent, int depth) {
  if (n->kind == NODE_TEXT) {
    xml_escape_text(out, n->text);
    return;
  }
  if (str_eqz(n->ns, XML_XHTML_NS) || has_text_child(n)) indent = 0;
  write_start(out, n);
  if (!n->first && !n->text.n) {
    buf_addz(out, "/>");
    return;
  }
  buf_byte(out, '>');
  xml_escape_text(out, n->text);
  for (NODE_EACH(c, n)) {
    put_line(out, indent, depth + 1);
    write_element(out, c, indent, depth + 1);
  }
  if (n->first) put_line(out, indent, depth);
  buf_addz(out, "</");
  put_name(out, n);
  buf_byte(out, '>');
}

void xml_write(struct buf *out, const struct node *n, int indent) {
  if (indent >= 0) buf_addz(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
  put_line(out, indent, 0);
  write_element(out, n, indent, 0);
  if (indent > 0) buf_byte(out, '\n');
}
