/* fuzz_receipts: the table of who answers what, when, from any YAML. */
#include "standards/receipts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct arena *a = arena_new(0);
  struct receipt_duties *d;
  struct error e;
  if (receipt_duties_read(&d, a, (struct source){STR("fuzz"), {(const char *)data, size}}, &e) == 0)
    for (size_t i = 0; i < d->rows.n; i++)
      if (receipt_duty_of(d, d->rows.v[i].receipt) != &d->rows.v[i]) BUG("a receipt stands there twice");
  arena_free(a);
  return 0;
}
