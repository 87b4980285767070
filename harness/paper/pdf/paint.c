/* Pages become PDF. The same pages give the same bytes, with the same versions of cairo, pango and fonts. */
#include "paper/pdf/page.h"

#include <cairo-pdf.h>
#include <unistd.h>

#define FRAME_WIDTH 0.5
#define SMALL_SIZE 7.5
#define ATTRIBUTES 200
/* A protocol has no time of its own, and now would make other bytes each time. */
#define NO_DATE "1970-01-01T00:00:00Z"

struct painter {
  const struct pages *pages;
  const struct margins *margins;
  cairo_t *cr;
  cairo_surface_t *surface;
  PangoContext *context;
};

static cairo_status_t write_bytes(void *to, const unsigned char *bytes, unsigned int n) {
  (void)to;
  while (n) {
    ssize_t put = write(STDOUT_FILENO, bytes, n);
    if (put <= 0) return CAIRO_STATUS_WRITE_ERROR;
    bytes += put;
    n -= (unsigned int)put;
  }
  return CAIRO_STATUS_SUCCESS;
}

static void use(cairo_t *cr, struct colour c) {
  cairo_set_source_rgb(cr, c.r, c.g, c.b);
}

static void paint_fill(struct painter *p, const struct op *op) {
  use(p->cr, op->colour);
  cairo_rectangle(p->cr, op->area.x, op->area.y, op->area.w, op->area.h);
  cairo_fill(p->cr);
}

static void paint_frame(struct painter *p, const struct op *op) {
  use(p->cr, line_colour);
  cairo_set_line_width(p->cr, FRAME_WIDTH);
  cairo_rectangle(p->cr, op->area.x, op->area.y, op->area.w, op->area.h);
  cairo_stroke(p->cr);
}

static void paint_line(struct painter *p, const struct op *op) {
  use(p->cr, line_colour);
  cairo_set_line_width(p->cr, FRAME_WIDTH);
  cairo_move_to(p->cr, op->area.x, op->area.y);
  cairo_line_to(p->cr, op->area.x + op->area.w, op->area.y);
  cairo_stroke(p->cr);
}

static void paint_text(struct painter *p, const struct op *op) {
  use(p->cr, ink_colours[INK_TEXT]);
  cairo_move_to(p->cr, op->area.x, op->area.y);
  pango_cairo_show_layout_line(p->cr, op->line);
}

/* Decimal points whatever the locale; the numbers are of points. */
static void paint_link(struct painter *p, const struct op *op) {
  const struct anchor *to = map_get(&p->pages->anchors, op->target);
  if (!to) return;
  struct str text =
      arena_printf(p->pages->a, "rect=[%d %d %d %d] page=%zu pos=[%d %d]", (int)op->area.x, (int)op->area.y,
                   (int)op->area.w + 1, (int)op->area.h + 1, to->page, (int)p->pages->paper->side, (int)to->y);
  cairo_tag_begin(p->cr, CAIRO_TAG_LINK, text.p);
  cairo_tag_end(p->cr, CAIRO_TAG_LINK);
}

/* A small line, at the left (align 0) or right (1) side of an area, whose height does not matter. */
static void paint_small(struct painter *p, struct str text, struct area in, double align) {
  int width;
  if (!text.n) return;
  PangoLayout *l = pango_layout_new(p->context);
  PangoFontDescription *font = pango_font_description_copy(pango_context_get_font_description(p->context));
  pango_font_description_set_size(font, (int)(SMALL_SIZE * PANGO_SCALE));
  pango_layout_set_font_description(l, font);
  pango_layout_set_text(l, text.p, (int)text.n);
  pango_layout_set_single_paragraph_mode(l, TRUE);
  pango_layout_set_ellipsize(l, PANGO_ELLIPSIZE_END);
  pango_layout_set_width(l, (int)(in.w * PANGO_SCALE));
  pango_layout_get_size(l, &width, NULL);
  use(p->cr, ink_colours[INK_MUTED]);
  cairo_move_to(p->cr, in.x + align * (in.w - (double)width / PANGO_SCALE), in.y);
  pango_cairo_show_layout(p->cr, l);
  pango_font_description_free(font);
  g_object_unref(l);
}

static void paint_page(struct painter *p, const struct op *op) {
  const struct anchor *to = map_get(&p->pages->anchors, op->target);
  if (to) paint_small(p, arena_printf(p->pages->a, "%.*s %zu", STR_F(p->margins->page), to->page), op->area, 1);
}

static void paint_picture(struct painter *p, const struct op *op) {
  cairo_save(p->cr);
  cairo_translate(p->cr, op->area.x, op->area.y);
  cairo_scale(p->cr, op->scale, op->scale);
  picture_paint(op->picture, p->cr, p->context);
  cairo_restore(p->cr);
}

static void (*const painters[])(struct painter *p, const struct op *op) = {
    [OP_FILL] = paint_fill, [OP_FRAME] = paint_frame, [OP_LINE] = paint_line,      [OP_TEXT] = paint_text,
    [OP_LINK] = paint_link, [OP_PAGE] = paint_page,   [OP_PICTURE] = paint_picture};

/* Two lines around all that stands on the page, as around a deed. */
static void paint_border(struct painter *p) {
  static const struct { double inset, width; } lines[] = {{24, 1.6}, {28.5, 0.5}};
  const struct paper *paper = p->pages->paper;
  use(p->cr, ink_colours[INK_LINK]);
  for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
    double in = lines[i].inset;
    cairo_set_line_width(p->cr, lines[i].width);
    cairo_rectangle(p->cr, in, in, paper->width - 2 * in, paper->height - 2 * in);
    cairo_stroke(p->cr);
  }
}

static void paint_margins(struct painter *p, size_t number) {
  const struct margins *m = p->margins;
  const struct paper *paper = p->pages->paper;
  double width = paper_text_width(paper), foot = paper->height - paper->bottom + 14, number_width = width * 0.2;
  struct str page = arena_printf(p->pages->a, "%.*s %zu / %zu", STR_F(m->page), number, p->pages->list.n);
  if (paper->framed) paint_border(p);
  paint_small(p, m->top_left, (struct area){paper->side, paper->top - 22, width, 0}, 0);
  paint_small(p, m->bottom_left, (struct area){paper->side, foot, width - number_width, 0}, 0);
  paint_small(p, page, (struct area){paper->width - paper->side - number_width, foot, number_width, 0}, 1);
}

static void paint_bookmarks(struct painter *p) {
  int parents[3] = {CAIRO_PDF_OUTLINE_ROOT, CAIRO_PDF_OUTLINE_ROOT, CAIRO_PDF_OUTLINE_ROOT};
  for (size_t i = 0; i < p->pages->bookmarks.n; i++) {
    const struct bookmark *b = &p->pages->bookmarks.v[i];
    struct str to =
        arena_printf(p->pages->a, "page=%zu pos=[%d %d]", b->at.page, (int)p->pages->paper->side, (int)b->at.y);
    parents[b->level] =
        cairo_pdf_surface_add_outline(p->surface, parents[b->level - 1], arena_z(p->pages->a, b->title), to.p, 0);
  }
}

static void set_metadata(struct painter *p, struct str title, struct str date) {
  struct arena *a = p->pages->a;
  cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_TITLE, arena_z(a, title));
  cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_CREATOR, "testcamp");
  cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_CREATE_DATE, date.n ? arena_z(a, date) : NO_DATE);
}

int pages_paint(const struct pages *pages, const struct margins *m, struct str title, struct str date,
                PangoContext *context, struct error *e) {
  struct painter p = {.pages = pages, .margins = m, .context = context};
  p.surface = cairo_pdf_surface_create_for_stream(write_bytes, NULL, pages->paper->width, pages->paper->height);
  p.cr = cairo_create(p.surface);
  set_metadata(&p, title, date);
  for (size_t i = 0; i < pages->list.n; i++) {
    const struct page *page = &pages->list.v[i];
    for (size_t k = 0; k < page->ops.n; k++) painters[page->ops.v[k].kind](&p, &page->ops.v[k]);
    paint_margins(&p, i + 1);
    cairo_show_page(p.cr);
  }
  paint_bookmarks(&p);
  cairo_surface_finish(p.surface);
  cairo_status_t status = cairo_surface_status(p.surface);
  if (!status) status = cairo_status(p.cr);
  cairo_destroy(p.cr);
  cairo_surface_destroy(p.surface);
  return status ? error_set(e, ERR_IO, "%s", cairo_status_to_string(status)) : 0;
}
