/* What is laid out in a way of its own: columns, lists of facts, forms, listings. */
#include "paper/pdf/build.h"

#define COLUMN_GAP 18.0
#define COLUMNS_MAX 3
#define SIGN_COLUMNS 4
#define SIGN_HEIGHT 42.0
#define NUMBER_WIDTH 0.045 /* of a listing */
#define FACT_HEIGHT 15.0
#define BULLET_WIDTH 0.015

static size_t count_elements(const struct sheet_node *n) {
  size_t count = 0;
  for (SHEET_EACH(c, n)) count += c->element.n != 0;
  return count;
}

static struct box *row_of(struct build *b, size_t cells, double gap) {
  struct box *row = build_new(b, BOX_ROW, NULL);
  row->widths = ARENA_ARRAY(b->a, double, cells + 1);
  row->gap = gap;
  return row;
}

static void add_cell(struct build *b, struct box *row, struct box *cell, double width) {
  row->widths[row->children.n] = width;
  build_add(b, row, cell ? cell : build_new(b, BOX_STACK, NULL));
}

/* Side by side, equally wide; more than fit go on in a row below. */
static struct box *columns(struct build *b, const struct sheet_node *n, struct ink ink) {
  size_t all = count_elements(n), count = all < COLUMNS_MAX ? all : COLUMNS_MAX, at = 0;
  struct box *rows = build_new(b, BOX_STACK, NULL), *row = NULL;
  double share = b->share, gaps = COLUMN_GAP * (double)(count - 1) / paper_text_width(b->paper);
  b->share = (share - gaps) / (double)count;
  for (SHEET_EACH(c, n)) {
    if (!c->element.n) continue;
    if (at++ % count == 0) {
      row = row_of(b, count, COLUMN_GAP);
      row->shape = style_shape(n);
      build_add(b, rows, row);
    }
    add_cell(b, row, build_boxes(b, c, ink), 1.0 / (double)count);
  }
  for (; row && at % count; at++) add_cell(b, row, NULL, 1.0 / (double)count);
  b->share = share;
  return rows;
}

/* An item of a plain list, behind its bullet. */
static struct box *item(struct build *b, const struct sheet_node *li, struct ink ink) {
  struct box *row = row_of(b, 2, 0), *content = build_new(b, BOX_STACK, NULL);
  row->shape = style_shape(li);
  build_children(b, content, li, ink);
  add_cell(b, row, build_plain(b, STR("\u2022"), ink), BULLET_WIDTH);
  add_cell(b, row, content, 1 - BULLET_WIDTH);
  return row;
}

/* --- facts ------------------------------------------------------------------------- */

static const struct {
  const char *cls; /* of the list, or of what it stands in */
  double term;     /* width of the terms */
} fact_lists[] = {{"digests", 0.25}, {"legend", 0.15}, {"message-facts", 0.4}, {"facts", 0.36}};

static double term_width(const struct sheet_node *dl) {
  for (size_t i = 0; i < sizeof fact_lists / sizeof *fact_lists; i++)
    if (sheet_has_class(dl, fact_lists[i].cls) || sheet_has_class(dl->parent, fact_lists[i].cls))
      return fact_lists[i].term;
  return 0.25;
}

/* In a deed a place that nothing came into is told, not left for somebody to fill in. */
static struct box *part_of(struct build *b, const struct sheet_node *pair, const char *element, struct ink ink) {
  const struct sheet_node *n = sheet_find(pair, element);
  struct box *box = n ? build_boxes(b, n, ink) : NULL;
  bool is_deed = sheet_has_class(pair->parent->parent, "deed");
  return !box && is_deed ? build_plain(b, STR("\u2013"), ink) : box;
}

static struct box *fact(struct build *b, const struct sheet_node *pair, double term, struct ink ink) {
  struct box *row = row_of(b, 2, 6);
  row->shape = (struct shape){.after = 3, .ruled = true};
  row->least = FACT_HEIGHT - 3;
  add_cell(b, row, part_of(b, pair, "dt", ink), term);
  add_cell(b, row, part_of(b, pair, "dd", ink), 1 - term);
  return row;
}

static struct box *facts(struct build *b, const struct sheet_node *dl, struct ink ink) {
  struct box *list = build_new(b, BOX_STACK, dl);
  for (SHEET_EACH(pair, dl))
    if (pair->element.n) build_add(b, list, fact(b, pair, term_width(dl), ink));
  return list;
}

/* The many facts of a message, in two columns. */
static struct box *message_facts(struct build *b, const struct sheet_node *dl, struct ink ink) {
  struct box *row = row_of(b, 2, COLUMN_GAP), *half = NULL;
  size_t at = 0, count = count_elements(dl);
  row->shape = style_shape(dl);
  for (SHEET_EACH(pair, dl)) {
    if (!pair->element.n) continue;
    if (at == 0 || at == (count + 1) / 2) {
      half = build_new(b, BOX_STACK, NULL);
      add_cell(b, row, half, 0.5);
    }
    build_add(b, half, fact(b, pair, term_width(dl), ink));
    at++;
  }
  return row;
}

/* The boxes of a form, four in a row; a wide one takes the room of two. */
static struct box *form(struct build *b, const struct sheet_node *dl, struct ink ink) {
  struct box *list = build_new(b, BOX_STACK, dl), *row = NULL;
  size_t at = 0;
  list->shape.whole = true;
  for (SHEET_EACH(pair, dl)) {
    size_t span = sheet_has_class(pair, "wide") ? 2 : 1;
    if (!pair->element.n) continue;
    if (!row || at + span > SIGN_COLUMNS) {
      row = row_of(b, SIGN_COLUMNS, 0);
      row->grid = true;
      row->least = SIGN_HEIGHT;
      build_add(b, list, row);
      at = 0;
    }
    struct box *cell = build_boxes(b, pair, ink);
    if (cell) cell->shape.pad = 4;
    add_cell(b, row, cell, (double)span / SIGN_COLUMNS);
    at += span;
  }
  return list;
}

/* Room for a pen, above the line that tells whose. */
static struct box *pen(struct build *b, const struct sheet_node *n, struct ink ink) {
  struct box *list = build_new(b, BOX_STACK, n), *room = build_new(b, BOX_STACK, NULL);
  room->least = SIGN_HEIGHT;
  room->shape = (struct shape){.after = 6, .ruled = true};
  build_add(b, list, room);
  build_children(b, list, n, ink);
  return list;
}

/* --- listings ---------------------------------------------------------------------- */

/* Lines with their numbers, but for those that go on the one above ("c"), and notes between them. */
static struct box *listing(struct build *b, const struct sheet_node *pre, struct ink ink) {
  struct box *list = build_new(b, BOX_STACK, pre);
  size_t number = 0;
  for (SHEET_EACH(line, pre)) {
    if (!line->element.n) continue;
    bool is_note = sheet_has_class(line, "note"), goes_on = sheet_has_class(line, "c");
    struct box *row = row_of(b, 2, 4);
    struct str label = STR("");
    if (!is_note && !goes_on) label = arena_printf(b->a, "%zu", ++number);
    struct ink muted = ink;
    muted.colour = INK_MUTED;
    add_cell(b, row, build_plain(b, label, muted), NUMBER_WIDTH);
    struct ink own = style_ink(line, ink);
    own.bold = own.bold || is_note;
    add_cell(b, row, build_text(b, line, line->next, own), 1 - NUMBER_WIDTH);
    row->anchor = line->id;
    if (is_note || sheet_has_class(line, "hit")) row->shape.fill = FILL_WARN;
    build_add(b, list, row);
  }
  return list;
}

/* What is folded keeps its listings to itself: as paper, all messages of a run are hundreds of pages. */
static struct box *details(struct build *b, const struct sheet_node *n, struct ink ink) {
  struct box *box = build_new(b, BOX_STACK, n);
  if (n->open) {
    build_children(b, box, n, ink);
    return box;
  }
  for (SHEET_EACH(c, n))
    if (c->element.n && !sheet_is(c, "details") && !sheet_has_class(c, "listing"))
      build_add(b, box, build_boxes(b, c, ink));
  return box;
}

/* A list whose items stand in one line. */
static struct box *counts(struct build *b, const struct sheet_node *n, struct ink ink) {
  size_t count = count_elements(n);
  struct box *row = row_of(b, count, 10);
  row->shape = style_shape(n);
  for (SHEET_EACH(c, n))
    if (c->element.n) add_cell(b, row, build_text(b, c, c->next, ink), 1.0 / (double)(count > 6 ? count : 6));
  return row;
}

/* One that cannot be drawn is left out, like an image without a file. */
static struct box *picture(struct build *b, const struct sheet_node *svg, struct ink ink) {
  struct box *box = build_new(b, BOX_PICTURE, svg);
  (void)ink;
  box->picture = picture_read(b->a, svg);
  return box->picture ? box : build_new(b, BOX_STACK, svg);
}

/* One that cannot be shown is left out as well; its caption tells of it. */
static struct box *photo(struct build *b, const struct sheet_node *img, struct ink ink) {
  struct box *box = build_new(b, BOX_PICTURE, img);
  (void)ink;
  box->picture = photo_read(b->a, img);
  return box->picture ? box : build_new(b, BOX_STACK, img);
}

static const struct {
  const char *name;
  struct box *(*build)(struct build *b, const struct sheet_node *n, struct ink ink);
} specials[] = {{".columns", columns}, {".sides", columns}, {".sign", form},
                {".pens", columns},    {".pen", pen},       {".message-facts", message_facts},
                {"dl", facts},         {"li", item},        {"details", details},
                {".listing", listing}, {".counts", counts}, {"table", build_table},
                {"svg", picture},      {"img", photo}};

struct box *build_special(struct build *b, const struct sheet_node *n, struct ink ink) {
  for (size_t i = 0; i < sizeof specials / sizeof *specials; i++) {
    const char *name = specials[i].name;
    bool fits = name[0] == '.' ? sheet_has_class(n, name + 1) : sheet_is(n, name);
    if (item == specials[i].build && n->cls.n) continue; /* findings and the like have a bar instead */
    if (fits && (n->first || photo == specials[i].build)) return specials[i].build(b, n, ink);
  }
  return NULL;
}
