/* The files of a bundle as a stranger might make them: manifest, events, hashes and record, a form feed between them.
 *
 * The manifest of the corpus names the files that the target puts beside them; whatever comes, the bundle is judged or
 * refused, and what is judged intact has as many lines as it says. */
#include "seal/seal_int.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const char *const names[] = {MANIFEST_NAME, EVENTS_NAME, CHAIN_NAME, RECORD_NAME};
  struct arena *a = arena_new(0);
  struct str rest = {(const char *)data, size};
  struct contents c;
  struct seal_bundle *b;
  struct error e;
  contents_init(&c, a);
  for (size_t i = 0; i < sizeof names / sizeof *names && rest.p; i++) {
    bool last = str_index(rest, '\f') == SIZE_MAX;
    contents_add(&c, str_z(names[i]), str_cut(&rest, '\f'));
    if (last) break;
  }
  contents_add(&c, STR("blobs/x"), STR("x"));
  if (contents_judge(&b, &c, STR("fuzz"), &e) == 0 && b->state == SEAL_INTACT && b->lines.n != (size_t)b->events)
    abort();
  arena_free(a);
  return 0;
}
