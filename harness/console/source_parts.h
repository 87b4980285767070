/* source_parts: a message of any size cut into parts that a page can hold, each with the findings in it.
 *
 * Pure: bytes in, places out, all in the caller's arena. Parts follow each other without a gap; they end at the end of
 * a line, a line longer than a part behind a segment or a value. A place with more findings than a part holds stands in
 * several parts, each with some of them. Limits are those of a page of 200 KB that shows two messages, as it is sent to
 * a browser that takes no gzip, and of a picture of it that is not endless. */
#ifndef CONSOLE_SOURCE_PARTS_H
#define CONSOLE_SOURCE_PARTS_H

#include "base/arena.h"

#define PART_WEIGHT ((size_t)72 << 10) /* bytes of markup, about */
#define PART_BYTES ((size_t)24 << 10)
#define PART_LINES 400

/* Where a finding is: line and column (in characters) from 1, line 0: of the whole. */
struct source_place {
  int64_t line, column;
  size_t weight;  /* bytes of markup that it takes */
  size_t finding; /* its index in the list that it is of */
};

/* Bytes from (inclusive) to (exclusive), which begin at that line and column and end in the line `last`; places from
 * first (inclusive) to end (exclusive). */
struct source_part {
  size_t from, to, first, end;
  int64_t line, column, last;
};

/* Sorts the places, and cuts; at least one part. Places of the whole stand in the first, those behind the end in the
 * last. */
size_t source_cut(struct arena *a, struct str bytes, struct source_place *places, size_t n, struct source_part **out);
/* The index of the part where that place is. */
size_t source_part_of(const struct source_part *parts, size_t n, int64_t line, int64_t column);
/* False of a character without a picture, and of one that turns the direction of what follows. */
bool source_has_picture(uint32_t cp);

#endif
