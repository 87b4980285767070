#include "base/arena.h"

#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif

#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
#define POISON(p, n) ASAN_POISON_MEMORY_REGION((p), (n))
#define UNPOISON(p, n) ASAN_UNPOISON_MEMORY_REGION((p), (n))
#define REDZONE 16 /* poisoned bytes behind each allocation */
#else
#define POISON(p, n) ((void)(p), (void)(n))
#define UNPOISON(p, n) ((void)(p), (void)(n))
#define REDZONE 0
#endif

#define ALIGNMENT 16
#define FIRST_BLOCK ((size_t)64 << 10)
#define LARGEST_BLOCK ((size_t)1 << 20)
#define SMALL_BLOCK ((size_t)4 << 10)
#define SMALL_SHARE 4 /* a small arena's next block is this part of what it holds */

struct block {
  struct block *older;
  size_t cap, used;
  size_t dirty; /* bytes from here on were never handed out, so are zero */
  char *bytes;
};

struct deferred {
  struct deferred *older;
  void (*fn)(void *);
  void *ptr;
};

struct arena {
  struct block *block;    /* the one being filled, and those filled before it */
  struct block *own;      /* large allocations, a block each */
  struct deferred *defer; /* newest first */
  size_t next_cap, used, ceiling;
  bool small;
};

/* Room for the header in front of the bytes, keeping them aligned. */
#define BLOCK_HEAD ((sizeof(struct block) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT)

static struct block *block_new(size_t cap, struct block *older) {
  struct block *b = calloc(1, BLOCK_HEAD + cap); /* fresh pages need no memset */
  if (!b) BUG("out of memory: a block of %zu bytes", cap);
  b->older = older;
  b->cap = cap;
  b->bytes = (char *)b + BLOCK_HEAD;
  POISON(b->bytes, cap);
  return b;
}

static void blocks_free(struct block *b) {
  while (b) {
    struct block *older = b->older;
    UNPOISON(b->bytes, b->cap);
    free(b);
    b = older;
  }
}

struct arena *arena_new(size_t ceiling) {
  struct arena *a = calloc(1, sizeof *a);
  if (!a) BUG("out of memory: an arena");
  a->ceiling = ceiling ? ceiling : ARENA_CEILING;
  a->next_cap = FIRST_BLOCK;
  return a;
}

struct arena *arena_new_small(size_t ceiling) {
  struct arena *a = arena_new(ceiling);
  a->small = true;
  a->next_cap = SMALL_BLOCK;
  return a;
}

static void run_deferred(struct arena *a) {
  while (a->defer) {
    struct deferred d = *a->defer;
    a->defer = d.older;
    d.fn(d.ptr);
  }
}

void arena_free(struct arena *a) {
  if (!a) return;
  run_deferred(a);
  blocks_free(a->own);
  blocks_free(a->block);
  free(a);
}

void arena_reset(struct arena *a) {
  run_deferred(a);
  blocks_free(a->own);
  a->own = NULL;
  while (a->block && a->block->older) {
    struct block *b = a->block;
    a->block = b->older;
    b->older = NULL;
    blocks_free(b);
  }
  if (a->block) {
    if (a->block->used > a->block->dirty) a->block->dirty = a->block->used;
    a->block->used = 0;
    POISON(a->block->bytes, a->block->cap);
  }
  a->next_cap = a->small ? SMALL_BLOCK : a->block ? 2 * FIRST_BLOCK : FIRST_BLOCK;
  a->used = 0;
}

static void grow_next(struct arena *a) {
  if (!a->small)
    a->next_cap *= 2;
  else if (a->used / SMALL_SHARE > a->next_cap)
    a->next_cap = a->used / SMALL_SHARE;
  if (a->next_cap > LARGEST_BLOCK) a->next_cap = LARGEST_BLOCK;
}

static struct block *block_with_room(struct arena *a, size_t size) {
  if (a->block && a->block->cap - a->block->used >= size) return a->block;
  if (size > a->next_cap) return a->own = block_new(size, a->own);
  a->block = block_new(a->next_cap, a->block);
  grow_next(a);
  return a->block;
}

void *arena_alloc(struct arena *a, size_t n) {
  size_t rounded = (n + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  if (rounded < n || rounded > a->ceiling - a->used)
    BUG("arena of at most %zu bytes is asked for %zu more than its %zu", a->ceiling, n, a->used);
  struct block *b = block_with_room(a, rounded + REDZONE);
  char *p = b->bytes + b->used;
  UNPOISON(p, n);
  if (b->used < b->dirty) memset(p, 0, n);
  b->used += rounded + REDZONE;
  a->used += rounded;
  return p;
}

struct str arena_str(struct arena *a, struct str s) {
  return (struct str){arena_z(a, s), s.n};
}

char *arena_z(struct arena *a, struct str s) {
  char *p = arena_alloc(a, s.n + 1);
  if (s.n) memcpy(p, s.p, s.n);
  return p;
}

struct str arena_printf(struct arena *a, const char *fmt, ...) {
  va_list ap, again;
  va_start(ap, fmt);
  va_copy(again, ap);
  int n = vsnprintf(NULL, 0, fmt, ap);
  va_end(ap);
  if (n < 0) BUG("vsnprintf cannot format \"%s\"", fmt);
  char *p = arena_alloc(a, (size_t)n + 1);
  vsnprintf(p, (size_t)n + 1, fmt, again);
  va_end(again);
  return (struct str){p, (size_t)n};
}

void arena_defer(struct arena *a, void (*fn)(void *), void *ptr) {
  struct deferred *d = ARENA_NEW(a, struct deferred);
  *d = (struct deferred){a->defer, fn, ptr};
  a->defer = d;
}

size_t arena_used(const struct arena *a) {
  return a->used;
}
