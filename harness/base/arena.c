#include "base/arena.h"

#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

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
#define LARGEST_BLOCK ((size_t)4 << 20)
/* Blocks of this size and more are asked for in pages of this size. */
#define HUGE_PAGE ((size_t)2 << 20)
#define SMALL_BLOCK ((size_t)4 << 10)
#define SMALL_SHARE 4 /* a small arena's next block is this part of what it holds */
#define SMALL_LARGEST_BLOCK ((size_t)1 << 20)
/* A printed text is mostly shorter: it is formatted once. */
#define PRINTF_GUESS 256

struct block {
  struct block *older;
  size_t cap, used;
  size_t dirty; /* bytes from here on were never handed out, and are zero; SIZE_MAX: none of them need be */
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

static struct block *block_init(struct block *b, size_t cap, size_t dirty, struct block *older) {
  if (!b) BUG("out of memory: a block of %zu bytes", cap);
  *b = (struct block){.older = older, .cap = cap, .dirty = dirty, .bytes = (char *)b + BLOCK_HEAD};
  POISON(b->bytes, cap);
  return b;
}

/* Zeroed as it is handed out: most arenas are short-lived and use little of their first block. */
static struct block *block_new(size_t cap, struct block *older) {
  return block_init(malloc(BLOCK_HEAD + cap), cap, SIZE_MAX, older);
}

static struct block *block_own(size_t cap, struct block *older) {
  return block_init(calloc(1, BLOCK_HEAD + cap), cap, 0, older); /* fresh pages need no memset */
}

/* The tree of a large message is walked all over: in small pages, asking the system for each of them and finding them
 * again took a fifth of the time. Where there are no huge pages this is a block like others. */
static struct block *block_huge(size_t size, struct block *older) {
  struct block *b = aligned_alloc(HUGE_PAGE, size);
  if (b) madvise(b, size, MADV_HUGEPAGE);
  return block_init(b, size - BLOCK_HEAD, SIZE_MAX, older);
}

/* Frees the blocks of a list that are newer than `keep` (NULL: all), and gives that. */
static struct block *blocks_free(struct block *b, struct block *keep) {
  while (b != keep) {
    struct block *older = b->older;
    UNPOISON(b->bytes, b->cap);
    free(b);
    b = older;
  }
  return keep;
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

/* Runs what was deferred after `until`. */
static void run_deferred(struct arena *a, const struct deferred *until) {
  while (a->defer != until) {
    struct deferred d = *a->defer;
    a->defer = d.older;
    d.fn(d.ptr);
  }
}

void arena_free(struct arena *a) {
  if (!a) return;
  run_deferred(a, NULL);
  blocks_free(a->own, NULL);
  blocks_free(a->block, NULL);
  free(a);
}

static struct block *oldest(struct block *b) {
  while (b && b->older) b = b->older;
  return b;
}

/* Takes back what a block gave out behind `used`. */
static void block_rewind(struct block *b, size_t used) {
  if (b->used > b->dirty) b->dirty = b->used;
  b->used = used;
  POISON(b->bytes + used, b->cap - used);
}

struct arena_mark arena_mark(const struct arena *a) {
  return (struct arena_mark){a->block, a->own, a->defer, a->block ? a->block->used : 0, a->used};
}

void arena_rewind(struct arena *a, struct arena_mark to) {
  run_deferred(a, to.defer);
  a->own = blocks_free(a->own, to.own);
  a->block = blocks_free(a->block, to.block ? to.block : oldest(a->block));
  if (a->block) block_rewind(a->block, to.block_used);
  a->used = to.used;
}

void arena_reset(struct arena *a) {
  arena_rewind(a, (struct arena_mark){0});
  a->next_cap = a->small ? SMALL_BLOCK : a->block ? 2 * FIRST_BLOCK : FIRST_BLOCK;
}

static void grow_next(struct arena *a) {
  size_t largest = a->small ? SMALL_LARGEST_BLOCK : LARGEST_BLOCK;
  if (!a->small)
    a->next_cap *= 2;
  else if (a->used / SMALL_SHARE > a->next_cap)
    a->next_cap = a->used / SMALL_SHARE;
  if (a->next_cap > largest) a->next_cap = largest;
}

static struct block *block_with_room(struct arena *a, size_t size) {
  if (a->block && a->block->cap - a->block->used >= size) return a->block;
  if (size > a->next_cap - BLOCK_HEAD) return a->own = block_own(size, a->own);
  a->block = a->next_cap < HUGE_PAGE ? block_new(a->next_cap, a->block) : block_huge(a->next_cap, a->block);
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
  char text[PRINTF_GUESS];
  va_list ap, again;
  va_start(ap, fmt);
  va_copy(again, ap);
  int n = vsnprintf(text, sizeof text, fmt, ap);
  va_end(ap);
  if (n < 0) BUG("vsnprintf cannot format \"%s\"", fmt);
  char *p = arena_alloc(a, (size_t)n + 1);
  if ((size_t)n < sizeof text)
    memcpy(p, text, (size_t)n);
  else
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
