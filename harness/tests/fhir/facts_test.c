#include "fhir/facts.h"

#include <criterion/criterion.h>

#include "facts_compare.h"

#define HEAD                                                                                                           \
  "facts\t1\npackage\ttest.p\t1.2.0\thttp://p.dk\t4.0.1\tIG\ndepends\ttest.q\t0.1.0\nprefix\t$p\thttp://p.dk/\n"

#define PATIENT                                                                                                        \
  "\nstructure\t$p/StructureDefinition/pat\tPatient\tPatient\tresource constraint\tname=Pat\n"                         \
  ".\n"                                                                                                                \
  "\tp-1\twarning best\tname.exists() or\\n id.exists()\n"                                                             \
  ".identifier\t1..\t\tSM\tslicing=closed ordered\tby=value system\tby=pattern type\n"                                 \
  ".identifier:cpr\t1..1\tIdentifier{$p/StructureDefinition/cpr|2.0}\tS\n"                                             \
  ".identifier:cpr.system\t\t\t\tfixed=Uri \"urn:oid:1\"\n"                                                            \
  ".gender\t..0\tcode\t\tbind=required $p/ValueSet/v|1.0\n"                                                            \
  ".generalPractitioner\t\tReference(Organization,$p/StructureDefinition/o)+bundled+specific|canonical\n"              \
  ".maritalStatus\t\t\t\tpattern=CodeableConcept {\"coding\":[{\"system\":\"s\",\"code\":\"M\"}]}\n"

#define CODES                                                                                                          \
  "\nvalueset\t$p/ValueSet/v\tversion=1.0\n+\t$p/CodeSystem/c\n?\tconcept\tis-a\ta\n-\thttp://x.dk\t2\n\tone\n\ttwo "  \
  "three\n+\n@\t$p/ValueSet/w\n\ncodesystem\t$p/CodeSystem/c\tcomplete\n\ta\n\t\tb\t!\n\tc\t^b\tstatus=retired\n"

static struct book *book_from(struct arena *a, struct str facts) {
  struct book *b = book_new(a);
  struct error e = {0};
  cr_assert_eq(book_add_facts_bytes(b, (struct source){STR("test.facts"), facts}, &e), 0, "%d: %s", e.line, e.text);
  return b;
}

Test(facts, package_is_what_the_head_says) {
  struct arena *a = arena_new(0);
  struct book *b = book_from(a, STR(HEAD PATIENT CODES));
  struct package *p = book_package(b, STR("test.p"), STR("1.2.0"));
  cr_assert(p);
  cr_expect(str_eqz(p->canonical, "http://p.dk"));
  cr_expect(str_eqz(p->fhir_version, "4.0.1"));
  cr_expect(str_eqz(p->type, "IG"));
  cr_assert_eq(p->dependencies.n, 1);
  cr_expect(str_eqz(p->dependencies.v[0].name, "test.q"));
  cr_expect(str_eqz(p->dependencies.v[0].version, "0.1.0"));
  cr_expect_eq(p->items.n, 3);
  arena_free(a);
}

Test(facts, elements_have_all_that_a_line_says) {
  struct arena *a = arena_new(0);
  struct structure *s =
      book_structure(book_from(a, STR(HEAD PATIENT)), STR("http://p.dk/StructureDefinition/pat|1.2.0"), NULL);
  cr_assert(s);
  cr_expect(str_eqz(s->base, "http://hl7.org/fhir/StructureDefinition/Patient"));
  cr_expect(str_eqz(s->name, "Pat"));
  cr_assert_eq(s->differential.n, 7);
  const struct element *e = s->differential.v;
  cr_expect(str_eqz(e[0].path, "Patient"));
  cr_assert_eq(e[0].constraints.n, 1);
  cr_expect(str_eqz(e[0].constraints.v[0].expression, "name.exists() or\n id.exists()"));
  cr_expect_eq(e[0].constraints.v[0].severity, CONSTRAINT_WARNING);
  cr_expect(e[0].constraints.v[0].best_practice);
  cr_expect(str_eqz(e[0].constraints.v[0].source, "http://p.dk/StructureDefinition/pat"));
  cr_expect(e[1].has_min && e[1].min == 1 && !e[1].has_max && e[1].must_support && e[1].is_modifier);
  cr_expect(e[1].slicing.ordered && e[1].slicing.rules == SLICING_CLOSED);
  cr_assert_eq(e[1].slicing.discriminators.n, 2);
  cr_expect_eq(e[1].slicing.discriminators.v[1].kind, DISCRIMINATOR_PATTERN);
  cr_expect(str_eqz(e[2].slice_name, "cpr"));
  cr_expect(str_eqz(e[2].types.v[0].profiles.v[0], "http://p.dk/StructureDefinition/cpr|2.0"));
  cr_expect(str_eqz(e[3].path, "Patient.identifier.system"));
  cr_expect(str_eqz(e[3].fixed.type, "uri") && str_eqz(e[3].fixed.node->text, "urn:oid:1"));
  cr_expect(e[4].has_max && e[4].max == 0);
  cr_expect_eq(e[4].binding.strength, BINDING_REQUIRED);
  cr_expect(str_eqz(e[4].binding.value_set, "http://p.dk/ValueSet/v|1.0"));
  cr_assert_eq(e[5].types.n, 2);
  cr_expect_eq(e[5].types.v[0].targets.n, 2);
  cr_expect_eq(e[5].types.v[0].aggregation, AGGREGATION_BUNDLED);
  cr_expect_eq(e[5].types.v[0].versioning, REFERENCE_SPECIFIC);
  cr_expect(str_eqz(node_text_at(e[6].pattern.node, "coding.code"), "M"));
  cr_expect_eq(e[6].node->line, 14);
  arena_free(a);
}

Test(facts, codes_have_all_that_a_line_says) {
  struct arena *a = arena_new(0);
  struct book *b = book_from(a, STR(HEAD CODES));
  struct value_set *vs = book_value_set(b, STR("http://p.dk/ValueSet/v"), NULL);
  struct code_system *cs = book_code_system(b, STR("http://p.dk/CodeSystem/c"), NULL);
  cr_assert(vs && cs);
  cr_assert_eq(vs->includes.n, 2);
  cr_assert_eq(vs->excludes.n, 1);
  cr_expect(str_eqz(vs->version, "1.0"));
  cr_expect(str_eqz(vs->includes.v[0].filters.v[0].value, "a"));
  cr_expect(str_eqz(vs->includes.v[1].value_sets.v[0], "http://p.dk/ValueSet/w"));
  cr_expect(str_eqz(vs->excludes.v[0].version, "2"));
  cr_expect(str_eqz(vs->excludes.v[0].concepts.v[1].code, "two three"));
  cr_assert_eq(cs->concepts.n, 3);
  cr_expect_eq(cs->content, CONTENT_COMPLETE);
  cr_expect(cs->concepts.v[1].abstract && cs->concepts.v[2].inactive);
  cr_expect(code_system_is_a(cs, 2, 0));
  cr_expect_not(code_system_is_a(cs, 0, 2));
  arena_free(a);
}

#define EXTENSIONS                                                                                                     \
  "\nextension\t$p/simple\t0..1\tcode|Reference(Patient)\tm\tbind=required $p/ValueSet/v\ton=Patient,Group\n"          \
  "\nextension\t$p/two-parts\t0..*\t\t\tname=Other\tcontext=fhirpath a or b\n"                                         \
  ":one\t1..1\tstring\n"                                                                                               \
  ":two\t0..*\tCoding\tm\tbind=extensible $p/ValueSet/v\n"

static void expect_element(const struct element *e, const char *id, int min, int max) {
  cr_expect(str_eqz(e->id, id), "%.*s, not %s", STR_F(e->id), id);
  cr_expect_eq(e->min, min, "%s", id);
  cr_expect_eq(e->max, max, "%s", id);
}

Test(facts, extensions_in_short_are_whole) {
  struct arena *a = arena_new(0);
  struct structure *s = book_structure(book_from(a, STR(HEAD EXTENSIONS)), STR("http://p.dk/simple"), NULL);
  cr_assert(s);
  cr_expect(str_eqz(s->base, "http://hl7.org/fhir/StructureDefinition/Extension"));
  cr_expect(s->derivation == DERIVATION_CONSTRAINT && s->kind == STRUCTURE_COMPLEX && !s->abstract);
  cr_expect(str_eqz(s->name, "simple") && str_eqz(s->status, "active"));
  cr_assert_eq(s->contexts.n, 2);
  cr_expect(str_eqz(s->contexts.v[1].type, "element") && str_eqz(s->contexts.v[1].expression, "Group"));
  cr_assert_eq(s->differential.n, 4);
  const struct element *e = s->differential.v;
  expect_element(&e[0], "Extension", 0, 1);
  cr_expect(e[0].has_is_modifier && !e[0].is_modifier);
  expect_element(&e[1], "Extension.extension", 0, 0);
  cr_expect(str_eqz(e[2].fixed.node->text, "http://p.dk/simple"));
  expect_element(&e[3], "Extension.value[x]", 1, DEFINITION_UNBOUNDED);
  cr_expect(!e[3].has_max && e[3].types.n == 2 && e[3].binding.strength == BINDING_REQUIRED);
  arena_free(a);
}

Test(facts, extensions_in_short_have_parts) {
  struct arena *a = arena_new(0);
  struct structure *s = book_structure(book_from(a, STR(HEAD EXTENSIONS)), STR("http://p.dk/two-parts"), NULL);
  cr_assert(s);
  cr_expect(str_eqz(s->name, "Other"));
  cr_assert_eq(s->contexts.n, 1);
  cr_expect(str_eqz(s->contexts.v[0].expression, "a or b"));
  cr_assert_eq(s->differential.n, 11);
  const struct element *e = s->differential.v;
  expect_element(&e[1], "Extension.extension:one", 1, 1);
  expect_element(&e[2], "Extension.extension:one.extension", 0, 0);
  cr_expect(str_eqz(e[3].fixed.node->text, "one") && str_eqz(e[3].types.v[0].code, "uri"));
  expect_element(&e[5], "Extension.extension:two", 0, DEFINITION_UNBOUNDED);
  cr_expect(e[5].has_is_modifier && str_eqz(e[5].slice_name, "two") && e[5].node->line == 10);
  cr_expect_eq(e[8].binding.strength, BINDING_EXTENSIBLE);
  cr_expect(str_eqz(e[9].fixed.node->text, "http://p.dk/two-parts"));
  expect_element(&e[10], "Extension.value[x]", 0, 0);
  arena_free(a);
}

Test(facts, status_is_that_of_the_head) {
  struct arena *a = arena_new(0);
  struct book *b = book_from(a, STR(HEAD "status\tdraft\n" PATIENT "\nvalueset\t$p/v\tstatus=retired\n"));
  cr_expect(str_eqz(book_structure(b, STR("http://p.dk/StructureDefinition/pat"), NULL)->status, "draft"));
  cr_expect(str_eqz(book_value_set(b, STR("http://p.dk/v"), NULL)->status, "retired"));
  arena_free(a);
}

Test(facts, a_part_may_lack_what_stands_below_its_canonical) {
  struct arena *a = arena_new(0);
  struct book *b = book_from(a, STR(HEAD "part\n" PATIENT));
  cr_expect(book_may_lack(b, STR("http://p.dk/ValueSet/other")));
  cr_expect_not(book_may_lack(b, STR("http://q.dk/ValueSet/other")));
  cr_expect_not(book_may_lack(book_from(a, STR(HEAD PATIENT)), STR("http://p.dk/ValueSet/other")));
  arena_free(a);
}

/* --- written and read again --- */

Test(facts, written_facts_are_read_as_the_same) {
  struct arena *a = arena_new(0);
  struct book *b = book_from(a, STR(HEAD PATIENT EXTENSIONS CODES));
  struct package *p = book_package(b, STR("test.p"), STR("1.2.0"));
  struct facts_choice all = {0};
  struct buf once, again;
  struct error e = {0};
  buf_init(&once, FACTS_FILE_MAX);
  buf_init(&again, FACTS_FILE_MAX);
  cr_assert_eq(facts_write(&once, a, p, &all, &e), 0, "%s", e.text);
  struct book *c = book_from(a, buf_str(&once));
  cr_assert_eq(facts_write(&again, a, book_package(c, p->name, p->version), &all, &e), 0, "%s", e.text);
  cr_expect(str_eq(buf_str(&once), buf_str(&again)));
  cr_expect_neq(str_find(buf_str(&once), STR("\n:two\t0..*\tCoding\tm\t"), 0), SIZE_MAX, "%s", once.p);
  for (size_t i = 0; i < p->items.n; i++) cr_expect(book_item(c, "", p->items.v[i]->url, NULL));
  struct structure *x = book_structure(b, STR("http://p.dk/StructureDefinition/pat"), NULL);
  struct structure *y = book_structure(c, STR("http://p.dk/StructureDefinition/pat"), NULL);
  struct buf shown;
  buf_init(&shown, FACTS_FILE_MAX);
  cr_assert(x && y);
  cr_expect_eq(compare_structures(&shown, x, y), 0, "%s", shown.p);
  buf_release(&shown);
  buf_release(&once);
  buf_release(&again);
  arena_free(a);
}

/* --- what is not sound --- */

struct bad_case {
  const char *name, *text;
  int line;
};

static const struct bad_case bad_heads[] = {
    {"no package", "facts\t1\n", 1},
    {"another version", "facts\t2\n", 1},
    {"no version of the package", "facts\t1\npackage\tx\n", 2},
    {"a word that is not known", HEAD "profile\tx\n", 5},
    {"a definition before the package", "structure\thttp://x\n", 1},
    {"a line of no definition", HEAD ".id\t1..1\n", 5},
    {"a word behind part", HEAD "part\tx\n", 5},
    {"a definition without a URL", HEAD "valueset\n", 5},
    {"a prefix that is not there", HEAD "valueset\t$x/y\n", 5},
};

static void expect_bad_head(const struct bad_case *c) {
  struct arena *a = arena_new(0);
  struct error e = {0};
  struct source s = {STR("bad.facts"), str_z(c->text)};
  cr_expect_eq(book_add_facts_bytes(book_new(a), s, &e), -1, "%s", c->name);
  cr_expect_eq(e.line, c->line, "%s: line %d", c->name, e.line);
  arena_free(a);
}

Test(facts, bad_head_is_an_error) {
  for (size_t i = 0; i < sizeof bad_heads / sizeof *bad_heads; i++) expect_bad_head(&bad_heads[i]);
}

#define STRUCTURE "structure\t$p/s\tPatient\tPatient\tresource constraint\n"

static const struct bad_case bad_lines[] = {
    {"a field that is not known", STRUCTURE ".id\t\t\t\twhat=1\n", 6},
    {"a flag that is not known", STRUCTURE ".id\t\t\tX\n", 6},
    {"a value that is no JSON", STRUCTURE ".id\t\t\t\tfixed=String {\n", 6},
    {"a value that leaves its place", STRUCTURE ".id\t\t\t\tfixed=String 1,\"x\":2\n", 6},
    {"a prefix in a type", STRUCTURE ".id\t\tReference($q/x)\n", 6},
    {"a type with something behind", STRUCTURE ".id\t\tReference(x)y\n", 6},
    {"a constraint without an element", STRUCTURE "\tk\terror\ttrue\n", 6},
    {"a discriminator without slicing", STRUCTURE ".id\t\t\t\tby=value x\n", 6},
    {"a regex without a type", STRUCTURE ".id\t\t\t\tregex=x\n", 6},
    {"a largest value set without a binding", STRUCTURE ".id\t\t\t\tbindmax=$p/x\n", 6},
    {"a row in an extension in short", "extension\t$p/s\t0..1\tcode\n.id\n", 6},
    {"a field of a part", "extension\t$p/s\t0..1\n:x\t0..1\tcode\t\tbind=required $q/x\n", 6},
    {"a code of no include", "valueset\t$p/s\n\tcode\n", 6},
    {"a mark that value sets do not have", "valueset\t$p/s\n*\tcode\n", 6},
    {"a code too deep", "codesystem\t$p/s\tcomplete\n\t\tcode\n", 6},
    {"a field of a head", "codesystem\t$p/s\tcomplete\twhat=1\n", 5},
};

static void expect_bad_line(const struct bad_case *c) {
  struct arena *a = arena_new(0);
  struct book *b = book_from(a, arena_printf(a, HEAD "%s", c->text));
  struct package_item *item = book_item(b, "", STR("http://p.dk/s"), NULL);
  cr_assert(item, "%s", c->name);
  cr_expect_null(package_item_node(item, a), "%s", c->name);
  cr_assert(item->broken && item->why, "%s", c->name);
  cr_expect_eq(item->why->line, c->line, "%s: line %d", c->name, item->why->line);
  arena_free(a);
}

Test(facts, bad_line_breaks_its_definition) {
  for (size_t i = 0; i < sizeof bad_lines / sizeof *bad_lines; i++) expect_bad_line(&bad_lines[i]);
}

/* Cut anywhere: read, or refused, but never past the end. */
Test(facts, cut_files_are_borne) {
  static const char text[] = HEAD PATIENT EXTENSIONS CODES;
  for (size_t n = 0; n < sizeof text; n++) {
    struct arena *a = arena_new(0);
    struct book *b = book_new(a);
    struct error e = {0};
    struct package **p;
    struct str cut = arena_str(a, (struct str){text, n});
    bool read = !book_add_facts_bytes(b, (struct source){STR("cut.facts"), cut}, &e);
    cr_expect(read || e.text[0]);
    for (size_t i = 0; read && i < book_packages(&p, b); i++)
      for (size_t k = 0; k < p[i]->items.n; k++)
        cr_expect(package_item_node(p[i]->items.v[k], a) || p[i]->items.v[k]->why);
    arena_free(a);
  }
}
