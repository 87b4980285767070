#include "cases.h"

#include "base/file.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static int hex_digit(char c) {
  struct str digits = STR("0123456789abcdef");
  size_t at = str_index(digits, c);
  cr_assert_neq(at, SIZE_MAX, "not a hex digit: %c", c);
  return (int)at;
}

static struct str unescape(struct arena *a, struct str s) {
  char *out = arena_alloc(a, s.n + 1);
  size_t n = 0;
  for (size_t i = 0; i < s.n; i++) {
    if (s.p[i] != '\\' || i + 1 == s.n) {
      out[n++] = s.p[i];
      continue;
    }
    char c = s.p[++i];
    if (c == 'x') {
      out[n++] = (char)(hex_digit(s.p[i + 1]) << 4 | hex_digit(s.p[i + 2]));
      i += 2;
    } else {
      out[n++] = c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c;
    }
  }
  return (struct str){out, n};
}

struct str cases_hex(struct arena *a, struct str hex) {
  char *out = arena_alloc(a, hex.n + 1);
  size_t n = 0;
  while (hex.n) {
    struct str byte = str_cut(&hex, ' ');
    cr_assert_eq(byte.n, 2);
    out[n++] = (char)(hex_digit(byte.p[0]) << 4 | hex_digit(byte.p[1]));
  }
  return (struct str){out, n};
}

struct cases cases_open(const char *name) {
  struct cases c = {.arena = arena_new(0)};
  struct error e;
  struct str text;
  int rc = file_read(&text, c.arena, file_join(c.arena, TEST_DATA, name), 1 << 20, &e);
  cr_assert_eq(rc, 0, "%s", e.text);
  for (int line = 1; text.n; line++) {
    struct str row = str_cut(&text, '\n');
    if (str_starts(row, STR("#"))) continue;
    struct test_case *one = VEC_ADD(c.arena, &c.list);
    one->line = line;
    for (int i = 0; i < CASE_COLUMNS; i++) one->col[i] = unescape(c.arena, str_cut(&row, '\t'));
  }
  cr_assert_gt(c.list.n, 0, "%s has no cases", name);
  return c;
}

void cases_close(struct cases *c) {
  arena_free(c->arena);
}
