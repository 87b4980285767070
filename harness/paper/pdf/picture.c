#include "paper/pdf/picture.h"

#define SIZE_MOST 100000
#define TEXT_SIZE 13.0

/* --- what classes look like ------------------------------------------------------------ */

enum paint_name { PAINT_KEPT, PAINT_NONE, PAINT_GROUND, PAINT_SOFT, PAINT_LINE, PAINT_INK }; /* + an ink_name */
#define PAINT(ink) (PAINT_INK + INK_##ink)

struct look {
  int fill, stroke;
  double width, dash[2], size;
  bool bold;
};

/* Rules are applied in the order of the table; `in`: only within an element of that class. Zeros leave what was. */
static const struct look_rule {
  const char *in, *cls;
  struct look look;
} look_rules[] = {
    {"", "sq-ground", {.fill = PAINT_GROUND, .stroke = PAINT_NONE}},
    {"", "sq-title", {.size = 16, .bold = true}},
    {"", "sq-name", {.bold = true}},
    {"", "sq-id", {.bold = true}},
    {"", "sq-small", {.size = 11, .fill = PAINT(MUTED)}},
    {"", "sq-head", {.fill = PAINT_GROUND, .stroke = PAINT(TEXT), .width = 1}},
    {"", "sq-ours", {.fill = PAINT_SOFT, .dash = {5, 3}}},
    {"", "sq-line", {.stroke = PAINT_LINE, .width = 1}},
    {"", "sq-tip", {.fill = PAINT(TEXT)}},
    {"", "sq-hit", {.fill = PAINT_NONE, .stroke = PAINT_NONE}},
    {"sq-relayed", "sq-wire", {.stroke = PAINT(LINK), .dash = {9, 4}}},
    {"sq-relayed", "sq-open", {.stroke = PAINT(LINK)}},
    {"sq-lost", "sq-wire", {.stroke = PAINT(FAIL), .dash = {2, 4}}},
    {"sq-refused", "sq-wire", {.stroke = PAINT(FAIL)}},
    {"sq-refused", "sq-tip", {.fill = PAINT(FAIL), .stroke = PAINT(FAIL)}},
    {"", "sq-cross", {.stroke = PAINT(FAIL), .width = 3}},
    {"", "sq-wall", {.stroke = PAINT(FAIL), .width = 3}},
    {"", "sq-flag", {.fill = PAINT(FAIL), .stroke = PAINT(FAIL)}},
    {"sq-wrong", "sq-what", {.fill = PAINT(FAIL)}},
    {"", "sq-loose", {.fill = PAINT_GROUND, .stroke = PAINT(MAYBE)}},
};

static struct look basic_look(const struct sheet_node *n) {
  bool is_text = sheet_is(n, "text");
  return (struct look){.fill = is_text ? PAINT(TEXT) : PAINT_NONE,
                       .stroke = is_text ? PAINT_NONE : PAINT(TEXT),
                       .width = 1.5,
                       .size = TEXT_SIZE};
}

static void add_look(struct look *to, const struct look *more) {
  if (more->fill) to->fill = more->fill;
  if (more->stroke) to->stroke = more->stroke;
  if (more->width > 0) to->width = more->width;
  if (more->size > 0) to->size = more->size;
  for (int i = 0; i < 2 && more->dash[0] > 0; i++) to->dash[i] = more->dash[i];
  to->bold = to->bold || more->bold;
}

static struct look look_of(const struct sheet_node *n) {
  struct look out = basic_look(n);
  for (size_t i = 0; i < sizeof look_rules / sizeof *look_rules; i++) {
    const struct look_rule *r = &look_rules[i];
    if (sheet_has_class(n, r->cls) && (!*r->in || sheet_has_class(n->parent, r->in))) add_look(&out, &r->look);
  }
  return out;
}

/* False: nothing is painted. */
static bool use(cairo_t *cr, int paint) {
  static const struct colour white = {1, 1, 1};
  struct colour c = white;
  if (paint == PAINT_KEPT || paint == PAINT_NONE) return false;
  if (paint == PAINT_SOFT) c = fill_colours[FILL_SOFT];
  if (paint == PAINT_LINE) c = line_colour;
  if (paint >= PAINT_INK) c = ink_colours[paint - PAINT_INK];
  cairo_set_source_rgb(cr, c.r, c.g, c.b);
  return true;
}

/* --- shapes ---------------------------------------------------------------------------- */

static double number(struct str s) {
  int64_t n;
  return str_int(s, &n) && n > -SIZE_MOST && n < SIZE_MOST ? (double)n : 0;
}

static void paint_shape(cairo_t *cr, const struct look *look) {
  if (use(cr, look->fill)) cairo_fill_preserve(cr);
  cairo_set_line_width(cr, look->width);
  cairo_set_dash(cr, look->dash, look->dash[0] > 0 ? 2 : 0, 0);
  if (use(cr, look->stroke)) cairo_stroke_preserve(cr);
  cairo_new_path(cr);
}

static void paint_rect(cairo_t *cr, PangoContext *context, const struct sheet_node *n) {
  const struct sheet_drawn *d = n->drawn;
  struct look look = look_of(n);
  (void)context;
  cairo_rectangle(cr, number(d->x), number(d->y), number(d->width), number(d->height));
  paint_shape(cr, &look);
}

/* The number that s begins with, behind blanks; false if there is none. */
static bool next_number(struct str *s, double *out) {
  *s = str_sub(*s, s->n && s->p[0] == ' ', s->n);
  size_t n = s->n && s->p[0] == '-';
  while (n < s->n && s->p[n] >= '0' && s->p[n] <= '9') n++;
  if (!n) return false;
  *out = number(str_sub(*s, 0, n));
  *s = str_sub(*s, n, s->n);
  return true;
}

/* One step of a path, from x, y on; false: it is none of ours. */
static bool path_step(cairo_t *cr, char command, struct str *rest, double *x, double *y) {
  if (command == 'Z') {
    cairo_close_path(cr);
    return true;
  }
  if (!strchr("MLHV", command)) return false;
  if (command != 'V' && !next_number(rest, x)) return false;
  if (command != 'H' && !next_number(rest, y)) return false;
  if (command == 'M')
    cairo_move_to(cr, *x, *y);
  else
    cairo_line_to(cr, *x, *y);
  return true;
}

static void paint_path(cairo_t *cr, PangoContext *context, const struct sheet_node *n) {
  struct look look = look_of(n);
  struct str rest = n->drawn->path;
  double x = 0, y = 0;
  (void)context;
  cairo_new_path(cr);
  while (rest.n) {
    char command = rest.p[0];
    rest = str_sub(rest, 1, rest.n);
    if (!command || !path_step(cr, command, &rest, &x, &y)) break;
  }
  paint_shape(cr, &look);
}

static PangoLayout *layout_of(PangoContext *context, const struct look *look, struct str text) {
  PangoLayout *l = pango_layout_new(context);
  PangoFontDescription *font = pango_font_description_copy(pango_context_get_font_description(context));
  pango_font_description_set_absolute_size(font, look->size * PANGO_SCALE);
  if (look->bold) pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD);
  pango_layout_set_font_description(l, font);
  pango_layout_set_single_paragraph_mode(l, TRUE);
  pango_layout_set_text(l, text.p, (int)text.n);
  pango_font_description_free(font);
  return l;
}

static void paint_text(cairo_t *cr, PangoContext *context, const struct sheet_node *n) {
  int width;
  struct look look = look_of(n);
  if (!n->first || !use(cr, look.fill)) return;
  PangoLayout *l = layout_of(context, &look, n->first->text);
  pango_layout_get_size(l, &width, NULL);
  double align = str_eqz(n->drawn->anchor, "middle") ? 0.5 : str_eqz(n->drawn->anchor, "end") ? 1 : 0;
  double base = (double)pango_layout_get_baseline(l) / PANGO_SCALE;
  cairo_move_to(cr, number(n->drawn->x) - align * width / PANGO_SCALE, number(n->drawn->y) - base);
  pango_cairo_show_layout(cr, l);
  cairo_new_path(cr);
  g_object_unref(l);
}

static void paint_all(cairo_t *cr, PangoContext *context, const struct sheet_node *n) {
  static const struct {
    const char *element;
    void (*paint)(cairo_t *cr, PangoContext *context, const struct sheet_node *n);
  } rows[] = {{"rect", paint_rect}, {"path", paint_path}, {"text", paint_text}};
  for (size_t i = 0; n->drawn && i < sizeof rows / sizeof *rows; i++)
    if (sheet_is(n, rows[i].element)) rows[i].paint(cr, context, n);
  for (SHEET_EACH(c, n)) paint_all(cr, context, c);
}

void picture_paint(const struct picture *p, cairo_t *cr, PangoContext *context) {
  if (!p->svg) {
    photo_paint(p, cr);
    return;
  }
  paint_all(cr, context, p->svg);
  cairo_set_dash(cr, NULL, 0, 0);
}

/* --- reading --------------------------------------------------------------------------- */

/* A link is as large as the first box in it. */
static void find_links(struct arena *a, struct picture *p, const struct sheet_node *n) {
  const struct sheet_node *box = str_starts(n->href, STR("#")) ? sheet_find(n, "rect") : NULL;
  if (box && box->drawn) {
    const struct sheet_drawn *d = box->drawn;
    struct area area = {number(d->x), number(d->y), number(d->width), number(d->height)};
    VEC_PUSH(a, &p->links, ((struct picture_link){area, str_sub(n->href, 1, n->href.n)}));
  }
  for (SHEET_EACH(c, n)) find_links(a, p, c);
}

const struct picture *picture_read(struct arena *a, const struct sheet_node *svg) {
  struct picture *p = ARENA_NEW(a, struct picture);
  if (!svg->drawn) return NULL;
  *p = (struct picture){.svg = svg, .width = number(svg->drawn->width), .height = number(svg->drawn->height)};
  if (p->width <= 0 || p->height <= 0) return NULL;
  find_links(a, p, svg);
  return p;
}
