#include "fhir/book.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "tests/fhir/packing.h"

#define MISSING_TEXT ((size_t)64 << 10)

/* core@4; lib 1 and 2, both with v; app@1 sits on lib 1 and core, tool@1 on lib 2; term owns http://term. */
static const char *const world[] = {
    "core@4.0.1",
    "StructureDefinition http://hl7.org/fhir/StructureDefinition/Patient 4.0.1\nCodeSystem http://term/c 1.0",
    "lib@1.0.0 core@4.0.1",
    "ValueSet http://lib/v 1.0.0\nValueSet http://lib/old 1.0.0",
    "lib@2.0.0 core@4.0.1",
    "ValueSet http://lib/v 2.0.0",
    "lib@10.0.0-draft core@4.0.1",
    "ValueSet http://lib/v 10.0.0-draft",
    "app@1.0.0 lib@1.0.0 core@4.0.1 term@1.0.0",
    "ValueSet http://app/a -",
    "tool@1.0.0 lib@2.0.0 core@4.0.x",
    "StructureDefinition http://lib/v 9",
    "term@1.0.0 core@4.0.1",
    "CodeSystem http://term/c 1.5",
    NULL};

static struct str version_of(struct package_item *item) {
  return item ? item->version : STR("none");
}

static struct package *get(struct book *b, const char *spec) {
  struct str name, version;
  cr_assert(package_spec_parse(str_z(spec), &name, &version));
  struct package *p = book_package(b, name, version);
  cr_assert(p, "%s", spec);
  return p;
}

static void expect_version(struct book *b, const char *type, const char *canonical, const char *from,
                           const char *version) {
  struct package_item *item = book_item(b, type, str_z(canonical), from ? get(b, from) : NULL);
  struct str got = version_of(item);
  cr_expect(str_eqz(got, version), "%s from %s: %.*s, not %s", canonical, from ? from : "nobody", STR_F(got), version);
}

Test(book, takes_the_version_that_stands_in_the_canonical) {
  struct arena *a = arena_new(0);
  struct book *b = book_of(a, world);
  expect_version(b, "ValueSet", "http://lib/v|1.0.0", NULL, "1.0.0");
  expect_version(b, "ValueSet", "http://lib/v|2.0.0", "app@1.0.0", "2.0.0");
  expect_version(b, "ValueSet", "http://lib/v|3.0.0", "app@1.0.0", "none");
  arena_free(a);
}

Test(book, else_the_one_in_the_dependencies_of_who_asks) {
  struct arena *a = arena_new(0);
  struct book *b = book_of(a, world);
  expect_version(b, "ValueSet", "http://lib/v", "app@1.0.0", "1.0.0");
  expect_version(b, "ValueSet", "http://lib/v", "tool@1.0.0", "2.0.0");
  expect_version(b, "ValueSet", "http://lib/v", "lib@1.0.0", "1.0.0");
  arena_free(a);
}

Test(book, else_the_pinned_else_the_newest) {
  struct arena *a = arena_new(0);
  struct book *b = book_of(a, world);
  struct error e;
  expect_version(b, "ValueSet", "http://lib/v", NULL, "10.0.0-draft");
  expect_version(b, "ValueSet", "http://lib/v", "term@1.0.0", "10.0.0-draft");
  cr_assert_eq(book_use(b, STR("app@1.0.0"), &e), 0, "%s", e.text);
  expect_version(b, "ValueSet", "http://lib/v", NULL, "1.0.0");
  expect_version(b, "ValueSet", "http://lib/v", "term@1.0.0", "1.0.0");
  expect_version(b, "ValueSet", "http://lib/v", "tool@1.0.0", "2.0.0");
  cr_assert_eq(book_use(b, STR("tool"), &e), 0, "%s", e.text);
  expect_version(b, "ValueSet", "http://lib/v", NULL, "1.0.0");
  arena_free(a);
}

Test(book, asks_the_package_that_owns_the_url_first) {
  struct arena *a = arena_new(0);
  struct book *b = book_of(a, world);
  expect_version(b, "CodeSystem", "http://term/c", "app@1.0.0", "1.5");
  expect_version(b, "CodeSystem", "http://term/c", "lib@1.0.0", "1.0");
  arena_free(a);
}

Test(book, tells_types_apart) {
  struct arena *a = arena_new(0);
  struct book *b = book_of(a, world);
  expect_version(b, "StructureDefinition", "http://lib/v", NULL, "9");
  expect_version(b, "", "http://app/a", NULL, "1.0.0");
  expect_version(b, "CodeSystem", "http://app/a", NULL, "none");
  expect_version(b, "", "", NULL, "none");
  expect_version(b, "ValueSet", "http://lib/v#part", "app@1.0.0", "1.0.0");
  arena_free(a);
}

Test(book, loads_only_what_it_needs) {
  struct arena *a = arena_new(0);
  struct book *b = book_of(a, world);
  expect_version(b, "ValueSet", "http://lib/v", "app@1.0.0", "1.0.0");
  cr_expect(get(b, "lib@1.0.0")->loaded);
  cr_expect_not(get(b, "core@4.0.1")->loaded);
  cr_expect_not(get(b, "lib@2.0.0")->loaded);
  arena_free(a);
}

Test(book, finds_base_types) {
  struct arena *a = arena_new(0);
  struct book *b = book_of(a, world);
  struct structure *s = book_type(b, STR("Patient"), NULL);
  cr_assert(s);
  cr_expect(str_eqz(s->url, "http://hl7.org/fhir/StructureDefinition/Patient"));
  cr_expect_eq(book_type(b, STR("Patient"), get(b, "app@1.0.0")), s);
  cr_expect_null(book_type(b, STR("Nobody"), NULL));
  cr_expect_null(book_type(b, STR(""), NULL));
  const struct book_missing *m;
  cr_expect_eq(book_missing(&m, b), 0);
  arena_free(a);
}

static struct str missing_text(struct arena *a, struct book *b) {
  const struct book_missing *m;
  struct buf out;
  buf_init(&out, MISSING_TEXT);
  size_t n = book_missing(&m, b);
  for (size_t i = 0; i < n; i++)
    buf_printf(&out, "%.*s %.*s by %.*s instead %.*s\n", STR_F(m[i].type), STR_F(m[i].canonical), STR_F(m[i].asker),
               STR_F(m[i].instead));
  return buf_take(&out, a);
}

Test(book, lists_what_is_missing_once) {
  struct arena *a = arena_new(0);
  struct book *b = book_of(a, world);
  for (int i = 0; i < 3; i++) {
    cr_expect_null(book_structure(b, STR("http://no"), NULL));
    cr_expect_null(book_value_set(b, STR("http://no"), get(b, "app@1.0.0")));
    struct value_set *vs = book_value_set(b, STR("http://lib/v|7"), get(b, "app@1.0.0"));
    cr_assert(vs);
    cr_expect(str_eqz(vs->version, "1.0.0"));
  }
  struct str text = missing_text(a, b);
  cr_expect(str_eqz(text, "StructureDefinition http://no by  instead \n"
                          "ValueSet http://no by app@1.0.0 instead \n"
                          "ValueSet http://lib/v|7 by app@1.0.0 instead 1.0.0\n"),
            "%.*s", STR_F(text));
  arena_free(a);
}

Test(book, bears_dependencies_that_are_not_there) {
  static const char *const packages[] = {"a@1.0.0 lost@1.0.0 lib@2.0.0",
                                         "",
                                         "lib@1.0.0",
                                         "",
                                         "lib@2.5.0",
                                         "",
                                         "lib@2.1.0",
                                         "",
                                         "lib@3.0.0",
                                         "",
                                         "b@1.0.0 lib@4.0.0",
                                         "",
                                         "c@1.0.0 lib@current",
                                         "",
                                         NULL};
  struct arena *a = arena_new(0);
  struct book *b = book_of(a, packages);
  struct package **list;
  cr_assert_eq(book_closure(&list, b, get(b, "a@1.0.0")), 2);
  cr_expect(str_eqz(list[1]->version, "2.1.0"), "the lowest of that major number that is not older");
  cr_assert_eq(book_closure(&list, b, get(b, "b@1.0.0")), 2);
  cr_expect(str_eqz(list[1]->version, "3.0.0"), "the newest where all are older");
  cr_assert_eq(book_closure(&list, b, get(b, "c@1.0.0")), 2);
  cr_expect(str_eqz(list[1]->version, "3.0.0"));
  struct str text = missing_text(a, b);
  cr_expect(str_eqz(text, "package lost@1.0.0 by a@1.0.0 instead \n"
                          "package lib@2.0.0 by a@1.0.0 instead 2.1.0\n"
                          "package lib@4.0.0 by b@1.0.0 instead 3.0.0\n"),
            "%.*s", STR_F(text));
  arena_free(a);
}

Test(book, bears_packages_that_need_each_other) {
  static const char *const packages[] = {"a@1 b@1", "", "b@1 c@1 a@1", "", "c@1 a@1 c@1", "", NULL};
  struct arena *a = arena_new(0);
  struct book *b = book_of(a, packages);
  struct package **list;
  cr_assert_eq(book_closure(&list, b, get(b, "a@1")), 3);
  cr_expect(str_eqz(list[0]->name, "a") && str_eqz(list[1]->name, "b") && str_eqz(list[2]->name, "c"));
  arena_free(a);
}

Test(book, sees_a_package_that_comes_later) {
  static const char *const packages[] = {"a@1 b@1", "", NULL};
  struct arena *a = arena_new(0);
  struct book *b = book_of(a, packages);
  struct package **list;
  cr_assert_eq(book_closure(&list, b, get(b, "a@1")), 1);
  book_put_package(b, package_of(a, packed(a, "{\"name\":\"b\",\"version\":\"1\"}", "")));
  cr_assert_eq(book_closure(&list, b, get(b, "a@1")), 2);
  arena_free(a);
}

Test(book, keeps_the_first_of_two_equal_packages) {
  static const char *const packages[] = {"a@1", "ValueSet http://a/v 1", "a@1", "ValueSet http://a/v 2", NULL};
  struct arena *a = arena_new(0);
  struct book *b = book_of(a, packages);
  struct package **list;
  cr_expect_eq(book_packages(&list, b), 1);
  expect_version(b, "ValueSet", "http://a/v", NULL, "1");
  arena_free(a);
}

Test(book, says_what_there_is_instead) {
  static const struct {
    const char *spec, *text;
  } specs[] = {
      {"lib@3.0.0", "there is lib of: 1.0.0, 2.0.0, 10.0.0-draft"},
      {"libb@1.0.0", "did you mean lib?"},
      {"a b", "write NAME@VERSION"},
  };
  struct arena *a = arena_new(0);
  struct book *b = book_of(a, world);
  for (size_t i = 0; i < sizeof specs / sizeof *specs; i++) {
    struct error e = {0};
    cr_expect_eq(book_use(b, str_z(specs[i].spec), &e), -1);
    cr_expect_eq(e.code, ERR_CONFIG);
    cr_expect_neq(str_find(str_z(e.text), str_z(specs[i].text), 0), SIZE_MAX, "%s", e.text);
  }
  arena_free(a);
}

static struct node *read_json(struct arena *a, const char *json) {
  struct findings f;
  struct node *n = NULL;
  enum resource_form form;
  findings_init(&f, a);
  cr_assert_eq(resource_read(&n, &form, a, (struct source){STR("loose"), str_z(json)}, &f), 0);
  return n;
}

Test(book, puts_loose_definitions_before_all) {
  struct arena *a = arena_new(0);
  struct book *b = book_of(a, world);
  struct error e = {0};
  struct node *n =
      read_json(a, "{\"resourceType\":\"Bundle\",\"entry\":[{\"resource\":{\"resourceType\":\"ValueSet\",\"url\":"
                   "\"http://lib/v\",\"version\":\"0.1\"}},{\"resource\":{\"resourceType\":\"ValueSet\",\"url\":"
                   "\"http://lib/v\",\"version\":\"0.2\"}}]}");
  cr_assert_eq(book_add_resource(b, n, STR("loose.json"), &e), 0, "%s", e.text);
  expect_version(b, "ValueSet", "http://lib/v", "app@1.0.0", "0.2");
  expect_version(b, "ValueSet", "http://lib/v|0.1", NULL, "0.1");
  expect_version(b, "ValueSet", "http://lib/v|1.0.0", NULL, "1.0.0");
  cr_expect_not_null(book_value_set(b, STR("http://lib/v"), NULL));
  cr_expect_eq(book_add_resource(b, read_json(a, "{\"resourceType\":\"ValueSet\"}"), STR("l.json"), &e), -1);
  cr_expect_str_eq(e.file, "l.json");
  cr_expect_eq(book_add_resource(b, read_json(a, "{\"resourceType\":\"Patient\"}"), STR("p.json"), &e), 0);
  arena_free(a);
}

Test(book, reads_loose_files_and_folders) {
  struct arena *a = arena_new(0);
  struct book *b = book_new(a);
  struct error e = {0};
  const struct error *problems;
  char dir[] = "/tmp/book_test.XXXXXX";
  cr_assert(mkdtemp(dir));
  const char *xml = file_join(a, dir, "v.xml"), *good = file_join(a, dir, "a.tgz"), *bad = file_join(a, dir, "b.tgz");
  cr_expect_eq(book_add_folder(b, dir, &e), -1, "a folder without packages");
  cr_assert_eq(file_write(xml, STR("<ValueSet xmlns=\"http://hl7.org/fhir\"><url value=\"http://x\"/></ValueSet>"), &e),
               0);
  cr_assert_eq(file_write(good, packed(a, "{\"name\":\"a\",\"version\":\"1\"}", "ValueSet http://v 1"), &e), 0);
  cr_assert_eq(file_write(bad, STR("no archive"), &e), 0);
  cr_expect_eq(book_add_folder(b, dir, &e), 0, "%s", e.text);
  cr_assert_eq(book_problems(&problems, b), 1);
  cr_expect_neq(str_find(str_z(problems[0].text), STR("b.tgz"), 0), SIZE_MAX, "%s", problems[0].text);
  cr_expect_eq(book_add_file(b, xml, &e), 0, "%s", e.text);
  cr_expect_not_null(book_value_set(b, STR("http://x"), NULL));
  cr_expect_not_null(book_value_set(b, STR("http://v"), NULL));
  cr_expect_eq(book_add_file(b, bad, &e), -1);
  const char *const files[] = {xml, good, bad};
  for (size_t i = 0; i < 3; i++) unlink(files[i]);
  rmdir(dir);
  arena_free(a);
}

Test(book, tells_of_a_definition_that_cannot_be_read) {
  static const char *const files[] = {"package/package.json", "{\"name\":\"a\",\"version\":\"1\"}", "package/v.json",
                                      "{\"resourceType\":\"ValueSet\",\"url\":\"http://v\",\n \"name\": 01}", NULL};
  struct arena *a = arena_new(0);
  struct book *b = book_new(a);
  const struct error *problems;
  book_put_package(b, package_of(a, packed_files(a, files)));
  for (int i = 0; i < 2; i++) cr_expect_null(book_value_set(b, STR("http://v"), NULL));
  cr_assert_eq(book_problems(&problems, b), 1);
  cr_expect_str_eq(problems[0].file, "a@1:package/v.json");
  arena_free(a);
}

Test(book, tells_of_a_file_that_is_no_definition) {
  static const char *const files[] = {"package/package.json",
                                      "{\"name\":\"a\",\"version\":\"1\"}",
                                      "package/v.json",
                                      "{\"resourceType\":\"ValueSet\",\"url\":\"http://v\"}",
                                      "package/w.json",
                                      "{\"url\":\n",
                                      NULL};
  struct arena *a = arena_new(0);
  struct book *b = book_new(a);
  const struct error *problems;
  book_put_package(b, package_of(a, packed_files(a, files)));
  for (int i = 0; i < 2; i++) cr_expect(book_value_set(b, STR("http://v"), NULL));
  cr_assert_eq(book_problems(&problems, b), 1);
  cr_expect_str_eq(problems[0].file, "a@1:package/w.json");
  cr_expect_eq(problems[0].line, 2);
  arena_free(a);
}

Test(book, tells_of_a_package_that_turns_out_hostile) {
  static const char *const files[] = {"package/package.json",
                                      "{\"name\":\"a\",\"version\":\"1\"}",
                                      "package/v.json",
                                      "{\"resourceType\":\"ValueSet\",\"url\":\"http://v\"}",
                                      "../out.json",
                                      "{}",
                                      NULL};
  struct arena *a = arena_new(0);
  struct book *b = book_new(a);
  const struct error *problems;
  book_put_package(b, package_of(a, packed_files(a, files)));
  cr_expect_null(book_value_set(b, STR("http://v"), NULL));
  cr_assert_eq(book_problems(&problems, b), 1);
  cr_expect_neq(str_find(str_z(problems[0].text), STR("leads out"), 0), SIZE_MAX, "%s", problems[0].text);
  arena_free(a);
}

Test(book, collects_supplements) {
  static const char *const one[] = {"package/package.json", "{\"name\":\"a\",\"version\":\"1\"}", "package/s.json",
                                    "{\"resourceType\":\"CodeSystem\",\"url\":\"http://"
                                    "s\",\"content\":\"supplement\",\"supplements\":\"http://c|1\"}",
                                    NULL};
  struct arena *a = arena_new(0);
  struct book *b = book_new(a);
  struct code_system **list;
  book_put_package(b, package_of(a, packed_files(a, one)));
  cr_expect_eq(book_supplements(&list, b, STR("http://c"), NULL), 0, "nobody pinned it");
  cr_assert_eq(book_supplements(&list, b, STR("http://c|2"), get(b, "a@1")), 1);
  cr_expect(str_eqz(list[0]->url, "http://s"));
  cr_expect_eq(list[0]->content, CONTENT_SUPPLEMENT);
  arena_free(a);
}

Test(book, finds_each_profile_of_carecommunication_where_it_belongs) {
  if (!shared_folder()) cr_skip_test("no ../shared/packages");
  struct arena *a = arena_new(0);
  struct book *b = book_new(a);
  struct error e;
  const struct error *problems;
  cr_assert_eq(book_add_folder(b, file_join(a, shared_folder(), "packages"), &e), 0, "%s", e.text);
  cr_expect_eq(book_problems(&problems, b), 0);
  cr_assert_eq(book_use(b, STR("medcom.fhir.dk.carecommunication@5.0.2"), &e), 0, "%s", e.text);
  static const struct {
    const char *url, *version;
  } demands[] = {
      {"http://medcomfhir.dk/ig/carecommunication/StructureDefinition/medcom-careCommunication-message", "5.0.2"},
      {"http://medcomfhir.dk/ig/messaging/StructureDefinition/medcom-messaging-message", "4.0.2"},
      {"http://medcomfhir.dk/ig/core/StructureDefinition/medcom-core-patient", "3.0.1"},
      {"http://hl7.dk/fhir/core/StructureDefinition/dk-core-patient", "3.4.0"},
      {"http://hl7.org/fhir/StructureDefinition/Patient", "4.0.1"},
  };
  for (size_t i = 0; i < sizeof demands / sizeof *demands; i++) {
    struct structure *s = book_structure(b, str_z(demands[i].url), NULL);
    cr_assert(s, "%s", demands[i].url);
    cr_expect(str_eqz(s->version, demands[i].version), "%s %.*s", demands[i].url, STR_F(s->version));
    cr_expect_gt(s->snapshot.n, 0, "%s", demands[i].url);
  }
  arena_free(a);
}

Test(book, a_canonical_has_a_greatest_length) {
  struct arena *a = arena_new(0);
  struct book *b = book_new(a);
  struct error e = {0};
  const struct book_missing *missing;
  char *url = arena_alloc(a, BOOK_CANONICAL_MAX + 2);
  memset(url, 'a', BOOK_CANONICAL_MAX + 1);
  struct node *n = node_new(a, NODE_OBJECT), *member = node_new(a, NODE_STRING);
  n->type = STR("ValueSet");
  n->line = n->col = 1;
  member->name = STR("url");
  node_append(n, member);
  member->text = (struct str){url, BOOK_CANONICAL_MAX + 1};
  cr_expect_eq(book_add_resource(b, n, STR("f"), &e), -1);
  cr_expect_eq(e.code, ERR_LIMIT);
  cr_expect(e.line == 1 && strstr(e.text, "BOOK_CANONICAL_MAX"), "%s", e.text);
  cr_expect_null(book_value_set(b, member->text, NULL));
  cr_expect_eq(book_missing(&missing, b), 0);
  member->text.n--;
  cr_expect_eq(book_add_resource(b, n, STR("f"), &e), 0);
  cr_expect_not_null(book_value_set(b, member->text, NULL));
  arena_free(a);
}

/* A vendor's messages may name what is not there again and again, for weeks. */
Test(book, asking_again_for_what_is_missing_keeps_no_memory) {
  struct arena *a = arena_new(0);
  struct book *b = book_new(a);
  const struct book_missing *missing;
  size_t first = 0;
  for (int i = 0; i < 1000; i++) {
    cr_assert_null(book_structure(b, STR("http://none/of/them|1"), NULL));
    if (!first) first = arena_used(a);
  }
  cr_expect_eq(arena_used(a), first);
  cr_expect_eq(book_missing(&missing, b), 1);
  for (int i = 0; i < 3 * BOOK_MISSING_MAX; i++) {
    char url[40];
    snprintf(url, sizeof url, "http://none/%d", i);
    cr_assert_null(book_structure(b, str_z(url), NULL));
    if (i == BOOK_MISSING_MAX) first = arena_used(a);
  }
  cr_expect_eq(book_missing(&missing, b), BOOK_MISSING_MAX);
  cr_expect_eq(arena_used(a), first);
  arena_free(a);
}
