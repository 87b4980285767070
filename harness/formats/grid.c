#include "formats/grid_int.h"

#include "base/utf8.h"

#define BYTE_ORDER_MARK STR("\xEF\xBB\xBF")
#define FIRST_LINES 10
#define ZIP_HEAD STR("PK\x03\x04")

int grid_add_row(struct grid_row **out, struct arena *a, struct grid *g, struct source src, int line, struct error *e) {
  if (g->rows.n == GRID_ROWS_MAX) return error_at(e, ERR_LIMIT, src.name, line, 0, "more than %d rows", GRID_ROWS_MAX);
  *out = VEC_ADD(a, &g->rows);
  (*out)->line = line;
  return 0;
}

int grid_put(struct grid_row *r, struct arena *a, struct source src, size_t column, struct grid_cell cell,
             struct error *e) {
  if (column > GRID_COLUMNS_MAX)
    return error_at(e, ERR_LIMIT, src.name, cell.line, cell.col, "more than %d columns", GRID_COLUMNS_MAX);
  if (cell.text.n > GRID_CELL_MAX)
    return error_at(e, ERR_LIMIT, src.name, cell.line, cell.col, "a cell of more than %d bytes", GRID_CELL_MAX);
  while (r->cells.n < column) {
    struct grid_cell *gap = VEC_ADD(a, &r->cells);
    gap->line = cell.line;
    gap->col = (int)r->cells.n;
  }
  r->cells.v[column - 1] = cell;
  return 0;
}

/* ---- CSV ---- */

struct csv {
  struct arena *arena;
  struct source src;
  struct str s;
  size_t at, counted; /* line and col are those of `counted` */
  int line, col;
  char separator;
};

/* The columns of a row are counted on from the last place that was asked for. */
static void stand(struct csv *c, size_t at) {
  for (; c->counted < at; c->counted++) {
    unsigned char b = (unsigned char)c->s.p[c->counted];
    if (b == '\n') {
      c->line++;
      c->col = 1;
    } else if (b < 0x80 || b >= 0xC0) {
      c->col++;
    }
  }
}

/* Above the headings there may be lines of text. */
static char separator_of(struct str s) {
  static const char all[] = {';', ',', '\t'};
  struct str rest = s;
  size_t best = 0;
  char found = ';';
  for (int lines = 0; lines < FIRST_LINES && rest.n; lines++) {
    struct str line = str_cut(&rest, '\n');
    for (size_t k = 0; k < sizeof all; k++) {
      size_t n = 0;
      for (size_t i = 0; i < line.n; i++) n += line.p[i] == all[k];
      if (n > best) best = n, found = all[k];
    }
  }
  return found;
}

static bool at_end_of_field(const struct csv *c) {
  return c->at == c->s.n || c->s.p[c->at] == c->separator || c->s.p[c->at] == '\n' ||
         (c->s.p[c->at] == '\r' && (c->at + 1 == c->s.n || c->s.p[c->at + 1] == '\n'));
}

/* From the opening quote to behind the closing one; a quote in the text stands there twice. */
static int quoted(struct csv *c, struct str *out, struct error *e) {
  struct buf b;
  size_t from = c->at + 1, end;
  buf_init(&b, c->s.n);
  for (;;) {
    end = str_find(c->s, STR("\""), from);
    if (end == SIZE_MAX) {
      buf_release(&b);
      return error_at(e, ERR_SYNTAX, c->src.name, c->line, c->col, "the quote that begins here never ends");
    }
    buf_add(&b, str_sub(c->s, from, end));
    from = end + 2;
    if (end + 1 == c->s.n || c->s.p[end + 1] != '"') break;
    buf_byte(&b, '"');
  }
  c->at = end + 1;
  *out = buf_take(&b, c->arena);
  return 0;
}

static int field(struct csv *c, struct grid_row *r, struct error *e) {
  stand(c, c->at);
  struct grid_cell cell = {.line = c->line, .col = c->col};
  bool is_quoted = c->at < c->s.n && c->s.p[c->at] == '"';
  if (is_quoted && quoted(c, &cell.text, e) < 0) return -1;
  size_t from = c->at;
  while (!at_end_of_field(c)) c->at++;
  struct str behind = str_sub(c->s, from, c->at);
  if (is_quoted && behind.n && !r->fault_col) {
    stand(c, from);
    r->fault_col = c->col;
  }
  if (!is_quoted) cell.text = behind;
  return grid_put(r, c->arena, c->src, r->cells.n + 1, cell, e);
}

static int row(struct csv *c, struct grid *g, struct error *e) {
  struct grid_row *r;
  stand(c, c->at);
  if (grid_add_row(&r, c->arena, g, c->src, c->line, e) < 0) return -1;
  for (;;) {
    if (field(c, r, e) < 0) return -1;
    if (c->at == c->s.n || c->s.p[c->at] != c->separator) break;
    c->at++;
  }
  if (c->at < c->s.n && c->s.p[c->at] == '\r') c->at++;
  if (c->at < c->s.n) c->at++;
  return 0;
}

/* What Windows-1252 has at 0x80 to 0x9F; the rest is as in Unicode. 0: nothing. */
static const uint16_t windows[32] = {0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                     0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
                                     0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                     0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

static struct str from_windows(struct arena *a, struct str s) {
  struct buf b;
  buf_init(&b, s.n * 3 + 1);
  for (size_t i = 0; i < s.n; i++) {
    unsigned char c = (unsigned char)s.p[i];
    uint32_t cp = c >= 0x80 && c < 0xA0 ? windows[c - 0x80] : c;
    utf8_put(&b, cp || !c ? cp : 0xFFFD);
  }
  return buf_take(&b, a);
}

static int read_csv(struct grids *out, struct arena *a, struct source src, struct error *e) {
  struct csv c = {.arena = a, .src = src, .s = src.bytes, .line = 1, .col = 1};
  struct grid *g = VEC_ADD(a, &out->list);
  if (str_starts(c.s, BYTE_ORDER_MARK)) c.s = str_sub(c.s, BYTE_ORDER_MARK.n, c.s.n);
  out->windows = utf8_check(c.s) != SIZE_MAX;
  if (out->windows) c.s = from_windows(a, c.s);
  c.separator = separator_of(c.s);
  while (c.at < c.s.n)
    if (row(&c, g, e) < 0) return -1;
  return 0;
}

int grid_read(struct grids *out, struct arena *a, struct source src, struct error *e) {
  *out = (struct grids){0};
  if (src.bytes.n > GRID_BYTES_MAX)
    return error_at(e, ERR_LIMIT, src.name, 0, 0, "more than %zu MB", GRID_BYTES_MAX >> 20);
  return str_starts(src.bytes, ZIP_HEAD) ? grid_read_workbook(out, a, src, e) : read_csv(out, a, src, e);
}
