#include "base/file.h"
#include "paper/plain.h"
#include "paper/press.h"

#include <criterion/criterion.h>

static struct arena *a;

static void set_up(void) {
  a = arena_new(0);
}

static void tear_down(void) {
  arena_free(a);
}

TestSuite(paper, .init = set_up, .fini = tear_down);

static struct str data_file(const char *name) {
  struct error e;
  struct str s = {0};
  cr_assert_eq(file_read(&s, a, file_join(a, TEST_DATA, name), 1 << 20, &e), 0, "%s: %s", name, e.text);
  return s;
}

static struct str as_text(struct str html, size_t width) {
  struct sheet_node *root;
  struct error e;
  struct buf b;
  cr_assert_eq(sheet_read(&root, a, html, &e), 0, "%s", e.text);
  buf_init(&b, 1 << 20);
  plain_write(&b, root, width);
  return buf_take(&b, a);
}

/* name.html against name.expect, at a width that makes everything fold. */
Test(paper, documents_become_text) {
  static const char *const names[] = {"blocks", "tables"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    struct str got = as_text(data_file(arena_printf(a, "%s.html", names[i]).p), 40);
    struct str wanted = data_file(arena_printf(a, "%s.expect", names[i]).p);
    cr_expect(str_eq(got, wanted), "%s:\n%.*s", names[i], STR_F(got));
  }
}

Test(paper, no_line_is_wider_than_asked_for) {
  struct str text = as_text(data_file("tables.html"), 40);
  while (text.n) cr_expect_leq(str_cut(&text, '\n').n, 40 * 2); /* bytes: letters have up to two here */
}

Test(paper, a_document_is_read_as_a_tree) {
  struct sheet_node *root;
  struct error e;
  struct str html = STR("<!DOCTYPE html><html lang=\"da\"><head><style>a>b</style></head><body><p class=\"a b\" "
                        "id=\"x\">1 &lt; <b>2</b>\n &amp; <br>3</p></body></html>\n");
  cr_assert_eq(sheet_read(&root, a, html, &e), 0, "%s", e.text);
  const struct sheet_node *p = sheet_find(root, "p");
  cr_assert_not_null(p);
  cr_expect(sheet_has_class(p, "b") && sheet_has_class(p, "a") && !sheet_has_class(p, "a b"));
  cr_expect(str_eqz(p->id, "x"));
  cr_expect(str_eqz(sheet_find(root, "html")->lang, "da"));
  cr_expect(str_eqz(sheet_text(a, p), "1 < 2 & 3"));
  cr_expect_null(sheet_find(root, "style")->first);
  cr_expect_null(sheet_find(root, "table"));
}

Test(paper, numbers_of_a_drawing_are_kept) {
  struct sheet_node *root;
  struct error e;
  struct str html = STR("<svg width=\"9\" height=\"8\"><path d=\"M1 2\"></path><g></g>"
                        "<text x=\"1\" y=\"-2\" text-anchor=\"end\">a</text></svg>");
  cr_assert_eq(sheet_read(&root, a, html, &e), 0, "%s", e.text);
  const struct sheet_drawn *svg = root->first->drawn, *path = sheet_find(root, "path")->drawn;
  const struct sheet_drawn *text = sheet_find(root, "text")->drawn;
  cr_assert(svg && path && text);
  cr_expect(str_eqz(svg->width, "9") && str_eqz(svg->height, "8") && !svg->x.n);
  cr_expect(str_eqz(path->path, "M1 2"));
  cr_expect(str_eqz(text->x, "1") && str_eqz(text->y, "-2") && str_eqz(text->anchor, "end"));
  cr_expect_null(sheet_find(root, "g")->drawn);
}

Test(paper, what_is_no_document_of_ours_is_refused) {
  static const struct {
    const char *html, *why;
  } wrong[] = {{"<p><b></p></b>", "closes another"},
               {"<p>", "without an end"},
               {"</p>", "closes another"},
               {"<p>&nbsp;</p>", "unknown entity"},
               {"<p a=b></p>", "quotes"},
               {"<p a=\"b></p>", "quotes"},
               {"<p a=\"&x;\"></p>", "entity"},
               {"<", "broken tag"},
               {"<p", "without an end"},
               {"<!DOCTYPE", "without an end"},
               {"</p", "broken tag"},
               {"<p>\xFF</p>", "UTF-8"},
               {"<style>a", "without an end"},
               {"<p =\"\"></p>", "attribute"},
               {"<p =", "attribute"},
               {"<script>if (a < b)</p>", "without"}};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    struct sheet_node *root;
    struct error e = {0};
    cr_expect_eq(sheet_read(&root, a, str_z(wrong[i].html), &e), -1, "%s", wrong[i].html);
    cr_expect_neq(str_find(str_z(e.text), str_z(wrong[i].why), 0), SIZE_MAX, "%s: %s", wrong[i].html, e.text);
  }
}

Test(paper, nesting_has_a_limit) {
  struct buf b;
  struct sheet_node *root;
  struct error e = {0};
  buf_init(&b, 1 << 20);
  for (int i = 0; i <= SHEET_DEPTH_MAX; i++) buf_addz(&b, "<b>");
  cr_expect_eq(sheet_read(&root, a, buf_take(&b, a), &e), -1);
  cr_expect_neq(str_find(str_z(e.text), STR("too deep"), 0), SIZE_MAX, "%s", e.text);
}

/* Beside the test program there is no helper: the error says what to do. */
Test(paper, a_helper_that_is_not_there_is_told_of) {
  struct buf b;
  struct error e = {0};
  buf_init(&b, 1 << 20);
  cr_expect_eq(press_pdf(&b, a, STR("<p></p>"), &e), -1);
  cr_expect_eq(e.code, ERR_CONFIG);
  cr_expect_neq(str_find(str_z(e.text), STR("libpango1.0-dev"), 0), SIZE_MAX, "%s", e.text);
  buf_release(&b);
}
