#include "console/webform.h"

#include "base/buf.h"

#include <criterion/criterion.h>

#define URLENCODED "application/x-www-form-urlencoded"
#define MULTIPART "multipart/form-data; boundary=XX"

static struct arena *arena;
static struct webform form;
static struct error e;

static void set_up(void) {
  arena = arena_new(0);
}

static void tear_down(void) {
  arena_free(arena);
}

TestSuite(webform, .init = set_up, .fini = tear_down);

static int read(const char *type, struct str body) {
  return webform_read(&form, arena, str_z(type), body, &e);
}

static void is(const char *name, const char *want) {
  struct str got = webform_get(&form, name);
  cr_assert(str_eqz(got, want), "%s is '%.*s', not '%s'", name, STR_F(got), want);
}

Test(webform, urlencoded) {
  cr_assert_eq(read(URLENCODED "; charset=UTF-8", STR("a=1+2&b=%C3%A6%26&a=later&empty=&bare")), 0, "%s", e.text);
  cr_assert_eq(form.fields.n, 5);
  is("b", "æ&");
  is("empty", "");
  is("bare", "");
  is("not-there", "");
  cr_assert(str_eqz(webform_nth(&form, "a", 1)->value, "later"));
  cr_assert_null(webform_nth(&form, "a", 2));
}

Test(webform, a_plus_is_a_blank) {
  cr_assert_eq(read(URLENCODED, STR("a=1+2%2B3")), 0);
  is("a", "1 2+3");
}

Test(webform, line_ends_become_plain) {
  cr_assert_eq(read(URLENCODED, STR("a=1%0D%0A2%0D3%0A")), 0);
  is("a", "1\n2\n3\n");
}

Test(webform, an_empty_body_is_an_empty_form) {
  cr_assert_eq(read("", STR("")), 0);
  cr_assert_eq(form.fields.n, 0);
}

Test(webform, multipart) {
  struct str body = STR("--XX\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\none\r\ntwo\r\n"
                        "--XX\r\ncontent-disposition: form-data; name=\"file\"; filename=\"C:\\x\\a.xml\"\r\n"
                        "Content-Type: text/xml\r\n\r\n\xff\r\n\x00 bytes\r\n--XX--\r\n");
  cr_assert_eq(read(MULTIPART, body), 0, "%s", e.text);
  is("text", "one\ntwo");
  is("file", ""); /* a file is never taken for a text */
  const struct webform_field *f = webform_nth(&form, "file", 0);
  cr_assert(f->is_file && str_eqz(f->file_name, "a.xml"));
  cr_assert(str_eq(f->value, STR("\xff\r\n\x00 bytes")));
}

Test(webform, names_of_files_lead_nowhere) {
  static const struct {
    const char *given, *kept;
  } rows[] = {{"../../etc/passwd", "passwd"},
              {"..", "file"},
              {".", "file"},
              {"a\x01"
               "b",
               "a_b"},
              {"\xff.xml", "file"},
              {"/", ""},
              {"a/..\\b", "b"}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct str body = arena_printf(
        arena, "--XX\r\nContent-Disposition: form-data; name=\"f\"; filename=\"%s\"\r\n\r\nx\r\n--XX--", rows[i].given);
    cr_assert_eq(read(MULTIPART, body), 0, "%zu: %s", i, e.text);
    struct str got = webform_nth(&form, "f", 0)->file_name;
    cr_expect(str_eqz(got, rows[i].kept), "%zu: '%.*s'", i, STR_F(got));
  }
}

/* A body that cannot be read, and what the person who sent it is told. */
Test(webform, what_is_wrong_is_said) {
  static const struct {
    const char *type;
    struct str body;
    enum error_code code;
    const char *said;
  } rows[] = {
      {"text/plain", {"a=1", 3}, ERR_UNSUPPORTED, "multipart/form-data"},
      {"application/json", {"{}", 2}, ERR_UNSUPPORTED, "multipart/form-data"},
      {"multipart/form-data", {"--XX", 4}, ERR_UNSUPPORTED, "multipart/form-data"},
      {"multipart/form-data; boundary=\"\"", {"--", 2}, ERR_SYNTAX, "boundary"},
      {URLENCODED, {"a=%G1", 5}, ERR_SYNTAX, "not encoded"},
      {URLENCODED, {"a=%ff", 5}, ERR_SYNTAX, "not UTF-8"},
      {URLENCODED, {"a=%00", 5}, ERR_SYNTAX, "not UTF-8"},
      {URLENCODED, {"%ff=1", 5}, ERR_SYNTAX, "not UTF-8"},
      {MULTIPART, {"XX", 2}, ERR_SYNTAX, "does not begin"},
      {MULTIPART, {"--XX", 4}, ERR_SYNTAX, "rubbish"},
      {MULTIPART, {"--XX\r\n", 6}, ERR_SYNTAX, "ends in the middle"},
      {MULTIPART, {"--XX\r\nA: b\r\n\r\nvalue", 19}, ERR_SYNTAX, "ends in the middle"},
      {MULTIPART, {"--XX\r\nA: b\r\n--XX--", 18}, ERR_SYNTAX, "no end of its header"},
      {MULTIPART, {"--XX\r\nA: b\r\n\r\nv\r\n--XX--", 23}, ERR_SYNTAX, "no name"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    cr_assert_lt(read(rows[i].type, rows[i].body), 0, "row %zu", i);
    cr_expect_eq(e.code, rows[i].code, "row %zu", i);
    cr_expect_not_null(strstr(e.text, rows[i].said), "row %zu: %s", i, e.text);
  }
}

/* Every way to cut a whole form off is seen: half a form is never taken for a form. */
Test(webform, a_form_cut_off_anywhere_is_no_form) {
  struct str body = STR("--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n"
                        "--XX\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f\"\r\n\r\n2\r\n--XX--");
  cr_assert_eq(read(MULTIPART, body), 0, "%s", e.text);
  for (size_t n = 1; n < body.n; n++) cr_expect_lt(read(MULTIPART, str_sub(body, 0, n)), 0, "cut at %zu", n);
}

Test(webform, limits) {
  struct buf b;
  buf_init(&b, (size_t)4 << 20);
  for (int i = 0; i < WEBFORM_FIELDS_MAX; i++) buf_addz(&b, "a&");
  cr_assert_eq(read(URLENCODED, buf_str(&b)), 0, "%s", e.text);
  buf_addz(&b, "a");
  cr_assert_lt(read(URLENCODED, buf_str(&b)), 0);
  cr_assert_eq(e.code, ERR_LIMIT);
  buf_clear(&b);
  buf_addz(&b, "a=");
  for (size_t i = 0; i < WEBFORM_VALUE_MAX; i++) buf_byte(&b, 'x');
  cr_assert_eq(read(URLENCODED, buf_str(&b)), 0, "%s", e.text);
  buf_byte(&b, 'x');
  cr_assert_lt(read(URLENCODED, buf_str(&b)), 0);
  cr_assert_eq(e.code, ERR_LIMIT);
  buf_release(&b);
}
