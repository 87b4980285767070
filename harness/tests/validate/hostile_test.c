/* Bad input, made here: messages that are large in one way, and definitions from a stranger. Judged by the shipped
 * facts. Each has to end with a finding that says why, within the time of ctest (Criterion
 * leaks in its own process when several tests have a time, which CI takes for ours); sizes are such that what is
 * quadratic would not. */
#include <criterion/criterion.h>
#include <time.h>

#include "base/file.h"
#include "fhir/facts.h"
#include "validate/profile.h"
#include "validate/validate.h"

#define MADE_MAX ((size_t)256 << 20)
#define PATIENT                                                                                                        \
  "{\"resourceType\":\"Patient\",\"gender\":\"other\",\"identifier\":[{\"system\":\"http://x/i\",\"value\":\"1\"}]}"
#define PROFILE_HEAD                                                                                                   \
  "{\"resourceType\":\"StructureDefinition\",\"url\":\"http://x/p\",\"type\":\"Patient\",\"kind\":\"resource\","       \
  "\"derivation\":\"constraint\",\"baseDefinition\":\"http://hl7.org/fhir/StructureDefinition/Patient\","

struct world {
  struct arena *arena;
  struct book *book;
  struct shapes *shapes;
  struct buf made;
};

static struct world world_open(void) {
  struct world w = {.arena = arena_new(0)};
  struct error e = {0};
  w.book = book_new(w.arena);
  cr_assert_eq(book_add_facts(w.book, TEST_ROOT "/" FACTS_PACKAGES, &e), 0, "%s", e.text);
  cr_assert_eq(shapes_read(&w.shapes, w.arena, TEST_ROOT, &e), 0, "%s", e.text);
  buf_init(&w.made, MADE_MAX);
  return w;
}

static void world_close(struct world *w) {
  buf_release(&w->made);
  arena_free(w->arena);
}

/* Judges bytes against a profile (may be NULL) and those it names. */
static struct findings judged(struct world *w, struct str bytes, const char *profile) {
  struct findings f;
  struct message m;
  struct str url = str_z(profile ? profile : "");
  struct profile_options o = {
      .cache = profile_cache_new(w->arena, w->book, w->shapes), .profiles = &url, .profiles_n = url.n > 0};
  findings_init(&f, w->arena);
  message_read(&m, w->arena, (struct source){STR("made"), bytes});
  validate_message(&m, VALIDATE_WELLFORMED, NULL, &f);
  if (m.resource) profile_validate(&f, w->arena, m.resource, STR("made"), &o);
  return f;
}

static const struct finding *find(const struct findings *f, const char *rule, const char *text) {
  for (size_t i = 0; i < f->list.n; i++)
    if (str_eqz(f->list.v[i].rule, rule) && str_find(f->list.v[i].en, str_z(text), 0) != SIZE_MAX) return &f->list.v[i];
  return NULL;
}

static void expect(const struct findings *f, const char *rule, const char *text, const char *what) {
  const struct finding *found = find(f, rule, text);
  cr_expect(found && found->where.line > 0 && found->where.col > 0, "%s: no %s with \"%s\" and a place", what, rule,
            text);
}

/* n times the text, in which the first %zu is the number, separated by commas. */
static void repeat(struct buf *out, size_t n, const char *text) {
  struct str all = str_z(text);
  size_t at = str_find(all, STR("%zu"), 0);
  for (size_t i = 0; i < n; i++) {
    if (i) buf_addz(out, ",");
    buf_add(out, str_sub(all, 0, at));
    if (at != SIZE_MAX) buf_printf(out, "%zu%.*s", i, STR_F(str_sub(all, at + 3, all.n)));
  }
}

static struct findings judged_many(struct world *w, const char *head, size_t n, const char *text, const char *tail) {
  buf_addz(&w->made, head);
  repeat(&w->made, n, text);
  buf_addz(&w->made, tail);
  return judged(w, buf_str(&w->made), NULL);
}

Test(hostile, many_entries) {
  struct world w = world_open();
  struct findings f =
      judged_many(&w, "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[", 20000,
                  "{\"fullUrl\":\"http://x/Basic/%zu\",\"resource\":{\"resourceType\":\"Basic\"}}", "]}");
  const struct finding *found = find(&f, "profile.minimum", "Basic.code");
  cr_assert(found);
  cr_expect(str_eqz(found->where.path, "Bundle.entry[0].resource"), "%.*s", STR_F(found->where.path));
  cr_expect_gt(f.dropped, 15000);
  bool later = false;
  for (size_t i = 0; i < f.list.n; i++) later = later || str_eqz(f.list.v[i].where.path, "Bundle.entry[100].resource");
  cr_expect(later, "the places count on");
  world_close(&w);
}

Test(hostile, many_contained) {
  struct world w = world_open();
  buf_addz(&w.made, "{\"resourceType\":\"Patient\",\"generalPractitioner\":[");
  repeat(&w.made, 10000, "{\"reference\":\"#o%zu\"}");
  struct findings f = judged_many(&w, "],\"contained\":[", 10001,
                                  "{\"resourceType\":\"Organization\",\"name\":\"O\",\"id\":\"o%zu\"}", "]}");
  expect(&f, "profile.invariant", "dom-3", "the last is not referred to");
  world_close(&w);
}

Test(hostile, contained_is_used) {
  static const struct {
    const char *rest;
    bool used;
  } cases[] = {
      {"\"link\":[{\"other\":{\"reference\":\"#o\"},\"type\":\"refer\"}]", true},
      {"\"link\":[{\"other\":{\"reference\":\"#o2\"},\"type\":\"refer\"}]", false},
      {"\"text\":{\"status\":\"generated\",\"div\":\"<div xmlns='http://www.w3.org/1999/xhtml'><a "
       "href='#o'>o</a></div>\"}",
       true},
      {"\"text\":{\"status\":\"generated\",\"div\":\"<div xmlns='http://www.w3.org/1999/xhtml'><a "
       "href='#o2'>o</a></div>\"}",
       false},
      {"\"active\":true", false},
  };
  struct world w = world_open();
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct str bytes =
        arena_printf(w.arena,
                     "{\"resourceType\":\"Patient\",%s,\"contained\":[{\"resourceType\":\"Organization\","
                     "\"id\":\"o\",\"name\":\"O\",\"partOf\":{\"reference\":\"#o\"}}]}",
                     cases[i].rest);
    struct findings f = judged(&w, bytes, NULL);
    cr_expect_eq(find(&f, "profile.invariant", "dom-3") == NULL, cases[i].used, "%s", cases[i].rest);
  }
  world_close(&w);
}

Test(hostile, many_names_and_profiles) {
  struct world w = world_open();
  struct findings f = judged_many(&w, "{\"resourceType\":\"Patient\",", 50000, "\"k%zu\":1", "}");
  expect(&f, "profile.element-unknown", "k0", "unknown elements");
  buf_clear(&w.made);
  f = judged_many(&w, "{\"resourceType\":\"Patient\",\"meta\":{\"profile\":[", 50000, "\"http://none/%zu\"", "]}}");
  expect(&f, "profile.unknown", "http://none/0", "unknown profiles");
  world_close(&w);
}

/* Resources in each other, as deep as the reader lets them be. */
Test(hostile, nested_resources) {
  static const char *const forms[][2] = {
      {"{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[{\"resource\":", "}]}"},
      {"{\"resourceType\":\"Patient\",\"id\":\"a\",\"contained\":[", "]}"}};
  for (size_t i = 0; i < 2; i++) {
    struct world w = world_open();
    for (size_t k = 0; k < 50; k++) buf_addz(&w.made, forms[i][0]);
    buf_addz(&w.made, "{\"resourceType\":\"Basic\"}");
    for (size_t k = 0; k < 50; k++) buf_addz(&w.made, forms[i][1]);
    struct findings f = judged(&w, buf_str(&w.made), NULL);
    expect(&f, "profile.minimum", "Basic.code", forms[i][0]);
    world_close(&w);
  }
}

/* --- definitions ------------------------------------------------------------------ */

static void add(struct world *w, struct str definition) {
  struct findings f;
  struct node *n;
  enum resource_form form;
  struct error e = {0};
  findings_init(&f, w->arena);
  cr_assert_eq(resource_read(&n, &form, w->arena, (struct source){STR("made"), definition}, &f), 0);
  cr_assert_eq(book_add_resource(w->book, n, STR("made"), &e), 0, "%s", e.text);
}

Test(hostile, broken_definitions) {
  static const struct {
    const char *rest, *rule, *text;
  } cases[] = {
      {"\"differential\":{\"element\":[{\"path\":\"Patient.name\",\"min\":-1}]}}", "profile.broken",
       "Patient.name: min"},
      {"\"differential\":{\"element\":[{\"path\":\"Patient.name\",\"max\":\"x\"}]}}", "profile.broken", "no number"},
      {"\"differential\":{\"element\":[{\"path\":\"Patient.name\",\"min\":99999999999}]}}", "profile.broken",
       "no number"},
      {"\"differential\":{\"element\":[{\"min\":1}]}}", "profile.broken", "empty path"},
      {"\"differential\":{\"element\":[{\"path\":\"Patient.foo\"}]}}", "profile.broken", "foo below Patient"},
      {"\"snapshot\":{\"element\":[{\"min\":1}]}}", "profile.broken", "without a path"},
      {"\"snapshot\":{\"element\":[{\"path\":\"Patient\"},{\"path\":\"Patient.a.b\"}]}}", "profile.broken",
       "whose parent"},
      {"\"differential\":{\"element\":[{\"path\":\"Patient.name\",\"min\":5,\"max\":\"2\"}]}}", "profile.minimum",
       "at least 5"},
      {"\"differential\":{\"element\":[{\"path\":\"Patient\",\"constraint\":[{\"key\":\"k\",\"severity\":\"error\","
       "\"expression\":\"name.where(\"}]}]}}",
       "profile.invariant-undecided", "at character 12"},
      {"\"differential\":{\"element\":[{\"path\":\"Patient\",\"constraint\":[{\"key\":\"k\",\"severity\":\"error\","
       "\"expression\":\"'a'.matches('[(')\"}]}]}}",
       "profile.invariant-undecided", "regular expression"},
      {"\"differential\":{\"element\":[{\"path\":\"Patient.identifier\",\"slicing\":{\"discriminator\":[{\"type\":"
       "\"value\",\"path\":\"foo(\"}],\"rules\":\"closed\"}},{\"path\":\"Patient.identifier\",\"sliceName\":\"a\"}]}}",
       "profile.slice-undecided", "foo("},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct world w = world_open();
    add(&w, arena_printf(w.arena, PROFILE_HEAD "%s", cases[i].rest));
    struct findings f = judged(&w, STR(PATIENT), "http://x/p");
    expect(&f, cases[i].rule, cases[i].text, cases[i].rest);
    world_close(&w);
  }
}

/* Sixteen value sets that each include all others: as many ways as no computer walks. */
Test(hostile, value_sets_in_every_way) {
  struct world w = world_open();
  for (size_t i = 0; i < 16; i++) {
    buf_clear(&w.made);
    buf_printf(&w.made, "{\"resourceType\":\"ValueSet\",\"url\":\"http://v/%zu\",\"compose\":{\"include\":[", i);
    repeat(&w.made, 16, "{\"valueSet\":[\"http://v/%zu\"]}");
    buf_addz(&w.made, "]}}");
    add(&w, buf_take(&w.made, w.arena));
    buf_init(&w.made, MADE_MAX);
  }
  add(&w, STR(PROFILE_HEAD "\"differential\":{\"element\":[{\"path\":\"Patient.gender\",\"binding\":{\"strength\":"
                           "\"required\",\"valueSet\":\"http://v/0\"}}]}}"));
  struct findings f = judged(&w, STR(PATIENT), "http://x/p");
  expect(&f, "profile.binding-undecided", "TERMINOLOGY_ASKS_MAX", "value sets");
  world_close(&w);
}

Test(hostile, imposed_profiles_without_end) {
  struct world w = world_open();
  for (size_t i = 0; i < 400; i++)
    add(&w, arena_printf(w.arena,
                         "{\"resourceType\":\"StructureDefinition\",\"url\":\"http://x/%zu\",\"type\":\"Patient\","
                         "\"kind\":\"resource\",\"derivation\":\"constraint\",\"baseDefinition\":\"http://hl7.org/fhir/"
                         "StructureDefinition/Patient\",\"extension\":[{\"url\":\"http://hl7.org/fhir/"
                         "StructureDefinition/structuredefinition-imposeProfile\",\"valueCanonical\":\"http://x/%zu\"}]"
                         "}",
                         i, i + 1));
  struct findings f = judged(&w, STR(PATIENT), "http://x/0");
  expect(&f, "profile.limit", "PROFILE_DEPTH_MAX", "imposed profiles");
  world_close(&w);
}

/* A snapshot of 10 000 slices that nothing tells apart, and 3 000 repetitions. */
Test(hostile, slices_that_nothing_tells_apart) {
  struct world w = world_open();
  buf_addz(&w.made, PROFILE_HEAD "\"snapshot\":{\"element\":[{\"path\":\"Patient\"},{\"path\":\"Patient.identifier\","
                                 "\"slicing\":{\"discriminator\":[{\"type\":\"value\",\"path\":\"system\"}],\"rules\":"
                                 "\"open\"}},");
  repeat(&w.made, 10000, "{\"path\":\"Patient.identifier\",\"sliceName\":\"s%zu\"}");
  buf_addz(&w.made, "]}}");
  add(&w, buf_take(&w.made, w.arena));
  buf_init(&w.made, MADE_MAX);
  buf_addz(&w.made, "{\"resourceType\":\"Patient\",\"identifier\":[");
  repeat(&w.made, 3000, "{\"value\":\"%zu\"}");
  buf_addz(&w.made, "]}");
  struct findings f = judged(&w, buf_str(&w.made), "http://x/p");
  expect(&f, "profile.slice-undecided", "Patient.identifier", "slices");
  cr_expect(findings_count(&f, SEV_UNDECIDED) >= 3000);
  world_close(&w);
}

#define LETTERS_NS "http://rep.oio.dk/sundcom.dk/medcom.dk/xml/schemas/2005/08/07/"
#define LETTERS_N 50000

/* An Emessage of many of one thing, with what stands behind them. */
static struct findings judged_letters(struct world *w, const char *before, const char *each, const char *after) {
  struct findings f;
  struct message m;
  buf_printf(&w->made, "<Emessage xmlns='" LETTERS_NS "'>%s", before);
  for (int i = 0; i < LETTERS_N; i++) buf_printf(&w->made, each, i);
  buf_printf(&w->made, "%s</Emessage>", after);
  findings_init(&f, w->arena);
  message_read(&m, w->arena, (struct source){STR("made"), buf_str(&w->made)});
  validate_message(&m, VALIDATE_BUNDLE, NULL, &f);
  return f;
}

Test(hostile, an_emessage_of_very_many_letters) {
  struct world w = world_open();
  struct findings f = judged_letters(&w, "",
                                     "<ClinicalEmail><Letter><VersionCode>XD9133L</VersionCode><Authorisation><Date>%d"
                                     "</Date></Authorisation></Letter></ClinicalEmail>",
                                     "");
  cr_expect_not_null(find(&f, "oioxml.element.missing", "Envelope"));
  cr_expect_eq(f.list.n, FINDINGS_MAX);
  world_close(&w);
}

Test(hostile, references_to_very_many_objects) {
  struct world w = world_open();
  struct findings f = judged_letters(
      &w,
      "<BinaryLetter><BinaryObject><ObjectIdentifier>A</ObjectIdentifier></BinaryObject></BinaryLetter><ClinicalEmail>",
      "<Reference><BIN><ObjectIdentifier>B%d</ObjectIdentifier></BIN></Reference>", "</ClinicalEmail>");
  cr_expect_not_null(find(&f, "oioxml.reference", "50000"));
  cr_expect_not_null(find(&f, "oioxml.reference.object", "B1"));
  world_close(&w);
}

Test(hostile, a_letter_of_what_does_not_belong_there) {
  struct world w = world_open();
  struct findings f = judged_letters(&w, "<ClinicalEmail><Letter><VersionCode>XD9133L</VersionCode></Letter>",
                                     "<Patient/><Receiver/><Foo%d/>", "</ClinicalEmail>");
  cr_expect_not_null(find(&f, "oioxml.element.repeated", "Patient"));
  cr_expect_not_null(find(&f, "oioxml.element.unknown", "Foo1"));
  world_close(&w);
}

/* ---- EDIFACT ---- */

#define LETTER_HEAD "UNB+UNOC:3+5790000000012:14+5790000000029:14+261129:0930+K1'UNH+1+MEDDIS:D:93A:UN:D9134L+DIS91'"
#define LETTER_TAIL "UNT+2+1'UNZ+1+K1'"
/* What is linear takes a fraction of a second, and what is not minutes. */
#define EDIFACT_SECONDS_MAX 40

static struct findings edifact_judged(struct world *w) {
  time_t start = time(NULL);
  buf_addz(&w->made, LETTER_TAIL);
  struct findings f;
  struct message m;
  findings_init(&f, w->arena);
  message_read(&m, w->arena, (struct source){STR("made"), buf_str(&w->made)});
  validate_as_found(&m, NULL, &f);
  cr_expect_leq(time(NULL) - start, EDIFACT_SECONDS_MAX);
  return f;
}

Test(hostile, a_fault_in_each_of_many_segments) {
  struct world w = world_open();
  buf_addz(&w.made, LETTER_HEAD);
  for (int i = 0; i < 50000; i++) buf_printf(&w.made, "S07+07'PNA+PAT+111111111%d:CPR'", i % 10);
  struct findings f = edifact_judged(&w);
  size_t paths = 0, of_numbers = 0;
  for (size_t i = 0; i < f.list.n; i++)
    if (f.list.v[i].where.line == 1) of_numbers++, paths += f.list.v[i].where.path.n > 0;
  cr_expect_eq(f.list.n, FINDINGS_MAX);
  cr_expect_gt(paths, 20);
  cr_expect_lt(paths, of_numbers / 2, "%zu of %zu", paths, of_numbers);
  world_close(&w);
}

/* Each size leads into blanks that all have in common. */
Test(hostile, octets_that_end_in_blanks) {
  enum { FILES = 5000, BLANKS = 8000000, HEAD = 34, EACH = 43 };
  struct world w = world_open();
  buf_addz(&w.made, LETTER_HEAD);
  for (int i = 0; i < FILES; i++)
    buf_printf(&w.made, "UNO+1+AID:1+OBJ:x+%08d:14:1:A'xUNP+1+1'", (FILES - i) * EACH - HEAD + 10);
  for (int i = 0; i < BLANKS; i++) buf_byte(&w.made, ' ');
  struct findings f = edifact_judged(&w);
  cr_expect(find(&f, "edifact.octets-count", ""));
  world_close(&w);
}

Test(hostile, references_to_many_files) {
  struct world w = world_open();
  buf_addz(&w.made, LETTER_HEAD);
  for (int i = 0; i < 1000; i++) buf_printf(&w.made, "UNO+1+AID:a-%d+OBJ:x+1:14:1:A'xUNP+1+1'", i);
  for (int i = 0; i < 50000; i++) buf_printf(&w.made, "FTX+BIN+++x:B-%d:pdf:1:1'", i);
  edifact_judged(&w);
  world_close(&w);
}
