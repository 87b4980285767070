/* MedCom's Word document, filled in by the numbers of its steps. */
#include "report/docx.h"

#include <criterion/criterion.h>

#include "formats/archive.h"
#include "report/docx_int.h"

#define W(x)                                                                                                           \
  "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>" x                    \
  "</w:body></w:document>"
#define P(x) "<w:p><w:pPr><w:jc w:val=\"left\"/></w:pPr>" x "</w:p>"
#define R(x) "<w:r><w:t>" x "</w:t></w:r>"
#define TC(x) "<w:tc><w:tcPr/>" x "</w:tc>"
#define HEADING                                                                                                        \
  "<w:tr>" TC(P(R("Teststep #"))) TC(P(R("Handling"))) TC(P(R("Test") R("data"))) TC(P(R("Forventet resultat")))       \
      TC(P(R("Aktuelt resultat"))) TC(P(R("MedCom vurdering"))) "</w:tr>"

static struct arena *a;

static void set_up(void) {
  a = arena_new(0);
}

static void tear_down(void) {
  arena_free(a);
}

TestSuite(docx, .init = set_up, .fini = tear_down);

/* A live test of two numbered steps and one of ours behind the first. */
static struct record *run(void) {
  struct record *r = ARENA_NEW(a, struct record);
  struct record_case *c = VEC_ADD(a, &r->cases);
  r->mode = STR(RECORD_CERTIFY);
  static const char *const ids[][2] = {{"3.3.1.1", "3.3.1.1"}, {"3.3.1.1+1", ""}, {"3.3.1.2", "3.3.1.2"}};
  for (size_t i = 0; i < 3; i++) {
    struct record_step *s = VEC_ADD(a, &c->steps);
    s->id = str_z(ids[i][0]);
    s->number = str_z(ids[i][1]);
    s->verdict = i == 1 ? VERDICT_FAIL : VERDICT_PASS;
    s->actual.da = arena_printf(a, "set %zu <&>", i);
    s->test_data.da = i ? (struct str){0} : STR("Nancy");
    s->assessment = ASSESSMENT_OK;
    if (i != 1) *VEC_ADD(a, &s->assessments) = (struct record_assessment){.assessment = ASSESSMENT_OK, .by = STR("JD")};
  }
  return r;
}

static struct str fill(const char *xml, struct docx_filled *done) {
  *done = (struct docx_filled){0};
  return docx_fill_document(done, a, run(), str_z(xml), REPORT_DA);
}

static bool holds(struct str s, const char *what) {
  return str_find(s, str_z(what), 0) != SIZE_MAX;
}

#define ROW(n)                                                                                                         \
  "<w:tr>" TC(P(R(n))) TC(P(R("Vis"))) TC(P("")) TC(P(R("Det ses"))) TC("<w:p w:id=\"7\"/>") TC(P(R("?"))) "</w:tr>"

Test(docx, a_row_gets_what_the_record_has) {
  struct docx_filled done;
  struct str out = fill(W(P(R("Forord")) "<w:tbl>" HEADING ROW("3.3.1.1") "</w:tbl>"), &done);
  cr_assert_eq(done.placed.n, (size_t)1);
  cr_expect(
      holds(out, "<w:pPr><w:jc w:val=\"left\"/></w:pPr><w:r><w:t xml:space=\"preserve\">Nancy</w:t></w:r></w:p>"));
  cr_expect(holds(out, "<w:p w:id=\"7\"><w:r><w:t xml:space=\"preserve\">"));
  cr_expect(holds(out, "set 0 &lt;&amp;&gt;</w:t><w:br/><w:t xml:space=\"preserve\">"));
  cr_expect(holds(out, "set 1 &lt;&amp;&gt;</w:t></w:r></w:p></w:tc>"));
  cr_expect(holds(out, R("?") "</w:p><w:p><w:r><w:t xml:space=\"preserve\">OK JD</w:t></w:r></w:p></w:tc>"));
}

/* What is taken out again leaves the document as it was. */
Test(docx, nothing_else_is_touched) {
  struct docx_filled done;
  const char *xml = W("<!-- <w:tbl> --><w:tbl>" HEADING ROW("3.3.9.9") "<w:tr>" TC(
      P(R("se 3.3.1.1"))) "</w:tr></w:tbl>"
                          "<w:tbl><w:tr>" TC(P(R("3.3.1.1"))) TC(P("")) "</w:tr></w:tbl>");
  cr_expect(str_eqz(fill(xml, &done), xml));
  cr_expect_eq(done.placed.n, (size_t)0);
  cr_assert_eq(done.unplayed.n, (size_t)1);
  cr_expect(str_eqz(done.unplayed.v[0], "3.3.9.9"));
}

Test(docx, a_number_that_word_has_divided_is_one) {
  struct docx_filled done;
  fill(W("<w:tbl>" HEADING "<w:tr>" TC(P(R("3.3.") R("1.2"))) TC(P("")) TC(P("")) TC(P("")) TC(P(""))
             TC(P("")) "</w:tr></w:tbl>"),
       &done);
  cr_assert_eq(done.placed.n, (size_t)1);
  cr_expect(str_eqz(done.placed.v[0], "3.3.1.2"));
}

Test(docx, cells_over_several_columns_are_counted) {
  struct docx_filled done;
  struct str out =
      fill(W("<w:tbl>" HEADING "<w:tr>" TC(P(R("3.3.1.1"))) "<w:tc><w:tcPr><w:gridSpan w:val=\"3\"/></w:tcPr>" P(
               "") "</w:tc>" TC(P("")) TC(P("")) "</w:tr></w:tbl>"),
           &done);
  cr_expect(holds(out, "OK JD</w:t></w:r></w:p></w:tc></w:tr>"));
}

Test(docx, a_self_test_is_not_assessed) {
  struct docx_filled done = {0};
  struct record *r = run();
  r->mode = STR("self-test");
  struct str out = docx_fill_document(&done, a, r, STR(W("<w:tbl>" HEADING ROW("3.3.1.1") "</w:tbl>")), REPORT_DA);
  cr_expect(holds(out, "Nancy"));
  cr_expect(!holds(out, "JD"));
}

static struct str packed(const char *document) {
  const struct archive_file files[] = {{STR("[Content_Types].xml"), STR("<Types/>")},
                                       {STR("word/document.xml"), str_z(document)},
                                       {STR("word/media/logo.png"), STR("\x89PNG\0\x01")}};
  struct buf b;
  struct error e;
  buf_init(&b, 1 << 20);
  cr_assert_eq(archive_zip(&b, files, 3, &e), 0, "%s", e.text);
  return buf_take(&b, a);
}

static int same_part(void *context, struct str name, struct str bytes, struct error *e) {
  (void)e;
  *(size_t *)context += str_eqz(name, "word/media/logo.png")
                            ? str_eq(bytes, STR("\x89PNG\0\x01"))
                            : str_eqz(name, "[Content_Types].xml") && str_eqz(bytes, "<Types/>");
  return 0;
}

Test(docx, the_file_keeps_its_other_parts) {
  struct docx_filled done;
  struct error e;
  struct buf out;
  size_t same = 0;
  struct archive_visitor v = {.limits = {1 << 20, 1 << 20, 10}, .context = &same, .member = same_part};
  buf_init(&out, 1 << 20);
  struct source template = {STR("t.docx"), packed(W("<w:tbl>" HEADING ROW("3.3.1.1") "</w:tbl>"))};
  cr_assert_eq(docx_fill(&out, &done, a, run(), template, REPORT_DA, &e), 0, "%s", e.text);
  cr_assert_eq(archive_each((struct source){STR("x"), buf_str(&out)}, &v, &e), 0, "%s", e.text);
  cr_expect_eq(same, (size_t)2);
  cr_assert_eq(done.unplaced.n, (size_t)1);
  cr_expect(str_eqz(done.unplaced.v[0], "3.3.1.2"));
  buf_release(&out);
}

static void check_refused(struct str bytes, const char *why) {
  struct docx_filled done;
  struct error e;
  struct buf out;
  buf_init(&out, 1 << 20);
  cr_expect_eq(docx_fill(&out, &done, a, run(), (struct source){STR("t.docx"), bytes}, REPORT_DA, &e), -1);
  cr_expect(holds(str_z(e.text), why), "%s", e.text);
  buf_release(&out);
}

Test(docx, what_is_no_template_is_refused) {
  check_refused(STR("PK but no ZIP"), "t.docx");
  check_refused(packed("<w:document"), "Not well-formed XML");
  check_refused(packed(W(P(R("Et brev")))), "has no table of test steps");
}
