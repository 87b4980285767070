/* The HTML report: one file that needs nothing else, in one language. */
#include "base/base64.h"
#include "base/hash.h"
#include "report/doc_int.h"

#define POLICY_MAX ((size_t)1 << 10)
#define STYLE_MAX ((size_t)64 << 10)

static int hex_digit(char c) {
  return c <= '9' ? c - '0' : c - 'a' + 10;
}

/* 'sha256-...': the source expression of Content Security Policy that lets just these bytes run. */
static void add_source(struct buf *out, struct str bytes) {
  char hex[SHA256_HEX + 1], digest[SHA256_HEX / 2];
  sha256_hex(hex, bytes);
  for (size_t i = 0; i < sizeof digest; i++) digest[i] = (char)(hex_digit(hex[2 * i]) << 4 | hex_digit(hex[2 * i + 1]));
  buf_addz(out, "'sha256-");
  base64_encode(out, (struct str){digest, sizeof digest});
  buf_addz(out, "'");
}

/* Should text of a vendor ever get out of its quotes, the browser still runs and fetches nothing. */
static void put_policy(struct doc *d, struct str style) {
  struct buf b;
  buf_init(&b, POLICY_MAX);
  buf_addz(&b, "default-src 'none'; base-uri 'none'; form-action 'none'; style-src ");
  add_source(&b, style);
  buf_addz(&b, "; script-src ");
  add_source(&b, str_z(doc_script));
  html_open(&d->w, "meta");
  html_attrz(&d->w, "http-equiv", "Content-Security-Policy");
  html_attr(&d->w, "content", buf_str(&b));
  doc_close(d);
  buf_release(&b);
}

/* Text in a CSS string: letters, digits and blanks as they are, all else left out. */
static void add_css_text(struct buf *out, struct str s) {
  for (size_t i = 0; i < s.n; i++) {
    unsigned char c = (unsigned char)s.p[i];
    bool is_plain = c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                    c == ' ' || c == '.' || c == '-' || c == '_' || c == '/' || c == ',';
    if (is_plain) buf_byte(out, (char)c);
  }
}

/* The run, and what it was, on every page. */
static void add_page_rule(struct doc *d, struct buf *out) {
  const struct record *r = d->r;
  buf_addz(out, "@page{size:A4 landscape;margin:17mm 14mm 16mm;@top-left{font:8pt sans-serif;content:\"");
  add_css_text(
      out, report_visible(d->a, arena_printf(d->a, "%.*s %.*s, %.*s %.*s", STR_F(r->protocol),
                                             STR_F(r->protocol_version), STR_F(r->system), STR_F(r->system_version))));
  buf_addz(out, "\"}@top-right{font:8pt sans-serif;content:\"");
  add_css_text(out, arena_printf(d->a, "%s ", doc_word(d, WORD_RUN)));
  add_css_text(out, report_visible(d->a, r->run));
  buf_addz(out, "\"}@bottom-left{font:8pt sans-serif;content:\"testcamp ");
  add_css_text(out, report_visible(d->a, r->program));
  buf_addz(out, "\"}@bottom-right{font:8pt sans-serif;content:\"");
  add_css_text(out, str_z(doc_word(d, WORD_PAGE)));
  buf_addz(out, " \" counter(page) \" / \" counter(pages)}}\n");
}

static struct str title_of(const struct doc *d) {
  struct str title = report_text(d->r->title, d->lang);
  return title.n ? title : d->r->protocol;
}

static void put_head(struct doc *d) {
  struct buf style;
  buf_init(&style, STYLE_MAX);
  buf_addz(&style, doc_style_sheet);
  add_page_rule(d, &style);
  html_open(&d->w, "head");
  html_open(&d->w, "meta");
  html_attrz(&d->w, "charset", "utf-8");
  doc_close(d);
  put_policy(d, buf_str(&style));
  html_open(&d->w, "meta");
  html_attrz(&d->w, "name", "viewport");
  html_attrz(&d->w, "content", "width=device-width, initial-scale=1");
  doc_close(d);
  doc_element(
      d, "title", NULL,
      arena_printf(d->a, "%.*s \u2013 %.*s \u2013 %.*s", STR_F(title_of(d)), STR_F(d->r->system), STR_F(d->r->run)));
  html_open(&d->w, "style");
  html_raw(&d->w, style.p); /* our own, and what add_css_text lets through */
  doc_close(d);
  doc_close(d);
  buf_release(&style);
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
  } parts[] = {{"result", WORD_RESULT},    {"cases", WORD_USE_CASES},    {"not-tested", WORD_NOT_TESTED},
               {"steps", WORD_TEST_STEPS}, {"messages", WORD_EXCHANGES}, {"evidence", WORD_EVIDENCE}};
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
  static const struct {
    enum verdict verdict;
    enum report_word word;
  } rows[] = {{VERDICT_FAIL, WORD_LEGEND_FAIL},
              {VERDICT_INCONCLUSIVE, WORD_LEGEND_INCONCLUSIVE},
              {VERDICT_ERROR, WORD_LEGEND_ERROR},
              {VERDICT_WAITING, WORD_LEGEND_WAITING},
              {VERDICT_NOT_APPLICABLE, WORD_LEGEND_NOT_APPLICABLE}};
  doc_section(d, "legend", WORD_LEGEND);
  doc_open(d, "dl", "legend");
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    html_open(&d->w, "div");
    html_open(&d->w, "dt");
    doc_verdict(d, rows[i].verdict);
    doc_close(d);
    doc_word_element(d, "dd", NULL, rows[i].word);
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
  html_doctype(&d.w);
  html_open(&d.w, "html");
  html_attrz(&d.w, "lang", lang == REPORT_DA ? "da" : "en");
  put_head(&d);
  html_open(&d.w, "body");
  put_header(&d);
  put_contents(&d);
  put_main(&d);
  put_footer(&d);
  html_open(&d.w, "script");
  html_raw(&d.w, doc_script);
  doc_close(&d);
  doc_close(&d);
  doc_close(&d);
  buf_addz(out, "\n");
  doc_release(&d);
}

const struct report_format report_html = {.name = "html", .extension = "html", .by_lang = true, .write = write_html};
