/* Data-driven: tests/data/diff/NAME.expected and NAME.actual (JSON, XML or EDIFACT, FHIR or not), NAME.rules if there
 * are any, NAME.expect: one line a finding, "rule line:col other-line:col path" in the order of the findings. */
#include "base/file.h"
#include "diff/diff.h"
#include "fhir/resource.h"
#include "formats/edifact.h"
#include "formats/json.h"
#include "formats/sniff.h"
#include "formats/xml.h"
#include "formats/yaml.h"

#include <criterion/criterion.h>
#include <string.h>

#define FILE_MAX ((size_t)64 << 20)
#define CASES_MIN 40

struct ctx {
  struct arena *a;
  struct findings read, f;
};

static void begin(struct ctx *c) {
  c->a = arena_new(0);
  findings_init(&c->read, c->a);
  findings_init(&c->f, c->a);
}

static const struct node *tree_of(struct ctx *c, struct str name, struct str bytes) {
  struct node *n = NULL, *fhir = NULL;
  struct source src = {name, bytes};
  if (sniff_bytes(bytes) == SNIFF_XML) {
    cr_assert_eq(xml_read(&n, c->a, src, &c->read), 0, "%.*s is not XML", STR_F(name));
    if (!str_eqz(n->ns, FHIR_NS)) return n;
    cr_assert_eq(resource_from_xml(&fhir, c->a, n, name, &c->read), 0);
    return fhir;
  }
  if (sniff_bytes(bytes) == SNIFF_EDIFACT) {
    cr_assert_eq(edifact_read(&n, c->a, src, &c->read), 0, "%.*s is not EDIFACT", STR_F(name));
    return n;
  }
  cr_assert_eq(json_read(&n, c->a, src, &c->read), 0, "%.*s is not JSON", STR_F(name));
  if (!node_child(n, "resourceType")) return n;
  cr_assert_eq(resource_from_json(&fhir, c->a, n, name, &c->read), 0);
  return fhir;
}

static const struct diff_rules *rules_of(struct ctx *c, struct str name, struct str bytes) {
  struct node *yaml;
  struct diff_rules *rules;
  struct error e = {0};
  cr_assert_eq(yaml_read(&yaml, c->a, (struct source){name, bytes}, &c->read), 0, "%.*s is not YAML", STR_F(name));
  cr_assert_eq(diff_rules_read(&rules, c->a, yaml, name, &e), 0, "%d:%d: %s", e.line, e.col, e.text);
  return rules;
}

static struct str load(struct ctx *c, const char *dir, struct str name, const char *end) {
  struct error e;
  struct str bytes;
  char *path = file_join(c->a, dir, arena_printf(c->a, "%.*s%s", STR_F(name), end).p);
  cr_assert_eq(file_read(&bytes, c->a, path, FILE_MAX, &e), 0, "cannot read %s", path);
  return bytes;
}

static struct str listed(struct ctx *c) {
  struct buf b;
  buf_init(&b, FILE_MAX);
  for (size_t i = 0; i < c->f.list.n; i++) {
    const struct finding *f = &c->f.list.v[i];
    buf_printf(&b, "%.*s %d:%d %d:%d %.*s\n", STR_F(f->rule), f->where.line, f->where.col, f->other.line, f->other.col,
               STR_F(f->where.path));
  }
  return buf_take(&b, c->a);
}

static size_t run_case(struct ctx *c, const char *dir, struct str name) {
  char *rules_file = file_join(c->a, dir, arena_printf(c->a, "%.*s.rules", STR_F(name)).p);
  const struct diff_rules *rules = NULL;
  if (file_exists(rules_file)) rules = rules_of(c, name, load(c, dir, name, ".rules"));
  const struct node *expected = tree_of(c, name, load(c, dir, name, ".expected"));
  const struct node *actual = tree_of(c, name, load(c, dir, name, ".actual"));
  return diff_trees(&c->f, expected, STR("expected"), actual, STR("actual"), rules);
}

Test(diff, cases) {
  struct arena *names_arena = arena_new(0);
  char **names;
  size_t n, cases = 0;
  struct error e;
  cr_assert_eq(file_list(&names, &n, names_arena, TEST_DATA, &e), 0);
  for (size_t i = 0; i < n; i++) {
    struct str name = str_z(names[i]);
    struct ctx c;
    if (!str_ends(name, STR(".expected"))) continue;
    name.n -= sizeof ".expected" - 1;
    begin(&c);
    cases++;
    size_t found = run_case(&c, TEST_DATA, name);
    struct str want = load(&c, TEST_DATA, name, ".expect"), got = listed(&c);
    cr_expect(str_eq(want, got), "%.*s: expected\n%.*sgot\n%.*s", STR_F(name), STR_F(want), STR_F(got));
    cr_expect_eq(found, c.f.list.n, "%.*s: counted %zu", STR_F(name), found);
    for (size_t k = 0; k < c.f.list.n; k++) {
      cr_expect(c.f.list.v[k].en.n && c.f.list.v[k].da.n, "%.*s: a text is empty", STR_F(name));
      cr_expect_eq(str_index(c.f.list.v[k].en, '{'), str_index(c.f.list.v[k].da, '{'));
    }
    arena_free(c.a);
  }
  cr_expect_geq(cases, (size_t)CASES_MIN);
  arena_free(names_arena);
}

Test(diff, every_rule_has_a_case) {
  struct ctx c;
  char **names;
  size_t n;
  struct error e;
  begin(&c);
  cr_assert_eq(file_list(&names, &n, c.a, TEST_DATA, &e), 0);
  for (size_t r = 0; r < diff_rule_table_n; r++) {
    struct str id = str_z(diff_rule_table[r].id);
    bool met = str_eqz(id, "diff.limit"); /* see deep_trees */
    for (size_t i = 0; i < n && !met; i++) {
      struct str name = str_z(names[i]);
      if (str_ends(name, STR(".expect"))) met = str_find(load(&c, TEST_DATA, name, ""), id, 0) != SIZE_MAX;
    }
    cr_expect(met, "no case for %s", diff_rule_table[r].id);
  }
  arena_free(c.a);
}

/* ---- texts and printing ---- */

struct text_case {
  const char *expected, *actual, *rules, *en, *da;
};

static const struct text_case text_cases[] = {
    {"{\"a\":\"x\"}", "{\"a\":\"y\"}", NULL, "\"y\" where \"x\" is expected", "\"y\", hvor \"x\" er forventet"},
    {"{\"a\":1.10}", "{\"a\":1.1}", NULL,
     "1.1 where 1.10 is expected: the same number, but written with another precision",
     "1.1, hvor 1.10 er forventet: samme tal, men skrevet med anden præcision"},
    {"{\"a\":\"x y\"}", "{\"a\":\"x\\n y\"}", NULL,
     "\"x\\n y\" where \"x y\" is expected: they differ only in blanks or line ends",
     "\"x\\n y\", hvor \"x y\" er forventet: kun blanktegn eller linjeskift er forskellige"},
    {"{\"a\":\"å\"}", "{\"a\":\"a\\u030a\"}", NULL,
     "\"a\xcc\x8a\" where \"å\" is expected: the same letters, composed of other Unicode characters",
     "\"a\xcc\x8a\", hvor \"å\" er forventet: samme bogstaver, sat sammen af andre Unicode-tegn"},
    {"{\"a\":\"2024-05-01T10:00:00+02:00\"}", "{\"a\":\"2024-05-01T10:00:00.000+02:00\"}", NULL,
     "\"2024-05-01T10:00:00.000+02:00\" where \"2024-05-01T10:00:00+02:00\" is expected: the same instant, but written "
     "with another precision",
     "\"2024-05-01T10:00:00.000+02:00\", hvor \"2024-05-01T10:00:00+02:00\" er forventet: samme tidspunkt, men skrevet "
     "med anden præcision"},
    {"{\"a\":[1,2,3]}", "{\"a\":[3,1,2]}", NULL,
     "the items are the expected ones in another order: 1 of 3 moved, the first from position 3 to 1",
     "elementerne er de forventede i en anden rækkefølge: 1 af 3 er flyttet, det første fra plads 3 til 1"},
    {"{\"r\":[\"A/1\",\"A/1\"]}", "{\"r\":[\"A/7\",\"A/8\"]}", "mapped: [r]",
     "the id 8 stands for the expected 1, which is 7 elsewhere (actual:1:7 r[0])",
     "id 8 står for det forventede 1, som andre steder er 7 (actual:1:7 r[0])"},
    {"{\"r\":[\"A/1\",\"A/2\"]}", "{\"r\":[\"A/7\",\"A/7\"]}", "mapped: [r]",
     "the id 7 stands for the expected 2 but also for 1 (actual:1:7 r[0])",
     "id 7 står for det forventede 2, men også for 1 (actual:1:7 r[0])"},
    {"{\"a\":\"0123456789012345678901234567890123456789012345678901234567890123456789X-----\"}",
     "{\"a\":\"0123456789012345678901234567890123456789012345678901234567890123456789Y-----\"}", NULL,
     "\"…01234567890123456789Y-----\" where \"…01234567890123456789X-----\" is expected",
     "\"…01234567890123456789Y-----\", hvor \"…01234567890123456789X-----\" er forventet"},
};

Test(diff, texts) {
  for (size_t i = 0; i < sizeof text_cases / sizeof *text_cases; i++) {
    const struct text_case *t = &text_cases[i];
    struct ctx c;
    begin(&c);
    const struct diff_rules *rules = t->rules ? rules_of(&c, STR("rules"), str_z(t->rules)) : NULL;
    const struct node *expected = tree_of(&c, STR("expected"), str_z(t->expected));
    const struct node *actual = tree_of(&c, STR("actual"), str_z(t->actual));
    cr_assert_eq(diff_trees(&c.f, expected, STR("expected"), actual, STR("actual"), rules), 1, "%s", t->en);
    cr_expect_str_eq(arena_z(c.a, c.f.list.v[0].en), t->en);
    cr_expect_str_eq(arena_z(c.a, c.f.list.v[0].da), t->da);
    arena_free(c.a);
  }
}

Test(diff, print) {
  struct ctx c;
  struct buf out;
  begin(&c);
  buf_init(&out, 4096);
  const struct node *expected = tree_of(&c, STR("e"), STR("{\"a\": 1,\n \"b\": \"x\"}"));
  const struct node *actual = tree_of(&c, STR("a"), STR("{\"a\": 1, \"b\": \"y\"}"));
  cr_assert_eq(diff_trees(&c.f, expected, STR("e.json"), actual, STR("a.json"), NULL), 1);
  diff_print(&out, &c.f);
  cr_expect_str_eq(out.p, "diff.value error: \"y\" where \"x\" is expected\n"
                          "  expected e.json:2:7 b\n"
                          "  actual   a.json:1:15 b\n");
  buf_release(&out);
  arena_free(c.a);
}

/* ---- rule files ---- */

struct refused {
  const char *yaml;
  int line, col;
  const char *part; /* of the text */
};

static const struct refused refused[] = {
    {"ignores: [a]", 1, 1, "did you mean \"ignore\""},
    {"ignore: [a]\nmaped: [b]", 2, 1, "did you mean \"mapped\""},
    {"[a]", 1, 1, "mapping"},
    {"ignore: {a: b}", 1, 9, "list of paths"},
    {"ignore: [[a]]", 1, 10, "expected a path"},
    {"ignore: [a..b]", 1, 10, "empty part"},
    {"ignore: [\"\"]", 1, 10, "empty path"},
    {"ignore: [a.]", 1, 10, "empty part"},
    {"ignore:\n  - ok\n  - \"a[0].b\"", 3, 5, "index"},
    {"ignore: [\"a.b*\"]", 1, 10, "whole name"},
    {"ignore: [\"a b\"]", 1, 10, "blank"},
    {"keyed: [a]", 1, 8, "mapping of paths"},
    {"keyed: {a: }", 1, 12, "key"},
    {"keyed: {a: []}", 1, 12, "expected a key"},
    {"keyed: {a: \"*.b\"}", 1, 12, "plain names"},
    {"times: [a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a]", 1, 9, "over 32 parts"},
};

Test(diff, rules_refused) {
  for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
    struct ctx c;
    struct node *yaml;
    struct diff_rules *rules;
    struct error e = {0};
    begin(&c);
    cr_assert_eq(yaml_read(&yaml, c.a, (struct source){STR("r"), str_z(refused[i].yaml)}, &c.read), 0);
    cr_expect_eq(diff_rules_read(&rules, c.a, yaml, STR("r"), &e), -1, "%s", refused[i].yaml);
    cr_expect(strstr(e.text, refused[i].part), "%s: %s", refused[i].yaml, e.text);
    cr_expect(e.line == refused[i].line && e.col == refused[i].col, "%s: at %d:%d", refused[i].yaml, e.line, e.col);
    arena_free(c.a);
  }
}

Test(diff, example_rules_are_read) {
  struct ctx c;
  struct error e;
  struct str bytes;
  begin(&c);
  cr_assert_eq(file_read(&bytes, c.a, TEST_ROOT "/fixtures/diff/fhir-message.yaml", FILE_MAX, &e), 0, "%s", e.text);
  cr_expect_neq(rules_of(&c, STR("fhir-message.yaml"), bytes), NULL);
  arena_free(c.a);
}

/* ---- limits and cost ---- */

static struct node *nested(struct arena *a, size_t depth, struct str leaf) {
  struct node *root = node_new(a, NODE_ARRAY), *n = root;
  for (size_t i = 0; i < depth; i++) {
    struct node *child = node_new(a, NODE_ARRAY);
    node_append(n, child);
    n = child;
  }
  struct node *text = node_new(a, NODE_STRING);
  text->text = leaf;
  node_append(n, text);
  return root;
}

Test(diff, deep_trees) {
  struct ctx c;
  begin(&c);
  struct node *x = nested(c.a, 255, STR("x")), *y = nested(c.a, 255, STR("y"));
  cr_expect_eq(diff_trees(&c.f, x, STR("e"), y, STR("a"), NULL), 1);
  cr_expect_str_eq(arena_z(c.a, c.f.list.v[0].rule), "diff.value");
  findings_init(&c.f, c.a);
  x = nested(c.a, 1000, STR("x"));
  y = nested(c.a, 1000, STR("x"));
  cr_expect_eq(diff_trees(&c.f, x, STR("e"), y, STR("a"), NULL), 1);
  cr_expect_str_eq(arena_z(c.a, c.f.list.v[0].rule), "diff.limit");
  cr_expect_eq(c.f.list.v[0].severity, SEV_UNDECIDED);
  arena_free(c.a);
}

Test(diff, findings_are_counted_beyond_the_limit) {
  struct ctx c;
  struct buf e, a;
  begin(&c);
  buf_init(&e, FILE_MAX);
  buf_init(&a, FILE_MAX);
  for (int i = 0; i < 700; i++) {
    buf_printf(&e, "%s\"m%d\": 1", i ? ", " : "{", i);
    buf_printf(&a, "%s\"m%d\": 2", i ? ", " : "{", i);
  }
  buf_byte(&e, '}');
  buf_byte(&a, '}');
  const struct node *x = tree_of(&c, STR("e"), buf_take(&e, c.a)), *y = tree_of(&c, STR("a"), buf_take(&a, c.a));
  cr_expect_eq(diff_trees(&c.f, x, STR("e"), y, STR("a"), NULL), 700);
  cr_expect_eq(c.f.list.n, (size_t)DIFF_FINDINGS_MAX);
  cr_expect_eq(c.f.dropped, (size_t)200);
  arena_free(c.a);
}

/* The entries of a bundle from first by step (modulo n, so all of them), ids with a prefix. */
static struct str many_entries(struct arena *a, size_t n, size_t step, const char *prefix, size_t wrong) {
  struct buf b;
  buf_init(&b, FILE_MAX);
  buf_addz(&b, "{\"resourceType\":\"Bundle\",\"entry\":[");
  for (size_t i = 0; i < n; i++) {
    size_t k = i * step % n;
    buf_printf(
        &b,
        "%s\n{\"fullUrl\":\"urn:uuid:%s%zu\",\"resource\":{\"resourceType\":\"Observation\",\"id\":\"%s%zu\","
        "\"code\":{\"text\":\"c%zu\"},\"valueInteger\":%zu,\"hasMember\":[{\"reference\":\"Observation/%s%zu\"}]}}",
        i ? "," : "", prefix, k, prefix, k, k, k == wrong ? n : k, prefix, (k + 1) % n);
  }
  buf_addz(&b, "]}");
  return buf_take(&b, a);
}

static const struct cost_case {
  const char *rules;
  size_t step;
  const char *prefix;
} cost_cases[] = {
    {"keyed: {Bundle.entry: resource.code.text}\nmapped: [Bundle.entry.fullUrl, \"**.id\", \"**.reference\"]", 7, "v"},
    {"keyed: {Bundle.entry: fullUrl}\nmapped: [Bundle.entry.fullUrl, \"**.id\", \"**.reference\"]", 7, "v"},
    {"set: [Bundle.entry]", 7, "e"},
    {"ignore: [Bundle.id]", 1, "e"},
};

Test(diff, ten_thousand_entries, .timeout = 120) {
  for (size_t i = 0; i < sizeof cost_cases / sizeof *cost_cases; i++) {
    const struct cost_case *t = &cost_cases[i];
    struct ctx c;
    begin(&c);
    const struct node *e = tree_of(&c, STR("e"), many_entries(c.a, 10000, 1, "e", 10001));
    const struct node *a = tree_of(&c, STR("a"), many_entries(c.a, 10000, t->step, t->prefix, 4711));
    size_t n = diff_trees(&c.f, e, STR("e"), a, STR("a"), rules_of(&c, STR("r"), str_z(t->rules)));
    cr_expect_eq(n, 1, "%s: %zu differences, %.*s", t->rules, n, STR_F(c.f.list.n ? c.f.list.v[0].en : STR("none")));
    arena_free(c.a);
  }
}

Test(diff, reversed_list_is_one_finding, .timeout = 120) {
  struct ctx c;
  begin(&c);
  const struct node *e = tree_of(&c, STR("e"), many_entries(c.a, 10000, 1, "e", 10001));
  const struct node *a = tree_of(&c, STR("a"), many_entries(c.a, 10000, 9999, "e", 10001));
  cr_expect_eq(diff_trees(&c.f, e, STR("e"), a, STR("a"), NULL), 1);
  cr_expect_str_eq(arena_z(c.a, c.f.list.v[0].rule), "diff.order");
  arena_free(c.a);
}
