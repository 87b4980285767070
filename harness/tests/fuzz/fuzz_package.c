/* fuzz_package: any bytes as a package file, and as the definition in a good one. What a package keeps of a definition
 * that is JSON must be JSON as well. */
#include "fhir/book.h"
#include "formats/archive.h"
#include "formats/json.h"

#define PACKED_MAX ((size_t)64 << 20)
#define MANIFEST "{\"name\":\"a\",\"version\":\"1\",\"dependencies\":{\"a\":\"x\",\"b\":\"1\"}}"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ask_for_all(struct arena *a, struct package *p) {
  struct book *b = book_new(a);
  const struct book_missing *missing;
  book_put_package(b, p);
  for (size_t i = 0; i < p->items.n; i++) {
    struct package_item *item = p->items.v[i];
    struct code_system **supplements;
    book_structure(b, item->url, p);
    struct code_system *cs = book_code_system(b, item->url, p);
    for (size_t k = 0; cs && k < cs->concepts.n && k < 50; k++) code_system_is_a(cs, k, 0);
    book_value_set(b, item->url, NULL);
    book_supplements(&supplements, b, item->url, p);
  }
  book_missing(&missing, b);
}

static struct package *load(struct arena *a, struct str bytes) {
  struct package *p = NULL;
  struct error e = {0};
  if (!package_open_bytes(&p, a, (struct source){STR("fuzz.tgz"), bytes}, &e) && !package_load(p, &e)) return p;
  if (e.code == ERR_NONE) BUG("refused without a reason");
  return NULL;
}

static bool is_json(struct arena *a, struct str bytes) {
  struct findings f;
  struct node *n;
  findings_init(&f, a);
  return json_read(&n, a, (struct source){STR("fuzz"), bytes}, &f) == 0;
}

static void as_definition(struct arena *a, struct str bytes) {
  const struct archive_file files[] = {{STR_INIT("package/package.json"), STR_INIT(MANIFEST)},
                                       {STR_INIT("package/x.json"), bytes}};
  struct error e = {0};
  struct buf tgz;
  buf_init(&tgz, PACKED_MAX);
  if (archive_pack(&tgz, files, 2, &e)) BUG("%s", e.text);
  struct package *p = load(a, buf_take(&tgz, a));
  if (!p) BUG("a package of ours is refused");
  for (size_t i = 0; i < p->items.n; i++)
    if (is_json(a, bytes) && !is_json(a, p->items.v[i]->bytes)) BUG("not the same: %.*s", STR_F(p->items.v[i]->bytes));
  ask_for_all(a, p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct arena *a = arena_new(0);
  struct str bytes = {(const char *)data, size};
  if (size && data[0] == '{') {
    as_definition(a, bytes);
  } else {
    struct package *p = load(a, bytes);
    if (p) ask_for_all(a, p);
  }
  arena_free(a);
  return 0;
}
