#include "standards/receipts.h"

#include <criterion/criterion.h>

Test(receipts, the_shipped_table_has_every_receipt_and_a_source) {
  static const char *const names[] = {"CTL01",           "CTL02",  "CTL03",        "XCTL01",
                                      "XCTL02",          "XCTL03", "NegativeVans", "NegativeMessage",
                                      "PositiveMessage", "ok",     "fatal-error",  "transient-error"};
  struct arena *a = arena_new(0);
  struct receipt_duties *d;
  struct error e = {0};
  cr_assert_eq(receipt_duties_load(&d, a, TEST_ROOT, &e), 0, "%s", e.text);
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    const struct receipt_duty *row = receipt_duty_of(d, str_z(names[i]));
    cr_assert(row, "%s", names[i]);
    cr_expect(row->source.n && row->within_source.n, "%s", names[i]);
    /* A refusal is due whenever there is one; nobody has published a time for receipts of letters. */
    cr_expect_eq(row->when == RECEIPT_REFUSED, !row->positive, "%s", names[i]);
    cr_expect_eq(row->within_ms < 0, !str_eqz(row->carrier, "fhir"), "%s", names[i]);
  }
  arena_free(a);
}

#define ROW "receipt: A, carrier: fhir, by: network, says: no, when: asked, source: s"

Test(receipts, a_mistake_is_told_with_its_place) {
  static const struct {
    const char *yaml, *text;
    int line;
  } rows[] = {
      {"receipts: 1\n", "\"receipts\" is a list", 1},
      {"receipts: []\nother: 1\n", "unknown key \"other\"", 2},
      {"receipts:\n  - {" ROW "}\n", "\"within\" is missing", 2},
      {"receipts:\n  - {" ROW ", within: {}}\n", "\"source\" is missing", 2},
      {"receipts:\n  - {" ROW ", within: {value: soon, source: s}}\n", "is no duration", 2},
      {"receipts:\n  - {" ROW ", within: {source: s}}\n  - {" ROW ", within: {source: s}}\n", "second time", 3},
      {"receipts:\n  - {receipt: A, carier: fhir}\n", "did you mean \"carrier\"?", 2},
      {"receipts:\n  - {receipt: A, carrier: fax, by: network, says: no, when: asked, source: s, within: {source: "
       "s}}\n",
       "not \"fax\"", 2},
      {"receipts: []\nseverities: {vans.x: error}\n", "no rule of receipts", 2},
      {"receipts: []\nseverities: {receipt.late: grave}\n", "no severity", 2},
  };
  struct arena *a = arena_new(0);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct receipt_duties *d;
    struct error e = {0};
    cr_assert_eq(receipt_duties_read(&d, a, (struct source){STR("f"), str_z(rows[i].yaml)}, &e), -1, "%s",
                 rows[i].yaml);
    cr_expect(str_find(str_z(e.text), str_z(rows[i].text), 0) != SIZE_MAX, "%s: %s", rows[i].yaml, e.text);
    cr_expect_eq(e.line, rows[i].line, "%s: %d", rows[i].yaml, e.line);
  }
  arena_free(a);
}
