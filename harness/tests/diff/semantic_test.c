/* Letters compared by meaning: MedCom's pairs are equal, and every element that is changed is found. */
#include "base/file.h"
#include "diff/semantic.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#define SAMPLES "legacy/edi-oioxml/test/complete/files"
#define LETTER TEST_ROOT "/harness/tests/data/mapping/xdis91.xml"
#define FILE_MAX ((size_t)64 << 20)

static struct arena *a;
static struct conversion_rules *rules;

static void setup(void) {
  struct error e;
  a = arena_new(0);
  cr_assert_eq(conversion_rules_load(&rules, a, TEST_ROOT, &e), 0, "%s", e.text);
}
static void teardown(void) {
  arena_free(a);
}
TestSuite(semantic, .init = setup, .fini = teardown);

static struct str bytes_of(const char *path) {
  struct error e;
  struct str s;
  cr_assert_eq(file_read(&s, a, path, FILE_MAX, &e), 0, "%s: %s", path, e.text);
  return s;
}

static struct correspondence letter(const char *name, struct str bytes) {
  struct correspondence c;
  struct error e;
  cr_assert_eq(correspondence_read(&c, a, rules, (struct source){str_z(name), bytes}, &e), 0, "%s: %s", name, e.text);
  return c;
}

static size_t compare(struct findings *f, struct str expected, struct str actual) {
  struct correspondence x = letter("expected", expected), y = letter("actual", actual);
  findings_init(f, a);
  return diff_semantic(f, &x, &y);
}

static struct str replaced(struct str s, const char *from, const char *to) {
  size_t at = str_find(s, str_z(from), 0);
  cr_assert_neq(at, SIZE_MAX, "%s", from);
  return arena_printf(a, "%.*s%s%.*s", STR_F(str_sub(s, 0, at)), to, STR_F(str_sub(s, at + strlen(from), s.n)));
}

static bool covered(const char *name) {
  return strncmp(name, "PRE", 3) != 0 && strncmp(name, "REQ", 3) != 0;
}

Test(semantic, medcoms_pairs_of_edifact_and_oioxml_say_the_same) {
  const char *set = getenv("TESTCAMP_SHARED"), *shared = set ? set : TEST_ROOT "/../shared";
  const char *folder = file_join(a, shared, SAMPLES "/xml");
  struct error e;
  char **names;
  size_t n, compared = 0;
  if (!file_is_dir(folder)) cr_skip_test("MedCom's samples are not here");
  cr_assert_eq(file_list(&names, &n, a, folder, &e), 0);
  for (size_t i = 0; i < n; i++) {
    struct findings f;
    char *stem = arena_z(a, str_sub(str_z(names[i]), 0, strlen(names[i]) - 4));
    if (!covered(stem)) continue;
    const char *edi = file_join(a, shared, arena_printf(a, SAMPLES "/edifact/%s.edi", stem).p);
    size_t differences = compare(&f, bytes_of(edi), bytes_of(file_join(a, folder, names[i])));
    cr_expect_eq(differences, 0, "%s: %.*s", stem, STR_F(f.list.n ? f.list.v[0].en : STR("")));
    compared++;
  }
  cr_expect_eq(compared, 32);
}

static const struct {
  const char *from, *to, *rule, *path;
} changes[] = {
    {"2512489996", "2512489997", "diff.semantic.value", "CivilRegistrationNumber"},
    {"<PersonGivenName>Nancy Ann</PersonGivenName>", "", "diff.semantic.missing", ""},
    {"<PersonGivenName>Nancy Ann</PersonGivenName>", "<PersonGivenName>Nancy</PersonGivenName>", "diff.semantic.value",
     "PersonGivenName"},
    {"<Subject>Sår", "<Subject>Saar", "diff.semantic.value", "Subject"},
    {"<Time>09:30</Time>", "<Time>09:32</Time>", "diff.semantic.value", "Authorisation"},
    {"<IdentifierCode>sorkode", "<IdentifierCode>ydernummer", "diff.semantic.system", "Sender/Identifier"},
    {"indlagt", "ambulant", "diff.semantic.value", "EpisodeOfCareStatusCode"},
    {"inden fredag", "inden lørdag", "diff.semantic.value", "Text01"},
    {"<RefDescription>Sårskema", "<RefDescription>Skema", "diff.semantic.value", "RefDescription"},
    {"<StreetName>Omsorgsvej 12</StreetName>", "<StreetName>Omsorgsvej 12</StreetName><SuburbName>Nord</SuburbName>",
     "diff.semantic.extra", "SuburbName"},
};

Test(semantic, what_is_changed_is_found_where_it_stands) {
  struct str text = bytes_of(LETTER);
  for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
    struct findings f;
    cr_expect_geq(compare(&f, text, replaced(text, changes[i].from, changes[i].to)), 1, "%s", changes[i].to);
    cr_assert_geq(f.list.n, 1, "%s", changes[i].to);
    const struct finding *one = &f.list.v[0];
    cr_expect(str_eqz(one->rule, changes[i].rule), "%s: %.*s", changes[i].to, STR_F(one->rule));
    cr_expect(str_ends(one->where.path, str_z(changes[i].path)) ||
                  str_find(one->where.path, str_z(changes[i].path), 0) != SIZE_MAX,
              "%s: %.*s", changes[i].to, STR_F(one->where.path));
    cr_expect(!*changes[i].path || one->where.line > 0);
  }
}

Test(semantic, formatting_of_text_and_blanks_do_not_count) {
  struct str text = bytes_of(LETTER);
  struct findings f;
  cr_expect_eq(compare(&f, text, replaced(text, "større siden", "<Bold>større</Bold>  siden")), 0);
  cr_expect_eq(compare(&f, text, replaced(text, "<Subject>Sår på", "<Subject> Sår  på")), 0);
}

Test(semantic, attachments_in_another_order_are_told_as_such) {
  struct str text = bytes_of(LETTER);
  size_t from = str_find(text, STR("<Reference>"), 0), to = str_find(text, STR("</ClinicalEmail>"), 0);
  struct str both = str_sub(text, from, to);
  size_t second = str_find(both, STR("<Reference>"), 5);
  struct str turned =
      arena_printf(a, "%.*s%.*s%.*s%.*s", STR_F(str_sub(text, 0, from)), STR_F(str_sub(both, second, both.n)),
                   STR_F(str_sub(both, 0, second)), STR_F(str_sub(text, to, text.n)));
  struct findings f;
  cr_expect_eq(compare(&f, text, turned), 0);
  cr_assert_eq(f.list.n, 1);
  cr_expect(str_eqz(f.list.v[0].rule, "diff.semantic.order"));
}

Test(semantic, sections_that_are_divided_otherwise_are_told_as_such) {
  struct str text = bytes_of(LETTER);
  struct str one = replaced(text, "</Text01></ClinicalInformation>\n    <ClinicalInformation><Text01>", "<Break/>");
  struct findings f;
  cr_expect_eq(compare(&f, text, one), 0);
  cr_assert_eq(f.list.n, 1);
  cr_expect(str_eqz(f.list.v[0].rule, "diff.semantic.divided"));
}

/* The bare beginning of a CareCommunication, for its times. */
static struct str message(const char *timestamp) {
  return arena_printf(
      a,
      "{\"resourceType\": \"Bundle\", \"type\": \"message\", \"timestamp\": \"%s\", \"entry\": [{\"resource\": "
      "{\"resourceType\": \"MessageHeader\", \"eventCoding\": {\"code\": \"care-communication-message\"}}}]}",
      timestamp);
}

Test(semantic, an_instant_in_another_zone_is_the_same_and_a_clock_time_without_its_zone_is_not) {
  struct findings f;
  struct str letter_text = bytes_of(LETTER);
  compare(&f, letter_text, message("2026-07-14T07:31:00Z"));
  bool zone = false, clock = false;
  for (size_t i = 0; i < f.list.n; i++) zone |= str_eqz(f.list.v[i].rule, "diff.semantic.zone");
  cr_expect(zone);
  compare(&f, letter_text, message("2026-07-14T09:31:00Z"));
  for (size_t i = 0; i < f.list.n; i++) clock |= str_eqz(f.list.v[i].rule, "diff.semantic.clock");
  cr_expect(clock);
}
