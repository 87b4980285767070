#include "base/map.h"

#include "base/error.h"
#include "base/vec.h"

#include <string.h>

/* Up to here a walk over the entries is faster than hashing. */
#define WALK_MAX 8

void map_init(struct map *m, struct arena *a) {
  *m = (struct map){.arena = a};
}

/* FNV-1a leaves its best bits high; the slot number takes the low ones. */
static size_t first_slot(const struct map *m, struct str key) {
  uint64_t h = str_hash(key);
  return (size_t)(h ^ h >> 32) & (m->slots_n - 1);
}

/* The slot that holds key (entry number + 1), or the free one where it goes. */
static uint32_t *find_slot(const struct map *m, struct str key) {
  size_t i = first_slot(m, key);
  while (m->slots[i] && !str_eq(m->entries[m->slots[i] - 1].key, key)) i = (i + 1) & (m->slots_n - 1);
  return &m->slots[i];
}

static struct map_entry *find(const struct map *m, struct str key) {
  if (m->slots_n) {
    uint32_t slot = *find_slot(m, key);
    return slot ? &m->entries[slot - 1] : NULL;
  }
  for (size_t i = 0; i < m->n; i++)
    if (str_eq(m->entries[i].key, key)) return &m->entries[i];
  return NULL;
}

void *map_get(const struct map *m, struct str key) {
  const struct map_entry *e = find(m, key);
  return e ? e->value : NULL;
}

/* Keeps the slots at most half full. */
static void grow_slots(struct map *m) {
  if (m->n > UINT32_MAX / 4) BUG("a map of %zu keys cannot grow", m->n);
  m->slots_n = m->cap * 2;
  m->slots = ARENA_ARRAY(m->arena, uint32_t, m->slots_n);
  for (size_t i = 0; i < m->n; i++) *find_slot(m, m->entries[i].key) = (uint32_t)i + 1;
}

bool map_set(struct map *m, struct str key, void *value) {
  struct map_entry *e = find(m, key);
  if (e) {
    e->value = value;
    return false;
  }
  if (m->n == m->cap) {
    m->entries = vec_grow(m->arena, m->entries, &m->cap, m->n, sizeof *m->entries);
    if (m->cap > WALK_MAX) grow_slots(m);
  }
  m->entries[m->n++] = (struct map_entry){key, value};
  if (m->slots_n) *find_slot(m, key) = (uint32_t)m->n;
  return true;
}
