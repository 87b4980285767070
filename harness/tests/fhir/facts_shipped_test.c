#include "fhir/facts.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "facts_compare.h"
#include "facts_scope.h"
#include "fhir/snapshot.h"

#define FACTS_DIR TEST_ROOT "/" FACTS_PACKAGES
#define SHOWN_MAX ((size_t)1 << 20) /* bytes of differences that are shown */

/* Sizes that keep the files reviewable. */
#define CORE_MAX 470000
#define REST_MAX 430000

/* Made anew in the folder that TESTCAMP_FACTS_WRITE names. */
Test(facts_shipped, written_where_asked) {
  const char *dir = getenv("TESTCAMP_FACTS_WRITE");
  if (!dir) cr_skip_test("TESTCAMP_FACTS_WRITE is not set");
  struct arena *a = arena_new(0);
  struct facts_scope s;
  struct error e = {0};
  cr_assert(facts_scope_read(&s, a));
  struct facts_choice choice = {facts_scope_wants, facts_scope_keeps_snapshot, &s};
  cr_assert_eq(file_mkdirs(dir, &e), 0, "%s", e.text);
  for (size_t i = 0; i < s.packages.n; i++) {
    struct package *p = s.packages.v[i];
    struct buf b;
    buf_init(&b, FACTS_FILE_MAX);
    cr_assert_eq(facts_write(&b, a, p, &choice, &e), 0, "%s", e.text);
    struct str name = arena_printf(a, "%s/%.*s@%.*s" FACTS_SUFFIX, dir, STR_F(p->name), STR_F(p->version));
    cr_assert_eq(file_write(name.p, buf_str(&b), &e), 0, "%s", e.text);
    buf_release(&b);
  }
  arena_free(a);
}

/* --- shipped against published --- */

struct both {
  struct arena *arena;
  struct facts_scope scope; /* published */
  struct book *shipped;
  struct buf shown;
  size_t definitions, elements, codes, different;
};

static struct both *both_new(void) {
  struct arena *a = arena_new(0);
  struct both *b = ARENA_NEW(a, struct both);
  struct error e = {0};
  b->arena = a;
  if (!facts_scope_read(&b->scope, a)) {
    arena_free(a);
    cr_skip_test("shared/packages is not there");
  }
  b->shipped = book_new(a);
  cr_assert_eq(book_add_facts(b->shipped, FACTS_DIR, &e), 0, "%s:%d: %s", e.file, e.line, e.text);
  buf_init(&b->shown, SHOWN_MAX);
  return b;
}

static void both_free(struct both *b) {
  if (b->shown.n) fputs(b->shown.p, stderr);
  buf_release(&b->shown);
  arena_free(b->arena);
}

/* The shipped counterpart of a published definition. */
static struct package_item *counterpart(struct both *b, const struct package_item *item) {
  const struct package *p = item->package;
  struct package *shipped = book_package(b->shipped, p->name, p->version);
  if (!shipped || !str_eq(shipped->version, p->version)) return NULL;
  return package_find(shipped, item->type, item->url, item->version);
}

/* What a definition without a version has: that of its package. */
static void complete(struct str *version, const struct package_item *item) {
  if (!version->n) *version = item->version;
}

static size_t compare(struct both *b, struct package_item *x, struct package_item *y) {
  const struct node *n = package_item_node(x, b->arena), *m = package_item_node(y, b->arena);
  if (!n || !m) return 1;
  if (str_eqz(x->type, "StructureDefinition")) {
    struct structure *p = structure_read(b->arena, n, x->package), *q = structure_read(b->arena, m, y->package);
    b->elements += p->differential.n;
    complete(&p->version, x);
    return compare_structures(&b->shown, p, q);
  }
  if (str_eqz(x->type, "ValueSet")) {
    struct value_set *p = value_set_read(b->arena, n, x->package), *q = value_set_read(b->arena, m, y->package);
    complete(&p->version, x);
    return compare_value_sets(&b->shown, p, q);
  }
  struct code_system *p = code_system_read(b->arena, n, x->package), *q = code_system_read(b->arena, m, y->package);
  b->codes += p->concepts.n;
  complete(&p->version, x);
  return compare_code_systems(&b->shown, p, q);
}

static bool is_shipped_kind(const struct package_item *item) {
  return item->url.n && (str_eqz(item->type, "StructureDefinition") || str_eqz(item->type, "ValueSet") ||
                         str_eqz(item->type, "CodeSystem"));
}

Test(facts_shipped, say_what_the_published_packages_say) {
  struct both *b = both_new();
  for (size_t i = 0; i < b->scope.items.n; i++) {
    struct package_item *x = b->scope.items.v[i];
    if (!is_shipped_kind(x)) continue;
    struct package_item *y = counterpart(b, x);
    b->definitions++;
    if (y && !compare(b, x, y)) continue;
    buf_printf(&b->shown, "%s %.*s of %.*s\n", y ? "differs:" : "not shipped:", STR_F(x->url), STR_F(x->package->name));
    b->different++;
  }
  fprintf(stderr, "facts: %zu definitions, %zu elements, %zu codes; different: %zu\n", b->definitions, b->elements,
          b->codes, b->different);
  size_t different = b->different, definitions = b->definitions;
  both_free(b);
  cr_expect_eq(different, 0);
  cr_expect_gt(definitions, 900);
}

/* The published snapshots are set aside, so that both sides are made from differentials by the same generator: those of
 * the base types are not pristine. What builds on nothing has no other elements than its own. */
static void forget_snapshots(struct both *b) {
  for (size_t i = 0; i < b->scope.items.n; i++) {
    struct structure *s = book_item_structure(b->scope.book, b->scope.items.v[i]);
    if (s && !facts_scope_keeps_snapshot(NULL, b->scope.items.v[i]))
      s->snapshot = s->base.n ? (struct elements){0} : s->differential;
  }
}

static const struct elements *snapshot(struct both *b, struct book *book, struct package_item *item) {
  struct error e = {0};
  const struct elements *list;
  struct structure *s = item ? book_item_structure(book, item) : NULL;
  if (s && !structure_snapshot(&list, b->arena, book, s, SNAPSHOT_PUBLISHED, &e)) return list;
  if (item) buf_printf(&b->shown, "%.*s: %s\n", STR_F(item->url), e.text);
  return NULL;
}

Test(facts_shipped, give_the_snapshots_of_the_published_packages) {
  struct both *b = both_new();
  forget_snapshots(b);
  for (size_t i = 0; i < b->scope.items.n; i++) {
    struct package_item *item = b->scope.items.v[i];
    if (!str_eqz(item->type, "StructureDefinition")) continue;
    const struct elements *x = snapshot(b, b->scope.book, item), *y = snapshot(b, b->shipped, counterpart(b, item));
    b->definitions++;
    if (x && y) b->elements += x->n;
    if (x == y || (x && y && !compare_elements(&b->shown, x, y))) continue;
    buf_printf(&b->shown, "differs: snapshot of %.*s of %.*s@%.*s\n", STR_F(item->url), STR_F(item->package->name),
               STR_F(item->package->version));
    b->different++;
  }
  fprintf(stderr, "facts: %zu snapshots, %zu elements; different: %zu\n", b->definitions, b->elements, b->different);
  size_t different = b->different, definitions = b->definitions;
  both_free(b);
  cr_expect_eq(different, 0);
  cr_expect_gt(definitions, 400);
}

/* --- the files themselves --- */

Test(facts_shipped, can_all_be_read) {
  struct arena *a = arena_new(0);
  struct book *b = book_new(a);
  struct error e = {0};
  struct package **packages;
  size_t items = 0;
  cr_assert_eq(book_add_facts(b, FACTS_DIR, &e), 0, "%s:%d: %s", e.file, e.line, e.text);
  size_t n = book_packages(&packages, b);
  cr_expect_geq(n, 38);
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < packages[i]->items.n; k++) {
      struct package_item *item = packages[i]->items.v[k];
      const struct node *node = package_item_node(item, a);
      cr_expect(node, "%s:%d: %s", item->why ? item->why->file : "", item->why ? item->why->line : 0,
                item->why ? item->why->text : "");
      items++;
    }
  cr_expect_gt(items, 1500);
  arena_free(a);
}

static bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

/* Words of FHIRPath between names are no prose. */
static bool is_operator(struct str word) {
  static const char *const operators[] = {"and", "or", "xor", "implies", "in", "contains", "is", "as", "div", "mod"};
  for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
    if (str_eqz(word, operators[i])) return true;
  return false;
}

/* The most words in a row with one blank between them. */
static size_t longest_prose(struct str line) {
  size_t best = 0, run = 0;
  for (size_t i = 0; i < line.n;) {
    size_t from = i;
    while (i < line.n && is_letter(line.p[i])) i++;
    struct str word = str_sub(line, from, i);
    run = word.n && !is_operator(word) ? run + 1 : 0;
    if (run > best) best = run;
    if (i < line.n && line.p[i] != ' ') run = 0;
    i++;
  }
  return best;
}

Test(facts_shipped, words_in_a_row_are_counted) {
  cr_expect_eq(longest_prose(STR("a constraint that says too much")), 6);
  cr_expect_eq(longest_prose(STR("one two, three four five")), 3);
  cr_expect_eq(longest_prose(STR("name or telecom or address or url or id or text")), 1);
  cr_expect_eq(longest_prose(STR("")), 0);
}

/* Each file's bytes, in order of names. */
static size_t facts_files(struct source **out, struct arena *a) {
  char **names;
  size_t n;
  struct error e = {0};
  cr_assert_eq(file_list(&names, &n, a, FACTS_DIR, &e), 0, "%s", e.text);
  *out = ARENA_ARRAY(a, struct source, n);
  for (size_t i = 0; i < n; i++) {
    (*out)[i].name = str_z(names[i]);
    cr_assert_eq(file_map(&(*out)[i].bytes, a, file_join(a, FACTS_DIR, names[i]), FACTS_FILE_MAX, &e), 0, "%s", e.text);
  }
  return n;
}

#define PROSE_MIN 6 /* words that make a sentence */

Test(facts_shipped, hold_no_prose) {
  struct arena *a = arena_new(0);
  struct source *files;
  size_t n = facts_files(&files, a), lines = 0;
  for (size_t i = 0; i < n; i++) {
    struct str rest = files[i].bytes;
    for (int line = 1; rest.n; line++) {
      struct str text = str_cut(&rest, '\n');
      lines++;
      cr_expect_lt(longest_prose(text), PROSE_MIN, "%.*s:%d: %.*s", STR_F(files[i].name), line, STR_F(text));
    }
  }
  cr_expect_gt(lines, 20000);
  arena_free(a);
}

Test(facts_shipped, are_small) {
  struct arena *a = arena_new(0);
  struct source *files;
  size_t n = facts_files(&files, a), core = 0, rest = 0;
  for (size_t i = 0; i < n; i++) {
    size_t *to = str_starts(files[i].name, STR("hl7.fhir.r4.core@")) ? &core : &rest;
    *to += files[i].bytes.n;
  }
  fprintf(stderr, "facts: R4 %zu bytes, the rest %zu bytes in %zu files\n", core, rest, n - 1);
  cr_expect_leq(core, CORE_MAX);
  cr_expect_leq(rest, REST_MAX);
  arena_free(a);
}
