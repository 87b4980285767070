/* fuzz_yaml: the yaml reader on any bytes; what it reads, it must be able to write (as JSON). */
#include "formats/json.h"
#include "formats/yaml.h"

#define OUT_MAX ((size_t)64 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct arena *a = arena_new(0);
  struct findings f;
  struct node *root;
  findings_init(&f, a);
  int rc = yaml_read(&root, a, (struct source){STR("fuzz"), {(const char *)data, size}}, &f);
  if (rc && !f.list.n) BUG("refused without a finding");
  if (!rc) {
    struct buf out;
    buf_init(&out, OUT_MAX);
    json_write(&out, root, 1);
    buf_release(&out);
  }
  arena_free(a);
  return 0;
}
