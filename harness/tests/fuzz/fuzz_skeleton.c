/* fuzz_skeleton: the reader of skeletons, and matching: the input is a skeleton, a line "%", and an interchange.
 * Whatever is read is matched without losing a segment, the same way twice, and regrouped without changing what is
 * written. */
#include "standards/skeleton.h"

#define WRITTEN_MAX ((size_t)16 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t count_segments(const struct node *n) {
  size_t count = 0;
  for (NODE_EACH(c, n)) count += c->kind == NODE_GROUP ? count_segments(c) : c->kind == NODE_SEGMENT;
  return count;
}

static struct str written(struct arena *a, const struct node *root) {
  struct buf b;
  buf_init(&b, WRITTEN_MAX);
  edifact_write(&b, root);
  return buf_take(&b, a);
}

static void match(struct arena *a, const struct skeleton *s, struct node *root) {
  for (struct node *m = edifact_message(root); m; m = edifact_message_next(m)) {
    struct skeleton_match once, twice;
    struct str before = written(a, root);
    size_t segments = count_segments(m);
    skeleton_match(&once, a, s, m);
    if (once.places.n > segments) BUG("more places than segments");
    for (size_t i = 0; i < once.deviations.n; i++)
      if (once.deviations.v[i].item) (void)skeleton_item_text(a, once.deviations.v[i].item);
    skeleton_regroup(&once, a, m);
    if (count_segments(m) != segments || !str_eq(before, written(a, root))) BUG("regrouping changed the message");
    skeleton_match(&twice, a, s, m);
    if (once.deviations.n != twice.deviations.n) BUG("the same message gave something else");
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct arena *a = arena_new(0);
  struct str all = {(const char *)data, size};
  size_t at = str_find(all, STR("\n%\n"), 0);
  struct skeleton_lists lists = {0};
  struct skeletons tables = {0};
  struct skeleton *s;
  struct error e;
  struct findings f;
  struct node *root;
  findings_init(&f, a);
  (void)!skeleton_alike_read(&tables, a, all, STR("fuzz"), &e);
  (void)!skeleton_lists_read(&lists, a, STR("list party SKS:SST YNR:SFU :9\nlist format P00 F00\n"), STR("l"), &e);
  if (skeleton_read(&s, a, str_sub(all, 0, at), STR("fuzz"), &lists, &e) == 0 && at != SIZE_MAX &&
      edifact_read(&root, a, (struct source){STR("m"), str_sub(all, at + 3, all.n)}, &f) == 0)
    match(a, s, root);
  arena_free(a);
  return 0;
}
