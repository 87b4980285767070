/* Input: a kind of rules in the first byte, then two messages with a NUL between. */
#include "diff/diff.h"
#include "fhir/resource.h"
#include "formats/json.h"
#include "formats/sniff.h"
#include "formats/xml.h"
#include "formats/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const rule_files[] = {
    "{}",
    "ignore: [\"**.text\", a.*.b]\ntimes: [\"**.t\", Bundle.timestamp]\nmapped: [\"**.id\", \"**.reference\"]",
    "keyed: {Bundle.entry: resource.resourceType, \"**.l\": [k, \"@k\"]}\nmapped: [\"**.id\", \"**.reference\"]",
    "set: [\"**\"]\nmapped: [\"**.r\"]",
    "only: [\"**.a\", Bundle.entry]",
};
#define RULE_FILES_N (sizeof rule_files / sizeof *rule_files)

static struct node *read_any(struct arena *a, struct str bytes, struct findings *f) {
  struct node *n = NULL, *fhir = NULL;
  struct source src = {STR("message"), bytes};
  enum resource_form form;
  if (resource_read(&fhir, &form, a, src, f) == 0) return fhir;
  int failed = sniff_bytes(bytes) == SNIFF_XML ? xml_read(&n, a, src, f) : json_read(&n, a, src, f);
  return failed ? NULL : n;
}

static const struct diff_rules *read_rules(struct arena *a, unsigned which, struct findings *f) {
  struct node *yaml;
  struct diff_rules *rules;
  struct error e;
  if (yaml_read(&yaml, a, (struct source){STR("rules"), str_z(rule_files[which % RULE_FILES_N])}, f)) BUG("rules");
  if (diff_rules_read(&rules, a, yaml, STR("rules"), &e)) BUG("rules: %s", e.text);
  return rules;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size == 0) return 0;
  struct arena *a = arena_new(0);
  struct findings read, found;
  struct buf out;
  findings_init(&read, a);
  findings_init(&found, a);
  buf_init(&out, (size_t)4 << 20);
  const struct diff_rules *rules = read_rules(a, data[0], &read);
  struct str rest = {(const char *)data + 1, size - 1};
  struct str first = str_cut(&rest, '\0');
  struct node *expected = read_any(a, first, &read), *actual = read_any(a, rest, &read);
  if (expected && actual) {
    size_t n = diff_trees(&found, expected, STR("expected"), actual, STR("actual"), rules);
    if (n > 0 && found.list.n == 0) BUG("differences without a finding");
    diff_print(&out, &found);
    findings_init(&found, a);
    diff_trees(&found, expected, STR("expected"), expected, STR("same"), NULL);
    if (findings_worst(&found) > SEV_UNDECIDED) BUG("not equal to itself");
  }
  buf_release(&out);
  arena_free(a);
  return 0;
}
