#include "lint/regress.h"

#include "base/file.h"
#include "fhir/facts.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#define DATA TEST_DATA "/regress/"

static struct arena *a;
static struct regress r;

static struct regress_side side(const char *what) {
  struct regress_side out;
  struct shapes *shapes;
  struct str spec;
  struct error e;
  struct book *b = book_new(a);
  bool wrong = shapes_read(&shapes, a, TEST_ROOT, &e) || regress_side_put(&spec, b, a, what, &e) ||
               book_add_facts(b, TEST_ROOT "/" FACTS_PACKAGES, &e) || regress_side_open(&out, a, b, spec, shapes, &e);
  cr_assert(!wrong, "%s: %s", what, e.text);
  return out;
}

static void set_up(void) {
  setenv("TESTCAMP_DATA", TEST_ROOT, 1);
  a = arena_new(0);
  regress_init(&r, a, side(DATA "x"), side(DATA "y"));
}

static void tear_down(void) {
  arena_free(a);
}

TestSuite(regress, .init = set_up, .fini = tear_down);

static void judge_examples(void) {
  struct error e;
  int rc = regress_add_folder(&r, DATA "examples", &e);
  cr_assert_eq(rc, 0, "%s", e.text);
  for (size_t i = 0; i < r.inputs.n; i++) regress_judge(&r, r.inputs.v[i]);
}

/* One line a row: change rule element [constraint] before -> after: inputs. */
static struct str rows(void) {
  struct buf b;
  buf_init(&b, 1 << 20);
  for (size_t i = 0; i < r.rows.n; i++) {
    const struct regress_row *row = r.rows.v[i];
    buf_printf(&b, "%s %.*s %.*s [%.*s] %.*s -> %.*s:", regress_change_name(row->change), STR_F(row->rule),
               STR_F(row->element), STR_F(row->constraint), STR_F(row->before), STR_F(row->after));
    for (size_t k = 0; k < row->inputs.n; k++) buf_printf(&b, " %.*s", STR_F(row->inputs.v[k]));
    buf_addz(&b, row->accepted ? " agreed\n" : "\n");
  }
  return buf_take(&b, a);
}

static void expect_rows(const char *file) {
  struct str want, have = rows();
  struct error e;
  int rc = file_read(&want, a, file, 1 << 20, &e);
  cr_assert_eq(rc, 0, "%s", e.text);
  cr_expect(str_eq(want, have), "%s should be:\n%.*s", file, STR_F(have));
}

Test(regress, each_difference_is_one_row_with_what_shows_it) {
  judge_examples();
  regress_definitions(&r);
  expect_rows(DATA "rows.expect");
}

Test(regress, the_same_definitions_give_no_row) {
  regress_init(&r, a, side(DATA "y"), side(DATA "y"));
  judge_examples();
  regress_definitions(&r);
  cr_expect_eq(r.rows.n, 0, "%.*s", STR_F(rows()));
}

Test(regress, a_folder_is_the_package_its_guide_says) {
  cr_expect(str_eqz(r.x.name, "example.ig@1.0.0"), "%.*s", STR_F(r.x.name));
  cr_expect(str_eqz(r.x.package->canonical, "http://example.org/ig"), "%.*s", STR_F(r.x.package->canonical));
}

Test(regress, examples_of_a_folder_are_what_is_no_definition) {
  struct error e;
  int rc = regress_add_examples(&r, &r.x, &e);
  cr_assert_eq(rc, 0, "%s", e.text);
  cr_assert_eq(r.inputs.n, 1);
  cr_expect(str_eqz(r.inputs.v[0]->name, "example.ig@1.0.0/Patient-whole.json"), "%.*s", STR_F(r.inputs.v[0]->name));
}

Test(regress, the_same_bytes_are_judged_once_but_for_each_system) {
  cr_expect_not_null(regress_add(&r, REGRESS_EXAMPLE, STR("a"), STR(""), STR("{}")));
  cr_expect_null(regress_add(&r, REGRESS_EXAMPLE, STR("b"), STR(""), STR("{}")));
  cr_expect_not_null(regress_add(&r, REGRESS_RECORDED, STR("c"), STR("Journal 1"), STR("{}")));
}

static int accept(const char *file, struct error *e) {
  struct source src = {.name = STR("accept.yaml")};
  int rc = file_read(&src.bytes, a, file, 1 << 20, e);
  cr_assert_eq(rc, 0, "%s", e->text);
  return regress_accept_read(&r, src, e);
}

Test(regress, agreed_rows_are_not_open_and_unused_agreements_are_known) {
  struct error e;
  int rc = accept(DATA "accept.yaml", &e);
  cr_assert_eq(rc, 0, "%s", e.text);
  judge_examples();
  regress_definitions(&r);
  regress_finish(&r);
  size_t agreed = r.rows.n - regress_open_rows(&r);
  cr_expect_eq(agreed, 2, "%.*s", STR_F(rows()));
  cr_expect_eq(r.accepts.v[2].used, 0);
}

Test(regress, a_wrong_agreement_is_told_with_its_place) {
  struct error e;
  cr_assert_eq(accept(DATA "accept_bad.yaml", &e), -1);
  cr_expect_eq(e.line, 2, "%d: %s", e.line, e.text);
}

static const struct {
  const char *what, *says;
} bad_sides[] = {{DATA "examples/none", "neither NAME@VERSION"},
                 {"example.ig", "neither NAME@VERSION"},
                 {DATA "../protocols", "no FHIR resources"},
                 {DATA "broken", "Not JSON"},
                 {DATA "accept.yaml", "no .tgz"}};

Test(regress, what_is_no_side_is_told) {
  for (size_t i = 0; i < sizeof bad_sides / sizeof *bad_sides; i++) {
    struct str spec;
    struct error e;
    cr_assert_eq(regress_side_put(&spec, book_new(a), a, bad_sides[i].what, &e), -1, "%s", bad_sides[i].what);
    cr_expect_neq(str_find(str_z(e.text), str_z(bad_sides[i].says), 0), SIZE_MAX, "%s", e.text);
  }
}

Test(regress, what_is_easily_missed_in_a_definition_is_a_row_too) {
  regress_init(&r, a, side(DATA "long_x"), side(DATA "long_y"));
  regress_definitions(&r);
  cr_assert_eq(r.rows.n, 4, "%.*s", STR_F(rows()));
  cr_expect(str_eqz(r.rows.v[0]->rule, "definition.constraint"));
  cr_expect(str_ends(r.rows.v[0]->before, STR("and gender.exists()")), "%.*s", STR_F(r.rows.v[0]->before));
  cr_expect(str_ends(r.rows.v[0]->after, STR("and active.exists()")), "%.*s", STR_F(r.rows.v[0]->after));
  cr_expect(str_eqz(r.rows.v[1]->rule, "definition.minimum-value"));
  cr_expect(str_eqz(r.rows.v[2]->rule, "definition.type"));
  cr_expect(str_ends(r.rows.v[2]->after, STR(" bundled")), "%.*s", STR_F(r.rows.v[2]->after));
  cr_expect(str_eqz(r.rows.v[3]->rule, "definition.snapshot"));
}

Test(regress, what_is_too_much_is_known_to_be_left_out) {
  for (size_t i = 0; i <= REGRESS_INPUTS_MAX; i++)
    regress_add(&r, REGRESS_EXAMPLE, STR("a"), STR(""), arena_printf(a, "%zu", i % REGRESS_INPUTS_MAX));
  cr_expect(!r.full);
  cr_expect_null(regress_add(&r, REGRESS_EXAMPLE, STR("a"), STR(""), STR("one more")));
  cr_expect(r.full);
}

Test(regress, constraints_that_no_step_verifies_are_listed) {
  regress_unverified(&r);
  cr_assert_eq(r.gaps.n, 2);
  cr_expect(str_eqz(r.gaps.v[0].key, "ex-1"));
  cr_expect(str_eqz(r.gaps.v[1].key, "ex-3"));
}
