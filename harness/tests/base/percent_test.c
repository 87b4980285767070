#include "base/percent.h"

#include <criterion/criterion.h>

Test(percent, there_and_back) {
  static const struct {
    const char *plain, *encoded;
  } rows[] = {
      {"", ""}, {"aZ09-._~", "aZ09-._~"}, {"a b+c", "a%20b%2Bc"}, {"&=%/?#", "%26%3D%25%2F%3F%23"}, {"æ", "%C3%A6"}};
  struct arena *a = arena_new(0);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct buf b;
    struct str back;
    buf_init(&b, 1000);
    percent_encode(&b, str_z(rows[i].plain));
    struct str encoded = buf_take(&b, a);
    cr_expect(str_eqz(encoded, rows[i].encoded), "%.*s", STR_F(encoded));
    cr_expect(percent_decode(&back, a, encoded) && str_eqz(back, rows[i].plain), "%.*s", STR_F(back));
  }
  arena_free(a);
}

Test(percent, what_is_no_escape_stays_and_is_told) {
  static const struct {
    const char *encoded, *plain;
    bool sound;
  } rows[] = {{"a+b", "a b", true}, {"%c3%A6", "æ", true}, {"%", "%", false},
              {"%4", "%4", false},  {"%4G", "%4G", false}, {"100%25%", "100%%", false}};
  struct arena *a = arena_new(0);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct str out;
    cr_expect_eq(percent_decode(&out, a, str_z(rows[i].encoded)), rows[i].sound, "%s", rows[i].encoded);
    cr_expect(str_eqz(out, rows[i].plain), "%.*s", STR_F(out));
    cr_expect_str_eq(out.p, rows[i].plain, "it ends there for who wants a C string, too");
  }
  arena_free(a);
}
