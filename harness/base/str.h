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

/* The bytes of a NUL-terminated string; NULL gives the empty string. */
struct str str_z(const char *z);
/* True if both hold the same bytes. */
bool str_eq(struct str a, struct str b);
/* True if s holds just the bytes of z. */
bool str_eqz(struct str s, const char *z);
/* Like strcmp: below, at or above 0, by unsigned bytes, shorter first. */
int str_cmp(struct str a, struct str b);
/* ASCII letters compared without case. */
bool str_eq_nocase(struct str a, struct str b);
bool str_starts(struct str s, struct str head);
bool str_ends(struct str s, struct str tail);
/* Bytes from (inclusive) to (exclusive), both cut to the length of s. */
struct str str_sub(struct str s, size_t from, size_t to);
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
/* FNV-1a, for hash tables only. */
uint64_t str_hash(struct str s);
/* A letter of ASCII or a digit. */
static inline bool ascii_is_alnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

#endif
