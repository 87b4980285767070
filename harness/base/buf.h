/* buf: text that grows, with a ceiling.
 *
 * A buf owns malloc'd memory until buf_release. What goes past the ceiling is
 * dropped and sets `full`, to be checked once at the end; the bytes stay NUL
 * terminated. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>

#include "base/arena.h"

struct buf {
  char *p;
  size_t n, cap, max;
  bool full;
};

/* Empties b without freeing (b may be uninitialised); max is its ceiling. */
void buf_init(struct buf *b, size_t max);
void buf_release(struct buf *b);
/* Forgets the content, keeps memory and ceiling. */
void buf_clear(struct buf *b);
void buf_add(struct buf *b, struct str s);
void buf_addz(struct buf *b, const char *z);
void buf_byte(struct buf *b, char c);
void buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The same for a function that has its values from one like it. */
void buf_vprintf(struct buf *b, const char *fmt, va_list values) __attribute__((format(printf, 2, 0)));
/* The content, borrowed until the next change. */
struct str buf_str(const struct buf *b);
/* The content copied into an arena; the buf is released. */
struct str buf_take(struct buf *b, struct arena *a);

#endif
