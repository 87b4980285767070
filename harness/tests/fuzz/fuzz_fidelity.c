/* fuzz_fidelity: notes on how the standards are played, from any YAML. */
#include "standards/fidelity.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct arena *a = arena_new(0);
  struct fidelity_notes *notes;
  struct error e;
  if (fidelity_read(&notes, a, (struct source){STR("fuzz"), {(const char *)data, size}}, &e) == 0)
    for (size_t i = 0; i < notes->list.n; i++) {
      const struct fidelity_note *n = &notes->list.v[i];
      if (!n->en.n || !n->da.n || !n->see.n) BUG("a note says nothing");
      if (n->standards.list.n && !fidelity_concerns(n, n->standards.list.v[0], STR(""))) BUG("a note of no standard");
    }
  arena_free(a);
  return 0;
}
