#include "console/password.h"

#include "net/loop.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <sys/wait.h>

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

static void never(void *payload, bool fits) {
  (void)payload, (void)fits;
  cr_assert_fail("told of one that was ended");
}

/* serve is ended while somebody logs in. */
Test(password, what_is_under_way_ends_with_those_who_asked) {
  struct loop *l;
  cr_assert_eq(loop_open(&l, &e), 0);
  struct passwords *p = passwords_new(l);
  for (int i = 0; i < 2; i++) cr_assert_eq(password_start(p, STR(""), STR("korrekt hest"), never, NULL, &e), 0);
  passwords_free(p);
  loop_turn(l, 0);
  loop_close(l);
  cr_expect_eq(waitpid(-1, NULL, WNOHANG), -1);
  cr_expect_eq(errno, ECHILD, "a child goes on");
}

static void note(void *payload, bool fits) {
  *(int *)payload = fits ? 1 : 2;
}

Test(password, of_two_under_way_each_is_told) {
  struct loop *l;
  int told[2] = {0};
  struct str kept;
  cr_assert_eq(password_hash(&kept, arena, STR("korrekt hest"), &e), 0);
  cr_assert_eq(loop_open(&l, &e), 0);
  struct passwords *p = passwords_new(l);
  cr_assert_eq(password_start(p, kept, STR("korrekt hest"), note, &told[0], &e), 0);
  cr_assert_eq(password_start(p, kept, STR("korrekt hesT"), note, &told[1], &e), 0);
  for (int i = 0; i < 1000 && (!told[0] || !told[1]); i++) loop_turn(l, 100);
  cr_expect_eq(told[0], 1);
  cr_expect_eq(told[1], 2);
  passwords_free(p);
  loop_close(l);
}
