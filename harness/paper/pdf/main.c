/* testcamp-pdf: a document of testcamp on standard input, PDF on standard output. Started by paper/press.c. */
#include "base/buf.h"
#include "paper/pdf/build.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#define INPUT_MAX ((size_t)512 << 20)
#define CHUNK ((size_t)1 << 16)
#define FONT "Liberation Sans, DejaVu Sans, sans-serif"

#ifdef __SANITIZE_ADDRESS__
/* Fontconfig and pango keep what they made until the end. */
int __lsan_is_turned_off(void);
int __lsan_is_turned_off(void) {
  return 1;
}
#endif

static int read_all(struct buf *out, struct error *e) {
  char chunk[CHUNK];
  buf_init(out, INPUT_MAX);
  for (;;) {
    ssize_t n = read(STDIN_FILENO, chunk, sizeof chunk);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return error_set(e, ERR_IO, "cannot read the document");
    if (n == 0) break;
    buf_add(out, (struct str){chunk, (size_t)n});
  }
  return out->full ? error_set(e, ERR_LIMIT, "the document is over %zu MB", INPUT_MAX >> 20) : 0;
}

/* Sizes are points, and the shapes of letters do not hang on a screen. */
static PangoContext *context_new(const struct paper *paper) {
  PangoContext *c = pango_font_map_create_context(pango_cairo_font_map_get_default());
  cairo_font_options_t *options = cairo_font_options_create();
  PangoFontDescription *font = pango_font_description_from_string(FONT);
  cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
  pango_cairo_context_set_font_options(c, options);
  pango_cairo_context_set_resolution(c, 72);
  pango_context_set_round_glyph_positions(c, FALSE);
  pango_font_description_set_size(font, (int)(paper->letters * PANGO_SCALE));
  pango_context_set_font_description(c, font);
  pango_font_description_free(font);
  cairo_font_options_destroy(options);
  return c;
}

static struct str text_of(struct arena *a, const struct sheet_node *root, const char *element) {
  const struct sheet_node *n = sheet_find(root, element);
  return n ? sheet_text(a, n) : STR("");
}

/* The first time that the document tells, which of a report is when its run began. */
static struct str date_of(const struct sheet_node *root) {
  const struct sheet_node *time = sheet_find(root, "time");
  return time ? time->datetime : STR("");
}

static int press(struct arena *a, struct str html, struct error *e) {
  struct sheet_node *root;
  struct pages pages;
  if (sheet_read(&root, a, html, e) < 0) return -1;
  const struct paper *paper = style_paper(root);
  struct build build = {.a = a, .context = context_new(paper), .paper = paper, .share = 1};
  struct box *all = build_boxes(&build, root, (struct ink){.size = paper->letters});
  if (!all) all = build_new(&build, BOX_STACK, NULL);
  pages_init(&pages, a, paper);
  box_place(all, &pages);
  const struct sheet_node *top = sheet_find(root, "html");
  struct str title = text_of(a, root, "title"), foot = text_of(a, root, "footer");
  struct margins margins = {.top_left = paper->headed ? title : STR(""),
                            .bottom_left = foot.n || paper->headed ? foot : title,
                            .page = top && str_eqz(top->lang, "da") ? STR("Side") : STR("Page")};
  int result = pages_paint(&pages, &margins, title, date_of(root), build.context, e);
  box_release(all);
  g_object_unref(build.context);
  return result;
}

int main(void) {
  struct buf html;
  struct error e;
  struct arena *a = arena_new(0);
  int result = read_all(&html, &e);
  if (result == 0) result = press(a, buf_str(&html), &e);
  if (result < 0) fprintf(stderr, "%s\n", e.text);
  buf_release(&html);
  arena_free(a);
  return result < 0 ? 1 : 0;
}
