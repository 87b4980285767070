/* str: a borrowed run of bytes, not terminated by NUL.
 *
 * A struct str owns nothing; whoever made the bytes (an arena, a source file
 * in memory, a literal) keeps them alive. All functions are pure and allocate
 * nothing. The empty string may have p == NULL. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
  const char *p;
  size_t n;
};

/* A literal as a struct str. */
#define STR(literal) ((struct str){(literal), sizeof(literal) - 1})
/* The same in a static initialiser. */
#define STR_INIT(literal)                                                                                              \
  { (literal), sizeof(literal) - 1 }
/* The two arguments of printf's "%.*s". */
#define STR_F(s) (int)(s).n, (s).p

/* The small ones stand here whole: of a literal the compiler then knows the length. */

/* The bytes of a NUL-terminated string; NULL gives the empty string. */
static inline struct str str_z(const char *z) {
  return (struct str){z, z ? strlen(z) : 0};
}
/* True if both hold the same bytes. */
static inline bool str_eq(struct str a, struct str b) {
  return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}
/* True if s holds just the bytes of z. */
static inline bool str_eqz(struct str s, const char *z) {
  return str_eq(s, str_z(z));
}
/* Like strcmp: below, at or above 0, by unsigned bytes, shorter first. */
int str_cmp(struct str a, struct str b);
/* ASCII letters compared without case. */
bool str_eq_nocase(struct str a, struct str b);
/* Bytes from (inclusive) to (exclusive), both cut to the length of s. */
static inline struct str str_sub(struct str s, size_t from, size_t to) {
  if (to > s.n) to = s.n;
  if (from > to) from = to;
  return (struct str){s.p ? s.p + from : NULL, to - from};
}
static inline bool str_starts(struct str s, struct str head) {
  return s.n >= head.n && str_eq(str_sub(s, 0, head.n), head);
}
static inline bool str_ends(struct str s, struct str tail) {
  return s.n >= tail.n && str_eq(str_sub(s, s.n - tail.n, s.n), tail);
}
/* Offset of the first needle at or after from, or SIZE_MAX. */
size_t str_find(struct str s, struct str needle, size_t from);
/* Offset of the first byte c, or SIZE_MAX. */
size_t str_index(struct str s, char c);
/* Offset of the first byte at or after `at` that is a control character, x, y or beyond ASCII; s.n if none is. Eight
 * bytes at a time, for values of many megabytes. */
size_t str_skip_plain(struct str s, size_t at, char x, char y);
/* A blank, tab or line end. */
static inline bool str_is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}
/* Without blanks, tabs and line ends on both sides. */
struct str str_trim(struct str s);
/* Cuts off and returns what stands before the first sep; *rest becomes what
 * stands behind it (empty at the end). */
struct str str_cut(struct str *rest, char sep);
/* Reads a whole decimal number, sign allowed; false if s is anything else or
 * does not fit. */
bool str_int(struct str s, int64_t *out);
/* Reads a whole decimal fraction as a double, sign and exponent allowed; false
 * if s is anything else or does not fit. */
bool str_double(struct str s, double *out);
/* Number of single-byte edits between a and b, for "did you mean"; inputs over
 * STR_DISTANCE_MAX bytes count as wholly different. */
#define STR_DISTANCE_MAX 64
size_t str_distance(struct str a, struct str b);
/* For hash tables only: another machine or version may give another number. All bits are of use. */
uint64_t str_hash(struct str s);
/* A letter of ASCII or a digit. */
static inline bool ascii_is_alnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

#endif
