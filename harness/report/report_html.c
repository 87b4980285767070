/* The HTML report: one file that needs nothing else, in one language. */
#include "report/meaning.h"
#include "report/sequence_int.h"

static struct str title_of(const struct doc *d) {
  struct str title = report_text(d->r->title, d->lang);
  return title.n ? title : d->r->protocol;
}

/* The run, and what it was, on every page. */
static struct doc_page page_of(const struct doc *d) {
  const struct record *r = d->r;
  return (struct doc_page){
      .title = arena_printf(d->a, "%.*s \u2013 %.*s \u2013 %.*s", STR_F(title_of(d)), STR_F(r->system), STR_F(r->run)),
      .top_left = arena_printf(d->a, "%.*s %.*s, %.*s %.*s", STR_F(r->protocol), STR_F(r->protocol_version),
                               STR_F(r->system), STR_F(r->system_version)),
      .top_right = arena_printf(d->a, "%s %.*s", doc_word(d, WORD_RUN), STR_F(r->run)),
      .bottom_left = arena_printf(d->a, "testcamp %.*s", STR_F(r->program)),
      .style = sequence_style};
}

static void put_header(struct doc *d) {
  const struct record *r = d->r;
  html_open(&d->w, "a");
  html_attrz(&d->w, "class", "skip");
  html_attrz(&d->w, "href", "#steps");
  html_textz(&d->w, doc_word(d, WORD_SKIP_TO_STEPS));
  doc_close(d);
  html_open(&d->w, "header");
  doc_element(
      d, "p", "kind",
      arena_printf(d->a, "%s \u00B7 %.*s", doc_word(d, WORD_TEST_PROTOCOL), STR_F(report_word_term(d->lang, r->mode))));
  doc_element(d, "h1", NULL, title_of(d));
  doc_element(d, "p", "lead",
              arena_printf(d->a, "%.*s: %.*s %.*s", STR_F(r->vendor), STR_F(r->system), STR_F(r->system_version)));
  doc_close(d);
}

static void put_contents(struct doc *d) {
  static const struct {
    const char *id;
    enum report_word word;
  } parts[] = {{"result", WORD_RESULT},         {"cases", WORD_USE_CASES},
               {"not-tested", WORD_NOT_TESTED}, {"requirements", WORD_REQUIREMENTS},
               {"fidelity", WORD_FIDELITY},     {"limits", WORD_LIMITS},
               {"steps", WORD_TEST_STEPS},      {"messages", WORD_EXCHANGES},
               {"evidence", WORD_EVIDENCE}};
  html_open(&d->w, "nav");
  html_attrz(&d->w, "aria-label", doc_word(d, WORD_CONTENTS));
  html_open(&d->w, "ul");
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    html_open(&d->w, "li");
    doc_link(d, NULL, str_z(parts[i].id), str_z(doc_word(d, parts[i].word)));
    doc_close(d);
  }
  doc_close(d);
  doc_close(d);
}

static void put_legend(struct doc *d) {
  static const enum verdict rows[] = {VERDICT_FAIL, VERDICT_INCONCLUSIVE, VERDICT_ERROR, VERDICT_WAITING,
                                      VERDICT_NOT_APPLICABLE};
  doc_section(d, "legend", WORD_LEGEND);
  doc_open(d, "dl", "legend");
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    html_open(&d->w, "div");
    html_open(&d->w, "dt");
    doc_verdict(d, rows[i]);
    doc_close(d);
    doc_element(d, "dd", NULL, str_z(meaning_of_verdict(d->lang, rows[i])));
    doc_close(d);
  }
  doc_close(d);
  doc_word_element(d, "p", "small", WORD_LEGEND_SUGGESTS);
  doc_section_end(d);
}

static void put_footer(struct doc *d) {
  html_open(&d->w, "footer");
  doc_element(d, "p", "small", report_word_fill(d->a, d->lang, WORD_MADE_BY, d->r->program, d->r->run));
  doc_close(d);
}

static void put_main(struct doc *d) {
  html_open(&d->w, "main");
  doc_front(d);
  doc_overview(d);
  doc_untested(d);
  doc_revisions(d);
  doc_coverage(d);
  doc_fidelity(d);
  doc_limits(d);
  doc_declaration(d);
  doc_issues(d);
  doc_steps(d);
  doc_exchanges(d);
  doc_evidence(d);
  put_legend(d);
  doc_close(d);
}

static void write_html(struct buf *out, const struct record *r, enum report_lang lang) {
  struct doc d;
  doc_init(&d, out, r, lang);
  struct doc_page page = page_of(&d);
  doc_page_begin(&d, &page);
  put_header(&d);
  put_contents(&d);
  put_main(&d);
  put_footer(&d);
  doc_page_end(&d);
  doc_release(&d);
}

const struct report_format report_html = {.name = "html", .extension = "html", .by_lang = true, .write = write_html};
