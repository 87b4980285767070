#include "fhir/terminology.h"

#include <criterion/criterion.h>

/* A code system with a hierarchy in both forms, value sets over it, and one over a system that is not there. */
static const char *const definitions[] = {
    "{\"resourceType\":\"CodeSystem\",\"url\":\"http://t/cs\",\"status\":\"active\",\"content\":\"complete\","
    "\"concept\":[{\"code\":\"animal\",\"concept\":[{\"code\":\"dog\"},{\"code\":\"cat\"}]},"
    "{\"code\":\"plant\"},{\"code\":\"oak\",\"property\":[{\"code\":\"subsumedBy\",\"valueCode\":\"plant\"}]}]}",
    "{\"resourceType\":\"CodeSystem\",\"url\":\"http://t/part\",\"status\":\"active\",\"content\":\"fragment\","
    "\"concept\":[{\"code\":\"known\"}]}",
    "{\"resourceType\":\"ValueSet\",\"url\":\"http://t/all\",\"status\":\"active\",\"compose\":{\"include\":["
    "{\"system\":\"http://t/cs\"}],\"exclude\":[{\"system\":\"http://t/cs\",\"concept\":[{\"code\":\"cat\"}]}]}}",
    "{\"resourceType\":\"ValueSet\",\"url\":\"http://t/animals\",\"status\":\"active\",\"compose\":{\"include\":["
    "{\"system\":\"http://t/cs\",\"filter\":[{\"property\":\"concept\",\"op\":\"descendent-of\",\"value\":\"animal\"}]"
    "}]}}",
    "{\"resourceType\":\"ValueSet\",\"url\":\"http://t/plants\",\"status\":\"active\",\"compose\":{\"include\":["
    "{\"system\":\"http://t/cs\",\"filter\":[{\"property\":\"concept\",\"op\":\"is-a\",\"value\":\"plant\"}]}]}}",
    "{\"resourceType\":\"ValueSet\",\"url\":\"http://t/odd\",\"status\":\"active\",\"compose\":{\"include\":["
    "{\"system\":\"http://t/cs\",\"filter\":[{\"property\":\"concept\",\"op\":\"regex\",\"value\":\"d.*\"}]}]}}",
    "{\"resourceType\":\"ValueSet\",\"url\":\"http://t/away\",\"status\":\"active\",\"compose\":{\"include\":["
    "{\"system\":\"http://t/nowhere\"}]}}",
    "{\"resourceType\":\"ValueSet\",\"url\":\"http://t/listed\",\"status\":\"active\",\"compose\":{\"include\":["
    "{\"system\":\"http://t/nowhere\",\"concept\":[{\"code\":\"one\"}]},{\"system\":\"http://t/part\"}]}}",
    "{\"resourceType\":\"ValueSet\",\"url\":\"http://t/circle\",\"status\":\"active\",\"compose\":{\"include\":["
    "{\"valueSet\":[\"http://t/circle\"]},{\"valueSet\":[\"http://t/animals\",\"http://t/all\"]}]}}",
    "{\"resourceType\":\"ValueSet\",\"url\":\"http://t/mime\",\"status\":\"active\",\"compose\":{\"include\":["
    "{\"system\":\"urn:ietf:bcp:13\"}]}}",
};

static const struct {
  const char *value_set, *system, *code; /* system NULL: an element of type code */
  enum terminology_answer answer;
} rows[] = {
    {"http://t/all", "http://t/cs", "dog", TERMINOLOGY_YES},
    {"http://t/all", "http://t/cs", "cat", TERMINOLOGY_NO},
    {"http://t/all", "http://t/cs", "stone", TERMINOLOGY_NO},
    {"http://t/all", "http://t/other", "dog", TERMINOLOGY_NO},
    {"http://t/all", NULL, "dog", TERMINOLOGY_YES},
    {"http://t/animals", "http://t/cs", "dog", TERMINOLOGY_YES},
    {"http://t/animals", "http://t/cs", "animal", TERMINOLOGY_NO},
    {"http://t/animals", "http://t/cs", "oak", TERMINOLOGY_NO},
    {"http://t/plants", "http://t/cs", "plant", TERMINOLOGY_YES},
    {"http://t/plants", "http://t/cs", "oak", TERMINOLOGY_YES},
    {"http://t/odd", "http://t/cs", "dog", TERMINOLOGY_UNKNOWN},
    {"http://t/away", "http://t/nowhere", "x", TERMINOLOGY_UNKNOWN},
    {"http://t/away", "http://t/cs", "dog", TERMINOLOGY_NO},
    {"http://t/listed", "http://t/nowhere", "one", TERMINOLOGY_YES},
    {"http://t/listed", "http://t/nowhere", "two", TERMINOLOGY_NO},
    {"http://t/listed", "http://t/part", "known", TERMINOLOGY_YES},
    {"http://t/listed", "http://t/part", "other", TERMINOLOGY_UNKNOWN},
    {"http://t/circle", "http://t/cs", "dog", TERMINOLOGY_YES},
    {"http://t/circle", "http://t/cs", "cat", TERMINOLOGY_NO},
    {"http://t/mime", NULL, "text/plain", TERMINOLOGY_YES},
    {"http://t/mime", NULL, "text", TERMINOLOGY_NO},
};

static struct book *make_book(struct arena *a) {
  struct book *b = book_new(a);
  for (size_t i = 0; i < sizeof definitions / sizeof *definitions; i++) {
    struct node *n;
    enum resource_form form;
    struct findings f;
    struct error e = {0};
    findings_init(&f, a);
    cr_assert_eq(resource_read(&n, &form, a, (struct source){STR("definition"), str_z(definitions[i])}, &f), 0);
    cr_assert_eq(book_add_resource(b, n, STR("definition"), &e), 0, "%s", e.text);
  }
  return b;
}

Test(terminology, three_answers) {
  struct arena *a = arena_new(0);
  struct book *b = make_book(a);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct value_set *vs = book_value_set(b, str_z(rows[i].value_set), NULL);
    cr_assert_not_null(vs, "%s", rows[i].value_set);
    struct terminology_code code = {.system = str_z(rows[i].system), .code = str_z(rows[i].code)};
    struct terminology_reply r = terminology_member(a, b, vs, code, !rows[i].system);
    cr_expect_eq(r.answer, rows[i].answer, "%s in %s: %d", rows[i].code, rows[i].value_set, (int)r.answer);
    cr_expect_eq(r.why.n > 0, r.answer == TERMINOLOGY_UNKNOWN, "%s in %s", rows[i].code, rows[i].value_set);
  }
  arena_free(a);
}

Test(terminology, a_code_in_its_system) {
  struct arena *a = arena_new(0);
  struct book *b = make_book(a);
  struct terminology_code code = {.system = STR("http://t/cs"), .code = STR("oak")};
  cr_expect_eq(terminology_lookup(a, b, code, NULL).answer, TERMINOLOGY_YES);
  code.code = STR("elm");
  cr_expect_eq(terminology_lookup(a, b, code, NULL).answer, TERMINOLOGY_NO);
  code.system = STR("http://t/part");
  cr_expect_eq(terminology_lookup(a, b, code, NULL).answer, TERMINOLOGY_UNKNOWN);
  code.system = STR("http://t/nowhere");
  cr_expect_eq(terminology_lookup(a, b, code, NULL).answer, TERMINOLOGY_UNKNOWN);
  arena_free(a);
}
