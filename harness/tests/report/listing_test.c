#include "report/listing_int.h"

#include "base/file.h"
#include "base/utf8.h"

#include <criterion/criterion.h>

static struct arena *a;

static void set_up(void) {
  a = arena_new(0);
}

static void tear_down(void) {
  arena_free(a);
}

TestSuite(listing, .init = set_up, .fini = tear_down);

/* As in the .expect files: "line:col depth| text". */
static struct str printed(const struct listing *l) {
  struct buf b;
  buf_init(&b, 1 << 20);
  for (size_t i = 0; i < l->rows.n; i++) {
    const struct listing_row *r = &l->rows.v[i];
    buf_printf(&b, "%d:%d %d| %.*s\n", r->line, r->col, r->depth, STR_F(r->text));
  }
  return buf_take(&b, a);
}

/* Every row stands where it says, and no byte but line ends is missing between one and the next. */
static void check_rows(const char *name, const struct listing *l) {
  const char *at = l->bytes.p;
  for (size_t i = 0; i < l->rows.n; i++) {
    const struct listing_row *r = &l->rows.v[i];
    int line, col;
    while (at < r->text.p) {
      cr_assert(*at == '\n' || *at == '\r', "%s: row %zu: a byte is left out", name, i);
      at++;
    }
    at = r->text.p + r->text.n;
    utf8_position(l->bytes, (size_t)(r->text.p - l->bytes.p), &line, &col);
    cr_assert_eq(r->line, line, "%s: row %zu", name, i);
    cr_assert_eq(r->col, col, "%s: row %zu", name, i);
    cr_assert_eq(listing_find(l, line, col), i, "%s: row %zu", name, i);
  }
}

Test(listing, breaks_long_lines_at_their_structure) {
  static const char *const names[] = {"json", "xml", "edifact", "short", "text"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    struct error e;
    struct str in, want;
    struct listing l;
    const char *path = arena_printf(a, "%s/listing/%s", TEST_DATA, names[i]).p;
    cr_assert_eq(file_read(&in, a, arena_printf(a, "%s.in", path).p, 1 << 20, &e), 0, "%s", e.text);
    cr_assert_eq(file_read(&want, a, arena_printf(a, "%s.expect", path).p, 1 << 20, &e), 0, "%s", e.text);
    listing_init(&l, a, in);
    cr_expect(str_eq(printed(&l), want), "%s:\n%.*s", names[i], STR_F(printed(&l)));
    check_rows(names[i], &l);
  }
}

static struct str repeated(struct str head, struct str unit, size_t n) {
  struct buf b;
  buf_init(&b, 8 << 20);
  buf_add(&b, head);
  for (size_t i = 0; i < n; i++) buf_add(&b, unit);
  return buf_take(&b, a);
}

Test(listing, hostile_bytes_are_listed_too) {
  static const struct {
    struct str head, unit;
  } cases[] = {
      {STR_INIT("["), STR_INIT("[,")},        {STR_INIT("{"), STR_INIT("}}")},   {STR_INIT("{\""), STR_INIT("\\\\\"")},
      {STR_INIT("<"), STR_INIT("></")},       {STR_INIT("<"), STR_INIT("<<>/")}, {STR_INIT("UNB"), STR_INIT("?'")},
      {STR_INIT("\xff"), STR_INIT("\xfe\0")}, {STR_INIT(""), STR_INIT("\r\n")},  {STR_INIT("{"), STR_INIT("\n")},
      {STR_INIT("{"), STR_INIT("\"")},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct listing l;
    listing_init(&l, a, repeated(cases[i].head, cases[i].unit, 5000));
    cr_expect_leq(l.rows.n, LISTING_ROWS_MAX);
    for (size_t k = 0; k < l.rows.n; k++) cr_assert_leq(l.rows.v[k].depth, LISTING_DEPTH_MAX);
  }
}

Test(listing, too_many_rows_are_counted_as_rest) {
  struct listing l;
  struct str many = repeated(STR("{"), STR("\n"), LISTING_ROWS_MAX + 10);
  listing_init(&l, a, many);
  cr_expect_eq(l.rows.n, LISTING_ROWS_MAX);
  cr_expect_eq(l.rest, 10);
  cr_expect_eq(l.rest_line, LISTING_ROWS_MAX + 1);
  cr_expect_eq(listing_find(&l, LISTING_ROWS_MAX + 1, 1), SIZE_MAX);
  listing_init(&l, a, repeated(STR("["), STR("1,"), LISTING_ROWS_MAX + 10));
  cr_expect_eq(l.rows.n, LISTING_ROWS_MAX);
  cr_expect_gt(l.rest, 0);
  cr_expect_eq(l.rest_line, 1);
}

Test(listing, a_position_that_is_not_there_has_no_row) {
  struct listing l;
  listing_init(&l, a, STR("{\n \"a\": 1\n}\n"));
  cr_expect_eq(listing_find(&l, 2, 0), 1);
  cr_expect_eq(listing_find(&l, 2, 99), 1);
  cr_expect_eq(listing_find(&l, 0, 0), SIZE_MAX);
  cr_expect_eq(listing_find(&l, 4, 1), SIZE_MAX);
  listing_init(&l, a, (struct str){0});
  cr_expect_eq(listing_find(&l, 1, 1), SIZE_MAX);
}

Test(listing, letters_are_shown_in_their_own_characters) {
  static const struct {
    const char *bytes, *shown;
  } rows[] = {{"UNA:+.? 'PNA+Pr\xf8ve'", "UNA:+.? 'PNA+Pr\xc3\xb8ve'"},
              {"UNA:+.? 'PNA+Pr\xc3\xb8ve'", "UNA:+.? 'PNA+Pr\xc3\xb8ve'"},
              {"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe6</a>",
               "<?xml version='1.0' encoding='ISO-8859-1'?><a>\xc3\xa6</a>"},
              {"<a>\xe6</a>", "<a>\xe6</a>"},
              {"{\"a\": \"\xe6\"}", "{\"a\": \"\xe6\"}"}};
  struct arena *a = arena_new(0);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct listing l;
    listing_init(&l, a, str_z(rows[i].bytes));
    cr_assert_eq(l.rows.n, 1);
    cr_expect(str_eqz(l.rows.v[0].text, rows[i].shown), "%.*s", STR_F(l.rows.v[0].text));
  }
  arena_free(a);
}
