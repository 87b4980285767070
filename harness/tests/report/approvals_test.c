/* The list of approved systems: read as it is published, and put together with runs. */
#include "report/approval.h"

#include <criterion/criterion.h>

#include "formats/archive.h"
#include "report/report.h"

#define HEADINGS "System;Leverandør;Systemtype/Oversigt;Standard;Standard ID (Version);Kanal;Teststatus\r\n"

static int read_list(struct approvals *out, struct arena *a, struct str bytes, struct findings *f, struct error *e) {
  findings_init(f, a);
  return approvals_read(out, a, (struct source){STR("list.csv"), bytes}, f, e);
}

static struct approvals listed(struct arena *a, const char *rows) {
  struct approvals out;
  struct findings f;
  struct error e;
  cr_assert_eq(read_list(&out, a, arena_printf(a, HEADINGS "%s", rows), &f, &e), 0, "%s", e.text);
  return out;
}

static void expect_finding(const char *rows, const char *rule, int line, int col) {
  struct arena *a = arena_new(0);
  struct approvals out;
  struct findings f;
  struct error e;
  cr_assert_eq(read_list(&out, a, arena_printf(a, HEADINGS "%s", rows), &f, &e), 0, "%s", e.text);
  cr_assert(f.list.n > 0, "nothing is said of %s", rows);
  const struct finding *x = &f.list.v[0];
  cr_expect(str_eqz(x->rule, rule), "%s: %.*s", rows, STR_F(x->rule));
  cr_expect(x->where.line == line && x->where.col == col, "%s: %d:%d", rows, x->where.line, x->where.col);
  cr_expect(out.kept_out > 0);
  arena_free(a);
}

Test(approvals, a_row_with_a_fault_is_kept_out_and_told_with_its_place) {
  expect_finding("A;B;C;D;;Sende;Godkendt\r\n", "approval.empty", 2, 9);
  expect_finding("A;B;C;D;E;Sender;Godkendt\r\n", "approval.word", 2, 11);
  expect_finding("\r\nA;B;C;D;E;Sende;Bestået\r\n", "approval.word", 3, 17);
  expect_finding("\"A\"x;B;C;D;E;Sende;Godkendt\r\n", "approval.broken", 2, 4);
  expect_finding("A;B;C;D;E;Sende\r\n", "approval.empty", 2, 0);
  expect_finding("A;B;C;D;E;Sende;Godkendt\r\na; B ;C;D;E;Sende;Godkendt\r\n", "approval.twice", 3, 1);
}

Test(approvals, rows_that_contradict_each_other_are_both_kept_out) {
  struct arena *a = arena_new(0);
  struct approvals out = listed(a, "A;B;C;D;E;Sende;Godkendt\nX;B;C;D;E;Sende;Tester\nA;B;C;D;E;Sende;Tester\n");
  cr_assert_eq(out.rows.n, 1);
  cr_expect(str_eqz(out.rows.v[0].cells[APPROVAL_SYSTEM], "X"));
  cr_expect_eq(out.kept_out, 2);
  arena_free(a);
}

Test(approvals, a_system_may_stand_in_two_overviews) {
  struct arena *a = arena_new(0);
  struct approvals out = listed(a, "A;B;C1;D;E;Sende;Godkendt\nA;B;C2;D;E;Sende;Tester\n");
  cr_expect_eq(out.rows.n, 2);
  cr_expect_eq(out.kept_out, 0);
  arena_free(a);
}

Test(approvals, columns_stand_in_any_order_and_others_are_passed_over) {
  struct arena *a = arena_new(0);
  struct approvals out;
  struct findings f;
  struct error e;
  struct str csv = STR("Liste af 2026\n\nTeststatus,Kanal,Note,standard id (version),Standard,Systemtype,Leverandør,"
                       "System\nikke godkendt,MODTAGE,x,\"E (1)\",D,C,\"B, \"\"b\"\"\",A\n");
  cr_assert_eq(read_list(&out, a, csv, &f, &e), 0, "%s", e.text);
  cr_assert_eq(out.rows.n, 1);
  cr_expect(str_eqz(out.rows.v[0].cells[APPROVAL_STATUS], "Ikke Godkendt"));
  cr_expect(str_eqz(out.rows.v[0].cells[APPROVAL_CHANNEL], "Modtage"));
  cr_expect(str_eqz(out.rows.v[0].cells[APPROVAL_VENDOR], "B, \"b\""));
  cr_expect_eq(out.rows.v[0].line, 4);
  cr_assert_eq(f.list.n, 1);
  cr_expect(str_eqz(f.list.v[0].rule, "approval.no-column"));
  arena_free(a);
}

Test(approvals, windows_1252_is_read_and_told) {
  struct arena *a = arena_new(0);
  struct approvals out;
  struct findings f;
  struct error e;
  struct str csv = STR("System;Leverand\xF8r;Systemtype/Oversigt;Standard;Standard ID (Version);Kanal;Teststatus\r\n"
                       "S\x80;\xC6ro;C;D;E;Sende;Godkendt\r\n");
  cr_assert_eq(read_list(&out, a, csv, &f, &e), 0, "%s", e.text);
  cr_assert_eq(out.rows.n, 1);
  cr_expect(str_eqz(out.rows.v[0].cells[APPROVAL_SYSTEM], "S€"));
  cr_expect(str_eqz(out.rows.v[0].cells[APPROVAL_VENDOR], "Æro"));
  cr_expect(f.list.n == 1 && str_eqz(f.list.v[0].rule, "approval.windows"));
  arena_free(a);
}

static void expect_error(struct str bytes, enum error_code code, int line, int col) {
  struct arena *a = arena_new(0);
  struct approvals out;
  struct findings f;
  struct error e;
  cr_assert_eq(read_list(&out, a, bytes, &f, &e), -1, "%.*s is read", STR_F(str_sub(bytes, 0, 60)));
  cr_expect(e.code == code && e.line == line && e.col == col, "%d:%d %s", e.line, e.col, e.text);
  arena_free(a);
}

Test(approvals, what_is_no_list_is_an_error_with_its_place) {
  struct arena *a = arena_new(0);
  struct buf b;
  expect_error(STR(""), ERR_SYNTAX, 0, 0);
  expect_error(STR("System;Leverandør\nA;B\n"), ERR_SYNTAX, 0, 0);
  expect_error(STR("System;\"Leverandør\nA;B\n"), ERR_SYNTAX, 1, 8);
  expect_error(STR("PK\x03\x04 and no more"), ERR_SYNTAX, 0, 0);
  buf_init(&b, 1 << 20);
  for (int i = 0; i < GRID_COLUMNS_MAX; i++) buf_byte(&b, ';');
  expect_error(buf_str(&b), ERR_LIMIT, 1, GRID_COLUMNS_MAX + 1);
  buf_clear(&b);
  for (int i = 0; i <= GRID_CELL_MAX; i++) buf_byte(&b, 'x');
  expect_error(buf_str(&b), ERR_LIMIT, 1, 1);
  buf_clear(&b);
  for (int i = 0; i <= GRID_ROWS_MAX; i++) buf_byte(&b, '\n');
  expect_error(buf_str(&b), ERR_LIMIT, GRID_ROWS_MAX + 1, 0);
  buf_release(&b);
  arena_free(a);
}

Test(approvals, both_files_that_we_write_are_read_again) {
  struct arena *a = arena_new(0);
  struct approvals first = listed(a, "=A;B <b> & \"\"b;C;D;E (1);Sende;Godkendt\nÅ;'-B;C;D;E (1);Modtage;Tester\n");
  for (int workbook = 0; workbook < 2; workbook++) {
    struct approvals again;
    struct findings f;
    struct error e;
    struct buf b;
    buf_init(&b, REPORT_MAX);
    (workbook ? approvals_xlsx : approvals_csv)(&b, first.rows.v, first.rows.n, false, false);
    cr_assert_eq(read_list(&again, a, buf_take(&b, a), &f, &e), 0, "%s", e.text);
    cr_assert_eq(again.rows.n, first.rows.n);
    for (size_t i = 0; i < first.rows.n; i++)
      for (size_t c = 0; c < APPROVAL_COLUMNS; c++)
        cr_expect(str_eq(again.rows.v[i].cells[c], first.rows.v[i].cells[c]), "%.*s", STR_F(again.rows.v[i].cells[c]));
    cr_expect_eq(f.list.n, 0);
  }
  arena_free(a);
}

/* As Excel writes it: texts in a part of their own, some in runs, rows that say nothing of gaps, a chart between. */
Test(approvals, a_workbook_with_shared_texts_is_read) {
  struct arena *a = arena_new(0);
  const struct archive_file files[] = {
      {STR_INIT("xl/workbook.xml"),
       STR_INIT("<workbook xmlns:r=\"urn:r\"><sheets><sheet name=\"Graf\" r:id=\"rId2\"/><sheet name=\"Alle\" "
                "sheetId=\"7\" r:id=\"rId1\"/></sheets></workbook>")},
      {STR_INIT("xl/_rels/workbook.xml.rels"),
       STR_INIT("<Relationships><Relationship Id=\"rId2\" Target=\"chartsheets/sheet1.xml\"/><Relationship "
                "Id=\"rId1\" Target=\"/xl/worksheets/sheet9.xml\"/></Relationships>")},
      {STR_INIT("xl/worksheets/sheet9.xml"),
       STR_INIT("<worksheet><sheetData><row r=\"3\"><c r=\"B3\" t=\"s\"><v>0</v></c><c r=\"C3\" t=\"s\"><v>1</v></c>"
                "<c r=\"D3\" t=\"s\"><v>2</v></c><c r=\"E3\" t=\"s\"><v>3</v></c><c r=\"F3\" t=\"s\"><v>4</v></c>"
                "<c r=\"G3\" t=\"s\"><v>5</v></c><c r=\"H3\" t=\"s\"><v>6</v></c></row>"
                "<row r=\"5\"><c r=\"B5\"><v>112</v></c><c r=\"C5\" t=\"str\"><f>X</f><v>B</v></c>"
                "<c r=\"F5\" t=\"inlineStr\"><is><t>E (1)</t></is></c><c r=\"G5\" t=\"s\"><v>7</v></c>"
                "<c r=\"H5\" t=\"s\"><v>8</v></c><c r=\"XFD5\" s=\"1\"/></row>"
                "<row r=\"6\"><c r=\"B6\" t=\"s\"><v>0</v></c></row></sheetData></worksheet>")},
      {STR_INIT("xl/sharedStrings.xml"),
       STR_INIT("<sst><si><t>System</t></si><si><r><t>Leveran</t></r><r><t>dør</t></r><rPh><t>x</t></rPh></si>"
                "<si><t>Systemtype/Oversigt</t></si><si><t>Standard</t></si><si><t>Standard ID\n(Version)</t></si>"
                "<si><t>Kanal</t></si><si><t>Teststatus</t></si><si><t>Sende</t></si><si><t>Godkendt</t></si></sst>")}};
  struct approvals out;
  struct findings f;
  struct error e;
  struct buf zip;
  buf_init(&zip, 1 << 20);
  cr_assert_eq(archive_zip(&zip, files, sizeof files / sizeof *files, &e), 0);
  cr_assert_eq(read_list(&out, a, buf_take(&zip, a), &f, &e), 0, "%s", e.text);
  cr_assert_eq(out.rows.n, 1);
  cr_expect(str_eqz(out.rows.v[0].cells[APPROVAL_SYSTEM], "112"));
  cr_expect(str_eqz(out.rows.v[0].cells[APPROVAL_VENDOR], "B"));
  cr_expect_eq(out.rows.v[0].line, 5);
  cr_expect_eq(out.kept_out, 1);
  cr_assert(f.list.n > 0);
  cr_expect(f.list.v[0].where.line == 6 && str_eqz(f.list.v[0].where.path, "Alle"));
  arena_free(a);
}

/* ---- with runs ---- */

static struct record run(const char *mode, const char *day, int approved) {
  struct record r = {.run = STR("r1"),
                     .system = STR("A"),
                     .vendor = STR("B"),
                     .standard = STR("E"),
                     .standard_version = STR("1"),
                     .role = STR("sender"),
                     .mode = str_z(mode)};
  r.started = INT64_C(1780000000000); /* 2026-05-28 */
  if (approved >= 0) {
    r.decision.at = 1;
    r.decision.approved = approved;
    r.decision.date = str_z(day);
  }
  return r;
}

/* What a list of that day says of A, and what stands after the run. */
static void expect_meeting(const char *status, const char *day, struct record r, const char *after) {
  struct arena *a = arena_new(0);
  struct approvals all = {0}, list = listed(a, arena_printf(a, "A;B;C;D;E (1);Sende;%s\n", status).p);
  approvals_add_list(&all, a, &list, STR("l"), str_z(day), false);
  approvals_add_run(&all, a, &r, false);
  cr_assert_eq(all.rows.n, 1);
  cr_expect(str_eqz(all.rows.v[0].cells[APPROVAL_STATUS], after), "%s of %s: %.*s (%.*s)", status, day,
            STR_F(all.rows.v[0].cells[APPROVAL_STATUS]), STR_F(all.rows.v[0].basis));
  arena_free(a);
}

Test(approvals, an_older_approval_counts_until_medcom_decides_anew) {
  expect_meeting("Godkendt", "2026-01-01", run("self-test", "", -1), "Godkendt");
  expect_meeting("Godkendt", "2026-01-01", run("certify", "", -1), "Godkendt");
  expect_meeting("Godkendt", "2026-01-01", run("certify", "2026-06-01", 0), "Ikke Godkendt");
  expect_meeting("Ikke Godkendt", "2026-01-01", run("certify", "2026-06-01", 1), "Godkendt");
  expect_meeting("Tester", "2026-01-01", run("self-test", "", -1), "Tester");
  expect_meeting("Test mangler", "2026-01-01", run("certify", "", -1), "Tester");
  expect_meeting("Tester", "2026-07-01", run("certify", "2026-06-01", 1), "Godkendt");
}

Test(approvals, a_list_that_is_newer_than_the_decision_stands) {
  expect_meeting("Ikke Godkendt", "2026-07-01", run("certify", "2026-06-01", 1), "Ikke Godkendt");
  expect_meeting("Ikke Godkendt", "2026-06-01", run("certify", "2026-06-01", 1), "Godkendt");
}

Test(approvals, what_takes_a_place_says_so) {
  struct arena *a = arena_new(0);
  struct approvals all = {0}, list = listed(a, "a;b;C;D;E (1);Sende;Godkendt\n");
  struct record r = run("certify", "2026-06-01", 0);
  approvals_add_list(&all, a, &list, STR("old.csv"), STR("2026-01-01"), false);
  approvals_add_run(&all, a, &r, false);
  cr_expect(str_eqz(all.rows.v[0].basis, "MedCom's decision of 2026-06-01, run r1; in the place of Godkendt (the list "
                                         "old.csv of 2026-01-01)"),
            "%.*s", STR_F(all.rows.v[0].basis));
  arena_free(a);
}

Test(approvals, the_newer_list_counts_whichever_is_read_first) {
  struct arena *a = arena_new(0);
  struct approvals all = {0}, newer = listed(a, "A;B;C;D;E (1);Sende;Godkendt\n"),
                   older = listed(a, "A;B;C;D;E (1);Sende;Tester\nX;B;C;D;E (1);Sende;Tester\n");
  approvals_add_list(&all, a, &newer, STR("n"), STR("2026-02-01"), false);
  approvals_add_list(&all, a, &older, STR("o"), STR("2026-01-01"), false);
  cr_assert_eq(all.rows.n, 2);
  cr_expect(str_eqz(all.rows.v[0].cells[APPROVAL_STATUS], "Godkendt"));
  arena_free(a);
}
