#include "standards/letters.h"

#include <criterion/criterion.h>

#define NS_2006 "http://rep.oio.dk/sundcom.dk/medcom.dk/xml/schemas/2006/07/01/"

static const struct letters *shipped(struct arena *a) {
  struct letters *l;
  struct error e;
  cr_assert_eq(letters_load(&l, a, TEST_ROOT, &e), 0, "%s:%d: %s", e.file, e.line, e.text);
  return l;
}

Test(letters, look_up) {
  struct arena *a = arena_new(0);
  const struct letters *l = shipped(a);
  const struct letter_type *t = letters_of_version(l, STR("D9134L"));
  cr_assert_not_null(t);
  cr_assert_eq(t, letters_of_version_code(l, STR("XD9134L")));
  cr_assert_eq(t, letters_of_element(l, STR(NS_2006), STR("ClinicalEmail")));
  cr_assert(str_eqz(t->type, "DIS91"));
  cr_assert(str_eqz(t->message, "MEDDIS:D:93A:UN"));
  cr_assert(str_eqz(t->type_code, "XDIS91"));
  cr_assert(str_eqz(t->xml.revision, "2006-07-01"));
  cr_assert(t->edifact.current && t->xml.current);
  cr_assert_null(letters_of_version(l, STR("XD9134L")));
  cr_assert_null(letters_of_version(l, (struct str){0}));
  arena_free(a);
}

Test(letters, rows_of_a_type_come_in_order) {
  struct arena *a = arena_new(0);
  const struct letters *l = shipped(a);
  const struct letter_type *old = letters_of_type(l, STR("XDIS91"), NULL), *t = letters_of_type(l, STR("DIS91"), old);
  cr_assert(old && t);
  cr_assert(str_eqz(old->edifact.version, "D9133L"));
  cr_assert(str_eqz(t->edifact.version, "D9134L"));
  cr_assert_null(letters_of_type(l, STR("DIS91"), t));
  arena_free(a);
}

/* legacy.md 2.3, 3.7 and 6: what is public of a version, and whose structure it then is. */
Test(letters, fidelity) {
  static const struct {
    const char *type, *version;
    bool xml;
    enum letter_fidelity fidelity;
    const char *from;
  } rows[] = {{"DIS91", "D9134L", false, LETTER_FULL, "D9134L"},   {"DIS01", "D0134L", false, LETTER_OLDER, "D0133L"},
              {"DIS16", "XD1634C", true, LETTER_OLDER, "XD1630C"}, {"REF07", "XH0732R", true, LETTER_OLDER, "XH0731R"},
              {"REF08", "H0832R", false, LETTER_NONE, ""},         {"RUC05", "U0531U", false, LETTER_NONE, ""},
              {"RUC09", "U0935U", false, LETTER_NONE, ""},         {"BIN02", "XB0210X", true, LETTER_NONE, ""},
              {"DIS15", "XD1534L", true, LETTER_NONE, ""},         {"DIS21", "XD2134C", true, LETTER_NONE, ""},
              {"DIS22", "XD2230L", true, LETTER_NONE, ""},         {"REF15", "XH1530R", true, LETTER_NONE, ""},
              {"REF22", "XH2230R", true, LETTER_NONE, ""}};
  struct arena *a = arena_new(0);
  const struct letters *l = shipped(a);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct str version = str_z(rows[i].version);
    const struct letter_type *t = rows[i].xml ? letters_of_version_code(l, version) : letters_of_version(l, version);
    cr_assert_not_null(t, "%s", rows[i].version);
    const struct letter_form *f = rows[i].xml ? &t->xml : &t->edifact;
    cr_expect(str_eqz(t->type, rows[i].type), "%s", rows[i].version);
    cr_expect_eq(f->fidelity, rows[i].fidelity, "%s", rows[i].version);
    cr_expect(str_eqz(f->from, rows[i].from), "%s", rows[i].version);
  }
  arena_free(a);
}

/* A structure that is known by another version's name is that of a row, of the same type, in which it is known. */
Test(letters, older_structures_are_those_of_a_row) {
  struct arena *a = arena_new(0);
  const struct letters *l = shipped(a);
  for (size_t i = 0; i < l->list.n; i++) {
    const struct letter_type *t = &l->list.v[i], *of;
    if (t->edifact.fidelity == LETTER_OLDER) {
      of = letters_of_version(l, t->edifact.from);
      cr_expect(of && str_eq(of->type, t->type) && of->edifact.fidelity == LETTER_FULL, "%.*s", STR_F(t->type));
    }
    if (t->xml.fidelity == LETTER_OLDER) {
      of = letters_of_version_code(l, t->xml.from);
      cr_expect(of && str_eq(of->element, t->element) && of->xml.fidelity == LETTER_FULL, "%.*s", STR_F(t->type));
    }
    cr_expect(t->xml.fidelity < LETTER_FULL || t->namespaces.n, "%.*s has a schema and no namespace", STR_F(t->type));
  }
  arena_free(a);
}

Test(letters, folders_of_namespaces) {
  static const char *const rows[][2] = {{NS_2006, "2006/07/01"},
                                        {"http://rep.oio.dk/medcom.dk/xml/schemas/2014/10/08/", "2014/10/08"},
                                        {"urn:oio:medcom:municipality:1.0.4", "municipality/1.0.4"},
                                        {"http://hl7.org/fhir", ""},
                                        {"", ""}};
  struct arena *a = arena_new(0);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    cr_expect(str_eqz(letter_namespace_dir(a, str_z(rows[i][0])), rows[i][1]), "%s", rows[i][0]);
  arena_free(a);
}

#define GOOD                                                                                                           \
  "DIS91\tD1\tMEDDIS:D:93A:UN\tDIS91\tfull\tD1\t2006-07-01\tXD1\tXDIS91\tXDIS91\tA\turn:a\tnone\t-\t-"                 \
  "\tboth\td\te\ts\n"

Test(letters, mistakes_are_told_with_their_line) {
  static const struct {
    const char *text;
    int line;
    const char *why;
  } rows[] = {
      {"# a\nDIS91\tD1\n", 2, "columns"},
      {GOOD GOOD, 2, "already"},
      {"DIS91\tD1\tM\tF\tgood\tD1\t2006\t-\t-\t-\t-\t-\t-\t-\t-\tno\td\te\ts\n", 1, "fidelity"},
      {"DIS91\tD1\tM\tF\tfull\tD2\t2006\t-\t-\t-\t-\t-\t-\t-\t-\tno\td\te\ts\n", 1, "same version"},
      {"DIS91\tD1\tM\tF\tfull\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\tno\td\te\ts\n", 1, "revision"},
      {"DIS91\tD1\tM\tF\tnone\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\txml\td\te\ts\n", 1, "current"},
      {"DIS91\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\tno\td\te\ts\n", 1, "no form"},
      {"DIS91\tD1\t\tF\tnone\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\tno\td\te\ts\n", 1, "empty column"},
      {"DIS91\tD1\tM\tF\tnone\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\tno\t\xe6\te\ts\n", 1, "UTF-8"},
  };
  struct arena *a = arena_new(0);
  struct letters *l;
  struct error e;
  cr_assert_eq(letters_read(&l, a, (struct source){STR("x"), STR(GOOD)}, &e), 0, "%s", e.text);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    cr_expect_eq(letters_read(&l, a, (struct source){STR("x"), str_z(rows[i].text)}, &e), -1, "%zu", i);
    cr_expect_eq(e.line, rows[i].line, "%zu", i);
    cr_expect_neq(str_find(str_z(e.text), str_z(rows[i].why), 0), SIZE_MAX, "%zu: %s", i, e.text);
  }
  arena_free(a);
}
