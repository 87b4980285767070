#include "standards/flows.h"

#include <criterion/criterion.h>

#include "base/file.h"

#define CASES_MAX ((size_t)1 << 20)

/* Nothing that nobody published has a number. */
Test(flows, shipped) {
  struct arena *a = arena_new(0);
  struct flows *flows;
  struct error e;
  cr_assert_eq(flows_load(&flows, a, TEST_ROOT, &e), 0, "%s:%d:%d: %s", e.file, e.line, e.col, e.text);
  cr_expect_eq(flows->answers.n, 2);
  cr_expect(flow_words_have(&flows->report.letters, STR("DIS20")));
  cr_expect(!flow_words_have(&flows->report.letters, STR("XDIS20")));
  cr_expect_eq(flows->binary.order, FLOW_ORDER_OPEN);
  cr_expect_eq(flows->pathology.most, 40);
  cr_expect_eq(flows->referral.address.n, 0);
  for (size_t i = 0; i < flows->limits.n; i++)
    cr_expect_eq(flows->limits.v[i].most < 0, flows->limits.v[i].revised || !flows->limits.v[i].version.n);
  arena_free(a);
}

/* flows_bad.cases: a file, "=> line:column: part of the error", "---". */
Test(flows, mistakes) {
  struct arena *a = arena_new(0);
  struct str rest;
  struct error e;
  size_t n = 0;
  cr_assert_eq(file_read(&rest, a, TEST_DATA "/flows_bad.cases", CASES_MAX, &e), 0, "%s", e.text);
  for (; rest.n; n++) {
    size_t arrow = str_find(rest, STR("\n=> "), 0), end = str_find(rest, STR("\n---\n"), arrow);
    cr_assert_neq(end, SIZE_MAX);
    struct str wanted = str_sub(rest, arrow + 4, end);
    struct flows *flows;
    cr_assert_eq(flows_read(&flows, a, (struct source){STR("f.yaml"), str_sub(rest, 0, arrow + 1)}, &e), -1, "%.*s",
                 STR_F(wanted));
    struct str said = arena_printf(a, "%d:%d: %s", e.line, e.col, e.text);
    cr_expect(str_starts(said, wanted), "%.*s\nis not\n%.*s", STR_F(said), STR_F(wanted));
    rest = str_sub(rest, end + 5, rest.n);
  }
  cr_expect_geq(n, 14);
  arena_free(a);
}
