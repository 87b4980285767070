/* The whole run as one picture: a diagram a use case, one below the other, and those of no use case last. */
#include "report/sequence_int.h"

#define TITLE_HEIGHT 48   /* of the whole */
#define HEADING_HEIGHT 36 /* of a use case */
#define NOTE_HEIGHT 22
#define LEFT 6
#define WIDTH_LEAST 600
#define TITLE_SIZE 16
#define NOTE_SIZE 11

struct picture {
  struct doc d;
  struct sequence_ties ties;
  struct sequence *all; /* one a use case, and one more */
  int width, height;
  struct str page;
};

static const struct record_case *case_of(const struct picture *p, size_t i) {
  return i < p->d.r->cases.n ? &p->d.r->cases.v[i] : NULL;
}

static int height_of(const struct sequence *s) {
  int sum = s->arrows.n ? HEADING_HEIGHT : 0;
  for (size_t i = 0; i < s->strips.n; i++) sum += sequence_strip_height(s, i);
  return sum + (s->dropped ? NOTE_HEIGHT : 0);
}

static void measure(struct picture *p) {
  p->width = WIDTH_LEAST;
  p->height = TITLE_HEIGHT;
  p->all = ARENA_ARRAY(p->d.a, struct sequence, p->d.r->cases.n + 1);
  for (size_t i = 0; i <= p->d.r->cases.n; i++) {
    struct sequence *s = &p->all[i];
    sequence_make(s, &p->ties, case_of(p, i));
    p->height += height_of(s);
    if (s->arrows.n && sequence_width(s) > p->width) p->width = sequence_width(s);
  }
  if (p->height == TITLE_HEIGHT) p->height += NOTE_HEIGHT;
}

static struct str title_of(const struct picture *p) {
  const struct record *r = p->d.r;
  struct str title = report_text(r->title, p->d.lang);
  if (!title.n) title = r->protocol;
  return arena_printf(p->d.a, "%.*s \u2013 %.*s %.*s \u2013 %s %.*s", STR_F(title), STR_F(r->system),
                      STR_F(r->system_version), doc_word(&p->d, WORD_RUN), STR_F(r->run));
}

static struct str heading_of(const struct picture *p, const struct record_case *c) {
  if (!c) return str_z(doc_word(&p->d, WORD_SEQUENCE_OF_NO_CASE));
  return arena_printf(p->d.a, "%.*s %.*s: %s", STR_F(c->id), STR_F(report_text(c->title, p->d.lang)),
                      report_word_verdict(p->d.lang, c->verdict));
}

static void put_line(struct picture *p, const char *cls, int size, int y, struct str text) {
  struct str shown = sequence_text_fit(p->d.a, report_visible(p->d.a, text), size, p->width - 2 * LEFT);
  sequence_draw_text(&p->d, cls, LEFT, y, "start", shown);
}

/* Draws the diagram from there on; where the next one begins. */
static int put_diagram(struct picture *p, size_t i, int top) {
  const struct sequence *s = &p->all[i];
  int y = top + (s->arrows.n ? HEADING_HEIGHT : 0);
  if (s->arrows.n) put_line(p, "sq-name", TITLE_SIZE, y - 12, heading_of(p, case_of(p, i)));
  for (size_t k = 0; k < s->strips.n; k++) {
    sequence_draw_strip(s, k, y, p->page);
    y += sequence_strip_height(s, k);
  }
  struct str n = doc_number(&p->d, s->dropped);
  if (s->dropped)
    put_line(p, "sq-small", NOTE_SIZE, y + 14,
             report_word_fill(p->d.a, p->d.lang, WORD_SEQUENCE_MORE, n, (struct str){0}));
  return top + height_of(s);
}

static void put_style(struct picture *p) {
  html_open(&p->d.w, "style");
  html_raw(&p->d.w, sequence_style);
  html_raw(&p->d.w, sequence_style_dark);
  doc_close(&p->d);
}

static void put_picture(struct picture *p) {
  int y = TITLE_HEIGHT;
  struct str about = str_z(doc_word(&p->d, WORD_SEQUENCE_WHOLE));
  sequence_svg_open(&p->d, p->width, p->height, title_of(p), about);
  put_style(p);
  put_line(p, "sq-title", TITLE_SIZE, 28, title_of(p));
  for (size_t i = 0; i <= p->d.r->cases.n; i++) y = put_diagram(p, i, y);
  if (y == TITLE_HEIGHT) put_line(p, "sq-small", NOTE_SIZE, y + 4, str_z(doc_word(&p->d, WORD_NO_EXCHANGES)));
  doc_close(&p->d);
  html_textz(&p->d.w, "\n");
}

static void write_svg(struct buf *out, const struct record *r, enum report_lang lang) {
  struct picture p;
  doc_init(&p.d, out, r, lang);
  sequence_ties(&p.ties, &p.d);
  p.page = report_file_name(p.d.a, &report_html, lang);
  measure(&p);
  put_picture(&p);
  doc_release(&p.d);
}

const struct report_format report_svg = {.name = "svg", .extension = "svg", .by_lang = true, .write = write_svg};
