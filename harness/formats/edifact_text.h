/* edifact_text: the free text of FTX segments as lines with styles, and back (legacy.md 3.5).
 *
 * FTX+<code>+<format>++c1:c2:c3:c4:c5' holds up to five lines of 70 characters. A component that ends in '\' goes on in
 * the next one, over the end of the segment too when that is set at the same side; '.' alone is an empty line, and so
 * is an empty component that others stand behind. The format is three characters: font, style, alignment. A style that
 * changes within a line begins a new FTX.
 *
 * What is read borrows from the tree or is made in the arena. Two lines cannot be written as they are, for they would
 * mean something else: one that is only '.', and one that ends in '\'; they get a blank behind. */
#ifndef FORMATS_EDIFACT_TEXT_H
#define FORMATS_EDIFACT_TEXT_H

#include "base/vec.h"
#include "formats/node.h"

#define FREE_TEXT_COMPONENTS 5 /* of an FTX */
#define FREE_TEXT_WIDTH 70     /* characters of a component, the '\' included */

/* Text of one style, in a line. */
struct free_run {
  struct str text;
  char font;               /* 'P' proportional, 'F' fixed */
  char style;              /* '0' normal, 'F' bold, 'U' underlined, 'K' italic */
  const struct node *node; /* the component in which it begins; NULL if it was not read */
};

struct free_line {
  char align;              /* '0' left, 'H' right, 'M' centred */
  const struct node *node; /* the component in which it begins */
  VEC(struct free_run) runs;
};

struct free_text {
  VEC(struct free_line) lines;
};

/* Reads the FTX and those right behind it that have the same code; gives what stands behind them. A format that is
 * missing or unknown counts as "P00". */
const struct node *free_text_read(struct free_text *out, struct arena *a, const struct node *ftx);
/* The same, of those that have the same format too, as it is written. */
const struct node *free_text_read_format(struct free_text *out, struct arena *a, const struct node *ftx);
/* Appends FTX segments to parent; gives how many. A text of no lines makes none. */
size_t free_text_write(struct node *parent, struct arena *a, struct str code, const struct free_text *t);
/* Adds normal lines, set left: one, and another behind each line end in the text. */
void free_text_add(struct free_text *t, struct arena *a, struct str text);
/* A line without its styles; all lines, with '\n' between them. */
struct str free_line_plain(struct arena *a, const struct free_line *l);
struct str free_text_plain(struct arena *a, const struct free_text *t);

#endif
