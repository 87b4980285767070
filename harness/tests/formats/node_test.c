#include "formats/node.h"

#include <criterion/criterion.h>

#include "formats/json.h"
#include "formats/xml.h"
#include "formats_help.h"

static void expect_path(struct arena *a, const struct node *n, const char *expected) {
  struct str path = node_path(a, n);
  cr_expect(str_eqz(path, expected), "expected %s, got %.*s", expected, STR_F(path));
}

Test(node, json_paths) {
  struct reading r;
  reading_of(&r, json_read, STR("{\"a\":{\"b\":[1,{\"c\":2}]},\"d\":[[3]]}"));
  const struct node *b = node_at(r.root, "a.b");
  expect_path(r.arena, r.root, "");
  expect_path(r.arena, b, "a.b");
  expect_path(r.arena, b->first, "a.b[0]");
  expect_path(r.arena, b->last->first, "a.b[1].c");
  expect_path(r.arena, node_at(r.root, "d")->first->first, "d[0][0]");
  r.root->type = STR("Bundle");
  expect_path(r.arena, b->first, "Bundle.a.b[0]");
  reading_release(&r);
}

/* FHIR trees repeat names instead of holding lists. */
Test(node, repeated_names_have_an_index) {
  struct arena *a = arena_new(0);
  struct node *root = node_new(a, NODE_OBJECT);
  root->type = STR("Bundle");
  for (int i = 0; i < 3; i++) {
    struct node *n = node_new(a, NODE_STRING);
    n->name = i == 1 ? STR("id") : STR("entry");
    node_append(root, n);
  }
  expect_path(a, root->first, "Bundle.entry[0]");
  expect_path(a, root->first->next, "Bundle.id");
  expect_path(a, root->last, "Bundle.entry[1]");
  cr_expect_eq(node_again(root->first), root->last);
  cr_expect_null(node_again(root->last));
  cr_expect_eq(node_index(root->last), 1);
  arena_free(a);
}

Test(node, xml_paths) {
  struct reading r;
  reading_of(&r, xml_read, STR("<a><b/><b c='1'>x<d/>y</b></a>"));
  const struct node *b = r.root->last;
  expect_path(r.arena, r.root, "/a");
  expect_path(r.arena, b, "/a/b[2]");
  expect_path(r.arena, b->attrs, "/a/b[2]/@c");
  expect_path(r.arena, b->last, "/a/b[2]/text()[2]");
  expect_path(r.arena, b->first->next, "/a/b[2]/d");
  reading_release(&r);
}

Test(node, finds) {
  struct reading r;
  reading_of(&r, json_read, STR("{\"a\":{\"b\":\"x\"},\"c\":1}"));
  cr_expect(str_eqz(node_text_at(r.root, "a.b"), "x"));
  cr_expect_null(node_at(r.root, "a.c"));
  cr_expect_null(node_at(NULL, "a"));
  cr_expect_null(node_child(NULL, "a"));
  cr_expect_eq(node_text_at(r.root, "z.z").n, 0);
  cr_expect_eq(node_size(r.root), 4);
  cr_expect_eq(node_count(r.root, "c"), 1);
  reading_release(&r);
}

Test(node, removes_and_appends) {
  struct reading r;
  reading_of(&r, json_read, STR("[1,2,3]"));
  struct node *middle = r.root->first->next, *last = r.root->last;
  node_remove(last);
  cr_expect_eq(r.root->last, middle);
  cr_expect_eq(r.root->count, 2);
  node_remove(r.root->first);
  cr_expect_eq(r.root->first, middle);
  node_append(r.root, last);
  cr_expect_eq(r.root->last, last);
  node_remove(middle);
  node_remove(last);
  cr_expect_null(r.root->first);
  cr_expect_null(r.root->last);
  cr_expect_eq(r.root->count, 0);
  reading_release(&r);
}

Test(node, copies_stand_alone) {
  struct reading r;
  struct arena *a = arena_new(0);
  reading_of(&r, xml_read, STR("<a xmlns='u:1' b='1'>x<c d='2'/></a>"));
  struct str before = tree_dump(a, r.root);
  struct node *copy = node_copy(a, r.root);
  cr_expect(node_equal(r.root, copy));
  reading_release(&r);
  cr_expect(str_eq(tree_dump(a, copy), before));
  cr_expect_eq(copy->attrs->next->parent, copy);
  arena_free(a);
}

static bool equal_xml(const char *x, const char *y) {
  struct reading a, b;
  reading_of(&a, xml_read, str_z(x));
  reading_of(&b, xml_read, str_z(y));
  bool equal = node_equal(a.root, b.root);
  reading_release(&a);
  reading_release(&b);
  return equal;
}

Test(node, equality) {
  cr_expect(equal_xml("<a b='1' c='2'/>", "<a c='2'\n b='1'></a>"));
  cr_expect(equal_xml("<p:a xmlns:p='u:1'/>", "<a xmlns='u:1'/>"));
  cr_expect_not(equal_xml("<a xmlns='u:1'/>", "<a/>"));
  cr_expect_not(equal_xml("<a b='1'/>", "<a b='2'/>"));
  cr_expect_not(equal_xml("<a b='1'/>", "<a c='1'/>"));
  cr_expect_not(equal_xml("<a><b/><c/></a>", "<a><c/><b/></a>"));
  cr_expect_not(equal_xml("<a>x</a>", "<a>y</a>"));
  cr_expect_not(equal_xml("<a><b/></a>", "<a><b/><b/></a>"));
}

/* Objects on the way are shared, the last of a name; what is put is always new. */
Test(node, put_goes_into_the_last_of_a_name_and_adds) {
  struct arena *a = arena_new(0);
  struct node *root = node_new(a, NODE_OBJECT);
  node_put(a, root, "coding.system", STR("s1"));
  node_put(a, root, "coding.code", STR("c1"));
  node_add(a, root, "coding");
  struct node *last = node_put(a, root, "coding.code", STR("c2"));
  cr_expect_eq(node_count(root, "coding"), 2);
  cr_expect(str_eqz(node_text_at(root, "coding.system"), "s1"));
  cr_expect(str_eqz(node_text_at(root, "coding.code"), "c1"));
  cr_expect_eq(last->parent, root->last);
  node_put(a, root, "given", STR("Nancy"));
  node_put(a, root, "given", STR("Ann"));
  cr_expect_eq(node_count(root, "given"), 2);
  arena_free(a);
}
