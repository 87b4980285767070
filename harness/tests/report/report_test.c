#include "report/report_int.h"

#include "base/clock.h"
#include "base/file.h"
#include "formats/json.h"
#include "formats/xml.h"
#include "html_check.h"
#include "record/find_again.h"
#include "report/doc_int.h"

#include <criterion/criterion.h>
#include <time.h>

static struct arena *a;

static void set_up(void) {
  a = arena_new(0);
}

static void tear_down(void) {
  arena_free(a);
}

TestSuite(report, .init = set_up, .fini = tear_down);

static struct str data_file(const char *name) {
  struct error e;
  struct str s = {0};
  cr_assert_eq(file_read(&s, a, file_join(a, TEST_DATA, name), 64 << 20, &e), 0, "%s: %s", name, e.text);
  return s;
}

static struct record *record_named(const char *name) {
  struct error e;
  struct record *r = NULL;
  int rc = record_read(&r, a, data_file(name), str_z(name), &e);
  cr_assert_eq(rc, 0, "%s: %s", name, e.text);
  return r;
}

static struct str made(const struct report_format *f, const struct record *r, enum report_lang lang) {
  struct buf b;
  buf_init(&b, REPORT_MAX);
  f->write(&b, r, lang);
  cr_assert(!b.full);
  return buf_take(&b, a);
}

static void each_record(void (*fn)(const char *name, const struct record *r)) {
  struct error e;
  char **names;
  size_t n, records = 0;
  cr_assert_eq(file_list(&names, &n, a, TEST_DATA, &e), 0);
  for (size_t i = 0; i < n; i++) {
    if (!str_ends(str_z(names[i]), STR(".json"))) continue;
    fn(names[i], record_named(names[i]));
    records++;
  }
  cr_assert_geq(records, 5);
}

static bool is_safe_link(const struct html_check *c, struct str link) {
  if (str_starts(link, STR("#"))) return map_get(&c->ids, str_sub(link, 1, link.n)) != NULL;
  struct str file = str_sub(link, 10, link.n);
  return str_starts(link, STR("exchanges/")) && file.n && str_index(file, '/') == SIZE_MAX;
}

static void check_attrs(const char *name, const struct html_check *c) {
  static const char *const known[] = {
      "lang",        "charset", "http-equiv", "content",    "name",   "class",       "href",
      "id",          "role",    "scope",      "aria-label", "hidden", "type",        "title",
      "open",        "colspan", "tabindex",   "datetime",   "data-h", "aria-hidden", "aria-labelledby",
      "xmlns",       "viewBox", "width",      "height",     "x",      "y",           "d",
      "text-anchor", "src",     "alt"};
  for (size_t i = 0; i < c->attrs.n; i++) {
    bool found = false;
    for (size_t j = 0; j < sizeof known / sizeof *known; j++) found |= str_eqz(c->attrs.v[i], known[j]);
    cr_expect(found, "%s: attribute %.*s", name, STR_F(c->attrs.v[i]));
  }
}

static size_t pictures(const struct record *r) {
  size_t n = 0;
  for (size_t i = 0; i < r->cases.n; i++)
    for (size_t k = 0; k < r->cases.v[i].steps.n; k++)
      for (size_t e = 0; e < r->cases.v[i].steps.v[k].evidence.n; e++)
        n += r->cases.v[i].steps.v[k].evidence.v[e].bytes.n > 0;
  return n;
}

static void check_page(const char *name, const struct record *r, enum report_lang lang) {
  struct html_check c;
  struct str page = made(&report_html, r, lang);
  html_check(&c, a, page);
  cr_expect_eq(c.problem.n, 0, "%s: %.*s", name, STR_F(c.problem));
  for (size_t i = 0; i < c.links.n; i++)
    cr_expect(is_safe_link(&c, c.links.v[i]), "%s: link to %.*s", name, STR_F(c.links.v[i]));
  check_attrs(name, &c);
  cr_expect_eq(html_check_count(&c, "script"), 1);
  cr_expect_eq(html_check_count(&c, "style"), 1);
  cr_expect_eq(html_check_count(&c, "img"), pictures(r));
  cr_expect_eq(c.sources.n, pictures(r));
  for (size_t i = 0; i < c.sources.n; i++)
    cr_expect(str_starts(c.sources.v[i], STR("data:image/png;base64,iVBOR")), "%.*s", STR_F(c.sources.v[i]));
  cr_expect_eq(html_check_count(&c, "link"), 0);
  cr_expect_eq(html_check_count(&c, "h1"), 1);
  static const char *const landmarks[] = {"header", "nav", "main", "footer"};
  for (size_t i = 0; i < 4; i++) cr_expect_eq(html_check_count(&c, landmarks[i]), 1, "%s: %s", name, landmarks[i]);
  cr_expect_eq(html_check_count(&c, "details") >= r->exchanges.n, true);
  cr_expect_neq(str_find(page, lang == REPORT_DA ? STR("<html lang=\"da\">") : STR("<html lang=\"en\">"), 0), SIZE_MAX);
  cr_expect(str_eq(page, made(&report_html, r, lang)), "%s: the same record gave other bytes", name);
}

static void check_pages(const char *name, const struct record *r) {
  check_page(name, r, REPORT_EN);
  check_page(name, r, REPORT_DA);
}

Test(report, pages_are_well_formed_and_every_link_has_its_target) {
  each_record(check_pages);
}

/* A line is a text that must stand in the page; with '!' before it, one that must not. */
static void check_expected(const char *file, const char *record, enum report_lang lang) {
  struct str page = made(&report_html, record_named(record), lang), rest = data_file(file);
  size_t lines = 0;
  while (rest.n) {
    struct str line = str_cut(&rest, '\n');
    if (!line.n) continue;
    bool wanted = line.p[0] != '!';
    struct str text = wanted ? line : str_sub(line, 1, line.n);
    bool found = str_find(page, text, 0) != SIZE_MAX;
    cr_expect_eq(found, wanted, "%s: %s: %.*s", file, wanted ? "missing" : "not wanted", STR_F(text));
    lines++;
  }
  cr_assert_gt(lines, 0);
}

static const struct {
  const char *file, *record;
  enum report_lang lang;
} expectations[] = {
    {"every-verdict.en.expect", "every-verdict.json", REPORT_EN},
    {"every-verdict.da.expect", "every-verdict.json", REPORT_DA},
    {"hostile.en.expect", "hostile.json", REPORT_EN},
    {"live-approved.da.expect", "live-approved.json", REPORT_DA},
    {"live-not-approved.da.expect", "live-not-approved.json", REPORT_DA},
    {"attempts.en.expect", "attempts.json", REPORT_EN},
    {"attempts.da.expect", "attempts.json", REPORT_DA},
    {"empty.en.expect", "empty.json", REPORT_EN},
};

Test(report, pages_say_what_they_should) {
  for (size_t i = 0; i < sizeof expectations / sizeof *expectations; i++)
    check_expected(expectations[i].file, expectations[i].record, expectations[i].lang);
}

static size_t number(const struct node *n, const char *attr) {
  int64_t value = -1;
  const struct node *at = node_attr(n, attr);
  cr_assert(at && str_int(at->text, &value) && value >= 0, "%s", attr);
  return (size_t)value;
}

static size_t count_with(const struct node *suite, const char *outcome) {
  size_t n = 0;
  for (NODE_EACH(t, suite)) n += str_eqz(t->name, "testcase") && node_child(t, outcome) != NULL;
  return n;
}

/* Each finding that is worth a line is found again and explained by commands, and a step that failed is played again:
 * in the text of the failure, or beside it. */
static void expect_commands(const struct node *t, const struct record *r, const struct record_step *s) {
  const struct node *text = node_child(t, "failure");
  if (!text) text = node_child(t, "error");
  if (!text) text = node_child(t, "system-out");
  for (size_t i = 0; i < s->findings.list.n; i++) {
    const struct finding *f = &s->findings.list.v[i];
    struct str commands[] = {again_command(a, r->run, f), again_explain(a, f)};
    for (size_t k = 0; f->severity != SEV_INFO && k < 2; k++)
      cr_expect(text && str_find(text->text, report_visible(a, commands[k]), 0) != SIZE_MAX, "%.*s",
                STR_F(commands[k]));
  }
  struct str again = again_step(a, r->run, s->id, s->verdict);
  cr_expect(!again.n || (text && str_find(text->text, report_visible(a, again), 0) != SIZE_MAX), "%.*s", STR_F(again));
}

static void check_suite(const struct node *suite, const struct record *r, const struct record_case *c) {
  cr_expect_eq(number(suite, "tests"), c->steps.n);
  cr_expect_eq(number(suite, "failures"), count_with(suite, "failure"));
  cr_expect_eq(number(suite, "errors"), count_with(suite, "error"));
  cr_expect_eq(number(suite, "skipped"), count_with(suite, "skipped"));
  cr_expect_eq(node_count(suite, "testcase"), c->steps.n);
  const struct node *t = node_child(suite, "testcase");
  for (size_t i = 0; i < c->steps.n; i++, t = node_again(t)) {
    cr_assert_not_null(t);
    cr_expect(str_starts(node_attr(t, "name")->text, report_visible(a, c->steps.v[i].id)));
    cr_expect_eq(node_child(t, "skipped") || node_child(t, "failure") || node_child(t, "error"),
                 c->steps.v[i].verdict != VERDICT_PASS);
    const struct record_step *s = &c->steps.v[i];
    bool has_history = s->assessment != ASSESSMENT_NONE || s->attempts.n || s->inserted_by.n || s->carried_from.n;
    bool failed = s->verdict == VERDICT_FAIL || s->verdict == VERDICT_ERROR;
    bool has_remarks = s->verdict == VERDICT_INCONCLUSIVE || (!failed && findings_worst(&s->findings) > SEV_INFO);
    cr_expect_eq(node_child(t, "system-out") != NULL, has_history || has_remarks);
    expect_commands(t, r, s);
  }
}

static void check_junit(const char *name, const struct record *r) {
  struct findings f;
  struct node *root = NULL;
  findings_init(&f, a);
  struct str xml = made(&report_junit, r, REPORT_EN);
  int rc = xml_read(&root, a, (struct source){str_z(name), xml}, &f);
  cr_assert_eq(rc, 0, "%s: %.*s", name, STR_F(f.list.n ? f.list.v[0].en : STR("?")));
  cr_expect_eq(f.list.n, 0);
  cr_expect(str_eqz(root->name, "testsuites"));
  cr_expect_eq(number(root, "tests"), report_steps(r));
  cr_expect_eq(number(root, "failures"), record_count(r, VERDICT_FAIL));
  cr_expect_eq(number(root, "errors"), record_count(r, VERDICT_ERROR));
  cr_expect_eq(number(root, "skipped"), record_count(r, VERDICT_NONE) + record_count(r, VERDICT_WAITING) +
                                            record_count(r, VERDICT_INCONCLUSIVE) +
                                            record_count(r, VERDICT_NOT_APPLICABLE));
  cr_expect_eq(root->count, r->cases.n);
  size_t i = 0;
  for (NODE_EACH(suite, root)) check_suite(suite, r, &r->cases.v[i++]);
  cr_expect(str_eq(xml, made(&report_junit, r, REPORT_DA)));
}

Test(report, junit_counts_what_the_record_counts) {
  each_record(check_junit);
}

Test(report, junit_tells_what_is_wrong) {
  struct str xml = made(&report_junit, record_named("every-verdict.json"), REPORT_EN);
  static const char *const wanted[] = {
      "<testcase classname=\"carecommunication-receive.3.3.4\" name=\"3.3.4.1+1 expect-ack\" time=\"4.000\">",
      "<failure message=\"ack.code: response.code is 'fatal-error'; 'ok' is expected.\" type=\"ack.code\">",
      "<error message=\"harness.broken: 127.0.0.1:8088: address in use\"",
      "<skipped message=\"not-applicable: forward\"/>",
      "<skipped message=\"waiting for vendor\"/>",
      "  expected at carecommunication/reply.json:212:9\n",
      "  explained by: testcamp explain ack.code\n",
  };
  for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
    cr_expect_neq(str_find(xml, str_z(wanted[i]), 0), SIZE_MAX, "%s", wanted[i]);
}

/* In a live test and in a self-test, where it is said that MedCom alone did it; nothing where nothing was revised. */
Test(report, revised_verdicts_have_a_table_of_their_own) {
  struct record *r = record_named("live-not-approved.json");
  static const char *const live[] = {"id=\"revisions\"", "Ændrede bedømmelser", "seen at the screen"};
  struct str page = made(&report_html, r, REPORT_DA);
  for (size_t i = 0; i < sizeof live / sizeof *live; i++)
    cr_expect_neq(str_find(page, str_z(live[i]), 0), SIZE_MAX, "%s", live[i]);
  cr_expect_eq(str_find(page, STR("gennemset denne egentest"), 0), SIZE_MAX);
  r->mode = STR("self-test");
  cr_expect_neq(str_find(made(&report_html, r, REPORT_DA), STR("gennemset denne egentest"), 0), SIZE_MAX);
  for (size_t c = 0; c < r->cases.n; c++)
    for (size_t i = 0; i < r->cases.v[c].steps.n; i++) r->cases.v[c].steps.v[i].revisions.n = 0;
  cr_expect_eq(str_find(made(&report_html, r, REPORT_EN), STR("id=\"revisions\""), 0), SIZE_MAX);
}

Test(report, junit_tells_of_the_review) {
  struct str xml = made(&report_junit, record_named("live-not-approved.json"), REPORT_EN);
  static const char *const wanted[] = {
      "<property name=\"certifiable\" value=\"no\"/>",
      "<property name=\"certifiable.blocked-by\" value=\"3.3.1.3: assessed F2\"/>",
      ("revised from inconclusive to fail by JD: seen at the screen\nassessed F3 by JD\n"
       "assessed F2 by EE: the patient is mixed up\nMedCom assessment: F2\nsuggested: F3\n"),
  };
  for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
    cr_expect_neq(str_find(xml, str_z(wanted[i]), 0), SIZE_MAX, "%s", wanted[i]);
}

Test(report, junit_tells_of_attempts) {
  struct str xml = made(&report_junit, record_named("attempts.json"), REPORT_EN);
  static const char *const wanted[] = {
      ("attempt 1, system version 1: fail\nattempt 2, system version 2: pass, counts\n"
       "which counts is said by MC: agreed\n"),
      "put in by MC: any other type\n",
      "carried over from run: 20260101-abcd\nconfirmed by: JD\n",
  };
  for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
    cr_expect_neq(str_find(xml, str_z(wanted[i]), 0), SIZE_MAX, "%s", wanted[i]);
}

static void check_json(const char *name, const struct record *r) {
  struct error e;
  struct record *back = NULL;
  struct str json = made(&report_json, r, REPORT_EN);
  cr_expect_eq(record_read(&back, a, json, str_z(name), &e), 0, "%s", e.text);
  cr_expect(str_eq(made(&report_json, back, REPORT_DA), json));
}

Test(report, json_is_the_record) {
  each_record(check_json);
}

/* FHIR forbids what is empty. */
static void check_not_empty(const char *name, const struct node *n) {
  bool whole = n->kind == NODE_OBJECT || n->kind == NODE_ARRAY ? n->count > 0 : n->text.n > 0;
  cr_expect(whole, "%s: %.*s is empty", name, STR_F(n->name));
  for (NODE_EACH(c, n)) check_not_empty(name, c);
}

/* A test a case that has steps, an action a step, with one of FHIR's codes. */
static void check_testreport(const char *name, const struct record *r) {
  static const char *const codes[] = {"pass", "skip", "fail", "warning", "error"};
  struct findings f;
  struct node *root = NULL;
  size_t actions = 0;
  findings_init(&f, a);
  struct str json = made(&report_testreport, r, REPORT_EN);
  cr_assert_eq(json_read(&root, a, (struct source){str_z(name), json}, &f), 0, "%s", name);
  check_not_empty(name, root);
  for (NODE_EACH(test, node_child(root, "test")))
    for (NODE_EACH(action, node_child(test, "action"))) {
      struct str result = node_text_at(action->first, "result");
      bool known = false;
      for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) known |= str_eqz(result, codes[i]);
      cr_expect(known, "%s: result %.*s", name, STR_F(result));
      actions++;
    }
  cr_expect_eq(actions, report_steps(r), "%s", name);
}

Test(report, testreport_is_fhir) {
  each_record(check_testreport);
}

/* By verdict: what is open or undecided is neither passed nor failed. */
Test(report, testreport_tells_verdicts_apart) {
  struct str json = made(&report_testreport, record_named("every-verdict.json"), REPORT_EN);
  static const char *const codes[] = {"\"result\": \"pass\"", "\"result\": \"fail\"", "\"result\": \"warning\"",
                                      "\"result\": \"error\"", "\"result\": \"skip\""};
  for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
    cr_expect_neq(str_find(json, str_z(codes[i]), 0), SIZE_MAX, "%s", codes[i]);
}

Test(report, testreport_and_record_tell_the_commands) {
  const struct record *r = record_named("every-verdict.json");
  struct str formats[] = {made(&report_testreport, r, REPORT_EN), made(&report_json, r, REPORT_EN)};
  static const char *const wanted[] = {"testcamp explain ack.code", "testcamp repeat 20260105-100000-7f3a 3.3.4.1+1"};
  for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
    for (size_t k = 0; k < sizeof wanted / sizeof *wanted; k++)
      cr_expect_neq(str_find(formats[i], str_z(wanted[k]), 0), SIZE_MAX, "%zu: %s", i, wanted[k]);
}

Test(report, formats_and_languages_have_names) {
  enum report_lang lang = REPORT_EN;
  cr_expect(report_lang_parse(STR("da"), &lang));
  cr_expect_eq(lang, REPORT_DA);
  cr_expect(!report_lang_parse(STR("sv"), &lang));
  cr_expect_null(report_format_named(STR("pdf")));
  static const char *const files[] = {"report.da.html", "junit.xml",    "record.json",  "testreport.json",
                                      "report.da.svg",  "approval.csv", "approval.xlsx"};
  for (size_t i = 0; i < 7; i++) {
    cr_assert_not_null(report_formats[i]);
    cr_expect_eq(report_format_named(str_z(report_formats[i]->name)), report_formats[i]);
    cr_expect(str_eqz(report_file_name(a, report_formats[i], REPORT_DA), files[i]));
  }
  cr_expect_null(report_formats[7]);
}

Test(report, exchange_files_stay_in_their_folder) {
  static const struct {
    struct record_exchange x;
    const char *file;
  } cases[] = {
      {{.id = STR_INIT("m3"), .bytes = STR_INIT(" <a/>")}, "m3-in.xml"},
      {{.id = STR_INIT("m3"), .outbound = true, .bytes = STR_INIT("\xEF\xBB\xBF{}")}, "m3-out.json"},
      {{.id = STR_INIT("m3"), .bytes = STR_INIT("UNA:+.? 'UNB+")}, "m3-in.edi"},
      {{.id = STR_INIT("../../etc/passwd"), .bytes = STR_INIT("x")}, "------etc-passwd-in.txt"},
      {{.id = STR_INIT("")}, "message-in.txt"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct str file = report_exchange_file(a, &cases[i].x);
    cr_expect(str_eqz(file, cases[i].file), "%.*s", STR_F(file));
  }
}

Test(report, what_cannot_be_shown_is_spelled_out) {
  static const struct {
    struct str in;
    const char *out;
  } cases[] = {
      {STR_INIT("plain \xC3\xA6\t\n"), "plain \xC3\xA6\t\n"},
      {STR_INIT("\xFFx\xC3"), "\\xFFx\\xC3"},
      {STR_INIT("a\0b\x1b[0m\x7f"), "a\\x00b\\x1B[0m\\x7F"},
      {STR_INIT("\xE2\x80\xAE"
                "evil\xE2\x81\xA6"),
       "\\u{202E}evil\\u{2066}"},
      {STR_INIT("\xC2\x85\xEF\xBF\xBF"), "\\u{85}\\u{FFFF}"},
      {STR_INIT(""), ""},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct str out = report_visible(a, cases[i].in);
    cr_expect(str_eqz(out, cases[i].out), "%zu: %.*s", i, STR_F(out));
  }
}

Test(report, words_are_there_in_both_languages) {
  for (int w = 0; w < WORDS_N; w++) {
    struct str en = str_z(report_word(REPORT_EN, w)), da = str_z(report_word(REPORT_DA, w));
    cr_expect(en.n && da.n, "word %d", w);
    static const char *const holes[] = {"{1}", "{2}"};
    for (int h = 0; h < 2; h++)
      cr_expect_eq(str_find(en, str_z(holes[h]), 0) == SIZE_MAX, str_find(da, str_z(holes[h]), 0) == SIZE_MAX, "%s",
                   da.p);
    cr_expect_eq(str_find(da, STR("Best\xC3\xA5"), 0), SIZE_MAX);
    cr_expect_eq(str_find(da, STR("trin"), 0), SIZE_MAX);
  }
}

/* WCAG 2.1: relative luminance and contrast of two colours. */
static double luminance(struct str hex) {
  static const double weights[] = {0.2126, 0.7152, 0.0722};
  double sum = 0;
  for (size_t i = 0; i < 3; i++) {
    int value = 0;
    for (size_t k = 0; k < 2; k++) {
      char c = hex.p[i * 2 + k];
      value = value * 16 + (c <= '9' ? c - '0' : c - 'a' + 10);
    }
    double v = value / 255.0;
    sum += weights[i] * (v <= 0.03928 ? v / 12.92 : __builtin_pow((v + 0.055) / 1.055, 2.4));
  }
  return sum;
}

static struct str colour_named(const char *name) {
  struct str css = str_z(doc_style_sheet), key = arena_printf(a, "--%s:#", name);
  size_t at = str_find(css, key, 0);
  cr_assert_neq(at, SIZE_MAX, "%s", name);
  return str_sub(css, at + key.n, at + key.n + 6);
}

Test(report, colours_of_text_have_contrast) {
  static const char *const inks[] = {"ink", "muted", "link", "ok", "fail", "maybe", "tool", "wait", "off"};
  static const char *const grounds[] = {"ffffff", "f4f6f8", "fdf2f2", "fff8ec", "fdf7ea", "fff6e5", "fafbfc"};
  for (size_t i = 0; i < sizeof inks / sizeof *inks; i++)
    for (size_t g = 0; g < sizeof grounds / sizeof *grounds; g++) {
      double contrast = (luminance(str_z(grounds[g])) + 0.05) / (luminance(colour_named(inks[i])) + 0.05);
      cr_expect_geq(contrast, 4.5, "%s on #%s: %.2f", inks[i], grounds[g], contrast);
    }
}

#ifdef __SANITIZE_ADDRESS__
#define LIMIT_SECONDS 10
#else
#define LIMIT_SECONDS 1
#endif
#define MANY_STEPS 1000
#define MANY_MESSAGES 500
#define MESSAGE_SIZE 15000

static struct str large_message(void) {
  struct buf b;
  buf_init(&b, MESSAGE_SIZE * 2);
  while (b.n < MESSAGE_SIZE) buf_addz(&b, "  {\"system\": \"urn:oid:1.2.208.176.1.2\", \"value\": \"2512489996\"},\n");
  return buf_take(&b, a);
}

static const struct rule slow_rule = {"test.rule", SEV_ERROR, "a source", "wrong", "forkert"};

static void fill_large(struct record *r) {
  struct str message = large_message();
  struct record_case *c = VEC_ADD(a, &r->cases);
  *c = (struct record_case){.id = STR("1"), .status = STR("mandatory"), .verdict = VERDICT_FAIL};
  for (int i = 0; i < MANY_STEPS; i++) {
    struct record_step *s = VEC_ADD(a, &c->steps);
    struct str id = arena_printf(a, "m%d", i / 2);
    *s = (struct record_step){.id = arena_printf(a, "1.%d", i), .word = STR("expect"), .verdict = i % 7};
    findings_init(&s->findings, a);
    for (int k = 0; k < 10; k++)
      FINDING(&s->findings, &slow_rule, ((struct place){id, i % 200 + 1, k + 1, STR("a.b")}));
    VEC_PUSH(a, &s->exchanges, id);
  }
  for (int i = 0; i < MANY_MESSAGES; i++) {
    struct record_exchange *x = VEC_ADD(a, &r->exchanges);
    *x = (struct record_exchange){
        .id = arena_printf(a, "m%d", i), .at = 1, .size = message.n, .bytes = message, .payload = message};
    facts_init(&x->facts, a);
    findings_init(&x->findings, a);
  }
}

Test(report, a_large_record_takes_less_than_a_second) {
  struct record r = {.run = STR("large"), .verdict = VERDICT_FAIL};
  facts_init(&r.capabilities, a);
  fill_large(&r);
  clock_t before = clock();
  struct str page = made(&report_html, &r, REPORT_EN);
  double seconds = (double)(clock() - before) / CLOCKS_PER_SEC;
  cr_expect_gt(page.n, (size_t)MANY_MESSAGES * MESSAGE_SIZE * 2);
  cr_expect_lt(seconds, LIMIT_SECONDS, "%.2f s", seconds);
  cr_log_info("%zu bytes in %.2f s", page.n, seconds);
}

/* The check itself must be able to fail. */
Test(report, the_check_of_pages_sees_what_is_wrong) {
  static const char *const wrong[] = {
      "<!DOCTYPE html><p>a<b></p></b>", "<!DOCTYPE html><p>",         "<!DOCTYPE html><p id=\"a\"></p><p id=\"a\"></p>",
      "<!DOCTYPE html><p>a > b</p>",    "<!DOCTYPE html><p a=b></p>", "<!DOCTYPE html><p>a & b</p>",
      "<!DOCTYPE html><p>\xff</p>",     "<!DOCTYPE html><p>\x1b</p>", "<p></p>",
  };
  struct html_check c;
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    html_check(&c, a, str_z(wrong[i]));
    cr_expect_gt(c.problem.n, 0, "%s", wrong[i]);
  }
  html_check(&c, a, STR("<!DOCTYPE html><p id=\"a\">&lt;<br></p><a href=\"#b\"></a>"));
  cr_expect_eq(c.problem.n, 0);
  cr_assert_eq(c.links.n, 1);
  cr_expect(!is_safe_link(&c, c.links.v[0]));
}
