/* edifact_int: characters and texts of an interchange, for its reader and its writer. */
#ifndef FORMATS_EDIFACT_INT_H
#define FORMATS_EDIFACT_INT_H

#include "formats/edifact.h"

/* What a byte is to the reader: nothing special, a service character, or one that needs a closer look. */
enum edifact_class {
  CLASS_PLAIN,
  CLASS_COMPONENT,
  CLASS_ELEMENT,
  CLASS_END,
  CLASS_RELEASE,
  CLASS_LINE, /* CR and LF */
  CLASS_HIGH, /* beyond ASCII, and in the character set */
  CLASS_ODD   /* not in the character set */
};

struct edifact_chars {
  struct edifact_signs signs;
  enum edifact_coding coding;
  unsigned char class[256];
};

/* What can be wrong with a text; LATIN is no trouble by itself: a byte that is ISO-8859-1 and no UTF-8. */
enum edifact_trouble { TROUBLE_RELEASE, TROUBLE_LINE, TROUBLE_UTF8, TROUBLE_CHARACTER, TROUBLE_LATIN, TROUBLES_N };

/* The length of a text as it was read, and the offset of the first trouble of each kind; SIZE_MAX: there is none. */
struct edifact_decoded {
  size_t n;
  size_t at[TROUBLES_N];
};

/* By the UNA and UNB that the bytes begin with. */
void edifact_chars_of(struct edifact_chars *c, struct str bytes);
/* By service characters and a syntax identifier ("UNOC"; empty: UNOC). */
void edifact_chars_init(struct edifact_chars *c, struct edifact_signs signs, struct str syntax);
/* Unescaped and in UTF-8, into out, which has room for twice raw.n bytes: a line end is left out, a release character
 * that releases nothing stays. */
void edifact_decode(struct edifact_decoded *d, char *out, const struct edifact_chars *c, struct str raw);
/* Blanks and line ends between segments are borne (legacy.md 3.1). */
size_t edifact_skip_blanks(struct str s, size_t at);
/* The length of a byte order mark at the beginning. */
size_t edifact_skip_bom(struct str s);

#endif
