#include "fhir/snapshot.h"

#include "base/file.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

/* Generated snapshots against the ones that publishers made. TESTCAMP_SNAPSHOT_SHOW=1 prints what differs (of a row
 * whose id holds the value, when it is another one).
 *
 * Publishers of different years make different snapshots of one differential: a row whose snapshot is not met, while
 * the one published elsewhere for the same definition with the same differential is, counts as disputed. */

#define LIST_MAX (1u << 20)
#define COLUMNS 10

/* What was reached, of 690; equal or disputed: 97 % is the aim. */
#define FLOOR_OWN 676
#define FLOOR_OWN_DISPUTED 678
#define FLOOR_ALL 676
#define FLOOR_ALL_DISPUTED 678

enum column { ROW_ID, ROW_SOURCE, ROW_FILE, ROW_URL, ROW_BASE, ROW_TYPE, ROW_OWN, ROW_SNAPSHOT, ROW_REGISTER };

struct row {
  struct str v[COLUMNS];
};

struct suite {
  struct arena *arena;
  const char *shared;
  const char *show;
  struct book *book;
  enum snapshot_mode mode;
  size_t rows, equal, disputed;
  struct {
    struct outcome *v;
    size_t n, cap;
  } outcomes; /* of packaged rows */
};

/* A definition of the suite, and what was made of it where that is not what was published. */
struct outcome {
  const struct structure *structure;
  const struct elements *made;
};

static const char *shared(void) {
  const char *path = getenv("TESTCAMP_SHARED");
  if (!path) path = TEST_ROOT "/../shared";
  return file_is_dir(path) ? path : NULL;
}

/* --- comparing --- */

static struct str bare(struct str canonical) {
  return canonical_cut(canonical, NULL);
}

static bool same_canonicals(const struct strs *x, const struct strs *y) {
  if (x->n != y->n) return false;
  for (size_t i = 0; i < x->n; i++) {
    size_t k = 0;
    while (k < y->n && !str_eq(bare(x->v[i]), bare(y->v[k]))) k++;
    if (k == y->n) return false;
  }
  return true;
}

static bool same_type(const struct element_type *x, const struct element_type *y) {
  return str_eq(x->code, y->code) && same_canonicals(&x->profiles, &y->profiles) &&
         same_canonicals(&x->targets, &y->targets);
}

static bool same_types(const struct element *x, const struct element *y) {
  if (x->types.n != y->types.n) return false;
  for (size_t i = 0; i < x->types.n; i++) {
    size_t k = 0;
    while (k < y->types.n && !same_type(&x->types.v[i], &y->types.v[k])) k++;
    if (k == y->types.n) return false;
  }
  return true;
}

static bool same_value(const struct element_value *x, const struct element_value *y) {
  if (!x->node || !y->node) return x->node == y->node;
  return str_eq(x->type, y->type) && node_equal(x->node, y->node);
}

static bool same_slicing(const struct element *x, const struct element *y) {
  const struct element_slicing *p = &x->slicing, *q = &y->slicing;
  if (p->there != q->there || p->ordered != q->ordered || p->rules != q->rules ||
      p->discriminators.n != q->discriminators.n)
    return false;
  for (size_t i = 0; i < p->discriminators.n; i++)
    if (p->discriminators.v[i].kind != q->discriminators.v[i].kind ||
        !str_eq(p->discriminators.v[i].path, q->discriminators.v[i].path))
      return false;
  return true;
}

static bool has_key(const struct element *x, struct str key) {
  for (size_t i = 0; i < x->constraints.n; i++)
    if (str_eq(x->constraints.v[i].key, key)) return true;
  return false;
}

static bool same_keys(const struct element *x, const struct element *y) {
  for (size_t i = 0; i < x->constraints.n; i++)
    if (!has_key(y, x->constraints.v[i].key)) return false;
  for (size_t i = 0; i < y->constraints.n; i++)
    if (!has_key(x, y->constraints.v[i].key)) return false;
  return true;
}

static bool same_cardinality(const struct element *x, const struct element *y) {
  return x->min == y->min && x->max == y->max;
}

/* Newer publishers write the URL of the definition before the '#'. */
static struct str target(struct str reference) {
  size_t hash = str_index(reference, '#');
  return hash == SIZE_MAX ? reference : str_sub(reference, hash, reference.n);
}

static bool same_path(const struct element *x, const struct element *y) {
  return str_eq(x->path, y->path) && str_eq(target(x->content_reference), target(y->content_reference));
}

static bool same_binding(const struct element *x, const struct element *y) {
  return x->binding.strength == y->binding.strength && str_eq(bare(x->binding.value_set), bare(y->binding.value_set));
}

static bool same_values(const struct element *x, const struct element *y) {
  return same_value(&x->fixed, &y->fixed) && same_value(&x->pattern, &y->pattern);
}

static const struct {
  const char *name;
  bool (*same)(const struct element *x, const struct element *y);
} aspects[] = {
    {"path", same_path},    {"cardinality", same_cardinality}, {"types", same_types},     {"binding", same_binding},
    {"fixed", same_values}, {"slicing", same_slicing},         {"constraints", same_keys}};

/* --- showing --- */

static void show_strs(struct buf *b, const char *mark, const struct strs *l) {
  for (size_t i = 0; i < l->n; i++) buf_printf(b, "%s%.*s", mark, STR_F(l->v[i]));
}

static void show_element(struct buf *b, const struct element *x) {
  buf_printf(b, "%d..%d %.*s", x->min, x->max, STR_F(x->content_reference));
  for (size_t i = 0; i < x->types.n; i++) {
    buf_printf(b, " %.*s", STR_F(x->types.v[i].code));
    show_strs(b, "(", &x->types.v[i].profiles);
    show_strs(b, "->", &x->types.v[i].targets);
  }
  buf_printf(b, " %s %.*s", binding_strength_name(x->binding.strength), STR_F(x->binding.value_set));
  if (x->fixed.node) buf_printf(b, " fixed %.*s", STR_F(x->fixed.node->text));
  if (x->pattern.node) buf_printf(b, " pattern %.*s", STR_F(x->pattern.node->text));
  if (x->slicing.there)
    buf_printf(b, " slicing %s%s", slicing_rules_name(x->slicing.rules), x->slicing.ordered ? " ordered" : "");
  for (size_t i = 0; i < x->slicing.discriminators.n; i++)
    buf_printf(b, " %s:%.*s", discriminator_kind_name(x->slicing.discriminators.v[i].kind),
               STR_F(x->slicing.discriminators.v[i].path));
  for (size_t i = 0; i < x->constraints.n; i++) buf_printf(b, " {%.*s}", STR_F(x->constraints.v[i].key));
}

static const struct element *by_id(const struct elements *l, struct str id, size_t near) {
  if (near < l->n && str_eq(l->v[near].id, id)) return &l->v[near];
  for (size_t i = 0; i < l->n; i++)
    if (str_eq(l->v[i].id, id)) return &l->v[i];
  return NULL;
}

static size_t element_differences(struct buf *b, const struct element *made, const struct element *wanted) {
  size_t n = 0;
  for (size_t i = 0; i < sizeof aspects / sizeof *aspects; i++) {
    if (aspects[i].same(made, wanted)) continue;
    n++;
    buf_printf(b, "  %.*s: %s\n    made   ", STR_F(wanted->id), aspects[i].name);
    show_element(b, made);
    buf_addz(b, "\n    wanted ");
    show_element(b, wanted);
    buf_byte(b, '\n');
  }
  return n;
}

static size_t differences(struct buf *b, const struct elements *made, const struct elements *wanted) {
  size_t n = 0;
  for (size_t i = 0; i < wanted->n; i++) {
    const struct element *m = by_id(made, wanted->v[i].id, i);
    if (!m) buf_printf(b, "  missing %.*s\n", STR_F(wanted->v[i].id));
    n += m ? element_differences(b, m, &wanted->v[i]) : 1;
  }
  for (size_t i = 0; i < made->n; i++) {
    if (by_id(wanted, made->v[i].id, i)) continue;
    buf_printf(b, "  too many: %.*s\n", STR_F(made->v[i].id));
    n++;
  }
  for (size_t i = 0; !n && i < made->n; i++)
    if (!str_eq(made->v[i].id, wanted->v[i].id)) {
      buf_printf(b, "  order: %.*s\n", STR_F(made->v[i].id));
      n++;
    }
  return n;
}

static bool shown(const struct suite *s, struct str id) {
  return s->show && (str_eqz(str_z(s->show), "1") || str_find(id, str_z(s->show), 0) != SIZE_MAX);
}

static bool check(struct suite *s, struct book *book, const struct row *row, struct structure *made,
                  const struct elements *wanted) {
  struct error e = {0};
  const struct elements *list = NULL;
  struct buf b;
  buf_init(&b, LIST_MAX);
  size_t n = 1;
  if (structure_snapshot(&list, s->arena, book, made, s->mode, &e))
    buf_printf(&b, "  error: %s\n", e.text);
  else
    n = differences(&b, list, wanted);
  if (!n) s->equal++;
  if (n && shown(s, row->v[ROW_ID])) fprintf(stderr, "%.*s: %zu\n%s", STR_F(row->v[ROW_ID]), n, b.p);
  buf_release(&b);
  return !n;
}

/* --- rows --- */

static struct package_item *item_of(struct suite *s, struct str file) {
  size_t bang = str_index(file, '!');
  if (bang == SIZE_MAX) return NULL;
  struct str archive = str_sub(file, 0, bang), member = str_sub(file, bang + 1, file.n);
  struct package **packages;
  size_t n = book_packages(&packages, s->book);
  struct error e = {0};
  for (size_t i = 0; i < n; i++) {
    if (!str_ends(packages[i]->origin, archive)) continue;
    if (package_load(packages[i], &e)) return NULL;
    for (size_t k = 0; k < packages[i]->items.n; k++)
      if (str_eq(packages[i]->items.v[k]->file, member)) return packages[i]->items.v[k];
  }
  return NULL;
}

static void run_packaged(struct suite *s, const struct row *row) {
  struct package_item *item = item_of(s, row->v[ROW_FILE]);
  struct structure *made = item ? book_item_structure(s->book, item) : NULL;
  if (!made) {
    fprintf(stderr, "%.*s: not there\n", STR_F(row->v[ROW_ID]));
    return;
  }
  bool equal = check(s, s->book, row, made, &made->snapshot);
  VEC_PUSH(s->arena, &s->outcomes, ((struct outcome){made, equal ? NULL : &made->generated}));
}

static bool same_differential(const struct structure *x, const struct structure *y) {
  if (x == y || !str_eq(x->url, y->url) || x->differential.n != y->differential.n) return false;
  for (size_t i = 0; i < x->differential.n; i++)
    if (!node_equal(x->differential.v[i].node, y->differential.v[i].node)) return false;
  return true;
}

static bool is_disputed(const struct suite *s, const struct outcome *o) {
  struct buf unused;
  bool found = false;
  buf_init(&unused, LIST_MAX);
  for (size_t i = 0; i < s->outcomes.n && !found; i++) {
    const struct structure *other = s->outcomes.v[i].structure;
    found = same_differential(o->structure, other) && !differences(&unused, o->made, &other->snapshot);
  }
  buf_release(&unused);
  return found;
}

static void count_disputed(struct suite *s) {
  for (size_t i = 0; i < s->outcomes.n; i++) {
    const struct outcome *o = &s->outcomes.v[i];
    if (!o->made || !is_disputed(s, o)) continue;
    s->disputed++;
    if (s->show) fprintf(stderr, "disputed: %.*s %.*s\n", STR_F(o->structure->url), STR_F(o->structure->version));
  }
}

/* The definitions that a row registers, and the other rows' own: the suite runs in one context. */
static void register_files(struct suite *s, struct book *book, struct str names) {
  struct error e = {0};
  char **files;
  size_t n;
  struct str dir = arena_printf(s->arena, "%s/suites/snapshot-rX", s->shared);
  cr_assert_eq(file_list(&files, &n, s->arena, dir.p, &e), 0, "%s", e.text);
  for (size_t i = 0; i < n; i++) {
    struct str file = str_z(files[i]), rest = file, stem = str_cut(&rest, '.'), list = names;
    bool wanted = str_ends(stem, STR("-input")) && !str_ends(file, STR(".snapshot.json"));
    while (list.n) wanted |= str_eq(str_cut(&list, ','), stem);
    if (wanted && book_add_file(book, file_join(s->arena, dir.p, files[i]), &e))
      fprintf(stderr, "%s: %s\n", files[i], e.text);
  }
}

static struct structure *loose(struct suite *s, struct str file) {
  struct error e = {0};
  struct findings f;
  struct str bytes;
  struct node *n;
  enum resource_form form;
  findings_init(&f, s->arena);
  struct str path = arena_printf(s->arena, "%s/suites/%.*s", s->shared, STR_F(file));
  if (file_read(&bytes, s->arena, path.p, LIST_MAX * 4, &e)) return NULL;
  return resource_read(&n, &form, s->arena, (struct source){path, bytes}, &f) ? NULL
                                                                              : structure_read(s->arena, n, NULL);
}

static void run_loose(struct suite *s, const struct row *row) {
  struct error e = {0};
  struct book *book = book_new(s->arena);
  struct str core = arena_printf(s->arena, "%s/packages/hl7.fhir.r4.core-4.0.1.tgz", s->shared);
  cr_assert_eq(book_add_package(book, core.p, &e), 0, "%s", e.text);
  register_files(s, book, row->v[ROW_REGISTER]);
  struct structure *made = loose(s, row->v[ROW_FILE]), *wanted = loose(s, row->v[ROW_SNAPSHOT]);
  if (made && wanted)
    check(s, book, row, made, &wanted->snapshot);
  else
    fprintf(stderr, "%.*s: not there\n", STR_F(row->v[ROW_ID]));
}

static void run_row(struct suite *s, struct str line) {
  struct row row = {0};
  for (size_t i = 0; i < COLUMNS; i++) row.v[i] = str_cut(&line, '\t');
  s->rows++;
  if (str_index(row.v[ROW_FILE], '!') == SIZE_MAX)
    run_loose(s, &row);
  else
    run_packaged(s, &row);
}

static void run_suite(struct suite *s) {
  struct error e = {0};
  struct str list;
  struct str path = arena_printf(s->arena, "%s/suites/snapshot-r4.tsv", s->shared);
  struct str packages = arena_printf(s->arena, "%s/packages", s->shared);
  s->book = book_new(s->arena);
  s->show = getenv("TESTCAMP_SNAPSHOT_SHOW");
  cr_assert_eq(file_read(&list, s->arena, path.p, LIST_MAX, &e), 0, "%s", e.text);
  cr_assert_eq(book_add_folder(s->book, packages.p, &e), 0, "%s", e.text);
  str_cut(&list, '\n');
  while (list.n) run_row(s, str_cut(&list, '\n'));
  count_disputed(s);
  fprintf(stderr, "snapshots equal: %zu, disputed: %zu, of %zu\n", s->equal, s->disputed, s->rows);
}

Test(snapshot_suite, own_differential_over_published_bases) {
  struct suite s = {.shared = shared(), .mode = SNAPSHOT_OWN, .arena = arena_new(0)};
  if (!s.shared) cr_skip_test("shared/suites/snapshot-r4.tsv is not there");
  run_suite(&s);
  cr_expect_geq(s.equal, FLOOR_OWN);
  cr_expect_geq(s.equal + s.disputed, FLOOR_OWN_DISPUTED);
  arena_free(s.arena);
}

Test(snapshot_suite, all_profiles_generated) {
  struct suite s = {.shared = shared(), .mode = SNAPSHOT_ALL, .arena = arena_new(0)};
  if (!s.shared) cr_skip_test("shared/suites/snapshot-r4.tsv is not there");
  run_suite(&s);
  cr_expect_geq(s.equal, FLOOR_ALL);
  cr_expect_geq(s.equal + s.disputed, FLOOR_ALL_DISPUTED);
  arena_free(s.arena);
}
