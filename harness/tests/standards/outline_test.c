#include "standards/outline.h"

#include <criterion/criterion.h>

#include "base/file.h"
#include "standards/letters.h"

#define SMALL                                                                                                          \
  "namespace\turn:x\n"                                                                                                 \
  "complex\tEmessage\n"                                                                                                \
  " Envelope\t1..1\tE\n"                                                                                               \
  " |\t0..2\n"                                                                                                         \
  "  A\t0..1\tstring\t#1..3\t=a\t=b\n"                                                                                 \
  "  &\t1..1\n"                                                                                                        \
  "   B\t0..1\t-\n"                                                                                                    \
  "    C\t1..*\tint\tmin=1\tbelow=3\n"                                                                                 \
  "   D\t1..1\tany\n"                                                                                                  \
  "complex\tE\tmixed\n"                                                                                                \
  "simple\tF\tdecimal\tfraction=2\tdigits=5\t~[0-9]+\n"

static struct outline *read_it(struct arena *a, const char *text) {
  struct outline *o;
  struct error e;
  cr_assert_eq(outline_read(&o, a, (struct source){STR("x"), str_z(text)}, &e), 0, "%d: %s", e.line, e.text);
  return o;
}

Test(outline, what_stands_where) {
  struct arena *a = arena_new(0);
  const struct outline *o = read_it(a, SMALL);
  const struct outline_particle *envelope = o->root->first, *choice = envelope->next, *b, *code;
  cr_assert(str_eqz(o->ns, "urn:x"));
  cr_assert(envelope->type->mixed && !envelope->type->first);
  cr_assert_eq(choice->order, OUTLINE_CHOICE);
  cr_assert_eq(choice->max, 2);
  cr_assert_null(choice->next);
  b = outline_find(o->root, STR("B"));
  cr_assert(b && b->parent->order == OUTLINE_SEQUENCE && b->parent->parent == choice);
  code = b->type->first;
  cr_assert_eq(code->max, OUTLINE_MANY);
  cr_assert(code->type->facets.has_min && code->type->facets.has_below && !code->type->facets.has_max);
  cr_assert_null(outline_find(o->root, STR("C")), "it stands deeper");
  cr_assert_eq(outline_find(o->root, STR("A"))->type->facets.codes.n, 2);
  arena_free(a);
}

Test(outline, what_may_begin_and_what_may_be_empty) {
  struct arena *a = arena_new(0);
  const struct outline *o = read_it(a, SMALL);
  const struct outline_particle *choice = o->root->first->next, *sequence = choice->first->next;
  cr_expect(outline_starts(choice, STR("A")) && outline_starts(choice, STR("B")) && outline_starts(choice, STR("D")));
  cr_expect_not(outline_starts(choice, STR("C")));
  cr_expect(outline_may_be_empty(choice));
  cr_expect_not(outline_may_be_empty(sequence), "D is required");
  cr_expect(outline_may_be_empty(sequence->first));
  arena_free(a);
}

Test(outline, mistakes_are_told_with_their_line) {
  static const struct {
    const char *text;
    int line;
    const char *why;
  } rows[] = {{"complex\tEmessage\n", 0, "namespace"},
              {"namespace\tx\nnamespace\ty\n", 2, "once"},
              {"namespace\tx\n", 0, "Emessage"},
              {"namespace\tx\ncomplex\tEmessage\n A\t0..1\tNone\n", 3, "there is no type"},
              {"namespace\tx\ncomplex\tEmessage\n A\t2..1\tany\n", 3, "how often"},
              {"namespace\tx\ncomplex\tEmessage\n A\t0..0\tany\n", 3, "how often"},
              {"namespace\tx\ncomplex\tEmessage\n   A\t0..1\tany\n", 3, "deeper"},
              {"namespace\tx\ncomplex\tEmessage\n A\t0..1\tstring\tlong\n", 3, "facet"},
              {"namespace\tx\ncomplex\tA\ncomplex\tA\n", 3, "already"},
              {"namespace\tx\nsimple\tA\tbool\n", 2, "base"},
              {"namespace\tx\nsimple\tA\tint\n B\t0..1\tany\n", 3, "deeper"},
              {"namespace\t\xe6\n", 1, "UTF-8"}};
  struct arena *a = arena_new(0);
  struct outline *o;
  struct error e;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    cr_expect_eq(outline_read(&o, a, (struct source){STR("x"), str_z(rows[i].text)}, &e), -1, "%zu", i);
    cr_expect_eq(e.line, rows[i].line, "%zu: %d %s", i, e.line, e.text);
    cr_expect_neq(str_find(str_z(e.text), str_z(rows[i].why), 0), SIZE_MAX, "%zu: %s", i, e.text);
  }
  arena_free(a);
}

/* Every letter that is said to be known in full has its outline, but for the namespace of 2004, which nobody uses. */
Test(outline, letters_that_are_known_in_full_have_one) {
  struct arena *a = arena_new(0);
  struct letters *l;
  struct error e;
  cr_assert_eq(letters_load(&l, a, TEST_ROOT, &e), 0, "%s", e.text);
  for (size_t i = 0; i < l->list.n; i++) {
    const struct letter_type *t = &l->list.v[i];
    struct outline *o;
    for (size_t k = 0; t->xml.fidelity == LETTER_FULL && k < t->namespaces.n; k++) {
      if (str_find(t->namespaces.v[k], STR("/2004/"), 0) != SIZE_MAX) continue;
      cr_assert_eq(outline_load(&o, a, TEST_ROOT, t->namespaces.v[k], &e), 0, "%s:%d: %s", e.file, e.line, e.text);
      cr_assert(o && str_eq(o->ns, t->namespaces.v[k]), "%.*s", STR_F(t->namespaces.v[k]));
      cr_expect(outline_find(o->root, t->element), "%.*s", STR_F(t->xml.version));
    }
  }
  arena_free(a);
}
