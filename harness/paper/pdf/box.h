/* box: a document as boxes, measured for a width, then placed on pages piece by piece.
 *
 * A box is a text, a stack of boxes, a row of cells side by side, a table, which begins each page with its heads, or a
 * picture, which stays whole.
 * Every box remembers how much of it is placed, so that what does not fit goes on on the next page: no line is lost and
 * none is placed twice. Boxes live in an arena; texts are pango's and are given back by box_release. */
#ifndef PAPER_PDF_BOX_H
#define PAPER_PDF_BOX_H

#include "base/vec.h"
#include "paper/pdf/page.h"
#include "paper/pdf/picture.h"
#include "paper/pdf/style.h"

#include <pango/pangocairo.h>

enum box_kind { BOX_TEXT, BOX_STACK, BOX_ROW, BOX_TABLE, BOX_PICTURE };

/* A part of a text that leads to an anchor. */
struct box_link {
  int from, to; /* bytes */
  struct str target;
};

struct box {
  enum box_kind kind;
  const struct paper *paper; /* that it will stand on */
  struct shape shape;
  struct str anchor;  /* it is the target of links to that; empty: none */
  struct str title;   /* of its bookmark */
  double least;       /* height at least, for boxes to write in */
  struct str page_of; /* text: the page of that anchor is written at its right side */

  PangoLayout *layout; /* text */
  VEC(struct box_link) links;

  VEC(struct box *) children; /* of the others; of a table its rows */
  double *widths;             /* row: of each cell, as parts of the whole; they may come to less than 1 */
  double gap;                 /* row: between cells */
  bool grid;                  /* row: lines around its cells */
  struct box *head;           /* table: the row that begins each page; NULL: none */

  const struct picture *picture;

  double width;  /* set by box_measure */
  size_t placed; /* lines or children that are on a page already */
  bool begun;    /* something of it is */
};

/* Sets the width of a box and all in it. Call it once, before anything is placed. */
void box_measure(struct box *b, double width);
/* Height of what is not placed yet, without the room around the box. */
double box_height(const struct box *b);
/* Height of the least piece that can be placed. */
double box_first(const struct box *b);
bool box_done(const struct box *b);
/* Places the box and all in it on pages, from the top of a new one on. */
void box_place(struct box *b, struct pages *pages);
void box_release(struct box *b);

#endif
