/* By which certificates a system is known, and who is a stranger then. */
#include "endpoint/clients.h"

#include "crypto/certificate.h"

#include <criterion/criterion.h>

#define NOW INT64_C(1767603600000)
#define DAY INT64_C(86400000)

static struct arena *a;

static void set_up(void) {
  a = arena_new(0);
}

static void tear_down(void) {
  arena_free(a);
}

TestSuite(clients, .init = set_up, .fini = tear_down);

static struct str made(enum certificate_kind kind, const char *name) {
  struct certificate_pair out;
  struct error e;
  struct certificate_plan plan = {.kind = kind,
                                  .common_name = str_z(name),
                                  .names = &(struct str){name, 1},
                                  .names_n = kind == CERTIFICATE_OF_SERVER,
                                  .serial = 7,
                                  .from = NOW - DAY,
                                  .until = NOW + DAY};
  cr_assert_eq(certificate_make(&out, a, &plan, &e), 0, "%s", e.text);
  return out.certificate;
}

static struct str thumbprint(struct str pem) {
  struct certificates all;
  struct error e;
  cr_assert_eq(certificates_read(&all, a, pem, &e), 0, "%s", e.text);
  return all.v[0].thumbprint;
}

static void is_stranger(const struct clients *c, struct str shown, int64_t at, const char *why) {
  const char *got = clients_stranger(c, shown, at);
  cr_assert_not_null(got, "%s", why);
  cr_expect_neq(str_find(str_z(got), str_z(why), 0), SIZE_MAX, "%s", got);
}

Test(clients, with_none_anybody_may_come) {
  struct clients none;
  struct error e;
  cr_assert_eq(clients_read(&none, a, NULL, 0, &e), 0);
  cr_expect_null(clients_stranger(&none, STR(""), NOW));
  cr_expect_null(clients_stranger(&none, STR("x"), NOW));
}

Test(clients, only_its_own_are_the_system) {
  struct str own[] = {made(CERTIFICATE_OF_SYSTEM, "a"), made(CERTIFICATE_OF_SYSTEM, "b")};
  struct clients c;
  struct error e;
  cr_assert_eq(clients_read(&c, a, own, 2, &e), 0, "%s", e.text);
  cr_expect_null(clients_stranger(&c, thumbprint(own[0]), NOW));
  cr_expect_null(clients_stranger(&c, thumbprint(own[1]), NOW));
  is_stranger(&c, thumbprint(made(CERTIFICATE_OF_SYSTEM, "a")), NOW, "not one that the system is known by");
  is_stranger(&c, STR(""), NOW, "no certificate was shown");
}

Test(clients, out_of_its_time_it_proves_nothing) {
  struct str own = made(CERTIFICATE_OF_SYSTEM, "a");
  struct clients c;
  struct error e;
  cr_assert_eq(clients_read(&c, a, &own, 1, &e), 0, "%s", e.text);
  is_stranger(&c, thumbprint(own), NOW + 2 * DAY, "expired");
  is_stranger(&c, thumbprint(own), NOW - 2 * DAY, "not valid yet");
}

Test(clients, what_cannot_be_one_is_an_error) {
  const struct {
    struct str pem;
    const char *why;
  } rows[] = {
      {STR("-----BEGIN CERTIFICATE-----\nAAAA\n"), "cannot be read"},
      {arena_printf(a, "%.*s%.*s", STR_F(made(CERTIFICATE_OF_SYSTEM, "a")), STR_F(made(CERTIFICATE_OF_SYSTEM, "b"))),
       "holds 2 certificates"},
      {made(CERTIFICATE_OF_SERVER, "a"), "not meant for clients"}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct clients c;
    struct error e;
    cr_assert_eq(clients_read(&c, a, &rows[i].pem, 1, &e), -1, "%zu", i);
    cr_expect_neq(str_find(str_z(e.text), str_z(rows[i].why), 0), SIZE_MAX, "%s", e.text);
  }
}
