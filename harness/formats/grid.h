/* grid: the cells of a table that was kept in a spreadsheet: CSV (RFC 4180), or a workbook (ECMA-376, .xlsx).
 *
 * Texts as they stand there, nothing is calculated: of a formula its last result is taken, of a number its digits as
 * the file writes them. CSV may be parted by semicolons, commas or tabs, whichever one of its first lines has most of,
 * and may be UTF-8 or, where it is not, Windows-1252, as Danish offices write it. A workbook has a grid for each of its
 * sheets. Everything lives in the arena given to grid_read. Files come from strangers: see the limits. */
#ifndef FORMATS_GRID_H
#define FORMATS_GRID_H

#include "formats/node.h"

#define GRID_BYTES_MAX ((size_t)32 << 20) /* of a file, and of each part of a workbook when unpacked */
#define GRID_TOTAL_MAX ((size_t)96 << 20) /* of all parts of a workbook */
#define GRID_PARTS_MAX 2000
#define GRID_SHEETS_MAX 64
#define GRID_ROWS_MAX 100000
#define GRID_COLUMNS_MAX 256
#define GRID_CELL_MAX 32767 /* bytes of a cell: what a spreadsheet itself can hold */

struct grid_cell {
  struct str text;
  int line, col; /* CSV: where it begins, in characters; workbook: number of its row and column */
};

struct grid_row {
  VEC(struct grid_cell) cells; /* gaps are there as empty cells */
  int line;
  int fault_col; /* CSV: text stands behind a closing quote here; 0: nowhere */
};

struct grid {
  struct str sheet; /* its name; empty for CSV */
  VEC(struct grid_row) rows;
};

struct grids {
  VEC(struct grid) list;
  bool windows; /* it was read as Windows-1252 */
};

/* Reads either, told apart by the first bytes. Errors, with a place: over a limit, a quote that never closes, a
 * workbook whose parts are not there or cannot be read. */
MUST_CHECK int grid_read(struct grids *out, struct arena *a, struct source src, struct error *e);

#endif
