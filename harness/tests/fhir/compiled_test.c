#include "fhir/compiled.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "fhir/compiled_int.h"
#include "tests/fhir/packing.h"

#define COMPILED_OUT ((size_t)4 << 20)

static const char *const world[] = {
    "core@4.0.1", "StructureDefinition http://hl7.org/fhir/StructureDefinition/Patient 4.0.1\nCodeSystem http://c 1.0",
    "lib@1.0.0 core@4.0.1 lost@1", "ValueSet http://lib/v 1.0.0\nValueSet http://lib/v 0.9\nValueSet http://lib/w -",
    NULL};

/* A folder with two packages and room for the compiled file; all goes with it. */
struct site {
  struct arena *arena;
  char dir[40];
  const char *packages, *cache;
};

static void run(const char *command, const char *dir) {
  char line[200];
  snprintf(line, sizeof line, command, dir);
  cr_assert_eq(system(line), 0);
}

static void put_package(struct site *p, const char *name, const char *manifest, const char *definitions) {
  struct error e;
  struct str tgz = packed(p->arena, manifest, definitions);
  cr_assert_eq(file_write(file_join(p->arena, p->packages, name), tgz, &e), 0, "%s", e.text);
}

static struct site site_of(void) {
  struct site p = {.arena = arena_new(0), .dir = "/tmp/compiled_test.XXXXXX"};
  struct error e;
  cr_assert(mkdtemp(p.dir));
  p.packages = file_join(p.arena, p.dir, "packages");
  p.cache = file_join(p.arena, p.dir, "cache/below");
  cr_assert_eq(file_mkdirs(p.packages, &e), 0);
  put_package(&p, "a.tgz", "{\"name\":\"a\",\"version\":\"1\",\"dependencies\":{\"b\":\"1\"}}",
              "ValueSet http://a/v 1");
  put_package(&p, "b.tgz", "{\"name\":\"b\",\"version\":\"1\"}", "ValueSet http://b/v -\nValueSet http://b/w 2");
  return p;
}

static void site_end(struct site *p) {
  run("chmod -R u+w %s", p->dir);
  run("rm -r %s", p->dir);
  arena_free(p->arena);
}

/* A book by way of the compiled file. */
static struct book *open_site(struct site *p, char digest[SHA256_HEX + 1]) {
  struct book *b = book_new(p->arena);
  struct error e;
  cr_assert_eq(book_add_compiled(b, p->packages, p->cache, digest, &e), 0, "%s", e.text);
  return b;
}

static bool has(struct book *b, const char *url) {
  struct value_set *vs = book_value_set(b, str_z(url), NULL);
  return vs && str_eqz(vs->url, url);
}

static const char *file_of(struct site *p) {
  return compiled_path(p->arena, p->packages, p->cache);
}

/* Raise COMPILED_VERSION when this fails, and put the new digest here: a file that is there already would else be read
 * as if it were of the new form, or hold what the program no longer drops. */
Test(compiled, has_the_form_of_its_version) {
  struct arena *a = arena_new(0);
  struct book *b = book_of(a, world);
  struct package **packages;
  struct buf out;
  struct error e;
  size_t n = book_packages(&packages, b);
  for (size_t i = 0; i < n; i++) {
    cr_assert_eq(package_load(packages[i], &e), 0);
    packages[i]->tgz = STR(""); /* as packed by this machine */
  }
  static const char key[SHA256_HEX + 1] = "key";
  buf_init(&out, COMPILED_OUT);
  cr_assert_eq(compiled_make(&out, b, key, &e), 0, "%s", e.text);
  const struct compiled_header *h = (const void *)out.p;
  cr_expect_eq(COMPILED_VERSION, 4);
  cr_expect(
      str_eqz((struct str){h->digest, SHA256_HEX}, "76fdb9ee1d8b5b26bdbe131ea0b32eef8d60b2cfec2a51949ce1713db261d252"),
      "%.*s", SHA256_HEX, h->digest);
  buf_release(&out);
  arena_free(a);
}

Test(compiled, has_a_limit) {
  static const char key[SHA256_HEX + 1] = "key";
  struct arena *a = arena_new(0);
  struct book *b = book_of(a, world);
  size_t refused = 0;
  for (size_t max = 0; max < 10000; max += 97) {
    struct error e = {0};
    struct buf out;
    buf_init(&out, max);
    int rc = compiled_make(&out, b, key, &e);
    cr_expect_eq(rc != 0, out.full, "%zu", max);
    cr_expect_eq(e.code, rc ? ERR_LIMIT : ERR_NONE, "%zu", max);
    refused += rc != 0;
    buf_release(&out);
  }
  cr_expect_gt(refused, 10);
  arena_free(a);
}

Test(compiled, says_what_the_packages_say) {
  struct site p = site_of();
  char digest[SHA256_HEX + 1], again[SHA256_HEX + 1];
  struct package **list;
  for (int i = 0; i < 2; i++) {
    struct book *b = open_site(&p, i ? again : digest);
    cr_assert_eq(book_packages(&list, b), 2);
    cr_expect(str_eqz(list[0]->name, "a") && str_eqz(list[0]->version, "1"));
    cr_expect_str_eq(list[0]->origin.p, file_join(p.arena, p.packages, "a.tgz"));
    cr_expect_eq(list[0]->sha256.n, SHA256_HEX);
    cr_assert_eq(list[0]->dependencies.n, 1);
    cr_expect(str_eqz(list[0]->dependencies.v[0].name, "b"));
    cr_expect(has(b, "http://a/v") && has(b, "http://b/v") && has(b, "http://b/w"));
    cr_expect(str_eqz(book_value_set(b, STR("http://b/v"), list[0])->version, "1"));
    cr_expect_not(has(b, "http://c/v"));
  }
  const char *other = file_join(p.arena, p.packages, "../packages/.");
  cr_expect_str_eq(compiled_path(p.arena, other, p.cache), file_of(&p), "however the folder is said");
  cr_expect_eq(strlen(digest), SHA256_HEX);
  cr_expect_str_eq(digest, again);
  cr_expect(file_exists(file_of(&p)));
  site_end(&p);
}

Test(compiled, follows_its_inputs) {
  struct site p = site_of();
  char first[SHA256_HEX + 1], next[SHA256_HEX + 1];
  open_site(&p, first);
  put_package(&p, "c.tgz", "{\"name\":\"c\",\"version\":\"1\"}", "ValueSet http://c/v 1");
  cr_expect(has(open_site(&p, next), "http://c/v"), "a new package");
  cr_expect_str_neq(first, next);
  put_package(&p, "c.tgz", "{\"name\":\"c\",\"version\":\"1\"}", "ValueSet http://c/w 1");
  struct book *b = open_site(&p, next);
  cr_expect(has(b, "http://c/w") && !has(b, "http://c/v"), "a package with other content");
  unlink(file_join(p.arena, p.packages, "c.tgz"));
  b = open_site(&p, next);
  cr_expect_not(has(b, "http://c/w"), "a package that is gone");
  cr_expect_str_eq(first, next, "the same packages again");
  site_end(&p);
}

Test(compiled, has_the_same_digest_in_another_folder) {
  struct site p = site_of(), q = site_of();
  char first[SHA256_HEX + 1], second[SHA256_HEX + 1];
  open_site(&p, first);
  open_site(&q, second);
  cr_expect_str_eq(first, second);
  site_end(&p);
  site_end(&q);
}

Test(compiled, reads_folders_and_follows_them) {
  struct site p = site_of();
  struct error e;
  const char *dir = file_join(p.arena, p.packages, "f/package");
  cr_assert_eq(file_mkdirs(dir, &e), 0);
  cr_assert_eq(file_write(file_join(p.arena, dir, "package.json"), STR("{\"name\":\"f\",\"version\":\"1\"}"), &e), 0);
  struct str one = STR("{\"resourceType\":\"ValueSet\",\"url\":\"http://f/1\"}");
  struct str two = STR("{\"resourceType\":\"ValueSet\",\"url\":\"http://f/2\"}");
  cr_assert_eq(file_write(file_join(p.arena, dir, "v.json"), one, &e), 0);
  cr_expect(has(open_site(&p, NULL), "http://f/1"));
  cr_assert_eq(file_write(file_join(p.arena, dir, "v.json"), two, &e), 0);
  cr_expect(has(open_site(&p, NULL), "http://f/2"));
  site_end(&p);
}

Test(compiled, tells_of_bad_packages_each_time) {
  struct site p = site_of();
  struct error e;
  const struct error *problems;
  cr_assert_eq(file_write(file_join(p.arena, p.packages, "x.tgz"), STR("no archive"), &e), 0);
  for (int i = 0; i < 2; i++) {
    struct book *b = open_site(&p, NULL);
    cr_assert_eq(book_problems(&problems, b), 1);
    cr_expect_neq(str_find(str_z(problems[0].text), STR("x.tgz"), 0), SIZE_MAX, "%s", problems[0].text);
    cr_expect(has(b, "http://a/v"));
  }
  site_end(&p);
}

Test(compiled, does_without_where_it_cannot_write) {
  struct site p = site_of();
  struct error e;
  char digest[SHA256_HEX + 1];
  p.cache = file_join(p.arena, p.packages, "a.tgz"); /* a file where a folder is needed */
  cr_expect(has(open_site(&p, digest), "http://b/w"));
  cr_expect_str_eq(digest, "");
  struct book *b = book_new(p.arena);
  cr_expect_eq(book_add_compiled(b, file_join(p.arena, p.dir, "none"), p.cache, digest, &e), -1);
  cr_expect_eq(e.code, ERR_IO);
  site_end(&p);
}

/* Any byte of what stands before the definitions, another one: made anew, or read without harm. */
Test(compiled, bears_damage) {
  struct site p = site_of();
  struct error e;
  struct str good;
  char digest[SHA256_HEX + 1];
  open_site(&p, digest);
  cr_assert_eq(file_read(&good, p.arena, file_of(&p), COMPILED_OUT, &e), 0);
  const struct compiled_header *h = (const void *)good.p;
  char key[SHA256_HEX + 1] = "";
  memcpy(key, h->key, SHA256_HEX);
  size_t refused = 0;
  for (size_t at = 0; at < good.n; at++) {
    struct arena *a = arena_new(0);
    struct str bad = arena_str(a, good);
    ((char *)(uintptr_t)bad.p)[at] ^= (char)(at % 2 ? 0xFF : 0x01);
    struct book *b = book_new(a);
    bool used = compiled_use(b, bad, -1, key, p.packages);
    refused += !used;
    cr_expect(!used || at >= offsetof(struct compiled_header, digest), "%zu", at);
    has(b, "http://a/v");
    has(b, "http://b/v");
    arena_free(a);
  }
  cr_expect_gt(refused, offsetof(struct compiled_header, digest), "the header at least");
  for (size_t n = 0; n < good.n; n++) {
    struct arena *a = arena_new(0);
    cr_expect_not(compiled_use(book_new(a), arena_str(a, str_sub(good, 0, n)), -1, key, p.packages), "%zu", n);
    arena_free(a);
  }
  cr_assert_eq(file_write(file_of(&p), str_sub(good, 0, good.n / 2), &e), 0);
  char again[SHA256_HEX + 1];
  cr_expect(has(open_site(&p, again), "http://b/w"), "a cut file is made anew");
  cr_expect_str_eq(digest, again);
  site_end(&p);
}

static ino_t inode_of(const char *path) {
  struct stat st;
  cr_assert_eq(stat(path, &st), 0);
  return st.st_ino;
}

Test(compiled, does_not_trust_what_everybody_may_write) {
  struct site p = site_of();
  struct stat st;
  char digest[SHA256_HEX + 1], again[SHA256_HEX + 1];
  umask(022);
  open_site(&p, digest);
  ino_t first = inode_of(file_of(&p));
  open_site(&p, again);
  cr_expect_eq(inode_of(file_of(&p)), first, "a file of ours is used");
  cr_assert_eq(chmod(file_of(&p), 0666), 0);
  cr_expect(has(open_site(&p, again), "http://b/w"));
  cr_assert_eq(stat(file_of(&p), &st), 0);
  cr_expect_neq(st.st_ino, first, "it is made anew");
  cr_expect(!(st.st_mode & S_IWOTH));
  cr_expect_str_eq(digest, again);
  site_end(&p);
}

Test(compiled, bears_several_processes_at_once) {
  struct site p = site_of();
  pid_t children[4];
  for (size_t i = 0; i < 4; i++) {
    children[i] = fork();
    cr_assert_geq(children[i], 0);
    if (!children[i]) {
      struct error e;
      bool fine = true;
      for (int k = 0; k < 20 && fine; k++) {
        struct arena *a = arena_new(0);
        struct book *b = book_new(a);
        if (i == 0) unlink(file_of(&p)); /* the others meet it at any moment */
        fine = !book_add_compiled(b, p.packages, p.cache, NULL, &e) && has(b, "http://a/v") && has(b, "http://b/w");
        arena_free(a);
      }
      _exit(fine ? 0 : 1);
    }
  }
  for (size_t i = 0; i < 4; i++) {
    int status;
    cr_assert_eq(waitpid(children[i], &status, 0), children[i]);
    cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 0, "child %zu", i);
  }
  site_end(&p);
}

/* All published packages: item for item what the packages themselves give. */
Test(compiled, holds_all_published_packages) {
  if (!shared_folder()) cr_skip_test("no ../shared/packages");
  struct site p = site_of();
  struct book *plain = book_new(p.arena);
  struct error e;
  struct package **x, **y;
  p.packages = file_join(p.arena, shared_folder(), "packages");
  cr_assert_eq(book_add_folder(plain, p.packages, &e), 0, "%s", e.text);
  struct book *compiled = open_site(&p, NULL);
  size_t n = book_packages(&x, plain);
  cr_assert_eq(book_packages(&y, compiled), n);
  for (size_t i = 0; i < n; i++) {
    cr_assert_eq(package_load(x[i], &e), 0);
    cr_assert_eq(package_load(y[i], &e), 0);
    cr_expect(str_eq(x[i]->name, y[i]->name) && str_eq(x[i]->canonical, y[i]->canonical));
    cr_assert_eq(x[i]->items.n, y[i]->items.n);
    for (size_t k = 0; k < x[i]->items.n; k++) {
      const struct package_item *s = x[i]->items.v[k], *t = y[i]->items.v[k];
      cr_expect(str_eq(s->url, t->url) && str_eq(s->version, t->version) && str_eq(s->bytes, t->bytes), "%.*s",
                STR_F(s->file));
    }
  }
  site_end(&p);
}
