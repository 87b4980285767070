/* Steps that were played more than once, put in by MedCom, or carried over from another run. */
#include "report/doc_int.h"

static struct str filled(struct doc *d, enum report_word w, struct str one) {
  return report_word_fill(d->a, d->lang, w, one, (struct str){0});
}

void doc_origin(struct doc *d, const struct record_step *s) {
  if (s->inserted_by.n) doc_word_element(d, "span", "tag", WORD_OWN_STEP);
  if (s->system_version.n) doc_element(d, "span", "tag", filled(d, WORD_OF_VERSION, s->system_version));
  if (!s->carried_from.n) return;
  doc_element(d, "span", "tag", filled(d, WORD_CARRIED, s->carried_from));
  if (s->confirmed_by.n)
    doc_element(d, "span", "tag", filled(d, WORD_CONFIRMED_BY, s->confirmed_by));
  else
    doc_word_element(d, "span", "tag warn", WORD_NOT_CONFIRMED);
}

/* " MC: the reason" */
static void put_word(struct doc *d, struct str by, struct str why) {
  html_textz(&d->w, " ");
  doc_text(d, by);
  if (why.n) html_textz(&d->w, ": ");
  doc_text(d, why);
}

static void put_inserted(struct doc *d, const struct record_step *s) {
  if (!s->inserted_by.n) return;
  html_open(&d->w, "p");
  doc_word_element(d, "b", NULL, WORD_OWN_STEP);
  put_word(d, s->inserted_by, s->inserted_why);
  doc_close(d);
}

/* The findings of the one that counts stand with the step itself. */
static void put_attempt(struct doc *d, const struct record_attempt *at) {
  struct str number = arena_printf(d->a, "%jd", (intmax_t)at->number);
  html_open(&d->w, "p");
  doc_element(d, "b", NULL, report_word_fill(d->a, d->lang, WORD_ATTEMPT, number, at->system_version));
  html_textz(&d->w, " ");
  doc_verdict(d, at->verdict);
  html_textz(&d->w, " ");
  if (at->stands) doc_word_element(d, "span", "tag warn", WORD_STANDS);
  doc_time(d, at->at);
  if (at->by.n) put_word(d, at->by, at->why);
  html_textz(&d->w, " ");
  doc_text(d, report_text(at->actual, d->lang));
  for (size_t i = 0; i < at->exchanges.n; i++) doc_message_link(d, at->exchanges.v[i]);
  doc_close(d);
  if (!at->stands) doc_findings(d, &at->findings);
}

void doc_attempts(struct doc *d, const struct record_step *s) {
  put_inserted(d, s);
  if (!s->attempts.n) return;
  doc_open(d, "p", "small");
  doc_word_element(d, "b", NULL, WORD_ATTEMPTS);
  doc_close(d);
  for (size_t i = 0; i < s->attempts.n; i++) put_attempt(d, &s->attempts.v[i]);
  if (!s->stands_by.n) return;
  html_open(&d->w, "p");
  doc_word_element(d, "b", NULL, WORD_STANDS_BY_WORD);
  put_word(d, s->stands_by, s->stands_why);
  doc_close(d);
}
