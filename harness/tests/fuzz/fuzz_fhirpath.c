/* Input: an expression; evaluated over a small resource and over nothing. */
#include "fhir/fhirpath.h"
#include "fhir/resource.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char sample[] =
    "{\"resourceType\":\"Bundle\",\"type\":\"message\",\"entry\":[{\"fullUrl\":\"urn:uuid:1\",\"resource\":{"
    "\"resourceType\":"
    "\"Observation\",\"status\":\"final\",\"valueQuantity\":{\"value\":1.50,\"unit\":\"kg\"},\"subject\":{"
    "\"reference\":"
    "\"urn:uuid:2\"},\"issued\":\"2024-02-29T10:00:00+01:00\"}},{\"fullUrl\":\"urn:uuid:2\",\"resource\":{"
    "\"resourceType\":"
    "\"Patient\",\"active\":true,\"name\":[{\"given\":[\"A\",\"B\"]}],\"birthDate\":\"1970-01-01\"}}]}";

static void evaluate(struct arena *a, const struct fhirpath *fp, const struct node *input, struct clock *clock) {
  struct fhirpath_env env = {.clock = clock};
  struct fhirpath_result r = {0};
  struct error e = {0};
  if (fhirpath_eval(&r, a, fp, input, &env, &e)) return;
  struct buf out;
  buf_init(&out, 1 << 20);
  fhirpath_print(&out, &r, true);
  buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct arena *a = arena_new(0);
  struct error e = {0};
  struct fhirpath *fp;
  struct str expression = {(const char *)data, size};
  if (fhirpath_parse(&fp, a, expression, &e) == 0) {
    struct findings f;
    findings_init(&f, a);
    struct clock clock;
    clock_init_logical(&clock);
    struct node *input = NULL;
    enum resource_form form;
    struct source src = {STR("sample"), {sample, sizeof sample - 1}};
    if (resource_read(&input, &form, a, src, &f)) __builtin_trap();
    evaluate(a, fp, NULL, &clock);
    evaluate(a, fp, input, &clock);
  }
  arena_free(a);
  return 0;
}
