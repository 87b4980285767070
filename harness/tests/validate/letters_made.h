/* letters_made: letters that have all that their outline allows, made from it. */
#ifndef TESTS_VALIDATE_LETTERS_MADE_H
#define TESTS_VALIDATE_LETTERS_MADE_H

#include "standards/letters.h"
#include "standards/outline.h"

/* An Emessage with the one letter in it; every element stands once, of alternatives the one whose turn it is. Values
 * are as long as they may be, codes the ones whose turn it is. */
struct str letter_made(struct arena *a, const struct outline *o, const struct letter_type *t, size_t turn);

#endif
