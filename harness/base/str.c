#include "base/str.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Longer decimal fractions are nobody's measurement. */
#define DOUBLE_TEXT_MAX 400

int str_cmp(struct str a, struct str b) {
  size_t n = a.n < b.n ? a.n : b.n;
  int c = n ? memcmp(a.p, b.p, n) : 0;
  return c ? c : (a.n > b.n) - (a.n < b.n);
}

static int ascii_lower(char c) {
  return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

bool str_eq_nocase(struct str a, struct str b) {
  if (a.n != b.n) return false;
  for (size_t i = 0; i < a.n; i++)
    if (ascii_lower(a.p[i]) != ascii_lower(b.p[i])) return false;
  return true;
}

size_t str_find(struct str s, struct str needle, size_t from) {
  if (from > s.n) return SIZE_MAX;
  if (needle.n == 0) return from;
  if (needle.n > s.n - from) return SIZE_MAX;
  const char *at = memmem(s.p + from, s.n - from, needle.p, needle.n);
  return at ? (size_t)(at - s.p) : SIZE_MAX;
}

size_t str_index(struct str s, char c) {
  const char *at = s.n ? memchr(s.p, c, s.n) : NULL;
  return at ? (size_t)(at - s.p) : SIZE_MAX;
}

size_t str_skip_plain(struct str s, size_t at, char x, char y) {
  const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;
  const uint64_t xs = ones * (unsigned char)x, ys = ones * (unsigned char)y;
  for (; at + 8 <= s.n; at += 8) {
    uint64_t v;
    memcpy(&v, s.p + at, sizeof v);
    if (((v - ones * 0x20) | ((v ^ xs) - ones) | ((v ^ ys) - ones) | v) & tops) break; /* maybe: then byte by byte */
  }
  for (; at < s.n; at++) {
    unsigned char c = (unsigned char)s.p[at];
    if (c < 0x20 || c >= 0x80 || s.p[at] == x || s.p[at] == y) break;
  }
  return at;
}

struct str str_trim(struct str s) {
  size_t from = 0, to = s.n;
  while (from < to && str_is_blank(s.p[from])) from++;
  while (to > from && str_is_blank(s.p[to - 1])) to--;
  return str_sub(s, from, to);
}

struct str str_cut(struct str *rest, char sep) {
  size_t at = str_index(*rest, sep);
  struct str head = str_sub(*rest, 0, at);
  *rest = at == SIZE_MAX ? str_sub(*rest, rest->n, rest->n) : str_sub(*rest, at + 1, rest->n);
  return head;
}

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

static size_t skip_sign(struct str s, size_t at) {
  return at < s.n && (s.p[at] == '-' || s.p[at] == '+') ? at + 1 : at;
}

static size_t skip_digits(struct str s, size_t at) {
  while (at < s.n && is_digit(s.p[at])) at++;
  return at;
}

bool str_int(struct str s, int64_t *out) {
  size_t i = skip_sign(s, 0);
  bool minus = i && s.p[0] == '-';
  if (i == s.n) return false;
  int64_t v = 0; /* kept negative: there is one more of them */
  for (; i < s.n; i++) {
    if (!is_digit(s.p[i])) return false;
    int digit = s.p[i] - '0';
    if (v < (INT64_MIN + digit) / 10) return false;
    v = v * 10 - digit;
  }
  if (!minus && v == INT64_MIN) return false;
  *out = minus ? v : -v;
  return true;
}

/* Offset behind [sign] digits [. digits] [e [sign] digits], or 0. */
static size_t scan_double(struct str s) {
  size_t from = skip_sign(s, 0), at = skip_digits(s, from);
  if (at == from) return 0;
  if (at < s.n && s.p[at] == '.') {
    from = at + 1;
    at = skip_digits(s, from);
    if (at == from) return 0;
  }
  if (at < s.n && (s.p[at] == 'e' || s.p[at] == 'E')) {
    from = skip_sign(s, at + 1);
    at = skip_digits(s, from);
    if (at == from) return 0;
  }
  return at;
}

bool str_double(struct str s, double *out) {
  char text[DOUBLE_TEXT_MAX + 1];
  if (s.n == 0 || s.n > DOUBLE_TEXT_MAX || scan_double(s) != s.n) return false;
  memcpy(text, s.p, s.n);
  text[s.n] = 0;
  double v = strtod(text, NULL);
  if (!isfinite(v)) return false;
  *out = v;
  return true;
}

static size_t min3(size_t a, size_t b, size_t c) {
  size_t m = a < b ? a : b;
  return m < c ? m : c;
}

size_t str_distance(struct str a, struct str b) {
  size_t row[STR_DISTANCE_MAX + 1];
  if (a.n > STR_DISTANCE_MAX || b.n > STR_DISTANCE_MAX) return a.n > b.n ? a.n : b.n;
  for (size_t j = 0; j <= b.n; j++) row[j] = j;
  for (size_t i = 1; i <= a.n; i++) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.n; j++) {
      size_t above = row[j];
      row[j] = min3(above + 1, row[j - 1] + 1, diagonal + (a.p[i - 1] != b.p[j - 1]));
      diagonal = above;
    }
  }
  return row[b.n];
}

/* Eight bytes at a time: canonicals are long, and looked up for most elements. */
uint64_t str_hash(struct str s) {
  const uint64_t odd = UINT64_C(0x9E3779B97F4A7C15);
  uint64_t h = s.n * odd, v;
  size_t at = 0;
  for (; s.n - at >= sizeof v; at += sizeof v) {
    memcpy(&v, s.p + at, sizeof v);
    h = (h ^ v) * odd;
    h ^= h >> 32;
  }
  for (v = 0; at < s.n; at++) v = v << 8 | (unsigned char)s.p[at];
  h = (h ^ v) * odd;
  return h ^ h >> 32;
}
