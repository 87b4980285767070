/* fuzz_receipt: a mail and the receipt in it, over any bytes of EDIFACT or XML; a receipt for it, right or wrong,
 * is written and must come back as what it was. */
#include "envelope/receipt_judge.h"
#include "formats/edifact.h"
#include "formats/sniff.h"
#include "formats/xml.h"

#define WRITTEN_MAX ((size_t)64 << 20)
#define LETTERS_TRIED 3 /* what comes back is looked at for small ones only */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool read_mail(struct mail *m, struct arena *a, struct str bytes, struct findings *f) {
  struct node *root = NULL;
  struct source src = {STR("fuzz"), bytes};
  int read = sniff_bytes(bytes) == SNIFF_XML ? xml_read(&root, a, src, f) : edifact_read(&root, a, src, f);
  if (read == 0) mail_read(m, a, root);
  return read == 0;
}

static void judge(const struct receipt *r, const struct mail *m, struct findings *f) {
  receipt_judge(&(struct receipt_case){.message = STR("fuzz"), .receipt = r, .original = m}, f);
  receipt_judge_earlier(&(struct receipt_case){.message = STR("fuzz"), .receipt = r, .original = m},
                        &(struct receipt_earlier){STR("m1"), r}, false, f);
}

static void write_and_read(const struct receipt *r, const struct mail *m, struct arena *a, struct findings *f) {
  struct buf b;
  struct mail again;
  struct receipt back;
  buf_init(&b, WRITTEN_MAX);
  receipt_write(&b, r);
  if (!read_mail(&again, a, buf_take(&b, a), f) || !receipt_read(&back, a, &again)) BUG("not read again");
  if (back.letters.n != r->letters.n) BUG("other letters");
  judge(&back, m, f);
}

/* One kind and one way of being wrong a run: the last byte chooses. */
static void answer(const struct mail *m, struct arena *a, unsigned char choice, struct findings *f) {
  size_t i = choice % (receipt_rows_n * (receipt_faults_n + 1)), fault = i / receipt_rows_n;
  struct receipt r;
  struct receipt_order o = {.row = &receipt_rows[i % receipt_rows_n],
                            .to = m,
                            .id = STR("S1"),
                            .letter_id = STR("S2"),
                            .at = INT64_C(1767610800000),
                            .code = STR("SYN"),
                            .text = m->id,
                            .about_letter = fault % 2,
                            .mailbox = STR("NET")};
  receipt_make(&r, a, &o);
  if (fault) receipt_faults[fault - 1].spoil(&r, a);
  write_and_read(&r, m, a, f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct arena *a = arena_new(0);
  struct findings f;
  struct receipt r;
  struct mail m;
  findings_init(&f, a);
  if (read_mail(&m, a, (struct str){(const char *)data, size}, &f)) {
    if (receipt_read(&r, a, &m)) judge(&r, &m, &f);
    (void)receipt_asked(&m, NULL);
    if (m.letters.n <= LETTERS_TRIED) answer(&m, a, data[size - 1], &f);
  }
  arena_free(a);
  return 0;
}
