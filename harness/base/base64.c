#include "base/base64.h"

#include <string.h>

/* Bytes that are encoded at a time. */
#define ENCODE_CHUNK 3072

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* The six bits of each letter; SKIP for blanks and line ends, NONE for the rest. */
#define NONE 0xff
#define SKIP 0xfe
#define NOT_A_LETTER 0x80
/* clang-format off */
static const unsigned char bits[256] = {
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe, 0xfe, 0xff, 0xff, 0xfe, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x3e, 0xff, 0xff, 0xff, 0x3f,
    0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3a, 0x3b, 0x3c, 0x3d, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e,
    0x0f, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f, 0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x27, 0x28,
    0x29, 0x2a, 0x2b, 0x2c, 0x2d, 0x2e, 0x2f, 0x30, 0x31, 0x32, 0x33, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
};
/* clang-format on */

/* Encodes n bytes, a multiple of three, and gives the end of what was written. */
static char *encode_whole(char *to, const unsigned char *from, size_t n) {
  for (const unsigned char *end = from + n; from < end; from += 3) {
    unsigned v = (unsigned)from[0] << 16 | (unsigned)from[1] << 8 | from[2];
    *to++ = letters[v >> 18];
    *to++ = letters[v >> 12 & 63];
    *to++ = letters[v >> 6 & 63];
    *to++ = letters[v & 63];
  }
  return to;
}

static char *encode_rest(char *to, const unsigned char *from, size_t n) {
  unsigned char last[3] = {from[0], n == 2 ? from[1] : 0, 0};
  to = encode_whole(to, last, 3);
  to[-1] = '=';
  if (n == 1) to[-2] = '=';
  return to;
}

void base64_encode(struct buf *out, struct str bytes) {
  char text[ENCODE_CHUNK / 3 * 4];
  for (size_t at = 0; at < bytes.n && !out->full; at += ENCODE_CHUNK) {
    struct str chunk = str_sub(bytes, at, at + ENCODE_CHUNK);
    const unsigned char *from = (const unsigned char *)chunk.p;
    size_t whole = chunk.n / 3 * 3;
    char *end = encode_whole(text, from, whole);
    if (chunk.n > whole) end = encode_rest(end, from + whole, chunk.n - whole);
    buf_add(out, (struct str){text, (size_t)(end - text)});
  }
}

/* Decodes whole groups of four letters as long as nothing else comes. */
static size_t decode_groups(unsigned char **to, const unsigned char *from, size_t n) {
  unsigned char *out = *to;
  size_t at = 0;
  for (; n - at >= 4; at += 4, out += 3) {
    unsigned a = bits[from[at]], b = bits[from[at + 1]], c = bits[from[at + 2]], d = bits[from[at + 3]];
    if ((a | b | c | d) & NOT_A_LETTER) break;
    unsigned v = a << 18 | b << 12 | c << 6 | d;
    out[0] = (unsigned char)(v >> 16);
    out[1] = (unsigned char)(v >> 8);
    out[2] = (unsigned char)v;
  }
  *to = out;
  return at;
}

struct group {
  unsigned v;
  int letters;
  size_t last; /* offset of the last letter */
};

/* Reads letters, skipping blanks, until there are four or something else comes. */
static size_t read_group(struct group *g, const unsigned char *from, size_t at, size_t n) {
  *g = (struct group){0};
  for (; at < n && g->letters < 4; at++) {
    unsigned b = bits[from[at]];
    if (b == SKIP) continue;
    if (b == NONE) break;
    g->v = g->v << 6 | b;
    g->letters++;
    g->last = at;
  }
  return at;
}

/* Reads the '=' that fill up the last group, then only blanks; gives the offset
 * of what does not fit, or n. */
static size_t read_padding(const unsigned char *from, size_t at, size_t n, int *missing) {
  for (; at < n; at++) {
    if (bits[from[at]] == SKIP) continue;
    if (from[at] != '=' || *missing == 0) break;
    --*missing;
  }
  return at;
}

/* The last, short group; false with the offset of what does not fit in *at.
 * Bits that are not used must be zero (RFC 4648 section 3.5). */
static bool decode_last(unsigned char **to, struct group g, const unsigned char *from, size_t *at, size_t n) {
  static const unsigned unused[4] = {0, 0, 0xf, 0x3};
  if (g.letters == 1) return false;
  int missing = g.letters ? 4 - g.letters : 0;
  *at = read_padding(from, *at, n, &missing);
  if (*at < n || missing) return false;
  if (g.v & unused[g.letters]) {
    *at = g.last;
    return false;
  }
  if (g.letters == 2) *(*to)++ = (unsigned char)(g.v >> 4);
  if (g.letters == 3) {
    *(*to)++ = (unsigned char)(g.v >> 10);
    *(*to)++ = (unsigned char)(g.v >> 2);
  }
  return true;
}

int base64_decode(struct str *out, struct arena *a, struct str text, size_t *bad) {
  const unsigned char *from = (const unsigned char *)(text.n ? text.p : "");
  unsigned char *start = arena_alloc(a, text.n / 4 * 3 + 4), *to = start;
  size_t at = 0;
  struct group g = {0};
  do {
    at += decode_groups(&to, from + at, text.n - at);
    at = read_group(&g, from, at, text.n);
    if (g.letters < 4) break;
    *to++ = (unsigned char)(g.v >> 16);
    *to++ = (unsigned char)(g.v >> 8);
    *to++ = (unsigned char)g.v;
  } while (true);
  if (!decode_last(&to, g, from, &at, text.n)) {
    *bad = at;
    return -1;
  }
  *out = (struct str){(char *)start, (size_t)(to - start)};
  return 0;
}

int base64_check(struct str text, size_t *bad) {
  const unsigned char *from = (const unsigned char *)(text.n ? text.p : "");
  unsigned char last[3], *to = last;
  size_t at = 0;
  struct group g;
  do at = read_group(&g, from, at, text.n);
  while (g.letters == 4);
  if (decode_last(&to, g, from, &at, text.n)) return 0;
  *bad = at;
  return -1;
}
