#include "standards/register.h"

#include "base/buf.h"
#include "base/file.h"

#include <criterion/criterion.h>

#define CASES_MAX ((size_t)1 << 20)

static const struct sor_register *shipped(struct arena *a) {
  struct sor_register *r;
  struct error e;
  cr_assert_eq(sor_register_load(&r, a, TEST_ROOT, &e), 0, "%s:%d: %s", e.file, e.line, e.text);
  return r;
}

Test(sor_register, look_up) {
  struct arena *a = arena_new(0);
  const struct sor_register *r = shipped(a);
  const struct register_unit *u = sor_register_find(r, STR("8888021000016001"));
  cr_assert_not_null(u);
  cr_assert_eq(u, sor_register_find(r, STR("hjemmepleje")));
  cr_assert_eq(u, sor_register_find(r, STR("5790008888025")));
  cr_assert(str_eqz(register_unit_field(u, STR("organisation")), "Hjemmeplejen i Prøvekøbing Kommune"));
  cr_assert(str_eqz(register_unit_field(u, STR("unit")), "home care"));
  cr_assert_eq(register_unit_field(u, STR("colour")).n, 0);
  cr_assert_null(sor_register_find(r, STR("5790009999997")));
  arena_free(a);
}

/* Without a number of its own a unit has that of the nearest one above, and what that can receive. */
Test(sor_register, inheritance) {
  struct arena *a = arena_new(0);
  const struct sor_register *r = shipped(a);
  const struct register_unit *u = sor_register_find(r, STR("medicinsk-ambulatorium"));
  cr_assert_eq(u->gln.n, 0);
  cr_assert(str_eqz(register_unit_gln(u), "5790008888032"));
  cr_assert_eq(u->number, u->parent);
  cr_assert(register_unit_receives(u, STR("FDIS91"), STR("5.0")));
  arena_free(a);
}

Test(sor_register, what_can_be_sent) {
  static const struct {
    const char *unit, *code, *version;
    bool yes;
  } rows[] = {{"hjemmepleje", "FDIS20", "3.0.0", true},  {"hjemmepleje", "FDIS20", "2.0.0", false},
              {"roentgen", "FDIS91", "5.0", false},      {"lukket-laegehus", "FDIS91", "5.0", false},
              {"myndighed", "FDIS20", "3.0.0", false},   {"speciallaege", "XDIS91", "XD9134L", true},
              {"sygeplejeklinik", "FDIS91", "5.0", true}};
  struct arena *a = arena_new(0);
  const struct sor_register *r = shipped(a);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    const struct register_unit *u = sor_register_find(r, str_z(rows[i].unit));
    cr_assert_not_null(u, "%s", rows[i].unit);
    cr_expect_eq(register_unit_receives(u, str_z(rows[i].code), str_z(rows[i].version)), rows[i].yes, "%s %s",
                 rows[i].unit, rows[i].code);
  }
  arena_free(a);
}

/* What EER knows: the endpoint has the unit's number, and each device its type. */
Test(sor_register, endpoint_and_devices) {
  struct arena *a = arena_new(0);
  const struct sor_register *r = shipped(a);
  const struct register_unit *u = sor_register_find(r, STR("laegehus"));
  cr_assert_not_null(u->endpoint);
  cr_expect(str_eqz(u->endpoint->connection, "EerMessagingEdeliveryFhir"));
  cr_expect(str_eqz(u->endpoint->status, "active"));
  cr_expect_eq(u->endpoint->payloads.n, 4);
  cr_expect(str_eqz(register_unit_field(u, STR("device")), "refvendor-eua"));
  cr_expect(str_eqz(register_unit_field(u, STR("msh")), "refvendor-msh"));
  cr_expect(str_eqz(register_unit_field(u, STR("ap")), "refvendor-ap"));
  cr_expect(str_eqz(register_unit_field(u, STR("yder")), "888801"));
  cr_expect(str_eqz(register_unit_field(u, STR("city")), "Prøvekøbing"));
  cr_expect_eq(sor_register_practice(r, STR("888801")), u);
  cr_expect_eq(sor_register_device(r, STR("refvendor-msh")), u->msh);
  cr_expect_eq(u->msh->owner, u);
  cr_expect_null(sor_register_device(r, STR("nobody")));
  cr_expect_null(sor_register_find(r, STR("laegerne-proevebroen"))->endpoint);
  arena_free(a);
}

Test(sor_register, patients_and_places) {
  struct arena *a = arena_new(0);
  const struct sor_register *r = shipped(a);
  cr_assert_not_null(sor_register_patient(r, STR("2512489996")));
  cr_expect_eq(sor_register_patient(r, STR("2512489996"))->practice, sor_register_find(r, STR("laegehus")));
  cr_expect_null(sor_register_patient(r, STR("2103009996"))->practice);
  cr_expect_null(sor_register_patient(r, STR("0106059890")));
  cr_expect(str_eqz(sor_register_place(r, STR("9995"))->city, "Eksempelby"));
  cr_expect_null(sor_register_place(r, STR("1000")));
  arena_free(a);
}

/* register_bad.cases: a register, "=> line:column: part of the error", "---". */
Test(sor_register, mistakes) {
  struct arena *a = arena_new(0);
  struct str rest;
  struct error e;
  size_t n = 0;
  cr_assert_eq(file_read(&rest, a, TEST_DATA "/register_bad.cases", CASES_MAX, &e), 0, "%s", e.text);
  for (; rest.n; n++) {
    size_t arrow = str_find(rest, STR("\n=> "), 0), end = str_find(rest, STR("\n---\n"), arrow);
    cr_assert_neq(end, SIZE_MAX);
    struct str wanted = str_sub(rest, arrow + 4, end);
    struct sor_register *r;
    cr_assert_eq(sor_register_read(&r, a, str_sub(rest, 0, arrow + 1), STR("r.yaml"), &e), -1, "%.*s", STR_F(wanted));
    struct str said = arena_printf(a, "%d:%d: %s", e.line, e.col, e.text);
    cr_expect(str_starts(said, wanted), "%.*s\nis not\n%.*s", STR_F(said), STR_F(wanted));
    rest = str_sub(rest, end + 5, rest.n);
  }
  cr_assert_geq(n, 40);
  arena_free(a);
}

/* Deeper than anybody needs, and more than anybody has. */
Test(sor_register, limits) {
  struct arena *a = arena_new(0);
  struct sor_register *r;
  struct error e;
  struct buf b;
  buf_init(&b, CASES_MAX);
  buf_addz(&b, "units:\n");
  for (int i = 0; i <= REGISTER_UNITS_MAX; i++) buf_printf(&b, "  u%d: {name: N}\n", i);
  cr_assert_eq(sor_register_read(&r, a, buf_take(&b, a), STR("r.yaml"), &e), -1);
  cr_assert_neq(str_find(str_z(e.text), STR("at most 5000"), 0), SIZE_MAX, "%s", e.text);
  arena_free(a);
}
