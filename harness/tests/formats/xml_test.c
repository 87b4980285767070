#include "formats/xml.h"

#include <criterion/criterion.h>
#include <string.h>

#include "formats_help.h"

#define BIG ((size_t)20 << 20)

static void expect_outcome(struct str bytes, const char *expected) {
  struct reading r;
  reading_of(&r, xml_read, bytes);
  struct str got = reading_outcome(&r);
  cr_expect(str_eqz(got, expected), "expected %s, got %.*s", expected, STR_F(got));
  reading_release(&r);
}

/* head, then n times what, then tail */
static void repeat(struct buf *b, const char *head, const char *what, size_t n, const char *tail) {
  buf_init(b, (size_t)1 << 30);
  buf_addz(b, head);
  for (size_t i = 0; i < n; i++) buf_addz(b, what);
  buf_addz(b, tail);
}

Test(xml, depth_has_a_limit) {
  struct buf b;
  repeat(&b, "", "<a>", XML_DEPTH_MAX, "");
  for (int i = 0; i < XML_DEPTH_MAX; i++) buf_addz(&b, "</a>");
  expect_outcome(buf_str(&b), "ok");
  buf_release(&b);
  repeat(&b, "", "<a>", 300000, "");
  expect_outcome(buf_str(&b), "bad xml.limit@1:769");
  buf_release(&b);
}

Test(xml, nodes_have_a_limit) {
  struct buf b;
  repeat(&b, "<r>", "<a/>", XML_NODES_MAX - 1, "</r>");
  expect_outcome(buf_str(&b), "ok");
  buf_release(&b);
  repeat(&b, "<r>\n", "<a/>", XML_NODES_MAX - 2, "\n<a/><b/></r>");
  expect_outcome(buf_str(&b), "bad xml.limit@3:5");
  buf_release(&b);
}

/* libxml2 compares each attribute with each: 400 000 would take minutes. */
Test(xml, attributes_have_a_limit) {
  struct buf b;
  buf_init(&b, (size_t)1 << 30);
  buf_addz(&b, "<r>\n <a");
  for (int i = 0; i < 400000; i++) buf_printf(&b, " a%d=''", i);
  buf_addz(&b, "/></r>");
  expect_outcome(buf_str(&b), "bad xml.limit@2:2");
  /* hidden behind an error in a comment */
  struct buf hidden;
  buf_init(&hidden, (size_t)1 << 30);
  buf_addz(&hidden, "<r><!-- \x01 ");
  buf_add(&hidden, str_sub(buf_str(&b), 3, b.n - 4));
  buf_addz(&hidden, " --></r>");
  expect_outcome(buf_str(&hidden), "bad xml.syntax@1:9");
  buf_release(&hidden);
  buf_release(&b);
}

Test(xml, namespaces_in_scope_have_a_limit) {
  struct buf b;
  buf_init(&b, 1 << 20);
  for (int e = 0; e < 3; e++) {
    buf_addz(&b, "<a");
    for (int i = 0; i < 200; i++) buf_printf(&b, " xmlns:p%d_%d='u:%d'", e, i, i);
    buf_addz(&b, ">\n");
  }
  buf_addz(&b, "</a></a></a>");
  expect_outcome(buf_str(&b), "bad xml.limit@3:1");
  buf_release(&b);
}

Test(xml, lines_go_past_65535) {
  struct buf b;
  struct reading r;
  repeat(&b, "<a>", "\n", 200000, "<b/></a>");
  reading_of(&r, xml_read, buf_str(&b));
  cr_assert_eq(r.rc, 0);
  cr_expect_eq(r.root->first->line, 200001);
  cr_expect_eq(r.root->first->col, 1);
  reading_release(&r);
  buf_release(&b);
}

/* FHIR keeps attachments in attributes: not copied, not quadratic. */
Test(xml, large_values_borrow) {
  struct reading r;
  struct buf b;
  char *big = malloc(BIG);
  memset(big, 'Q', BIG);
  buf_init(&b, (size_t)1 << 30);
  buf_addz(&b, "<a><b value=\"");
  buf_add(&b, (struct str){big, BIG});
  buf_addz(&b, "\"/><c>");
  buf_add(&b, (struct str){big, BIG});
  buf_addz(&b, "</c></a>");
  reading_of(&r, xml_read, buf_str(&b));
  cr_assert_eq(r.rc, 0);
  cr_expect_eq(node_attr(r.root->first, "value")->text.n, BIG);
  cr_expect_eq(r.root->last->text.n, BIG);
  cr_expect_eq(node_attr(r.root->first, "value")->text.p, b.p + 13);
  cr_expect_lt(arena_used(r.arena), 1 << 16);
  cr_expect_eq(r.root->last->col, (int)(13 + BIG + 3 + 1));
  reading_release(&r);
  buf_release(&b);
  free(big);
}

/* s with each `from` made a `to`, in a. */
static struct str replaced(struct arena *a, struct str s, struct str from, struct str to) {
  struct buf b;
  buf_init(&b, (size_t)1 << 24);
  for (size_t at; (at = str_find(s, from, 0)) != SIZE_MAX; s = str_sub(s, at + from.n, s.n)) {
    buf_add(&b, str_sub(s, 0, at));
    buf_add(&b, to);
  }
  buf_add(&b, s);
  return buf_take(&b, a);
}

/* Outcome, texts and tree of the document with `word` for each '@'; all positions that count stand on lines of their
 * own. */
static struct str read_with(struct arena *a, const char *document, struct str word) {
  struct reading r;
  struct buf b;
  reading_of(&r, xml_read, replaced(a, str_z(document), STR("@"), word));
  buf_init(&b, (size_t)1 << 24);
  buf_add(&b, reading_outcome(&r));
  for (size_t i = 0; i < r.findings.list.n; i++) buf_add(&b, r.findings.list.v[i].en);
  buf_add(&b, tree_dump(r.arena, r.root));
  reading_release(&r);
  return buf_take(&b, a);
}

/* Long values are not shown to libxml2: nothing may tell. */
Test(xml, long_values_read_as_short_ones) {
  static const char *const documents[] = {
      "<a b=\"@\">\n<c>@</c>\n<d>  @ x</d></a>",
      "<a\nb='@'\nc='@'><d\ne='@'/>\n<f></a>",
      "<a>x<!-- @ -->@<?p\n?><b\nc='@'/>\n<d/></a>",
      "<a><![CDATA[@]]>@<?p @?>@</a>",
      "<a b='@\n\t@\r\n@\r@'\nc='\n@'>\n<c></a>",
      "<a b='\r\n@'>\n\r\n@</a>",
      "<a xmlns:p='u:@1'\nxmlns:q='u:@2'\np:x='1' q:x='2'/>",
      "<a xml:lang='@'\nxmlns='@'/>",
      "<a b='@\n'xmlns:c='@'c='@'/>",
      "@<a/>",
      "\n @<a/>",
      "<a/>\n@",
      "<a/>\n  @\n<b/>",
      "<a b='@\n<'/>",
      "<a b='@&amp;@'/>",
      "<a b='@\n&x;'/>",
      "<a b='@\n\x01'/>",
      "<a b='@\n\xFF'/>",
      "<a>@&lt;@</a>",
      "<a>@\n]]></a>",
      "<a>@\n\x02</a>",
      "<a b='@'\nb='@'\n/>",
      "<a b='@\n",
      "<a>@\n",
      "<!DOCTYPE a '@'\n>",
  };
  struct arena *a = arena_new(0);
  char *bytes = memset(arena_alloc(a, 100000), 'Q', 100000);
  struct str word = {bytes, 100000}, mark = STR("QQQ");
  for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
    struct str wanted = read_with(a, documents[i], mark), got = read_with(a, documents[i], word);
    got = replaced(a, got, word, mark);
    cr_expect(str_eq(got, wanted), "%s: %.*s, not %.*s", documents[i], STR_F(got), STR_F(wanted));
  }
  arena_free(a);
}

/* 56 MB of them: looking back over all of it for each took 20 s. */
Test(xml, long_values_without_blanks_between_are_looked_at_once, .timeout = 120) {
  enum { VALUES = 800, LENGTH = 70000 };
  struct arena *a = arena_new(0);
  struct buf b;
  struct node *root;
  struct findings f;
  char *bytes = memset(arena_alloc(a, LENGTH), 'Q', LENGTH);
  buf_init(&b, SIZE_MAX);
  buf_addz(&b, "<a b=");
  for (int i = 0; i < VALUES; i++) buf_printf(&b, "\"%.*s\"", LENGTH, bytes);
  findings_init(&f, a);
  cr_expect_eq(xml_read(&root, a, (struct source){STR("values"), buf_take(&b, a)}, &f), -1);
  arena_free(a);
}

Test(xml, values_are_normalised) {
  struct reading r;
  reading_of(&r, xml_read, STR("<a b='1\n2\t3\r\n4' c='&#10;&#9;' d='&amp;amp;&lt;&#38;'>x\r\ny&#13;</a>"));
  cr_assert_eq(r.rc, 0);
  cr_expect(str_eqz(node_attr(r.root, "b")->text, "1 2 3 4"));
  cr_expect(str_eqz(node_attr(r.root, "c")->text, "\n\t"));
  cr_expect(str_eqz(node_attr(r.root, "d")->text, "&amp;<&"), "%.*s", STR_F(node_attr(r.root, "d")->text));
  cr_expect(str_eqz(r.root->text, "x\ny\r"));
  reading_release(&r);
}

Test(xml, other_encodings_become_utf8) {
  struct reading r;
  reading_of(&r, xml_read, STR("<?xml version='1.0' encoding='ISO-8859-1'?>\n<a>\xE6\xF8<b c='\xE5'/></a>"));
  cr_assert_eq(r.rc, 0);
  cr_expect(str_eqz(r.root->first->text, "\xC3\xA6\xC3\xB8"));
  cr_expect_eq(r.root->last->line, 2);
  cr_expect_eq(r.root->last->col, 6);
  cr_expect(str_eqz(node_attr(r.root->last, "c")->text, "\xC3\xA5"));
  cr_expect_eq(findings_worst(&r.findings), SEV_INFO);
  reading_release(&r);
}

Test(xml, blank_text_is_dropped_outside_xhtml) {
  struct reading r;
  reading_of(&r, xml_read, STR("<a> <b/> <div xmlns='http://www.w3.org/1999/xhtml'> <b>x</b> <i>y</i></div> </a>"));
  cr_assert_eq(r.rc, 0);
  cr_expect_eq(r.root->count, 2);
  cr_expect_eq(r.root->last->count, 4);
  cr_expect_eq(r.root->last->first->kind, NODE_TEXT);
  reading_release(&r);
}

static void expect_written(const char *in, int indent, const char *expected) {
  struct reading r;
  struct buf b;
  buf_init(&b, 1 << 16);
  reading_of(&r, xml_read, str_z(in));
  cr_assert_eq(r.rc, 0);
  xml_write(&b, r.root, indent);
  cr_expect(str_eqz(buf_str(&b), expected), "got %.*s", STR_F(buf_str(&b)));
  buf_release(&b);
  reading_release(&r);
}

Test(xml, writes) {
  expect_written("<a b='&lt;&quot;&#10;'>&lt;&amp;&gt;&#13;</a>", -1,
                 "<a b=\"&lt;&quot;&#10;\">&lt;&amp;&gt;&#13;</a>");
  expect_written("<a><b/><c>x</c></a>", 2,
                 "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a>\n  <b/>\n  <c>x</c>\n</a>\n");
  expect_written("<a><b>x<c/></b></a>", 2, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a>\n  <b>x<c/></b>\n</a>\n");
  expect_written("<p:a xmlns:p='u:1'><p:b p:c='1'/></p:a>", 0,
                 "<?xml version=\"1.0\" encoding=\"UTF-8\"?><p:a xmlns:p=\"u:1\"><p:b p:c=\"1\"/></p:a>");
}

/* What XML cannot hold is replaced: what we write is always well-formed. */
Test(xml, escapes_what_xml_cannot_hold) {
  struct buf b;
  buf_init(&b, 1 << 16);
  xml_escape_text(&b, STR("a\x01\xFF\xEF\xBF\xBFz"));
  cr_expect(str_eqz(buf_str(&b), "a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDz"));
  buf_release(&b);
}

/* libxml2 guesses the encoding again by the first bytes it is given; behind a byte order mark nothing is left to guess.
 */
Test(xml, one_byte_order_mark_says_all) {
  static const struct str refused[] = {STR_INIT("\xEF\xBB\xBF\xFE\xFF\0<\0a\0/\0>"),
                                       STR_INIT("\xEF\xBB\xBF\xEF\xBB\xBF<a/>"), STR_INIT("\x4C\x6F\xA7\x94\x93")};
  for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
    struct arena *a = arena_new(0);
    struct findings f;
    struct node *n;
    findings_init(&f, a);
    cr_expect_eq(xml_read(&n, a, (struct source){STR("x"), refused[i]}, &f), -1, "%zu", i);
    cr_expect_gt(f.list.n, 0, "%zu", i);
    arena_free(a);
  }
}
