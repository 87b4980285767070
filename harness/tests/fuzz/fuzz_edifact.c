/* fuzz_edifact: any bytes as an interchange, judged as one. What was read whole is written as it was, every node is
 * found by its own path, and free text that was written once is written the same again. */
#include "envelope/interchange.h"
#include "formats/edifact.h"
#include "formats/edifact_text.h"

#define NODES_LOOKED_AT 40
#define TEXT_BYTES_MAX 4096 /* each FTX of a run is looked at as the first of one */

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

static void write_text(struct free_text *again, struct node *into, struct arena *a, const struct free_text *t) {
  if (free_text_write(into, a, STR("NC"), t))
    free_text_read(again, a, into->first);
  else
    *again = (struct free_text){0};
}

static void text_again(struct arena *a, const struct node *ftx) {
  struct free_text text, second, third;
  struct node *once = node_new(a, NODE_GROUP), *twice = node_new(a, NODE_GROUP);
  free_text_read(&text, a, ftx);
  write_text(&second, once, a, &text);
  if (second.lines.n != text.lines.n) BUG("%zu lines became %zu", text.lines.n, second.lines.n);
  write_text(&third, twice, a, &second);
  if (!node_equal(once, twice)) BUG("free text is written otherwise: %.*s", STR_F(free_text_plain(a, &text)));
}

static void texts_again(struct arena *a, const struct node *n) {
  for (NODE_EACH(c, n)) {
    if (c->kind == NODE_GROUP) texts_again(a, c);
    if (c->kind == NODE_SEGMENT && str_eqz(c->name, "FTX")) text_again(a, c);
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
    if (size <= TEXT_BYTES_MAX) texts_again(a, root);
  }
  arena_free(a);
  return 0;
}
