/* xml: namespaces-aware XML 1.0 with positions (libxml2, SAX2 from memory), and
 * a writer.
 *
 * No network, no external entities, no DTD: a document type declaration is a
 * finding and the reading ends. Comments and processing instructions are left
 * out of the tree. A position is that of the '<' of the start tag. Lines go past
 * 65 535. Not well-formed: one finding with position, the tree is NULL. */
#ifndef FORMATS_XML_H
#define FORMATS_XML_H

#include "base/buf.h"
#include "formats/node.h"

#define XML_DEPTH_MAX 256
#define XML_NODES_MAX 500000 /* as in json.h */
#define XML_ATTRS_MAX 256
#define XML_XHTML_NS "http://www.w3.org/1999/xhtml"

/* Reads src into *out (the root element); -1 (and a finding) if it cannot. */
int xml_read(struct node **out, struct arena *a, struct source src, struct findings *f);
/* Writes an XML tree, with declaration when indent >= 0; indent 0 or -1 gives
 * one line. Mixed content and XHTML are never indented. */
void xml_write(struct buf *out, const struct node *n, int indent);
/* Appends s escaped for element content, or for a double-quoted attribute
 * (line ends and tabs as character references). */
void xml_escape_text(struct buf *out, struct str s);
void xml_escape_attr(struct buf *out, struct str s);

#endif
