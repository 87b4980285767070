/* Between the front and the steps: the use cases, and the conditions of the run. */
#include "report/doc_int.h"

#define CAPABILITY_TABLES 3

/* Verdicts that a use case is counted by, in one cell. */
static const enum verdict counted[] = {VERDICT_FAIL,    VERDICT_ERROR, VERDICT_INCONCLUSIVE,
                                       VERDICT_WAITING, VERDICT_NONE,  VERDICT_NOT_APPLICABLE};

static struct str counts_text(struct doc *d, const struct record_case *c) {
  struct str text = arena_printf(d->a, "%zu OK", report_count_in(c, VERDICT_PASS));
  for (size_t i = 0; i < sizeof counted / sizeof *counted; i++) {
    size_t n = report_count_in(c, counted[i]);
    if (n) text = arena_printf(d->a, "%.*s, %zu %s", STR_F(text), n, report_word_verdict(d->lang, counted[i]));
  }
  struct str carried = arena_printf(d->a, "%zu", report_carried_in(c));
  if (!report_carried_in(c)) return text;
  return arena_printf(d->a, "%.*s, %.*s", STR_F(text),
                      STR_F(report_word_fill(d->a, d->lang, WORD_CARRIED_COUNT, carried, (struct str){0})));
}

static void put_case(struct doc *d, size_t i) {
  const struct record_case *c = &d->r->cases.v[i];
  html_open(&d->w, "tr");
  html_attrz(&d->w, "role", "row");
  doc_cell(d, WORD_USE_CASE, NULL);
  doc_link(d, NULL, arena_printf(d->a, "case%zu", i + 1), c->id);
  html_textz(&d->w, " ");
  doc_text(d, report_text(c->title, d->lang));
  doc_close(d);
  doc_text_cell(d, WORD_KIND, NULL, report_word_term(d->lang, c->status));
  doc_cell(d, WORD_RESULT, NULL);
  doc_verdict(d, c->verdict);
  doc_close(d);
  doc_text_cell(d, WORD_STEPS, NULL, counts_text(d, c));
  doc_close(d);
}

static void put_cases(struct doc *d) {
  static const enum report_word heads[] = {WORD_USE_CASE, WORD_KIND, WORD_RESULT, WORD_STEPS, WORDS_N};
  doc_section(d, "cases", WORD_USE_CASES);
  doc_table(d, "list contents", heads);
  for (size_t i = 0; i < d->r->cases.n; i++) put_case(d, i);
  doc_table_end(d);
  doc_section_end(d);
}

static void put_parameters(struct doc *d) {
  static const enum report_word heads[] = {WORD_PARAMETER, WORD_VALUE, WORD_SOURCE, WORDS_N};
  if (!d->r->parameters.n) return;
  doc_section(d, "parameters", WORD_PARAMETERS);
  doc_table(d, "list", heads);
  for (size_t i = 0; i < d->r->parameters.n; i++) {
    const struct record_parameter *p = &d->r->parameters.v[i];
    html_open(&d->w, "tr");
    html_attrz(&d->w, "role", "row");
    doc_text_cell(d, WORD_PARAMETER, "mono", p->name);
    doc_text_cell(d, WORD_VALUE, NULL, p->value);
    doc_text_cell(d, WORD_SOURCE, NULL, p->source);
    doc_close(d);
  }
  doc_table_end(d);
  doc_section_end(d);
}

static void put_capability(struct doc *d, const struct fact *c) {
  html_open(&d->w, "tr");
  html_attrz(&d->w, "role", "row");
  doc_text_cell(d, WORD_CAPABILITY, "mono", c->name);
  doc_text_cell(d, WORD_DECLARED, NULL, report_word_term(d->lang, c->value));
  doc_close(d);
}

/* There are many, and each is short: tables beside each other. */
static void put_capabilities(struct doc *d) {
  static const enum report_word heads[] = {WORD_CAPABILITY, WORD_DECLARED, WORDS_N};
  size_t n = d->r->capabilities.list.n, tables = n < CAPABILITY_TABLES ? n : CAPABILITY_TABLES, at = 0;
  if (!n) return;
  doc_section(d, "capabilities", WORD_CAPABILITIES);
  doc_open(d, "div", "columns tables");
  for (size_t i = 0; i < tables; i++) {
    doc_table(d, "list narrow", heads);
    for (; at < (i + 1) * n / tables; at++) put_capability(d, &d->r->capabilities.list.v[at]);
    doc_table_end(d);
  }
  doc_close(d);
  doc_section_end(d);
}

void doc_overview(struct doc *d) {
  put_cases(d);
  put_parameters(d);
  put_capabilities(d);
}
