/* html: a writer that escapes by default.
 *
 * Elements are opened and closed in pairs; text and attribute values are always
 * escaped. The writer keeps the stack of open elements (BUG on a wrong close).
 * Usage: html_open(w, "a"); html_attr(w, "href", s); html_text(w, s); html_close(w). */
#ifndef FORMATS_HTML_H
#define FORMATS_HTML_H

#include "base/buf.h"

#define HTML_DEPTH_MAX 64
#define HTML_PRINTF_MAX ((size_t)1 << 20)

struct html_writer {
  struct buf *out;
  const char *stack[HTML_DEPTH_MAX];
  int depth;
  bool in_tag;
};

void html_init(struct html_writer *w, struct buf *out);
/* "<!DOCTYPE html>" and nothing else. */
void html_doctype(struct html_writer *w);
void html_open(struct html_writer *w, const char *element);
/* Only directly after html_open. */
void html_attr(struct html_writer *w, const char *name, struct str value);
void html_attrz(struct html_writer *w, const char *name, const char *value);
void html_text(struct html_writer *w, struct str text);
void html_textz(struct html_writer *w, const char *text);
/* printf, then escaped as text. */
#define html_printf(w, ...)                                                                                            \
  do {                                                                                                                 \
    struct buf formatted_;                                                                                             \
    buf_init(&formatted_, HTML_PRINTF_MAX);                                                                            \
    buf_printf(&formatted_, __VA_ARGS__);                                                                              \
    html_text((w), buf_str(&formatted_));                                                                              \
    buf_release(&formatted_);                                                                                          \
  } while (0)
/* Trusted markup of our own (style sheet, script): written as it is. */
void html_raw(struct html_writer *w, const char *markup);
void html_close(struct html_writer *w);
/* open, text, close; cls may be NULL. */
void html_element(struct html_writer *w, const char *element, const char *cls, struct str text);

#endif
