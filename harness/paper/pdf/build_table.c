/* Tables: how wide the columns are, and their rows. */
#include "paper/pdf/build.h"

#include <math.h>

#define COLUMNS_MAX 16
#define CELL_PAD 3.5
#define MORE_INDENT 10.0 /* of the row under a step, with its findings and messages */
#define BLANK_ROW 18.0
#define PAGE_PART 0.15 /* of the cell, for the number of a page */

struct columns {
  size_t n;
  double least[COLUMNS_MAX], most[COLUMNS_MAX]; /* widths in points */
  double part[COLUMNS_MAX];                     /* of the whole */
};

static bool is_cell(const struct sheet_node *n) {
  return sheet_is(n, "td") || sheet_is(n, "th");
}

/* --- widths ------------------------------------------------------------------------ */

static double layout_width(struct box *box, int width) {
  int w, h;
  pango_layout_set_width(box->layout, width);
  pango_layout_get_size(box->layout, &w, &h);
  return (double)w / PANGO_SCALE;
}

/* The widest line and the widest word of a cell that is one text. */
static void measure_cell(struct build *b, const struct sheet_node *cell, struct ink ink, double *least, double *most) {
  struct box *text = build_text(b, cell->first, NULL, style_ink(cell, ink));
  if (!text) return;
  double room = 2 * CELL_PAD + 1;
  pango_layout_set_wrap(text->layout, PANGO_WRAP_WORD);
  *most = fmax(*most, layout_width(text, -1) + room);
  *least = fmax(*least, layout_width(text, 0) + room);
  box_release(text);
}

static void measure_rows(struct build *b, const struct sheet_node *n, struct ink ink, struct columns *c) {
  for (SHEET_EACH(row, n)) {
    size_t i = 0;
    if (!sheet_is(row, "tr")) {
      if (row->element.n) measure_rows(b, row, ink, c);
      continue;
    }
    for (SHEET_EACH(cell, row)) {
      if (!is_cell(cell) || i == COLUMNS_MAX) continue;
      if (cell->colspan == 1) measure_cell(b, cell, style_ink(row, ink), &c->least[i], &c->most[i]);
      i += (size_t)cell->colspan;
    }
    if (i > c->n && i <= COLUMNS_MAX) c->n = i;
  }
}

/* As browsers do it: each column gets what its longest word needs, and of the rest by what its text would like. */
static void fit_columns(struct columns *c, double width, bool is_narrow) {
  double least = 0, most = 0;
  for (size_t i = 0; i < c->n; i++) {
    least += c->least[i];
    most += c->most[i];
  }
  for (size_t i = 0; i < c->n; i++) {
    double share = most > least ? (c->most[i] - c->least[i]) / (most - least) : 0;
    double w = c->least[i] + share * fmax(0, fmin(width, most) - least);
    if (most < width && !is_narrow) w = c->most[i] * width / fmax(most, 1);
    if (least > width) w = c->least[i] * width / least;
    c->part[i] = w / width;
  }
}

/* Step tables have MedCom's columns, the same in every use case. */
static bool fixed_columns(struct columns *c) {
  static const double of_protocol[] = {0.085, 0.27, 0.15, 0.255, 0.14, 0.10},
                      of_report[] = {0.085, 0.22, 0.13, 0.20, 0.165, 0.095, 0.105};
  const double *parts = c->n == 6 ? of_protocol : c->n == 7 ? of_report : NULL;
  for (size_t i = 0; parts && i < c->n; i++) c->part[i] = parts[i];
  return parts != NULL;
}

/* --- rows -------------------------------------------------------------------------- */

/* In a table of contents, what the first cell leads to is told with its page. */
static void tell_page(struct build *b, struct box *box, const struct sheet_node *cell) {
  const struct sheet_node *table = cell->parent, *link = sheet_find(cell, "a");
  while (table && !sheet_is(table, "table")) table = table->parent;
  bool is_first = cell == cell->parent->first && box->children.n == 1 && box->children.v[0]->kind == BOX_TEXT;
  if (!table || !sheet_has_class(table, "contents") || !is_first || !link || !link->href.n) return;
  struct box *row = build_new(b, BOX_ROW, NULL), *page = build_plain(b, STR(""), (struct ink){.size = 1});
  row->widths = ARENA_ARRAY(b->a, double, 2);
  row->widths[0] = 1 - PAGE_PART;
  row->widths[1] = PAGE_PART;
  page->page_of = str_sub(link->href, 1, link->href.n);
  build_add(b, row, box->children.v[0]);
  build_add(b, row, page);
  box->children.v[0] = row;
}

static struct box *cell_box(struct build *b, const struct sheet_node *cell, struct ink outer) {
  struct box *box = build_new(b, BOX_STACK, cell);
  struct ink ink = style_ink(cell, outer);
  /* The number of a step of the test tool's own is not as weighty as MedCom's. */
  if (sheet_has_class(cell->parent, "sub")) ink.bold = false;
  box->shape.pad = CELL_PAD;
  box->shape.left = sheet_has_class(cell->parent, "more") ? MORE_INDENT : 0;
  build_children(b, box, cell, ink);
  tell_page(b, box, cell);
  return box;
}

static enum fill_name fill_of(const struct sheet_node *row, bool is_head) {
  if (is_head) return FILL_SOFT;
  return sheet_has_class(row, "sub") ? FILL_SUB : FILL_NONE;
}

static struct box *row_box(struct build *b, const struct sheet_node *row, struct ink outer, const struct columns *c,
                           bool is_head) {
  struct box *box = build_new(b, BOX_ROW, row);
  struct ink ink = style_ink(row, outer);
  size_t at = 0;
  box->widths = ARENA_ARRAY(b->a, double, COLUMNS_MAX);
  box->grid = true;
  box->least = BLANK_ROW;
  box->shape.fill = fill_of(row, is_head);
  /* What belongs to a step is not torn from it. */
  box->shape.keep = sheet_has_class(row, "step") && row->next && sheet_has_class(row->next, "more");
  for (SHEET_EACH(cell, row)) {
    if (!is_cell(cell) || at >= c->n) continue;
    double width = 0;
    for (int k = 0; k < cell->colspan && at < c->n; k++) width += c->part[at++];
    box->widths[box->children.n] = width;
    build_add(b, box, cell_box(b, cell, ink));
  }
  return box;
}

static void add_rows(struct build *b, struct box *table, const struct sheet_node *n, struct ink ink,
                     const struct columns *c) {
  for (SHEET_EACH(row, n)) {
    bool is_head = sheet_is(n, "thead");
    if (!sheet_is(row, "tr")) {
      if (row->element.n) add_rows(b, table, row, ink, c);
    } else if (is_head) {
      table->head = row_box(b, row, ink, c, true);
    } else {
      build_add(b, table, row_box(b, row, ink, c, false));
    }
  }
}

struct box *build_table(struct build *b, const struct sheet_node *n, struct ink ink) {
  struct columns c = {0};
  struct box *table = build_new(b, BOX_TABLE, n);
  bool is_steps = sheet_has_class(n, "steps");
  for (SHEET_EACH(part, n))
    if (!is_steps || sheet_is(part, "thead")) measure_rows(b, part, ink, &c);
  if (!is_steps || !fixed_columns(&c))
    fit_columns(&c, paper_text_width(b->paper) * b->share, sheet_has_class(n, "narrow"));
  add_rows(b, table, n, ink, &c);
  return table;
}
