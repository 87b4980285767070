/* exhibit: what an exchange shows in a record: its bytes, its payload, and the findings of reading it. */
#ifndef ENDPOINT_EXHIBIT_H
#define ENDPOINT_EXHIBIT_H

#include "record/record.h"

/* Fills bytes, payload, size and findings of x from the bytes on the wire; what is over RECORD_EMBED_MAX stays out.
 * Copies into a. */
void exhibit_fill(struct record_exchange *x, struct arena *a, struct str wire);

#endif
