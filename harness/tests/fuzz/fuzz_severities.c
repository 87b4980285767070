/* fuzz_severities: a file of severities; what is read is applied to a finding. */
#include "standards/severities.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct arena *a = arena_new(0);
  struct findings f;
  struct severities s;
  struct error e;
  findings_init(&f, a);
  *VEC_ADD(a, &f.list) = (struct finding){.rule = STR("identifier.gln"), .severity = SEV_ERROR};
  if (severities_read_file(&s, a, (struct source){STR("fuzz"), {(const char *)data, size}}, &e) == 0)
    severities_apply(&s, &f, 0);
  if (f.list.n > 1) BUG("severities make findings");
  arena_free(a);
  return 0;
}
