/* utf8: strict UTF-8 (Unicode 15, table 3-7): no overlong forms, no surrogates,
 * nothing above U+10FFFF. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/buf.h"

/* Decodes one character at s.p[at]; its length, or 0 if it is not valid. */
size_t utf8_decode(struct str s, size_t at, uint32_t *cp);
/* Appends a character; cp must be a scalar value. */
void utf8_put(struct buf *b, uint32_t cp);
/* Offset of the first byte that is not valid UTF-8, or SIZE_MAX. */
size_t utf8_check(struct str s);
/* Length of s without a character that was cut off at its end. */
size_t utf8_whole(struct str s);
/* The beginning of s, at most n bytes of it, without a character that would be cut off. */
struct str utf8_head(struct str s, size_t n);
/* Number of characters of a valid string. */
size_t utf8_length(struct str s);
/* 1-based line and column (in characters) of an offset. */
void utf8_position(struct str s, size_t offset, int *line, int *col);
/* NFC form, lower case and upper case (utf8proc), into the arena. */
struct str utf8_nfc(struct arena *a, struct str s);
struct str utf8_lower(struct arena *a, struct str s);
struct str utf8_upper(struct arena *a, struct str s);

#endif
