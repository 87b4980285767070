/* Verdicts that MedCom put in the place of the machine's, all in one place; each is told under its step as well. */
#include "report/doc_int.h"

static void put_row(struct doc *d, const struct doc_step *step, const struct record_revision *r) {
  html_open(&d->w, "tr");
  html_attrz(&d->w, "role", "row");
  doc_cell(d, WORD_COL_STEP, NULL);
  doc_link(d, "step-link", step->anchor, step->step->id);
  doc_close(d);
  doc_cell(d, WORD_REVISED_FROM, NULL);
  doc_verdict(d, r->was);
  doc_close(d);
  doc_cell(d, WORD_REVISED_TO, NULL);
  doc_verdict(d, r->verdict);
  doc_close(d);
  doc_text_cell(d, WORD_WHY, NULL, r->why);
  doc_cell(d, WORD_REVISED_BY, NULL);
  doc_text(d, r->by);
  html_textz(&d->w, " ");
  doc_time(d, r->at);
  doc_close(d);
  doc_close(d);
}

static size_t revised(const struct record *r) {
  size_t n = 0;
  for (size_t c = 0; c < r->cases.n; c++)
    for (size_t i = 0; i < r->cases.v[c].steps.n; i++) n += r->cases.v[c].steps.v[i].revisions.n;
  return n;
}

void doc_revisions(struct doc *d) {
  static const enum report_word heads[] = {WORD_COL_STEP, WORD_REVISED_FROM, WORD_REVISED_TO,
                                           WORD_WHY,      WORD_REVISED_BY,   WORDS_N};
  if (!revised(d->r)) return;
  doc_section(d, "revisions", WORD_REVISIONS);
  if (!str_eqz(d->r->mode, RECORD_CERTIFY)) doc_word_element(d, "p", NULL, WORD_REVISIONS_SELF_TEST);
  doc_table(d, "list", heads);
  for (size_t c = 0; c < d->r->cases.n; c++)
    for (size_t i = 0; i < d->r->cases.v[c].steps.n; i++) {
      const struct record_step *s = &d->r->cases.v[c].steps.v[i];
      for (size_t k = 0; k < s->revisions.n; k++) put_row(d, &d->steps[c][i], &s->revisions.v[k]);
    }
  doc_table_end(d);
  doc_section_end(d);
}
