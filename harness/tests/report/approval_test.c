/* The row of the list of approved systems, and the two files it is written as. */
#include "report/approval.h"

#include <criterion/criterion.h>

#include "formats/archive.h"
#include "formats/xml.h"
#include "report/report_int.h"

static struct record run(void) {
  return (struct record){.system = STR("Journal \"X\"; Nord"),
                         .vendor = STR("=HYPERLINK(1)"),
                         .system_type = STR("Omsorg\nsystem"),
                         .standard = STR("CareCommunication"),
                         .standard_danish = STR("Korrespondancemeddelelse"),
                         .standard_version = STR("5.0"),
                         .role = STR("receiver"),
                         .mode = STR("self-test")};
}

static struct str made(struct arena *a, const char *format, const struct record *r) {
  struct buf b;
  buf_init(&b, REPORT_MAX);
  report_format_named(str_z(format))->write(&b, r, REPORT_EN);
  return buf_take(&b, a);
}

static void expect_status(struct record *r, const char *status) {
  struct arena *a = arena_new(0);
  struct str row[APPROVAL_COLUMNS];
  approval_row(row, a, r);
  cr_expect(str_eqz(row[APPROVAL_STATUS], status), "%.*s", STR_F(row[APPROVAL_STATUS]));
  arena_free(a);
}

Test(approval, only_a_decision_approves) {
  struct record r = run();
  r.verdict = VERDICT_PASS;
  expect_status(&r, "Test mangler");
  r.mode = STR("certify");
  expect_status(&r, "Tester");
  r.decision.at = 1;
  expect_status(&r, "Ikke Godkendt");
  r.decision.approved = true;
  expect_status(&r, "Godkendt");
}

Test(approval, csv_holds_every_text_whole_and_no_formula) {
  struct arena *a = arena_new(0);
  struct record r = run();
  struct str csv = made(a, "csv", &r);
  cr_expect(
      str_ends(csv,
               STR("\r\n\"Journal \"\"X\"\"; Nord\";\"'=HYPERLINK(1)\";\"Omsorg system\";\"Korrespondancemeddelelse\";"
                   "\"CareCommunication (5.0)\";\"Modtage\";\"Test mangler\"\r\n")),
      "%.*s", STR_F(csv));
  arena_free(a);
}

struct sheet {
  struct arena *arena;
  const struct node *root;
};

static int take_sheet(void *context, struct str name, struct str bytes, struct error *e) {
  struct sheet *s = context;
  struct findings f;
  struct node *root;
  (void)e;
  findings_init(&f, s->arena);
  cr_assert_eq(xml_read(&root, s->arena, (struct source){name, arena_str(s->arena, bytes)}, &f), 0, "%.*s",
               STR_F(name));
  if (str_eqz(name, "xl/worksheets/sheet1.xml")) s->root = root;
  return 0;
}

Test(approval, the_workbook_holds_the_same_row) {
  struct arena *a = arena_new(0);
  struct record r = run();
  struct sheet s = {.arena = a};
  struct error e;
  struct archive_visitor v = {.limits = {1 << 20, 1 << 20, 10}, .context = &s, .member = take_sheet};
  struct str book = made(a, "xlsx", &r), row[APPROVAL_COLUMNS];
  cr_assert_eq(archive_each((struct source){STR("x"), book}, &v, &e), 0, "%s", e.text);
  const struct node *cell = node_at(s.root, "sheetData.row")->next->first;
  approval_row(row, a, &r);
  for (size_t i = 0; i < APPROVAL_COLUMNS; i++, cell = cell->next)
    cr_expect(str_eq(node_text_at(cell, "is.t"), row[i]), "%zu", i);
  cr_expect(str_eq(book, made(a, "xlsx", &r)));
  arena_free(a);
}
