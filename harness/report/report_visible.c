#include "base/utf8.h"
#include "report/report_int.h"

#define VISIBLE_MAX ((size_t)1 << 30)

/* Control characters, marks that turn the direction of writing (they can make a text read as another one), and what is
 * no character: none of them may reach a page or XML 1.0 as itself. */
static bool must_be_spelled(uint32_t cp) {
  if (cp < 0x20) return cp != '\t' && cp != '\n';
  if (cp < 0x7f) return false;
  return cp <= 0x9f || (cp >= 0x202a && cp <= 0x202e) || (cp >= 0x2066 && cp <= 0x2069) || cp == 0xfffe || cp == 0xffff;
}

/* Offset of the first byte to spell out, or s.n; *n becomes its length, *cp the character (the byte if it is none). */
static size_t next_bad(struct str s, size_t at, size_t *n, uint32_t *cp, bool *is_byte) {
  while (at < s.n) {
    unsigned char c = (unsigned char)s.p[at];
    if (c >= 0x20 && c < 0x7f) {
      at++;
      continue;
    }
    *n = utf8_decode(s, at, cp);
    *is_byte = *n == 0;
    if (*is_byte) {
      *n = 1;
      *cp = c;
      return at;
    }
    if (must_be_spelled(*cp)) return at;
    at += *n;
  }
  return s.n;
}

struct str report_visible(struct arena *a, struct str s) {
  size_t n = 0;
  uint32_t cp = 0;
  bool is_byte = false;
  size_t bad = next_bad(s, 0, &n, &cp, &is_byte);
  if (bad == s.n) return s;
  struct buf b;
  buf_init(&b, VISIBLE_MAX);
  size_t from = 0;
  for (; bad < s.n; bad = next_bad(s, from, &n, &cp, &is_byte)) {
    buf_add(&b, str_sub(s, from, bad));
    buf_printf(&b, is_byte || cp < 0x80 ? "\\x%02X" : "\\u{%X}", (unsigned)cp);
    from = bad + n;
  }
  buf_add(&b, str_sub(s, from, s.n));
  return buf_take(&b, a);
}
