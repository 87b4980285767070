/* sequence: the messages of a run as sequence diagrams: who sent what to whom, in order of time, as SVG of our own.
 *
 * A diagram is of one use case, or of the messages of none. It is cut into strips, each with the heads of its lifelines
 * again, so that one fits on a screen and on a sheet of paper. What became of a message is told by shape and word,
 * never by colour alone. Everything lives in the arena of the document and borrows from its record; same record, same
 * bytes. */
#ifndef REPORT_SEQUENCE_INT_H
#define REPORT_SEQUENCE_INT_H

#include "report/doc_int.h"

#define SEQUENCE_LINES_MAX 8    /* lifelines of a diagram; those beyond share the last one */
#define SEQUENCE_STRIP_MAX 12   /* arrows of a strip */
#define SEQUENCE_ARROWS_MAX 600 /* arrows of a diagram; those beyond are counted */
#define SEQUENCE_LABEL_MAX 120  /* characters of a text, drawn or told */

/* LINE_OTHERS: the last one, where there are too many. */
/* LINE_REGISTER: the register of messages (EMR), which testcamp plays. */
enum sequence_line_kind { LINE_SYSTEM, LINE_HARNESS, LINE_SERVICE, LINE_PARTY, LINE_REGISTER, LINE_OTHERS };

struct sequence_line {
  enum sequence_line_kind kind;
  struct str name; /* of a party or a service, as the protocol calls it */
  struct str title;
};

/* What is drawn in a way of its own; each has its place in the key below a diagram. */
enum sequence_mark {
  MARK_RELAYED = 1 << 0,   /* it went on unchanged */
  MARK_AGAIN = 1 << 1,     /* the same went there before */
  MARK_REFUSED = 1 << 2,   /* answered with an HTTP status of 400 and above */
  MARK_LOST = 1 << 3,      /* it did not arrive */
  MARK_WRONG = 1 << 4,     /* errors were found in it */
  MARK_UNMATCHED = 1 << 5, /* it fits no step */
};
#define SEQUENCE_MARKS 6

struct sequence_arrow {
  const struct doc_message *message;
  size_t from, to; /* lifelines */
  unsigned marks;
  struct str what, result; /* above and below it */
};

struct sequence_strip {
  size_t from, to; /* arrows, `to` not included; all of one day */
};

struct sequence_ties;

struct sequence {
  struct doc *d;
  const struct sequence_ties *ties;
  VEC(struct sequence_line) lines;
  VEC(struct sequence_arrow) arrows;
  VEC(struct sequence_strip) strips;
  size_t dropped; /* arrows beyond SEQUENCE_ARROWS_MAX */
  unsigned marks; /* of all arrows */
  bool hands_on;  /* testcamp is the access points between two systems of EHMI */
};

/* What the messages of the whole run have to do with each other. */
struct sequence_ties {
  struct doc *d;
  const struct record_exchange **same; /* for each message the first one with the same content; NULL: it is that */
  struct map by_header;                /* MessageHeader.id or letter id -> struct record_exchange */
  struct map copies;                   /* EnvelopeIdentifier of a copy for the register of messages -> the same */
};

void sequence_ties(struct sequence_ties *t, struct doc *d);
/* The diagram of a use case; NULL: of the messages that belong to none. */
void sequence_make(struct sequence *s, const struct sequence_ties *t, const struct record_case *c);

/* Is it a copy for the register of messages (EMR)? */
bool sequence_is_copy(const struct record_exchange *x);

/* sequence_label.c */
unsigned sequence_marks(const struct sequence_ties *t, const struct doc_message *m);
struct str sequence_what(struct doc *d, const struct record_exchange *x);
/* What became of it on its way: its status, a fault, why it could not be delivered; empty: nothing is known. */
struct str sequence_became(struct doc *d, const struct record_exchange *x);
struct str sequence_result(const struct sequence_ties *t, const struct doc_message *m);
/* All that is drawn of an arrow, as a sentence. */
struct str sequence_told(const struct sequence *s, const struct sequence_arrow *arrow);
struct str sequence_line_role(const struct sequence *s, const struct sequence_line *line);

/* sequence_text.c: how wide a text will be in a common sans-serif font, in px; no text is wider than told by much. */
int sequence_text_width(struct str text, int size);
/* The text, cut with an ellipsis to what fits. */
struct str sequence_text_fit(struct arena *a, struct str text, int size, int width);
/* What can be shown of a text, at most SEQUENCE_LABEL_MAX characters and an ellipsis. */
struct str sequence_text_short(struct arena *a, struct str text);

/* sequence_draw.c: strips are drawn from y = top on, into an open <svg>. */
int sequence_width(const struct sequence *s);
int sequence_strip_height(const struct sequence *s, size_t strip);
/* page: the file that the links lead into; empty: this one. */
void sequence_draw_strip(const struct sequence *s, size_t strip, int top, struct str page);
/* Opens <svg> with its title and description. */
void sequence_svg_open(struct doc *d, int width, int height, struct str title, struct str about);
/* A text; anchor "start", "middle" or "end". */
void sequence_draw_text(struct doc *d, const char *cls, int x, int y, const char *anchor, struct str text);

/* The diagram of a use case (NULL: of the messages that belong to none) in a <details>; nothing where there are no
 * messages. */
void doc_sequence(const struct sequence_ties *t, const struct record_case *c, bool is_open);

/* sequence_style.c: for the style sheet of the page, and what a file of its own needs beside it. */
extern const char sequence_style[], sequence_style_dark[];

#endif
