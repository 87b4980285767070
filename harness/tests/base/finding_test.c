#include "base/finding.h"

#include "base/utf8.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <string.h>

static const struct rule wrong = {"test.wrong", SEV_ERROR, "standard 1", "{1} is not {2}", "{1} er ikke {2}"};
static const struct rule hint = {"test.hint", SEV_INFO, "standard 2", "plain", "enkelt"};
static const struct rule odd = {"test.odd", SEV_WARNING, "s", "{4}{3}{2}{1} {5} {0} {} { {1", "{1}{1}"};

static struct findings *new_findings(struct arena *a) {
  struct findings *f = ARENA_NEW(a, struct findings);
  findings_init(f, a);
  return f;
}

Test(finding, texts_and_copies) {
  struct arena *a = arena_new(0);
  struct findings *f = new_findings(a);
  char name[] = "message.xml", path[] = "/a/b", arg[] = "seven";
  struct place where = {{name, 11}, 3, 4, {path, 4}};
  struct finding *one = FINDING(f, &wrong, where, str_z(arg), STR("eight"));
  memset(name, 'x', sizeof name - 1);
  memset(path, 'x', sizeof path - 1);
  memset(arg, 'x', sizeof arg - 1);
  cr_assert_eq(one, &f->list.v[0]);
  cr_assert(str_eqz(one->en, "seven is not eight"));
  cr_assert(str_eqz(one->da, "seven er ikke eight"));
  cr_assert(str_eqz(one->rule, "test.wrong"));
  cr_assert(str_eqz(one->source, "standard 1"));
  cr_assert(str_eqz(one->where.message, "message.xml"));
  cr_assert(str_eqz(one->where.path, "/a/b"));
  cr_assert(one->where.line == 3 && one->where.col == 4 && one->severity == SEV_ERROR);
  cr_assert_eq(one->other.message.n, 0);
  arena_free(a);
}

Test(finding, placeholders) {
  struct arena *a = arena_new(0);
  struct findings *f = new_findings(a);
  struct place none = {0};
  struct finding *one = FINDING(f, &odd, none, STR("a"), STR("{1}"), STR("c"), STR("d"));
  cr_assert(str_eqz(one->en, "dc{1}a {5} {0} {} { {1"), "%.*s", STR_F(one->en));
  cr_assert(str_eqz(one->da, "aa"));
  one = FINDING(f, &wrong, none, STR("a"));
  cr_assert(str_eqz(one->en, "a is not {2}"), "a missing argument shows");
  one = FINDING(f, &hint, none);
  cr_assert(str_eqz(one->en, "plain"));
  arena_free(a);
}

Test(finding, a_huge_argument_is_cut_between_characters) {
  struct arena *a = arena_new(0);
  struct findings *f = new_findings(a);
  struct place none = {0};
  char *huge = arena_alloc(a, 1 << 20);
  for (size_t i = 0; i < 1 << 20; i += 2) memcpy(huge + i, "ø", 2);
  struct finding *one = FINDING(f, &odd, none, STR("x"), (struct str){huge, 1 << 20}, STR("y"), STR(""));
  cr_assert_lt(one->en.n, 1 << 20);
  cr_assert_gt(one->en.n, 1000);
  cr_assert_eq(utf8_check(one->en), SIZE_MAX);
  arena_free(a);
}

Test(finding, too_many_arguments, .signal = SIGABRT) {
  struct arena *a = arena_new(0);
  struct place none = {0};
  FINDING(new_findings(a), &hint, none, STR("1"), STR("2"), STR("3"), STR("4"), STR("5"));
}

Test(finding, counts_and_worst) {
  struct arena *a = arena_new(0);
  struct findings *f = new_findings(a);
  struct place none = {0};
  cr_assert_eq(findings_worst(f), -1);
  FINDING(f, &hint, none);
  FINDING(f, &hint, none);
  cr_assert_eq(findings_worst(f), SEV_INFO);
  FINDING(f, &wrong, none)->severity = SEV_UNDECIDED;
  cr_assert_eq(findings_worst(f), SEV_UNDECIDED);
  cr_assert_eq(findings_count(f, SEV_INFO), 2);
  cr_assert_eq(findings_count(f, SEV_UNDECIDED), 1);
  cr_assert_eq(findings_count(f, SEV_ERROR), 0);
  arena_free(a);
}

Test(finding, limit) {
  struct arena *a = arena_new(0);
  struct findings *f = new_findings(a);
  struct place none = {0};
  for (int i = 0; i < FINDINGS_MAX; i++) cr_assert_not_null(FINDING(f, &wrong, none));
  for (int i = 0; i < 5; i++) cr_assert_null(FINDING(f, &wrong, none));
  cr_assert_null(FINDING(f, &hint, none));
  cr_assert_eq(f->list.n, FINDINGS_MAX);
  cr_assert_eq(f->dropped, 6);
  cr_assert_eq(findings_count(f, SEV_ERROR), FINDINGS_MAX + 5);
  cr_assert_eq(findings_count(f, SEV_INFO), 1);
  arena_free(a);
}

/* A flood of hints must not hide what fails a step. */
Test(finding, the_first_error_behind_the_limit_is_kept) {
  struct arena *a = arena_new(0);
  struct findings *f = new_findings(a);
  struct place none = {0};
  struct error e;
  for (int i = 0; i < FINDINGS_MAX + 10; i++) FINDING(f, &hint, none);
  cr_assert_eq(findings_error(f, &e), 0);
  struct finding *one = FINDING(f, &wrong, none, STR("a"), STR("b"));
  cr_assert_not_null(one);
  cr_assert(str_eqz(one->en, "a is not b"));
  cr_assert_null(FINDING(f, &wrong, none));
  cr_assert_eq(f->list.n, FINDINGS_MAX);
  cr_assert_eq(f->dropped, 12);
  cr_assert_eq(findings_count(f, SEV_INFO), FINDINGS_MAX + 10);
  cr_assert_eq(findings_count(f, SEV_ERROR), 2);
  cr_assert_eq(findings_worst(f), SEV_ERROR);
  cr_assert_eq(findings_error(f, &e), -1);
  cr_assert_str_eq(e.text, "a is not b");
  arena_free(a);
}

Test(finding, join) {
  struct arena *a = arena_new(0), *b = arena_new(0);
  struct findings *f = new_findings(a), *more = new_findings(b);
  FINDING(f, &hint, ((struct place){0}));
  struct finding *one = FINDING(more, &wrong, ((struct place){STR("m"), 1, 2, STR("/x")}), STR("p"), STR("q"));
  one->other = (struct place){STR("n"), 3, 4, STR("/y")};
  findings_join(f, more);
  arena_free(b);
  cr_assert_eq(f->list.n, 2);
  one = &f->list.v[1];
  cr_assert(str_eqz(one->en, "p is not q") && str_eqz(one->da, "p er ikke q"));
  cr_assert(str_eqz(one->rule, "test.wrong") && str_eqz(one->source, "standard 1"));
  cr_assert(str_eqz(one->where.message, "m") && str_eqz(one->where.path, "/x") && one->where.col == 2);
  cr_assert(str_eqz(one->other.message, "n") && str_eqz(one->other.path, "/y") && one->other.line == 3);
  arena_free(a);
}

/* Within one arena texts are shared; what is added to the reasons of one does not show in the other. */
Test(finding, joined_in_one_arena_they_change_apart) {
  struct arena *a = arena_new(0);
  struct findings *f = new_findings(a), *more = new_findings(a);
  struct reasons why = {0};
  struct said no = {STR("no"), STR("nej")}, yes = {STR("yes"), STR("ja")};
  reasons_add(&why, a, 0, (struct place){0}, no);
  struct finding *one = FINDING(more, &wrong, ((struct place){STR("m"), 1, 2, STR("/x")}), STR("p"), STR("q"));
  findings_explain(more, one, &why);
  findings_join(f, more);
  struct finding *copy = &f->list.v[0];
  copy->severity = SEV_INFO;
  reasons_add(&copy->reasons, a, 0, (struct place){0}, yes);
  reasons_add(&one->reasons, a, 0, (struct place){0}, no);
  cr_expect_eq(one->severity, SEV_ERROR);
  cr_expect(str_eqz(copy->en, "p is not q") && str_eqz(copy->reasons.v[1].text.en, "yes"));
  cr_expect(one->reasons.n == 2 && str_eqz(one->reasons.v[1].text.en, "no"));
  arena_free(a);
}

Test(finding, join_past_the_limit) {
  struct arena *a = arena_new(0);
  struct findings *f = new_findings(a), *more = new_findings(a);
  struct place none = {0};
  for (int i = 0; i < FINDINGS_MAX - 1; i++) FINDING(f, &hint, none);
  for (int i = 0; i < FINDINGS_MAX + 3; i++) FINDING(more, &wrong, none);
  findings_join(f, more);
  cr_assert_eq(f->list.n, FINDINGS_MAX);
  cr_assert_eq(findings_count(f, SEV_ERROR), FINDINGS_MAX + 3);
  cr_assert_eq(findings_count(f, SEV_INFO), FINDINGS_MAX - 1);
  cr_assert_eq(f->dropped, FINDINGS_MAX + 2);
  arena_free(a);
}

Test(finding, error_of_findings) {
  struct arena *a = arena_new(0);
  struct findings *f = new_findings(a);
  struct error e = {0};
  FINDING(f, &odd, ((struct place){0}));
  cr_assert_eq(findings_error(f, &e), 0);
  FINDING(f, &wrong, ((struct place){STR("p.yaml"), 7, 2, STR("/x")}), STR("100%s"), STR("b"));
  FINDING(f, &wrong, ((struct place){STR("p.yaml"), 9, 2, STR("/x")}), STR("c"), STR("d"));
  cr_assert_eq(findings_error(f, &e), -1);
  cr_assert_eq(e.code, ERR_SYNTAX);
  cr_assert_str_eq(e.text, "100%s is not b");
  cr_assert_str_eq(e.file, "p.yaml");
  cr_assert(e.line == 7 && e.col == 2);
  arena_free(a);
}

Test(finding, severity_names) {
  for (int s = SEV_INFO; s <= SEV_ERROR; s++) {
    enum severity back = (enum severity)((s + 1) % 4);
    cr_assert(severity_parse(str_z(severity_name((enum severity)s)), &back));
    cr_assert_eq((int)back, s);
  }
  enum severity kept = SEV_WARNING;
  cr_assert(!severity_parse(STR("Error"), &kept));
  cr_assert(!severity_parse(STR(""), &kept));
  cr_assert_eq(kept, SEV_WARNING);
}

/* --- reasons --- */

static const struct said because = {STR_INIT("no"), STR_INIT("nej")};

static struct place at(const char *path) {
  return (struct place){STR("m"), 1, 1, str_z(path)};
}

Test(finding, arguments_that_differ_by_language) {
  struct arena *a = arena_new(0);
  struct findings *f = new_findings(a);
  const struct said args[] = {{STR("one"), STR("en")}, said_same(STR("2"))};
  struct finding *one = findings_add_said(f, &wrong, (struct place){0}, 2, args);
  cr_assert(str_eqz(one->en, "one is not 2"));
  cr_assert(str_eqz(one->da, "en er ikke 2"));
  arena_free(a);
}

Test(finding, reasons_are_copied_with_their_finding) {
  struct arena *a = arena_new(0), *b = arena_new(0);
  struct findings *f = new_findings(a), *copy = new_findings(b);
  struct reasons why = {0};
  char text[] = "no";
  reasons_add(&why, a, 1, at("x.y"), said_same(str_z(text)));
  struct finding *one = FINDING(f, &hint, (struct place){0});
  findings_explain(f, one, &why);
  one->profile = STR("http://p|1");
  one->element = STR("E.x");
  one->found = STR("f");
  one->expression = STR("true");
  text[0] = 'x';
  findings_join(copy, f);
  arena_free(a);
  const struct finding *got = &copy->list.v[0];
  cr_assert_eq(got->reasons.n, 1);
  cr_assert(str_eqz(got->reasons.v[0].text.en, "no") && str_eqz(got->reasons.v[0].where.path, "x.y"));
  cr_assert_eq(got->reasons.v[0].depth, 1);
  cr_assert(str_eqz(got->profile, "http://p|1") && str_eqz(got->element, "E.x"));
  cr_assert(str_eqz(got->found, "f") && str_eqz(got->expression, "true"));
  findings_explain(copy, NULL, &why);
  arena_free(b);
}

Test(finding, too_many_reasons_end_with_one_that_says_so) {
  struct arena *a = arena_new(0);
  struct reasons why = {0};
  for (int i = 0; i < FINDING_REASONS_MAX; i++) reasons_add(&why, a, i, at("x"), because);
  cr_assert_eq(why.n, FINDING_REASONS_MAX);
  cr_assert_eq(why.v[why.n - 1].depth, FINDING_REASON_DEPTH - 1, "the depth is bounded");
  cr_assert(str_eqz(why.v[why.n - 1].text.en, "no"));
  reasons_add(&why, a, 0, at("x"), because);
  reasons_add(&why, a, 0, at("x"), because);
  cr_assert_eq(why.n, FINDING_REASONS_MAX);
  cr_assert(str_find(why.v[why.n - 1].text.en, STR("more"), 0) != SIZE_MAX);
  arena_free(a);
}

Test(finding, the_path_of_a_reason_says_only_what_is_new) {
  struct arena *a = arena_new(0);
  struct finding f = {.where = at("B.e[1].r")};
  static const struct {
    int depth;
    const char *path, *shown;
  } rows[] = {{0, "B.e[1].r.name[0]", "name[0]"}, {1, "B.e[1].r.name[0].given[1]", "given[1]"},
              {1, "B.e[1].r.name[0]", ""},        {1, "B.e[1].r.name[0]x", "B.e[1].r.name[0]x"},
              {1, "B.e[2].r", "B.e[2].r"},        {2, "B.e[2].r.id", "id"},
              {0, "B.e[1].r.id", "id"},           {0, "", ""}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    reasons_add(&f.reasons, a, rows[i].depth, at(rows[i].path), because);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    cr_expect(str_eqz(reason_path(&f, i), rows[i].shown), "%zu: %.*s", i, STR_F(reason_path(&f, i)));
  arena_free(a);
}
