/* What concerns the findings themselves: the declaration against what was seen, known issues, and disputes. */
#include "report/doc_int.h"

void doc_declaration(struct doc *d) {
  if (!d->r->findings.list.n && !d->r->findings.dropped) return;
  doc_section(d, "declaration", WORD_DECLARATION);
  doc_findings(d, &d->r->findings);
  doc_section_end(d);
}

static struct str scope_of(struct doc *d, const struct record_issue *x) {
  const struct str parts[] = {x->rule, x->constraint, x->profile, x->element, x->package};
  struct buf b;
  buf_init(&b, REPORT_MAX);
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
    if (parts[i].n) buf_printf(&b, "%s%.*s", b.n ? ", " : "", STR_F(parts[i]));
  return buf_take(&b, d->a);
}

static void put_issue(struct doc *d, const struct record_issue *x) {
  struct str expires = x->expires;
  if (x->expired) expires = report_word_fill(d->a, d->lang, WORD_EXPIRED, x->expires, (struct str){0});
  html_open(&d->w, "tr");
  html_attrz(&d->w, "role", "row");
  doc_text_cell(d, WORD_ISSUE, "mono", x->id);
  doc_text_cell(d, WORD_ISSUE_SCOPE, NULL, scope_of(d, x));
  doc_text_cell(d, WORD_ISSUE_EFFECT, NULL, report_word_term(d->lang, x->effect));
  doc_text_cell(d, WORD_WHY, NULL, report_text(x->reason, d->lang));
  doc_text_cell(d, WORD_ISSUE_BY, NULL, x->by);
  doc_text_cell(d, WORD_ISSUE_EXPIRES, NULL, expires);
  doc_text_cell(d, WORD_ISSUE_APPLIED, NULL, doc_number(d, (size_t)x->applied));
  doc_close(d);
}

void doc_issues(struct doc *d) {
  static const enum report_word heads[] = {WORD_ISSUE,    WORD_ISSUE_SCOPE,   WORD_ISSUE_EFFECT,  WORD_WHY,
                                           WORD_ISSUE_BY, WORD_ISSUE_EXPIRES, WORD_ISSUE_APPLIED, WORDS_N};
  if (!d->r->issues.n) return;
  doc_section(d, "issues", WORD_ISSUES);
  doc_table(d, "list", heads);
  for (size_t i = 0; i < d->r->issues.n; i++) put_issue(d, &d->r->issues.v[i]);
  doc_table_end(d);
  doc_section_end(d);
}

/* "Contested: 2 profile.minimum: AB 05-01-2026 10:00: why" */
static void put_word(struct doc *d, enum report_word what, const struct record_dispute *x, struct str by, int64_t at,
                     struct str why) {
  html_open(&d->w, "p");
  doc_word_element(d, "b", NULL, what);
  doc_text(d, arena_printf(d->a, " %lld %.*s \u00B7 %.*s ", (long long)x->finding, STR_F(x->rule), STR_F(by)));
  doc_time(d, at);
  doc_text(d, arena_printf(d->a, ": %.*s", STR_F(why)));
  doc_close(d);
}

void doc_disputes(struct doc *d, const struct record_step *s) {
  for (size_t i = 0; i < s->disputes.n; i++) {
    const struct record_dispute *x = &s->disputes.v[i];
    put_word(d, WORD_CONTESTED, x, x->by, x->at, x->why);
    if (x->answered_at)
      put_word(d, WORD_UPHELD, x, x->answered_by, x->answered_at, x->answer);
    else
      doc_word_element(d, "p", NULL, WORD_CONTESTED_OPEN);
  }
}
