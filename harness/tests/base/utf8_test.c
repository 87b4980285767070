#include "base/utf8.h"

#include "cases.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <string.h>

Test(utf8, check) {
  struct cases c = cases_open("utf8_check.tsv");
  for (size_t i = 0; i < c.list.n; i++) {
    struct test_case *row = &c.list.v[i];
    int64_t expected = -1;
    bool bad = str_int(row->col[1], &expected);
    cr_assert_neq(bad, str_eqz(row->col[1], "ok"), CASE_F "bad row", row->line);
    size_t want = bad ? (size_t)expected : SIZE_MAX;
    cr_assert_eq(utf8_check(cases_hex(c.arena, row->col[0])), want, CASE_F, row->line);
  }
  cases_close(&c);
}

/* Wherever a bad byte stands, the fast path over ASCII finds it. */
Test(utf8, check_finds_a_byte_anywhere) {
  char text[100];
  for (size_t n = 1; n <= sizeof text; n++) {
    memset(text, 'a', n);
    cr_assert_eq(utf8_check((struct str){text, n}), SIZE_MAX);
    for (size_t at = 0; at < n; at++) {
      text[at] = (char)0xff;
      cr_assert_eq(utf8_check((struct str){text, n}), at);
      text[at] = 'a';
    }
  }
}

Test(utf8, put_and_decode_every_character) {
  struct buf b;
  buf_init(&b, 16);
  for (uint32_t cp = 0; cp <= 0x10ffff; cp++) {
    uint32_t back = 0;
    if (cp == 0xd800) cp = 0xe000;
    buf_clear(&b);
    utf8_put(&b, cp);
    if (utf8_decode(buf_str(&b), 0, &back) != b.n || back != cp) cr_assert_fail("U+%04X", (unsigned)cp);
  }
  uint32_t cp;
  cr_assert_eq(utf8_decode(STR("a"), 1, &cp), 0);
  cr_assert_eq(utf8_decode(STR("a"), 99, &cp), 0);
  buf_release(&b);
}

Test(utf8, put_refuses_a_surrogate, .signal = SIGABRT) {
  struct buf b;
  buf_init(&b, 16);
  utf8_put(&b, 0xd800);
}

Test(utf8, length) {
  struct str s = STR("abcæøå€😀 and some more ASCII behind it, æ");
  for (size_t from = 0; from <= s.n; from++) {
    size_t chars = 0;
    uint32_t cp;
    struct str tail = str_sub(s, from, s.n);
    if (utf8_check(tail) != SIZE_MAX) continue;
    for (size_t at = 0; at < tail.n; chars++) at += utf8_decode(tail, at, &cp);
    cr_assert_eq(utf8_length(tail), chars, "from %zu", from);
  }
  cr_assert_eq(utf8_length((struct str){0}), 0);
}

Test(utf8, whole) {
  static const struct {
    struct str s;
    size_t whole;
  } rows[] = {
      {STR_INIT(""), 0},
      {STR_INIT("ab"), 2},
      {STR_INIT("a\xc3\xa6"), 3},
      {STR_INIT("a\xc3"), 1},
      {STR_INIT("a\xe2\x82"), 1},
      {STR_INIT("a\xe2"), 1},
      {STR_INIT("a\xe2\x82\xac"), 4},
      {STR_INIT("a\xf0\x9f\x98"), 1},
      {STR_INIT("a\xf0\x9f\x98\x80"), 5},
      {STR_INIT("\x80\x80\x80\x80\x80"), 5},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    cr_assert_eq(utf8_whole(rows[i].s), rows[i].whole, "row %zu", i);
}

Test(utf8, position) {
  static const struct {
    struct str s;
    size_t offset;
    int line, col;
  } rows[] = {
      {STR_INIT(""), 0, 1, 1},      {STR_INIT("abc"), 0, 1, 1},    {STR_INIT("abc"), 2, 1, 3},
      {STR_INIT("abc"), 3, 1, 4},   {STR_INIT("abc"), 99, 1, 4},   {STR_INIT("a\nb"), 1, 1, 2},
      {STR_INIT("a\nb"), 2, 2, 1},  {STR_INIT("a\r\nb"), 3, 2, 1}, {STR_INIT("\n\n\n"), 3, 4, 1},
      {STR_INIT("æøå x"), 7, 1, 5}, {STR_INIT("æ\nøå!"), 7, 2, 3}, {STR_INIT("😀😀"), 4, 1, 2},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    int line = 0, col = 0;
    utf8_position(rows[i].s, rows[i].offset, &line, &col);
    cr_assert_eq(line, rows[i].line, "row %zu: line %d", i, line);
    cr_assert_eq(col, rows[i].col, "row %zu: col %d", i, col);
  }
}

Test(utf8, forms) {
  struct arena *a = arena_new(0);
  cr_assert(str_eqz(utf8_nfc(a, STR("A\xcc\x8a"
                                    "a\xcc\x8a")),
                    "Åå"));
  cr_assert(str_eqz(utf8_nfc(a, STR("plain")), "plain"));
  cr_assert(str_eqz(utf8_nfc(a, STR("å")), "å"));
  cr_assert(str_eq(utf8_nfc(a, STR("a\xcc\x8a\0b")), STR("å\0b")));
  cr_assert(str_eq(utf8_nfc(a, STR("\xff\xcc")), STR("\xff\xcc")), "what is not UTF-8 is kept");
  cr_assert(str_eqz(utf8_lower(a, STR("ÆØÅ Ü ABC-1")), "æøå ü abc-1"));
  cr_assert(str_eqz(utf8_upper(a, STR("æøå ü abc-1")), "ÆØÅ Ü ABC-1"));
  cr_assert(str_eqz(utf8_upper(a, STR("ɐ")), "Ɐ"), "two bytes become three");
  cr_assert(str_eq(utf8_lower(a, STR("A\xff"
                                     "B")),
                   STR("a\xff"
                       "b")));
  cr_assert_eq(utf8_lower(a, (struct str){0}).n, 0);
  arena_free(a);
}

Test(utf8, a_head_has_no_half_character) {
  cr_expect(str_eqz(utf8_head(STR("blå"), 10), "blå"));
  cr_expect(str_eqz(utf8_head(STR("blå"), 3), "bl"));
  cr_expect(str_eqz(utf8_head(STR("blå bær"), 5), "blå "));
  cr_expect_eq(utf8_head(STR(""), 5).n, 0);
}
