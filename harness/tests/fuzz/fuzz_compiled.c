/* A damaged compiled file. Input: edits of a good one, each an offset (3 bytes, little endian), and a byte to xor what
 * is there with; a last single byte cuts the file at that many parts of 255. So the sum in front of an image cannot be
 * made to fit by the fuzzer: what is tried is damage, not forgery (fhir/compiled.h). */
#include <stdint.h>
#include <string.h>

#include "fhir/compiled_int.h"
#include "fhir/snapshot.h"
#include "formats/archive.h"

#define EDIT_SIZE 4
#define CUT_PARTS 255
#define COMPILED_OUT ((size_t)1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char key[SHA256_HEX + 1] = "key";

static const struct archive_file files[] = {
    {STR_INIT("package/package.json"), STR_INIT("{\"name\":\"a\",\"version\":\"1\",\"dependencies\":{\"b\":\"1\"}}")},
    {STR_INIT("package/s.json"),
     STR_INIT("{\"resourceType\":\"StructureDefinition\",\"url\":\"http://a/s\",\"type\":\"Patient\",\"derivation\":"
              "\"constraint\",\"snapshot\":{\"element\":[{\"id\":\"Patient\",\"path\":\"Patient\",\"min\":0,\"max\":"
              "\"*\",\"patternCoding\":{\"code\":\"a\"},\"type\":[{\"code\":\"Patient\"}]},{\"id\":\"Patient.id\","
              "\"path\":\"Patient.id\",\"constraint\":[{\"key\":\"k\",\"expression\":\"true\"}]}]}}")},
    {STR_INIT("package/v.json"),
     STR_INIT("{\"resourceType\":\"ValueSet\",\"url\":\"http://a/v\",\"compose\":{\"include\":[{\"system\":"
              "\"http://a/c\",\"concept\":[{\"code\":\"a\"},{\"code\":\"b\"}]}]}}")},
    {STR_INIT("package/c.json"),
     STR_INIT("{\"resourceType\":\"CodeSystem\",\"url\":\"http://a/c\",\"content\":\"complete\",\"concept\":[{"
              "\"code\":\"a\",\"concept\":[{\"code\":\"b\"}]}]}")}};

/* Made once; all inputs are edits of it. */
static struct str good_file(void) {
  static struct arena *kept;
  static struct str good;
  struct error e = {0};
  struct buf tgz, out;
  struct package *p;
  if (good.n) return good;
  struct arena *a = arena_new(0);
  kept = arena_new(0);
  buf_init(&tgz, COMPILED_OUT);
  buf_init(&out, COMPILED_OUT);
  struct book *b = book_new(a);
  if (archive_pack(&tgz, files, sizeof files / sizeof *files, &e)) BUG("%s", e.text);
  if (package_open_bytes(&p, a, (struct source){STR("a.tgz"), buf_str(&tgz)}, &e)) BUG("%s", e.text);
  book_put_package(b, p);
  if (compiled_make(&out, b, key, &e)) BUG("%s", e.text);
  good = arena_str(kept, buf_str(&out));
  buf_release(&out);
  buf_release(&tgz);
  arena_free(a);
  return good;
}

static struct str edited(struct arena *a, const uint8_t *data, size_t size) {
  struct str good = good_file();
  char *bytes = arena_alloc(a, good.n);
  size_t n = good.n;
  memcpy(bytes, good.p, good.n);
  for (; size >= EDIT_SIZE; data += EDIT_SIZE, size -= EDIT_SIZE) {
    size_t at = (size_t)data[0] | (size_t)data[1] << 8 | (size_t)data[2] << 16;
    bytes[at % good.n] = (char)(bytes[at % good.n] ^ data[3]);
  }
  if (size == 1) n = good.n * data[0] / CUT_PARTS;
  char *exact = arena_alloc(a, n); /* so that AddressSanitizer sees a read behind the end */
  memcpy(exact, bytes, n);
  return (struct str){exact, n};
}

static void ask_for_all(struct arena *a, struct book *b) {
  struct package **packages;
  size_t n = book_packages(&packages, b);
  struct error e = {0};
  for (size_t i = 0; i < n; i++) {
    if (package_load(packages[i], &e)) continue;
    for (size_t k = 0; k < packages[i]->items.n; k++) {
      struct package_item *item = packages[i]->items.v[k];
      const struct elements *list;
      struct structure *s = book_item_structure(b, item);
      if (s && structure_snapshot(&list, a, b, s, SNAPSHOT_PUBLISHED, &e) && e.code == ERR_NONE) BUG("no reason");
      book_value_set(b, item->url, packages[i]);
      book_code_system(b, item->url, packages[i]);
    }
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct arena *a = arena_new(0);
  struct book *b = book_new(a);
  if (compiled_use(b, edited(a, data, size), -1, key, "/nowhere")) ask_for_all(a, b);
  arena_free(a);
  return 0;
}
