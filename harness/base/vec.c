#include "base/vec.h"

#include "base/error.h"

#include <string.h>

/* Elements at first; large ones are seldom many. */
static size_t first_cap(size_t size) {
  return size > 32 ? 2 : 8;
}

void *vec_grow(struct arena *a, void *v, size_t *cap, size_t n, size_t size) {
  size_t larger = *cap ? *cap * 2 : first_cap(size);
  if (larger <= *cap || larger > SIZE_MAX / size) BUG("a vec of %zu elements of %zu bytes cannot grow", *cap, size);
  void *grown = arena_alloc(a, larger * size);
  if (n) memcpy(grown, v, n * size);
  *cap = larger;
  return grown;
}
