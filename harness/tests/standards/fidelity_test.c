#include "standards/fidelity.h"

#include "base/file.h"
#include "base/map.h"
#include "formats/yaml.h"

#include <criterion/criterion.h>

static struct arena *a;

static void set_up(void) {
  a = arena_new(0);
}

static void tear_down(void) {
  arena_free(a);
}

TestSuite(fidelity, .init = set_up, .fini = tear_down);

/* The ids and standards of all protocols that are shipped. */
struct shipped {
  struct map ids, standards;
  VEC(struct str) names;
};

static void add_protocol(struct shipped *s, const char *path) {
  struct str bytes;
  struct error e;
  struct findings f;
  struct node *root;
  findings_init(&f, a);
  cr_assert_eq(file_read(&bytes, a, path, 1 << 24, &e), 0, "%s", e.text);
  if (yaml_read(&root, a, (struct source){str_z(path), bytes}, &f) != 0 || !node_child(root, "protocol")) return;
  map_set(&s->ids, node_text_at(root, "protocol"), s);
  struct str standard = node_text_at(node_child(root, "standard"), "name");
  if (!map_get(&s->standards, standard)) VEC_PUSH(a, &s->names, standard);
  map_set(&s->standards, standard, s);
}

static void add_folder(struct shipped *s, const char *dir) {
  char **names;
  size_t n;
  struct error e;
  cr_assert_eq(file_list(&names, &n, a, dir, &e), 0, "%s", e.text);
  for (size_t i = 0; i < n; i++) {
    const char *path = file_join(a, dir, names[i]);
    if (file_is_dir(path))
      add_folder(s, path);
    else if (str_ends(str_z(path), STR(".yaml")))
      add_protocol(s, path);
  }
}

Test(fidelity, the_shipped_notes_are_about_what_there_is) {
  struct shipped s = {0};
  struct fidelity_notes *notes;
  struct error e;
  map_init(&s.ids, a);
  map_init(&s.standards, a);
  add_folder(&s, TEST_ROOT "/protocols");
  cr_assert_gt(s.names.n, 20);
  cr_assert_eq(fidelity_load(&notes, a, TEST_ROOT, &e), 0, "%s", e.text);
  cr_assert_gt(notes->list.n, 20);
  for (size_t i = 0; i < notes->list.n; i++) {
    const struct fidelity_note *n = &notes->list.v[i];
    cr_expect(file_exists(file_join(a, TEST_ROOT, arena_z(a, n->see))), "%.*s", STR_F(n->see));
    for (size_t k = 0; k < n->standards.list.n; k++)
      cr_expect(str_eqz(n->standards.list.v[k], "*") || map_get(&s.standards, n->standards.list.v[k]), "%.*s",
                STR_F(n->standards.list.v[k]));
    for (size_t k = 0; k < n->protocols.list.n; k++)
      cr_expect(map_get(&s.ids, n->protocols.list.v[k]) != NULL, "%.*s", STR_F(n->protocols.list.v[k]));
  }
}

/* Of each standard something of its own is told, not only what is of all. */
Test(fidelity, no_standard_is_without_a_note) {
  struct shipped s = {0};
  struct fidelity_notes *notes;
  struct error e;
  map_init(&s.ids, a);
  map_init(&s.standards, a);
  add_folder(&s, TEST_ROOT "/protocols");
  cr_assert_eq(fidelity_load(&notes, a, TEST_ROOT, &e), 0, "%s", e.text);
  for (size_t i = 0; i < s.names.n; i++) {
    size_t n = 0, all = 0;
    for (size_t k = 0; k < notes->list.n; k++) {
      n += fidelity_concerns(&notes->list.v[k], s.names.v[i], STR(""));
      all += fidelity_concerns(&notes->list.v[k], STR("no standard"), STR(""));
    }
    cr_expect_gt(n, all, "%.*s", STR_F(s.names.v[i]));
  }
}

#define NOTE "en: x, da: y, see: z"

Test(fidelity, a_mistake_is_told_with_its_place) {
  static const struct {
    const char *yaml, *text;
    int line;
  } rows[] = {
      {"notes: 1\n", "\"notes\" is a list", 1},
      {"note: []\n", "did you mean \"notes\"?", 1},
      {"notes:\n  - {is: simple, standards: [A], " NOTE "}\n", "\"simple\" is none of", 2},
      {"notes:\n  - {is: simplified, " NOTE "}\n", "is about \"standards\" or \"protocols\"", 2},
      {"notes:\n  - {is: simplified, standards: A, " NOTE "}\n", "a list of names", 2},
      {"notes:\n  - {is: simplified, standards: [], " NOTE "}\n", "a list of names", 2},
      {"notes:\n  - {is: simplified, standards: [A], en: x, see: z}\n", "\"da\" is missing", 2},
      {"notes: [\n", "", 0},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct fidelity_notes *notes;
    struct error e = {0};
    cr_expect_eq(fidelity_read(&notes, a, (struct source){STR("f"), str_z(rows[i].yaml)}, &e), -1, "row %zu", i);
    cr_expect_neq(str_find(str_z(e.text), str_z(rows[i].text), 0), SIZE_MAX, "row %zu: %s", i, e.text);
    cr_expect(!rows[i].line || e.line == rows[i].line, "row %zu: line %d", i, e.line);
  }
}

Test(fidelity, a_note_concerns_standards_and_protocols) {
  static const char *const yaml = "notes:\n  - {is: differs, standards: [A], protocols: [p], " NOTE "}\n"
                                  "  - {is: not-shown, standards: [\"*\"], " NOTE "}\n";
  struct fidelity_notes *notes;
  struct error e;
  cr_assert_eq(fidelity_read(&notes, a, (struct source){STR("f"), str_z(yaml)}, &e), 0, "%s", e.text);
  const struct fidelity_note *n = &notes->list.v[0];
  cr_expect(fidelity_concerns(n, STR("A"), STR("q")));
  cr_expect(fidelity_concerns(n, STR("B"), STR("p")));
  cr_expect(!fidelity_concerns(n, STR("B"), STR("A")));
  cr_expect(fidelity_concerns(&notes->list.v[1], STR("B"), STR("q")));
  cr_expect_str_eq(fidelity_name(n->is), "differs");
}

Test(fidelity, a_folder_without_notes_has_none) {
  struct fidelity_notes *notes;
  struct error e;
  cr_assert_eq(fidelity_load(&notes, a, "/nowhere", &e), 0);
  cr_expect_eq(notes->list.n, 0);
}
