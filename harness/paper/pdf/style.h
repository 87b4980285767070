/* style: what the elements and classes of our documents look like on paper: one table (style.c), sizes in points.
 *
 * The counterpart of the style sheet for browsers (report/doc_style.c); what it does not name looks like what is around
 * it. Rules are applied in the order of the table: element first, then classes. */
#ifndef PAPER_PDF_STYLE_H
#define PAPER_PDF_STYLE_H

#include "paper/sheet.h"

struct colour {
  double r, g, b;
};

enum ink_name { INK_TEXT, INK_MUTED, INK_LINK, INK_OK, INK_FAIL, INK_MAYBE, INK_TOOL, INK_WAIT, INKS_N };
enum fill_name { FILL_NONE, FILL_SOFT, FILL_SUB, FILL_FAIL, FILL_WARN, FILL_OFF, FILLS_N };

/* A sheet and the margins of its text, in points. */
struct paper {
  double width, height, side, top, bottom;
  double letters; /* size of those that no rule is for */
  bool framed;    /* a border around all of it */
  bool headed;    /* the title of the document above the text; else it stands below, where it has no footer */
};

/* How text is written; inherited. */
struct ink {
  double size;
  bool bold, mono;
  bool centred;
  bool lines; /* line ends of the document are line ends */
  enum ink_name colour;
};

/* How a block stands; not inherited. */
struct shape {
  double before, after; /* room above and below */
  double left;          /* indent */
  double pad;           /* inside, on all sides */
  enum fill_name fill;
  enum ink_name bar;           /* at its left side, if has_bar */
  bool has_bar, framed, ruled; /* a frame around; a line below */
  bool keep;                   /* with what follows */
  bool whole;                  /* on one page, if it fits on one */
  bool new_page;               /* begins one */
  int outline;                 /* level of a bookmark; 0: none */
};

extern const struct colour ink_colours[INKS_N], fill_colours[FILLS_N];
extern const struct colour line_colour;

/* A4 across; upright where the body of the document has that class. */
const struct paper *style_paper(const struct sheet_node *root);
double paper_text_width(const struct paper *p);
double paper_text_height(const struct paper *p);
/* The ink of a node, from that of what it stands in. */
struct ink style_ink(const struct sheet_node *n, struct ink outer);
struct shape style_shape(const struct sheet_node *n);
/* Is it laid out as a block of its own? */
bool style_is_block(const struct sheet_node *n);
/* Is it not shown on paper at all? */
bool style_is_hidden(const struct sheet_node *n);

#endif
