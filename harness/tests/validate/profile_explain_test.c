/* What findings say: data/validate/explain/<name>.in.json is a list of definitions (the first profile is asked of every
 * instance) and instances; <name>.expect the findings whole, with what demands them and their reasons, in both
 * languages. The built-in definitions are there too. */
#include <criterion/criterion.h>

#include "base/file.h"
#include "fhir/facts.h"
#include "formats/json.h"
#include "validate/profile.h"

#define FOLDER TEST_DATA "/explain"
#define CASE_MAX ((size_t)1 << 20)

static struct arena *a;

static struct str read_text(const char *name) {
  struct error e = {0};
  struct str text;
  cr_assert_eq(file_read(&text, a, file_join(a, FOLDER, name), CASE_MAX, &e), 0, "%s", e.text);
  return text;
}

static void put_reasons(struct buf *out, const struct finding *f, bool danish) {
  for (size_t i = 0; i < f->reasons.n; i++) {
    const struct reason *r = &f->reasons.v[i];
    struct str path = reason_path(f, i);
    buf_printf(out, "  %*s- ", 2 * r->depth, "");
    if (path.n) buf_printf(out, "%.*s: ", STR_F(path));
    buf_printf(out, "%.*s\n", STR_F(danish ? r->text.da : r->text.en));
  }
}

static void put_finding(struct buf *out, size_t number, const struct finding *f) {
  buf_printf(out, "%zu %s %.*s %.*s\n", number, severity_name(f->severity), STR_F(f->rule), STR_F(f->where.path));
  buf_printf(out, "  by %.*s %.*s\n", STR_F(f->profile), STR_F(f->element));
  if (f->found.n) buf_printf(out, "  found %.*s\n", STR_F(f->found));
  if (f->expression.n) buf_printf(out, "  FHIRPath %.*s\n", STR_F(f->expression));
  buf_printf(out, "  en %.*s\n", STR_F(f->en));
  put_reasons(out, f, false);
  buf_printf(out, "  da %.*s\n", STR_F(f->da));
  put_reasons(out, f, true);
}

struct judging {
  struct book *book;
  struct profile_cache *cache;
  struct str profile;
  size_t number;
  struct buf out;
};

static bool is_definition(const struct node *r) {
  return str_eqz(r->type, "StructureDefinition") || str_eqz(r->type, "ValueSet") || str_eqz(r->type, "CodeSystem");
}

static void judge_one(struct judging *j, struct node *r) {
  struct error e = {0};
  struct findings f;
  if (is_definition(r)) {
    cr_assert_eq(book_add_resource(j->book, r, STR("case"), &e), 0, "%s", e.text);
    if (!j->profile.n && str_eqz(r->type, "StructureDefinition")) j->profile = node_text_at(r, "url");
    return;
  }
  struct profile_options o = {.cache = j->cache, .profiles = &j->profile, .profiles_n = j->profile.n > 0};
  findings_init(&f, a);
  j->number++;
  profile_validate(&f, a, r, STR("case"), &o);
  for (size_t i = 0; i < f.list.n; i++)
    if (f.list.v[i].severity != SEV_WARNING) put_finding(&j->out, j->number, &f.list.v[i]);
}

static struct str judge_list(const struct shapes *shapes, const struct node *list) {
  struct error e = {0};
  struct judging j = {.book = book_new(a)};
  struct findings ignored;
  findings_init(&ignored, a);
  buf_init(&j.out, CASE_MAX);
  cr_assert_eq(book_add_facts(j.book, TEST_ROOT "/" FACTS_PACKAGES, &e), 0, "%s", e.text);
  j.cache = profile_cache_new(a, j.book, shapes);
  for (NODE_EACH(c, list)) {
    struct node *r = NULL;
    cr_assert_eq(resource_from_json(&r, a, c, STR("case"), &ignored), 0);
    judge_one(&j, r);
  }
  return buf_take(&j.out, a);
}

Test(profile_explain, cases) {
  struct error e = {0};
  struct shapes *shapes;
  char **names;
  size_t n, cases = 0;
  a = arena_new(0);
  cr_assert_eq(shapes_read(&shapes, a, TEST_ROOT, &e), 0, "%s", e.text);
  cr_assert_eq(file_list(&names, &n, a, FOLDER, &e), 0, "%s", e.text);
  for (size_t i = 0; i < n; i++) {
    struct str name = str_z(names[i]), tail = STR(".in.json");
    struct findings f;
    struct node *list;
    if (!str_ends(name, tail)) continue;
    findings_init(&f, a);
    cr_assert_eq(json_read(&list, a, (struct source){name, read_text(names[i])}, &f), 0, "%s", names[i]);
    struct str found = judge_list(shapes, list);
    struct str wanted = read_text(arena_printf(a, "%.*s.expect", (int)(name.n - tail.n), name.p).p);
    cr_expect(str_eq(found, wanted), "%s, wanted:\n%.*sfound:\n%.*s", names[i], STR_F(wanted), STR_F(found));
    cases++;
  }
  cr_expect_geq(cases, 6);
  arena_free(a);
}
