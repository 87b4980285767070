/* complaint: what commands and rooms complain of, in Danish.
 *
 * An error is English (base/error.h), and what a child says is text alone. The console shows both to people who read
 * Danish: a table has the Danish of each sentence that a person can cause from the console, with "{1}" for what stood
 * at the first place of its format; a rule of files that we read ourselves (protocols, vendors, fixtures) has both
 * languages anyhow. "{1!}" in the Danish is a value that is itself a sentence or a word of the table, "{1~}" one that
 * may be, or a library's own words. A test compares the table with the formats in the sources, both ways: a sentence
 * that is changed there is changed here. */
#ifndef CONSOLE_COMPLAINT_H
#define CONSOLE_COMPLAINT_H

#include "base/arena.h"

#define COMPLAINT_BYTES_MAX ((size_t)4 << 10) /* of a complaint; a longer one is left as it is */

struct complaint {
  const char *en, *da;
};

/* Each ended by a row without en. */
extern const struct complaint complaints_of_commands[], complaints_of_rooms[], complaints_of_words[];
/* All of them, ended by NULL. */
extern const struct complaint *const complaint_tables[];

/* The Danish of one complaint, in a; what stands before it ("system.yaml:3:1: ") is kept. False if none is known. */
bool complaint_in_danish(struct arena *a, struct str english, struct str *danish);

#endif
