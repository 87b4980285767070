#include "fhir/invariants.h"

#include <criterion/criterion.h>

#include "base/file.h"
#include "fhir/facts.h"

static struct arena *a;

static void set_up(void) {
  a = arena_new(0);
}

static void tear_down(void) {
  arena_free(a);
}

TestSuite(invariants, .init = set_up, .fini = tear_down);

static struct invariants *shipped(void) {
  struct error e = {0};
  struct invariants *list = NULL;
  cr_assert_eq(invariants_open(&list, a, TEST_ROOT, &e), 0, "%s", e.text);
  return list;
}

static void collect(struct map *seen, const struct structure *s) {
  const struct elements *lists[] = {&s->differential, &s->snapshot};
  for (size_t l = 0; l < 2; l++)
    for (size_t i = 0; i < lists[l]->n; i++)
      for (size_t k = 0; k < lists[l]->v[i].constraints.n; k++) {
        const struct element_constraint *c = &lists[l]->v[i].constraints.v[k];
        map_set(seen, arena_printf(a, "%.*s\t%.*s", STR_F(c->key), STR_F(c->expression)), (void *)c);
      }
}

/* All constraints of the shipped definitions, by key and expression. */
static void collect_all(struct map *seen) {
  struct error e = {0};
  struct package **packages;
  struct book *b = book_new(a);
  map_init(seen, a);
  cr_assert_eq(book_add_facts(b, TEST_ROOT "/" FACTS_PACKAGES, &e), 0, "%s", e.text);
  size_t n = book_packages(&packages, b);
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < packages[i]->items.n; k++) {
      struct package_item *item = packages[i]->items.v[k];
      if (!str_eqz(item->type, "StructureDefinition")) continue;
      struct structure *s = book_item_structure(b, item);
      cr_assert_not_null(s, "%.*s", STR_F(item->url));
      collect(seen, s);
    }
}

Test(invariants, every_shipped_constraint_has_a_text) {
  struct invariants *list = shipped();
  struct map seen;
  collect_all(&seen);
  cr_assert_gt(seen.n, 250);
  for (size_t i = 0; i < seen.n; i++) {
    const struct element_constraint *c = seen.entries[i].value;
    cr_expect_not_null(invariants_find(list, c->key, c->expression), "%.*s: %.*s", STR_F(c->key), STR_F(c->expression));
  }
}

static bool is_used(const struct invariants *list, const struct map *seen, const struct invariant *one, bool by_key) {
  for (size_t i = 0; i < list->n; i++) {
    const struct invariant *x = &list->v[i];
    bool same_row = x->text.en.p == one->text.en.p;
    if (!same_row || !str_eq(by_key ? x->key : x->expression, by_key ? one->key : one->expression)) continue;
    if (map_get(seen, arena_printf(a, "%.*s\t%.*s", STR_F(x->key), STR_F(x->expression)))) return true;
  }
  return false;
}

/* A row may have several keys and several expressions: each of them must stand somewhere with one of the others. */
Test(invariants, no_text_is_left_without_a_constraint) {
  struct invariants *list = shipped();
  struct map seen;
  collect_all(&seen);
  for (size_t i = 0; i < list->n; i++) {
    const struct invariant *x = &list->v[i];
    cr_expect(is_used(list, &seen, x, true), "the key %.*s", STR_F(x->key));
    cr_expect(is_used(list, &seen, x, false), "%.*s: the expression %.*s", STR_F(x->key), STR_F(x->expression));
  }
}

Test(invariants, texts_are_sentences_in_two_languages) {
  struct invariants *list = shipped();
  for (size_t i = 0; i < list->n; i++) {
    const struct said *t = &list->v[i].text;
    cr_expect(str_ends(t->en, STR(".")) && str_ends(t->da, STR(".")), "%.*s", STR_F(list->v[i].key));
    cr_expect(!str_eq(t->en, t->da), "%.*s", STR_F(list->v[i].key));
  }
}

/* --- the reader --- */

static struct invariants *read_good(const char *text) {
  struct error e = {0};
  struct invariants *list = NULL;
  cr_assert_eq(invariants_read(&list, a, (struct source){STR("t.tsv"), str_z(text)}, &e), 0, "%s", e.text);
  return list;
}

Test(invariants, found_by_key_and_expression) {
  struct invariants *list = read_good("# comment\n\nk-1 k-2\tEn.\tDa.\tx = 1\ty\\n= 2\nk-1\tOther.\tAnden.\tz\n");
  cr_assert_eq(list->n, 5);
  cr_assert(str_eqz(invariants_find(list, STR("k-2"), STR("x = 1"))->text.en, "En."));
  cr_assert(str_eqz(invariants_find(list, STR("k-1"), STR("y\n= 2"))->text.da, "Da."));
  cr_assert(str_eqz(invariants_find(list, STR("k-1"), STR("z"))->text.en, "Other."));
  cr_assert_null(invariants_find(list, STR("k-2"), STR("z")), "another meaning of the key");
  cr_assert_null(invariants_find(list, STR(""), STR("")));
  struct str huge = {arena_alloc(a, 1 << 20), 1 << 20};
  cr_assert_null(invariants_find(list, STR("k-1"), huge));
}

static const struct {
  const char *text, *says;
} bad[] = {{"k\tEn.\tDa.\n", "t.tsv:1:1"},        {"\n\nk\tEn.\n", "t.tsv:3:1"},
           {"\tEn.\tDa.\tx\n", "has keys"},       {"k\t\tDa.\tx\n", "has keys"},
           {"k\tEn.\t\tx\n", "has keys"},         {"k  l\tEn.\tDa.\tx\n", "one blank"},
           {"k\tEn.\tDa.\tx\t\ty\n", "is empty"}, {"k\tEn.\tDa.\tx\nk\tEn.\tDa.\tx\n", "t.tsv:2:1"}};

Test(invariants, bad_rows_are_named) {
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    struct error e = {0};
    struct invariants *list = NULL;
    cr_expect_eq(invariants_read(&list, a, (struct source){STR("t.tsv"), str_z(bad[i].text)}, &e), -1, "%s",
                 bad[i].text);
    struct str whole = arena_printf(a, "%s:%d:%d %s", e.file, e.line, e.col, e.text);
    cr_expect(str_find(whole, str_z(bad[i].says), 0) != SIZE_MAX, "%s: %s", bad[i].text, whole.p);
  }
}

Test(invariants, limits) {
  struct error e = {0};
  struct invariants *list = NULL;
  struct buf b;
  buf_init(&b, (size_t)4 << 20);
  buf_addz(&b, "k\t");
  for (int i = 0; i <= INVARIANT_TEXT_MAX; i++) buf_byte(&b, 'x');
  buf_addz(&b, "\tDa.\tx\n");
  cr_expect_eq(invariants_read(&list, a, (struct source){STR("t.tsv"), buf_str(&b)}, &e), -1);
  cr_expect(str_find(str_z(e.text), STR("too long"), 0) != SIZE_MAX, "%s", e.text);
  buf_clear(&b);
  for (int i = 0; i <= INVARIANTS_MAX; i++) buf_printf(&b, "k%d\tEn.\tDa.\tx\n", i);
  cr_expect_eq(invariants_read(&list, a, (struct source){STR("t.tsv"), buf_str(&b)}, &e), -1);
  cr_expect(str_find(str_z(e.text), STR("too many"), 0) != SIZE_MAX, "%s", e.text);
  buf_release(&b);
  cr_expect_eq(invariants_open(&list, a, "/nowhere", &e), -1);
}
