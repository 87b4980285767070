#include "tests/endpoint/judge.h"

#include "fhir/facts.h"
#include "validate/profile.h"

#include <criterion/criterion.h>

static void judge(struct findings *f, struct arena *a, const struct node *resource) {
  struct shapes *shapes;
  struct error e;
  struct book *book = book_new(a);
  cr_assert_eq(shapes_read(&shapes, a, TEST_ROOT, &e), 0, "%s", e.text);
  cr_assert_eq(book_add_facts(book, TEST_ROOT "/" FACTS_PACKAGES, &e), 0, "%s", e.text);
  struct profile_options o = {.cache = profile_cache_new(a, book, shapes)};
  findings_init(f, a);
  profile_validate(f, a, resource, STR("served"), &o);
}

size_t judge_errors(struct arena *a, const struct node *resource) {
  struct findings f;
  judge(&f, a, resource);
  return findings_count(&f, SEV_ERROR);
}

void judge_is_fine(struct arena *a, const struct node *resource) {
  struct findings f;
  judge(&f, a, resource);
  for (size_t i = 0; i < f.list.n; i++) {
    const struct finding *x = &f.list.v[i];
    cr_expect_lt(x->severity, SEV_UNDECIDED, "%s %.*s at %.*s: %.*s", severity_name(x->severity), STR_F(x->rule),
                 STR_F(x->where.path), STR_F(x->en));
  }
  cr_expect_eq(f.dropped, 0);
}
