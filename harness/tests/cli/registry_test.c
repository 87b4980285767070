#include "cli/registry.h"

#include <criterion/criterion.h>

#define LISTING                                                                                                        \
  "{\"dist-tags\":{\"latest\":\"1.2.0\"},\"versions\":{\"1.0.0\":{},\"1.10.0\":{},\"1.2.0\":{},\"2.0.0-ballot\":{},"   \
  "\"../../up\":{},\"9\\u001b\":{},\"3.0.0-a\":{},\"3.0.0-b\":{}}}"

static int choose(struct release *r, struct arena *a, const char *json, const char *wanted, struct error *e) {
  *e = (struct error){0};
  return registry_choose(r, a, (struct source){STR("https://r/n"), str_z(json)}, STR("n"), str_z(wanted), e);
}

Test(registry, chooses_a_version) {
  static const char *const rows[][2] = {
      {"1.0.0", "1.0.0"},      {"2.0.0-ballot", "2.0.0-ballot"},
      {"1.x", "1.10.0"},       {"1.2.x", "1.2.0"},
      {"2.x", "2.0.0-ballot"}, {"3.x", "3.0.0-b"},
      {"*", "1.10.0"},         {"x", "1.10.0"},
      {"", "1.2.0"},           {"latest", "1.2.0"},
      {"current", "1.10.0"},   {"dev", "1.10.0"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct arena *a = arena_new(0);
    struct release r;
    struct error e;
    cr_assert_eq(choose(&r, a, LISTING, rows[i][0], &e), 0, "%s: %s", rows[i][0], e.text);
    cr_expect(str_eqz(r.version, rows[i][1]), "%s: %.*s", rows[i][0], STR_F(r.version));
    cr_expect(str_starts(r.tarball, STR("https://r/n/")), "where npm has it, if it is not said");
    arena_free(a);
  }
}

Test(registry, refuses_listings) {
  static const struct {
    const char *json, *wanted, *why;
    enum error_code code;
  } rows[] = {
      {LISTING, "1.0.1", "no version 1.0.1; the nearest is 1.0.0, the newest 1.10.0", ERR_CONFIG},
      {LISTING, "4.x", "no version 4.x", ERR_CONFIG},
      {LISTING, "../../up", "no version", ERR_CONFIG},
      {"{\"versions\":{}}", "1.0.0", "lists no version of n", ERR_CONFIG},
      {"{\"versions\":[1]}", "1.0.0", "no \"versions\"", ERR_PEER},
      {"{\"versions\":{\"../x\":{}}}", "latest", "lists no version of n", ERR_CONFIG},
      {"{\"versions\":{\"1\":{\"dist\":{\"tarball\":\"https://x/\\n\"}}}}", "1", "is none", ERR_PEER},
      {"[]", "1.0.0", "no \"versions\"", ERR_PEER},
      {"", "1.0.0", "no list of versions in JSON", ERR_PEER},
      {" <html>", "1.0.0", "web page", ERR_PEER},
      {"{\"versions\":{\"1\":{},\"1\":{}}}", "1", "no list of versions in JSON", ERR_PEER},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct arena *a = arena_new(0);
    struct release r;
    struct error e;
    cr_assert_eq(choose(&r, a, rows[i].json, rows[i].wanted, &e), -1, "%s", rows[i].json);
    cr_expect_eq(e.code, rows[i].code, "%s: %s", rows[i].json, e.text);
    cr_expect_neq(str_find(str_z(e.text), str_z(rows[i].why), 0), SIZE_MAX, "%s: %s", rows[i].json, e.text);
    arena_free(a);
  }
}

/* Digests of "abc" (FIPS 180-4, examples). */
#define SHA1 "a9993e364706816aba3e25717850c26c9cd0d89d"
#define SHA256 "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="

Test(registry, checks_all_digests) {
  static const struct {
    struct str shasum, integrity;
    bool fits, checked;
  } rows[] = {
      {STR_INIT(SHA1), STR_INIT(""), true, true},
      {STR_INIT("A9993E364706816ABA3E25717850C26C9CD0D89D"), STR_INIT(""), true, true},
      {STR_INIT(""), STR_INIT(SHA256), true, true},
      {STR_INIT(SHA1), STR_INIT(SHA256 "?ct=a md5-AAAA"), true, true},
      {STR_INIT(""), STR_INIT(""), true, false},
      {STR_INIT(""), STR_INIT("md5-AAAA"), true, false},
      {STR_INIT(""), STR_INIT("nothing"), true, false},
      {STR_INIT("a9993e"), STR_INIT(""), false, true},
      {STR_INIT("x"), STR_INIT(SHA256), false, true},
      {STR_INIT(SHA1), STR_INIT("sha256-"), false, true},
      {STR_INIT(SHA1), STR_INIT("sha256-!"), false, true},
      {STR_INIT(""), STR_INIT(SHA256 " sha512-AAAA"), false, true},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct release r = {.tarball = STR("t"), .shasum = rows[i].shasum, .integrity = rows[i].integrity};
    struct error e = {0};
    bool checked;
    cr_expect_eq(registry_check(&r, STR("abc"), &checked, &e) == 0, rows[i].fits, "row %zu: %s", i, e.text);
    if (rows[i].fits) cr_expect_eq(checked, rows[i].checked, "row %zu", i);
  }
}
