/* What was not tested, and why: nothing is left out of a report in silence. */
#include "report/doc_int.h"

static bool is_tested(enum verdict v) {
  return v == VERDICT_PASS || v == VERDICT_FAIL;
}

/* A reason is the capability that excuses ("forward", "not forward" or "forward: false"), or that it was not chosen. */
static struct str reason_text(struct doc *d, struct str reason) {
  if (str_eqz(reason, RECORD_NOT_CHOSEN)) return str_z(doc_word(d, WORD_WHY_NOT_CHOSEN));
  struct str name = str_starts(reason, STR("not ")) ? str_sub(reason, 4, reason.n) : reason;
  name = str_sub(name, 0, str_index(name, ':'));
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

struct str doc_why(struct doc *d, const struct record_case *c, const struct record_step *s) {
  struct str reason = s->reason.n ? s->reason : c->reason;
  enum verdict v = report_verdict(c, s);
  if (v == VERDICT_NOT_APPLICABLE && reason.n) return reason_text(d, reason);
  if (v == VERDICT_WAITING && s->owner.n)
    return report_word_fill(d->a, d->lang, WORD_WHY_OWNER, report_word_term(d->lang, s->owner), (struct str){0});
  if (v == VERDICT_NONE) return str_z(doc_word(d, d->r->ended ? WORD_WHY_NOT_BEGUN : WORD_WHY_NOT_YET));
  struct str found = first_finding(d, s);
  return found.n ? found : report_text(s->actual, d->lang);
}

/* The steps of a case that were not tested, each with its reason. */
struct group {
  struct doc *d;
  const struct record_case *c;
  const struct doc_step *steps;
  struct str *why; /* by step; of those that were tested: not set */
};

static bool is_alike(const struct group *g, size_t i, size_t j) {
  enum verdict v = report_verdict(g->c, &g->c->steps.v[i]);
  return v == report_verdict(g->c, &g->c->steps.v[j]) && str_eq(g->why[i], g->why[j]);
}

/* True if a row above told of it already. */
static bool is_told(const struct group *g, size_t i) {
  for (size_t j = 0; j < i; j++)
    if (is_alike(g, i, j)) return true;
  return false;
}

static size_t count_alike(const struct group *g, size_t i) {
  size_t n = 0;
  for (size_t j = i; j < g->c->steps.n; j++) n += is_alike(g, i, j);
  return n;
}

static void put_steps(const struct group *g, size_t i) {
  size_t n = count_alike(g, i);
  if (n > 1 && n == g->c->steps.n) {
    html_textz(&g->d->w, doc_word(g->d, WORD_WHOLE_CASE));
    return;
  }
  for (size_t j = i, put = 0; j < g->c->steps.n; j++) {
    if (!is_alike(g, i, j)) continue;
    if (put++) html_textz(&g->d->w, ", ");
    doc_link(g->d, "step-link", g->steps[j].anchor, g->steps[j].step->id);
  }
  if (n > 1) return;
  html_textz(&g->d->w, " ");
  doc_text(g->d, report_text(g->c->steps.v[i].action, g->d->lang));
}

static void put_row(const struct group *g, size_t i, struct str case_anchor) {
  struct doc *d = g->d;
  html_open(&d->w, "tr");
  html_attrz(&d->w, "role", "row");
  doc_cell(d, WORD_USE_CASE, NULL);
  doc_link(d, NULL, case_anchor, g->c->id);
  html_textz(&d->w, " ");
  doc_text(d, report_text(g->c->title, d->lang));
  doc_close(d);
  doc_cell(d, WORD_STEPS, NULL);
  put_steps(g, i);
  doc_close(d);
  doc_cell(d, WORD_RESULT, NULL);
  doc_verdict(d, report_verdict(g->c, &g->c->steps.v[i]));
  doc_close(d);
  doc_text_cell(d, WORD_WHY, NULL, g->why[i]);
  doc_close(d);
}

static void put_case(struct doc *d, size_t at) {
  const struct record_case *c = &d->r->cases.v[at];
  struct group g = {d, c, d->steps[at], ARENA_ARRAY(d->a, struct str, c->steps.n + 1)};
  struct str anchor = arena_printf(d->a, "case%zu", at + 1);
  for (size_t i = 0; i < c->steps.n; i++)
    if (!is_tested(c->steps.v[i].verdict)) g.why[i] = doc_why(d, c, &c->steps.v[i]);
  for (size_t i = 0; i < c->steps.n; i++)
    if (!is_tested(c->steps.v[i].verdict) && !is_told(&g, i)) put_row(&g, i, anchor);
}

void doc_untested(struct doc *d) {
  static const enum report_word heads[] = {WORD_USE_CASE, WORD_STEPS, WORD_RESULT, WORD_WHY, WORDS_N};
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
