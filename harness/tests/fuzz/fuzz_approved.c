/* The template of a certificate: what has no place stays byte for byte, and what a record holds never gets out of its
 * text. */
#include "report/approved.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define PAGE_MAX ((size_t)16 << 20)

static void fill_record(struct record *r, struct arena *a) {
  *r = (struct record){.run = STR("r-1"),
                       .mode = STR(RECORD_CERTIFY),
                       .started = 1000,
                       .ended = 2000,
                       .system = STR("<script>{{run}}"),
                       .verdict = VERDICT_PASS,
                       .decision = {.approved = true, .at = 3000}};
  struct record_case *c = VEC_ADD(a, &r->cases);
  c->id = STR("3.1");
  c->status = STR("mandatory");
  c->verdict = VERDICT_PASS;
  struct record_step *s = VEC_ADD(a, &c->steps);
  s->id = s->number = STR("3.1.1");
  s->verdict = VERDICT_PASS;
  s->assessment = ASSESSMENT_OK;
  s->at = 1500;
  struct record_assessment *said = VEC_ADD(a, &s->assessments);
  said->assessment = ASSESSMENT_OK;
  said->at = 1600;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct arena *a = arena_new(0);
  struct record r;
  struct error e;
  struct buf b;
  struct str t = {(const char *)data, size};
  fill_record(&r, a);
  buf_init(&b, PAGE_MAX);
  int result = certificate_write(&b, a, &r, REPORT_EN, (struct source){STR("t.html"), t}, &e);
  bool has_place = str_find(t, STR("{{"), 0) != SIZE_MAX;
  if (!has_place && (result < 0 || !str_eq(buf_str(&b), t))) BUG("a page without places was changed");
  if (str_find(t, STR("<script"), 0) == SIZE_MAX && str_find(buf_str(&b), STR("<script"), 0) != SIZE_MAX &&
      str_find(t, STR("<"), 0) == SIZE_MAX)
    BUG("a value became markup");
  buf_release(&b);
  arena_free(a);
  return 0;
}
