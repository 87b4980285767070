#include "base/utf8.h"

#include "base/error.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#define HIGH_BITS UINT64_C(0x8080808080808080)
#define LOW_BITS UINT64_C(0x0101010101010101)

static bool is_tail(unsigned char c) {
  return (c & 0xc0) == 0x80;
}

/* Unicode 15, table 3-7: what may follow the lead byte depends on it only for
 * the second byte. Gives the length, 0 for a byte that cannot lead. */
static size_t lead(unsigned char c, unsigned char *low, unsigned char *high) {
  *low = c == 0xe0 ? 0xa0 : c == 0xf0 ? 0x90 : 0x80;
  *high = c == 0xed ? 0x9f : c == 0xf4 ? 0x8f : 0xbf;
  if (c < 0x80) return 1;
  if (c < 0xc2) return 0;
  if (c < 0xe0) return 2;
  if (c < 0xf0) return 3;
  return c < 0xf5 ? 4 : 0;
}

static size_t decode(const unsigned char *p, size_t n, uint32_t *cp) {
  static const unsigned char lead_mask[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
  unsigned char low, high;
  size_t len = lead(p[0], &low, &high);
  if (len == 0 || len > n) return 0;
  uint32_t v = p[0] & lead_mask[len];
  if (len > 1 && (p[1] < low || p[1] > high)) return 0;
  for (size_t i = 1; i < len; i++) {
    if (!is_tail(p[i])) return 0;
    v = v << 6 | (p[i] & 0x3f);
  }
  *cp = v;
  return len;
}

size_t utf8_decode(struct str s, size_t at, uint32_t *cp) {
  return at < s.n ? decode((const unsigned char *)s.p + at, s.n - at, cp) : 0;
}

/* Writes a character and gives its length. */
static size_t encode(char out[4], uint32_t cp) {
  if (cp < 0x80) {
    out[0] = (char)cp;
    return 1;
  }
  size_t len = cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
  static const unsigned char leads[] = {0, 0, 0xc0, 0xe0, 0xf0};
  for (size_t i = len - 1; i > 0; i--, cp >>= 6) out[i] = (char)(0x80 | (cp & 0x3f));
  out[0] = (char)(leads[len] | cp);
  return len;
}

void utf8_put(struct buf *b, uint32_t cp) {
  char out[4];
  if (cp > 0x10ffff || (cp >= 0xd800 && cp <= 0xdfff)) BUG("U+%04X is no character", (unsigned)cp);
  buf_add(b, (struct str){out, encode(out, cp)});
}

static uint64_t load8(const unsigned char *p) {
  uint64_t v;
  memcpy(&v, p, sizeof v);
  return v;
}

size_t utf8_check(struct str s) {
  const unsigned char *p = (const unsigned char *)s.p;
  size_t at = 0;
  uint32_t cp;
  while (at < s.n) {
    if (s.n - at >= 16 && !((load8(p + at) | load8(p + at + 8)) & HIGH_BITS)) {
      at += 16;
      continue;
    }
    if (p[at] < 0x80) {
      at++;
      continue;
    }
    size_t len = decode(p + at, s.n - at, &cp);
    if (!len) return at;
    at += len;
  }
  return SIZE_MAX;
}

size_t utf8_whole(struct str s) {
  unsigned char low, high;
  size_t start = s.n;
  while (start > 0 && s.n - start < 3 && is_tail((unsigned char)s.p[start - 1])) start--;
  if (start == 0) return s.n;
  return s.n - start + 1 < lead((unsigned char)s.p[start - 1], &low, &high) ? start - 1 : s.n;
}

struct str utf8_head(struct str s, size_t n) {
  struct str head = str_sub(s, 0, n);
  return head.n == s.n ? s : str_sub(head, 0, utf8_whole(head));
}

/* Every byte that is not a tail begins a character. */
size_t utf8_length(struct str s) {
  const unsigned char *p = (const unsigned char *)s.p;
  size_t at = 0, tails = 0;
  for (; s.n - at >= 8; at += 8) {
    uint64_t v = load8(p + at);
    tails += (size_t)(((v >> 7 & ~v >> 6 & LOW_BITS) * LOW_BITS) >> 56);
  }
  for (; at < s.n; at++) tails += is_tail(p[at]);
  return s.n - tails;
}

static int to_int(size_t n) {
  return n > INT_MAX ? INT_MAX : (int)n;
}

void utf8_position(struct str s, size_t offset, int *line, int *col) {
  struct str rest = str_sub(s, 0, offset);
  size_t lines = 1, end;
  while ((end = str_index(rest, '\n')) != SIZE_MAX) {
    rest = str_sub(rest, end + 1, rest.n);
    lines++;
  }
  *line = to_int(lines);
  *col = to_int(utf8_length(rest) + 1);
}

static bool is_ascii(struct str s) {
  for (size_t i = 0; i < s.n; i++)
    if ((unsigned char)s.p[i] >= 0x80) return false;
  return true;
}

struct str utf8_nfc(struct arena *a, struct str s) {
  utf8proc_uint8_t *out = NULL;
  if (is_ascii(s)) return arena_str(a, s);
  utf8proc_ssize_t n =
      utf8proc_map((const utf8proc_uint8_t *)s.p, (utf8proc_ssize_t)s.n, &out, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
  if (n < 0) return arena_str(a, s);
  struct str result = arena_str(a, (struct str){(const char *)out, (size_t)n});
  free(out);
  return result;
}

/* Bytes that are not UTF-8 are kept. */
static struct str map_chars(struct arena *a, struct str s, utf8proc_int32_t (*change)(utf8proc_int32_t)) {
  struct buf b;
  buf_init(&b, s.n * 4); /* no character grows past four bytes */
  for (size_t at = 0; at < s.n;) {
    uint32_t cp = 0;
    size_t len = utf8_decode(s, at, &cp);
    if (len)
      utf8_put(&b, (uint32_t)change((utf8proc_int32_t)cp));
    else
      buf_byte(&b, s.p[at]);
    at += len ? len : 1;
  }
  return buf_take(&b, a);
}

struct str utf8_lower(struct arena *a, struct str s) {
  return map_chars(a, s, utf8proc_tolower);
}

struct str utf8_upper(struct arena *a, struct str s) {
  return map_chars(a, s, utf8proc_toupper);
}
