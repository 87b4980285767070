/* mask: what must not be spread is masked in what is shared: tokens, private keys, and CPR numbers of nobody on the
 * list of test persons.
 *
 * Works on a record, of which every text is looked at, and on bytes; base64 in them included (formats/deep.h). The
 * masks are counted in the record, so that a report can say so. Messages in quarantine, and erased ones, have no bytes
 * in a record to begin with. */
#ifndef SEAL_MASK_H
#define SEAL_MASK_H

#include "formats/deep.h"
#include "record/record.h"

struct mask {
  struct deep_number foreign; /* the CPR numbers to mask; wanted NULL: none */
  size_t tokens, keys, cprs;  /* how many were masked so far */
};

/* Masks bytes; the same bytes when there is nothing to mask. */
struct str mask_bytes(struct mask *m, struct arena *a, struct str bytes);
/* Masks every text of a record, and notes the counts in it. */
void mask_record(struct mask *m, struct arena *a, struct record *r);

#endif
