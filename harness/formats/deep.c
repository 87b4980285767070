#include "formats/deep.h"

#include <limits.h>

#define NUMBER_DIGITS 10
#define NUMBER_HYPHEN 6 /* a hyphen may stand behind so many */

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Each byte of a message is asked for: place in the alphabet + 1; 0: not of it. */
static const signed char places[UCHAR_MAX + 1] = {
    ['A'] = 1,  ['B'] = 2,  ['C'] = 3,  ['D'] = 4,  ['E'] = 5,  ['F'] = 6,  ['G'] = 7,  ['H'] = 8,
    ['I'] = 9,  ['J'] = 10, ['K'] = 11, ['L'] = 12, ['M'] = 13, ['N'] = 14, ['O'] = 15, ['P'] = 16,
    ['Q'] = 17, ['R'] = 18, ['S'] = 19, ['T'] = 20, ['U'] = 21, ['V'] = 22, ['W'] = 23, ['X'] = 24,
    ['Y'] = 25, ['Z'] = 26, ['a'] = 27, ['b'] = 28, ['c'] = 29, ['d'] = 30, ['e'] = 31, ['f'] = 32,
    ['g'] = 33, ['h'] = 34, ['i'] = 35, ['j'] = 36, ['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40,
    ['o'] = 41, ['p'] = 42, ['q'] = 43, ['r'] = 44, ['s'] = 45, ['t'] = 46, ['u'] = 47, ['v'] = 48,
    ['w'] = 49, ['x'] = 50, ['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54, ['2'] = 55, ['3'] = 56,
    ['4'] = 57, ['5'] = 58, ['6'] = 59, ['7'] = 60, ['8'] = 61, ['9'] = 62, ['+'] = 63, ['/'] = 64,
};

static int value_of(char c) {
  return places[(unsigned char)c] - 1;
}

static bool is_break(char c) {
  return c == '\r' || c == '\n' || c == ' ' || c == '\t';
}

/* Where the line break at `at` ends, if base64 goes on behind it; blanks alone are none, and an empty line ends what
 * stood before: a header of mail ends with "base64" and one. */
static size_t over_breaks(struct str s, size_t at) {
  size_t lines = 0, end = at;
  for (; end < s.n && is_break(s.p[end]); end++) lines += s.p[end] == '\n';
  return lines == 1 && end < s.n && value_of(s.p[end]) >= 0 ? end : at;
}

/* Base64 in s from `from` to `end`, line breaks within; n characters. */
struct run {
  size_t from, end, n;
};

/* The first run at or after `at`; false if there is none. */
static bool next_run(struct str s, size_t at, struct run *out) {
  for (; at < s.n; at = out->end) {
    while (at < s.n && value_of(s.p[at]) < 0) at++;
    *out = (struct run){.from = at, .end = at};
    while (at < s.n && value_of(s.p[at]) >= 0) {
      size_t line = at;
      while (at < s.n && value_of(s.p[at]) >= 0) at++;
      out->n += at - line;
      out->end = at;
      if (at < s.n && is_break(s.p[at])) at = over_breaks(s, at);
    }
    if (out->n >= DEEP_RUN_MIN) return true;
  }
  return false;
}

static struct str decode(struct arena *a, struct str s, const struct run *r) {
  char *out = arena_alloc(a, r->n + 1);
  uint32_t bits = 0;
  size_t have = 0, len = 0;
  for (size_t i = r->from; i < r->end; i++) {
    if (is_break(s.p[i])) continue;
    bits = bits << 6 | (uint32_t)value_of(s.p[i]);
    have += 6;
    if (have < 8) continue;
    have -= 8;
    out[len++] = (char)(bits >> have & 0xFF);
  }
  return (struct str){out, len};
}

/* Writes bytes back to where they came from. The last character may have bits of no byte: they become zero. */
static void encode(char *s, const struct run *r, struct str bytes) {
  size_t bit = 0;
  for (size_t i = r->from; i < r->end; i++) {
    if (is_break(s[i])) continue;
    size_t byte = bit / 8;
    uint32_t two = byte < bytes.n ? (uint32_t)(unsigned char)bytes.p[byte] << 8 : 0;
    if (byte + 1 < bytes.n) two |= (unsigned char)bytes.p[byte + 1];
    s[i] = alphabet[two >> (10 - bit % 8) & 63];
    bit += 6;
  }
}

static size_t blank_here(char **copy, struct arena *a, struct str bytes, const struct deep_finder *f) {
  size_t n = 0, from = 0, end;
  while ((from = f->next(f->context, bytes, from, &end)) != SIZE_MAX) {
    if (!*copy) *copy = arena_z(a, bytes);
    for (; from < end; from++)
      if ((*copy)[from] != '\n' && (*copy)[from] != '\r') (*copy)[from] = 'X';
    n++;
  }
  return n;
}

static size_t blank(struct str *out, struct arena *a, struct str bytes, const struct deep_finder *f, int level) {
  char *copy = NULL;
  size_t n = blank_here(&copy, a, bytes, f);
  struct run r = {0};
  struct arena *inner = NULL;
  *out = copy ? (struct str){copy, bytes.n} : bytes;
  while (level < DEEP_LEVELS_MAX && next_run(*out, r.end, &r)) {
    struct str plain;
    if (!inner) inner = arena_new_small(0);
    size_t found = blank(&plain, inner, decode(inner, *out, &r), f, level + 1);
    if (found && !copy) copy = arena_z(a, bytes);
    if (found) encode(copy, &r, plain);
    if (copy) *out = (struct str){copy, bytes.n};
    n += found;
    arena_reset(inner);
  }
  arena_free(inner);
  return n;
}

size_t deep_blank(struct str *out, struct arena *a, struct str bytes, const struct deep_finder *f) {
  return blank(out, a, bytes, f, 0);
}

size_t deep_count(struct str bytes, const struct deep_finder *f) {
  struct arena *a = arena_new(0);
  struct str ignored;
  size_t n = blank(&ignored, a, bytes, f, 0);
  arena_free(a);
  return n;
}

static bool is_digit(struct str s, size_t i) {
  return i < s.n && s.p[i] >= '0' && s.p[i] <= '9';
}

static bool joins(char c) {
  return c == '-' || c == '.' || c == ',';
}

/* Not a part of a longer number, word or decimal fraction: in the name of a file it may stand behind a hyphen. */
static bool stands_alone(struct str s, size_t from, size_t end) {
  char before = from ? s.p[from - 1] : ' ', behind = end < s.n ? s.p[end] : ' ';
  if (ascii_is_alnum(before) || ascii_is_alnum(behind)) return false;
  if (joins(before) && from >= 2 && is_digit(s, from - 2)) return false;
  return !(joins(behind) && is_digit(s, end + 1));
}

/* Reads a number at `at`; its end, or 0. */
static size_t number_at(struct str s, size_t at, char digits[NUMBER_DIGITS]) {
  size_t n = 0, i = at;
  for (; n < NUMBER_DIGITS; i++) {
    if (is_digit(s, i))
      digits[n++] = s.p[i];
    else if (n != NUMBER_HYPHEN || i != at + NUMBER_HYPHEN || i >= s.n || s.p[i] != '-')
      return 0;
  }
  return is_digit(s, i) ? 0 : i;
}

size_t deep_number_next(void *number, struct str bytes, size_t from, size_t *end) {
  const struct deep_number *wants = number;
  for (size_t i = from; i < bytes.n; i++) {
    char digits[NUMBER_DIGITS];
    if (!is_digit(bytes, i)) continue;
    size_t last = i;
    while (is_digit(bytes, last + 1)) last++;
    size_t n = last - i + 1, behind = 0;
    /* Of base64, where digits are many, most is passed over here. */
    if (n == NUMBER_DIGITS || n == NUMBER_HYPHEN) behind = number_at(bytes, i, digits);
    if (behind && stands_alone(bytes, i, behind) &&
        wants->wanted(wants->context, (struct str){digits, sizeof digits})) {
      *end = behind;
      return i;
    }
    i = last;
  }
  return SIZE_MAX;
}
