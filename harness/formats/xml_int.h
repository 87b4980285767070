/* xml_int: what happens to the bytes of a document before libxml2 sees them. */
#ifndef FORMATS_XML_INT_H
#define FORMATS_XML_INT_H

#include "formats/node.h"

/* Turns s, which says it is in another encoding than UTF-8, into UTF-8 in a,
 * and gives the name of that encoding; name stays empty (and s as it is) for
 * UTF-8. Leaves out a byte order mark. -1: unknown encoding, or bytes that are
 * not in it; name is set. */
int xml_to_utf8(struct str *s, struct arena *a, struct str *name);

/* Offset of the first start tag with more than max attributes, or SIZE_MAX.
 * libxml2 compares each attribute with each before it tells us of any. */
size_t xml_find_crowded_tag(struct str s, size_t max);

#endif
