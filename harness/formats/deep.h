/* deep: text within bytes, also within the base64 that stands in them: an envelope holds its message so, a message its
 * attachments.
 *
 * A finder tells the spans that are looked for. Blanking puts an X for every byte of a span but line ends, so that the
 * bytes keep their length, positions in them stay true, and what was JSON or XML still is. Base64 is seen wherever
 * DEEP_RUN_MIN of its characters stand together, line breaks within allowed; what is compressed or encrypted is not
 * looked into. */
#ifndef FORMATS_DEEP_H
#define FORMATS_DEEP_H

#include "base/arena.h"

#define DEEP_RUN_MIN ((size_t)16)
#define DEEP_LEVELS_MAX 4 /* base64 within base64 */

struct deep_finder {
  /* Offset of the first span at or after `from`, and of its end; SIZE_MAX if there is none. Spans are not empty. */
  size_t (*next)(void *context, struct str bytes, size_t from, size_t *end);
  void *context;
};

/* Number of spans. */
size_t deep_count(struct str bytes, const struct deep_finder *f);
/* The bytes with every span blanked, in a (the bytes themselves when there is none), and the number of spans. */
size_t deep_blank(struct str *out, struct arena *a, struct str bytes, const struct deep_finder *f);

/* A finder of numbers of ten digits, or six and four with a hyphen, that stand alone and are wanted. */
struct deep_number {
  bool (*wanted)(void *context, struct str ten_digits);
  void *context;
};
/* next of a finder whose context is a struct deep_number. */
size_t deep_number_next(void *number, struct str bytes, size_t from, size_t *end);

#endif
