/* A listing with its numbers, long runs of base64 folded, and the findings beneath their lines. */
#include "report/doc_int.h"

#include <stdlib.h>

/* Longer runs are folded, by the style sheet only: the text stays whole. */
#define FOLD_MIN ((size_t)160)

/* Length of the run of base64 characters from `at`. */
static size_t base64_run(struct str s, size_t at) {
  size_t i = at;
  for (; i < s.n; i++) {
    char c = s.p[i];
    bool is_base64 =
        (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/' || c == '=';
    if (!is_base64) break;
  }
  return i - at;
}

static void put_folded(struct doc *d, struct str run) {
  doc_open(d, "span", "b64");
  html_attrz(&d->w, "tabindex", "0");
  doc_attr(d, "title", report_word_fill(d->a, d->lang, WORD_CHARACTERS, doc_number(d, run.n), (struct str){0}));
  html_text(&d->w, run);
  doc_close(d);
}

static void put_text(struct doc *d, struct str s) {
  size_t from = 0;
  for (size_t at = 0; s.n - from > FOLD_MIN && at < s.n;) {
    size_t n = base64_run(s, at);
    if (n >= FOLD_MIN) {
      doc_text(d, str_sub(s, from, at));
      put_folded(d, str_sub(s, at, at + n));
      from = at + n;
    }
    at += n + 1;
  }
  doc_text(d, str_sub(s, from, s.n));
}

static const char *severity_of(const struct doc_mark *m) {
  return m->expected ? "info" : severity_name(m->finding->severity);
}

static void put_note(struct doc *d, const struct doc_mark *m) {
  doc_open(d, "span", arena_printf(d->a, "note s-%s", severity_of(m)).p);
  if (m->from) {
    doc_link(d, "step-link", m->from->anchor, m->from->step->id);
    html_textz(&d->w, " ");
  }
  if (m->expected) {
    html_textz(&d->w, doc_word(d, WORD_EXPECTED));
    html_textz(&d->w, ": ");
  }
  doc_text(d, report_finding_text(m->finding, d->lang));
  html_textz(&d->w, " ");
  doc_element(d, "code", "rule", m->finding->rule);
  doc_close(d);
}

/* The first mark of a row is its worst, and colours it. */
static void open_row(struct doc *d, const struct doc_view *v, const struct listing_row *r, const struct doc_mark *m) {
  html_open(&d->w, "span");
  html_attr(&d->w, "id",
            r->col == 1 ? arena_printf(d->a, "%.*s-L%d", STR_F(v->anchor), r->line)
                        : arena_printf(d->a, "%.*s-L%dC%d", STR_F(v->anchor), r->line, r->col));
  if (r->col > 1 || r->depth || m)
    html_attr(&d->w, "class",
              arena_printf(d->a, "%s d%d%s%s", r->col > 1 ? "c" : "l", r->depth, m ? " hit s-" : "",
                           m ? severity_of(m) : ""));
}

void doc_listing(struct doc *d, const struct doc_view *v) {
  size_t mark = 0;
  doc_open(d, "pre", "listing");
  for (size_t i = 0; i < v->listing.rows.n; i++) {
    const struct listing_row *r = &v->listing.rows.v[i];
    bool is_hit = mark < v->marks.n && v->marks.v[mark].row == i;
    open_row(d, v, r, is_hit ? &v->marks.v[mark] : NULL);
    put_text(d, r->text);
    doc_close(d);
    for (; mark < v->marks.n && v->marks.v[mark].row == i; mark++) put_note(d, &v->marks.v[mark]);
  }
  doc_close(d);
  if (!v->listing.rest) return;
  struct str line = arena_printf(d->a, "%d", v->listing.rest_line);
  doc_element(d, "p", "small", report_word_fill(d->a, d->lang, WORD_REST, doc_number(d, v->listing.rest), line));
}
