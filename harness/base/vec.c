#include "base/vec.h"

#include "base/error.h"

#include <string.h>

#define FIRST_CAP 8

void *vec_grow(struct arena *a, void *v, size_t *cap, size_t n, size_t size) {
  size_t larger = *cap ? *cap * 2 : FIRST_CAP;
  if (larger <= *cap || larger > SIZE_MAX / size) BUG("a vec of %zu elements of %zu bytes cannot grow", *cap, size);
  void *grown = arena_alloc(a, larger * size);
  if (n) memcpy(grown, v, n * size);
  *cap = larger;
  return grown;
}
