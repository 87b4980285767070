/* fuzz_edifact: any bytes as an interchange, judged as one. What was read whole is written as it was, and every node is
 * found by its own path. */
#include "envelope/interchange.h"
#include "formats/edifact.h"

#define NODES_LOOKED_AT 40

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is no tag has no path, and where segments stand in no message, "message" cannot be left out. */
static bool has_paths(const struct findings *f) {
  static const char *const without[] = {"edifact.tag", "edifact.outside-message", "edifact.after-unz"};
  for (size_t i = 0; i < f->list.n; i++)
    for (size_t k = 0; k < sizeof without / sizeof *without; k++)
      if (str_eqz(f->list.v[i].rule, without[k])) return false;
  return !f->dropped;
}

static void write_again(const struct node *root, struct str bytes) {
  struct buf out;
  buf_init(&out, 4 * bytes.n + 64);
  edifact_write(&out, root);
  if (!str_eq(buf_str(&out), bytes)) BUG("written otherwise: %.*s", STR_F(buf_str(&out)));
  buf_release(&out);
}

static void find_again(const struct node *root, struct arena *a, const struct node *n) {
  struct edifact_hits hits;
  struct error e;
  struct str path = edifact_path(a, n);
  if (edifact_find(&hits, a, root, path, &e) < 0) BUG("no path: %.*s: %s", STR_F(path), e.text);
  for (size_t i = 0; i < hits.n; i++)
    if (hits.v[i] == n) return;
  BUG("not found by its path: %.*s", STR_F(path));
}

static void find_all(const struct node *root, struct arena *a, const struct node *n, size_t *looked) {
  for (NODE_EACH(c, n)) {
    if (*looked == NODES_LOOKED_AT) return;
    if (c->kind != NODE_GROUP && c->kind != NODE_BINARY) {
      find_again(root, a, c);
      ++*looked;
    }
    find_all(root, a, c, looked);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct str bytes = {(const char *)data, size};
  struct arena *a = arena_new(0);
  struct findings f;
  struct node *root;
  size_t looked = 0;
  findings_init(&f, a);
  int rc = edifact_read(&root, a, (struct source){STR("fuzz"), bytes}, &f);
  if (rc && !f.list.n) BUG("refused without a finding");
  if (!rc) {
    interchange_check(root, STR("fuzz"), &f);
    if (!(root->flags & EDIFACT_CUT)) write_again(root, bytes);
    if (has_paths(&f)) find_all(root, a, root, &looked);
  }
  arena_free(a);
  return 0;
}
