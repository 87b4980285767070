/* Rows of the list of approved systems as a workbook (ECMA-376, SpreadsheetML) of one sheet: texts only, inline, so
 * that nothing is a formula; the same record makes the same bytes. */
#include "formats/archive.h"
#include "formats/xml.h"
#include "report/approval.h"
#include "report/report_int.h"

#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define PACKAGE_NS "http://schemas.openxmlformats.org/package/2006/"
#define OFFICE_NS "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define SHEET_NS "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define SHEET_TYPE "application/vnd.openxmlformats-officedocument.spreadsheetml."
#define COLUMN_WIDTH 28 /* characters */

static const char types[] =
    HEAD "<Types xmlns=\"" PACKAGE_NS "content-types\">"
         "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
         "<Override PartName=\"/xl/workbook.xml\" ContentType=\"" SHEET_TYPE "sheet.main+xml\"/>"
         "<Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"" SHEET_TYPE "worksheet+xml\"/></Types>";

static const char package[] =
    HEAD "<Relationships xmlns=\"" PACKAGE_NS "relationships\"><Relationship Id=\"rId1\" Type=\"" OFFICE_NS
         "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>";

static const char workbook[] =
    HEAD "<workbook xmlns=\"" SHEET_NS "\" xmlns:r=\"" OFFICE_NS
         "\"><sheets><sheet name=\"Godkendte systemer\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>";

static const char sheets[] =
    HEAD "<Relationships xmlns=\"" PACKAGE_NS "relationships\"><Relationship Id=\"rId1\" Type=\"" OFFICE_NS
         "/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>";

static void put_row(struct buf *b, size_t number, const struct str *cells, size_t n) {
  buf_printf(b, "<row r=\"%zu\">", number);
  for (size_t i = 0; i < n; i++) {
    buf_printf(b, "<c r=\"%c%zu\" t=\"inlineStr\"><is><t xml:space=\"preserve\">", (char)('A' + i), number);
    xml_escape_text(b, cells[i]);
    buf_addz(b, "</t></is></c>");
  }
  buf_addz(b, "</row>");
}

static struct str sheet(struct arena *a, const struct approval *rows, size_t n, size_t columns, bool danish) {
  struct buf b;
  struct str cells[APPROVAL_COLUMNS + 1];
  buf_init(&b, REPORT_MAX);
  buf_printf(&b,
             HEAD "<worksheet xmlns=\"" SHEET_NS
                  "\"><cols><col min=\"1\" max=\"%zu\" width=\"%d\" customWidth=\"1\"/></cols><sheetData>",
             columns, COLUMN_WIDTH);
  for (size_t c = 0; c < columns; c++) cells[c] = approval_heading(c, danish);
  put_row(&b, 1, cells, columns);
  for (size_t i = 0; i < n; i++) {
    for (size_t c = 0; c < columns; c++) cells[c] = approval_cell(&rows[i], c);
    put_row(&b, i + 2, cells, columns);
  }
  buf_addz(&b, "</sheetData></worksheet>");
  return buf_take(&b, a);
}

void approvals_xlsx(struct buf *out, const struct approval *rows, size_t n, bool with_basis, bool danish) {
  struct arena *a = arena_new(0);
  struct error e;
  const struct archive_file files[] = {
      {STR("[Content_Types].xml"), str_z(types)},
      {STR("_rels/.rels"), str_z(package)},
      {STR("xl/workbook.xml"), str_z(workbook)},
      {STR("xl/_rels/workbook.xml.rels"), str_z(sheets)},
      {STR("xl/worksheets/sheet1.xml"), sheet(a, rows, n, APPROVAL_COLUMNS + with_basis, danish)}};
  if (archive_zip(out, files, sizeof files / sizeof *files, &e) < 0) BUG("a workbook cannot be made: %s", e.text);
  arena_free(a);
}

static void write(struct buf *out, const struct record *r, enum report_lang lang) {
  struct arena *a = arena_new(0);
  struct approval x = {0};
  approval_row(x.cells, a, r);
  approvals_xlsx(out, &x, 1, false, lang == REPORT_DA);
  arena_free(a);
}

const struct report_format report_xlsx = {.name = "xlsx", .extension = "xlsx", .file = "approval", .write = write};
