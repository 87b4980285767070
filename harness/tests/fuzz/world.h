/* world: the shipped facts, and resources judged by them; what the fuzz targets of validation have in common. */
#ifndef TESTS_FUZZ_WORLD_H
#define TESTS_FUZZ_WORLD_H

#include <stdint.h>

#include "fhir/facts.h"
#include "validate/profile.h"
#include "validate/validate.h"

/* The form of elements in R4, read once. */
const struct shapes *world_shapes(void);
/* A book in a; core: R4 alone, else all that is shipped. The bytes of the facts are read once. */
struct book *world_book(struct arena *a, bool core);
/* Judges bytes as a message, the rules for messages included, against the profiles it names and one more (empty:
 * none). */
void world_judge(struct arena *a, struct profile_cache *cache, struct str bytes, struct str profile);

#endif
