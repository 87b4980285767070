/* Sequence diagrams of any record: well-formed XML, whatever its texts are. */
#include "formats/xml.h"
#include "report/report.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void draw(struct arena *a, const struct record *r, enum report_lang lang) {
  struct findings f;
  struct node *root;
  struct buf b;
  findings_init(&f, a);
  buf_init(&b, REPORT_MAX);
  report_format_named(STR("svg"))->write(&b, r, lang);
  if (xml_read(&root, a, (struct source){STR("svg"), buf_str(&b)}, &f) < 0) BUG("not well-formed: %s", b.p);
  buf_release(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct arena *a = arena_new(0);
  struct record *r;
  struct error e;
  if (record_read(&r, a, (struct str){(const char *)data, size}, STR("record"), &e) == 0) {
    draw(a, r, REPORT_EN);
    draw(a, r, REPORT_DA);
  }
  arena_free(a);
  return 0;
}
