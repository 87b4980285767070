/* Protocols as people may write them, with the real step words; what can be read is looked at by lint too. */
#include "lint/lint.h"
#include "steps/steps.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct arena *a = arena_new(0);
  struct findings f;
  struct protocol *p;
  findings_init(&f, a);
  (void)protocol_read(&p, a, (struct source){STR("fuzz.yaml"), {(const char *)data, size}}, step_kinds, &f);
  if (p) (void)lint_protocol(&f, a, p, "/nowhere", NULL);
  arena_free(a);
  return 0;
}
