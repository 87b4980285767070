/* Every case NAME.in is an envelope; NAME.expect lists its findings as "rule line:col". NAME.says holds what the
 * payload says of itself (format, name, version, mime, one a line), NAME.original the envelope that a receipt is for.
 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/map.h"
#include "envelope/vans.h"

#define CASE_MAX ((size_t)1 << 20)

static bool read_file(struct str *out, struct arena *a, struct str name, const char *end) {
  struct error e;
  struct str path = arena_printf(a, "%s/%.*s.%s", TEST_DATA, STR_F(name), end);
  return file_exists(path.p) && file_read(out, a, path.p, CASE_MAX, &e) == 0;
}

static void check_says(struct envelope *env, struct arena *a, struct str name, struct findings *f) {
  struct str says;
  if (!read_file(&says, a, name, "says")) return;
  struct envelope_payload p = {.format = str_cut(&says, '\n')};
  p.name = str_cut(&says, '\n');
  p.version = str_cut(&says, '\n');
  p.mime = str_cut(&says, '\n');
  env->kind->check_payload(env, name, &p, f);
}

static void check_original(struct envelope *env, struct arena *a, struct str name, struct findings *f) {
  struct envelope original;
  struct findings none;
  struct str bytes;
  if (!read_file(&bytes, a, name, "original")) return;
  findings_init(&none, a);
  cr_assert_eq(vans_kind.read(&original, a, (struct source){name, bytes}, &none), 0);
  vans_check_receipt(env, name, &original, f);
}

static void judge(struct findings *f, struct arena *a, struct str name) {
  struct envelope env;
  struct str bytes;
  findings_init(f, a);
  cr_assert(read_file(&bytes, a, name, "in"));
  if (vans_kind.read(&env, a, (struct source){name, bytes}, f) != 0) return;
  check_says(&env, a, name, f);
  check_original(&env, a, name, f);
}

static struct str list(struct arena *a, const struct findings *f) {
  struct buf out;
  buf_init(&out, CASE_MAX);
  for (size_t i = 0; i < f->list.n; i++) {
    const struct finding *x = &f->list.v[i];
    buf_printf(&out, "%.*s %d:%d\n", STR_F(x->rule), x->where.line, x->where.col);
  }
  return buf_take(&out, a);
}

static void check_texts(const struct findings *f, struct str name) {
  for (size_t i = 0; i < f->list.n; i++) {
    const struct finding *x = &f->list.v[i];
    cr_expect(x->en.n && x->da.n && x->source.n, "%.*s: %.*s has no text", STR_F(name), STR_F(x->rule));
    cr_expect_eq(str_index(x->en, '{'), SIZE_MAX, "%.*s: %.*s", STR_F(name), STR_F(x->en));
    cr_expect_eq(str_index(x->da, '{'), SIZE_MAX, "%.*s: %.*s", STR_F(name), STR_F(x->da));
  }
}

static void each_case(struct arena *a, void (*fn)(struct arena *a, struct str name, void *context), void *context) {
  char **names;
  size_t n, cases = 0;
  struct error e;
  cr_assert_eq(file_list(&names, &n, a, TEST_DATA, &e), 0, "%s", e.text);
  for (size_t i = 0; i < n; i++) {
    struct str file = str_z(names[i]);
    if (!str_ends(file, STR(".in"))) continue;
    fn(a, str_sub(file, 0, file.n - 3), context);
    cases++;
  }
  cr_assert_gt(cases, 0);
}

static void compare(struct arena *a, struct str name, void *context) {
  struct findings f;
  struct str expected = {0};
  (void)context;
  judge(&f, a, name);
  check_texts(&f, name);
  struct str found = list(a, &f);
  if (getenv("TESTCAMP_ACCEPT")) {
    struct error e;
    struct str path = arena_printf(a, "%s/%.*s.expect", TEST_DATA, STR_F(name));
    cr_assert_eq(file_write(path.p, found, &e), 0);
    return;
  }
  cr_assert(read_file(&expected, a, name, "expect"), "%.*s.expect is missing", STR_F(name));
  cr_expect(str_eq(found, expected), "%.*s: found\n%.*sexpected\n%.*s", STR_F(name), STR_F(found), STR_F(expected));
}

Test(vans, cases) {
  struct arena *a = arena_new(0);
  each_case(a, compare, NULL);
  arena_free(a);
}

static void note_rules(struct arena *a, struct str name, void *context) {
  struct map *seen = context;
  struct str expected;
  cr_assert(read_file(&expected, a, name, "expect"));
  while (expected.n) {
    struct str line = str_cut(&expected, '\n');
    map_set(seen, str_cut(&line, ' '), seen);
  }
}

/* vans.message-too-large has a test of its own: no case of 100 MB is kept. */
Test(vans, every_rule_has_a_case) {
  struct arena *a = arena_new(0);
  struct map seen;
  map_init(&seen, a);
  each_case(a, note_rules, &seen);
  for (size_t i = 0; i < vans_rules_n; i++) {
    const struct rule *r = &vans_rules[i];
    cr_assert_not_null(r->id, "rule %zu has no row", i);
    cr_expect(map_get(&seen, str_z(r->id)) || str_eqz(str_z(r->id), "vans.message-too-large"), "no case raises %s",
              r->id);
  }
  arena_free(a);
}
