/* docx: MedCom's own test protocol, a Word document, filled in from a record.
 *
 * In every table whose heading row names the columns (Test data, Actual result, MedCom assessment, in Danish or
 * English) a row whose first cell is the number of a step gets the step's test data and actual result, and in a live
 * test MedCom's assessment with initials. The texts are put into the last paragraph of the cell if that is empty, else
 * behind it in one of their own; every other byte of the document, and every other part of the file, stays as it was.
 *
 * Source of the form: ECMA-376, WordprocessingML 17.4 (tables). */
#ifndef REPORT_DOCX_H
#define REPORT_DOCX_H

#include "formats/node.h"
#include "report/report.h"

#define DOCX_PART_MAX ((size_t)64 << 20)   /* bytes of one part, unpacked */
#define DOCX_TOTAL_MAX ((size_t)256 << 20) /* of all parts */
#define DOCX_PARTS_MAX 5000
#define DOCX_TABLES_DEEP 16 /* tables in tables */
#define DOCX_CELLS_MAX 100  /* of a row */

/* What came of it, in the arena of the call. */
struct docx_filled {
  VEC(struct str) placed;   /* numbers of rows that got what the record has */
  VEC(struct str) unplaced; /* steps of the record with a number that no row has */
  VEC(struct str) unplayed; /* numbers of rows that no step of the record has */
};

/* Fills the template and appends the file to out. */
MUST_CHECK int docx_fill(struct buf *out, struct docx_filled *done, struct arena *a, const struct record *r,
                         struct source template, enum report_lang lang, struct error *e);
/* The same for word/document.xml alone, which must be well-formed: a new text, or the old one where nothing fits. */
struct str docx_fill_document(struct docx_filled *done, struct arena *a, const struct record *r, struct str xml,
                              enum report_lang lang);

#endif
