#include "base/str.h"

#include "cases.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct str empty = {0};

Test(str, equality) {
  cr_assert(str_eq(empty, STR("")));
  cr_assert(str_eq(str_z(NULL), empty));
  cr_assert(str_eqz(STR("abc"), "abc"));
  cr_assert(!str_eqz(STR("abc"), "ab"));
  cr_assert(!str_eqz(STR("ab"), "abc"));
  cr_assert(!str_eq(STR("a\0b"), STR("a\0c")));
  cr_assert(str_eq_nocase(STR("ABCxyz"), STR("abcXYZ")));
  cr_assert(!str_eq_nocase(STR("@"), STR("`")));
  cr_assert(!str_eq_nocase(STR("\xc6"), STR("\xe6")), "only ASCII letters");
}

Test(str, order) {
  static const struct {
    struct str a, b;
    int sign;
  } rows[] = {
      {STR_INIT(""), STR_INIT(""), 0},     {STR_INIT("a"), STR_INIT("b"), -1},   {STR_INIT("b"), STR_INIT("a"), 1},
      {STR_INIT("a"), STR_INIT("aa"), -1}, {STR_INIT("\xff"), STR_INIT("a"), 1}, {STR_INIT("a\0b"), STR_INIT("a"), 1},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    int c = str_cmp(rows[i].a, rows[i].b);
    cr_assert_eq((c > 0) - (c < 0), rows[i].sign, "row %zu", i);
  }
}

Test(str, parts) {
  struct str s = STR("hello");
  cr_assert(str_starts(s, STR("he")) && str_starts(s, empty) && !str_starts(s, STR("hello!")));
  cr_assert(str_ends(s, STR("lo")) && str_ends(s, empty) && !str_ends(s, STR("hell")));
  cr_assert(str_eqz(str_sub(s, 1, 3), "el"));
  cr_assert(str_eqz(str_sub(s, 3, 99), "lo"));
  cr_assert(str_eqz(str_sub(s, 4, 2), ""));
  cr_assert(str_eqz(str_sub(s, 99, 100), ""));
  cr_assert_eq(str_sub(empty, 0, 5).n, 0);
}

Test(str, search) {
  struct str s = STR("abcabc");
  cr_assert_eq(str_find(s, STR("bc"), 0), 1);
  cr_assert_eq(str_find(s, STR("bc"), 2), 4);
  cr_assert_eq(str_find(s, STR("bc"), 5), SIZE_MAX);
  cr_assert_eq(str_find(s, STR("abcabcd"), 0), SIZE_MAX);
  cr_assert_eq(str_find(s, empty, 6), 6);
  cr_assert_eq(str_find(s, empty, 7), SIZE_MAX);
  cr_assert_eq(str_find(STR("a\0b"), STR("\0b"), 0), 1);
  cr_assert_eq(str_index(s, 'c'), 2);
  cr_assert_eq(str_index(s, 'x'), SIZE_MAX);
  cr_assert_eq(str_index(empty, 'x'), SIZE_MAX);
}

/* Each byte value at each place of a word: plain, or found. */
Test(str, skip_plain) {
  char bytes[24];
  for (int c = 0; c < 256; c++)
    for (size_t at = 0; at < sizeof bytes; at++) {
      memset(bytes, 'q', sizeof bytes);
      bytes[at] = (char)c;
      bool stops = c < 0x20 || c >= 0x80 || c == '&' || c == '<';
      size_t want = stops ? at : sizeof bytes;
      cr_expect_eq(str_skip_plain((struct str){bytes, sizeof bytes}, 0, '&', '<'), want, "%d at %zu", c, at);
    }
  cr_expect_eq(str_skip_plain(STR("a&b<c"), 2, '&', '<'), 3);
  cr_expect_eq(str_skip_plain((struct str){0}, 0, '&', '<'), 0);
}

Test(str, trim_and_cut) {
  cr_assert(str_eqz(str_trim(STR(" \t\r\nab c\n ")), "ab c"));
  cr_assert(str_eqz(str_trim(STR(" \n ")), ""));
  struct str rest = STR("a,,b");
  cr_assert(str_eqz(str_cut(&rest, ','), "a"));
  cr_assert(str_eqz(str_cut(&rest, ','), ""));
  cr_assert(str_eqz(str_cut(&rest, ','), "b"));
  cr_assert_eq(rest.n, 0);
  cr_assert(str_eqz(str_cut(&rest, ','), ""));
  rest = STR("a,");
  cr_assert(str_eqz(str_cut(&rest, ','), "a"));
  cr_assert_eq(rest.n, 0);
}

Test(str, numbers) {
  struct cases c = cases_open("numbers.tsv");
  for (size_t i = 0; i < c.list.n; i++) {
    struct test_case *row = &c.list.v[i];
    int64_t n = -1;
    double d = -1;
    bool whole = str_int(row->col[0], &n), fraction = str_double(row->col[0], &d);
    cr_assert_eq(whole, !str_eqz(row->col[1], "bad"), CASE_F "whole", row->line);
    cr_assert_eq(fraction, !str_eqz(row->col[2], "bad"), CASE_F "fraction", row->line);
    if (whole) cr_assert(str_eq(arena_printf(c.arena, "%lld", (long long)n), row->col[1]), CASE_F, row->line);
    if (fraction) cr_assert_eq(d, strtod(arena_z(c.arena, row->col[2]), NULL), CASE_F "%g", row->line, d);
  }
  cases_close(&c);
}

Test(str, a_double_of_endless_digits_is_refused) {
  char digits[5000];
  double d = 3;
  memset(digits, '1', sizeof digits);
  cr_assert(!str_double((struct str){digits, sizeof digits}, &d));
  cr_assert_eq(d, 3);
}

Test(str, distance) {
  static const struct {
    struct str a, b;
    size_t edits;
  } rows[] = {
      {STR_INIT(""), STR_INIT(""), 0},
      {STR_INIT(""), STR_INIT("abc"), 3},
      {STR_INIT("kitten"), STR_INIT("sitting"), 3},
      {STR_INIT("vendor"), STR_INIT("vendr"), 1},
      {STR_INIT("ab"), STR_INIT("ba"), 2},
      {STR_INIT("same"), STR_INIT("same"), 0},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    cr_assert_eq(str_distance(rows[i].a, rows[i].b), rows[i].edits, "row %zu", i);
    cr_assert_eq(str_distance(rows[i].b, rows[i].a), rows[i].edits, "row %zu, swapped", i);
  }
  char longer[STR_DISTANCE_MAX + 1];
  memset(longer, 'a', sizeof longer);
  cr_assert_eq(str_distance((struct str){longer, STR_DISTANCE_MAX}, STR("a")), STR_DISTANCE_MAX - 1);
  cr_assert_eq(str_distance((struct str){longer, sizeof longer}, STR("a")), sizeof longer);
}

/* Only the bytes count, not where they lie; and each of them counts. */
Test(str, hash) {
  char at[80], other[48];
  for (size_t n = 0; n <= 40; n++) {
    for (size_t i = 0; i < n; i++) other[i] = (char)(i * 37);
    uint64_t want = str_hash((struct str){other, n});
    for (size_t shift = 0; shift < 8; shift++) {
      memcpy(at + shift, other, n);
      cr_expect_eq(str_hash((struct str){at + shift, n}), want, "%zu bytes, at %zu", n, shift);
    }
    for (size_t i = 0; i < n; i++) {
      other[i] ^= 1;
      cr_expect_neq(str_hash((struct str){other, n}), want, "byte %zu of %zu", i, n);
      other[i] ^= 1;
    }
    other[n] = 0;
    cr_expect_neq(str_hash((struct str){other, n + 1}), want, "%zu bytes and a nul", n);
  }
  cr_expect_eq(str_hash(empty), str_hash(STR("")));
}

/* Keys that differ in a few last digits, as many as slots, by the low bits and by those in the middle. */
Test(str, hash_spreads) {
  enum { SLOTS = 4096, FULL = 10 };
  static unsigned char low[SLOTS], middle[SLOTS];
  for (int i = 0; i < SLOTS; i++) {
    char key[80];
    int n = snprintf(key, sizeof key, "https://testcamp.example/fhir/Observation/o%d", i);
    uint64_t h = str_hash((struct str){key, (size_t)n});
    cr_expect_leq(++low[h % SLOTS], FULL);
    cr_expect_leq(++middle[(h >> 20) % SLOTS], FULL);
  }
}
