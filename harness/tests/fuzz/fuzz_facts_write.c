/* fuzz_facts_write: any bytes as a file of facts. What was read of text can be written, and that can be read. */
#include "base/utf8.h"
#include "fhir/facts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct package *read_facts(struct arena *a, struct str bytes) {
  struct book *b = book_new(a);
  struct package **packages;
  struct error e = {0};
  if (book_add_facts_bytes(b, (struct source){STR("fuzz.facts"), bytes}, &e)) {
    if (e.code == ERR_NONE) BUG("refused without a reason");
    return NULL;
  }
  return book_packages(&packages, b) ? packages[0] : NULL;
}

static bool all_sound(struct arena *a, struct package *p) {
  bool sound = true;
  for (size_t i = 0; i < p->items.n; i++) {
    struct package_item *item = p->items.v[i];
    const struct node *n = package_item_node(item, a);
    if (!n && !item->why) BUG("broken without a reason");
    sound = sound && n;
  }
  return sound;
}

static bool write_facts(struct str *out, struct arena *a, struct package *p) {
  struct facts_choice all = {0};
  struct error e = {0};
  struct buf b;
  buf_init(&b, FACTS_FILE_MAX);
  int rc = facts_write(&b, a, p, &all, &e);
  *out = buf_take(&b, a);
  return !rc;
}

static bool is_text(struct str bytes) {
  for (size_t i = 0; i < bytes.n; i++)
    if ((unsigned char)bytes.p[i] < ' ' && bytes.p[i] != '\t' && bytes.p[i] != '\n') return false;
  return utf8_check(bytes) == SIZE_MAX;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct arena *a = arena_new(0);
  struct str written, bytes = {(const char *)data, size};
  struct package *p = read_facts(a, bytes);
  if (p && all_sound(a, p) && write_facts(&written, a, p) && is_text(bytes)) {
    struct package *q = read_facts(a, written);
    if (!q || !all_sound(a, q)) BUG("what was written cannot be read: %.*s", STR_F(written));
  }
  arena_free(a);
  return 0;
}
