/* listing: the bytes of a message as rows to show, each with its place in the source.
 *
 * A row is a line, or a part of a line that is too long to read: JSON, XML and EDIFACT are then broken at their own
 * structure and indented by depth. The bytes never change, so a position of a finding always has its row. The message
 * is not parsed: what is broken or hostile is listed like anything else. Lives in the arena given. */
#ifndef REPORT_LISTING_INT_H
#define REPORT_LISTING_INT_H

#include "base/vec.h"

/* Lines of more bytes are broken. */
#define LISTING_LINE_MAX 240
/* Deeper parts are indented no further. */
#define LISTING_DEPTH_MAX 12
/* Rows beyond are not listed. */
#define LISTING_ROWS_MAX 20000

struct listing_row {
  int line, col; /* of its first character, 1-based; col 1: the row begins a line */
  int depth;
  struct str text; /* without the line end */
};

struct listing {
  struct str bytes;
  VEC(struct listing_row) rows;
  size_t rest;   /* bytes that are not listed */
  int rest_line; /* line where they begin */
};

void listing_init(struct listing *l, struct arena *a, struct str bytes);
/* The row that holds a position (col 0: the first of the line), or SIZE_MAX if it is not listed. */
size_t listing_find(const struct listing *l, int line, int col);

#endif
