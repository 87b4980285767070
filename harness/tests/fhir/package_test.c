#include "fhir/package.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "fhir/package_int.h"
#include "formats/json.h"
#include "tests/fhir/packing.h"

#define MANIFEST "{\"name\": \"a.b\", \"version\": \"1.0.0\"}"

static int open_bytes(struct arena *a, struct str tgz, struct package **p, struct error *e) {
  *p = NULL;
  *e = (struct error){0};
  return package_open_bytes(p, a, (struct source){STR("x.tgz"), tgz}, e);
}

Test(package, reads_what_it_says_of_itself) {
  struct arena *a = arena_new(0);
  struct package *p = package_of(
      a, packed(a,
                "{\"name\":\"a.b\",\"version\":\"1.2.3-x\",\"canonical\":\"http://a\",\"title\":\"A\",\"type\":\"IG\","
                "\"fhirVersions\":[\"4.0.1\"],\"dependencies\":{\"c\":\"1.0.0\",\"d.e\":\"current\"}}",
                ""));
  cr_expect(str_eqz(p->name, "a.b"));
  cr_expect(str_eqz(p->version, "1.2.3-x"));
  cr_expect(str_eqz(p->canonical, "http://a"));
  cr_expect(str_eqz(p->title, "A"));
  cr_expect(str_eqz(p->type, "IG"));
  cr_expect(str_eqz(p->fhir_version, "4.0.1"));
  cr_assert_eq(p->dependencies.n, 2);
  cr_expect(str_eqz(p->dependencies.v[1].name, "d.e"));
  cr_expect(str_eqz(p->dependencies.v[1].version, "current"));
  cr_expect_not(p->loaded);
  arena_free(a);
}

Test(package, refuses_a_manifest_that_is_none) {
  static const struct {
    const char *json, *why;
  } bad[] = {
      {"", "x.tgz"},
      {"{", "x.tgz"},
      {"[]", "no name and version"},
      {"{\"name\": \"a\"}", "no name and version"},
      {"{\"name\": \"../a\", \"version\": \"1\"}", "no name and version"},
      {"{\"name\": \"a\", \"version\": \"1/2\"}", "no name and version"},
      {"{\"name\": \"a\", \"version\": 1}", "no name and version"},
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    struct arena *a = arena_new(0);
    struct package *p;
    struct error e;
    cr_expect_eq(open_bytes(a, packed(a, bad[i].json, ""), &p, &e), -1, "%s", bad[i].json);
    char text[ERROR_TEXT_MAX + ERROR_FILE_MAX];
    error_format(&e, text, sizeof text);
    cr_expect_neq(str_find(str_z(text), str_z(bad[i].why), 0), SIZE_MAX, "%s: %s", bad[i].json, text);
    arena_free(a);
  }
}

Test(package, refuses_an_archive_without_manifest) {
  static const char *const files[] = {"package.json", MANIFEST, NULL};
  struct arena *a = arena_new(0);
  struct package *p;
  struct error e;
  cr_expect_eq(open_bytes(a, packed_files(a, files), &p, &e), -1);
  cr_expect_neq(str_find(str_z(e.text), STR("no package/package.json"), 0), SIZE_MAX, "%s", e.text);
  cr_expect_eq(open_bytes(a, STR(""), &p, &e), -1);
  cr_expect_eq(open_bytes(a, STR("PK"), &p, &e), -1);
  arena_free(a);
}

Test(package, finds_definitions_and_nothing_else) {
  static const char *const files[] = {
      "package/other/first.json",
      "{\"resourceType\":\"ValueSet\",\"url\":\"http://other\"}",
      "package/package.json",
      MANIFEST,
      "package/.index.json",
      "{\"resourceType\":\"ValueSet\",\"url\":\"http://index\"}",
      "package/a.json",
      "{\"resourceType\":\"ValueSet\",\"url\":\"http://v\",\"version\":\"2\",\"id\":\"v\"}",
      "package/b.json",
      " {\"url\": \"http:\\/\\/s\", \"id\": \"s\", \"resourceType\": \"StructureDefinition\"} ",
      "package/c.json",
      "{\"resourceType\":\"Patient\",\"id\":\"p\"}",
      "package/d.txt",
      "{\"resourceType\":\"ValueSet\",\"url\":\"http://text\"}",
      "package/example/e.json",
      "{\"resourceType\":\"ValueSet\",\"url\":\"http://example\"}",
      "package/f.json",
      "not JSON",
      "package/g.json",
      "{\"resourceType\":\"CodeSystem\",\"url\":\"http://g\",\"supplements\":\"http://v|1\"}",
      NULL};
  struct arena *a = arena_new(0);
  struct package *p = package_of(a, packed_files(a, files));
  struct error e;
  cr_assert_eq(package_load(p, &e), 0, "%s", e.text);
  cr_assert_eq(p->items.n, 3);
  struct package_item *v = p->items.v[0], *s = p->items.v[1], *g = p->items.v[2];
  cr_expect(str_eqz(v->url, "http://v") && str_eqz(v->version, "2") && str_eqz(v->id, "v"));
  cr_expect(str_eqz(v->file, "package/a.json"));
  cr_expect(str_eqz(s->url, "http://s") && str_eqz(s->type, "StructureDefinition"));
  cr_expect(str_eqz(s->version, "1.0.0"), "a definition without version has the package's");
  cr_expect(str_eqz(g->supplements, "http://v|1"));
  cr_expect_eq(package_find(p, STR("ValueSet"), STR("http://v"), STR("")), v);
  cr_expect_eq(package_find(p, STR(""), STR("http://v"), STR("2")), v);
  cr_expect_null(package_find(p, STR("CodeSystem"), STR("http://v"), STR("")));
  cr_expect_null(package_find(p, STR("ValueSet"), STR("http://v"), STR("3")));
  arena_free(a);
}

Test(package, keeps_versions_side_by_side) {
  struct arena *a = arena_new(0);
  struct error e;
  struct package *p =
      package_of(a, packed(a, MANIFEST, "ValueSet http://v 1.9\nValueSet http://v 1.10\nValueSet http://v 1.2"));
  cr_assert_eq(package_load(p, &e), 0);
  cr_expect(str_eqz(package_find(p, STR("ValueSet"), STR("http://v"), STR(""))->version, "1.10"));
  cr_expect(str_eqz(package_find(p, STR("ValueSet"), STR("http://v"), STR("1.2"))->version, "1.2"));
  arena_free(a);
}

Test(package, parses_when_asked) {
  static const char *const files[] = {"package/package.json",
                                      MANIFEST,
                                      "package/a.json",
                                      "{\"resourceType\":\"ValueSet\",\"url\":\"http://v\",\"name\":\"\\u00c6\\n\"}",
                                      "package/b.json",
                                      "{\"resourceType\":\"ValueSet\",\n\"url\":\"http://w\",\n\"name\": nope}",
                                      NULL};
  struct arena *a = arena_new(0);
  struct error e;
  struct package *p = package_of(a, packed_files(a, files));
  cr_assert_eq(package_load(p, &e), 0);
  cr_assert_eq(p->items.n, 2);
  const struct node *n = package_item_node(p->items.v[0], a);
  cr_assert(n);
  cr_expect(str_eqz(n->type, "ValueSet"));
  cr_expect(str_eqz(node_text_at(n, "name"), "\xc3\x86\n"));
  cr_expect_eq(package_item_node(p->items.v[0], a), n);
  cr_expect_null(package_item_node(p->items.v[1], a));
  cr_expect(p->items.v[1]->broken);
  cr_expect_str_eq(p->items.v[1]->why->file, "a.b@1.0.0:package/b.json");
  cr_expect_eq(p->items.v[1]->why->line, 3, "the definition is kept as it stands, so that positions are true");
  arena_free(a);
}

/* A file that cannot be used is told of, and costs the package nothing else. */
Test(package, tells_of_files_that_cannot_be_used) {
  static const struct {
    const char *json, *why; /* NULL: nobody's fault */
    int line, col;
  } odd[] = {
      {"{\"resourceType\":\"ValueSet\",\n \"url\":\"u\"", NULL, 0,
       0}, /* known by its type, told when it is asked for */
      {"{\n \"url\":\"u\",\n \"x\": nope}", "", 3, 7},
      {"", "", 1, 1},
      {"{\"url\":\"u\",\n \"resourceType\": 5}", "not a string", 2, 18},
      {"{\"resourceType\": [\"ValueSet\"]}", "not a string", 1, 18},
      {"{\"resourceType\": \"Valueset\"}", "no resource type \"Valueset\", but ValueSet", 1, 18},
      {"{\"resourceType\": \"value set\"}", "not the name of a resource type", 1, 18},
      {"{\"resourceType\": \"\"}", "not the name of a resource type", 1, 18},
      {"{\"resourceType\": \"Patient\"}", NULL, 0, 0},
      {"{\"anything\": \"else\"}", NULL, 0, 0},
      {"[1, 2]", NULL, 0, 0},
  };
  for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
    const char *const files[] = {"package/package.json",
                                 MANIFEST,
                                 "package/a.json",
                                 "{\"resourceType\":\"ValueSet\",\"url\":\"http://a\"}",
                                 "package/b.json",
                                 odd[i].json,
                                 "package/c.json",
                                 "{\"resourceType\":\"ValueSet\",\"url\":\"http://c\"}",
                                 NULL};
    struct arena *a = arena_new(0);
    struct error e;
    struct package *p = package_of(a, packed_files(a, files));
    cr_assert_eq(package_load(p, &e), 0, "%s", odd[i].json);
    cr_expect(package_find(p, STR("ValueSet"), STR("http://a"), STR("")), "%s", odd[i].json);
    cr_expect(package_find(p, STR("ValueSet"), STR("http://c"), STR("")), "%s", odd[i].json);
    cr_expect_eq(p->problems.n, odd[i].why ? 1 : 0, "%s", odd[i].json);
    if (odd[i].why && p->problems.n) {
      const struct error *got = &p->problems.v[0];
      cr_expect_str_eq(got->file, "a.b@1.0.0:package/b.json");
      cr_expect_neq(str_find(str_z(got->text), str_z(odd[i].why), 0), SIZE_MAX, "%s", got->text);
      cr_expect(got->line == odd[i].line && got->col == odd[i].col, "%s: %d:%d", odd[i].json, got->line, got->col);
    }
    arena_free(a);
  }
}

Test(package, a_check_reads_every_definition) {
  static const struct {
    const char *json, *why; /* NULL: it can be read */
    int line, col;
  } files[] = {
      {"{\"resourceType\":\"ValueSet\",\n \"url\":\"http://b\",\n \"x\": tru}", "", 3, 7},
      {"{\"resourceType\":\"ValueSet\",\n \"url\":\"http://b\"", "", 2, 18},
      {"{\"resourceType\":\"ValueSet\",\"url\":\"http://b\"}", NULL, 0, 0},
  };
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
    const char *const names[] = {"package/package.json",
                                 MANIFEST,
                                 "package/a.json",
                                 "{\"resourceType\":\"ValueSet\",\"url\":\"http://a\"}",
                                 "package/b.json",
                                 files[i].json,
                                 NULL};
    struct arena *a = arena_new(0);
    struct error e;
    struct package *p = package_of(a, packed_files(a, names));
    cr_assert_eq(package_load(p, &e), 0);
    package_check(p);
    cr_expect_eq(p->problems.n, files[i].why ? 1 : 0, "%s", files[i].json);
    cr_expect(package_item_node(package_find(p, STR("ValueSet"), STR("http://a"), STR("")), a));
    if (files[i].why && p->problems.n) {
      const struct error *got = &p->problems.v[0];
      cr_expect_str_eq(got->file, "a.b@1.0.0:package/b.json");
      cr_expect(got->line == files[i].line && got->col == files[i].col, "%zu: %d:%d", i, got->line, got->col);
    }
    arena_free(a);
  }
}

/* Many packages have no .index.json, and one that lies must not hide what is there. */
Test(package, needs_no_index) {
  static const char *const indexes[] = {NULL, "{\"files\":[]}", "{\"files\":[{\"filename\":\"gone.json\"}]}",
                                        "not JSON"};
  for (size_t i = 0; i < sizeof indexes / sizeof *indexes; i++) {
    const char *const files[] = {"package/package.json",
                                 MANIFEST,
                                 "package/v.json",
                                 "{\"resourceType\":\"ValueSet\",\"url\":\"http://v\"}",
                                 indexes[i] ? "package/.index.json" : NULL,
                                 indexes[i],
                                 NULL};
    struct arena *a = arena_new(0);
    struct error e;
    struct package *p = package_of(a, packed_files(a, files));
    cr_assert_eq(package_load(p, &e), 0);
    cr_expect_eq(p->items.n, 1);
    cr_expect_eq(p->problems.n, 0);
    arena_free(a);
  }
}

Test(package, refuses_what_is_not_compressed) {
  static const char xz[] = "\xfd"
                           "7zXZ"; /* in two: else the figure would belong to the escape */
  static const char *const texts[] = {"PK\x03\x04", "BZh9", xz, "package/package.json", "<html>"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    struct arena *a = arena_new(0);
    struct package *p;
    struct error e;
    cr_expect_eq(open_bytes(a, str_z(texts[i]), &p, &e), -1);
    cr_expect_neq(str_find(str_z(e.text), STR("no .tgz archive"), 0), SIZE_MAX, "%s", e.text);
    arena_free(a);
  }
}

Test(package, drops_prose_and_only_prose) {
  static const char *const pairs[][2] = {
      {"{\"resourceType\":\"ValueSet\",\"text\":{\"div\":\"<p>\"},\"url\":\"u\"}",
       "{\"resourceType\":\"ValueSet\",\"url\":\"u\"}"},
      {"{ \"resourceType\" : \"ValueSet\" , \"compose\" : { \"text\" : [ 1 , -2.50e3 , true ] } }",
       "{\"resourceType\":\"ValueSet\",\"compose\":{\"text\":[1,-2.50e3,true]}}"},
      {"{\"resourceType\":\"CodeSystem\",\"concept\":[{\"code\":\"a\",\"definition\":\"x\",\"concept\":[{"
       "\"definition\":"
       "\"y\",\"code\":\"b\"}]}]}",
       "{\"resourceType\":\"CodeSystem\",\"concept\":[{\"code\":\"a\",\"concept\":[{\"code\":\"b\"}]}]}"},
      {"{\"resourceType\":\"StructureDefinition\",\"differential\":{\"element\":[{\"id\":\"a\",\"definition\":\"x\","
       "\"patternCodeableConcept\":{\"text\":\"t\",\"definition\":1}}]},\"description\":\"\\\"}\"}",
       "{\"resourceType\":\"StructureDefinition\",\"differential\":{\"element\":[{\"id\":\"a\","
       "\"patternCodeableConcept\":{\"text\":\"t\",\"definition\":1}}]}}"},
      {"{\"resourceType\":\"ValueSet\",\"url\":\"a\\\\\",\"name\":\"\\\\\\\"\"}",
       "{\"resourceType\":\"ValueSet\",\"url\":\"a\\\\\",\"name\":\"\\\\\\\"\"}"},
      {"{\"resourceType\":\"ValueSet\",\"text\":1}", "{\"resourceType\":\"ValueSet\"}"},
      {"{\"text\":1,\"resourceType\":\"ValueSet\"}", "{\"resourceType\":\"ValueSet\"}"},
  };
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
    struct arena *a = arena_new(0);
    struct slim_head head;
    size_t n;
    char *out = arena_alloc(a, 1000);
    cr_expect_eq(slim_definition(out, &n, &head, a, str_z(pairs[i][0])), SLIM_DONE, "%s", pairs[i][0]);
    cr_expect(str_eqz((struct str){out, n}, pairs[i][1]), "%.*s", (int)n, out);
    arena_free(a);
  }
}

/* What is no JSON must not become some by dropping. */
Test(package, gives_up_on_what_is_no_json) {
  static const char *const texts[] = {
      "{\"resourceType\":\"ValueSet\",\"a\":[1 2]}", "{\"resourceType\":\"ValueSet\",\"a\":1",
      "{\"resourceType\":\"ValueSet\" \"a\":1}",     "{\"resourceType\":\"ValueSet\",}",
      "{\"resourceType\":\"ValueSet\",\"text\":}",   "{\"resourceType\":\"ValueSet\"} x",
      "{\"resourceType\":\"ValueSet\",\"a\"}",       "{\"resourceType\":\"ValueSet\",\"a\":\"\\\"}",
      "{\"resourceType\":\"ValueSet\",\"a\":]}",     "{\"resourceType\":\"ValueSet\",\"concept\":[{},]}",
  };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    struct arena *a = arena_new(0);
    struct slim_head head;
    size_t n;
    enum slim_result r = slim_definition(arena_alloc(a, 1000), &n, &head, a, str_z(texts[i]));
    cr_expect_eq(r, SLIM_ODD, "%s", texts[i]);
    arena_free(a);
  }
}

Test(package, gives_up_on_deep_nesting) {
  struct arena *a = arena_new(0);
  struct buf deep;
  struct slim_head head;
  size_t n;
  buf_init(&deep, 10 << 20);
  buf_addz(&deep, "{\"resourceType\":\"CodeSystem\"");
  for (int i = 0; i < 100000; i++) buf_addz(&deep, ",\"concept\":[{\"code\":\"a\"");
  struct str text = buf_str(&deep);
  cr_expect_eq(slim_definition(arena_alloc(a, text.n), &n, &head, a, text), SLIM_ODD);
  cr_expect(str_eqz(head.type, "CodeSystem"));
  buf_release(&deep);
  arena_free(a);
}

Test(package, compares_versions) {
  static const struct {
    const char *a, *b;
    int sign;
  } pairs[] = {
      {"1.0.0", "1.0.0", 0},
      {"1.9.0", "1.10.0", -1},
      {"2.0.0", "1.99.99", 1},
      {"1.0.0-draft", "1.0.0", -1},
      {"1.0.0-a.2", "1.0.0-a.10", -1},
      {"1.0.0-1", "1.0.0-a", -1},
      {"1.0", "1.0.0", -1},
      {"1.0.0+x", "1.0.0+y", 0},
      {"01.0.0", "1.0.0", 0},
      {"1.0.0-a", "1.0.0-a.1", -1},
      {"", "1", -1},
      {"99999999999999999999.0", "100000000000000000000.0", -1},
  };
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
    int cmp = package_version_cmp(str_z(pairs[i].a), str_z(pairs[i].b));
    int back = package_version_cmp(str_z(pairs[i].b), str_z(pairs[i].a));
    cr_expect_eq((cmp > 0) - (cmp < 0), pairs[i].sign, "%s %s", pairs[i].a, pairs[i].b);
    cr_expect_eq((back > 0) - (back < 0), -pairs[i].sign, "%s %s", pairs[i].b, pairs[i].a);
  }
}

Test(package, knows_which_version_fits) {
  static const struct {
    const char *version, *wanted;
    bool fits;
  } pairs[] = {
      {"1.2.3", "1.2.3", true},        {"1.2.3", "1.2.4", false}, {"1.2.3", "1.2.x", true},   {"1.2.3", "1.x", true},
      {"1.2.3", "2.x", false},         {"1.2.3", "latest", true}, {"1.2.3", "current", true}, {"1.2.3", "*", true},
      {"1.2.3", "current$main", true}, {"1.2.3", "", true},       {"1.2.3", "dev", true},     {"1.2.3", "1.2", false},
      {"1.2.3", "currently", false},
  };
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
    cr_expect_eq(package_version_fits(str_z(pairs[i].version), str_z(pairs[i].wanted)), pairs[i].fits, "%s %s",
                 pairs[i].version, pairs[i].wanted);
}

Test(package, splits_name_and_version) {
  static const struct {
    const char *spec, *name, *version;
  } specs[] = {
      {"a.b@1.0", "a.b", "1.0"}, {"a.b#1.0", "a.b", "1.0"}, {"a.b", "a.b", ""},
      {"a@", NULL, NULL},        {"@1", NULL, NULL},        {"", NULL, NULL},
      {"../a@1", NULL, NULL},    {"a@1/2", NULL, NULL},     {"a b", NULL, NULL},
  };
  for (size_t i = 0; i < sizeof specs / sizeof *specs; i++) {
    struct str name, version;
    bool ok = package_spec_parse(str_z(specs[i].spec), &name, &version);
    cr_expect_eq(ok, specs[i].name != NULL, "%s", specs[i].spec);
    if (ok) cr_expect(str_eqz(name, specs[i].name) && str_eqz(version, specs[i].version), "%s", specs[i].spec);
  }
}

static void write_file(struct arena *a, const char *dir, const char *name, const char *text) {
  struct error e;
  cr_assert_eq(file_write(file_join(a, dir, name), str_z(text), &e), 0, "%s", e.text);
}

Test(package, reads_an_unpacked_folder) {
  struct arena *a = arena_new(0);
  struct error e;
  struct package *p;
  char dir[] = "/tmp/package_test.XXXXXX";
  cr_assert(mkdtemp(dir));
  const char *inner = file_join(a, dir, "package");
  cr_expect_eq(package_open(&p, a, dir, &e), -1);
  cr_expect_neq(str_find(str_z(e.text), STR("no package.json"), 0), SIZE_MAX, "%s", e.text);
  cr_assert_eq(file_mkdirs(inner, &e), 0);
  write_file(a, inner, "package.json", MANIFEST);
  write_file(a, inner, "v.json", "{\"resourceType\":\"ValueSet\",\"url\":\"http://v\"}");
  const char *const both[] = {dir, inner};
  for (size_t i = 0; i < 2; i++) {
    cr_assert_eq(package_open(&p, a, both[i], &e), 0, "%s", e.text);
    cr_assert_eq(package_load(p, &e), 0, "%s", e.text);
    cr_assert_eq(p->items.n, 1);
    cr_expect(str_eqz(p->items.v[0]->file, "package/v.json"));
  }
  unlink(file_join(a, inner, "package.json"));
  unlink(file_join(a, inner, "v.json"));
  rmdir(inner);
  rmdir(dir);
  arena_free(a);
}

/* Every definition of every published package: what is kept of it is JSON, and says the same of itself. */
Test(package, reads_all_published_packages) {
  if (!shared_folder()) cr_skip_test("no ../shared/packages");
  struct arena *a = arena_new(0);
  struct error e;
  char **names;
  size_t n, packages = 0, definitions = 0;
  const char *dir = file_join(a, shared_folder(), "packages");
  cr_assert_eq(file_list(&names, &n, a, dir, &e), 0, "%s", e.text);
  for (size_t i = 0; i < n; i++) {
    struct arena *own = arena_new(0);
    struct package *p;
    if (str_ends(str_z(names[i]), STR(".tgz"))) {
      int rc = package_open(&p, own, file_join(a, dir, names[i]), &e);
      cr_assert_eq(rc, 0, "%s", e.text);
      cr_expect_eq(package_load(p, &e), 0, "%s", e.text);
      packages++;
      definitions += p->items.n;
      for (size_t k = 0; k < p->items.n; k++) {
        const struct node *node = package_item_node(p->items.v[k], own);
        cr_assert(node, "%s %.*s", names[i], STR_F(p->items.v[k]->file));
        cr_expect(str_eq(node_text_at(node, "url"), p->items.v[k]->url), "%.*s", STR_F(p->items.v[k]->file));
        cr_expect(str_eq(node->type, p->items.v[k]->type), "%.*s", STR_F(p->items.v[k]->file));
      }
    }
    arena_free(own);
  }
  cr_expect_geq(packages, 100);
  cr_expect_geq(definitions, 9000);
  arena_free(a);
}
