/* paging: a long list, so many rows a page.
 *
 * A query argument of its name says which page, from 1. The caller asks of every row, in order, whether it stands on
 * the page, and ends with the way to the others. */
#ifndef CONSOLE_PAGING_H
#define CONSOLE_PAGING_H

#include "console/console_int.h"

#define PAGING_ROWS 50 /* of a table, which on a phone is a screen for three rows */

struct paging {
  const char *name;
  size_t page, n; /* page from 0; rows so far */
};

struct paging paging_of(struct visit *v, const char *name);
/* Counts a row; true if it is to be shown. */
bool paging_takes(struct paging *p);
/* "51–100 of 300", and links to the other pages; nothing of what has one. Where the page is behind the last, the way
 * back. address: of the list; words: what is looked for there as "q". */
void page_paging(struct visit *v, const struct paging *p, const char *address, struct str words);

#endif
