#include "formats/deep.h"

#include "base/base64.h"

#include <criterion/criterion.h>

static bool any(void *context, struct str ten) {
  struct str spared = context ? *(struct str *)context : (struct str){0};
  return !str_eq(ten, spared);
}

static struct str blanked(struct arena *a, struct str bytes, size_t *n) {
  struct deep_number number = {.wanted = any};
  const struct deep_finder f = {.next = deep_number_next, .context = &number};
  struct str out;
  *n = deep_blank(&out, a, bytes, &f);
  cr_expect_eq(*n, deep_count(bytes, &f));
  cr_expect_eq(out.n, bytes.n);
  return out;
}

Test(deep, numbers_that_stand_alone) {
  static const struct {
    const char *in, *out;
  } rows[] = {
      {"cpr 0101901234.", "cpr XXXXXXXXXX."},
      {"0101901234", "XXXXXXXXXX"},
      {"\"010190-1234\"", "\"XXXXXXXXXXX\""},
      {"a-0101901234.xml, b_0101901234", "a-XXXXXXXXXX.xml, b_XXXXXXXXXX"},
      {"1.0101901234 12-0101901234 0101901234.5", NULL},
      {"00101901234 01019012345 x0101901234 0101901234x", NULL},
      {"01019-01234 0101901-234 010190--1234 010190-123", NULL},
      {"6f1de3c2-0101-9012-8012-010190123456", NULL},
      {"", NULL},
  };
  struct arena *a = arena_new(0);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    size_t n;
    struct str out = blanked(a, str_z(rows[i].in), &n);
    cr_expect(str_eqz(out, rows[i].out ? rows[i].out : rows[i].in), "%zu: %.*s", i, STR_F(out));
    cr_expect_eq(n == 0, rows[i].out == NULL, "%zu", i);
  }
  arena_free(a);
}

Test(deep, only_wanted_numbers) {
  struct str spared = STR("0101901234"), out;
  struct deep_number number = {.wanted = any, .context = &spared};
  const struct deep_finder f = {.next = deep_number_next, .context = &number};
  struct arena *a = arena_new(0);
  cr_expect_eq(deep_blank(&out, a, STR("0101901234 0202901234 010190-1234"), &f), (size_t)1);
  cr_expect(str_eqz(out, "0101901234 XXXXXXXXXX 010190-1234"), "%.*s", STR_F(out));
  arena_free(a);
}

/* text in base64 at each of the three alignments, also broken into lines. */
Test(deep, base64_within) {
  struct arena *a = arena_new(0);
  for (int pad = 0; pad < 3; pad++) {
    struct buf inner, outer;
    struct str plain;
    size_t n, bad;
    buf_init(&inner, 1000);
    buf_init(&outer, 1000);
    base64_encode(&inner, arena_printf(a, "%.*s the number is 0101901234, says the letter", pad, "ab"));
    struct str text = buf_take(&inner, a);
    buf_printf(&outer, "<Object>%.*s\r\n  %.*s</Object>", 30, text.p, STR_F(str_sub(text, 30, text.n)));
    struct str out = blanked(a, buf_take(&outer, a), &n);
    cr_expect_eq(n, (size_t)1);
    struct str body = str_sub(out, 8, out.n - 9);
    cr_assert_eq(base64_decode(&plain, a, body, &bad), 0);
    cr_expect_neq(str_find(plain, STR(" the number is XXXXXXXXXX, says the letter"), 0), SIZE_MAX, "%.*s",
                  STR_F(plain));
  }
  arena_free(a);
}

/* What stands before an empty line is no part of it. */
Test(deep, base64_behind_a_header_of_mail) {
  struct arena *a = arena_new(0);
  struct buf b;
  size_t n;
  buf_init(&b, 1000);
  buf_printf(&b, "Content-Transfer-Encoding: base64\r\n\r\n");
  base64_encode(&b, STR("the number is 0101901234, says the letter"));
  blanked(a, buf_take(&b, a), &n);
  cr_expect_eq(n, (size_t)1);
  arena_free(a);
}

Test(deep, base64_within_base64_to_a_depth) {
  struct arena *a = arena_new(0);
  struct str text = STR("in the very middle: 0101901234");
  for (int level = 1; level <= DEEP_LEVELS_MAX + 1; level++) {
    struct buf b;
    size_t n;
    buf_init(&b, 10000);
    base64_encode(&b, text);
    text = buf_take(&b, a);
    blanked(a, text, &n);
    cr_expect_eq(n, (size_t)(level <= DEEP_LEVELS_MAX), "%d", level);
  }
  arena_free(a);
}

Test(deep, what_is_not_found_is_not_copied) {
  struct arena *a = arena_new(0);
  struct str bytes = STR("nothing of that kind, but a long run of words that could be base64");
  size_t n;
  cr_expect_eq(blanked(a, bytes, &n).p, bytes.p);
  arena_free(a);
}
