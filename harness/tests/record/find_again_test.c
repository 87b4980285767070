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
