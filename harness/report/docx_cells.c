/* What a row of MedCom's table gets from the record. */
#include "base/utf8.h"
#include "report/docx_int.h"
#include "report/report_int.h"

/* Findings of a step that are told in its cell; the others are in the report. */
#define FINDINGS_SHOWN 5
#define CELL_MAX ((size_t)64 << 10)

enum docx_column docx_column_of(struct arena *a, struct str heading) {
  static const struct {
    const char *word;
    enum docx_column column;
  } words[] = {{"testdata", DOCX_TEST_DATA},   {"test data", DOCX_TEST_DATA}, {"aktuelt", DOCX_ACTUAL},
               {"faktisk", DOCX_ACTUAL},       {"actual", DOCX_ACTUAL},       {"vurdering", DOCX_ASSESSMENT},
               {"assessment", DOCX_ASSESSMENT}};
  struct str lower = utf8_lower(a, heading);
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (str_find(lower, str_z(words[i].word), 0) != SIZE_MAX) return words[i].column;
  return DOCX_COLUMNS;
}

bool docx_is_number(struct str text) {
  size_t points = 0;
  for (size_t i = 0; i < text.n; i++) {
    bool digit = text.p[i] >= '0' && text.p[i] <= '9', before = i && text.p[i - 1] != '.';
    if (!digit && (text.p[i] != '.' || !before)) return false;
    points += !digit;
  }
  return points > 0 && text.n && text.p[text.n - 1] != '.';
}

/* "3.3.4.5" of "3.3.4.5" and "3.3.4.5+1". */
static struct str base_number(const struct record_step *s) {
  struct str id = s->id;
  return s->number.n ? s->number : str_cut(&id, '+');
}

static void add_line(struct buf *b, struct str line) {
  if (!line.n) return;
  if (b->n) buf_byte(b, '\n');
  buf_add(b, line);
}

static void add_findings(struct buf *b, struct arena *a, const struct record_step *s, enum report_lang lang) {
  size_t shown = 0;
  for (size_t i = 0; i < s->findings.list.n && shown < FINDINGS_SHOWN; i++) {
    const struct finding *f = &s->findings.list.v[i];
    if (f->severity < SEV_UNDECIDED) continue;
    struct str where = f->where.line
                           ? arena_printf(a, " (%.*s:%d:%d)", STR_F(f->where.message), f->where.line, f->where.col)
                           : (struct str){0};
    add_line(b, arena_printf(a, "%.*s: %.*s%.*s", STR_F(f->rule), STR_F(report_finding_text(f, lang)), STR_F(where)));
    shown++;
  }
}

static void add_actual(struct buf *b, struct arena *a, const struct record_case *c, const struct record_step *s,
                       enum report_lang lang) {
  struct str actual = report_text(s->actual, lang);
  const char *verdict = report_word_verdict(lang, report_verdict(c, s));
  add_line(b, arena_printf(a, "%s%s%.*s", verdict, actual.n ? ": " : "", STR_F(actual)));
  add_findings(b, a, s, lang);
}

/* Only MedCom assesses, and in a live test. */
static void add_assessment(struct buf *b, struct arena *a, const struct record *r, const struct record_step *s,
                           enum report_lang lang) {
  if (!str_eqz(r->mode, RECORD_CERTIFY) || !s->assessments.n) return;
  struct str word = report_word_term(lang, str_z(assessment_name(s->assessment)));
  add_line(b, arena_printf(a, "%.*s %.*s", STR_F(word), STR_F(s->assessments.v[s->assessments.n - 1].by)));
}

bool docx_cells_of(struct str cells[DOCX_COLUMNS], struct arena *a, const struct record *r, struct str number,
                   enum report_lang lang) {
  struct buf b[DOCX_COLUMNS];
  bool found = false;
  for (size_t i = 0; i < DOCX_COLUMNS; i++) buf_init(&b[i], CELL_MAX);
  for (size_t i = 0; i < r->cases.n; i++) {
    const struct record_case *c = &r->cases.v[i];
    for (size_t k = 0; k < c->steps.n; k++) {
      const struct record_step *s = &c->steps.v[k];
      if (!str_eq(base_number(s), number)) continue;
      found = true;
      add_line(&b[DOCX_TEST_DATA], report_text(s->test_data, lang));
      add_actual(&b[DOCX_ACTUAL], a, c, s, lang);
      add_assessment(&b[DOCX_ASSESSMENT], a, r, s, lang);
    }
  }
  for (size_t i = 0; i < DOCX_COLUMNS; i++) cells[i] = buf_take(&b[i], a);
  return found;
}
