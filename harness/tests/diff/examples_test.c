/* Real messages: each is equal to itself read again, and to itself written as XML. */
#include "base/file.h"
#include "base/uuid.h"
#include "diff/diff.h"
#include "fhir/resource.h"
#include "formats/yaml.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX ((size_t)64 << 20)

static const char *const folders[] = {
    "medcom.fhir.dk.carecommunication-5.0.2",
    "medcom.fhir.dk.hospitalnotification-3.0.1",
    "medcom.fhir.dk.acknowledgement-2.0.3",
    "medcom.fhir.dk.homecareobservation-1.2.1",
};

static void report(const char *path, size_t n, const struct findings *f) {
  const struct finding *first = n ? &f->list.v[0] : NULL;
  cr_expect_eq(n, 0, "%s: %zu, first %.*s: %.*s", path, n, STR_F(n ? first->where.path : STR("")),
               STR_F(n ? first->en : STR("")));
}

static void compare_with_xml(const char *path) {
  struct arena *a = arena_new(0);
  struct findings read, found;
  struct str bytes, xml_bytes;
  struct error e;
  struct node *json, *again, *xml;
  enum resource_form form;
  struct buf out;
  findings_init(&read, a);
  findings_init(&found, a);
  buf_init(&out, FILE_MAX);
  cr_assert_eq(file_read(&bytes, a, path, FILE_MAX, &e), 0);
  cr_assert_eq(resource_read(&json, &form, a, (struct source){STR("json"), bytes}, &read), 0, "%s", path);
  cr_assert_eq(resource_read(&again, &form, a, (struct source){STR("json"), bytes}, &read), 0);
  cr_expect_eq(diff_trees(&found, json, STR("json"), again, STR("again"), NULL), 0, "%s", path);
  resource_write(&out, json, RESOURCE_XML, NULL, 2);
  xml_bytes = buf_take(&out, a);
  cr_assert_eq(resource_read(&xml, &form, a, (struct source){STR("xml"), xml_bytes}, &read), 0, "%s", path);
  size_t n = diff_trees(&found, json, STR("json"), xml, STR("xml"), NULL);
  report(path, n, &found);
  arena_free(a);
}

/* The same message with other ids: in each UUID the first digit becomes another. */
static struct str other_ids(struct arena *a, struct str bytes) {
  static const char digits[] = "0123456789abcdef";
  char *copy = arena_z(a, bytes);
  for (size_t i = 0; i + UUID_LEN <= bytes.n; i++) {
    const char *digit = strchr(digits, bytes.p[i]);
    if (!digit || !uuid_valid(str_sub(bytes, i, i + UUID_LEN))) continue;
    copy[i] = digits[((size_t)(digit - digits) + 5) % 16];
    i += UUID_LEN - 1;
  }
  return (struct str){copy, bytes.n};
}

static const struct diff_rules *message_rules(struct arena *a) {
  struct str bytes;
  struct error e;
  struct node *yaml;
  struct diff_rules *rules;
  struct findings f;
  findings_init(&f, a);
  cr_assert_eq(file_read(&bytes, a, TEST_ROOT "/fixtures/diff/fhir-message.yaml", FILE_MAX, &e), 0);
  cr_assert_eq(yaml_read(&yaml, a, (struct source){STR("fhir-message.yaml"), bytes}, &f), 0);
  cr_assert_eq(diff_rules_read(&rules, a, yaml, STR("fhir-message.yaml"), &e), 0, "%s", e.text);
  return rules;
}

static void compare_with_other_ids(const char *path) {
  struct arena *a = arena_new(0);
  struct findings read, found;
  struct str bytes;
  struct error e;
  struct node *expected, *actual;
  enum resource_form form;
  findings_init(&read, a);
  findings_init(&found, a);
  cr_assert_eq(file_read(&bytes, a, path, FILE_MAX, &e), 0);
  struct str other = other_ids(a, bytes);
  cr_assert_eq(resource_read(&expected, &form, a, (struct source){STR("json"), bytes}, &read), 0, "%s", path);
  cr_assert_eq(resource_read(&actual, &form, a, (struct source){STR("other"), other}, &read), 0);
  size_t without = diff_trees(&found, expected, STR("json"), actual, STR("other"), NULL);
  cr_expect_eq(without == 0, str_eq(bytes, other), "%s", path);
  findings_init(&found, a);
  size_t n = diff_trees(&found, expected, STR("json"), actual, STR("other"), message_rules(a));
  report(path, n, &found);
  arena_free(a);
}

static void each_bundle(const char *name, void (*check)(const char *path)) {
  struct arena *a = arena_new(0);
  const char *shared = getenv("TESTCAMP_SHARED");
  char *examples = file_join(a, shared ? shared : TEST_ROOT "/../shared", "examples");
  if (!file_is_dir(examples)) cr_skip_test("%s: the shared examples are not here", name);
  size_t checked = 0;
  for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
    char **names;
    size_t n;
    struct error e;
    char *folder = file_join(a, examples, folders[i]);
    cr_assert_eq(file_list(&names, &n, a, folder, &e), 0, "%s", e.text);
    for (size_t k = 0; k < n; k++) {
      if (!str_starts(str_z(names[k]), STR("Bundle-")) || !str_ends(str_z(names[k]), STR(".json"))) continue;
      check(file_join(a, folder, names[k]));
      checked++;
    }
  }
  cr_expect_gt(checked, (size_t)10);
  arena_free(a);
}

Test(examples, json_equals_its_xml, .timeout = 120) {
  each_bundle("json_equals_its_xml", compare_with_xml);
}

Test(examples, other_ids_are_mapped, .timeout = 120) {
  each_bundle("other_ids_are_mapped", compare_with_other_ids);
}
