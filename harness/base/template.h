/* template: a text with places, "{1}" to "{9}", read backwards: what stood at each place of a text that was made of it.
 *
 * A place may bear a mark before its brace, "{1!}", which says nothing here. A place has what stands up to the first
 * occurrence of the text behind it, the last one all up to the end; of two that touch, the second has it. Pure; places
 * borrow from the text. */
#ifndef BASE_TEMPLATE_H
#define BASE_TEMPLATE_H

#include "base/buf.h"

#define TEMPLATE_PLACES_MAX 9

/* The number of the place that begins at p, and its length; 0: none does. */
size_t template_place(const char *p, size_t *length);
/* The values of a text that is written as the template; places that it does not have are empty. False if it is another
 * text. */
bool template_matches(const char *t, struct str text, struct str places[TEMPLATE_PLACES_MAX]);
/* How many letters and digits of a template are its own: of two that match a text, the one with more is meant. */
size_t template_letters(const char *t);
/* The template with these values. */
void template_fill(struct buf *out, const char *t, const struct str places[TEMPLATE_PLACES_MAX]);

#endif
