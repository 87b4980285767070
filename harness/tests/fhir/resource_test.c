#include "fhir/resource.h"
#include "fhir/shapes.h"

#include "base/file.h"
#include "formats/json.h"
#include "formats/xml.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#define EXAMPLE_MAX (8u << 20)

static const char *shared(void) {
  const char *path = getenv("TESTCAMP_SHARED");
  if (!path) path = TEST_ROOT "/../shared";
  return file_is_dir(path) ? path : NULL;
}

static struct shapes *facts(struct arena *a) {
  struct error e = {0};
  struct shapes *s = NULL;
  cr_assert_eq(shapes_read(&s, a, TEST_ROOT, &e), 0, "%s", e.text);
  return s;
}

static struct node *read_as(struct arena *a, struct str bytes, enum resource_form wanted, const char *name) {
  struct findings f;
  findings_init(&f, a);
  struct node *r = NULL;
  enum resource_form form;
  struct source src = {str_z(name), bytes};
  cr_assert_eq(resource_read(&r, &form, a, src, &f), 0, "%s: not read: %.*s", name,
               f.list.n ? (int)f.list.v[0].en.n : 0, f.list.n ? f.list.v[0].en.p : "");
  cr_assert_eq(form, wanted, "%s", name);
  cr_expect_eq(f.list.n, 0, "%s: %.*s", name, f.list.n ? (int)f.list.v[0].en.n : 0, f.list.n ? f.list.v[0].en.p : "");
  return r;
}

static struct str written(struct arena *a, const struct node *r, enum resource_form form, const struct shapes *s,
                          int indent) {
  struct buf b;
  buf_init(&b, EXAMPLE_MAX);
  resource_write(&b, r, form, s, indent);
  return buf_take(&b, a);
}

static struct node *json_tree(struct arena *a, struct str bytes) {
  struct findings f;
  findings_init(&f, a);
  struct node *n = NULL;
  struct source src = {STR("json"), bytes};
  cr_assert_eq(json_read(&n, a, src, &f), 0);
  return n;
}

/* Equal JSON: names in any order, a narrative by its markup. */
static bool json_same(struct arena *a, const struct node *x, const struct node *y) {
  if (x->kind != y->kind || x->count != y->count) return false;
  if (x->kind != NODE_OBJECT && x->kind != NODE_ARRAY && !str_eq(x->text, y->text) && !str_eqz(x->name, "div"))
    return false;
  const struct node *other = y->first;
  for (NODE_EACH(c, x)) {
    if (x->kind == NODE_OBJECT) other = node_child_str(y, c->name);
    if (!other || !json_same(a, c, other)) return false;
    if (x->kind == NODE_ARRAY) other = other->next;
  }
  return true;
}

/* JSON -> tree -> JSON; tree -> XML -> tree -> JSON. */
static void round_trip(struct arena *a, const struct shapes *s, struct str bytes, const char *name) {
  struct node *tree = read_as(a, bytes, RESOURCE_JSON, name);
  struct node *original = json_tree(a, bytes);
  struct str again = written(a, tree, RESOURCE_JSON, NULL, 2);
  cr_expect(json_same(a, original, json_tree(a, again)), "%s: JSON, tree, JSON without facts", name);
  again = written(a, tree, RESOURCE_JSON, s, 0);
  cr_expect(json_same(a, original, json_tree(a, again)), "%s: JSON, tree, JSON", name);
  struct str xml = written(a, tree, RESOURCE_XML, s, 2);
  struct node *from_xml = read_as(a, xml, RESOURCE_XML, name);
  cr_expect(resource_equal(a, tree, from_xml), "%s: tree, XML, tree\n%.*s", name, (int)(xml.n < 3000 ? xml.n : 3000),
            xml.p);
  struct str back = written(a, from_xml, RESOURCE_JSON, s, 2);
  cr_expect(json_same(a, original, json_tree(a, back)), "%s: JSON, XML, JSON\n%.*s", name,
            (int)(back.n < 3000 ? back.n : 3000), back.p);
  cr_expect(resource_equal(a, tree, read_as(a, back, RESOURCE_JSON, name)), "%s: tree of it", name);
}

static size_t round_trip_folder(const struct shapes *s, const char *dir, size_t step) {
  struct arena *a = arena_new(0), *scratch = arena_new(0);
  char **names;
  size_t n, done = 0;
  struct error e = {0};
  cr_assert_eq(file_list(&names, &n, a, dir, &e), 0, "%s", e.text);
  for (size_t i = 0; i < n; i += step) {
    struct str bytes, name = str_z(names[i]);
    const char *path = file_join(a, dir, names[i]);
    if (!str_ends(name, STR(".json")) || file_is_dir(path)) continue;
    cr_assert_eq(file_read(&bytes, scratch, path, EXAMPLE_MAX, &e), 0, "%s", e.text);
    if (str_find(bytes, STR("\"resourceType\""), 0) == SIZE_MAX) continue;
    round_trip(scratch, s, bytes, names[i]);
    arena_reset(scratch);
    done++;
  }
  arena_free(scratch);
  arena_free(a);
  return done;
}

Test(resource, own_samples_survive_every_form) {
  struct arena *a = arena_new(0);
  cr_expect_gt(round_trip_folder(facts(a), TEST_DATA "/resources", 1), 3);
  arena_free(a);
}

Test(resource, care_communication_examples_survive_every_form) {
  if (!shared()) cr_skip_test("no shared folder: published CareCommunication examples");
  struct arena *a = arena_new(0);
  const char *dir = file_join(a, shared(), "examples/medcom.fhir.dk.carecommunication-5.0.2");
  cr_expect_gt(round_trip_folder(facts(a), dir, 1), 50);
  arena_free(a);
}

Test(resource, other_examples_survive_every_form) {
  if (!shared()) cr_skip_test("no shared folder: published examples of all packages");
  struct arena *a = arena_new(0);
  const char *dir = file_join(a, shared(), "examples");
  const struct shapes *s = facts(a);
  struct error e = {0};
  char **names;
  size_t n, done = 0;
  cr_assert_eq(file_list(&names, &n, a, dir, &e), 0, "%s", e.text);
  for (size_t i = 0; i < n; i++) {
    const char *sub = file_join(a, dir, names[i]);
    if (file_is_dir(sub)) done += round_trip_folder(s, sub, 9);
  }
  cr_expect_gt(done, 100);
  arena_free(a);
}

Test(resource, shape_of_the_tree) {
  struct arena *a = arena_new(0);
  struct str text =
      STR("{\"resourceType\":\"Patient\",\"id\":\"p\",\"_birthDate\":{\"extension\":[{\"url\":\"u\",\"valueDecimal\":"
          "1.10}]},\"name\":[{\"given\":[\"A\",null],\"_given\":[null,{\"id\":\"g\"}]}],\"contained\":[{"
          "\"resourceType\":\"Basic\"}]}");
  struct node *r = read_as(a, text, RESOURCE_JSON, "shape");
  cr_expect(str_eqz(r->type, "Patient"));
  cr_expect_eq(r->name.n, 0);
  cr_expect_null(node_child(r, "resourceType"));
  struct node *birth = node_child(r, "birthDate");
  cr_assert_not_null(birth);
  cr_expect_eq(birth->kind, NODE_NULL);
  cr_expect(str_eqz(node_text_at(birth, "extension.valueDecimal"), "1.10"));
  cr_expect_eq(node_at(birth, "extension.valueDecimal")->kind, NODE_NUMBER);
  struct node *name = node_child(r, "name");
  cr_expect(name->flags & NODE_LISTED);
  cr_expect_eq(node_count(name, "given"), 2);
  cr_expect_eq(name->last->kind, NODE_NULL);
  cr_expect(str_eqz(node_text_at(name->last, "id"), "g"));
  cr_expect(str_eqz(node_child(r, "contained")->type, "Basic"));
  arena_free(a);
}

/* text, the rule that it breaks, line and column. */
static const struct {
  const char *text;
  enum resource_rule rule;
  int line, col;
} broken[] = {
    {"hello", RESOURCE_NOT_FHIR, 1, 1},
    {"{\"id\":\"x\"}", RESOURCE_NOT_FHIR, 1, 1},
    {"[]", RESOURCE_NOT_FHIR, 1, 1},
    {"<a/>", RESOURCE_NOT_FHIR, 1, 1},
    {"{\"resourceType\":\"Patient\",\n \"active\":null}", RESOURCE_JSON_FORM, 2, 11},
    {"{\"resourceType\":\"Patient\",\n \"name\":[]}", RESOURCE_JSON_FORM, 2, 9},
    {"{\"resourceType\":\"Patient\",\n \"name\":{}}", RESOURCE_JSON_FORM, 2, 9},
    {"{\"resourceType\":\"Patient\",\"name\":[{\"given\":[null]}]}", RESOURCE_JSON_FORM, 1, 45},
    {"{\"resourceType\":\"Patient\",\"_active\":3}", RESOURCE_JSON_FORM, 1, 37},
    {"{\"resourceType\":\"Patient\",\"_active\":null}", RESOURCE_JSON_FORM, 1, 37},
    {"{\"resourceType\":\"Patient\",\"active\":true,\"_active\":null}", RESOURCE_JSON_FORM, 1, 51},
    {"{\"resourceType\":\"Patient\",\"name\":[[1]]}", RESOURCE_JSON_FORM, 1, 35},
    {"{\"resourceType\":\"Patient\",\"text\":{\"div\":\"<div>a\"}}", RESOURCE_XHTML, 1, 41},
    {"<Patient xmlns=\"http://hl7.org/fhir\">\n<active/></Patient>", RESOURCE_XML_FORM, 2, 1},
    {"<Patient xmlns=\"http://hl7.org/fhir\">\n<active value='true' x='1'/></Patient>", RESOURCE_XML_FORM, 2, 1},
    {"<Patient xmlns=\"http://hl7.org/fhir\">\n<active value='true'>x</active></Patient>", RESOURCE_XML_FORM, 2, 1},
    {"<Patient xmlns=\"http://hl7.org/fhir\">\n<a xmlns='urn:x' value='true'/></Patient>", RESOURCE_XML_FORM, 2, 1},
    {"<Patient xmlns=\"http://hl7.org/fhir\"><name>\n<id value='n'/></name></Patient>", RESOURCE_XML_FORM, 2, 1},
    {"<Patient id='p' xmlns=\"http://hl7.org/fhir\"><active value='true'/></Patient>", RESOURCE_XML_FORM, 1, 1},
};

Test(resource, bad_form_is_a_finding_with_position) {
  for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
    struct arena *a = arena_new(0);
    struct findings f;
    findings_init(&f, a);
    struct node *r;
    enum resource_form form;
    struct source src = {STR("bad"), str_z(broken[i].text)};
    int rc = resource_read(&r, &form, a, src, &f);
    cr_assert_gt(f.list.n, 0, "%s: no finding", broken[i].text);
    cr_expect_eq(rc == 0, r != NULL);
    cr_expect(str_eqz(f.list.v[0].rule, resource_rules[broken[i].rule].id), "%s: %.*s", broken[i].text,
              (int)f.list.v[0].rule.n, f.list.v[0].rule.p);
    cr_expect(str_eqz(f.list.v[0].where.message, "bad"), "%s", broken[i].text);
    cr_expect_eq(f.list.v[0].where.line, broken[i].line, "%s: line %d", broken[i].text, f.list.v[0].where.line);
    cr_expect_eq(f.list.v[0].where.col, broken[i].col, "%s: column %d", broken[i].text, f.list.v[0].where.col);
    arena_free(a);
  }
}

static bool same(const char *x, const char *y) {
  struct arena *a = arena_new(0);
  enum resource_form fx = str_starts(str_z(x), STR("<")) ? RESOURCE_XML : RESOURCE_JSON;
  enum resource_form fy = str_starts(str_z(y), STR("<")) ? RESOURCE_XML : RESOURCE_JSON;
  bool equal = resource_equal(a, read_as(a, str_z(x), fx, x), read_as(a, str_z(y), fy, y));
  arena_free(a);
  return equal;
}

#define P "{\"resourceType\":\"Patient\","
#define X "<Patient xmlns='http://hl7.org/fhir'>"

Test(resource, equality) {
  cr_expect(same(P "\"id\":\"a\",\"active\":true}", P "\"active\":true,\"id\":\"a\"}"));
  cr_expect(same(P "\"active\":true}", X "<active value='true'/></Patient>"));
  cr_expect_not(same(P "\"active\":true}", P "\"active\":false}"));
  cr_expect_not(same(P "\"active\":true}", "{\"resourceType\":\"Person\",\"active\":true}"));
  cr_expect_not(same(P "\"name\":[{\"given\":[\"a\",\"b\"]}]}", P "\"name\":[{\"given\":[\"b\",\"a\"]}]}"));
  cr_expect_not(same(P "\"id\":\"a\"}", P "\"id\":\"a\",\"active\":true}"));
  cr_expect(same(
      P "\"text\":{\"div\":\"<div xmlns='http://www.w3.org/1999/xhtml' id='1' class='c'>a</div>\"}}", P
      "\"text\":{\"div\":\"<div class=\\\"c\\\" id=\\\"1\\\" xmlns=\\\"http://www.w3.org/1999/xhtml\\\">a</div>\"}}"));
  cr_expect_not(same(P "\"text\":{\"div\":\"<div xmlns='http://www.w3.org/1999/xhtml'>a</div>\"}}",
                     P "\"text\":{\"div\":\"<div xmlns='http://www.w3.org/1999/xhtml'>b</div>\"}}"));
}

Test(resource, xml_has_the_order_of_the_standard) {
  struct arena *a = arena_new(0);
  struct node *r = read_as(a,
                           STR(P "\"active\":true,\"name\":[{\"family\":\"F\",\"use\":\"usual\",\"id\":\"n\"}],"
                                 "\"id\":\"x\",\"contained\":[{\"resourceType\":\"Basic\",\"id\":\"b\"}]}"),
                           RESOURCE_JSON, "order");
  struct str xml = written(a, r, RESOURCE_XML, facts(a), 0);
  cr_expect(
      str_eq(xml,
             STR("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Patient xmlns=\"http://hl7.org/fhir\"><id value=\"x\"/>"
                 "<contained><Basic><id value=\"b\"/></Basic></contained><active value=\"true\"/>"
                 "<name id=\"n\"><use value=\"usual\"/><family value=\"F\"/></name></Patient>")),
      "%.*s", (int)xml.n, xml.p);
  arena_free(a);
}

/* --- the types, from the shipped facts --- */

static void expect_use(const struct shapes *s, const char *path, const char *type, int min, bool many) {
  struct str rest = str_z(path);
  struct shape_use use = shapes_type(s, str_cut(&rest, '.'));
  while (rest.n) use = shapes_child(s, use.content, str_cut(&rest, '.'));
  cr_assert(use.element, "%s is not there", path);
  cr_expect(str_eqz(use.type, type), "%s is %.*s", path, STR_F(use.type));
  cr_expect_eq(use.element->min, min, "%s", path);
  cr_expect_eq(use.element->many, many, "%s", path);
}

Test(resource, elements_are_known) {
  struct arena *a = arena_new(0);
  const struct shapes *s = facts(a);
  expect_use(s, "Patient.contact.name", "HumanName", 0, false);
  expect_use(s, "Patient.contact.modifierExtension", "Extension", 0, true);
  expect_use(s, "Patient.generalPractitioner", "Reference", 0, true);
  expect_use(s, "Patient.id", "string", 0, false);
  expect_use(s, "Patient.text.div", "xhtml", 1, false);
  expect_use(s, "Observation.status", "code", 1, false);
  expect_use(s, "Observation.valueQuantity.comparator", "code", 0, false);
  expect_use(s, "Observation.component.referenceRange.low", "Quantity", 0, false);
  expect_use(s, "Questionnaire.item.item.item.answerOption.valueCoding", "Coding", 1, false);
  expect_use(s, "Extension.valueReference", "Reference", 0, false);
  expect_use(s, "date.value", "System.Date", 0, false);
  expect_use(s, "xhtml.extension", "Extension", 0, true);
  cr_expect_null(shapes_child(s, shapes_type(s, STR("Patient")).content, STR("nothing")).element);
  cr_expect(shapes_is_choice(s, shapes_type(s, STR("Observation")).content, STR("value")));
  arena_free(a);
}

Test(resource, types_extend_each_other) {
  struct arena *a = arena_new(0);
  const struct shapes *s = facts(a);
  cr_expect(shapes_is_a(s, STR("code"), STR("string")));
  cr_expect(shapes_is_a(s, STR("Age"), STR("Quantity")));
  cr_expect(shapes_is_a(s, STR("Patient"), STR("Resource")));
  cr_expect_not(shapes_is_a(s, STR("Bundle"), STR("DomainResource")));
  cr_expect_null(shapes_type(s, STR("SimpleQuantity")).content, "a profile is no type");
  cr_expect_null(shapes_type(s, STR("bodyweight")).content);
  arena_free(a);
}

Test(resource, facts_are_well_formed) {
  struct arena *a = arena_new(0);
  struct error e = {0};
  struct shapes *s;
  cr_expect_eq(shapes_read(&s, a, TEST_DATA, &e), -1);
  cr_expect_eq(e.code, ERR_IO);
  facts(a);
  cr_expect_str_eq(resource_mime(RESOURCE_JSON), "application/fhir+json");
  cr_expect_str_eq(resource_mime(RESOURCE_XML), "application/fhir+xml");
  arena_free(a);
}
