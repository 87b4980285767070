/* plain: a document as plain text, for terminals, mails and comparisons.
 *
 * Headings are underlined, tables have aligned columns, and a step table, which has too many of them, one block a step.
 * No line is wider than the width, but for a word that is. Same document, same bytes. */
#ifndef PAPER_PLAIN_H
#define PAPER_PLAIN_H

#include "base/buf.h"
#include "paper/sheet.h"

#define PLAIN_WIDTH 100

void plain_write(struct buf *out, const struct sheet_node *root, size_t width);

#endif
