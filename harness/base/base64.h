/* base64: RFC 4648 section 4, with line breaks accepted on reading. */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include "base/buf.h"

/* Appends the encoding of bytes, no line breaks. */
void base64_encode(struct buf *out, struct str bytes);
/* Decodes into the arena; blanks and line ends are skipped. Returns -1 and the
 * offset of the first byte that does not fit in *bad. */
int base64_decode(struct str *out, struct arena *a, struct str text, size_t *bad);
/* The same, nothing decoded. */
int base64_check(struct str text, size_t *bad);

#endif
