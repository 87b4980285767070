/* Cells of spreadsheets: any bytes as CSV or as a workbook, and as the sheet and the texts of a good workbook; rows
 * that are taken from them can be written and read again. */
#include "report/approval.h"

#include "formats/archive.h"
#include "report/report.h"

#include <stddef.h>
#include <stdint.h>

#define NS "xmlns:r=\"urn:r\""
#define HEADINGS "System;Leverandør;Systemtype;Standard;Standard ID (Version);Kanal;Teststatus\n"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_it(struct arena *a, struct str bytes) {
  struct approvals list, again;
  struct findings f;
  struct error e;
  struct buf b;
  findings_init(&f, a);
  if (approvals_read(&list, a, (struct source){STR("fuzz"), bytes}, &f, &e) < 0) return;
  buf_init(&b, REPORT_MAX);
  approvals_csv(&b, list.rows.v, list.rows.n, false, false);
  struct str csv = buf_take(&b, a);
  if (approvals_read(&again, a, (struct source){STR("again"), csv}, &f, &e) < 0) BUG("our own list: %s", e.text);
  if (again.rows.n + again.kept_out != list.rows.n) BUG("%zu rows became %zu", list.rows.n, again.rows.n);
}

static void as_part(struct arena *a, const char *name, struct str bytes) {
  struct archive_file files[] = {
      {STR_INIT("xl/workbook.xml"), STR_INIT("<w " NS "><sheets><sheet name=\"a\" r:id=\"x\"/></sheets></w>")},
      {STR_INIT("xl/_rels/workbook.xml.rels"), STR_INIT("<r><r Id=\"x\" Target=\"worksheets/a.xml\"/></r>")},
      {STR_INIT("xl/worksheets/a.xml"), STR_INIT("<w><sheetData><row><c t=\"s\"><v>0</v></c></row></sheetData></w>")},
      {STR_INIT("xl/sharedStrings.xml"), STR_INIT("<sst><si><t>System</t></si></sst>")}};
  struct buf zip;
  struct error e;
  for (size_t i = 0; i < sizeof files / sizeof *files; i++)
    if (str_eqz(files[i].name, name)) files[i].bytes = bytes;
  buf_init(&zip, GRID_TOTAL_MAX);
  if (archive_zip(&zip, files, sizeof files / sizeof *files, &e) < 0) BUG("%s", e.text);
  read_it(a, buf_take(&zip, a));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct arena *a = arena_new(0);
  struct str bytes = {(const char *)data, size};
  read_it(a, bytes);
  read_it(a, arena_printf(a, HEADINGS "%.*s", STR_F(bytes)));
  as_part(a, "xl/worksheets/a.xml", bytes);
  as_part(a, "xl/sharedStrings.xml", bytes);
  as_part(a, "xl/workbook.xml", bytes);
  arena_free(a);
  return 0;
}
