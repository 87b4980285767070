/* What was handed in: all files by name and digest, and the pictures among them. */
#include "base/base64.h"
#include "report/doc_int.h"

struct str doc_picture_anchor(const struct doc *d, const struct doc_step *s, size_t n) {
  if (!s->step->evidence.v[n].bytes.n) return (struct str){0};
  return arena_printf(d->a, "picture-%.*s-%zu", STR_F(s->anchor), n + 1);
}

static void put_row(struct doc *d, const struct doc_step *s, size_t n) {
  const struct record_evidence *e = &s->step->evidence.v[n];
  struct str picture = doc_picture_anchor(d, s, n);
  html_open(&d->w, "tr");
  html_attrz(&d->w, "role", "row");
  doc_cell(d, WORD_TEST_STEP, NULL);
  doc_link(d, "step-link", s->anchor, s->step->id);
  doc_close(d);
  doc_cell(d, WORD_FILE_NAME, NULL);
  if (picture.n)
    doc_link(d, NULL, picture, e->name);
  else
    doc_text(d, e->name);
  doc_close(d);
  doc_text_cell(d, WORD_DIGEST, "mono digest", e->digest);
  doc_close(d);
}

/* The bytes of a picture are no markup: the media type is one of ours, and base64 has no sign that could end the
 * attribute. */
static void put_picture(struct doc *d, const struct doc_step *s, size_t n) {
  const struct record_evidence *e = &s->step->evidence.v[n];
  struct buf source;
  if (!e->bytes.n) return;
  buf_init(&source, REPORT_MAX);
  buf_printf(&source, "data:%.*s;base64,", STR_F(e->media));
  base64_encode(&source, e->bytes);
  doc_open(d, "figure", "picture");
  doc_attr(d, "id", doc_picture_anchor(d, s, n));
  html_open(&d->w, "figcaption");
  doc_link(d, "step-link", s->anchor, s->step->id);
  html_textz(&d->w, " ");
  doc_text(d, e->name);
  doc_close(d);
  html_open(&d->w, "img");
  html_attr(&d->w, "src", buf_str(&source));
  doc_attr(d, "alt", e->name);
  doc_close(d);
  doc_close(d);
  buf_release(&source);
}

static void each(struct doc *d, void (*put)(struct doc *d, const struct doc_step *s, size_t n)) {
  for (size_t i = 0; i < d->r->cases.n; i++)
    for (size_t k = 0; k < d->r->cases.v[i].steps.n; k++)
      for (size_t n = 0; n < d->steps[i][k].step->evidence.n; n++) put(d, &d->steps[i][k], n);
}

static size_t count(const struct doc *d) {
  size_t n = 0;
  for (size_t i = 0; i < d->r->cases.n; i++)
    for (size_t k = 0; k < d->r->cases.v[i].steps.n; k++) n += d->r->cases.v[i].steps.v[k].evidence.n;
  return n;
}

void doc_evidence(struct doc *d) {
  static const enum report_word heads[] = {WORD_TEST_STEP, WORD_FILE_NAME, WORD_DIGEST, WORDS_N};
  doc_section(d, "evidence", WORD_EVIDENCE);
  if (!count(d)) {
    doc_word_element(d, "p", NULL, WORD_NO_EVIDENCE);
  } else {
    doc_table(d, "list", heads);
    each(d, put_row);
    doc_table_end(d);
    each(d, put_picture);
  }
  doc_section_end(d);
}
