#include "record/find_again.h"

#include <criterion/criterion.h>

static const struct {
  const char *rule, *message, *origin, *constraint, *again, *explain;
} cases[] = {
    {"header.party.gln", "m3#payload", "", "", "testcamp validate --run r-1 m3", "testcamp explain header.party.gln"},
    {"vans.base64", "m12", "", "", "testcamp validate --run r-1 m12", "testcamp explain vans.base64"},
    {"profile.invariant", "m1", "", "ele-1", "testcamp validate --run r-1 m1", "testcamp explain ele-1"},
    {"vans.version", "m12", "protocol", "", "", ""},
    {"vans.receipt.parties", "m2", "", "", "", "testcamp explain vans.receipt.parties"},
    {"diff.value", "m2", "", "", "", "testcamp explain diff.value"},
    {"header.party.gln", "", "", "", "", "testcamp explain header.party.gln"},
    {"header.party.gln", "message.json", "", "", "", "testcamp explain header.party.gln"},
};

static const struct {
  const char *words[4], *line;
} lines[] = {
    {{"testcamp", "validate", "a-b_c/d.xml"}, "testcamp validate a-b_c/d.xml"},
    {{"a b", "it's", "$(x)"}, "'a b' 'it'\\''s' '$(x)'"},
    {{"", "#x", "--use=p@1.0", "\xC3\xB8"}, "'' '#x' --use=p@1.0 '\xC3\xB8'"},
    {{"a\nb", "~", "*"}, "'a\nb' '~' '*'"},
};

Test(find_again, a_line_is_safe_in_a_shell) {
  struct arena *a = arena_new(0);
  for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
    struct str words[4];
    size_t n = 0;
    while (n < 4 && lines[i].words[n]) {
      words[n] = str_z(lines[i].words[n]);
      n++;
    }
    struct str line = again_line(a, words, n);
    cr_expect(str_eqz(line, lines[i].line), "row %zu: %.*s", i, STR_F(line));
  }
  arena_free(a);
}

static const struct {
  enum verdict verdict;
  const char *line;
} steps[] = {
    {VERDICT_FAIL, "testcamp repeat r-1 3.1.2+1"},
    {VERDICT_ERROR, "testcamp repeat r-1 3.1.2+1"},
    {VERDICT_INCONCLUSIVE, "testcamp repeat r-1 3.1.2+1"},
    {VERDICT_PASS, ""},
    {VERDICT_WAITING, ""},
    {VERDICT_NONE, ""},
    {VERDICT_NOT_APPLICABLE, ""},
};

Test(find_again, a_step_that_failed_is_played_again) {
  struct arena *a = arena_new(0);
  for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
    cr_expect(str_eqz(again_step(a, STR("r-1"), STR("3.1.2+1"), steps[i].verdict), steps[i].line), "row %zu", i);
  cr_expect_eq(again_step(a, STR(""), STR("3.1"), VERDICT_FAIL).n, 0);
  arena_free(a);
}

Test(find_again, commands) {
  struct arena *a = arena_new(0);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct finding f = {.rule = str_z(cases[i].rule),
                        .where = {.message = str_z(cases[i].message)},
                        .origin = str_z(cases[i].origin),
                        .constraint = str_z(cases[i].constraint)};
    cr_expect(str_eqz(again_command(a, STR("r-1"), &f), cases[i].again), "row %zu", i);
    cr_expect(str_eqz(again_explain(a, &f), cases[i].explain), "row %zu", i);
    cr_expect_eq(again_command(a, STR(""), &f).n, 0, "row %zu: without a run", i);
  }
  arena_free(a);
}
