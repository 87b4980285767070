#include "fhir/image.h"

#include <criterion/criterion.h>

#include "fhir/resource.h"
#include "tests/fhir/packing.h"

#define IMAGE_OUT ((size_t)64 << 20)

static const char structure_json[] =
    "{\"resourceType\":\"StructureDefinition\",\"url\":\"http://p\",\"version\":\"1\",\"type\":\"Patient\",\"kind\":"
    "\"resource\",\"derivation\":\"constraint\",\"context\":[{\"type\":\"element\",\"expression\":\"Patient\"}],"
    "\"differential\":{\"element\":[{\"id\":\"Patient\",\"path\":\"Patient\",\"min\":1,\"max\":\"2\",\"type\":[{"
    "\"code\":"
    "\"Reference\",\"targetProfile\":[\"http://a\",\"http://b\"]}],\"slicing\":{\"discriminator\":[{\"type\":\"type\","
    "\"path\":\"$this\"}],\"rules\":\"closed\"},\"patternCodeableConcept\":{\"coding\":[{\"code\":\"a\"},{\"code\":"
    "\"b\"}],"
    "\"text\":\"Patient\"},\"constraint\":[{\"key\":\"k\",\"severity\":\"error\",\"expression\":\"true\"}]},{\"id\":"
    "\"x\"}]}}";

static struct node *read_json(struct arena *a, struct str json) {
  struct findings f;
  struct node *n = NULL;
  enum resource_form form;
  findings_init(&f, a);
  cr_assert_eq(resource_read(&n, &form, a, (struct source){STR("x"), json}, &f), 0);
  return n;
}

static void *open_image(struct arena *a, enum image_kind kind, const struct buf *image) {
  char *bytes = arena_z(a, buf_str(image));
  return image_open(a, kind, bytes, image->n, NULL);
}

Test(image, holds_all_of_a_structure) {
  struct arena *a = arena_new(0), *first = arena_new(0);
  struct buf out;
  buf_init(&out, IMAGE_OUT);
  struct structure *s = structure_read(first, read_json(first, str_z(structure_json)), NULL);
  cr_assert(image_make(&out, IMAGE_STRUCTURE, s));
  arena_free(first);
  s = open_image(a, IMAGE_STRUCTURE, &out);
  cr_assert(s);
  cr_expect(str_eqz(s->url, "http://p") && str_eqz(s->version, "1") && str_eqz(s->type, "Patient"));
  cr_expect_eq(s->derivation, DERIVATION_CONSTRAINT);
  cr_expect_null(s->node);
  cr_assert_eq(s->contexts.n, 1);
  cr_expect(str_eqz(s->contexts.v[0].expression, "Patient"));
  cr_expect_eq(s->snapshot.n, 0);
  cr_assert_eq(s->differential.n, 2);
  const struct element *e = &s->differential.v[0];
  cr_expect(e->has_min && e->has_max && e->min == 1 && e->max == 2);
  cr_assert_eq(e->types.n, 1);
  cr_assert_eq(e->types.v[0].targets.n, 2);
  cr_expect(str_eqz(e->types.v[0].targets.v[1], "http://b"));
  cr_expect_eq(e->slicing.rules, SLICING_CLOSED);
  cr_expect(str_eqz(e->slicing.discriminators.v[0].path, "$this"));
  cr_expect(str_eqz(e->pattern.type, "CodeableConcept"));
  cr_assert_eq(e->pattern.node->count, 3);
  const struct node *second = e->pattern.node->first->next;
  cr_expect(str_eqz(node_text_at(second, "code"), "b"));
  cr_expect_eq(second->parent, e->pattern.node);
  cr_expect_eq(second->next, e->pattern.node->last);
  cr_expect(str_eqz(second->next->text, "Patient"));
  cr_expect_null(e->fixed.node);
  cr_expect(str_eqz(e->constraints.v[0].key, "k"));
  cr_expect_not_null(e->node, "it is there");
  cr_expect(str_eqz(s->differential.v[1].id, "x"));
  buf_release(&out);
  arena_free(a);
}

Test(image, lets_lists_grow) {
  struct arena *a = arena_new(0);
  struct buf out;
  buf_init(&out, IMAGE_OUT);
  cr_assert(image_make(&out, IMAGE_STRUCTURE, structure_read(a, read_json(a, str_z(structure_json)), NULL)));
  struct structure *s = open_image(a, IMAGE_STRUCTURE, &out);
  for (int i = 0; i < 10; i++) VEC_PUSH(a, &s->imposes, STR("http://i"));
  for (int i = 0; i < 10; i++) VEC_ADD(a, &s->differential)->id = STR("more");
  cr_expect_eq(s->differential.n, 12);
  cr_expect(str_eqz(s->differential.v[1].id, "x") && str_eqz(s->differential.v[11].id, "more"));
  buf_release(&out);
  arena_free(a);
}

Test(image, is_refused_when_damaged) {
  struct arena *a = arena_new(0);
  struct buf out;
  buf_init(&out, IMAGE_OUT);
  cr_assert(image_make(&out, IMAGE_STRUCTURE, structure_read(a, read_json(a, str_z(structure_json)), NULL)));
  cr_expect_null(open_image(a, IMAGE_VALUE_SET, &out), "another kind");
  for (size_t i = 0; i < out.n; i++) {
    struct arena *own = arena_new(0);
    out.p[i] ^= 0x10;
    cr_expect_null(open_image(own, IMAGE_STRUCTURE, &out), "%zu", i);
    out.p[i] ^= 0x10;
    cr_expect_null(image_open(own, IMAGE_STRUCTURE, arena_z(own, buf_str(&out)), i, NULL), "%zu", i);
    arena_free(own);
  }
  cr_expect_not_null(open_image(a, IMAGE_STRUCTURE, &out));
  buf_release(&out);
  arena_free(a);
}

Test(image, has_a_limit) {
  struct arena *a = arena_new(0);
  struct buf out;
  struct structure *s = structure_read(a, read_json(a, str_z(structure_json)), NULL);
  for (size_t max = 0; max < 3000; max += 7) {
    buf_init(&out, max);
    cr_expect_eq(image_make(&out, IMAGE_STRUCTURE, s), !out.full, "%zu", max);
    buf_release(&out);
  }
  arena_free(a);
}

static void *read_kind(struct arena *a, enum image_kind kind, const struct node *n) {
  if (kind == IMAGE_STRUCTURE) return structure_read(a, n, NULL);
  return kind == IMAGE_VALUE_SET ? (void *)value_set_read(a, n, NULL) : (void *)code_system_read(a, n, NULL);
}

/* The image of what comes out of an image is the same image. */
static bool round_trip(struct arena *a, enum image_kind kind, const void *definition) {
  struct buf first, second;
  buf_init(&first, IMAGE_OUT);
  buf_init(&second, IMAGE_OUT);
  cr_assert(image_make(&first, kind, definition));
  const void *again = open_image(a, kind, &first);
  cr_assert(again);
  cr_assert(image_make(&second, kind, again));
  bool same = str_eq(buf_str(&first), buf_str(&second));
  buf_release(&first);
  buf_release(&second);
  return same;
}

Test(image, of_all_published_definitions_is_faithful) {
  if (!shared_folder()) cr_skip_test("no ../shared/packages");
  struct arena *a = arena_new(0);
  struct book *b = book_new(a);
  struct package **packages;
  struct error e;
  size_t definitions = 0;
  cr_assert_eq(book_add_folder(b, arena_printf(a, "%s/packages", shared_folder()).p, &e), 0, "%s", e.text);
  size_t n = book_packages(&packages, b);
  for (size_t i = 0; i < n; i++) {
    cr_assert_eq(package_load(packages[i], &e), 0, "%s", e.text);
    for (size_t k = 0; k < packages[i]->items.n; k++) {
      struct package_item item = *packages[i]->items.v[k];
      struct arena *own = arena_new(0);
      const struct node *node = package_item_node(&item, own);
      for (enum image_kind kind = IMAGE_STRUCTURE; kind <= IMAGE_CODE_SYSTEM; kind++) {
        void *definition = read_kind(own, kind, node);
        if (!definition) continue;
        cr_expect(round_trip(own, kind, definition), "%.*s %.*s", STR_F(packages[i]->name), STR_F(item.file));
        definitions++;
      }
      arena_free(own);
    }
  }
  cr_expect_geq(definitions, 9000);
  arena_free(a);
}

Test(image, of_a_code_system_finds_its_codes) {
  struct arena *a = arena_new(0), *first = arena_new(0);
  struct buf out;
  buf_init(&out, IMAGE_OUT);
  struct str json =
      STR("{\"resourceType\":\"CodeSystem\",\"caseSensitive\":false,\"concept\":[{\"code\":\"A\",\"concept\":"
          "[{\"code\":\"B\",\"display\":\"b\"}]},{\"code\":\"C\"}]}");
  cr_assert(image_make(&out, IMAGE_CODE_SYSTEM, code_system_read(first, read_json(first, json), NULL)));
  arena_free(first);
  struct code_system *cs = open_image(a, IMAGE_CODE_SYSTEM, &out);
  cr_assert(cs);
  cr_expect_eq(code_system_find(cs, STR("b")), 1);
  cr_expect(code_system_is_a(cs, 1, 0) && !code_system_is_a(cs, 2, 0));
  cr_expect(str_eqz(cs->concepts.v[1].display, "b"));
  buf_release(&out);
  arena_free(a);
}
