/* arena: memory that is freed all at once.
 *
 * One arena a lifetime (architecture.md): book, run, scratch. Nothing in an
 * arena is freed by itself; foreign handles (xmlDoc, CURL, FILE) are attached
 * with arena_defer and released in reverse order. Out of memory, and growth
 * past the ceiling, abort: a reader's own limits stop bad input long before.
 * Under AddressSanitizer freed and unused parts are poisoned. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/str.h"

struct arena;

/* Ceiling of an arena made with ceiling 0. */
#define ARENA_CEILING ((size_t)2 << 30)

/* A new empty arena of at most ceiling bytes (0: ARENA_CEILING). */
struct arena *arena_new(size_t ceiling);
/* The same for what there are thousands of: begins with little and grows by little. */
struct arena *arena_new_small(size_t ceiling);
/* Runs what was deferred, then frees all; safe with NULL. */
void arena_free(struct arena *a);
/* Runs what was deferred and forgets all, but keeps the first block. */
void arena_reset(struct arena *a);
/* n zeroed bytes, aligned for any type. */
void *arena_alloc(struct arena *a, size_t n);
/* A copy of s, followed by a NUL that is not counted. */
struct str arena_str(struct arena *a, struct str s);
/* A NUL-terminated copy of s. */
char *arena_z(struct arena *a, struct str s);
/* printf into the arena; the result is followed by a NUL. */
struct str arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Calls fn(ptr) when the arena is reset or freed. */
void arena_defer(struct arena *a, void (*fn)(void *), void *ptr);
/* Bytes handed out since the arena was made or reset. */
size_t arena_used(const struct arena *a);

/* One zeroed object, or an array of n. */
#define ARENA_NEW(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, type, n) ((type *)arena_alloc((a), sizeof(type) * (n)))

#endif
