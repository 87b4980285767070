/* library_words: the Danish of what libyaml and libxml2 say of a file that is not well-formed. They say it in English
 * alone, and people who write a vendor file or a message read it in a finding. What is not known stays English. */
#ifndef FORMATS_LIBRARY_WORDS_H
#define FORMATS_LIBRARY_WORDS_H

#include "base/finding.h"

/* Both languages of such a text, "problem" or "problem (context)"; the Danish is in a. */
struct said library_words(struct arena *a, struct str english);
/* The Danish alone; false if it is not known. */
bool library_words_danish(struct arena *a, struct str english, struct str *danish);

#endif
