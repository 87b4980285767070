#include "report/sequence_int.h"

#include "base/file.h"
#include "formats/xml.h"
#include "html_check.h"

#include <criterion/criterion.h>
#include <time.h>

static struct arena *a;

static void set_up(void) {
  a = arena_new(0);
}

static void tear_down(void) {
  arena_free(a);
}

TestSuite(sequence, .init = set_up, .fini = tear_down);

static struct str data_file(const char *name) {
  struct error e;
  struct str s = {0};
  cr_assert_eq(file_read(&s, a, file_join(a, TEST_DATA, name), 64 << 20, &e), 0, "%s: %s", name, e.text);
  return s;
}

static struct record *record_named(const char *name) {
  struct error e;
  struct record *r = NULL;
  cr_assert_eq(record_read(&r, a, data_file(name), str_z(name), &e), 0, "%s: %s", name, e.text);
  return r;
}

static struct str made(const struct report_format *f, const struct record *r, enum report_lang lang) {
  struct buf b;
  buf_init(&b, REPORT_MAX);
  f->write(&b, r, lang);
  cr_assert(!b.full);
  return buf_take(&b, a);
}

/* --- pictures as data ------------------------------------------------------------------ */

/* What it looks like is tested by the style sheet itself; a change of a colour is to change no expectation. */
static struct str without_style(struct str svg) {
  size_t from = str_find(svg, STR("<style>"), 0), to = str_find(svg, STR("</style>"), 0);
  cr_assert(from < to && to != SIZE_MAX);
  return arena_printf(a, "%.*s%.*s", (int)from, svg.p, STR_F(str_sub(svg, to + 8, svg.n)));
}

Test(sequence, pictures_are_as_expected) {
  static const struct {
    const char *name;
    enum report_lang lang;
  } rows[] = {{"relayed", REPORT_EN},  {"outcomes", REPORT_EN}, {"outcomes", REPORT_DA}, {"services", REPORT_DA},
              {"midnight", REPORT_EN}, {"none", REPORT_DA},     {"hostile", REPORT_EN},  {"chain", REPORT_DA}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    const struct record *r = record_named(arena_printf(a, "sequence/%s.json", rows[i].name).p);
    const char *lang = rows[i].lang == REPORT_DA ? "da" : "en";
    struct str want = data_file(arena_printf(a, "sequence/%s.%s.expect", rows[i].name, lang).p);
    struct str have = without_style(made(&report_svg, r, rows[i].lang));
    cr_expect(str_eq(have, want), "%s.%s:\n%.*s", rows[i].name, lang, STR_F(have));
  }
}

/* --- what holds of every picture ------------------------------------------------------- */

struct seen {
  const struct html_check *page;
  size_t arrows, width;
};

static size_t number_of(const struct node *n, const char *attr) {
  const struct node *at = node_attr(n, attr);
  int64_t value = -1;
  cr_assert(at && str_int(at->text, &value) && value >= 0, "%.*s: %s", STR_F(n->name), attr);
  return (size_t)value;
}

/* Each link has its target in the page beside it, each text and box stands within the picture. */
static void look_at(const struct node *n, struct seen *seen) {
  if (str_eqz(n->name, "a")) {
    struct str href = node_attr(n, "href")->text, file = str_cut(&href, '#');
    cr_expect(str_eqz(file, "report.en.html"), "%.*s", STR_F(file));
    cr_expect(map_get(&seen->page->ids, href) != NULL, "no target: %.*s", STR_F(href));
    cr_assert_not_null(node_child(n, "title"));
    cr_expect(node_child(n, "title")->text.n > 0);
    seen->arrows++;
  }
  if (str_eqz(n->name, "text")) cr_expect_lt(number_of(n, "x"), seen->width);
  if (str_eqz(n->name, "rect")) cr_expect_leq(number_of(n, "x") + number_of(n, "width"), seen->width);
  for (NODE_EACH(c, n)) look_at(c, seen);
}

static void check_picture(const char *name, const struct record *r) {
  static const char *const known[] = {"svg", "title", "desc", "style", "text", "rect", "path", "a", "g"};
  struct findings f;
  struct node *root = NULL;
  struct html_check page;
  struct str svg = made(&report_svg, r, REPORT_EN);
  findings_init(&f, a);
  html_check(&page, a, made(&report_html, r, REPORT_EN));
  cr_expect_eq(page.problem.n, 0, "%s: %.*s", name, STR_F(page.problem));
  cr_assert_eq(xml_read(&root, a, (struct source){str_z(name), svg}, &f), 0, "%s", name);
  cr_expect_eq(f.list.n, 0, "%s", name);
  struct seen seen = {.page = &page, .width = number_of(root, "width")};
  look_at(root, &seen);
  cr_expect_eq(seen.arrows, r->exchanges.n, "%s: %zu arrows", name, seen.arrows);
  cr_expect(str_eq(svg, made(&report_svg, r, REPORT_EN)), "%s: the same record gave other bytes", name);
  for (size_t at = str_find(svg, STR("<"), 0); at != SIZE_MAX; at = str_find(svg, STR("<"), at + 1)) {
    struct str tag = str_sub(svg, at + 1 + (svg.p[at + 1] == '/'), at + 8);
    bool is_known = false;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) is_known |= str_starts(tag, str_z(known[i]));
    cr_expect(is_known, "%s: %.*s", name, STR_F(tag));
  }
}

static size_t check_folder(const char *folder) {
  struct error e;
  char **names;
  size_t n, records = 0;
  cr_assert_eq(file_list(&names, &n, a, file_join(a, TEST_DATA, folder), &e), 0);
  for (size_t i = 0; i < n; i++) {
    if (!str_ends(str_z(names[i]), STR(".json"))) continue;
    check_picture(names[i], record_named(file_join(a, folder, names[i])));
    records++;
  }
  return records;
}

Test(sequence, every_message_has_its_arrow_and_every_arrow_its_message) {
  cr_expect_geq(check_folder("."), (size_t)5);
  cr_expect_geq(check_folder("sequence"), (size_t)6);
}

Test(sequence, a_case_that_failed_is_open_in_the_report) {
  const struct record *failed = record_named("sequence/outcomes.json"), *passed = record_named("sequence/relayed.json");
  struct str open = STR("<details class=\"sequence\" open=\"\"><summary>Sequence diagram, messages: 7</summary>");
  struct str closed = STR("<details class=\"sequence\"><summary>Sequence diagram, messages: 4</summary>");
  cr_expect_neq(str_find(made(&report_html, failed, REPORT_EN), open, 0), SIZE_MAX);
  cr_expect_neq(str_find(made(&report_html, passed, REPORT_EN), closed, 0), SIZE_MAX);
  cr_expect_eq(
      str_find(made(&report_html, record_named("sequence/none.json"), REPORT_EN), STR("class=\"sequence\""), 0),
      SIZE_MAX);
}

Test(sequence, each_message_tells_what_became_of_it) {
  struct str page = made(&report_html, record_named("sequence/outcomes.json"), REPORT_EN);
  static const char *const wanted[] = {"<dd>not taken \u00B7 fault: cut</dd>", "<dd>HTTP 202</dd>", "<dd>HTTP 500</dd>",
                                       "<dd>could not be delivered \u00B7 connection refused</dd>",
                                       "<dd>fault: drop-receipt \u00B7 not sent, on purpose</dd>"};
  for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
    cr_expect_neq(str_find(page, str_z(wanted[i]), 0), SIZE_MAX, "%s", wanted[i]);
}

/* --- limits ---------------------------------------------------------------------------- */

#define MANY 2000
#define PARTIES 20
#ifdef __SANITIZE_ADDRESS__
#define LIMIT_SECONDS 20
#else
#define LIMIT_SECONDS 2
#endif

static void fill_many(struct record *r) {
  struct record_case *c = VEC_ADD(a, &r->cases);
  *c = (struct record_case){.id = STR("1"), .status = STR("mandatory"), .verdict = VERDICT_PASS};
  for (int i = 0; i < PARTIES; i++) {
    struct str name = arena_printf(a, "p%d", i);
    VEC_PUSH(a, &r->parties, ((struct record_party){.name = name, .system = name}));
  }
  for (int i = 0; i < MANY; i++) {
    struct record_exchange *x = VEC_ADD(a, &r->exchanges);
    *x = (struct record_exchange){.id = arena_printf(a, "m%d", i),
                                  .case_id = c->id,
                                  .at = 1767603600000 + (MANY - i), /* the last one came first */
                                  .party = r->parties.v[i % PARTIES].name};
    if (i % 3 == 0) x->party = (struct str){0};
    if (i % 3 == 1) x->party = arena_printf(a, "service %d", i % PARTIES);
    facts_init(&x->facts, a);
    findings_init(&x->findings, a);
  }
}

static void with_many(void (*fn)(struct sequence *s)) {
  struct record r = {.run = STR("many"), .system = STR("S")};
  struct buf b;
  struct doc d;
  struct sequence_ties ties;
  struct sequence s;
  fill_many(&r);
  buf_init(&b, REPORT_MAX);
  doc_init(&d, &b, &r, REPORT_EN);
  sequence_ties(&ties, &d);
  sequence_make(&s, &ties, &r.cases.v[0]);
  fn(&s);
  doc_release(&d);
  buf_release(&b);
}

static void check_many(struct sequence *s) {
  cr_expect_eq(s->arrows.n, (size_t)SEQUENCE_ARROWS_MAX);
  cr_expect_eq(s->dropped, (size_t)(MANY - SEQUENCE_ARROWS_MAX));
  cr_expect_eq(s->lines.n, (size_t)SEQUENCE_LINES_MAX);
  static const enum sequence_line_kind kinds[SEQUENCE_LINES_MAX] = {
      LINE_SYSTEM, LINE_HARNESS, LINE_SERVICE, LINE_SERVICE, LINE_SERVICE, LINE_SERVICE, LINE_SERVICE, LINE_OTHERS};
  for (size_t i = 0; i < SEQUENCE_LINES_MAX; i++) cr_expect_eq(s->lines.v[i].kind, kinds[i], "%zu", i);
  cr_expect(str_eqz(s->lines.v[SEQUENCE_LINES_MAX - 1].title, "others"));
  cr_expect_eq(s->strips.n, (size_t)(SEQUENCE_ARROWS_MAX / SEQUENCE_STRIP_MAX));
  for (size_t i = 0; i < s->arrows.n; i++) {
    cr_expect_lt(s->arrows.v[i].from, s->lines.n);
    cr_expect_lt(s->arrows.v[i].to, s->lines.n);
    cr_expect_neq(s->arrows.v[i].from, s->arrows.v[i].to);
  }
  cr_expect(str_eqz(s->arrows.v[0].message->exchange->id, "m1999"));
}

Test(sequence, limits_are_kept_and_times_are_in_order) {
  with_many(check_many);
}

Test(sequence, what_is_not_drawn_is_told) {
  struct record r = {.run = STR("many"), .system = STR("S")};
  facts_init(&r.capabilities, a);
  fill_many(&r);
  clock_t before = clock();
  struct str svg = made(&report_svg, &r, REPORT_EN);
  double seconds = (double)(clock() - before) / CLOCKS_PER_SEC;
  cr_expect_neq(str_find(svg, STR("More messages, not drawn: 1,400."), 0), SIZE_MAX);
  cr_expect_neq(str_find(made(&report_html, &r, REPORT_DA), STR("ikke tegnet: 1.400."), 0), SIZE_MAX);
  cr_expect_lt(seconds, LIMIT_SECONDS, "%.2f s", seconds);
}

/* Names of a vendor may be of any length; a picture is not. */
Test(sequence, long_texts_are_drawn_and_told_short) {
  struct buf b;
  buf_init(&b, 1 << 20);
  while (b.n < 500000) buf_addz(&b, "name ");
  struct record r = {.run = STR("long"), .system = buf_str(&b)};
  fill_many(&r);
  for (size_t i = 0; i < r.exchanges.n; i++) {
    facts_put(&r.exchanges.v[i].facts, STR("event"), i ? STR("e") : buf_str(&b));
    r.parties.v[i % PARTIES].system = buf_str(&b);
  }
  cr_expect_lt(made(&report_svg, &r, REPORT_EN).n, (size_t)4 << 20);
  buf_release(&b);
}

Test(sequence, texts_are_cut_to_their_room) {
  static const struct {
    const char *in;
    int width;
    const char *out;
  } rows[] = {{"short", 100, "short"},
              {"", 10, ""},
              {"iiiiiiiiii", 60, "iiiiiiiiii"},
              {"WWWWWWWWWW", 60, "WWW\u2026"},
              {"\u4e16\u4e16\u4e16\u4e16\u4e16", 40, "\u4e16\u4e16\u2026"},
              {"x", 0, "\u2026"}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct str out = sequence_text_fit(a, str_z(rows[i].in), 13, rows[i].width);
    cr_expect(str_eqz(out, rows[i].out), "%zu: %.*s", i, STR_F(out));
  }
  struct buf b;
  buf_init(&b, 1 << 20);
  while (b.n < 100000) buf_addz(&b, "i");
  cr_expect_leq(sequence_text_fit(a, buf_str(&b), 1, 100000).n, (size_t)SEQUENCE_LABEL_MAX + 3);
  buf_release(&b);
}

/* --- colours --------------------------------------------------------------------------- */

/* WCAG 2.1: relative luminance of a colour "#rrggbb" or "#rgb". */
static double luminance(struct str hex) {
  static const double weights[] = {0.2126, 0.7152, 0.0722};
  double sum = 0;
  for (size_t i = 0; i < 3; i++) {
    char digits[3] = {hex.p[hex.n == 6 ? 2 * i : i], hex.p[hex.n == 6 ? 2 * i + 1 : i]};
    double v = (double)strtol(digits, NULL, 16) / 255.0;
    sum += weights[i] * (v <= 0.03928 ? v / 12.92 : __builtin_pow((v + 0.055) / 1.055, 2.4));
  }
  return sum;
}

static double contrast(struct str x, struct str y) {
  double p = luminance(x), q = luminance(y);
  return p > q ? (p + 0.05) / (q + 0.05) : (q + 0.05) / (p + 0.05);
}

static bool is_ground(struct str hex) {
  static const char *const grounds[] = {"fff", "f4f6f8", "14181d", "232a31"};
  for (size_t i = 0; i < sizeof grounds / sizeof *grounds; i++)
    if (str_eqz(hex, grounds[i])) return true;
  return false;
}

/* All that is no ground: 4.5 to 1 where it fills (texts do), 3 to 1 where it is a line. */
static void check_colours(const char *css, const char *const grounds[2]) {
  struct str s = str_z(css);
  size_t n = 0;
  for (size_t at = str_index(s, '#'); at != SIZE_MAX; at = str_find(s, STR("#"), at + 1)) {
    size_t end = at + 1;
    while (end < s.n && ascii_is_alnum(s.p[end])) end++;
    struct str hex = str_sub(s, at + 1, end);
    bool fills = str_ends(str_sub(s, 0, at), STR("fill:"));
    if (is_ground(hex)) continue;
    for (int g = 0; g < 2; g++)
      cr_expect_geq(contrast(hex, str_z(grounds[g])), fills ? 4.5 : 3.0, "#%.*s on #%s: %.2f", STR_F(hex), grounds[g],
                    contrast(hex, str_z(grounds[g])));
    n++;
  }
  cr_expect_geq(n, (size_t)8);
}

Test(sequence, colours_have_contrast_on_light_and_on_dark) {
  check_colours(sequence_style, (const char *const[]){"fff", "f4f6f8"});
  check_colours(sequence_style_dark, (const char *const[]){"14181d", "232a31"});
}
