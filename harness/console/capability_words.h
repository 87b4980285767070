/* capability_words: what the capabilities of the shipped protocols mean, in words for who has to tick them.
 *
 * A protocol names a capability and no more (`when: technical-fault`); what it means stands in the words of its head,
 * in English. This is the one table of these words in both languages; a capability that it does not have is told by the
 * section that asks for it. Constant data. */
#ifndef CONSOLE_CAPABILITY_WORDS_H
#define CONSOLE_CAPABILITY_WORDS_H

#include "base/str.h"

struct capability_words {
  const char *name, *en, *da;
};

/* NULL: there are no words for that one. */
const struct capability_words *capability_words(struct str name);

#endif
