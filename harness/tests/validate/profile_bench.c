#include "tests/validate/profile_bench.h"

#include <criterion/criterion.h>

#include "base/file.h"
#include "fhir/facts.h"

#define INSTANCE_MAX ((size_t)64 << 20)

static bool has_head(const char *name, const char *const *heads) {
  if (!heads) return true;
  for (; *heads; heads++)
    if (str_starts(str_z(name), str_z(*heads))) return true;
  return false;
}

void bench_open_shipped(struct bench *b) {
  struct error e = {0};
  struct shapes *shapes;
  *b = (struct bench){.arena = arena_new((size_t)8 << 30), .by_facts = true};
  cr_assert_eq(shapes_read(&shapes, b->arena, TEST_ROOT, &e), 0, "%s", e.text);
  b->shapes = shapes;
}

static void open_shared(struct bench *b) {
  bench_open_shipped(b);
  b->by_facts = false;
  b->shared = shared_dir(b->arena);
  if (!b->shared) cr_skip_test("the shared material is absent: no profiles to judge with");
}

void bench_open_facts(struct bench *b) {
  open_shared(b);
  b->by_facts = true;
}

void bench_open(struct bench *b, const char *const *heads) {
  struct error e = {0};
  char **names;
  size_t n;
  open_shared(b);
  const char *dir = file_join(b->arena, b->shared, "packages");
  cr_assert_eq(file_list(&names, &n, b->arena, dir, &e), 0, "%s", e.text);
  b->packages = ARENA_ARRAY(b->arena, struct package *, n + 1);
  for (size_t i = 0; i < n; i++) {
    if (!str_ends(str_z(names[i]), STR(".tgz")) || !has_head(names[i], heads)) continue;
    cr_assert_eq(package_open(&b->packages[b->n++], b->arena, file_join(b->arena, dir, names[i]), &e), 0, "%s", e.text);
  }
}

struct book *bench_book(const struct bench *b) {
  struct book *book = book_new(b->arena);
  struct error e = {0};
  if (b->by_facts) cr_assert_eq(book_add_facts(book, TEST_ROOT "/" FACTS_PACKAGES, &e), 0, "%s", e.text);
  for (size_t i = 0; i < b->n; i++) book_put_package(book, b->packages[i]);
  return book;
}

void bench_judge(struct findings *f, struct arena *a, const struct bench *b, struct book *book, struct str path,
                 const struct str *profile) {
  struct error e = {0};
  struct str bytes;
  struct node *resource = NULL;
  struct profile_options o = {.cache = profile_cache_new(b->arena, book, b->shapes),
                              .profiles = profile,
                              .profiles_n = profile && profile->n ? 1 : 0};
  cr_assert_eq(file_read(&bytes, a, file_join(a, b->shared, arena_z(a, path)), INSTANCE_MAX, &e), 0, "%s", e.text);
  struct source src = {path, bytes};
  if (!resource_read(&resource, &o.form, a, src, f)) profile_validate(f, a, resource, path, &o);
}
