/* The row of the list of approved systems as CSV, for spreadsheets in Danish: semicolons, a byte order mark, CR LF. */
#include "report/approval_int.h"
#include "report/report_int.h"

#define BYTE_ORDER_MARK "\xEF\xBB\xBF"
#define LINE_END "\r\n"

/* A spreadsheet takes a text that begins so for a formula, and names come from strangers. */
static bool looks_like_formula(struct str s) {
  return s.n && memchr("=+-@", s.p[0], 4);
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

static void line(struct buf *out, const struct str row[APPROVAL_COLUMNS]) {
  for (size_t i = 0; i < APPROVAL_COLUMNS; i++) {
    if (i) buf_byte(out, ';');
    field(out, row[i]);
  }
  buf_addz(out, LINE_END);
}

static void write(struct buf *out, const struct record *r, enum report_lang lang) {
  struct arena *a = arena_new(0);
  struct str row[APPROVAL_COLUMNS];
  (void)lang;
  buf_addz(out, BYTE_ORDER_MARK);
  for (size_t i = 0; i < APPROVAL_COLUMNS; i++) row[i] = str_z(approval_headings[i]);
  line(out, row);
  approval_row(row, a, r);
  line(out, row);
  arena_free(a);
}

const struct report_format report_csv = {.name = "csv", .extension = "csv", .file = "approval", .write = write};
