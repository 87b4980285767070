#include "formats/xpath.h"

#include <criterion/criterion.h>

#include "base/buf.h"
#include "formats/xml.h"
#include "formats_help.h"

static const char document[] = "<v:E xmlns:v='urn:oio:medcom:vans-envelope:1.0.4' xmlns='http://hl7.org/fhir'>\n"
                               "  <a n='1'>x</a>\n"
                               "  <a n='2'>y<b/>z</a>\n"
                               "</v:E>";

/* An expression, and the paths of the nodes or the value that it gives. */
static const struct {
  const char *expression, *expected;
} cases[] = {
    {"/", "/E"},
    {"/v:E", "/E"},
    {"//f:a", "/E/a[1] /E/a[2]"},
    {"//f:a[@n='2']", "/E/a[2]"},
    {"//f:a[last()]/@n", "/E/a[2]/@n"},
    {"//f:a[2]/text()", "/E/a[2]/text()[1] /E/a[2]/text()[2]"},
    {"//f:a[1]/text()", "/E/a[1]"},
    {"//f:b/.. | //f:a[1]", "/E/a[1] /E/a[2]"},
    {"//a", ""},
    {"count(//f:a)", "=2"},
    {"string(//f:a[2])", "=yz"},
    {"//f:a = 'x'", "=true"},
    {"boolean(//f:c)", "=false"},
    {"1 div 3 > 0.3", "=true"},
    {"concat('a:b', name(/*))", "=a:bv:E"},
    {"namespace-uri(//*[@n='1'])", "=http://hl7.org/fhir"},
    {"//x:a", ""},
};

static struct str answer(struct arena *a, const struct xpath_result *r) {
  struct buf b;
  buf_init(&b, 1 << 16);
  if (r->kind != XPATH_KIND_NODES) buf_printf(&b, "=%.*s", STR_F(r->text));
  for (size_t i = 0; i < r->n; i++) buf_printf(&b, "%s%.*s", i ? " " : "", STR_F(node_path(a, r->nodes[i])));
  return buf_take(&b, a);
}

Test(xpath, evaluates) {
  static const char *const names[] = {"x", "u:x", NULL};
  struct reading r;
  reading_of(&r, xml_read, str_z(document));
  cr_assert_eq(r.rc, 0);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct xpath_result result;
    struct error e = {0};
    int rc = xpath_eval(&result, r.arena, r.root, str_z(cases[i].expression), names, &e);
    cr_expect_eq(rc, 0, "%s: %s", cases[i].expression, e.text);
    if (rc) continue;
    struct str got = answer(r.arena, &result);
    cr_expect(str_eqz(got, cases[i].expected), "%s gives %.*s", cases[i].expression, STR_F(got));
  }
  reading_release(&r);
}

Test(xpath, positions_are_ours) {
  struct reading r;
  struct xpath_result result;
  struct error e;
  reading_of(&r, xml_read, str_z(document));
  cr_assert_eq(xpath_eval(&result, r.arena, r.root, STR("//f:b"), NULL, &e), 0);
  cr_assert_eq(result.n, 1);
  cr_expect_eq(result.nodes[0]->line, 3);
  cr_expect_eq(result.nodes[0]->col, 13);
  reading_release(&r);
}

Test(xpath, string_value) {
  struct reading r;
  reading_of(&r, xml_read, STR("<a>x<b c='q'>y<i/></b>z</a>"));
  cr_expect(str_eqz(xpath_string(r.arena, r.root), "xyz"));
  cr_expect(str_eqz(xpath_string(r.arena, r.root->first->next->attrs), "q"));
  reading_release(&r);
}

static const struct {
  const char *expression;
  int col;
} wrong[] = {
    {"//f:a[", 7},
    {"//zz:a", 3},
    {"nope(1)", 1},
    {"$x", 1},
    {"f:a/$y", 5},
    {"", 0},
    {"'abc", 5},
    {"//f:a)", 6},
    {"'æøå' = zz:b", 9},
    {"false() and zz:a", 13},
    {"a[false()]/b[q:x]", 14},
    {"f:fn(1)", 1},
};

Test(xpath, errors_have_a_column) {
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    struct error e = {0};
    cr_expect_eq(xpath_check(str_z(wrong[i].expression), NULL, &e), -1, "%s is accepted", wrong[i].expression);
    cr_expect_eq(e.col, wrong[i].col, "%s: column %d (%s)", wrong[i].expression, e.col, e.text);
    cr_expect_neq(e.text[0], 0);
  }
}

Test(xpath, check_accepts) {
  struct error e;
  cr_expect_eq(xpath_check(STR("//f:a[text()='a:b']/child::node() | v:x/div"), NULL, &e), 0);
}

Test(xpath, operations_are_bounded) {
  struct reading r;
  struct xpath_result result;
  struct error e = {0};
  struct buf b;
  buf_init(&b, 1 << 20);
  buf_addz(&b, "<a>");
  for (int i = 0; i < 2000; i++) buf_addz(&b, "<b/>");
  buf_addz(&b, "</a>");
  reading_of(&r, xml_read, buf_str(&b));
  cr_expect_eq(xpath_eval(&result, r.arena, r.root, STR("//*[//*[//*[//*[. = 'x']]]]"), NULL, &e), -1);
  cr_expect_eq(e.code, ERR_LIMIT, "%s", e.text);
  reading_release(&r);
  buf_release(&b);
}
