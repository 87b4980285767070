#include "base/buf.h"

#include <criterion/criterion.h>

static const char long_text[] = "0123456789012345678901234567890123456789";

Test(buf, grows) {
  struct buf b;
  buf_init(&b, 1 << 20);
  cr_assert_eq(buf_str(&b).n, 0);
  for (int i = 0; i < 10000; i++) {
    buf_byte(&b, 'a');
    buf_addz(&b, "bc");
    buf_add(&b, STR("\0"));
  }
  cr_assert_eq(b.n, 40000);
  cr_assert(!b.full);
  cr_assert(str_eq(str_sub(buf_str(&b), 39996, 40000), STR("abc\0")));
  cr_assert_eq(b.p[b.n], 0);
  buf_release(&b);
  cr_assert_eq(buf_str(&b).n, 0);
}

Test(buf, stops_at_the_ceiling) {
  static const size_t ceilings[] = {0, 1, 5, 39, 255, 256, 257};
  for (size_t i = 0; i < sizeof ceilings / sizeof *ceilings; i++) {
    struct buf b;
    buf_init(&b, ceilings[i]);
    for (int k = 0; k < 10; k++) buf_addz(&b, long_text);
    cr_assert(b.full);
    cr_assert_eq(b.n, ceilings[i]);
    cr_assert_eq(b.p[b.n], 0);
    buf_byte(&b, 'x');
    buf_printf(&b, "%d", 12345);
    cr_assert_eq(b.n, ceilings[i]);
    if (b.n) cr_assert_eq(b.p[b.n - 1], long_text[(b.n - 1) % 40], "ceiling %zu", ceilings[i]);
    buf_clear(&b);
    cr_assert(!b.full && b.n == 0);
    buf_release(&b);
  }
}

Test(buf, just_full_is_not_over) {
  struct buf b;
  buf_init(&b, 40);
  buf_addz(&b, long_text);
  cr_assert(!b.full);
  buf_addz(&b, "");
  cr_assert(!b.full);
  buf_byte(&b, 'x');
  cr_assert(b.full);
  buf_release(&b);
}

Test(buf, printf_of_any_length) {
  static const int widths[] = {1, 255, 256, 510, 511, 512, 513, 100000};
  for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
    struct buf b;
    buf_init(&b, 1 << 20);
    buf_printf(&b, "<%*d>", widths[i], 7);
    cr_assert_eq(b.n, (size_t)widths[i] + 2);
    cr_assert(str_starts(buf_str(&b), STR("<")) && str_ends(buf_str(&b), STR("7>")));
    buf_release(&b);
    buf_init(&b, 100);
    buf_printf(&b, "%0*d", widths[i], 7);
    cr_assert_eq(b.n, widths[i] > 100 ? 100 : (size_t)widths[i]);
    cr_assert_eq(b.full, widths[i] > 100);
    buf_release(&b);
  }
}

Test(buf, take) {
  struct arena *a = arena_new(0);
  struct buf b;
  buf_init(&b, 100);
  cr_assert_eq(buf_take(&b, a).n, 0);
  buf_addz(&b, "taken");
  struct str s = buf_take(&b, a);
  cr_assert_null(b.p);
  cr_assert_str_eq(s.p, "taken");
  buf_addz(&b, "again");
  cr_assert(str_eqz(buf_str(&b), "again"));
  cr_assert_str_eq(s.p, "taken");
  buf_release(&b);
  arena_free(a);
}
