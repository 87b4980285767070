#include "base/arena.h"

#include "base/vec.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <string.h>

static bool all_zero(const char *p, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (p[i]) return false;
  return true;
}

Test(arena, memory_is_zeroed_and_aligned) {
  static const size_t sizes[] = {0, 1, 15, 16, 17, 1000, 65536, 65537, 3 << 20, 7};
  struct arena *a = arena_new(0);
  for (int round = 0; round < 3; round++) {
    for (int again = 0; again < 50; again++) {
      size_t n = sizes[(size_t)again % (sizeof sizes / sizeof *sizes)];
      char *p = arena_alloc(a, n);
      cr_assert_not_null(p);
      cr_assert_eq((uintptr_t)p % 16, 0);
      cr_assert(all_zero(p, n), "round %d, %zu bytes", round, n);
      memset(p, 0xa5, n);
    }
    arena_reset(a);
    cr_assert_eq(arena_used(a), 0);
  }
  arena_free(a);
}

Test(arena, allocations_do_not_overlap) {
  struct arena *a = arena_new(0);
  unsigned char *p[500];
  for (size_t i = 0; i < 500; i++) {
    p[i] = arena_alloc(a, i * 3 + 1);
    memset(p[i], (int)(i & 255), i * 3 + 1);
  }
  for (size_t i = 0; i < 500; i++)
    for (size_t k = 0; k < i * 3 + 1; k++) cr_assert_eq(p[i][k], i & 255);
  arena_free(a);
}

Test(arena, used_counts_what_was_handed_out) {
  struct arena *a = arena_new(0);
  cr_assert_eq(arena_used(a), 0);
  arena_alloc(a, 16);
  arena_alloc(a, 100000);
  cr_assert_geq(arena_used(a), 100016);
  cr_assert_leq(arena_used(a), 100016 + 16);
  arena_free(a);
  arena_free(NULL);
}

Test(arena, up_to_the_ceiling) {
  struct arena *a = arena_new(1024);
  for (int i = 0; i < 16; i++) arena_alloc(a, 64);
  cr_assert_eq(arena_used(a), 1024);
  arena_reset(a);
  cr_assert_not_null(arena_alloc(a, 1024));
  arena_free(a);
}

Test(arena, past_the_ceiling, .signal = SIGABRT) {
  struct arena *a = arena_new(1024);
  arena_alloc(a, 1024);
  arena_alloc(a, 1);
}

Test(arena, size_that_wraps, .signal = SIGABRT) {
  arena_alloc(arena_new(0), SIZE_MAX);
}

Test(arena, strings) {
  struct arena *a = arena_new(0);
  struct str s = arena_str(a, STR("a\0b"));
  cr_assert(str_eq(s, STR("a\0b")));
  cr_assert_eq(s.p[3], 0);
  cr_assert_str_eq(arena_z(a, STR("xyz")), "xyz");
  s = arena_str(a, (struct str){0});
  cr_assert_eq(s.n, 0);
  cr_assert_str_eq(s.p, "");
  s = arena_printf(a, "%s-%d-%.*s", "x", 42, STR_F(STR("abc")));
  cr_assert_str_eq(s.p, "x-42-abc");
  cr_assert_eq(s.n, 8);
  s = arena_printf(a, "%0100000d", 7);
  cr_assert_eq(s.n, 100000);
  cr_assert_eq(s.p[s.n - 1], '7');
  arena_free(a);
}

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>

Test(arena, poisoned_outside_of_what_was_handed_out) {
  static const size_t sizes[] = {1, 8, 13, 16, 100, 70000, 3 << 20};
  struct arena *a = arena_new(0);
  char *first = arena_alloc(a, 32);
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    char *p = arena_alloc(a, sizes[i]);
    cr_assert(!__asan_address_is_poisoned(p + sizes[i] - 1), "%zu bytes", sizes[i]);
    cr_assert(__asan_address_is_poisoned(p + sizes[i]), "%zu bytes", sizes[i]);
  }
  arena_reset(a);
  cr_assert(__asan_address_is_poisoned(first));
  cr_assert_eq(arena_alloc(a, 32), first, "the first block is kept");
  cr_assert(!__asan_address_is_poisoned(first));
  arena_free(a);
}
#endif

struct note {
  char *log;
  char letter;
};

static void write_note(void *ptr) {
  struct note *n = ptr;
  n->log[strlen(n->log)] = n->letter;
}

Test(arena, deferred_in_reverse_order) {
  char log[8] = "";
  struct arena *a = arena_new(0);
  for (char c = 'a'; c <= 'c'; c++) {
    struct note *n = ARENA_NEW(a, struct note); /* still there when it is called */
    *n = (struct note){log, c};
    arena_defer(a, write_note, n);
  }
  cr_assert_str_eq(log, "");
  arena_reset(a);
  cr_assert_str_eq(log, "cba");
  struct note last = {log, 'x'};
  arena_defer(a, write_note, &last);
  arena_free(a);
  cr_assert_str_eq(log, "cbax", "once each");
}

Test(vec, grows_and_keeps) {
  struct arena *a = arena_new(0);
  VEC(int) v = {0};
  for (int i = 0; i < 10000; i++) VEC_PUSH(a, &v, i);
  cr_assert_eq(v.n, 10000);
  cr_assert_geq(v.cap, v.n);
  for (int i = 0; i < 10000; i++) cr_assert_eq(v.v[i], i);
  cr_assert_eq(*VEC_ADD(a, &v), 0);
  arena_free(a);
}

Test(arena, a_small_one_holds_what_any_other_holds) {
  struct arena *a = arena_new_small(0);
  unsigned char *kept[500];
  for (size_t round = 0; round < 2; round++) {
    for (size_t i = 0; i < 500; i++) {
      kept[i] = arena_alloc(a, i * 3 + 1);
      for (size_t k = 0; k < i * 3 + 1; k++) cr_assert_eq(kept[i][k], 0);
      memset(kept[i], (int)(i % 255 + 1), i * 3 + 1);
    }
    for (size_t i = 0; i < 500; i++)
      for (size_t k = 0; k < i * 3 + 1; k++) cr_assert_eq(kept[i][k], i % 255 + 1);
    arena_reset(a);
    cr_expect_eq(arena_used(a), (size_t)0);
  }
  arena_free(a);
}
