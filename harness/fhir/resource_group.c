/* Children of equal names together, in linear time: a hostile object may have a million of them. */
#include "base/map.h"
#include "fhir/resource_int.h"

struct resource_group *resource_groups(struct arena *a, const struct node *n, size_t *count) {
  struct resource_group *groups = ARENA_ARRAY(a, struct resource_group, n->count + 1);
  const struct node **items = ARENA_ARRAY(a, const struct node *, n->count + 1);
  struct map by_name;
  map_init(&by_name, a);
  *count = 0;
  for (NODE_EACH(c, n)) {
    struct resource_group *g = map_get(&by_name, c->name);
    if (!g) {
      g = &groups[(*count)++];
      g->name = c->name;
      map_set(&by_name, c->name, g);
    }
    g->n++;
  }
  for (size_t i = 0; i < *count; i++) {
    groups[i].items = items;
    items += groups[i].n;
    groups[i].n = 0;
  }
  for (NODE_EACH(c, n)) {
    struct resource_group *g = map_get(&by_name, c->name);
    g->items[g->n++] = c;
  }
  return groups;
}
