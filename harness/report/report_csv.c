/* The row of the list of approved systems as CSV, for spreadsheets in Danish: semicolons, a byte order mark, CR LF. */
#include "report/approval.h"
#include "report/report_int.h"

#define BYTE_ORDER_MARK "\xEF\xBB\xBF"
#define LINE_END "\r\n"

/* A spreadsheet takes a text that begins so for a formula, and names come from strangers. */
static bool looks_like_formula(struct str s) {
  return s.n && memchr("=+-@\t\r", s.p[0], 6);
}

static void field(struct buf *out, struct str s) {
  buf_byte(out, '"');
  if (looks_like_formula(s)) buf_byte(out, '\'');
  for (size_t i = 0; i < s.n; i++) {
    if (s.p[i] == '"') buf_byte(out, '"');
    buf_byte(out, s.p[i]);
  }
  buf_byte(out, '"');
}

static void line(struct buf *out, const struct str *cells, size_t n) {
  for (size_t i = 0; i < n; i++) {
    if (i) buf_byte(out, ';');
    field(out, cells[i]);
  }
  buf_addz(out, LINE_END);
}

void approvals_csv(struct buf *out, const struct approval *rows, size_t n, bool with_basis, bool danish) {
  struct str cells[APPROVAL_COLUMNS + 1];
  size_t columns = APPROVAL_COLUMNS + with_basis;
  buf_addz(out, BYTE_ORDER_MARK);
  for (size_t c = 0; c < columns; c++) cells[c] = approval_heading(c, danish);
  line(out, cells, columns);
  for (size_t i = 0; i < n; i++) {
    for (size_t c = 0; c < columns; c++) cells[c] = approval_cell(&rows[i], c);
    line(out, cells, columns);
  }
}

static void write(struct buf *out, const struct record *r, enum report_lang lang) {
  struct arena *a = arena_new(0);
  struct approval x = {0};
  approval_row(x.cells, a, r);
  approvals_csv(out, &x, 1, false, lang == REPORT_DA);
  arena_free(a);
}

const struct report_format report_csv = {.name = "csv", .extension = "csv", .file = "approval", .write = write};
