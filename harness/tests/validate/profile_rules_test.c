/* The rules one by one, on small resources and profiles: data/validate/profile/<name>.in.json holds a list of a profile
 * (may be null) and instances; <name>.expect a line for each finding: number of the instance, rule, path. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "base/file.h"
#include "formats/json.h"
#include "tests/validate/profile_bench.h"

#define FOLDER TEST_DATA "/profile"
#define CASE_MAX ((size_t)1 << 20)

static struct str read_text(struct arena *a, const char *name) {
  struct error e = {0};
  struct str text;
  cr_assert_eq(file_read(&text, a, file_join(a, FOLDER, name), CASE_MAX, &e), 0, "%s", e.text);
  return text;
}

static struct node *as_resource(struct arena *a, const struct node *json) {
  struct node *n = NULL;
  struct findings f;
  findings_init(&f, a);
  cr_assert_eq(resource_from_json(&n, a, json, STR("case"), &f), 0);
  return n;
}

/* Definitions come before the first that is none; a profile is asked of every instance. */
static struct str judge_list(struct arena *a, const struct bench *b, const struct node *list) {
  struct book *book = bench_book(b);
  struct error e = {0};
  struct str profile = {0};
  struct buf out;
  size_t number = 0;
  buf_init(&out, CASE_MAX);
  struct profile_cache *cache = profile_cache_new(b->arena, book, b->shapes);
  for (NODE_EACH(c, list)) {
    struct node *r = as_resource(b->arena, c);
    if (str_eqz(r->type, "StructureDefinition") || str_eqz(r->type, "ValueSet") || str_eqz(r->type, "CodeSystem")) {
      cr_assert_eq(book_add_resource(book, r, STR("case"), &e), 0, "%s", e.text);
      if (!profile.n && str_eqz(r->type, "StructureDefinition")) profile = node_text_at(r, "url");
      continue;
    }
    struct findings f;
    struct profile_options o = {.cache = cache, .profiles = &profile, .profiles_n = profile.n > 0};
    findings_init(&f, a);
    number++;
    profile_validate(&f, a, r, STR("case"), &o);
    for (size_t i = 0; i < f.list.n; i++)
      if (!str_eqz(f.list.v[i].rule, "profile.invariant-warning"))
        buf_printf(&out, "%zu %.*s %.*s\n", number, STR_F(f.list.v[i].rule), STR_F(f.list.v[i].where.path));
  }
  return buf_take(&out, a);
}

static void expect_all(struct bench *opened) {
  struct bench b = *opened;
  struct error e = {0};
  char **names;
  size_t n, cases = 0;
  cr_assert_eq(file_list(&names, &n, b.arena, FOLDER, &e), 0, "%s", e.text);
  for (size_t i = 0; i < n; i++) {
    struct str name = str_z(names[i]), tail = STR(".in.json");
    if (!str_ends(name, tail)) continue;
    struct findings f;
    struct node *list;
    findings_init(&f, b.arena);
    cr_assert_eq(json_read(&list, b.arena, (struct source){name, read_text(b.arena, names[i])}, &f), 0, "%s", names[i]);
    struct str found = judge_list(b.arena, &b, list);
    const char *expect = arena_printf(b.arena, "%.*s.expect", (int)(name.n - tail.n), name.p).p;
    struct str wanted = read_text(b.arena, expect);
    cr_expect(str_eq(found, wanted), "%s, wanted:\n%.*sfound:\n%.*s", names[i], STR_F(wanted), STR_F(found));
    cases++;
  }
  cr_expect_geq(cases, 14);
  arena_free(b.arena);
}

Test(profile_rules, cases_by_the_package) {
  static const char *const heads[] = {"hl7.fhir.r4.core-", NULL};
  struct bench b;
  bench_open(&b, heads);
  expect_all(&b);
}

Test(profile_rules, cases_by_the_shipped_facts) {
  struct bench b;
  bench_open_shipped(&b);
  expect_all(&b);
}

/* The severity of a rule's finding on a resource without code (an error by R4's own definition) that claims that
 * profile and has an extension of MedCom's core which no version here has. */
static enum severity severity_of(const struct bench *b, struct book *book, const char *claim, const char *rule) {
  struct node *json, *r;
  struct findings f;
  struct profile_options o = {.cache = profile_cache_new(b->arena, book, b->shapes)};
  struct str text =
      arena_printf(b->arena,
                   "{\"resourceType\": \"Basic\", \"meta\": {\"profile\": [\"%s\"]}, \"extension\": [{\"url\": "
                   "\"http://medcomfhir.dk/ig/core/StructureDefinition/of-tomorrow\", \"valueBoolean\": true}]}",
                   claim);
  findings_init(&f, b->arena);
  cr_assert_eq(json_read(&json, b->arena, (struct source){STR("case"), text}, &f), 0);
  r = as_resource(b->arena, json);
  profile_validate(&f, b->arena, r, STR("case"), &o);
  for (size_t i = 0; i < f.list.n; i++)
    if (str_eqz(f.list.v[i].rule, rule)) return f.list.v[i].severity;
  cr_assert_fail("nothing was found by %s", rule);
  return SEV_INFO;
}

#define TOMORROW "http://medcomfhir.dk/ig/tomorrow/StructureDefinition/basic"
#define EXTENSION_RULE "profile.extension-unknown"

Test(profile_rules, what_another_publication_may_have_is_undecided) {
  struct bench b;
  bench_open_shipped(&b);
  struct book *book = bench_book(&b);
  cr_expect_eq(severity_of(&b, book, TOMORROW, EXTENSION_RULE), SEV_UNDECIDED);
  cr_expect_eq(severity_of(&b, book, "http://hl7.org/fhir/StructureDefinition/Basic", EXTENSION_RULE), SEV_ERROR);
  arena_free(b.arena);
}

Test(profile_rules, a_claim_of_something_unknown_excuses_nothing_of_r4) {
  struct bench b;
  bench_open_shipped(&b);
  cr_expect_eq(severity_of(&b, bench_book(&b), "http://hl7.org/fhir/StructureDefinition/tomorrow", "profile.minimum"),
               SEV_ERROR);
  arena_free(b.arena);
}

Test(profile_rules, a_claim_of_something_unknown_excuses_nothing_where_packages_are_pinned) {
  struct bench b;
  struct error e = {0};
  bench_open_shipped(&b);
  struct book *book = bench_book(&b);
  cr_assert_eq(book_use(book, STR("medcom.fhir.dk.carecommunication@5.0.2"), &e), 0, "%s", e.text);
  cr_expect_eq(severity_of(&b, book, TOMORROW, EXTENSION_RULE), SEV_ERROR);
  arena_free(b.arena);
}

Test(profile_rules, every_rule_has_both_languages) {
  for (size_t i = 0; i < profile_rules_n; i++) {
    const struct rule *r = &profile_rules[i];
    cr_assert_not_null(r->id, "rule %zu has no row", i);
    cr_expect(str_starts(str_z(r->id), STR("profile.")), "%s", r->id);
    cr_expect(str_z(r->en).n && str_z(r->da).n && !str_eq(str_z(r->en), str_z(r->da)), "%s", r->id);
  }
}
