/* The Danish of complaints: how a sentence is found, and that the table and the formats in the sources are the same. */
#include "base/buf.h"
#include "base/file.h"
#include "base/map.h"
#include "base/template.h"
#include "base/vec.h"
#include "console/complaint.h"
#include "console/webpage.h"

#include <criterion/criterion.h>
#include <ctype.h>
#include <string.h>

#define EACH_COMPLAINT(c)                                                                                              \
  for (size_t table = 0; complaint_tables[table]; table++)                                                             \
    for (const struct complaint *c = complaint_tables[table]; c->en; c++)

static struct arena *arena;
static struct map formats;   /* of all string literals in the sources, with places in place of conversions */
static VEC(struct str) said; /* the formats that errors are made of */

static void set_up(void) {
  arena = arena_new(0);
  map_init(&formats, arena);
  said.n = 0, said.cap = 0, said.v = NULL;
}

static void tear_down(void) {
  arena_free(arena);
}

TestSuite(complaint, .init = set_up, .fini = tear_down);

/* ---- one sentence ---- */

static const char *danish(const char *english) {
  struct str out;
  return complaint_in_danish(arena, str_z(english), &out) ? arena_z(arena, out) : NULL;
}

Test(complaint, the_values_are_kept) {
  cr_expect_str_eq(danish("step 3.1.2 has no attempt 7; it was played 2 times"),
                   "teststep 3.1.2 har intet forsøg 7; det blev afviklet 2 gange");
  cr_expect_str_eq(danish("the run has no step \"a \"b\" {1} %s\""),
                   "testforløbet har intet teststep \"a \"b\" {1} %s\"");
}

Test(complaint, what_stands_before_it_is_kept) {
  cr_expect_str_eq(danish("vendor file: system.yaml:3:5: \"1\" is not a SOR id: digits only"),
                   "vendor file: system.yaml:3:5: \"1\" er ikke et SOR-id: kun cifre");
}

Test(complaint, what_stands_in_it_is_said_in_danish) {
  cr_expect_str_eq(danish("step 1.1 was not executed (not-applicable): it can only be assessed as not-relevant"),
                   "teststep 1.1 blev ikke udført (Ikke relevant): det kan kun vurderes Ikke relevant");
  cr_expect_str_eq(danish("step 1.1: the protocol has no fixture \"x\""),
                   "teststep 1.1: testprotokollen har ingen fixture \"x\"");
}

Test(complaint, a_rule_has_both_languages) {
  cr_expect_str_eq(danish("system.yaml:1:1: unknown key \"x\"; did you mean \"y\"?"),
                   "system.yaml:1:1: ukendt nøgle \"x\"; mente du \"y\"?");
}

Test(complaint, a_finding_is_said_with_its_severity) {
  cr_expect_str_eq(danish("a.yaml:1:2: error: \"steps\" must be a list of steps [protocol.value]"),
                   "a.yaml:1:2: fejl: \"steps\" skal være en liste med teststeps [protocol.value]");
}

Test(complaint, the_cause_and_what_to_do_have_words_of_their_own) {
  cr_expect_str_eq(danish("cannot read x.json: No such file or directory; check the name"),
                   "kan ikke læse x.json: filen eller mappen findes ikke; se navnet efter");
  cr_expect_str_eq(danish("x.tgz is a damaged archive: some words of a library"),
                   "x.tgz er et beskadiget arkiv: some words of a library");
}

Test(complaint, the_sentence_that_says_most_is_meant) {
  cr_expect_str_eq(danish("x cannot be read"), "x kan ikke læses");
  cr_expect_str_eq(danish("fixtures/x cannot be read"), "fixtures/x kan ikke læses");
  cr_expect_str_eq(danish("the match rules fixtures/x cannot be read"),
                   "sammenligningsreglerne fixtures/x kan ikke læses");
}

Test(complaint, what_is_unknown_stays) {
  cr_expect_null(danish(""));
  cr_expect_null(danish("nobody ever said such a thing"));
  cr_expect_null(danish("step 1.1: nobody ever said such a thing"), "a sentence in it is unknown");
  cr_expect_null(danish("a: b: c"));
  cr_expect_null(danish("name: pass"), "a word is no sentence");
}

Test(complaint, the_time_it_takes_has_a_bound) {
  struct buf b;
  buf_init(&b, COMPLAINT_BYTES_MAX + 1);
  while (b.n < COMPLAINT_BYTES_MAX - 8) buf_addz(&b, "x: ; ");
  struct str out, long_one = buf_take(&b, arena);
  for (int i = 0; i < 20; i++) cr_assert(!complaint_in_danish(arena, long_one, &out));
}

/* ---- on a page ---- */

static void expect_page(bool is_danish, const char *complaint, const char *page) {
  struct visit v = {.arena = arena, .danish = is_danish};
  visit_begin_part(&v);
  page_complaint_in(&v, "p", NULL, str_z(complaint));
  cr_expect(str_eqz(buf_str(&v.out), page), "%.*s", STR_F(buf_str(&v.out)));
  buf_release(&v.out);
}

Test(complaint, on_a_danish_page_what_is_known_in_english_alone_is_marked) {
  expect_page(true, "testcamp: there is no such system\n", "<p>det system findes ikke</p>");
  expect_page(true, "testcamp: a <b>new</b> sentence",
              "<p><span lang=\"en\">a &lt;b&gt;new&lt;/b&gt; sentence</span></p>");
  expect_page(true, "there is no such system\nnobody said this\n  as it is",
              "<p>det system findes ikke\n<span lang=\"en\">nobody said this</span>\n  as it is</p>");
  expect_page(true, "", "<p></p>");
}

Test(complaint, a_value_may_have_lines_of_its_own) {
  expect_page(true, "the run has no step \"a\nb\"", "<p>testforløbet har intet teststep &quot;a\nb&quot;</p>");
}

Test(complaint, on_an_english_page_it_stands_as_it_came) {
  expect_page(false, "testcamp: there is no such system\nmore", "<p>there is no such system\nmore</p>");
}

Test(complaint, a_text_that_has_one_language_is_said_in_danish_if_that_is_known) {
  struct visit v = {.arena = arena, .danish = true};
  cr_expect(str_eqz(said_in_both(&v, STR("it cannot be read"), STR("it cannot be read")), "den kan ikke læses"));
  cr_expect(str_eqz(said_in_both(&v, STR("it cannot be read"), STR("noget andet")), "noget andet"));
  cr_expect(str_eqz(said_in_both(&v, STR("m1"), STR("m1")), "m1"));
}

/* ---- the table ---- */

static bool has_place(const char *text, char number) {
  for (const char *p = text; (p = strchr(p, '{')); p++)
    if (p[1] == number && (p[2] == '}' || ((p[2] == '!' || p[2] == '~') && p[3] == '}'))) return true;
  return false;
}

Test(complaint, each_place_in_danish_is_one_in_english) {
  EACH_COMPLAINT(c)
  for (char n = '1'; n <= '9'; n++) cr_expect(!has_place(c->da, n) || has_place(c->en, n), "{%c}: %s", n, c->en);
}

Test(complaint, no_sentence_is_there_twice) {
  struct map seen;
  map_init(&seen, arena);
  EACH_COMPLAINT(c) cr_expect(map_set(&seen, str_z(c->en), arena), "%s", c->en);
}

Test(complaint, each_sentence_is_found_again_as_itself) {
  struct str places[TEMPLATE_PLACES_MAX];
  EACH_COMPLAINT(c)
  cr_expect(template_matches(c->en, str_z(c->en), places), "%s", c->en);
}

/* ---- the sources ---- */

/* What a complaint is made by; the first literal in its brackets is its format. */
static const char *const makers[] = {"error_set", "error_at", "cli_usage", "keys_complain", "fp_error", "fp_fail"};

struct reading {
  struct str text;
  struct buf format; /* literals one behind the other, so far */
  bool literal;
  int places, depth; /* brackets that are open since a maker; 0: none is */
};

static void add_conversion(struct reading *r) {
  buf_printf(&r->format, "{%d}", ++r->places);
}

/* The bytes of a literal: escapes undone, "{n}" for each conversion. */
static void add_literal(struct reading *r, struct str s) {
  r->literal = true;
  for (size_t i = 0; i < s.n; i++) {
    if (s.p[i] == '\\' && i + 1 < s.n) {
      char c = s.p[++i];
      buf_byte(&r->format, c == 'n' ? '\n' : c == 't' ? '\t' : c);
    } else if (s.p[i] == '%' && i + 1 < s.n && s.p[i + 1] == '%') {
      buf_byte(&r->format, s.p[i++]);
    } else if (s.p[i] == '%') {
      size_t end = i + 1 + strspn(s.p + i + 1, "-0 +#*.123456789hljzt");
      if (end >= s.n || !strchr("diouxXcsp", s.p[end])) {
        buf_byte(&r->format, '%');
        continue;
      }
      add_conversion(r);
      i = end;
    } else {
      buf_byte(&r->format, s.p[i]);
    }
  }
}

static void end_format(struct reading *r) {
  if (r->literal) {
    struct str format = arena_str(arena, str_trim(buf_str(&r->format)));
    map_set(&formats, format, arena);
    if (r->depth) VEC_PUSH(arena, &said, format);
  }
  buf_clear(&r->format);
  r->literal = false, r->places = 0;
}

static bool is_maker(struct str word) {
  for (size_t i = 0; i < sizeof makers / sizeof *makers; i++)
    if (str_eqz(word, makers[i])) return true;
  return false;
}

/* A macro beside a literal is one more part of the format: a value for us. */
static void add_word(struct reading *r, struct str word, char next) {
  bool macro = true;
  for (size_t i = 0; i < word.n; i++) macro = macro && !islower((unsigned char)word.p[i]);
  if (macro && isupper((unsigned char)word.p[0])) {
    add_conversion(r);
    return;
  }
  end_format(r);
  if (!r->depth && next == '(' && is_maker(word)) r->depth = 1;
}

static size_t end_of_quote(struct str s, size_t at) {
  char quote = s.p[at++];
  while (at < s.n && s.p[at] != quote) at += s.p[at] == '\\' ? 2 : 1;
  return at < s.n ? at : s.n - 1;
}

static size_t end_of_word(struct str s, size_t at) {
  while (at < s.n && (isalnum((unsigned char)s.p[at]) || s.p[at] == '_')) at++;
  return at;
}

static size_t read_word(struct reading *r, size_t at) {
  size_t end = end_of_word(r->text, at);
  bool opened = r->depth;
  add_word(r, str_sub(r->text, at, end), end < r->text.n ? r->text.p[end] : 0);
  return !opened && r->depth ? end + 1 : end;
}

static size_t read_token(struct reading *r, size_t at) {
  struct str s = r->text, rest = str_sub(s, at, s.n);
  char c = s.p[at];
  if (isspace((unsigned char)c)) return at + 1;
  if (str_starts(rest, STR("/*"))) {
    size_t end = str_find(rest, STR("*/"), 0);
    return end == SIZE_MAX ? s.n : at + end + 2;
  }
  if (c == '"') {
    size_t end = end_of_quote(s, at);
    add_literal(r, str_sub(s, at + 1, end));
    return end + 1;
  }
  if (isalpha((unsigned char)c) || c == '_') return read_word(r, at);
  end_format(r);
  if (c == '\'') return end_of_quote(s, at) + 1;
  if (r->depth) r->depth += (c == '(') - (c == ')');
  return at + 1;
}

static void read_source(const char *path) {
  struct reading r = {.depth = 0};
  struct error e;
  cr_assert_eq(file_read(&r.text, arena, path, (size_t)1 << 20, &e), 0, "%s", e.text);
  buf_init(&r.format, (size_t)1 << 16);
  for (size_t at = 0; at < r.text.n;) at = read_token(&r, at);
  end_format(&r);
  buf_release(&r.format);
}

static void read_room(const char *room) {
  const char *folder = file_join(arena, TEST_ROOT "/harness", room);
  char **names;
  size_t n;
  struct error e;
  cr_assert_eq(file_list(&names, &n, arena, folder, &e), 0, "%s", e.text);
  for (size_t i = 0; i < n; i++)
    if (str_ends(str_z(names[i]), STR(".c")) && !str_starts(str_z(names[i]), STR("complaint_")))
      read_source(file_join(arena, folder, names[i]));
}

/* The test vendor of refvendor complains to nobody at the console. */
static void read_sources(void) {
  static const char *const rooms[] = {"base",     "cli",       "console",  "crypto", "diff",    "endpoint",
                                      "envelope", "fhir",      "formats",  "lint",   "mapping", "net",
                                      "paper",    "plan",      "protocol", "record", "report",  "run",
                                      "seal",     "standards", "state",    "steps",  "store",   "validate"};
  for (size_t i = 0; i < sizeof rooms / sizeof *rooms; i++) read_room(rooms[i]);
}

static bool is_of_a_library(const char *text) {
  if (!strcmp(text, "Unrecognized archive format")) return true; /* libarchive */
  for (int code = 1; code < 134; code++)
    if (!strcmp(text, strerror(code))) return true;
  return false;
}

Test(complaint, each_sentence_stands_in_the_sources) {
  read_sources();
  EACH_COMPLAINT(c)
  cr_expect(map_get(&formats, str_z(c->en)) || is_of_a_library(c->en),
            "the sources have no such sentence any more; correct or remove its row in console/complaint_*.c: %s",
            c->en);
}

/* Formats of which nobody at the console gets to see a sentence. */
static void read_apart(struct map *apart) {
  struct str text;
  struct error e;
  map_init(apart, arena);
  cr_assert_eq(file_read(&text, arena, TEST_DATA "/complaints_apart.txt", (size_t)1 << 20, &e), 0, "%s", e.text);
  while (text.n) {
    struct str line = str_cut(&text, '\n');
    if (line.n && line.p[0] != '#') map_set(apart, line, arena);
  }
}

/* Names and places alone are no sentence. */
static size_t own_letters(struct str format) {
  size_t n = 0, words = 0;
  for (size_t i = 0; i < format.n; i++) {
    n = isalpha((unsigned char)format.p[i]) ? n + 1 : 0;
    words += n == 2;
  }
  return words;
}

Test(complaint, each_sentence_of_the_sources_has_its_danish) {
  struct map known, apart;
  read_sources();
  read_apart(&apart);
  map_init(&known, arena);
  EACH_COMPLAINT(c) map_set(&known, str_z(c->en), arena);
  for (size_t i = 0; i < said.n; i++)
    cr_expect(own_letters(said.v[i]) < 2 || map_get(&known, said.v[i]) || map_get(&apart, said.v[i]),
              "give it its Danish in console/complaint_*.c, or, if nobody at the console can see it, a line in "
              "complaints_apart.txt: %.*s",
              STR_F(said.v[i]));
  for (size_t i = 0; i < apart.n; i++)
    cr_expect(map_get(&formats, apart.entries[i].key), "complaints_apart.txt has what the sources have not: %.*s",
              STR_F(apart.entries[i].key));
}
