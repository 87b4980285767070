#include "tests/seal/rig.h"

#include <criterion/criterion.h>

Test(names, as_medcom_has_them) {
  struct arena *a = arena_new(0);
  struct record r = {.standard = STR("CareCommunication"), .role = STR("sender")};
  struct namer n;
  static const struct {
    const char *step, *name;
  } rows[] = {{"3.4", "f/CareCommunication_3.4_A_S.xml"},   {"3.4", "f/CareCommunication_3.4_B_S.xml"},
              {"3.4+1", "f/CareCommunication_3.4_C_S.xml"}, {"3.4#2", "f/CareCommunication_3.4_D_S.xml"},
              {"3.5", "f/CareCommunication_3.5_A_S.xml"},   {"", "f/CareCommunication_unmatched_A_S.xml"},
              {"../x", "f/CareCommunication_-.-x_A_S.xml"}};
  namer_init(&n, a, &r);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct str name = namer_next(&n, "f", str_z(rows[i].step), STR("xml"));
    cr_expect(str_eqz(name, rows[i].name), "%zu: %.*s", i, STR_F(name));
  }
  arena_free(a);
}

Test(names, letters_go_on_after_z) {
  struct arena *a = arena_new(0);
  struct record r = {.standard = STR("X Y"), .role = STR("receiver")};
  struct namer n;
  struct str name = {0};
  namer_init(&n, a, &r);
  for (int i = 0; i < 28; i++) name = namer_next(&n, "f", STR("1"), STR("xml"));
  cr_expect(str_eqz(name, "f/X-Y_1_AB_R.xml"), "%.*s", STR_F(name));
  arena_free(a);
}

Test(names, extensions) {
  static const struct {
    const char *name, *extension;
  } rows[] = {{"a.PNG", "png"},           {"a", "bin"},      {"a.", "bin"}, {"a.b/c", "bin"},
              {"a.toolongforone", "bin"}, {"x.tar.gz", "gz"}};
  struct arena *a = arena_new(0);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    cr_expect(str_eqz(extension_by_name(a, str_z(rows[i].name)), rows[i].extension), "%zu", i);
  arena_free(a);
}
