#include <criterion/criterion.h>

#include "base/file.h"
#include "standards/catalogue.h"
#include "standards/identifier.h"

#define TABLE_MAX ((size_t)1 << 20)

/* identifiers.tsv: check, value, yes or no. */
static bool (*check_named(struct str name))(struct str) {
  static const struct {
    const char *name;
    bool (*check)(struct str);
  } rows[] = {{"gln", gln_valid},           {"gln-form", gln_form},   {"cvr", cvr_valid},
              {"cvr-checked", cvr_checked}, {"cpr", cpr_valid},       {"cpr-modulus", cpr_modulus},
              {"x-ecpr", x_ecpr_valid},     {"d-ecpr", d_ecpr_valid}, {"ecpr-form", ecpr_form},
              {"sor", sor_valid},           {"sor-form", sor_form},   {"shak", shak_valid},
              {"shak-form", shak_form},     {"yder", yder_valid},     {"municipality", municipality_valid}};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    if (str_eqz(name, rows[i].name)) return rows[i].check;
  return NULL;
}

Test(identifier, table) {
  struct arena *a = arena_new(0);
  struct str table;
  struct error e;
  size_t n = 0;
  cr_assert_eq(file_read(&table, a, TEST_DATA "/identifiers.tsv", TABLE_MAX, &e), 0, "%s", e.text);
  for (; table.n; n++) {
    struct str line = str_cut(&table, '\n'), name = str_cut(&line, '\t'), value = str_cut(&line, '\t');
    bool (*check)(struct str) = check_named(name);
    cr_assert_not_null(check, "%.*s", STR_F(name));
    cr_expect_eq(check(value), str_eqz(line, "yes"), "%.*s %.*s", STR_F(name), STR_F(value));
  }
  cr_assert_gt(n, 40);
  arena_free(a);
}

Test(identifier, what_a_cpr_number_says) {
  static const struct {
    const char *cpr, *birth, *gender;
  } rows[] = {{"2512489996", "1948-12-25", "female"},
              {"2509479989", "1947-09-25", "male"},
              {"2103009996", "2000-03-21", "female"},
              {"6103009996", "2000-03-01", "female"}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    char birth[CPR_BIRTH_SIZE];
    cpr_birth(str_z(rows[i].cpr), birth);
    cr_expect_str_eq(birth, rows[i].birth);
    cr_expect_str_eq(cpr_gender(str_z(rows[i].cpr)), rows[i].gender);
  }
}

Test(catalogue, documents_have_a_standard_and_a_profile) {
  cr_assert_str_eq(standard_of_event(STR("condition-list")), "ConditionList");
  cr_assert(str_ends(str_z(profile_of_event(STR("condition-list"))), STR("/medcom-conditionlist-bundle")));
  cr_assert_str_eq(standard_of_event(STR("care-communication-message")), "CareCommunication");
  cr_assert(
      str_ends(str_z(profile_of_event(STR("acknowledgement-message"))), STR("/medcom-messaging-acknowledgement")));
  cr_assert_null(standard_of_event(STR("empty-message")));
  cr_assert_null(profile_of_event(STR("")));
}

Test(catalogue, types) {
  const struct message_type *care = message_type_of_event(STR("care-communication-message"));
  cr_assert_not_null(care);
  cr_assert_eq(care, message_type_of_code(STR("FDIS91")));
  cr_assert_str_eq(care->version, "5.0");
  cr_assert(message_type_has_postfix(care, STR("regarding-referral")));
  cr_assert(message_type_has_postfix(care, STR("assessment")));
  cr_assert_str_eq(care->deprecated[0], "assessment");
  cr_assert(!message_type_has_postfix(care, STR("Other")));
  cr_assert_null(message_type_of_event(STR("empty-message")));
  cr_assert_null(message_type_of_code(STR("")));
  cr_assert_str_eq(message_type_of_code(STR("FDIS20"))->version, "3.0.0");
  cr_assert(message_type_has_postfix(message_type_of_code(STR("FCTL")), STR("transient-error")));
  cr_assert_null(message_type_of_event(STR("homecareobservation-message"))->postfixes[0]);
}

Test(catalogue, every_deprecated_value_is_a_value) {
  for (size_t i = 0; i < message_types_n; i++) {
    const struct message_type *t = &message_types[i];
    cr_assert_eq(message_type_of_code(str_z(t->code)), t);
    for (size_t k = 0; t->deprecated && t->deprecated[k]; k++)
      cr_assert(message_type_has_postfix(t, str_z(t->deprecated[k])));
  }
}

Test(standards, who_gave_a_replacement_number_is_told_by_its_seventh_character) {
  cr_expect(ecpr_is_national(STR("0101011AB1")));
  cr_expect(ecpr_is_national(STR("0101017AB1")));
  cr_expect_not(ecpr_is_national(STR("0101016AB1")));
  cr_expect_not(ecpr_is_national(STR("010101")));
  cr_expect_not(ecpr_is_national(STR("")));
}
