/* Interchanges with one thing wrong each: interchange_cases.tsv says what must be found where, path included. */
#include <criterion/criterion.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/map.h"
#include "envelope/interchange.h"
#include "formats/edifact.h"

#define CASES_MAX ((size_t)1 << 20)

static struct str cases(struct arena *a) {
  struct str bytes;
  struct error e;
  cr_assert_eq(file_read(&bytes, a, TEST_DATA "/interchange_cases.tsv", CASES_MAX, &e), 0, "%s", e.text);
  return bytes;
}

static struct str found_in(struct arena *a, struct str bytes) {
  struct findings syntax, f;
  struct node *root;
  struct buf b;
  findings_init(&syntax, a);
  findings_init(&f, a);
  cr_assert_eq(edifact_read(&root, a, (struct source){STR("x"), bytes}, &syntax), 0);
  interchange_check(root, STR("x"), &f);
  buf_init(&b, CASES_MAX);
  for (size_t i = 0; i < f.list.n; i++) {
    const struct finding *x = &f.list.v[i];
    cr_expect(x->source.n && str_index(x->en, '{') == SIZE_MAX && str_index(x->da, '{') == SIZE_MAX, "%.*s",
              STR_F(x->en));
    buf_printf(&b, "%s%.*s@%d:%d=%.*s", i ? " " : "", STR_F(x->rule), x->where.line, x->where.col,
               STR_F(x->where.path));
  }
  return buf_take(&b, a);
}

/* "~" in the data is a line end, so that segments have lines. */
static struct str wire(struct arena *a, struct str s) {
  char *p = arena_z(a, s);
  for (size_t i = 0; i < s.n; i++)
    if (p[i] == '~') p[i] = '\n';
  return (struct str){p, s.n};
}

Test(interchange, cases) {
  struct arena *a = arena_new(0);
  struct str rest = cases(a);
  size_t n = 0;
  while (rest.n) {
    struct str line = str_cut(&rest, '\n'), name = str_cut(&line, '\t'), expected = str_cut(&line, '\t');
    if (!line.n) continue;
    struct str found = found_in(a, wire(a, line));
    cr_expect(str_eq(found, expected), "%.*s: expected %.*s, found %.*s", STR_F(name), STR_F(expected), STR_F(found));
    n++;
  }
  cr_expect_geq(n, 60);
  arena_free(a);
}

Test(interchange, every_rule_has_a_case) {
  struct arena *a = arena_new(0);
  struct map seen;
  struct str rest = cases(a);
  map_init(&seen, a);
  while (rest.n) {
    struct str line = str_cut(&rest, '\n'), expected;
    str_cut(&line, '\t');
    expected = str_cut(&line, '\t');
    while (expected.n) {
      struct str one = str_cut(&expected, ' ');
      map_set(&seen, str_cut(&one, '@'), a);
    }
  }
  for (size_t i = 0; i < interchange_rules_n; i++)
    cr_expect(map_get(&seen, str_z(interchange_rules[i].id)), "no case raises %s", interchange_rules[i].id);
  arena_free(a);
}

/* Ten thousand groups in a message, and one that is too long to be read, end in findings, not in trouble. */
static struct str repeated(struct arena *a, const char *head, const char *segment, size_t n, const char *tail) {
  struct buf b;
  buf_init(&b, (size_t)64 << 20);
  buf_addz(&b, head);
  for (size_t i = 0; i < n; i++) buf_addz(&b, segment);
  buf_addz(&b, tail);
  return buf_take(&b, a);
}

#define HEAD "UNA:+.? 'UNB+UNOC:3+1:14+2:14+261129:0930+K1'UNH+B1+MEDDIS:D:93A:UN:D9134L'"

Test(interchange, ten_thousand_groups) {
  struct arena *a = arena_new(0);
  struct str found = found_in(a, repeated(a, HEAD, "S01+01'", 10000, "UNT+10002+B1'UNZ+1+K1'"));
  cr_expect(str_eqz(found, ""), "%.*s", STR_F(found));
  arena_free(a);
}

Test(interchange, what_is_not_read_to_its_end_is_not_counted) {
  struct arena *a = arena_new(0);
  struct findings f;
  struct node *root;
  findings_init(&f, a);
  struct str bytes = repeated(a, HEAD, "UNH'", EDIFACT_MESSAGES_MAX, "UNZ+7+K9'");
  cr_assert_eq(edifact_read(&root, a, (struct source){STR("x"), bytes}, &f), 0);
  cr_assert_eq(f.list.n, 1);
  cr_expect(str_eqz(f.list.v[0].rule, "edifact.limit"));
  interchange_check(root, STR("x"), &f);
  cr_expect_eq(f.list.n, 1);
  arena_free(a);
}

Test(interchange, a_thousand_findings_far_apart_are_found_soon) {
  struct arena *a = arena_new(0);
  struct str bytes = repeated(a, HEAD, "UNP'UNO'", 100000, "UNT+200002+B1'UNZ+1+K1'");
  struct str found = found_in(a, bytes);
  cr_expect(str_starts(found, STR("edifact.element-missing@1:")));
  arena_free(a);
}

static void check_date(const char *date, bool is) {
  cr_expect_eq(interchange_is_date(str_z(date)), is, "%s", date);
}

/* Two digits are of this century up to 79: only 2000 has a 29th of February, not 1900. */
Test(interchange, dates) {
  check_date("000229", true);
  check_date("010229", false);
  check_date("240229", true);
  check_date("800229", true);
  check_date("810229", false);
  check_date("990431", false);
  check_date("991231", true);
  check_date("991301", false);
  check_date("990100", false);
  check_date("19990101", false);
  check_date("99010", false);
  check_date("9901x1", false);
  cr_expect(interchange_is_time(STR("2359")));
  cr_expect_not(interchange_is_time(STR("2400")));
  cr_expect_not(interchange_is_time(STR("1260")));
  cr_expect_not(interchange_is_time(STR("930")));
}
