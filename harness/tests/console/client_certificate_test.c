/* What a vendor may hand in as the certificate of its system, and what it is told of all else. */
#include "console/client_certificate.h"

#include <criterion/criterion.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <string.h>

#define NOW INT64_C(1767603600000)
#define DAY INT64_C(86400000)

static struct arena *a;
static struct certificate_pair ca;

static struct certificate_pair made(enum certificate_kind kind, enum certificate_fault fault, const char *name,
                                    const struct certificate_pair *issuer) {
  struct certificate_pair out;
  struct error e;
  struct certificate_plan plan = {.kind = kind,
                                  .fault = fault,
                                  .common_name = str_z(name),
                                  .names = &(struct str){"localhost", strlen("localhost")},
                                  .names_n = kind == CERTIFICATE_OF_SERVER,
                                  .serial = 7,
                                  .from = NOW - 10 * DAY,
                                  .until = NOW + 90 * DAY,
                                  .issuer = issuer};
  cr_assert_eq(certificate_make(&out, a, &plan, &e), 0, "%s", e.text);
  return out;
}

static struct certificate_pair client(const char *name) {
  return made(CERTIFICATE_OF_SYSTEM, CERTIFICATE_SOUND, name, &ca);
}

static void set_up(void) {
  a = arena_new(0);
  ca = made(CERTIFICATE_OF_AUTHORITY, CERTIFICATE_SOUND, "CA", NULL);
}

static void tear_down(void) {
  arena_free(a);
}

TestSuite(client_certificate, .init = set_up, .fini = tear_down);

static void takes(struct str bytes, const char *subject) {
  struct certificate c;
  struct said why = {0};
  cr_assert(client_certificate_take(&c, &why, a, bytes, NOW), "%.*s", STR_F(why.en));
  cr_expect_neq(str_find(c.subject, str_z(subject), 0), SIZE_MAX, "%.*s", STR_F(c.subject));
  cr_expect_eq(str_find(c.pem, STR("KEY"), 0), SIZE_MAX);
}

static void refuses(struct str bytes, const char *en, const char *da) {
  struct certificate c;
  struct said why = {0};
  cr_assert_not(client_certificate_take(&c, &why, a, bytes, NOW), "%s", en);
  cr_expect_neq(str_find(why.en, str_z(en), 0), SIZE_MAX, "%.*s", STR_F(why.en));
  cr_expect_neq(str_find(why.da, str_z(da), 0), SIZE_MAX, "%.*s", STR_F(why.da));
}

static struct str joined(struct str x, struct str y) {
  return arena_printf(a, "%.*s%.*s", STR_F(x), STR_F(y));
}

static struct str der_of(struct str pem) {
  struct certificates all;
  struct error e;
  cr_assert_eq(certificates_read(&all, a, pem, &e), 0, "%s", e.text);
  return all.v[0].der;
}

/* ---- taken ---- */

Test(client_certificate, pem_and_der_are_taken) {
  struct certificate_pair own = client("mine");
  takes(own.certificate, "CN=mine");
  takes(der_of(own.certificate), "CN=mine");
  takes(joined(STR("subject: what openssl writes before it\n"), own.certificate), "CN=mine");
}

Test(client_certificate, those_above_it_may_stand_beside_it) {
  takes(joined(client("mine").certificate, ca.certificate), "CN=mine");
  takes(joined(ca.certificate, client("mine").certificate), "CN=mine");
}

Test(client_certificate, one_that_issued_itself_is_taken) {
  takes(made(CERTIFICATE_OF_SYSTEM, CERTIFICATE_SOUND, "alone", NULL).certificate, "CN=alone");
}

/* ---- keys ---- */

/* In every form that a private key has: beside its certificate, alone, with a passphrase, in DER, in a PKCS#12. */
Test(client_certificate, a_key_is_refused_and_told) {
  struct certificate_pair own = client("mine");
  refuses(own.key, "private key", "privat nøgle");
  refuses(joined(own.certificate, own.key), "private key", "privat nøgle");
  refuses(joined(own.key, own.certificate), "private key", "privat nøgle");
  refuses(joined(own.certificate, STR("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n")), "private key", "privat nøgle");
  refuses(joined(own.certificate, STR("-----BEGIN EC PRIVATE KEY-----\nAAAA\n")), "private key", "privat nøgle");
}

static EVP_PKEY *key_of(struct str pem) {
  BIO *b = BIO_new_mem_buf(pem.p, (int)pem.n);
  EVP_PKEY *key = PEM_read_bio_PrivateKey(b, NULL, NULL, NULL);
  BIO_free(b);
  cr_assert_not_null(key);
  return key;
}

Test(client_certificate, a_key_in_der_is_refused) {
  EVP_PKEY *key = key_of(client("mine").key);
  unsigned char *der = NULL;
  int n = i2d_PrivateKey(key, &der);
  cr_assert_gt(n, 0);
  refuses((struct str){(const char *)der, (size_t)n}, "private key", "privat nøgle");
  OPENSSL_free(der);
  EVP_PKEY_free(key);
}

Test(client_certificate, a_pkcs12_is_refused) {
  struct certificate_pair own = client("mine");
  struct str der = der_of(own.certificate);
  const unsigned char *p = (const unsigned char *)der.p;
  unsigned char *out = NULL;
  EVP_PKEY *key = key_of(own.key);
  X509 *x = d2i_X509(NULL, &p, (long)der.n);
  PKCS12 *store = PKCS12_create("secret", "mine", key, x, NULL, 0, 0, 0, 0, 0);
  int n = i2d_PKCS12(store, &out);
  cr_assert_gt(n, 0);
  refuses((struct str){(const char *)out, (size_t)n}, "PKCS#12", "PKCS#12");
  OPENSSL_free(out);
  PKCS12_free(store), X509_free(x), EVP_PKEY_free(key);
}

/* ---- other things ---- */

Test(client_certificate, what_is_none_is_refused) {
  char *large = arena_alloc(a, CLIENT_CERTIFICATE_MAX + 1);
  memset(large, 'x', CLIENT_CERTIFICATE_MAX + 1);
  refuses(STR(""), "Nothing was handed in", "ikke indleveret noget");
  refuses(STR(" \n"), "Nothing was handed in", "ikke indleveret noget");
  refuses((struct str){large, CLIENT_CERTIFICATE_MAX + 1}, "too large", "for stort");
  refuses(STR("hello"), "no certificate in PEM or DER", "ikke et certifikat");
  refuses(STR("\x30\x82\x01"), "no certificate in PEM or DER", "ikke et certifikat");
  refuses(STR("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"), "no certificate in PEM or DER",
          "ikke et certifikat");
  refuses(STR("-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n"), "request", "anmodning");
  refuses(STR("-----BEGIN NEW CERTIFICATE REQUEST-----\nAAAA\n"), "request", "anmodning");
  refuses(STR("-----BEGIN PUBLIC KEY-----\nAAAA\n"), "public key", "offentlig nøgle");
}

Test(client_certificate, whose_it_is_has_to_be_clear) {
  refuses(joined(client("mine").certificate, client("other").certificate), "several systems", "flere systemer");
  refuses(ca.certificate, "of an authority", "for en udsteder");
  refuses(joined(ca.certificate, ca.certificate), "of an authority", "for en udsteder");
}

Test(client_certificate, one_that_cannot_be_used_is_refused) {
  static const struct {
    enum certificate_fault fault;
    const char *en, *da;
  } rows[] = {{CERTIFICATE_FAULT_EXPIRED, "expired on", "udløb"},
              {CERTIFICATE_FAULT_NOT_YET, "not valid before", "først gyldigt fra"},
              {CERTIFICATE_FAULT_KEY, "1024 bits", "1024 bit"}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    refuses(made(CERTIFICATE_OF_SYSTEM, rows[i].fault, "mine", &ca).certificate, rows[i].en, rows[i].da);
  refuses(made(CERTIFICATE_OF_SERVER, CERTIFICATE_SOUND, "localhost", &ca).certificate, "as a client", "som klient");
}
