/* Real messages: each is equal to itself read again, and to itself written as XML. */
#include "base/file.h"
#include "diff/diff.h"
#include "fhir/resource.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#define FILE_MAX ((size_t)64 << 20)

static const char *const folders[] = {
    "medcom.fhir.dk.carecommunication-5.0.2",
    "medcom.fhir.dk.hospitalnotification-3.0.1",
    "medcom.fhir.dk.acknowledgement-2.0.3",
    "medcom.fhir.dk.homecareobservation-1.2.1",
};

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
  cr_expect_eq(n, 0, "%s: %zu, first %.*s: %.*s", path, n, STR_F(n ? found.list.v[0].where.path : STR("")),
               STR_F(n ? found.list.v[0].en : STR("")));
  arena_free(a);
}

Test(examples, json_equals_its_xml, .timeout = 120) {
  struct arena *a = arena_new(0);
  const char *shared = getenv("TESTCAMP_SHARED");
  char *examples = file_join(a, shared ? shared : TEST_ROOT "/../shared", "examples");
  if (!file_is_dir(examples)) cr_skip_test("json_equals_its_xml: the shared examples are not here");
  size_t compared = 0;
  for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
    char **names;
    size_t n;
    struct error e;
    char *folder = file_join(a, examples, folders[i]);
    cr_assert_eq(file_list(&names, &n, a, folder, &e), 0, "%s", e.text);
    for (size_t k = 0; k < n; k++) {
      if (!str_starts(str_z(names[k]), STR("Bundle-")) || !str_ends(str_z(names[k]), STR(".json"))) continue;
      compare_with_xml(file_join(a, folder, names[k]));
      compared++;
    }
  }
  cr_expect_gt(compared, (size_t)10);
  arena_free(a);
}
