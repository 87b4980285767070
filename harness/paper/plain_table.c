/* Tables as text: aligned columns, or one block a row where there are too many. */
#include "paper/plain_int.h"

#include "base/utf8.h"

#define COLUMNS_MAX 12
#define NARROW 10 /* no column is squeezed below this */
#define INDENT 12 /* of a block, behind the step's number */
#define LABEL 22  /* of a line in a block */

struct columns {
  size_t n;
  size_t width[COLUMNS_MAX];
};

static bool is_cell(const struct sheet_node *n) {
  return sheet_is(n, "td") || sheet_is(n, "th");
}

/* Calls fn with each row of the table. */
static void each_row(struct plain *p, const struct sheet_node *table, void *to,
                     void (*fn)(struct plain *p, const struct sheet_node *row, void *to)) {
  for (SHEET_EACH(c, table)) {
    if (sheet_is(c, "tr"))
      fn(p, c, to);
    else if (c->element.n)
      each_row(p, c, to, fn);
  }
}

static void measure_row(struct plain *p, const struct sheet_node *row, void *to) {
  struct columns *cols = to;
  size_t i = 0;
  for (SHEET_EACH(c, row)) {
    if (!is_cell(c) || i == COLUMNS_MAX) continue;
    size_t width = utf8_length(plain_text(p, c));
    if (width > cols->width[i]) cols->width[i] = width;
    i++;
  }
  if (i > cols->n) cols->n = i;
}

/* Takes from the widest until all fit. */
static void squeeze(const struct plain *p, struct columns *cols) {
  for (;;) {
    size_t sum = 0, widest = 0;
    for (size_t i = 0; i < cols->n; i++) {
      sum += cols->width[i] + 2;
      if (cols->width[i] > cols->width[widest]) widest = i;
    }
    if (sum <= p->width + 2 || cols->n == 0 || cols->width[widest] <= NARROW) return;
    cols->width[widest]--;
  }
}

static void put_row(struct plain *p, const struct sheet_node *row, void *to) {
  const struct columns *cols = to;
  struct str rest[COLUMNS_MAX] = {{0}};
  size_t n = 0;
  bool more = true;
  for (SHEET_EACH(c, row))
    if (is_cell(c) && n < COLUMNS_MAX) rest[n++] = plain_text(p, c);
  while (more) {
    size_t pad = 0;
    more = false;
    for (size_t i = 0; i < n; i++) {
      struct str line = plain_cut(&rest[i], cols->width[i]);
      size_t width = utf8_length(line);
      if (line.n) plain_pad(p, pad, ' ');
      pad = (line.n ? 0 : pad) + cols->width[i] + 2 - width;
      buf_add(p->out, line);
      more = more || rest[i].n;
    }
    buf_byte(p->out, '\n');
  }
}

static void put_rule(struct plain *p, const struct columns *cols) {
  for (size_t i = 0; i < cols->n; i++) {
    if (i) buf_addz(p->out, "  ");
    plain_pad(p, cols->width[i], '-');
  }
  buf_byte(p->out, '\n');
}

static void put_columns(struct plain *p, const struct sheet_node *table) {
  struct columns cols = {0};
  each_row(p, table, &cols, measure_row);
  squeeze(p, &cols);
  for (SHEET_EACH(c, table)) {
    each_row(p, c, &cols, put_row);
    if (sheet_is(c, "thead")) put_rule(p, &cols);
  }
}

/* --- blocks ------------------------------------------------------------------------ */

struct heads {
  struct str text[COLUMNS_MAX];
  size_t n;
};

static void note_heads(struct plain *p, const struct sheet_node *row, void *to) {
  struct heads *h = to;
  for (SHEET_EACH(c, row))
    if (is_cell(c) && h->n < COLUMNS_MAX) h->text[h->n++] = plain_text(p, c);
}

/* Number and action; then the other columns, each under its heading, those that are empty left out. */
static void put_block(struct plain *p, const struct sheet_node *row, void *to) {
  const struct heads *h = to;
  size_t i = 0;
  for (SHEET_EACH(c, row)) {
    struct str text = plain_text(p, c);
    if (!is_cell(c)) continue;
    size_t at = i++;
    if (!text.n) continue;
    if (at == 0) {
      buf_add(p->out, text);
      size_t width = utf8_length(text);
      if (width + 1 < INDENT) plain_pad(p, INDENT - width, ' ');
      if (width + 1 >= INDENT) buf_byte(p->out, '\n');
      if (width + 1 >= INDENT) plain_pad(p, INDENT, ' ');
      continue;
    }
    if (at > 1) plain_pad(p, INDENT, ' ');
    size_t left = INDENT, from = INDENT;
    if (at > 1 && at < h->n) {
      buf_add(p->out, h->text[at]);
      buf_byte(p->out, ':');
      from += utf8_length(h->text[at]) + 1;
      left += LABEL;
    }
    plain_fold(p, text, (struct plain_fold){left, p->width, from});
    buf_byte(p->out, '\n');
  }
}

static void put_step_blocks(struct plain *p, const struct sheet_node *table) {
  struct heads h = {.n = 0};
  for (SHEET_EACH(c, table)) {
    if (sheet_is(c, "thead"))
      each_row(p, c, &h, note_heads);
    else
      each_row(p, c, &h, put_block);
  }
}

void plain_table(struct plain *p, const struct sheet_node *table) {
  if (!str_ends(buf_str(p->out), STR("\n\n"))) buf_byte(p->out, '\n');
  if (sheet_has_class(table, "steps"))
    put_step_blocks(p, table);
  else
    put_columns(p, table);
  buf_byte(p->out, '\n');
}
