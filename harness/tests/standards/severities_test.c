#include "standards/severities.h"

#include <criterion/criterion.h>

static struct arena *a;

static void set_up(void) {
  a = arena_new(0);
}

static void tear_down(void) {
  arena_free(a);
}

TestSuite(severities, .init = set_up, .fini = tear_down);

static int read_text(struct severities *out, const char *text, struct error *e) {
  return severities_read_file(out, a, (struct source){STR("own.yaml"), str_z(text)}, e);
}

Test(severities, change_what_they_are_about) {
  static const struct rule rules[] = {{"a.one", SEV_ERROR, "s", "e", "d"},
                                      {"a.two", SEV_INFO, "s", "e", "d"},
                                      {"a.three", SEV_ERROR, "s", "e", "d"},
                                      {"b.one", SEV_ERROR, "s", "e", "d"}};
  struct severities s;
  struct findings f;
  struct error e;
  cr_assert_eq(read_text(&s, "\"a.*\": warning\na.two: error\na.three: off\n", &e), 0, "%s", e.text);
  findings_init(&f, a);
  FINDING(&f, &rules[0], (struct place){0});
  for (size_t i = 0; i < 4; i++) FINDING(&f, &rules[i], (struct place){0});
  severities_apply(&s, &f, 1);
  cr_assert_eq(f.list.n, 4);
  cr_expect_eq(f.list.v[0].severity, SEV_ERROR, "what stood before is left alone");
  cr_expect_eq(f.list.v[1].severity, SEV_WARNING);
  cr_expect_eq(f.list.v[2].severity, SEV_ERROR, "the last entry that fits counts");
  cr_expect(str_eqz(f.list.v[3].rule, "b.one"), "a.three is off");
}

Test(severities, none_change_nothing) {
  static const struct rule rule = {"a.one", SEV_ERROR, "s", "e", "d"};
  struct severities s = {0};
  struct findings f;
  findings_init(&f, a);
  FINDING(&f, &rule, (struct place){0});
  severities_apply(&s, &f, 0);
  cr_expect_eq(f.list.n, 1);
}

Test(severities, mistakes_have_a_place) {
  static const struct {
    const char *text, *error;
    int line, col;
  } rows[] = {{"a.one: bad\n", "a severity is info, warning, undecided, error or off", 1, 8},
              {"a.one: info\na.two: [off]\n", "a severity is info, warning, undecided, error or off", 2, 8},
              {"[a.one]\n", "a mapping of rules and severities is needed", 1, 1}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct severities s;
    struct error e;
    cr_assert_eq(read_text(&s, rows[i].text, &e), -1, "%s", rows[i].text);
    cr_expect_str_eq(e.text, rows[i].error);
    cr_expect_str_eq(e.file, "own.yaml");
    cr_expect(e.line == rows[i].line && e.col == rows[i].col, "%s: %d:%d", rows[i].text, e.line, e.col);
  }
}
