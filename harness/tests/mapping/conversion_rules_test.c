/* The table of what stands where: the shipped one, and mistakes in others. */
#include "world.h"

static struct world w;

static void setup(void) {
  world_open(&w);
}
static void teardown(void) {
  world_close(&w);
}
TestSuite(rules, .init = setup, .fini = teardown);

static const struct {
  const char *text;
  int line, col;
  const char *why;
} mistakes[] = {
    {"rows:\n  - {key: a, en: a, da: a, as: text}\n", 2, 5, "source"},
    {"rows:\n  - {key: a, en: a, da: a, as: nonsense, source: s}\n", 2, 5, "no way to read"},
    {"rows:\n  - {key: a, en: a, da: a, as: text, source: s, fhri: b}\n", 2, 49, "unknown key \"fhri\""},
    {"rows:\n  - {key: a, en: a, da: a, as: text, source: s, fhir: 'a..b'}\n", 2, 55, "no FHIRPath"},
    {"rows:\n  - {key: a, en: a, da: a, as: text, source: s, codes: no}\n", 2, 56, "no code list"},
    {"rows:\n  - {key: a, en: a, da: a, as: text, source: s, list: no}\n", 2, 55, "no list"},
    {"rows:\n  - &x {key: a}\n", 2, 5, ""},
    {"codes:\n  c:\n    - {fhir: a}\n", 3, 7, "value is missing"},
    {"families:\n  - {types: [A], sender: B}\n", 2, 5, "a family has"},
    {"lists:\n  - {name: a}\n  - {name: a}\n", 3, 5, "twice"},
    {"rows:\n  - {key: a, en: a, da: a, as: text, source: s}\n  - {key: a, en: a, da: a, as: text, source: s}\n", 3, 5,
     "twice"},
};

Test(rules, mistakes_are_told_with_their_place) {
  for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
    struct conversion_rules *r;
    struct error e = {0};
    cr_expect_eq(conversion_rules_read(&r, w.a, str_z(mistakes[i].text), STR("t.yaml"), &e), -1, "%s",
                 mistakes[i].text);
    cr_expect(e.line == mistakes[i].line && e.col == mistakes[i].col, "%d:%d: %s", e.line, e.col, e.text);
    cr_expect(strstr(e.text, mistakes[i].why), "%s", e.text);
  }
}

/* A row of one format only would compare nothing, unless a conversion needs it. */
Test(rules, every_row_has_a_place_and_a_source) {
  for (size_t i = 0; i < w.rules->rows.n; i++) {
    const struct mapping_row *r = w.rules->rows.v[i];
    size_t places = 0;
    for (size_t f = 0; f < MAPPING_FORMATS_N; f++) places += r->at[f].n;
    cr_expect_gt(places, 0, "%.*s", STR_F(r->key));
    cr_expect(str_starts(r->source, STR("MedCom")) || r->assumption, "%.*s: %.*s", STR_F(r->key), STR_F(r->source));
  }
}

/* What a conversion writes for a code is read back as that code, or one that is written the same. */
Test(rules, codes_are_read_back) {
  for (size_t i = 0; i < w.rules->codes.n; i++) {
    const struct mapping_codes *c = w.rules->codes.v[i];
    for (size_t k = 0; k < c->list.n; k++)
      for (size_t f = 0; f < MAPPING_FORMATS_N; f++) {
        struct str text = mapping_code_text(c, f, c->list.v[k].value);
        const struct mapping_code *back = mapping_code_of(c, f, text);
        if (!c->list.v[k].in[f].n) continue;
        cr_expect(back && str_eq(mapping_code_text(c, f, back->value), text), "%.*s: %.*s", STR_F(c->name),
                  STR_F(c->list.v[k].value));
      }
  }
}

Test(rules, what_is_no_letter_is_refused) {
  static const char *const texts[] = {"", "{}", "<a/>", "UNA:+.? '", "<Emessage/>", "{\"resourceType\": \"Patient\"}"};
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
    struct correspondence c;
    struct error e = {0};
    cr_expect_eq(correspondence_read(&c, w.a, w.rules, (struct source){STR("x"), str_z(texts[i])}, &e), -1, "%s",
                 texts[i]);
    cr_expect(e.text[0]);
  }
}

Test(rules, a_glance_tells_what_a_letter_refers_to_and_what_a_receipt_answers) {
  struct convert_glance g;
  cr_assert_eq(convert_glance(&g, w.a, w.rules, world_data(&w, "xdis91.xml")), 0);
  cr_expect(str_eqz(g.type, "XDIS91") && str_eqz(g.version, "XD9134L") && str_eqz(g.patient, "2512489996"));
  cr_expect_eq(g.objects.n, 2);
  cr_assert_eq(convert_glance(&g, w.a, w.rules, world_data(&w, "xbin01.xml")), 0);
  cr_expect(str_eqz(g.type, "XBIN01") && g.objects.n == 2);
  cr_expect(str_eqz(g.objects.v[0], "5b1f6d2a3c4e4f708192a3b4c5d6e7f8"));
  cr_expect_eq(convert_glance(&g, w.a, w.rules, (struct source){STR("x"), STR("<a/>")}), -1);
}
