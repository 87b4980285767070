/* What was not tested, and why: nothing is left out of a report in silence. */
#include "report/doc_int.h"

#include <string.h>

/* The plan's word for a case that was left out by choice. */
#define NOT_CHOSEN "not chosen"

static bool is_tested(enum verdict v) {
  return v == VERDICT_PASS || v == VERDICT_FAIL;
}

/* A reason is the capability that excuses the step ("forward" or "not forward"), or that it was not chosen. */
static struct str reason_text(struct doc *d, struct str reason) {
  if (str_eqz(reason, NOT_CHOSEN)) return str_z(doc_word(d, WORD_WHY_NOT_CHOSEN));
  struct str name = str_starts(reason, STR("not ")) ? str_sub(reason, 4, reason.n) : reason;
  struct str declared = facts_get(&d->r->capabilities, arena_z(d->a, name));
  if (!declared.n) return reason;
  return report_word_fill(d->a, d->lang, WORD_WHY_CAPABILITY, name, report_word_term(d->lang, declared));
}

static struct str first_finding(struct doc *d, const struct record_step *s) {
  const struct finding *worst = NULL;
  for (size_t i = 0; i < s->findings.list.n; i++)
    if (!worst || s->findings.list.v[i].severity > worst->severity) worst = &s->findings.list.v[i];
  return worst ? report_finding_text(worst, d->lang) : (struct str){0};
}

static struct str why_step(struct doc *d, const struct record_case *c, const struct record_step *s) {
  struct str reason = s->reason.n ? s->reason : c->reason;
  if (s->verdict == VERDICT_NOT_APPLICABLE && reason.n) return reason_text(d, reason);
  if (s->verdict == VERDICT_WAITING && s->owner.n)
    return report_word_fill(d->a, d->lang, WORD_WHY_OWNER, report_word_term(d->lang, s->owner), (struct str){0});
  if (s->verdict == VERDICT_NONE) return str_z(doc_word(d, d->r->ended ? WORD_WHY_NOT_BEGUN : WORD_WHY_NOT_YET));
  struct str found = first_finding(d, s);
  return found.n ? found : report_text(s->actual, d->lang);
}

static void put_row(struct doc *d, struct str anchor, struct str id, struct str what, enum verdict v, struct str why) {
  html_open(&d->w, "tr");
  html_attrz(&d->w, "role", "row");
  doc_cell(d, WORD_TEST_STEP, NULL);
  doc_link(d, "step-link", anchor, id);
  html_textz(&d->w, " ");
  doc_text(d, what);
  doc_close(d);
  doc_cell(d, WORD_RESULT, NULL);
  doc_verdict(d, v);
  doc_close(d);
  doc_text_cell(d, WORD_WHY, NULL, why);
  doc_close(d);
}

/* True if all steps have that verdict for the same reason: one row then tells it all. */
static bool is_uniform(const struct record_case *c) {
  for (size_t i = 1; i < c->steps.n; i++)
    if (c->steps.v[i].verdict != c->steps.v[0].verdict || !str_eq(c->steps.v[i].reason, c->steps.v[0].reason))
      return false;
  return c->steps.n > 1 && (c->steps.v[0].verdict == VERDICT_NOT_APPLICABLE || c->steps.v[0].verdict == VERDICT_NONE);
}

static void put_case(struct doc *d, size_t i) {
  const struct record_case *c = &d->r->cases.v[i];
  if (is_uniform(c)) {
    struct str title = report_text(c->title, d->lang);
    struct str what = arena_printf(d->a, "%.*s (%s)", STR_F(title), doc_word(d, WORD_WHOLE_CASE));
    put_row(d, arena_printf(d->a, "case%zu", i + 1), c->id, what, c->steps.v[0].verdict,
            why_step(d, c, &c->steps.v[0]));
    return;
  }
  for (size_t j = 0; j < c->steps.n; j++) {
    const struct record_step *s = &c->steps.v[j];
    if (is_tested(s->verdict)) continue;
    put_row(d, d->steps[i][j].anchor, s->id, report_text(s->action, d->lang), s->verdict, why_step(d, c, s));
  }
}

void doc_untested(struct doc *d) {
  static const enum report_word heads[] = {WORD_TEST_STEP, WORD_RESULT, WORD_WHY, WORDS_N};
  size_t tested = record_count(d->r, VERDICT_PASS) + record_count(d->r, VERDICT_FAIL);
  doc_section(d, "not-tested", WORD_NOT_TESTED);
  if (tested == report_steps(d->r)) {
    doc_word_element(d, "p", NULL, WORD_NOTHING_UNTESTED);
  } else {
    doc_table(d, "list", heads);
    for (size_t i = 0; i < d->r->cases.n; i++) put_case(d, i);
    doc_table_end(d);
  }
  doc_section_end(d);
}
