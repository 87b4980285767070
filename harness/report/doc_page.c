/* The page around every document: one file that needs nothing else. */
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
  buf_addz(&b, "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; style-src ");
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

static void add_margin(struct doc *d, struct buf *out, const char *where, struct str text) {
  buf_printf(out, "@%s{font:8pt sans-serif;content:\"", where);
  add_css_text(out, report_visible(d->a, text));
  buf_addz(out, "\"}");
}

static void add_page_rule(struct doc *d, struct buf *out, const struct doc_page *p) {
  buf_addz(out, "@page{size:A4 landscape;margin:17mm 14mm 16mm;");
  add_margin(d, out, "top-left", p->top_left);
  add_margin(d, out, "top-right", p->top_right);
  add_margin(d, out, "bottom-left", p->bottom_left);
  buf_addz(out, "@bottom-right{font:8pt sans-serif;content:\"");
  add_css_text(out, str_z(doc_word(d, WORD_PAGE)));
  buf_addz(out, " \" counter(page) \" / \" counter(pages)}}\n");
}

static void put_head(struct doc *d, const struct doc_page *p) {
  struct buf style;
  buf_init(&style, STYLE_MAX);
  buf_addz(&style, doc_style_sheet);
  if (p->style) buf_addz(&style, p->style);
  add_page_rule(d, &style, p);
  html_open(&d->w, "head");
  html_open(&d->w, "meta");
  html_attrz(&d->w, "charset", "utf-8");
  doc_close(d);
  put_policy(d, buf_str(&style));
  html_open(&d->w, "meta");
  html_attrz(&d->w, "name", "viewport");
  html_attrz(&d->w, "content", "width=device-width, initial-scale=1");
  doc_close(d);
  doc_element(d, "title", NULL, p->title);
  html_open(&d->w, "style");
  html_raw(&d->w, style.p); /* our own, and what add_css_text lets through */
  doc_close(d);
  doc_close(d);
  buf_release(&style);
}

void doc_page_begin(struct doc *d, const struct doc_page *p) {
  html_doctype(&d->w);
  html_open(&d->w, "html");
  html_attrz(&d->w, "lang", d->lang == REPORT_DA ? "da" : "en");
  put_head(d, p);
  html_open(&d->w, "body");
}

void doc_page_end(struct doc *d) {
  html_open(&d->w, "script");
  html_raw(&d->w, doc_script);
  doc_close(d);
  doc_close(d);
  doc_close(d);
  buf_addz(d->w.out, "\n");
}
