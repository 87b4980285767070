/* The shipped standards by way of their compiled file say what the facts say. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "fhir/compiled_int.h"
#include "fhir/facts.h"
#include "fhir/snapshot.h"

#define STANDARDS_DIR TEST_ROOT "/" FACTS_PACKAGES

struct site {
  struct arena *arena;
  char cache[40];
};

static struct site site_of(void) {
  struct site p = {arena_new(0), "/tmp/standards_test.XXXXXX"};
  cr_assert(mkdtemp(p.cache));
  return p;
}

static void site_end(struct site *p) {
  const char *command = arena_printf(p->arena, "chmod -R u+w %s && rm -r %s", p->cache, p->cache).p;
  cr_assert_eq(system(command), 0);
  arena_free(p->arena);
}

static struct book *open_with(struct site *p, const char *cache, char digest[SHA256_HEX + 1]) {
  struct book *b = book_new(p->arena);
  struct error e = {0};
  cr_assert_eq(book_add_standards(b, STANDARDS_DIR, cache, digest, &e), 0, "%s:%d: %s", e.file, e.line, e.text);
  return b;
}

static void expect_same_element(const struct element *x, const struct element *y, struct str url) {
  cr_expect(str_eq(x->id, y->id) && str_eq(x->path, y->path) && x->min == y->min && x->max == y->max, "%.*s#%.*s",
            STR_F(url), STR_F(x->id));
  cr_expect(x->types.n == y->types.n && x->constraints.n == y->constraints.n &&
                x->slicing.discriminators.n == y->slicing.discriminators.n &&
                str_eq(x->binding.value_set, y->binding.value_set) && !x->fixed.node == !y->fixed.node &&
                !x->pattern.node == !y->pattern.node,
            "%.*s#%.*s", STR_F(url), STR_F(x->id));
  if (x->fixed.node && y->fixed.node) cr_expect(node_equal(x->fixed.node, y->fixed.node));
  if (x->pattern.node && y->pattern.node) cr_expect(node_equal(x->pattern.node, y->pattern.node));
}

static void expect_same_structure(struct book *plain, struct package_item *s, struct book *compiled,
                                  struct package_item *t, struct arena *a) {
  struct structure *x = book_item_structure(plain, s), *y = book_item_structure(compiled, t);
  const struct elements *all, *same;
  struct error e, f;
  cr_assert(x && y, "%.*s", STR_F(s->url));
  int made = structure_snapshot(&all, a, plain, x, SNAPSHOT_PUBLISHED, &e);
  cr_assert_eq(made, structure_snapshot(&same, a, compiled, y, SNAPSHOT_PUBLISHED, &f));
  if (made) return;
  cr_assert_eq(all->n, same->n, "%.*s", STR_F(s->url));
  for (size_t i = 0; i < all->n; i++) expect_same_element(&all->v[i], &same->v[i], s->url);
  cr_expect_eq(y->generated.n, 0, "%.*s: made when the file was", STR_F(s->url));
}

Test(standards, say_what_the_facts_say) {
  struct site p = site_of();
  struct book *plain = book_new(p.arena), *compiled = open_with(&p, p.cache, NULL);
  struct package **x, **y;
  struct error e;
  size_t structures = 0, others = 0;
  cr_assert_eq(book_add_facts(plain, STANDARDS_DIR, &e), 0);
  size_t n = book_packages(&x, plain);
  cr_assert_eq(book_packages(&y, compiled), n);
  for (size_t i = 0; i < n; i++) {
    cr_assert_eq(package_load(y[i], &e), 0);
    cr_expect(str_eq(x[i]->name, y[i]->name) && str_eq(x[i]->version, y[i]->version));
    cr_assert_eq(x[i]->items.n, y[i]->items.n);
    for (size_t k = 0; k < x[i]->items.n; k++) {
      struct package_item *s = x[i]->items.v[k], *t = y[i]->items.v[k];
      cr_expect(str_eq(s->url, t->url) && str_eq(s->version, t->version) && str_eq(s->bytes, t->bytes));
      if (str_eqz(s->type, "StructureDefinition"))
        structures++, expect_same_structure(plain, s, compiled, t, p.arena);
      else
        others++;
    }
  }
  cr_expect_gt(structures, 300);
  cr_expect_gt(others, 300);
  site_end(&p);
}

Test(standards, have_one_digest_with_and_without_a_cache) {
  struct site p = site_of();
  char digests[4][SHA256_HEX + 1];
  open_with(&p, p.cache, digests[0]);
  open_with(&p, p.cache, digests[1]);
  open_with(&p, NULL, digests[2]);
  open_with(&p, "/dev/null/cache", digests[3]);
  cr_expect_eq(strlen(digests[0]), SHA256_HEX);
  for (int i = 1; i < 4; i++) cr_expect_str_eq(digests[0], digests[i], "%d", i);
  struct book *b = open_with(&p, NULL, NULL);
  cr_expect(book_type(b, STR("Patient"), NULL));
  site_end(&p);
}

/* Facts in a folder of ours, told by book_add_standards. */
static struct book *of_facts(struct site *p, const char *facts, char digest[SHA256_HEX + 1], struct error *e) {
  const char *dir = file_join(p->arena, p->cache, "facts");
  struct book *b = book_new(p->arena);
  cr_assert_eq(file_mkdirs(dir, e), 0);
  cr_assert_eq(file_write(file_join(p->arena, dir, "a.facts"), str_z(facts), e), 0);
  return book_add_standards(b, dir, p->cache, digest, e) ? NULL : b;
}

Test(standards, follow_their_files) {
  struct site p = site_of();
  char first[SHA256_HEX + 1], second[SHA256_HEX + 1];
  struct error e = {0};
  struct book *b = of_facts(&p, "facts\t1\npackage\ta\t1\nvalueset\thttp://a/v\n", first, &e);
  cr_assert(b, "%s", e.text);
  cr_expect(book_value_set(b, STR("http://a/v"), NULL));
  b = of_facts(&p, "facts\t1\npackage\ta\t1\nvalueset\thttp://a/w\n", second, &e);
  cr_assert(b, "%s", e.text);
  cr_expect(book_value_set(b, STR("http://a/w"), NULL));
  cr_expect_not(book_value_set(b, STR("http://a/v"), NULL));
  cr_expect_str_neq(first, second);
  cr_expect_not(of_facts(&p, "facts\t1\npackage\ta\t1\nnonsense\n", first, &e), "as without a compiled file");
  cr_expect_eq(e.code, ERR_SYNTAX);
  cr_expect_eq(e.line, 3);
  site_end(&p);
}

/* Images that are damaged: the definitions are read from the facts that the file holds as well. */
Test(standards, bear_damage) {
  struct site p = site_of();
  struct error e;
  struct str good;
  char **names;
  size_t n;
  open_with(&p, p.cache, NULL);
  cr_assert_eq(file_list(&names, &n, p.arena, p.cache, &e), 0);
  cr_assert_eq(n, 1);
  const char *path = file_join(p.arena, p.cache, names[0]);
  cr_assert_eq(file_read(&good, p.arena, path, COMPILED_FILE_MAX, &e), 0);
  const struct compiled_header *h = (const void *)good.p;
  memset((char *)(uintptr_t)good.p + h->images_from, 0x55, h->images.at - h->images_from);
  cr_assert_eq(file_write(path, good, &e), 0);
  struct book *b = open_with(&p, p.cache, NULL);
  struct structure *s = book_type(b, STR("Patient"), NULL);
  cr_assert(s);
  cr_expect_eq(s->snapshot.n, 0, "not from the image");
  cr_expect_gt(s->differential.n, 20);
  site_end(&p);
}
