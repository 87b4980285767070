/* Findings under a step or a message: the text, the rule and its source, and where it is, linked to that line. */
#include "record/find_again.h"
#include "report/doc_int.h"

/* Longer source lines are cut in the excerpt. */
#define EXCERPT_MAX ((size_t)160)

static struct str place_text(struct doc *d, const struct place *p) {
  if (!p->line) return p->message;
  if (!p->col) return arena_printf(d->a, "%.*s:%d", STR_F(p->message), p->line);
  return arena_printf(d->a, "%.*s:%d:%d", STR_F(p->message), p->line, p->col);
}

static struct str excerpt(struct doc *d, const struct listing_row *row) {
  struct str s = str_trim(row->text);
  if (s.n <= EXCERPT_MAX) return s;
  return arena_printf(d->a, "%.*s \u2026", STR_F(str_sub(s, 0, EXCERPT_MAX)));
}

static size_t row_of(const struct doc_view *view, const struct place *p) {
  return view ? listing_find(&view->listing, p->line, p->col) : SIZE_MAX;
}

void doc_place(struct doc *d, const struct place *p) {
  struct doc_message *m;
  struct doc_view *view = doc_view_of(d, p, &m);
  size_t row = row_of(view, p);
  struct str at = place_text(d, p);
  if (row != SIZE_MAX) {
    const struct listing_row *r = &view->listing.rows.v[row];
    struct str anchor =
        arena_printf(d->a, r->col == 1 ? "%.*s-L%d" : "%.*s-L%dC%d", STR_F(view->anchor), r->line, r->col);
    doc_link(d, "mono", anchor, at);
  } else if (m) {
    doc_link(d, "mono", m->anchor, at);
  } else {
    doc_element(d, "span", "mono", at);
  }
}

/* The same with the path, and the line as it is. */
static void put_place(struct doc *d, const struct place *p, bool with_excerpt) {
  struct doc_message *m;
  struct doc_view *view = doc_view_of(d, p, &m);
  size_t row = row_of(view, p);
  doc_place(d, p);
  if (p->path.n) {
    html_textz(&d->w, " ");
    doc_element(d, "code", "path", p->path);
  }
  if (with_excerpt && row != SIZE_MAX) doc_element(d, "code", "excerpt", excerpt(d, &view->listing.rows.v[row]));
}

static void put_side(struct doc *d, enum report_word name, const struct place *p) {
  html_open(&d->w, "div");
  doc_word_element(d, "b", NULL, name);
  html_textz(&d->w, " ");
  put_place(d, p, true);
  doc_close(d);
}

static bool has_place(const struct place *p) {
  return p->message.n || p->line || p->path.n;
}

static void put_reason(struct doc *d, const struct finding *f, size_t i) {
  struct place where = f->reasons.v[i].where;
  where.path = reason_path(f, i);
  if (where.line) {
    put_place(d, &where, false);
    html_textz(&d->w, " ");
  }
  doc_text(d, report_reason_text(&f->reasons.v[i], d->lang));
}

/* What is deeper is a list inside the item above it. */
static void put_reasons(struct doc *d, const struct finding *f) {
  int depth = -1;
  for (size_t i = 0; i < f->reasons.n; i++) {
    int want = f->reasons.v[i].depth > depth ? depth + 1 : f->reasons.v[i].depth;
    if (want > depth) {
      doc_open(d, "ul", "reasons");
    } else {
      doc_close(d);
      for (int k = depth; k > want; k--) {
        doc_close(d);
        doc_close(d);
      }
    }
    depth = want;
    html_open(&d->w, "li");
    put_reason(d, f, i);
  }
  for (; depth >= 0; depth--) {
    doc_close(d);
    doc_close(d);
  }
}

static void put_demand(struct doc *d, const struct finding *f) {
  if (f->profile.n) {
    doc_open(d, "p", "demanded");
    doc_word_element(d, "span", NULL, WORD_DEMANDED_BY);
    html_textz(&d->w, " ");
    doc_text(d, f->profile);
    html_textz(&d->w, " ");
    doc_element(d, "code", "path", f->element);
    doc_close(d);
  }
  if (!f->expression.n) return;
  doc_open(d, "p", "demanded");
  html_textz(&d->w, "FHIRPath ");
  doc_element(d, "code", NULL, f->expression);
  doc_close(d);
}

static void put_command(struct doc *d, enum report_word word, struct str command) {
  if (!command.n) return;
  doc_word_element(d, "span", NULL, word);
  html_textz(&d->w, " ");
  doc_element(d, "code", NULL, command);
  html_textz(&d->w, " ");
}

static void put_commands(struct doc *d, const struct finding *f) {
  if (f->severity == SEV_INFO) return;
  doc_open(d, "p", "source");
  put_command(d, WORD_FOUND_AGAIN_BY, again_command(d->a, d->r->run, f));
  put_command(d, WORD_EXPLAINED_BY, again_explain(d->a, f));
  doc_close(d);
}

static void put_finding(struct doc *d, const struct finding *f) {
  doc_open(d, "li", arena_printf(d->a, "finding s-%s", severity_name(f->severity)).p);
  doc_element(d, "p", "said", report_finding_text(f, d->lang));
  if (has_place(&f->other)) {
    doc_open(d, "div", "sides");
    put_side(d, WORD_EXPECTED, &f->other);
    put_side(d, WORD_ACTUAL, &f->where);
    doc_close(d);
  } else if (has_place(&f->where)) {
    doc_open(d, "div", "where");
    put_place(d, &f->where, f->severity != SEV_INFO);
    doc_close(d);
  }
  put_demand(d, f);
  put_reasons(d, f);
  doc_open(d, "p", "source");
  doc_element(d, "code", "rule", f->rule);
  if (f->source.n) {
    html_textz(&d->w, " \u00B7 ");
    doc_text(d, f->source);
  }
  doc_close(d);
  put_commands(d, f);
  doc_close(d);
}

void doc_findings(struct doc *d, const struct findings *f) {
  if (!f->list.n && !f->dropped) return;
  doc_open(d, "ul", "findings");
  for (size_t i = 0; i < f->list.n; i++) put_finding(d, &f->list.v[i]);
  if (f->dropped) {
    struct str text =
        report_word_fill(d->a, d->lang, WORD_FINDINGS_DROPPED, doc_number(d, f->dropped), (struct str){0});
    doc_element(d, "li", "finding s-warning", text);
  }
  doc_close(d);
}
