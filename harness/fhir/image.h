/* image: a definition as bytes that can be used without parsing.
 *
 * A struct structure, value_set or code_system with all that hangs on it, laid out in one run of bytes. Pointers are
 * offsets in it, and a list tells where they stand; image_open makes the offsets pointers again. An image is for the
 * machine and the program that made it (fhir/compiled.h sees to that); a sum in front finds damage. What it does not
 * hold: the FHIR tree (node of the definition is NULL, node of an element an empty one), package, and what others keep
 * in the struct. */
#ifndef FHIR_IMAGE_H
#define FHIR_IMAGE_H

#include "base/buf.h"
#include "fhir/definition.h"

enum image_kind { IMAGE_STRUCTURE, IMAGE_VALUE_SET, IMAGE_CODE_SYSTEM };

#define IMAGE_ALIGNMENT 8
#define IMAGE_MAX ((size_t)256 << 20) /* bytes of one image */

/* Appends the image of a definition (of the struct that kind says) to out, which has to end at a multiple of
 * IMAGE_ALIGNMENT; false if it is too large. */
bool image_make(struct buf *out, enum image_kind kind, const void *definition);
/* The definition in an image of n bytes, made where it stands: bytes is changed, has to be aligned, and must live as
 * long. NULL if the image is damaged, or of another kind. a is for what is made beside it. */
void *image_open(struct arena *a, enum image_kind kind, char *bytes, size_t n, const struct package *package);
/* Fills out with zeros up to a multiple of IMAGE_ALIGNMENT. */
void image_align(struct buf *out);
/* The sizes and offsets that images depend on, as text: an image of another fingerprint must not be opened. */
struct str image_fingerprint(struct arena *a);

#endif
