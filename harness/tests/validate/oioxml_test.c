/* Letters by the shipped structures and by MedCom's schemas: on the published samples both find nothing, and what was
 * broken in them is found by both in the same way. The samples and the schemas are shared material; without it these
 * tests are skipped. */
#include <criterion/criterion.h>

#include "base/file.h"
#include "formats/xml.h"
#include "tests/validate/letters_made.h"
#include "tests/validate/shared.h"
#include "validate/letter_shelf.h"

#define SAMPLES "legacy/edi-oioxml/test/complete/files/xml"
#define SCHEMAS "legacy/edi-oioxml/data/xml/Schemas"
#define SAMPLES_N 42
#define SAMPLE_MAX ((size_t)1 << 20)
#define BREAKAGES 6      /* of a kind and a sample */
#define BREAKAGES_MADE 2 /* of a kind and a letter that was made */
#define ELEMENTS_MAX 2000
#define LONGEST 359

/* What kinds of mistake a finding can be of, in both. A code is a pattern in some schemas, or both. */
enum fault { CONTENT = 1, LENGTH = 2, CODE = 4, VALUE = 8, RANGE = 16, TEXT = 32, OTHER = 64 };

struct world {
  struct arena *arena;
  const char *shared;
  struct letter_shelf by_structure, by_schema;
};

static bool open_world(struct world *w) {
  w->arena = arena_new(0);
  w->shared = shared_dir(w->arena);
  if (!w->shared || !file_is_dir(file_join(w->arena, w->shared, SAMPLES))) {
    arena_free(w->arena);
    return false;
  }
  letter_shelf_init(&w->by_structure, w->arena, NULL);
  letter_shelf_init(&w->by_schema, w->arena, file_join(w->arena, w->shared, SCHEMAS));
  w->by_structure.data_dir = w->by_schema.data_dir = TEST_ROOT;
  return true;
}

static void judge(struct findings *f, struct arena *a, struct source src, struct letter_shelf *by) {
  struct message m;
  findings_init(f, a);
  message_read_by(&m, a, src, &(struct message_options){.letters = by});
  cr_assert(m.letter, "%.*s is no letter", STR_F(src.name));
  validate_message(&m, VALIDATE_BUNDLE, NULL, f);
}

static unsigned fault_of(const struct finding *x) {
  static const struct {
    const char *of_structure, *of_schema;
    enum fault fault;
  } rows[] = {{"oioxml.element.missing", "content", CONTENT},
              {"oioxml.element.missing-one", NULL, CONTENT},
              {"oioxml.element.repeated", NULL, CONTENT},
              {"oioxml.element.order", NULL, CONTENT},
              {"oioxml.element.choice", NULL, CONTENT},
              {"oioxml.element.unknown", NULL, CONTENT},
              {"oioxml.formatted-text", NULL, CONTENT},
              {"oioxml.length", "length", LENGTH},
              {"oioxml.code", "enumeration", CODE},
              {"oioxml.pattern", "pattern", CODE},
              {"oioxml.value", "value", VALUE},
              {"oioxml.range", "range", RANGE},
              {"oioxml.range.decimals", NULL, RANGE},
              {"oioxml.range.digits", NULL, RANGE},
              {"oioxml.text", "text", TEXT}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    if (str_eqz(x->rule, rows[i].of_structure)) return rows[i].fault;
    if (str_eqz(x->rule, "oioxml.schema") && rows[i].of_schema && str_eqz(x->constraint, rows[i].of_schema))
      return rows[i].fault;
  }
  return str_eqz(x->rule, "oioxml.schema") ? OTHER : 0;
}

/* Which version the letter is, the catalogue says; a schema that contradicts itself there takes none (2010/07/01). */
static bool is_of_catalogue(const struct finding *x) {
  return str_ends(x->where.path, STR("/Letter/VersionCode")) || str_ends(x->where.path, STR("/Letter/TypeCode"));
}

/* Named rules are the same in both; what differs is the structure. */
static unsigned faults_of(const struct findings *f) {
  unsigned all = 0;
  for (size_t i = 0; i < f->list.n; i++) {
    const struct finding *x = &f->list.v[i];
    if (x->severity == SEV_ERROR) all |= fault_of(x) & ~(is_of_catalogue(x) ? CODE : 0u);
  }
  return all;
}

static size_t each_sample(struct world *w, void (*fn)(struct world *w, struct arena *a, struct source src)) {
  char **names;
  size_t n, samples = 0;
  struct error e;
  const char *dir = file_join(w->arena, w->shared, SAMPLES);
  cr_assert_eq(file_list(&names, &n, w->arena, dir, &e), 0, "%s", e.text);
  for (size_t i = 0; i < n; i++) {
    if (!str_ends(str_z(names[i]), STR(".xml"))) continue;
    struct arena *a = arena_new(0);
    struct source src = {.name = str_z(names[i])};
    cr_assert_eq(file_read(&src.bytes, a, file_join(a, dir, names[i]), SAMPLE_MAX, &e), 0, "%s", e.text);
    fn(w, a, src);
    arena_free(a);
    samples++;
  }
  return samples;
}

static void expect_sound(struct world *w, struct arena *a, struct source src) {
  struct letter_shelf *const by[] = {&w->by_structure, &w->by_schema};
  for (size_t i = 0; i < 2; i++) {
    struct findings f;
    judge(&f, a, src, by[i]);
    cr_expect_leq(findings_worst(&f), SEV_INFO, "%.*s, %s: %.*s", STR_F(src.name), i ? "schema" : "structure",
                  STR_F(shared_list(a, &f)));
  }
}

Test(oioxml, samples_are_sound_by_structure_and_by_schema) {
  struct world w;
  if (!open_world(&w)) cr_skip_test("no shared material");
  cr_expect_eq(each_sample(&w, expect_sound), SAMPLES_N);
  arena_free(w.arena);
}

/* --- broken on purpose ------------------------------------------------------------------- */

static void drop(struct arena *a, struct node *n) {
  (void)a;
  node_remove(n);
}

static void put_behind(struct node *n, struct node *child) {
  child->parent = n->parent;
  child->next = n->next;
  if (!n->next) n->parent->last = child;
  n->next = child;
  n->parent->count++;
}

static void double_it(struct arena *a, struct node *n) {
  put_behind(n, node_copy(a, n));
}

static void swap(struct arena *a, struct node *n) {
  struct node *other = n->next;
  (void)a;
  if (!other) return;
  node_remove(n);
  put_behind(other, n);
}

static void set_text(struct node *n, struct str text) {
  if (n->first || !str_trim(n->text).n) return;
  n->text = text;
}

/* Of any length, so that it is one too long now and then. */
static void overlong(struct arena *a, struct node *n) {
  static size_t length;
  char many[LONGEST];
  memset(many, 'x', sizeof many);
  set_text(n, arena_str(a, (struct str){many, (length++ * 13) % LONGEST}));
}

static void wrong_code(struct arena *a, struct node *n) {
  (void)a;
  set_text(n, STR("zz"));
}

static void empty(struct arena *a, struct node *n) {
  (void)a;
  set_text(n, (struct str){0});
}

/* What each kind of breakage may be found as, if it is one at all: written before anything was run. */
static const struct {
  const char *name;
  void (*breaks)(struct arena *a, struct node *n);
  unsigned faults;
} kinds[] = {{"drop", drop, CONTENT},
             {"double", double_it, CONTENT},
             {"swap", swap, CONTENT},
             {"overlong", overlong, LENGTH | CODE | VALUE},
             {"wrong code", wrong_code, LENGTH | CODE | VALUE},
             {"empty", empty, LENGTH | CODE | VALUE}};

#define KINDS (sizeof kinds / sizeof *kinds)

struct nodes {
  struct node *v[ELEMENTS_MAX];
  size_t n;
};

/* All but the Emessage, and what says which version the letter is: that decides what it is judged by. */
static void collect(struct nodes *out, struct node *n) {
  for (struct node *c = n->first; c; c = c->next) {
    if (c->kind != NODE_ELEMENT || out->n == ELEMENTS_MAX) continue;
    if (str_eqz(c->name, "VersionCode") || str_eqz(c->name, "TypeCode")) continue;
    if (n->parent) out->v[out->n++] = c;
    collect(out, c);
  }
}

static size_t broken_n, found_n;

static void expect_same(struct world *w, struct arena *a, struct source src, size_t kind, struct str path) {
  struct findings one, other;
  judge(&one, a, src, &w->by_structure);
  judge(&other, a, src, &w->by_schema);
  unsigned x = faults_of(&one), y = faults_of(&other);
  const char *name = kind < KINDS ? kinds[kind].name : "sound";
  broken_n++;
  found_n += y != 0;
  cr_expect_eq(x, y, "%.*s, %s %.*s: structure %x, schema %x\n%.*s--\n%.*s", STR_F(src.name), name, STR_F(path), x, y,
               STR_F(shared_list(a, &one)), STR_F(shared_list(a, &other)));
  cr_expect_eq(x & ~(kind < KINDS ? kinds[kind].faults : 0), 0, "%.*s, %s %.*s is found as %x", STR_F(src.name), name,
               STR_F(path), x);
}

/* The element with number `at` of a fresh tree is broken; false if there is none. */
static bool break_one(struct world *w, struct source src, size_t kind, size_t at) {
  struct arena *a = arena_new(0);
  struct nodes all = {.n = 0};
  struct findings f;
  struct node *root;
  struct buf b;
  findings_init(&f, a);
  cr_assert_eq(xml_read(&root, a, src, &f), 0);
  collect(&all, root);
  bool there = at < all.n;
  if (there) {
    struct str path = node_path(a, all.v[at]);
    kinds[kind].breaks(a, all.v[at]);
    buf_init(&b, SAMPLE_MAX);
    xml_write(&b, root, 0);
    struct source broken = {src.name, buf_take(&b, a)};
    expect_same(w, a, broken, kind, path);
  }
  arena_free(a);
  return there;
}

/* Other elements in every sample, so that together they are many. */
static void break_often(struct world *w, struct source src, size_t times) {
  static size_t turn;
  for (size_t kind = 0; kind < KINDS; kind++)
    for (size_t i = 0; i < times; i++)
      if (!break_one(w, src, kind, (turn++ * 7) % 97)) break_one(w, src, kind, turn % 11);
}

static void break_sample(struct world *w, struct arena *a, struct source src) {
  (void)a;
  break_often(w, src, BREAKAGES);
}

Test(oioxml, breakages_are_found_by_structure_as_by_schema) {
  struct world w;
  if (!open_world(&w)) cr_skip_test("no shared material");
  each_sample(&w, break_sample);
  cr_expect_gt(broken_n, SAMPLES_N * BREAKAGES * 5);
  cr_expect_gt(found_n, broken_n / 3, "%zu of %zu are found at all", found_n, broken_n);
  arena_free(w.arena);
}

/* --- letters made from the outlines -------------------------------------------------------- */

#define MADE_MIN 70
#define TURNS 3

/* Two schemas cannot be used as they are published: each refers to files that are not there. */
static bool is_whole(struct str ns) {
  return str_find(ns, STR("/2015/02/16/"), 0) == SIZE_MAX && str_find(ns, STR("/2004/06/01/"), 0) == SIZE_MAX;
}

static void make_and_compare(struct world *w, const struct letter_type *t, struct str ns) {
  const struct outline *o;
  struct error e;
  cr_assert_eq(letter_shelf_structure(&w->by_structure, ns, &o, &e), 0, "%s", e.text);
  cr_assert_not_null(o, "%.*s", STR_F(ns));
  for (size_t turn = 0; turn < TURNS; turn++) {
    struct arena *a = arena_new(0);
    struct source src = {t->xml.version, letter_made(a, o, t, turn)};
    expect_same(w, a, src, SIZE_MAX, STR("as made"));
    break_often(w, src, BREAKAGES_MADE);
    arena_free(a);
  }
}

static size_t each_outline(struct world *w, void (*fn)(struct world *w, const struct letter_type *t, struct str ns)) {
  const struct letters *l;
  struct error e;
  size_t n = 0;
  cr_assert_eq(letter_shelf_letters(&w->by_structure, &l, &e), 0, "%s", e.text);
  for (size_t i = 0; i < l->list.n; i++) {
    const struct letter_type *t = &l->list.v[i];
    for (size_t k = 0; t->xml.fidelity == LETTER_FULL && k < t->namespaces.n; k++) {
      if (!is_whole(t->namespaces.v[k])) continue;
      fn(w, t, t->namespaces.v[k]);
      n++;
    }
  }
  return n;
}

Test(oioxml, letters_made_from_the_outlines_are_judged_alike) {
  struct world w;
  if (!open_world(&w)) cr_skip_test("no shared material");
  cr_expect_gt(each_outline(&w, make_and_compare), MADE_MIN);
  arena_free(w.arena);
}
