#include "base/template.h"

#include <criterion/criterion.h>

static struct str places[TEMPLATE_PLACES_MAX];

static bool is(const char *t, const char *text) {
  return template_matches(t, str_z(text), places);
}

static void expect_place(size_t number, const char *value) {
  cr_expect(str_eqz(places[number - 1], value), "{%zu} is \"%.*s\", not \"%s\"", number, STR_F(places[number - 1]),
            value);
}

Test(template, values_are_found) {
  cr_assert(is("step {1} has {2} findings", "step 3.1 has no findings"));
  expect_place(1, "3.1"), expect_place(2, "no"), expect_place(3, "");
  cr_assert(is("{2} of {1}", "a of b"));
  expect_place(1, "b"), expect_place(2, "a");
}

Test(template, the_last_place_has_the_rest) {
  cr_assert(is("pattern: {1}", "pattern: a: b"));
  expect_place(1, "a: b");
  cr_assert(is("{1} is there", "x is there is there"));
  expect_place(1, "x is there");
  cr_assert(is("{1}{2}", "ab"));
  expect_place(1, ""), expect_place(2, "ab");
}

Test(template, another_text_is_another) {
  cr_expect(!is("step {1}", "Step 1"));
  cr_expect(!is("step {1}.", "step 1"));
  cr_expect(!is("no places", "no places at all"));
  cr_expect(!is("", "x"));
  cr_expect(is("", ""));
  cr_expect(!is("{1} a {2} a", " a"));
}

Test(template, braces_that_are_no_place_are_text) {
  cr_assert(is("say {kind: {1}} or ${{2}}", "say {kind: x} or ${y}"));
  expect_place(1, "x"), expect_place(2, "y");
  cr_expect(is("{0} {10} {", "{0} {10} {"));
}

Test(template, a_mark_is_part_of_the_place) {
  size_t length;
  cr_expect_eq(template_place("{3!}", &length), 3);
  cr_expect_eq(length, 4);
  cr_expect_eq(template_place("{3}", &length), 3);
  cr_expect_eq(length, 3);
  cr_expect_eq(template_place("{3", &length), 0);
  cr_expect_eq(template_place("{", &length), 0);
  cr_expect_eq(template_letters("a {1!} b, 2"), 3);
}

Test(template, is_filled) {
  struct buf b;
  buf_init(&b, 100);
  cr_assert(is("{1} and {2}", "x and y"));
  template_fill(&b, "{2} {3}{1!}.", places);
  cr_expect(str_eqz(buf_str(&b), "y x."));
  buf_release(&b);
}
