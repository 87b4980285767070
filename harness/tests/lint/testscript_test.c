/* Small parts of reading TestScripts; whole ones are in e2e/testscripts.sh. */
#include "lint/testscript_int.h"

#include <criterion/criterion.h>

static struct arena *a;

static void set_up(void) {
  a = arena_new(0);
}

static void tear_down(void) {
  arena_free(a);
}

TestSuite(testscript, .init = set_up, .fini = tear_down);

/* Nothing outside of the set can be named. */
Test(testscript, references_stay_in_the_set) {
  static const struct {
    const char *folder, *reference, *want; /* NULL: it leaves the set */
  } rows[] = {{"", "a.json", "a.json"},
              {"x/y", "../Fixtures/a.json", "x/Fixtures/a.json"},
              {"x", "./b//a.json", "x/b/a.json"},
              {"x/y", "/Fixtures/a.json", "Fixtures/a.json"},
              {"x", "../a.json", "a.json"},
              {"x", "../../a.json", NULL},
              {"", "../a.json", NULL},
              {"x", "/../a.json", NULL},
              {"x", "a/../../../etc/passwd", NULL}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct str got = {0};
    bool inside = ts_resolve(a, str_z(rows[i].folder), str_z(rows[i].reference), &got);
    cr_expect_eq(inside, rows[i].want != NULL, "%s", rows[i].reference);
    if (rows[i].want) cr_expect(str_eqz(got, rows[i].want), "%s: %.*s", rows[i].reference, STR_F(got));
  }
}

/* XPath counts from 1, JSONPath from 0; what is more than a simple path is none. */
Test(testscript, simple_paths_are_fhirpath) {
  static const struct {
    const char *path, *want;
  } rows[] = {{"fhir:Bundle/fhir:id/@value", "Bundle.id"},
              {"/Bundle/entry[1]/resource", "Bundle.entry[0].resource"},
              {"$.entry[0].resource.id", "entry[0].resource.id"},
              {"identifier.value", "identifier.value"},
              {"id", "id"},
              {"//id", ""},
              {"$..id", ""},
              {"Bundle/entry[last()]", ""},
              {"Bundle/@*", ""},
              {"Bundle/entry[", ""},
              {"", ""}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct str got = ts_path(a, str_z(rows[i].path));
    cr_expect(str_eqz(got, rows[i].want), "%s: %.*s", rows[i].path, STR_F(got));
  }
}

Test(testscript, rules_are_whole) {
  for (size_t i = 0; i < testscript_rule_table_n; i++) {
    const struct rule *r = &testscript_rule_table[i];
    cr_assert(r->id && r->source && r->en && r->da, "%zu", i);
    cr_expect(str_starts(str_z(r->id), STR("testscript.")), "%s", r->id);
  }
}

static void count(void *payload, struct str name, size_t from, size_t to) {
  size_t *n = payload;
  cr_expect_eq(to - from, name.n + 3);
  (*n)++;
}

Test(testscript, variables_are_found) {
  static const struct {
    const char *text;
    size_t n;
  } rows[] = {{"", 0}, {"$a", 0}, {"${a}", 1}, {"'${a}' = '${b-1}'", 2}, {"${a", 0}, {"}${", 0}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    size_t n = 0;
    ts_each_variable(str_z(rows[i].text), count, &n);
    cr_expect_eq(n, rows[i].n, "%s", rows[i].text);
  }
}
