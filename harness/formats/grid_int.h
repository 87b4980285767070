/* grid_int: what the readers of CSV and of workbooks share. */
#ifndef FORMATS_GRID_INT_H
#define FORMATS_GRID_INT_H

#include "formats/grid.h"

/* A new last row of g; an error if there are too many. */
MUST_CHECK int grid_add_row(struct grid_row **out, struct arena *a, struct grid *g, struct source src, int line,
                            struct error *e);
/* Puts text in a column (from 1) of the row, with empty cells before it. */
MUST_CHECK int grid_put(struct grid_row *r, struct arena *a, struct source src, size_t column, struct grid_cell cell,
                        struct error *e);
MUST_CHECK int grid_read_workbook(struct grids *out, struct arena *a, struct source src, struct error *e);

#endif
