/* Certificates for tests: a test authority, servers and systems, sound or with one fault on purpose. */
#include "crypto/certificate_int.h"

#include <openssl/err.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#define MILLISECONDS 1000
#define DAY_MS (INT64_C(24) * 60 * 60 * 1000)
#define X509_VERSION 2   /* counted from 0 */
#define NAME_PART_MAX 64 /* RFC 5280, appendix A: ub-common-name and its like */
#define HOST_MAX 253
#define OTHER_HOST "other.invalid"

const char *const certificate_fault_names[CERTIFICATE_FAULTS_N] = {
    [CERTIFICATE_SOUND] = "sound",
    [CERTIFICATE_FAULT_EXPIRED] = "expired",
    [CERTIFICATE_FAULT_NOT_YET] = "not-yet-valid",
    [CERTIFICATE_FAULT_NAME] = "wrong-name",
    [CERTIFICATE_FAULT_AUTHORITY] = "unknown-authority",
    [CERTIFICATE_FAULT_KEY] = "weak-key",
};

struct making {
  struct certificate_plan plan;
  X509 *own, *issuer; /* issuer: own where it issues itself */
  EVP_PKEY *key, *issuer_key;
};

/* ---- keys ---- */

static EVP_PKEY *key_new(enum certificate_key_choice choice) {
  EVP_PKEY *key = NULL;
  if (choice == CERTIFICATE_EC_P256) key = EVP_EC_gen("P-256");
  if (choice == CERTIFICATE_RSA_2048) key = EVP_RSA_gen(2048);
  if (choice == CERTIFICATE_RSA_1024) key = EVP_RSA_gen(1024);
  if (choice == CERTIFICATE_ED25519) key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
  if (!key) BUG("OpenSSL makes no key of kind %d", (int)choice);
  return key;
}

/* ---- names ---- */

static int name_add(X509_NAME *name, int nid, struct str value, struct error *e) {
  if (!value.n) return 0;
  int rc = value.n > INT32_MAX ? 0
                               : X509_NAME_add_entry_by_NID(name, nid, MBSTRING_UTF8, (const unsigned char *)value.p,
                                                            (int)value.n, -1, 0);
  ERR_clear_error();
  if (rc == 1) return 0;
  return error_set(e, ERR_CONFIG, "\"%.*s\" cannot stand in a certificate as %s (1 to %d characters)", STR_F(value),
                   OBJ_nid2ln(nid), NAME_PART_MAX);
}

/* As the subject of an OCES3 system certificate: country, organisation and its id, name, serial number. */
static int name_subject(X509 *x, const struct certificate_plan *p, struct error *e) {
  X509_NAME *name = X509_get_subject_name(x);
  if (!p->common_name.n) return error_set(e, ERR_CONFIG, "a certificate needs a name");
  if (name_add(name, NID_countryName, STR("DK"), e)) return -1;
  if (name_add(name, NID_organizationIdentifier, p->organisation_id, e)) return -1;
  if (name_add(name, NID_organizationName, p->organisation, e)) return -1;
  if (name_add(name, NID_commonName, p->common_name, e)) return -1;
  return name_add(name, NID_serialNumber, p->serial_name, e);
}

static bool host_valid(struct str host) {
  for (size_t i = 0; i < host.n; i++)
    if (!ascii_is_alnum(host.p[i]) && !(host.p[i] == '-' || host.p[i] == '.' || (host.p[i] == '*' && i == 0)))
      return false;
  return host.n > 0 && host.n <= HOST_MAX && host.p[0] != '.' && host.p[0] != '-';
}

static GENERAL_NAME *general_name(const char *host) {
  GENERAL_NAME *one = GENERAL_NAME_new();
  ASN1_OCTET_STRING *ip = a2i_IPADDRESS(host);
  ASN1_IA5STRING *dns = ip ? NULL : ASN1_IA5STRING_new();
  if (!one || (!ip && (!dns || !ASN1_STRING_set(dns, host, -1)))) BUG("out of memory: a certificate");
  GENERAL_NAME_set0_value(one, ip ? GEN_IPADD : GEN_DNS, ip ? (void *)ip : (void *)dns);
  return one;
}

static int add_hosts(X509 *x, const struct certificate_plan *p, struct error *e) {
  struct arena *a = arena_new(0);
  GENERAL_NAMES *all = GENERAL_NAMES_new();
  int rc = 0;
  if (!all) BUG("out of memory: a certificate");
  for (size_t i = 0; i < p->names_n && rc == 0; i++) {
    const char *host = arena_z(a, p->names[i]);
    bool is_ip = str_index(p->names[i], ':') != SIZE_MAX;
    GENERAL_NAME *one = host_valid(p->names[i]) || is_ip ? general_name(host) : NULL;
    if (one && is_ip && one->type != GEN_IPADD) {
      GENERAL_NAME_free(one);
      one = NULL;
    }
    if (one)
      sk_GENERAL_NAME_push(all, one);
    else
      rc = error_set(e, ERR_CONFIG, "\"%s\" is neither a host name nor an IP address", host);
  }
  if (rc == 0 && p->names_n) X509_add1_ext_i2d(x, NID_subject_alt_name, all, 0, 0);
  GENERAL_NAMES_free(all);
  arena_free(a);
  ERR_clear_error();
  return rc;
}

/* ---- extensions ---- */

static void extension(const struct making *m, int nid, const char *value) {
  X509V3_CTX ctx;
  X509V3_set_ctx(&ctx, m->issuer, m->own, NULL, NULL, 0);
  X509_EXTENSION *ext = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
  if (!ext || !X509_add_ext(m->own, ext, -1)) BUG("OpenSSL does not take the extension %s", value);
  X509_EXTENSION_free(ext);
}

static int add_extensions(const struct making *m, struct error *e) {
  static const struct {
    const char *constraints, *usage, *extended;
  } kinds[] = {
      [CERTIFICATE_OF_AUTHORITY] = {"critical,CA:TRUE", "critical,keyCertSign,cRLSign", NULL},
      [CERTIFICATE_OF_SERVER] = {"critical,CA:FALSE", "critical,digitalSignature", "serverAuth"},
      [CERTIFICATE_OF_SYSTEM] = {"critical,CA:FALSE", "critical,digitalSignature", "clientAuth"},
  };
  enum certificate_kind kind = m->plan.kind;
  /* The cipher suites without forward secrecy, which a fault offers, need a key that may encipher. */
  bool enciphers = kind == CERTIFICATE_OF_SERVER && EVP_PKEY_get_base_id(m->key) == EVP_PKEY_RSA;
  extension(m, NID_basic_constraints, kinds[kind].constraints);
  extension(m, NID_key_usage, enciphers ? "critical,digitalSignature,keyEncipherment" : kinds[kind].usage);
  if (kinds[kind].extended) extension(m, NID_ext_key_usage, kinds[kind].extended);
  extension(m, NID_subject_key_identifier, "hash");
  extension(m, NID_authority_key_identifier, "keyid:always");
  return add_hosts(m->own, &m->plan, e);
}

/* ---- faults ---- */

static void make_expired(struct certificate_plan *p) {
  int64_t length = p->until - p->from;
  p->until = p->from - DAY_MS;
  p->from = p->until - length;
}

static void make_not_yet(struct certificate_plan *p) {
  int64_t length = p->until - p->from;
  p->from = p->until + DAY_MS;
  p->until = p->from + length;
}

static void make_wrong_name(struct certificate_plan *p) {
  static const struct str other = STR_INIT(OTHER_HOST);
  p->names = &other;
  p->names_n = 1;
}

static void make_weak_key(struct certificate_plan *p) {
  p->key = CERTIFICATE_RSA_1024;
}

static void plan_fault(struct certificate_plan *p) {
  static void (*const faults[CERTIFICATE_FAULTS_N])(struct certificate_plan *) = {
      [CERTIFICATE_FAULT_EXPIRED] = make_expired,
      [CERTIFICATE_FAULT_NOT_YET] = make_not_yet,
      [CERTIFICATE_FAULT_NAME] = make_wrong_name,
      [CERTIFICATE_FAULT_KEY] = make_weak_key,
  };
  if (faults[p->fault]) faults[p->fault](p);
}

/* ---- issuers ---- */

static int issuer_open(struct making *m, struct error *e) {
  const struct certificate_pair *by = m->plan.issuer;
  STACK_OF(X509) * all;
  if (!by) {
    X509_up_ref(m->own);
    EVP_PKEY_up_ref(m->key);
    m->issuer = m->own;
    m->issuer_key = m->key;
    return 0;
  }
  if (pem_certificates(&all, by->certificate, "the certificate of the authority cannot be read (is it PEM?)", e))
    return -1;
  m->issuer = sk_X509_shift(all);
  sk_X509_pop_free(all, X509_free);
  if (pem_private_key(&m->issuer_key, by->key, NULL, e)) return -1;
  if (X509_check_private_key(m->issuer, m->issuer_key) == 1) return 0;
  ERR_clear_error();
  return error_set(e, ERR_CONFIG, "the key of the authority does not belong to its certificate");
}

/* Another authority of the same name: only its key tells them apart. */
static void issuer_forge(struct making *m) {
  X509 *forged = X509_dup(m->issuer);
  EVP_PKEY *key = key_new(CERTIFICATE_EC_P256);
  if (!forged || X509_set_pubkey(forged, key) != 1) BUG("out of memory: a certificate");
  int at = X509_get_ext_by_NID(forged, NID_subject_key_identifier, -1);
  if (at >= 0) X509_EXTENSION_free(X509_delete_ext(forged, at));
  X509V3_CTX ctx;
  X509V3_set_ctx(&ctx, forged, forged, NULL, NULL, 0);
  X509_EXTENSION *ext = X509V3_EXT_conf_nid(NULL, &ctx, NID_subject_key_identifier, "hash");
  X509_add_ext(forged, ext, -1);
  X509_EXTENSION_free(ext);
  X509_free(m->issuer);
  EVP_PKEY_free(m->issuer_key);
  m->issuer = forged;
  m->issuer_key = key;
}

/* ---- making ---- */

static int fill(struct making *m, struct error *e) {
  X509 *x = m->own;
  const struct certificate_plan *p = &m->plan;
  X509_set_version(x, X509_VERSION);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(x), p->serial);
  ASN1_TIME_set(X509_getm_notBefore(x), (time_t)(p->from / MILLISECONDS));
  ASN1_TIME_set(X509_getm_notAfter(x), (time_t)(p->until / MILLISECONDS));
  X509_set_pubkey(x, m->key);
  if (name_subject(x, p, e) || issuer_open(m, e)) return -1;
  if (p->fault == CERTIFICATE_FAULT_AUTHORITY && p->issuer) issuer_forge(m);
  X509_set_issuer_name(x, X509_get_subject_name(m->issuer));
  if (add_extensions(m, e)) return -1;
  const EVP_MD *digest = EVP_PKEY_get_base_id(m->issuer_key) == EVP_PKEY_ED25519 ? NULL : EVP_sha256();
  return X509_sign(x, m->issuer_key, digest) > 0 ? 0 : crypto_error(e, "the authority cannot sign the certificate");
}

static void write_pair(struct certificate_pair *out, struct arena *a, const struct making *m) {
  BIO *own = certificate_memory(), *key = certificate_memory();
  if (PEM_write_bio_X509(own, m->own) != 1 || PEM_write_bio_PrivateKey(key, m->key, NULL, NULL, 0, NULL, NULL) != 1)
    BUG("out of memory: a certificate");
  out->certificate = certificate_taken(a, own);
  out->key = certificate_taken(a, key);
}

int certificate_make(struct certificate_pair *out, struct arena *a, const struct certificate_plan *plan,
                     struct error *e) {
  struct making m = {.plan = *plan, .own = X509_new()};
  if (!m.own) BUG("out of memory: a certificate");
  plan_fault(&m.plan);
  m.key = key_new(m.plan.key);
  int rc = fill(&m, e);
  if (rc == 0) write_pair(out, a, &m);
  X509_free(m.own);
  X509_free(m.issuer);
  EVP_PKEY_free(m.key);
  EVP_PKEY_free(m.issuer_key);
  ERR_clear_error();
  return rc;
}
