#include "paper/pdf/box.h"

#include <math.h>

#define UNIT ((double)PANGO_SCALE)
/* A box or row that is higher than this part of a page is broken; a lower one goes to the next page as a whole. Rows
 * may be broken sooner: what stands in them is read on the next page as well. */
#define WHOLE_PART 0.6
#define WHOLE_ROW_PART 0.3
#define PHOTO_PART 0.9 /* of the height of a page: the rest is for its caption */
#define BAR 3.0        /* width of the bar at the side of a box, and the room behind it */
/* Differences of rounding do not push a line to the next page. */
#define SLACK 0.01

/* --- measuring -------------------------------------------------------------------- */

static double inner_left(const struct box *b) {
  return b->shape.left + b->shape.pad + (b->shape.has_bar ? 2 * BAR : 0);
}

static void measure_row(struct box *b, double width) {
  double free = width - b->gap * (double)(b->children.n ? b->children.n - 1 : 0);
  for (size_t i = 0; i < b->children.n; i++) box_measure(b->children.v[i], free * b->widths[i]);
}

void box_measure(struct box *b, double width) {
  double inner = width - inner_left(b) - b->shape.pad;
  b->width = width;
  if (b->layout) pango_layout_set_width(b->layout, (int)(fmax(inner, 1) * UNIT));
  if (b->head) box_measure(b->head, inner);
  if (b->kind == BOX_ROW)
    measure_row(b, inner);
  else
    for (size_t i = 0; i < b->children.n; i++) box_measure(b->children.v[i], inner);
}

static double line_height(PangoLayoutLine *line) {
  PangoRectangle r;
  pango_layout_line_get_extents(line, NULL, &r);
  return r.height / UNIT;
}

static size_t line_count(const struct box *b) {
  return b->layout ? (size_t)pango_layout_get_line_count(b->layout) : 0;
}

bool box_done(const struct box *b) {
  if (b->kind == BOX_TEXT) return b->begun && b->placed >= line_count(b);
  if (b->kind == BOX_PICTURE) return b->begun;
  if (b->kind != BOX_ROW) return b->begun && b->placed >= b->children.n;
  for (size_t i = 0; i < b->children.n; i++)
    if (!box_done(b->children.v[i])) return false;
  return b->begun;
}

static double text_height(const struct box *b) {
  double sum = 0;
  for (size_t i = b->placed; i < line_count(b); i++)
    sum += line_height(pango_layout_get_line_readonly(b->layout, (int)i));
  return sum;
}

/* Room around a box: a stack that draws nothing itself has that of its first and last. */
static double room_before(const struct box *b) {
  bool is_plain = b->kind == BOX_STACK && b->shape.pad <= 0 && b->children.n;
  return is_plain ? fmax(b->shape.before, room_before(b->children.v[0])) : b->shape.before;
}

static double room_after(const struct box *b) {
  bool is_plain = b->kind == BOX_STACK && b->shape.pad <= 0 && b->children.n;
  return is_plain ? fmax(b->shape.after, room_after(b->children.v[b->children.n - 1])) : b->shape.after;
}

/* Room between a child of a stack and the one before it that is on the same page. */
static double gap_above(const struct box *b, size_t i, bool is_first) {
  if (is_first) return 0;
  double before = room_before(b->children.v[i]);
  return i ? fmax(before, room_after(b->children.v[i - 1])) : before;
}

static double stack_height(const struct box *b) {
  double sum = 0;
  for (size_t i = b->placed; i < b->children.n; i++)
    sum += gap_above(b, i, i == b->placed) + box_height(b->children.v[i]);
  return sum + (b->head ? box_height(b->head) : 0);
}

static double row_height(const struct box *b) {
  double most = 0;
  for (size_t i = 0; i < b->children.n; i++)
    if (!box_done(b->children.v[i])) most = fmax(most, box_height(b->children.v[i]));
  return most;
}

/* As large as its letters are to be, unless it would be wider or higher than a page. */
static double picture_scale(const struct box *b) {
  double part = b->picture->svg ? 1 : PHOTO_PART;
  double by_width = b->width / b->picture->width, by_height = part * paper_text_height(b->paper) / b->picture->height;
  return fmin(PICTURE_SCALE, fmin(by_width, by_height));
}

static double picture_height(const struct box *b) {
  return b->picture->height * picture_scale(b);
}

double box_height(const struct box *b) {
  static double (*const by_kind[])(const struct box *b) = {[BOX_TEXT] = text_height,
                                                           [BOX_STACK] = stack_height,
                                                           [BOX_ROW] = row_height,
                                                           [BOX_TABLE] = stack_height,
                                                           [BOX_PICTURE] = picture_height};
  double inner = by_kind[b->kind](b) + 2 * b->shape.pad;
  return b->begun ? inner : fmax(inner, b->least);
}

/* Is it to stay on one page? */
static bool is_whole(const struct box *b) {
  double part = b->shape.whole ? WHOLE_PART : b->kind == BOX_ROW ? WHOLE_ROW_PART : 0;
  return !b->begun && box_height(b) <= paper_text_height(b->paper) * part;
}

static double first_of_row(const struct box *b) {
  double most = 0;
  for (size_t i = 0; i < b->children.n; i++)
    if (!box_done(b->children.v[i])) most = fmax(most, box_first(b->children.v[i]));
  return most;
}

/* A heading is not left alone at the foot of a page: what follows belongs to its least piece. */
static double first_of_stack(const struct box *b) {
  double sum = b->head ? box_height(b->head) : 0;
  for (size_t i = b->placed; i < b->children.n; i++) {
    const struct box *child = b->children.v[i];
    if (!child->shape.keep) return sum + gap_above(b, i, i == b->placed) + box_first(child);
    sum += gap_above(b, i, i == b->placed) + box_height(child);
  }
  return sum;
}

double box_first(const struct box *b) {
  if (is_whole(b) || b->kind == BOX_PICTURE) return box_height(b);
  if (b->kind == BOX_ROW) return 2 * b->shape.pad + first_of_row(b);
  if (b->kind != BOX_TEXT) return 2 * b->shape.pad + first_of_stack(b);
  if (b->placed >= line_count(b)) return 0;
  return line_height(pango_layout_get_line_readonly(b->layout, (int)b->placed));
}

/* --- placing ---------------------------------------------------------------------- */

/* Where a box goes: the room is what is left of the page; `top` says that nothing stands above it there, so that
 * something has to be placed, or there would be no end. */
struct spot {
  struct pages *pages;
  double x, y, room;
  bool top;
};

static double place(struct box *b, struct spot s);

static void place_links(const struct box *b, const struct spot *s, PangoLayoutLine *line, double y, double h) {
  for (size_t i = 0; i < b->links.n; i++) {
    int *ranges = NULL, n = 0, from = b->links.v[i].from, to = b->links.v[i].to;
    if (to <= line->start_index || from >= line->start_index + line->length) continue;
    pango_layout_line_get_x_ranges(line, from, to, &ranges, &n);
    for (int k = 0; k < n; k++) {
      double x = s->x + ranges[2 * k] / UNIT, w = (ranges[2 * k + 1] - ranges[2 * k]) / UNIT;
      (void)pages_put(s->pages, (struct op){.kind = OP_LINK, .area = {x, y, w, h}, .target = b->links.v[i].target});
    }
    g_free(ranges);
  }
}

/* Where a line begins: further in than the first, or in the middle. */
static double line_left(const struct box *b, const PangoRectangle *line) {
  int width = pango_layout_get_width(b->layout);
  if (pango_layout_get_alignment(b->layout) == PANGO_ALIGN_CENTER) return fmax(0, (width - line->width) / UNIT / 2);
  return b->placed ? fmax(0, -pango_layout_get_indent(b->layout) / UNIT) : 0;
}

static double place_text(struct box *b, struct spot s) {
  double used = 0;
  if (b->page_of.n && !b->begun)
    (void)pages_put(s.pages, (struct op){.kind = OP_PAGE, .area = {s.x, s.y, b->width, 0}, .target = b->page_of});
  while (b->placed < line_count(b)) {
    PangoLayoutLine *line = pango_layout_get_line_readonly(b->layout, (int)b->placed);
    PangoRectangle r;
    pango_layout_line_get_extents(line, NULL, &r);
    double h = r.height / UNIT;
    if (used + h > s.room + SLACK && !(s.top && used <= 0)) break;
    struct area at = {s.x + line_left(b, &r), s.y + used - r.y / UNIT, 0, 0};
    (void)pages_put(s.pages, (struct op){.kind = OP_TEXT, .area = at, .line = line});
    place_links(b, &s, line, s.y + used, h);
    used += h;
    b->placed++;
  }
  return used;
}

/* Does the child at the cursor go to the next page as it is? */
static bool waits(const struct box *b, double room) {
  const struct box *child = b->children.v[b->placed];
  if (child->shape.new_page && !child->begun) return true;
  if (!child->shape.keep) return box_first(child) > room + SLACK;
  double need = box_height(child);
  for (size_t i = b->placed + 1; i < b->children.n; i++) {
    need += gap_above(b, i, false);
    if (!b->children.v[i]->shape.keep) return need + box_first(b->children.v[i]) > room + SLACK;
    need += box_height(b->children.v[i]);
  }
  return need > room + SLACK;
}

static double place_children(struct box *b, struct spot s, double used, bool is_first) {
  while (b->placed < b->children.n) {
    struct box *child = b->children.v[b->placed];
    bool is_top = s.top && is_first;
    double gap = gap_above(b, b->placed, is_first);
    if (!is_top && waits(b, s.room - used - gap)) break;
    used += gap;
    used += place(child, (struct spot){s.pages, s.x, s.y + used, s.room - used, is_top});
    is_first = false;
    if (!box_done(child)) break;
    b->placed++;
  }
  return used;
}

static double place_stack(struct box *b, struct spot s) {
  return place_children(b, s, 0, true);
}

static void place_again(struct box *b) {
  b->placed = 0;
  b->begun = false;
  for (size_t i = 0; i < b->children.n; i++) place_again(b->children.v[i]);
}

/* The heads are placed anew on each page that holds some of the table. */
static double place_table(struct box *b, struct spot s) {
  double used = 0;
  if (b->head) {
    place_again(b->head);
    used = place(b->head, s);
  }
  return place_children(b, s, used, true);
}

static void frame(struct spot *s, double x, double w, double h) {
  (void)pages_put(s->pages, (struct op){.kind = OP_FRAME, .area = {x, s->y, w, h}});
}

/* Lines around the cells of a row, as high as the highest. */
static void place_grid(const struct box *b, struct spot *s, double used) {
  double x = s->x;
  for (size_t i = 0; i < b->children.n; i++) {
    frame(s, x, b->children.v[i]->width, used);
    x += b->children.v[i]->width + b->gap;
  }
}

static double place_row(struct box *b, struct spot s) {
  double used = 0, x = s.x;
  for (size_t i = 0; i < b->children.n; i++) {
    struct box *cell = b->children.v[i];
    if (!box_done(cell)) used = fmax(used, place(cell, (struct spot){s.pages, x, s.y, s.room, s.top}));
    x += cell->width + b->gap;
  }
  if (!b->begun) used = fmax(used, b->least);
  if (b->grid) place_grid(b, &s, used);
  return used;
}

static double place_picture(struct box *b, struct spot s) {
  double scale = picture_scale(b);
  struct area at = {s.x, s.y, b->picture->width * scale, b->picture->height * scale};
  (void)pages_put(s.pages, (struct op){.kind = OP_PICTURE, .area = at, .picture = b->picture, .scale = scale});
  for (size_t i = 0; i < b->picture->links.n; i++) {
    const struct picture_link *l = &b->picture->links.v[i];
    struct area area = {s.x + l->area.x * scale, s.y + l->area.y * scale, l->area.w * scale, l->area.h * scale};
    (void)pages_put(s.pages, (struct op){.kind = OP_LINK, .area = area, .target = l->target});
  }
  return at.h;
}

/* A row of a table may be narrower than the room it has. */
static double own_width(const struct box *b) {
  double sum = 0;
  if (!b->grid) return b->width - b->shape.left;
  for (size_t i = 0; i < b->children.n; i++) sum += b->children.v[i]->width + (i ? b->gap : 0);
  return sum;
}

static void decorate(const struct box *b, const struct spot *s, size_t fill, size_t bar, double h) {
  struct area whole = {s->x + b->shape.left, s->y, own_width(b), h};
  if (b->shape.fill != FILL_NONE) pages_op(s->pages, fill)->area = whole;
  if (b->shape.has_bar) pages_op(s->pages, bar)->area = (struct area){whole.x, whole.y, BAR, h};
  if (b->shape.framed) (void)pages_put(s->pages, (struct op){.kind = OP_FRAME, .area = whole});
  if (b->shape.ruled && box_done(b))
    (void)pages_put(s->pages, (struct op){.kind = OP_LINE, .area = {whole.x, s->y + h + 2, whole.w, 0}});
}

static void note_place(const struct box *b, const struct spot *s) {
  pages_anchor(s->pages, b->anchor, s->y);
  if (b->shape.outline && b->title.n)
    VEC_PUSH(s->pages->a, &s->pages->bookmarks,
             ((struct bookmark){b->shape.outline, b->title, {s->pages->list.n, s->y}}));
}

/* Places what fits; the height that it took. */
static double place(struct box *b, struct spot s) {
  static double (*const by_kind[])(struct box * b, struct spot s) = {[BOX_TEXT] = place_text,
                                                                     [BOX_STACK] = place_stack,
                                                                     [BOX_ROW] = place_row,
                                                                     [BOX_TABLE] = place_table,
                                                                     [BOX_PICTURE] = place_picture};
  size_t fill = 0, bar = 0;
  double pad = b->shape.pad;
  if (!b->begun) note_place(b, &s);
  if (b->shape.fill != FILL_NONE)
    fill = pages_put(s.pages, (struct op){.kind = OP_FILL, .colour = fill_colours[b->shape.fill]});
  if (b->shape.has_bar) bar = pages_put(s.pages, (struct op){.kind = OP_FILL, .colour = ink_colours[b->shape.bar]});
  bool was_begun = b->begun;
  double used = by_kind[b->kind](b, (struct spot){s.pages, s.x + inner_left(b), s.y + pad, s.room - 2 * pad, s.top});
  b->begun = true;
  used += 2 * pad;
  if (!was_begun) used = fmax(used, b->least);
  decorate(b, &s, fill, bar, used);
  return used;
}

void box_place(struct box *b, struct pages *pages) {
  const struct paper *paper = pages->paper;
  box_measure(b, paper_text_width(paper));
  do {
    pages_add(pages);
    place(b, (struct spot){pages, paper->side, paper->top, paper_text_height(paper), true});
  } while (!box_done(b));
}

void box_release(struct box *b) {
  if (b->layout) g_object_unref(b->layout);
  if (b->head) box_release(b->head);
  for (size_t i = 0; i < b->children.n; i++) box_release(b->children.v[i]);
}
