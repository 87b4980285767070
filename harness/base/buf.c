#include "base/buf.h"

#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_CAP 256
/* Most texts fit here; longer ones are formatted twice. */
#define PRINTF_TRY 512

void buf_init(struct buf *b, size_t max) {
  *b = (struct buf){.max = max};
}

void buf_release(struct buf *b) {
  free(b->p);
  *b = (struct buf){.max = b->max};
}

void buf_clear(struct buf *b) {
  b->n = 0;
  b->full = false;
  if (b->p) b->p[0] = 0;
}

/* Makes room for `more` bytes and a NUL; gives how many of them fit. */
static size_t reserve(struct buf *b, size_t more) {
  if (more > b->max - b->n) {
    more = b->max - b->n;
    b->full = true;
  }
  if (b->n + more < b->cap) return more;
  size_t cap = b->cap ? b->cap : FIRST_CAP;
  while (cap <= b->n + more) cap = cap > SIZE_MAX / 2 ? SIZE_MAX : cap * 2;
  char *p = realloc(b->p, cap);
  if (!p) BUG("out of memory: a buf of %zu bytes", cap);
  b->p = p;
  b->cap = cap;
  return more;
}

void buf_add(struct buf *b, struct str s) {
  size_t n = reserve(b, s.n);
  if (n) memcpy(b->p + b->n, s.p, n);
  b->n += n;
  b->p[b->n] = 0;
}

void buf_addz(struct buf *b, const char *z) {
  buf_add(b, str_z(z));
}

void buf_byte(struct buf *b, char c) {
  buf_add(b, (struct str){&c, 1});
}

void buf_vprintf(struct buf *b, const char *fmt, va_list values) {
  char text[PRINTF_TRY];
  va_list again;
  va_copy(again, values);
  int n = vsnprintf(text, sizeof text, fmt, values);
  if (n < 0) BUG("vsnprintf cannot format \"%s\"", fmt);
  if ((size_t)n < sizeof text) {
    buf_add(b, (struct str){text, (size_t)n});
  } else {
    size_t fits = reserve(b, (size_t)n);
    vsnprintf(b->p + b->n, fits + 1, fmt, again);
    b->n += fits;
  }
  va_end(again);
}

void buf_printf(struct buf *b, const char *fmt, ...) {
  va_list values;
  va_start(values, fmt);
  buf_vprintf(b, fmt, values);
  va_end(values);
}

struct str buf_str(const struct buf *b) {
  return (struct str){b->p, b->n};
}

struct str buf_take(struct buf *b, struct arena *a) {
  struct str s = arena_str(a, buf_str(b));
  buf_release(b);
  return s;
}
