/* Deliberate faults: every verb, and what is no change. */
#include "fhir/change.h"

#include "fhir/resource.h"

#include <criterion/criterion.h>

static const char patient[] =
    "{\"resourceType\":\"Patient\",\"id\":\"a\",\"active\":true,\"multipleBirthInteger\":2,"
    "\"identifier\":[{\"value\":\"1\"},{\"value\":\"2\"},{\"value\":\"3\"}],\"name\":[{\"family\":\"Test\"}]}";

struct rig {
  struct arena *arena;
  struct node *root;
  struct error error;
  size_t n;
};

static void begin(struct rig *r) {
  enum resource_form form;
  struct findings f;
  *r = (struct rig){.arena = arena_new(0)};
  findings_init(&f, r->arena);
  cr_assert_eq(resource_read(&r->root, &form, r->arena, (struct source){STR("p"), STR(patient)}, &f), 0);
}

static struct str written(struct rig *r) {
  struct buf b;
  buf_init(&b, 1 << 20);
  resource_write(&b, r->root, RESOURCE_JSON, NULL, 0);
  return buf_take(&b, r->arena);
}

static void expect(const char *verb, const char *path, const char *value, const char *from, const char *json) {
  struct rig r;
  struct change c = {.verb = str_z(verb), .path = str_z(path)};
  if (value) c.value = str_z(value);
  if (from) c.from = str_z(from);
  begin(&r);
  cr_expect_eq(change_check(&c, &r.error), 0, "%s: %s", path, r.error.text);
  cr_assert_eq(change_apply(&r.n, r.arena, r.root, &c, NULL, &r.error), 0, "%s: %s", path, r.error.text);
  struct str is = written(&r);
  cr_expect_neq(str_find(is, str_z(json), 0), SIZE_MAX, "%s %s: %.*s", verb, path, STR_F(is));
  arena_free(r.arena);
}

Test(change, every_verb) {
  expect("remove", "Patient.identifier.skip(1)", NULL, NULL, "\"identifier\":[{\"value\":\"1\"}]");
  expect("set", "Patient.active", "false", NULL, "\"active\":false");
  expect("set", "Patient.active", "maybe", NULL, "\"active\":\"maybe\"");
  expect("set", "Patient.identifier.value", "x", NULL, "[{\"value\":\"x\"},{\"value\":\"x\"},{\"value\":\"x\"}]");
  expect("copy", "Patient.name", NULL, NULL, "\"name\":[{\"family\":\"Test\"},{\"family\":\"Test\"}]");
  expect("add", "Patient", "{\"gender\":\"other\"}", NULL, "\"gender\":\"other\"");
  expect("add", "Patient", "{\"identifier\":[{\"value\":\"4\"}]}", NULL, "{\"value\":\"3\"},{\"value\":\"4\"}]");
  expect("add", "Patient.identifier", "{\"use\":\"old\"}", NULL, "{\"value\":\"3\",\"use\":\"old\"}");
}

Test(change, an_expression_is_asked_of_what_was_found) {
  expect("set", "Patient.identifier.value", NULL, "'n' & $this",
         "[{\"value\":\"n1\"},{\"value\":\"n2\"},{\"value\":\"n3\"}]");
  expect("set", "Patient.name.family", NULL, "replaceMatches('T', 'B')", "\"family\":\"Best\"");
  expect("set", "Patient.name.family", NULL, "%resource.id", "\"family\":\"a\"");
}

Test(change, how_many_were_changed_is_told) {
  static const struct {
    const char *path;
    size_t n;
  } rows[] = {{"Patient.identifier", 3}, {"Patient.photo", 0}, {"1 + 1", 0}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct rig r;
    struct change c = {.verb = STR("remove"), .path = str_z(rows[i].path)};
    begin(&r);
    cr_expect_eq(change_apply(&r.n, r.arena, r.root, &c, NULL, &r.error), 0, "%s", r.error.text);
    cr_expect_eq(r.n, rows[i].n, "%s: %zu", rows[i].path, r.n);
    arena_free(r.arena);
  }
}

Test(change, what_is_no_change) {
  static const struct {
    const char *verb, *path, *value, *from, *says;
  } rows[] = {{"drop", "Patient", NULL, NULL, "drop"},       {"remove", "Patient.", NULL, NULL, ""},
              {"remove", "Patient", "x", NULL, "neither"},   {"set", "Patient.id", NULL, NULL, "needs"},
              {"set", "Patient.id", "x", "'y'", "not both"}, {"set", "Patient.id", NULL, "'y", ""},
              {"add", "Patient", NULL, NULL, "JSON object"}, {"add", "Patient", "[1]", NULL, "JSON object"},
              {"add", "Patient", "{\"a\":", NULL, ""}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct error e = {0};
    struct change c = {.verb = str_z(rows[i].verb), .path = str_z(rows[i].path)};
    if (rows[i].value) c.value = str_z(rows[i].value);
    if (rows[i].from) c.from = str_z(rows[i].from);
    cr_expect_eq(change_check(&c, &e), -1, "row %zu", i);
    cr_expect_neq(str_find(str_z(e.text), str_z(rows[i].says), 0), SIZE_MAX, "row %zu: %s", i, e.text);
  }
}

Test(change, what_cannot_be_done_is_an_error) {
  static const struct {
    const char *verb, *path, *value, *from, *says;
  } rows[] = {{"remove", "Patient", NULL, NULL, "whole message"},
              {"copy", "Patient", NULL, NULL, "whole message"},
              {"set", "Patient.name", "x", NULL, "primitive"},
              {"set", "Patient.id", NULL, "%resource.identifier.value", "3 values"},
              {"set", "Patient.id", NULL, "%resource.name", "1 values"}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct rig r;
    struct change c = {.verb = str_z(rows[i].verb), .path = str_z(rows[i].path)};
    if (rows[i].value) c.value = str_z(rows[i].value);
    if (rows[i].from) c.from = str_z(rows[i].from);
    begin(&r);
    cr_expect_eq(change_apply(&r.n, r.arena, r.root, &c, NULL, &r.error), -1, "row %zu", i);
    cr_expect_neq(str_find(str_z(r.error.text), str_z(rows[i].says), 0), SIZE_MAX, "row %zu: %s", i, r.error.text);
    arena_free(r.arena);
  }
}

Test(change, codes_say_which_messages_are_meant) {
  static const struct {
    const char *codes[3];
    size_t n;
    bool meant;
  } rows[] = {{{NULL}, 0, true},       {{"a"}, 1, true},        {{"b"}, 1, false},
              {{"b", "a"}, 2, true},   {{"!b"}, 1, true},       {{"!a"}, 1, false},
              {{"a", "!a"}, 2, false}, {{"!b", "!c"}, 2, true}, {{"!b", "c"}, 2, false}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct str codes[3];
    for (size_t k = 0; k < rows[i].n; k++) codes[k] = str_z(rows[i].codes[k]);
    cr_expect_eq(change_is_for(codes, rows[i].n, STR("a")), rows[i].meant, "row %zu", i);
  }
}
