/* blackout: a copy of bytes in which what a pattern finds is blacked out, to be shown instead of them. */
#ifndef SEAL_BLACKOUT_H
#define SEAL_BLACKOUT_H

#include "base/arena.h"
#include "base/error.h"

/* Every match of a PCRE2 pattern becomes X's, in base64 within the bytes too (formats/deep.h). *n is the number of
 * places; 0 is no error here. -1: the pattern is none, or took too long. */
MUST_CHECK int black_out(struct str *out, size_t *n, struct arena *a, struct str bytes, struct str pattern,
                         struct error *e);

#endif
