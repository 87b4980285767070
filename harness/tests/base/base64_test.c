#include "base/base64.h"

#include "cases.h"

#include <criterion/criterion.h>
#include <string.h>

Test(base64, good) {
  struct cases c = cases_open("base64_good.tsv");
  for (size_t i = 0; i < c.list.n; i++) {
    struct test_case *row = &c.list.v[i];
    struct str bytes = {0};
    size_t bad = SIZE_MAX;
    cr_assert_eq(base64_decode(&bytes, c.arena, row->col[0], &bad), 0, CASE_F "bad at %zu", row->line, bad);
    cr_assert(str_eq(bytes, row->col[1]), CASE_F, row->line);
    cr_assert_eq(base64_check(row->col[0], &bad), 0, CASE_F "bad at %zu", row->line, bad);
  }
  cases_close(&c);
}

Test(base64, bad_offsets) {
  struct cases c = cases_open("base64_bad.tsv");
  for (size_t i = 0; i < c.list.n; i++) {
    struct test_case *row = &c.list.v[i];
    struct str bytes = {0};
    size_t bad = SIZE_MAX;
    int64_t want = -1;
    cr_assert(str_int(row->col[1], &want), CASE_F "bad row", row->line);
    cr_assert_eq(base64_decode(&bytes, c.arena, row->col[0], &bad), -1, CASE_F, row->line);
    cr_assert_eq(bad, (size_t)want, CASE_F "bad at %zu", row->line, bad);
    bad = SIZE_MAX;
    cr_assert_eq(base64_check(row->col[0], &bad), -1, CASE_F, row->line);
    cr_assert_eq(bad, (size_t)want, CASE_F "bad at %zu", row->line, bad);
  }
  cases_close(&c);
}

/* Bytes of all values and lengths around the steps of the encoder. */
Test(base64, round_trip) {
  static const size_t lengths[] = {0, 1, 2, 3, 4, 255, 256, 3071, 3072, 3073, 6144, 100000};
  static unsigned char bytes[100000];
  struct arena *a = arena_new(0);
  for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (unsigned char)(i * 167 >> 3 ^ i);
  for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
    struct buf b;
    struct str in = {(const char *)bytes, lengths[i]}, back = {0};
    size_t bad = 0;
    buf_init(&b, 1 << 20);
    base64_encode(&b, in);
    cr_assert_eq(b.n, (in.n + 2) / 3 * 4);
    cr_assert_eq(base64_decode(&back, a, buf_str(&b), &bad), 0, "%zu bytes: bad at %zu", in.n, bad);
    cr_assert(str_eq(back, in), "%zu bytes", in.n);
    buf_release(&b);
  }
  arena_free(a);
}

Test(base64, lines_of_any_length) {
  struct arena *a = arena_new(0);
  struct buf whole, folded;
  char bytes[300];
  for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (char)i;
  buf_init(&whole, 1000);
  base64_encode(&whole, (struct str){bytes, sizeof bytes});
  for (size_t width = 1; width <= 77; width++) {
    struct str back = {0};
    size_t bad;
    buf_init(&folded, 2000);
    for (size_t at = 0; at < whole.n; at += width) {
      buf_add(&folded, str_sub(buf_str(&whole), at, at + width));
      buf_addz(&folded, "\r\n");
    }
    cr_assert_eq(base64_decode(&back, a, buf_str(&folded), &bad), 0, "width %zu", width);
    cr_assert(str_eq(back, (struct str){bytes, sizeof bytes}), "width %zu", width);
    buf_release(&folded);
  }
  buf_release(&whole);
  arena_free(a);
}

Test(base64, stops_at_the_ceiling_of_the_buf) {
  struct buf b;
  buf_init(&b, 6);
  base64_encode(&b, STR("foobarfoobar"));
  cr_assert(b.full);
  cr_assert(str_eqz(buf_str(&b), "Zm9vYm"));
  buf_release(&b);
}
