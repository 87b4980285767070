/* The step table, in the columns of MedCom's protocols, one table a use case. */
#include "record/find_again.h"
#include "report/sequence_int.h"

#include <string.h>

static const enum report_word columns[] = {WORD_COL_STEP,   WORD_COL_ACTION,     WORD_COL_DATA,    WORD_COL_EXPECTED,
                                           WORD_COL_ACTUAL, WORD_COL_ASSESSMENT, WORD_COL_VERDICT, WORDS_N};
#define COLUMNS "7"

/* A step of our own beneath one of MedCom's. */
static bool is_sub_step(const struct record_step *s) {
  return str_index(s->id, '+') != SIZE_MAX;
}

static void put_number(struct doc *d, const struct doc_step *s) {
  const struct record_step *step = s->step;
  html_open(&d->w, "th");
  html_attrz(&d->w, "scope", "row");
  html_attrz(&d->w, "role", "rowheader");
  doc_link(d, "self", s->anchor, step->id);
  if (step->optional) doc_word_element(d, "span", "tag", WORD_OPTIONAL_STEP);
  if (step->party.n) doc_element(d, "span", "tag", doc_party(d, step->party));
  doc_close(d);
}

static void put_judgement(struct doc *d, const struct doc_step *ds) {
  const struct record_step *s = ds->step;
  doc_cell(d, WORD_COL_VERDICT, "verdict");
  enum verdict v = report_verdict(ds->in, s);
  doc_verdict(d, v);
  if (s->revisions.n) doc_word_element(d, "span", "tag", WORD_IS_REVISED);
  doc_origin(d, s);
  bool is_bad = v == VERDICT_FAIL || v == VERDICT_INCONCLUSIVE;
  if (is_bad && s->suggests.n)
    doc_element(d, "span", "tag", report_word_fill(d->a, d->lang, WORD_SUGGESTS, s->suggests, (struct str){0}));
  if (v == VERDICT_NOT_APPLICABLE || v == VERDICT_WAITING) doc_element(d, "span", "tag", doc_why(d, ds->in, s));
  doc_close(d);
}

/* The one that stands, and by whom. */
static void put_assessment(struct doc *d, const struct record_step *s) {
  doc_cell(d, WORD_COL_ASSESSMENT, "assessment");
  doc_text(d, report_word_term(d->lang, str_z(assessment_name(s->assessment))));
  if (s->assessments.n) doc_element(d, "span", "tag", s->assessments.v[s->assessments.n - 1].by);
  doc_close(d);
}

static void put_columns(struct doc *d, const struct doc_step *s) {
  const struct record_step *step = s->step;
  doc_open(d, "tr", is_sub_step(step) ? "step sub" : "step");
  html_attrz(&d->w, "role", "row");
  doc_attr(d, "id", s->anchor);
  put_number(d, s);
  doc_cell(d, WORD_COL_ACTION, NULL);
  doc_text(d, report_text(step->action, d->lang));
  html_textz(&d->w, " ");
  doc_element(d, "span", "word", step->word);
  doc_close(d);
  doc_text_cell(d, WORD_COL_DATA, NULL, report_text(step->test_data, d->lang));
  doc_text_cell(d, WORD_COL_EXPECTED, NULL, report_text(step->expected, d->lang));
  doc_text_cell(d, WORD_COL_ACTUAL, NULL, report_text(step->actual, d->lang));
  put_assessment(d, step);
  put_judgement(d, s);
  doc_close(d);
}

void doc_message_link(struct doc *d, struct str id) {
  const struct doc_message *m = doc_message_of(d, id);
  html_textz(&d->w, " ");
  if (!m) {
    doc_element(d, "span", "mono", id);
    return;
  }
  struct str arrow = m->exchange->outbound ? STR("\u2192") : STR("\u2190");
  struct str name = m->exchange->name.n ? m->exchange->name : STR("");
  doc_link(d, "chip", m->anchor, arena_printf(d->a, "%.*s %.*s %.*s", STR_F(arrow), STR_F(id), STR_F(name)));
}

static void put_messages(struct doc *d, const struct record_step *s) {
  if (!s->exchanges.n) return;
  html_open(&d->w, "p");
  doc_word_element(d, "b", NULL, WORD_MESSAGES);
  for (size_t i = 0; i < s->exchanges.n; i++) doc_message_link(d, s->exchanges.v[i]);
  doc_close(d);
}

static void put_evidence(struct doc *d, const struct doc_step *at) {
  const struct record_step *s = at->step;
  if (!s->evidence.n) return;
  html_open(&d->w, "p");
  doc_word_element(d, "b", NULL, WORD_EVIDENCE);
  for (size_t i = 0; i < s->evidence.n; i++) {
    struct str picture = doc_picture_anchor(d, at, i);
    html_textz(&d->w, i ? ", " : " ");
    if (picture.n)
      doc_link(d, NULL, picture, s->evidence.v[i].name);
    else
      doc_text(d, s->evidence.v[i].name);
  }
  doc_close(d);
}

static void put_verifies(struct doc *d, const struct record_step *s) {
  if (!s->verifies.n && !s->answered_by.n) return;
  doc_open(d, "p", "small");
  if (s->answered_by.n) {
    doc_word_element(d, "b", NULL, WORD_ANSWERED_BY);
    html_textz(&d->w, " ");
    doc_text(d, s->answered_by);
    html_textz(&d->w, " ");
    doc_time(d, s->at);
    html_textz(&d->w, " ");
  }
  if (s->verifies.n) doc_word_element(d, "b", NULL, WORD_VERIFIES);
  for (size_t i = 0; i < s->verifies.n; i++) {
    html_textz(&d->w, i ? ", " : " ");
    doc_text(d, s->verifies.v[i]);
  }
  doc_close(d);
}

/* "Fail to OK: JD 05-01-2026 10:00:00: why". */
static void put_by(struct doc *d, struct str by, int64_t at, struct str why) {
  html_textz(&d->w, " ");
  doc_text(d, by);
  html_textz(&d->w, " ");
  doc_time(d, at);
  if (!why.n) return;
  html_textz(&d->w, ": ");
  doc_text(d, why);
}

static void put_history(struct doc *d, const struct record_step *s) {
  for (size_t i = 0; i < s->revisions.n; i++) {
    const struct record_revision *r = &s->revisions.v[i];
    struct str was = str_z(report_word_verdict(d->lang, r->was)), now = str_z(report_word_verdict(d->lang, r->verdict));
    html_open(&d->w, "p");
    doc_element(d, "b", NULL, report_word_fill(d->a, d->lang, WORD_REVISED, was, now));
    put_by(d, r->by, r->at, r->why);
    doc_close(d);
  }
  for (size_t i = 0; i < s->assessments.n; i++) {
    const struct record_assessment *r = &s->assessments.v[i];
    html_open(&d->w, "p");
    doc_element(d, "b", NULL,
                report_word_fill(d->a, d->lang, WORD_ASSESSED,
                                 report_word_term(d->lang, str_z(assessment_name(r->assessment))), (struct str){0}));
    put_by(d, r->by, r->at, r->why);
    doc_close(d);
  }
}

/* An assessment without a word, and the only one, says all in its column. */
static bool has_history(const struct record_step *s) {
  return s->revisions.n || s->assessments.n > 1 || (s->assessments.n && s->assessments.v[0].why.n);
}

static void put_again(struct doc *d, struct str command) {
  if (!command.n) return;
  doc_open(d, "p", "source");
  doc_word_element(d, "span", NULL, WORD_PLAYED_AGAIN_BY);
  html_textz(&d->w, " ");
  doc_element(d, "code", NULL, command);
  doc_close(d);
}

/* What belongs to a step but has no column at MedCom: a row of its own under it. */
static void put_more(struct doc *d, const struct doc_step *at) {
  const struct record_step *s = at->step;
  struct str again = again_step(d->a, d->r->run, s->id, s->verdict);
  bool has_more = again.n || s->findings.list.n || s->findings.dropped || s->exchanges.n || s->evidence.n ||
                  s->verifies.n || s->answered_by.n || s->attempts.n || s->inserted_by.n || has_history(s);
  if (!has_more) return;
  doc_open(d, "tr", is_sub_step(s) ? "more sub" : "more");
  html_attrz(&d->w, "role", "row");
  html_open(&d->w, "td");
  html_attrz(&d->w, "role", "cell");
  html_attrz(&d->w, "colspan", COLUMNS);
  doc_findings(d, &s->findings);
  put_again(d, again);
  doc_disputes(d, s);
  put_messages(d, s);
  put_evidence(d, at);
  put_verifies(d, s);
  if (has_history(s)) put_history(d, s);
  doc_attempts(d, s);
  doc_close(d);
  doc_close(d);
}

static void put_case_head(struct doc *d, size_t i) {
  const struct record_case *c = &d->r->cases.v[i];
  html_open(&d->w, "h3");
  doc_attr(d, "id", arena_printf(d->a, "case%zu", i + 1));
  doc_text(d, c->id);
  html_textz(&d->w, " ");
  doc_text(d, report_text(c->title, d->lang));
  html_textz(&d->w, " ");
  doc_element(d, "span", "tag", report_word_term(d->lang, c->status));
  html_textz(&d->w, " ");
  doc_verdict(d, c->verdict);
  doc_close(d);
}

static void put_case(struct doc *d, const struct sequence_ties *ties, size_t i) {
  const struct record_case *c = &d->r->cases.v[i];
  put_case_head(d, i);
  doc_sequence(ties, c, c->verdict == VERDICT_FAIL);
  doc_table(d, "steps", columns);
  for (size_t j = 0; j < c->steps.n; j++) {
    put_columns(d, &d->steps[i][j]);
    put_more(d, &d->steps[i][j]);
  }
  doc_table_end(d);
  html_textz(&d->w, "\n");
}

void doc_steps(struct doc *d) {
  struct sequence_ties ties;
  sequence_ties(&ties, d);
  doc_section(d, "steps", WORD_TEST_STEPS);
  for (size_t i = 0; i < d->r->cases.n; i++) put_case(d, &ties, i);
  doc_section_end(d);
}
