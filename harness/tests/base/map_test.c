#include "base/map.h"

#include <criterion/criterion.h>

#define KEYS 10000

Test(map, ten_thousand_keys) {
  struct arena *a = arena_new(0);
  struct map m;
  static int values[KEYS];
  map_init(&m, a);
  for (int i = 0; i < KEYS; i++) {
    struct str key = arena_printf(a, "key-%d", i);
    cr_assert_null(map_get(&m, key));
    cr_assert(map_set(&m, key, &values[i]));
    cr_assert_eq(map_get(&m, key), &values[i]);
  }
  cr_assert_eq(m.n, KEYS);
  for (int i = 0; i < KEYS; i++) {
    struct str key = arena_printf(a, "key-%d", i);
    cr_assert_eq(map_get(&m, key), &values[i]);
    cr_assert(str_eq(m.entries[i].key, key), "order of insertion");
  }
  cr_assert_null(map_get(&m, STR("key-10000")));
  cr_assert_null(map_get(&m, STR("")));
  arena_free(a);
}

Test(map, replaces) {
  struct arena *a = arena_new(0);
  struct map m;
  int one, two;
  map_init(&m, a);
  cr_assert_null(map_get(&m, STR("a")));
  for (int fill = 0; fill < 20; fill++) {
    struct str key = arena_printf(a, "%d", fill);
    cr_assert(map_set(&m, key, &one));
    cr_assert(!map_set(&m, key, &two));
    cr_assert_eq(map_get(&m, key), &two);
    cr_assert_eq(m.n, (size_t)fill + 1);
  }
  cr_assert(map_set(&m, (struct str){0}, &one));
  cr_assert_eq(map_get(&m, STR("")), &one);
  cr_assert(map_set(&m, STR("a\0b"), &one));
  cr_assert_null(map_get(&m, STR("a\0c")));
  arena_free(a);
}
