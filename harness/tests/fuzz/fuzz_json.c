/* fuzz_json: the json reader on any bytes; what it reads, it must read the same after writing. */
#include "formats/json.h"

#define OUT_MAX ((size_t)64 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_round_trip(struct arena *a, const struct node *root) {
  struct findings f;
  struct node *again;
  struct buf out;
  findings_init(&f, a);
  buf_init(&out, OUT_MAX);
  json_write(&out, root, 1);
  int rc = json_read(&again, a, (struct source){STR("again"), buf_str(&out)}, &f);
  if (!out.full && (rc || !node_equal(root, again))) BUG("not the same after writing: %.*s", STR_F(buf_str(&out)));
  buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct arena *a = arena_new(0);
  struct findings f;
  struct node *root;
  findings_init(&f, a);
  int rc = json_read(&root, a, (struct source){STR("fuzz"), {(const char *)data, size}}, &f);
  if (rc && !f.list.n) BUG("refused without a finding");
  if (!rc) check_round_trip(a, root);
  arena_free(a);
  return 0;
}
