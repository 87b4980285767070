/* picture: a drawing of ours (report/sequence_int.h) on paper, or a picture of somebody's screen (PNG, JPEG).
 *
 * Not a reader of SVG: it takes boxes, texts, groups, links and paths of straight lines with absolute whole numbers,
 * and has a table of its own for what their classes look like (picture.c), the counterpart of report/sequence_style.c.
 * A picture borrows from the document, and lives in the arena of the boxes. */
#ifndef PAPER_PDF_PICTURE_H
#define PAPER_PDF_PICTURE_H

#include "base/vec.h"
#include "paper/pdf/style.h"

#include <pango/pangocairo.h>

/* Points for each unit of a drawing: its texts are then about as large as those around it. */
#define PICTURE_SCALE 0.7

struct area {
  double x, y, w, h;
};

struct picture_link {
  struct area area; /* in units of the drawing */
  struct str target;
};

struct picture {
  const struct sheet_node *svg; /* NULL: it is a photo */
  struct str photo;             /* its bytes: decoded only while they are painted */
  double width, height;
  VEC(struct picture_link) links;
};

/* NULL: it has no size. */
const struct picture *picture_read(struct arena *a, const struct sheet_node *svg);
/* Of an img whose source is "data:"; NULL: it is no such picture, or too large (formats/photo.h). photo.c */
const struct picture *photo_read(struct arena *a, const struct sheet_node *img);
/* As picture_paint; nothing of one that is broken. photo.c */
void photo_paint(const struct picture *p, cairo_t *cr);
/* From the origin, one unit as one point. */
void picture_paint(const struct picture *p, cairo_t *cr, PangoContext *context);

#endif
