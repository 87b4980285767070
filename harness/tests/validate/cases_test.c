/* Every case NAME.in is judged at the level in NAME.level (bundle if there is none); NAME.expect lists the findings as
 * "rule line:col". */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/map.h"
#include "tests/validate/shared.h"
#include "validate/letter_shelf.h"

#define CASE_MAX ((size_t)1 << 20)

static bool read_file(struct str *out, struct arena *a, struct str name, const char *end) {
  struct error e;
  struct str path = arena_printf(a, "%s/%.*s.%s", TEST_DATA, STR_F(name), end);
  return file_exists(path.p) && file_read(out, a, path.p, CASE_MAX, &e) == 0;
}

static enum validate_level level_of(struct arena *a, struct str name) {
  enum validate_level level = VALIDATE_BUNDLE;
  struct str text;
  if (read_file(&text, a, name, "level")) cr_assert(validate_level_parse(str_trim(text), &level));
  return level;
}

static void check_texts(const struct findings *f, struct str name) {
  for (size_t i = 0; i < f->list.n; i++) {
    const struct finding *x = &f->list.v[i];
    cr_expect(x->en.n && x->da.n && x->source.n, "%.*s: %.*s has no text", STR_F(name), STR_F(x->rule));
    cr_expect_eq(str_index(x->en, '{'), SIZE_MAX, "%.*s: %.*s", STR_F(name), STR_F(x->en));
    cr_expect_eq(str_index(x->da, '{'), SIZE_MAX, "%.*s: %.*s", STR_F(name), STR_F(x->da));
  }
}

static void compare(struct arena *a, struct str name, void *context) {
  struct message m;
  struct findings f;
  struct str bytes, expected = {0};
  (void)context;
  findings_init(&f, a);
  cr_assert(read_file(&bytes, a, name, "in"));
  message_read(&m, a, (struct source){name, bytes});
  validate_message(&m, level_of(a, name), NULL, &f);
  shared_drop(&f, "identifier."); /* identifiers_test.c */
  check_texts(&f, name);
  struct str found = shared_list(a, &f);
  if (getenv("TESTCAMP_ACCEPT")) {
    struct error e;
    cr_assert_eq(file_write(arena_printf(a, "%s/%.*s.expect", TEST_DATA, STR_F(name)).p, found, &e), 0);
    return;
  }
  cr_assert(read_file(&expected, a, name, "expect"), "%.*s.expect is missing", STR_F(name));
  cr_expect(str_eq(found, expected), "%.*s: found\n%.*sexpected\n%.*s", STR_F(name), STR_F(found), STR_F(expected));
}

static void each_case(struct arena *a, void (*fn)(struct arena *a, struct str name, void *context), void *context) {
  char **names;
  size_t n, cases = 0;
  struct error e;
  cr_assert_eq(file_list(&names, &n, a, TEST_DATA, &e), 0, "%s", e.text);
  for (size_t i = 0; i < n; i++) {
    struct str file = str_z(names[i]);
    if (!str_ends(file, STR(".in"))) continue;
    fn(a, str_sub(file, 0, file.n - 3), context);
    cases++;
  }
  cr_assert_gt(cases, 0);
}

Test(validate, cases) {
  struct arena *a = arena_new(0);
  each_case(a, compare, NULL);
  arena_free(a);
}

static void note_rules(struct arena *a, struct str name, void *context) {
  struct map *seen = context;
  struct str expected;
  cr_assert(read_file(&expected, a, name, "expect"));
  while (expected.n) {
    struct str line = str_cut(&expected, '\n');
    map_set(seen, str_cut(&line, ' '), seen);
  }
}

/* No case of 100 MB is kept; a profile is missed in sbdh_test.c. */
static bool has_own_test(const char *id) {
  return str_eqz(str_z(id), "validate.too-large") || str_eqz(str_z(id), "validate.ehmi-profile");
}

/* What needs a folder of schemas, or a folder of data without a catalogue (oioxml_schema_test.c). */
static bool needs_folder(const char *id) {
  return str_starts(str_z(id), STR("oioxml.schema")) || str_eqz(str_z(id), "oioxml.catalogue");
}

Test(validate, every_rule_has_a_case) {
  struct arena *a = arena_new(0);
  struct map seen;
  map_init(&seen, a);
  each_case(a, note_rules, &seen);
  for (size_t i = 0; i < validate_rules_n; i++) {
    const struct rule *r = &validate_rules[i];
    cr_assert_not_null(r->id, "rule %zu has no row", i);
    cr_expect(map_get(&seen, str_z(r->id)) || has_own_test(r->id), "no case raises %s", r->id);
  }
  for (size_t i = 0; i < oioxml_rules_n; i++) {
    const struct rule *r = &oioxml_rules[i];
    cr_assert_not_null(r->id, "rule %zu has no row", i);
    cr_expect(map_get(&seen, str_z(r->id)) || needs_folder(r->id), "no case raises %s", r->id);
  }
  arena_free(a);
}

Test(validate, level_names) {
  enum validate_level level;
  cr_assert(validate_level_parse(STR("envelope"), &level));
  cr_assert_eq(level, VALIDATE_ENVELOPE);
  cr_assert_str_eq(validate_level_name(VALIDATE_WELLFORMED), "wellformed");
  cr_assert(!validate_level_parse(STR("deep"), &level));
}
