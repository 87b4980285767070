/* map: struct str -> pointer, in an arena, iterated in order of insertion.
 *
 * Keys are borrowed: they must live as long as the map. There is no delete;
 * a value may be replaced. */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include "base/arena.h"

struct map_entry {
  struct str key;
  void *value;
};

/* The upper half of a hash tells most keys apart without a look at them. */
struct map_slot {
  uint32_t entry; /* its number + 1; 0: free */
  uint32_t tag;
};

struct map {
  struct arena *arena;
  struct map_entry *entries; /* in order of insertion */
  size_t n, cap;
  struct map_slot *slots;
  size_t slots_n;
};

/* An empty map that grows in a. */
void map_init(struct map *m, struct arena *a);
/* The value of key, or NULL. */
void *map_get(const struct map *m, struct str key);
/* Sets key to value; true if the key was new. */
bool map_set(struct map *m, struct str key, void *value);

#endif
