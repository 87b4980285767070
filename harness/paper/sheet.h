/* sheet: a document of ours (formats/html.h wrote it) as a tree, for what lays it out on paper or as plain text.
 *
 * Not a browser's reader: it takes what our writer makes, and refuses the rest (an element closed by another, an
 * unknown entity). Style sheets, scripts and comments are left out. Everything lives in the arena and borrows from the
 * bytes. */
#ifndef PAPER_SHEET_H
#define PAPER_SHEET_H

#include "base/arena.h"
#include "base/error.h"

#define SHEET_DEPTH_MAX 80

/* The numbers of an element of a drawing (svg), as they are written. */
struct sheet_drawn {
  struct str x, y, width, height, path, anchor; /* anchor: of a text: start, middle, end */
};

struct sheet_node {
  struct str element;            /* "td"; empty: it is a text */
  struct str cls, id, href, src; /* attributes; empty where there is none */
  struct str lang, datetime;
  struct sheet_drawn *drawn; /* NULL: it has none of that */
  int colspan;               /* 1 without the attribute */
  bool open;                 /* of details: not folded */
  struct str text;           /* of a text, entities replaced */
  struct sheet_node *parent, *first, *last, *next;
};

/* The root has the elements of the page as children ("html"). A fault is ERR_SYNTAX with the offset of the byte. */
MUST_CHECK int sheet_read(struct sheet_node **root, struct arena *a, struct str html, struct error *e);
/* Is one of its classes that? */
bool sheet_has_class(const struct sheet_node *n, const char *cls);
bool sheet_is(const struct sheet_node *n, const char *element);
/* The first element of that name, the node itself or below it, in reading order; NULL. */
const struct sheet_node *sheet_find(const struct sheet_node *n, const char *element);
/* All text of a node, each run of blanks and line ends as one blank. */
struct str sheet_text(struct arena *a, const struct sheet_node *n);

/* for (SHEET_EACH(c, n)) */
#define SHEET_EACH(c, n)                                                                                               \
  struct sheet_node *c = (n)->first;                                                                                   \
  c;                                                                                                                   \
  c = c->next

#endif
