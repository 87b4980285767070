/* The filling of a Word document: what is no table of steps stays byte for byte, and nothing is ever taken out. */
#include "report/docx.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void add_step(struct arena *a, struct record_case *c, const char *number) {
  struct record_step *s = VEC_ADD(a, &c->steps);
  s->id = s->number = str_z(number);
  s->verdict = VERDICT_PASS;
  s->actual.en = STR("shown");
  s->test_data.en = STR("Nancy");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct arena *a = arena_new(0);
  struct record r = {.mode = STR("self-test")};
  struct docx_filled done = {0};
  struct str xml = {(const char *)data, size};
  struct record_case *c = VEC_ADD(a, &r.cases);
  add_step(a, c, "3.1");
  add_step(a, c, "3.1.1");
  struct str out = docx_fill_document(&done, a, &r, xml, REPORT_EN);
  if (out.n < xml.n) BUG("the document became shorter");
  if (!done.placed.n && !str_eq(out, xml)) BUG("a document without a step was changed");
  arena_free(a);
  return 0;
}
