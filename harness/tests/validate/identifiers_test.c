/* NAME.in is judged; NAME.expect lists the findings about identifiers as "rule line:col". */
#include <criterion/criterion.h>

#include "base/file.h"
#include "standards/identifier_rules.h"
#include "tests/validate/shared.h"

#define DATA TEST_DATA "/identifiers/"
#define CASE_MAX ((size_t)1 << 20)

static struct str read_case(struct arena *a, const char *name, const char *end) {
  struct error e;
  struct str bytes;
  cr_assert_eq(file_read(&bytes, a, arena_printf(a, DATA "%s.%s", name, end).p, CASE_MAX, &e), 0, "%s", e.text);
  return bytes;
}

/* What else is wrong with these letters is not theirs to show. */
static void judge(struct findings *out, struct arena *a, const char *name) {
  struct message m;
  struct findings f;
  findings_init(&f, a);
  findings_init(out, a);
  message_read(&m, a, (struct source){str_z(name), read_case(a, name, "in")});
  validate_message(&m, VALIDATE_BUNDLE, NULL, &f);
  for (size_t i = 0; i < f.list.n; i++)
    if (str_starts(f.list.v[i].rule, STR("identifier."))) VEC_PUSH(a, &out->list, f.list.v[i]);
}

static const char *const cases[] = {"letters", "persons", "mailbox", "oioxml", "fhir"};

Test(identifiers, cases) {
  struct arena *a = arena_new(0);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct findings f;
    judge(&f, a, cases[i]);
    struct str found = shared_list(a, &f), expected = read_case(a, cases[i], "expect");
    cr_expect(str_eq(found, expected), "%s: found\n%.*sexpected\n%.*s", cases[i], STR_F(found), STR_F(expected));
  }
  arena_free(a);
}

static bool is_raised(struct arena *a, const char *id) {
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct findings f;
    judge(&f, a, cases[i]);
    for (size_t k = 0; k < f.list.n; k++)
      if (str_eqz(f.list.v[k].rule, id)) return true;
  }
  return false;
}

static bool has_own_test(const char *id) {
  return str_eqz(str_z(id), "identifier.sor");
}

Test(identifiers, every_rule_has_a_case) {
  struct arena *a = arena_new(0);
  for (size_t i = 0; i < identifier_rules_n; i++)
    cr_expect(is_raised(a, identifier_rules[i].id) || has_own_test(identifier_rules[i].id), "no case raises %s",
              identifier_rules[i].id);
  arena_free(a);
}

Test(identifiers, kinds_that_no_letter_has) {
  static const struct {
    enum identifier_kind kind;
    const char *value, *rule;
  } rows[] = {{IDENTIFIER_SOR, "2651610000", "identifier.sor"},
              {IDENTIFIER_SOR, "265161000016000", ""},
              {IDENTIFIER_SOR, "", ""}};
  struct arena *a = arena_new(0);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct findings f;
    findings_init(&f, a);
    identifier_judge(&f, rows[i].kind, str_z(rows[i].value), (struct place){0});
    struct str rule = f.list.n ? f.list.v[0].rule : STR("");
    cr_expect(str_eqz(rule, rows[i].rule), "%s: %.*s", rows[i].value, STR_F(rule));
  }
  arena_free(a);
}

/* The profiles judge FHIR; what is told besides must never fail a message. */
Test(identifiers, are_never_errors_in_fhir) {
  struct arena *a = arena_new(0);
  struct findings f;
  judge(&f, a, "fhir");
  cr_assert_gt(f.list.n, 0);
  cr_expect_eq(findings_worst(&f), SEV_WARNING);
  arena_free(a);
}

/* MedCom's own samples, of which none has a number that is an error. */
static void judge_file(struct arena *a, const char *path, size_t *n) {
  struct message m;
  struct findings f;
  struct error e;
  struct source src = {.name = str_z(path)};
  findings_init(&f, a);
  cr_assert_eq(file_read(&src.bytes, a, path, 4 * CASE_MAX, &e), 0, "%s", e.text);
  message_read(&m, a, src);
  validate_message(&m, VALIDATE_BUNDLE, NULL, &f);
  for (size_t i = 0; i < f.list.n; i++)
    cr_expect(!str_starts(f.list.v[i].rule, STR("identifier.")) || f.list.v[i].severity < SEV_UNDECIDED, "%s:%d: %.*s",
              path, f.list.v[i].where.line, STR_F(f.list.v[i].en));
  (*n)++;
}

Test(identifiers, samples_have_no_errors) {
  static const char *const folders[] = {"edifact", "xml"};
  struct arena *a = arena_new(0);
  const char *shared = shared_dir(a);
  size_t n = 0;
  if (!shared) {
    arena_free(a);
    cr_skip_test("the shared material is not here");
  }
  for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
    struct error e;
    char **names;
    size_t names_n;
    const char *dir = arena_printf(a, "%s/legacy/edi-oioxml/test/complete/files/%s", shared, folders[i]).p;
    cr_assert_eq(file_list(&names, &names_n, a, dir, &e), 0, "%s", e.text);
    for (size_t k = 0; k < names_n; k++) judge_file(a, file_join(a, dir, names[k]), &n);
  }
  cr_expect_geq(n, 80);
  arena_free(a);
}
