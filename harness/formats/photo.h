/* photo: is this a picture that documents can show, and how large is it? PNG (RFC 2083) and JPEG (ITU T.81).
 *
 * Only heads are read, nothing is decoded. A picture beyond the limits is none: what it unfolds to would fill the
 * memory of whoever shows it. */
#ifndef FORMATS_PHOTO_H
#define FORMATS_PHOTO_H

#include "base/str.h"

#define PHOTO_SIDE_MAX 20000
#define PHOTO_PIXELS_MAX 40000000

struct photo {
  const char *type; /* "image/png", "image/jpeg" */
  int width, height;
};

/* False: it is no such picture, or is too large. */
bool photo_look(struct photo *out, struct str bytes);

#endif
