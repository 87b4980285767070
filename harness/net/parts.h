/* parts: what two processes of testcamp say to each other over a socket: "name N\n" and N bytes, one behind the other.
 *
 * A part without a length ("end\n") has no bytes. Names are of letters and at most PART_NAME_MAX long. */
#ifndef NET_PARTS_H
#define NET_PARTS_H

#include "base/buf.h"

#define PART_NAME_MAX 16
/* A name, a blank, a length and a line end. */
#define PART_HEAD_MAX 40
#define PART_BYTES_MAX ((size_t)512 << 20)

/* name NULL-terminated. */
void parts_put(struct buf *out, const char *name, struct str bytes);
/* Takes the first part off *rest: 1; 0 if more has to come before it is whole, -1 if it is none. Both borrow. */
int parts_take(struct str *rest, struct str *name, struct str *bytes);

#endif
