/* What was written into a form that was refused: kept once, for its browser, and not for long. */
#include "console/kept.h"

#include <criterion/criterion.h>

static struct webform form_of(struct arena *a, const char *body) {
  struct webform f = {0};
  struct error e;
  cr_assert_eq(webform_read(&f, a, STR("application/x-www-form-urlencoded"), str_z(body), &e), 0, "%s", e.text);
  return f;
}

Test(kept, a_form_comes_back_once_and_to_its_own_browser) {
  struct arena *a = arena_new(0);
  struct kept *k = kept_new();
  struct webform f = form_of(a, "csrf=t&why=seen+by+me&password=secret"), out;
  struct str path;
  kept_put(k, STR("one"), STR("/review/1/judge"), &f, 1000);
  cr_expect_not(kept_take(k, STR("two"), 1000, a, &path, &out));
  cr_assert(kept_take(k, STR("one"), 1000, a, &path, &out));
  cr_expect(str_eqz(path, "/review/1/judge"));
  cr_expect(str_eqz(webform_get(&out, "why"), "seen by me"));
  cr_expect_eq(out.fields.n, (size_t)1, "no token, no password");
  cr_expect_not(kept_take(k, STR("one"), 1000, a, &path, &out), "twice");
  kept_free(k);
  arena_free(a);
}

Test(kept, what_is_old_or_large_or_nobodys_is_not_kept) {
  struct arena *a = arena_new(0);
  struct kept *k = kept_new();
  struct webform f = form_of(a, "why=x"), large = form_of(a, "why=x"), out;
  struct str path;
  large.fields.v[0].value = (struct str){arena_alloc(a, KEPT_BYTES_MAX), KEPT_BYTES_MAX};
  kept_put(k, STR("one"), STR("/a"), &f, 1000);
  cr_expect_not(kept_take(k, STR("one"), 1000 + KEPT_MS + 1, a, &path, &out));
  kept_put(k, STR("one"), STR("/a"), &f, 1000);
  kept_put(k, STR("one"), STR("/a"), &large, 1000);
  cr_expect_not(kept_take(k, STR("one"), 1000, a, &path, &out), "nor the one before it");
  kept_put(k, STR(""), STR("/a"), &f, 1000);
  cr_expect_not(kept_take(k, STR(""), 1000, a, &path, &out));
  kept_free(k);
  arena_free(a);
}

Test(kept, the_oldest_makes_room) {
  struct arena *a = arena_new(0);
  struct kept *k = kept_new();
  struct webform f = form_of(a, "why=x"), out;
  struct str path;
  for (int i = 0; i <= KEPT_FORMS_MAX; i++) kept_put(k, arena_printf(a, "b%d", i), STR("/a"), &f, 1000 + i);
  cr_expect_not(kept_take(k, STR("b0"), 1000, a, &path, &out));
  cr_expect(kept_take(k, STR("b1"), 1000, a, &path, &out));
  cr_expect(kept_take(k, arena_printf(a, "b%d", KEPT_FORMS_MAX), 1000, a, &path, &out));
  kept_free(k);
  arena_free(a);
}
