/* plain_int: what plain.c and plain_table.c share. */
#ifndef PAPER_PLAIN_INT_H
#define PAPER_PLAIN_INT_H

#include "paper/plain.h"

struct plain {
  struct buf *out;
  struct arena *a;
  size_t width;
};

/* Text that is being folded: a line that has begun, in a column from `left` to `right`. */
struct plain_fold {
  size_t left, right; /* columns, from 0 */
  size_t at;          /* where the line stands */
};

/* The text of a node in reading order, blanks as in HTML; a tag stands in brackets, a step word in parentheses. */
struct str plain_text(struct plain *p, const struct sheet_node *n);
/* Writes text folded between two columns; the line has come to column `at` already. Ends without a line end. */
void plain_fold(struct plain *p, struct str text, struct plain_fold f);
void plain_pad(struct plain *p, size_t n, char c);
/* A piece of text no wider than width, and what is left: at a blank, else within a word that is wider. */
struct str plain_cut(struct str *rest, size_t width);

void plain_table(struct plain *p, const struct sheet_node *table);

#endif
