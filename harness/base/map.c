#include "base/map.h"

#include "base/error.h"
#include "base/vec.h"

#include <string.h>

/* Up to here a walk over the entries is faster than hashing. */
#define WALK_MAX 8

void map_init(struct map *m, struct arena *a) {
  *m = (struct map){.arena = a};
}

static uint32_t tag_of(uint64_t hash) {
  return (uint32_t)(hash >> 32);
}

/* The slot that holds key, or the free one where it goes. */
static struct map_slot *find_slot(const struct map *m, struct str key, uint64_t hash) {
  size_t i = (size_t)hash & (m->slots_n - 1);
  for (; m->slots[i].entry; i = (i + 1) & (m->slots_n - 1))
    if (m->slots[i].tag == tag_of(hash) && str_eq(m->entries[m->slots[i].entry - 1].key, key)) break;
  return &m->slots[i];
}

/* Gives entry i, which has none, a slot. */
static void put_slot(struct map *m, size_t i) {
  uint64_t hash = str_hash(m->entries[i].key);
  *find_slot(m, m->entries[i].key, hash) = (struct map_slot){(uint32_t)i + 1, tag_of(hash)};
}

static struct map_entry *find(const struct map *m, struct str key) {
  if (m->slots_n) {
    uint32_t number = find_slot(m, key, str_hash(key))->entry;
    return number ? &m->entries[number - 1] : NULL;
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
  m->slots = ARENA_ARRAY(m->arena, struct map_slot, m->slots_n);
  for (size_t i = 0; i < m->n; i++) put_slot(m, i);
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
  m->entries[m->n] = (struct map_entry){key, value};
  if (m->slots_n) put_slot(m, m->n);
  m->n++;
  return true;
}
