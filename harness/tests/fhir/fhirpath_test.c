#include "fhir/fhirpath.h"

#include "base/file.h"
#include "fhir/resource.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX (8u << 20)
#define SUITE_FLOOR 99 /* per cent of the official R4 suite that must pass */

static const char *shared(void) {
  const char *path = getenv("TESTCAMP_SHARED");
  if (!path) path = TEST_ROOT "/../shared";
  return file_is_dir(path) ? path : NULL;
}

static struct shapes *facts(struct arena *a) {
  struct error e = {0};
  struct shapes *s = NULL;
  cr_assert_eq(shapes_read(&s, a, TEST_ROOT, &e), 0, "%s", e.text);
  return s;
}

static struct str read_file(struct arena *a, const char *dir, struct str name) {
  struct error e = {0};
  struct str bytes;
  cr_assert_eq(file_read(&bytes, a, file_join(a, dir, arena_z(a, name)), FILE_MAX, &e), 0, "%s", e.text);
  return bytes;
}

static struct node *read_input(struct arena *a, const char *dir, struct str name) {
  if (!name.n || str_eqz(name, "-")) return NULL;
  struct findings f;
  findings_init(&f, a);
  struct node *r = NULL;
  enum resource_form form;
  struct source src = {name, read_file(a, dir, name)};
  cr_assert_eq(resource_read(&r, &form, a, src, &f), 0, "%.*s", (int)name.n, name.p);
  return r;
}

static int evaluate(struct fhirpath_result *out, struct arena *a, const struct shapes *s, struct str expression,
                    const struct node *input, struct error *e) {
  struct clock clock;
  clock_init_logical(&clock);
  struct fhirpath_env env = {.clock = &clock, .shapes = s, .strict = true};
  struct fhirpath *fp;
  memset(out, 0, sizeof *out);
  memset(e, 0, sizeof *e);
  return fhirpath_parse(&fp, a, expression, e) || fhirpath_eval(out, a, fp, input, &env, e) ? -1 : 0;
}

/* What the command would print, as one line: items joined by " ¦ ". */
static struct str printed(struct arena *a, const struct fhirpath_result *r) {
  struct buf lines, joined;
  buf_init(&lines, FILE_MAX);
  buf_init(&joined, FILE_MAX);
  fhirpath_print(&lines, r, true);
  for (struct str rest = buf_str(&lines); rest.n;) {
    if (joined.n) buf_addz(&joined, " ¦ ");
    buf_add(&joined, str_cut(&rest, '\n'));
  }
  buf_release(&lines);
  return buf_take(&joined, a);
}

static struct str cut_item(struct str *rest) {
  size_t at = str_find(*rest, STR(" ¦ "), 0);
  struct str item = str_sub(*rest, 0, at == SIZE_MAX ? rest->n : at);
  *rest = at == SIZE_MAX ? (struct str){0} : str_sub(*rest, at + strlen(" ¦ "), rest->n);
  return item;
}

/* "string:Nancy" against what came; "string:" takes any value. */
static bool as_expected(struct str expected, struct str got) {
  if (str_eqz(expected, "{}")) return !got.n;
  while (expected.n && got.n) {
    struct str x = cut_item(&expected), g = cut_item(&got);
    bool any = x.p[x.n - 1] == ':';
    if (any ? !str_starts(g, x) : !str_eq(x, g)) return false;
  }
  return !expected.n && !got.n;
}

static void check_group(const struct shapes *s, struct str expression, struct str input, struct str expected) {
  struct arena *a = arena_new(0);
  struct error e;
  struct fhirpath_result r;
  struct node *node = read_input(a, TEST_DATA "/resources", input);
  if (evaluate(&r, a, s, expression, node, &e)) {
    struct str got = arena_printf(a, "error %d:%d", e.line, e.col);
    cr_expect(str_eq(expected, got), "%.*s: expected %.*s, got %.*s: %s", (int)expression.n, expression.p,
              (int)expected.n, expected.p, (int)got.n, got.p, e.text);
  } else {
    struct str got = printed(a, &r);
    cr_expect(as_expected(expected, got), "%.*s: expected %.*s, got %.*s", (int)expression.n, expression.p,
              (int)expected.n, expected.p, (int)got.n, got.p);
  }
  arena_free(a);
}

Test(fhirpath, groups) {
  struct arena *a = arena_new(0);
  struct shapes *s = facts(a);
  struct str text = read_file(a, TEST_DATA, STR("fhirpath.test"));
  int n = 0;
  while (text.n) {
    struct str line = str_cut(&text, '\n');
    if (!line.n || line.p[0] == '#') continue;
    struct str input = str_cut(&text, '\n');
    check_group(s, line, input, str_cut(&text, '\n'));
    n++;
  }
  cr_expect_geq(n, 150);
  arena_free(a);
}

/* --- the official suite --- */

static struct str unescaped(struct arena *a, struct str s) {
  char *p = arena_z(a, s);
  size_t n = 0;
  for (size_t i = 0; i < s.n; i++) {
    char c = s.p[i];
    if (c == '\\' && i + 1 < s.n)
      c = s.p[++i];
    else {
      p[n++] = c;
      continue;
    }
    p[n++] = c == 't' ? '\t' : c == 'n' ? '\n' : c == 'r' ? '\r' : c;
  }
  return (struct str){p, n};
}

static struct str item_value(struct str item) {
  size_t colon = str_index(item, ':');
  struct str v = str_sub(item, colon == SIZE_MAX ? 0 : colon + 1, item.n);
  return v.n && v.p[0] == '@' ? str_sub(v, v.n > 1 && v.p[1] == 'T' ? 2 : 1, v.n) : v;
}

/* The type only where the suite gives one, numbers by value. */
static bool same_item(struct str x, struct str g) {
  struct str tx = str_sub(x, 0, str_index(x, ':')), tg = str_sub(g, 0, str_index(g, ':'));
  double dx, dy;
  if (tx.n && !str_eq_nocase(tx, tg)) return false;
  struct str vx = item_value(x), vg = item_value(g);
  return !vx.n || str_eq(vx, vg) || (str_double(vx, &dx) && str_double(vg, &dy) && dx == dy);
}

static bool same_items(struct str expected, struct str got, bool ordered) {
  bool used[64] = {0};
  struct str items[64];
  size_t n = 0, matched = 0;
  while (got.n && n < 64) items[n++] = cut_item(&got);
  for (size_t i = 0; expected.n; i++, matched++) {
    struct str x = cut_item(&expected);
    size_t k = ordered ? i : 0;
    while (k < n && (used[k] || !same_item(x, items[k]))) k = ordered ? n : k + 1;
    if (k >= n) return false;
    used[k] = true;
  }
  return matched == n;
}

static bool case_passes(const struct shapes *s, const char *dir, const struct str *column, const char *ext) {
  struct arena *a = arena_new(0);
  struct error e;
  struct fhirpath_result r;
  struct str file = column[2];
  size_t dot = str_index(file, '.');
  if (dot != SIZE_MAX) file = arena_printf(a, "%.*s.%s", (int)dot, file.p, ext);
  bool failed = evaluate(&r, a, s, unescaped(a, column[3]), read_input(a, dir, file), &e) != 0;
  bool pass = failed;
  if (!column[4].n) pass = !failed && same_items(column[5], printed(a, &r), str_eqz(column[6], "true"));
  arena_free(a);
  return pass;
}

static void run_suite(const char *ext) {
  struct arena *a = arena_new(0);
  struct shapes *s = facts(a);
  const char *dir = file_join(a, shared(), "suites");
  struct str text = read_file(a, dir, STR("fhirpath-r4-dev.tsv"));
  dir = file_join(a, dir, "fhirpath-input");
  size_t n = 0, passed = 0;
  while (text.n) {
    struct str line = str_cut(&text, '\n'), column[10];
    if (!line.n || line.p[0] == '#') continue;
    for (int i = 0; i < 10; i++) column[i] = str_cut(&line, '\t');
    passed += case_passes(s, dir, column, ext);
    n++;
  }
  cr_expect_gt(n, 500);
  cr_expect_geq(passed * 100, n * SUITE_FLOOR, "%s: %zu of %zu", ext, passed, n);
  arena_free(a);
}

Test(fhirpath, official_suite_json) {
  if (!shared()) cr_skip_test("no shared folder: official FHIRPath suite");
  run_suite("json");
}

Test(fhirpath, official_suite_xml) {
  if (!shared()) cr_skip_test("no shared folder: official FHIRPath suite");
  run_suite("xml");
}

/* --- the interface --- */

static bool truth(const char *expression, int *rc) {
  struct arena *a = arena_new(0);
  struct error e;
  struct fhirpath_result r;
  bool out = false;
  cr_assert_eq(evaluate(&r, a, NULL, str_z(expression), NULL, &e), 0, "%s", e.text);
  *rc = fhirpath_true(&out, &r, &e);
  arena_free(a);
  return out;
}

Test(fhirpath, truth_of_a_collection) {
  int rc;
  cr_expect(truth("true", &rc));
  cr_expect_not(truth("false", &rc));
  cr_expect_not(truth("{}", &rc));
  cr_expect_eq(rc, 0);
  cr_expect(truth("'x'", &rc));
  truth("1 | 2", &rc);
  cr_expect_eq(rc, -1);
}

static void count_variable(void *payload, struct str name) {
  *(size_t *)payload += str_eqz(name, "a") || str_eqz(name, "b");
}

Test(fhirpath, variables_of_the_environment) {
  struct arena *a = arena_new(0);
  struct error e = {0};
  struct fhirpath *fp;
  struct fhirpath_result r = {0};
  struct fhirpath_variable variables[] = {{.name = STR_INIT("a"), .text = STR_INIT("x")},
                                          {.name = STR_INIT("b"), .node = NULL, .text = STR_INIT("y")}};
  struct fhirpath_env env = {.variables = variables, .variables_n = 2};
  cr_assert_eq(fhirpath_parse(&fp, a, STR("%a & iif(true, %b, %a)"), &e), 0);
  size_t n = 0;
  fhirpath_each_variable(fp, count_variable, &n);
  cr_expect_eq(n, 3);
  cr_assert_eq(fhirpath_eval(&r, a, fp, NULL, &env, &e), 0, "%s", e.text);
  cr_expect(str_eqz(printed(a, &r), "string:xy"));
  arena_free(a);
}

/* A relative reference is found from the entry that holds it. */
Test(fhirpath, resolves_in_the_bundle) {
  struct arena *a = arena_new(0);
  struct error e;
  struct fhirpath_result r;
  struct findings f;
  findings_init(&f, a);
  struct node *bundle;
  enum resource_form form;
  struct source src = {
      STR("b"),
      STR("{\"resourceType\":\"Bundle\",\"entry\":[{\"fullUrl\":\"http://x/fhir/Observation/1\",\"resource\":{"
          "\"resourceType\":\"Observation\",\"subject\":{\"reference\":\"Patient/2\"},\"performer\":[{"
          "\"reference\":\"urn:uuid:3\"}]}},{\"fullUrl\":\"http://x/fhir/Patient/2\",\"resource\":{"
          "\"resourceType\":\"Patient\",\"id\":\"2\"}},{\"fullUrl\":\"urn:uuid:3\",\"resource\":{"
          "\"resourceType\":\"Basic\",\"id\":\"3\"}}]}")};
  cr_assert_eq(resource_read(&bundle, &form, a, src, &f), 0);
  const struct shapes *s = facts(a);
  struct str expression =
      STR("entry.resource.ofType(Observation).select(subject.resolve().id & performer.resolve().id)");
  cr_assert_eq(evaluate(&r, a, s, expression, bundle, &e), 0, "%s", e.text);
  cr_expect(str_eqz(printed(a, &r), "string:23"));
  cr_assert_eq(evaluate(&r, a, s, STR("'Patient/2'.resolve()"), bundle, &e), 0, "%s", e.text);
  cr_expect_eq(r.values.n, 0);
  arena_free(a);
}

/* Without facts, names of choice elements and the kind of values still tell much. */
Test(fhirpath, works_without_facts) {
  struct arena *a = arena_new(0);
  struct error e;
  struct fhirpath_result r;
  struct node *o = read_input(a, TEST_DATA "/resources", STR("observation.json"));
  cr_assert_eq(evaluate(&r, a, NULL, STR("value.unit | component[0].value.toString()"), o, &e), 0, "%s", e.text);
  cr_expect(str_eqz(printed(a, &r), "string:kg ¦ string:0"));
  cr_assert_eq(evaluate(&r, a, NULL, STR("effective > @2024-01-01 and value > 70 'kg'"), o, &e), 0, "%s", e.text);
  cr_expect(str_eqz(printed(a, &r), "boolean:true"));
  cr_assert_eq(evaluate(&r, a, NULL, STR("nothing.at.all"), o, &e), 0, "%s", e.text);
  cr_expect_eq(r.values.n, 0);
  arena_free(a);
}

static struct str repeated(struct arena *a, const char *head, const char *part, const char *tail, int n) {
  struct buf b;
  buf_init(&b, FILE_MAX);
  buf_addz(&b, head);
  for (int i = 0; i < n; i++) buf_addz(&b, part);
  buf_addz(&b, tail);
  return buf_take(&b, a);
}

static enum error_code code_of(struct str expression) {
  struct arena *a = arena_new(0);
  struct error e;
  struct fhirpath_result r;
  enum error_code code = evaluate(&r, a, NULL, expression, NULL, &e) ? e.code : ERR_NONE;
  arena_free(a);
  return code;
}

Test(fhirpath, hostile_expressions_end) {
  struct arena *a = arena_new(0);
  cr_expect_eq(code_of(repeated(a, "", "(", "1", 100000)), ERR_LIMIT);
  cr_expect_neq(code_of(repeated(a, "", "-", "1", 100000)), ERR_NONE);
  cr_expect_eq(code_of(repeated(a, "a", ".a", "", 100000)), ERR_LIMIT);
  cr_expect_eq(code_of(repeated(a, "1", " + 1", "", 100000)), ERR_LIMIT);
  cr_expect_eq(code_of(repeated(a, "1", " + 1", "", 1000)), ERR_NONE);
  cr_expect_neq(code_of(repeated(a, "", "9", "", 1000)), ERR_NONE);
  cr_expect_eq(code_of(STR("'a'.repeat($this & $this)")), ERR_LIMIT);
  cr_expect_eq(code_of(STR("1.repeat($this + 1)")), ERR_LIMIT);
  cr_expect_eq(code_of(STR("'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'.matches('^(a+)+$')")), ERR_NONE);
  cr_expect_eq(code_of(STR("'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab'.matches('^(a+)+$')")), ERR_LIMIT);
  arena_free(a);
}

Test(fhirpath, no_clock_is_an_error) {
  struct arena *a = arena_new(0);
  struct error e = {0};
  struct fhirpath *fp;
  struct fhirpath_result r;
  cr_assert_eq(fhirpath_parse(&fp, a, STR("\n  now()"), &e), 0);
  cr_expect_eq(fhirpath_eval(&r, a, fp, NULL, NULL, &e), -1);
  cr_expect_eq(e.code, ERR_CONFIG);
  cr_expect_eq(e.line, 2);
  cr_expect_eq(e.col, 3);
  arena_free(a);
}
