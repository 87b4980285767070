#include "validate/known_issues.h"

#include "base/clock.h"
#include "base/file.h"

#include <criterion/criterion.h>

#define DATA TEST_DATA "/known_issues/"
#define IN_TIME CLOCK_LOGICAL_START

static struct arena *a;
static struct known_issues *k;
static struct findings mistakes;

static struct str file_of(const char *path) {
  struct str bytes;
  struct error e;
  int rc = file_read(&bytes, a, path, 1 << 20, &e);
  cr_assert_eq(rc, 0, "%s", e.text);
  return bytes;
}

static void set_up(void) {
  a = arena_new(0);
  findings_init(&mistakes, a);
  int rc = known_issues_read(&k, a, (struct source){STR("good.yaml"), file_of(DATA "good.yaml")}, &mistakes);
  cr_assert_eq(rc, 0, "%.*s", STR_F(mistakes.list.v[0].en));
}

static void tear_down(void) {
  arena_free(a);
}

TestSuite(known_issues, .init = set_up, .fini = tear_down);

/* A book in which example.ig of that version is pinned; it holds no definition. */
static struct book *book_of(const char *version) {
  struct book *b = book_new(a);
  struct package *p = ARENA_NEW(a, struct package);
  struct error e;
  *p = (struct package){.arena = a, .name = STR("example.ig"), .version = str_z(version), .loaded = true};
  map_init(&p->by_url, a);
  book_put_package(b, p);
  int rc = book_use(b, arena_printf(a, "example.ig@%s", version), &e);
  cr_assert_eq(rc, 0, "%s", e.text);
  return b;
}

#define URL "http://example.org/ig/StructureDefinition/x|1.0.0"

static const struct {
  const char *rule, *profile, *element, *constraint;
  enum severity severity;
  const char *version;
  int64_t at;
  const char *issue; /* "": none fits */
  enum severity after;
} cases[] = {
    {"profile.invariant", URL, "Patient", "ex-1", SEV_ERROR, "1.0.0", IN_TIME, "KI-1", SEV_INFO},
    {"profile.invariant", URL, "Patient", "ex-1", SEV_ERROR, "1.0.9", IN_TIME, "KI-1", SEV_INFO},
    {"profile.invariant", URL, "Patient", "ex-1", SEV_ERROR, "1.0.10", IN_TIME, "", SEV_ERROR},
    {"profile.invariant", URL, "Patient", "ex-1", SEV_ERROR, NULL, IN_TIME, "", SEV_ERROR},
    {"profile.invariant", URL, "Patient", "ex-2", SEV_ERROR, "1.0.0", IN_TIME, "", SEV_ERROR},
    {"profile.minimum", URL, "Patient", "ex-1", SEV_ERROR, "1.0.0", IN_TIME, "", SEV_ERROR},
    {"profile.invariant", "http://other.org/x", "Patient", "ex-1", SEV_ERROR, "1.0.0", IN_TIME, "", SEV_ERROR},
    /* The last day counts, the one behind it does not: 2026-12-31T23:59:59Z and 2027-01-01T00:00:00Z. */
    {"profile.invariant", URL, "Patient", "ex-1", SEV_ERROR, "1.0.0", INT64_C(1798761599000), "KI-1", SEV_INFO},
    {"profile.invariant", URL, "Patient", "ex-1", SEV_ERROR, "1.0.0", INT64_C(1798761600000), "", SEV_ERROR},
    {"profile.minimum", URL, "Patient.name", "", SEV_ERROR, NULL, IN_TIME, "KI-2", SEV_UNDECIDED},
    /* Never raised. */
    {"profile.minimum", URL, "Patient.name", "", SEV_WARNING, NULL, IN_TIME, "", SEV_WARNING},
    {"bundle.type", "", "", "", SEV_ERROR, NULL, IN_TIME, "KI-3", SEV_WARNING},
    {"bundle.type-x", "", "", "", SEV_ERROR, NULL, IN_TIME, "", SEV_ERROR},
};

Test(known_issues, lower_what_they_are_about_and_nothing_else) {
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct findings f;
    findings_init(&f, a);
    *VEC_ADD(a, &f.list) = (struct finding){.rule = str_z(cases[i].rule),
                                            .severity = cases[i].severity,
                                            .profile = str_z(cases[i].profile),
                                            .element = str_z(cases[i].element),
                                            .constraint = str_z(cases[i].constraint),
                                            .en = STR("text"),
                                            .da = STR("tekst")};
    size_t n = known_issues_apply(k, &f, cases[i].version ? book_of(cases[i].version) : NULL, cases[i].at);
    cr_expect_eq(n, cases[i].issue[0] != 0, "case %zu", i);
    cr_expect(str_eqz(f.list.v[0].issue, cases[i].issue), "case %zu: %.*s", i, STR_F(f.list.v[0].issue));
    cr_expect_eq(f.list.v[0].severity, cases[i].after, "case %zu", i);
  }
}

Test(known_issues, the_text_says_which_and_why_in_both_languages) {
  struct findings f;
  findings_init(&f, a);
  *VEC_ADD(a, &f.list) = (struct finding){.rule = STR("profile.invariant"),
                                          .severity = SEV_ERROR,
                                          .profile = STR(URL),
                                          .constraint = STR("ex-1"),
                                          .en = STR("It does not hold."),
                                          .da = STR("Det holder ikke.")};
  known_issues_apply(k, &f, book_of("1.0.0"), IN_TIME);
  cr_expect(str_eqz(f.list.v[0].en, "It does not hold. [known issue KI-1, else error: The expression is wrong.]"));
  cr_expect(str_eqz(f.list.v[0].da, "Det holder ikke. [kendt fejl KI-1, ellers error: Udtrykket er forkert.]"));
}

Test(known_issues, every_mistake_is_told_with_its_place) {
  static const struct {
    int line, col;
    const char *says;
  } want[] = {{17, 1, "unknown key \"more\""},
              {4, 13, "no effect"},
              {5, 13, "both"},
              {3, 11, "every finding"},
              {8, 5, "did you mean \"rule\""},
              {13, 14, "no date"},
              {14, 14, "no package"},
              {7, 9, "there already"},
              {15, 5, "lacks \"id\""},
              {15, 5, "lacks \"by\""},
              {15, 5, "lacks \"effect\""},
              {15, 5, "lacks \"reason\""},
              {16, 5, "an issue is a mapping"}};
  struct findings f;
  struct known_issues *bad;
  findings_init(&f, a);
  cr_assert_eq(known_issues_read(&bad, a, (struct source){STR("bad.yaml"), file_of(DATA "bad.yaml")}, &f), -1);
  cr_expect_eq(f.list.n, sizeof want / sizeof *want, "%zu", f.list.n);
  for (size_t i = 0; i < f.list.n && i < sizeof want / sizeof *want; i++) {
    const struct finding *x = &f.list.v[i];
    cr_expect(x->where.line == want[i].line && x->where.col == want[i].col &&
                  str_find(x->en, str_z(want[i].says), 0) != SIZE_MAX,
              "%zu: %d:%d: %.*s", i, x->where.line, x->where.col, STR_F(x->en));
  }
}

/* It would fit no version, and so be applied to nothing without a word. */
Test(known_issues, a_range_without_an_end_is_a_mistake) {
  static const char *const ranges[] = {"p.q@1.0.0..", "p.q@..1.0.0", "p.q@.."};
  for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
    struct findings f;
    struct known_issues *bad;
    struct str text =
        arena_printf(a, "issues:\n  - {id: A, rule: r, effect: warn, reason: x, by: EE, package: \"%s\"}\n", ranges[i]);
    findings_init(&f, a);
    cr_expect_eq(known_issues_read(&bad, a, (struct source){STR("open.yaml"), text}, &f), -1, "%s", ranges[i]);
  }
}

Test(known_issues, what_is_written_reads_the_same) {
  struct buf b;
  struct known_issues *again;
  struct findings f;
  buf_init(&b, 1 << 20);
  known_issues_write(&b, k);
  findings_init(&f, a);
  struct str text = buf_take(&b, a);
  int rc = known_issues_read(&again, a, (struct source){STR("again"), text}, &f);
  cr_assert_eq(rc, 0, "%.*s\n%.*s", STR_F(f.list.v[0].en), STR_F(text));
  buf_init(&b, 1 << 20);
  known_issues_write(&b, again);
  cr_expect(str_eq(buf_take(&b, a), text));
  cr_expect_eq(again->list.n, 3);
}
