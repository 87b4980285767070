#include "console/password.h"

#include <criterion/criterion.h>

static struct arena *arena;
static struct error e;

static void set_up(void) {
  arena = arena_new(0);
}

static void tear_down(void) {
  arena_free(arena);
}

TestSuite(password, .init = set_up, .fini = tear_down);

Test(password, fits_what_was_kept_of_it_and_nothing_else) {
  struct str kept, again;
  cr_assert_eq(password_hash(&kept, arena, STR("korrekt hest"), &e), 0, "%s", e.text);
  cr_expect(str_starts(kept, STR("scrypt$")));
  cr_expect_eq(str_find(kept, STR("korrekt"), 0), SIZE_MAX);
  cr_expect(password_fits(kept, STR("korrekt hest")));
  cr_expect(!password_fits(kept, STR("korrekt hesT")));
  cr_assert_eq(password_hash(&again, arena, STR("korrekt hest"), &e), 0);
  cr_expect(!str_eq(kept, again), "each has a salt of its own");
}

/* Made by another scrypt (Python's hashlib): what is kept can be read by whoever comes after us. */
Test(password, is_the_scrypt_that_others_have) {
  struct str kept = STR("scrypt$1024$8$1$536f6469756d43686c6f726964653136$"
                        "c259dbffbcff249591dcb872c422fd04fcd1cca45d07cc0fc7f87bdec4cb89b8");
  cr_expect(password_fits(kept, STR("pleaseletmein")));
  cr_expect(!password_fits(kept, STR("pleaseletmeout")));
}

Test(password, rubbish_fits_nothing) {
  static const char *const kept[] = {"",
                                     "plain",
                                     "scrypt$",
                                     "scrypt$16$1$1$$",
                                     "scrypt$99999999999$8$1$00$00",
                                     "scrypt$-1$8$1$00$00",
                                     "scrypt$16384$8$1$00000000000000000000000000000000$zz"};
  for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
    cr_expect(!password_fits(str_z(kept[i]), STR("")), "%s", kept[i]);
    cr_expect(!password_fits(str_z(kept[i]), str_z(kept[i])), "%s", kept[i]);
  }
}

Test(password, what_cannot_be_chosen) {
  char long_one[PASSWORD_MAX + 2] = {0};
  memset(long_one, 'x', PASSWORD_MAX + 1);
  cr_expect_lt(password_check(STR("kort"), STR("anna"), &e), 0);
  cr_expect_lt(password_check(str_z(long_one), STR("anna"), &e), 0);
  cr_expect_lt(password_check(STR("Anna.Andersen"), STR("anna.andersen"), &e), 0);
  cr_expect_eq(password_check(str_sub(str_z(long_one), 0, PASSWORD_MAX), STR("anna"), &e), 0);
}
