#include "protocol/coverage.h"

#include "base/buf.h"
#include "fake_kinds.h"
#include "formats/yaml.h"

#include <criterion/criterion.h>

static struct arena *a;
static struct findings found;

static void set_up(void) {
  a = arena_new(0);
  findings_init(&found, a);
}

static void tear_down(void) {
  arena_free(a);
}

TestSuite(coverage, .init = set_up, .fini = tear_down);

#define HEAD(id, standard)                                                                                             \
  "protocol: " id "\nstandard: {name: " standard ", version: \"1\"}\nversion: 0.1.0\nrole: sender\nsections:\n"
#define SECTION(id, title)                                                                                             \
  "  - id: \"" id "\"\n    title: {en: \"" title "\", da: t}\n    status: mandatory\n    steps:\n"
#define ASK(number, more) "      - step: \"" number "\"\n        manual: {ask: {en: a, da: b}}\n" more
#define WAIT(more) "      - wait: {for: 1 s}\n" more

static struct coverage covered(const char *const *texts, size_t n, const char *fragments) {
  struct coverage c;
  coverage_init(&c, a);
  for (size_t i = 0; i < n; i++) {
    struct protocol *p = NULL;
    int rc = protocol_read(&p, a, (struct source){STR("p.yaml"), str_z(texts[i])}, fake_kinds, &found);
    cr_assert_eq(rc, 0, "%.*s", STR_F(found.list.n ? found.list.v[0].en : STR("?")));
    coverage_add(&c, p);
  }
  if (fragments) {
    struct node *root;
    cr_assert_eq(yaml_read(&root, a, (struct source){STR("f.yaml"), str_z(fragments)}, &found), 0);
    coverage_add_fragments(&c, root, STR("f.yaml"));
  }
  coverage_finish(&c);
  return c;
}

Test(coverage, a_number_is_by_machine_if_anything_under_it_is) {
  static const char *const text[] = {HEAD("p", "S") SECTION("1", "t") ASK("1.1", "") WAIT("") WAIT("") ASK("1.2", "")
                                         SECTION("2", "t") WAIT("") ASK("2.1", "")};
  struct coverage c = covered(text, 1, NULL);
  struct coverage_count first = c.protocols.v[0].cases.v[0].count, all = c.total;
  cr_expect_eq(first.numbers, 2);
  cr_expect_eq(first.numbers_machine, 1);
  cr_expect_eq(first.steps, 4);
  cr_expect_eq(first.steps_machine, 2);
  cr_expect_eq(all.numbers, 3);
  cr_expect_eq(all.numbers_machine, 1);
  cr_expect_eq(all.steps, 6);
  cr_expect_eq(all.steps_machine, 3);
}

Test(coverage, a_repeated_number_is_there_once) {
  static const char *const text[] = {HEAD("p", "S") SECTION(
      "1", "t") "      - repeat:\n          times: 3\n          steps:\n            - step: \"1.1\"\n"
                "              manual: {ask: {en: a, da: b}}\n"};
  struct coverage c = covered(text, 1, NULL);
  cr_expect_eq(c.total.numbers, 1);
  cr_expect_eq(c.total.steps, 3);
}

/* "S R1 machine 2" a requirement, "!S S1.A1 1" one that is never verified. */
static struct str listed(const struct coverage *c) {
  struct buf b;
  buf_init(&b, 1 << 16);
  for (size_t i = 0; i < c->requirements.n; i++) {
    const struct coverage_requirement *r = &c->requirements.v[i];
    buf_printf(&b, "%.*s %.*s %s %zu\n", STR_F(r->standard), STR_F(r->id), r->machine ? "machine" : "person",
               r->steps.n);
  }
  for (size_t i = 0; i < c->unverified.n; i++) {
    const struct coverage_unverified *u = &c->unverified.v[i];
    buf_printf(&b, "!%.*s %.*s %.*s\n", STR_F(u->standard), STR_F(u->id), STR_F(u->where));
  }
  return buf_take(&b, a);
}

Test(coverage, requirements_belong_to_a_standard_and_those_never_verified_are_named) {
  static const char *const texts[] = {
      HEAD("p", "B") SECTION("1", "S1, S1.A1, S2: t") ASK("1.1", "        verifies: [X-S1, R1]\n")
          WAIT("        verifies: [R1, S22]\n") SECTION("2", "S1.A1, Sx, S, S1.B1: t") ASK("2.1", ""),
      HEAD("q", "A") SECTION("1", "no use case") ASK("1.1", "        verifies: [R1]\n"),
  };
  struct coverage c =
      covered(texts, 2,
              "fragments:\n  used:\n    steps:\n      - wait: {for: 1 s}\n        verifies: [R1, \"${x}\"]\n"
              "  unused:\n    steps:\n      - wait: {for: 1 s}\n        verifies: [R9]\n");
  struct str got = listed(&c);
  cr_expect(str_eqz(got, "A R1 person 1\nB R1 machine 2\nB S22 machine 1\nB X-S1 person 1\n"
                         "! R9 f.yaml\n!B S1.A1 1\n!B S2 1\n"),
            "%.*s", STR_F(got));
}
