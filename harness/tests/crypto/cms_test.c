#include "crypto/cms.h"

#include <criterion/criterion.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

/* Certificates are made here, with keys of elliptic curves: those take no time. Times are relative to NOW. */
#define NOW INT64_C(1767603600000)
#define DAY INT64_C(86400000)

static struct arena *a;

static void set_up(void) {
  a = arena_new(0);
}

static void tear_down(void) {
  arena_free(a);
}

TestSuite(cms, .init = set_up, .fini = tear_down);

struct identity {
  EVP_PKEY *key;
  X509 *certificate;
  struct str key_pem, pem;
};

static struct str taken(BIO *b) {
  char *p;
  long n = BIO_get_mem_data(b, &p);
  struct str s = arena_str(a, (struct str){p, (size_t)n});
  BIO_free(b);
  return s;
}

static void add_extension(X509 *x, int nid, const char *value) {
  X509V3_CTX ctx;
  X509V3_set_ctx(&ctx, x, x, NULL, NULL, 0);
  X509_EXTENSION *ext = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
  cr_assert_not_null(ext);
  X509_add_ext(x, ext, -1);
  X509_EXTENSION_free(ext);
}

struct kind {
  const char *name, *usage;
  bool authority;
  int64_t from, until; /* days from NOW */
};

/* issuer NULL: by itself. */
static struct identity make(const struct kind *k, const struct identity *issuer) {
  static long serial = 1;
  struct identity id = {.key = EVP_EC_gen("P-256"), .certificate = X509_new()};
  X509 *x = id.certificate;
  const struct identity *by = issuer ? issuer : &id;
  X509_set_version(x, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(x), serial++);
  ASN1_TIME_set(X509_getm_notBefore(x), (time_t)((NOW + k->from * DAY) / 1000));
  ASN1_TIME_set(X509_getm_notAfter(x), (time_t)((NOW + k->until * DAY) / 1000));
  X509_set_pubkey(x, id.key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_UTF8, (const unsigned char *)k->name, -1, -1, 0);
  X509_set_issuer_name(x, X509_get_subject_name(by->certificate));
  add_extension(x, NID_basic_constraints, k->authority ? "critical,CA:TRUE" : "CA:FALSE");
  add_extension(x, NID_key_usage, k->usage);
  add_extension(x, NID_subject_key_identifier, "hash");
  if (issuer) {
    X509V3_CTX ctx;
    X509V3_set_ctx(&ctx, issuer->certificate, x, NULL, NULL, 0);
    X509_EXTENSION *ext = X509V3_EXT_conf_nid(NULL, &ctx, NID_authority_key_identifier, "keyid");
    X509_add_ext(x, ext, -1);
    X509_EXTENSION_free(ext);
  }
  X509_sign(x, by->key, EVP_sha256());
  BIO *b = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(b, x);
  id.pem = taken(b);
  b = BIO_new(BIO_s_mem());
  PEM_write_bio_PrivateKey(b, id.key, NULL, NULL, 0, NULL, NULL);
  id.key_pem = taken(b);
  return id;
}

static void forget(struct identity *id) {
  EVP_PKEY_free(id->key);
  X509_free(id->certificate);
}

static const struct kind root_kind = {"root", "critical,keyCertSign", true, -10, 1000};
static const struct kind middle_kind = {"middle", "critical,keyCertSign", true, -10, 1000};
static const struct kind jane_kind = {"Jane \u00C6gte", "critical,digitalSignature", false, -5, 5};

static struct str signature_of(struct str bytes, struct str key, struct str pem) {
  struct buf b;
  struct error e;
  buf_init(&b, CMS_SIGNATURE_MAX);
  cr_assert_eq(cms_sign(&b, bytes, &(struct cms_signing){.key = key, .certificate = pem, .now = NOW}, &e), 0, "%s",
               e.text);
  return buf_take(&b, a);
}

static struct cms_result checked(struct str bytes, struct str signature, struct str trusted, int64_t at) {
  struct cms_result r;
  struct error e;
  cr_assert_eq(cms_verify(&r, a, bytes, signature, &(struct cms_check){trusted, at}, &e), 0, "%s", e.text);
  return r;
}

static const struct str bytes = STR_INIT("some\r\nbytes\0here");

Test(cms, signs_and_verifies) {
  struct identity root = make(&root_kind, NULL), jane = make(&jane_kind, &root);
  struct str signature = signature_of(bytes, jane.key_pem, jane.pem);
  struct cms_result r = checked(bytes, signature, root.pem, NOW);
  cr_expect(r.matches);
  cr_expect_eq(r.trust, CMS_TRUSTED, "%.*s", STR_F(r.why));
  cr_expect(str_eqz(r.subject, "CN = Jane \u00C6gte"), "%.*s", STR_F(r.subject));
  cr_expect(str_eqz(r.issuer, "CN = root"));
  cr_expect_eq(r.until, NOW + 5 * DAY);
  cr_expect_neq(r.signed_at, 0);
  cr_expect_eq(checked(bytes, signature, (struct str){0}, NOW).trust, CMS_UNKNOWN);
  forget(&root);
  forget(&jane);
}

Test(cms, tells_other_bytes) {
  struct identity root = make(&root_kind, NULL), jane = make(&jane_kind, &root);
  struct str signature = signature_of(bytes, jane.key_pem, jane.pem);
  cr_expect(!checked(STR("some\nbytes"), signature, root.pem, NOW).matches);
  cr_expect(!checked((struct str){0}, signature, root.pem, NOW).matches);
  forget(&root);
  forget(&jane);
}

Test(cms, trusts_only_what_leads_to_the_anchors_and_is_valid_then) {
  struct identity root = make(&root_kind, NULL), other = make(&root_kind, NULL), jane = make(&jane_kind, &root);
  struct str signature = signature_of(bytes, jane.key_pem, jane.pem);
  const struct {
    struct str trusted;
    int64_t at;
    const char *why;
  } rows[] = {{other.pem, NOW, "issuer"}, {root.pem, NOW + 6 * DAY, "expired"}, {root.pem, NOW - 6 * DAY, "not yet"}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct cms_result r = checked(bytes, signature, rows[i].trusted, rows[i].at);
    cr_expect(r.matches, "%zu", i);
    cr_expect_eq(r.trust, CMS_UNTRUSTED, "%zu", i);
    cr_expect_neq(str_find(r.why, str_z(rows[i].why), 0), SIZE_MAX, "%zu: %.*s", i, STR_F(r.why));
  }
  forget(&root);
  forget(&other);
  forget(&jane);
}

Test(cms, carries_the_certificates_between) {
  struct identity root = make(&root_kind, NULL), middle = make(&middle_kind, &root), jane = make(&jane_kind, &middle);
  struct str chain = arena_printf(a, "%.*s%.*s", STR_F(jane.pem), STR_F(middle.pem));
  cr_expect_eq(checked(bytes, signature_of(bytes, jane.key_pem, chain), root.pem, NOW).trust, CMS_TRUSTED);
  cr_expect_eq(checked(bytes, signature_of(bytes, jane.key_pem, jane.pem), root.pem, NOW).trust, CMS_UNTRUSTED);
  cr_expect_eq(checked(bytes, signature_of(bytes, jane.key_pem, jane.pem), middle.pem, NOW).trust, CMS_TRUSTED);
  forget(&root);
  forget(&middle);
  forget(&jane);
}

Test(cms, a_key_for_something_else_signs_nothing) {
  static const struct kind server = {"server", "critical,keyEncipherment", false, -5, 5};
  struct identity root = make(&root_kind, NULL), id = make(&server, &root);
  struct cms_result r = checked(bytes, signature_of(bytes, id.key_pem, id.pem), root.pem, NOW);
  cr_expect_eq(r.trust, CMS_UNTRUSTED);
  cr_expect_neq(str_find(r.why, STR("key usage"), 0), SIZE_MAX);
  forget(&root);
  forget(&id);
}

Test(cms, refuses_to_sign_by_what_does_not_do) {
  static const struct kind late = {"late", "critical,digitalSignature", false, -5, -1};
  struct identity root = make(&root_kind, NULL), jane = make(&jane_kind, &root), old = make(&late, &root);
  const struct {
    struct str key, pem;
    const char *says;
  } rows[] = {{root.key_pem, jane.pem, "does not belong"},
              {old.key_pem, old.pem, "expired"},
              {jane.pem, jane.pem, "private key cannot be read"},
              {jane.key_pem, STR("nothing"), "certificate cannot be read"}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct buf b;
    struct error e;
    buf_init(&b, CMS_SIGNATURE_MAX);
    struct cms_signing how = {.key = rows[i].key, .certificate = rows[i].pem, .now = NOW};
    cr_expect_eq(cms_sign(&b, bytes, &how, &e), -1, "%zu", i);
    cr_expect_neq(str_find(str_z(e.text), str_z(rows[i].says), 0), SIZE_MAX, "%zu: %s", i, e.text);
    buf_release(&b);
  }
  forget(&root);
  forget(&jane);
  forget(&old);
}

Test(cms, what_is_no_signature_is_an_error) {
  struct identity root = make(&root_kind, NULL);
  const struct str bad[] = {{0}, STR("x"), STR("-----BEGIN CMS-----\nAAAA\n-----END CMS-----\n"), root.pem};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    struct cms_result r;
    struct error e;
    cr_expect_eq(cms_verify(&r, a, bytes, bad[i], &(struct cms_check){root.pem, NOW}, &e), -1, "%zu", i);
  }
  forget(&root);
}
