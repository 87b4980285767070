/* round_trip: what a reader reads of any bytes it must read the same after writing. */
#ifndef TESTS_FUZZ_ROUND_TRIP_H
#define TESTS_FUZZ_ROUND_TRIP_H

#include <stdint.h>

#include "base/buf.h"
#include "formats/node.h"

struct round_trip {
  int (*read)(struct node **out, struct arena *a, struct source src, struct findings *f);
  void (*write)(struct buf *out, const struct node *n, int indent);
  int indent;
};

/* Reads the bytes; a refusal without a finding, and a tree that is another one after writing, are bugs. */
void round_trip(const struct round_trip *r, const uint8_t *data, size_t size);

#endif
