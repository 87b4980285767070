/* build: the boxes of a document, by its elements and the table of styles. */
#ifndef PAPER_PDF_BUILD_H
#define PAPER_PDF_BUILD_H

#include "paper/pdf/box.h"

struct build {
  struct arena *a;
  PangoContext *context;
  const struct paper *paper;
  double share; /* of the width of the text, for what is built now */
};

/* All that is shown of n, as a stack. */
struct box *build_boxes(struct build *b, const struct sheet_node *n, struct ink ink);

/* For the files of build: */

struct box *build_new(struct build *b, enum box_kind kind, const struct sheet_node *n);
void build_add(struct build *b, struct box *to, struct box *child);
/* The children of n into the stack. */
void build_children(struct build *b, struct box *to, const struct sheet_node *n, struct ink ink);
/* build_text.c: the text of the nodes from `first` up to `end` (not included), which hold no blocks; NULL if there is
 * nothing to see. */
struct box *build_text(struct build *b, const struct sheet_node *first, const struct sheet_node *end, struct ink ink);
/* One text as it stands. */
struct box *build_plain(struct build *b, struct str text, struct ink ink);
/* build_table.c */
struct box *build_table(struct build *b, const struct sheet_node *n, struct ink ink);
/* build_special.c: what is laid out in a way of its own; NULL: like any other. */
struct box *build_special(struct build *b, const struct sheet_node *n, struct ink ink);

#endif
