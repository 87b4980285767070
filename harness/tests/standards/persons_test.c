#include "standards/persons.h"

#include "base/file.h"

#include <criterion/criterion.h>

static struct persons known(struct arena *a, const char *list) {
  struct persons p;
  struct error e;
  persons_init(&p, a);
  cr_assert_eq(persons_read(&p, str_z(list), STR("list"), &e), 0, "%s", e.text);
  return p;
}

Test(persons, foreign_is_what_has_the_form_and_is_on_no_list) {
  struct arena *a = arena_new(0);
  struct persons p = known(a, "# ours\n2512489996\tMedCom\n\n010190-1234\r\n");
  persons_add(&p, STR("0202901234"));
  static const struct {
    const char *digits;
    bool foreign;
  } rows[] = {{"2512489996", false}, {"0101901234", false}, {"0202901234", false},
              {"0303901234", true},  {"6303901234", true},  {"3013901234", false}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    cr_expect_eq(persons_foreign(&p, str_z(rows[i].digits)), rows[i].foreign, "%s", rows[i].digits);
  arena_free(a);
}

Test(persons, a_line_that_is_no_number_is_told) {
  struct arena *a = arena_new(0);
  struct persons p;
  struct error e;
  persons_init(&p, a);
  cr_expect_eq(persons_read(&p, STR("2512489996\n# x\nhello\n"), STR("list.tsv"), &e), -1);
  cr_expect_eq(e.line, 3);
  arena_free(a);
}

Test(persons, the_official_list_can_be_read) {
  struct arena *a = arena_new(0);
  struct str list;
  struct error e;
  cr_assert_eq(file_read(&list, a, TEST_ROOT "/fixtures/standards/test-persons.tsv", PERSONS_BYTES_MAX, &e), 0);
  struct persons p = known(a, arena_z(a, list));
  cr_expect(!persons_foreign(&p, STR("2512489996")));
  arena_free(a);
}
