/* What comes over the socket of a server: parts, taken off until there is no whole one, and the same again when
 * written. */
#include <stdint.h>
#include <stdlib.h>

#include "net/parts.h"

#define NAME_Z (PART_NAME_MAX + 1)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct str rest = {(const char *)data, size}, name, bytes;
  for (size_t before = rest.n; parts_take(&rest, &name, &bytes) == 1; before = rest.n) {
    char z[NAME_Z] = "";
    struct buf b;
    struct str again, name2, bytes2;
    if (rest.n >= before || name.n > PART_NAME_MAX) abort();
    for (size_t i = 0; i < name.n; i++) z[i] = name.p[i];
    buf_init(&b, PART_BYTES_MAX);
    parts_put(&b, z, bytes);
    again = buf_str(&b);
    if (parts_take(&again, &name2, &bytes2) != 1 || again.n || !str_eq(name, name2) || !str_eq(bytes, bytes2)) abort();
    buf_release(&b);
  }
  return 0;
}
