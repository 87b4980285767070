/* Any bytes as a message, judged against all that is shipped. */
#include "tests/fuzz/world.h"

/* Inputs until the book is made anew: it keeps what it was asked for and does not have. */
#define BOOK_INPUTS 20000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct profile_cache *cache_now(void) {
  static struct arena *arena;
  static struct profile_cache *cache;
  static size_t inputs;
  if (inputs++ % BOOK_INPUTS == 0) {
    arena_free(arena);
    arena = arena_new(0);
    cache = profile_cache_new(arena, world_book(arena, false), world_shapes());
  }
  return cache;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct arena *a = arena_new(0);
  world_judge(a, cache_now(), (struct str){(const char *)data, size}, (struct str){0});
  arena_free(a);
  return 0;
}
