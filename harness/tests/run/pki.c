#include "tests/run/pki.h"

#include "base/clock.h"
#include "crypto/certificate.h"

#include <criterion/criterion.h>

#define DAY INT64_C(86400000)

struct pki_pair pki_make(struct arena *a, enum pki_kind kind, const char *name, const struct pki_pair *issuer) {
  static const enum certificate_kind kinds[] = {CERTIFICATE_OF_AUTHORITY, CERTIFICATE_OF_SERVER, CERTIFICATE_OF_SYSTEM};
  static const struct str hosts[] = {STR_INIT("127.0.0.1")};
  static uint64_t serial = 1;
  struct certificate_pair by, out;
  struct error e;
  if (issuer) by = (struct certificate_pair){issuer->certificate, issuer->key};
  struct certificate_plan plan = {.kind = kinds[kind],
                                  .common_name = str_z(name),
                                  .names = hosts,
                                  .names_n = kind == PKI_SERVER,
                                  .serial = serial++,
                                  .from = clock_wall() - DAY,
                                  .until = clock_wall() + DAY,
                                  .issuer = issuer ? &by : NULL};
  cr_assert_eq(certificate_make(&out, a, &plan, &e), 0, "%s", e.text);
  return (struct pki_pair){out.certificate, out.key};
}
