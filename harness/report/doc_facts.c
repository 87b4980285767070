/* Lists of facts, and the boxes of a form. */
#include "report/doc_int.h"

#include "base/clock.h"

static void put_term(struct doc *d, enum report_word name) {
  doc_word_element(d, "dt", NULL, name);
}

void doc_fact(struct doc *d, enum report_word name, const char *cls, struct str value) {
  if (!value.n) return;
  html_open(&d->w, "div");
  put_term(d, name);
  doc_element(d, "dd", cls, value);
  doc_close(d);
}

void doc_facts(struct doc *d, enum report_word heading) {
  doc_open(d, "div", "facts");
  doc_word_element(d, "h3", NULL, heading);
  html_open(&d->w, "dl");
}

void doc_facts_end(struct doc *d) {
  doc_close(d);
  doc_close(d);
}

static void put_box(struct doc *d, enum report_word name, const char *cls, struct str value) {
  doc_open(d, "div", cls);
  put_term(d, name);
  html_open(&d->w, "dd");
  doc_text(d, value);
  doc_close(d);
  doc_close(d);
}

static void put_tick(struct doc *d, enum report_word name, bool ticked) {
  doc_open(d, "span", "box");
  html_textz(&d->w, ticked ? "\u2611 " : "\u2610 ");
  html_textz(&d->w, doc_word(d, name));
  doc_close(d);
}

static void put_approved(struct doc *d, const struct record_decision *decision) {
  html_open(&d->w, "div");
  put_term(d, WORD_APPROVED);
  html_open(&d->w, "dd");
  put_tick(d, WORD_YES, decision->at && decision->approved);
  put_tick(d, WORD_NO, decision->at && !decision->approved);
  doc_close(d);
  doc_close(d);
}

void doc_decision(struct doc *d, const struct record_decision *decision) {
  doc_open(d, "dl", "sign");
  put_box(d, WORD_TEST_DATE, NULL, day_text(d->a, decision->date, d->lang == REPORT_DA));
  put_box(d, WORD_TEST_PLACE, NULL, decision->place);
  put_approved(d, decision);
  put_box(d, WORD_CARRIED_OUT_BY, NULL, decision->by);
  put_box(d, WORD_REMARKS, "wide", decision->remarks);
  put_box(d, WORD_SIGNATURE, "wide", (struct str){0});
  doc_close(d);
}
