/* page: pages as lists of what is painted on them: fills first laid out, first painted.
 *
 * Nothing is painted before all is placed: only then the number of pages is known, and where each anchor is. Points are
 * counted from the top left corner of the paper. Lives in an arena; borrows texts from the boxes. */
#ifndef PAPER_PDF_PAGE_H
#define PAPER_PDF_PAGE_H

#include "base/map.h"
#include "base/vec.h"
#include "paper/pdf/picture.h"

#include <pango/pangocairo.h>

enum op_kind { OP_FILL, OP_FRAME, OP_LINE, OP_TEXT, OP_LINK, OP_PAGE, OP_PICTURE };

struct op {
  enum op_kind kind;
  struct area area;     /* text: x and baseline */
  struct colour colour; /* of a fill */
  PangoLayoutLine *line;
  const struct picture *picture;
  double scale;      /* of a picture */
  struct str target; /* of a link, and of what tells on which page that is */
};

struct page {
  VEC(struct op) ops;
};

struct anchor {
  size_t page; /* from 1 */
  double y;
};

struct bookmark {
  int level;
  struct str title;
  struct anchor at;
};

struct pages {
  struct arena *a;
  const struct paper *paper;
  VEC(struct page) list;
  struct map anchors; /* id -> struct anchor */
  VEC(struct bookmark) bookmarks;
};

void pages_init(struct pages *p, struct arena *a, const struct paper *paper);
void pages_add(struct pages *p);
/* Appends to the last page; gives the number of the op there. */
size_t pages_put(struct pages *p, struct op op);
struct op *pages_op(struct pages *p, size_t n);
void pages_anchor(struct pages *p, struct str id, double y);

/* What stands in the margins of each page; empty: nothing. */
struct margins {
  struct str top_left, bottom_left, page; /* page: the word before the number */
};

/* Paints all pages as PDF to standard output; -1 when it cannot be written. */
MUST_CHECK int pages_paint(const struct pages *p, const struct margins *m, struct str title, struct str date,
                           PangoContext *context, struct error *e);

#endif
