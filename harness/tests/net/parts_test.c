#include "net/parts.h"

#include <criterion/criterion.h>

#define MESSAGE_MAX ((size_t)1 << 16)

Test(parts, come_out_as_they_went_in) {
  struct buf b;
  struct str rest, name, bytes;
  buf_init(&b, MESSAGE_MAX);
  parts_put(&b, "arg", STR("a b\n3\n"));
  parts_put(&b, "arg", (struct str){0});
  buf_addz(&b, "end\n");
  rest = buf_str(&b);
  cr_assert_eq(parts_take(&rest, &name, &bytes), 1);
  cr_expect(str_eqz(name, "arg") && str_eqz(bytes, "a b\n3\n"));
  cr_assert_eq(parts_take(&rest, &name, &bytes), 1);
  cr_expect(str_eqz(name, "arg") && bytes.n == 0);
  cr_assert_eq(parts_take(&rest, &name, &bytes), 1);
  cr_expect(str_eqz(name, "end") && bytes.n == 0 && rest.n == 0);
  buf_release(&b);
}

Test(parts, what_is_not_whole_waits) {
  struct str whole = STR("arg 3\nabc"), name, bytes;
  for (size_t n = 0; n < whole.n; n++) {
    struct str rest = str_sub(whole, 0, n);
    cr_expect_eq(parts_take(&rest, &name, &bytes), 0, "%zu", n);
    cr_expect_eq(rest.n, n);
  }
}

Test(parts, what_is_none_is_refused) {
  static const char *const wrong[] = {"arg -1\n",
                                      "arg 1x\nabc",
                                      "arg \n",
                                      "ARG 1\na",
                                      " 1\na",
                                      "\n",
                                      "arg 99999999999999999999\n",
                                      "arg 536870913\n",
                                      "averyveryverylongname 1\na",
                                      "nothing that ends with a line end in forty bytes"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    struct str rest = str_z(wrong[i]), name, bytes;
    cr_expect_eq(parts_take(&rest, &name, &bytes), -1, "%s", wrong[i]);
  }
}
