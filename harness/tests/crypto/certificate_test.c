#include "crypto/certificate.h"

#include "base/buf.h"

#include <criterion/criterion.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#define NOW INT64_C(1767603600000)
#define DAY INT64_C(86400000)
#define MADE_UP "UI:DK-O:G:5c1b9b44-0000-4000-8000-000000000001"

static struct arena *a;

static void set_up(void) {
  a = arena_new(0);
}

static void tear_down(void) {
  arena_free(a);
}

TestSuite(certificate, .init = set_up, .fini = tear_down);

static const struct str hosts[] = {STR_INIT("eds.example.dk"), STR_INIT("*.test.example.dk"), STR_INIT("127.0.0.1"),
                                   STR_INIT("::1")};

static struct certificate_pair made(enum certificate_kind kind, enum certificate_fault fault,
                                    const struct certificate_pair *issuer) {
  struct certificate_pair out;
  struct error e;
  struct certificate_plan plan = {.kind = kind,
                                  .fault = fault,
                                  .common_name = STR("Journal"),
                                  .organisation = STR("Prøvekøbing, \"Test\""),
                                  .organisation_id = STR("NTRDK-88888888"),
                                  .serial_name = STR(MADE_UP),
                                  .names = hosts,
                                  .names_n = kind == CERTIFICATE_OF_SERVER ? 4 : 0,
                                  .serial = 0x1234abcd,
                                  .from = NOW - 10 * DAY,
                                  .until = NOW + 90 * DAY,
                                  .issuer = issuer};
  if (kind == CERTIFICATE_OF_AUTHORITY) plan.common_name = STR("Test CA");
  cr_assert_eq(certificate_make(&out, a, &plan, &e), 0, "%s", e.text);
  return out;
}

static struct certificate read_one(struct str bytes) {
  struct certificates all;
  struct error e;
  cr_assert_eq(certificates_read(&all, a, bytes, &e), 0, "%s", e.text);
  cr_assert_eq(all.n, 1);
  return all.v[0];
}

static struct str pasted(struct str x, struct str y) {
  return arena_printf(a, "%.*s%.*s", STR_F(x), STR_F(y));
}

/* ---- reading ---- */

Test(certificate, what_is_made_is_read_as_it_was_planned) {
  struct certificate_pair ca = made(CERTIFICATE_OF_AUTHORITY, CERTIFICATE_SOUND, NULL);
  struct certificate_pair own = made(CERTIFICATE_OF_SYSTEM, CERTIFICATE_SOUND, &ca);
  struct certificate c = read_one(own.certificate), authority = read_one(ca.certificate);
  cr_assert(str_eqz(c.subject, "serialNumber=" MADE_UP ",CN=Journal,O=Prøvekøbing\\, \\\"Test\\\","
                               "organizationIdentifier=NTRDK-88888888,C=DK"),
            "%.*s", STR_F(c.subject));
  cr_assert(str_eq(c.issuer, authority.subject));
  cr_assert(str_eqz(c.common_name, "Journal"));
  cr_assert(str_eqz(c.serial, "1234abcd"), "%.*s", STR_F(c.serial));
  cr_assert_eq(c.from, NOW - 10 * DAY);
  cr_assert_eq(c.until, NOW + 90 * DAY);
  cr_assert_eq(c.key.kind, PUBLIC_KEY_EC);
  cr_assert_eq(c.key.bits, 256);
  cr_assert(c.key.strong && c.client && !c.server && !c.authority && !c.own_issuer);
  cr_assert(str_eqz(c.signature, "ecdsa-with-SHA256"));
  cr_assert(authority.authority && authority.own_issuer);
  cr_assert(str_eq(read_one(c.der).pem, c.pem), "DER is read as PEM is");
  cr_assert(str_eq(c.pem, own.certificate));
}

/* By hand from `openssl x509 -outform DER | openssl dgst -sha256 -binary | basenc --base64url`. */
Test(certificate, the_thumbprint_is_that_of_rfc_8705) {
  cr_assert(str_eqz(certificate_thumbprint(a, STR("abc")), "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0"));
  cr_assert(str_eqz(certificate_thumbprint(a, STR("")), "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"));
}

Test(certificate, a_file_may_hold_a_chain_and_a_key) {
  struct certificate_pair ca = made(CERTIFICATE_OF_AUTHORITY, CERTIFICATE_SOUND, NULL);
  struct certificate_pair own = made(CERTIFICATE_OF_SERVER, CERTIFICATE_SOUND, &ca);
  struct certificates all;
  struct error e;
  struct str file = pasted(pasted(own.key, own.certificate), ca.certificate);
  cr_assert_eq(certificates_read(&all, a, file, &e), 0, "%s", e.text);
  cr_assert_eq(all.n, 2);
  cr_assert(all.v[0].server && all.v[1].authority);
  cr_assert_eq(all.v[0].names.n, 4);
  cr_assert(str_eqz(all.v[0].names.v[1], "DNS:*.test.example.dk"));
  cr_assert(str_eqz(all.v[0].names.v[3], "IP:::1"));
}

Test(certificate, what_is_none_is_an_error) {
  struct certificate_pair ca = made(CERTIFICATE_OF_AUTHORITY, CERTIFICATE_SOUND, NULL);
  struct str half = str_sub(ca.certificate, 0, ca.certificate.n / 2);
  struct str many = STR("");
  for (int i = 0; i <= CERTIFICATE_CHAIN_MAX; i++) many = pasted(many, ca.certificate);
  const struct {
    struct str bytes;
    enum error_code code;
    const char *text;
  } rows[] = {{STR(""), ERR_SYNTAX, "empty"},
              {STR("hello"), ERR_SYNTAX, "neither PEM nor DER"},
              {ca.key, ERR_SYNTAX, "no certificate is in the file"},
              {half, ERR_SYNTAX, "cannot be read"},
              {pasted(ca.certificate, half), ERR_SYNTAX, "cannot be read"},
              {STR("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"), ERR_SYNTAX, "cannot be read"},
              {many, ERR_LIMIT, "more than 32"},
              {{arena_alloc(a, CERTIFICATE_FILE_MAX + 1), CERTIFICATE_FILE_MAX + 1}, ERR_LIMIT, "over 1048576 bytes"}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct certificates all;
    struct error e;
    cr_assert_eq(certificates_read(&all, a, rows[i].bytes, &e), -1, "row %zu", i);
    cr_assert_eq(e.code, rows[i].code, "row %zu: %s", i, e.text);
    cr_assert(strstr(e.text, rows[i].text), "row %zu: %s", i, e.text);
  }
}

Test(certificate, keys_are_told_by_kind_and_strength) {
  static const struct {
    enum certificate_key_choice choice;
    enum public_key_kind kind;
    int bits;
    bool strong;
  } rows[] = {{CERTIFICATE_EC_P256, PUBLIC_KEY_EC, 256, true},
              {CERTIFICATE_RSA_2048, PUBLIC_KEY_RSA, 2048, true},
              {CERTIFICATE_RSA_1024, PUBLIC_KEY_RSA, 1024, false},
              {CERTIFICATE_ED25519, PUBLIC_KEY_ED25519, 256, true}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct certificate_plan plan = {
        .kind = CERTIFICATE_OF_AUTHORITY, .common_name = STR("k"), .serial = 1, .until = NOW, .key = rows[i].choice};
    struct certificate_pair own;
    struct certificate_key key;
    struct str pem;
    struct error e;
    cr_assert_eq(certificate_make(&own, a, &plan, &e), 0, "%s", e.text);
    struct certificate c = read_one(own.certificate);
    cr_assert_eq(certificate_key_read(&key, &pem, a, own.key, &e), 0, "%s", e.text);
    cr_assert(str_eq(pem, own.key));
    cr_assert(key.kind == rows[i].kind && c.key.kind == rows[i].kind);
    cr_assert(key.bits == rows[i].bits && c.key.bits == rows[i].bits);
    cr_assert(key.strong == rows[i].strong && c.key.strong == rows[i].strong);
    cr_assert(certificate_key_matches(&c, own.key));
  }
}

/* Key pairs of kinds that this project does not make itself. */
Test(certificate, other_keys) {
  const struct {
    EVP_PKEY *key;
    enum public_key_kind kind;
    bool strong;
  } rows[] = {{EVP_EC_gen("prime192v1"), PUBLIC_KEY_EC, false},
              {EVP_EC_gen("secp224r1"), PUBLIC_KEY_EC, true},
              {EVP_PKEY_Q_keygen(NULL, NULL, "ED448"), PUBLIC_KEY_OTHER, false}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct certificate_key key;
    struct error e;
    unsigned char *der = NULL;
    int n = i2d_PrivateKey(rows[i].key, &der);
    struct str bytes = arena_str(a, (struct str){(char *)der, (size_t)n});
    OPENSSL_free(der);
    EVP_PKEY_free(rows[i].key);
    cr_assert_eq(certificate_key_read(&key, NULL, a, bytes, &e), 0, "row %zu: %s", i, e.text);
    cr_assert_eq(key.kind, rows[i].kind, "row %zu: %d", i, key.kind);
    cr_assert_eq(key.strong, rows[i].strong, "row %zu", i);
  }
}

Test(certificate, a_key_that_cannot_be_read) {
  struct certificate_key key;
  struct error e;
  static const struct str rows[] = {STR_INIT(""), STR_INIT("x"),
                                    STR_INIT("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")};
  for (size_t i = 0; i < 3; i++) {
    cr_assert_eq(certificate_key_read(&key, NULL, a, rows[i], &e), -1);
    cr_assert(strstr(e.text, "private key cannot be read"), "%s", e.text);
  }
}

/* ---- asking ---- */

Test(certificate, hosts_are_those_of_the_alternative_names) {
  struct certificate server = read_one(made(CERTIFICATE_OF_SERVER, CERTIFICATE_SOUND, NULL).certificate);
  struct certificate system = read_one(made(CERTIFICATE_OF_SYSTEM, CERTIFICATE_SOUND, NULL).certificate);
  static const struct {
    const char *host;
    bool is;
  } rows[] = {{"eds.example.dk", true},
              {"EDS.example.DK", true},
              {"a.test.example.dk", true},
              {"a.b.test.example.dk", false},
              {"127.0.0.1", true},
              {"127.0.0.2", false},
              {"::1", true},
              {"0:0:0:0:0:0:0:1", true},
              {"Journal", false},
              {"example.dk", false},
              {"", false}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    cr_assert_eq(certificate_is_for(&server, str_z(rows[i].host)), rows[i].is, "%s", rows[i].host);
    cr_assert(!certificate_is_for(&system, str_z(rows[i].host)), "%s by its common name", rows[i].host);
  }
  cr_assert(!certificate_is_for(&server, STR("eds.example.dk\0.evil.dk")));
}

Test(certificate, trust_needs_the_authority_and_the_time) {
  struct certificate_pair ca = made(CERTIFICATE_OF_AUTHORITY, CERTIFICATE_SOUND, NULL);
  struct certificate_pair other = made(CERTIFICATE_OF_AUTHORITY, CERTIFICATE_SOUND, NULL);
  struct certificate_pair between = made(CERTIFICATE_OF_AUTHORITY, CERTIFICATE_SOUND, &ca);
  struct certificate direct = read_one(made(CERTIFICATE_OF_SYSTEM, CERTIFICATE_SOUND, &ca).certificate);
  struct certificate under = read_one(made(CERTIFICATE_OF_SYSTEM, CERTIFICATE_SOUND, &between).certificate);
  struct certificate forged = read_one(made(CERTIFICATE_OF_SYSTEM, CERTIFICATE_FAULT_AUTHORITY, &ca).certificate);
  struct certificate own = read_one(between.certificate);
  struct certificates chain = {&own, 1, 1};
  cr_assert_null(certificate_distrust(&direct, NULL, ca.certificate, NOW));
  cr_assert_not_null(certificate_distrust(&direct, NULL, other.certificate, NOW));
  cr_assert_not_null(certificate_distrust(&forged, NULL, ca.certificate, NOW));
  cr_assert_not_null(certificate_distrust(&direct, NULL, ca.certificate, NOW + 1000 * DAY));
  cr_assert_null(certificate_distrust(&direct, NULL, ca.certificate, 0));
  cr_assert_not_null(certificate_distrust(&direct, NULL, STR("nothing"), NOW));
  cr_assert_not_null(certificate_distrust(&under, NULL, ca.certificate, NOW));
  cr_assert_null(certificate_distrust(&under, &chain, ca.certificate, NOW));
}

/* ---- names as text ---- */

Test(certificate, subjects_are_compared_as_names) {
  static const struct {
    const char *x, *y;
    bool same;
  } rows[] = {{"CN=a,O=b,C=DK", "CN=a,O=b,C=DK", true},
              {"CN=a,O=b,C=DK", "cn=A, o=B ; c=dk", true},
              {"CN=a,O=b", "2.5.4.3=a,OID.2.5.4.10=b", true},
              {"CN=a,O=b", "CN=#0c0161,O=#130162", true},
              {"CN=a b", "CN=  a   b  ", true},
              {"CN=a\\,b", "CN=\"a,b\"", true},
              {"CN=a\\,b", "CN=a\\2Cb", true},
              {"CN=\xc3\xb8", "CN=\\C3\\B8", true},
              {"OU=x+CN=y", "CN=y+OU=x", true},
              {"serialNumber=1,CN=x", "SERIALNUMBER=1,commonName=x", true},
              {"organizationIdentifier=NTRDK-1", "2.5.4.97=NTRDK-1", true},
              {"CN=a,O=b,C=c", "C=c,O=b,CN=a", true},
              {"CN=a+OU=x,O=b", "O=b,OU=x+CN=a", true},
              {"E=a@b", "emailAddress=A@b", true},
              {"serialNumber=1+CN=a", "2.5.4.5=1+CN=a", true},
              {"CN=a,O=b,C=c", "O=b,CN=a,C=c", false},
              {"CN=a,O=b", "O=a,CN=b", false},
              {"CN=a,O=b", "CN=a+O=b", false},
              {"CN=a,O=b", "CN=a", false},
              {"CN=a", "CN=a,O=b", false},
              {"CN=ab", "CN=a b", false},
              {"CN=a\\00", "CN=a", false},
              {"CN=a\\,O=b", "CN=a,O=b", false},
              {"CN=a", "OU=a", false},
              {"", "", false},
              {"CN=", "CN=", false},
              {"CN=a,", "CN=a,", false},
              {"CN=a\\", "CN=a\\", false},
              {"CN=\"a", "CN=\"a", false},
              {"CN=\"a\"b", "CN=\"a\"b", false},
              {"CN=#zz", "CN=#zz", false},
              {"CN=#0101", "CN=#0101", false},
              {"nonsense=a", "nonsense=a", false},
              {"a", "a", false}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    cr_assert_eq(certificate_subject_same(str_z(rows[i].x), str_z(rows[i].y)), rows[i].same, "%s | %s", rows[i].x,
                 rows[i].y);
}

Test(certificate, a_subject_of_a_certificate_is_its_own) {
  struct certificate c = read_one(made(CERTIFICATE_OF_SYSTEM, CERTIFICATE_SOUND, NULL).certificate);
  cr_assert(certificate_subject_same(c.subject, c.subject));
  cr_assert(certificate_subject_same(c.subject, STR("SERIALNUMBER=" MADE_UP ", CN=journal, O=\"pr\xc3\xb8vek\xc3\xb8"
                                                    "bing, \\\"test\\\"\", 2.5.4.97=NTRDK-88888888, C=dk")));
}

Test(certificate, a_part_of_a_subject_is_given_as_it_stands) {
  cr_expect(str_eqz(certificate_subject_get(a, STR("CN=a, O= B\\, C\\C3\\A6 "), "O"), "B, C\xc3\xa6"));
  cr_expect(str_eqz(certificate_subject_get(a, STR("CN=x+2.5.4.97=NTRDK-1"), "organizationIdentifier"), "NTRDK-1"));
  cr_expect_eq(certificate_subject_get(a, STR("CN=a"), "O").n, 0);
  cr_expect_eq(certificate_subject_get(a, STR("O"), "O").n, 0);
}

Test(certificate, a_subject_without_end_is_not_compared) {
  struct buf b;
  buf_init(&b, 1 << 20);
  for (int i = 0; i < 100; i++) buf_printf(&b, "%sCN=a", i ? "," : "");
  struct str many = buf_take(&b, a);
  cr_assert(!certificate_subject_same(many, many));
  struct str wide = arena_printf(a, "CN=%5000s", "x");
  cr_assert(!certificate_subject_same(wide, wide));
}

/* ---- judging ---- */

static struct findings judged(struct str pem, struct certificate_check how) {
  struct findings f;
  struct certificate c = read_one(pem);
  findings_init(&f, a);
  how.message = STR("x.pem");
  if (!how.at) how.at = NOW;
  certificate_judge(&f, &c, &how);
  return f;
}

static struct str ids(const struct findings *f) {
  struct buf b;
  buf_init(&b, 10000);
  for (size_t i = 0; i < f->list.n; i++)
    buf_printf(&b, "%s%.*s", i ? " " : "", STR_F(str_sub(f->list.v[i].rule, 12, 100)));
  return buf_take(&b, a);
}

Test(certificate, each_fault_breaks_its_rule_and_no_other) {
  static const char *const expected[CERTIFICATE_FAULTS_N] = {
      [CERTIFICATE_SOUND] = "",
      [CERTIFICATE_FAULT_EXPIRED] = "expired",
      [CERTIFICATE_FAULT_NOT_YET] = "not-yet-valid",
      [CERTIFICATE_FAULT_NAME] = "name-other",
      [CERTIFICATE_FAULT_AUTHORITY] = "untrusted",
      [CERTIFICATE_FAULT_KEY] = "key-weak untrusted",
  };
  struct certificate_pair ca = made(CERTIFICATE_OF_AUTHORITY, CERTIFICATE_SOUND, NULL);
  for (int i = 0; i < CERTIFICATE_FAULTS_N; i++) {
    struct certificate_pair own = made(CERTIFICATE_OF_SERVER, (enum certificate_fault)i, &ca);
    struct findings f = judged(own.certificate, (struct certificate_check){.trusted = ca.certificate,
                                                                           .host = STR("eds.example.dk"),
                                                                           .key = own.key,
                                                                           .purpose = CERTIFICATE_SERVER});
    cr_assert(str_eqz(ids(&f), expected[i]), "%s: %.*s", certificate_fault_names[i], STR_F(ids(&f)));
  }
}

Test(certificate, other_rules) {
  struct certificate_pair ca = made(CERTIFICATE_OF_AUTHORITY, CERTIFICATE_SOUND, NULL);
  struct certificate_pair server = made(CERTIFICATE_OF_SERVER, CERTIFICATE_SOUND, &ca);
  struct certificate_pair system = made(CERTIFICATE_OF_SYSTEM, CERTIFICATE_SOUND, &ca);
  const struct {
    struct str pem;
    struct certificate_check how;
    const char *ids;
  } rows[] = {
      {system.certificate, {.purpose = CERTIFICATE_CLIENT}, ""},
      {system.certificate, {.purpose = CERTIFICATE_SERVER}, "purpose name-none"},
      {server.certificate, {.purpose = CERTIFICATE_CLIENT}, "purpose"},
      {server.certificate, {.key = ca.key}, "key-other"},
      {server.certificate, {.key = STR("nothing")}, "key-other"},
      {server.certificate, {.at = NOW + 80 * DAY}, "expires-soon"},
      {server.certificate, {.at = NOW + 90 * DAY}, "expires-soon"},
      {server.certificate, {.at = NOW + 90 * DAY + 1000}, "expired"},
      {server.certificate, {.at = NOW - 10 * DAY}, ""},
      {server.certificate, {.at = NOW - 10 * DAY - 1000}, "not-yet-valid"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct findings f = judged(rows[i].pem, rows[i].how);
    cr_assert(str_eqz(ids(&f), rows[i].ids), "row %zu: %.*s", i, STR_F(ids(&f)));
  }
}

/* A certificate of the given key, signed with the given digest; for what this project does not make. */
static struct str odd(EVP_PKEY *key, const EVP_MD *digest) {
  X509 *x = X509_new();
  BIO *b = BIO_new(BIO_s_mem());
  char *p;
  X509_set_version(x, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
  ASN1_TIME_set(X509_getm_notBefore(x), (time_t)((NOW - DAY) / 1000));
  ASN1_TIME_set(X509_getm_notAfter(x), (time_t)((NOW + 90 * DAY) / 1000));
  X509_set_pubkey(x, key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_UTF8, (const unsigned char *)"odd", -1, -1, 0);
  cr_assert_gt(X509_sign(x, key, digest), 0);
  PEM_write_bio_X509(b, x);
  long n = BIO_get_mem_data(b, &p);
  struct str pem = arena_str(a, (struct str){p, (size_t)n});
  BIO_free(b);
  X509_free(x);
  EVP_PKEY_free(key);
  return pem;
}

Test(certificate, weak_digests_and_other_keys) {
  struct findings f = judged(odd(EVP_EC_gen("P-256"), EVP_sha1()), (struct certificate_check){0});
  cr_assert(str_eqz(ids(&f), "signature-weak"), "%.*s", STR_F(ids(&f)));
  f = judged(odd(EVP_RSA_gen(2048), EVP_md5()), (struct certificate_check){0});
  cr_assert(str_eqz(ids(&f), "signature-weak"), "%.*s", STR_F(ids(&f)));
  f = judged(odd(EVP_PKEY_Q_keygen(NULL, NULL, "ED448"), NULL), (struct certificate_check){0});
  cr_assert(str_eqz(ids(&f), "key-kind"), "%.*s", STR_F(ids(&f)));
}

Test(certificate, every_rule_has_its_texts_and_is_used) {
  for (int i = 0; i < CERTIFICATE_RULES_N; i++) {
    const struct rule *r = &certificate_rules[i];
    cr_assert(r->id && str_starts(str_z(r->id), STR("certificate.")));
    cr_assert(r->source && r->en && r->da && strcmp(r->en, r->da));
  }
}

/* ---- making ---- */

Test(certificate, what_cannot_be_made_is_an_error) {
  static const struct str nul = STR_INIT("a\0b"), host = STR_INIT("a b"), v6 = STR_INIT("::zz"), wide = STR_INIT("a_b"),
                          inner = STR_INIT("a.*.dk"), none = STR_INIT("");
  struct certificate_pair ca = made(CERTIFICATE_OF_AUTHORITY, CERTIFICATE_SOUND, NULL);
  struct certificate_pair other = made(CERTIFICATE_OF_AUTHORITY, CERTIFICATE_SOUND, NULL);
  struct certificate_pair mixed = {ca.certificate, other.key}, broken = {STR("x"), other.key},
                          keyless = {ca.certificate, STR("x")};
  const struct {
    struct certificate_plan plan;
    const char *text;
  } rows[] = {
      {{.common_name = STR("")}, "needs a name"},
      {{.common_name = arena_printf(a, "%65s", "x")}, "1 to 64"},
      {{.common_name = STR("x"), .organisation = arena_printf(a, "%65s", "x")}, "1 to 64"},
      {{.common_name = STR("x"), .names = &host, .names_n = 1}, "neither a host name"},
      {{.common_name = STR("x"), .names = &nul, .names_n = 1}, "neither a host name"},
      {{.common_name = STR("x"), .names = &v6, .names_n = 1}, "neither a host name"},
      {{.common_name = STR("x"), .names = &wide, .names_n = 1}, "neither a host name"},
      {{.common_name = STR("x"), .names = &inner, .names_n = 1}, "neither a host name"},
      {{.common_name = STR("x"), .names = &none, .names_n = 1}, "neither a host name"},
      {{.common_name = STR("x"), .issuer = &mixed}, "does not belong"},
      {{.common_name = STR("x"), .issuer = &broken}, "authority cannot be read"},
      {{.common_name = STR("x"), .issuer = &keyless}, "private key cannot be read"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct certificate_plan plan = rows[i].plan;
    struct certificate_pair out;
    struct error e;
    plan.kind = CERTIFICATE_OF_SERVER;
    plan.serial = 1;
    plan.until = NOW;
    cr_assert_eq(certificate_make(&out, a, &plan, &e), -1, "row %zu", i);
    cr_assert(strstr(e.text, rows[i].text), "row %zu: %s", i, e.text);
  }
}
