/* squeeze: a page as it goes over the wire to a browser that takes gzip (RFC 9110, 8.4.1.3).
 *
 * A page of a long message says much of the same: a tenth of it is sent. That its size tells something of a secret in
 * it to who can make the browser ask again and again with texts of their own (BREACH) hangs on requests from other
 * sites, which carry no cookie of ours (SameSite=Strict). */
#ifndef CONSOLE_SQUEEZE_H
#define CONSOLE_SQUEEZE_H

#include "base/arena.h"

#define SQUEEZE_LEAST ((size_t)16 << 10) /* bytes; smaller pages go as they are */

/* True if Accept-Encoding has gzip, and not with q=0. */
bool squeeze_is_taken(struct str accept_encoding);
/* The bytes in gzip, in a; false if they would not be smaller. */
bool squeeze(struct str *out, struct arena *a, struct str bytes);

#endif
