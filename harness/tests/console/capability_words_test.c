#include "console/systems_int.h"

#include <criterion/criterion.h>
#include <string.h>

Test(capability_words, are_found_by_name_in_both_languages) {
  const struct capability_words *w = capability_words(STR("technical-fault"));
  cr_assert_not_null(w);
  cr_expect(w->en[0] && w->da[0] && strcmp(w->en, w->da) != 0);
  cr_expect_null(capability_words(STR("technical")));
  cr_expect_null(capability_words(STR("")));
}

static bool is_person(const char *line) {
  struct arena *a = arena_new(0);
  struct str cpr, given, family;
  bool fits = systems_person(str_z(line), a, &cpr, &given, &family);
  if (fits) cr_expect(str_eqz(cpr, "2512489996") && str_eqz(given, "Nanna") && str_eqz(family, "X"), "%s", line);
  arena_free(a);
  return fits;
}

Test(systems, persons_have_a_number_and_two_names) {
  cr_expect(is_person("2512489996, Nanna, X"));
  cr_expect(is_person("251248-9996,Nanna,X"));
  cr_expect(!is_person("2512489996 Nanna, X"));
  cr_expect(!is_person("2512489996, Nanna"));
  cr_expect(!is_person("2512489996, , X"));
  cr_expect(!is_person("9912489996, Nanna, X"));
  cr_expect(!is_person(""));
}
