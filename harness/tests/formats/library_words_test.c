/* What is not well-formed is told in Danish too, though the libraries say it in English: by what they really say. */
#include "formats/library_words.h"

#include "formats/xml.h"
#include "formats/yaml.h"

#include <criterion/criterion.h>
#include <string.h>

static struct arena *arena;

static void set_up(void) {
  arena = arena_new(0);
}

static void tear_down(void) {
  arena_free(arena);
}

TestSuite(library_words, .init = set_up, .fini = tear_down);

static void expect_danish(const char *text, const char *danish,
                          int (*read)(struct node **out, struct arena *a, struct source src, struct findings *f)) {
  struct findings f;
  struct node *root;
  findings_init(&f, arena);
  cr_assert_neq(read(&root, arena, (struct source){STR("file"), str_z(text)}, &f), 0, "%s", text);
  cr_expect(str_eqz(f.list.v[0].da, danish), "%s: \"%.*s\" (%.*s)", text, STR_F(f.list.v[0].da), STR_F(f.list.v[0].en));
}

Test(library_words, of_yaml) {
  expect_danish("a: [1\nb: 2\n", "Ikke YAML: her ventes \",\" eller \"]\" (i en liste [...])", yaml_read);
  expect_danish("a: b: c\n", "Ikke YAML: en værdi efter \":\" må ikke stå her", yaml_read);
  expect_danish("a: 1\n\tb: 2\n", "Ikke YAML: en tabulator bryder indrykningen (i en tekst)", yaml_read);
  expect_danish("a: \"x\n", "Ikke YAML: filen slutter uventet (i en tekst i citationstegn)", yaml_read);
  expect_danish("a: 1\nb\nc: 2\n", "Ikke YAML: det ventede \":\" mangler (i en nøgle)", yaml_read);
}

Test(library_words, of_xml) {
  expect_danish("<a><b></a>", "Ikke velformet XML: starttagget b på linje 1 passer ikke til sluttagget a", xml_read);
  expect_danish("<a/><b/>", "Ikke velformet XML: der står mere efter dokumentets slutning", xml_read);
  expect_danish("<a b='1' b='2'/>", "Ikke velformet XML: attributten b står der to gange", xml_read);
  expect_danish("<a>x & y</a>", "Ikke velformet XML: efter & mangler et navn; et & i en tekst skrives &amp;", xml_read);
  expect_danish("<a b=1/>", "Ikke velformet XML: attributtens værdi skal stå i \" eller '", xml_read);
  expect_danish("text", "Ikke velformet XML: her ventes et starttag, '<'", xml_read);
}

Test(library_words, what_is_not_known_stays) {
  struct said both = library_words(arena, STR("words of another version (while parsing a node)"));
  cr_expect(str_eq(both.en, both.da));
  both = library_words(arena, STR("found unexpected ':' (while at something new)"));
  cr_expect(str_eq(both.en, both.da));
}
