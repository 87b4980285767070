/* xml_int: what happens to the bytes of a document before libxml2 sees them. */
#ifndef FORMATS_XML_INT_H
#define FORMATS_XML_INT_H

#include "base/vec.h"
#include "formats/node.h"

/* Values and texts from this length on are not shown to libxml2, which would keep a copy of them. */
#define XML_LONG_VALUE ((size_t)64 << 10)

/* Turns s, which says it is in another encoding than UTF-8, into UTF-8 in a,
 * and gives the name of that encoding; name stays empty (and s as it is) for
 * UTF-8. Leaves out a byte order mark. -1: unknown encoding, or bytes that are
 * not in it; name is set. */
int xml_to_utf8(struct str *s, struct arena *a, struct str *name);

/* n bytes that are left out before offset `at` of what is shown; while they are looked for: n bytes of the source,
 * from `at` on, of which the line ends (`lines`) are kept. */
struct xml_cut {
  size_t at, n, lines;
};

/* A document as libxml2 is shown it: s is the document itself, or a copy without most of its long values. What they
 * are is read from the document itself; libxml2 could only have said that there is nothing wrong with them. */
struct xml_shown {
  struct str s;
  VEC(struct xml_cut) cuts;
  size_t last, passed, skipped; /* of xml_shown_source: where it stood, the cuts before it, and the bytes in them */
};

/* Shows s; the copy, if there is one, and the cuts are in a (NULL: nothing is cut). Gives the offset of the first
 * start tag with more than max attributes, or SIZE_MAX: libxml2 compares each attribute with each before it tells us
 * of any. */
size_t xml_show(struct xml_shown *out, struct arena *a, struct str s, size_t max);
/* Offset in the document of what stands at `at` of what is shown. */
size_t xml_shown_source(struct xml_shown *x, size_t at);

#endif
