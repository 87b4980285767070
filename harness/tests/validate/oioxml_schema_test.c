/* Letters by a folder of schemas: what is wrong with the folder, and where a finding stands. The schemas here are small
 * ones of our own. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "tests/validate/shared.h"
#include "validate/letter_shelf.h"

#define NS "http://rep.oio.dk/sundcom.dk/medcom.dk/xml/schemas/2006/07/01/"
#define HEAD                                                                                                           \
  "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' xmlns='" NS "' targetNamespace='" NS                         \
  "' elementFormDefault='qualified'>"
#define LETTER                                                                                                         \
  "<xs:element name='Emessage'><xs:complexType><xs:sequence>"                                                          \
  "<xs:element name='Day' type='xs:date' maxOccurs='2'/><xs:element name='Code' type='CodeType' minOccurs='0'/>"       \
  "</xs:sequence></xs:complexType></xs:element>"
#define CODE                                                                                                           \
  "<xs:simpleType name='CodeType'><xs:restriction base='xs:string'><xs:maxLength value='3'/>"                          \
  "<xs:enumeration value='ja'/><xs:enumeration value='nej'/></xs:restriction></xs:simpleType>"
#define WHOLE HEAD LETTER CODE "</xs:schema>"
#define PARTED(part) HEAD "<xs:include schemaLocation='" part "'/>" LETTER "</xs:schema>"

struct world {
  struct arena *a;
  char dir[64];
  struct letter_shelf shelf;
};

static void put(struct world *w, const char *name, const char *text) {
  struct error e;
  const char *path = file_join(w->a, w->dir, name);
  cr_assert_eq(file_mkdirs(file_dir(w->a, path), &e), 0, "%s", e.text);
  cr_assert_eq(file_write(path, str_z(text), &e), 0, "%s", e.text);
}

/* schema NULL: none in the folder. */
static void begin(struct world *w, const char *schema) {
  *w = (struct world){.a = arena_new(0), .dir = "/tmp/testcamp-schemas-XXXXXX"};
  cr_assert_not_null(mkdtemp(w->dir));
  put(w, "s/other.xsd", WHOLE);
  if (schema) put(w, "s/2006/07/01/EMessage.xsd", schema);
  letter_shelf_init(&w->shelf, w->a, file_join(w->a, w->dir, "s"));
  w->shelf.data_dir = TEST_ROOT;
}

static void end(struct world *w) {
  static const char *const made[] = {"s/2006/07/01/EMessage.xsd",
                                     "s/2006/07/01/part.xsd",
                                     "s/2006/07/01",
                                     "s/2006/07",
                                     "s/2006",
                                     "s/other.xsd",
                                     "s",
                                     "outside.xsd",
                                     ""};
  for (size_t i = 0; i < sizeof made / sizeof *made; i++) (void)remove(file_join(w->a, w->dir, made[i]));
  cr_expect(!file_exists(w->dir), "%s is not empty", w->dir);
  arena_free(w->a);
}

static struct str emessage(struct world *w, const char *body) {
  return arena_printf(w->a, "<Emessage xmlns='" NS "'>%s</Emessage>", body);
}

static void judge(struct world *w, struct findings *f, struct str bytes) {
  struct message m;
  findings_init(f, w->a);
  message_read_by(&m, w->a, (struct source){STR("letter"), bytes}, &(struct message_options){.letters = &w->shelf});
  validate_message(&m, VALIDATE_BUNDLE, NULL, f);
}

static const struct finding *find(const struct findings *f, const char *rule) {
  for (size_t i = 0; i < f->list.n; i++)
    if (str_eqz(f->list.v[i].rule, rule)) return &f->list.v[i];
  return NULL;
}

Test(oioxml_schema, what_it_says_is_said_in_both_languages) {
  static const struct {
    const char *body, *en, *da, *constraint;
  } rows[] = {
      {"<Day>2026-01-05</Day><Code>nix</Code>", "'nix' is no code of Code; there is 'ja', 'nej'.",
       "'nix' er ikke en kode i Code; der er 'ja', 'nej'.", "enumeration"},
      {"<Day>2026-01-05</Day><Code>janej</Code>", "Code has 5 characters; it may have at most 3.",
       "Code har 5 tegn; den må højst have 3.", "length"},
      {"<Day>2026-02-30</Day>", "'2026-02-30' is no value of Day (xs:date).",
       "'2026-02-30' er ikke en værdi af Day (xs:date).", "value"},
      {"<Code>ja</Code>", "Code is not expected here; there may be Day.", "Code forventes ikke her; der må stå Day.",
       "content"},
      {"", "Emessage lacks Day.", "Emessage mangler Day.", "content"},
      {"<Day>2026-01-05</Day><Code>ja</Code><Code>ja</Code>", "Code is not expected here.", "Code forventes ikke her.",
       "content"},
      {"<Day>2026-01-05</Day>x", "In Emessage there is text between the elements.",
       "I Emessage står der tekst mellem elementerne.", "text"},
      {"<Day a='b'>2026-01-05</Day>", NULL, NULL, "attribute"},
  };
  struct world w;
  begin(&w, WHOLE);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct findings f;
    judge(&w, &f, emessage(&w, rows[i].body));
    const struct finding *x = find(&f, "oioxml.schema");
    cr_assert_not_null(x, "%s", rows[i].body);
    cr_expect(str_eqz(x->constraint, rows[i].constraint), "%s: %.*s", rows[i].body, STR_F(x->found));
    if (!rows[i].en) continue;
    cr_expect(str_eqz(x->en, rows[i].en), "%.*s (%.*s)", STR_F(x->en), STR_F(x->found));
    cr_expect(str_eqz(x->da, rows[i].da), "%.*s", STR_F(x->da));
  }
  end(&w);
}

Test(oioxml_schema, blanks_around_a_date_are_none_of_its) {
  struct world w;
  struct findings f;
  begin(&w, WHOLE);
  judge(&w, &f, emessage(&w, "<Day>\n 2026-01-05 </Day>"));
  cr_expect_null(find(&f, "oioxml.schema"), "%.*s", STR_F(shared_list(w.a, &f)));
  cr_expect_not_null(find(&f, "oioxml.schema.used"));
  end(&w);
}

/* libxml2 2.9 counts lines to 65535. */
Test(oioxml_schema, lines_go_on_where_libxml2_stops_counting) {
  struct world w;
  struct findings f;
  static char lines[70000];
  begin(&w, WHOLE);
  memset(lines, '\n', sizeof lines - 1);
  judge(&w, &f, emessage(&w, arena_printf(w.a, "%s<Day>2026-01-05</Day>\n  <Code>nix</Code>", lines).p));
  const struct finding *x = find(&f, "oioxml.schema");
  cr_assert_not_null(x);
  cr_expect_eq(x->where.line, (int)sizeof lines + 1);
  cr_expect_eq(x->where.col, 3);
  cr_expect(str_eqz(x->where.path, "/Emessage/Code"));
  end(&w);
}

Test(oioxml_schema, schemas_in_parts) {
  struct world w;
  struct findings f;
  begin(&w, PARTED("part.xsd"));
  put(&w, "s/2006/07/01/part.xsd", HEAD CODE "</xs:schema>");
  judge(&w, &f, emessage(&w, "<Day>2026-01-05</Day><Code>nix</Code>"));
  cr_expect_not_null(find(&f, "oioxml.schema"), "%.*s", STR_F(shared_list(w.a, &f)));
  end(&w);
}

static void expect_unusable(const char *schema, const char *why) {
  struct world w;
  struct findings f;
  begin(&w, schema);
  put(&w, "outside.xsd", HEAD CODE "</xs:schema>");
  judge(&w, &f, emessage(&w, "<Day>2026-01-05</Day>"));
  const struct finding *x = find(&f, "oioxml.schema.unusable");
  cr_expect(x && x->severity == SEV_UNDECIDED && str_find(x->en, str_z(why), 0) != SIZE_MAX, "%s: %.*s", why,
            STR_F(x ? x->en : shared_list(w.a, &f)));
  cr_expect_null(find(&f, "oioxml.schema.used"));
  cr_expect_not_null(find(&f, "oioxml.element.missing"), "what is shipped judges in its place");
  end(&w);
}

Test(oioxml_schema, nothing_outside_the_folder_is_read) {
  expect_unusable(PARTED("../../../../outside.xsd"), "outside the folder");
  expect_unusable(PARTED("/etc/hostname"), "not in the folder");
  expect_unusable(PARTED("http://localhost:9/part.xsd"), "not in the folder");
  expect_unusable(PARTED("file:///etc/hostname"), "not in the folder");
  expect_unusable(PARTED("file:/etc/hostname"), "not in the folder");
  expect_unusable(PARTED("%2e%2e/%2e%2e/%2e%2e/%2e%2e/outside.xsd"), "not in the folder");
}

Test(oioxml_schema, a_digest_is_of_names_and_contents) {
  char first[SHA256_HEX + 1], same[SHA256_HEX + 1], content[SHA256_HEX + 1], name[SHA256_HEX + 1];
  struct world w;
  struct error e;
  begin(&w, WHOLE);
  cr_assert_eq(letter_schemas_digest(first, w.shelf.schemas, w.a, &e), 0);
  put(&w, "s/2006/07/01/readme.txt", "is no schema");
  cr_assert_eq(letter_schemas_digest(same, w.shelf.schemas, w.a, &e), 0);
  cr_expect_str_eq(same, first);
  put(&w, "s/2006/07/01/part.xsd", "a");
  cr_assert_eq(letter_schemas_digest(content, w.shelf.schemas, w.a, &e), 0);
  cr_expect_str_neq(content, first);
  (void)remove(file_join(w.a, w.shelf.schemas, "2006/07/01/part.xsd"));
  put(&w, "s/2006/07/01/tart.xsd", "a");
  cr_assert_eq(letter_schemas_digest(name, w.shelf.schemas, w.a, &e), 0);
  cr_expect_str_neq(name, content);
  (void)remove(file_join(w.a, w.shelf.schemas, "2006/07/01/tart.xsd"));
  (void)remove(file_join(w.a, w.shelf.schemas, "2006/07/01/readme.txt"));
  (void)remove(file_join(w.a, w.shelf.schemas, "2006/07/01/tart.xsd"));
  (void)remove(file_join(w.a, w.shelf.schemas, "2006/07/01/readme.txt"));
  end(&w);
}

Test(oioxml_schema, schemas_that_are_none) {
  expect_unusable("<!DOCTYPE x [<!ENTITY e SYSTEM '/etc/hostname'>]>" WHOLE, "document type");
  expect_unusable(HEAD, "Not well-formed");
  expect_unusable(HEAD "<xs:element name='Emessage' type='Nothing'/></xs:schema>", "Nothing");
  expect_unusable(PARTED("nowhere.xsd"), "");
}

Test(oioxml_schema, a_namespace_without_a_schema_is_judged_by_what_is_shipped) {
  struct world w;
  struct findings f;
  begin(&w, NULL);
  judge(&w, &f, emessage(&w, "<Day>2026-01-05</Day>"));
  const struct finding *x = find(&f, "oioxml.schema.missing");
  cr_assert(x && x->severity == SEV_UNDECIDED);
  cr_expect_neq(str_find(x->en, STR("2006/07/01/EMessage.xsd"), 0), SIZE_MAX);
  cr_expect_not_null(find(&f, "oioxml.element.missing"));
  end(&w);
}

Test(oioxml_schema, folders_that_are_none) {
  struct world w;
  struct error e;
  begin(&w, NULL);
  cr_expect_eq(letter_schemas_check(w.shelf.schemas, w.a, &e), 0);
  cr_expect_eq(letter_schemas_check(file_join(w.a, w.dir, "nowhere"), w.a, &e), -1);
  cr_expect_eq(letter_schemas_check(file_join(w.a, w.shelf.schemas, "other.xsd"), w.a, &e), -1);
  (void)remove(file_join(w.a, w.shelf.schemas, "other.xsd"));
  cr_expect_eq(letter_schemas_check(w.shelf.schemas, w.a, &e), -1);
  end(&w);
}

Test(oioxml_schema, without_a_catalogue_nothing_is_decided) {
  struct world w;
  struct findings f;
  begin(&w, NULL);
  w.shelf.data_dir = w.dir;
  judge(&w, &f, emessage(&w, ""));
  cr_expect_eq(findings_worst(&f), SEV_UNDECIDED);
  cr_expect_not_null(find(&f, "oioxml.catalogue"));
  end(&w);
}
