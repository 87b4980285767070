/* The small parts that every part of the document is made of. */
#include "report/doc_int.h"

#include "base/clock.h"

const char *doc_word(const struct doc *d, enum report_word w) {
  return report_word(d->lang, w);
}

void doc_text(struct doc *d, struct str s) {
  html_text(&d->w, report_visible(d->a, s));
}

void doc_attr(struct doc *d, const char *name, struct str value) {
  html_attr(&d->w, name, report_visible(d->a, value));
}

void doc_open(struct doc *d, const char *element, const char *cls) {
  html_open(&d->w, element);
  if (cls) html_attrz(&d->w, "class", cls);
}

void doc_close(struct doc *d) {
  html_close(&d->w);
}

void doc_element(struct doc *d, const char *element, const char *cls, struct str text) {
  doc_open(d, element, cls);
  doc_text(d, text);
  doc_close(d);
}

void doc_word_element(struct doc *d, const char *element, const char *cls, enum report_word w) {
  doc_element(d, element, cls, str_z(doc_word(d, w)));
}

void doc_link(struct doc *d, const char *cls, struct str anchor, struct str text) {
  doc_open(d, "a", cls);
  doc_attr(d, "href", arena_printf(d->a, "#%.*s", STR_F(anchor)));
  doc_text(d, text);
  doc_close(d);
}

/* A sign beside the word, so that no meaning hangs on colour alone. */
static const char *const verdict_signs[] = {
    [VERDICT_NONE] = "\u25CB",    [VERDICT_PASS] = "\u2713",    [VERDICT_NOT_APPLICABLE] = "\u2013",
    [VERDICT_WAITING] = "\u2026", [VERDICT_INCONCLUSIVE] = "?", [VERDICT_ERROR] = "!",
    [VERDICT_FAIL] = "\u2715",
};

void doc_verdict(struct doc *d, enum verdict v) {
  doc_open(d, "span", arena_printf(d->a, "badge v-%s", verdict_name(v)).p);
  html_open(&d->w, "span");
  html_attrz(&d->w, "aria-hidden", "true");
  html_textz(&d->w, verdict_signs[v]);
  doc_close(d);
  html_textz(&d->w, " ");
  html_textz(&d->w, report_word_verdict(d->lang, v));
  doc_close(d);
}

/* "2026-01-05 10:00:00", in Danish "05-01-2026 10:00:00". */
struct str doc_time_text(struct doc *d, int64_t ms) {
  struct str t = time_danish(d->a, ms), date = str_sub(t, 0, 10), clock = str_sub(t, 11, 19);
  return arena_printf(d->a, "%.*s %.*s", STR_F(day_text(d->a, date, d->lang == REPORT_DA)), STR_F(clock));
}

void doc_time(struct doc *d, int64_t ms) {
  if (!ms) return;
  doc_open(d, "time", NULL);
  doc_attr(d, "datetime", time_danish(d->a, ms));
  doc_text(d, doc_time_text(d, ms));
  doc_close(d);
}

struct str doc_number(struct doc *d, size_t n) {
  char separator = d->lang == REPORT_DA ? '.' : ',';
  struct str digits = arena_printf(d->a, "%zu", n);
  char *out = arena_alloc(d->a, digits.n * 2 + 1);
  size_t k = 0;
  for (size_t i = 0; i < digits.n; i++) {
    if (i && (digits.n - i) % 3 == 0) out[k++] = separator;
    out[k++] = digits.p[i];
  }
  return (struct str){out, k};
}

void doc_section(struct doc *d, const char *id, enum report_word heading) {
  struct str label = arena_printf(d->a, "h-%s", id);
  html_open(&d->w, "section");
  html_attrz(&d->w, "id", id);
  doc_attr(d, "aria-labelledby", label);
  html_open(&d->w, "h2");
  doc_attr(d, "id", label);
  html_textz(&d->w, doc_word(d, heading));
  doc_close(d);
}

void doc_section_end(struct doc *d) {
  doc_close(d);
  html_textz(&d->w, "\n");
}

/* Roles are told again: a table that is folded for a narrow screen would else be none for a screen reader. */
static void open_role(struct doc *d, const char *element, const char *role) {
  html_open(&d->w, element);
  html_attrz(&d->w, "role", role);
}

void doc_table(struct doc *d, const char *cls, const enum report_word *heads) {
  doc_open(d, "table", cls);
  html_attrz(&d->w, "role", "table");
  open_role(d, "thead", "rowgroup");
  open_role(d, "tr", "row");
  for (; *heads != WORDS_N; heads++) {
    open_role(d, "th", "columnheader");
    html_attrz(&d->w, "scope", "col");
    html_textz(&d->w, doc_word(d, *heads));
    doc_close(d);
  }
  doc_close(d);
  doc_close(d);
  open_role(d, "tbody", "rowgroup");
}

void doc_table_end(struct doc *d) {
  doc_close(d);
  doc_close(d);
}

void doc_cell(struct doc *d, enum report_word head, const char *cls) {
  doc_open(d, "td", cls);
  html_attrz(&d->w, "role", "cell");
  html_attrz(&d->w, "data-h", doc_word(d, head));
}

void doc_text_cell(struct doc *d, enum report_word head, const char *cls, struct str text) {
  doc_cell(d, head, cls);
  doc_text(d, text);
  doc_close(d);
}
