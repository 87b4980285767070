#include "formats/html.h"

#include <string.h>

#include "base/error.h"

/* Elements that have no end tag (HTML living standard, 13.1.2). */
static const char *const void_elements[] = {"area",  "base", "br",   "col",    "embed", "hr", "img",
                                            "input", "link", "meta", "source", "track", "wbr"};

void html_init(struct html_writer *w, struct buf *out) {
  *w = (struct html_writer){.out = out};
}

void html_doctype(struct html_writer *w) {
  buf_addz(w->out, "<!DOCTYPE html>");
}

static void end_tag_start(struct html_writer *w) {
  if (w->in_tag) buf_byte(w->out, '>');
  w->in_tag = false;
}

void html_open(struct html_writer *w, const char *element) {
  if (w->depth == HTML_DEPTH_MAX) BUG("html: more than %d open elements at <%s>", HTML_DEPTH_MAX, element);
  end_tag_start(w);
  w->stack[w->depth++] = element;
  buf_byte(w->out, '<');
  buf_addz(w->out, element);
  w->in_tag = true;
}

/* What a byte becomes; NULL: itself. */
static const char *replacement(char c) {
  switch (c) {
  case '&':
    return "&amp;";
  case '<':
    return "&lt;";
  case '>':
    return "&gt;";
  case '"':
    return "&quot;";
  case '\0':
    return "\xEF\xBF\xBD";
  default:
    return NULL;
  }
}

static void escape(struct buf *out, struct str s) {
  size_t from = 0;
  for (size_t i = 0; i < s.n; i++) {
    const char *with = replacement(s.p[i]);
    if (!with) continue;
    buf_add(out, str_sub(s, from, i));
    buf_addz(out, with);
    from = i + 1;
  }
  buf_add(out, str_sub(s, from, s.n));
}

void html_attr(struct html_writer *w, const char *name, struct str value) {
  if (!w->in_tag) BUG("html: attribute %s does not follow a start tag", name);
  buf_byte(w->out, ' ');
  buf_addz(w->out, name);
  buf_addz(w->out, "=\"");
  escape(w->out, value);
  buf_byte(w->out, '"');
}

void html_attrz(struct html_writer *w, const char *name, const char *value) {
  html_attr(w, name, str_z(value));
}

void html_text(struct html_writer *w, struct str text) {
  end_tag_start(w);
  escape(w->out, text);
}

void html_textz(struct html_writer *w, const char *text) {
  html_text(w, str_z(text));
}

void html_raw(struct html_writer *w, const char *markup) {
  end_tag_start(w);
  buf_addz(w->out, markup);
}

static bool is_void(const char *element) {
  for (size_t i = 0; i < sizeof void_elements / sizeof *void_elements; i++)
    if (!strcmp(element, void_elements[i])) return true;
  return false;
}

void html_close(struct html_writer *w) {
  if (!w->depth) BUG("html: close without an open element");
  const char *element = w->stack[--w->depth];
  bool was_empty = w->in_tag;
  end_tag_start(w);
  if (is_void(element)) {
    if (!was_empty) BUG("html: <%s> cannot hold anything", element);
    return;
  }
  buf_addz(w->out, "</");
  buf_addz(w->out, element);
  buf_byte(w->out, '>');
}

void html_element(struct html_writer *w, const char *element, const char *cls, struct str text) {
  html_open(w, element);
  if (cls) html_attrz(w, "class", cls);
  html_text(w, text);
  html_close(w);
}
