/* guide: what the console says of itself (/help): one page of topics, for whoever asks, in English and Danish.
 *
 * The texts are a table (guide_table.c); words that stand in buttons and headings are between asterisks there, and a
 * test looks that each is still a word of the console. What verdicts and assessments mean comes from the reports' table
 * (report/meaning.h). The page is the same for everybody, logged in or not: it knows of no run, system or person. */
#ifndef CONSOLE_GUIDE_H
#define CONSOLE_GUIDE_H

#include "console/console_int.h"

/* How a line of a topic is shown. */
enum guide_kind {
  GUIDE_TEXT, /* a paragraph */
  GUIDE_PART, /* a heading within the topic */
  GUIDE_STEP, /* of a numbered list */
  GUIDE_ITEM, /* of a list */
  GUIDE_TERM  /* "word|what it means" */
};

struct guide_line {
  enum guide_kind kind;
  const char *en, *da;
};

struct guide_topic {
  const char *id, *en, *da;
  const struct guide_line *lines; /* ended by one without a text */
  void (*more)(struct visit *v);  /* what comes after them; NULL: nothing */
};

extern const struct guide_topic guide_topics[]; /* ended by one without an id */

/* The id of the topic that the page of an address is about: "run" for "/runs/20261129-0a1b2c3d"; never NULL. */
const char *guide_of(struct str path);
/* A link to the help about the page that is shown. It opens a window of its own: what is being written here stays. */
void guide_link(struct visit *v);
/* A paragraph that leads to that topic, for a page that has nothing to show yet. An id of no topic is a bug. */
void guide_first(struct visit *v, const char *id);

/* The tables within topics. */
void guide_verdicts(struct visit *v);
void guide_assessments(struct visit *v);
void guide_keys(struct visit *v);

#endif
