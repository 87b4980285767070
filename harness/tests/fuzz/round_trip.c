#include "tests/fuzz/round_trip.h"

#define OUT_MAX ((size_t)64 << 20)

static void write_and_read(const struct round_trip *r, struct arena *a, const struct node *root) {
  struct findings f;
  struct node *again;
  struct buf out;
  findings_init(&f, a);
  buf_init(&out, OUT_MAX);
  r->write(&out, root, r->indent);
  int rc = r->read(&again, a, (struct source){STR("again"), buf_str(&out)}, &f);
  if (!out.full && (rc || !node_equal(root, again))) BUG("not the same after writing: %.*s", STR_F(buf_str(&out)));
  buf_release(&out);
}

void round_trip(const struct round_trip *r, const uint8_t *data, size_t size) {
  struct arena *a = arena_new(0);
  struct findings f;
  struct node *root;
  findings_init(&f, a);
  int rc = r->read(&root, a, (struct source){STR("fuzz"), {(const char *)data, size}}, &f);
  if (rc && !f.list.n) BUG("refused without a finding");
  if (!rc) write_and_read(r, a, root);
  arena_free(a);
}
