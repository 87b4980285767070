/* The reader of our own documents, and plain text of what it took, on any bytes. */
#include "paper/plain.h"

#include <stddef.h>
#include <stdint.h>

#define OUTPUT_MAX ((size_t)16 << 20)
#define NARROWEST 40

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct arena *a = arena_new(0);
  struct sheet_node *root;
  struct error e;
  if (sheet_read(&root, a, (struct str){(const char *)data, size}, &e) == 0) {
    struct buf b;
    buf_init(&b, OUTPUT_MAX);
    plain_write(&b, root, NARROWEST);
    buf_release(&b);
  }
  arena_free(a);
  return 0;
}
